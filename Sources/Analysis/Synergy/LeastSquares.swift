import Results

/// Parameters within bounds that make squared residuals least.
///
/// Goals in order of priority: 1 never outside the bounds, 2 the same result from the same start, 3 outliers weigh
/// little, 4 exact where the model is.
struct LeastSquares {
    var lower: [Double]
    var upper: [Double]
    /// Residuals at parameters; always as many.
    var residuals: ([Double]) -> [Double]

    struct Solution {
        var parameters: [Double]
        /// Sum of squared residuals.
        var cost: Double
        /// How much each residual counts, 0...1.
        var weights: [Double]
    }

    /// Levenberg–Marquardt from a start, clamped to the bounds.
    ///
    /// A parameter at a bound that wants beyond it is left out of the step. Ends when a step no longer helps.
    /// - Source: Marquardt 1963, An algorithm for least-squares estimation of nonlinear parameters (his scaling of the
    ///   damping by the diagonal); from memory.
    func solve(from start: [Double], weights: [Double]? = nil, steps: Int = 200) -> Solution {
        var p = clamped(start)
        var r = residuals(p)
        let weights = weights ?? r.map { _ in 1 }
        var cost = LeastSquares.cost(r, weights)
        var damping = 1e-3
        for _ in 0..<steps {
            let jacobian = jacobian(p, r)
            var gradient = p.map { _ in 0.0 }
            var normal = p.map { _ in gradient }
            for (k, weight) in weights.enumerated() where weight > 0 {
                for i in p.indices {
                    gradient[i] += weight * jacobian[i][k] * r[k]
                    for j in 0...i { normal[i][j] += weight * jacobian[i][k] * jacobian[j][k] }
                }
            }
            let free = p.indices.filter { i in
                !(p[i] <= lower[i] && gradient[i] > 0) && !(p[i] >= upper[i] && gradient[i] < 0) && normal[i][i] > 0
            }
            var isBetter = false
            while damping < 1e12, !isBetter {
                guard let step = LeastSquares.step(normal, gradient, free, damping) else {
                    damping *= 10
                    continue
                }
                var trial = p
                for (i, change) in zip(free, step) { trial[i] -= change }
                trial = clamped(trial)
                let tried = residuals(trial)
                let triedCost = LeastSquares.cost(tried, weights)
                if triedCost < cost {
                    isBetter = true
                    let gain = (cost - triedCost) / cost
                    (p, r, cost) = (trial, tried, triedCost)
                    damping = max(damping / 5, 1e-14)
                    if gain < 1e-14 || cost < 1e-30 { return Solution(parameters: p, cost: cost, weights: weights) }
                } else {
                    damping *= 4
                }
            }
            if !isBetter { break }
            damping = min(damping, 1)
        }
        return Solution(parameters: p, cost: cost, weights: weights)
    }

    /// Solves again with outliers weighed down (Huber) until nothing changes.
    ///
    /// - Source: Huber's k = 1.345 (95 % efficient for normal noise), the scale from the median size of residuals.
    func robust(from solution: Solution) -> Solution {
        var best = solution
        for _ in 0..<20 {
            let sizes = residuals(best.parameters).map(\.magnitude)
            let scale = 1.4826 * Quantile.of(sizes.sorted(), 0.5)
            // An exact fit has no outliers. Chosen: responses are scaled to about 1.
            guard scale > 1e-7 else { return best }
            let weights = sizes.map { $0 <= 1.345 * scale ? 1 : 1.345 * scale / $0 }
            let next = solve(from: best.parameters, weights: weights)
            let change = zip(next.parameters, best.parameters).map { abs($0 - $1) }.max() ?? 0
            best = next
            if change < 1e-6 { break }
        }
        return best
    }

    /// Standard errors at a solution, from the curvature; `nil` for what the residuals do not determine, or a bound holds.
    func standardErrors(at solution: Solution) -> [Double?] {
        let p = solution.parameters
        let r = residuals(p)
        let jacobian = jacobian(p, r)
        let free = p.indices.filter { p[$0] > lower[$0] && p[$0] < upper[$0] }
        let spare = r.count - free.count
        guard spare > 0 else { return p.map { _ in nil } }
        let variance = LeastSquares.cost(r, solution.weights) / Double(spare)
        let size = free.count
        var normal = (0..<size).map { _ in (0..<size).map { _ in 0.0 } }
        for i in 0..<size {
            for j in 0..<size {
                for k in r.indices {
                    normal[i][j] += solution.weights[k] * jacobian[free[i]][k] * jacobian[free[j]][k]
                }
            }
        }
        var errors: [Double?] = p.map { _ in nil }
        for i in 0..<size {
            let unit = (0..<size).map { $0 == i ? 1.0 : 0.0 }
            // Chosen: below 1e-10 of its diagonal, what is left of a pivot is rounding.
            guard let column = LeastSquares.cholesky(normal, unit, least: 1e-10), column[i] > 0 else { continue }
            errors[free[i]] = (variance * column[i]).squareRoot()
        }
        return errors
    }

    private func clamped(_ p: [Double]) -> [Double] { p.indices.map { min(max(p[$0], lower[$0]), upper[$0]) } }

    private static func cost(_ r: [Double], _ weights: [Double]) -> Double {
        zip(r, weights).reduce(0) { $0 + $1.1 * $1.0 * $1.0 }
    }

    /// ∂r/∂p by central differences, [parameter][residual].
    private func jacobian(_ p: [Double], _ r: [Double]) -> [[Double]] {
        p.indices.map { i in
            var (above, below) = (p, p)
            let h = 1e-6 * max(1, abs(p[i]))
            above[i] += h
            below[i] -= h
            return zip(residuals(above), residuals(below)).map { ($0 - $1) / (2 * h) }
        }
    }

    private static func step(
        _ normal: [[Double]], _ gradient: [Double], _ free: [Int], _ damping: Double
    ) -> [Double]? {
        let matrix = free.indices.map { i in
            free.indices.map { j -> Double in
                let (a, b) = (max(free[i], free[j]), min(free[i], free[j]))
                return normal[a][b] * (i == j ? 1 + damping : 1)
            }
        }
        return cholesky(matrix, free.map { gradient[$0] }, least: 1e-15)
    }

    /// Solves a symmetric positive system; `nil` if a pivot falls below `least` of its diagonal.
    private static func cholesky(_ matrix: [[Double]], _ right: [Double], least: Double) -> [Double]? {
        let n = right.count
        var l = matrix
        for i in 0..<n {
            for j in 0...i {
                var sum = matrix[i][j]
                for k in 0..<j { sum -= l[i][k] * l[j][k] }
                if i == j {
                    guard sum > least * matrix[i][i], sum.isFinite else { return nil }
                    l[i][i] = sum.squareRoot()
                } else {
                    l[i][j] = sum / l[j][j]
                }
            }
        }
        var x = right
        for i in 0..<n {
            for k in 0..<i { x[i] -= l[i][k] * x[k] }
            x[i] /= l[i][i]
        }
        for i in (0..<n).reversed() {
            for k in (i + 1)..<max(n, i + 1) { x[i] -= l[k][i] * x[k] }
            x[i] /= l[i][i]
        }
        return x
    }
}
