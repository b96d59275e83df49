/// A number with its 95 % interval where there is one.
public struct Estimate: Hashable, Sendable, Codable {
    public var value: Double
    public var low: Double?
    public var high: Double?

    public init(_ value: Double, low: Double? = nil, high: Double? = nil) {
        self.value = value
        self.low = low
        self.high = high
    }

    /// A value with the interval of the mean of replicates around it, by Student's t.
    public init(_ value: Double, replicates: [Double]) {
        self.init(value)
        guard replicates.count > 1 else { return }
        let n = Double(replicates.count)
        let mean = replicates.reduce(0, +) / n
        let variance = replicates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
        let half = StudentT.quantile(degrees: replicates.count - 1) * (variance / n).squareRoot()
        (low, high) = (value - half, value + half)
    }

    /// The mean of replicates with its interval.
    public init(mean replicates: [Double]) {
        self.init(replicates.reduce(0, +) / Double(replicates.count), replicates: replicates)
    }

    /// Whether the interval lies on one side of a value; without an interval it does.
    func excludes(_ value: Double) -> Bool {
        guard let low, let high else { return true }
        return low > value || high < value
    }

    /// With a rising function over value and interval.
    func map(_ rising: (Double) -> Double) -> Estimate {
        Estimate(rising(value), low: low.map(rising), high: high.map(rising))
    }

    /// "0.12 (0.10 to 0.14)".
    func text(digits: Int = 3) -> String {
        guard let low, let high, low < high else { return Words.number(value, digits: digits) }
        let ends = [low, high].map { Words.number($0, digits: digits) }
        if ends[0] == ends[1] { return ends[0] }
        return "\(Words.number(value, digits: digits)) (\(ends[0]) to \(ends[1]))"
    }
}

/// Student's distribution.
enum StudentT {
    /// The value that 97.5 % lie below.
    ///
    /// - Source: standard table to 30 degrees of freedom; beyond, the first terms of the Cornish–Fisher expansion around
    ///   the normal 1.959964, right to 1e-4 there.
    static func quantile(degrees: Int) -> Double {
        precondition(degrees >= 1, "a spread needs two values")
        if degrees <= table.count { return table[degrees - 1] }
        let (z, n) = (1.959_964, Double(degrees))
        let (z3, z5) = (z * z * z, z * z * z * z * z)
        return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n)
    }

    private static let table = [
        12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604, 2.1448,
        2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484,
        2.0452, 2.0423,
    ]
}
