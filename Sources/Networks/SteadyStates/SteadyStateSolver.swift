/// Newton's method for one equilibrium from one start: damped first, then along a path of implicit steps in time that
/// grow until they are Newton's.
///
/// Damping by the natural monotonicity test of P. Deuflhard, Newton Methods for Nonlinear Problems, chapter 3; the path by
/// C. T. Kelley, D. E. Keyes (1998), Convergence analysis of pseudo-transient continuation (both from memory).
struct SteadyStateSolver {
    let problem: SteadyProblem
    /// The least size of each unknown that matters; one an unknown, above 0.
    let floors: [Double]
    /// Unknowns below this by more than their floor are no solution; `-infinity` for none.
    let lowest: [Double]

    /// The equilibrium a start leads to.
    func solve(from start: [Double]) -> [Double]? {
        if let found = newton(from: start) { return found }
        guard let near = path(from: start) else { return nil }
        return newton(from: near)
    }

    private func scales(_ y: [Double]) -> [Double] { zip(y, floors).map { max(abs($0), $1) } }

    /// The largest change relative to the unknowns' sizes.
    private func size(_ change: [Double], _ scales: [Double]) -> Double {
        var largest = 0.0
        for (value, scale) in zip(change, scales) {
            guard value.isFinite else { return .infinity }
            largest = max(largest, abs(value) / scale)
        }
        return largest
    }

    /// Damped Newton's method; `nil` where it does not arrive.
    func newton(from start: [Double]) -> [Double]? {
        var y = start
        var right = problem.residual(y)
        guard right.allSatisfy(\.isFinite) else { return nil }
        var damping = 1.0
        // Chosen: 80 steps, of which a start in sight of a solution needs 5 to 10.
        for _ in 0..<80 {
            let scales = scales(y)
            guard let factors = LUFactors(problem.jacobian(y), columnScales: scales) else { return nil }
            let change = factors.solve(right)
            let length = size(change, scales)
            guard length.isFinite else { return nil }
            var next = y
            while true {
                next = zip(y, change).map { $0 - damping * $1 }
                let after = problem.residual(next)
                let simplified = factors.solve(after)
                let remaining = size(simplified, scales)
                if remaining <= (1 - damping / 4) * length || length < 1e-9 {
                    right = after
                    break
                }
                damping /= 2
                guard damping > 1e-5 else { return nil }
            }
            y = next
            // After a full step this short, the next one is at rounding.
            if length < 1e-9, damping == 1 { return isAllowed(y) ? y : nil }
            damping = min(1, damping * 4)
        }
        return nil
    }

    private func isAllowed(_ y: [Double]) -> Bool {
        zip(zip(y, lowest), floors).allSatisfy { $0.0 >= $0.1 - $1 }
    }

    /// Implicit Euler steps that grow as rates fall; where they lead when they are long enough.
    func path(from start: [Double]) -> [Double]? {
        var y = start
        var right = problem.residual(y)
        guard right.allSatisfy(\.isFinite) else { return nil }
        var speed = size(relative(right, y), Array(repeating: 1, count: y.count))
        var step = 0.1 / max(speed, 1e-30)
        // Chosen: 400 steps; each may grow threefold.
        for _ in 0..<400 {
            let scales = scales(y)
            guard let change = implicitStep(y, right, step, scales) else { return nil }
            let next = zip(y, change).map { $0 - $1 }
            let after = problem.residual(next)
            let newSpeed = size(relative(after, next), Array(repeating: 1, count: y.count))
            guard newSpeed.isFinite, isAllowed(next), size(change, scales) < 2 || step * speed < 1e-6 else {
                step /= 4
                guard step * speed > 1e-9 else { return nil }
                continue
            }
            if size(change, scales) < 1e-6, step * newSpeed < 1e3 { step *= 10 }
            step *= min(3, max(0.5, speed / max(newSpeed, 1e-300)))
            (y, right, speed) = (next, after, newSpeed)
            if size(change, scales) < 1e-7, step * speed < 1e-3 || step > 1e12 / max(speed, 1e-300) { return y }
        }
        return y
    }

    /// Rates as shares of the unknowns; rows without a rate do not count.
    private func relative(_ residual: [Double], _ y: [Double]) -> [Double] {
        zip(residual, scales(y)).enumerated().map { problem.isAlgebraic[$0.offset] ? 0 : $0.element.0 / $0.element.1 }
    }

    private func implicitStep(
        _ y: [Double], _ right: [Double], _ step: Double, _ scales: [Double]
    ) -> [Double]? {
        var matrix = problem.jacobian(y)
        for row in 0..<problem.count where !problem.isAlgebraic[row] { matrix[row, row] -= 1 / step }
        return LUFactors(matrix, columnScales: scales)?.solve(right)
    }
}
