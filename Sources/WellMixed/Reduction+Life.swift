import Biology

extension Reduction {
    // MARK: - Numbers of cells

    /// Adds the number of cells of a group that come and go, stage by stage, and returns what is there before any rule.
    mutating func addLivingSum(_ g: Int, _ label: String) -> LivingSum {
        let (group, type) = (groups[g], model.cellTypes[groups[g].type])
        let life = type.life ?? CellLife()
        let stages = LifeStages(life, clearing: clearing(type)) { model.happens($0, to: type) }
        for problem in stages.problems {
            refuse("cells.\(type.name).\(problem.entry)", problem.problem, problem.fix)
        }
        let count = counts[g]
        var stageNames = [count]
        if stages.rates.count > 1 {
            stageNames = stages.rates.indices.map { names.name("cells", label, "stage \($0 + 1)") }
            let parts = stageNames.map { Formula.name($0) }
            network.parameters.append(NetworkParameter(name: count, value: nil, isConstant: false))
            network.assignmentRules.append(NetworkAssignment(count, .call(.plus, parts)))
            let laws = "with their mean, and their variance where \(StageChain.mostStages) are enough"
            notes.append("\(type.name): \(stages.notes.joined(separator: ", ")), \(laws)")
        }
        for (stage, name) in stageNames.enumerated() {
            addSpecies(name, stage == 0 ? group.count : 0, in: group.tissue)
        }
        var sum = LivingSum(life: life, stages: stages, names: stageNames)
        if let division = life.division, model.happens(.division, to: type) {
            sum.divisions = names.name("divisions", "of", label)
            if method == .ssa { sum.divided = names.name("divisions", "of", label, "so far") }
            sum.rates[.division] = .number(division.hazard.rate.value)
        }
        for death in life.deaths where model.happens(.death(death.kind), to: type) {
            sum.rates[.death(death.kind)] = .number(death.hazard.rate.value)
        }
        for change in life.changes where model.happens(.change(change.into), to: type) {
            sum.rates[.change(change.into)] = .number(change.hazard.rate.value)
        }
        if model.newcomers.contains(type.name) {
            sum.arrivals = names.name("new", label)
            if method == .ssa, life.vanishes != nil { sum.arrived = names.name("new", label, "so far") }
        }
        return sum
    }

    /// By chance and where bodies are also taken in, the time that they stay otherwise; s.
    private func clearing(_ type: CellType) -> Double? {
        guard method == .ssa, !model.takers(of: type).isEmpty, let stay = type.life?.vanishes?.value,
            stay < model.run.duration.value
        else { return nil }
        return stay
    }

    /// How many cells a group has, never 0: for what is shared between them.
    func number(_ g: Int) -> Formula {
        if places[g] != nil { return .number(1) }
        guard living[g] != nil else { return .name(counts[g]) }
        switch method {
        // Chosen: a billionth of a cell is none.
        case .ode: return .name(counts[g]) + .number(1e-9)
        case .ssa: return .call(.max, [.name(counts[g]), .number(1)])
        }
    }

    /// The cells of another type in the tissue of a group; there are some of every type that others become.
    func group(of type: String, beside g: Int) -> Int? {
        groups.firstIndex { model.cellTypes[$0.type].name == type && $0.tissue == groups[g].tissue }
    }

    // MARK: - What happens to cells

    /// Cells grow older, divide, die and change; what each carries goes with it.
    mutating func addLives() {
        for g in groups.indices {
            guard let sum = living[g] else { continue }
            for (behaviour, rate) in sum.rates.sorted(by: { $0.key.lifeKey < $1.key.lifeKey }) {
                if case .number(let value) = rate {
                    let name = parameter(names.name("rate", behaviour.lifeKey, labels[g]), value)
                    living[g]?.rates[behaviour] = name
                }
            }
            if let arrived = sum.arrived { addSpecies(arrived, 0, in: groups[g].tissue) }
        }
        for g in groups.indices where living[g] != nil {
            addStages(g)
            addDivision(g)
            for exit in exits(of: g) + takings(of: g) { add(exit) }
        }
        addRecruits()
        for g in groups.indices { addArrivals(g) }
    }

