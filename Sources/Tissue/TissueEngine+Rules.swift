import Biology
import Simulation

extension TissueEngine {
    var signalSource: SignalSource {
        SignalSource(
            fields: fields, offsets: population.offsets, u: population.now,
            stored: phenotype.stored, contacts: phenotype.contacts, networks: networks, life: life, share: 1,
            time: clock.now)
    }

    /// Lets every rule read its signals and set its behaviour.
    func updatePhenotype() {
        if clock.now == 0 { prepareFirstSignals() }
        phenotype.tick(signalSource)
        inductions.turn(at: clock.now)
        var (before, change) = (0.0, 0.0)
        for target in phenotype.targets {
            for (position, cell) in target.cells.enumerated() {
                let value = phenotype.value(target, position)
                switch target.behaviour {
                case .secretion(let name):
                    guard let m = model.molecules.firstIndex(where: { $0.name == name }) else { continue }
                    let at = cell * fields.count + m
                    let rate = own(value, target.declared, population.initialSecretion[at])
                    before += abs(population.secretion[at])
                    change += abs(rate - population.secretion[at])
                    population.secretion[at] = rate
                    logInduction(target, position, scale: value == 0 ? 1 : rate / value)
                case .expression(let name):
                    guard let r = model.receptors.firstIndex(where: { $0.name == name }) else { continue }
                    let at = cell * population.receptorCount + r
                    express(r, cell, own(value, target.declared, population.initialExpression[at]))
                case .state(let name):
                    if let column = phenotype.storedNames[name] { phenotype.stored[column][cell] = value }
                default: life?.cells.set(target.behaviour, of: cell, to: value)
                }
            }
        }
        ratesAreFresh = false
        // Chosen: sources that change by more than a tenth at once make a new transient worth resolving.
        if change > 0.1 * before { clock.restart() }
    }

    /// Notes which rules changed one cell's secretion; `scale` is its own rate over the rules' value.
    private func logInduction(_ target: Phenotype.Target, _ position: Int, scale: Double) {
        for r in target.rules {
            inductions.add(
                rule: r, rate: scale * phenotype.contribution(target, rule: r, position),
                isDriven: phenotype.rules[r].fraction[position] >= 0.5)
        }
    }

    /// A cell's own value: what the rule gives, times the cell's draw over its type's stated mean.
    private func own(_ value: Double, _ declared: Double, _ initial: Double) -> Double {
        declared > 0 && initial > 0 ? value * (initial / declared) : value
    }

    /// Signals before the first step: the cells as placed, in the medium as it starts.
    func prepareFirstSignals() {
        for field in fields {
            field.stage.copy(from: field.now)
            field.coupling.read(field.stage)
        }
        population.stage.copy(from: population.now)
        evaluateCells(population.stage, base: population.stage, rates: population.rates[0], tau: 0)
    }

    /// Sets how many receptors a cell states; where none are made by turnover, free ones appear or go at once.
    func express(_ receptor: Int, _ cell: Int, _ number: Double) {
        let at = cell * population.receptorCount + receptor
        let change = number - population.expression[at]
        population.expression[at] = number
        if case .turnover = model.receptors[receptor].supply { return }
        let network = population.networks[population.types[cell]]
        guard let free = network.index(.surface(.free(model.receptors[receptor].name))) else { return }
        let index = population.offsets[cell] + free
        var wanted = change
        if case .held = model.receptors[receptor].supply {
            // Bound receptors stay: the number is reached once enough of them have let go.
            var total = 0.0
            for (s, species) in network.species.enumerated() where species.isOnSurface {
                let held = species.receptors.count { $0 == receptor }
                total += Double(held) * population.now[population.offsets[cell] + s]
            }
            wanted = number - total
        }
        population.now[index] += max(wanted, -population.now[index])
    }
}
