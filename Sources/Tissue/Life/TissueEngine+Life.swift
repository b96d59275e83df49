import Biology
import Networks
public import Simulation

extension TissueEngine {
    /// The life of the cells between two ticks of the clock of rules, and what they need for the next.
    @safe final class Life {
        let cells: LivingCells
        let bodies = CellBodies()
        let motion: CellMotion
        let neighbours: NeighbourGrid
        private let motionStep: Double
        var touches = TouchList()
        /// The last tick that has been lived, and the step of the clock, s.
        var lived = 0.0
        let step: Double
        /// Cells that come at the next tick, from outside.
        var newcomers: [PlacedCell] = []

        init(_ model: Model, population: CellPopulation, grid: VoxelGrid, nextID: Int, team: ThreadTeam) {
            cells = LivingCells(model, population: population, nextID: nextID)
            let isPeriodic = Axis.allCases.map { model.space.periodic.contains($0) }
            motion = CellMotion(
                grid: grid, isPeriodic: isPeriodic, mechanics: model.mechanics, typeNames: model.cellTypes.map(\.name),
                obstacles: model.obstacles ?? [], largestRadius: model.cellTypes.map(\.radius.value).max() ?? 1,
                seed: model.run.seed, team: team)
            neighbours = NeighbourGrid(motion.box, team: team)
            motionStep = model.run.motionStep?.value ?? RunPlan.defaultMotionStep.value
            step = model.run.ruleStep.value
            for cell in 0..<population.count {
                let p = population.positions[cell]
                bodies.append(
                    id: population.ids[cell], type: population.types[cell], x: p.x, y: p.y, z: p.z,
                    radius: population.radii[cell])
            }
        }

        /// Moves all cells for a time, in equal steps of the clock of motion or shorter, s.
        func move(by time: Double) {
            let steps = max(1, (time / motionStep * (1 - 1e-12)).rounded(.up))
            motion.advance(bodies, by: time, steps: Int(steps), adhesion: cells.columns.adhesion)
        }

        /// The next tick that is to be lived, s.
        var next: Double { (lived / step).rounded() * step + step }

        func value(_ signal: BodySignal, _ cell: Int, at time: Double) -> Double {
            switch signal {
            case .age: time - cells.columns.born[cell]
            case .phaseTime: time - cells.columns.phaseStart[cell]
            case .pressure: bodies.pressure[cell]
            case .damage: cells.columns.damage(of: cell, at: time)
            }
        }

        func keep(in archive: StateArchive, _ population: CellPopulation) throws(StateProblem) {
            try cells.keep(in: archive, population)
            try bodies.keep(in: archive)
            guard bodies.count == population.count else { throw StateProblem("bodies", "are of other cells") }
            try touches.keep(in: archive, cells: population.count)
            try archive.keep("life.lived", &lived)
            try PlacedCell.keep("life.newcomers", &newcomers, in: archive)
        }

        /// Centres, µm.
        var positions: [SIMD3<Double>] {
            (0..<bodies.count).map { SIMD3(bodies.x[$0], bodies.y[$0], bodies.z[$0]) }
        }
    }

    /// Lets cells move, divide, die and act up to now, where a tick of the clock of rules has come.
    ///
    /// What is observed before is of the cells as they were; what is observed after, of those that are there now.
    public func settle() throws(RunFailure) {
        guard let life, clock.now >= life.next * (1 - 1e-14), clock.now > life.lived else { return }
        let start = life.lived
        life.lived = clock.now
        life.move(by: clock.now - start)
        guard
            life.cells.live(from: start, to: clock.now, touches: life.touches, capacity: CellPlacement.largestCellCount)
        else {
            throw RunFailure(
                time: clock.now, problem: "there are more than \(CellPlacement.largestCellCount) cells",
                fix: "lower divides.rate, or run for a shorter time")
        }
        release(life.cells.released)
        life.cells.welcome(life.newcomers, at: clock.now)
        let positions = life.positions
        let oldTypes = population.types
        var turnover: CellTurnover?
        if life.cells.hasTurnedOver {
            let found = life.cells.turnOver(
                positions: positions, newcomers: life.newcomers, at: clock.now, grid: grid, box: life.motion.box)
            turnOver(found)
            turnover = found
            life.newcomers = []
        } else {
            for cell in 0..<population.count { life.bodies.radius[cell] = life.cells.radius(cell, at: clock.now) }
            population.move(to: positions, radii: (0..<population.count).map { life.bodies.radius[$0] })
        }
        setCouplings(after: turnover)
        prepareFirstSignals()
        phenotype.countContacts(model, population)
        attribution?.follow(turnover, oldTypes: oldTypes)
        if let turnover { try turnOverNetworks(turnover, oldTypes: oldTypes) }
        observation = nil
        updateContents()
        ratesAreFresh = false
    }

