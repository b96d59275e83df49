/// A periodic orbit that a system settles on.
public struct LimitCycle: Hashable, Sendable {
    /// In the system's unit of time.
    public var period: Double
    /// The least and greatest value of each unknown over a period.
    public var least: [Double]
    public var greatest: [Double]
    /// The same of what was watched beside unknowns.
    public var leastWatched: [Double]
    public var greatestWatched: [Double]
    /// A state on the orbit.
    public var state: [Double]

    public init(
        period: Double, least: [Double], greatest: [Double], leastWatched: [Double] = [],
        greatestWatched: [Double] = [], state: [Double]
    ) {
        self.period = period
        self.least = least
        self.greatest = greatest
        self.leastWatched = leastWatched
        self.greatestWatched = greatestWatched
        self.state = state
    }
}

/// Runs a system until it repeats itself, and measures the orbit: where it crosses a section again and again.
public struct LimitCycleSearch: Sendable {
    /// About how long a period is: 2π/ω at a Hopf point.
    public var timescale: Double
    public var tolerance: StepTolerance
    /// A crossing counts as the same as an earlier one if no unknown differs by more than this share of its own range.
    public var closeness = 1e-5
    /// How long a system may take to settle, in timescales.
    public var patience = 2000.0
    public var isStopped: @Sendable () -> Bool = { false }
    /// Whatever else is to be known of the orbit, from the unknowns.
    public var watched: @Sendable ([Double]) -> [Double] = { _ in [] }

    public init(timescale: Double, tolerance: StepTolerance) {
        precondition(timescale > 0 && timescale.isFinite, "a timescale is above 0, got \(timescale)")
        self.timescale = timescale
        self.tolerance = tolerance
    }

    /// Around a state that turns: as fast as its eigenvalues say, every unknown to 1e-8 of itself however small.
    public init(around focus: Equilibrium) {
        let turning = focus.eigenvalues.first { $0.imaginary != 0 }
        let rate = abs(turning?.imaginary ?? focus.eigenvalues.first?.real ?? 1)
        let sizes = focus.values.map(abs)
        let largest = max(sizes.max() ?? 1, .leastNormalMagnitude)
        // Chosen: far below what an orbit through many powers of ten comes down to.
        let absolute = sizes.map { 1e-18 * ($0 > 0 ? $0 : largest) }
        self.init(
            timescale: 2 * .pi / max(rate, .leastNormalMagnitude),
            tolerance: StepTolerance(relative: 1e-8, absolute: absolute))
    }

    /// The orbit a state leads to; `nil` where the system comes to rest, grows without bound or does not repeat itself.
    public func run(_ system: any LaneSystem, inputs: [Double], from start: [Double]) throws(NetworkFailure)
        -> LimitCycle?
    {
        let integrator = try LaneIntegrator(system, lanes: 1, tolerance: tolerance)
        for (index, value) in start.enumerated() { unsafe integrator.values[index] = value }
        for (index, value) in inputs.enumerated() { unsafe integrator.inputs[index] = value }
        try integrator.start(at: 0)
        var settling = Watch(integrator, watched)
        // Chosen: 20 timescales, the second half of which shows what moves most.
        while integrator.time < 20 * timescale {
            if isStopped() { return nil }
            let isEarly = integrator.time < 10 * timescale
            try integrator.step(noLaterThan: isEarly ? 10 * timescale : 20 * timescale)
            if isEarly { settling = Watch(integrator, watched) } else { settling.see(integrator) }
        }
        guard let section = Section(settling, unknowns: start.count) else { return nil }
        return try orbit(integrator, section)
    }

    /// Crossings of the section until one is like an earlier one.
    private func orbit(_ integrator: LaneIntegrator, _ section: Section) throws(NetworkFailure) -> LimitCycle? {
        var crossings: [Crossing] = []
        var watch = Watch(integrator, watched)
        let end = integrator.time + patience * timescale
        while integrator.time < end {
            if isStopped() { return nil }
            let before = unsafe integrator.values[section.unknown]
            try integrator.step(noLaterThan: end)
            let after = unsafe integrator.values[section.unknown]
            guard before < section.level, after >= section.level else {
                watch.see(integrator)
                continue
            }
            var crossing = section.crossing(integrator)
            watch.see(integrator, to: crossing.time)
            crossing.watch = watch
            if let cycle = cycle(crossings, crossing) { return cycle }
            crossings.append(crossing)
            watch = Watch(integrator, watched)
            watch.see(integrator, from: crossing.time)
        }
        return nil
    }

