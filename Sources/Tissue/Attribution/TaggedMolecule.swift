import Biology
import Simulation

/// One molecule with its molecules marked by sender, wherever they are: in the medium, on cells, in dissolved complexes.
///
/// Follows the engine: after each of its steps the tags take the same TR-BDF2 step, with receptors as the engine found
/// them at each stage.
@safe final class TaggedMolecule {
    private(set) var plan: TagPlan
    /// The molecule itself, then each dissolved complex that holds it.
    let carriers: [TaggedField]
    private(set) var own: OwnMolecules?
    /// By sender, to the end and to the start of the last step, molecules.
    private(set) var secreted: [Double]
    private(set) var secretedBefore: [Double]
    private let pairs: [Pair]
    private var numbers: Buffer<Double>
    private unowned let engine: TissueEngine

    /// Binding to another dissolved molecule: from one carrier into the other at k_on × the partner, and back.
    private struct Pair {
        let free: Int
        let bound: Int
        let partner: MoleculeField
        let kOn: Double
        let kOff: Double
        /// k_on × the partner's concentration at the stage at hand, 1/s.
        let rate: Buffer<Double>
    }

    init(_ plan: TagPlan, engine: TissueEngine, numbers: Buffer<Double>) {
        self.plan = plan
        self.engine = engine
        self.numbers = numbers
        let indices = TagPlan.carriers(of: plan.molecule, engine.model)
        carriers = indices.map { index in
            let field = engine.fields[index]
            let cells = TaggedCells(
                field.coupling, carrier: index, plan: plan, population: engine.population, team: engine.team)
            return TaggedField(field, cells: cells, team: engine.team)
        }
        secreted = plan.senders.map { _ in 0 }
        secretedBefore = secreted
        pairs = engine.associations.compactMap { pair in
            guard let bound = indices.firstIndex(of: pair.complex), bound > 0 else { return nil }
            let partner = pair.first == plan.molecule ? pair.second : pair.first
            return Pair(
                free: 0, bound: bound, partner: engine.fields[partner], kOn: pair.kOn, kOff: pair.kOff,
                rate: Buffer(count: plan.tags > 1 ? engine.grid.elements : 0))
        }
        own = plan.isByCell ? nil : OwnMolecules(carriers[0], engine: engine)
    }

    private var isOnlyWhole: Bool { plan.tags == 1 }

    // MARK: - Cells that live

    /// Cells have moved, or have come, gone, divided or changed: what is known of each follows it.
    ///
    /// `turnover`: `nil` where cells have only moved.
    func follow(_ turnover: CellTurnover?, _ record: CommunicationRecord, oldTypes: [Int]) {
        if let turnover {
            plan.follow(turnover, engine.model, record, engine.population, oldTypes: oldTypes)
        }
        for (index, carrier) in carriers.enumerated() {
            let before = carrier.cells
            let cells = TaggedCells(
                carrier.field.coupling, carrier: before.carrier, plan: plan, population: engine.population,
                team: engine.team)
            let kin = Kinship(before, cells, turnover, oldTypes: oldTypes)
            cells.inherit(from: before, kin)
            carrier.take(cells)
            guard index == 0, !plan.isByCell else { continue }
            let ownBefore = own
            own = OwnMolecules(carrier, engine: engine)
            if let ownBefore { cells.goneOwn = ownBefore.left(in: before, kin) }
            if let ownBefore { own?.inherit(from: ownBefore, kin) }
        }
        if numbers.count != engine.population.speciesCount { numbers = Buffer(count: engine.population.speciesCount) }
    }

    /// A dying cell lets molecules go.
    func release(_ release: Release) {
        let population = engine.population
        let isSame = population.types[release.cell] == release.type
        let tag =
            isSame ? Int(plan.tagOfCell[release.cell]) : plan.tag(ofType: engine.model.cellTypes[release.type].name)
        for carrier in carriers where carrier.cells.carrier == release.molecule && tag >= 0 {
            carrier.release(release.amount, at: population.positions[release.cell], tag: tag)
            secreted[plan.senderOfTag[tag]] += release.amount
        }
    }

    func keep(in archive: StateArchive) throws(StateProblem) {
        try plan.keep(in: archive, engine.population)
        try archive.keep("tags.secreted", &secreted)
        try archive.keep("tags.secreted before", &secretedBefore)
        if archive.isRestoring { makeRoom() }
        for carrier in carriers { try carrier.keep(in: archive) }
        try own?.keep(in: archive)
    }

    /// For the cells as they are, with nothing known of them.
    private func makeRoom() {
        for carrier in carriers {
            carrier.take(
                TaggedCells(
                    carrier.field.coupling, carrier: carrier.cells.carrier, plan: plan, population: engine.population,
                    team: engine.team))
        }
        own = plan.isByCell ? nil : OwnMolecules(carriers[0], engine: engine)
        numbers = Buffer(count: engine.population.speciesCount)
    }

