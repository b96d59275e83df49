/// Numbers the states that trajectories go through, in the order they are met.
struct StateTable {
    let width: Int
    /// All states, one after the other.
    private(set) var words: [UInt64] = []
    private var slots: [Int32]
    private(set) var count = 0

    init(width: Int) {
        self.width = width
        slots = [Int32](repeating: -1, count: 64)
    }

    /// The number of a state; a new one where it has none.
    mutating func number(of state: [UInt64]) -> Int {
        var slot = StateTable.hash(state[...]) & (slots.count - 1)
        while slots[slot] >= 0 {
            let first = Int(slots[slot]) * width
            if (0..<width).allSatisfy({ words[first + $0] == state[$0] }) { return Int(slots[slot]) }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Int32(count)
        words += state
        count += 1
        if count * 2 > slots.count { grow() }
        return count - 1
    }

    func state(_ number: Int) -> [UInt64] { Array(words[number * width..<(number + 1) * width]) }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: 2 * slots.count)
        for number in 0..<count {
            var slot = StateTable.hash(words[number * width..<(number + 1) * width]) & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(number)
        }
    }

    private static func hash(_ state: ArraySlice<UInt64>) -> Int {
        var hash: UInt64 = 0
        for word in state { hash = mixed(hash ^ word) }
        return Int(hash >> 1)
    }

    /// Source: the finaliser of SplitMix64, Steele, Lea & Flood (2014), doi:10.1145/2660193.2660195, from memory.
    static func mixed(_ word: UInt64) -> UInt64 {
        var x = word &+ 0x9E37_79B9_7F4A_7C15
        x = (x ^ x >> 30) &* 0xBF58_476D_1CE4_E5B9
        x = (x ^ x >> 27) &* 0x94D0_49BB_1331_11EB
        return x ^ x >> 31
    }
}

/// Sums at pairs of a state and a window of time.
struct VisitTable {
    private var keys: [UInt64]
    private var sums: [Double]
    private(set) var count = 0

    init() {
        keys = [UInt64](repeating: .max, count: 256)
        sums = [Double](repeating: 0, count: 256)
    }

    mutating func add(_ value: Double, state: Int, window: Int) {
        let key = UInt64(state) << 32 | UInt64(window)
        let slot = place(of: key)
        if keys[slot] == .max {
            keys[slot] = key
            count += 1
        }
        sums[slot] += value
        if count * 2 > keys.count { grow() }
    }

    private func place(of key: UInt64) -> Int {
        var slot = Int(StateTable.mixed(key) >> 1) & (keys.count - 1)
        while keys[slot] != .max, keys[slot] != key { slot = (slot + 1) & (keys.count - 1) }
        return slot
    }

    private mutating func grow() {
        let old = entries
        keys = [UInt64](repeating: .max, count: 2 * keys.count)
        sums = [Double](repeating: 0, count: keys.count)
        for entry in old {
            let key = UInt64(entry.state) << 32 | UInt64(entry.window)
            let slot = place(of: key)
            keys[slot] = key
            sums[slot] = entry.sum
        }
    }

    /// All pairs with their sums, by state and then by window.
    var entries: [Entry] {
        keys.indices.filter { keys[$0] != .max }.sorted { keys[$0] < keys[$1] }.map { slot in
            Entry(state: Int(keys[slot] >> 32), window: Int(keys[slot] & 0xFFFF_FFFF), sum: sums[slot])
        }
    }

    struct Entry {
        var state: Int
        var window: Int
        var sum: Double
    }
}
