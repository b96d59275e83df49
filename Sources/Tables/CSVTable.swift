import Biology

/// Reads cells from the rows of a CSV file.
struct CSVTable {
    private var rows: CSVReader
    private let path: String
    private let placement: TablePlacement
    private let markers: [String]
    private var builder: CellTableBuilder
    private let columnCount: Int
    private let columns: Columns
    /// The mark before a fraction and the line that showed it, once one did.
    private var decimalMark: (mark: Character, line: Int)?

    /// Where the columns stand that the model names.
    private struct Columns {
        var position: [Int]
        var label: Int
        var id: Int?
        var markers: [Int]
    }

    init(_ source: ByteSource, _ path: String, _ placement: TablePlacement, _ markers: [String]) throws(TableError) {
        rows = try CSVReader(source)
        self.path = path
        self.placement = placement
        self.markers = markers
        guard let header = try rows.next() else {
            throw TableError(path: path, problem: "the file is empty", fix: "give a table with a header line")
        }
        guard header.problem == nil else {
            throw TableError(
                path: path, line: 1, problem: "the header \(header.problem ?? "")",
                fix: "check that this is a CSV file; save it again as 'CSV UTF-8'")
        }
        let names = header.ends.indices.map { header.text($0) ?? "�" }
        columnCount = names.count
        guard let positions = placement.positionColumns else {
            throw TableError(
                path: path, line: 1, problem: "the model does not name the columns of the positions",
                fix: "name them, such as 'x: x_um' and 'y: y_um'")
        }
        var places: [String: [Int]] = [:]
        for (index, name) in names.enumerated() { places[name, default: []].append(index) }
        func place(_ name: String) throws(TableError) -> Int {
            guard let found = places[name] else { throw missingColumn(name, among: names, path, line: 1) }
            guard found.count == 1 else {
                throw TableError(
                    path: path, line: 1, problem: "there are \(found.count) columns '\(excerpt(name))'",
                    fix: "rename all but one")
            }
            return found[0]
        }
        columns = Columns(
            position: try positions.map { name throws(TableError) in try place(name) },
            label: try place(placement.typeColumn),
            id: try placement.idColumn.map { name throws(TableError) in try place(name) },
            markers: try markers.map { name throws(TableError) in try place(name) })
        builder = CellTableBuilder(path, lineWord: "line", placement, markers: markers, is3D: positions.count == 3)
    }

    consuming func read() throws(TableError) -> CellTable {
        var table = self
        // Blank lines at the end are no rows.
        var blank: [Int] = []
        while let row = try table.rows.next() {
            if row.isBlank, table.columnCount > 1 {
                if blank.count < CellTable.mostProblems { blank.append(row.line) }
                continue
            }
            for line in blank { table.builder.leaveOut(line, "is blank") }
            blank = []
            try table.take(row)
        }
        return try table.builder.finish()
    }

    private mutating func take(_ row: CSVRow) throws(TableError) {
        if let problem = row.problem { return builder.leaveOut(row.line, problem) }
        guard row.ends.count == columnCount else {
            return builder.leaveOut(row.line, "has \(row.ends.count) fields where the header has \(columnCount)")
        }
        var problem: String?
        let position = columns.position.enumerated().map {
            number(row, $1, placement.positionColumns?[$0] ?? "", &problem)
        }
        let label = text(row, columns.label, placement.typeColumn, &problem)
        let id = columns.id.map { text(row, $0, placement.idColumn ?? "", &problem) }
        let brightness = zip(columns.markers, markers).map { number(row, $0, $1, &problem) }
        if problem == nil, builder.isMissing(label: label) {
            problem = "'\(excerpt(placement.typeColumn))' is \(label.isEmpty ? "blank" : "'\(label)'")"
        }
        if problem == nil, let id, TableText.missing.contains(id) {
            problem = "'\(excerpt(placement.idColumn ?? ""))' is \(id.isEmpty ? "blank" : "'\(id)'")"
        }
        if let problem { return builder.leaveOut(row.line, problem) }
        try builder.add(line: row.line, id: id, position: position, label: label, brightness: brightness)
    }

    /// A number, or 0 with the first problem said.
    private mutating func number(_ row: CSVRow, _ field: Int, _ column: String, _ problem: inout String?) -> Double {
        let text = text(row, field, column, &problem)
        guard problem == nil else { return 0 }
        switch TableText.number(text, decimalMark: mark(of: text, row.line)) {
        case .value(let value): return value
        case .problem(let what):
            let other = decimalMark.map { text.contains($0.mark == "," ? "." : ",") ? $0 : nil } ?? nil
            let clue = other.map { " (line \($0.line) has '\($0.mark)' before the fraction)" } ?? ""
            problem = "'\(excerpt(column))' \(what)\(clue)"
            return 0
        }
    }

    /// The decimal mark: the one seen first, where commas do not separate columns.
    private mutating func mark(of text: String, _ line: Int) -> Character {
        guard rows.separator != UInt8(ascii: ",") else { return "." }
        if let known = decimalMark { return known.mark }
        guard let mark = text.first(where: { $0 == "," || $0 == "." }) else { return "." }
        if case .value = TableText.number(text, decimalMark: mark) { decimalMark = (mark, line) }
        return mark
    }

    private func text(_ row: CSVRow, _ field: Int, _ column: String, _ problem: inout String?) -> String {
        if let text = row.text(field) { return text }
        problem = problem ?? "'\(excerpt(column))' is not UTF-8"
        return ""
    }
}
