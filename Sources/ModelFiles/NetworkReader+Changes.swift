import Biology

/// What changes in a network: rules, reactions and events.
extension NetworkReader {
    // MARK: - Rules

    /// "total = A + B" names a formula; "A' = -k * A" is the rate of change of a value above.
    mutating func readRules(_ branch: Branch) {
        let path = entry.path(of: "rules")
        for (index, item) in (reading.list(branch, path: path) ?? []).enumerated() {
            let path = "\(path)[\(index)]"
            guard let text = reading.text(item, path: path) else { continue }
            guard let parts = Clause(text: text, offset: 0).split(at: "=") else {
                findings.error(
                    item.place, "\(path): '\(text.shortened)' is not a rule",
                    fix: "write it as NAME = FORMULA, or NAME' = FORMULA for a rate of change")
                continue
            }
            let isRate = parts.before.text.hasSuffix("'") || parts.before.text.hasSuffix("′")
            if isRate {
                let target = String(parts.before.text.dropLast()).trimmingSpaces
                readRate(of: target, parts.after, in: item, path: path)
            } else {
                readDefinition(of: parts.before.text, parts.after, in: item, path: path)
            }
        }
    }

    private mutating func readDefinition(of key: String, _ clause: Clause, in item: Branch, path: String) {
        if names[key] != nil, reading.parameters[key] == nil {
            findings.error(
                item.place, "\(path): '\(key)' has a value already, and a rule names a new one",
                fix: "remove '\(key)' above, or write \(key)' = ... for its rate of change")
            return
        }
        let isNew = claim(key, "a rule", at: item.place)
        guard let value = formula(clause, in: item, path: path), isNew else {
            failed.insert(key)
            return
        }
        guard !value.isCondition else {
            findings.error(
                item.place(at: clause.offset), "\(path): a condition is not a value",
                fix: "choose values with it: if(A > B, VALUE, OTHER VALUE)")
            failed.insert(key)
            return
        }
        network.parameters.append(NetworkParameter(name: key, value: nil, isConstant: false))
        network.assignmentRules.append(NetworkAssignment(key, value.formula))
        define(key, value.dimension)
    }

    private mutating func readRate(of key: String, _ clause: Clause, in item: Branch, path: String) {
        guard let rate = formula(clause, in: item, path: path),
            let dimension = changeable(key, at: item.place, path: path)
        else { return }
        guard !network.rateRules.contains(where: { $0.name == key }) else {
            findings.error(item.place, "\(path): '\(key)' has a rate of change already", fix: "write one rule for it")
            return
        }
        guard !rate.isCondition, rate.dimension == dimension / .time else {
            let found = rate.isCondition ? "a condition" : words(rate.dimension)
            findings.error(
                item.place(at: clause.offset),
                "\(path): the rate of change of '\(key)' is \(words(dimension / .time)), found \(found)",
                fix: "check the units of the numbers in it")
            return
        }
        network.rateRules.append(NetworkAssignment(key, rate.formula))
        setFree(key, byRule: true)
    }

    /// What a thing measures that a rule or an event is to change, or `nil` with a report where none can.
    private func changeable(_ key: String, at spot: Place, path: String) -> Dimension? {
        if network.assignmentRules.contains(where: { $0.name == key }) {
            findings.error(
                spot, "\(path): '\(key)' follows its rule at every time, so nothing else can change it",
                fix: "change what the rule reads")
            return nil
        }
        if let molecule = place?.molecules[key] {
            findings.error(
                spot, "\(path): '\(key)' is the dissolved molecule '\(molecule)', which only reactions change",
                fix: "write a reaction, or a dose under 'treatments:'")
            return nil
        }
        if reading.parameters[key] == nil, case .variable(let dimension)? = names[key] { return dimension }
        if failed.contains(key) { return nil }
        let known = names.filter { if case .variable = $0.value { true } else { false } }.keys
        findings.error(
            spot,
            reading.parameters[key] == nil
                ? "\(path): \(owner) has nothing with the name '\(key.shortened)' to change"
                : "\(path): '\(key)' is a parameter of the model, which stays as it is",
            fix: Suggestion.didYouMean(key, among: known)
                ?? "define it under 'parameters:' or 'species:' of the network")
        return nil
    }

