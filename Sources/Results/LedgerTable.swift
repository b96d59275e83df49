import Biology
public import Simulation

/// The ledgers of a run, as `ledger.csv` holds them: one row a molecule and time, molecules.
public struct LedgerTable: Sendable {
    public var rows: [Row]

    public struct Row: Sendable {
        /// Seconds since the start.
        public var time: Double
        public var ledger: Ledger
    }

    /// The ledgers at the last time, one a molecule, in the model's order.
    public var last: [Ledger] {
        guard let time = rows.last?.time else { return [] }
        return rows.reversed().prefix { $0.time == time }.reversed().map(\.ledger)
    }

    static let fileName = "ledger.csv"

    static let header = CSVTable.line(
        [SeriesTable.timeHeader, "molecule"] + LedgerEntry.allCases.map { "\($0.rawValue) (molecules)" }
            + ["imbalance (molecules)", "relative imbalance (1)"])

    static func line(_ ledger: Ledger, at time: Double) -> String {
        let amounts = LedgerEntry.allCases.map { ledger[$0] } + [ledger.imbalance, ledger.relativeImbalance]
        return CSVTable.line(
            [CSVTable.number(time / SeriesTable.secondsInHour), ledger.molecule] + amounts.map(CSVTable.number))
    }

    /// Reads the text of `ledger.csv`.
    init(_ text: String, path: String) throws(FileProblem) {
        rows = []
        let entries = LedgerEntry.allCases
        for (number, fields) in CSVTable.rows(text).dropFirst().enumerated() {
            guard fields.count == entries.count + 4, let time = Double(fields[0]) else {
                throw FileProblem(
                    path: "\(path):\(number + 2)", problem: "this line is not a ledger of \(entries.count) entries",
                    fix: "use the ledger.csv that the run wrote")
            }
            var ledger = Ledger(molecule: fields[1])
            for (entry, text) in zip(entries, fields.dropFirst(2)) { ledger[entry] = Double(text) ?? .nan }
            rows.append(Row(time: time * SeriesTable.secondsInHour, ledger: ledger))
        }
    }
}
