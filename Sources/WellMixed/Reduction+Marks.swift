import Biology

/// What killers have done to the cells of a sum (``TargetMarks``), and what becomes of it when cells go, come or divide.
extension Reduction {
    // MARK: - Damage and holders

    /// Names the states of every group that is attacked, all of its cells unhurt.
    mutating func addMarks() {
        if isOneByOne {
            marks = groups.map { _ in nil }
            markNames = groups.map { _ in [] }
            return
        }
        for g in groups.indices {
            let type = model.cellTypes[groups[g].type]
            let attacks = model.killers(of: type)
            let kept = Set(attacks.map { $0.killing.repair?.value ?? .infinity })
            guard let marks = TargetMarks(attacks), kept.count <= 1 else {
                refuseMarks(type, attacks.map(\.killer), isRepair: kept.count > 1)
                self.marks.append(nil)
                markNames.append([])
                continue
            }
            self.marks.append(marks)
            markNames.append(
                marks.states.map { state in
                    let held = state.holders.reduce(0, +)
                    return names.name(labels[g], "damage \(state.level)", "held by \(held)")
                })
            for (j, name) in markNames[g].enumerated() {
                addSpecies(name, j == 0 ? groups[g].count : 0, in: groups[g].tissue)
            }
        }
    }

    private mutating func refuseMarks(_ type: CellType, _ killers: [Int], isRepair: Bool) {
        let first = killers.first.map { model.cellTypes[$0].name } ?? ""
        refuse(
            "cells.\(first).kills.\(type.name)",
            isRepair
                ? "the damage of '\(type.name)' is repaired at a rate that depends on who hit last, and one mean cell "
                    + "keeps no such past"
                : "hits that add up on '\(type.name)' give more than \(TargetMarks.mostStates) states",
            isRepair
                ? "write one 'repair' for all who kill it, or run it by chance (--ssa) or with space ('paracrine run')"
                : "write fewer 'hits', or fewer types that hold it, or run it by chance (--ssa) or with space ('paracrine run')"
        )
    }

    /// Mean hits that have not been repaired.
    func damage(_ g: Int) -> Formula {
        if let damage = damageInPlace(g) { return damage }
        guard let marks = marks[g], !marks.states.isEmpty else { return .number(0) }
        let hurt = marks.states.indices.filter { marks.damage($0) > 0 }
        return Reduction.sum(hurt.map { .number(marks.damage($0)) * .name(markNames[g][$0]) }) / number(g)
    }

    /// One way in which a killer holds: which group's cells, in which state, by which attack.
    struct Hold {
        let target: Int
        let state: Int
        let attack: Int
        let count: Int
        /// The state when it lets go.
        let after: Int
    }

    /// Whom killers of a group's type hold in its tissue.
    func holds(_ g: Int) -> [Hold] {
        groups.indices.filter { groups[$0].tissue == groups[g].tissue }.flatMap { target -> [Hold] in
            guard let marks = marks[target] else { return [] }
            return marks.attacks.indices.filter { marks.attacks[$0].killer == groups[g].type }.flatMap { a in
                marks.states.indices.compactMap { j in
                    let count = marks.states[j].holders[a]
                    guard count > 0, let after = marks.state(j, holders: -1, of: a) else { return nil }
                    return Hold(target: target, state: j, attack: a, count: count, after: after)
                }
            }
        }
    }

    /// How many cells of a group hold none.
    func free(_ g: Int) -> Formula {
        let holds = holds(g)
        guard !holds.isEmpty else { return .name(counts[g]) }
        let held = Reduction.sum(holds.map { .number(Double($0.count)) * .name(markNames[$0.target][$0.state]) })
        let all = groups(of: groups[g].type, beside: g)
        if all == [g] { return .call(.max, [.name(counts[g]) - held, .number(0)]) }
        return .name(counts[g]) * .call(.max, [.number(1) - held / total(all), .number(0)])
    }

    // MARK: - Those that go and divide

