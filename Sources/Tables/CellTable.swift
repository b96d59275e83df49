public import Biology
import Foundation
import HDF5
public import Simulation

/// The cells of someone else's table, and the rows that could not be used.
public struct CellTable: Sendable {
    /// Positions are µm from the box's corner.
    public var cells: TableCells
    /// As the table has them, where the model names a column of identifiers.
    public var ids: [String]?
    /// Rows left out, in reading order; of very many, the first ``mostProblems``.
    public var problems: [RowProblem]
    /// Rows left out in all.
    public var problemCount: Int
    /// What was read in place of columns the table has not, one sentence each.
    public var substitutes: [String] = []

    /// Chosen: enough to find a pattern in, few enough to keep.
    public static let mostProblems = 1000

    /// Reads a CSV file, packed by gzip or not, or an AnnData file; its first bytes say which.
    ///
    /// A row whose position, label, identifier or marker is missing or no number is left out and listed, never taken
    /// as zero. Labels are kept as they are: ``CellPlacement`` gives them types. `columnsNeeded` are markers.
    ///
    /// - Throws: ``TableError`` where the file is not such a table or has not the columns the model names.
    public static func read(
        path: String, placement: TablePlacement, columnsNeeded: Set<String>
    ) throws(TableError) -> CellTable {
        if let columns = placement.positionColumns, !(2...3).contains(columns.count) {
            throw TableError(
                path: path, problem: "\(columns.count) position columns are named", fix: "name two or three: x, y and z"
            )
        }
        let source = try ByteSource(path)
        if source.isHDF5 { return try AnnData(path).read(placement, columnsNeeded.sorted()) }
        return try CSVTable(source, path, placement, columnsNeeded.sorted()).read()
    }

    /// Reads every table a model places cells from, in its order, with the markers its receptors come from.
    ///
    /// - Parameters:
    ///   - model: Its tables' paths are relative to `folder`, or absolute.
    ///   - folder: Where the model file is.
    /// - Returns: One table for each table placement.
    /// - Throws: ``TableError`` of the first table that cannot be read.
    public static func readAll(for model: Model, folder: String) throws(TableError) -> [CellTable] {
        var tables: [CellTable] = []
        for placement in model.placements {
            guard case .table(let plan) = placement.pattern else { continue }
            let path = plan.path.hasPrefix("/") ? plan.path : folder.isEmpty ? plan.path : "\(folder)/\(plan.path)"
            tables.append(try read(path: path, placement: plan, columnsNeeded: markers(of: plan, in: model)))
        }
        return tables
    }

    /// The columns that receptor numbers of the types in this table come from.
    public static func markers(of plan: TablePlacement, in model: Model) -> Set<String> {
        let types = Set(plan.labels.values.joined().map(\.cellType))
        var columns: Set<String> = []
        for type in model.cellTypes where types.contains(type.name) {
            for case .column(let column, _) in type.receptors.values { columns.insert(column) }
        }
        return columns
    }

    /// What stands in for absent columns, and what was left out: one sentence a row and at most twenty.
    public var notes: [String] {
        let shown = substitutes + problems.prefix(20).map { "\(cells.path):\($0.line): left out: \($0.what)" }
        let hidden = problemCount - min(problems.count, 20)
        return hidden > 0 ? shown + ["\(cells.path): \(hidden) more rows are left out"] : shown
    }
}

/// Gathers the good rows of a table and lists the bad.
struct CellTableBuilder {
    private var cells: TableCells
    private var ids: [String]?
    private var problems: [RowProblem] = []
    private var problemCount = 0
    private var labelIndex: [String: Int] = [:]
    private var firstLine: [String: Int] = [:]
    private let placement: TablePlacement
    private let markers: [String]

    init(_ path: String, lineWord: String, _ placement: TablePlacement, markers: [String], is3D: Bool) {
        cells = TableCells(path: path, lineWord: lineWord)
        if is3D { cells.z = [] }
        ids = placement.idColumn == nil ? nil : []
        for marker in markers { cells.markers[marker] = [] }
        self.placement = placement
        self.markers = markers
    }

    var count: Int { cells.x.count }
    var path: String { cells.path }

    mutating func leaveOut(_ line: Int, _ what: String) {
        problemCount += 1
        if problems.count < CellTable.mostProblems { problems.append(RowProblem(line: line, what: what)) }
    }

    /// Adds a row; `position` is in the table's own unit and has two or three numbers.
    mutating func add(line: Int, id: String?, position: [Double], label: String, brightness: [Double])
        throws(TableError)
    {
        if let id {
            if let earlier = firstLine[id] {
                leaveOut(line, "id '\(excerpt(id))' is also on \(cells.lineWord) \(earlier)")
                return
            }
            firstLine[id] = line
            ids?.append(id)
        }
        guard count < CellPlacement.largestCellCount else {
            throw TableError(
                path: path, line: line, problem: "the table has more than \(CellPlacement.largestCellCount) cells",
                fix: "cut out the part you need")
        }
        cells.x.append(inBox(position, 0))
        cells.y.append(inBox(position, 1))
        let depth = position.count == 3 ? inBox(position, 2) : 0
        cells.z?.append(depth)
        cells.lines.append(line)
        let index = labelIndex[label] ?? cells.labelNames.count
        if index == cells.labelNames.count {
            labelIndex[label] = index
            cells.labelNames.append(label)
        }
        cells.labels.append(index)
        for (marker, value) in zip(markers, brightness) { cells.markers[marker]?.append(value) }
    }

    private func inBox(_ position: [Double], _ axis: Int) -> Double {
        let origin = axis < placement.origin.count ? placement.origin[axis].value : 0
        return position[axis] * placement.unitLength.value - origin
    }

    /// Whether a label stands for nothing, unless the model maps it.
    func isMissing(label: String) -> Bool { TableText.missing.contains(label) && placement.labels[label] == nil }

    /// - Throws: ``TableError`` where no row was good.
    func finish() throws(TableError) -> CellTable {
        guard count > 0 else {
            let example = problems.first.map { "; the first, \(cells.lineWord) \($0.line), \($0.what)" } ?? ""
            throw TableError(
                path: path, problem: "the table has no row that can be used\(example)",
                fix: "check the column names, the separator and the decimal mark")
        }
        return CellTable(cells: cells, ids: ids, problems: problems, problemCount: problemCount)
    }
}
