import Biology
import Networks
import Simulation

/// The networks inside the cells: what they read of cells, and what rules, states and recorders read of them.
///
/// They advance after each step of fields and receptors, with every input held at the mean of its values at both ends of
/// the step: second order in the step, as the step itself is. Steps are no longer than the clock of rules. Fields and
/// receptors feel a network through rules alone, which read it at the ends of steps, so nothing is lost between them.
final class CellNetworks {
    /// One network inside the cells of one type.
    struct Inside {
        let type: Int
        let network: ModelNetwork
        let outputs: [String: Int]
        fileprivate(set) var cells: [Int]
        fileprivate(set) var inputs: [CompiledSignal] = []
        /// Numbers of the network in one coherent unit, by input.
        fileprivate let inputScales: [Double]
        fileprivate let outputScales: [Double]
        fileprivate let engine: any NetworkInCells
        /// Inputs at the start of the step, [input][cell].
        fileprivate var atStart: [Double]
        /// In coherent units at both ends of the last step, [output][cell].
        fileprivate var before: [Double]
        fileprivate var now: [Double]
    }

    private(set) var all: [Inside] = []
    /// Of each cell, among the cells of its type.
    private var places: [Int]
    private let ruleStep: Double
    private var stops = 0
    private(set) var failure: NetworkFailure?

    /// `nil` where no cell has a network inside.
    init?(_ model: Model, population: CellPopulation) {
        guard model.cellTypes.contains(where: { !$0.networks.isEmpty }) else { return nil }
        places = CellNetworks.places(population.types, types: model.cellTypes.count)
        ruleStep = model.run.ruleStep.value
        for (type, cellType) in model.cellTypes.enumerated() {
            let cells = (0..<population.count).filter { population.types[$0] == type }
            for use in cellType.networks {
                guard let network = model.network(use.network) else { continue }
                do throws(NetworkFailure) {
                    let ids = cells.map { population.ids[$0] }
                    let engine = try CellNetworks.engine(network, use, cells: ids, model.run, number: all.count)
                    all.append(CellNetworks.inside(network, use, type: type, cells: cells, engine))
                } catch {
                    failure = failure ?? error
                }
            }
        }
    }

    /// Of each cell, how many of its type come before it.
    private static func places(_ cells: [Int], types: Int) -> [Int] {
        var counts = Array(repeating: 0, count: types)
        return cells.map { type in
            counts[type] += 1
            return counts[type] - 1
        }
    }

    /// Cells have come and gone, divided, or are of other types: networks follow them.
    ///
    /// `source` reads the cells as they are now; `oldTypes` are those before.
    func turnOver(
        _ turnover: CellTurnover, oldTypes: [Int], types: Int, _ source: SignalSource
    ) throws(NetworkFailure) {
        let before = places
        places = CellNetworks.places(turnover.types, types: types)
        var living: [[LivingCell]] = []
        for i in all.indices {
            let type = all[i].type
            let cells = turnover.types.indices.filter { turnover.types[$0] == type }
            let found = cells.map { cell in
                LivingCell(
                    id: turnover.ids[cell],
                    origin: origin(i, turnover.origin(of: cell).map { (oldTypes[$0], before[$0]) }),
                    isDaughter: turnover.shares[cell] < 1)
            }
            all[i].now = Array(repeating: 0, count: all[i].outputScales.count * cells.count)
            all[i].atStart = Array(repeating: 0, count: all[i].inputScales.count * cells.count)
            all[i].cells = cells
            living.append(found)
        }
        for i in all.indices {
            let given = all[i].inputs.enumerated().flatMap { input, signal in
                all[i].cells.map { source.value(signal, $0) * all[i].inputScales[input] }
            }
            try all[i].engine.turnOver(living[i], given: given)
            read(i)
            all[i].before = all[i].now
        }
    }

    /// Where a network of a cell comes from that was of a type, at a place among those.
    private func origin(_ i: Int, _ was: (type: Int, place: Int)?) -> LivingCell.Origin {
        guard let was else { return .start }
        if was.type == all[i].type { return .place(was.place) }
        let same = all.first { $0.type == was.type && $0.network.name == all[i].network.name }
        return same.map { .held($0.engine.held(at: was.place)) } ?? .start
    }

    /// Chosen: a network's own error stays far below that of the fields it reads.
    static let toleranceShare = 1e-2

    private static func engine(
        _ network: ModelNetwork, _ use: CellNetwork, cells: [Int], _ run: RunPlan, number: Int
    ) throws(NetworkFailure) -> any NetworkInCells {
        let (inputs, outputs) = (use.inputs.map(\.name), network.variables)
        switch network.content {
        case .reactions(let reactions):
            return try ReactionsInCells(
                reactions, inputs: inputs, outputs: outputs, cells: cells,
                relative: toleranceShare * run.tolerance, seed: run.seed)
        case .logic(let logic):
            return try LogicInCells(
                logic, inputs: inputs, outputs: outputs, cells: cells, seed: run.seed, number: number)
        }
    }

