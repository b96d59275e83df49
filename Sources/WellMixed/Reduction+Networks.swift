import Biology

extension Reduction {
    /// Names of a network's values, by the names it has for them.
    typealias NetworkMap = [String: String]

    /// A network as reactions, with what chance and equations need of it; `nil` where it is refused.
    private mutating func reactions(of network: ModelNetwork, entry: String) -> ReactionNetwork? {
        switch (network.content, method) {
        case (.reactions(let own), .ode): return own
        case (.reactions(let own), .ssa):
            let unit = network.units.amount ?? 1
            if unit != 1, !model.hasOnlyNetworks {
                refuse(
                    entry, "'\(network.name)' counts by \(unit) molecules, and exact chance counts them one by one",
                    "write its amounts in molecules (in SBML the unit 'item'), or run it with --ode")
                return nil
            }
            if unit != 1 { notes.append("\(network.name): one unit of its amounts is taken for one molecule") }
            return own.inWholeMolecules(rounds: network.units.amount == 1)
        case (.logic(let own), .ssa): return own.switching
        case (.logic, .ode):
            refuse(
                entry, "'\(network.name)' is a logical network, whose nodes switch by chance",
                "run it by chance with --ssa, or by itself with 'paracrine boolean'")
            return nil
        }
    }

    /// Gives every value of a network a name of its own.
    private mutating func nameNetwork(_ network: ModelNetwork, _ label: String, entry: String) -> NetworkMap {
        if networkReactions[network.name] == nil {
            networkReactions[network.name] = reactions(of: network, entry: entry)
        }
        guard let own = networkReactions[network.name] else { return [:] }
        var map: NetworkMap = sharedSpecies[network.name]?.mapValues(\.species) ?? [:]
        if let place = placeName(of: network) { map[place.own] = place.here }
        let named = own.valueNames + (own.reactions.map(\.name) + own.events.map(\.name)).filter { $0 != "" }
        for name in named where map[name] == nil {
            map[name] = label.isEmpty ? names.name(network.name, name) : names.name(label, network.name, name)
        }
        return map
    }

    /// Names the networks that live in no cell, and those inside a group's cells.
    mutating func nameNetworks() {
        for network in model.freeNetworks {
            sharedSpecies[network.name] = share(network)
            freeNetworks[network.name] = nameNetwork(network, "", entry: "networks.\(network.name)")
        }
        for (g, group) in groups.enumerated() {
            let type = model.cellTypes[group.type]
            cellNetworks.append([:])
            for own in type.networks {
                guard let network = model.network(own.network) else { continue }
                cellNetworks[g][own.network] = nameNetwork(network, labels[g], entry: "cells.\(type.name).network")
            }
        }
    }

    /// Adds what the named networks do: each free one, and one copy for the cells of every group.
    mutating func addNetworks() {
        for network in model.freeNetworks {
            if let map = freeNetworks[network.name] { add(network, map, inputs: [:]) }
        }
        for (g, group) in groups.enumerated() {
            for own in model.cellTypes[group.type].networks {
                guard let network = model.network(own.network), let map = cellNetworks[g][own.network] else { continue }
                var inputs: [String: Formula] = [:]
                for input in own.inputs {
                    let given = whereThere(formula(input.expression, g), g) / .number(network.scale(of: input.name))
                    inputs[input.name] = network.content.level(nearest: given, of: input.name)
                }
                add(network, map, inputs: inputs, inPlace: places[g] == nil ? nil : counts[g])
                noteInside(network, map, inputs: inputs.keys.sorted(), g)
                if let divisions = living[g]?.divisions { halve(network, map, .name(divisions) / number(g)) }
                if living[g]?.arrivals != nil { takeNewcomers(network, map, g) }
            }
        }
    }

    /// Daughters have half of each amount, so that the mean cell loses half of it with each division of one of two.
    private mutating func halve(_ given: ModelNetwork, _ map: NetworkMap, _ share: Formula) {
        guard let own = networkReactions[given.name] else { return }
        let reacting = Set(own.reactions.flatMap { ($0.reactants + $0.products).map(\.species) })
        for species in own.species where !species.isConstant {
            let isPoint = own.compartments.contains { $0.name == species.compartment && $0.dimensions == 0 }
            guard species.meaning == .amount || isPoint, let name = map[species.name] else { continue }
            if let rule = network.rateRules.firstIndex(where: { $0.name == name }) {
                network.rateRules[rule].formula = network.rateRules[rule].formula - share * .name(name)
            } else if reacting.contains(species.name), !species.isBoundary {
                react(names.name("halving", "of", name), [name], [], at: share * .name(name))
            }
        }
    }