    private func turnOverNetworks(_ turnover: CellTurnover, oldTypes: [Int]) throws(RunFailure) {
        guard let networks else { return }
        do throws(NetworkFailure) {
            try networks.turnOver(turnover, oldTypes: oldTypes, types: model.cellTypes.count, signalSource)
        } catch {
            throw fail(error)
        }
    }

    /// What dying cells let go stands in the medium around them, and counts as secreted.
    private func release(_ released: [Release]) {
        for release in released {
            let field = fields[release.molecule]
            field.coupling.deposit(release.amount, at: population.positions[release.cell], into: field.now)
            ledgerTotals[release.molecule][.secreted] += release.amount
            attribution?.release(release)
        }
    }

    /// Everything that is kept by cell follows them.
    private func turnOver(_ turnover: CellTurnover) {
        guard let life else { return }
        life.bodies.follow(turnover)
        phenotype.turnOver(turnover, model, oldTypes: population.types)
        let taken = population.turnOver(turnover, model)
        for field in fields {
            let all = taken[field.index].reduce(0, +)
            ledgerTotals[field.index][.internalised] += all
            field.takeInside(taken[field.index])
        }
        makeRoomForCells()
    }

    /// Work space for as many cells as there are.
    func makeRoomForCells() {
        let chunks = TissueEngine.chunks(population.count)
        while surfaceWork.count < chunks {
            surfaceWork.append(
                SurfaceKinetics.Work(largestBlock: largestBlock, ligands: model.molecules.count))
        }
        let width = max(1, (1 + model.cellTypes.count) * model.molecules.count)
        if cellWork.count < chunks * width { cellWork = Buffer(count: chunks * width * 3 / 2) }
    }

    /// Who takes part in each field, where they stand now.
    private func setCouplings(after turnover: CellTurnover?) {
        let perVoxel = NearField.crowding(population.positions, grid)
        setCouplings(pairs: fields.map { needsPairs($0, perVoxel: perVoxel) }) {
            .init(coupling: $0.coupling, turnover: turnover)
        }
    }

    /// The same; `pairs` says of each field whether neighbours' releases are corrected pair by pair.
    ///
    /// `before`: What is known of each field's cells from before they moved, came or went.
    func setCouplings(pairs: [Bool], before: (MoleculeField) -> FieldCoupling.Before? = { _ in nil }) {
        let setUp = FieldSetUp(
            model: model, grid: grid, population: population, team: team, kernels: .best, courses: courses,
            greens: greens)
        var last: FieldCoupling?
        for field in fields {
            let coupling = setUp.coupling(field.index, pairs: pairs[field.index], before: before(field), known: last)
            field.take(coupling)
            last = coupling
        }
    }

    /// Whether neighbours' releases stand out of a field so far that cells' readings are corrected pair by pair.
    ///
    /// Cells that move need new corrections at every tick. Chosen: up to 1 % of what is read they are left out, half of what
    /// exchange between cells is held to.
    private func needsPairs(_ field: MoleculeField, perVoxel: Double) -> Bool {
        let diffusion = field.molecule.diffusion.value
        guard diffusion > 0 else { return false }
        let radius = population.radii.min() ?? 1
        return field.coupling.weightOfPairs(perVoxel: perVoxel, diffusion: diffusion, radius: radius) > 0.01
    }

    /// Prepares the next tick: how fast and where to cells will walk, and whom they touch.
    ///
    /// Called once signals and rules stand at the start of the tick.
    func prepareLife() {
        guard let life else { return }
        let (cells, bodies) = (life.cells, life.bodies)
        let compilers = model.cellTypes.indices.map { phenotype.compiler(model, type: $0, population) }
        let aims = cells.plans.enumerated().map { type, plan in
            plan.motion?.towards.map { Aim($0, model, compilers[type], population.networks[type]) } ?? []
        }
        let source = signalSource
        for cell in 0..<population.count {
            bodies.speed[cell] = cells.columns.speed[cell]
            bodies.persistence[cell] = cells.columns.persistence[cell]
            bodies.isHeld[cell] = cells.isHolding(cell)
            var bias = SIMD3<Double>()
            for (k, aim) in aims[population.types[cell]].enumerated() {
                bias += cells.columns.sensitivity[cell * cells.columns.attractants + k] * difference(aim, cell, source)
            }
            bodies.biasX[cell] = bias.x
            bodies.biasY[cell] = bias.y
            bodies.biasZ[cell] = bias.z
        }
        life.touches = touches(life, compilers, source)
    }

    /// A receptor that guides cells of a type: how many they have, and what it binds.
    private struct Aim {
        let total: CompiledSignal
        /// By molecule, K = k_off/k_on, molecules/µm³, and whether it signals once bound.
        var ligands: [(molecule: Int, dissociation: Double, signals: Bool)] = []

