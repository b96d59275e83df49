public import Biology
import Networks
public import Simulation

/// The engine with space: fields on voxels, cells off the lattice, receptors on cells.
///
/// Goals in order of priority: 1 every molecule stays in the ledger, 2 second order in time and space whatever the
/// step, 3 no step forced by diffusion, 4 the same bytes on any number of threads, 5 fast.
///
/// A step is TR-BDF2 for fields and receptors together: an explicit start, then two implicit stages of length
/// (1 − 1/√2)·Δt. What is kept is the sum of the stages' fluxes, so solver tolerances cannot open the ledger.
/// - Source: TR-BDF2 as an ESDIRK pair with its third-order companion; coefficients in `StepWeights`.
public final class TissueEngine: ContinuableEngine {
    let model: Model
    let grid: VoxelGrid
    let team: ThreadTeam
    let population: CellPopulation
    let fields: [MoleculeField]
    var right: Buffer<Double>
    var surfaceWork: [SurfaceKinetics.Work]
    /// Species in the largest block of any cell type's reactions.
    let largestBlock: Int
    /// Room for sums by chunk of cells and molecule.
    var cellWork: Buffer<Double>
    /// Secreted by all cells at the last evaluation, and internalised by type, molecules/s.
    var cellFlows: [CellFlows]
    /// Molecules of each kind bound to cells at the last count.
    var boundTotals: [Double]
    let associations: [Association]
    /// By molecule and compartment: what the tissue knows of compartments.
    let courses: [[CompartmentCourse]]
    let greens = LatticeGreens()
    let bindings: BindingTable
    /// By molecule, as the last evaluation found them.
    let around = Column<FieldCoupling.Columns>()
    var clock: StepClock
    var ledgerTotals: [Ledger]
    var previousLedgers: [Ledger]
    var phenotype: Phenotype
    let networks: CellNetworks?
    let media: [MediumNetwork]
    /// Why a network in the medium cannot run.
    private let failure: NetworkFailure?
    /// `nil` where cells stand still and stay what they are.
    let life: Life?
    var inductions: InductionLog
    var treatments: TreatmentClock
    /// Whether the rates at the start of the next step are those at the end of the last one.
    var ratesAreFresh = false
    /// Who sent what the cells captured, where the model records it.
    private(set) var attribution: Attribution?
    /// For observing at a time within a step; made at first use.
    var observation: Observation?
    public internal(set) var statistics = StepStatistics()

    public var time: Double { clock.now }

    /// A dissolved pair and their complex, by molecule index.
    struct Association {
        let first: Int
        let second: Int
        let complex: Int
        let kOn: Double
        let kOff: Double
    }

    /// Sets everything up; the field starts at each molecule's stated concentration.
    ///
    /// - Parameters:
    ///   - model: What to simulate.
    ///   - cells: Placed cells, with their receptor numbers and secretion rates.
    ///   - threads: Threads that compute; results do not depend on it.
    /// - Precondition: the model was checked.
    public convenience init(_ model: Model, cells: [PlacedCell], threads: Int) {
        self.init(model, cells: cells, threads: threads, kernels: .best, surroundings: .none(model))
    }

