import Biology
import Simulation

extension TissueEngine {
    /// Tries a step of a length; returns its error relative to the scale of what it computes.
    ///
    /// The new state stands in each field's and the cells' `base` afterwards.
    func attempt(_ length: Double) -> Double {
        let a = StepWeights.diagonal
        let isSteady = model.run.fields == .quasiSteady
        for field in fields { field.preparedSigma = -1 }
        let lastLength = clock.now - clock.previous
        if !ratesAreFresh {
            evaluateStart(isSteady: isSteady)
            networks?.readStart(signalSource)
        }
        // The middle stage, from where the last step was heading.
        // Fields go on when cells have moved; numbers of cells only where they are the same cells.
        let ahead = lastLength > 0 ? 2 * a * length / lastLength : 0
        let stretch = ratesAreFresh ? ahead : 0
        for field in fields {
            let solver = field.solver
            let base = FieldSum((field.now, 1), (field.losses[0], -a * length), into: field.base)
            let guess = FieldSum((field.now, 1 + ahead), (field.previous, -ahead), into: field.stage)
            if !isSteady { solver.combine(base, then: guess) }
        }
        combineCells((population.now, 1), (population.rates[0], a * length), into: population.base)
        combineCells((population.now, 1 + stretch), (population.previous, -stretch), into: population.stage)
        for network in media { network.beginMiddle(length, ahead: ahead) }
        let isMiddleSolved = solveStage(1, tau: a * length, isSteady: isSteady)
        let isMiddleFound = isMiddleSolved && media.allSatisfy(\.isFound)
        // The last stage, along the line through the first two.
        let line = 1 / (2 * a)
        for field in fields {
            let solver = field.solver
            let base = FieldSum(
                (field.now, 1), (field.losses[0], -StepWeights.outer * length),
                (field.losses[1], -StepWeights.outer * length), into: field.base)
            let guess = FieldSum((field.now, 1 - line), (field.stage, line), into: field.stage)
            if !isSteady { solver.combine(base, then: guess) }
        }
        combineCells(
            (population.now, 1), (population.rates[0], StepWeights.outer * length),
            (population.rates[1], StepWeights.outer * length), into: population.base)
        combineCells((population.now, 1 - line), (population.stage, line), into: population.stage)
        for network in media { network.beginLast(length, line: line) }
        let isLastSolved = solveStage(2, tau: a * length, isSteady: isSteady)
        let isFound = isMiddleFound && isLastSolved && media.allSatisfy(\.isFound)
        let ownError = media.reduce(isFound ? 0 : .infinity) { max($0, $1.finish(length)) }
        return max(ownError, finishCells(length), isSteady ? finishSteadyFields() : finishFields(length))
    }

    /// Takes the attempt that has just held.
    ///
    /// `isFresh`: Whether the rates at its start were those at the end of the step before.
    func accept(_ length: Double, to time: Double, isFresh: Bool) {
        for i in ledgerTotals.indices { previousLedgers[i] = ledgerTotals[i] }
        for field in fields {
            for s in 0..<3 {
                field.flows[s].add(to: &ledgerTotals[field.index], times: StepWeights.step[s] * length)
            }
            field.accept(length)
        }
        population.accept()
        for network in media { network.accept() }
        ratesAreFresh = true
        clock.advance(to: time)
        updateContents()
        attribution?.follow(length: length, isFresh: isFresh)
    }

    // MARK: - Stages

    /// Rates at the start of a step, where the last one's cannot serve.
    private func evaluateStart(isSteady: Bool) {
        if isSteady {
            population.stage.copy(from: population.now)
            population.base.copy(from: population.now)
            _ = solveStage(0, tau: 0, isSteady: true)
            for field in fields { field.copyStageToNow() }
            return
        }
        for field in fields { field.stage.copy(from: field.now) }
        for network in media { network.beginStart() }
        population.stage.copy(from: population.now)
        evaluate(0, tau: 0)
        for field in fields { field.extent = field.stageExtent }
    }

    /// Solves stage s for all fields and cells together, by Newton's method with the cells' slopes.
    ///
    /// - Returns: whether it was solved; a shorter step then solves what this one did not. Of steady fields always: there
    ///   the step makes no difference.
    private func solveStage(_ s: Int, tau: Double, isSteady: Bool) -> Bool {
        let tolerance = model.run.tolerance
        let goal = 0.1 * tolerance
        var isSolved = false
        for iteration in 0..<TissueEngine.mostIterations {
            evaluate(s, tau: tau)
            if isSolved { return true }
            var most = 0.0
            for field in fields {
                let isFirst = iteration == 0
                let change =
                    isSteady ? correctSteady(field, s, isFirst: isFirst) : correct(field, s, tau: tau, isFirst: isFirst)
                most = max(most, change)
            }
            // What was evaluated last still stands where nothing was corrected.
            if most == 0 { return true }
            isSolved = most <= goal
        }
        evaluate(s, tau: tau)
        return isSolved || isSteady
    }