    /// The orbit, if a crossing is like one of those before it: an orbit may cross its section more than once.
    private func cycle(_ earlier: [Crossing], _ now: Crossing) -> LimitCycle? {
        // Chosen: up to 8 crossings a period.
        for back in 1...8 where back <= earlier.count {
            let old = earlier[earlier.count - back]
            guard var watch = now.watch else { continue }
            for between in earlier.suffix(back - 1).compactMap(\.watch) { watch.join(between) }
            let isSame = now.state.indices.allSatisfy { index in
                let range = watch.greatest[index] - watch.least[index]
                return abs(now.state[index] - old.state[index]) <= closeness * range
            }
            guard isSame else { continue }
            let count = now.state.count
            return LimitCycle(
                period: now.time - old.time, least: Array(watch.least.prefix(count)),
                greatest: Array(watch.greatest.prefix(count)), leastWatched: Array(watch.least.dropFirst(count)),
                greatestWatched: Array(watch.greatest.dropFirst(count)), state: now.state)
        }
        return nil
    }

    private struct Crossing {
        var time: Double
        var state: [Double]
        /// Since the crossing before it.
        var watch: Watch?
    }

    /// The least and greatest values that were seen.
    private struct Watch {
        /// Of the unknowns, then of what else is watched.
        var least: [Double]
        var greatest: [Double]
        private let watched: @Sendable ([Double]) -> [Double]

        init(_ integrator: LaneIntegrator, _ watched: @escaping @Sendable ([Double]) -> [Double]) {
            let values = (0..<integrator.system.unknowns).map { unsafe integrator.values[$0] }
            least = values + watched(values)
            greatest = least
            self.watched = watched
        }

        /// Sees the last step, or a part of it.
        mutating func see(_ integrator: LaneIntegrator, from start: Double? = nil, to end: Double? = nil) {
            let (start, end) = (start ?? integrator.lastTime, end ?? integrator.time)
            // Chosen: eight places a step, of a polynomial of degree 4.
            for part in 1...8 {
                let values = LimitCycleSearch.values(integrator, at: start + (end - start) * Double(part) / 8)
                join(values: values + watched(values))
            }
        }

        mutating func join(_ other: Watch) {
            join(values: other.least)
            join(values: other.greatest)
        }

        private mutating func join(values: [Double]) {
            for (index, value) in values.enumerated() {
                least[index] = min(least[index], value)
                greatest[index] = max(greatest[index], value)
            }
        }
    }

    static func values(_ integrator: LaneIntegrator, at time: Double) -> [Double] {
        let count = integrator.system.unknowns
        return unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { room in
            guard let base = room.baseAddress else { return [] }
            unsafe integrator.interpolate(at: time, into: base)
            return unsafe Array(room)
        }
    }

    /// A level that one unknown crosses upwards once or a few times a period.
    private struct Section {
        var unknown: Int
        var level: Double

        /// Where what moves most, relative to its size, is halfway; in the logarithm where it stays above 0.
        init?(_ watch: Watch, unknowns: Int) {
            let swings = (0..<unknowns).map { index -> Double in
                let size = max(abs(watch.least[index]), abs(watch.greatest[index]))
                return size > 0 ? (watch.greatest[index] - watch.least[index]) / size : 0
            }
            // Chosen: what moves less than this is at rest.
            guard let most = swings.indices.max(by: { swings[$0] < swings[$1] }), swings[most] > 1e-6 else {
                return nil
            }
            let (least, greatest) = (watch.least[most], watch.greatest[most])
            unknown = most
            level = least > 0 ? (least * greatest).squareRoot() : (least + greatest) / 2
        }

        /// The place in the last step where the level is crossed.
        func crossing(_ integrator: LaneIntegrator) -> Crossing {
            var (low, high) = (integrator.lastTime, integrator.time)
            for _ in 0..<60 {
                let middle = (low + high) / 2
                guard middle > low, middle < high else { break }
                let value = LimitCycleSearch.values(integrator, at: middle)[unknown]
                if value < level { low = middle } else { high = middle }
            }
            let state = LimitCycleSearch.values(integrator, at: high)
            return Crossing(time: high, state: state)
        }
    }
}
