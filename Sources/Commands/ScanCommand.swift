import Analysis
import ArgumentParser
import Biology
import Foundation
import Networks
import Results
import Simulation

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Run a reaction network over values of one or two parameters.",
        discussion: """
            Examples:
              paracrine scan model.xml --vary L=0.01..10:13log --until 24000 --measure 'end T_1'
              paracrine scan model.xml --vary c=0.02..0.04:9 --until 5000 --after 2000 --measure 'period Tumor' \
            --measure 'max Tumor'
              paracrine scan model.xml --vary 'a=0, 1, 2' --vary b=1..100:9log --until 100 --measure 'rest A'

            Values are NAME=LOW..HIGH:COUNT in equal steps, with 'log' at the end in equal ratios, or a list. Measures are \
            end, min, max, mean, period (nothing for what does not oscillate) and rest (where the network rests that the \
            run has brought near a state of rest), each of a name. Runs are ODEs with events; 'rest' leaves events out. The \
            results are scan.csv, scan.json, scan.html and figures/ (SVG, CSV). Ctrl-C keeps the runs that are done.
            """)

    @OptionGroup var source: NetworkOptions

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A parameter, or the start of a species, and its values; once or twice.", valueName: "name=values"))
    var vary: [String] = []

    @Option(help: ArgumentHelp("The end of each run, in the network's unit of time.", valueName: "time"))
    var until: Double

    @Option(
        help: ArgumentHelp(
            "From when min, max, mean and period are taken, otherwise from the start.", valueName: "time"))
    var after = 0.0

    @Option(
        name: .customLong("measure"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "What is measured, such as 'end IFN'; otherwise the end of all that changes.", valueName: "what name"))
    var measures: [String] = []

    @OptionGroup var threading: ThreadOptions

    @Option(
        help: ArgumentHelp(
            "The folder for the results, new or empty; otherwise NAME.paracrine-scan here.", valueName: "folder"),
        completion: .directory)
    var out: String?

    @Flag(help: "Show no progress.")
    var quiet = false

    @Flag(help: "Print the values as JSON.")
    var json = false

    /// Chosen: at a millisecond a run, a minute and a half.
    static let mostRuns = 100_000

    func run() throws {
        let threads = try threading.count
        let chosen = try ChosenNetwork(source)
        let axes = try axes(chosen)
        let measures = try ScanMeasure.read(measures, chosen)
        guard until > 0, until.isFinite, (0..<until).contains(after) else {
            throw Stop(
                .usage,
                "--until, --after: error: runs go from 0 to \(until), and measuring begins at \(after)\n  fix: give an end above 0, and a beginning before it"
            )
        }
        let combinations = axes.reduce([[]]) { combinations, axis in
            combinations.flatMap { combination in axis.values.map { combination + [$0] } }
        }
        guard combinations.count <= ScanCommand.mostRuns else {
            throw Stop(
                .usage,
                "--vary: error: these values make \(combinations.count) runs, at most \(ScanCommand.mostRuns)\n  fix: give fewer values"
            )
        }
        let runs = ScanRuns(
            network: chosen.network, parameters: axes.map(\.name), measures: measures, until: until, after: after)
        Interruption.watch()
        let outcomes = Ensemble(threads: threads, isQuiet: quiet || json).each(combinations.count) { index, _, _ in
            runs.run(combinations[index])
        }
        try finish(outcomes, combinations, runs, chosen)
    }

    private func axes(_ chosen: ChosenNetwork) throws -> [(name: String, values: [Double])] {
        let axes = try vary.map { try NamedNumbers.values($0, option: "--vary") }
        guard (1...2).contains(axes.count), Set(axes.map(\.name)).count == axes.count else {
            throw Stop(
                .usage,
                "--vary: error: \(axes.count) are varied, expected one or two different ones\n  fix: give --vary NAME=LOW..HIGH:COUNT once or twice"
            )
        }
        for axis in axes where chosen.network.with([axis.name: 0]).unknown.contains(axis.name) {
            throw ChosenNetwork.unknown(axis.name, "--vary", chosen.network)
        }
        return axes
    }

    private func finish(
        _ outcomes: [ScanRuns.Outcome?], _ combinations: [[Double]], _ runs: ScanRuns, _ chosen: ChosenNetwork
    ) throws {
        var scan = ParameterScan(
            network: chosen.network.name.isEmpty ? chosen.stem : chosen.network.name, parameters: runs.parameters,
            measures: runs.measures.map(\.text), points: [], notes: [])
        var failure: Stop?
        for (combination, outcome) in zip(combinations, outcomes) {
            switch outcome {
            case .measured(let values): scan.points.append(.init(parameters: combination, values: values))
            case .failed(let stop):
                scan.points.append(.init(parameters: combination, values: runs.measures.map { _ in nil }))
                failure = failure ?? stop
            case nil: break
            }
        }
        let failed = outcomes.count { if case .failed = $0 { true } else { false } }
        if let failure {
            scan.notes.append("\(failed) of \(outcomes.count) runs failed; the first: \(failure.message)")
        }
        if scan.points.count < combinations.count {
            scan.notes.append("\(combinations.count - scan.points.count) of \(combinations.count) runs were not begun")
        }
        let folder =
            try out.map { try ResultFolder(creating: $0) }
            ?? ResultFolder(named: chosen.stem, ending: "paracrine-scan", in: ".")
        let text = try JSONText.encode(scan)
        try folder.write(text + "\n", to: "scan.json")
        let page = try ParameterScanReport(scan, origin: ["Paracrine \(Paracrine.programVersion)", chosen.path])
            .write(folder)
        if json {
            Console.answer(text)
        } else {
            scan.notes.forEach { Console.complain("note: \($0)") }
            Console.answer("\(scan.points.count) runs")
            Console.answer("Results: \(folder.path)")
            Console.answer("Report:  \(page)")
        }
        if Interruption.isRequested { throw Stop(.interrupted, "") }
        if let failure, failed == outcomes.count { throw Stop(failure.code, "") }
    }
}

