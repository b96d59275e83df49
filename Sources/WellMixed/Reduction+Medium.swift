import Biology

/// A dissolved molecule in the network, and the accounts of what became of it.
struct MediumMolecule: Sendable {
    /// Its amount in the medium.
    var species: String
    /// Held by a wall: what cells take comes in, what they give goes out.
    var isHeld: Bool
    /// Molecules at the start, before a wall took hold.
    var atStart: Double
    /// Names of accounts by what they count; each only ever grows.
    var accounts: [LedgerEntry: String] = [:]
    /// Taken into cells, by cell type.
    var internalised: [Int: String] = [:]
    /// Bound to and set free by another dissolved molecule: accounts that count for it and against it.
    var gained: [String] = []
    var lost: [String] = []
}

extension Reduction {
    /// Molecules, their decay, their walls and what they do to each other.
    mutating func addMolecules() {
        for (m, molecule) in model.molecules.enumerated() {
            let held = heldConcentration(molecule)
            let start = whole(molecule.starts.value * volume)
            let name = names.name(molecule.name)
            let now = held.map { $0 * volume } ?? start
            addSpecies(name, now, isHeld: held != nil)
            medium.append(MediumMolecule(species: name, isHeld: held != nil, atStart: start))
            if let held { takeHold(m, before: start, after: held * volume) }
        }
        for (m, molecule) in model.molecules.enumerated() {
            if molecule.decay.value > 0 {
                let rate = parameter(names.name("decay", molecule.name), molecule.decay.value)
                react(
                    names.name("decay", "of", molecule.name), lose(m), [account(m, .decayed)] + lent(m),
                    at: rate * amount(m))
            }
            if !medium[m].isHeld { addWalls(m) }
        }
        for (m, molecule) in model.molecules.enumerated() {
            if let pair = molecule.association { associate(pair, into: m) }
        }
    }

    // MARK: - One molecule more or less

    func amount(_ molecule: Int) -> Formula { .name(medium[molecule].species) }
    func concentration(_ molecule: Int) -> Formula { amount(molecule) / .name(Reduction.mediumName) }

    /// What a reaction lists where one molecule leaves the medium, and `lent` among its products.
    func lose(_ molecule: Int) -> [String] { medium[molecule].isHeld ? [] : [medium[molecule].species] }

    /// The wall that holds a molecule makes good for one that left the medium.
    mutating func lent(_ molecule: Int) -> [String] { medium[molecule].isHeld ? [account(molecule, .entered)] : [] }

    /// What a reaction lists among its products where one molecule comes into the medium.
    mutating func gain(_ molecule: Int) -> [String] {
        [medium[molecule].isHeld ? account(molecule, .left) : medium[molecule].species]
    }

    /// The account of one kind, made when it is first needed.
    mutating func account(_ molecule: Int, _ entry: LedgerEntry) -> String {
        if let known = medium[molecule].accounts[entry] { return known }
        let name = names.name(model.molecules[molecule].name, entry.rawValue)
        addSpecies(name, 0)
        medium[molecule].accounts[entry] = name
        return name
    }

    mutating func internalised(_ molecule: Int, by type: Int) -> String {
        if let known = medium[molecule].internalised[type] { return known }
        let name = names.name(model.molecules[molecule].name, "internalised", "by", model.cellTypes[type].name)
        addSpecies(name, 0)
        medium[molecule].internalised[type] = name
        return name
    }

    // MARK: - Walls

    /// Where a wall holds a concentration, the mixed medium is at it; `nil` where none does.
    private mutating func heldConcentration(_ molecule: Molecule) -> Double? {
        var held: [Double] = []
        for face in Face.all where !model.space.periodic.contains(face.axis) {
            if case .fixed(let concentration) = model.wall(of: molecule, at: face) { held.append(concentration.value) }
        }
        guard let first = held.first else { return nil }
        if held.contains(where: { $0 != first }) {
            refuse(
                "molecules.\(molecule.name).walls",
                "walls hold '\(molecule.name)' at different concentrations: a mixed medium has only one",
                "give all its fixed walls one concentration, or run it with space ('paracrine run')")
        }
        return first
    }

    /// At the start the wall brings in, or takes out, what the medium differs by.
    private mutating func takeHold(_ molecule: Int, before: Double, after: Double) {
        let name = account(molecule, after >= before ? .entered : .left)
        guard let place = network.species.firstIndex(where: { $0.name == name }) else { return }
        let crossed = whole(abs(after - before))
        network.species[place].initial = .amount(crossed)
        // By chance whole molecules cross, and what is held need not be whole: the part of one was there at the start.
        medium[molecule].atStart = after >= before ? after - crossed : after + crossed
    }

    private mutating func addWalls(_ m: Int) {
        let molecule = model.molecules[m]
        let edges = zip(model.space.voxels, [0, 1, 2]).map { Double($0.0) * model.space.spacing.value }
        for face in Face.all where !model.space.periodic.contains(face.axis) {
            let area = volume / edges[face.axis.rawValue]
            let end = face.isUpper ? "high" : "low"
            switch model.wall(of: molecule, at: face) {
            case .noFlux, .fixed, .exchange: continue
            case .flux(let flux) where flux.value == 0: continue
            case .flux(let flux):
                let rate = parameter(names.name("inflow", molecule.name, "\(face.axis)", end), flux.value * area)
                react(
                    names.name(molecule.name, "in", "through", "\(face.axis)", end), [],
                    gain(m) + [account(m, .entered)], at: rate)
            case .permeable(let permeability, _) where permeability.value == 0: continue
            case .permeable(let permeability, let outside):
                let through = parameter(
                    names.name("permeability", molecule.name, "\(face.axis)", end), permeability.value * area)
                let beyond = parameter(names.name("outside", molecule.name, "\(face.axis)", end), outside.value)
                let ways = crossing(through * beyond, through * concentration(m))
                react(
                    names.name(molecule.name, "out", "through", "\(face.axis)", end), lose(m), [account(m, .left)],
                    at: ways.out)
                react(
                    names.name(molecule.name, "in", "through", "\(face.axis)", end), [],
                    gain(m) + [account(m, .entered)], at: ways.in)
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

    private mutating func associate(_ pair: SolubleAssociation, into complex: Int) {
        guard let first = model.molecules.firstIndex(where: { $0.name == pair.first }),
            let second = model.molecules.firstIndex(where: { $0.name == pair.second })
        else { return }
        let name = model.molecules[complex].name
        let kOn = parameter(names.name("k_on", name), pair.kOn.value)
        let kOff = parameter(names.name("k_off", name), pair.kOff.value)
        let (formed, split) = (names.name(name, "formed"), names.name(name, "split"))
        addSpecies(formed, 0)
        addSpecies(split, 0)
        medium[complex].gained.append(formed)
        medium[complex].lost.append(split)
        for part in [first, second] {
            medium[part].gained.append(split)
            medium[part].lost.append(formed)
        }
        let size = Formula.name(Reduction.mediumName)
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
