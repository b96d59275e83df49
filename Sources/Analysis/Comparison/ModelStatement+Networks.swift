import Biology

extension ModelStatements {
    /// What a network says: numbers in its own units, formulas as the model's JSON has them.
    mutating func add(_ network: ModelNetwork) {
        let path = "networks.\(network.name)"
        if let file = network.file { say("\(path).file", file, thing: path) }
        say("\(path).time unit", network.clock, thing: path)
        if let place = network.place {
            say("\(path).in", place.name, thing: path)
            for (species, molecule) in place.molecules.sorted(by: { $0.key < $1.key }) {
                say("\(path).molecules.\(species)", molecule, thing: path)
            }
        }
        switch network.content {
        case .reactions(let reactions): add(reactions, of: network, path)
        case .logic(let logic):
            for node in logic.nodes {
                let rule = node.target.map(\.description) ?? "given"
                say("\(path).nodes.\(node.name)", rule, exact: "\(node)", thing: path)
            }
            for parameter in logic.parameters { add(parameter, of: network, path) }
            if !logic.starts.isEmpty {
                let count = logic.starts.count
                say("\(path).starts", "\(count) of nodes", exact: "\(logic.starts)", thing: path)
            }
        }
    }

    private mutating func add(_ reactions: ReactionNetwork, of network: ModelNetwork, _ path: String) {
        // What the model says of its own volumes and molecules stands there.
        let place = network.file == nil ? network.place : nil
        for compartment in reactions.compartments where compartment.name != place?.name {
            let size = value(compartment.size, of: compartment.name, in: network)
            say("\(path).compartments.\(compartment.name)", size, exact: "\(compartment)", thing: path)
        }
        for species in reactions.species where place?.molecules[species.name] == nil {
            var start: Double?
            switch species.initial {
            case .amount(let value), .concentration(let value): start = value
            case .unset: break
            }
            let text = "\(value(start, of: species.name, in: network)) in \(species.compartment)"
            say("\(path).species.\(species.name)", text, exact: "\(species)", thing: path)
        }
        for parameter in reactions.parameters { add(parameter, of: network, path) }
        for (index, reaction) in reactions.reactions.enumerated() {
            let name = reaction.name.isEmpty ? "\(index + 1)" : reaction.name
            let text = "\(side(reaction.reactants)) -> \(side(reaction.products)), \(reaction.rate)"
            say("\(path).reactions.\(name)", text, exact: "\(reaction)", thing: path)
        }
        for rule in reactions.assignmentRules { say("\(path).rules.\(rule.name)", "\(rule.formula)", thing: path) }
        for rule in reactions.rateRules { say("\(path).rules.\(rule.name)'", "\(rule.formula)", thing: path) }
        for (index, rule) in reactions.algebraicRules.enumerated() {
            say("\(path).rules.0 (\(index + 1))", "\(rule)", thing: path)
        }
        for start in reactions.initialAssignments {
            say("\(path).starts.\(start.name)", "\(start.formula)", thing: path)
        }
        for (index, event) in reactions.events.enumerated() {
            let changes = event.assignments.map { "\($0.name) = \($0.formula)" }.joined(separator: ", ")
            let name = event.name.isEmpty ? "\(index + 1)" : event.name
            say("\(path).events.\(name)", "when \(event.trigger), \(changes)", exact: "\(event)", thing: path)
        }
    }

    private mutating func add(_ parameter: NetworkParameter, of network: ModelNetwork, _ path: String) {
        let text = value(parameter.value, of: parameter.name, in: network)
        say("\(path).parameters.\(parameter.name)", text, exact: "\(parameter)", thing: path)
    }

    private func value(_ value: Double?, of name: String, in network: ModelNetwork) -> String {
        guard let value else { return "computed" }
        return ModelWords.value(value * network.scale(of: name), network.dimension(of: name))
    }

    private func side(_ participants: [NetworkReaction.Participant]) -> String {
        participants.map { participant in
            participant.stoichiometry == .number(1)
                ? participant.species : "\(participant.stoichiometry) \(participant.species)"
        }.joined(separator: " + ")
    }
}
