public import Biology
import Simulation

extension TissueEngine {
    /// Takes over what the model states otherwise than the one before: secretion, receptors, rates of life, doses.
    ///
    /// Each cell keeps its own draw: what it has of a mean is what it had of the mean before.
    public func branch(from before: Model, at time: Double) {
        var before = before
        before.expectations = model.expectations
        if before == model { return }
        for cell in 0..<population.count {
            let type = population.types[cell]
            restate(cell, before.cellTypes[type], model.cellTypes[type])
        }
        life?.cells.branch(from: before)
        treatments = TreatmentClock(model)
        treatments.skip(before: time)
        ratesAreFresh = false
        clock.restart()
        observation = nil
        updateContents()
    }

    private func restate(_ cell: Int, _ old: CellType, _ new: CellType) {
        for (m, molecule) in model.molecules.enumerated() {
            let (was, now) = (old.secretes[molecule.name]?.mean ?? 0, new.secretes[molecule.name]?.mean ?? 0)
            if was == now { continue }
            let at = cell * fields.count + m
            let first = population.initialSecretion[at]
            let own =
                was > 0
                ? first * now / was
                : PlacedCell.secretion(model, new, id: population.ids[cell], seed: model.run.seed)[m]
            population.restate(secretion: own, of: at)
        }
        for (r, receptor) in model.receptors.enumerated() {
            guard case .spread(let was)? = old.receptors[receptor.name],
                case .spread(let now)? = new.receptors[receptor.name], was.mean != now.mean
            else { continue }
            let at = cell * population.receptorCount + r
            let drawn = PlacedCell.receptors(model, new, id: population.ids[cell], seed: model.run.seed)[r]
            let own = was.mean > 0 ? population.initialExpression[at] * now.mean / was.mean : drawn
            let stated = was.mean > 0 ? population.expression[at] * now.mean / was.mean : drawn
            express(r, cell, stated)
            population.restate(expression: own, of: at)
        }
    }
}

extension LivingCells {
    /// Rates that the model states otherwise than the one before; what is left until something happens stays.
    func branch(from before: Model) {
        let old = before.cellTypes.map { LifePlan(before, $0) }
        let held = LivingCells.adhesions(before)
        for cell in ids.indices {
            let (was, now) = (old[types[cell]], plans[types[cell]])
            for (s, slot) in now.slots.enumerated() where slot.rate != was.slots[s].rate {
                columns.rate[cell * columns.slots + s] = slot.rate
            }
            for k in 0..<columns.partners {
                let pair = types[cell] * columns.partners + k
                if held[pair] != adhesions[pair] { columns.adhesion[cell * columns.partners + k] = adhesions[pair] }
            }
            guard let motion = now.motion, let walked = was.motion else { continue }
            if motion.speed != walked.speed { columns.speed[cell] = motion.speed.value }
            if motion.persistence != walked.persistence { columns.persistence[cell] = motion.persistence.value }
            for (k, attraction) in motion.towards.enumerated() where attraction != walked.towards[k] {
                columns.sensitivity[cell * columns.attractants + k] = attraction.sensitivity
            }
        }
    }
}
