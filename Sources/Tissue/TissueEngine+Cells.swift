import Biology
import Simulation

extension TissueEngine {
    /// Evaluates every cell's reactions and what it releases, neighbours and near fields solved together.
    ///
    /// `u`: Numbers of all cells' species, in and out; `base`: what the stage starts from; `rates`: receives du/dt.
    /// `tau`: Length of the implicit stage, s; 0 evaluates at `u` as it is.
    func evaluateCells(_ u: Buffer<Double>, base: Buffer<Double>, rates: Buffer<Double>, tau: Double) {
        for round in 0..<TissueEngine.mostRounds {
            evaluateOnce(u, base: base, rates: rates, tau: tau)
            var isSettled = true
            for field in fields where field.coupling.hasNeighbours {
                if !settleNeighbours(field, isLast: round == TissueEngine.mostRounds - 1) { isSettled = false }
            }
            if isSettled { return }
        }
    }

    /// Chosen: each round squares what is left, and most evaluations need one.
    private static let mostRounds = 6

    /// Solves incoming = Σ corrections · release with the releases' slopes; returns whether it was solved already.
    ///
    /// `isLast`: Keeps the sums that the evaluation used, so that releases and surfaces belong together.
    private func settleNeighbours(_ field: MoleculeField, isLast: Bool) -> Bool {
        let coupling = field.coupling
        let limit = 0.01 * model.run.tolerance * max(largestSurface(coupling), TissueEngine.smallestScale)
        var difference = coupling.gatherNeighbours(usingSlopes: false)
        if difference <= limit || isLast { return true }
        var last = difference
        for _ in 0..<30 {
            difference = coupling.gatherNeighbours(usingSlopes: true)
            if difference <= 0.1 * limit || difference > 2 * last { break }
            last = difference
        }
        coupling.adoptNeighbours()
        return false
    }

    private func largestSurface(_ coupling: FieldCoupling) -> Double {
        var largest = 0.0
        for i in 0..<coupling.count where coupling.isActive[i] { largest = max(largest, coupling.surface[i]) }
        return largest
    }

    private func evaluateOnce(_ u: Buffer<Double>, base: Buffer<Double>, rates: Buffer<Double>, tau: Double) {
        let cells = population.count
        let work = cellWork
        let molecules = fields.count
        let (types, offsets) = (population.types, population.offsets)
        bindings.prepare(tau: tau)
        for field in fields { around[field.index] = field.coupling.columns }
        let all = unsafe CellEvaluation(
            tau: tau, u: u.pointer, base: base.pointer, rates: rates.pointer,
            secretion: population.secretion.pointer, expression: population.expression.pointer, molecules: molecules,
            receptors: population.receptorCount, around: around.pointer, groups: bindings.groups.pointer,
            groupStarts: bindings.starts.pointer,
            bindings: SimpleBinding.View(
                receptors: bindings.receptors.pointer, stages: bindings.stages.pointer,
                count: bindings.receptors.count))
        let hasBlocks = unsafe bindings.hasBlocks.pointer
        // By chunk: what is secreted of each molecule, then what each type internalises of each.
        let width = (1 + model.cellTypes.count) * molecules
        team.run(chunks: TissueEngine.chunks(cells)) { chunk in
            let own = unsafe work.pointer + chunk * width
            for m in 0..<width { unsafe own[m] = 0 }
            let range = chunk * TissueEngine.cellsPerChunk..<min(cells, (chunk + 1) * TissueEngine.cellsPerChunk)
            for cell in range {
                let type = types[cell]
                let internalised = unsafe own + (1 + type) * molecules
                unsafe all.secrete(cell, secreted: own)
                unsafe all.bind(cell, type, offsets[cell], internalised: internalised)
                guard unsafe hasBlocks[type] else { continue }
                for block in population.networks[type].blocks {
                    unsafe solve(
                        block, cell, u.pointer, base.pointer, rates.pointer, tau, surfaceWork[chunk],
                        internalised: internalised)
                }
            }
        }
        for m in 0..<molecules {
            cellFlows[m].secreted = sum(work, column: m, width: width)
            for type in model.cellTypes.indices {
                cellFlows[m].internalised[type] = sum(work, column: (1 + type) * molecules + m, width: width)
            }
        }
    }

    private func sum(_ work: Buffer<Double>, column: Int, width: Int) -> Double {
        (0..<TissueEngine.chunks(population.count)).reduce(0) { $0 + work[$1 * width + column] }
    }

    /// Solves one block of one cell and takes over what it releases.
    private func solve(
        _ block: SurfaceNetwork.Block, _ cell: Int, _ u: UnsafeMutablePointer<Double>, _ base: UnsafePointer<Double>,
        _ rates: UnsafeMutablePointer<Double>, _ tau: Double, _ work: SurfaceKinetics.Work,
        internalised: UnsafeMutablePointer<Double>
    ) {
        let start = population.offsets[cell]
        for (i, species) in block.species.enumerated() {
            unsafe work.u[i] = u[start + species]
            unsafe work.base[i] = base[start + species]
        }
        for (l, molecule) in block.ligands.enumerated() {
            let coupling = fields[molecule].coupling
            let at = fields[molecule].coupling.place(of: cell)
            unsafe work.surroundings[l] = .init(
                reading: coupling.reading.pointer[at] + coupling.incoming.pointer[at], gamma: coupling.gamma[at],
                secretion: population.secretion.pointer[cell * fields.count + molecule])
        }
        unsafe SurfaceKinetics.solve(
            block, tau: tau, expression: population.expression.pointer + cell * population.receptorCount, work: work)
        for (i, species) in block.species.enumerated() {
            unsafe u[start + species] = work.u[i]
            unsafe rates[start + species] = work.rates[i]
        }
        for (l, molecule) in block.ligands.enumerated() {
            let coupling = fields[molecule].coupling
            let at = fields[molecule].coupling.place(of: cell)
            unsafe coupling.surface.pointer[at] = work.outcomes[l].surface
            unsafe coupling.release.pointer[at] = work.outcomes[l].release
            unsafe coupling.slope.pointer[at] = work.outcomes[l].slope
        }
        for flow in block.flows {
            for molecule in flow.internalised { unsafe internalised[molecule] += flow.rate * work.u[flow.from] }
        }
    }
}
