import Biology

/// What a cell that goes takes along, and what one that divides hands on.
///
/// All cells of a sum carry the same, its share. What is bound to a cell that dies, or that becomes one without the receptor,
/// went inside with it; receptors that both types have go along, and those that only the new one has are made, as in the
/// tissue.
extension Reduction {
    /// One kind of thing on the cells of a group.
    private struct Carried {
        let name: String
        /// What of it is left after a cell of another group took it along, and what it is counted as otherwise.
        let becomes: [String]
    }

    /// What the network keeps of a group's surface, and what each becomes with a cell that goes.
    private mutating func carried(_ exit: CellExit) -> [Carried] {
        let (g, type) = (exit.group, groups[exit.group].type)
        return surfaces[type].species.enumerated().compactMap { s, kind -> Carried? in
            guard isKept(s, g) else { return nil }
            if let into = exit.into, let place = surfaces[groups[into].type].index(kind.kind) {
                return Carried(name: species[g][s], becomes: isKept(place, into) ? [species[into][place]] : [])
            }
            let inside = kind.isOnSurface ? kind.ligands.map { internalised(pool($0, around: g), by: type) } : []
            return Carried(name: species[g][s], becomes: inside)
        }
    }

    /// As equations: the share of what there is that goes each second.
    mutating func addCarried(_ exit: CellExit, share: Formula) {
        for one in carried(exit) {
            react(
                names.name(one.name, "with", exit.word), [one.name], one.becomes, at: share * .name(one.name))
        }
        guard let into = exit.into else { return }
        for (from, to) in freed(exit.group, into: into) {
            react(names.name(from, "with", exit.word), [], [to], at: share * .name(from))
        }
    }

    /// Free receptors whose number a rule states on cells of one group, and reactions keep on those of another.
    private func freed(_ g: Int, into: Int) -> [(from: String, to: String)] {
        let (old, new) = (surfaces[groups[g].type], surfaces[groups[into].type])
        return old.species.indices.compactMap { s in
            guard !isKept(s, g), let place = new.index(old.species[s].kind), isKept(place, into) else { return nil }
            return (species[g][s], species[into][place])
        }
    }

    /// Receptors that only the new type has, one cell's.
    func newReceptors(of into: Int, from g: Int) -> [(species: String, number: Double)] {
        let (old, new) = (groups[g], groups[into])
        return surfaces[new.type].species.enumerated().compactMap { s, kind in
            guard case .surface(.free) = kind.kind, isKept(s, into) else { return nil }
            let receptor = kind.receptors[0]
            let isCarried = surfaces[old.type].index(kind.kind) != nil
            let isRaised = model.rules.contains {
                $0.cellType == model.cellTypes[old.type].name
                    && $0.behaviour == .expression(model.receptors[receptor].name)
            }
            if isCarried && (isRaised || old.receptors[receptor] > 0) { return nil }
            let number = whole(new.receptors[receptor])
            return number > 0 ? (species[into][s], number) : nil
        }
    }

    // MARK: - By chance

    /// By chance: what goes with a cell is drawn from the sum, every molecule as likely on any cell.
    ///
    /// - Returns: the name of a counter that grows by one with each cell that goes; `nil` where they carry nothing.
    mutating func addCarriedByChance(_ exit: CellExit) -> String? {
        let carried = carried(exit)
        if let into = exit.into, !freed(exit.group, into: into).isEmpty {
            refuse(
                "cells.\(model.cellTypes[groups[exit.group].type].name).becomes",
                "a rule states a receptor of the one type and none that of the other, so that by chance there is no "
                    + "whole number to take along",
                "run it with --ode, or write the rule for both")
        }
        guard !carried.isEmpty else { return nil }
        let label = labels[exit.group]
        let (gone, seen, done) = (
            names.name(exit.word, "of", label, "so far"), names.name(exit.word, "of", label, "seen"),
            names.name(exit.word, "of", label, "done")
        )
        addSpecies(gone, 0, in: groups[exit.group].tissue)
        network.parameters += [seen, done].map { NetworkParameter(name: $0, value: 0, isConstant: false) }
        let left = Formula.name(gone) - .name(seen)
        let chance = left / (left + .name(counts[exit.group]))
        var draws = [NetworkAssignment(seen, .name(gone))]
        var moves = [NetworkAssignment(done, .name(seen))]
        var gained: [String: Formula] = [:]
        for one in carried {
            let taken = names.name(one.name, "taken by", exit.word)
            network.parameters.append(NetworkParameter(name: taken, value: 0, isConstant: false))
            draws.append(NetworkAssignment(taken, .draw(.binomial, [.name(one.name), chance])))
            gained[one.name] = (gained[one.name] ?? .name(one.name)) - .name(taken)
            for place in one.becomes { gained[place] = (gained[place] ?? .name(place)) + .name(taken) }
        }
        moves += gained.sorted { $0.key < $1.key }.map { NetworkAssignment($0.key, $0.value) }
        addEvent(names.name(gone, "draws"), when: .name(gone), exceeds: seen, draws, priority: 1)
        // What was drawn is taken before anything else is drawn.
        addEvent(names.name(gone, "takes"), when: .name(seen), exceeds: done, moves, priority: 2)
        return gone
    }

