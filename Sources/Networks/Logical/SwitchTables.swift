import Biology

/// How often each bit of a logical network switches, laid out for many switches after each other.
///
/// A bit with few regulators has a table with one rate for each of their states, and a place in it that moves when a
/// regulator switches; another has its decision diagram walked anew.
struct SwitchTables: Sendable {
    let bits: Int
    /// Leaves of the tree of sums: a power of two.
    let leaves: Int
    /// Rates of all tables, one after the other.
    private(set) var rates: [Double] = []
    /// Where each bit's table starts; below 0 for a bit whose diagram is walked.
    private(set) var starts: [Int32] = []
    /// For each bit, those it regulates: `effects[effectStarts[bit]..<effectStarts[bit + 1]]`.
    private(set) var effectStarts: [Int32] = []
    private(set) var effects: [Effect] = []
    /// Regulators of each bit, in the order of their weights in its table.
    private(set) var regulatorStarts: [Int32] = []
    private(set) var regulators: [Int32] = []
    let diagrams: Diagrams

    struct Effect: Sendable {
        var bit: Int32
        /// What a switch adds to the place in the table.
        var weight: Int32
    }

    /// Chosen: tables of 8 kB stay in a processor's cache.
    static let mostTabulated = 10

    init(_ program: BooleanProgram) {
        bits = program.bits
        var leaves = 1
        while leaves < bits { leaves *= 2 }
        self.leaves = leaves
        diagrams = program.rate
        var regulated: [[Effect]] = Array(repeating: [], count: bits)
        for bit in 0..<bits {
            let found = program.rate.regulators(of: bit)
            regulatorStarts.append(Int32(regulators.count))
            regulators += found.map(Int32.init)
            let isTabulated = found.count <= SwitchTables.mostTabulated
            for (index, regulator) in found.enumerated() {
                regulated[regulator].append(Effect(bit: Int32(bit), weight: isTabulated ? 1 << Int32(index) : 0))
            }
            guard isTabulated else {
                starts.append(-1)
                continue
            }
            starts.append(Int32(rates.count))
            var state = program.state()
            for combination in 0..<1 << found.count {
                for (index, regulator) in found.enumerated() { state[regulator] = combination >> index & 1 != 0 }
                rates.append(program.rate.value(bit, at: state))
            }
        }
        regulatorStarts.append(Int32(regulators.count))
        for bit in 0..<bits {
            effectStarts.append(Int32(effects.count))
            effects += regulated[bit]
        }
        effectStarts.append(Int32(effects.count))
    }
}
