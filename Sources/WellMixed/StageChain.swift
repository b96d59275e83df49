/// A duration as a chain of exponential stages, one after the other, with its mean, and its variance where few are enough.
///
/// So a number of cells in each stage says what follows, whenever each entered. Exact for durations of that law (gamma, or
/// nearly); of any other the first two moments are.
/// - Source: the method of stages (Cox 1955), from memory.
struct StageChain: Hashable, Sendable {
    /// From each stage to the next, 1/s.
    private(set) var rates: [Double]

    /// Chosen: a duration that does not vary then varies by 10 %, and a population whose cells divide after it grows faster
    /// by n (2^(1/n) − 1)/ln 2 − 1 = 0.35 %.
    static let mostStages = 100

    /// `nil` where it varies by more than an exponential duration does, which no chain can.
    ///
    /// With n stages, all but one of mean x and one of mean y: (n − 1) x + y is the mean, (n − 1) x² + y² the variance.
    ///
    /// - Parameters:
    ///   - mean: s, above 0.
    ///   - variation: standard deviation over mean.
    init?(mean: Double, variation: Double) {
        guard variation <= 1 else { return nil }
        let square = variation * variation
        let wanted = (1 / max(square, 1e-12) * (1 - 1e-9)).rounded(.up)
        guard wanted <= Double(StageChain.mostStages) else {
            let count = Double(StageChain.mostStages)
            rates = Array(repeating: count / mean, count: StageChain.mostStages)
            return
        }
        let count = max(1, wanted)
        let spread = (max(0, (count - 1) * (count * square - 1))).squareRoot()
        let last = mean * (1 + spread) / count
        rates = [1 / last]
        if count > 1 {
            let other = (mean - last) / (count - 1)
            rates = Array(repeating: 1 / other, count: Int(count) - 1) + rates
        }
    }

    /// s.
    var mean: Double { rates.reduce(0) { $0 + 1 / $1 } }
    /// s².
    var variance: Double { rates.reduce(0) { $0 + 1 / ($1 * $1) } }
}
