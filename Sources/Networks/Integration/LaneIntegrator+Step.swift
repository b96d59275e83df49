import CLanes

extension LaneIntegrator {
    /// Takes one accepted step, at most to a time.
    ///
    /// - Returns: The new time.
    /// - Throws: Where even the shortest step fails: a rate that is not a finite number, or no matrix with an inverse.
    /// - Precondition: `end` is later than `time`.
    @discardableResult
    public func step(noLaterThan end: Double) throws(NetworkFailure) -> Double {
        precondition(end > time, "a step needs a later end")
        if !isEvaluated { try evaluate() }
        var length = nextStep ?? firstStep(before: end)
        var undershoots = 0
        var isAfterRejection = false
        while true {
            length = min(length, longestStep)
            let isLast = time + 1.01 * length >= end
            let step = isLast ? end - time : length
            guard step > 4 * time.ulp || isLast && !isAfterRejection else { throw stuck() }
            guard factorise(step: step) else {
                (length, isAfterRejection) = (step / 4, true)
                counts.rejected += 1
                continue
            }
            let (error, undershoot) = tryStep(step)
            if !error.isFinite || error > 1 {
                length = step * (error.isFinite ? max(0.1, 0.9 / fifthRoot(error)) : 0.25)
                isAfterRejection = true
                counts.rejected += 1
                continue
            }
            // Chosen: ten halvings, after which an undershoot is what the equations say.
            if undershoot > 0, undershoots < 10, isUndershootAnError(step) {
                (length, isAfterRejection) = (step / 2, true)
                undershoots += 1
                counts.rejected += 1
                continue
            }
            accept(step, to: isLast ? end : time + step, error: error, isAfterRejection)
            // A step cut short by the end, and all too exact for that, says little about the next one.
            if isLast, error < 1e-4 { nextStep = max(nextStep ?? 0, length) }
            return time
        }
    }

    /// Makes the tried step the last one and chooses the next: by this error and by how it changed (Gustafsson).
    private func accept(_ step: Double, to end: Double, error: Double, _ isAfterRejection: Bool) {
        var factor = 0.9 / fifthRoot(max(error, 1e-10))
        if let last = accepted {
            let trend = step / last.step / fifthRoot(max(error * error / last.error, 1e-10)) * 0.9
            factor = min(factor, trend)
        }
        // Chosen, as usual for such methods: at most 6 times longer, at most 5 times shorter.
        factor = min(max(factor, 0.2), isAfterRejection ? 1 : 6)
        nextStep = step * factor
        accepted = (step, max(error, 1e-2))
        counts.accepted += 1
        (lastTime, time) = (time, end)
        unsafe memory.start.update(from: values, count: memory.count)
        unsafe values.update(from: memory.end, count: memory.count)
        (isEvaluated, hasBends) = (false, false)
        if let past {
            findBends()
            unsafe past.append(
                from: lastTime, to: time, start: memory.start, end: values, bends: memory.bends, stride: memory.count)
        }
    }

    /// Rates, Jacobian and ∂f/∂t at the current values.
    func evaluate() throws(NetworkFailure) {
        unsafe system.rates(point(time, values), into: memory.rates)
        for index in 0..<system.unknowns * lanes where unsafe !memory.rates[index].isFinite {
            throw notFinite(index)
        }
        unsafe system.jacobian(point(time, values), into: memory.jacobian)
        switch system.timeDependence {
        case .none: break
        case .exact: unsafe system.timeDerivative(point(time, values), into: memory.timeDerivative)
        case .byDifferences: differentiateInTime()
        }
        isEvaluated = true
    }

    /// ∂f/∂t by forward differences of second order: nothing before `time` is looked at, where f may be another.
    private func differentiateInTime() {
        // Chosen: 1e-4 of a step keeps rounding (ε/δ) and truncation (δ²) both far below the step's tolerance.
        let delta = max((nextStep ?? 1) * 1e-4, 1e4 * time.ulp)
        unsafe system.rates(point(time + delta, values), into: memory.timeDerivative)
        unsafe system.rates(point(time + 2 * delta, values), into: memory.right)
        for index in 0..<system.unknowns * lanes {
            let (one, two) = unsafe (memory.timeDerivative[index], memory.right[index])
            let slope = unsafe (4 * one - two - 3 * memory.rates[index]) / (2 * delta)
            unsafe memory.timeDerivative[index] = slope.isFinite ? slope : 0
        }
    }

