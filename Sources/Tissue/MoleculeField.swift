import Biology
import Simulation

/// One molecule in the medium: its concentrations, what changes them, and the solver for its steps.
@safe final class MoleculeField {
    let index: Int
    let molecule: Molecule
    let solver: FieldSolver
    private(set) var coupling: FieldCoupling
    let grid: VoxelGrid
    /// molecules/µm³ at the end and at the start of the last step.
    private(set) var now: Buffer<Double>
    private(set) var previous: Buffer<Double>
    /// The stage being solved, and what it started from.
    let stage: Buffer<Double>
    private(set) var base: Buffer<Double>
    /// What the stage's equation lacks, and after a correction what the solver left of it, molecules/(µm³·s).
    var rest: Buffer<Double>
    /// Whether `rest` is of this stage's last correction.
    var wasCorrected = false
    /// Net loss −∂c/∂t at the start, the middle stage and the end of the step, molecules/(µm³·s).
    private(set) var losses: [Buffer<Double>]
    /// What each flow of the ledger was at those stages, molecules/s.
    var flows: [LedgerFlows]
    /// What each cell type internalised at those stages, molecules/s, and up to the end and the start of the step.
    private(set) var internalising: [[Double]]
    private(set) var internalised: [Double]
    private(set) var internalisedBefore: [Double]
    /// The diagonal that the preconditioner was made for, 1/s.
    var preparedSigma = 0.0
    /// Of `now` and of `stage` as they were evaluated last.
    var extent: FieldSolver.Extent = (0, 0, 0)
    private(set) var stageExtent: FieldSolver.Extent = (0, 0, 0)
    /// The largest concentration before or after the last attempt, molecules/µm³.
    var scale = 0.0
    /// The largest √Σ(net source)² met so far, for what a steady state calls nothing, molecules/(µm³·s).
    var largestSource = 0.0
    /// Loss by binding to other dissolved molecules, 1/s, where this one does.
    let association: Buffer<Double>?
    private let walls: [FaceTerm]
    /// With compartments.
    let exchanges: [CompartmentExchange]

    /// A wall that lets something through, by face.
    struct FaceTerm {
        let face: Face
        let term: WallTerm
    }

    init(
        index: Int, molecule: Molecule, solver: FieldSolver, coupling: FieldCoupling, associates: Bool,
        exchanges: [CompartmentExchange], types: Int
    ) {
        self.index = index
        self.molecule = molecule
        self.solver = solver
        self.coupling = coupling
        grid = solver.fieldOperator.grid
        let elements = grid.elements
        now = Buffer(count: elements)
        previous = Buffer(count: elements)
        stage = Buffer(count: elements)
        base = Buffer(count: elements)
        rest = Buffer(count: elements)
        losses = (0..<3).map { _ in Buffer(count: elements) }
        flows = Array(repeating: LedgerFlows(), count: 3)
        internalised = Array(repeating: 0, count: types)
        internalisedBefore = internalised
        internalising = Array(repeating: internalised, count: 3)
        association = associates || !exchanges.isEmpty ? Buffer(count: elements) : nil
        self.exchanges = exchanges
        walls = Face.all.compactMap { face in
            let axis = solver.fieldOperator.axes[face.axis.rawValue]
            guard !axis.isPeriodic else { return nil }
            let wall = face.isUpper ? axis.walls.upper : axis.walls.lower
            let term = WallTerm(wall, diffusion: molecule.diffusion.value, width: axis.widths[0])
            return term.loss == 0 && term.gain == 0 ? nil : FaceTerm(face: face, term: term)
        }
        for row in 0..<grid.rows {
            for x in 0..<grid.nx { now[row * grid.stride + x] = molecule.starts.value }
        }
    }

    /// Molecules dissolved in a field, from its sum of concentrations.
    func amount(_ sum: Double) -> Double { sum * grid.voxelVolume }

    /// Sets `losses[s]` and `flows[s]` for the field in `stage`, with the releases that the cells' evaluation left.
    ///
    /// Binding in the medium is added afterwards by the engine. `time` is the stage's, s.
    func evaluateLoss(_ s: Int, at time: Double) {
        let loss = losses[s]
        stageExtent = solver.apply(stage, into: loss, sigma: molecule.decay.value)
        coupling.depositLoss(into: loss)
        flows[s].decayed = molecule.decay.value * amount(stageExtent.sum)
        flows[s].released = coupling.totalRelease
        (flows[s].entered, flows[s].left) = (0, 0)
        for wall in walls { exchange(through: wall, loss, &flows[s]) }
        flows[s].exchanged = 0
        for exchange in exchanges { flows[s].exchanged += exchange.evaluate(s, at: time, stage, loss: loss) }
    }

    private func exchange(through wall: FaceTerm, _ loss: Buffer<Double>, _ flows: inout LedgerFlows) {
        var net = 0.0
        forEachVoxel(at: wall.face) { at in
            loss[at] -= wall.term.gain
            net += wall.term.gain - wall.term.loss * stage[at]
        }
        net *= grid.voxelVolume
        if net > 0 { flows.entered += net } else { flows.left -= net }
    }

