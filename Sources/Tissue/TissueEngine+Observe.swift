public import Biology
public import Simulation

/// State between the ends of a step, for recorders: never read by the solution.
struct Observation {
    var time: Double
    let fields: [Buffer<Double>]
    let numbers: Buffer<Double>
    let rates: Buffer<Double>
}

extension TissueEngine {
    /// Weights of (state before, state after, rates before, rates after) in the cubic through both ends of the step.
    func hermite(_ time: Double) -> (Double, Double, Double, Double) {
        let length = clock.now - clock.previous
        if time >= clock.now || length == 0 { return (0, 1, 0, 0) }
        let t = (time - clock.previous) / length
        let (a, b) = ((1 + 2 * t) * (1 - t) * (1 - t), t * t * (3 - 2 * t))
        return (a, b, length * t * (1 - t) * (1 - t), -length * t * t * (1 - t))
    }

    /// Interpolates all fields and numbers to a time within the last step.
    func observe(_ time: Double) -> Observation {
        if let observation, observation.time == time, time < clock.now { return observation }
        var seen =
            observation
            ?? Observation(
                time: time, fields: fields.map { _ in Buffer(count: grid.elements) },
                numbers: Buffer(count: population.speciesCount), rates: Buffer(count: population.speciesCount))
        seen.time = time
        let w = hermite(time)
        let isSteady = model.run.fields == .quasiSteady
        let t = clock.now > clock.previous ? (time - clock.previous) / (clock.now - clock.previous) : 1
        for (field, values) in zip(fields, seen.fields) {
            if isSteady || w.1 == 1 {
                let share = w.1 == 1 ? 1 : t
                field.solver.combine((field.now, share), (field.previous, 1 - share), into: values)
            } else {
                // Losses: the start's stand last after a step is accepted.
                field.solver.combine(
                    (field.previous, w.0), (field.now, w.1), (field.losses[2], -w.2), (field.losses[0], -w.3),
                    into: values)
            }
        }
        for i in 0..<population.speciesCount {
            seen.numbers[i] =
                w.1 == 1
                ? population.now[i]
                : w.0 * population.previous[i] + w.1 * population.now[i]
                    + (w.2 * population.rates[2][i] + w.3 * population.rates[0][i])
        }
        observation = seen
        return seen
    }

    /// All cells by id, with the signals asked for, at a time within the last step.
    public func cells(at time: Double, columns: [Signal]) -> CellFrame {
        let seen = observe(time)
        var frame = CellFrame(time: time, typeNames: model.cellTypes.map(\.name))
        let order = (0..<population.count).sorted { population.ids[$0] < population.ids[$1] }
        frame.ids = order.map { population.ids[$0] }
        frame.types = order.map { population.types[$0] }
        (frame.x, frame.y) = (order.map { population.positions[$0][0] }, order.map { population.positions[$0][1] })
        (frame.z, frame.radius) = (order.map { population.positions[$0][2] }, order.map { population.radii[$0] })
        let compilers = model.cellTypes.indices.map { phenotype.compiler(model, type: $0, population) }
        let kept = evaluate(seen)
        for field in fields where columns.contains(.concentration(field.molecule.name)) {
            field.coupling.showNeighbours()
        }
        let source = SignalSource(
            fields: fields, offsets: population.offsets, u: seen.numbers,
            stored: phenotype.stored, contacts: phenotype.contacts, networks: networks, life: life, share: share(time),
            time: time)
        for signal in columns {
            let compiled = compilers.map { model.has(signal, $0.type) ? $0.compile(signal) : .number(.nan) }
            frame.columns.append(
                CellFrame.Column(
                    name: signal.name, unit: model.unit(of: signal),
                    values: order.map { source.value(compiled[population.types[$0]], $0) }))
        }
        for (field, state) in zip(fields, kept) { field.coupling.restore(state) }
        return frame
    }

    /// Evaluates all cells in an observed state; returns what to put back afterwards.
    private func evaluate(_ seen: Observation) -> [FieldCoupling.Evaluation] {
        let kept = fields.map { $0.coupling.save() }
        let flows = cellFlows
        for (field, values) in zip(fields, seen.fields) { field.coupling.read(values) }
        evaluateCells(seen.numbers, base: seen.numbers, rates: seen.rates, tau: 0)
        cellFlows = flows
        return kept
    }

