import Biology
import Networks
import Simulation

/// Cells that come and go one by one: places, each for one cell, with everything that may happen to it.
///
/// What happens is done by ``CellsOneByOne``; the network has the rates.
extension Reduction {
    /// How many places each kind of cells has at first: for those that are placed, and for as many more as may soon come.
    ///
    /// Where they are not enough the run begins anew with twice as many, and is the same up to there.
    static func room(_ model: Model, cells: [PlacedCell]) -> [CellKind: Int] {
        var placed: [CellKind: Int] = [:]
        for cell in cells { placed[CellKind(type: cell.typeIndex, tissue: cell.tissue), default: 0] += 1 }
        var room = placed
        for (index, type) in model.cellTypes.enumerated() where model.comesAndGoes(type) {
            for tissue in model.tissues.indices {
                let kind = CellKind(type: index, tissue: tissue)
                let sources = model.cellTypes.indices.filter { model.cellTypes[$0].mayBecome(type.name) }
                let coming = sources.reduce(0) { $0 + (placed[CellKind(type: $1, tissue: tissue)] ?? 0) }
                let born = model.happens(.division, to: type) ? placed[kind] ?? 0 : 0
                room[kind, default: 0] += coming + born + (model.mayGrow(type) ? sparePlaces : 0)
            }
        }
        return room
    }

    /// Chosen: a few more than none.
    private static let sparePlaces = 8
    /// Chosen: so that a type of which there are few is not outgrown again and again.
    static let leastGrowth = 32
    /// Chosen: some GB of reactions.
    static let mostPlaces = 20_000

    /// Refuses more cells than can be followed; says whether there are.
    mutating func refuseCrowds() -> Bool {
        let all = room?.values.reduce(0, +) ?? 0
        guard all > Reduction.mostPlaces, let most = room?.max(by: { $0.value < $1.value })?.key.type else {
            return false
        }
        refuse(
            "cells.\(model.cellTypes[most].name)",
            "\(all) places for cells that come and go are more than are followed one by one (\(Reduction.mostPlaces))",
            "run it with --ode, or with space ('paracrine run')")
        return true
    }

    /// Whether cells that come and go are followed one by one.
    public var isOneByOne: Bool { room != nil }

    /// Since when the age or phase of the cell in a place counts; `nil` where it is no place.
    func start(of age: BodySignal, _ g: Int) -> String? {
        age == .age ? places[g]?.born : age == .phaseTime ? places[g]?.phaseStart : nil
    }

    /// Hits of the cell in a place that have not been repaired; `nil` where it is no place.
    func damageInPlace(_ g: Int) -> Formula? {
        guard let place = places[g], let damage = place.damage, let hit = place.hitTime, let repair = place.repair
        else {
            return nil
        }
        return .name(damage) * .call(.exp, [.name(repair) * (.name(hit) - .time)])
    }

    /// How many cells of a type there are in a group's tissue, itself not counted; `nil` where they are sums.
    func othersInPlaces(_ type: Int, beside g: Int) -> Formula? {
        guard let total = totals[CellKind(type: type, tissue: groups[g].tissue)] else { return nil }
        return groups[g].type == type ? .name(total) - .name(counts[g]) : .name(total)
    }

    // MARK: - What a place holds

    /// Adds a place, taken where the group has a cell.
    mutating func addPlace(_ g: Int) {
        let (group, type, label) = (groups[g], model.cellTypes[groups[g].type], labels[g])
        addSpecies(counts[g], group.count, in: group.tissue)
        var place = CellPlace(group: g, id: variable(names.name("id", "of", label), -1))
        let life = type.life ?? CellLife()
        if !(life.division?.phases.isEmpty ?? true) { place.ready = variable(names.name(label, "ready"), 1) }
        let hazards = [life.division?.hazard].compactMap { $0 } + life.deaths.map(\.hazard) + life.changes.map(\.hazard)
        for time in Set(hazards.map(\.refractory.value)).subtracting([0]).sorted() {
            place.able[time] = variable(names.name(label, "old enough"), 0)
        }
        let used = Set(model.signalsUsed)
        if used.contains(.body(.age)) { place.born = variable(names.name(label, "born"), 0) }
        if used.contains(.body(.phaseTime)) { place.phaseStart = variable(names.name(label, "phase begun"), 0) }
        if model.mayBeHurt(type) {
            place.damage = variable(names.name(label, "damage"), 0)
            place.hitTime = variable(names.name(label, "hit"), 0)
            place.repair = variable(names.name(label, "repair"), 0)
        }
        if !life.kills.isEmpty || !life.eats.isEmpty { place.isFree = variable(names.name(label, "free"), 1) }
        places[g] = place
        let kind = CellKind(type: group.type, tissue: group.tissue)
        if totals[kind] == nil {
            let all = groups.filter { $0.type == group.type && $0.tissue == group.tissue }
            let name = names.name("cells", "all", type.name, volumes[group.tissue].label)
            addSpecies(name, Double(all.reduce(0) { $0 + $1.members.count }), in: group.tissue)
            totals[kind] = name
        }
    }

