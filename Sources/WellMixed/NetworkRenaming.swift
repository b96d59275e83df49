import Biology
import Networks

/// A network under other names and with its time in seconds.
///
/// Of a species that is a dissolved molecule it reads the molecule, and its reactions change that.
struct NetworkRenaming {
    private let names: [String: String]
    /// What one unit of the network's time is, s.
    private let clock: Double
    private let shared: [String: SharedSpecies]
    /// Dissolved molecules that reactions change, and what a stoichiometry is multiplied by to be theirs.
    private let changed: [String: [Formula]]
    /// Reactions whose two ways are two reactions, by name: their rates.
    private var split: [String: Formula] = [:]
    /// Names that stand for reactions' rates.
    private let reactions: Set<String>

    /// `splitsWays`: whether a reaction of a dissolved molecule whose rate is a difference is one for each way, as by
    /// chance, where an account must not shrink.
    init(
        _ network: ReactionNetwork, names: [String: String], clock: Double, shared: [String: SharedSpecies],
        splitsWays: Bool
    ) {
        (self.names, self.clock, self.shared) = (names, clock, shared)
        reactions = Set(network.reactions.map(\.name))
        var changed: [String: [Formula]] = [:]
        for species in network.species where !species.isBoundary && !species.isConstant {
            guard let molecule = shared[species.name] else { continue }
            let factor = species.conversionFactor.map { Formula.name(names[$0] ?? $0) }
            changed[species.name] = [molecule.unit == 1 ? nil : .number(molecule.unit), factor].compactMap { $0 }
        }
        self.changed = changed
        guard splitsWays else { return }
        for reaction in network.reactions where reaction.ways != nil {
            let parts = reaction.reactants + reaction.products
            if parts.contains(where: { changed[$0.species] != nil }) { split[reaction.name] = reaction.rate }
        }
    }

    func renamed(_ own: ReactionNetwork) -> ReactionNetwork {
        var other = own
        for i in other.compartments.indices { other.compartments[i].name = name(own.compartments[i].name) }
        for i in other.species.indices {
            other.species[i].name = name(own.species[i].name)
            other.species[i].compartment = name(own.species[i].compartment)
            other.species[i].conversionFactor = own.species[i].conversionFactor.map(name)
        }
        for i in other.parameters.indices { other.parameters[i].name = name(own.parameters[i].name) }
        other.reactions = own.reactions.flatMap(renamed)
        other.initialAssignments = own.initialAssignments.map { NetworkAssignment(name($0.name), formula($0.formula)) }
        other.assignmentRules = own.assignmentRules.map { NetworkAssignment(name($0.name), formula($0.formula)) }
        other.rateRules = own.rateRules.map { NetworkAssignment(name($0.name), perSecond($0.formula)) }
        other.algebraicRules = own.algebraicRules.map(formula)
        other.events = own.events.map(renamed)
        other.constraints = own.constraints.map {
            NetworkConstraint(condition: formula($0.condition), message: $0.message)
        }
        return other
    }

    private func name(_ old: String) -> String { names[old] ?? old }

    // MARK: - Reactions

    private func renamed(_ reaction: NetworkReaction) -> [NetworkReaction] {
        guard split[reaction.name] != nil, let ways = reaction.ways else {
            return [renamed(reaction, name(reaction.name), reaction.reactants, reaction.products, reaction.rate)]
        }
        return [
            renamed(reaction, "", reaction.reactants, reaction.products, ways.forward),
            renamed(reaction, "", reaction.products, reaction.reactants, ways.backward),
        ].map { way in
            var way = way
            way.isReversible = false
            return way
        }
    }

    private func renamed(
        _ reaction: NetworkReaction, _ name: String, _ from: [NetworkReaction.Participant],
        _ to: [NetworkReaction.Participant], _ rate: Formula
    ) -> NetworkReaction {
        var other = reaction
        (other.name, other.rate) = (name, perSecond(rate))
        (other.reactants, other.products) = ([], [])
        for part in from {
            guard let molecule = shared[part.species] else {
                other.reactants.append(renamed(part))
                continue
            }
            other.reactants += molecules(part, molecule, molecule.reactedAway.before)
            other.products += molecules(part, molecule, molecule.reactedAway.after)
        }
        for part in to {
            guard let molecule = shared[part.species] else {
                other.products.append(renamed(part))
                continue
            }
            other.products += molecules(part, molecule, molecule.made)
        }
        return other
    }

    private func renamed(_ part: NetworkReaction.Participant) -> NetworkReaction.Participant {
        NetworkReaction.Participant(name(part.species), formula(part.stoichiometry))
    }

    /// So many molecules as a part of a reaction is, of each of these species; none of what stays as it is.
    private func molecules(
        _ part: NetworkReaction.Participant, _ molecule: SharedSpecies, _ species: [String]
    ) -> [NetworkReaction.Participant] {
        guard let factors = changed[part.species] else { return [] }
        let stoichiometry = factors.reduce(formula(part.stoichiometry)) { $0 * $1 }
        return species.map { NetworkReaction.Participant($0, stoichiometry) }
    }

    private func renamed(_ event: NetworkEvent) -> NetworkEvent {
        var other = event
        other.name = name(event.name)
        other.trigger = formula(event.trigger)
        other.priority = event.priority.map(formula)
        other.delay = event.delay.map { inSeconds(formula($0)) }
        other.assignments = event.assignments.map { NetworkAssignment(name($0.name), formula($0.formula)) }
        return other
    }

    private func inSeconds(_ time: Formula) -> Formula { clock == 1 ? time : time * .number(clock) }
    private func perSecond(_ rate: Formula) -> Formula {
        clock == 1 ? formula(rate) : formula(rate) / .number(clock)
    }

    private func value(of old: String) -> Formula {
        if let molecule = shared[old] { return molecule.read(.name(molecule.species)) }
        if let rate = split[old] { return formula(rate) }
        return reactions.contains(old) ? inSeconds(.name(name(old))) : .name(name(old))
    }

    private func formula(_ own: Formula) -> Formula {
        switch own {
        case .number: own
        // What a formula calls a rate is in the network's own time.
        case .name(let old): value(of: old)
        case .time: clock == 1 ? .time : .time / .number(clock)
        case .call(let function, let arguments): .call(function, arguments.map(formula))
        case .piecewise(let pieces, let otherwise):
            .piecewise(
                pieces.map { Formula.Piece(value: formula($0.value), condition: formula($0.condition)) },
                otherwise: otherwise.map(formula))
        case .delayed(let value, let by): .delayed(formula(value), by: inSeconds(formula(by)))
        case .rate(let of): inSeconds(shared[of].map { $0.read(.rate(of: $0.species)) } ?? .rate(of: name(of)))
        case .draw(let distribution, let arguments): .draw(distribution, arguments.map(formula))
        }
    }
}
