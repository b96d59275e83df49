import ArgumentParser
import Biology
import Foundation
import Networks

/// How states of rest are searched for; shared by commands that do.
struct SearchOptions: ParsableArguments {
    @Option(
        name: .customLong("range"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Where starts of a species lie, such as T=1..1e9; otherwise six powers of ten to both sides of its own.",
            valueName: "name=low..high"))
    var ranges: [String] = []

    @Option(parsing: .unconditional, help: ArgumentHelp("How many starts the search has.", valueName: "count"))
    var starts = 256

    @Option(parsing: .unconditional, help: ArgumentHelp("Which starts.", valueName: "number"))
    var seed: UInt64 = 1

    func search(_ resting: NetworkAtRest) throws -> SteadyStateSearch {
        guard (0...1_000_000).contains(starts) else {
            throw Stop(.usage, "--starts: error: \(starts) is not a number of starts\n  fix: give 0 to 1000000")
        }
        var given: [String: ClosedRange<Double>] = [:]
        for text in ranges {
            let (name, range) = try NamedNumbers.range(text, option: "--range", example: "T=1..1e9")
            guard resting.unknowns.contains(name) else {
                throw Stop(
                    .usage,
                    "--range: error: nothing changes '\(Console.shown(name))'\n  fix: use one of: \(resting.unknowns.prefix(12).joined(separator: ", "))"
                )
            }
            given[name] = range
        }
        var search = resting.search(ranges: given, starts: starts)
        search.seed = seed
        search.isStopped = { Interruption.isRequested }
        return search
    }
}

struct SteadyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "steady", abstract: "Find where a reaction network rests, and what a small push does there.",
        discussion: """
            Examples:
              paracrine steady model.xml
              paracrine steady model.xml --set c=0.02 --range T=1..1e9 --starts 1000
              paracrine steady model.xml --sensitivity k_on --sensitivity k_off --json

            Newton's method from many starts, with the totals of conserved moieties kept. It is a search: what it finds is \
            there, but nothing proves that there is no more. A state is a node or a focus (which turns), stable, unstable \
            or a saddle, by the eigenvalues of the Jacobian among the unknowns that are free. Numbers are in the network's \
            own units.
            """)

    @OptionGroup var source: NetworkOptions

    @OptionGroup var searching: SearchOptions

    @Option(
        name: .customLong("from-run"),
        help: ArgumentHelp(
            "Run for this long, in the network's unit of time, and find the state that is reached.", valueName: "time"))
    var fromRun: Double?

    @Option(
        name: .customLong("quantity"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("What is shown of states, otherwise all that changes.", valueName: "name"))
    var quantities: [String] = []

    @Option(
        name: .customLong("sensitivity"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "How states shift with this parameter, or with the start of this species; as often as needed.",
            valueName: "name"))
    var sensitivities: [String] = []

    @Flag(help: "Print the states as JSON.")
    var json = false

    func run() throws {
        let chosen = try ChosenNetwork(source)
        let names = try chosen.quantities(quantities)
        if let unknown = sensitivities.first(where: { name in chosen.network.with([name: 0]).unknown.contains(name) }) {
            throw ChosenNetwork.unknown(unknown, "--sensitivity", chosen.network)
        }
        let resting = try NetworkAtRest(
            chosen.network, varying: sensitivities, outputs: names.map { .init($0) })
        let problem = try resting.problem()
        var search = try searching.search(resting)
        if let fromRun { try start(&search, at: reached(after: fromRun, resting, chosen)) }
        Interruption.watch()
        let outcome = search.run(problem)
        let answer = try SteadyAnswer(
            chosen, names: names, outcome: outcome,
            values: outcome.equilibria.map { resting.outputs(at: $0.values, setting: problem.setting) },
            sensitivities: sensitivities,
            slopes: outcome.equilibria.map { resting.sensitivities(problem, at: $0.values, to: sensitivities) })
        Console.answer(json ? try JSONText.encode(answer) : answer.text)
        if !json { chosen.notes.forEach { Console.complain("note: \($0)") } }
        if Interruption.isRequested { throw Stop(.interrupted, "") }
    }

    /// One start instead of many.
    private func start(_ search: inout SteadyStateSearch, at values: [Double]) {
        search.starts = 0
        search.others = [values]
    }

    private func reached(after time: Double, _ resting: NetworkAtRest, _ chosen: ChosenNetwork) throws -> [Double] {
        guard time > 0, time.isFinite else {
            throw Stop(.usage, "--from-run: error: \(time) is not a length of time\n  fix: give a number above 0")
        }
        guard chosen.network.events.isEmpty else {
            throw Stop(
                .usage,
                "--from-run: error: the network has events, which a state of rest leaves out\n  fix: leave out --from-run, and give ranges with --range"
            )
        }
        let request = CourseRequest(times: [0, time], outputs: resting.unknowns.map { .init($0) })
        let end = try OrdinaryCourse(chosen.network).run(request, relative: 1e-8, absolute: 1e-12, seed: 1).row(1)
        return zip(end, resting.namedPerUnit).map { $0 / $1 }
    }
}