    init(
        _ model: Model, cells: [PlacedCell], threads: Int, kernels: FieldKernels, surroundings: TissueSurroundings
    ) {
        self.model = model
        let voxels = model.space.voxels
        grid = VoxelGrid(nx: voxels[0], ny: voxels[1], nz: voxels[2], spacing: model.space.spacing.value)
        team = ThreadTeam(count: threads)
        population = CellPopulation(model, cells, grid: grid)
        let work = SolverWork(grid: grid)
        right = Buffer(count: grid.elements)
        courses = TissueEngine.courses(model)
        let setUp = FieldSetUp(
            model: model, grid: grid, population: population, team: team, kernels: kernels, courses: courses,
            greens: greens)
        fields = model.molecules.indices.map { setUp.field($0, work: work) }
        let population = population
        bindings = BindingTable(population.networks)
        for field in fields { around.append(field.coupling.columns) }
        associations = setUp.associations()
        let largest = population.networks.flatMap(\.blocks).map(\.species.count).max() ?? 1
        largestBlock = largest
        surfaceWork = (0..<TissueEngine.chunks(population.count)).map { _ in
            SurfaceKinetics.Work(largestBlock: largest, ligands: model.molecules.count)
        }
        let types = model.cellTypes.count
        cellWork = Buffer(
            count: TissueEngine.chunks(population.count) * max(1, (1 + types) * model.molecules.count))
        boundTotals = model.molecules.map { _ in 0 }
        cellFlows = model.molecules.map { _ in CellFlows(types: types) }
        clock = StepClock(grid: grid, model: model)
        ledgerTotals = model.molecules.map { Ledger(molecule: $0.name) }
        previousLedgers = ledgerTotals
        networks = CellNetworks(model, population: population)
        do throws(NetworkFailure) {
            media = try TissueEngine.media(model, grid: grid, team: team)
            failure = nil
        } catch {
            (media, failure) = ([], error)
        }
        phenotype = Phenotype(model, population: population, networks: networks, courses: courses)
        life =
            LivingCells.isNeeded(model)
            ? Life(model, population: population, grid: grid, nextID: (cells.map(\.id).max() ?? -1) + 1, team: team)
            : nil
        inductions = InductionLog(model)
        treatments = TreatmentClock(model)
        for field in fields where model.run.fields == .dynamic {
            ledgerTotals[field.index][.atStart] = field.amount(field.solver.extent(field.now).sum)
        }
        updateContents()
        previousLedgers = ledgerTotals
        attribution = model.record.communication.map {
            Attribution($0, engine: self, surroundings: surroundings)
        }
        startNetworks()
    }

    deinit { team.dismiss() }

    /// Cells in one unit of shared work.
    ///
    /// Chosen: some tens of µs of work each.
    static let cellsPerChunk = 128
    static func chunks(_ cells: Int) -> Int { (cells + cellsPerChunk - 1) / cellsPerChunk }

    /// Takes one step, to `until` at most.
    public func step(until: Double) throws(RunFailure) {
        if let failure = failure ?? networks?.failure { throw fail(failure) }
        try settle()
        if phenotype.isDue(at: clock.now) { updatePhenotype() }
        if let life, life.lived == clock.now { prepareLife() }
        var target = until
        if let tick = phenotype.nextTick(after: clock.now) { target = min(target, tick) }
        if let life { target = min(target, life.next) }
        if let due = treatments.next, due <= clock.now { treat() }
        if let due = treatments.next { target = min(target, due) }
        if let networks { target = min(target, networks.nextStop(after: clock.now)) }
        let isFresh = ratesAreFresh
        while true {
            let length = clock.proposal(until: target)
            let error = attempt(length)
            statistics.steps += 1
            if clock.judge(
                error: error, length: length, tolerance: model.run.tolerance, hasJumped: hasJumped)
            {
                accept(length, to: length >= target - clock.now ? target : clock.now + length, isFresh: isFresh)
                try advanceNetworks()
                return try checkLedgers()
            }
            statistics.rejected += 1
            ratesAreFresh = true
            guard clock.proposed > StepClock.shortest else {
                throw RunFailure(
                    time: clock.now, problem: "no step is short enough to hold the tolerance \(model.run.tolerance)",
                    fix: "raise run.tolerance, or look for rates that are far too large with 'paracrine explain'")
            }
        }
    }

    private func checkLedgers() throws(RunFailure) {
        for ledger in ledgerTotals where !(ledger.relativeImbalance <= Ledger.tolerance) {
            throw RunFailure(
                time: clock.now,
                problem: "the ledger of '\(ledger.molecule)' is out by \(ledger.imbalance) molecules, "
                    + "\(ledger.relativeImbalance) of what was handled (limit \(Ledger.tolerance))",
                fix: "this is our fault: please report it with the model file")
        }
    }

    /// Molecules dissolved and bound now, into the ledgers.
    func updateContents() {
        population.countBound(population.now, into: &boundTotals)
        for field in fields {
            field.extent = field.solver.extent(field.now)
            ledgerTotals[field.index][.dissolved] =
                model.run.fields == .quasiSteady ? 0 : field.amount(field.extent.sum)
            ledgerTotals[field.index][.bound] = boundTotals[field.index]
        }
    }

    /// V-cycles spent so far, over all molecules.
    public var cycles: Int { fields.reduce(0) { $0 + $1.solver.cycles } }
}