    private static func inside(
        _ network: ModelNetwork, _ use: CellNetwork, type: Int, cells: [Int],
        _ engine: any NetworkInCells
    ) -> Inside {
        let outputs = network.variables
        let empty = Array(repeating: Double.nan, count: outputs.count * cells.count)
        return Inside(
            type: type, network: network,
            outputs: Dictionary(zip(outputs, outputs.indices)) { first, _ in first }, cells: cells,
            inputScales: use.inputs.map { 1 / network.scale(of: $0.name) },
            outputScales: outputs.map { network.scale(of: $0) }, engine: engine,
            atStart: Array(repeating: 0, count: use.inputs.count * cells.count), before: empty, now: empty)
    }

    /// Why a model's networks cannot run inside cells, with the path of the first that cannot; `nil` where they can.
    static func problem(_ model: Model) -> (path: String, problem: String, fix: String)? {
        for type in model.cellTypes {
            for use in type.networks {
                guard let network = model.network(use.network) else { continue }
                do throws(NetworkFailure) {
                    _ = try engine(network, use, cells: [], model.run, number: 0)
                } catch {
                    return ("cells.\(type.name).network.\(use.network)", error.problem, error.fix)
                }
            }
        }
        return nil
    }

    /// Of cells that have been taken over already.
    func keep(in archive: StateArchive, _ population: CellPopulation, types: Int) throws(StateProblem) {
        places = CellNetworks.places(population.types, types: types)
        try archive.keep("networks.stops", &stops)
        for i in all.indices {
            let cells = population.types.indices.filter { population.types[$0] == all[i].type }
            all[i].cells = cells
            try all[i].engine.keep(in: archive)
            try archive.keep("network.at start", &all[i].atStart)
            try archive.keep("network.before", &all[i].before)
            try archive.keep("network.now", &all[i].now)
            let (inputs, outputs) = (all[i].inputScales.count, all[i].outputScales.count)
            guard all[i].atStart.count == inputs * cells.count, all[i].before.count == outputs * cells.count,
                all[i].now.count == outputs * cells.count
            else { throw StateProblem("network", "is of other cells") }
        }
    }

    // MARK: - Signals

    /// Where a network's value is: which network inside which type, and which of its outputs.
    func find(_ network: String, name: String, type: String, _ model: Model) -> (inside: Int, output: Int)? {
        guard
            let index = all.firstIndex(where: { $0.network.name == network && model.cellTypes[$0.type].name == type }),
            let output = all[index].outputs[name]
        else { return nil }
        return (index, output)
    }

    /// Prepares what networks read, now that signals can be compiled.
    func compile(_ model: Model, _ compiler: (Int) -> SignalCompiler) {
        for i in all.indices {
            let uses = model.cellTypes[all[i].type].networks
            guard let use = uses.first(where: { $0.network == all[i].network.name }) else { continue }
            all[i].inputs = use.inputs.map { compiler(all[i].type).compile($0.expression) }
        }
    }

    /// A value in one cell, `share` of the way from the start of the last step to its end.
    func value(_ inside: Int, _ output: Int, cell: Int, share: Double) -> Double {
        let place = output * all[inside].cells.count + places[cell]
        let now = all[inside].now[place]
        if share == 1 { return now }
        let before = all[inside].before[place]
        return before + share * (now - before)
    }

    // MARK: - Time

    /// The end of the step that is to be taken: no later than the next tick of the clock of rules.
    func nextStop(after time: Double) -> Double {
        while Double(stops) * ruleStep <= time { stops += 1 }
        return Double(stops) * ruleStep
    }

    /// Puts every network at its start.
    func start(_ source: SignalSource, team: ThreadTeam) {
        guard failure == nil else { return }
        do throws(NetworkFailure) {
            for i in all.indices {
                give(source, to: i, mean: false)
                try all[i].engine.start(at: 0, team: team)
                read(i)
                all[i].before = all[i].now
            }
        } catch {
            failure = error
        }
    }

    /// Notes what cells give their networks at the start of a step.
    func readStart(_ source: SignalSource) {
        for i in all.indices {
            let count = all[i].cells.count
            for (input, signal) in all[i].inputs.enumerated() {
                for (position, cell) in all[i].cells.enumerated() {
                    all[i].atStart[input * count + position] = source.value(signal, cell)
                }
            }
        }
    }

    /// Advances every network to the end of a step that fields and receptors have taken, which `source` reads.
    func advance(_ source: SignalSource, to time: Double, team: ThreadTeam) throws(NetworkFailure) {
        for i in all.indices { give(source, to: i, mean: true) }
        for i in all.indices {
            try all[i].engine.advance(to: time / all[i].network.clock.value, team: team)
            (all[i].before, all[i].now) = (all[i].now, all[i].before)
            read(i)
        }
    }

    /// Hands over what cells give, as it is at the end of a step or as the mean of both its ends.
    private func give(_ source: SignalSource, to i: Int, mean: Bool) {
        let (engine, count) = (all[i].engine, all[i].cells.count)
        for (input, signal) in all[i].inputs.enumerated() {
            for (position, cell) in all[i].cells.enumerated() {
                let at = input * count + position
                let end = source.value(signal, cell)
                engine.given[at] = (mean ? 0.5 * (all[i].atStart[at] + end) : end) * all[i].inputScales[input]
                // Where nothing jumps, the next step starts from here.
                all[i].atStart[at] = end
            }
        }
    }

    private func read(_ i: Int) {
        let (values, count) = (all[i].engine.values, all[i].cells.count)
        for (output, scale) in all[i].outputScales.enumerated() {
            for at in output * count..<(output + 1) * count { all[i].now[at] = values[at] * scale }
        }
    }
}
