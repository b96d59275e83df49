/// A network's equations with every comparison and rounding as it is at the values, for states of rest.
///
/// A run holds those between discontinuities; a state of rest is none the run passes.
struct RestingEquations: LaneSystem {
    private let network: CompiledNetwork
    private let equations: NetworkEquations
    private let modes: FlatProgram
    /// Rows of scratch that programs write.
    private let programRows: Int
    let timeDependence: TimeDependence

    /// `outputs` is a program that is to be run too.
    init(_ network: CompiledNetwork, outputs: FlatProgram?) {
        self.network = network
        equations = NetworkEquations(network)
        modes = network.program(network.modes.map(\.term))
        programRows = max(equations.scratch, modes.scratch, outputs?.scratch ?? 0)
        timeDependence =
            RestingEquations.comparesTime(network.equations, network) ? .byDifferences : equations.timeDependence
    }

    /// Whether a comparison that terms depend on, directly or through others, looks at the time or the past.
    private static func comparesTime(_ terms: [ExpressionGraph.Term], _ network: CompiledNetwork) -> Bool {
        var (open, seen) = (terms, Set<Int>())
        while !open.isEmpty {
            let inputs = network.graph.reachable(from: open).compactMap { term -> ExpressionGraph.Input? in
                if case .input(let input) = network.graph.nodes[term] { input } else { nil }
            }
            open = []
            for case .mode(let mode) in inputs where seen.insert(mode).inserted {
                open.append(network.modes[mode].term)
            }
            // Where a rate itself looks at them, the equations say so.
            let below = network.graph.reachable(from: open).contains { term in
                switch network.graph.nodes[term] {
                case .input(.time), .input(.delayed): true
                default: false
                }
            }
            if below { return true }
        }
        return false
    }

    var unknowns: Int { equations.unknowns }
    /// What is held.
    var inputs: Int { network.rows.held }
    var scratch: Int { programRows + network.inputCount + network.modes.count }
    var isAlgebraic: [Bool] { equations.isAlgebraic }
    var pattern: SparsePattern { equations.pattern }

    func name(ofUnknown index: Int) -> String { equations.name(ofUnknown: index) }

    func rates(_ point: LanePoint, into result: UnsafeMutablePointer<Double>) {
        unsafe equations.rates(withModes(point), into: result)
    }

    func jacobian(_ point: LanePoint, into result: UnsafeMutablePointer<Double>) {
        unsafe equations.jacobian(withModes(point), into: result)
    }

    func timeDerivative(_ point: LanePoint, into result: UnsafeMutablePointer<Double>) {
        unsafe equations.timeDerivative(withModes(point), into: result)
    }

    /// Runs another program of the network at a point.
    func run(_ program: FlatProgram, at point: LanePoint, into result: UnsafeMutablePointer<Double>) {
        unsafe program.run(withModes(point), into: result)
    }

    /// The point with inputs of its own, at the end of the scratch: what is held, then modes.
    private func withModes(_ point: LanePoint) -> LanePoint {
        if network.modes.isEmpty { return point }
        let (lanes, held) = (point.lanes, network.rows.held)
        let own = unsafe point.scratch + programRows * lanes
        let terms = unsafe own + network.inputCount * lanes
        unsafe own.update(from: point.inputs, count: held * lanes)
        for index in held * lanes..<network.inputCount * lanes { unsafe own[index] = 0 }
        let inner = unsafe LanePoint(
            time: point.time, lanes: lanes, values: point.values, inputs: own, scratch: point.scratch)
        // A mode may depend on those before it, so each round settles one more at least.
        for _ in 0...network.modes.count {
            unsafe modes.run(inner, into: terms)
            var isSettled = true
            for (index, mode) in network.modes.enumerated() {
                for place in index * lanes..<(index + 1) * lanes {
                    let value = unsafe mode.value(of: terms[place])
                    if unsafe own[held * lanes + place] != value { isSettled = false }
                    unsafe own[held * lanes + place] = value
                }
            }
            if isSettled { break }
        }
        return inner
    }
}
