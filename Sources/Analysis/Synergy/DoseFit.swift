import Foundation

/// A surface of responses to two doses, in the scales that fits are made in: doses by their own geometric mean, responses
/// by their own spread, so that no unit matters.
struct ScaledSurface {
    let doses: [[Double]]
    /// (response − start)/range.
    let responses: [Double]
    let start: Double
    let range: Double
    /// Geometric mean of each axis' doses above 0.
    let doseScales: [Double]
    let direction: EffectDirection
    /// (full − start)/range.
    let full: Double?

    /// `nil` where no response differs from the one without doses.
    init?(_ surface: [[Double]: Double], axes: Int, full: Double?) {
        let sorted = surface.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        guard let start = surface[(0..<axes).map { _ in 0 }] else { return nil }
        self.start = start
        direction = EffectDirection(surface.values, from: start)
        let sign = direction.sign
        range = surface.values.map { ($0 - start) * sign }.max() ?? 0
        // Chosen: below this share of its size a response's change is rounding.
        guard range > 1e-12 * (surface.values.map(\.magnitude).max() ?? 0) else { return nil }
        doseScales = (0..<axes).map { axis in
            let positive = Set(sorted.map { $0.key[axis] }).filter { $0 > 0 }.sorted()
            return positive.isEmpty ? 1 : exp(positive.reduce(0) { $0 + log($1) } / Double(positive.count))
        }
        let (scales, range) = (doseScales, range)
        doses = sorted.map { point in zip(point.key, scales).map { $0 / $1 } }
        responses = sorted.map { ($0.value - start) / range }
        self.full = full.map { ($0 - start) / range }
    }

    /// Logarithms of the smallest and the largest scaled dose above 0 of an axis.
    func logRange(_ axis: Int) -> (low: Double, high: Double) {
        let positive = doses.map { $0[axis] }.filter { $0 > 0 }
        return (log(positive.min() ?? 1), log(positive.max() ?? 1))
    }

    /// Where a scaled response at saturation may lie.
    ///
    /// Chosen: as far beyond what was seen as the whole of what was seen, and not beyond full effect.
    var limits: (low: Double, high: Double) {
        let (seenLow, seenHigh) = (responses.min() ?? 0, responses.max() ?? 1)
        var (low, high) = (seenLow - 1, seenHigh + 1)
        if let full {
            if full > 0 { high = min(high, max(full, seenHigh)) } else { low = max(low, min(full, seenLow)) }
        }
        return (low, high)
    }

    /// Back from scaled responses.
    func response(_ scaled: Double) -> Double { start + range * scaled }

    // Chosen: half doses up to a thousand times beyond the doses given, Hill slopes and potencies beyond any measured.
    static let beyond = 6.9
    static let hills = (low: log(0.1), high: log(10.0))
    static let alphas = (low: log(1e-4), high: log(1e4))
    static let gammas = (low: log(0.1), high: log(10.0))
}

/// One dose's curve with what it rests on.
public struct SingleFit: Hashable, Sendable, Codable {
    /// `nil` where its doses do not determine it.
    public var curve: HillCurve?
    /// How many doses above 0 were tried alone.
    public var doses: Int
    /// Whether the dose alone changes the response at all.
    public var isActive: Bool
    /// Share of the variance of the responses to it alone that the curve explains; `nil` where it is inactive, or its
    /// doses do not determine a curve.
    public var rSquared: Double?
}

/// A Hill curve through what an axis does alone, whether its doses determine it or many others fit as well.
struct OwnCurve {
    var curve: HillCurve
    /// How many doses above 0 were tried alone.
    var doses: Int
    var isActive: Bool
    var rSquared: Double?

    /// A curve that starts at the response without doses has three numbers more: E1, C and h.
    static let leastDoses = 3

    /// A dose that does nothing has a flat curve, however few were tried.
    var isDetermined: Bool { !isActive || doses >= OwnCurve.leastDoses }

    var single: SingleFit {
        SingleFit(
            curve: isDetermined ? curve : nil, doses: doses, isActive: isActive,
            rSquared: isDetermined ? rSquared : nil)
    }
}

extension ScaledSurface {
    /// A Hill curve for each axis alone, all starting at the response without doses.
    ///
    /// A dose counts as inactive if it alone changes the response by less than 1 % of the largest effect seen (chosen).
    func ownCurves() -> [OwnCurve] { doseScales.indices.map(ownCurve) }

    private func ownCurve(_ axis: Int) -> OwnCurve {
        let alone = doses.indices.filter { i in
            doses[i].indices.allSatisfy { $0 == axis || doses[i][$0] == 0 }
        }
        let (x, y) = (alone.map { doses[$0][axis] }, alone.map { responses[$0] })
        let tried = x.count { $0 > 0 }
        let (low, high) = logRange(axis)
        guard (y.map(\.magnitude).max() ?? 0) >= 0.01 else {
            let flat = HillCurve(
                start: start, end: start, halfDose: doseScales[axis] * exp((low + high) / 2), hill: 1)
            return OwnCurve(curve: flat, doses: tried, isActive: false, rSquared: nil)
        }
        let problem = LeastSquares(
            lower: [limits.low, low - ScaledSurface.beyond, ScaledSurface.hills.low],
            upper: [limits.high, high + ScaledSurface.beyond, ScaledSurface.hills.high],
            residuals: { p in
                zip(x, y).map { p[0] * ScaledSurface.fraction($0, p[1], p[2]) - $1 }
            })
        let top = y.max { abs($0) < abs($1) } ?? 1
        var best: LeastSquares.Solution?
        for hill in [0.5, 1, 2, 4] {
            for place in [0.25, 0.5, 0.75, 1.25] {
                let found = problem.solve(from: [top * 1.05, low + (high - low) * place, log(hill)])
                if found.cost < best?.cost ?? .infinity { best = found }
            }
        }
        let found = problem.robust(from: best ?? problem.solve(from: [top, (low + high) / 2, 0]))
        let p = found.parameters
        let mean = y.reduce(0, +) / Double(y.count)
        let spread = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let missed = problem.residuals(p).reduce(0) { $0 + $1 * $1 }
        let curve = HillCurve(
            start: start, end: response(p[0]), halfDose: doseScales[axis] * exp(p[1]), hill: exp(p[2]))
        return OwnCurve(
            curve: curve, doses: tried, isActive: true, rSquared: spread > 0 ? 1 - missed / spread : nil)
    }

    /// u/(1 + u), u = (d/C)^h, with the logarithms of C and h.
    static func fraction(_ dose: Double, _ logHalf: Double, _ logHill: Double) -> Double {
        guard dose > 0 else { return 0 }
        return 1 / (1 + exp(-exp(logHill) * (log(dose) - logHalf)))
    }
}
