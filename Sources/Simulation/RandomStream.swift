import Foundation

/// Random numbers that depend only on what they are for: seed, cell, step and purpose.
///
/// No state is shared, so numbers are the same in any order and on any number of threads.
///
/// Source: Philox4x32-10 of Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3,
/// doi:10.1145/2063384.2063405.
public struct RandomStream: Sendable {
    /// What numbers are drawn for; raw values are part of what a seed means and never change.
    public enum Purpose: UInt8, Sendable, CaseIterable {
        /// Where a cell stands.
        case position = 1
        /// How deep a cell of a 2-D section stands.
        case depth = 2
        /// Which type a site of a lattice gets.
        case site = 3
        /// Which type a cell of a table becomes.
        case label = 4
        /// A cell's number of a receptor; `index` is the receptor's.
        case receptor = 5
        /// A cell's secretion rate; `index` is the molecule's.
        case secretion = 6
        /// Where a fit starts; `cell` is the start's number.
        case start = 7
        /// The seed of a replicate; `cell` is the replicate's number.
        case replicate = 8
        /// Which sign a cell's probe has that measures what it captures of its own; `index` is the molecule's.
        case probe = 9
        /// When reactions happen and which, by exact chance or leaping; `cell` is the run's number.
        case reaction = 10
        /// What formulas of a network draw, and the order of its events; `cell` is the run's number.
        case draw = 11
        /// What a cell does and when: division, death, attacks; `step` counts the cell's draws.
        case life = 12
        /// At which levels a logical network starts.
        case nodeStart = 20
        /// When and which nodes of a logical network switch.
        case nodeSwitch = 21
        /// A cell's expression count of a gene; `index` is the gene's.
        case expressionCount = 32
        /// When a walking cell turns and where to; `step` is the number of turns it took.
        case turn = 40
        /// How many cells come out of a compartment; `cell` is the recruitment's place, `index` the tissue's.
        case recruitment = 50
        /// Where a cell comes in that was not there at the start; `cell` is its id.
        case arrival = 51
    }

    private let key: SIMD2<UInt32>
    /// Block, cell, step, purpose and index.
    private var counter: SIMD4<UInt32>
    private var block = SIMD4<UInt32>()
    private var used = 4

    /// The stream for one purpose.
    ///
    /// - Precondition: `cell` and `step` are below 2³², `index` below 2²⁴, and none is negative.
    public init(seed: UInt64, cell: Int, step: Int = 0, purpose: Purpose, index: Int = 0) {
        precondition((0..<1 << 24).contains(index), "index \(index) is not below 2^24")
        key = [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)]
        counter = [0, UInt32(cell), UInt32(step), UInt32(purpose.rawValue) << 24 | UInt32(index)]
    }

    /// Keeps how far the stream is; whose it is comes from the one that is there.
    public mutating func keep(in archive: StateArchive) throws(StateProblem) {
        var numbers = (0..<4).map { counter[$0] } + (0..<4).map { block[$0] }
        try archive.keep("stream", &numbers)
        try archive.keep("stream.used", &used)
        guard numbers.count == 8, (0...4).contains(used) else { throw StateProblem("stream", "is another") }
        for i in 0..<4 { (counter[i], block[i]) = (numbers[i], numbers[4 + i]) }
    }

    /// The seed of a replicate: the given one for the first, so that one replicate is the run itself.
    public static func seed(_ seed: UInt64, replicate: Int) -> UInt64 {
        if replicate == 0 { return seed }
        var stream = RandomStream(seed: seed, cell: replicate, purpose: .replicate)
        let high = UInt64(stream.next())
        return high << 32 | UInt64(stream.next())
    }

    /// The next 32 random bits.
    public mutating func next() -> UInt32 {
        if used == 4 {
            block = RandomStream.philox(counter: counter, key: key)
            counter[0] &+= 1
            used = 0
        }
        defer { used += 1 }
        return block[used]
    }

    /// The next number of [0, 1), a multiple of 2⁻⁵³.
    public mutating func uniform() -> Double {
        let high = UInt64(next())
        let low = UInt64(next())
        return Double((high << 32 | low) >> 11) * 0x1p-53
    }

    /// Writes the next uniform numbers, those that as many calls of `uniform()` give: faster than these.
    ///
    /// - Precondition: whole blocks: `count` is even, and as many 32-bit numbers as a block has, or none, came before.
    public mutating func fill(_ numbers: UnsafeMutablePointer<Double>, count: Int) {
        precondition(count % 2 == 0 && used == 4, "\(count) numbers are not whole blocks")
        var counter = counter
        for pair in 0..<count / 2 {
            let block = RandomStream.philox(counter: counter, key: key)
            counter[0] &+= 1
            let first = UInt64(block[0]) << 32 | UInt64(block[1])
            let second = UInt64(block[2]) << 32 | UInt64(block[3])
            unsafe numbers[2 * pair] = Double(first >> 11) * 0x1p-53
            unsafe numbers[2 * pair + 1] = Double(second >> 11) * 0x1p-53
        }
        self.counter = counter
    }

    /// The next normal number of mean 0 and standard deviation 1.
    ///
    /// Source: Box & Muller (1958), A note on the generation of random normal deviates,
    /// doi:10.1214/aoms/1177706645.
    public mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * .pi * uniform())
    }

    /// The next log-normal number with this mean and coefficient of variation.
    ///
    /// For ln X normal of variance s² = ln(1 + variation²), the mean of X is `mean` where that of ln X is
    /// ln(mean) − s²/2. Without variation it is the mean itself.
    ///
    /// - Precondition: `mean` ≥ 0 and `variation` ≥ 0, both finite.
    public mutating func logNormal(mean: Double, variation: Double) -> Double {
        precondition(mean >= 0 && mean.isFinite, "mean \(mean) is not a finite number of at least 0")
        precondition(
            variation >= 0 && variation.isFinite, "variation \(variation) is not a finite number of at least 0")
        guard variation > 0 else { return mean }
        // 1 + v² is v² to rounding above 1e8, and overflows above 1e154.
        let variance = variation < 1e8 ? log1p(variation * variation) : 2 * log(variation)
        return min(mean * exp(variance.squareRoot() * normal() - variance / 2), .greatestFiniteMagnitude)
    }

    /// Ten rounds of Philox: the 128 random bits of a counter under a key.
    public static func philox(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var c = counter
        var k = key
        for _ in 0..<10 {
            let a = c[0].multipliedFullWidth(by: 0xD251_1F53)
            let b = c[2].multipliedFullWidth(by: 0xCD9E_8D57)
            c = [b.high ^ c[1] ^ k[0], b.low, a.high ^ c[3] ^ k[1], a.low]
            k[0] &+= 0x9E37_79B9
            k[1] &+= 0xBB67_AE85
        }
        return c
    }
}