    /// A molecule's field at a time within the last step.
    ///
    /// - Precondition: the model has the molecule.
    public func field(_ molecule: String, at time: Double) -> FieldFrame {
        let values = observe(time).fields[moleculeIndex(molecule)]
        var packed: [Double] = []
        packed.reserveCapacity(grid.voxels)
        for row in 0..<grid.rows {
            for x in 0..<grid.nx { packed.append(values[row * grid.stride + x]) }
        }
        return FieldFrame(
            time: time, molecule: molecule, voxels: grid.counts, spacing: grid.spacing, values: packed)
    }

    /// One ledger a molecule, at a time within the last step.
    public func ledgers(at time: Double) -> [Ledger] {
        if time >= clock.now { return ledgerTotals }
        let w = hermite(time)
        let seen = observe(time)
        var bound = boundTotals
        population.countBound(seen.numbers, into: &bound)
        return fields.map { field in
            let m = field.index
            var ledger = ledgerTotals[m]
            // The contents are linear in the same interpolation, so the balance holds between steps too.
            let (before, after) = (field.flows[2].entries, field.flows[0].entries)
            for (i, (entry, flow)) in before.enumerated() {
                ledger[entry] =
                    w.0 * previousLedgers[m][entry] + w.1 * ledgerTotals[m][entry] + w.2 * flow + w.3 * after[i].1
            }
            if model.run.fields == .dynamic {
                ledger[.dissolved] = field.amount(field.solver.extent(seen.fields[m]).sum)
            }
            ledger[.bound] = bound[m]
            return ledger
        }
    }

    /// A molecule's concentration at points, as cells there would read it, at a time within the last step.
    ///
    /// Beyond the grid's own reading it takes in what the grid gets wrong about cells near a point.
    ///
    /// - Precondition: the model has the molecule.
    public func concentrations(of molecule: String, at points: [[Double]], time: Double) -> [Double] {
        let index = moleculeIndex(molecule)
        let seen = observe(time)
        let kept = evaluate(seen)
        let setUp = FieldSetUp(
            model: model, grid: grid, population: population, team: team, kernels: .best, courses: courses,
            greens: greens)
        let probe = FieldProbe(fields[index], setUp)
        let values = points.map { probe.read(SIMD3($0[0], $0[1], $0[2]), seen.fields[index]) }
        for (field, state) in zip(fields, kept) { field.coupling.restore(state) }
        return values
    }

    /// What the cells of each type have captured of a molecule: taken in, or bound now.
    ///
    /// - Precondition: the model has the molecule.
    public func captured(_ molecule: String, at time: Double) -> [Double] {
        let field = fields[moleculeIndex(molecule)]
        let w = hermite(time)
        let bound = population.boundByType(observe(time).numbers)[field.index]
        return model.cellTypes.indices.map { type in
            let taken = w.0 * field.internalisedBefore[type] + w.1 * field.internalised[type]
            return bound[type] + taken + w.2 * field.internalising[2][type] + w.3 * field.internalising[0][type]
        }
    }

    /// Who sent what the cells captured since the start, at a time within the last step; nothing where it is not recorded.
    public func communication(at time: Double) -> CommunicationFrame {
        attribution?.frame(at: moment(time, clock.now - clock.previous)) ?? CommunicationFrame()
    }

    /// What rules made cells secrete since the start, at a time within the last step.
    public func inductions(at time: Double) -> [InductionRow] { inductions.rows(model, at: time) }

    /// How far a time is from the start of the last step to its end, 0...1.
    private func share(_ time: Double) -> Double {
        let length = clock.now - clock.previous
        return length > 0 ? min(1, max(0, (time - clock.previous) / length)) : 1
    }

    private func moment(_ time: Double, _ length: Double) -> Attribution.Moment {
        Attribution.Moment(
            model: model, time: time, share: share(time),
            numbers: observe(time).numbers, weights: hermite(time), before: population.previous,
            now: population.now)
    }

    private func moleculeIndex(_ name: String) -> Int {
        guard let index = model.molecules.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("no molecule is called '\(name)'")
        }
        return index
    }
}
