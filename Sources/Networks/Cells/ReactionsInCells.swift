public import Biology
public import Simulation

/// A reaction network inside every cell of a population, as ODEs.
///
/// A network without events, delays and switches is advanced in lanes by ``NetworkPopulation``; any other in blocks of
/// eight cells that share their steps and stop where one of them jumps.
public final class ReactionsInCells: NetworkInCells {
    /// Of the cells, in their order here.
    public private(set) var ids: [Int]
    public let inputs: [String]
    public let outputs: [String]
    public private(set) var time: Double
    public private(set) var values: [Double]
    public var given: [Double]

    private let compiled: CompiledNetwork
    private let program: PreparedProgram
    private let relative: Double
    private let seed: UInt64
    private var places: [InputPlace] = []
    private var cells: Advancing = .waiting
    /// By block of those that switch, why it cannot go on.
    private var failures: [NetworkFailure?] = []
    /// One a member of the team.
    private var evaluators: [NetworkEvaluator] = []

    private enum Advancing {
        /// Until the first inputs are there.
        case waiting
        case smooth(NetworkPopulation)
        case switching([NetworkRun])
    }

    /// Where an input goes: its row of what is held, and how many of that row's numbers one of its own is.
    private struct InputPlace {
        let row: Int
        var factor = 1.0
    }

    static let lanes = 8

    /// A network compiled for cells, before its start.
    ///
    /// - Parameters:
    ///   - network: what reacts.
    ///   - inputs: names that cells give; nothing in the network may change them.
    ///   - outputs: names whose values are read.
    ///   - cells: ids of the cells.
    ///   - relative: the largest error of a step, as part of a value.
    ///   - seed: of what events draw; each cell draws on its own.
    /// - Throws: ``NetworkFailure`` where the network cannot be run.
    public init(
        _ network: ReactionNetwork, inputs: [String], outputs: [String], cells: [Int], relative: Double, seed: UInt64
    ) throws(NetworkFailure) {
        compiled = try CompiledNetwork(network)
        program = PreparedProgram(try compiled.terms(of: outputs.map { CourseRequest.Output($0) }), of: compiled)
        ids = cells
        (self.inputs, self.outputs, self.relative, self.seed) = (inputs, outputs, relative, seed)
        time = 0
        values = Array(repeating: .nan, count: outputs.count * cells.count)
        given = Array(repeating: 0, count: inputs.count * cells.count)
        places = try inputs.map { name throws(NetworkFailure) in try place(of: name) }
    }

    private func place(of name: String) throws(NetworkFailure) -> InputPlace {
        if let row = compiled.layout.held(of: .named(name)) { return InputPlace(row: row) }
        if let species = compiled.roles.species(name), let row = compiled.layout.held(of: .amount(species)) {
            let inside = compiled.network.species[species].compartment
            let compartment = compiled.network.compartments.first { $0.name == inside }
            if compiled.roles.meansAmount(species) { return InputPlace(row: row) }
            if let size = compartment?.size, compartment?.isConstant == true {
                return InputPlace(row: row, factor: size)
            }
        }
        throw NetworkFailure(
            .unsupported, problem: "'\(name)' cannot be given from outside: it changes, or its compartment does",
            fix: "give a parameter that nothing in the network changes")
    }

    // MARK: - Start

    public func start(at time: Double, team: ThreadTeam) throws(NetworkFailure) {
        self.time = time
        let start = NetworkStart(compiled)
        let states = ids.indices.map { state(of: $0, start) }
        let largest = states.lazy.flatMap(\.unknowns).filter(\.isFinite).map(\.magnitude).max() ?? 0
        // Chosen: what is a thousandth of the largest amount at the start counts as nothing beside it.
        let absolute = 1e-3 * relative * (largest > 0 ? largest : 1)
        let tolerance = StepTolerance(
            relative: relative, absolute: Array(repeating: absolute, count: compiled.layout.unknowns.count))
        let isSmooth =
            compiled.modes.isEmpty && compiled.delays.isEmpty && compiled.events.isEmpty
            && !compiled.layout.unknowns.isEmpty
        if isSmooth {
            let population = NetworkPopulation(NetworkEquations(compiled), tolerance: tolerance, time: time)
            for (cell, state) in states.enumerated() {
                population.add(cell: ids[cell], values: state.unknowns, inputs: state.helds)
            }
            cells = .smooth(population)
        } else {
            cells = .switching(try blocks(states, tolerance: tolerance))
        }
        read(team)
    }

