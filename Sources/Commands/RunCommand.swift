import Analysis
import ArgumentParser
import Biology
import Foundation
import ModelFiles
import Results
import Simulation
import Tissue

/// How a run is made: shared by `run`, `test` and `verify`.
struct RunOptions: ParsableArguments {
    @Option(help: "Another seed than the model's.")
    var seed: UInt64?

    @Option(help: "Stop at this time of the model, such as '2 h'.")
    var until: String?

    @Flag(help: "Show no progress.")
    var quiet = false

    func untilInSeconds() throws -> Double? {
        guard let until else { return nil }
        guard let read = try? QuantityText.parse(until), read.dimension == .time, read.value > 0 else {
            throw Stop(.usage, "--until: error: '\(until)' is not a time\n  fix: write it as '2 h' or '30 min'")
        }
        return read.value
    }
}

extension LoadedModel {
    /// Threads to use where the user does not say: results do not depend on it.
    static var defaultThreads: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    static func checkThreads(_ threads: Int) throws {
        guard (1...256).contains(threads) else {
            throw Stop(.usage, "--threads: error: \(threads) is not a number of threads\n  fix: give 1 to 256")
        }
    }
}

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a model and write its results and a report.",
        discussion: """
            Example: paracrine run Examples/il2-niche --set q_IL2='20 molecules/s' --until '2 h'

            Ctrl-C stops after the present step; what was recorded until then is whole and has its report.
            """)

    @OptionGroup var source: ModelOptions
    @OptionGroup var options: RunOptions

    @Option(help: "Threads; the results are the same bytes for any number.")
    var threads = LoadedModel.defaultThreads

    @Option(help: "The folder for the results, new or empty; otherwise NAME.paracrine-run here.")
    var out: String?

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    func run() throws {
        try LoadedModel.checkThreads(threads)
        let until = try options.untilInSeconds()
        var loaded = try LoadedModel(source)
        if let seed = options.seed { loaded = loaded.reseeded(seed) }
        loaded.checked.warnings.forEach { Console.complain($0.description) }
        let session = try RunSession(loaded, threads: threads)
        session.notes.forEach { Console.complain("note: \($0)") }
        let folder = try out.map { try RunFolder(creating: $0) } ?? RunFolder(named: loaded.stem, in: ".")
        Interruption.watch()
        let ending = try session.run(into: folder, until: until, isQuiet: options.quiet || json, options: given)
        if json {
            Console.answer(try RunSummary(ending, folder, session).json)
        } else {
            session.tell(ending, folder)
        }
        if ending.wasStopped { throw Stop(.interrupted, "") }
    }

    /// Options as the manifest keeps them.
    private var given: [String: String] {
        var given: [String: String] = [:]
        for (i, setting) in source.settings.enumerated() { given["--set \(i + 1)"] = setting }
        if let table = source.table { given["--table"] = table }
        if let seed = options.seed { given["--seed"] = "\(seed)" }
        if let until = options.until { given["--until"] = until }
        return given
    }
}

extension LoadedModel {
    func reseeded(_ seed: UInt64) -> LoadedModel {
        var copy = self
        copy.checked.model.run.seed = seed
        return copy
    }
}
