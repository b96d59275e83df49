import Analysis
import ArgumentParser
import Biology
import Foundation
import ModelFiles
import Results
import Simulation

struct CascadeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cascade",
        abstract: "Find which molecules make cells secrete which others, and confirm each link by removing it.",
        discussion: """
            Examples:
              paracrine cascade my-model
              paracrine cascade my-model --set q='20 molecules/s' --json
              paracrine cascade my-model --ode

            The model runs once and its rules are watched at work: what each made cells secrete, for how many molecules \
            captured, how much later. Then each is taken out in turn, everything else and the seed as they were. The \
            results are cascade.csv, cascade.json, cascade.html, figures/ (SVG) and run/, the run itself. Ctrl-C keeps \
            what is done. With --ode or --ssa all of it runs without space.
            """)

    @OptionGroup var source: ModelOptions

    @OptionGroup var mixed: MixingOptions

    @OptionGroup var threading: ThreadOptions

    @Option(
        help: ArgumentHelp(
            "The folder for the results, new or empty; otherwise NAME.paracrine-cascade here.", valueName: "folder"),
        completion: .directory)
    var out: String?

    @Flag(help: "Show no progress.")
    var quiet = false

    @Flag(help: "Print the graph as JSON.")
    var json = false

    func run() throws {
        let threads = try threading.count
        let mixing = try mixed.mixing()
        var loaded = try LoadedModel(source)
        guard loaded.model.rules.contains(where: { if case .secretion = $0.behaviour { true } else { false } }) else {
            throw Stop(
                .model,
                "\(source.model): error: no rule of this model changes what cells secrete\n  fix: add a rule such as 'CELLTYPE: IL-2R.bound increases secretes.IL-6 from 0 molecules/s to 10 molecules/s, half-max 100'"
            )
        }
        // Fine enough to time a rise.
        let step = Time.seconds(loaded.model.run.duration.value / 200)
        loaded.checked.model.record.series = step
        let folder =
            try out.map { try ResultFolder(creating: $0) }
            ?? ResultFolder(named: loaded.stem, ending: "paracrine-cascade", in: ".")
        Interruption.watch()
        let session = try RunSession(loaded, threads: threads, mixing: mixing)
        let run = try RunFolder(creating: folder.file("run"))
        let ending = try session.run(into: run, until: nil, isQuiet: quiet || json, options: mixed.given)
        let reader = try ResultReader(run)
        var cascade = Cascade(loaded.model, inductions: try reader.inductions(), series: try reader.series())
        var notes = session.notes
        if ending.wasStopped {
            notes.append("the run was stopped at \(Console.duration(ending.time)); no edge was taken out")
        } else {
            try confirm(&cascade, loaded, mixing, Ensemble(threads: threads, isQuiet: quiet || json), &notes)
        }
        try finish(cascade, notes, folder, loaded)
        if Interruption.isRequested { throw Stop(.interrupted, "") }
    }

    /// Runs the model without each edge's rule.
    private func confirm(
        _ cascade: inout Cascade, _ loaded: LoadedModel, _ mixing: Mixing?, _ ensemble: Ensemble,
        _ notes: inout [String]
    ) throws {
        let tables = try loaded.readTables()
        let cells = try loaded.place(tables, mixing).cells
        let edges = cascade.edges
        let model = loaded.model
        let responses = edges.map { edge in
            Response(
                subject: .ledger(molecule: edge.molecule, .secreted), time: nil, text: "secreted \(edge.molecule)",
                dimension: .amount)
        }
        // The whole model too: its own numbers, without what was recorded for the graph.
        let outcomes = ensemble.run(edges.count + 1) { index in
            let changed = index == 0 ? model : model.without(.rule(edges[index - 1].rule - 1))
            return Ensemble.Member(model: changed, cells: cells, responses: responses, until: nil, mixing: mixing)
        }
        guard case .measured(let whole, _)? = outcomes.first else { return }
        for (index, outcome) in outcomes.dropFirst().enumerated() {
            switch outcome {
            case .measured(let values, let inductions):
                guard let before = whole[index], let after = values[index] else { continue }
                let gone = edges[index].rule - 1
                let downstream = edges.filter { other in
                    guard other.rule != edges[index].rule else { return false }
                    // Rules after the one that is gone have moved up.
                    let place = other.rule - 1 < gone ? other.rule - 1 : other.rule - 2
                    let left = inductions.first { $0.rule == place }?.induced ?? 0
                    return abs(left) < 0.5 * abs(other.induced)
                }
                cascade.edges[index].confirmation = Cascade.Confirmation(
                    lost: (before - after) / edges[index].induced, downstream: downstream.map(\.rule))
            case .failed(let stop): notes.append("without rule \(edges[index].rule) the run failed: \(stop.message)")
            case .stopped: notes.append("rule \(edges[index].rule) was not taken out: the user stopped it")
            }
        }
    }

    private func finish(_ cascade: Cascade, _ notes: [String], _ folder: ResultFolder, _ loaded: LoadedModel) throws {
        let text = try JSONText.encode(cascade)
        try folder.write(text + "\n", to: "cascade.json")
        let page = try CascadeReport(
            cascade, notes: notes,
            origin: ["Paracrine \(Paracrine.programVersion)", source.model, "seed \(loaded.model.run.seed)"]
        ).write(folder)
        if json {
            Console.answer(text)
            return
        }
        if cascade.edges.isEmpty { Console.answer("No rule changed what cells secrete in this run.") }
        for edge in cascade.edges { Console.answer(CascadeCommand.line(edge)) }
        notes.forEach { Console.complain("note: \($0)") }
        Console.answer("Results: \(folder.path)")
        Console.answer("Report:  \(page)")
    }

    /// "IL-1 → macrophage → IL-6: 1.2e5 molecules, 14 for each captured, 1.5 h later; taken out, 100 % lost".
    private static func line(_ edge: Cascade.Edge) -> String {
        var text = "\(edge.causes.joined(separator: " + ")) → \(edge.cellType) → \(edge.molecule): "
        text += "\(Console.number(edge.induced)) molecules"
        if let gain = edge.gain { text += ", \(Console.number(gain)) for each captured" }
        if let delay = edge.delay { text += ", \(Console.duration(max(delay, 0))) later" }
        if let found = edge.confirmation {
            text += "; taken out, \(Console.number(100 * found.lost)) % lost"
            if !found.downstream.isEmpty {
                text += " and rule \(found.downstream.map { "\($0)" }.joined(separator: ", ")) with it"
            }
        }
        return text
    }
}
