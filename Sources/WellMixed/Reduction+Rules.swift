import Biology

extension Reduction {
    /// Rules, and the states of cells: those that rules set and those that follow from signals.
    mutating func addRules() {
        for g in groups.indices {
            let type = model.cellTypes[groups[g].type]
            nameStates(g)
            var values: [(behaviour: Behaviour, value: Formula)] = []
            for behaviour in behaviours(of: type) {
                let rules = model.rules.enumerated().filter {
                    $0.element.cellType == type.name && $0.element.behaviour == behaviour
                }
                let given = rules.map { addRule($0.offset, $0.element, g) }
                values.append((behaviour, combine(given, behaviour, rules[0].element.from)))
                if case .secretion(let name) = behaviour,
                    let molecule = model.molecules.firstIndex(where: { $0.name == name })
                {
                    noteInductions(rules.map { ($0.offset, $0.element) }, given, of: molecule, g)
                }
            }
            for (behaviour, value) in values {
                let declared = model.rules.first { $0.cellType == type.name && $0.behaviour == behaviour }?.from ?? 0
                set(behaviour, value, declared: declared, g)
            }
            addStates(g)
        }
        addInductions()
    }

    /// What rules of a type change, in the order of the file.
    private func behaviours(of type: CellType) -> [Behaviour] {
        model.rules.filter { $0.cellType == type.name && !$0.behaviour.isOfPlaces }.map(\.behaviour).reduce(into: []) {
            if !$0.contains($1) { $0.append($1) }
        }
    }

    private mutating func nameStates(_ g: Int) {
        for state in model.cellTypes[groups[g].type].states {
            states[g][state.name] = names.name(labels[g], state.name)
        }
    }

    /// States that no rule sets.
    private mutating func addStates(_ g: Int) {
        let type = model.cellTypes[groups[g].type]
        for state in type.states {
            let isSet = model.rules.contains { $0.cellType == type.name && $0.behaviour == .state(state.name) }
            guard !isSet, let name = states[g][state.name] else { continue }
            if case .number(let first) = state.expression, places[g] != nil, isSetElsewhere(state.name) {
                network.parameters.append(NetworkParameter(name: name, value: first, isConstant: false))
                places[g]?.states[state.name] = (name, first)
                continue
            }
            _ = assigned(name, formula(state.expression, g))
        }
    }

    private func isSetElsewhere(_ state: String) -> Bool { model.rules.contains { $0.behaviour == .state(state) } }

    // MARK: - One rule

    /// Adds how far a rule is driven, delayed and lagged, and returns the value it gives.
    private mutating func addRule(_ index: Int, _ rule: Rule, _ g: Int) -> Formula {
        let now = assigned(names.name(labels[g], "rule \(index + 1) signal"), whereThere(fraction(rule, g), g))
        let driven: Formula
        switch method {
        case .ode: driven = follow(now, rule, index, g)
        case .ssa: driven = followInTicks(now, rule, index, g)
        }
        return .number(rule.from) + .number(rule.to - rule.from) * driven
    }

    /// A delay is a delay, and a half-time a rate: df/dt = ln 2/half-time · (target − f), from the target at the start.
    private mutating func follow(_ now: String, _ rule: Rule, _ index: Int, _ g: Int) -> Formula {
        let signal = Formula.name(now)
        let target = rule.delay.value > 0 ? Formula.delayed(signal, by: .number(rule.delay.value)) : signal
        guard rule.halfTime.value > 0 else { return target }
        let name = names.name(labels[g], "rule \(index + 1)")
        network.parameters.append(NetworkParameter(name: name, value: nil, isConstant: false))
        network.initialAssignments.append(NetworkAssignment(name, signal))
        let rate = Formula.call(.ln, [.number(2)]) / .number(rule.halfTime.value)
        var change = rate * (target - .name(name))
        if let sum = living[g], let arrivals = sum.arrivals {
            // A cell that comes is driven as far as it reads at once.
            change = change + .name(arrivals) / number(g) * (signal - .name(name))
        }
        network.rateRules.append(NetworkAssignment(name, change))
        return .name(name)
    }

    /// The same at the ticks of the rules' clock, as the tissue takes them.
    private mutating func followInTicks(_ now: String, _ rule: Rule, _ index: Int, _ g: Int) -> Formula {
        let step = model.run.ruleStep.value
        var target = Formula.name(now)
        if rule.delay.value > 0 {
            // What is `delay` old has moved through this many places, one a tick.
            let ticks = max(1, Int((rule.delay.value / step).rounded()))
            if ticks > Reduction.mostTicksBack {
                refuse(
                    "rules.\(index + 1)",
                    "a delay of \(ticks) ticks of the rules' clock is more than chance keeps (\(Reduction.mostTicksBack))",
                    "write a longer rule step under 'run:', or run it with --ode")
            }
            for back in 1...min(ticks, Reduction.mostTicksBack) {
                let name = names.name(labels[g], "rule \(index + 1) before \(back)")
                network.parameters.append(NetworkParameter(name: name, value: nil, isConstant: false))
                network.initialAssignments.append(NetworkAssignment(name, .name(now)))
                ticked.append(NetworkAssignment(name, target))
                places[g]?.memory.append((name: name, start: now))
                target = .name(name)
            }
        }
        let name = names.name(labels[g], "rule \(index + 1)")
        network.parameters.append(NetworkParameter(name: name, value: nil, isConstant: false))
        network.initialAssignments.append(NetworkAssignment(name, .name(now)))
        places[g]?.memory.append((name: name, start: now))
        let halfTime = rule.halfTime.value
        guard halfTime > 0 else {
            ticked.append(NetworkAssignment(name, target))
            return .name(name)
        }
        let kept = Formula.call(.power, [.number(2), .number(-step / halfTime)])
        ticked.append(NetworkAssignment(name, target + kept * (.name(name) - target)))
        return .name(name)
    }