    /// The state that cells of a group are in who come from another's.
    private func mark(_ g: Int, from other: TargetMarks, _ state: Int) -> String? {
        guard let marks = marks[g], !marks.states.isEmpty else { return nil }
        let most = marks.states.map(\.level).max() ?? 0
        let level = min(most, other.states[state].level * marks.grain / other.grain)
        return marks.index(.init(level: level, holders: marks.attacks.map { _ in 0 })).map { markNames[g][$0] }
    }

    /// The state that newcomers of a group are in.
    func unhurt(_ g: Int) -> [String] { markNames[g].first.map { [$0] } ?? [] }

    /// As equations: the states of those that go, and of those that they hold.
    mutating func addMarks(of exit: CellExit, share: Formula) {
        let g = exit.group
        if let own = marks[g] {
            for (j, name) in markNames[g].enumerated() {
                let rate = exit.byMark.isEmpty ? share : exit.byMark[j]
                guard rate != .number(0) else { continue }
                let into = exit.into.flatMap { mark($0, from: own, j) }
                react(names.name(name, "with", exit.word), [name], into.map { [$0] } ?? [], at: rate * .name(name))
            }
        }
        let all = groups(of: groups[g].type, beside: g)
        let part = all == [g] ? share : share * .name(counts[g]) / total(all)
        for hold in holds(g) {
            let name = markNames[hold.target][hold.state]
            react(
                names.name(name, "let go with", exit.word), [name], [markNames[hold.target][hold.after]],
                at: .number(Double(hold.count)) * part * .name(name))
        }
    }

    /// As equations: one daughter is held as her mother was, the other by nobody.
    mutating func addMarks(ofDivisions share: Formula, _ g: Int) {
        guard let marks = marks[g] else { return }
        for (j, name) in markNames[g].enumerated() {
            react(names.name(name, "divides"), [], [markNames[g][marks.free(j)]], at: share * .name(name))
        }
    }

    // MARK: - By chance

    /// One way in which a cell that goes or divides is found, with its probability.
    struct Found {
        var consumed: [String] = []
        var produced: [String] = []
        var share: Formula?
        /// As a target.
        var state: Int?

        func and(_ other: Found) -> Found {
            let share = self.share.map { mine in other.share.map { mine * $0 } ?? mine } ?? other.share
            return Found(
                consumed: consumed + other.consumed, produced: produced + other.produced, share: share,
                state: state ?? other.state)
        }
    }

    /// By chance: how a cell of an exit is marked, and whom it holds; each state is as likely at any stage.
    func found(_ exit: CellExit) -> [Found] {
        let g = exit.group
        var asTarget = [Found()]
        if let own = marks[g], !own.states.isEmpty {
            asTarget = own.states.indices.map { j in
                let into = exit.into.flatMap { mark($0, from: own, j) }
                return Found(
                    consumed: [markNames[g][j]], produced: into.map { [$0] } ?? [],
                    share: .name(markNames[g][j]) / number(g), state: j)
            }
        }
        let holds = holds(g)
        guard !holds.isEmpty else { return asTarget }
        let all = total(groups(of: groups[g].type, beside: g))
        let asKiller =
            [Found(share: free(g) / number(g))]
            + holds.map { hold in
                let name = markNames[hold.target][hold.state]
                return Found(
                    consumed: [name], produced: [markNames[hold.target][hold.after]],
                    share: .number(Double(hold.count)) * .name(name) / all)
            }
        return asTarget.flatMap { target in asKiller.map { target.and($0) } }
    }

    /// By chance: how a cell that divides is marked, and what its daughters are.
    func found(dividing g: Int) -> [Found] {
        guard let marks = marks[g], !marks.states.isEmpty else { return [Found()] }
        return marks.states.indices.map { j in
            let name = markNames[g][j]
            return Found(
                consumed: [name], produced: [name, markNames[g][marks.free(j)]], share: .name(name) / number(g),
                state: j)
        }
    }
}
