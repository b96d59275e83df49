import Analysis
import ArgumentParser
import Biology
import Foundation
import ModelFiles
import Results
import Simulation
import Tissue

struct BranchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "branch",
        abstract: "Begin another run in the middle of an earlier one: another treatment from the same moment.",
        discussion: """
            Examples:
              paracrine branch my-model.paracrine-run@12h --set q='0 molecules/s'
              paracrine branch my-model.paracrine-run@12h --set 'treatments=[10 nM anti-IL-2 at 12 h]' --out blocked

            Goes to that moment from the last checkpoint before it (a model keeps them with \
            'record: {checkpoints: {every: 6 h}}'), or from the start where there is none, and on from there with what is \
            set: rates, secretion, receptors, rules, doses. Random numbers are the same, so that what differs follows from \
            what is set; a branch with nothing set gives what the run gave. Its results begin at that moment, in a folder of \
            their own.
            """)

    @Argument(help: "The folder of a run, and the model's time: RUN@12h.", completion: .directory)
    var moment: String

    @OptionGroup var changes: SettingOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Stop at this time of the model, such as '24 h'.", valueName: "time"))
    var until: String?

    @OptionGroup var threading: ThreadOptions

    @Option(
        help: ArgumentHelp(
            "The folder for the results, new or empty; otherwise NAME-branch.paracrine-run here.", valueName: "folder"),
        completion: .directory)
    var out: String?

    @Flag(help: "Show no progress.")
    var quiet = false

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    func run() throws {
        let threads = try threading.count
        let (path, time) = try parts()
        let parent = try RunFolder(opening: path)
        let manifest = try ResultReader(parent).manifest
        if manifest.isMixed {
            throw Stop(
                .usage,
                "\(path): error: a run without space has no branches\n  fix: run it again with 'paracrine mix' and --set"
            )
        }
        let old = try LoadedModel(parent, manifest)
        try old.refuseIfChanged(since: manifest, parent)
        let new = try LoadedModel(parent, manifest, more: changes.settings)
        try refuse(old.model, new.model, time)
        let until = try RunOptions.seconds(until, new.model)
        let session = try RunSession(new, threads: threads)
        Interruption.watch()
        let start = try LeavingPoint(parent, old, at: time, threads: threads, isQuiet: quiet || json)
        if let until, until <= start.time {
            throw Stop(
                .usage,
                "--until: error: the branch begins at \(Console.duration(start.time))\n  fix: give a later time, or leave it out"
            )
        }
        let folder = try out.map(RunFolder.named) ?? RunFolder(named: "\(new.stem)-branch", in: ".")
        Console.complain(
            "Branches at \(Console.duration(start.time)), where the step that reaches \(Console.duration(time)) ends.")
        let ending = try session.run(
            into: folder, until: until, isQuiet: quiet || json, options: given,
            from: start)
        if json {
            Console.answer(try RunSummary(ending, folder, session).json)
        } else {
            session.tell(ending, folder)
        }
        if ending.wasStopped { throw Stop(.interrupted, "") }
    }

    private var given: [String: String] {
        var given = ["branch": moment]
        for (i, setting) in changes.settings.enumerated() { given["--set \(i + 1)"] = setting }
        if let until { given["--until"] = until }
        return given
    }

    /// "RUN@12h" in its two parts.
    private func parts() throws -> (path: String, time: Double) {
        guard let cut = moment.lastIndex(of: "@"), cut > moment.startIndex else {
            throw Stop(.usage, "\(moment): error: this names no moment of a run\n  fix: write it as RUN@12h")
        }
        return (String(moment[..<cut]), try time(String(moment[moment.index(after: cut)...])))
    }

    private func time(_ text: String) throws -> Double {
        // "12h" is "12 h".
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let spaced = text.contains(" ") ? text : "\(digits) \(text.dropFirst(digits.count))"
        guard let read = try? QuantityText.parse(spaced), read.dimension == .time, read.value >= 0 else {
            throw Stop(.usage, "\(moment): error: '\(text)' is not a time\n  fix: write it as 12h or '30 min'")
        }
        return read.value
    }

    /// Stops where the new model is not one that can go on from the old one's state.
    private func refuse(_ old: Model, _ new: Model, _ time: Double) throws {
        guard time < new.run.duration.value else {
            throw Stop(
                .usage,
                "\(moment): error: the model ends at \(Console.duration(new.run.duration.value))\n  fix: branch earlier, or run longer with --set run.for='…'"
            )
        }
        let refused = BranchCheck.refused(old, new)
        if refused.isEmpty { return }
        let lines = refused.map { "--set: error: \(Console.plain($0.line))" }
        throw Stop(
            .usage,
            lines.joined(separator: "\n")
                + "\n  fix: a branch takes over what there is, where it stands and how time is divided; set rates, secretion, receptors, rules or doses"
        )
    }
}

/// The state that a branch begins with.
struct LeavingPoint {
    let run: RunFolder
    /// Of the state, and asked for, s.
    let time: Double
    let asked: Double
    let model: Model
    let state: [UInt8]

    /// Goes from the last checkpoint before a time to the end of the first step that reaches it.
    init(_ run: RunFolder, _ loaded: LoadedModel, at time: Double, threads: Int, isQuiet: Bool) throws {
        let cells = try loaded.place().cells
        let model = loaded.model
        let hash = ModelDocument.hash(model)
        var found: (any ContinuableEngine)?
        for checkpoint in CheckpointFolder(run).checkpoints(noLaterThan: time) where found == nil {
            guard checkpoint.programVersion == Paracrine.programVersion, checkpoint.modelHash == hash else { continue }
            let engine = LeavingPoint.engine(model, cells, threads)
            do throws(StateProblem) {
                try engine?.keep(in: StateArchive(restoring: checkpoint.state))
                found = engine
            } catch {
                Console.complain(
                    "note: the checkpoint at \(Console.duration(checkpoint.time)) cannot be used: \(error)")
            }
        }
        guard let engine = found ?? LeavingPoint.engine(model, cells, threads) else {
            throw Stop(
                .usage, "\(run.path): error: this kind of run keeps no state\n  fix: run the model again with --set")
        }
        let progress = ProgressLine(isQuiet: isQuiet)
        defer { progress.finish() }
        while engine.time < time {
            try engine.settle()
            try engine.step(until: model.run.duration.value)
            progress.show(engine.time, of: time)
            if Interruption.isRequested { throw Stop(.interrupted, "branch: stopped before the branch began") }
        }
        try engine.settle()
        let archive = StateArchive()
        do throws(StateProblem) {
            try engine.keep(in: archive)
        } catch {
            throw Stop(
                .software,
                "\(run.path): error: its state cannot be taken over: \(error)\n  fix: run the model again with --set")
        }
        (self.run, self.model, asked, self.time, state) = (run, model, time, engine.time, archive.bytes)
    }

    private static func engine(_ model: Model, _ cells: [PlacedCell], _ threads: Int) -> (any ContinuableEngine)? {
        model.spatialEngine(cells: cells, threads: threads) as? any ContinuableEngine
    }

    /// Puts an engine of the branch's model into this state.
    func begin(_ engine: any Engine) throws {
        guard let engine = engine as? any ContinuableEngine else { return }
        do throws(StateProblem) {
            try engine.keep(in: StateArchive(restoring: state))
        } catch {
            throw Stop(
                .usage,
                "--set: error: the state of the run does not fit what is set: \(error)\n  fix: set rates, secretion, receptors, rules or doses"
            )
        }
        engine.branch(from: model, at: asked)
    }
}
