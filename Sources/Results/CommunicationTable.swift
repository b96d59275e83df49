public import Simulation

/// Who signalled to whom, as `communication.csv`, `secretion.csv`, `communication-cells.csv` and `induction.csv` hold it: one row an
/// interval, molecule, sender and receiver; molecules.
enum CommunicationTable {
    static let fileName = "communication.csv"
    static let secretionFileName = "secretion.csv"
    static let cellsFileName = "communication-cells.csv"

    static let inductionFileName = "induction.csv"
    static let fileNames = [fileName, secretionFileName, cellsFileName, inductionFileName]

    private static let times = ["start (h)", "end (h)"]
    static let header = CSVTable.line(
        times + ["molecule", "sender", "receiver", "route", "receptor", "captured (molecules)", "bound (molecules)"])
    static let secretionHeader = CSVTable.line(times + ["molecule", "sender", "secreted (molecules)"])
    static let cellsHeader = CSVTable.line(
        times + ["molecule", "sender", "receiver", "receiver id", "captured (molecules)"])

    static let inductionHeader = CSVTable.line(
        times + ["rule", "cell type", "molecule", "induced (molecules)", "driven cells"])

    private static func interval(_ start: Double, _ end: Double) -> [String] {
        [start, end].map { CSVTable.number($0 / SeriesTable.secondsInHour) }
    }

    static func line(_ row: CommunicationRow) -> String {
        CSVTable.line(
            interval(row.start, row.end)
                + [row.molecule, row.sender, row.receiver, row.route.rawValue, row.receptor]
                + [row.captured, row.bound].map(CSVTable.number))
    }

    static func line(_ row: SecretionRow) -> String {
        CSVTable.line(interval(row.start, row.end) + [row.molecule, row.sender, CSVTable.number(row.secreted)])
    }

    static func line(_ row: CellCaptureRow) -> String {
        CSVTable.line(
            interval(row.start, row.end)
                + [row.molecule, row.sender, row.receiver, "\(row.receiverID)", CSVTable.number(row.captured)])
    }

    /// Rules are counted from 1, as people do.
    static func line(_ row: InductionRow) -> String {
        CSVTable.line(
            interval(row.start, row.end)
                + ["\(row.rule + 1)", row.cellType, row.molecule, CSVTable.number(row.induced), "\(row.drivenCells)"])
    }

    // MARK: - Reading

    static func inductions(_ text: String, path: String) throws(FileProblem) -> [InductionRow] {
        try read(text, path: path, columns: 7) { fields, start, end in
            guard let rule = Int(fields[2]), rule > 0, let induced = Double(fields[5]), let cells = Int(fields[6])
            else { return nil }
            return InductionRow(
                start: start, end: end, rule: rule - 1, cellType: fields[3], molecule: fields[4], induced: induced,
                drivenCells: cells)
        }
    }

    static func rows(_ text: String, path: String) throws(FileProblem) -> [CommunicationRow] {
        try read(text, path: path, columns: 9) { fields, start, end in
            guard let route = CommunicationRow.Route(rawValue: fields[5]), let captured = Double(fields[7]),
                let bound = Double(fields[8])
            else { return nil }
            return CommunicationRow(
                start: start, end: end, molecule: fields[2], sender: fields[3], receiver: fields[4], route: route,
                receptor: fields[6], captured: captured, bound: bound)
        }
    }

    static func secretion(_ text: String, path: String) throws(FileProblem) -> [SecretionRow] {
        try read(text, path: path, columns: 5) { fields, start, end in
            Double(fields[4]).map {
                SecretionRow(start: start, end: end, molecule: fields[2], sender: fields[3], secreted: $0)
            }
        }
    }

    static func cells(_ text: String, path: String) throws(FileProblem) -> [CellCaptureRow] {
        try read(text, path: path, columns: 7) { fields, start, end in
            guard let id = Int(fields[5]), let captured = Double(fields[6]) else { return nil }
            return CellCaptureRow(
                start: start, end: end, molecule: fields[2], sender: fields[3], receiver: fields[4], receiverID: id,
                captured: captured)
        }
    }

    private static func read<Row>(
        _ text: String, path: String, columns: Int, _ row: ([String], Double, Double) -> Row?
    ) throws(FileProblem) -> [Row] {
        var rows: [Row] = []
        for (number, fields) in CSVTable.rows(text).dropFirst().enumerated() {
            guard fields.count == columns, let start = Double(fields[0]), let end = Double(fields[1]),
                let found = row(fields, start * SeriesTable.secondsInHour, end * SeriesTable.secondsInHour)
            else {
                throw FileProblem(
                    path: "\(path):\(number + 2)",
                    problem: "this line is not one of \(columns) columns as they should be",
                    fix: "use the file that the run wrote")
            }
            rows.append(found)
        }
        return rows
    }
}

extension ResultReader {
    /// Who signalled to whom, interval by interval; none if the model did not record it.
    public func communication() throws(FileProblem) -> [CommunicationRow] {
        try CommunicationTable.rows(text(CommunicationTable.fileName), path: folder.file(CommunicationTable.fileName))
    }

    /// What every sender secreted, interval by interval.
    public func secretion() throws(FileProblem) -> [SecretionRow] {
        let name = CommunicationTable.secretionFileName
        return try CommunicationTable.secretion(text(name), path: folder.file(name))
    }

    /// Receivers cell by cell, where the model asks for them.
    public func cellCaptures() throws(FileProblem) -> [CellCaptureRow] {
        let name = CommunicationTable.cellsFileName
        return try CommunicationTable.cells(text(name), path: folder.file(name))
    }

    /// What each rule made cells secrete, interval by interval.
    public func inductions() throws(FileProblem) -> [InductionRow] {
        let name = CommunicationTable.inductionFileName
        return try CommunicationTable.inductions(text(name), path: folder.file(name))
    }

    private func text(_ name: String) throws(FileProblem) -> String {
        folder.contains(name) ? try folder.read(name) : ""
    }
}