    /// Chosen: linear fields need one or two; strongly saturated or crowded cells a few more.
    private static let mostIterations = 20

    /// One Newton correction of one field; returns its size relative to the field's scale, 0 if none was needed.
    private func correct(_ field: MoleculeField, _ s: Int, tau: Double, isFirst: Bool) -> Double {
        let solver = field.solver
        let inverse = 1 / tau
        // What the linear solver left of the last correction stands in the field's `rest`.
        let wasCorrected = !isFirst && field.wasCorrected
        field.wasCorrected = wasCorrected
        let terms: (FieldSum.Term, FieldSum.Term, FieldSum.Term) = (
            (field.base, inverse), (field.stage, -inverse), (field.losses[s], -1)
        )
        var (rest, beyond) = (0.0, Double.infinity)
        if wasCorrected {
            (rest, beyond) = solver.combine(
                FieldSum(terms.0, terms.1, terms.2, into: right),
                then: FieldSum((right, 1), (field.rest, -1), into: solver.imageBuffer))
        } else {
            rest = solver.combine(terms.0, terms.1, terms.2, into: field.rest)
        }
        guard rest > 0 else { return 0 }
        let tolerance = model.run.tolerance
        let known = max(field.stageExtent.largest, field.scale)
        let scale = known > TissueEngine.smallestScale ? known : max(rest * tau, TissueEngine.smallestScale)
        // The operator is an M-matrix with at least 1/τ on every row sum, so the residual bounds the error. Beyond what
        // the solver left is what cells did besides what their slopes said; nothing of it where they are linear.
        if min(rest, beyond) * tau <= 0.01 * tolerance * scale { return 0 }
        if wasCorrected { swap(&right, &field.rest) }
        field.wasCorrected = true
        let sigma = inverse + field.molecule.decay.value
        // Once an attempt, whichever stage asks first; what others solved since says nothing.
        if field.preparedSigma != sigma { prepare(field, sigma: sigma) }
        return solver.solve(
            field.stage, right: field.rest, size: rest, sigma: sigma, uptake: field.association, cells: field.coupling,
            goal: .init(error: 0.01 * tolerance * scale, residual: 0)) / scale
    }

    /// The same where the field is in a steady state with its sources; 1 if there was anything to correct.
    ///
    /// What is left over is lost to the ledger, so it is solved to rounding.
    private func correctSteady(_ field: MoleculeField, _ s: Int, isFirst: Bool) -> Double {
        let solver = field.solver
        let size = solver.combine((field.losses[s], -1), into: right)
        let rest = solver.norm(right)
        field.largestSource = max(field.largestSource, rest)
        let goal = 1e-12 * field.largestSource
        guard rest > goal else { return 0 }
        if isFirst { prepare(field, sigma: field.molecule.decay.value) }
        solver.solve(
            field.stage, right: right, size: size, sigma: field.molecule.decay.value, uptake: field.association,
            cells: field.coupling, goal: .init(error: .infinity, residual: 0.5 * goal))
        return 1
    }

    /// Below this a concentration is nothing, molecules/µm³.
    ///
    /// Chosen: 1.7e-18 M, a molecule in a cubic millimetre.
    static let smallestScale = 1e-9

    /// Takes the cells' present slopes into the preconditioner.
    private func prepare(_ field: MoleculeField, sigma: Double) {
        let work = field.solver.imageBuffer
        field.coupling.depositSlope(into: work)
        if let association = field.association { field.solver.combine((work, 1), (association, 1), into: work) }
        field.solver.takeUptake(work)
        field.solver.multigrid.prepare(sigma: sigma)
        field.preparedSigma = sigma
    }

