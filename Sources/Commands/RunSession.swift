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

    var model: Model { loaded.model }

    init(_ loaded: LoadedModel, threads: Int, mixing: Mixing? = nil) throws {
        try self.init(loaded, tables: loaded.readTables(), threads: threads, mixing: mixing)
    }

    /// With tables that have been read; `mixing` says how it runs without space, `nil` with space.
    init(_ loaded: LoadedModel, tables: [CellTable], threads: Int, mixing: Mixing? = nil) throws {
        self.loaded = loaded
        self.threads = threads
        let (cells, notes) = try loaded.place(tables, mixing)
        self.cells = cells
        engine = try RunEngine(loaded.model, cells: cells, mixing)
        self.notes = notes + engine.notes
    }

    /// Runs into a folder and writes its report, even if it was stopped.
    func run(
        into folder: RunFolder, until: Double?, isQuiet: Bool, options: [String: String]
    ) throws -> Run.Ending {
        let progress = ProgressLine(isQuiet: isQuiet)
        defer { progress.finish() }
        let ending = try record(into: folder, until: until, options: options) { progress.show($0.time, of: $0.end) }
        progress.finish()
        try report(folder)
        return ending
    }

    /// Runs into a folder, even if it is stopped; `beside` is told of the same.
    func record(
        into folder: RunFolder, until: Double?, options: [String: String], beside: [any Recorder] = [],
        shown: (Run.Progress) -> Void
    ) throws -> Run.Ending {
        let text = ModelDocument.json(model)
        let manifest = RunManifest(
            programVersion: Paracrine.programVersion, languageVersion: ModelFile.version, modelName: model.name,
            modelHash: ModelDocument.hash(model), seed: model.run.seed, options: options, threads: threads,
            engine: engine.name)
        let recorder = try ResultRecorder(folder: folder, manifest: manifest, modelJSON: text)
        do {
            let (ending, engine) = try engine.run(
                model, cells: cells, threads: threads, recorders: [recorder] + beside, until: until, shown: shown)
            (engine as? MixedEngine)?.violations.forEach { Console.complain("note: \($0)") }
            try folder.write(ending.expectations.map { RunSession.result($0) })
            try recorder.finish(
                ending.wasStopped ? .stopped : .finished, reason: ending.wasStopped ? "the user stopped it" : "",
                at: ending.time)
            return ending
        } catch {
            try? recorder.finish(.failed, reason: Stop(error).message)
            throw error
        }
    }

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
        Console.answer("Results: \(folder.path)")
        Console.answer("Report:  \(folder.file("report.html"))")
    }

    static func line(_ outcome: ExpectationOutcome) -> String {
        let result = result(outcome)
        let value = result.value.map { "is \(Console.number($0))\(result.unit.isEmpty ? "" : " " + result.unit)" }
        return "\(result.passed ? "✓" : "✗") \(result.text)   (\(value ?? "nothing to measure"))"
    }
}
