public import Biology
import Foundation
public import Simulation

extension Formula.Distribution {
    /// The numbers of arguments it takes: bare, then truncated; a missing location is 0.
    public var argumentCounts: [Int] {
        switch self {
        case .normal, .uniform, .gamma, .lognormal, .binomial: [2, 4]
        case .cauchy, .laplace: [1, 2, 4]
        case .chisquare, .exponential, .poisson, .rayleigh: [1, 3]
        case .bernoulli: [1]
        }
    }

    /// A number of this law, cut to [low, high] where two more arguments than the law has say so (both ends belong to it).
    ///
    /// Exact: truncation rejects, and where the window is in a tail inverts the law's distribution function.
    ///
    /// - Parameters:
    ///   - arguments: as ``Formula/Distribution`` says; of a number in ``argumentCounts``.
    ///   - stream: where chance comes from.
    /// - Returns: NaN where the arguments are no law: a negative spread, an empty window.
    public func draw(_ arguments: borrowing [Double], from stream: inout RandomStream) -> Double {
        precondition(argumentCounts.contains(arguments.count), "\(rawValue) takes not \(arguments.count) arguments")
        if arguments.contains(where: \.isNaN) { return .nan }
        let own = argumentCounts.last == 1 ? 1 : (argumentCounts.last ?? 0) - 2
        let isCut = arguments.count > own
        let low = isCut ? arguments[own] : -.infinity
        let high = isCut ? arguments[own + 1] : .infinity
        // The location may be left out.
        let first = own == 2 && arguments.count == 1 ? 0 : arguments[0]
        let second = own == 2 ? arguments[arguments.count == 1 ? 0 : 1] : 0
        guard low <= high, isLaw(first, second) else { return .nan }
        return number(first, second, in: low...high, from: &stream)
    }

    private func isLaw(_ first: Double, _ second: Double) -> Bool {
        switch self {
        case .normal, .cauchy, .laplace, .lognormal: first.isFinite && second >= 0 && second.isFinite
        case .uniform: first <= second && (second - first).isFinite
        case .bernoulli: (0...1).contains(first)
        case .binomial: first >= 0 && first.isFinite && first.rounded() == first && (0...1).contains(second)
        case .chisquare, .exponential, .rayleigh: first > 0 && first.isFinite
        case .gamma: first > 0 && first.isFinite && second > 0 && second.isFinite
        case .poisson: first >= 0 && first.isFinite
        }
    }

    private func number(
        _ first: Double, _ second: Double, in window: ClosedRange<Double>, from stream: inout RandomStream
    ) -> Double {
        let low = window.lowerBound
        let high = window.upperBound
        switch self {
        case .normal: return cutNormal(first, second, low, high, &stream)
        case .lognormal:
            let least = low > 0 ? log(low) : -.infinity
            return high > 0 ? exp(cutNormal(first, second, least, log(high), &stream)) : .nan
        case .uniform:
            let from = max(first, low)
            let to = min(second, high)
            return from <= to ? from + (to - from) * stream.uniform() : .nan
        case .bernoulli: return stream.uniform() < first ? 1 : 0
        case .cauchy: return cutCauchy(first, second, low, high, &stream)
        case .laplace: return cutLaplace(first, second, low, high, &stream)
        case .exponential: return cutExponential(max(low, 0), high, &stream, rate: first)
        case .rayleigh:
            // Its square is exponential of rate 1/(2σ²).
            let from = max(low, 0)
            guard high >= from else { return .nan }
            let rate = 0.5 / (first * first)
            return cutExponential(from * from, high * high, &stream, rate: rate).squareRoot()
        case .chisquare: return cutGamma(first / 2, 2, low, high, &stream)
        case .gamma: return cutGamma(first, second, low, high, &stream)
        case .poisson:
            return cutCount(low, high, CountLaw.poisson(mean: first), &stream) { $0.poisson(mean: first) }
        case .binomial:
            let law = CountLaw.binomial(trials: first, probability: second)
            return cutCount(low, high, law, &stream) { $0.binomial(trials: first, probability: second) }
        }
    }
}

/// Tries before a window counts as a tail, where the law is inverted instead; any number gives the same law (chosen: a
/// window of a tenth fails 64 times in one of 850 draws).
private let tries = 64

private func cutNormal(
    _ mean: Double, _ deviation: Double, _ low: Double, _ high: Double, _ stream: inout RandomStream
) -> Double {
    if deviation == 0 { return low <= mean && mean <= high ? mean : .nan }
    let a = (low - mean) / deviation
    let b = (high - mean) / deviation
    // By symmetry the window is not below the middle, where its upper tail is inverted accurately.
    if a == -.infinity && b == .infinity { return mean + deviation * stream.normal() }
    if b < -a { return mean - deviation * cutStandardNormal(-b, -a, &stream) }
    return mean + deviation * cutStandardNormal(a, b, &stream)
}

