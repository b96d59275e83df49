extension LaneIntegrator {
    /// The first step to try: a hundredth of what the values change by, checked against how the rates change.
    ///
    /// After E. Hairer, S. P. Nørsett, G. Wanner, Solving Ordinary Differential Equations I, II.4 (from memory).
    func firstStep(before end: Double) -> Double {
        let span = end.isFinite ? end - time : 1
        let count = memory.count
        func norm(_ array: UnsafePointer<Double>) -> Double {
            unsafe kernels.weightedNorm(array, values, memory.absolute, tolerance.relative, count)
        }
        let (size, speed) = unsafe (norm(values), norm(memory.rates))
        // Chosen: where nothing moves yet, a thousandth of the way, for time to bring a change.
        var trial = size < 1e-5 || speed < 1e-5 ? 1e-3 * span : 0.01 * size / speed
        trial = min(trial, span, ceiling ?? .infinity)
        for index in 0..<count {
            unsafe memory.stage[index] = values[index] + trial * memory.mass[index] * memory.rates[index]
        }
        unsafe system.rates(point(time + trial, memory.stage), into: memory.right)
        for index in 0..<count {
            unsafe memory.right[index] = memory.mass[index] * (memory.right[index] - memory.rates[index]) / trial
        }
        let bend = unsafe norm(memory.right)
        guard bend.isFinite else { return trial * 1e-3 }
        let change = max(speed / max(size, 1), bend * trial, bend.squareRoot())
        let longest = max(speed, bend) <= 1e-15 ? span : 1 / max(change * 10, 1e-300)
        ceiling = nil
        return min(100 * trial, max(longest, trial * 1e-3), span)
    }

    /// Solves the algebraic rows for the algebraic unknowns, the others held, by damped Newton's method.
    func solveAlgebraic() throws(NetworkFailure) {
        guard system.isAlgebraic.contains(true) else { return }
        let isSolved = iterate()
        // Pivots are chosen by the pattern alone at first; where those fail, by how large the entries are here.
        if isDense, !isReordered { reorder() }
        if isSolved || iterate() { return }
        throw NetworkFailure(
            .stopped, problem: "no values at time \(time) satisfy the algebraic rules",
            fix: "give initial values closer to a solution, or check that the rules can hold together")
    }

    private func reorder() {
        isReordered = true
        var weights = Array(repeating: 0.0, count: system.pattern.count)
        unsafe system.jacobian(point(time, values), into: memory.jacobian)
        for entry in weights.indices {
            for lane in 0..<lanes {
                let value = unsafe abs(memory.jacobian[entry * lanes + lane])
                if value.isFinite { weights[entry] = max(weights[entry], value) }
            }
        }
        // Where other pivots are of no use, those that there are stay.
        guard let other = try? Elimination(system.pattern, isAlgebraic: system.isAlgebraic, weights: weights),
            other.isSolvable
        else { return }
        elimination = other
        memory.resizeMatrix(other.size * lanes)
    }

    /// Newton's method on the algebraic rows; says whether it ended.
    private func iterate() -> Bool {
        let count = memory.count
        let change = unsafe memory.stages
        let check = unsafe memory.stages + count
        func residual(_ at: UnsafePointer<Double>) -> Bool {
            unsafe system.rates(point(time, at), into: memory.right)
            var isFinite = true
            for index in 0..<count {
                let value = unsafe memory.mass[index] == 0 ? memory.right[index] : 0
                isFinite = isFinite && value.isFinite
                unsafe memory.right[index] = value
            }
            return isFinite
        }
        func norm(_ array: UnsafePointer<Double>) -> Double {
            unsafe kernels.weightedNorm(array, values, memory.absolute, tolerance.relative, count)
        }
        guard unsafe residual(values) else { return false }
        for _ in 0..<50 {
            guard factoriseAlgebraic() else { return false }
            unsafe solve(memory.right, into: change)
            let length = unsafe norm(change)
            guard length.isFinite else { return false }
            var damping = 1.0
            while true {
                for index in 0..<count { unsafe memory.stage[index] = values[index] + damping * change[index] }
                if unsafe residual(memory.stage) {
                    unsafe solve(memory.right, into: check)
                    let remaining = unsafe norm(check)
                    if length < 1e-6 || remaining <= (1 - damping / 4) * length { break }
                }
                damping /= 2
                if damping < 1e-6 { return false }
            }
            unsafe values.update(from: memory.stage, count: count)
            // Chosen: a thousandth of a tolerance after a full step; the next step would be far smaller still.
            if damping == 1, length < 1e-3 { return true }
        }
        return false
    }

    /// As ``factorise(step:)``, of −∂g/∂z with the differential unknowns held.
    private func factoriseAlgebraic() -> Bool {
        unsafe system.jacobian(point(time, values), into: memory.jacobian)
        let pattern = system.pattern
        for row in 0..<pattern.rows where !system.isAlgebraic[row] {
            for entry in pattern.starts[row]..<pattern.starts[row + 1] {
                for lane in 0..<lanes { unsafe memory.jacobian[entry * lanes + lane] = 0 }
            }
        }
        return factorise(step: 1 / RosenbrockMethod.gamma)
    }
}
