import Biology

extension ReactionNetwork {
    /// Compartments, species and parameters.
    var valueNames: [String] { compartments.map(\.name) + species.map(\.name) + parameters.map(\.name) }

    /// The same with whole molecules at its start and in what events set; `rounds` says whether to round.
    ///
    /// What reactions do not change stays as it is.
    func inWholeMolecules(rounds: Bool) -> ReactionNetwork {
        guard rounds else { return self }
        var whole = self
        let counted = Set(reactions.flatMap { ($0.reactants + $0.products).map(\.species) })
        let sizes = Dictionary(compartments.map { ($0.name, $0) }) { first, _ in first }
        var volumes: [String: Formula] = [:]
        for (index, species) in species.enumerated() where counted.contains(species.name) && !species.isBoundary {
            let compartment = sizes[species.compartment]
            let isAmount = species.meaning == .amount || compartment?.dimensions == 0
            volumes[species.name] = isAmount ? .number(1) : .name(species.compartment)
            switch species.initial {
            case .amount(let amount): whole.species[index].initial = .amount(amount.rounded())
            case .concentration(let concentration):
                if let size = compartment?.size {
                    whole.species[index].initial = .amount((concentration * size).rounded())
                }
            case .unset: break
            }
        }
        func rounded(_ assignment: NetworkAssignment) -> NetworkAssignment {
            guard let volume = volumes[assignment.name] else { return assignment }
            let nearest = Formula.call(.floor, [assignment.formula * volume + .number(0.5)])
            return NetworkAssignment(assignment.name, nearest / volume)
        }
        whole.initialAssignments = initialAssignments.map(rounded)
        for index in events.indices { whole.events[index].assignments = events[index].assignments.map(rounded) }
        return whole
    }
}

extension BooleanNetwork {
    /// The network as reactions: a node's level is a number of molecules, and a switch a reaction that makes or takes one.
    ///
    /// By exact chance this is the law of its course in continuous time (``BooleanNode/rateUp``), starts included.
    var switching: ReactionNetwork {
        var network = ReactionNetwork(name: name)
        network.parameters = parameters
        let levels = fresh("levels")
        network.compartments = [NetworkCompartment(name: levels, size: 1)]
        for node in nodes {
            network.species.append(
                NetworkSpecies(name: node.name, compartment: levels, initial: .amount(0), meaning: .amount))
            network.reactions += node.switches
        }
        let started = Set(starts.flatMap(\.nodes))
        let even = nodes.filter { !started.contains($0.name) }.map { node in
            BooleanStart(
                nodes: [node.name], choices: (0...node.highestLevel).map { BooleanStart.Choice([$0], weight: 1) })
        }
        for (number, start) in (starts + even).enumerated() {
            network.add(start, drawnAs: fresh("start \(number + 1)"))
        }
        return network
    }

    /// A name that nothing in the network has.
    private func fresh(_ word: String) -> String {
        let taken = Set(nodes.map(\.name) + parameters.map(\.name))
        var name = word
        while taken.contains(name) { name += "'" }
        return name
    }
}

extension BooleanNode {
    /// Up while below its highest level, down while above 0.
    fileprivate var switches: [NetworkReaction] {
        if isInput { return [] }
        let level = Formula.name(name)
        func reaction(_ rate: Formula?, _ compared: Formula.Function, _ isPossible: Formula) -> NetworkReaction? {
            guard let often = rate ?? target.map({ .call(compared, [$0, level]) }) else { return nil }
            let piece = Formula.Piece(value: often, condition: isPossible)
            return NetworkReaction(
                name: "", reactants: [], products: [], rate: .piecewise([piece], otherwise: .number(0)))
        }
        var up = reaction(rateUp, .greater, .call(.less, [level, .number(Double(highestLevel))]))
        var down = reaction(rateDown, .less, .call(.greater, [level, .number(0)]))
        up?.products = [NetworkReaction.Participant(name)]
        down?.reactants = [NetworkReaction.Participant(name)]
        return [up, down].compactMap { $0 }
    }
}

extension ReactionNetwork {
    /// Starts nodes at one of the choices, each by its weight; where there are several, a draw of this name decides.
    fileprivate mutating func add(_ start: BooleanStart, drawnAs draw: String) {
        let total = start.choices.reduce(0) { $0 + $1.weight }
        if start.choices.count > 1 {
            parameters.append(NetworkParameter(name: draw, value: nil))
            initialAssignments.append(NetworkAssignment(draw, .draw(.uniform, [.number(0), .number(total)])))
        }
        for (place, node) in start.nodes.enumerated() {
            var below = 0.0
            let pieces = start.choices.map { choice in
                below += choice.weight
                return Formula.Piece(
                    value: .number(Double(choice.levels[place])),
                    condition: .call(.less, [.name(draw), .number(below)]))
            }
            guard let last = pieces.last else { continue }
            let level = pieces.count == 1 ? last.value : .piecewise(pieces.dropLast(), otherwise: last.value)
            initialAssignments.append(NetworkAssignment(node, level))
        }
    }
}

extension ModelNetwork.Content {
    /// What a name is given: of a node the nearest of its levels.
    func level(nearest given: Formula, of name: String) -> Formula {
        guard case .logic(let network) = self, let node = network.nodes.first(where: { $0.name == name }) else {
            return given
        }
        let nearest = Formula.call(.floor, [given + .number(0.5)])
        return .call(.max, [.number(0), .call(.min, [.number(Double(node.highestLevel)), nearest])])
    }
}