/// What is measured of a run: "max Tumor".
struct ScanMeasure: Sendable {
    enum Kind: String, CaseIterable, Sendable { case end, min, max, mean, period, rest }
    let kind: Kind
    let name: String

    var text: String { "\(kind.rawValue) \(name)" }

    static func read(_ texts: [String], _ chosen: ChosenNetwork) throws -> [ScanMeasure] {
        if texts.isEmpty { return chosen.changing.map { ScanMeasure(kind: .end, name: $0) } }
        return try texts.map { text in
            let words = text.split(separator: " ").map(String.init)
            guard words.count == 2, let kind = Kind(rawValue: words[0]) else {
                throw Stop(
                    .usage,
                    "--measure: error: '\(Console.shown(text))' is not a measure\n  fix: write one of \(Kind.allCases.map(\.rawValue).joined(separator: ", ")), then a name"
                )
            }
            _ = try chosen.quantities([words[1]])
            return ScanMeasure(kind: kind, name: words[1])
        }
    }
}

/// The runs of a scan, each for itself.
struct ScanRuns: Sendable {
    enum Outcome: Sendable {
        case measured([Double?])
        case failed(Stop)
    }

    let network: ReactionNetwork
    let parameters: [String]
    let measures: [ScanMeasure]
    let until: Double
    let after: Double

    /// Chosen: so many values of a run are looked at; a period needs a few of its own.
    private static let samples = 2000

    func run(_ values: [Double]) -> Outcome {
        let changed = network.with(Dictionary(zip(parameters, values)) { first, _ in first }).network
        do {
            let step = (until - after) / Double(ScanRuns.samples)
            let times = (after > 0 ? [0] : []) + (0...ScanRuns.samples).map { min(after + Double($0) * step, until) }
            let names = measures.map(\.name)
            let course = try OrdinaryCourse(changed).run(
                CourseRequest(times: times, outputs: names.map { .init($0) }), relative: 1e-7, absolute: 1e-12, seed: 1)
            let first = after > 0 ? 1 : 0
            let rest = measures.contains { $0.kind == .rest } ? try resting(changed, names) : nil
            return .measured(
                measures.indices.map { index in
                    let column = times.indices.dropFirst(first).map { course.values[$0 * names.count + index] }
                    return measure(measures[index].kind, column, step, rest?[index])
                })
        } catch {
            return .failed(Stop(error))
        }
    }

    private func measure(_ kind: ScanMeasure.Kind, _ values: [Double], _ step: Double, _ rest: Double?) -> Double? {
        switch kind {
        case .end: values.last
        case .min: values.min()
        case .max: values.max()
        case .mean: (values.reduce(0, +) - ((values.first ?? 0) + (values.last ?? 0)) / 2) / Double(values.count - 1)
        case .period: Oscillation.period(of: values, step: step)
        case .rest: rest
        }
    }

    /// The quantities where the network rests that the run has brought near a state of rest; `nil` where there is none.
    private func resting(_ network: ReactionNetwork, _ names: [String]) throws -> [Double]? {
        let resting = try NetworkAtRest(network, outputs: names.map { .init($0) })
        let problem = try resting.problem()
        let request = CourseRequest(times: [0, until], outputs: resting.unknowns.map { .init($0) })
        let end = try OrdinaryCourse(network).run(request, relative: 1e-7, absolute: 1e-12, seed: 1).row(1)
        var search = resting.search(starts: 0)
        search.others = [zip(end, resting.namedPerUnit).map { $0 / $1 }]
        guard let state = search.run(problem).equilibria.first else { return nil }
        return resting.outputs(at: state.values, setting: problem.setting)
    }
}
