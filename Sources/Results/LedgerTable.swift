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

    private static func column(_ entry: LedgerEntry) -> String { "\(entry.rawValue) (molecules)" }

    static func header(_ ledgers: [Ledger]) -> String {
        let entries = ledgers.first?.entries ?? LedgerEntry.ofTissue
        return CSVTable.line(
            [SeriesTable.timeHeader, "molecule"] + entries.map(column)
                + ["imbalance (molecules)", "relative imbalance (1)"])
    }

    static func line(_ ledger: Ledger, at time: Double) -> String {
        let amounts = ledger.entries.map { ledger[$0] } + [ledger.imbalance, ledger.relativeImbalance]
        return CSVTable.line(
            [CSVTable.number(time / SeriesTable.secondsInHour), ledger.molecule] + amounts.map(CSVTable.number))
    }

    /// Reads the text of `ledger.csv`.
    init(_ text: String, path: String) throws(FileProblem) {
        rows = []
        let lines = CSVTable.rows(text)
        let entries = (lines.first ?? []).compactMap { title in
            LedgerEntry.allCases.first { LedgerTable.column($0) == title }
        }
        for (number, fields) in lines.dropFirst().enumerated() {
            guard fields.count == entries.count + 4, let time = Double(fields[0]) else {
                throw FileProblem(
                    path: "\(path):\(number + 2)", problem: "this line is not a ledger of \(entries.count) entries",
                    fix: "use the ledger.csv that the run wrote")
            }
            var ledger = Ledger(molecule: fields[1], entries: entries)
            for (entry, text) in zip(entries, fields.dropFirst(2)) { ledger[entry] = Double(text) ?? .nan }
            rows.append(Row(time: time * SeriesTable.secondsInHour, ledger: ledger))
        }
    }
}
