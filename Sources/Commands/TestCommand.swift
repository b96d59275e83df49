import ArgumentParser
import Biology
import Foundation
import Results
import Simulation
import Tissue

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run a model and report every line of its expect: section.",
        discussion: "Example: paracrine test Examples/il2-niche")

    @OptionGroup var source: ModelOptions
    @OptionGroup var options: RunOptions

    @Option(help: "Threads; the results are the same bytes for any number.")
    var threads = LoadedModel.defaultThreads

    @Option(help: "Keep the results in this folder, new or empty; otherwise none are written.")
    var out: String?

    @Flag(help: "Print the outcomes as JSON.")
    var json = false

    func run() throws {
        try LoadedModel.checkThreads(threads)
        let until = try options.untilInSeconds()
        var loaded = try LoadedModel(source)
        if let seed = options.seed { loaded = loaded.reseeded(seed) }
        let session = try RunSession(loaded, threads: threads)
        Interruption.watch()
        let ending: Run.Ending
        if let out {
            ending = try session.run(
                into: RunFolder(creating: out), until: until, isQuiet: options.quiet || json, options: [:])
        } else {
            ending = try session.runUnrecorded(until: until, isQuiet: options.quiet || json)
        }
        let failed = ending.expectations.count { !$0.passed }
        let missed = loaded.model.expectations.count - ending.expectations.count
        if json {
            Console.answer(try JSONText.encode(ending.expectations.map { RunSession.result($0) }))
        } else {
            ending.expectations.forEach { Console.answer(RunSession.line($0)) }
            if missed > 0 { Console.answer("\(missed) expectations lie beyond the end of this run") }
            Console.answer("\(ending.expectations.count - failed) passed, \(failed) failed")
        }
        if ending.wasStopped { throw Stop(.interrupted, "") }
        if failed > 0 || missed > 0 { throw Stop(.failed, "") }
    }
}

extension RunSession {
    /// Runs for the sake of the expectations alone.
    func runUnrecorded(until: Double?, isQuiet: Bool) throws -> Run.Ending {
        let progress = ProgressLine(isQuiet: isQuiet)
        defer { progress.finish() }
        var model = model
        model.record = RecordPlan()
        // The series is drawn for nobody; once is enough.
        model.record.series = model.run.duration
        let engine = TissueEngine(model, cells: cells, threads: threads)
        var run = Run(model, engine: engine, recorders: [], until: until)
        return try run.go { state in
            progress.show(state.time, of: state.end)
            return !Interruption.isRequested
        }
    }
}
