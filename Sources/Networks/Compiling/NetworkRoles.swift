import Biology

/// What each name of a network is, and what determines it: the first reading of a network, before any formula is.
struct NetworkRoles {
    enum Element: Hashable {
        case compartment(Int), species(Int), parameter(Int), reaction(Int)
    }

    /// What gives a name its value after the start.
    enum Source {
        case assigned(Formula)
        case rated(Formula)
        /// The algebraic rule with this index.
        case algebraic(Int)
        /// A species that reactions change.
        case reacting
        /// Nothing but events.
        case held
        /// A reaction: its rate.
        case rate(Formula)
    }

    let network: ReactionNetwork
    private(set) var elements: [String: Element] = [:]
    private(set) var sources: [String: Source] = [:]
    private(set) var initial: [String: Formula] = [:]
    private(set) var problems = NetworkProblems()

    init(_ network: ReactionNetwork) {
        self.network = network
        addElements()
        addRules()
        addReactions()
        checkEvents()
        matchAlgebraicRules()
    }

    private mutating func addElements() {
        func add(_ name: String, _ element: Element, to roles: inout NetworkRoles) {
            if name.isEmpty {
                if case .reaction = element { return }
                roles.problems.add("a compartment, species or parameter has no name", "name it")
            } else if roles.elements.updateValue(element, forKey: name) != nil {
                roles.problems.add("'\(name)' is declared twice", "give each thing a name of its own")
            }
        }
        for (index, item) in network.compartments.enumerated() { add(item.name, .compartment(index), to: &self) }
        for (index, item) in network.species.enumerated() { add(item.name, .species(index), to: &self) }
        for (index, item) in network.parameters.enumerated() { add(item.name, .parameter(index), to: &self) }
        for (index, item) in network.reactions.enumerated() { add(item.name, .reaction(index), to: &self) }
        for item in network.species where !isCompartment(item.compartment) {
            problems.add(
                "species '\(item.name)' is in '\(item.compartment)', which is not a compartment",
                "declare the compartment, or correct its name")
        }
        for item in network.species {
            guard let factor = item.conversionFactor else { continue }
            if elements[factor] == nil {
                problems.add(
                    "the conversion factor '\(factor)' of species '\(item.name)' is not there",
                    "declare it as a parameter, or correct its name")
            }
        }
        for (name, element) in elements {
            if case .reaction(let index) = element {
                sources[name] = .rate(network.reactions[index].rate)
            } else {
                sources[name] = .held
            }
        }
    }

    func isCompartment(_ name: String) -> Bool {
        if case .compartment = elements[name] { return true }
        return false
    }

    func species(_ name: String) -> Int? {
        if case .species(let index) = elements[name] { return index }
        return nil
    }

    /// Whether a species' name stands for its amount: as declared, and always in a compartment without size.
    func meansAmount(_ index: Int) -> Bool {
        let species = network.species[index]
        return species.meaning == .amount || isPoint(index)
    }

    /// Whether a species is in a compartment without size: of no dimensions, and nothing gives it one.
    func isPoint(_ index: Int) -> Bool {
        guard case .compartment(let place) = elements[network.species[index].compartment] else { return true }
        let compartment = network.compartments[place]
        guard compartment.dimensions == 0, compartment.size == nil, initial[compartment.name] == nil else {
            return false
        }
        if case .held = sources[compartment.name] { return true }
        return false
    }

    /// Whether reactions at equilibrium at every time change a species.
    func isFast(_ name: String) -> Bool {
        network.reactions.contains { $0.isFast && ($0.reactants + $0.products).contains { $0.species == name } }
    }

    /// Whether a name's value is fixed for a whole run by its declaration.
    func isConstant(_ name: String) -> Bool {
        switch elements[name] {
        case .compartment(let index): network.compartments[index].isConstant
        case .species(let index): network.species[index].isConstant
        case .parameter(let index): network.parameters[index].isConstant
        case .reaction, nil: true
        }
    }

    private mutating func addRules() {
        for rule in network.initialAssignments {
            guard check(rule.name, "an initial assignment") else { continue }
            if initial.updateValue(rule.formula, forKey: rule.name) != nil {
                problems.add("'\(rule.name)' has two initial assignments", "leave one of them")
            }
        }
        let rules = network.assignmentRules.map { ($0, true) } + network.rateRules.map { ($0, false) }
        for (rule, isAssignment) in rules {
            guard check(rule.name, isAssignment ? "an assignment rule" : "a rate rule") else { continue }
            if case .held = sources[rule.name] {
                sources[rule.name] = isAssignment ? .assigned(rule.formula) : .rated(rule.formula)
            } else {
                problems.add("'\(rule.name)' is determined by two rules", "leave one of them")
            }
            if isAssignment, initial[rule.name] != nil {
                problems.add(
                    "'\(rule.name)' has an initial assignment and an assignment rule, which holds at the start too",
                    "leave one of them")
            }
            if isConstant(rule.name) {
                problems.add("'\(rule.name)' is constant and has a rule", "let it vary, or take away the rule")
            }
        }
    }

