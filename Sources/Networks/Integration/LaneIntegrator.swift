import CLanes
import Simulation

/// How much a step may err, and how the block's copies share it: no lane's error estimate exceeds
/// `absolute` + `relative` · |value|.
public struct StepTolerance: Hashable, Sendable {
    public var relative: Double
    /// One an unknown, in its unit.
    public var absolute: [Double]

    public init(relative: Double, absolute: [Double]) {
        precondition(relative >= 0 && absolute.allSatisfy { $0 > 0 }, "absolute tolerances must be above 0")
        self.relative = relative
        self.absolute = absolute
    }
}

/// What an integrator has done.
public struct StepCounts: Hashable, Sendable {
    public var accepted = 0
    public var rejected = 0
    /// Factorisations that needed pivoting at run time.
    public var pivoted = 0
}

/// Integrates a block of copies of a ``LaneSystem`` with shared, error-controlled steps (``RosenbrockMethod``).
///
/// Use: write `values` and `inputs`, ``start(at:)``, then ``step(noLaterThan:)`` until the end. After a step, values
/// inside it come from ``interpolate(at:into:)``. At a discontinuity: interpolate into `values`, change them or
/// `inputs`, then ``restart(at:)``. Not for two threads at a time.
@safe public final class LaneIntegrator {
    public let system: any LaneSystem
    public let lanes: Int
    public let tolerance: StepTolerance
    /// In the network's unit of time.
    public internal(set) var time = 0.0
    /// Where the last step started.
    public internal(set) var lastTime = 0.0
    /// The current values, [unknown][lane].
    public let values: UnsafeMutablePointer<Double>
    /// [input][lane].
    public let inputs: UnsafeMutablePointer<Double>
    public internal(set) var counts = StepCounts()
    /// No step is longer: the least delay, or `infinity`.
    public var longestStep = Double.infinity
    /// What was before, kept for delays from ``keepPast()`` on.
    public internal(set) var past: LaneHistory?

    let memory: IntegratorMemory
    let kernels: IntegratorKernels
    var elimination: Elimination
    var dense: DenseFactors?
    var isDense = false
    var isReordered = false
    /// The lane that ``NetworkFailure`` was about.
    var failedLane = 0
    /// The step to try next; `nil` where it is to be estimated.
    var nextStep: Double?
    /// Whether rates and Jacobian are those of `values`.
    var isEvaluated = false
    var hasBends = false
    /// The last accepted step and its error, for the choice of the next.
    var accepted: (step: Double, error: Double)?

    /// `lanes`: 1, or a multiple of 8.
    /// - Throws: Where no pattern of pivots exists: the algebraic rows cannot determine the algebraic unknowns.
    public convenience init(_ system: any LaneSystem, lanes: Int, tolerance: StepTolerance) throws(NetworkFailure) {
        try self.init(system, lanes: lanes, tolerance: tolerance, kernels: .best)
    }

    init(
        _ system: any LaneSystem, lanes: Int, tolerance: StepTolerance, kernels: IntegratorKernels
    ) throws(NetworkFailure) {
        precondition(lanes == 1 || lanes > 0 && lanes % 8 == 0, "a block has 1 lane or a multiple of 8, got \(lanes)")
        precondition(tolerance.absolute.count == system.unknowns, "one absolute tolerance an unknown")
        self.system = system
        self.lanes = lanes
        self.tolerance = tolerance
        self.kernels = kernels
        elimination = try Elimination(system.pattern, isAlgebraic: system.isAlgebraic)
        guard elimination.isSolvable else { throw LaneIntegrator.undetermined(system) }
        memory = IntegratorMemory(system, lanes: lanes, factors: elimination.size, tolerance: tolerance)
        unsafe values = memory.values
        unsafe inputs = memory.inputs
    }

    /// Keeps what was from now on, as delays need it.
    public func keepPast() {
        past = LaneHistory(unknowns: system.unknowns, inputs: system.inputs, lanes: lanes)
    }

