import ArgumentParser
import Biology
import Foundation
import Results
import Simulation
import WellMixed

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run a model and report every line of its expect: section.",
        discussion: """
            Examples:
              paracrine test my-model
              paracrine test my-model --set q='0 molecules/s'
              paracrine test my-model --ode

            Ends with 1 if a line fails, or lies beyond the end of the run.
            """)

    @OptionGroup var source: ModelOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var mixed: MixingOptions

    @OptionGroup var threading: ThreadOptions

    @Option(
        help: ArgumentHelp(
            "Keep the results in this folder, new or empty; otherwise none are written.", valueName: "folder"),
        completion: .directory)
    var out: String?

    @Flag(help: "Print the outcomes as JSON.")
    var json = false

    func run() throws {
        let threads = try threading.count
        var loaded = try LoadedModel(source)
        let until = try options.untilInSeconds(loaded.model)
        if let seed = options.seed { loaded = loaded.reseeded(seed) }
        guard !loaded.model.expectations.isEmpty else {
            throw Stop(
                .model,
                "\(source.model): error: this model expects nothing, so there is nothing to test\n  fix: write lines under 'expect:', such as '- mass of \(loaded.model.molecules.first?.name ?? "M") balances within 1e-9'"
            )
        }
        // Networks by themselves, and those of the medium, have no space to run in.
        let mixing = try mixed.mixing(usually: loaded.model.runsOnlyMixed ? .ode : nil)
        let session = try RunSession(loaded, threads: threads, mixing: mixing)
        session.notes.forEach { Console.complain("note: \($0)") }
        Interruption.watch()
        let ending: Run.Ending
        if let out {
            ending = try session.run(
                into: RunFolder.named(out), until: until, isQuiet: options.quiet || json, options: [:])
        } else {
            ending = try session.runUnrecorded(until: until, isQuiet: options.quiet || json)
        }
        let failed = ending.expectations.count { !$0.passed }
        let missed = session.engine.observed(loaded.model).expectations.count - ending.expectations.count
        if json {
            Console.answer(try JSONText.encode(ending.expectations.map { RunSession.result($0) }))
        } else {
            ending.expectations.forEach { Console.answer(RunSession.line($0)) }
            if missed > 0 { Console.answer("\(missed) not reached before the end of this run") }
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
        return try engine.run(model, cells: cells, threads: threads, recorders: [], until: until) { state in
            progress.show(state.time, of: state.end)
        }.ending
    }
}