    /// Factorises M/(hγ) − J; says whether that was possible.
    func factorise(step: Double) -> Bool {
        let diagonal = 1 / (step * RosenbrockMethod.gamma)
        let plan = elimination
        unsafe kernels.stageMatrix(
            memory.jacobian, plan.places, system.pattern.count, plan.massPlaces, plan.masses, diagonal, memory.matrix,
            plan.size, lanes)
        let pivot = unsafe kernels.eliminate(plan.plan, memory.matrix, lanes)
        // Chosen: below this, elimination has left too few digits of a pivot.
        isDense = !(pivot > 1e-13)
        if !isDense { return true }
        counts.pivoted += 1
        let factors = dense ?? DenseFactors(unknowns: system.unknowns, lanes: lanes)
        dense = factors
        return unsafe factors.factorise(memory.jacobian, system.pattern, mass: memory.mass, diagonal: diagonal)
    }

    func solve(_ right: UnsafePointer<Double>, into solution: UnsafeMutablePointer<Double>) {
        if isDense, let dense {
            unsafe dense.solve(right, into: solution)
        } else {
            unsafe kernels.solve(elimination.plan, memory.matrix, right, solution, memory.work, lanes)
        }
    }

    /// The eight stages; leaves the end in `memory.end`.
    private func tryStep(_ step: Double) -> (error: Double, undershoot: Double) {
        memory.setCouplings(step: step)
        let count = memory.count
        let slope: UnsafePointer<Double>? =
            unsafe system.timeDependence == .none ? nil : UnsafePointer(memory.timeDerivative)
        let last = RosenbrockMethod.stages - 1
        for index in 0...last {
            let solution = unsafe memory.stages + index * count
            if index == 0 {
                unsafe memory.right.update(from: memory.rates, count: count)
            } else {
                // The last stages continue where the one before was evaluated.
                let isContinued = index > 5
                let weights = unsafe isContinued ? memory.one : memory.valueWeights(index)
                let sum = unsafe cl_stage_sum(
                    stages: isContinued ? solution - count : memory.stages, stride: count, weights: weights,
                    terms: isContinued ? 1 : index)
                unsafe kernels.stageValues(isContinued ? memory.stage : values, sum, memory.stage, count)
                let at = time + RosenbrockMethod.nodes[index] * step
                unsafe system.rates(point(at, memory.stage), into: memory.right)
            }
            let sum = unsafe cl_stage_sum(
                stages: memory.stages, stride: count, weights: memory.couplingWeights(index), terms: index)
            unsafe kernels.stageRight(
                memory.right, memory.mass, sum, slope, RosenbrockMethod.timeShares[index] * step, count)
            unsafe solve(memory.right, into: solution)
        }
        return unsafe kernels.stageEnd(
            values, memory.stage, memory.stages + last * count, memory.absolute, tolerance.relative, memory.end, count)
    }

    /// Whether a value that fell below 0 would not have fallen from 0 by its rate: then the step was too long.
    private func isUndershootAnError(_ step: Double) -> Bool {
        let count = system.unknowns * lanes
        func fell(_ index: Int) -> Bool {
            let (before, after) = unsafe (values[index], memory.end[index])
            let tolerated = unsafe memory.absolute[index] + tolerance.relative * max(abs(before), abs(after))
            return unsafe memory.mass[index] == 1 && before >= -tolerated && after < -tolerated
        }
        for index in 0..<count { unsafe memory.stage[index] = fell(index) ? 0 : memory.end[index] }
        unsafe system.rates(point(time + step, memory.stage), into: memory.right)
        return (0..<count).contains { unsafe fell($0) && !(memory.right[$0] < 0) }
    }

    private func stuck() -> NetworkFailure {
        for index in 0..<system.unknowns * lanes where unsafe !memory.end[index].isFinite {
            return notFinite(index)
        }
        return NetworkFailure(
            .stopped, problem: "no step short enough at time \(time): the rates change without bound there",
            fix: "look for a division by a value that reaches 0, or a discontinuity that recurs at once")
    }

    /// `index`: of the rate, [unknown][lane].
    private func notFinite(_ index: Int) -> NetworkFailure {
        failedLane = index % lanes
        let name = system.name(ofUnknown: index / lanes)
        return NetworkFailure(
            .stopped,
            problem: "at time \(time) the rate of \(name) is not a finite number",
            fix: "look for a division by 0, or a power or logarithm of a value that may fall below 0")
    }
}

/// x^(1/5) by the same operations on every processor; x above 0 and finite.
func fifthRoot(_ x: Double) -> Double {
    let (quotient, rest) = x.exponent.quotientAndRemainder(dividingBy: 5)
    // 2^(r/5) in the middle of the range of significands, to 7 %.
    let guess = [0.61, 0.71, 0.81, 0.93, 1.07, 1.23, 1.41, 1.62, 1.86][rest + 4]
    var root = Double(sign: .plus, exponent: quotient, significand: guess)
    for _ in 0..<5 {
        let square = root * root
        root -= (root - x / (square * square)) / 5
    }
    return root
}