    /// Chosen: a day of minutes; each tick moves them all.
    static let mostTicksBack = 1440

    /// The event that ticks the clock of the rules; by chance only.
    mutating func addTicks() {
        guard !ticked.isEmpty else { return }
        let next = names.name("next", "tick")
        let step = Formula.number(model.run.ruleStep.value)
        network.parameters.append(
            NetworkParameter(name: next, value: model.run.ruleStep.value, isConstant: false))
        network.events.append(
            NetworkEvent(
                name: names.name("tick"), trigger: .call(.greaterOrEqual, [.time, .name(next)]),
                assignments: [NetworkAssignment(next, .name(next) + step)] + ticked))
    }

    // MARK: - What rules set

    func combine(_ values: [Formula], _ behaviour: Behaviour, _ declared: Double) -> Formula {
        let base = Formula.number(declared)
        let rest = values.dropFirst()
        switch model.combinations[behaviour] ?? .product {
        case .product: return rest.reduce(values[0]) { $0 * ($1 / base) }
        case .sum: return rest.reduce(values[0]) { $0 + ($1 - base) }
        case .max: return rest.isEmpty ? values[0] : .call(.max, values)
        case .min: return rest.isEmpty ? values[0] : .call(.min, values)
        }
    }

    private mutating func set(_ behaviour: Behaviour, _ value: Formula, declared: Double, _ g: Int) {
        let label = labels[g]
        switch behaviour {
        case .secretion(let molecule):
            guard let m = model.molecules.firstIndex(where: { $0.name == molecule }) else { return }
            if let stated = network.parameters.lastIndex(where: { $0.name == secretion[g][m] }) {
                network.parameters.remove(at: stated)
            }
            let name = secretion[g][m].isEmpty ? names.name("secretion", molecule, label) : secretion[g][m]
            places[g]?.drawn.removeAll { $0.name == secretion[g][m] }
            secretion[g][m] = assigned(name, own(value, declared, .secretion(m), g))
        case .expression(let receptor):
            guard let r = model.receptors.firstIndex(where: { $0.name == receptor }) else { return }
            stated[g][r] = assigned(
                names.name("stated", receptor, label), own(value, declared, .receptor(r), g))
            if case .none = model.receptors[r].supply { appear(r, g) }
        case .state(let state): if let name = states[g][state] { _ = assigned(name, value) }
        case .division, .death, .change:
            let name = assigned(
                names.name("rate", behaviour.lifeKey, label), .call(.max, [value, .number(0)]))
            living[g]?.rates[behaviour] = .name(name)
            ruledRates[g][behaviour] = .name(name)
        case .killing, .engulfing:
            let name = assigned(
                names.name("rate", behaviour.lifeKey, labels[g]), .call(.max, [value, .number(0)]))
            ruledRates[g][behaviour] = .name(name)
        case .speed, .persistence, .attraction, .recruitment, .adhesion: break
        }
    }

    /// A cell's own value: what the rule gives, times the cell's draw over its type's stated mean.
    mutating func own(_ value: Formula, _ declared: Double, _ kind: CellPlace.Drawn.Kind, _ g: Int) -> Formula {
        if places[g] != nil { return declared > 0 ? value * drawn(kind, declared: declared, g) : value }
        let initial =
            switch kind {
            case .receptor(let r): groups[g].receptors[r]
            case .secretion(let m): groups[g].secretion[m]
            }
        return declared > 0 && initial > 0 && initial != declared ? value * .number(initial / declared) : value
    }

    // MARK: - Treatments

    /// Doses into every tissue or a compartment, each exactly at its time.
    mutating func addTreatments() {
        for (t, treatment) in model.treatments.enumerated() {
            guard let m = model.molecules.firstIndex(where: { $0.name == treatment.molecule }) else { continue }
            for p in pools.indices where pools[p].molecule == m {
                switch (volumes[pools[p].volume].place, treatment.compartment) {
                case (.tissue, nil): give(treatment.dose, number: t + 1, to: p)
                case (.compartment(let name), let into?) where name == into: give(treatment.dose, number: t + 1, to: p)
                default: continue
                }
            }
        }
    }

    private mutating func give(_ dose: Treatment.Dose, number: Int, to p: Int) {
        let size = volumes[pools[p].volume].size
        switch dose {
        case .bolus(let amount, let at):
            let dose = whole(amount.value * size)
            let places = gain(p) + [account(p, .entered)]
            addEvent(names.name("bolus", "\(number)"), at: at.value, places.map { ($0, .name($0) + .number(dose)) })
            doses.append(Dose(time: at.value, places: places, amount: dose))
        case .infusion(let rate, let from, let to):
            let name = names.name("infusion", "\(number)")
            network.parameters.append(NetworkParameter(name: name, value: 0, isConstant: false))
            react(
                names.name("infusion", "of", label(p)), [], gain(p) + [account(p, .entered)], at: .name(name))
            addEvent(names.name(name, "begins"), at: from.value, [(name, .number(rate.value * size))])
            addEvent(names.name(name, "ends"), at: to.value, [(name, .number(0))])
        }
    }

    /// Molecules that come at once, and the species that grow by them.
    struct Dose: Sendable {
        var time: Double
        var places: [String]
        var amount: Double
    }

    mutating func addEvent(_ name: String, at time: Double, _ changes: [(String, Formula)]) {
        var event = NetworkEvent(
            name: name, trigger: .call(.greaterOrEqual, [.time, .number(time)]),
            assignments: changes.map { NetworkAssignment($0.0, $0.1) })
        event.isTrueBefore = false
        network.events.append(event)
    }
}
