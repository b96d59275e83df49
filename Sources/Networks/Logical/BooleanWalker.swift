import Foundation
import Simulation

/// One state of a logical network on its way through continuous time: waits and switches, one bit at a time.
///
/// The chance of a switch per time is the bit's rate; waits are exponential with the sum of all rates.
///
/// Source: Gillespie (1977), Exact stochastic simulation of coupled chemical reactions, doi:10.1021/j100540a008; for
/// logical networks Stoll, Viara, Barillot & Calzone (2012), doi:10.1186/1752-0509-6-116, from memory.
struct BooleanWalker {
    private let tables: SwitchTables
    private(set) var state: BooleanState
    /// Where each bit stands in its table.
    private var places: [Int32]
    /// A tree of sums of rates, its root at 1 and its leaves from `leaves` on.
    private var sums: [Double]
    /// Bits that are held where they are.
    private(set) var held: [Bool]

    init(_ tables: SwitchTables) {
        self.tables = tables
        state = BooleanState(words: (tables.bits + 63) / 64)
        places = [Int32](repeating: 0, count: tables.bits)
        sums = [Double](repeating: 0, count: 2 * tables.leaves)
        held = [Bool](repeating: false, count: tables.bits)
    }

    /// The sum of all rates, 0 at a fixed point.
    var total: Double { sums[1] }

    /// Goes to a state.
    mutating func load(_ words: some Sequence<UInt64>) {
        var index = 0
        for word in words {
            state.words[index] = word
            index += 1
        }
        for bit in 0..<tables.bits {
            var place: Int32 = 0
            let first = Int(tables.regulatorStarts[bit])
            if tables.starts[bit] >= 0 {
                for index in first..<Int(tables.regulatorStarts[bit + 1])
                where state[Int(tables.regulators[index])] {
                    place |= 1 << Int32(index - first)
                }
            }
            places[bit] = place
            sums[tables.leaves + bit] = rate(bit)
        }
        for node in stride(from: tables.leaves - 1, through: 1, by: -1) {
            sums[node] = sums[2 * node] + sums[2 * node + 1]
        }
    }

    private func rate(_ bit: Int) -> Double {
        if held[bit] { return 0 }
        let start = tables.starts[bit]
        return start >= 0 ? tables.rates[Int(start + places[bit])] : tables.diagrams.value(bit, at: state)
    }

    /// Switches a bit.
    mutating func flip(_ bit: Int) {
        let isOn = !state[bit]
        state[bit] = isOn
        for index in Int(tables.effectStarts[bit])..<Int(tables.effectStarts[bit + 1]) {
            let effect = tables.effects[index]
            places[Int(effect.bit)] += isOn ? effect.weight : -effect.weight
            refresh(Int(effect.bit))
        }
    }

    private mutating func refresh(_ bit: Int) {
        let now = rate(bit)
        var node = tables.leaves + bit
        guard sums[node] != now else { return }
        sums[node] = now
        node /= 2
        while node >= 1 {
            sums[node] = sums[2 * node] + sums[2 * node + 1]
            node /= 2
        }
    }

    /// Holds a bit where it is, or lets it go.
    mutating func hold(_ bit: Int, _ isHeld: Bool) {
        held[bit] = isHeld
        refresh(bit)
    }

    /// The bit that a number of [0, 1) chooses, each with the chance of its rate.
    ///
    /// - Precondition: `total` is above 0.
    func choice(_ share: Double) -> Int {
        var left = share * sums[1]
        var node = 1
        while node < tables.leaves {
            node *= 2
            // Rounding never leads to where nothing can switch.
            if (left >= sums[node] && sums[node + 1] > 0) || sums[node] == 0 {
                left -= sums[node]
                node += 1
            }
        }
        return node - tables.leaves
    }

    /// The wait to the next switch, from a number of [0, 1).
    func wait(_ share: Double) -> Double { -log(1 - share) / sums[1] }
}