    /// Lets a compartment, a parameter or a species change.
    private mutating func setFree(_ key: String, byRule: Bool) {
        for i in network.parameters.indices where network.parameters[i].name == key {
            network.parameters[i].isConstant = false
        }
        for i in network.compartments.indices where network.compartments[i].name == key {
            network.compartments[i].isConstant = false
        }
        for i in network.species.indices where network.species[i].name == key && byRule {
            network.species[i].isBoundary = true
        }
    }

    func words(_ dimension: Dimension) -> String { dimension == .none ? "a plain number" : "\(dimension)" }

    // MARK: - Reactions

    /// "bind: IFN + R -> IFNR, k_on * IFN * R - k_off * IFNR".
    mutating func readReactions(_ section: Entry) {
        for field in section.fields {
            let path = section.path(of: field.key)
            guard let text = reading.text(field.value, path: path) else { continue }
            let clauses = Clause.split(text)
            guard clauses.count == 2 else {
                findings.error(
                    field.value.place, "\(path): a reaction has its species and one rate, with a comma between",
                    fix: "write it as A + B -> C, k * A * B")
                continue
            }
            let sides: ReactionText.Sides
            do {
                let known = network.species.map(\.name)
                sides = try ReactionText.parse(clauses[0].text, species: known, owner: owner)
            } catch {
                if !failed.contains(where: { error.problem.hasSuffix("no species '\($0)'") }) {
                    report(error, clauses[0], in: field.value, path: path)
                }
                continue
            }
            guard let rate = formula(clauses[1], in: field.value, path: path),
                let extent = extentRate(rate, sides, clauses[1], in: field.value, path: path)
            else { continue }
            network.reactions.append(
                NetworkReaction(
                    name: field.key, reactants: sides.reactants, products: sides.products, rate: extent,
                    isReversible: true))
        }
    }

    /// The rate as extent per time: one per volume is multiplied by the volume it happens in.
    private func extentRate(
        _ rate: FormulaText.Checked, _ sides: ReactionText.Sides, _ clause: Clause, in branch: Branch, path: String
    ) -> Formula? {
        let species = (sides.reactants + sides.products).compactMap { participant in
            network.species.first { $0.name == participant.species }
        }
        for one in species where network.rateRules.contains(where: { $0.name == one.name }) {
            findings.error(
                branch.place, "\(path): '\(one.name)' has a rate of change of its own, so no reaction can change it",
                fix: "remove its rule, or take it out of the reaction")
            return nil
        }
        func counted(_ species: NetworkSpecies) -> Dimension {
            let own = dimensions[species.name] ?? .none
            return own.isPerVolume ? own * Dimension(length: 3) : own
        }
        guard let first = species.first else { return nil }
        let amount = counted(first)
        if let other = species.first(where: { counted($0) != amount }) {
            findings.error(
                branch.place,
                "\(path): '\(first.name)' counts \(words(amount)) and '\(other.name)' \(words(counted(other))); they cannot react one for one",
                fix: "write a reaction for each, such as -> \(other.name), RATE")
            return nil
        }
        if !rate.isCondition, rate.dimension == amount / .time { return rate.formula }
        let places = Set(species.filter { $0.meaning == .concentration }.map(\.compartment))
        let perVolume = amount / .time / Dimension(length: 3)
        if !rate.isCondition, rate.dimension == perVolume, places.count == 1, let place = places.first {
            return .call(.times, [.name(place), rate.formula])
        }
        let isBetween = rate.dimension == perVolume && places.count > 1
        let wanted = words(amount / .time) + (places.count == 1 ? " or \(words(perVolume))" : "")
        findings.error(
            branch.place(at: clause.offset),
            "\(path): the rate is \(wanted), found \(rate.isCondition ? "a condition" : words(rate.dimension))"
                + (isBetween ? ", and the reaction is between compartments" : ""),
            fix: isBetween
                ? "multiply it by a volume, such as \(places.sorted()[0]) * (...)"
                : "check the units of the numbers in it")
        return nil
    }

    // MARK: - Events