/// What all cells do to one molecule, molecules/s.
struct CellFlows {
    var secreted = 0.0
    /// By cell type.
    var internalised: [Double]

    init(types: Int) { internalised = Array(repeating: 0, count: types) }
}

/// How much work the steps took.
public struct StepStatistics: Hashable, Sendable {
    /// Tried, rejected ones included.
    public var steps = 0
    public var rejected = 0
    /// Evaluations of all cells' reactions.
    public var cellEvaluations = 0
}

/// The length of steps: what error control proposes next.
struct StepClock {
    private(set) var now = 0.0
    private(set) var previous = 0.0
    private(set) var proposed: Double

    /// Shorter steps mean that something is wrong.
    ///
    /// Chosen: far below any rate in the field's models.
    static let shortest = 1e-9

    /// - Note: The first step is a tenth of the explicit limit h²/(6D) of the fastest molecule, and grows from there.
    init(grid: VoxelGrid, model: Model) {
        let fastest = model.molecules.map(\.diffusion.value).max() ?? 0
        let explicitLimit = fastest > 0 ? grid.spacing * grid.spacing / (6 * fastest) : 60
        // A field without memory leaves only receptors to resolve. Chosen: they take a second or more to change.
        firstStep = model.run.fields == .quasiSteady ? 1 : 0.1 * min(explicitLimit, 60)
        proposed = firstStep
    }

    private let firstStep: Double

    /// Starts again with a short step, after the sources have jumped.
    mutating func restart() { proposed = min(proposed, firstStep) }

    /// The next step: what is proposed, or two equal ones where that would leave a sliver.
    func proposal(until: Double) -> Double {
        let left = until - now
        if proposed >= left { return left }
        return proposed * 1.01 >= left ? left : proposed * 2 > left ? left / 2 : proposed
    }

    /// Whether an attempt holds, given its error relative to the tolerance's scale; proposes the next length.
    ///
    /// `hasJumped`: Whether sources jumped at the start of the step. What a jump makes of the error hardly depends on the
    /// step, since the method damps it: a step of twice the length has 1.1 to 1.4 times the error (measured in a crowd that
    /// divides), so it is tried where there is room for that, and where a jump is too much a little shorter is no help.
    mutating func judge(error: Double, length: Double, tolerance: Double, hasJumped: Bool) -> Bool {
        let ratio = error / tolerance
        guard ratio.isFinite else {
            proposed = length / 10
            return false
        }
        // The companion is third order: error ∝ length³.
        let factor = ratio > 0 ? 0.9 * StepClock.cubeRoot(1 / ratio) : 5
        if ratio > 1 {
            proposed = length * max(0.1, min(hasJumped ? 0.5 : 0.9, factor))
            return false
        }
        if hasJumped && ratio <= 0.7 {
            proposed = max(proposed, 2 * length)
            return true
        }
        // A step that was cut short by a tick says little against a longer one.
        proposed = max(min(factor, 5) * length, length < proposed && factor >= 1 ? proposed : 0)
        return true
    }

    mutating func advance(to time: Double) {
        previous = now
        now = time
    }

    mutating func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("clock.now", &now)
        try archive.keep("clock.previous", &previous)
        try archive.keep("clock.proposed", &proposed)
    }

    static func cubeRoot(_ x: Double) -> Double {
        // Newton from a power of two: the same bits everywhere, unlike a library's pow.
        var root = Double(sign: .plus, exponent: x.exponent / 3, significand: 1)
        for _ in 0..<60 {
            let next = (2 * root + x / (root * root)) / 3
            if abs(next - root) <= 1e-15 * root { break }
            root = next
        }
        return root
    }
}

/// Weights of TR-BDF2 as three stages at 0, γ and 1 of the step, γ = 2 − √2.
///
/// Second order, L-stable, stiffly accurate; `companion` is the third-order quadrature for the error.
/// - Source: Bank et al. 1985, in the ESDIRK form of Hosea & Shampine 1996 (from memory; checked by the order tests).
enum StepWeights {
    static let diagonal = 1 - 0.5.squareRoot()
    static let outer = 2.0.squareRoot() / 4
    /// Of the rates at the three stages in the step.
    static let step = [outer, outer, diagonal]
    static let companion = [(1 - outer) / 3, (3 * outer + 1) / 3, diagonal / 3]
}
