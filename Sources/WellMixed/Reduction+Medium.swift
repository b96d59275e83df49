import Biology

extension Reduction {
    /// Molecules wherever they are dissolved, their decay and clearance, their walls and what they do to each other.
    mutating func addMolecules() {
        for (volume, given) in volumes.enumerated() {
            for (m, molecule) in model.molecules.enumerated() { addPool(m, molecule, in: volume, given.place) }
        }
        for p in pools.indices {
            let molecule = model.molecules[pools[p].molecule]
            switch volumes[pools[p].volume].place {
            case .tissue(let t):
                addLoss(p, molecule.decay, "decay", .decayed)
                if !pools[p].isHeld { addWalls(p, model.tissues[t].model) }
            case .compartment(let name):
                addLoss(p, model.kinetics(of: molecule, in: name)?.clearance ?? .zero, "clearance", .cleared)
            }
        }
        for (m, molecule) in model.molecules.enumerated() {
            guard let pair = molecule.association else { continue }
            for volume in volumes.indices { associate(pair, into: m, in: volume) }
        }
        addPassages()
    }

    /// A molecule is in every tissue, and in the compartments that it names.
    private mutating func addPool(_ m: Int, _ molecule: Molecule, in volume: Int, _ place: MixedVolume.Place) {
        var held: Double?
        let starts: Concentration
        switch place {
        case .tissue(let t): (held, starts) = (heldConcentration(molecule, model.tissues[t].model), molecule.starts)
        case .compartment(let name):
            guard let kinetics = model.kinetics(of: molecule, in: name) else { return }
            starts = kinetics.starts
        }
        let (size, label) = (volumes[volume].size, volumes[volume].label)
        let start = whole(starts.value * size)
        let name = names.name(label.isEmpty ? molecule.name : "\(molecule.name) in \(label)")
        addSpecies(name, held.map { $0 * size } ?? start, in: volume, isHeld: held != nil)
        pools.append(
            MoleculePool(molecule: m, volume: volume, species: name, isHeld: held != nil, atStart: start))
        if let held { takeHold(pools.count - 1, before: start, after: held * size) }
    }

    private mutating func addLoss(_ p: Int, _ rate: FirstOrderRate, _ word: String, _ entry: LedgerEntry) {
        guard rate.value > 0 else { return }
        let share = parameter(names.name(word, label(p)), rate.value)
        react(names.name(word, "of", label(p)), lose(p), [account(p, entry)] + lent(p), at: share * amount(p))
    }

    // MARK: - One molecule more or less

    func amount(_ pool: Int) -> Formula { .name(pools[pool].species) }
    func concentration(_ pool: Int) -> Formula { amount(pool) / .name(volumes[pools[pool].volume].name) }

    /// What a reaction lists where one molecule leaves a volume, and `lent` among its products.
    func lose(_ pool: Int) -> [String] { pools[pool].isHeld ? [] : [pools[pool].species] }

    /// The wall that holds a molecule makes good for one that left the medium.
    mutating func lent(_ pool: Int) -> [String] { pools[pool].isHeld ? [account(pool, .entered)] : [] }

    /// What a reaction lists among its products where one molecule comes into a volume.
    mutating func gain(_ pool: Int) -> [String] {
        [pools[pool].isHeld ? account(pool, .left) : pools[pool].species]
    }

    /// The account of one kind, made when it is first needed.
    mutating func account(_ pool: Int, _ entry: LedgerEntry) -> String {
        if let known = pools[pool].accounts[entry] { return known }
        let name = names.name(label(pool), entry.rawValue)
        addSpecies(name, 0, in: pools[pool].volume)
        pools[pool].accounts[entry] = name
        return name
    }

    mutating func internalised(_ pool: Int, by type: Int) -> String {
        if let known = pools[pool].internalised[type] { return known }
        let name = names.name(label(pool), "internalised", "by", model.cellTypes[type].name)
        addSpecies(name, 0, in: pools[pool].volume)
        pools[pool].internalised[type] = name
        return name
    }

    // MARK: - Walls

    /// Where a wall holds a concentration, the mixed medium is at it; `nil` where none does.
    ///
    /// Between two opposite walls that hold different ones it is at their mean, as with space however fast molecules diffuse.
    private mutating func heldConcentration(_ molecule: Molecule, _ tissue: Model) -> Double? {
        var held: [(face: Face, concentration: Double)] = []
        for face in Face.all where !tissue.space.periodic.contains(face.axis) {
            if case .fixed(let concentration) = tissue.wall(of: molecule, at: face) {
                held.append((face, concentration.value))
            }
        }
        guard let first = held.first else { return nil }
        guard held.contains(where: { $0.concentration != first.concentration }) else { return first.concentration }
        if held.count == 2, held[0].face.axis == held[1].face.axis {
            notes.append("\(molecule.name): the medium is held at the mean of what two opposite walls hold")
            return (held[0].concentration + held[1].concentration) / 2
        }
        refuse(
            "molecules.\(molecule.name).walls",
            "walls hold '\(molecule.name)' at different concentrations: a mixed medium has only one",
            "give all its fixed walls one concentration, or run it with space ('paracrine run')")
        return first.concentration
    }

