public import Biology

/// What can happen in a network, each way of a reaction by itself, and the network without it.
struct ReactionChannels {
    struct Channel {
        /// In messages.
        var name: String
        /// The reaction of ``still`` that has its rate.
        var reaction: Int
        /// Products less reactants, as written.
        var changes: [(species: String, stoichiometry: Formula, isReactant: Bool)]
    }
    private(set) var channels: [Channel] = []
    /// The network as it is between reactions: these have names and rates, and change nothing.
    private(set) var still: ReactionNetwork
    private(set) var problems = NetworkProblems()

    init(_ network: ReactionNetwork) {
        still = network
        refuse(network)
        for index in network.reactions.indices {
            still.reactions[index].reactants = []
            still.reactions[index].products = []
        }
        for (index, reaction) in network.reactions.enumerated() {
            let name = reaction.called(index)
            let changes =
                reaction.reactants.map { ($0.species, $0.stoichiometry, true) }
                + reaction.products.map { ($0.species, $0.stoichiometry, false) }
            guard let ways = reaction.ways else {
                channels.append(Channel(name: name, reaction: index, changes: changes))
                continue
            }
            add(ways.forward, name + " forwards", changes)
            add(ways.backward, name + " backwards", changes.map { ($0.0, $0.1, !$0.2) })
        }
    }

    /// Adds the time integral of all rates: what flows, where rates change between reactions.
    ///
    /// `needs` are, of each channel, what must be there for it to happen. Returns the name of the integral.
    mutating func addHazard(needs: [[(species: String, amount: Double)]]) -> String {
        var name = "all rates, integrated"
        while (still.parameters.map(\.name) + still.species.map(\.name)).contains(name) { name += "'" }
        let rates = zip(channels, needs).map { channel, needs -> Formula in
            let rate = still.reactions[channel.reaction].rate
            if needs.isEmpty { return rate }
            let conditions = needs.map { Formula.call(.greaterOrEqual, [amount($0.species), .number($0.amount)]) }
            return .piecewise(
                [Formula.Piece(value: rate, condition: .call(.and, conditions))], otherwise: .number(0))
        }
        still.parameters.append(NetworkParameter(name: name, value: 0, isConstant: false))
        still.rateRules.append(NetworkAssignment(name, .call(.plus, rates)))
        return name
    }

    /// A species' amount, whatever its name means.
    private func amount(_ name: String) -> Formula {
        guard let species = still.species.first(where: { $0.name == name }), species.meaning == .concentration,
            still.compartments.contains(where: { $0.name == species.compartment && $0.dimensions != 0 })
        else { return .name(name) }
        return .name(name) * .name(species.compartment)
    }

    private mutating func add(_ rate: Formula, _ name: String, _ changes: [(String, Formula, Bool)]) {
        channels.append(Channel(name: name, reaction: still.reactions.count, changes: changes))
        still.reactions.append(NetworkReaction(name: "", reactants: [], products: [], rate: rate))
    }

    /// What has no meaning where molecules are counted.
    private mutating func refuse(_ network: ReactionNetwork) {
        if !network.algebraicRules.isEmpty {
            problems.add(
                "the network has an algebraic rule, and exact chance does not solve equations",
                "write it as an assignment rule, or run the network as equations", kind: .unsupported)
        }
        for (index, reaction) in network.reactions.enumerated() where reaction.isFast {
            problems.add(
                "\(reaction.called(index)) is fast, at equilibrium at every time, and exact chance knows no such reaction",
                "take 'fast' away, or run the network as equations", kind: .unsupported)
        }
        let jumping = Set(network.reactions.flatMap { ($0.reactants + $0.products).map(\.species) })
        network.visitFormulas { formula in
            if case .rate(let name) = formula, jumping.contains(name) {
                problems.add(
                    "a formula has the rate of change of '\(name)', which by chance changes at once or not at all",
                    "write it without, or run the network as equations", kind: .unsupported)
            }
            if case .delayed = formula {
                problems.add(
                    "a formula has the value that something had some time ago, which exact chance does not keep",
                    "write the delay as an event's, or run the network as equations", kind: .unsupported)
            }
        }
    }
}

extension NetworkReaction {
    /// The rates forwards and backwards, where it is reversible and its rate their difference; factors and divisors of the
    /// difference belong to both.
    ///
    /// By chance each way then happens by itself.
    public var ways: (forward: Formula, backward: Formula)? {
        guard isReversible, let ways = rate.difference else { return nil }
        let (taken, given) = (Set(ways.forward.present.names), Set(ways.backward.present.names))
        let isBothWays =
            reactants.allSatisfy { taken.contains($0.species) } && products.allSatisfy { given.contains($0.species) }
        return isBothWays ? ways : nil
    }
}

extension Formula {
    /// a and b of a − b, of c · (a − b) and of (a − b) / c; a number less is none.
    fileprivate var difference: (forward: Formula, backward: Formula)? {
        var inner = self
        var wrap: [(Formula) -> Formula] = []
        while case .call(let function, let arguments) = inner {
            switch function {
            case .minus where arguments.count == 2:
                if case .number = arguments[1] { return nil }
                let rewrap = wrap
                func wrapped(_ part: Formula) -> Formula { rewrap.reversed().reduce(part) { $1($0) } }
                return (wrapped(arguments[0]), wrapped(arguments[1]))
            case .divide where arguments.count == 2:
                wrap.append { .call(.divide, [$0, arguments[1]]) }
                inner = arguments[0]
            case .times:
                guard let place = arguments.firstIndex(where: { $0.difference != nil }) else { return nil }
                wrap.append { part in
                    var factors = arguments
                    factors[place] = part
                    return .call(.times, factors)
                }
                inner = arguments[place]
            default: return nil
            }
        }
        return nil
    }
}

extension ReactionNetwork {
    /// Every part of every formula.
    func visitFormulas(_ body: (Formula) -> Void) {
        let rules = initialAssignments + assignmentRules + rateRules + events.flatMap(\.assignments)
        var formulas = rules.map(\.formula) + algebraicRules + constraints.map(\.condition)
        for reaction in reactions {
            formulas.append(reaction.rate)
            formulas += (reaction.reactants + reaction.products).map(\.stoichiometry)
        }
        for event in events { formulas += [event.trigger, event.priority, event.delay].compactMap { $0 } }
        for formula in formulas { formula.visit(body) }
    }
}