        init(_ attraction: Attraction, _ model: Model, _ compiler: SignalCompiler, _ network: SurfaceNetwork) {
            total = compiler.compile(.receptor(attraction.receptor, .total))
            for binding in model.receptor(attraction.receptor)?.ligands ?? [] where binding.kOn.value > 0 {
                guard let m = model.molecules.firstIndex(where: { $0.name == binding.ligand }) else { continue }
                ligands.append((m, binding.kOff.value / binding.kOn.value, binding.signals))
            }
        }
    }

    /// Receptors with a ligand that signals ahead less those behind, along each axis: R Δ(v/(1 + u)) over the cell's
    /// diameter, u the sum of c/K over all ligands and v over those that signal; R K Δc/(c + K)² for a single one.
    private func difference(_ aim: Aim, _ cell: Int, _ source: SignalSource) -> SIMD3<Double> {
        var (u, v, du, dv) = (0.0, 0.0, SIMD3<Double>(), SIMD3<Double>())
        for (molecule, k, signals) in aim.ligands {
            let at = fields[molecule].coupling.place(of: cell)
            guard at >= 0 else { continue }
            let field = fields[molecule]
            let concentration = max(0, field.coupling.surface[at])
            // Bound for good: it has all receptors wherever there is any of it.
            if k == 0 && concentration > 0 { return SIMD3() }
            if k == 0 { continue }
            let level = concentration / k
            let slope = field.coupling.gradient(of: field.now, at: population.positions[cell]) / k
            (u, du) = (u + level, du + slope)
            if signals { (v, dv) = (v + level, dv + slope) }
        }
        let across = 2 * population.radii[cell] / ((1 + u) * (1 + u))
        let found = source.value(aim.total, cell) * across * ((1 + u) * dv - v * du)
        return found.x.isFinite && found.y.isFinite && found.z.isFinite ? found : SIMD3()
    }

    /// Whom cells that attack or eat touch now.
    private func touches(_ life: Life, _ compilers: [SignalCompiler], _ source: SignalSource) -> TouchList {
        let plans = life.cells.plans
        guard plans.contains(where: \.touches) else { return TouchList() }
        var list = TouchList(cells: population.count, slots: life.cells.columns.slots)
        life.neighbours.build(life.bodies, factor: CellType.touching)
        let recognised = plans.map { plan in
            plan.attacks.map { attack in
                attack.recognises.map { compilers[attack.target].compile(.state($0)) }
            }
        }
        for cell in 0..<population.count {
            let type = population.types[cell]
            for slot in 0..<life.cells.columns.slots {
                if slot < plans[type].slots.count, let wanted = plans[type].target(of: slot) {
                    life.neighbours.forEachNeighbour(of: cell, factor: CellType.touching) { other in
                        guard population.types[other] == wanted.type else { return }
                        let signal = wanted.attack.flatMap { recognised[type][$0] }
                        let weight = signal.map { max(0, source.value($0, other)) } ?? 1
                        if weight > 0 { list.append(other, weight: weight) }
                    }
                }
                list.endRow()
            }
        }
        return list
    }
}

extension LifePlan {
    /// What a slot acts on by touch.
    fileprivate func target(of slot: Int) -> (type: Int, attack: Int?)? {
        switch slots[slot].act {
        case .attach(let attack): (attacks[attack].target, attack)
        case .eat(let prey): (self.prey[prey], nil)
        default: nil
        }
    }
}

extension CellBodies {
    /// Cells after a tick; daughters and newcomers have chance of their own.
    fileprivate func follow(_ turnover: CellTurnover) {
        let before = count
        var newcomers = 0
        for cell in 0..<turnover.count where turnover.origin(of: cell) == nil { newcomers += 1 }
        for k in 0..<newcomers {
            let cell = turnover.newcomer(k)
            append(id: cell.id, type: cell.typeIndex, x: cell.x, y: cell.y, z: cell.z, radius: cell.radius)
        }
        let old = (0..<count).map { ids[$0] }
        rearrange(turnover.origins.map { $0 >= 0 ? $0 : Int32(before) - 1 - $0 })
        for cell in 0..<turnover.count {
            let p = turnover.positions[cell]
            (x[cell], y[cell], z[cell]) = (p.x, p.y, p.z)
            radius[cell] = turnover.radii[cell]
            types[cell] = Int32(turnover.types[cell])
            ids[cell] = turnover.ids[cell]
            let origin = Int(turnover.origins[cell])
            if origin < 0 || old[origin] != turnover.ids[cell] {
                turns[cell] = 0
                untilTurn[cell] = 0
            }
        }
    }
}
