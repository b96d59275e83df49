import Biology
import Simulation

/// What each cell captures of its own molecules, where senders are too many for a tag each.
///
/// A unit of net release raises the concentration of a cell's own molecules at its surface by its response S (s/µm³),
/// 1/(4πD a) for a cell alone, less where others capture around it. Responses are measured on the tissue as it is: cells
/// far from each other release at once, with random signs, so that what they read of each other cancels on average.
/// What is bound to a neighbour and let go again counts as the neighbour's doing only in how fast, not whose it is.
/// - Source: probing the diagonal of an inverse by colouring, Bekas et al. 2007 (from memory); the sign as in
///   Hutchinson's estimator.
@safe final class OwnMolecules {
    private let tagged: TaggedField
    private let cells: TaggedCells
    private unowned let engine: TissueEngine
    /// Participants that secrete the molecule and bind it, and the colour and sign of each; 0 for the rest.
    private let sign: [Double]
    private let colour: [Int32]
    private let colours: Int
    /// S of each participant, s/µm³.
    private let response: Buffer<Double>
    private(set) var now: Buffer<Double>
    private(set) var before: Buffer<Double>
    private var stage: Buffer<Double>
    private let rates: Buffer<Double>
    private let base: Buffer<Double>
    private(set) var taken: Buffer<Double>
    private(set) var takenBefore: Buffer<Double>
    private let probe: Buffer<Double>
    private var lastRefresh = 0.0
    private var lastAbsorption = 0.0

    /// Takes over what is known of each cell; one that is new responds as its type's do on average.
    func inherit(from old: OwnMolecules, _ kin: Kinship) {
        (lastRefresh, lastAbsorption) = (old.lastRefresh, old.lastAbsorption)
        var (sum, count) = (0.0, 0.0)
        for at in 0..<cells.count {
            guard colour[at] >= 0, let origin = kin.origins[at], old.colour[origin] >= 0 else { continue }
            response[at] = old.response[origin]
            sum += response[at]
            count += 1
        }
        for at in 0..<cells.count where colour[at] >= 0 && response[at] == 0 && count > 0 { response[at] = sum / count }
        kin.forEachSlot { slot, from, share, isHeir in
            now[slot] = share * old.now[from]
            if isHeir { taken[slot] = old.taken[from] }
        }
        before.copy(from: now)
        takenBefore.copy(from: taken)
    }

    /// What cells captured of their own that are gone or of another type, by type, slot and sender.
    func left(in before: TaggedCells, _ kin: Kinship) -> [[[TaggedCells.Count]]] {
        var gone = before.goneOwn
        kin.forEachLeft { at, s, boundGone, isTakenGone in
            let cell = before.coupling.cells[at]
            let tag = Int(before.plan.tagOfCell[cell])
            guard tag >= 0 else { return }
            let slot = before.slotStarts[at] + s
            let amount = boundGone * now[slot] + (isTakenGone ? taken[slot] : 0)
            gone[kin.oldType(at)][s][before.plan.senderOfTag[tag]].captured += amount
        }
        return gone
    }

    init?(_ tagged: TaggedField, engine: TissueEngine) {
        self.tagged = tagged
        self.engine = engine
        cells = tagged.cells
        let cells = cells
        let population = engine.population
        let own = (0..<cells.count).filter { at in
            cells.plan.tagOfCell[cells.coupling.cells[at]] >= 0 && cells.slotStarts[at + 1] > cells.slotStarts[at]
        }
        if own.isEmpty { return nil }
        var sign = Array(repeating: 0.0, count: cells.count)
        for at in own {
            var draw = RandomStream(
                seed: engine.model.run.seed, cell: population.ids[cells.coupling.cells[at]], purpose: .probe,
                index: cells.plan.molecule)
            sign[at] = draw.next() & 1 == 0 ? 1 : -1
        }
        self.sign = sign
        (colour, colours) = OwnMolecules.colours(own, of: cells, engine: engine)
        let slots = cells.slotStarts[cells.count]
        response = Buffer(count: cells.count)
        now = Buffer(count: slots)
        before = Buffer(count: slots)
        stage = Buffer(count: slots)
        rates = Buffer(count: slots)
        base = Buffer(count: slots)
        taken = Buffer(count: slots)
        takenBefore = Buffer(count: slots)
        probe = Buffer(count: engine.grid.elements)
    }

