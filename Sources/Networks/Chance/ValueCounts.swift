/// How often each value came, for quantiles without keeping the values.
///
/// Up to 512 different values are counted one by one. Beyond that neighbours are put together by leaving out the last bits
/// of their significands, as few as will do, so that a quantile is off by at most the share ``resolution`` of itself.
struct ValueCounts: Hashable, Sendable {
    /// Chosen: 8 KB a time and name.
    static let mostValues = 512
    private var counts: [Int64: Int] = [:]
    /// Bits of the significand that are left out.
    private var dropped = 0

    /// The largest relative error of a quantile.
    var resolution: Double { dropped == 0 ? 0 : Double(sign: .plus, exponent: dropped - 53, significand: 1) }

    mutating func add(_ value: Double) { add(Self.key(value, dropped), 1) }

    private mutating func add(_ key: Int64, _ count: Int) {
        counts[key, default: 0] += count
        while counts.count > Self.mostValues { coarsen(to: dropped + 1) }
    }

    /// Adds another's counts; the coarser of both is what is left.
    mutating func merge(_ other: ValueCounts) {
        if other.dropped > dropped { coarsen(to: other.dropped) }
        for (key, count) in other.counts { add(key >> Int64(dropped - other.dropped), count) }
    }

    private mutating func coarsen(to bits: Int) {
        var coarser: [Int64: Int] = [:]
        for (key, count) in counts { coarser[key >> Int64(bits - dropped), default: 0] += count }
        counts = coarser
        dropped = bits
    }

    /// The smallest value below or at which this share of all lies; NaN of none.
    func quantile(_ share: Double) -> Double {
        let total = counts.values.reduce(0, +)
        var left = max((share * Double(total)).rounded(.up), 1)
        for (key, count) in counts.sorted(by: { $0.key < $1.key }) {
            left -= Double(count)
            if left <= 0 { return Self.value(key, dropped) }
        }
        return .nan
    }

    /// Whole numbers in the order of the doubles: the bits of positive ones, those of negative ones turned.
    private static func key(_ value: Double, _ dropped: Int) -> Int64 {
        let bits = Int64(bitPattern: (value == 0 ? 0 : value).bitPattern)
        return (bits >= 0 ? bits : bits ^ Int64.max) >> Int64(dropped)
    }

    /// The middle of what has this key.
    private static func value(_ key: Int64, _ dropped: Int) -> Double {
        let bits = dropped == 0 ? key : (key << Int64(dropped)) + (1 << Int64(dropped - 1))
        return Double(bitPattern: UInt64(bitPattern: bits >= 0 ? bits : bits ^ Int64.max))
    }
}
