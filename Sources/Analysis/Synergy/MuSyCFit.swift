import Foundation
import Simulation

/// The MuSyC surface that fits responses best, with the errors of its parameters.
public struct MuSyCFit: Hashable, Sendable, Codable {
    public var surface: MuSyC
    /// Share of the variance of all responses that the surface explains.
    public var rSquared: Double
    /// Standard errors by parameter name, of the natural logarithm for C, h, α and γ; absent where the responses do not
    /// determine a parameter, or it lies at its bound.
    public var errors: [String: Double]
    /// Whether γ was fitted too; otherwise it is 1.
    public var hasCooperativity: Bool

    /// In the order of the fit's parameters.
    static let names = ["E0", "E1", "E2", "E3", "C1", "C2", "h1", "h2", "α12", "α21", "γ12", "γ21"]
}

extension ScaledSurface {
    /// Fits E0...E3, C, h and α, and γ where that pays, from many starts keyed by a seed.
    ///
    /// γ is fitted only to 16 combinations or more, and kept only if it lowers Akaike's corrected criterion by more than
    /// 2 (both chosen). `nil` for fewer responses than parameters.
    func musyc(_ singles: [OwnCurve], seed: UInt64, starts: Int = 24) -> MuSyCFit? {
        guard responses.count > 10 else { return nil }
        let problem = problem(cooperative: false)
        var candidates = startingPoints(singles, seed: seed, count: starts).map {
            problem.solve(from: $0, steps: 25)
        }
        candidates.sort { $0.cost < $1.cost }
        let polished = candidates.prefix(6).map { problem.solve(from: $0.parameters, steps: 400) }
        guard let first = polished.min(by: { $0.cost < $1.cost }) else { return nil }
        let plain = problem.robust(from: first)
        let combinations = doses.count { $0.allSatisfy { $0 > 0 } }
        guard combinations >= 16, responses.count > 14 else { return fit(plain, problem, cooperative: false) }
        let larger = self.problem(cooperative: true)
        let richer = larger.robust(from: larger.solve(from: plain.parameters + [0, 0], steps: 400))
        let pays = criterion(problem, plain, 10) - criterion(larger, richer, 12) > 2
        return pays ? fit(richer, larger, cooperative: true) : fit(plain, problem, cooperative: false)
    }

    /// Akaike's criterion with its correction for few observations; residuals below 1e-9 of the range are none.
    private func criterion(_ problem: LeastSquares, _ solution: LeastSquares.Solution, _ count: Double) -> Double {
        let n = Double(responses.count)
        let mean = max(problem.residuals(solution.parameters).reduce(0) { $0 + $1 * $1 } / n, 1e-18)
        return n * log(mean) + 2 * count + 2 * count * (count + 1) / (n - count - 1)
    }

    private func problem(cooperative: Bool) -> LeastSquares {
        let (first, second) = (logRange(0), logRange(1))
        let more = ScaledSurface.beyond
        let (hills, alphas) = (ScaledSurface.hills, ScaledSurface.alphas)
        var lower = [limits.low, limits.low, limits.low, limits.low, first.low - more, second.low - more]
        var upper = [limits.high, limits.high, limits.high, limits.high, first.high + more, second.high + more]
        lower += [hills.low, hills.low, alphas.low, alphas.low]
        upper += [hills.high, hills.high, alphas.high, alphas.high]
        if cooperative {
            lower += [ScaledSurface.gammas.low, ScaledSurface.gammas.low]
            upper += [ScaledSurface.gammas.high, ScaledSurface.gammas.high]
        }
        let (doses, responses) = (doses, responses)
        return LeastSquares(lower: lower, upper: upper) { p in
            let surface = ScaledSurface.surface(p)
            return zip(doses, responses).map { surface.response($0[0], $0[1]) - $1 }
        }
    }

    /// The surface of a vector of parameters: C, h, α and γ by their logarithms.
    private static func surface(_ p: [Double]) -> MuSyC {
        MuSyC(
            e0: p[0], e1: p[1], e2: p[2], e3: p[3], c1: exp(p[4]), c2: exp(p[5]), h1: exp(p[6]), h2: exp(p[7]),
            alpha12: exp(p[8]), alpha21: exp(p[9]), gamma12: p.count > 10 ? exp(p[10]) : 1,
            gamma21: p.count > 11 ? exp(p[11]) : 1)
    }

    /// The first start takes what each dose does alone and no interaction; others depart from it at random.
    private func startingPoints(_ singles: [OwnCurve], seed: UInt64, count: Int) -> [[Double]] {
        let curves = singles.map(\.curve)
        let ends = curves.map { ($0.end - start) / range }
        let halves = zip(curves, doseScales).map { log($0.halfDose / $1) }
        let last = zip(doses, responses).max { $0.0.lexicographicallyPrecedes($1.0) }?.1 ?? 1
        let plain = [0, ends[0], ends[1], last, halves[0], halves[1]] + curves.map { log($0.hill) } + [0, 0]
        return (0..<max(1, count)).map { start in
            guard start > 0 else { return plain }
            var random = RandomStream(seed: seed, cell: start, purpose: .start)
            func within(_ size: Double) -> Double { size * (2 * random.uniform() - 1) }
            var p = plain
            p[3] = last + within(0.5)
            for i in 4...5 { p[i] += within(singles[i - 4].isActive ? 1 : 3) }
            for i in 6...7 { p[i] += within(1) }
            for i in 8...9 { p[i] = within(log(100)) }
            return p
        }
    }

    private func fit(
        _ solution: LeastSquares.Solution, _ problem: LeastSquares, cooperative: Bool
    ) -> MuSyCFit {
        var surface = ScaledSurface.surface(solution.parameters)
        for path in [\MuSyC.e0, \.e1, \.e2, \.e3] { surface[keyPath: path] = response(surface[keyPath: path]) }
        surface.c1 *= doseScales[0]
        surface.c2 *= doseScales[1]
        var errors: [String: Double] = [:]
        for (index, error) in problem.standardErrors(at: solution).enumerated() {
            if let error { errors[MuSyCFit.names[index]] = index < 4 ? error * range : error }
        }
        let mean = responses.reduce(0, +) / Double(responses.count)
        let spread = responses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let missed = problem.residuals(solution.parameters).reduce(0) { $0 + $1 * $1 }
        return MuSyCFit(
            surface: surface, rSquared: 1 - missed / spread, errors: errors, hasCooperativity: cooperative)
    }
}