    /// A value that only ``CellsOneByOne`` changes.
    private mutating func variable(_ name: String, _ value: Double) -> String {
        network.parameters.append(NetworkParameter(name: name, value: value, isConstant: false))
        return name
    }

    /// A number that a cell in a place draws for itself; with `declared`, what a rule's values are multiplied by for it.
    mutating func drawn(_ kind: CellPlace.Drawn.Kind, declared: Double? = nil, _ g: Int) -> Formula {
        if let known = places[g]?.drawn.first(where: { $0.kind == kind && $0.declared == declared }) {
            return .name(known.name)
        }
        let word =
            switch kind {
            case .receptor(let r): model.receptors[r].name
            case .secretion(let m): model.molecules[m].name
            }
        let name = variable(names.name(labels[g], "own", word), 1)
        places[g]?.drawn.append(.init(name: name, kind: kind, declared: declared))
        return .name(name)
    }

    /// What a cell in a place reads, and 0 where no cell is: what it would read there may be no number.
    func whereThere(_ formula: Formula, _ g: Int) -> Formula {
        guard places[g] != nil else { return formula }
        let isThere = Formula.call(.greater, [.name(counts[g]), .number(0)])
        return .piecewise([Formula.Piece(value: formula, condition: isThere)], otherwise: .number(0))
    }

    // MARK: - What happens

    /// Adds what may happen to the cell in each place, and how cells take others in.
    mutating func addActs() {
        for g in groups.indices where places[g] != nil {
            addActs(g)
            addAttacks(on: g)
            noteLigands(g)
        }
        addEating()
    }

    private mutating func addActs(_ g: Int) {
        let type = model.cellTypes[groups[g].type]
        let life = type.life ?? CellLife()
        if let division = life.division { call(g, .commit, .division, division.hazard) }
        for r in model.receptorsExpressed(by: type) where stated[g][r].isEmpty && model.isCopied(r) {
            _ = drawn(.receptor(r), g)
        }
        for death in life.deaths { call(g, .die(death.kind), .death(death.kind), death.hazard) }
        for change in life.changes {
            if let into = model.cellTypes.firstIndex(where: { $0.name == change.into }) {
                call(g, .change(into: into), .change(change.into), change.hazard)
            }
        }
    }

    private mutating func call(_ g: Int, _ act: CellPlace.Act, _ behaviour: Behaviour, _ hazard: Hazard) {
        let type = model.cellTypes[groups[g].type]
        guard model.happens(behaviour, to: type), let place = places[g] else { return }
        var rate = rules(behaviour, g) ?? constant("rate \(behaviour.lifeKey) \(type.name)", hazard.rate.value)
        if let able = place.able[hazard.refractory.value] { rate = rate * .name(able) }
        if act == .commit, let ready = place.ready { rate = rate * .name(ready) }
        call(g, act, at: rate * .name(counts[g]), behaviour.lifeKey)
    }

    private mutating func call(_ g: Int, _ act: CellPlace.Act, at rate: Formula, _ word: String) {
        let name = names.name(labels[g], word, "happens")
        react(name, [], [], at: rate)
        places[g]?.calls.append(.init(reaction: name, act: act))
    }

    /// What rules give a behaviour of a group's cells; `nil` where none does.
    private func rules(_ behaviour: Behaviour, _ g: Int) -> Formula? { ruledRates[g][behaviour] }

    /// A rate constant that all places share.
    private mutating func constant(_ key: String, _ value: Double) -> Formula {
        if let known = constants[key] { return .name(known) }
        let name = names.name(key)
        constants[key] = name
        return parameter(name, value)
    }

    // MARK: - Touch

    private mutating func addAttacks(on g: Int) {
        let target = model.cellTypes[groups[g].type]
        for (killer, killing) in model.killers(of: target) {
            let hunters = hunting(.killing(target.name), by: killer, beside: g)
            let share = Formula.number(encounters.share(groups[g].type, killer, tissue: groups[g].tissue))
            var rate = share * hunters * .name(counts[g])
            if let state = killing.recognises, let name = states[g][state] {
                rate = rate * whereThere(.call(.max, [.name(name), .number(0)]), g)
            }
            call(g, .attached(by: killer), at: rate, "attached by \(model.cellTypes[killer].name)")
        }
    }

