import Biology

extension Reduction {
    /// A receptor that nothing makes: free ones appear or go as the number that rules state changes, as in the tissue.
    ///
    /// What has been done of it follows within a step of the rules' clock: as ODEs at a rate, by chance at the ticks. No more
    /// go than are free. A daughter states half, and so gets the rest, as in the tissue.
    mutating func appear(_ r: Int, _ g: Int) {
        let receptor = model.receptors[r].name
        guard let index = surfaces[groups[g].type].index(.surface(.free(receptor))) else { return }
        let free = species[g][index]
        let stated = Formula.name(stated[g][r])
        switch method {
        case .ode: appearAtARate(free, stated, applied(r, g), g)
        case .ssa:
            let applied = places[g] == nil ? .name(applied(r, g)) : drawn(.receptor(r), g)
            guard case .name(let name) = applied else { return }
            let many = Formula.call(.floor, [.name(counts[g]) * (stated - applied) + .number(0.5)])
            ticked.append(NetworkAssignment(free, .call(.max, [.name(free) + many, .number(0)])))
            ticked.append(NetworkAssignment(name, applied + many / number(g)))
        }
    }

    /// The number of receptors that one cell was last given.
    private mutating func applied(_ r: Int, _ g: Int) -> String {
        let name = names.name("given", model.receptors[r].name, labels[g])
        network.parameters.append(
            NetworkParameter(name: name, value: groups[g].receptors[r], isConstant: false))
        return name
    }

    private mutating func appearAtARate(_ free: String, _ stated: Formula, _ applied: String, _ g: Int) {
        let missing = stated - .name(applied)
        let step = Formula.number(model.run.ruleStep.value)
        let zero = Formula.number(0)
        react(
            names.name("appearing", "of", free), [], [free],
            at: .name(counts[g]) * .call(.max, [missing, zero]) / step)
        let gone = .name(counts[g]) * .call(.max, [.call(.negative, [missing]), zero])
        react(names.name("going", "of", free), [free], [], at: .call(.min, [gone, .name(free)]) / step)
        var change = missing / step
        if let divisions = living[g]?.divisions { change = change - .name(divisions) / number(g) * .name(applied) }
        if let arrivals = living[g]?.arrivals {
            let first = network.parameters.first { $0.name == applied }?.value ?? 0
            change = change + .name(arrivals) / number(g) * (.number(first) - .name(applied))
        }
        network.rateRules.append(NetworkAssignment(applied, change))
    }
}
