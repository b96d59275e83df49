import Biology
import Foundation
import Results
import Simulation

/// What `run --json` prints: where everything is and how the run came out.
struct RunSummary: Codable {
    var model: String
    var outcome: String
    var simulatedSeconds: Double
    var cells: Int
    var folder: String
    var report: String
    var notes: [String]
    var expectations: [ExpectationResult]
    var ledgers: [LedgerSummary]
    /// Where there are several.
    var replicates: ReplicateSummary?

    struct LedgerSummary: Codable {
        var molecule: String
        /// Molecules by entry.
        var entries: [String: Double]
        var imbalance: Double
        var relativeImbalance: Double
    }

    init(_ ending: Run.Ending, _ folder: RunFolder, _ session: RunSession) throws {
        model = session.model.name
        outcome = ending.wasStopped ? "stopped" : "finished"
        simulatedSeconds = ending.time
        cells = session.cells.count
        self.folder = folder.path
        report = folder.file("report.html")
        notes = session.notes
        expectations = ending.expectations.map { RunSession.result($0) }
        ledgers = try ResultReader(folder).ledger().last.map { ledger in
            LedgerSummary(
                molecule: ledger.molecule,
                entries: Dictionary(uniqueKeysWithValues: ledger.entries.map { ($0.rawValue, ledger[$0]) }),
                imbalance: ledger.imbalance, relativeImbalance: ledger.relativeImbalance)
        }
    }

    var json: String {
        get throws { try JSONText.encode(self) }
    }

    /// The ledger at the end, a line a molecule.
    static func ledgerLines(_ folder: RunFolder) throws -> [String] {
        try ResultReader(folder).ledger().last.map { ledger in
            let entries = ledger.entries.filter { ledger[$0] != 0 }.map {
                "\($0.rawValue) \(Console.number(ledger[$0]))"
            }
            return "\(ledger.molecule), molecules: \(entries.joined(separator: ", ")); "
                + "out of balance by \(Console.number(ledger.relativeImbalance)) of what was handled"
        }
    }
}

/// JSON as every command prints it: indented, keys sorted.
enum JSONText {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
