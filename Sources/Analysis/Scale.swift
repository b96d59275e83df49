import Foundation

/// From values to places along an axis, with marks at round values.
struct Scale {
    let isLogarithmic: Bool
    let low: Double
    let high: Double
    /// Pixels of `low` and `high`.
    let start: Double
    let end: Double
    let ticks: [Double]
    private let decimals: Int

    /// Hours between marks that suit a day.
    static let hours: [Double] = [1, 2, 3, 6, 12, 24, 48]

    /// From `low` to `high`, both moved outwards to round values unless `isExact`; marks are one of `steps` apart
    /// where one suits.
    init(
        linear low: Double, _ high: Double, start: Double, end: Double, isExact: Bool = false, steps: [Double] = []
    ) {
        var high = high > low ? high : low + max(abs(low), 1)
        if !(high - low).isFinite { high = low + 1 }
        let rough = (high - low) / max(2, min(6, abs(end - start) / 55))
        let power = pow(10, log10(rough).rounded(.down))
        let round = power * ([1, 2, 2.5, 5].first { $0 * power >= rough * 0.999 } ?? 10)
        let suited = rough < 0.8 ? nil : steps.first { $0 >= rough * 0.8 }
        let step = suited ?? round
        // Chosen: what is below a mark by a thousandth of a step is at it.
        let bottom = isExact ? low : (low / step + 1e-3).rounded(.down) * step
        let top = isExact ? high : (high / step - 1e-9).rounded(.up) * step
        let first = Int((bottom / step - 1e-9).rounded(.up))
        let last = Int((top / step + 1e-9).rounded(.down))
        self.init(false, bottom, top, start, end, (first...max(first, last)).map { Double($0) * step })
    }

    /// Between two positive values, moved outwards to 1, 2 or 5 times a power of ten unless `isExact`.
    init(logarithmic low: Double, _ high: Double, start: Double, end: Double, isExact: Bool = false) {
        precondition(low > 0 && high >= low, "a logarithmic axis needs positive values")
        let steps = Scale.steps(from: low, to: high > low * 1.05 ? high : low * 1.05)
        let bottom = isExact ? low : steps[0]
        let top = isExact ? max(high, low * 1.05) : steps[steps.count - 1]
        let inside = steps.filter { $0 >= bottom * 0.999 && $0 <= top * 1.001 }
        let decades = inside.filter(Scale.isDecade)
        var ticks = decades.count >= 3 || inside.count > 8 ? decades : inside
        let every = max(1, (ticks.count + 7) / 8)
        if every > 1 { ticks = ticks.enumerated().filter { $0.offset % every == 0 }.map(\.element) }
        self.init(true, bottom, top, start, end, ticks)
    }

    private init(
        _ isLogarithmic: Bool, _ low: Double, _ high: Double, _ start: Double, _ end: Double, _ ticks: [Double]
    ) {
        self.isLogarithmic = isLogarithmic
        self.low = low
        self.high = high
        self.start = start
        self.end = end
        self.ticks = ticks
        let step = ticks.count > 1 ? ticks[1] - ticks[0] : max(abs(high - low), .leastNormalMagnitude)
        let places = Int((-log10(abs(step))).rounded(.up))
        let isRound = abs(step * pow(10, Double(places)) - (step * pow(10, Double(places))).rounded()) < 1e-6
        decimals = max(0, min(12, isRound ? places : places + 1))
    }

    /// 1, 2 and 5 times powers of ten, from the last at or below `low` to the first at or above `high`.
    private static func steps(from low: Double, to high: Double) -> [Double] {
        var exponent = log10(low).rounded(.down)
        var steps: [Double] = []
        while exponent < 310 {
            for factor in [1.0, 2, 5] {
                let step = factor * pow(10, exponent)
                if step <= low * 1.000001 { steps.removeAll() }
                steps.append(step)
                if step >= high * 0.999999, steps.count > 1 { return steps }
            }
            exponent += 1
        }
        return steps
    }

    private static func isDecade(_ value: Double) -> Bool { abs(log10(value) - log10(value).rounded()) < 1e-9 }

    /// The pixel of a value; values beyond the axis stand at its end.
    func callAsFunction(_ value: Double) -> Double {
        start + (end - start) * min(max(share(value), -0.002), 1.002)
    }

    /// How far along the axis a value is, 0...1 within it.
    func share(_ value: Double) -> Double {
        guard isLogarithmic else { return (value - low) / (high - low) }
        return value > 0 ? log(value / low) / log(high / low) : -1
    }

    func label(_ tick: Double) -> String {
        if !isLogarithmic { return abs(tick) < 1e7 ? Words.fixed(tick, decimals: decimals) : Words.number(tick) }
        if tick >= 0.00099, tick <= 100_000 { return Words.number(tick, digits: 1) }
        let exponent = Int(log10(tick).rounded(.down))
        let factor = Int((tick / pow(10, Double(exponent))).rounded())
        return (factor == 1 ? "" : "\(factor) × ") + "10\(Words.superscript(exponent))"
    }
}
