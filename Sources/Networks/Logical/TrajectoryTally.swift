import Biology
import Simulation

/// What some trajectories of a logical network add up to.
///
/// A node that switches on in a window counts for the rest of it and for all later ones: only the difference between
/// one window and the next is kept, so that a switch costs the same whatever the number of windows.
struct TrajectoryTally {
    private let plan: TrajectoryPlan
    /// [window][bit], one window more than there are.
    private(set) var changes: [Double]
    private(set) var states: StateTable
    private(set) var visits = VisitTable()
    private(set) var rests: [BooleanState: Int] = [:]
    private(set) var samples = 0
    private(set) var stateSamples = 0
    private(set) var switches = 0
    /// A trajectory switched without end.
    private(set) var isEndless = false

    /// Chosen: 24 MB of visits; then states are no longer told apart.
    private static let mostVisits = 1_000_000
    /// Chosen: switches within a billionth of a window, after which rates are taken to be a mistake.
    private static let mostAtOnce = 1_000_000

    init(_ plan: TrajectoryPlan) {
        self.plan = plan
        changes = [Double](repeating: 0, count: (plan.windows + 1) * plan.program.bits)
        states = StateTable(width: plan.program.words)
    }

    /// Follows one trajectory to the end.
    mutating func follow(_ sample: Int, _ walker: inout BooleanWalker, _ scratch: inout [UInt64]) {
        var start = RandomStream(seed: plan.request.seed, cell: sample, purpose: .nodeStart)
        var stream = RandomStream(seed: plan.request.seed, cell: sample, purpose: .nodeSwitch)
        let before = plan.starts.draw(&start)
        var state = before
        for pulse in plan.pulses where pulse.end > 0 { plan.program.set(pulse.place, to: pulse.level, in: &state) }
        walker.load(state.words)
        for pulse in plan.pulses {
            for bit in plan.program.bits(of: pulse.place) { walker.hold(bit, pulse.end > 0) }
        }
        samples += 1
        let isCounted = visits.count < Self.mostVisits
        if isCounted { stateSamples += 1 }
        var trajectory = Trajectory(isCounted: isCounted, at: number(walker, &scratch, isCounted))
        for bit in 0..<plan.program.bits where walker.state[bit] { change(bit, by: 1, at: 0) }
        if isCounted { visit(trajectory.state, by: 1, at: 0) }
        for pulse in plan.pulses + [TrajectoryPlan.Pulse(place: -1, level: 0, end: plan.end)] {
            let until = min(pulse.end, plan.end)
            guard walk(&walker, &trajectory, until: until, &stream, &scratch) else {
                isEndless = true
                return
            }
            guard pulse.place >= 0, pulse.end < plan.end, pulse.end > 0 else { continue }
            end(pulse, before, &walker, &trajectory, &scratch)
        }
        if walker.total == 0 { rests[masked(walker), default: 0] += 1 }
    }

    private struct Trajectory {
        var time = 0.0
        var isCounted: Bool
        /// The number of its state.
        var state: Int

        init(isCounted: Bool, at state: Int) {
            self.isCounted = isCounted
            self.state = state
        }
    }

    /// Lets time pass until a time; false where switches do not come to an end.
    private mutating func walk(
        _ walker: inout BooleanWalker, _ trajectory: inout Trajectory, until: Double, _ stream: inout RandomStream,
        _ scratch: inout [UInt64]
    ) -> Bool {
        var (atOnce, moment) = (0, trajectory.time)
        while walker.total > 0 {
            let time = trajectory.time + walker.wait(stream.uniform())
            guard time < until else { break }
            atOnce += 1
            if time - moment > 1e-9 * plan.request.tick { (atOnce, moment) = (0, time) }
            if atOnce > Self.mostAtOnce { return false }
            trajectory.time = time
            flip(walker.choice(stream.uniform()), &walker, &trajectory, &scratch)
            switches += 1
        }
        trajectory.time = max(trajectory.time, until)
        return true
    }

    private mutating func flip(
        _ bit: Int, _ walker: inout BooleanWalker, _ trajectory: inout Trajectory, _ scratch: inout [UInt64]
    ) {
        walker.flip(bit)
        change(bit, by: walker.state[bit] ? 1 : -1, at: trajectory.time)
        guard trajectory.isCounted, plan.shown[bit >> 6] >> UInt64(bit & 63) & 1 != 0 else { return }
        visit(trajectory.state, by: -1, at: trajectory.time)
        trajectory.state = number(walker, &scratch, true)
        visit(trajectory.state, by: 1, at: trajectory.time)
    }

    /// Lets a held node go; one without a rule goes back to where it was.
    private mutating func end(
        _ pulse: TrajectoryPlan.Pulse, _ before: BooleanState, _ walker: inout BooleanWalker,
        _ trajectory: inout Trajectory, _ scratch: inout [UInt64]
    ) {
        let isInput = plan.program.isInput(pulse.place)
        for bit in plan.program.bits(of: pulse.place) {
            walker.hold(bit, false)
            if isInput, walker.state[bit] != before[bit] { flip(bit, &walker, &trajectory, &scratch) }
        }
    }

    // MARK: - Sums

    private mutating func change(_ bit: Int, by sign: Double, at time: Double) {
        let (window, share) = place(time)
        let index = window * plan.program.bits + bit
        changes[index] += sign * (1 - share)
        changes[index + plan.program.bits] += sign * share
    }

    private mutating func visit(_ state: Int, by sign: Double, at time: Double) {
        let (window, share) = place(time)
        visits.add(sign * (1 - share), state: state, window: window)
        if share > 0 { visits.add(sign * share, state: state, window: window + 1) }
    }

    /// The window of a time, and how much of it has passed.
    private func place(_ time: Double) -> (Int, Double) {
        let position = time / plan.request.tick
        let window = min(Int(position), plan.windows - 1)
        return (window, min(position - Double(window), 1))
    }

    private mutating func number(_ walker: BooleanWalker, _ scratch: inout [UInt64], _ isCounted: Bool) -> Int {
        guard isCounted else { return 0 }
        for word in scratch.indices { scratch[word] = walker.state.words[word] & plan.shown[word] }
        return states.number(of: scratch)
    }

    private func masked(_ walker: BooleanWalker) -> BooleanState {
        var state = walker.state
        for word in state.words.indices { state.words[word] &= plan.shown[word] }
        return state
    }

    // MARK: - Joining

    /// Adds what other trajectories add up to.
    mutating func add(_ other: TrajectoryTally) {
        for index in changes.indices { changes[index] += other.changes[index] }
        for (state, count) in other.rests { rests[state, default: 0] += count }
        samples += other.samples
        switches += other.switches
        isEndless = isEndless || other.isEndless
        guard visits.count < 8 * Self.mostVisits else { return }
        stateSamples += other.stateSamples
        let numbers = (0..<other.states.count).map { states.number(of: other.states.state($0)) }
        for entry in other.visits.entries { visits.add(entry.sum, state: numbers[entry.state], window: entry.window) }
    }
}
