import Foundation

/// The p in error ≈ C hᵖ between the two finest of a series of errors.
///
/// Largest step first; `steps` holds the step or spacing of each error.
///
/// - Precondition: at least two, all positive.
public func observedOrder(errors: [Double], steps: [Double]) -> Double {
    precondition(errors.count == steps.count && errors.count >= 2, "an order needs two errors and their steps")
    let (e, h) = (errors.suffix(2).map { $0 }, steps.suffix(2).map { $0 })
    return log(e[0] / e[1]) / log(h[0] / h[1])
}

/// The slope of a straight line through points by least squares.
public func slope(_ points: [(x: Double, y: Double)]) -> Double {
    let n = Double(points.count)
    let mean = (x: points.reduce(0) { $0 + $1.x } / n, y: points.reduce(0) { $0 + $1.y } / n)
    let covariance = points.reduce(0) { $0 + ($1.x - mean.x) * ($1.y - mean.y) }
    return covariance / points.reduce(0) { $0 + ($1.x - mean.x) * ($1.x - mean.x) }
}

/// A small seeded generator for test inputs, so that a failure fails again.
///
/// - Source: SplitMix64, with its standard constants.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