    /// Evaluates cells and losses at stage s, for the fields in `stage`.
    private func evaluate(_ s: Int, tau: Double) {
        statistics.cellEvaluations += 1
        for field in fields { field.coupling.read(field.stage) }
        evaluateCells(
            population.stage, base: tau > 0 ? population.base : population.stage, rates: population.rates[s], tau: tau)
        // The stages are at the step's start, at 2 τ and at its end.
        let time = clock.now + (s == 0 ? 0 : s == 1 ? 2 * tau : tau / StepWeights.diagonal)
        for field in fields {
            field.evaluateLoss(s, at: time)
            field.flows[s].secreted = cellFlows[field.index].secreted
            field.takeIn(cellFlows[field.index].internalised, s)
            field.flows[s].associated = 0
            field.startAssociation(field.association)
        }
        infuse(s)
        for association in associations { associate(association, s) }
        for network in media { network.evaluate(s, fields, time: time, tau: tau) }
    }

    /// Adds binding in the medium to the losses of stage s.
    private func associate(_ pair: Association, _ s: Int) {
        let (a, b, ab) = (fields[pair.first], fields[pair.second], fields[pair.complex])
        let partial = right
        let grid = grid
        team.run(chunks: grid.chunks) { chunk in
            var total = 0.0
            for i in grid.chunkElements(chunk) {
                let (ca, cb) = unsafe (a.stage.pointer[i], b.stage.pointer[i])
                let net = unsafe pair.kOn * ca * cb - pair.kOff * ab.stage.pointer[i]
                unsafe a.losses[s].pointer[i] += net
                unsafe b.losses[s].pointer[i] += net
                unsafe ab.losses[s].pointer[i] -= net
                unsafe a.association?.pointer[i] += pair.kOn * max(cb, 0)
                unsafe b.association?.pointer[i] += pair.kOn * max(ca, 0)
                unsafe ab.association?.pointer[i] += pair.kOff
                total += net
            }
            unsafe partial.pointer[chunk] = total
        }
        let total = (0..<grid.chunks).reduce(0) { $0 + partial[$1] } * grid.voxelVolume
        a.flows[s].associated -= total
        b.flows[s].associated -= total
        ab.flows[s].associated += total
    }

    // MARK: - The new state and its error

    private func finishFields(_ length: Double) -> Double {
        let (b, e) = (StepWeights.step, StepWeights.companion)
        var worst = 0.0
        for field in fields {
            let losses = field.losses
            let end = field.solver.end(
                FieldSum(
                    (field.now, 1), (losses[0], -length * b[0]), (losses[1], -length * b[1]),
                    (losses[2], -length * b[2]), into: field.base),
                gap: FieldSum((field.base, 1), (field.stage, -1), into: right),
                error: FieldSum(
                    (losses[0], length * (b[0] - e[0])), (losses[1], length * (b[1] - e[1])),
                    (losses[2], length * (b[2] - e[2])), into: right))
            // No comparison finds what is not a number.
            guard end.new.sum.isFinite else { return .infinity }
            let new = leaveOutSolverNoise(field, length, fluxes: end.new, gap: end.gap)
            field.scale = max(new.largest, field.extent.largest)
            let scale = max(field.scale, TissueEngine.smallestScale)
            // An undershoot counts as an error, but not the trace of one that was already there. Where cells take
            // molecules from a near neighbour the grid alone, without the near field, may rightly fall below nothing.
            let undershoot = field.coupling.capturesNearby ? 0 : max(0, min(field.extent.least, 0) - new.least)
            worst = max(worst, fieldError(field, length, raw: end.error, scale) / scale, undershoot / scale)
        }
        return worst
    }

    /// The largest difference from the third-order companion, molecules/µm³; it stands in `right`, `raw` at most.
    ///
    /// Where sources have just jumped, fast modes inflate it by their rate times the step; one more solve with the stage's
    /// own operator takes that back.
    ///
    /// - Source: the filter of Hosea & Shampine 1996 (from memory).
    private func fieldError(_ field: MoleculeField, _ length: Double, raw: Double, _ scale: Double) -> Double {
        let solver = field.solver
        let tolerance = model.run.tolerance
        // Chosen: below half the tolerance the filter could only lengthen a step that is growing anyway.
        if raw <= 0.5 * tolerance * scale { return raw }
        let inverse = 1 / (StepWeights.diagonal * length)
        let sigma = inverse + field.molecule.decay.value
        if field.preparedSigma != sigma { prepare(field, sigma: sigma) }
        var error = raw
        // After cells have moved at once, fast modes start out of rest by the jump itself. The method damps them by their
        // rate times the step, which a second pass takes into account.
        for pass in 0..<(hasJumped ? 2 : 1) where pass == 0 || error > 0.5 * tolerance * scale {
            let size = solver.combine((pass == 0 ? right : field.stage, inverse), into: right)
            field.stage.fill(0)
            solver.solve(
                field.stage, right: right, size: size, sigma: sigma, uptake: field.association,
                cells: field.coupling, goal: .init(error: 0.1 * tolerance * scale, residual: 0))
            let extent = solver.extent(field.stage)
            error = max(extent.largest, -extent.least)
        }
        return error
    }