    /// Whether a name can be given a value.
    private mutating func check(_ name: String, _ what: String) -> Bool {
        switch elements[name] {
        case nil:
            problems.add("\(what) is for '\(name)', which is not there", "declare '\(name)', or correct the name")
            return false
        case .reaction:
            problems.add("\(what) is for '\(name)', a reaction", "assign to a species, compartment or parameter")
            return false
        default: return true
        }
    }

    private mutating func addReactions() {
        for reaction in network.reactions {
            for participant in reaction.reactants + reaction.products {
                guard let index = species(participant.species) else {
                    problems.add(
                        "reaction '\(reaction.name)' is of '\(participant.species)', which is not a species",
                        "declare the species, or correct its name")
                    continue
                }
                let species = network.species[index]
                guard !species.isBoundary, !species.isConstant else { continue }
                switch sources[species.name] {
                case .held, .reacting: sources[species.name] = .reacting
                default:
                    problems.add(
                        "'\(species.name)' is determined by a rule and changed by reaction '\(reaction.name)'",
                        "mark it as a boundary species, or leave one of them")
                }
            }
        }
    }

    private mutating func checkEvents() {
        for event in network.events {
            var seen: Set<String> = []
            for assignment in event.assignments {
                guard check(assignment.name, "event '\(event.name)'") else { continue }
                if !seen.insert(assignment.name).inserted {
                    problems.add("event '\(event.name)' assigns '\(assignment.name)' twice", "leave one of them")
                }
                if isConstant(assignment.name) {
                    problems.add("event '\(event.name)' changes '\(assignment.name)', which is constant", "let it vary")
                } else if case .assigned = sources[assignment.name] {
                    problems.add(
                        "event '\(event.name)' changes '\(assignment.name)', which an assignment rule determines",
                        "leave one of them")
                }
            }
        }
    }

    /// Gives each algebraic rule a variable of its own to determine.
    private mutating func matchAlgebraicRules() {
        guard !network.algebraicRules.isEmpty else { return }
        guard network.algebraicRules.count <= Self.mostAlgebraicRules else {
            return problems.add(
                "\(network.algebraicRules.count) algebraic rules, more than \(Self.mostAlgebraicRules)",
                "write some of them as assignment rules", kind: .unsupported)
        }
        let assigned = Set(network.events.flatMap { $0.assignments.map(\.name) })
        // What events change is determined by a rule only where nothing else can be.
        let candidates = network.algebraicRules.map { rule in
            let names = free(in: rule)
            return names.filter { !assigned.contains($0) } + names.filter { assigned.contains($0) }
        }
        var owner: [String: Int] = [:]
        for rule in candidates.indices {
            var seen: Set<String> = []
            if !assign(rule, candidates, &owner, &seen) {
                problems.add(
                    "algebraic rule \(rule + 1) has no variable left to determine: the network has more rules than "
                        + "unknowns (its variables: \(candidates[rule].joined(separator: ", ")))",
                    "take away a rule, or let one more of its variables vary and be free of rules and reactions")
            }
        }
        for (name, rule) in owner { sources[name] = .algebraic(rule) }
    }

    /// Matching goes as deep as there are rules.
    ///
    /// Chosen: far above any network, far below what a stack holds.
    private static var mostAlgebraicRules: Int { 500 }

    /// One augmenting path of a bipartite matching.
    private func assign(
        _ rule: Int, _ candidates: [[String]], _ owner: inout [String: Int], _ seen: inout Set<String>
    ) -> Bool {
        for name in candidates[rule] where seen.insert(name).inserted {
            if owner[name].map({ assign($0, candidates, &owner, &seen) }) ?? true {
                owner[name] = rule
                return true
            }
        }
        return false
    }

    /// The variables that a formula depends on, through rules and reactions, and that nothing else determines.
    private func free(in formula: Formula) -> [String] {
        var (seen, found, queue) = (Set<String>(), [String](), [formula])
        var next = 0
        while next < queue.count {
            for name in queue[next].present.names where seen.insert(name).inserted {
                switch sources[name] {
                case .assigned(let formula), .rate(let formula): queue.append(formula)
                case .held where !isConstant(name): found.append(name)
                default: break
                }
                if let index = species(name), !meansAmount(index) {
                    queue.append(.name(network.species[index].compartment))
                }
            }
            next += 1
        }
        return found
    }
}

/// Everything wrong with a network, said once each.
struct NetworkProblems {
    private(set) var failures: [NetworkFailure] = []

    mutating func add(
        _ problem: String, _ fix: String, kind: NetworkFailure.Kind = .malformed, names: [String] = []
    ) {
        let failure = NetworkFailure(kind, problem: problem, fix: fix, names: names)
        if !failures.contains(failure) { failures.append(failure) }
    }

    /// Throws what was found as one failure: malformed where any is.
    func check() throws(NetworkFailure) {
        guard let first = failures.first else { return }
        let kind = failures.contains { $0.kind == .malformed } ? .malformed : first.kind
        throw NetworkFailure(
            kind, problem: failures.map(\.problem).joined(separator: "\n"),
            fix: failures.count == 1 ? first.fix : failures.map(\.fix).joined(separator: "\n"),
            names: failures.flatMap(\.names))
    }
}