    private mutating func addStages(_ g: Int) {
        guard let sum = living[g] else { return }
        let last = sum.stages.hasPhases ? sum.names.count - 1 : sum.names.count
        for (stage, rate) in sum.stages.rates.prefix(last).enumerated() where rate > 0 {
            let often = Formula.number(rate) * .name(sum.names[stage])
            react(
                names.name(sum.names[stage], "passed"), [sum.names[stage]],
                stage + 1 < sum.names.count ? [sum.names[stage + 1]] : [], at: often)
            if sum.stages.phaseStarts.contains(stage + 1) { living[g]?.phasesEntered.append(often) }
        }
    }

    /// Two of a stage where there was one; both start anew.
    ///
    /// Sums of what they carry stay as they are.
    private mutating func addDivision(_ g: Int) {
        guard let sum = living[g], let division = sum.life.division, let rate = sum.rates[.division],
            let name = sum.divisions
        else { return }
        let young = sum.names[0]
        let counted = copied(g).isEmpty ? [] : sum.divided.map { [$0] } ?? []
        var parts: [Formula] = []
        let first = sum.stages.stages(after: division.hazard.refractory.value).lowerBound
        for stage in first...sum.stages.ready {
            let often = rate * .name(sum.names[stage])
            if sum.stages.hasPhases {
                react(
                    names.name(labels[g], "commits"), [sum.names[stage]], [sum.names[sum.stages.ready + 1]], at: often)
                living[g]?.phasesEntered.append(often)
            } else {
                divide(g, from: sum.names[stage], into: [young, young] + counted, at: often)
                parts.append(often)
            }
        }
        if sum.stages.hasPhases, let last = sum.names.last, let rate = sum.stages.rates.last {
            let often = Formula.number(rate) * .name(last)
            divide(g, from: last, into: [young, young] + counted, at: often)
            parts.append(often)
        }
        _ = assigned(name, Reduction.sum(parts))
        if method == .ode { addMarks(ofDivisions: .name(name) / number(g), g) }
        copyReceptors(g)
    }

    private mutating func divide(_ g: Int, from stage: String, into daughters: [String], at often: Formula) {
        for found in method == .ssa ? found(dividing: g) : [Found()] {
            react(
                names.name(labels[g], "divides"), [stage] + found.consumed, daughters + found.produced,
                at: found.share.map { often * $0 } ?? often)
        }
    }

    private func exits(of g: Int) -> [CellExit] {
        guard let sum = living[g] else { return [] }
        func leaving(_ word: String, _ behaviour: Behaviour, _ hazard: Hazard, into: String?) -> CellExit? {
            guard let rate = sum.rates[behaviour] else { return nil }
            return CellExit(
                word: word, group: g, into: into.flatMap { group(of: $0, beside: g) }, releases: [], rate: rate,
                byMark: [], stages: sum.stages.stages(after: hazard.refractory.value))
        }
        let deaths = sum.life.deaths.compactMap { death in
            var exit = leaving(death.kind.rawValue, .death(death.kind), death.hazard, into: death.body)
            exit?.releases = releases(death)
            return exit
        }
        return deaths
            + sum.life.changes.compactMap {
                leaving("becoming \($0.into)", .change($0.into), $0.hazard, into: $0.into)
            }
    }

    private mutating func add(_ exit: CellExit) {
        guard let sum = living[exit.group] else { return }
        let label = labels[exit.group]
        let names = exit.stages.map { sum.names[$0] }
        let isAll = names.count == sum.names.count
        let flux = self.names.name(exit.word, "of", label)
        _ = assigned(flux, exit.rate * (isAll ? .name(counts[exit.group]) : Reduction.sum(names.map { .name($0) })))
        var gained: [(species: String, number: Double)] = []
        for release in exit.releases {
            let p = pool(release.molecule, around: exit.group)
            gained += (gain(p) + [account(p, .secreted)]).map { ($0, release.amount) }
        }
        var come: [String] = []
        if let into = exit.into, let other = living[into] {
            come = [other.names[0]] + (other.arrived.map { [$0] } ?? [])
            // Damage goes along with a cell that had any.
            if markNames[exit.group].isEmpty { come += unhurt(into) }
            living[into]?.arriving.append(.name(flux))
            living[into]?.turning.append((exit.group, .name(flux)))
            if let age = ages[exit.group][.age] { living[into]?.ageArriving.append(.name(flux) * .name(age)) }
            gained += newReceptors(of: into, from: exit.group)
        }
        if method == .ssa, let counter = addCarriedByChance(exit) { come.append(counter) }
        for name in names {
            for found in method == .ssa ? found(exit) : [Found()] {
                let rate = exit.byMark.isEmpty ? exit.rate : found.state.map { exit.byMark[$0] } ?? exit.rate
                guard rate != .number(0) else { continue }
                react(
                    self.names.name(exit.word, "of", name), [name] + found.consumed, come + found.produced,
                    more: gained, at: found.share.map { rate * .name(name) * $0 } ?? rate * .name(name))
            }
        }
        if method == .ode {
            let share = isAll ? exit.rate : .name(flux) / number(exit.group)
            addCarried(exit, share: share)
            addMarks(of: exit, share: share)
        }
    }

