import Biology

extension NetworkLowering {
    /// How a value is made.
    enum Plan {
        case input(ExpressionGraph.Input)
        case number(Double)
        case formula(Formula)
        case same(NetworkValue)
        case product(NetworkValue, NetworkValue)
        case quotient(NetworkValue, NetworkValue)
        /// Σ stoichiometry · rate of the reactions of a species.
        case reactions(Int)
        /// (dA/dt − [S] dV/dt) / V; without an amount rate dA/dt is 0.
        case concentrationRate(Int, amountRate: NetworkValue?)
        /// The derivative of a value in time, by the chain rule.
        case derivative(NetworkValue)
        case refused(String)
    }

    func plan(_ value: NetworkValue) -> Plan {
        switch value {
        case .named(let name):
            switch roles.elements[name] {
            case .species(let index): return namedSpecies(index)
            case .reaction(let index): return .same(.reaction(index))
            default: return namedQuantity(name)
            }
        case .amount(let index): return amount(index)
        case .concentration(let index):
            let species = network.species[index]
            if !roles.meansAmount(index) { return .same(.named(species.name)) }
            return roles.isPoint(index) ? .same(.amount(index)) : .quotient(.amount(index), .named(species.compartment))
        case .amountRate(let index): return .reactions(index)
        case .rate(let name): return rate(name)
        case .reaction(let index): return .formula(network.reactions[index].rate)
        case .given(let index): return .input(.given(index))
        }
    }

    private var network: ReactionNetwork { roles.network }
    private var isStart: Bool { formulas.scope.isStart }

    /// A compartment's or a parameter's value.
    private func namedQuantity(_ name: String) -> Plan {
        if isStart, let formula = roles.initial[name] { return .formula(formula) }
        switch roles.sources[name] {
        case .assigned(let formula): return .formula(formula)
        case _ where isStart: return .input(.given(layout.given(name)))
        case .rated, .algebraic: return .input(layout.input(.named(name)))
        default: return .input(layout.input(.named(name)))
        }
    }

    /// What a species' name means.
    private func namedSpecies(_ index: Int) -> Plan {
        let species = network.species[index]
        if isStart, let formula = roles.initial[species.name] { return .formula(formula) }
        switch roles.sources[species.name] {
        case .assigned(let formula): return .formula(formula)
        case .rated, .algebraic:
            if isStart { break }
            return .input(layout.input(.named(species.name)))
        default: break
        }
        if roles.meansAmount(index) { return .same(.amount(index)) }
        return .quotient(.amount(index), .named(species.compartment))
    }

    /// A species' amount.
    private func amount(_ index: Int) -> Plan {
        let species = network.species[index]
        let fromName: Plan =
            roles.meansAmount(index)
            ? .same(.named(species.name)) : .product(.named(species.name), .named(species.compartment))
        if isStart, roles.initial[species.name] != nil { return fromName }
        switch roles.sources[species.name] {
        case .assigned: return fromName
        case _ where isStart: break
        case .rated, .algebraic: return fromName
        case .reacting: return .input(layout.input(.amount(index)))
        default: return .input(layout.input(.amount(index)))
        }
        if case .concentration = species.initial, !roles.isPoint(index) {
            return .product(.given(layout.given(species.name)), .named(species.compartment))
        }
        return .input(.given(layout.given(species.name)))
    }

    /// The rate of change of a name; before the start nothing changes.
    private func rate(_ name: String) -> Plan {
        if formulas.scope.isBefore { return .number(0) }
        switch roles.sources[name] {
        case .rated(let formula): return .formula(formula)
        case .assigned, .rate: return .derivative(.named(name))
        case .algebraic: return .refused("the rate of change of '\(name)', which an algebraic rule determines")
        case .reacting:
            guard case .species(let index) = roles.elements[name] else { break }
            if roles.isFast(name) {
                return .refused("the rate of change of '\(name)', which fast reactions change at once")
            }
            return roles.meansAmount(index)
                ? .same(.amountRate(index)) : .concentrationRate(index, amountRate: .amountRate(index))
        default:
            guard case .species(let index) = roles.elements[name], !roles.meansAmount(index) else { break }
            return .concentrationRate(index, amountRate: nil)
        }
        return .number(0)
    }
}
