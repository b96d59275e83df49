import Biology

/// A node put at a level from the start on, and held there for a while.
public struct BooleanPulse: Hashable, Sendable {
    public var node: String
    public var level: Int
    /// Steps, or units of the network's time; infinite for one that lasts.
    public var length: Double

    public init(_ node: String, at level: Int, for length: Double = .infinity) {
        self.node = node
        self.level = level
        self.length = length
    }
}

/// The states a logical network goes through when all its nodes are updated together.
public struct BooleanPath: Hashable, Sendable {
    /// From the start to just before the first state that comes again.
    public var states: [BooleanState]
    /// Where in `states` the attractor begins, or `nil` when the path was cut off before.
    public var cycleStart: Int?

    /// The attractor, in its order.
    public var attractor: ArraySlice<BooleanState>? { cycleStart.map { states[$0...] } }
}

extension BooleanProgram {
    /// Every node updated at once.
    public func update(_ state: BooleanState) -> BooleanState {
        var after = state
        for bit in 0..<bits { after[bit] = next.value(bit, at: state) != 0 }
        return after
    }

    /// The bits that an update would switch, one at a time.
    func unstableBits(_ state: BooleanState) -> [Int] {
        (0..<bits).filter { (next.value($0, at: state) != 0) != state[$0] }
    }

    /// Updates all nodes together until a state comes again, at most so many times.
    ///
    /// A pulse of n steps holds its node in the first n states; then a node with a rule follows it, and one without
    /// goes back to where it was.
    public func path(
        from start: BooleanState, pulses: [BooleanPulse] = [], most: Int = 100_000
    ) throws(NetworkFailure) -> BooleanPath {
        var held: [(place: Int, level: Int, before: Int, length: Double)] = []
        for pulse in pulses {
            let place = try checked(pulse)
            held.append((place, pulse.level, level(place, in: start), pulse.length))
        }
        let last = held.map(\.length).filter(\.isFinite).max() ?? 0
        var state = start
        for pulse in held where pulse.length > 0 { set(pulse.place, to: pulse.level, in: &state) }
        var path = BooleanPath(states: [state], cycleStart: nil)
        var seen: [BooleanState: Int] = [:]
        for step in 1...max(most, 1) {
            if Double(step) > last { seen[state] = step - 1 }
            state = update(state)
            for pulse in held {
                if Double(step) < pulse.length {
                    set(pulse.place, to: pulse.level, in: &state)
                } else if Double(step) < pulse.length + 1, isInput(pulse.place) {
                    set(pulse.place, to: pulse.before, in: &state)
                }
            }
            if let first = seen[state], Double(step) >= last {
                path.cycleStart = first
                return path
            }
            path.states.append(state)
        }
        return path
    }

    /// The place of a pulse's node.
    func checked(_ pulse: BooleanPulse) throws(NetworkFailure) -> Int {
        guard let place = places[pulse.node] else {
            throw NetworkFailure(
                .malformed, problem: "there is no node '\(pulse.node)'",
                fix: Suggestion.didYouMean(pulse.node, among: places.keys) ?? "name a node of the network")
        }
        guard (0...bits(of: place).count).contains(pulse.level) else {
            throw NetworkFailure(
                .malformed, problem: "'\(pulse.node)' has no level \(pulse.level)",
                fix: "give a level of 0 to \(bits(of: place).count)")
        }
        return place
    }

    /// Whether nothing in the network changes a node.
    func isInput(_ place: Int) -> Bool { bits(of: place).allSatisfy { rate.isZero($0) } }
}