    // MARK: - A step

    /// Follows the step that the engine has just taken.
    ///
    /// `isFresh`: Whether the rates at its start are those at the end of the step before.
    func follow(length: Double, isFresh: Bool) {
        let a = StepWeights.diagonal
        let outer = StepWeights.outer
        let tau = a * length
        let population = engine.population
        own?.refreshResponses(numbers: population.previous)
        for exchange in exchanges { for s in 0..<(isFresh ? 2 : 3) { exchange.setLevels(s) } }
        if !isFresh {
            evaluateStart()
            setOutflows(2, \.now)
        }
        count(length)
        // The middle stage, from the rates that the engine left.
        let weight = tau
        for i in 0..<population.speciesCount {
            unsafe numbers.pointer[i] =
                population.previous.pointer[i] + weight
                * (population.rates[2].pointer[i] + population.rates[1].pointer[i])
        }
        setMiddle(tau)
        for carrier in carriers { carrier.cells.startStage(weight: tau) }
        solve(numbers, tau: tau, isSecond: false) { tag in
            for carrier in carriers {
                carrier.turnStage(tag: tag, ofStart: outer * length, ofStage: outer / a)
            }
        }
        setOutflows(1, \.stage)
        own?.solveStage(numbers, tau: tau, weight: outer * length, isSecond: false)
        for carrier in carriers {
            carrier.cells.fitStage(numbers)
            carrier.cells.takeIn(carrier.cells.stage, weight: outer * length)
            carrier.cells.turnStage(ofStart: outer * length, ofStage: outer / a)
        }
        own?.turnStage(ofStart: outer * length, ofStage: outer / a)
        solve(population.now, tau: tau, isSecond: true) { _ in }
        setOutflows(0, \.stage)
        for exchange in exchanges { exchange.endStep(length: length) }
        own?.solveStage(population.now, tau: tau, weight: tau, isSecond: true)
        for carrier in carriers {
            carrier.cells.fitStage(population.now)
            carrier.cells.takeIn(carrier.cells.stage, weight: tau)
            carrier.cells.endStep(tau: tau)
            for tag in carrier.now.indices { carrier.endStep(tag: tag, tau: tau) }
        }
        own?.endStep(tau: tau)
    }

    private var exchanges: [TaggedExchange] { carriers.flatMap(\.exchanges) }

    private func setOutflows(_ s: Int, _ fields: KeyPath<TaggedField, [Buffer<Double>]>) {
        for carrier in carriers {
            for exchange in carrier.exchanges {
                for tag in 0..<plan.tags { exchange.setOutflow(tag: tag, s, carrier[keyPath: fields][tag]) }
            }
        }
    }

    /// Counts what was secreted, and what was taken in at the rate of the step's start.
    private func count(_ length: Double) {
        for sender in secreted.indices { secretedBefore[sender] = secreted[sender] }
        let (population, molecules) = (engine.population, engine.model.molecules.count)
        for (cell, tag) in plan.tagOfCell.enumerated() where tag >= 0 {
            for carrier in carriers {
                secreted[plan.senderOfTag[Int(tag)]] +=
                    length * population.secretion[cell * molecules + carrier.cells.carrier]
            }
        }
        for carrier in carriers {
            carrier.cells.keepTaken()
            carrier.cells.takeIn(carrier.cells.now, weight: StepWeights.outer * length)
        }
        own?.keepTaken(weight: StepWeights.outer * length)
    }

    private var isSteady: Bool { engine.model.run.fields == .quasiSteady }

    /// The whole field of each carrier at the middle stage.
    private func setMiddle(_ tau: Double) {
        if isOnlyWhole { return }
        for carrier in carriers {
            let field = carrier.field
            if isSteady {
                carrier.middle.copy(from: field.now)
            } else {
                field.solver.combine(
                    (field.previous, 1), (field.losses[2], -tau), (field.losses[1], -tau), into: carrier.middle)
            }
        }
    }

    // MARK: - Stages

    /// Solves a stage for every tag; `numbers` are all cells' species at the stage.
    private func solve(_ numbers: Buffer<Double>, tau: Double, isSecond: Bool, afterTag: (Int) -> Void) {
        for carrier in carriers { carrier.cells.prepare(numbers, tau: tau) }
        if isOnlyWhole { return }
        setAssociation(isSecond ? .end : .middle)
        for tag in 0..<plan.tags {
            for carrier in carriers {
                let field = carrier.field
                if isSecond {
                    carrier.guess(
                        tag: tag, from: carrier.stage[tag], whole: carrier.middle, newWhole: field.now)
                } else {
                    if !isSteady { carrier.startStage(tag: tag, weight: tau) }
                    carrier.guess(
                        tag: tag, from: carrier.now[tag], whole: field.previous, newWhole: carrier.middle)
                }
            }
            solve(tag, tau: tau, isSecond: isSecond)
            for carrier in carriers { carrier.cells.fillSlots(tag: tag, numbers, tau: tau) }
            if !isSteady { afterTag(tag) }
        }
    }

