/// The fixed points of a logical network, which are the same whether nodes are updated together or one at a time.
public struct FixedPoints: Hashable, Sendable {
    public var states: [BooleanState]
    /// Whether these are all; otherwise the search was ended.
    public var isComplete: Bool
}

extension AttractorSearch {
    /// All fixed points, by deciding one bit after the other and drawing all conclusions of each decision.
    ///
    /// Exact for networks of any size as long as it ends within the limits.
    public func fixedPoints(most: Int = 10_000, decisions: Int = 1_000_000) -> FixedPoints {
        var search = FixedPointSearch(program, base: base, free: free)
        search.run(most: most, decisions: decisions)
        let states = search.found.sorted { $0.words.reversed().lexicographicallyPrecedes($1.words.reversed()) }
        return FixedPoints(states: states, isComplete: search.isComplete)
    }
}

/// Looks for states in which no bit's rate is above 0.
private struct FixedPointSearch {
    private let rate: Diagrams
    private let program: BooleanProgram
    /// The bits a bit's rate depends on, and the bits whose rates depend on it.
    private let regulators: [[Int]]
    private let regulated: [[Int]]
    /// 0 or 1, and 2 for open.
    private var values: [UInt8]
    /// Bits in the order they were decided or concluded.
    private var trail: [Int] = []
    /// Where each decision stands in the trail, and whether its other value has been tried.
    private var decided: [(place: Int, isSecond: Bool)] = []
    /// Open bits are looked for from here on, those with the most effects first.
    private let order: [Int]
    private var seen: [UInt32]
    private var visit: UInt32 = 0
    private(set) var found: [BooleanState] = []
    private(set) var isComplete = false

    init(_ program: BooleanProgram, base: BooleanState, free: [Int]) {
        self.program = program
        rate = program.rate
        let regulators = (0..<program.bits).map { program.rate.regulators(of: $0) }
        var regulated: [[Int]] = Array(repeating: [], count: program.bits)
        for (bit, found) in regulators.enumerated() { for regulator in found { regulated[regulator].append(bit) } }
        self.regulators = regulators
        self.regulated = regulated
        values = (0..<program.bits).map { base[$0] ? 1 : 0 }
        for bit in free { values[bit] = 2 }
        order = free.sorted { (regulated[$1].count, $0) < (regulated[$0].count, $1) }
        seen = [UInt32](repeating: 0, count: program.rate.branches.count)
    }

    mutating func run(most: Int, decisions: Int) {
        var left = decisions
        var isConsistent = conclude(Array(0..<program.bits))
        while left > 0 {
            if isConsistent, let open = order.first(where: { values[$0] == 2 }) {
                left -= 1
                decided.append((trail.count, false))
                isConsistent = decide(open, 0)
                continue
            }
            if isConsistent {
                var state = program.state()
                for bit in 0..<program.bits where values[bit] == 1 { state[bit] = true }
                if isLevelled(state) { found.append(state) }
                if found.count == most { return }
            }
            guard let bit = takeBack() else {
                isComplete = true
                return
            }
            isConsistent = decide(bit, 1)
        }
    }

    /// Whether of a node's bits the first so many are on.
    private func isLevelled(_ state: BooleanState) -> Bool {
        (1..<max(program.bits, 1)).allSatisfy {
            program.nodes[$0] != program.nodes[$0 - 1] || state[$0 - 1] || !state[$0]
        }
    }

    /// Undoes decisions up to the last whose other value is untried; returns its bit.
    private mutating func takeBack() -> Int? {
        while let last = decided.popLast() {
            let bit = trail[last.place]
            while trail.count > last.place { values[trail.removeLast()] = 2 }
            if !last.isSecond {
                decided.append((last.place, true))
                return bit
            }
        }
        return nil
    }

    private mutating func decide(_ bit: Int, _ value: UInt8) -> Bool {
        values[bit] = value
        trail.append(bit)
        return conclude(regulated[bit])
    }

    /// Draws every conclusion that follows from one bit's rate alone; false where a rate cannot be 0.
    private mutating func conclude(_ first: [Int]) -> Bool {
        var waiting = first
        while let bit = waiting.popLast() {
            guard canRest(bit) else { return false }
            for regulator in regulators[bit] where values[regulator] == 2 {
                var possible: [UInt8] = []
                for value: UInt8 in 0...1 {
                    values[regulator] = value
                    if canRest(bit) { possible.append(value) }
                }
                values[regulator] = 2
                guard possible.count == 1 else { continue }
                values[regulator] = possible[0]
                trail.append(regulator)
                waiting += regulated[regulator]
            }
        }
        return true
    }

    /// Whether a bit's rate can be 0 with what is decided.
    private mutating func canRest(_ bit: Int) -> Bool {
        visit += 1
        var left = [rate.roots[bit]]
        while let place = left.popLast() {
            if place < 0 {
                if rate.values[Int(~place)] == 0 { return true }
                continue
            }
            guard seen[Int(place)] != visit else { continue }
            seen[Int(place)] = visit
            let branch = rate.branches[Int(place)]
            if values[Int(branch.bit)] != 1 { left.append(branch.low) }
            if values[Int(branch.bit)] != 0 { left.append(branch.high) }
        }
        return false
    }
}
