import Biology

/// What is asked of the trajectories of a logical network in continuous time.
public struct BooleanCourseRequest: Hashable, Sendable {
    /// In the network's unit of time; rounded up to whole windows.
    public var end: Double
    /// The length of the windows that probabilities are averaged over.
    public var tick: Double
    /// How many trajectories.
    public var samples: Int
    public var seed: UInt64
    /// Nodes held for a while from the start on; lengths in units of time.
    public var pulses: [BooleanPulse]

    public init(end: Double, tick: Double, samples: Int, seed: UInt64, pulses: [BooleanPulse] = []) {
        self.end = end
        self.tick = tick
        self.samples = samples
        self.seed = seed
        self.pulses = pulses
    }
}

/// Probabilities over time, of nodes and of states, from many trajectories of a logical network.
///
/// Each value is an average over a window of time, from one of `times` to the next, and over all trajectories. A
/// probability p has a standard error of at most √(p(1 − p) / samples).
public struct BooleanCourse: Hashable, Sendable {
    /// Those that are not internal, and their mean levels.
    public var names: [String]
    /// The start of each window.
    public var times: [Double]
    /// [window][name], names fastest.
    public var levels: [Double]
    /// The states that took the most time, the first of them most; internal nodes are 0 in them.
    public var states: [BooleanState]
    /// [window][state], states fastest.
    public var probabilities: [Double]
    /// Of each window, what all other states have together.
    public var others: [Double]
    /// States in which trajectories came to rest by the end, and the share of trajectories that did, the largest first.
    public var fixedPoints: [Share]
    /// Trajectories.
    public var samples: Int
    /// Trajectories of which states were told apart: fewer than all where there were too many states to remember.
    public var stateSamples: Int
    /// How often a node switched, in all.
    public var switches: Int

    public struct Share: Hashable, Sendable {
        public var state: BooleanState
        public var share: Double
    }
}

extension BooleanProgram {
    /// Chosen: states that are told apart in results, more than a picture or a table shows.
    public static let mostStates = 200
    /// Chosen: 40 MB of means, of which 17 are held at a time.
    static let mostMeans = 5_000_000

    /// Follows many trajectories in continuous time, each from a start drawn from the network's starts.
    ///
    /// The same for any number of threads. `progress` is told the share that is done, and says whether to go on; where
    /// it does not, `nil` is returned. Throws: malformed (a pulse), unsupported (too many windows), stopped (rates
    /// without end).
    public func course(
        _ request: BooleanCourseRequest, threads: Int, progress: (Double) -> Bool = { _ in true }
    ) throws(NetworkFailure) -> BooleanCourse? {
        precondition(request.end > 0 && request.tick > 0 && request.samples > 0, "a course needs times and samples")
        let windows = (request.end / request.tick - 1e-9).rounded(.up)
        guard windows < 1e9, max(windows, 1) * Double(bits + 1) < Double(Self.mostMeans) else {
            throw NetworkFailure(
                .unsupported, problem: "\(windows) windows of \(bits) nodes are too many to hold",
                fix: "choose a longer tick or an earlier end")
        }
        let plan = try TrajectoryPlan(self, request, windows: max(Int(windows), 1))
        return try TrajectoryEnsemble(plan, threads: threads).run(progress)
    }
}