    /// At the start the wall brings in, or takes out, what the medium differs by.
    private mutating func takeHold(_ pool: Int, before: Double, after: Double) {
        let name = account(pool, after >= before ? .entered : .left)
        guard let place = network.species.firstIndex(where: { $0.name == name }) else { return }
        let crossed = whole(abs(after - before))
        network.species[place].initial = .amount(crossed)
        // By chance whole molecules cross, and what is held need not be whole: the part of one was there at the start.
        pools[pool].atStart = after >= before ? after - crossed : after + crossed
    }

    private mutating func addWalls(_ p: Int, _ tissue: Model) {
        let molecule = model.molecules[pools[p].molecule]
        let (label, size) = (label(p), volumes[pools[p].volume].size)
        let edges = zip(tissue.space.voxels, [0, 1, 2]).map { Double($0.0) * tissue.space.spacing.value }
        for face in Face.all where !tissue.space.periodic.contains(face.axis) {
            let area = size / edges[face.axis.rawValue]
            let end = face.isUpper ? "high" : "low"
            switch tissue.wall(of: molecule, at: face) {
            case .noFlux, .fixed, .exchange: continue
            case .flux(let flux) where flux.value == 0: continue
            case .flux(let flux):
                let rate = parameter(names.name("inflow", label, "\(face.axis)", end), flux.value * area)
                react(
                    names.name(label, "in", "through", "\(face.axis)", end), [],
                    gain(p) + [account(p, .entered)], at: rate)
            case .permeable(let permeability, _) where permeability.value == 0: continue
            case .permeable(let permeability, let outside):
                let through = parameter(
                    names.name("permeability", label, "\(face.axis)", end), permeability.value * area)
                let beyond = parameter(names.name("outside", label, "\(face.axis)", end), outside.value)
                let ways = crossing(through * beyond, through * concentration(p))
                react(
                    names.name(label, "out", "through", "\(face.axis)", end), lose(p), [account(p, .left)],
                    at: ways.out)
                react(
                    names.name(label, "in", "through", "\(face.axis)", end), [],
                    gain(p) + [account(p, .entered)], at: ways.in)
            }
        }
    }

    /// Each way across a wall: by chance every molecule that crosses, as ODEs what is left of both, as in the tissue.
    private func crossing(_ inwards: Formula, _ outwards: Formula) -> (in: Formula, out: Formula) {
        guard method == .ode else { return (inwards, outwards) }
        let net = inwards - outwards
        return (.call(.max, [net, .number(0)]), .call(.max, [.call(.negative, [net]), .number(0)]))
    }

    // MARK: - Binding in the medium

    private mutating func associate(_ pair: SolubleAssociation, into molecule: Int, in volume: Int) {
        func place(_ name: String) -> Int? {
            model.molecules.firstIndex { $0.name == name }.flatMap { pool($0, in: volume) }
        }
        guard let first = place(pair.first), let second = place(pair.second), let complex = pool(molecule, in: volume)
        else { return }
        let name = label(complex)
        let kOn = parameter(names.name("k_on", name), pair.kOn.value)
        let kOff = parameter(names.name("k_off", name), pair.kOff.value)
        let (formed, split) = (names.name(name, "formed"), names.name(name, "split"))
        addSpecies(formed, 0, in: volume)
        addSpecies(split, 0, in: volume)
        pools[complex].gained.append(formed)
        pools[complex].lost.append(split)
        for part in [first, second] {
            pools[part].gained.append(split)
            pools[part].lost.append(formed)
        }
        let size = Formula.name(volumes[volume].name)
        // Two of one kind have one pair fewer by chance than their square says.
        let other = method == .ssa && first == second ? amount(second) - .number(1) : amount(second)
        react(
            names.name("formation", "of", name), lose(first) + lose(second),
            gain(complex) + lent(first) + lent(second) + [formed], at: kOn * amount(first) * other / size)
        react(
            names.name("splitting", "of", name), lose(complex), gain(first) + gain(second) + lent(complex) + [split],
            at: kOff * amount(complex))
    }
}
