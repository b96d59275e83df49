import Biology
import Foundation
import ModelFiles
import Results
import Simulation
import Tables
import Tissue

/// A model run several times, each from a seed of its own: the first into a folder as any run, the others for their
/// time courses.
struct ReplicateRuns {
    struct Outcome {
        /// How the first ended.
        var first: Run.Ending
        var summary: ReplicateSummary
        /// Of another than the first.
        var failure: Stop?
    }

    private enum Ended: Sendable {
        case finished(SeriesTable, Run.Ending)
        /// Before its end, by the user.
        case stopped(Run.Ending)
        case failed(Stop)
    }

    /// Chosen: with the 30 columns of a usual series this is 1 GB.
    private static let mostRows = 4_000_000.0

    /// The run itself.
    let first: RunSession
    private let loaded: LoadedModel
    private let count: Int
    private let until: Double?
    private let tables: [CellTable]
    private let mixing: Mixing?

    /// `mixing` says how they run without space, `nil` with space.
    init(_ loaded: LoadedModel, count: Int, threads: Int, until: Double?, mixing: Mixing? = nil) throws {
        guard (1...10_000).contains(count) else {
            throw Stop(.usage, "--replicates: error: \(count) is not a number of runs\n  fix: give 1 to 10000")
        }
        let end = until ?? loaded.model.run.duration.value
        let rows = loaded.model.record.series.map { end / $0.value } ?? 200
        guard rows * Double(count) <= ReplicateRuns.mostRows else {
            throw Stop(
                .usage,
                "--replicates: error: \(count) runs with \(Int(rows)) rows of series each are too many to hold at once\n  fix: give fewer replicates, or a longer record.series"
            )
        }
        (self.loaded, self.count, self.until, self.mixing) = (loaded, count, until, mixing)
        tables = try loaded.readTables()
        // As Ensemble shares threads out.
        let each = max(1, threads / max(1, min(threads, count)))
        first = try RunSession(loaded, tables: tables, threads: each, mixing: mixing, isOneOfSeveral: true)
    }

    /// `continued`: the runs of that folder that go on, where they are no new ones; what came to its end is kept.
    func run(
        into folder: RunFolder, _ ensemble: Ensemble, options: [String: String],
        continuing continued: ContinuedRun? = nil
    ) throws -> Outcome {
        let (first, until, kept) = (first, until, KeptReplicates(folder, loaded.model))
        let ended = ensemble.each(count) { index, threads, shown in
            if continued != nil, let (series, ending) = kept.outcome(of: index) {
                return Ended.finished(series, ending)
            }
            do {
                let series = SeriesRecorder()
                let ending: Run.Ending
                switch (index, continued) {
                case (0, let continued?):
                    ending = try first.beginAgain(continued, until: until, beside: [series]) { shown($0.time / $0.end) }
                case (0, nil):
                    ending = try first.record(into: folder, until: until, options: options, beside: [series]) {
                        shown($0.time / $0.end)
                    }
                default: ending = try self.replicate(index, threads: threads, into: series, shown: shown)
                }
                if ending.wasStopped { return .stopped(ending) }
                if mixing == nil { try kept.keep(series.table, ending, of: index) }
                return .finished(series.table, ending)
            } catch {
                return .failed(Stop(error))
            }
        }
        return try outcome(ended, folder)
    }

    /// Says what they came to, and ends as they ended.
    func tell(_ outcome: Outcome, _ folder: RunFolder, asJSON: Bool) throws {
        if asJSON {
            var summary = try RunSummary(outcome.first, folder, first)
            summary.replicates = outcome.summary
            Console.answer(try summary.json)
        } else {
            first.tell(outcome.first, folder)
            outcome.summary.lines.forEach(Console.answer)
            if mixing == nil, outcome.summary.finished < count {
                Console.answer("Go on:   \(RunSession.howToGoOn(folder))")
            }
        }
        if Interruption.isRequested { throw Stop(.interrupted, "") }
        if let failure = outcome.failure { throw failure }
    }

    /// Runs one that is not the first, without its records.
    private func replicate(
        _ index: Int, threads: Int, into series: SeriesRecorder, shown: (Double) -> Void
    ) throws -> Run.Ending {
        let seeded = loaded.reseeded(RandomStream.seed(loaded.model.run.seed, replicate: index))
        var model = seeded.model
        model.record.fields = []
        model.record.communication = nil
        // Its columns are those of the series; the cells themselves are written for nobody.
        model.record.cells?.every = model.run.duration
        let cells = try seeded.place(tables, mixing).cells
        let engine = try RunEngine(model, cells: cells, mixing)
        return try engine.run(model, cells: cells, threads: threads, recorders: [series], until: until) { state in
            shown(state.time / state.end)
        }.ending
    }