    /// Chosen: 32 probes keep cells of one colour several cell distances apart even where all cells secrete.
    private static let mostColours = 32

    /// Gives cells that are close different colours, by position and in a fixed order.
    private static func colours(
        _ own: [Int], of cells: TaggedCells, engine: TissueEngine
    ) -> (colour: [Int32], count: Int) {
        let positions = own.map { engine.population.positions[cells.coupling.cells[$0]] }
        let grid = engine.grid
        let volume = Double(grid.voxels) * grid.voxelVolume
        // About twice as many neighbours as there are colours lie within this reach, if cells are evenly spread.
        let reach = 1.3 * StepClock.cubeRoot(volume * Double(2 * mostColours) / (4.2 * Double(own.count)))
        let periodic = Axis.allCases.map { engine.model.space.periodic.contains($0) }
        let search = CellSearch(positions, reach: max(reach, grid.spacing), grid: grid, isPeriodic: periodic)
        var found = Array(repeating: Int32(-1), count: own.count)
        var nearest = Array(repeating: Double.infinity, count: mostColours)
        for i in own.indices {
            for k in nearest.indices { nearest[k] = .infinity }
            search.forEachNear(positions[i]) { j in
                let k = Int(found[j])
                if k >= 0 { nearest[k] = min(nearest[k], NearField.distance(positions[i], positions[j])) }
            }
            var best = 0
            for k in nearest.indices where nearest[k] > nearest[best] { best = k }
            found[i] = Int32(best)
        }
        var colour = Array(repeating: Int32(-1), count: cells.count)
        for (i, at) in own.enumerated() { colour[at] = found[i] }
        return (colour, Int(found.max() ?? -1) + 1)
    }

    func keep(in archive: StateArchive) throws(StateProblem) {
        for values in [response, now, before, rates, taken, takenBefore] { try values.keep("own", in: archive) }
        try archive.keep("own.refreshed", &lastRefresh)
        try archive.keep("own.absorption", &lastAbsorption)
    }

    // MARK: - Responses

    /// Measures the responses again once the run is twice as long, or cells capture a tenth more or less.
    ///
    /// They are those to a release as old as the run: the first-order estimate of how far molecules have come.
    func refreshResponses(numbers: Buffer<Double>) {
        let isSteady = engine.model.run.fields == .quasiSteady
        // Until they are measured again the run doubles its age: this is the middle of that, on a logarithm.
        let age = 2.0.squareRoot() * engine.clock.now
        cells.prepare(numbers, tau: age)
        var absorption = 0.0
        for at in 0..<cells.count { absorption += cells.absorption[at] }
        let isDue = engine.clock.now >= 2 * lastRefresh && !(isSteady && lastRefresh > 0)
        guard isDue || abs(absorption - lastAbsorption) > 0.1 * lastAbsorption else { return }
        lastRefresh = engine.clock.now
        lastAbsorption = absorption
        let decay = tagged.field.molecule.decay.value
        let sigma = isSteady ? max(decay, 1e-9) : decay + 1 / age
        // What goes into a compartment is no longer the cell's own when it comes back.
        tagged.field.startAssociation(tagged.association)
        for k in 0..<colours { measure(colour: k, sigma: sigma) }
    }

