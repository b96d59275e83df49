import Analysis
import Biology
import Foundation
import ModelFiles
import Results
import Simulation
import Tables
import Tissue
import WellMixed

/// A model with its cells placed, ready to run.
struct RunSession {
    let loaded: LoadedModel
    let cells: [PlacedCell]
    let notes: [String]
    let threads: Int
    let engine: RunEngine
    /// Whether a run of it that ends early can go on later: one of several cannot, nor one without space.
    private let goesOn: Bool

    var model: Model { loaded.model }

    init(_ loaded: LoadedModel, threads: Int, mixing: Mixing? = nil) throws {
        try self.init(loaded, tables: loaded.readTables(), threads: threads, mixing: mixing)
    }

    /// With tables that have been read.
    ///
    /// `mixing` says how it runs without space, `nil` with space; `isOneOfSeveral`, whether it is the first of replicates.
    init(
        _ loaded: LoadedModel, tables: [CellTable], threads: Int, mixing: Mixing? = nil, isOneOfSeveral: Bool = false
    ) throws {
        self.loaded = loaded
        goesOn = mixing == nil && !isOneOfSeveral
        self.threads = threads
        let (cells, notes) = try loaded.place(tables, mixing)
        self.cells = cells
        engine = try RunEngine(loaded.model, cells: cells, mixing)
        self.notes = notes + engine.notes
    }

    /// Runs into a folder and writes its report, even if it was stopped.
    ///
    /// `continued`: The run of that folder that goes on, if it is not a new one. `branch`: Where another run is left.
    func run(
        into folder: RunFolder, until: Double?, isQuiet: Bool, options: [String: String],
        continuing continued: ContinuedRun? = nil, from branch: LeavingPoint? = nil
    ) throws -> Run.Ending {
        let progress = ProgressLine(isQuiet: isQuiet)
        defer { progress.finish() }
        func shown(_ state: Run.Progress) { progress.show(state.time, of: state.end) }
        let ending: Run.Ending
        if let continued {
            ending = try goOn(with: continued, until: until, shown: shown)
        } else {
            ending = try record(into: folder, until: until, options: options, from: branch, shown: shown)
        }
        progress.finish()
        try report(folder)
        return ending
    }

    /// Runs into a folder, even if it is stopped; `beside` is told of the same.
    func record(
        into folder: RunFolder, until: Double?, options: [String: String], beside: [any Recorder] = [],
        from branch: LeavingPoint? = nil, shown: (Run.Progress) -> Void
    ) throws -> Run.Ending {
        var manifest = RunManifest(
            programVersion: Paracrine.programVersion, languageVersion: ModelFile.version, modelName: model.name,
            modelHash: ModelDocument.hash(model), seed: model.run.seed, options: options, threads: threads,
            engine: engine.name)
        manifest.source = loaded.source
        manifest.branch = branch.map { RunManifest.Branch(run: $0.run.path, time: $0.time) }
        let recorder = try ResultRecorder(
            folder: folder, manifest: manifest, modelJSON: ModelDocument.json(model),
            source: manifest.source == nil ? nil : loaded.text)
        let start = branch.map(RunStart.branch) ?? .beginning
        return try record(with: recorder, until: until, beside: beside, from: start, shown: shown)
    }

    /// Goes on from the latest state that fits, or begins again in the same folder where none does.
    private func goOn(
        with continued: ContinuedRun, until: Double?, shown: (Run.Progress) -> Void
    ) throws -> Run.Ending {
        for checkpoint in continued.checkpoints {
            let recorder = try ResultRecorder(
                continuing: continued.folder, manifest: continued.manifest, lock: continued.lock)
            do {
                return try record(with: recorder, until: until, from: .checkpoint(checkpoint), shown: shown)
            } catch let problem as StateProblem {
                Console.complain(
                    "note: the checkpoint at \(Console.duration(checkpoint.time)) cannot be used: \(problem)")
            }
        }
        Console.complain("note: there is no checkpoint to go on from, so the run begins again")
        return try beginAgain(continued, until: until, shown: shown)
    }

    /// Begins again in the folder of an earlier run; `beside` is told of the same.
    func beginAgain(
        _ continued: ContinuedRun, until: Double?, beside: [any Recorder] = [], shown: (Run.Progress) -> Void
    ) throws -> Run.Ending {
        try continued.folder.empty()
        let recorder = try ResultRecorder(
            continuing: continued.folder, manifest: continued.manifest, lock: continued.lock)
        return try record(with: recorder, until: until, beside: beside, shown: shown)
    }