    /// Writes what the replicates gave together, then the report.
    private func outcome(_ ended: [Ended?], _ folder: RunFolder) throws -> Outcome {
        var (series, endings, numbers): ([SeriesTable], [Run.Ending], [Int]) = ([], [], [])
        var (notes, failure): ([String], Stop?) = ([], nil)
        var begun: Run.Ending?
        for (index, replicate) in ended.enumerated() {
            switch replicate {
            case .finished(let table, let ending):
                series.append(table)
                endings.append(ending)
                numbers.append(index)
                if index == 0 { begun = ending }
            case .stopped(let ending): if index == 0 { begun = ending }
            case .failed(let stop):
                if index == 0 { throw stop }
                notes.append("replicate \(index + 1) failed: \(stop.message)")
                failure = failure ?? Stop(stop.code, "")
            case nil: break
            }
        }
        guard let begun else { throw Stop(.interrupted, "") }
        let seeds = numbers.map { RandomStream.seed(loaded.model.run.seed, replicate: $0) }
        let summary = ReplicateSummary(asked: count, seeds: seeds, endings: endings, notes: notes)
        if series.count == count { try CheckpointFolder(folder).removeReplicates(count) }
        if series.count > 1 { try folder.write(SeriesBands(series).csv, to: SeriesBands.fileName) }
        try folder.write(try JSONText.encode(summary) + "\n", to: "replicates.json")
        try first.report(folder)
        notes.forEach { Console.complain("note: \($0)") }
        return Outcome(first: begun, summary: summary, failure: failure)
    }
}

/// What replicates that came to their end gave, kept in the run folder until all have.
private struct KeptReplicates: Sendable {
    let folder: RunFolder
    let model: Model
    let hash: String

    init(_ folder: RunFolder, _ model: Model) {
        (self.folder, self.model) = (folder, model)
        hash = ModelDocument.hash(model)
    }

    func keep(_ series: SeriesTable, _ ending: Run.Ending, of index: Int) throws {
        let archive = StateArchive()
        var (series, values) = (series, ending.expectations.map { [$0.value].compactMap { $0 } })
        var due = ending.expectations.map { model.expectations.firstIndex(of: $0.expectation) ?? -1 }
        try series.keep(in: archive)
        try archive.keep("expectations due", &due)
        try archive.keep("expectations", &values)
        let outcome = CheckpointFolder.Checkpoint(
            programVersion: Paracrine.programVersion, modelHash: hash, time: ending.time, state: archive.bytes)
        try CheckpointFolder(folder).write(outcome, ofReplicate: index)
    }

    /// `nil` where it did not come to its end, or what was kept is of another program or model.
    func outcome(of index: Int) -> (SeriesTable, Run.Ending)? {
        guard let kept = CheckpointFolder(folder).outcome(ofReplicate: index), kept.modelHash == hash,
            kept.programVersion == Paracrine.programVersion
        else { return nil }
        let archive = StateArchive(restoring: kept.state)
        var (series, values, due) = (SeriesTable(), [[Double]](), [Int]())
        do {
            try series.keep(in: archive)
            try archive.keep("expectations due", &due)
            try archive.keep("expectations", &values)
        } catch { return nil }
        guard values.count == due.count, due.allSatisfy(model.expectations.indices.contains) else { return nil }
        let expectations = zip(due, values).map { ExpectationOutcome(model.expectations[$0], value: $1.first) }
        return (series, Run.Ending(time: kept.time, wasStopped: false, expectations: expectations, responses: []))
    }
}

/// What replicates gave together, as `replicates.json` holds it.
struct ReplicateSummary: Codable, Sendable {
    var asked: Int
    /// Those that came to their end; bands and expectations are of these.
    var finished: Int
    /// The shares of replicates that lie below `low` and `high`, here and in replicates.csv.
    var lowShare = SeriesBands.lowShare
    var highShare = SeriesBands.highShare
    /// Of those that finished, in their order.
    var seeds: [UInt64]
    var expectations: [Line]
    var notes: [String]

    /// A line of `expect:` over the replicates.
    struct Line: Codable, Sendable {
        var text: String
        var unit: String
        /// `nil` where no replicate could measure it.
        var mean: Double?
        var low: Double?
        var high: Double?
        /// Replicates in which it holds.
        var passed: Int
        var judged: Int
    }

    init(asked: Int, seeds: [UInt64], endings: [Run.Ending], notes: [String]) {
        self.asked = asked
        finished = endings.count
        self.seeds = seeds
        self.notes = notes
        expectations = (endings.first?.expectations ?? []).indices.map { index in
            let results = endings.compactMap { ending in
                index < ending.expectations.count ? RunSession.result(ending.expectations[index]) : nil
            }
            let values = results.compactMap(\.value).sorted()
            func share(_ share: Double) -> Double? { values.isEmpty ? nil : Quantile.of(values, share) }
            return Line(
                text: results[0].text, unit: results[0].unit,
                mean: values.isEmpty ? nil : values.reduce(0, +) / Double(values.count),
                low: share(SeriesBands.lowShare), high: share(SeriesBands.highShare),
                passed: results.count(where: \.passed), judged: results.count)
        }
    }

    var lines: [String] {
        let heading =
            "Replicates: \(finished) of \(asked) finished" + (finished > 1 ? "; their bands: replicates.csv" : "")
        return [heading]
            + expectations.map { line in
                let unit = line.unit.isEmpty ? "" : " \(line.unit)"
                let value = line.mean.map { mean in
                    "mean \(Console.number(mean)), \(Console.number(line.low ?? mean)) to \(Console.number(line.high ?? mean))\(unit)"
                }
                return
                    "\(line.passed == line.judged ? "✓" : "✗") \(line.text)   (in \(line.passed) of \(line.judged); \(value ?? "nothing to measure"))"
            }
    }
}