    /// Those that come start the network anew, those that had it as cells of another type keep it: the mean cell goes
    /// towards its start, and towards the others' mean, by their shares.
    private mutating func takeNewcomers(_ given: ModelNetwork, _ map: NetworkMap, _ g: Int) {
        guard let own = networkReactions[given.name], let sum = living[g], let arrivals = sum.arrivals else { return }
        let keeping = sum.turning.compactMap { turning in
            cellNetworks[turning.group][given.name].map { (map: $0, flux: turning.flux) }
        }
        let anew = keeping.reduce(Formula.name(arrivals)) { $0 - $1.flux }
        let reacting = Set(own.reactions.flatMap { ($0.reactants + $0.products).map(\.species) })
        let rated = Set(own.rateRules.map(\.name))
        for value in own.valueNames where rated.contains(value) || reacting.contains(value) {
            guard let name = map[value] else { continue }
            let isBoundary = own.species.first { $0.name == value }.map { $0.isBoundary || $0.isConstant } ?? false
            if isBoundary && !rated.contains(value) { continue }
            let first = names.name(name, "at first")
            network.parameters.append(NetworkParameter(name: first, value: nil))
            network.initialAssignments.append(NetworkAssignment(first, .name(name)))
            var change = anew / number(g) * (.name(first) - .name(name))
            for other in keeping {
                let theirs = other.map[value] ?? first
                change = change + other.flux / number(g) * (.name(theirs) - .name(name))
            }
            if let rule = network.rateRules.firstIndex(where: { $0.name == name }) {
                network.rateRules[rule].formula = network.rateRules[rule].formula + change
            } else {
                let size = volume(of: value, own, map)
                react(names.name("renewing", "of", name), [], [name], at: size.map { change * $0 } ?? change)
            }
        }
    }

    /// What a species' concentration is multiplied by to be an amount; `nil` where its name means the amount.
    private func volume(of name: String, _ own: ReactionNetwork, _ map: NetworkMap) -> Formula? {
        guard let species = own.species.first(where: { $0.name == name }), species.meaning == .concentration,
            let place = own.compartments.first(where: { $0.name == species.compartment }), place.dimensions != 0
        else { return nil }
        return .name(map[place.name] ?? place.name)
    }

    /// Notes what a place has of a network, and what becomes of it when its cell divides, as in the tissue.
    private mutating func noteInside(_ given: ModelNetwork, _ map: NetworkMap, inputs: [String], _ g: Int) {
        guard places[g] != nil, let own = networkReactions[given.name] else { return }
        let reacting = Set(own.reactions.flatMap { ($0.reactants + $0.products).map(\.species) })
        let rated = Set(own.rateRules.map(\.name))
        let ruled = Set(inputs + own.assignmentRules.map(\.name))
        var inside = CellPlace.Inside(network: given.name, names: map, inputs: inputs)
        var isLogic = false
        if case .logic = given.content { isLogic = true }
        for value in own.valueNames where !ruled.contains(value) {
            guard let name = map[value] else { continue }
            let species = own.species.first { $0.name == value }
            let isPoint = own.compartments.contains { $0.name == species?.compartment && $0.dimensions == 0 }
            let isAmount = species.map { $0.meaning == .amount || isPoint } ?? false
            if !isAmount || isLogic {
                inside.kept.append(name)
            } else if rated.contains(value) {
                inside.halved.append(name)
            } else if reacting.contains(value), species?.isBoundary == false {
                inside.counted.append(name)
            } else {
                inside.kept.append(name)
            }
        }
        places[g]?.inside.append(inside)
    }

    /// Adds a network under other names, its time in seconds; what follows an input does so at every time.
    ///
    /// `inPlace`: the number of cells that it is in, 1 or 0, where it is in a place.
    private mutating func add(
        _ given: ModelNetwork, _ map: NetworkMap, inputs: [String: Formula], inPlace: String? = nil
    ) {
        guard let own = networkReactions[given.name] else { return }
        let shared = sharedSpecies[given.name] ?? [:]
        let renaming = NetworkRenaming(
            own, names: map, clock: given.clock.value, shared: shared, splitsWays: method == .ssa)
        var other = renaming.renamed(own)
        if let place = placeName(of: given) { other.compartments.removeAll { $0.name == place.here } }
        let molecules = Set(shared.values.map(\.species))
        other.species.removeAll { molecules.contains($0.name) }
        other.initialAssignments.removeAll { molecules.contains($0.name) }
        for (name, formula) in inputs.sorted(by: { $0.key < $1.key }) {
            guard let name = map[name] else { continue }
            other.initialAssignments.removeAll { $0.name == name }
            other.assignmentRules.append(NetworkAssignment(name, formula))
            if let p = other.parameters.firstIndex(where: { $0.name == name }) {
                (other.parameters[p].value, other.parameters[p].isConstant) = (nil, false)
            }
            if let s = other.species.firstIndex(where: { $0.name == name }) {
                (other.species[s].initial, other.species[s].isBoundary) = (.unset, true)
                other.species[s].isConstant = false
            }
        }
        if let inPlace {
            for r in other.reactions.indices { other.reactions[r].rate = other.reactions[r].rate.whereOne(inPlace) }
            for r in other.rateRules.indices {
                other.rateRules[r].formula = other.rateRules[r].formula.whereOne(inPlace)
            }
        }
        network.compartments += other.compartments
        network.species += other.species
        network.parameters += other.parameters
        network.reactions += other.reactions
        network.initialAssignments += other.initialAssignments
        network.assignmentRules += other.assignmentRules
        network.rateRules += other.rateRules
        network.algebraicRules += other.algebraicRules
        network.events += other.events
        network.constraints += other.constraints
    }
}