/// A standard normal number of [a, b] with |a| ≤ |b|.
private func cutStandardNormal(_ a: Double, _ b: Double, _ stream: inout RandomStream) -> Double {
    if a < 0.5 && b - a > 1 {
        // At least a sixth of all numbers lie here.
        while true {
            let x = stream.normal()
            if a <= x && x <= b { return x }
        }
    }
    if a > 0.5 && (b - a) * a > 1 {
        // Source: Robert (1995), Simulation of truncated normal variables, doi:10.1007/BF00143942.
        let rate = (a + (a * a + 4).squareRoot()) / 2
        while true {
            let x = cutExponential(a, b, &stream, rate: rate)
            if stream.openUniform() <= exp(-(x - rate) * (x - rate) / 2) { return x }
        }
    }
    // A narrow window: uniform, accepted by the density beside the highest one.
    let peak = max(a, 0)
    while true {
        let x = a + (b - a) * stream.uniform()
        if stream.openUniform() <= exp((peak * peak - x * x) / 2) { return x }
    }
}

private func cutExponential(_ low: Double, _ high: Double, _ stream: inout RandomStream, rate: Double) -> Double {
    guard low <= high, low.isFinite else { return .nan }
    let beyond = exp(-rate * (high - low))
    let x = low - log1p(-stream.uniform() * (1 - beyond)) / rate
    return min(x, high)
}

private func cutLaplace(
    _ location: Double, _ scale: Double, _ low: Double, _ high: Double, _ stream: inout RandomStream
) -> Double {
    if scale == 0 { return low <= location && location <= high ? location : .nan }
    let a = (low - location) / scale
    let b = (high - location) / scale
    let below = a < 0 ? exp(min(b, 0)) - exp(a) : 0
    let above = b > 0 ? exp(-max(a, 0)) - exp(-b) : 0
    let isBelow = stream.uniform() * (below + above) < below
    let x =
        isBelow || b <= 0
        ? -cutExponential(max(-b, 0), -a, &stream, rate: 1) : cutExponential(max(a, 0), b, &stream, rate: 1)
    return location + scale * x
}

private func cutCauchy(
    _ location: Double, _ scale: Double, _ low: Double, _ high: Double, _ stream: inout RandomStream
) -> Double {
    if scale == 0 { return low <= location && location <= high ? location : .nan }
    let a = (low - location) / scale
    let b = (high - location) / scale
    let x: Double
    if a >= 1 {
        // 1/x is a Cauchy number too; angles of the far tail would lose their digits.
        let angles = (atan(1 / b), atan(1 / a))
        x = 1 / tan(angles.0 + (angles.1 - angles.0) * stream.openUniform())
    } else if b <= -1 {
        let angles = (atan(-1 / a), atan(-1 / b))
        x = -1 / tan(angles.0 + (angles.1 - angles.0) * stream.openUniform())
    } else {
        let angles = (atan(a), atan(b))
        x = tan(angles.0 + (angles.1 - angles.0) * stream.openUniform())
    }
    return location + scale * min(max(x, a), b)
}

private func cutGamma(
    _ shape: Double, _ scale: Double, _ low: Double, _ high: Double, _ stream: inout RandomStream
) -> Double {
    let a = max(low, 0) / scale
    let b = high / scale
    guard a <= b else { return .nan }
    for _ in 0..<tries {
        let x = stream.gamma(shape: shape)
        if a <= x && x <= b { return scale * x }
    }
    return scale * invertedGamma(shape: shape, a, b, part: stream.openUniform())
}

/// A whole number's law; tails are searched from the window's end that is nearest to the most probable number.
private enum CountLaw {
    case poisson(mean: Double)
    case binomial(trials: Double, probability: Double)

    var mode: Double {
        switch self {
        case .poisson(let mean): mean.rounded(.down)
        case .binomial(let trials, let probability): ((trials + 1) * probability).rounded(.down)
        }
    }

    var highest: Double {
        if case .binomial(let trials, _) = self { trials } else { .infinity }
    }

    /// P(k + 1) / P(k).
    func ratio(after k: Double) -> Double {
        switch self {
        case .poisson(let mean): mean / (k + 1)
        case .binomial(let trials, let probability):
            (trials - k) / (k + 1) * probability / (1 - probability)
        }
    }
}

private func cutCount(
    _ low: Double, _ high: Double, _ law: CountLaw, _ stream: inout RandomStream,
    _ draw: (inout RandomStream) -> Double
) -> Double {
    let first = max(low, 0).rounded(.up)
    let last = min(high, law.highest).rounded(.down)
    guard first <= last else { return .nan }
    for _ in 0..<tries {
        let k = draw(&stream)
        if first <= k && k <= last { return k }
    }
    // Outwards from the end nearest to the mode probabilities only fall; what is below 1e-17 of them changes nothing.
    let rises = law.mode < first || first == last
    let start = rises ? first : last
    let end = rises ? last : first
    let step: Double = rises ? 1 : -1
    func next(_ weight: Double, _ k: Double) -> Double {
        rises ? weight * law.ratio(after: k) : weight / law.ratio(after: k - 1)
    }
    var total = 0.0
    var weight = 1.0
    var k = start
    while true {
        total += weight
        if k == end { break }
        weight = next(weight, k)
        k += step
        if !(weight > 1e-17 * total) { break }
    }
    var left = total * stream.uniform()
    weight = 1
    k = start
    while left >= weight && k != end {
        left -= weight
        weight = next(weight, k)
        k += step
    }
    return k
}