    /// Begins at a time with what `values` and `inputs` hold; algebraic unknowns are solved for, from there.
    public func start(at time: Double) throws(NetworkFailure) {
        nextStep = nil
        accepted = nil
        (self.time, lastTime) = (time, time)
        try solveAlgebraic()
        isEvaluated = false
        hasBends = false
        unsafe past?.begin(at: time, values: values, inputs: inputs)
    }

    /// Goes on from changed values or inputs, at a time of the last step or after it; algebraic unknowns are solved for.
    ///
    /// The next step is estimated anew, but no longer than the one before.
    public func restart(at time: Double) throws(NetworkFailure) {
        self.time = time
        lastTime = time
        try solveAlgebraic()
        isEvaluated = false
        hasBends = false
        let longest = nextStep
        nextStep = nil
        accepted = nil
        ceiling = longest
        unsafe past?.restart(at: time, inputs: inputs)
    }

    /// Goes on where this or another integrator stopped, from what `values` and `inputs` hold; algebraic unknowns are
    /// solved for.
    ///
    /// `step`: the step to try, NaN where it is to be estimated.
    func resume(at time: Double, step: Double) throws(NetworkFailure) {
        try start(at: time)
        nextStep = step.isNaN ? nil : step
    }

    /// Between steps, before a ``restart(at:)``: rates and dense output are not kept.
    func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("lanes.time", &time)
        try archive.keep("lanes.time before", &lastTime)
        unsafe try archive.keep("lanes.values", values, count: system.unknowns * lanes)
        unsafe try archive.keep("lanes.inputs", inputs, count: system.inputs * lanes)
        try archive.keep("lanes.next step", &nextStep)
        if isReordered { throw StateProblem("pivots", "were chosen by the values of another time") }
        try archive.keep("lanes.dense", &isDense)
        try past?.keep(in: archive)
    }

    /// What bounds the estimate of the first step after a restart.
    var ceiling: Double?

    /// The values inside the last step, [unknown][lane], to order 4.
    public func interpolate(at time: Double, into result: UnsafeMutablePointer<Double>) {
        unsafe interpolate(at: time, unknowns: 0..<system.unknowns, into: result)
    }

    /// As ``interpolate(at:into:)``, for some unknowns only; the others of `result` are left alone.
    public func interpolate(at time: Double, unknowns: Range<Int>, into result: UnsafeMutablePointer<Double>) {
        if time == self.time || self.time == lastTime {
            let (first, count) = (unknowns.lowerBound * lanes, unknowns.count * lanes)
            unsafe (result + first).update(from: values + first, count: count)
            return
        }
        findBends()
        let theta = (time - lastTime) / (self.time - lastTime)
        unsafe kernels.denseValues(
            memory.start, values, memory.bends, memory.count, theta, result,
            unknowns.lowerBound * lanes..<unknowns.upperBound * lanes)
    }

    /// Computes the dense output of the last step, if that is not done yet.
    func findBends() {
        if hasBends { return }
        hasBends = true
        for row in 0..<3 {
            let target = unsafe memory.bends + row * memory.count
            unsafe target.update(repeating: 0, count: memory.count)
            let sum = unsafe cl_stage_sum(
                stages: memory.stages, stride: memory.count, weights: memory.bendWeights(row),
                terms: RosenbrockMethod.stages)
            unsafe kernels.stageValues(target, sum, target, memory.count)
        }
    }

    /// The point the system is evaluated at.
    func point(_ time: Double, _ values: UnsafePointer<Double>) -> LanePoint {
        unsafe LanePoint(
            time: time, lanes: lanes, values: values, inputs: memory.inputs, scratch: memory.scratch, past: past)
    }

    static func undetermined(_ system: any LaneSystem) -> NetworkFailure {
        let names = system.isAlgebraic.indices.filter { system.isAlgebraic[$0] }.map(system.name(ofUnknown:))
        return NetworkFailure(
            .malformed,
            problem: "the algebraic rules do not determine \(names.joined(separator: ", "))",
            fix: "give as many independent rules as there are unknowns without a rate")
    }
}
