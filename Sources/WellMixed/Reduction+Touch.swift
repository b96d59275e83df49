import Biology
import Foundation

/// Cells that touch others: contacts, engulfing, and attacks that hold, hit and kill (``Encounters``).
extension Reduction {
    // MARK: - Whom a cell meets

    /// How many cells of a type one cell of a group touches, itself not counted.
    func touched(_ type: String, by g: Int) -> Formula {
        if let name = meetings[g][type] { return .name(name) }
        guard model.meet(model.cellTypes[groups[g].type], type) else { return .number(groups[g].contacts[type] ?? 0) }
        if let index = model.cellTypes.firstIndex(where: { $0.name == type }),
            let others = othersInPlaces(index, beside: g)
        {
            return .number(encounters.share(groups[g].type, index, tissue: groups[g].tissue)) * others
        }
        let near = groups.indices.filter {
            model.cellTypes[groups[$0].type].name == type && groups[$0].tissue == groups[g].tissue
        }
        return Reduction.sum(
            near.map { other in
                let others =
                    other == g ? .call(.max, [.name(counts[g]) - .number(1), .number(0)]) : Formula.name(counts[other])
                return .number(share(g, other)) * others
            })
    }

    /// Names the mean numbers of cells that a group's cells meet, where something reads them.
    mutating func nameMeetings() {
        meetings = groups.map { _ in [:] }
        for g in groups.indices {
            for type in model.contactsMade(by: model.cellTypes[groups[g].type]) {
                meetings[g][type] = assigned(names.name(labels[g], "contacts with", type), touched(type, by: g))
            }
        }
    }

    /// The mean of a Hill curve of how many cells one meets, which is a Poisson number; `nil` for what is no such number.
    ///
    /// Σ e^(−µ) µⁿ/n! f(n) up to ``mostMet``; more than that are taken at the mean.
    func meanHill(of input: RuleInput, _ g: Int) -> Formula? {
        guard case .contact(let type) = input.signal, let name = meetings[g][type] else { return nil }
        let mean = Formula.name(name)
        func curve(_ number: Formula) -> Formula {
            let given = dose(number, input.halfMax, input.hill)
            return given / (.number(1) + given)
        }
        var (all, driven) = (Formula.number(0), Formula.number(0))
        for n in stride(from: Reduction.mostMet, through: 0, by: -1) {
            let raised = pow(Double(n) / input.halfMax, input.hill)
            // By Horner's rule: 1 + µ/1 (1 + µ/2 (1 + …)).
            let next = mean / .number(Double(n + 1))
            all = .number(1) + next * all
            driven = .number(raised / (1 + raised)) + next * driven
        }
        let none = Formula.call(.exp, [.call(.negative, [mean])])
        let most = Formula.call(.max, [mean, .number(Double(Reduction.mostMet))])
        return none * driven + .call(.max, [.number(1) - none * all, .number(0)]) * curve(most)
    }

    /// Chosen: cells of one size touch at most twelve others of theirs.
    private static let mostMet = 16

    /// That a cell of one group touches a given one of another.
    func share(_ g: Int, _ other: Int) -> Double {
        encounters.share(groups[g].type, groups[other].type, tissue: groups[g].tissue)
    }

    /// The groups of a type in the tissue of another.
    func groups(of type: Int, beside g: Int) -> [Int] {
        groups.indices.filter { groups[$0].type == type && groups[$0].tissue == groups[g].tissue }
    }

    /// How many cells there are of some groups, never 0.
    func total(_ members: [Int]) -> Formula {
        if members.count == 1 { return number(members[0]) }
        let sum = Reduction.sum(members.map { .name(counts[$0]) })
        return method == .ode ? sum + .number(1e-9) : .call(.max, [sum, .number(1)])
    }

    // MARK: - What touch does

    /// Names how often each cell of a group is attached to, by attack, and how often it is taken in.
    mutating func addMeetings() {
        for g in groups.indices {
            let type = model.cellTypes[groups[g].type]
            attached.append(
                (marks[g]?.attacks ?? []).map { attack in
                    var often = met(.killing(type.name), by: attack.killer, g)
                    if let state = attack.killing.recognises, let name = states[g][state] {
                        often = often * .call(.max, [.name(name), .number(0)])
                    }
                    return .name(
                        assigned(
                            names.name("attaching", "to", labels[g], "by", model.cellTypes[attack.killer].name), often))
                })
            let eaters = model.cellTypes.indices.filter {
                model.happens(.engulfing(type.name), to: model.cellTypes[$0])
            }
            eaten.append(
                eaters.isEmpty
                    ? nil
                    : .name(
                        assigned(
                            names.name("engulfing", "of", labels[g], "rate"),
                            Reduction.sum(eaters.map { met(.engulfing(type.name), by: $0, g) }))))
        }
    }