    /// "pulse: at 10 min, s = 0 /h" or "late: when A > 5 nM, A = 0 nM, delay 1 min, priority 2".
    mutating func readEvents(_ section: Entry) {
        for field in section.fields {
            let path = section.path(of: field.key)
            guard let text = reading.text(field.value, path: path) else { continue }
            let clauses = Clause.split(text)
            guard var event = readTrigger(clauses[0], named: field.key, in: field.value, path: path) else { continue }
            for clause in clauses.dropFirst() { readPart(clause, of: &event, in: field.value, path: path) }
            if clauses.count == 1 {
                findings.error(
                    field.value.place, "\(path): nothing happens in this event",
                    fix: "add what changes: ', NAME = FORMULA'")
            }
            network.events.append(event)
        }
    }

    private func readTrigger(_ clause: Clause, named: String, in branch: Branch, path: String) -> NetworkEvent? {
        if let moment = clause.after("at") {
            guard let time = formula(moment, in: branch, path: path) else { return nil }
            guard time.dimension == .time, !time.isCondition else {
                findings.error(
                    branch.place(at: moment.offset), "\(path): expected time, found \(words(time.dimension))",
                    fix: "write it as at 10 min, NAME = FORMULA")
                return nil
            }
            var event = NetworkEvent(
                name: named, trigger: .call(.greaterOrEqual, [.time, time.formula]), assignments: [])
            // One at the start happens.
            event.isTrueBefore = false
            return event
        }
        guard let condition = clause.after("when") else {
            findings.error(
                branch.place(at: clause.offset), "\(path): '\(clause.text.shortened)' does not say when",
                fix: "write it as at 10 min, NAME = FORMULA, or when A > B, NAME = FORMULA")
            return nil
        }
        guard let trigger = formula(condition, in: branch, path: path) else { return nil }
        guard trigger.isCondition else {
            findings.error(
                branch.place(at: condition.offset), "\(path): a value stands where a condition is needed",
                fix: "compare it: A > B")
            return nil
        }
        return NetworkEvent(name: named, trigger: trigger.formula, assignments: [])
    }

    private mutating func readPart(_ clause: Clause, of event: inout NetworkEvent, in branch: Branch, path: String) {
        if let delay = clause.after("delay") {
            guard let value = formula(delay, in: branch, path: path) else { return }
            guard value.dimension == .time, !value.isCondition else {
                findings.error(
                    branch.place(at: delay.offset), "\(path): expected time, found \(words(value.dimension))",
                    fix: "write it as delay 5 min")
                return
            }
            event.delay = value.formula
        } else if let priority = clause.after("priority") {
            guard let value = formula(priority, in: branch, path: path) else { return }
            guard value.dimension == .none, !value.isCondition else {
                findings.error(
                    branch.place(at: priority.offset),
                    "\(path): a priority is a plain number, found \(words(value.dimension))",
                    fix: "write it as priority 2")
                return
            }
            event.priority = value.formula
        } else if let parts = clause.split(at: "=") {
            readAssignment(parts, of: &event, in: branch, path: path)
        } else {
            findings.error(
                branch.place(at: clause.offset), "\(path): '\(clause.text.shortened)' changes nothing",
                fix: "write it as NAME = FORMULA, delay 5 min or priority 2")
        }
    }

    private mutating func readAssignment(
        _ parts: (before: Clause, after: Clause), of event: inout NetworkEvent, in branch: Branch, path: String
    ) {
        let key = parts.before.text
        let place = branch.place(at: parts.before.offset)
        guard let value = formula(parts.after, in: branch, path: path),
            let dimension = changeable(key, at: place, path: path)
        else { return }
        guard value.dimension == dimension, !value.isCondition else {
            findings.error(
                branch.place(at: parts.after.offset),
                "\(path): '\(key)' is \(words(dimension)), found \(value.isCondition ? "a condition" : words(value.dimension))",
                fix: "give both the same unit")
            return
        }
        guard !event.assignments.contains(where: { $0.name == key }) else {
            findings.error(place, "\(path): '\(key)' is set twice", fix: "keep one of the two")
            return
        }
        event.assignments.append(NetworkAssignment(key, value.formula))
        setFree(key, byRule: false)
    }
}
