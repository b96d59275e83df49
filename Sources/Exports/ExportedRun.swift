import Biology
import Results
import Simulation

/// The run that is exported: its folder, and the model that ran.
struct ExportedRun: Sendable {
    let reader: ResultReader
    let model: Model

    /// The run folder's name without its ending.
    var stem: String {
        let name = reader.folder.name
        let ending = ".paracrine-run"
        return name.hasSuffix(ending) && name != ending ? String(name.dropLast(ending.count)) : name
    }

    // MARK: - Cells

    /// Cell types as who signalled to whom names them: each in each tissue where there are several.
    var cellNames: [(type: String, tissue: String?)] {
        model.tissues.flatMap { tissue in model.cellTypes.map { ($0.name, tissue.name) } }
    }

    /// The files with cells that were recorded at the times asked for, with their numbers.
    func cellFiles(_ times: ExportTimes) throws -> [(number: Int, file: String)] {
        let files = reader.cellFiles
        guard let last = files.indices.last else {
            throw ExportProblem(
                "this run recorded no cells", fix: "add 'cells: {every: 10 min, columns: [...]}' under 'record:'")
        }
        switch times {
        case .every: return files.enumerated().map { ($0.offset, $0.element) }
        case .last: return [(last, files[last])]
        case .at(let time):
            let recorded = try files.map { try reader.time(of: $0) }
            guard let index = ExportedRun.index(of: time, in: recorded) else {
                throw ExportedRun.unrecorded("cells", time, recorded)
            }
            return [(index, files[index])]
        }
    }

    // MARK: - Fields

    /// The fields of the times asked for, file by file in order of time; of the last, each molecule's own.
    func visitFields(_ times: ExportTimes, _ visit: ([RecordedField]) throws -> Void) throws {
        guard !reader.fieldFiles.isEmpty else { throw ExportedRun.noFields }
        switch times {
        case .last: try visit(reader.lastFields())
        case .every: for file in reader.fieldFiles { try visit(reader.fields(file)) }
        case .at(let time):
            let recorded = try reader.fieldFiles.map { try reader.time(of: $0) }
            guard let index = ExportedRun.index(of: time, in: recorded) else {
                throw ExportedRun.unrecorded("fields", time, recorded)
            }
            // Molecules recorded on schedules of their own stand in files of their own.
            for file in reader.fieldFiles.indices where ExportedRun.isSame(recorded[file], recorded[index]) {
                try visit(reader.fields(reader.fieldFiles[file]))
            }
        }
    }

    static let noFields = ExportProblem(
        "this run recorded no field", fix: "add 'fields: {MOLECULE: every 10 min}' under 'record:'")

    // MARK: - Times

    /// Times are alike to a millionth: "0.1 h" and its recorded multiple differ by rounding.
    static func isSame(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-6 * max(1, abs(a), abs(b)) }

    static func index(of time: Double, in recorded: [Double]) -> Int? { recorded.firstIndex { isSame($0, time) } }

    static func unrecorded(_ what: String, _ time: Double, _ recorded: [Double]) -> ExportProblem {
        let near = recorded.sorted { (abs($0 - time), $0) < (abs($1 - time), $1) }.prefix(3).sorted()
        let words = near.map { QuantityText.describe($0, .time) }.joined(separator: ", ")
        return ExportProblem(
            "no \(what) were recorded at \(QuantityText.describe(time, .time))",
            fix: "give a recorded time with --at; the nearest are \(words)")
    }
}