    /// Whether cells moved, came or went at the start of the step.
    var hasJumped: Bool {
        guard let life else { return false }
        return clock.now > 0 && life.lived == clock.now
    }

    /// Takes the last stage for the new field where its fluxes differ from it by more than a trace.
    ///
    /// The difference, `gap` at most, is the solver's residual times the step, which is rough and grows with the step. The
    /// total is what came in and went out, met by scaling, so every molecule stays in the ledger however long the step.
    /// This holds only where the fluxes themselves balance to rounding: a leak is left as it is, for the ledger to find.
    /// - Returns: The extent of the new field.
    private func leaveOutSolverNoise(
        _ field: MoleculeField, _ length: Double, fluxes: FieldSolver.Extent, gap: Double
    ) -> FieldSolver.Extent {
        let trace = 0.01 * model.run.tolerance
        let stage = field.stageExtent
        var (net, gross) = (0.0, 0.0)
        for s in 0..<3 {
            net += StepWeights.step[s] * length * field.flows[s].net
            gross += StepWeights.step[s] * length * field.flows[s].gross
        }
        let total = field.extent.sum + net / grid.voxelVolume
        // Each voxel's loss is a difference of terms as large as 12 D c/h², so rounding grows with the step.
        let terms = 12 * field.molecule.diffusion.value * length / (grid.spacing * grid.spacing)
        let rounding = 64 * Double.ulpOfOne * ((1 + terms) * fluxes.sum + gross / grid.voxelVolume)
        guard fluxes.sum > 0, abs(fluxes.sum - total) <= rounding else { return fluxes }
        let isRough = gap > trace * max(stage.largest, TissueEngine.smallestScale)
        let takesStage = isRough && stage.sum > 0
        let (values, extent) = takesStage ? (field.stage, stage) : (field.base, fluxes)
        let share = total / extent.sum
        guard abs(share - 1) <= trace else { return fluxes }
        field.solver.combine((values, share), into: field.base)
        return (total, share * extent.least, share * extent.largest)
    }

    private func finishSteadyFields() -> Double {
        for field in fields {
            field.base.copy(from: field.stage)
            field.scale = field.stageExtent.largest
        }
        return 0
    }

    /// New numbers on cells, and their largest error relative to the cell's receptors.
    private func finishCells(_ length: Double) -> Double {
        let (b, e) = (StepWeights.step, StepWeights.companion)
        let population = population
        let cells = population.count
        let worst = cellWork
        team.run(chunks: TissueEngine.chunks(cells)) { chunk in
            var largest = 0.0
            let range = chunk * TissueEngine.cellsPerChunk..<min(cells, (chunk + 1) * TissueEngine.cellsPerChunk)
            for cell in range {
                var (total, error) = (1.0, 0.0)
                for i in population.offsets[cell]..<population.offsets[cell + 1] {
                    let (r0, r1, r2) = unsafe (
                        population.rates[0].pointer[i], population.rates[1].pointer[i], population.rates[2].pointer[i]
                    )
                    let old = unsafe population.now.pointer[i]
                    unsafe population.base.pointer[i] = old + length * (b[0] * r0 + b[1] * r1 + b[2] * r2)
                    let own = abs(length * ((b[0] - e[0]) * r0 + (b[1] - e[1]) * r1 + (b[2] - e[2]) * r2))
                    // No comparison finds what is not a number.
                    error = own.isFinite ? max(error, own) : .infinity
                    total += abs(old)
                }
                largest = error.isFinite ? max(largest, error / total) : .infinity
            }
            unsafe worst.pointer[chunk] = largest
        }
        return (0..<TissueEngine.chunks(cells)).reduce(0) { max($0, worst[$1]) }
    }

    /// result = Σ weight · term over the cells' numbers.
    private func combineCells(
        _ a: (Buffer<Double>, Double), _ b: (Buffer<Double>, Double), _ c: (Buffer<Double>, Double)? = nil,
        into result: Buffer<Double>
    ) {
        for i in 0..<population.speciesCount {
            unsafe result.pointer[i] =
                a.1 * a.0.pointer[i] + b.1 * b.0.pointer[i] + (c.map { unsafe $0.1 * $0.0.pointer[i] } ?? 0)
        }
    }
}