    static func sum(_ parts: [Formula]) -> Formula {
        parts.count == 1 ? parts[0] : parts.isEmpty ? .number(0) : .call(.plus, parts)
    }

    // MARK: - Those that come, and bodies that go

    private mutating func addArrivals(_ g: Int) {
        guard let sum = living[g], let name = sum.arrivals else { return }
        _ = assigned(name, Reduction.sum(sum.arriving))
        guard let stay = sum.life.vanishes?.value, stay < model.run.duration.value, sum.names.count == 1 else { return }
        let body = sum.names[0]
        let left = method == .ode ? share(of: g, leftAfter: stay) : nil
        if groups[g].count > 0 {
            addEvent(
                names.name("clearing", "of", "first", body), at: stay,
                [(body, .name(body) - .number(groups[g].count) * (left ?? .number(1)))])
        }
        switch method {
        case .ode:
            let came = Formula.delayed(.name(name), by: .number(stay))
            let gone = Formula.Piece(
                value: left.map { came * $0 } ?? came, condition: .call(.greater, [.time, .number(stay)]))
            react(names.name("clearing", "of", body), [body], [], at: .piecewise([gone], otherwise: .number(0)))
        case .ssa: clearOneByOne(g, after: stay)
        }
    }

    /// As equations: of the bodies that came a time ago, the share that nobody has taken in since; `nil` where nobody does.
    private mutating func share(of g: Int, leftAfter stay: Double) -> Formula? {
        guard let eaten = eaten[g] else { return nil }
        let so = names.name("engulfing", "of", labels[g], "so far")
        network.parameters.append(NetworkParameter(name: so, value: 0, isConstant: false))
        network.rateRules.append(NetworkAssignment(so, eaten))
        let before = Formula.piecewise(
            [.init(value: .delayed(.name(so), by: .number(stay)), condition: .call(.greater, [.time, .number(stay)]))],
            otherwise: .number(0))
        return .call(.exp, [before - .name(so)])
    }

    /// Every body that has come goes a time later: one after the other, each with an event of its own.
    private mutating func clearOneByOne(_ g: Int, after stay: Double) {
        guard let sum = living[g], let arrived = sum.arrived else { return }
        let body = sum.names[0]
        let (seen, busy) = (names.name(body, "seen"), names.name(body, "noted"))
        network.parameters += [seen, busy].map { NetworkParameter(name: $0, value: 0, isConstant: false) }
        let isNew = Formula.call(
            .and, [.call(.greater, [.name(arrived), .name(seen)]), .call(.equal, [.name(busy), .number(0)])])
        network.events.append(
            NetworkEvent(
                name: names.name(body, "comes"), trigger: isNew,
                assignments: [
                    NetworkAssignment(seen, .name(seen) + .number(1)), NetworkAssignment(busy, .number(1)),
                ]))
        network.events.append(
            NetworkEvent(
                name: names.name(body, "has come"), trigger: .call(.greater, [.name(busy), .number(0)]),
                assignments: [NetworkAssignment(busy, .number(0))]))
        var clearing = NetworkEvent(
            name: names.name("clearing", "of", body), trigger: isNew,
            assignments: [NetworkAssignment(body, .name(body) - .number(1))])
        clearing.delay = .number(stay)
        clearing.usesValuesOfTrigger = false
        network.events.append(clearing)
    }
}
