import Biology
import Simulation

/// The fields of one molecule's tags: one for each sender, with the molecule's own operator and the cells' capture.
///
/// The cells' capture coefficients are those of the step that the engine has just taken, so every tag obeys a linear
/// equation, and the tags' sum obeys the field's own.
@safe final class TaggedField: CellUptake {
    let field: MoleculeField
    private(set) var cells: TaggedCells
    /// By tag: now, the stage, and rates or the second stage's base.
    private(set) var now: [Buffer<Double>]
    private(set) var stage: [Buffer<Double>]
    private(set) var rates: [Buffer<Double>]
    private let base: Buffer<Double>
    /// The whole field at the middle stage of the step.
    let middle: Buffer<Double>
    /// Loss by binding to other dissolved molecules, 1/s, and what comes of it into which carrier.
    let association: Buffer<Double>?
    /// With compartments; none where one tag is the whole field.
    let exchanges: [TaggedExchange]
    private let team: ThreadTeam

    init(_ field: MoleculeField, cells: TaggedCells, team: ThreadTeam) {
        self.field = field
        self.cells = cells
        self.team = team
        let elements = field.grid.elements
        // One tag is the whole field, which the engine has.
        let fields = cells.tags > 1 ? cells.tags : 0
        now = (0..<fields).map { _ in Buffer(count: elements) }
        stage = (0..<fields).map { _ in Buffer(count: elements) }
        rates = (0..<fields).map { _ in Buffer(count: elements) }
        base = Buffer(count: fields > 0 ? elements : 0)
        middle = Buffer(count: fields > 0 ? elements : 0)
        exchanges = fields > 0 ? field.exchanges.map { TaggedExchange($0, plan: cells.plan) } : []
        association = fields > 0 && field.association != nil ? Buffer(count: elements) : nil
        if let outside = cells.plan.outside, fields > 0 { now[outside].copy(from: field.now) }
    }

    func add(_ c: Buffer<Double>, into result: Buffer<Double>) -> Double {
        cells.coupling.add(cells.slope, c, into: result)
    }

    /// The same tags on the cells as they are now.
    func take(_ cells: TaggedCells) { self.cells = cells }

    /// What a dying cell lets go, molecules: its tag's from now on.
    func release(_ amount: Double, at position: SIMD3<Double>, tag: Int) {
        if !now.isEmpty { field.coupling.deposit(amount, at: position, into: now[tag]) }
    }

    func keep(in archive: StateArchive) throws(StateProblem) {
        for values in now + rates { try values.keep("tags.field", in: archive) }
        for exchange in exchanges { try exchange.keep(in: archive) }
        try cells.keep(in: archive)
    }

    // MARK: - Stages of a step

    /// Sets the first stage's base, now + `weight` · rates, s.
    func startStage(tag: Int, weight: Double) {
        field.solver.combine((now[tag], 1), (rates[tag], weight), into: base)
    }

    /// From the first stage to the second: `rates` become the second's base.
    func turnStage(tag: Int, ofStart: Double, ofStage: Double) {
        field.solver.combine(
            (now[tag], 1), (rates[tag], ofStart), (stage[tag], ofStage), (base, -ofStage), into: rates[tag])
    }

    func endStep(tag: Int, tau: Double) {
        field.solver.combine((stage[tag], 1 / tau), (rates[tag], -1 / tau), into: rates[tag])
        swap(&now[tag], &stage[tag])
    }

    /// Guesses a stage: as the whole field has changed in each voxel, so has the tag.
    func guess(tag: Int, from values: Buffer<Double>, whole: Buffer<Double>, newWhole: Buffer<Double>) {
        let target = stage[tag]
        let floor = 1e-9 * max(field.scale, TissueEngine.smallestScale)
        let grid = field.grid
        team.run(chunks: grid.chunks) { chunk in
            for i in grid.chunkElements(chunk) {
                let (old, new) = unsafe (whole.pointer[i], newWhole.pointer[i])
                let ratio = old > floor && new > 0 ? min(new / old, 10) : 1
                unsafe target.pointer[i] = ratio * values.pointer[i]
            }
        }
    }

    // MARK: - One tag's equation

