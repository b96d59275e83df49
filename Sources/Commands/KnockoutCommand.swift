import Analysis
import ArgumentParser
import Biology
import Foundation
import ModelFiles
import Results
import Simulation

struct KnockoutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "knockout",
        abstract: "Take each molecule, receptor, cell type and rule out in turn, and say what it changes.",
        discussion: """
            Examples:
              paracrine knockout my-model
              paracrine knockout my-model --response 'mean pSTAT5 of Tresp' --replicates 5
              paracrine knockout my-model --ode

            Everything else stays as it was: the same seeds, cells, places and draws. The results are knockouts.csv, \
            knockouts.json, knockout.html and figures/ (SVG). Ctrl-C keeps the knockouts that are done.
            """)

    @OptionGroup var source: ModelOptions

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "What is measured, the left side of an expect: line; as often as needed. Otherwise every mean of the time courses and all that is expected.",
            valueName: "subject"))
    var response: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Runs of every knockout, each from a seed of its own.", valueName: "count"))
    var replicates = 1

    @OptionGroup var mixed: MixingOptions
    @OptionGroup var threading: ThreadOptions

    @Option(
        help: ArgumentHelp(
            "The folder for the results, new or empty; otherwise NAME.paracrine-knockout here.", valueName: "folder"),
        completion: .directory)
    var out: String?

    @Flag(help: "Show no progress.")
    var quiet = false

    @Flag(help: "Print the effects as JSON.")
    var json = false

    func run() throws {
        guard (1...10_000).contains(replicates) else {
            throw Stop(.usage, "--replicates: error: \(replicates) is not a number of runs\n  fix: give 1 to 10000")
        }
        let threads = try threading.count
        var loaded = try LoadedModel(source, responses: response)
        if response.isEmpty { loaded = try LoadedModel(source, responses: loaded.model.defaultResponses) }
        var responses: [Response] = []
        for one in loaded.checked.responses + (response.isEmpty ? loaded.model.expectedResponses : [])
        where !responses.contains(where: { $0.text == one.text }) {
            responses.append(one)
        }
        guard !responses.isEmpty else {
            throw Stop(
                .model,
                "\(source.model): error: nothing is measured of this model\n  fix: add --response 'mean SIGNAL of CELLTYPE'"
            )
        }
        let runs = KnockoutRuns(
            loaded, responses: responses, replicates: replicates, mixing: try mixed.mixing())
        guard runs.count <= DoseGrid.mostRuns else {
            throw Stop(
                .usage,
                "--replicates: error: knockouts and replicates make \(runs.count) runs, at most \(DoseGrid.mostRuns)\n  fix: give fewer replicates"
            )
        }
        let outcome = try runs.run(Ensemble(threads: threads, isQuiet: quiet || json))
        try finish(outcome, loaded)
    }

    private func finish(_ outcome: KnockoutRuns.Outcome, _ loaded: LoadedModel) throws {
        let folder =
            try out.map { try ResultFolder(creating: $0) }
            ?? ResultFolder(named: loaded.stem, ending: "paracrine-knockout", in: ".")
        let text = try JSONText.encode(outcome.effects)
        try folder.write(text + "\n", to: "knockouts.json")
        let page = try KnockoutReport(
            outcome.effects,
            origin: ["Paracrine \(Paracrine.programVersion)", source.model, "seed \(loaded.model.run.seed)"]
        ).write(folder)
        if json {
            Console.answer(text)
        } else {
            for response in outcome.effects.responses { Console.answer(outcome.effects.line(response)) }
            outcome.effects.notes.forEach { Console.complain("note: \($0)") }
            Console.answer("Results: \(folder.path)")
            Console.answer("Report:  \(page)")
        }
        if outcome.wasStopped { throw Stop(.interrupted, "") }
        if let failure = outcome.failure { throw failure }
    }
}

extension Model {
    /// The means of the time courses, as `--response` names them.
    fileprivate var defaultResponses: [String] {
        Run.columns(self).flatMap { signal in
            cellTypes.filter { has(signal, $0) }.map { "mean \(signal.name) of \($0.name)" }
        }
    }

    /// What the lines of `expect:` measure, beside mass balances.
    fileprivate var expectedResponses: [Response] {
        expectations.compactMap { expectation in
            if case .imbalance = expectation.subject { return nil }
            var response = expectation.response
            let text = expectation.text
            if let cut = text.lastIndex(where: { "<>=".contains($0) }) {
                response.text = String(text[..<cut]).trimmingSpaces
                let time = expectation.time.map { " at \(Console.duration($0.value))" } ?? ""
                response.text += response.text.hasSuffix(time) ? "" : time
            }
            return response
        }
    }
}

extension KnockoutEffects {
    /// A response and what it follows from most.
    fileprivate func line(_ response: Response) -> String {
        let found = effects.filter { $0.response == response.name && ($0.difference?.value ?? 0) != 0 }.sorted {
            abs($0.difference?.value ?? 0) > abs($1.difference?.value ?? 0)
        }
        let unit = response.unit.isEmpty ? "" : " \(response.unit)"
        let parts = found.prefix(3).map { effect in
            "\(Console.number(effect.difference?.value ?? 0)) without \(effect.kind) \(effect.knockout.prefix(40))"
        }
        let baseline = response.baseline.map { "\(Console.number($0.value))\(unit)" } ?? "nothing to measure"
        return "\(response.name): \(baseline); \(parts.isEmpty ? "nothing changes it" : parts.joined(separator: ", "))"
    }
}
