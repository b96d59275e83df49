import Foundation

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
    /// The value that 97.5 % lie below: t = √ν · tan θ where 95 % lie within ±θ, by halving to the last bit.
    static func quantile(degrees: Int) -> Double {
        precondition(degrees >= 1, "a spread needs two values")
        var (low, high) = (0.0, Double.pi / 2)
        while true {
            let middle = (low + high) / 2
            if middle == low || middle == high { break }
            if share(within: middle, degrees: degrees) < 0.95 { low = middle } else { high = middle }
        }
        return Double(degrees).squareRoot() * tan(low)
    }

    /// What lies within ±t, t = √ν · tan θ: the integral of cosⁿ to θ as a share of that to π/2, n = ν − 1.
    ///
    /// The density (1 + t²/ν)^(−(ν + 1)/2) is cos^(ν + 1) θ, and dt is √ν/cos² θ dθ. By parts, the integral Iₙ is
    /// cosⁿ⁻¹ θ · sin θ/n + (n − 1)/n · Iₙ₋₂, so each two degrees add cosⁿ⁻¹ θ · sin θ/(n · Iₙ(π/2)) to the share.
    private static func share(within angle: Double, degrees: Int) -> Double {
        let (cosine, sine) = (cos(angle), sin(angle))
        let isOdd = degrees % 2 == 1
        var (n, whole) = isOdd ? (0, Double.pi / 2) : (1, 1)
        var share = isOdd ? angle / whole : sine
        var power = isOdd ? cosine : cosine * cosine
        while n < degrees - 1 {
            n += 2
            whole *= Double(n - 1) / Double(n)
            share += power * sine / (Double(n) * whole)
            power *= cosine * cosine
        }
        return share
    }
}
