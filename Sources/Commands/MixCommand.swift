import Analysis
import ArgumentParser
import Biology
import Foundation
import ModelFiles
import Results
import Simulation
import WellMixed

struct MixCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mix",
        abstract: "Run a model without space, as ODEs or exactly by chance; say where space matters.",
        discussion: """
            Examples:
              paracrine mix my-model
              paracrine mix model.xml --for 100 --every 1
              paracrine mix my-model --ssa --replicates 20
              paracrine mix my-model --compare
              paracrine mix my-model --set q='20 molecules/s' --for '2 h' --out mixed

            The same file, as equations unless told otherwise, with space ignored but for volumes: what a cell meets at its surface is what is everywhere. Cells \
            of a type are one sum where that loses nothing, or as many as --cells says. By chance (--ssa) every molecule is \
            one; cells stay apart where their sums would not obey the same law.

            The results are a run folder as 'run' makes it, without fields. Lines of 'expect:' that ask where are named as \
            skipped. With --compare the model runs both ways, and compare.html and discrepancy.csv say where space matters.
            """)

    @OptionGroup var source: ModelOptions

    @OptionGroup var mixed: MixingOptions

    @Flag(help: "Run it with space too, and say where space matters.")
    var compare = false

    @Option(
        name: .customLong("for"), parsing: .unconditional,
        help: ArgumentHelp(
            "How long, in place of the model's run.for, such as '2 h'; of SBML a number in its own unit.",
            valueName: "time"))
    var duration: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How often a row is written, in place of the model's record.series; of SBML in its own unit.",
            valueName: "time"))
    var every: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Runs by chance, each from a seed of its own.", valueName: "count"))
    var replicates = 1

    @Option(parsing: .unconditional, help: ArgumentHelp("Another seed than the model's.", valueName: "number"))
    var seed: UInt64?

    @OptionGroup var threading: ThreadOptions

    @Option(
        help: ArgumentHelp(
            "The folder for the results, new or empty; otherwise NAME.paracrine-run here, or NAME.paracrine-compare.",
            valueName: "folder"),
        completion: .directory)
    var out: String?

    @Option(
        help: ArgumentHelp(
            "Write the network that it runs as SBML Level 3 to this file too, a new one.", valueName: "file"),
        completion: .file(extensions: ["xml"]))
    var sbml: String?

    @Flag(help: "Show no progress.")
    var quiet = false

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    func run() throws {
        let threads = try threading.count
        let mixing = try mixing()
        var loaded = try load()
        if let seed { loaded = loaded.reseeded(seed) }
        loaded.checked.warnings.forEach { Console.complain($0.description) }
        Interruption.watch()
        if compare {
            let comparison = try MixComparison(loaded, mixing, threads: threads, replicates: replicates)
            return try comparison.run(out: out, isQuiet: quiet || json, isJSON: json, options: given)
        }
        if replicates != 1 { return try runReplicates(loaded, mixing, threads: threads) }
        let session = try RunSession(loaded, threads: threads, mixing: mixing)
        session.notes.forEach { Console.complain("note: \($0)") }
        if let sbml { try session.engine.writeSBML(sbml) }
        let folder = try newFolder(loaded)
        let ending = try session.run(into: folder, until: nil, isQuiet: quiet || json, options: given)
        if json {
            Console.answer(try RunSummary(ending, folder, session).json)
        } else {
            session.tell(ending, folder)
            if let sbml { Console.answer("SBML:    \(sbml)") }
        }
        if ending.wasStopped { throw Stop(.interrupted, "") }
    }

    /// A model file, or a network by itself.
    private func load() throws -> LoadedModel {
        guard LoadedNetwork.isNetwork(source.model) else {
            let changes = [("run.for", duration), ("record.series", every.map { "every \($0)" })]
            let more = changes.compactMap { path, value in value.map { "\(path)=\($0)" } }
            let loaded = try LoadedModel(source)
            return more.isEmpty ? loaded : try loaded.with(more)
        }
        guard source.settings.isEmpty, source.table == nil, !compare else {
            throw Stop(
                .usage,
                "mix: error: --set, --table and --compare are for model files\n  fix: leave them out, or name the network under 'networks:' in a model file"
            )
        }
        guard let duration, let length = Double(duration), length > 0, length.isFinite else {
            throw Stop(
                .usage, "--for: error: a network by itself does not say how long it runs\n  fix: add --for 100")
        }
        let step = try every.map { text in
            guard let step = Double(text), step > 0, length / step <= 1e6 else {
                throw Stop(
                    .usage,
                    "--every: error: '\(text)' is no time in the network's unit\n  fix: give a number such as \(Console.number(length / 200))"
                )
            }
            return step
        }
        return try LoadedModel(LoadedNetwork(source.model), duration: length, every: step)
    }

    private func runReplicates(_ loaded: LoadedModel, _ mixing: Mixing, threads: Int) throws {
        let runs = try ReplicateRuns(loaded, count: replicates, threads: threads, until: nil, mixing: mixing)
        runs.first.notes.forEach { Console.complain("note: \($0)") }
        let folder = try newFolder(loaded)
        let ensemble = Ensemble(threads: threads, isQuiet: quiet || json)
        let outcome = try runs.run(into: folder, ensemble, options: given)
        try runs.tell(outcome, folder, asJSON: json)
    }

    private func newFolder(_ loaded: LoadedModel) throws -> RunFolder {
        try out.map(RunFolder.named) ?? RunFolder(named: "\(loaded.stem)-mixed", in: ".")
    }

    private func mixing() throws -> Mixing {
        let mixing = try mixed.mixing(usually: .ode) ?? Mixing(method: .ode)
        if sbml != nil, compare || replicates != 1 {
            throw Stop(.usage, "--sbml: error: it is written of one run\n  fix: leave out --compare and --replicates")
        }
        if replicates != 1, !mixed.ssa {
            throw Stop(
                .usage, "--replicates: error: ODEs give the same every time\n  fix: add --ssa, or leave it out")
        }
        return mixing
    }

    /// Options as the manifest keeps them.
    private var given: [String: String] {
        var given = mixed.given
        given["mix"] = mixed.ssa ? "--ssa" : "--ode"
        for (i, setting) in source.settings.enumerated() { given["--set \(i + 1)"] = setting }
        if let table = source.table { given["--table"] = table }
        if let duration { given["--for"] = duration }
        if let every { given["--every"] = every }
        if let seed { given["--seed"] = "\(seed)" }
        if replicates != 1 { given["--replicates"] = "\(replicates)" }
        return given
    }
}
