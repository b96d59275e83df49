import Analysis
import ArgumentParser
import Biology
import Foundation
import Networks
import Results
import Simulation

struct ContinuationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "continuation",
        abstract: "Follow where a network rests over a parameter: where states turn and oscillations begin.",
        discussion: """
            Examples:
              paracrine continuation model.xml --over c=1e-5..0.05
              paracrine continuation model.xml --over x=1..49 --quantity RA --quantity F --cycles 0

            States are searched for at several values of the parameter and each is followed to its ends, also around \
            turns. Folds (two states meet) and Hopf points (oscillations begin) are located; beyond Hopf points the \
            network is run until it repeats itself. The results are branches.csv, specials.csv, cycles.csv, \
            continuation.json, continuation.html and figures/ (SVG, CSV). Ctrl-C keeps what is done.
            """)

    @OptionGroup var source: NetworkOptions

    @Option(
        help: ArgumentHelp(
            "The parameter and its range; of a species the start, which sets the total of its moiety.",
            valueName: "name=low..high"))
    var over: String

    @Option(
        name: .customLong("quantity"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("What is drawn, otherwise all that changes, up to 12.", valueName: "name"))
    var quantities: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("At how many values of the parameter oscillations are measured.", valueName: "count"))
    var cycles = 12

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("At how many values of the parameter states are searched for.", valueName: "count"))
    var looks = 5

    @OptionGroup var searching: SearchOptions

    @OptionGroup var threading: ThreadOptions

    @Option(
        help: ArgumentHelp(
            "The folder for the results, new or empty; otherwise NAME.paracrine-continuation here.", valueName: "folder"
        ),
        completion: .directory)
    var out: String?

    @Flag(help: "Show no progress.")
    var quiet = false

    @Flag(help: "Print the branches as JSON.")
    var json = false

    func run() throws {
        guard (0...10_000).contains(cycles), (1...1000).contains(looks) else {
            throw Stop(
                .usage, "--cycles, --looks: error: not such numbers\n  fix: give 0 to 10000 cycles, and 1 to 1000 looks"
            )
        }
        let threads = try threading.count
        let chosen = try ChosenNetwork(source)
        let (parameter, range) = try NamedNumbers.range(over, option: "--over", example: "c=1e-5..0.05")
        if chosen.network.with([parameter: 0]).unknown.contains(parameter) {
            throw ChosenNetwork.unknown(parameter, "--over", chosen.network)
        }
        var names = try chosen.quantities(quantities)
        if quantities.isEmpty { names = Array(names.prefix(12)) }
        let resting = try NetworkAtRest(chosen.network, varying: [parameter], outputs: names.map { .init($0) })
        let search = try searching.search(resting)
        let problem = try resting.problem([parameter: range.lowerBound])
        Interruption.watch()
        var continuation = Continuation(problem, over: range, search: search) { resting.setting([parameter: $0]) }
        continuation.isStopped = { Interruption.isRequested }
        var following = BifurcationDiagram(continuation, search: search)
        following.looks = looks
        let outcome = following.run()
        let turning = BifurcationDiagram.spread(outcome.branches, count: cycles)
        let measured = Ensemble(threads: threads, isQuiet: quiet || json).each(turning.count) { index, _, _ in
            ContinuationCommand.cycle(resting, parameter, turning[index])
        }
        var diagram = StateDiagram(
            network: chosen.network.name.isEmpty ? chosen.stem : chosen.network.name, parameter: parameter,
            range: [range.lowerBound, range.upperBound], quantities: names)
        diagram.notes = chosen.notes
        fill(&diagram, outcome, measured.compactMap { $0 ?? nil }, resting)
        try finish(diagram, chosen)
    }

    /// What a network does that is pushed out of an unstable state; `nil` where it does not settle on an oscillation.
    private static func cycle(
        _ resting: NetworkAtRest, _ parameter: String, _ point: BranchPoint
    ) -> StateDiagram.Cycle? {
        let setting = resting.setting([parameter: point.parameter])
        var search = LimitCycleSearch(around: point.equilibrium)
        search.isStopped = { Interruption.isRequested }
        search.watched = { resting.outputs(at: $0, setting: setting) }
        // Chosen: 5 % is out of the state and within its reach.
        let start = point.equilibrium.values.map { $0 * 1.05 }
        let found = try? search.run(resting.system, inputs: setting.inputs, from: start)
        guard let cycle = found ?? nil else { return nil }
        return StateDiagram.Cycle(
            parameter: point.parameter, period: cycle.period, least: cycle.leastWatched, greatest: cycle.greatestWatched
        )
    }

    private func fill(
        _ diagram: inout StateDiagram, _ outcome: BifurcationDiagram.Outcome, _ cycles: [StateDiagram.Cycle],
        _ resting: NetworkAtRest
    ) {
        let parameter = diagram.parameter
        func state(_ value: Double, _ equilibrium: Equilibrium) -> StateDiagram.State {
            StateDiagram.State(
                parameter: value,
                values: resting.outputs(at: equilibrium.values, setting: resting.setting([parameter: value])),
                kind: equilibrium.kind.rawValue, isStable: equilibrium.isStable)
        }
        diagram.branches = outcome.branches.map { branch in
            StateDiagram.Branch(
                states: branch.points.map { state($0.parameter, $0.equilibrium) },
                specials: branch.specials.map {
                    StateDiagram.Special(
                        kind: $0.kind.rawValue, state: state($0.parameter, $0.equilibrium),
                        angularFrequency: $0.angularFrequency, after: $0.after)
                }, ends: branch.ends.map(\.rawValue))
        }
        diagram.cycles = cycles
        if !outcome.lost.isEmpty {
            diagram.notes.append(
                "\(outcome.lost.count) states were found that could not be followed: they are degenerate")
        }
        for branch in outcome.branches where branch.ends.contains(.stuck) {
            diagram.notes.append("a branch ends where no further step was found")
        }
    }

    private func finish(_ diagram: StateDiagram, _ chosen: ChosenNetwork) throws {
        let folder =
            try out.map { try ResultFolder(creating: $0) }
            ?? ResultFolder(named: chosen.stem, ending: "paracrine-continuation", in: ".")
        let text = try JSONText.encode(diagram)
        try folder.write(text + "\n", to: "continuation.json")
        let page = try StateDiagramReport(
            diagram, origin: ["Paracrine \(Paracrine.programVersion)", chosen.path, "seed \(searching.seed)"]
        ).write(folder)
        if json {
            Console.answer(text)
        } else {
            Console.answer(
                "\(diagram.branches.count == 1 ? "1 branch" : "\(diagram.branches.count) branches") of states of rest over \(diagram.parameter)"
            )
            for special in diagram.specials { Console.answer(line(special, diagram)) }
            for cycle in diagram.cycles {
                Console.answer(
                    "oscillation at \(diagram.parameter) = \(Console.number(cycle.parameter)): period \(Console.number(cycle.period))"
                )
            }
            diagram.notes.forEach { Console.complain("note: \($0)") }
            Console.answer("Results: \(folder.path)")
            Console.answer("Report:  \(page)")
        }
        if Interruption.isRequested { throw Stop(.interrupted, "") }
    }

    /// "Hopf point at c = 0.0324644: oscillations begin, angular frequency 0.067056".
    private func line(_ special: StateDiagram.Special, _ diagram: StateDiagram) -> String {
        let place = "\(diagram.parameter) = \(String(format: "%.7g", special.state.parameter))"
        switch special.kind {
        case "fold": return "fold at \(place): two states meet"
        case "hopf":
            let speed = String(format: "%.6g", special.angularFrequency ?? .nan)
            return "Hopf point at \(place): oscillations begin, angular frequency \(speed)"
        default: return "branch point at \(place): branches cross"
        }
    }
}