/// States of rest as they are printed.
struct SteadyAnswer: Encodable {
    struct State: Encodable {
        var kind: String
        var isStable: Bool
        var values: [String: Double]
        /// Real and imaginary parts.
        var eigenvalues: [[Double]]
        var sensitivities: [Sensitivity]
    }

    struct Sensitivity: Encodable {
        var of: String
        var to: String
        /// d of / d to.
        var slope: Double
        /// (to / of) · slope: by how many per cent for one per cent.
        var scaled: Double
    }

    var network: String
    var starts: Int
    var arrived: Int
    var states: [State]
    var notes: [String]
    private let names: [String]

    private enum CodingKeys: CodingKey { case network, starts, arrived, states, notes }

    init(
        _ chosen: ChosenNetwork, names: [String], outcome: SteadyStateSearch.Outcome, values: [[Double]],
        sensitivities: [String], slopes: [[[Double]]?]
    ) throws {
        network = chosen.network.name.isEmpty ? chosen.stem : chosen.network.name
        (starts, arrived, notes) = (outcome.starts, outcome.arrived, chosen.notes)
        self.names = names
        let parameters = try NetworkAtRest(chosen.network)
        states = zip(zip(outcome.equilibria, values), slopes).map { pair, slopes in
            let (state, values) = pair
            var found: [Sensitivity] = []
            for (name, row) in zip(sensitivities, slopes ?? []) {
                for (quantity, (value, slope)) in zip(names, zip(values, row)) {
                    let scaled = value != 0 ? slope * (parameters.given(name) ?? .nan) / value : .nan
                    found.append(Sensitivity(of: quantity, to: name, slope: slope, scaled: scaled))
                }
            }
            return State(
                kind: state.kind.rawValue, isStable: state.isStable,
                values: Dictionary(zip(names, values)) { first, _ in first },
                eigenvalues: state.eigenvalues.map { [$0.real, $0.imaginary] }, sensitivities: found)
        }
    }

    var text: String {
        let count =
            states.count == 1 ? "1 state of rest" : "\(states.isEmpty ? "No" : "\(states.count)") states of rest"
        var lines = [
            "\(count) found from \(starts) starts, of which \(arrived) arrived. It is a search: there may be more."
        ]
        let width = names.map(\.count).max() ?? 0
        for (index, state) in states.enumerated() {
            lines.append("\n\(index + 1). \(state.kind)\(SteadyAnswer.slowest(state.eigenvalues))")
            for name in names {
                let padded = name.padding(toLength: width, withPad: " ", startingAt: 0)
                lines.append("   \(Console.plain(padded))  \(SteadyAnswer.number(state.values[name] ?? .nan))")
            }
            for shift in state.sensitivities {
                lines.append(
                    "   d \(shift.of) / d \(shift.to) = \(SteadyAnswer.number(shift.slope))  (scaled \(SteadyAnswer.number(shift.scaled)))"
                )
            }
        }
        return lines.joined(separator: "\n")
    }

    /// The eigenvalue that decides, in words.
    private static func slowest(_ eigenvalues: [[Double]]) -> String {
        guard let first = eigenvalues.first else { return "" }
        let turn = first[1] == 0 ? "" : " ± \(number(abs(first[1])))i"
        return ", slowest eigenvalue \(number(first[0]))\(turn)"
    }

    /// With six digits, of which no zero is idle.
    private static func number(_ value: Double) -> String { value.isFinite ? String(format: "%.6g", value) : "–" }
}