    /// What a stage is solved with.
    struct Stage {
        /// s; infinite where the field is in a steady state.
        var tau: Double
        /// Of cells, s; 0 where the rates at the start are wanted.
        var cellTau: Double
        /// Whether it is the second one, whose base stands in `rates`.
        var isSecond: Bool
        /// Of the error, molecules/µm³; of √Σ residual² relative to the sources' where the field is steady.
        var goal: Double
    }

    /// What comes from outside: everywhere, molecules/(µm³·s), and through walls and vessels as at a stage of the
    /// field, which has its start last once the step is taken.
    struct Entering {
        var infused: Double
        var stage: Int
    }

    /// Net loss of a tag's field as it is into `loss`, with the cells' releases; binding in the medium comes besides.
    func evaluateLoss(
        tag: Int, _ values: Buffer<Double>, cellTau: Double, goal: Double, entering: Entering, into loss: Buffer<Double>
    ) {
        cells.coupling.read(values, into: cells.reading)
        cells.setGross(tag: tag, isExplicit: cellTau == 0)
        cells.solveReleases(limit: 0.5 * goal)
        field.solver.apply(values, into: loss, sigma: field.molecule.decay.value, uptake: association)
        cells.coupling.depositLoss(of: cells.release, into: loss)
        for exchange in exchanges { exchange.addGain(tag: tag, entering.stage, to: loss) }
        guard tag == cells.plan.outside else { return }
        field.addGains(to: loss)
        if entering.infused > 0 { addEverywhere(-entering.infused, to: loss) }
    }

    /// A dose given everywhere at once, molecules/µm³.
    func dose(_ amount: Double) {
        if let outside = cells.plan.outside, !now.isEmpty { addEverywhere(amount, to: now[outside]) }
    }

    private func addEverywhere(_ amount: Double, to values: Buffer<Double>) {
        let grid = field.grid
        for row in 0..<grid.rows {
            for x in 0..<grid.nx { unsafe values.pointer[row * grid.stride + x] += amount }
        }
    }

    /// One correction of a stage; returns its size, 0 if none was needed, molecules/µm³.
    ///
    /// `loss` is what `evaluateLoss` left, binding in the medium included; `right` is work space.
    func correct(tag: Int, _ s: Stage, loss: Buffer<Double>, right: Buffer<Double>) -> Double {
        let solver = field.solver
        let isSteady = s.tau == .infinity
        let inverse = isSteady ? 0 : 1 / s.tau
        let start = s.isSecond ? rates[tag] : base
        let rest = solver.combine((start, inverse), (stage[tag], -inverse), (loss, -1), into: right)
        let sigma = field.molecule.decay.value + inverse
        if isSteady {
            let norm = solver.norm(right)
            let floor = 1e-10 * max(field.largestSource, 1e-300)
            if norm <= floor { return 0 }
            prepare(sigma: sigma)
            let change = solver.solve(
                stage[tag], right: right, size: rest, sigma: sigma, uptake: association, cells: self,
                goal: .init(error: .infinity, residual: 0.1 * floor))
            return max(change, 2 * s.goal)
        }
        if rest * s.tau <= s.goal { return 0 }
        prepare(sigma: sigma)
        return solver.solve(
            stage[tag], right: right, size: rest, sigma: sigma, uptake: association, cells: self,
            goal: .init(error: 0.5 * s.goal, residual: 0))
    }

    /// Takes the cells' uptake into the preconditioner, unless it is made for this loss already.
    func prepare(sigma: Double) {
        if field.preparedSigma == sigma { return }
        let work = field.solver.imageBuffer
        cells.coupling.depositSlope(cells.slope, into: work)
        if let association { field.solver.combine((work, 1), (association, 1), into: work) }
        field.solver.takeUptake(work)
        field.solver.multigrid.prepare(sigma: sigma)
        field.preparedSigma = sigma
    }

    /// Rates of a tag at the start of a step, from its loss.
    func setRates(tag: Int, loss: Buffer<Double>) { field.solver.combine((loss, -1), into: rates[tag]) }

    /// The largest difference of the tags' sum from the whole field, relative to the field's largest value.
    func gap() -> Double {
        guard let first = now.first else { return 0 }
        let (solver, sum) = (field.solver, base)
        sum.copy(from: first)
        for tag in now.dropFirst() { solver.combine((sum, 1), (tag, 1), into: sum) }
        let largest = solver.extent(field.now).largest
        return solver.combine((sum, 1), (field.now, -1), into: sum) / max(largest, TissueEngine.smallestScale)
    }
}