    /// How often all cells of a type that hold none do something to one cell that they touch, in the tissue of a group; 1/s.
    private mutating func hunting(_ behaviour: Behaviour, by taker: Int, beside g: Int) -> Formula {
        let kind = CellKind(type: taker, tissue: groups[g].tissue)
        let name = model.cellTypes[taker].name
        let key = names(behaviour, kind)
        if let known = huntings[key] { return .name(known) }
        let takers = groups(of: taker, beside: g)
        let rate: Formula
        if takers.contains(where: { rules(behaviour, $0) != nil }) {
            rate = Reduction.sum(
                takers.compactMap { other in
                    guard let free = places[other]?.isFree, let rate = rules(behaviour, other) else { return nil }
                    return rate * .name(counts[other]) * .name(free)
                })
        } else {
            let free = freeNames[kind] ?? variable(self.names.name("free", name), 0)
            freeNames[kind] = free
            rate = .number(model.cellTypes[taker].life?.stated(behaviour) ?? 0) * .name(free)
        }
        let hunting = assigned(self.names.name(behaviour.lifeKey, "by all", name), rate)
        huntings[key] = hunting
        return .name(hunting)
    }

    private func names(_ behaviour: Behaviour, _ kind: CellKind) -> String {
        "\(behaviour.lifeKey) by \(kind.type) in \(kind.tissue)"
    }

    /// Cells of a type take in cells of another: one reaction for all, whose parties are then drawn.
    private mutating func addEating() {
        for (kind, total) in totals.sorted(by: { ($0.key.type, $0.key.tissue) < ($1.key.type, $1.key.tissue) }) {
            let prey = model.cellTypes[kind.type].name
            guard let g = groups.firstIndex(where: { $0.type == kind.type && $0.tissue == kind.tissue }) else {
                continue
            }
            for taker in model.cellTypes.indices where model.happens(.engulfing(prey), to: model.cellTypes[taker]) {
                let share = Formula.number(encounters.share(kind.type, taker, tissue: kind.tissue))
                let name = self.names.name("engulfing", "of", prey, "by", model.cellTypes[taker].name)
                react(name, [], [], at: share * hunting(.engulfing(prey), by: taker, beside: g) * .name(total))
                meals.append(Meal(reaction: name, eater: taker, prey: kind))
            }
        }
    }

    /// One kind of cells is taken in by cells of a type.
    struct Meal: Sendable {
        let reaction: String
        let eater: Int
        let prey: CellKind
    }

    /// Makes the accounts of everything that a cell may take inside as it goes.
    private mutating func noteLigands(_ g: Int) {
        for species in surfaces[groups[g].type].species where species.isOnSurface {
            for ligand in species.ligands { _ = internalised(pool(ligand, around: g), by: groups[g].type) }
        }
        for death in model.cellTypes[groups[g].type].life?.deaths ?? [] {
            for release in releases(death) {
                let p = pool(release.molecule, around: g)
                _ = gain(p)
                _ = account(p, .secreted)
            }
        }
    }
}

extension Model {
    /// Whether cells of a type may have been hit: as what they are, or as what they were.
    fileprivate func mayBeHurt(_ type: CellType) -> Bool {
        var (hurt, isGrowing) = (Set(cellTypes.filter { !killers(of: $0).isEmpty }.map(\.name)), true)
        while isGrowing {
            let more = cellTypes.filter { old in hurt.contains(old.name) }.flatMap { old in
                (old.life?.changes.map(\.into) ?? []) + (old.life?.deaths.compactMap(\.body) ?? [])
            }
            isGrowing = !hurt.isSuperset(of: more)
            hurt.formUnion(more)
        }
        return hurt.contains(type.name)
    }

    /// Whether daughters of some type make a receptor anew up to their mother's number.
    fileprivate func isCopied(_ receptor: Int) -> Bool {
        cellTypes.contains { $0.life?.division?.daughters[receptors[receptor].name] == .copy }
    }

    /// Whether there may be more cells of a type than are placed.
    func mayGrow(_ type: CellType) -> Bool { newcomers.contains(type.name) || happens(.division, to: type) }

    /// Types whose cells kill cells of a type, and how.
    func killers(of target: CellType) -> [(killer: Int, killing: Killing)] {
        cellTypes.enumerated().flatMap { index, killer in
            (killer.life?.kills ?? []).filter {
                $0.target == target.name && happens(.killing(target.name), to: killer)
            }.map { (index, $0) }
        }
    }
}

extension CellType {
    /// Whether its cells may be of another type one day, dead or alive.
    fileprivate func mayBecome(_ other: String) -> Bool {
        life?.changes.contains { $0.into == other } == true || life?.deaths.contains { $0.body == other } == true
    }
}

extension Formula {
    /// A rate where a number of cells is 1, and 0 where it is 0, also where the rate is then no number.
    ///
    /// What is always a number is multiplied by it, and stays a product.
    func whereOne(_ count: String) -> Formula {
        var isSafe = true
        visit { part in
            if case .call(let function, _) = part, ![.plus, .minus, .times, .negative].contains(function) {
                isSafe = false
            }
            if case .piecewise = part { isSafe = false }
        }
        if isSafe { return .name(count) * self }
        let isThere = Formula.call(.greater, [.name(count), .number(0)])
        return .piecewise([Piece(value: self, condition: isThere)], otherwise: .number(0))
    }
}
