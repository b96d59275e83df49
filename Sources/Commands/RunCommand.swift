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
    @Option(parsing: .unconditional, help: ArgumentHelp("Another seed than the model's.", valueName: "number"))
    var seed: UInt64?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Stop at this time of the model, such as '2 h'.", valueName: "time"))
    var until: String?

    @Flag(help: "Show no progress.")
    var quiet = false

    func untilInSeconds(_ model: Model) throws -> Double? { try RunOptions.seconds(until, model) }

    /// A time given with --until, which is within the model's.
    static func seconds(_ until: String?, _ model: Model) throws -> Double? {
        guard let until else { return nil }
        guard let read = try? QuantityText.parse(until), read.dimension == .time, read.value > 0 else {
            throw Stop(.usage, "--until: error: '\(until)' is not a time\n  fix: write it as '2 h' or '30 min'")
        }
        let duration = model.run.duration.value
        guard read.value <= duration * (1 + 1e-12) else {
            throw Stop(
                .usage,
                "--until: error: '\(until)' is after the end of the run, \(Console.duration(duration))\n  fix: run longer with --set run.for='\(until)'"
            )
        }
        return read.value
    }
}

/// How many threads: shared by every command that computes.
struct ThreadOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Threads, otherwise one a core; the results are the same bytes for any number.", valueName: "count"))
    var threads: Int?

    /// Threads to use; where the user does not say, one a core: results do not depend on it.
    var count: Int {
        get throws {
            guard let threads else { return min(256, max(1, ProcessInfo.processInfo.activeProcessorCount)) }
            guard (1...256).contains(threads) else {
                throw Stop(.usage, "--threads: error: \(threads) is not a number of threads\n  fix: give 1 to 256")
            }
            return threads
        }
    }
}

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a model and write its results and a report.",
        discussion: """
            Examples:
              paracrine run my-model
              paracrine run my-model --set q='20 molecules/s' --until '2 h'
              paracrine run my-model --out results --threads 4
              paracrine run my-model --replicates 20
              paracrine run --continue my-model.paracrine-run

            The results are model.json, manifest.json, series.csv, ledger.csv, frames/ (HDF5), frames.xdmf (ParaView), \
            figures/ (SVG) and report.html. Ctrl-C stops after the present step; what was recorded until then is whole \
            and has its report. A run that was stopped, killed or ended with --until goes on with --continue, from the \
            last checkpoint in its folder, and gives the same bytes as one that was never stopped. Of several replicates the folder holds the first, and replicates.csv the mean, 10 % and 90 % \
            of every time course over all that finished.
            """)

    @OptionGroup var source: ModelOptions
    @OptionGroup var options: RunOptions

    @OptionGroup var threading: ThreadOptions

    @Flag(
        name: .customLong("continue"),
        help: "Go on with an earlier run: give its folder, NAME.paracrine-run, in place of the model.")
    var isContinued = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Runs, each from a seed of its own; the first is the run itself.", valueName: "count"))
    var replicates = 1

    @Option(
        help: ArgumentHelp(
            "The folder for the results, new or empty; otherwise NAME.paracrine-run here.", valueName: "folder"),
        completion: .directory)
    var out: String?

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    func run() throws {
        let threads = try threading.count
        if isContinued { return try goOn(threads: threads) }
        var loaded = try LoadedModel(source)
        let until = try options.untilInSeconds(loaded.model)
        if let seed = options.seed { loaded = loaded.reseeded(seed) }
        loaded.checked.warnings.forEach { Console.complain($0.description) }
        guard replicates == 1 else { return try runReplicates(loaded, threads: threads, until: until) }
        let session = try RunSession(loaded, threads: threads)
        session.notes.forEach { Console.complain("note: \($0)") }
        try run(session, into: newFolder(loaded), until: until)
    }

    /// Runs, and tells how it ended.
    private func run(
        _ session: RunSession, into folder: RunFolder, until: Double?, continuing continued: ContinuedRun? = nil
    ) throws {
        Interruption.watch()
        let ending = try session.run(
            into: folder, until: until, isQuiet: options.quiet || json, options: given, continuing: continued)
        if json {
            Console.answer(try RunSummary(ending, folder, session).json)
        } else {
            session.tell(ending, folder)
        }
        if ending.wasStopped { throw Stop(.interrupted, "") }
    }

    /// Continues a run in its folder.
    private func goOn(threads: Int) throws {
        let changes: [(String, Bool)] = [
            ("--set", !source.settings.isEmpty), ("--table", source.table != nil),
            ("--catalogue", !source.catalogue.folders.isEmpty), ("--seed", options.seed != nil),
            ("--out", out != nil), ("--replicates", replicates != 1),
        ]
        if let (name, _) = changes.first(where: \.1) {
            throw Stop(
                .usage,
                "\(name): error: a run that is continued stays what it is, where it is\n  fix: leave it out, or begin another with 'paracrine branch \(source.model)@TIME --set …'"
            )
        }
        let continued = try ContinuedRun(source.model)
        if let count = continued.replicates { return try goOn(continued, count, threads: threads) }
        let until = try options.untilInSeconds(continued.loaded.model)
        let session = try RunSession(continued.loaded, threads: threads)
        if continued.isOver {
            // It may have been killed while its report was written.
            if !FileManager.default.fileExists(atPath: continued.folder.file("report.html")) {
                try session.report(continued.folder)
            }
            return Console.answer(
                "Nothing is left to do: this run has come to its end.\nResults: \(continued.folder.path)")
        }
        try run(session, into: continued.folder, until: until, continuing: continued)
    }

    /// Continues several runs: those that came to their end are kept.
    private func goOn(_ continued: ContinuedRun, _ count: Int, threads: Int) throws {
        if options.until != nil {
            throw Stop(.usage, "--until: error: replicates end where they were to end\n  fix: leave it out")
        }
        if (ReplicateSummary.read(continued.folder)?.finished ?? 0) == count {
            return Console.answer(
                "Nothing is left to do: all replicates have come to their end.\nResults: \(continued.folder.path)")
        }
        let loaded = continued.loaded
        let until = try RunOptions.seconds(continued.manifest.options["--until"], loaded.model)
        let runs = try ReplicateRuns(loaded, count: count, threads: threads, until: until)
        Interruption.watch()
        let ensemble = Ensemble(threads: threads, isQuiet: options.quiet || json)
        let outcome = try runs.run(
            into: continued.folder, ensemble, options: continued.manifest.options, continuing: continued)
        try runs.tell(outcome, continued.folder, asJSON: json)
    }

    private func newFolder(_ loaded: LoadedModel) throws -> RunFolder {
        try out.map(RunFolder.named) ?? RunFolder(named: loaded.stem, in: ".")
    }

    private func runReplicates(_ loaded: LoadedModel, threads: Int, until: Double?) throws {
        let runs = try ReplicateRuns(loaded, count: replicates, threads: threads, until: until)
        runs.first.notes.forEach { Console.complain("note: \($0)") }
        let folder = try newFolder(loaded)
        Interruption.watch()
        let ensemble = Ensemble(threads: threads, isQuiet: options.quiet || json)
        let outcome = try runs.run(into: folder, ensemble, options: given)
        try runs.tell(outcome, folder, asJSON: json)
    }

    /// Options as the manifest keeps them.
    private var given: [String: String] {
        var given: [String: String] = [:]
        for (i, setting) in source.settings.enumerated() { given["--set \(i + 1)"] = setting }
        if let table = source.table { given["--table"] = table }
        if let seed = options.seed { given["--seed"] = "\(seed)" }
        if let until = options.until { given["--until"] = until }
        if replicates != 1 { given["--replicates"] = "\(replicates)" }
        return given
    }
}

extension RunFolder {
    /// The folder that `--out` names.
    static func named(_ path: String) throws -> RunFolder {
        guard !path.isEmpty else {
            throw Stop(
                .usage, "--out: error: the name of a folder is empty\n  fix: write --out FOLDER, or leave it out")
        }
        return try RunFolder(creating: path)
    }
}

extension LoadedModel {
    func reseeded(_ seed: UInt64) -> LoadedModel {
        var copy = self
        copy.checked.model.run.seed = seed
        return copy
    }
}
