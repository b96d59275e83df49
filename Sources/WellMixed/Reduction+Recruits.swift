import Biology
import Simulation

extension Reduction {
    // MARK: - Cells that come from outside

    /// Cells that compartments send into tissue, and those that are given.
    ///
    /// As in the tissue, but for the place: the rate × the tissue's volume, or the area of its vessels or walls, times the
    /// share at which what calls them does. They come with the mean numbers that their type states.
    mutating func addRecruits() {
        addStores()
        for recruitment in model.recruitments ?? [] {
            for g in groups.indices where model.cellTypes[groups[g].type].name == recruitment.cellType {
                let isFirst = groups[..<g].allSatisfy { $0.type != groups[g].type || $0.tissue != groups[g].tissue }
                if isFirst { recruit(recruitment, into: g) }
            }
        }
        for dose in model.cellDoses ?? [] { give(dose) }
    }

    /// Cells of a type that a compartment has no more of than it says, or than are given.
    private mutating func addStores() {
        for recruitment in model.recruitments ?? [] {
            let (type, place) = (recruitment.cellType, recruitment.compartment)
            let isGiven = (model.cellDoses ?? []).contains { $0.cellType == type && $0.into == place }
            guard stores[place]?[type] == nil,
                let volume = volumes.firstIndex(where: { $0.place == .compartment(place) }),
                let count = model.compartment(place)?.cells[type] ?? (isGiven ? 0 : nil)
            else { continue }
            let name = names.name("cells", type, "in", place)
            addSpecies(name, count, in: volume)
            stores[place, default: [:]][type] = name
        }
    }

    private mutating func recruit(_ recruitment: Recruitment, into g: Int) {
        let extent = extent(recruitment, model.tissues[groups[g].tissue].model, volumes[groups[g].tissue].size)
        guard extent > 0 else { return }
        let label = labels[g]
        var rate: Formula
        let rules = model.rulesOnRecruiting(recruitment.cellType)
        if rules.isEmpty {
            rate = parameter(names.name("most", "recruited", label), extent * recruitment.site.rate)
        } else {
            rate = parameter(names.name("extent", "of", label), extent) * .call(.max, [ruled(rules, g), .number(0)])
        }
        if let call = recruitment.call, let m = model.molecules.firstIndex(where: { $0.name == call.molecule }) {
            let above = concentration(pool(m, around: g)) - .number(call.from.value)
            let share = above / .number(call.to.value - call.from.value)
            rate = rate * .call(.min, [.number(1), .call(.max, [.number(0), share])])
        }
        let store = stores[recruitment.compartment]?[recruitment.cellType]
        if let store {
            let some = Formula.call(.greater, [.name(store), .number(0)])
            rate = .piecewise([Formula.Piece(value: rate, condition: some)], otherwise: .number(0))
        }
        let flux = assigned(names.name("recruits", label), rate)
        let name = names.name("recruiting", "of", label)
        guard let sum = living[g] else {
            react(name, store.map { [$0] } ?? [], [], at: .name(flux))
            comings.append((name, CellKind(type: groups[g].type, tissue: groups[g].tissue)))
            return
        }
        living[g]?.arriving.append(.name(flux))
        react(
            name, store.map { [$0] } ?? [],
            [sum.names[0]] + (sum.arrived.map { [$0] } ?? []) + unhurt(g), more: newcomer(g), at: .name(flux))
    }

    /// The rate that rules give per volume or area, with the medium as it is around a group.
    private func ruled(_ rules: [Rule], _ g: Int) -> Formula {
        let values = rules.map { rule in
            Formula.number(rule.from) + .number(rule.to - rule.from) * fraction(rule, g)
        }
        return combine(values, rules[0].behaviour, rules[0].from)
    }

    /// What a rate is multiplied by: the volume or area where cells come out.
    private func extent(_ recruitment: Recruitment, _ tissue: Model, _ volume: Double) -> Double {
        switch recruitment.site {
        case .everywhere: return volume
        case .vessels:
            let vessels = (tissue.vessels ?? []).filter { $0.compartment == recruitment.compartment }
            return vessels.reduce(0) { $0 + VesselSurface($1.shape, in: tissue.space).area }
        case .walls:
            return Face.all.filter { face in
                !tissue.space.periodic.contains(face.axis)
                    && tissue.space.walls[face] == .exchange(recruitment.compartment)
            }.reduce(0) { $0 + tissue.space.area(of: $1) }
        }
    }

    /// The free receptors that a cell comes with.
    private func newcomer(_ g: Int) -> [(species: String, number: Double)] {
        let mean = MixedGroup(model, type: groups[g].type, tissue: groups[g].tissue)
        return surfaces[groups[g].type].species.enumerated().compactMap { s, kind in
            guard case .surface(.free) = kind.kind, isKept(s, g) else { return nil }
            let number = whole(mean.receptors[kind.receptors[0]])
            return number > 0 ? (species[g][s], number) : nil
        }
    }

    /// Cells given at a time, into a compartment's store or a tissue.
    private mutating func give(_ dose: CellDose) {
        let name = names.name("cells", "given")
        if model.compartment(dose.into ?? "") != nil {
            guard let store = stores[dose.into ?? ""]?[dose.cellType] else { return }
            addEvent(name, at: dose.at.value, [(store, .name(store) + .number(dose.count))])
            return
        }
        let tissue = model.tissues.firstIndex { $0.name == dose.into } ?? 0
        let g = groups.firstIndex { model.cellTypes[$0.type].name == dose.cellType && $0.tissue == tissue }
        guard let g else { return }
        guard let sum = living[g] else {
            let kind = CellKind(type: groups[g].type, tissue: tissue)
            given.append((dose.at.value, kind, Int(dose.count.rounded())))
            doses.append(Dose(time: dose.at.value, places: [], amount: 0))
            return
        }
        refuseLags(dose)
        var places = [(species: sum.names[0], number: 1.0)] + newcomer(g)
        places += ((sum.arrived.map { [$0] } ?? []) + unhurt(g)).map { ($0, 1) }
        let changes = places.map { (species: $0.species, amount: $0.number * dose.count) }
        addEvent(name, at: dose.at.value, changes.map { ($0.species, .name($0.species) + .number($0.amount)) })
        doses += changes.map { Dose(time: dose.at.value, places: [$0.species], amount: $0.amount) }
    }

    /// Many that come at once have no past to mix with that of those that are there.
    private mutating func refuseLags(_ dose: CellDose) {
        for (index, rule) in model.rules.enumerated()
        where rule.cellType == dose.cellType && (rule.delay.value > 0 || rule.halfTime.value > 0) {
            refuse(
                "rules.\(index + 1)",
                "cells of '\(dose.cellType)' are given, each with a past of its own, and the rule keeps one for all",
                "write the rule without delay and half-time, or run it by chance (--ssa) or with space ('paracrine run')"
            )
        }
    }
}

extension Space {
    /// Of a face of the box, µm².
    func area(of face: Face) -> Double {
        voxels.enumerated().reduce(1) { area, edge in
            edge.offset == face.axis.rawValue ? area : area * Double(edge.element) * spacing.value
        }
    }
}

extension Model {
    /// Types of which cells come into tissue from outside.
    var comers: Set<String> {
        let places = Set((compartments ?? []).map(\.name))
        let given = (cellDoses ?? []).filter { !places.contains($0.into ?? "") }
        return Set((recruitments ?? []).map(\.cellType) + given.map(\.cellType))
    }

    /// Types of which there may be more cells than are placed and their daughters: others become them, or they come.
    var newcomers: Set<String> { arising.union(comers) }
}