    private func record(
        with recorder: ResultRecorder, until: Double?, beside: [any Recorder] = [],
        from start: RunStart = .beginning, shown: (Run.Progress) -> Void
    ) throws -> Run.Ending {
        let folder = recorder.folder
        var model = model
        // What was expected of the time before a branch was the other run's to show.
        if case .branch(let point) = start {
            model.expectations.removeAll { ($0.time?.value ?? .infinity) < point.time }
        }
        do {
            let (ending, engine) = try engine.run(
                model, cells: cells, threads: threads, recorders: [recorder] + beside, until: until,
                checkpoints: goesOn ? CheckpointKeeper(folder: folder, model: model).checkpoints : nil, from: start,
                shown: shown)
            (engine as? MixedEngine)?.violations.forEach { Console.complain("note: \($0)") }
            try folder.write(ending.expectations.map { RunSession.result($0) })
            if isWhole(ending) { try CheckpointFolder(folder).removeLatest() }
            try recorder.finish(
                ending.wasStopped ? .stopped : .finished, reason: ending.wasStopped ? "the user stopped it" : "",
                at: ending.time)
            return ending
        } catch let problem as StateProblem {
            throw problem
        } catch {
            let stop = Stop(error)
            try? recorder.finish(.failed, reason: stop.message)
            if goesOn, stop.code == .file {
                Console.complain("note: once that is mended, go on: \(RunSession.howToGoOn(folder))")
            }
            throw error
        }
    }

    /// Whether a run came to the model's end.
    func isWhole(_ ending: Run.Ending) -> Bool { !ending.wasStopped && ending.time >= model.run.duration.value }

    /// What to type to continue a run.
    static func howToGoOn(_ folder: RunFolder) -> String { "paracrine run --continue \(folder.path)" }

    /// Writes the report of a run that has ended.
    func report(_ folder: RunFolder) throws {
        _ = try Report.write(
            folder, context: ReportContext(model, census: CellCensus(model: model, cells: cells), notes: notes))
    }

    /// An outcome in the units people read.
    static func result(_ outcome: ExpectationOutcome) -> ExpectationResult {
        let (unit, factor) = readingUnit(outcome.expectation.dimension)
        return ExpectationResult(
            text: outcome.expectation.text, value: outcome.value.map { $0 * factor }, unit: unit,
            passed: outcome.passed)
    }

    /// The unit that people read what is measured in, and the factor to it from the coherent unit.
    static func readingUnit(_ dimension: Biology.Dimension) -> (name: String, factor: Double) {
        switch dimension {
        case .concentration: ("pM", 1000 / Concentration.moleculesPerCubicMicrometreInNanomolar)
        case .amount: ("molecules", 1)
        case .cells: ("cells", 1)
        case .time: ("s", 1)
        case .length: ("µm", 1)
        case .none: ("", 1)
        default: ("\(dimension)", 1)
        }
    }

    /// The last words of a run: its ledger, its expectations, and where everything is.
    func tell(_ ending: Run.Ending, _ folder: RunFolder) {
        Console.answer(
            ending.wasStopped
                ? "Stopped at \(Console.duration(ending.time)); what was recorded until then is whole."
                : "\(model.name): \(Console.duration(ending.time))" + (cells.isEmpty ? "" : " of \(cells.count) cells"))
        if let ledger = try? RunSummary.ledgerLines(folder) { ledger.forEach(Console.answer) }
        for outcome in ending.expectations { Console.answer(RunSession.line(outcome)) }
        if goesOn, !isWhole(ending) { Console.answer("Go on:   \(RunSession.howToGoOn(folder))") }
        Console.answer("Results: \(folder.path)")
        Console.answer("Report:  \(folder.file("report.html"))")
    }

    static func line(_ outcome: ExpectationOutcome) -> String {
        let result = result(outcome)
        let value = result.value.map { "is \(Console.number($0))\(result.unit.isEmpty ? "" : " " + result.unit)" }
        return "\(result.passed ? "✓" : "✗") \(result.text)   (\(value ?? "nothing to measure"))"
    }
}