    private func measure(colour k: Int, sigma: Double) {
        let (solver, coupling) = (tagged.field.solver, cells.coupling)
        let right = engine.right
        let unit = 1 / (4 * Double.pi * max(tagged.field.molecule.diffusion.value, 1e-9) * engine.grid.spacing)
        probe.fill(0)
        tagged.field.preparedSigma = -1
        for _ in 0..<20 {
            coupling.read(probe, into: cells.reading)
            cells.setGross { colour[$0] == Int32(k) ? sign[$0] : 0 }
            cells.solveReleases(limit: 1e-6 * unit)
            let loss = solver.imageBuffer
            solver.apply(probe, into: loss, sigma: sigma, uptake: tagged.association)
            coupling.depositLoss(of: cells.release, into: loss)
            let rest = solver.combine((loss, -1), into: right)
            // A residual in a voxel weighs no more than its release at the voxel's own distance.
            if rest * engine.grid.voxelVolume <= 1e-5 { break }
            tagged.prepare(sigma: sigma)
            solver.solve(
                probe, right: right, size: rest, sigma: sigma, uptake: tagged.association, cells: tagged,
                goal: .init(error: 1e-6 * unit, residual: 0))
        }
        tagged.field.preparedSigma = -1
        cells.forEachParticipant { at, _ in
            guard colour[at] == Int32(k) else { return }
            let beta = cells.absorption[at]
            let total = sign[at] * cells.surface(at)
            response[at] = max(0, total / max(1 - beta * total, 1e-12))
        }
    }

    // MARK: - A step, as in `TaggedCells`

    func setRates(_ numbers: Buffer<Double>) {
        cells.forEachParticipant { at, cell in
            guard colour[at] >= 0 else { return }
            let network = cells.networks[cells.population.types[cell]]
            let start = cells.slotStarts[at]
            unsafe network.setRates(
                rates.pointer + start, of: now.pointer + start, surface: surface(at, cell, now),
                u: numbers.pointer + cells.population.offsets[cell])
        }
    }

    /// c of a cell's own molecules at its surface: S times what it releases of them.
    private func surface(_ at: Int, _ cell: Int, _ held: Buffer<Double>) -> Double {
        var gross = unsafe cells.population.secretion.pointer[cell * cells.population.moleculeCount + cells.carrier]
        for slot in cells.slotStarts[at]..<cells.slotStarts[at + 1] {
            unsafe gross += cells.adjoint.pointer[slot] * held.pointer[slot]
        }
        let beta = unsafe cells.absorption.pointer[at]
        let response = unsafe response.pointer[at]
        return response * gross / (1 + beta * response)
    }

    /// `weight`: What the stage counts for in what is taken in, s.
    func solveStage(_ numbers: Buffer<Double>, tau: Double, weight: Double, isSecond: Bool) {
        if !isSecond { forEachValue { i in unsafe base.pointer[i] = now.pointer[i] + tau * rates.pointer[i] } }
        cells.forEachParticipant { at, cell in
            guard colour[at] >= 0 else { return }
            let network = cells.networks[cells.population.types[cell]]
            let start = cells.slotStarts[at]
            for s in start..<cells.slotStarts[at + 1] { unsafe stage.pointer[s] = base.pointer[s] }
            unsafe network.solve(
                stage.pointer + start, tau: tau, surface: surface(at, cell, base),
                u: numbers.pointer + cells.population.offsets[cell])
            for (s, slot) in network.slots.enumerated() {
                unsafe taken.pointer[start + s] += weight * slot.leaving * stage.pointer[start + s]
            }
        }
    }

    func turnStage(ofStart: Double, ofStage: Double) {
        forEachValue { i in
            unsafe base.pointer[i] =
                now.pointer[i] + ofStart * rates.pointer[i] + ofStage * (stage.pointer[i] - base.pointer[i])
        }
    }

    func endStep(tau: Double) {
        forEachValue { i in unsafe rates.pointer[i] = (stage.pointer[i] - base.pointer[i]) / tau }
        (before, now, stage) = (now, stage, before)
    }

    /// Keeps what was taken in, and counts what the start of the step takes in: `weight`, s.
    func keepTaken(weight: Double) {
        takenBefore.copy(from: taken)
        cells.forEachParticipant { at, cell in
            for (s, slot) in cells.networks[cells.population.types[cell]].slots.enumerated() {
                let i = cells.slotStarts[at] + s
                unsafe taken.pointer[i] += weight * slot.leaving * now.pointer[i]
            }
        }
    }

    private func forEachValue(_ body: (Int) -> Void) {
        cells.forEachParticipant { at, _ in
            for i in cells.slotStarts[at]..<cells.slotStarts[at + 1] { body(i) }
        }
    }
}