    /// What voxels lose to compartments is where what they lose to binding begins.
    func startAssociation(_ diagonal: Buffer<Double>?) {
        guard let diagonal else { return }
        diagonal.fill(0)
        for exchange in exchanges { exchange.addRates(to: diagonal) }
    }

    /// loss −= what comes in through walls, whatever the concentration is.
    func addGains(to loss: Buffer<Double>) {
        for wall in walls where wall.term.gain != 0 { forEachVoxel(at: wall.face) { loss[$0] -= wall.term.gain } }
    }

    private func forEachVoxel(at face: Face, _ body: (Int) -> Void) {
        let counts = grid.counts
        let fixed = face.isUpper ? counts[face.axis.rawValue] - 1 : 0
        for z in 0..<(face.axis == .z ? 1 : grid.nz) {
            for y in 0..<(face.axis == .y ? 1 : grid.ny) {
                for x in 0..<(face.axis == .x ? 1 : grid.nx) {
                    let (i, j, k) = (
                        face.axis == .x ? fixed : x, face.axis == .y ? fixed : y, face.axis == .z ? fixed : z
                    )
                    body((k * grid.ny + j) * grid.stride + i)
                }
            }
        }
    }

    /// What each cell type internalises at stage s, molecules/s.
    func takeIn(_ byType: [Double], _ s: Int) {
        flows[s].internalised = 0
        for type in byType.indices {
            internalising[s][type] = byType[type]
            flows[s].internalised += byType[type]
        }
    }

    /// Cells stand elsewhere, or there are others.
    func take(_ coupling: FieldCoupling) { self.coupling = coupling }

    /// What went inside cells at once, with the receptors that bound it; molecules by type.
    func takeInside(_ byType: [Double]) {
        for type in byType.indices { internalised[type] += byType[type] }
    }

    /// The field as it is follows from the cells as they are.
    func copyStageToNow() { now.copy(from: stage) }

    func keep(in archive: StateArchive) throws(StateProblem) {
        for values in [now, previous, stage] + losses { try values.keep("field.\(molecule.name)", in: archive) }
        for s in flows.indices { try flows[s].keep(in: archive) }
        try archive.keep("field.internalising", &internalising)
        try archive.keep("field.internalised", &internalised)
        try archive.keep("field.internalised before", &internalisedBefore)
        try archive.keep("field.scale", &scale)
        try archive.keep("field.largest source", &largestSource)
        for exchange in exchanges { try exchange.keep(in: archive) }
        try coupling.keep(in: archive)
        extent = solver.extent(now)
    }

    /// The step is taken: `base` holds the new field, and the rates at its end are those at the start of the next.
    func accept(_ length: Double) {
        for type in internalised.indices {
            internalisedBefore[type] = internalised[type]
            for s in 0..<3 { internalised[type] += StepWeights.step[s] * length * internalising[s][type] }
        }
        for exchange in exchanges { exchange.accept(length) }
        internalising.swapAt(0, 2)
        (previous, now, base) = (now, base, previous)
        losses.swapAt(0, 2)
        flows.swapAt(0, 2)
    }
}

/// Molecules a second that the ledger counts, at one stage.
struct LedgerFlows {
    var secreted = 0.0
    var entered = 0.0
    var decayed = 0.0
    var left = 0.0
    var internalised = 0.0
    var associated = 0.0
    /// Out of compartments, net.
    var exchanged = 0.0
    /// From cells, net of what they bind; the ledger counts its parts.
    var released = 0.0

    /// What the dissolved molecules gain.
    var net: Double { released + entered - left - decayed + associated + exchanged }

    /// All that came and went, whichever way.
    var gross: Double { abs(released) + secreted + entered + left + decayed + abs(associated) + abs(exchanged) }

    /// Counts these flows over some seconds in a ledger.
    func add(to ledger: inout Ledger, times seconds: Double) {
        ledger[.secreted] += seconds * secreted
        ledger[.entered] += seconds * entered
        ledger[.decayed] += seconds * decayed
        ledger[.left] += seconds * left
        ledger[.internalised] += seconds * internalised
        ledger[.associated] += seconds * associated
        ledger[.exchanged] += seconds * exchanged
    }

    mutating func keep(in archive: StateArchive) throws(StateProblem) {
        var values = [secreted, entered, decayed, left, internalised, associated, exchanged, released]
        try archive.keep("flows", &values)
        guard values.count == 8 else { throw StateProblem("flows", "are \(values.count), not 8") }
        (secreted, entered, decayed, left) = (values[0], values[1], values[2], values[3])
        (internalised, associated, exchanged, released) = (values[4], values[5], values[6], values[7])
    }

    /// By ledger entry, for those that flow.
    var entries: [(LedgerEntry, Double)] {
        [
            (.secreted, secreted), (.entered, entered), (.decayed, decayed), (.left, left),
            (.internalised, internalised), (.associated, associated), (.exchanged, exchanged),
        ]
    }
}
