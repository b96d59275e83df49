public import Biology
public import Results
import Simulation

/// Runs side by side: what each came to, and what differs between their models.
///
/// The first run is what the others are compared with.
public struct RunComparison: Sendable, Codable {
    public struct Run: Sendable, Codable {
        /// "A", "B", ...
        public var letter: String
        /// The folder's name without its ending.
        public var name: String
        public var path: String
        public var model: String
        public var modelHash: String
        public var seed: UInt64
        public var outcome: String
        public var simulatedSeconds: Double
        public var programVersion: String
        /// Those behind its bands; 1 where it was made once.
        public var replicates: Int
    }

    public enum Kind: String, Sendable, Codable {
        /// The last value of a time course; of replicates, their mean.
        case atTheEnd = "at the end"
        /// An entry of a ledger at the end.
        case ledger
        /// What a line of `expect:` measured.
        case expectation
        /// Captured by a receiver from a sender over the whole run.
        case communication
    }

    /// One number of every run, in their order.
    public struct Row: Sendable, Codable {
        public var kind: Kind
        public var name: String
        public var unit: String
        /// `nil` where a run has none.
        public var values: [Double?]
        /// Whether it holds, for expectations; `nil` where a run does not have it.
        public var passed: [Bool?]?

        /// A run's value minus the first's.
        public func difference(_ run: Int) -> Double? { values[0].flatMap { first in values[run].map { $0 - first } } }

        /// A run's value over the first's; `nil` where that is 0.
        public func ratio(_ run: Int) -> Double? {
            values[0].flatMap { first in first == 0 ? nil : values[run].map { $0 / first } }
        }
    }

    public private(set) var runs: [Run] = []
    /// What differs from the first run's model, for each of the other runs.
    public private(set) var models: [ModelDifferences] = []
    public private(set) var rows: [Row] = []
    /// Such as that the runs do not end at one time.
    public private(set) var notes: [String] = []

    /// Chosen: as many as there are colours that stay apart.
    public static var mostRuns: Int { Colour.categories.count }

    /// Reads what runs left behind; `models` are theirs.
    ///
    /// - Precondition: from two to ``mostRuns`` folders, and a model for each.
    public init(_ folders: [RunFolder], models: [Model], replicates: [Int]) throws {
        precondition((2...RunComparison.mostRuns).contains(folders.count) && models.count == folders.count)
        self.models = models.dropFirst().map { ModelDifferences(models[0], $0) }
        for (index, folder) in folders.enumerated() {
            let manifest = try ResultReader(folder).manifest
            let ending = ".paracrine-run"
            runs.append(
                Run(
                    letter: RunComparison.letter(index),
                    name: folder.name.hasSuffix(ending) ? String(folder.name.dropLast(ending.count)) : folder.name,
                    path: folder.path, model: manifest.modelName, modelHash: manifest.modelHash, seed: manifest.seed,
                    outcome: manifest.outcome.rawValue, simulatedSeconds: manifest.simulatedSeconds,
                    programVersion: manifest.programVersion, replicates: replicates[index]))
            try add(folder, index, of: folders.count)
        }
        if Set(runs.map(\.simulatedSeconds)).count > 1 {
            let ends = runs.map { "\($0.letter) \(Words.duration($0.simulatedSeconds))" }
            notes.append("The runs end at different times (\(Words.list(ends, "and"))): so do their last values.")
        }
        for run in runs where run.outcome != RunManifest.Outcome.finished.rawValue {
            notes.append("\(run.letter) (\(run.name)) is not finished: \(run.outcome).")
        }
        if runs.contains(where: { $0.replicates > 1 }) {
            notes.append(
                "Of replicates the time courses and their last values are means; ledgers, expectations and communication are "
                    + "those of the first replicate.")
        }
        if let seed = runs.first?.seed, runs.contains(where: { $0.seed != seed }) {
            notes.append("The runs have different seeds: some of what differs is chance.")
        }
        rows.sort { RunComparison.rank($0.kind) < RunComparison.rank($1.kind) }
    }

    static func letter(_ index: Int) -> String { String(UnicodeScalar(UInt8(0x41 + index % 26))) }

    private static func rank(_ kind: Kind) -> Int {
        [.atTheEnd, .ledger, .expectation, .communication].firstIndex(of: kind) ?? 4
    }

    // MARK: - Reading

    private mutating func add(_ folder: RunFolder, _ run: Int, of count: Int) throws {
        let reader = try ResultReader(folder)
        let bands = try reader.bands()
        for column in try reader.series().columns {
            // Of replicates their mean, as the curves are.
            let mean = bands?.columns.first { $0.name == column.name && $0.unit == column.unit }?.mean
            put(.atTheEnd, column.name, column.unit, (mean ?? column.values).last(where: \.isFinite), run, count)
        }
        for ledger in try reader.ledger().last {
            for entry in ledger.entries {
                put(.ledger, "\(ledger.molecule): \(entry.rawValue)", "molecules", ledger[entry], run, count)
            }
        }
        for line in try folder.expectations() {
            let row = put(.expectation, line.text, line.unit, line.value, run, count)
            rows[row].passed = rows[row].passed ?? Array(repeating: nil, count: count)
            rows[row].passed?[run] = line.passed
        }
        var captured: [(name: String, amount: Double)] = []
        for row in try reader.communication() {
            let name = "\(row.molecule): \(row.sender) → \(row.receiver)"
            if let known = captured.firstIndex(where: { $0.name == name }) {
                captured[known].amount += row.captured
            } else {
                captured.append((name, row.captured))
            }
        }
        for pair in captured { put(.communication, pair.name, "molecules", pair.amount, run, count) }
    }

    /// Puts a run's number into the row of its name, and makes that row where there is none.
    @discardableResult
    private mutating func put(
        _ kind: Kind, _ name: String, _ unit: String, _ value: Double?, _ run: Int, _ count: Int
    ) -> Int {
        var index = rows.firstIndex { $0.kind == kind && $0.name == name && $0.unit == unit }
        if index == nil {
            rows.append(Row(kind: kind, name: name, unit: unit, values: Array(repeating: nil, count: count)))
            index = rows.count - 1
        }
        let row = index ?? 0
        rows[row].values[run] = value
        return row
    }

    // MARK: - The file

    /// One line a number and run.
    var csv: String {
        var text = CSVTable.line(["kind", "name", "unit", "run", "value", "difference from A", "ratio to A", "holds"])
        func number(_ value: Double?) -> String { value.map(CSVTable.number) ?? "" }
        for row in rows {
            for (index, run) in runs.enumerated() {
                let holds = row.passed.flatMap { $0[index] }.map { $0 ? "yes" : "no" }
                text += CSVTable.line([
                    row.kind.rawValue, row.name, row.unit, "\(run.letter) \(run.name)", number(row.values[index]),
                    number(row.difference(index)), number(row.ratio(index)), holds ?? "",
                ])
            }
        }
        return text
    }
}