    /// How often cells of a type that hold none do something to one cell of a group, 1/s.
    private func met(_ behaviour: Behaviour, by taker: Int, _ g: Int) -> Formula {
        Reduction.sum(
            groups(of: taker, beside: g).compactMap { other in
                let stated = model.cellTypes[taker].life?.stated(behaviour) ?? 0
                let rate = ruledRates[other][behaviour] ?? .number(stated)
                return .number(share(g, other)) * rate * free(other)
            })
    }

    /// How often a cell of a group in a state is killed, 1/s; in its only one where there are none.
    private func killed(_ g: Int, _ state: Int?) -> Formula {
        guard let marks = marks[g] else { return .number(0) }
        var parts: [Formula] = []
        for (a, attack) in marks.attacks.enumerated() {
            if let state, marks.state(state, hitBy: a) != nil { continue }
            if !attack.holds { parts.append(attached[g][a]) }
            let holders = state.map { marks.states[$0].holders[a] } ?? 0
            if holders > 0 { parts.append(.number(Double(holders) / attack.killing.every.value)) }
        }
        return Reduction.sum(parts)
    }

    /// Cells are attached to, hit, let go and repaired, none of which ends them.
    mutating func addAttacks() {
        for g in groups.indices {
            guard let marks = marks[g] else { continue }
            for j in marks.states.indices {
                for (a, attack) in marks.attacks.enumerated() { addAttack(g, marks, j, a, attack) }
                if let (next, rate) = marks.repaired(j) { pass("repair", g, j, next, .number(rate)) }
            }
        }
    }

    private mutating func addAttack(_ g: Int, _ marks: TargetMarks, _ j: Int, _ a: Int, _ attack: TargetMarks.Attack) {
        let hit = marks.state(j, hitBy: a)
        guard attack.holds else {
            if let hit { pass("hit", g, j, hit, attached[g][a]) }
            return
        }
        if let more = marks.state(j, holders: 1, of: a) { pass("attaching", g, j, more, attached[g][a]) }
        let holders = Double(marks.states[j].holders[a])
        guard holders > 0 else { return }
        if let hit { pass("hit", g, j, hit, .number(holders / attack.killing.every.value)) }
        if let lasts = attack.killing.lasts?.value, let fewer = marks.state(j, holders: -1, of: a) {
            pass("letting go", g, j, fewer, .number(holders / lasts))
        }
    }

    private mutating func pass(_ word: String, _ g: Int, _ from: Int, _ to: Int, _ rate: Formula) {
        let name = markNames[g][from]
        react(names.name(word, "of", name), [name], [markNames[g][to]], at: rate * .name(name))
    }

    // MARK: - Those that go

    /// Cells of a group that others kill, or take in.
    func takings(of g: Int) -> [CellExit] {
        guard let sum = living[g] else { return [] }
        let all = 0..<sum.names.count
        var exits: [CellExit] = []
        if let marks = marks[g], !marks.attacks.isEmpty {
            let death = sum.life.deaths.first
            let byMark = marks.states.indices.map { killed(g, $0) }
            let flux = Reduction.sum(
                byMark.enumerated().filter { $0.element != .number(0) }.map {
                    $0.element * .name(markNames[g][$0.offset])
                })
            exits.append(
                CellExit(
                    word: "killing", group: g, into: death?.body.flatMap { group(of: $0, beside: g) },
                    releases: death.map { releases($0) } ?? [],
                    rate: byMark.isEmpty ? killed(g, nil) : flux / number(g), byMark: byMark, stages: all))
        }
        if let eaten = eaten[g] {
            exits.append(
                CellExit(word: "engulfing", group: g, into: nil, releases: [], rate: eaten, byMark: [], stages: all))
        }
        return exits
    }

    /// What a cell lets go as it dies, by index of the molecule.
    func releases(_ death: Death) -> [(molecule: Int, amount: Double)] {
        model.molecules.enumerated().compactMap { m, molecule in
            death.releases[molecule.name].map { (molecule: m, amount: whole($0.value)) }
        }
    }
}