    private func solve(_ tag: Int, tau: Double, isSecond: Bool) {
        for _ in 0..<TaggedMolecule.mostIterations {
            var isSolved = true
            for carrier in carriers {
                let goal = self.goal(carrier)
                let loss = carrier.field.solver.imageBuffer
                carrier.evaluateLoss(
                    tag: tag, carrier.stage[tag], cellTau: tau, goal: goal,
                    entering: entering(carrier, isSecond ? 0 : 1), into: loss)
                associate(carrier, \.stage, tag, loss)
                let stage = TaggedField.Stage(
                    tau: isSteady ? .infinity : tau, cellTau: tau, isSecond: isSecond, goal: goal)
                if carrier.correct(tag: tag, stage, loss: loss, right: engine.right) > 0 { isSolved = false }
            }
            if isSolved { return }
        }
    }

    /// Chosen: the equations are linear, so one or two do, and a few more where cells crowd or complexes form fast.
    private static let mostIterations = 40

    /// Chosen: a hundredth of a step's tolerance, as the field itself.
    private func goal(_ carrier: TaggedField) -> Double {
        1e-2 * engine.model.run.tolerance * max(carrier.field.scale, TissueEngine.smallestScale)
    }

    private func entering(_ carrier: TaggedField, _ stage: Int) -> TaggedField.Entering {
        TaggedField.Entering(infused: engine.treatments.rates[carrier.cells.carrier], stage: stage)
    }

    /// Rates at the start of a step, where secretion or receptors have jumped.
    private func evaluateStart() {
        let numbers = engine.population.previous
        for carrier in carriers { carrier.cells.prepare(numbers, tau: 0) }
        if !isOnlyWhole {
            setAssociation(.start)
            for tag in 0..<plan.tags { evaluateStart(tag, numbers) }
        }
        own?.setRates(numbers)
    }

    private func evaluateStart(_ tag: Int, _ numbers: Buffer<Double>) {
        if isSteady {
            // The fields follow from the cells as they are.
            for carrier in carriers { carrier.stage[tag].copy(from: carrier.now[tag]) }
            solve(tag, tau: 0, isSecond: false)
            for carrier in carriers { carrier.now[tag].copy(from: carrier.stage[tag]) }
        } else {
            for carrier in carriers {
                let loss = carrier.field.solver.imageBuffer
                carrier.evaluateLoss(
                    tag: tag, carrier.now[tag], cellTau: 0, goal: goal(carrier), entering: entering(carrier, 2),
                    into: loss)
                associate(carrier, \.now, tag, loss)
                carrier.setRates(tag: tag, loss: loss)
            }
        }
        for carrier in carriers { carrier.cells.setRates(tag: tag, numbers) }
    }

    // MARK: - Binding in the medium

    private enum Moment { case start, middle, end }

    /// Loss of each carrier by binding and letting go, 1/s, with the partners as they are at a stage.
    private func setAssociation(_ moment: Moment) {
        let tau = StepWeights.diagonal * (engine.clock.now - engine.clock.previous)
        for carrier in carriers { carrier.field.startAssociation(carrier.association) }
        for pair in pairs {
            let (partner, solver) = (pair.partner, pair.partner.solver)
            switch isSteady ? .end : moment {
            case .start: solver.combine((partner.previous, pair.kOn), into: pair.rate)
            case .middle:
                solver.combine(
                    (partner.previous, pair.kOn), (partner.losses[2], -tau * pair.kOn),
                    (partner.losses[1], -tau * pair.kOn), into: pair.rate)
            case .end: solver.combine((partner.now, pair.kOn), into: pair.rate)
            }
            guard let free = carriers[pair.free].association, let bound = carriers[pair.bound].association else {
                continue
            }
            solver.combine((free, 1), (pair.rate, 1), into: free)
            let grid = engine.grid
            engine.team.run(chunks: grid.chunks) { chunk in
                for i in grid.chunkElements(chunk) { unsafe bound.pointer[i] += pair.kOff }
            }
        }
    }

    /// loss −= what the tag's other carriers turn into this one.
    private func associate(
        _ carrier: TaggedField, _ values: KeyPath<TaggedField, [Buffer<Double>]>, _ tag: Int, _ loss: Buffer<Double>
    ) {
        for pair in pairs {
            let (free, bound) = (carriers[pair.free], carriers[pair.bound])
            if carrier === free {
                carrier.field.solver.combine((loss, 1), (bound[keyPath: values][tag], -pair.kOff), into: loss)
            } else if carrier === bound {
                let source = free[keyPath: values][tag]
                let grid = engine.grid
                engine.team.run(chunks: grid.chunks) { chunk in
                    for i in grid.chunkElements(chunk) {
                        unsafe loss.pointer[i] -= pair.rate.pointer[i] * source.pointer[i]
                    }
                }
            }
        }
    }
}