    /// What a cell starts with, given what it is given.
    private func state(
        of cell: Int, _ start: NetworkStart
    ) -> (unknowns: [Double], helds: [Double], givens: [Double]) {
        var givens = compiled.layout.givenValues
        for (input, name) in inputs.enumerated() {
            givens[compiled.layout.given(name)] = given[input * ids.count + cell]
        }
        var stream = RandomStream(seed: seed, cell: ids[cell], purpose: .draw)
        var state = start.evaluate(givens: givens, at: time, from: &stream)
        for (input, place) in places.enumerated() {
            state.helds[place.row] = given[input * ids.count + cell] * place.factor
        }
        return (state.unknowns, state.helds, givens)
    }

    // MARK: - Cells that come, go and divide

    /// - Throws: ``NetworkFailure`` where the network has events, delays or switches: what is pending in one cell cannot be
    ///   handed on.
    public func turnOver(_ cells: [LivingCell], given: [Double]) throws(NetworkFailure) {
        guard case .smooth(let before) = self.cells else {
            throw NetworkFailure(
                .unsupported,
                problem: "a network with events, delays or switches cannot be inside cells that come and go",
                fix: "write it without them, or take divides, dies and becomes from its cells")
        }
        (ids, self.given) = (cells.map(\.id), given)
        values = Array(repeating: .nan, count: outputs.count * cells.count)
        let halved = compiled.network.species.indices.filter(compiled.roles.meansAmount).compactMap {
            compiled.layout.unknown(of: .amount($0))
        }
        let start = NetworkStart(compiled)
        let population = before.emptied(at: time)
        for (index, cell) in cells.enumerated() {
            let (values, inputs): ([Double], [Double])
            switch cell.origin {
            case .start: (values, inputs, _) = state(of: index, start)
            case .place(let origin): (values, inputs) = (before.values(at: origin), before.inputs(at: origin))
            case .held(let held): (values, inputs) = (held, state(of: index, start).helds)
            }
            population.add(cell: cell.id, values: halve(values, in: cell, halved), inputs: inputs)
        }
        self.cells = .smooth(population)
        read(nil)
    }

    /// A daughter has half of each amount that her mother had.
    private func halve(_ values: [Double], in cell: LivingCell, _ halved: [Int]) -> [Double] {
        if case .start = cell.origin { return values }
        guard cell.isDaughter else { return values }
        var values = values
        for unknown in halved { values[unknown] *= 0.5 }
        return values
    }

    public func held(at place: Int) -> [Double] {
        guard case .smooth(let population) = cells else { return [] }
        return population.values(at: place)
    }

    private func blocks(
        _ states: [(unknowns: [Double], helds: [Double], givens: [Double])], tolerance: StepTolerance
    ) throws(NetworkFailure) -> [NetworkRun] {
        let equations = NetworkEquations(compiled)
        let programs = SwitchPrograms(compiled)
        var runs: [NetworkRun] = []
        for first in stride(from: 0, to: ids.count, by: Self.lanes) {
            // Lanes beyond the last cell become copies of their block's first.
            let block = (0..<Self.lanes).map { first + $0 < ids.count ? first + $0 : first }
            let evaluator = NetworkEvaluator(compiled, programs: programs.all, lanes: Self.lanes)
            let run = try NetworkRun(
                compiled, equations: equations, programs: programs, evaluator: evaluator, tolerance: tolerance,
                grain: .infinity,
                streams: block.map { RandomStream(seed: seed, cell: ids[$0], step: 1, purpose: .draw) })
            for (lane, cell) in block.enumerated() {
                let state = states[cell]
                run.set(
                    lane: lane, givens: state.givens, unknowns: state.unknowns, helds: state.helds, at: time)
            }
            try run.begin(at: time)
            runs.append(run)
        }
        return runs
    }

    // MARK: - Time

    public func advance(to end: Double, team: ThreadTeam) throws(NetworkFailure) {
        precondition(end >= time, "time runs forwards")
        switch cells {
        case .waiting: preconditionFailure("a network starts before it advances")
        case .smooth(let population):
            for (input, place) in places.enumerated() {
                for cell in ids.indices {
                    population.setInput(place.row, to: given[input * ids.count + cell] * place.factor, at: cell)
                }
            }
            try population.advance(to: end, team: team)
        case .switching(let runs): try advance(runs, to: end, team: team)
        }
        time = end
        read(team)
    }

