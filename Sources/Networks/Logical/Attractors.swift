public import Biology

/// What a logical network ends in: a fixed point, a cycle, or states it goes through in no fixed order.
public struct Attractor: Hashable, Sendable {
    /// In the order of a cycle; of an asynchronous one the lowest, at most ``Attractor/mostShown``.
    public var states: [BooleanState]
    /// How many states it has.
    public var size: Int
    /// The share of the starts looked at that lead to it, or may lead to it when nodes switch one at a time.
    public var basin: Double
    /// The share of the starts that lead nowhere else.
    public var ownBasin: Double

    /// Chosen: more states than a reader looks at.
    public static let mostShown = 1000
}

/// The attractors of a logical network, and how they were looked for.
public struct Attractors: Hashable, Sendable {
    /// The largest basin first.
    public var found: [Attractor]
    public var coverage: Coverage
    /// Starts that led to no attractor within the steps allowed.
    public var unresolved: Int

    public enum Coverage: Hashable, Sendable {
        /// Every state was a start: there are no other attractors, and basins are exact.
        case all(states: Int)
        /// Random states were starts: there may be other attractors, and basins are estimates.
        case sample(starts: Int)
    }
}

/// Looks for the attractors of a logical network.
public struct AttractorSearch: Sendable {
    public let program: BooleanProgram
    /// Held nodes at their levels, everything else off.
    let base: BooleanState
    /// Bits that are not held.
    let free: [Int]
    private let slices: SliceProgram

    /// Chosen: 2²⁴ states take about 200 MB and a few seconds.
    public static let mostFreeBits = 24
    /// Chosen: the search for components needs four times the room.
    public static let mostFreeBitsAsynchronous = 22

    /// Compiles a network with some nodes held; other inputs take every level there is.
    ///
    /// Throws: as ``BooleanProgram/init(_:)``, and malformed for a node or level that is not there.
    public init(_ network: BooleanNetwork, holding levels: [String: Int] = [:]) throws(NetworkFailure) {
        let whole = try BooleanProgram(network)
        for (node, level) in levels.sorted(by: { $0.key < $1.key }) {
            _ = try whole.checked(BooleanPulse(node, at: level))
        }
        let program = levels.isEmpty ? whole : try BooleanProgram(network.holding(levels))
        self.program = program
        base = program.state(levels)
        let held = Set(levels.keys.compactMap { program.places[$0] })
        free = (0..<program.bits).filter { !held.contains(Int(program.nodes[$0])) }
        slices = SliceProgram(program.next)
    }

    /// Where every state goes when all nodes are updated together, by the number its free bits make.
    func successors() -> [UInt32] {
        precondition(free.count <= Self.mostFreeBits, "\(free.count) free bits are too many to list all states")
        let count = 1 << free.count
        var successors = [UInt32](repeating: 0, count: count)
        var state = (0..<program.bits).map { base[$0] ? UInt64.max : 0 }
        var next = state
        var room = slices.room
        for first in stride(from: 0, to: count, by: 64) {
            for (index, bit) in free.enumerated() {
                state[bit] = index < 6 ? Self.patterns[index] : first >> index & 1 != 0 ? .max : 0
            }
            slices.update(state, into: &next, &room)
            for (index, bit) in free.enumerated() {
                let word = next[bit]
                for lane in 0..<min(64, count) {
                    successors[first + lane] |= UInt32(truncatingIfNeeded: word >> UInt64(lane) & 1) << UInt32(index)
                }
            }
        }
        return successors
    }

    /// Bit 0...5 of the numbers 0...63.
    static let patterns: [UInt64] = [
        0xAAAA_AAAA_AAAA_AAAA, 0xCCCC_CCCC_CCCC_CCCC, 0xF0F0_F0F0_F0F0_F0F0, 0xFF00_FF00_FF00_FF00,
        0xFFFF_0000_FFFF_0000, 0xFFFF_FFFF_0000_0000,
    ]

    /// The state whose free bits make a number.
    func state(_ number: Int) -> BooleanState {
        var state = base
        for (index, bit) in free.enumerated() where number >> index & 1 != 0 { state[bit] = true }
        return state
    }

    /// Whether a number is a state: of a node's bits the first so many are on.
    var isState: (Int) -> Bool {
        var pairs: [(lower: Int, upper: Int)] = []
        for (index, bit) in free.enumerated().dropFirst() where program.nodes[bit] == program.nodes[free[index - 1]] {
            pairs.append((index - 1, index))
        }
        if pairs.isEmpty { return { _ in true } }
        return { number in pairs.allSatisfy { number >> $0.lower & 1 != 0 || number >> $0.upper & 1 == 0 } }
    }

    // MARK: - All nodes together

    /// The attractors when all nodes are updated together: of all states where there are few enough, or of a sample.
    public func synchronous(samples: Int = 10_000, seed: UInt64 = 1) -> Attractors {
        free.count <= Self.mostFreeBits ? exhaustive() : sampled(samples, seed)
    }

    private func exhaustive() -> Attractors {
        let successors = successors()
        let isState = isState
        /// The attractor a state leads to, from 1; 0 before it is known.
        var leads = [UInt32](repeating: 0, count: successors.count)
        var cycles: [[Int]] = []
        var basins: [Int] = []
        let open = UInt32.max
        var starts = 0
        for start in successors.indices where isState(start) {
            starts += 1
            var state = start
            while leads[state] == 0 {
                leads[state] = open
                state = Int(successors[state])
            }
            var attractor = leads[state]
            if attractor == open {
                cycles.append(cycle(from: state, successors))
                basins.append(0)
                attractor = UInt32(cycles.count)
            }
            state = start
            while leads[state] == open {
                leads[state] = attractor
                state = Int(successors[state])
            }
            basins[Int(attractor) - 1] += 1
        }
        let found = zip(cycles, basins).map { cycle, basin in
            let share = Double(basin) / Double(starts)
            return Attractor(
                states: cycle.prefix(Attractor.mostShown).map(state), size: cycle.count, basin: share, ownBasin: share)
        }
        return Attractors(found: found.sorted(by: Self.comesBefore), coverage: .all(states: starts), unresolved: 0)
    }

    private func cycle(from state: Int, _ successors: [UInt32]) -> [Int] {
        var states = [state]
        while Int(successors[states[states.count - 1]]) != state {
            states.append(Int(successors[states[states.count - 1]]))
        }
        let lowest = states.indices.min { states[$0] < states[$1] } ?? 0
        return Array(states[lowest...] + states[..<lowest])
    }

    /// The largest basin first; among equals the one with the lowest state.
    static func comesBefore(_ a: Attractor, _ b: Attractor) -> Bool {
        if a.basin != b.basin { return a.basin > b.basin }
        guard let first = a.states.first, let second = b.states.first else { return a.size < b.size }
        return first.words.reversed().lexicographicallyPrecedes(second.words.reversed())
    }
}
