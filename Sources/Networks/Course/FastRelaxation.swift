/// Lets fast reactions go to their equilibrium while nothing else happens: time stands still, and they alone run.
@safe final class FastRelaxation {
    private let integrator: LaneIntegrator
    private let unknowns: Int
    private let inputs: Int
    private let lanes: Int

    init(_ network: CompiledNetwork, lanes: Int, _ tolerance: StepTolerance) throws(NetworkFailure) {
        self.lanes = lanes
        unknowns = network.layout.unknowns.count
        inputs = network.inputCount
        let system = StandingTime(base: NetworkEquations(network, equations: network.fastEquations))
        integrator = try LaneIntegrator(system, lanes: lanes, tolerance: tolerance)
    }

    /// How long they run, in the network's unit of time and as fast as written; chosen, as ``NetworkLowering/fastFactor``.
    private static let span = 1e9

    /// Moves a block's values to the equilibrium of its fast reactions.
    func relax(
        _ values: UnsafeMutablePointer<Double>, inputs held: UnsafePointer<Double>, at time: Double
    ) throws(NetworkFailure) {
        let count = unknowns * lanes
        unsafe integrator.values.update(from: values, count: count)
        unsafe integrator.inputs.update(from: held, count: inputs * lanes)
        for lane in 0..<lanes { unsafe integrator.inputs[inputs * lanes + lane] = time }
        try integrator.start(at: 0)
        while integrator.time < Self.span / 10 { try integrator.step(noLaterThan: Self.span / 10) }
        unsafe values.update(from: integrator.values, count: count)
        while integrator.time < Self.span { try integrator.step(noLaterThan: Self.span) }
        for index in 0..<count {
            let (early, late) = unsafe (values[index], integrator.values[index])
            // Chosen: what changes by more than a thousandth in the last nine tenths goes nowhere.
            guard (early - late).magnitude <= 1e-3 * (1 + late.magnitude) else {
                throw NetworkFailure(
                    .stopped, problem: "at time \(time) the fast reactions have no equilibrium",
                    fix: "make them reversible, or not fast")
            }
        }
        unsafe values.update(from: integrator.values, count: count)
    }
}

/// A system at a time that is its last input.
private struct StandingTime: LaneSystem {
    let base: NetworkEquations

    var unknowns: Int { base.unknowns }
    var inputs: Int { base.inputs + 1 }
    var scratch: Int { base.scratch }
    var isAlgebraic: [Bool] { base.isAlgebraic }
    var pattern: SparsePattern { base.pattern }
    var timeDependence: TimeDependence { .none }

    private func standing(_ point: LanePoint) -> LanePoint {
        var point = point
        point.time = unsafe point.inputs[base.inputs * point.lanes]
        return point
    }

    func name(ofUnknown index: Int) -> String { base.name(ofUnknown: index) }

    func rates(_ point: LanePoint, into result: UnsafeMutablePointer<Double>) {
        unsafe base.rates(standing(point), into: result)
    }

    func jacobian(_ point: LanePoint, into result: UnsafeMutablePointer<Double>) {
        unsafe base.jacobian(standing(point), into: result)
    }

    func timeDerivative(_ point: LanePoint, into result: UnsafeMutablePointer<Double>) {
        unsafe result.update(repeating: 0, count: unknowns * point.lanes)
    }
}

extension NetworkRun {
    /// Brings fast reactions to their equilibrium, and conditions and triggers after them.
    func relax() throws(NetworkFailure) {
        guard let relaxation else { return }
        for lane in 0..<lanes { keepReferences(lane) }
        unsafe try relaxation.relax(integrator.values, inputs: integrator.inputs, at: time)
        for lane in 0..<lanes {
            unsafe setJumped(lane, at: time, integrator.values)
            try fire(lane: lane)
        }
    }
}
