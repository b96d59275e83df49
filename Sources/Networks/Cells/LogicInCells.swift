public import Biology
public import Simulation

/// A logical network inside every cell of a population, each with a state and chance of its own.
///
/// A node that cells give stands at the level nearest to what is given.
public final class LogicInCells: NetworkInCells {
    public var given: [Double]
    public private(set) var values: [Double]
    private var population: BooleanPopulation
    private var time = 0.0
    private var step = 0
    private let inputs: [Int]
    private let outputs: [Int]

    /// Nodes are named by `inputs` and `outputs`; `number` tells several networks inside the same cells apart.
    ///
    /// - Throws: ``NetworkFailure`` where the network cannot be run, or lacks a name.
    public init(
        _ network: BooleanNetwork, inputs: [String], outputs: [String], cells: [Int], seed: UInt64, number: Int
    ) throws(NetworkFailure) {
        let program = try BooleanProgram(network)
        func places(_ names: [String]) throws(NetworkFailure) -> [Int] {
            try names.map { name throws(NetworkFailure) in
                if let place = program.places[name] { return place }
                throw NetworkFailure(
                    .malformed, problem: "no node is called '\(name)'", fix: "ask for what the network has")
            }
        }
        self.inputs = try places(inputs)
        self.outputs = try places(outputs)
        population = BooleanPopulation(program, seed: seed, network: number)
        for id in cells { population.add(cell: id) }
        given = Array(repeating: 0, count: inputs.count * cells.count)
        values = Array(repeating: .nan, count: outputs.count * cells.count)
    }

    public func start(at time: Double, team: ThreadTeam) throws(NetworkFailure) {
        self.time = time
        takeInputs()
        read()
    }

    public func turnOver(_ cells: [LivingCell], given: [Double]) throws(NetworkFailure) {
        population.turnOver(cells)
        self.given = given
        values = Array(repeating: .nan, count: outputs.count * cells.count)
        takeInputs()
        read()
    }

    public func held(at place: Int) -> [Double] {
        population.program.network.nodes.indices.map { node in
            inputs.contains(node) ? .nan : Double(population.level(of: node, at: place))
        }
    }

    public func advance(to end: Double, team: ThreadTeam) throws(NetworkFailure) {
        takeInputs()
        step += 1
        try population.advance(by: end - time, step: step, team: team)
        time = end
        read()
    }

    public func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("logic.given", &given)
        try archive.keep("logic.values", &values)
        try archive.keep("logic.time", &time)
        try archive.keep("logic.step", &step)
        try population.keep(in: archive)
        let count = population.ids.count
        guard given.count == inputs.count * count, values.count == outputs.count * count else {
            throw StateProblem("logic", "is of other cells")
        }
    }

    private func takeInputs() {
        let count = population.ids.count
        for (input, node) in inputs.enumerated() {
            let highest = Double(population.program.network.nodes[node].highestLevel)
            for cell in 0..<count {
                let value = given[input * count + cell]
                population.set(node, to: value > 0 ? Int(min(value.rounded(), highest)) : 0, at: cell)
            }
        }
    }

    private func read() {
        let count = population.ids.count
        for (output, node) in outputs.enumerated() {
            for cell in 0..<count {
                values[output * count + cell] = Double(population.level(of: node, at: cell))
            }
        }
    }
}