    private mutating func addEvent(
        _ name: String, when counter: Formula, exceeds seen: String, _ assignments: [NetworkAssignment],
        priority: Double
    ) {
        var event = NetworkEvent(
            name: name, trigger: .call(.greater, [counter, .name(seen)]), assignments: assignments)
        event.priority = .number(priority)
        network.events.append(event)
    }

    // MARK: - Division

    /// Receptors of a group that daughters make anew, by species and receptor.
    func copied(_ g: Int) -> [(species: Int, receptor: Int)] {
        let ways = living[g]?.life.division?.daughters ?? [:]
        return surfaces[groups[g].type].species.enumerated().compactMap { s, kind in
            guard case .surface(.free(let receptor)) = kind.kind, ways[receptor] == .copy, isKept(s, g) else {
                return nil
            }
            return (s, kind.receptors[0])
        }
    }

    /// Each daughter has half of what her mother had, and free ones beside up to the mother's stated number: 2 E − T more.
    mutating func copyReceptors(_ g: Int) {
        let copied = copied(g)
        guard !copied.isEmpty, let sum = living[g], let divisions = sum.divisions else { return }
        refuseCopies(g, copied.map(\.receptor))
        guard let divided = sum.divided else {
            for (s, receptor) in copied {
                let made = missing(receptor, g, cells: number(g))
                react(names.name("copies", "of", species[g][s]), [], [species[g][s]], at: .name(divisions) * made)
            }
            return
        }
        addSpecies(divided, 0, in: groups[g].tissue)
        let seen = names.name(divisions, "seen")
        network.parameters.append(NetworkParameter(name: seen, value: 0, isConstant: false))
        let happened = Formula.name(divided) - .name(seen)
        let before = Formula.call(.max, [.name(counts[g]) - happened, .number(1)])
        let changes = copied.map { s, receptor in
            let made = Formula.call(.floor, [happened * missing(receptor, g, cells: before) + .number(0.5)])
            return NetworkAssignment(species[g][s], .name(species[g][s]) + made)
        }
        addEvent(
            names.name(divisions, "copy"), when: .name(divided), exceeds: seen,
            [NetworkAssignment(seen, .name(divided))] + changes, priority: 2)
    }

    /// What the daughters of one cell make of a receptor that is copied.
    private func missing(_ receptor: Int, _ g: Int, cells: Formula) -> Formula {
        let surface = surfaces[groups[g].type]
        let number =
            stated[g][receptor].isEmpty ? .number(groups[g].receptors[receptor]) : Formula.name(stated[g][receptor])
        let total = surface.counted(.total, of: model.receptors[receptor].name, model).map { held in
            let copies = surface.species[held].receptors.count { $0 == receptor }
            return Formula.number(Double(copies)) * .name(species[g][held])
        }
        return .call(.max, [.number(2) * number - Reduction.sum(total) / cells, .number(0)])
    }

    /// What is copied is what a cell states, which without a turnover is whatever it came with.
    private mutating func refuseCopies(_ g: Int, _ receptors: [Int]) {
        let type = model.cellTypes[groups[g].type]
        for r in receptors {
            let receptor = model.receptors[r]
            if case .turnover = receptor.supply { continue }
            let others = model.cellTypes.filter { other in
                other.life?.changes.contains { $0.into == type.name } == true
                    && model.receptorsExpressed(by: other).contains(r)
            }
            guard let other = others.first else { continue }
            refuse(
                "cells.\(type.name).divides.daughters.\(receptor.name)",
                "a cell that was '\(other.name)' copies the number that it came with, and one mean cell has no such past",
                "give '\(receptor.name)' a turnover, or run it by chance (--ssa) or with space ('paracrine run')")
        }
    }
}