    private func advance(_ runs: [NetworkRun], to end: Double, team: ThreadTeam) throws(NetworkFailure) {
        while failures.count < runs.count { failures.append(nil) }
        unsafe failures.withUnsafeMutableBufferPointer { failures in
            team.run(chunks: runs.count) { block in
                do throws(NetworkFailure) {
                    let run = runs[block]
                    give(to: run, block: block)
                    // Looks for what switches at least ten times a call (chosen).
                    run.grain = (end - run.time) / 10
                    try run.takeInputs()
                    try run.advance(to: end) { _, _ in }
                } catch {
                    unsafe failures[block] = error
                }
            }
        }
        for (block, failure) in failures.enumerated() {
            guard let failure else { continue }
            throw NetworkFailure(
                failure.kind, problem: "in cells \(ids[block * Self.lanes]) and after: \(failure.problem)",
                fix: failure.fix)
        }
    }

    private func give(to run: NetworkRun, block: Int) {
        for (input, place) in places.enumerated() {
            for lane in 0..<Self.lanes {
                let cell = block * Self.lanes + lane < ids.count ? block * Self.lanes + lane : block * Self.lanes
                let value = given[input * ids.count + cell] * place.factor
                unsafe run.integrator.inputs[place.row * Self.lanes + lane] = value
            }
        }
    }

    public func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("reactions.cells", &ids)
        try archive.keep("reactions.given", &given)
        try archive.keep("reactions.values", &values)
        try archive.keep("reactions.time", &time)
        guard given.count == inputs.count * ids.count, values.count == outputs.count * ids.count else {
            throw StateProblem("reactions", "are of other cells")
        }
        switch cells {
        case .waiting: break
        case .smooth(let population): try population.keep(in: archive)
        case .switching(let runs): for run in runs { try run.keep(in: archive) }
        }
    }

    // MARK: - Reading

    /// Computes the outputs of all cells from their values now.
    private func read(_ team: ThreadTeam?) {
        let threads = team?.count ?? 1
        while evaluators.count < threads {
            evaluators.append(NetworkEvaluator(compiled, programs: [program], lanes: Self.lanes))
        }
        let blocks = (ids.count + Self.lanes - 1) / Self.lanes
        let members = min(threads, max(1, blocks))
        unsafe values.withUnsafeMutableBufferPointer { values in
            // Each member takes blocks of its own; what a block gives depends on it alone.
            func take(_ member: Int) {
                for block in stride(from: member, to: blocks, by: members) {
                    unsafe read(block, with: evaluators[member], into: values)
                }
            }
            if let team { team.run(chunks: members, take) } else { take(0) }
        }
    }

    private func read(_ block: Int, with evaluator: NetworkEvaluator, into values: UnsafeMutableBufferPointer<Double>) {
        switch cells {
        case .waiting: return
        case .smooth(let population):
            unsafe population.withBlock(block) { unknowns, inputs in
                let result = unsafe evaluator.values(
                    of: program, time: time, values: unknowns, inputs: inputs, past: nil)
                unsafe store(result, block, into: values)
            }
        case .switching(let runs):
            let run = runs[block]
            let result = unsafe evaluator.values(
                of: program, time: run.time, values: run.integrator.values, inputs: run.integrator.inputs,
                past: run.integrator.past)
            unsafe store(result, block, into: values)
        }
    }

    private func store(
        _ result: UnsafePointer<Double>, _ block: Int, into values: UnsafeMutableBufferPointer<Double>
    ) {
        let lanes = min(Self.lanes, ids.count - block * Self.lanes)
        for output in outputs.indices {
            for lane in 0..<lanes {
                unsafe values[output * ids.count + block * Self.lanes + lane] = result[output * Self.lanes + lane]
            }
        }
    }
}

extension NetworkRun {
    /// Goes on from inputs that were changed from outside: modes and triggers follow them.
    func takeInputs() throws(NetworkFailure) {
        for lane in 0..<lanes { unsafe setJumped(lane, at: time, integrator.values) }
        try restart()
        for lane in 0..<lanes { try fire(lane: lane) }
        try settle()
    }
}
