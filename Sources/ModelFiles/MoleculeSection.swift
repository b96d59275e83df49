import Biology

extension ModelReader {
    mutating func readMolecules(_ section: Entry, periodic: Set<Axis>) -> [Molecule] {
        let entries = section.entries()
        // Masses first: a concentration in pg/mL may stand before or after the mass it needs.
        for (field, entry) in entries {
            places[entry.path] = field.keyPlace
            if let branch = entry.fields.first(where: { $0.key == "mass" })?.value,
                let mass = reading.quantity(branch, path: entry.path(of: "mass"), of: MolarMass.self, .positive)
            {
                reading.vocabulary.masses[field.key] = mass
            }
        }
        let molecules = entries.compactMap { readMolecule($0.entry, name: $0.field.key, periodic: periodic) }
        refuseCircles(molecules, entries)
        return molecules
    }

    private func readMolecule(_ entry: Entry, name: String, periodic: Set<Axis>) -> Molecule? {
        let diffusion = entry.requiredQuantity(
            "diffusion", of: DiffusionCoefficient.self, .notNegative, example: "10 µm²/s")
        let decay = entry.quantity("decay", of: FirstOrderRate.self, .notNegative)
        _ = entry.branch("mass")
        let mass = vocabulary.mass(of: name)
        let starts = entry.quantity("starts", of: Concentration.self, .notNegative, mass: mass)
        let walls = entry.branch("walls").map { readWalls($0, path: entry.path(of: "walls"), mass: mass) }
        refuseWalls(entry, onAxes: periodic)
        let compartments = readKinetics(entry, mass: mass)
        let association = entry.table("complex").flatMap { readAssociation($0, name: name) }
        entry.expectNothingElse()
        guard let diffusion else { return nil }
        var molecule = Molecule(name: name, diffusion: diffusion, decay: decay ?? .zero)
        molecule.mass = mass.mass
        molecule.starts = starts ?? .zero
        molecule.walls = walls?.faces.filter { !periodic.contains($0.key.axis) } ?? [:]
        molecule.association = association
        molecule.compartments = compartments
        return molecule
    }

    /// A wall that was named where the box has none.
    private func refuseWalls(_ entry: Entry, onAxes periodic: Set<Axis>) {
        guard case .table(let fields)? = entry.branch("walls")?.content else { return }
        for field in fields {
            guard let axis = field.key.first.flatMap({ Axis(named: String($0)) }), periodic.contains(axis) else {
                continue
            }
            findings.error(
                field.keyPlace,
                "'\(entry.path).walls' has a wall on the \(axis) axis, which 'space.walls' makes periodic",
                fix: "remove the wall, or the periodic axis")
        }
    }

    private func readAssociation(_ entry: Entry, name: String) -> SolubleAssociation? {
        let partners = readPair(entry, "of", example: "[IL-2, anti-IL-2]")
        let kOn = entry.requiredQuantity("k_on", of: AssociationRate.self, .notNegative, example: "1 /nM/h")
        let kOff = entry.requiredQuantity("k_off", of: FirstOrderRate.self, .notNegative, example: "0.1 /h")
        entry.expectNothingElse()
        guard let partners, let kOn, let kOff else { return nil }
        var isGood = true
        for partner in partners {
            if !vocabulary.molecules.contains(partner.text) {
                reading.undefined(
                    "molecule", partner.text, among: vocabulary.molecules, section: "molecules", at: partner.place)
                isGood = false
            } else if partner.text == name {
                findings.error(
                    partner.place, "\(entry.path): '\(name)' cannot be a part of itself",
                    fix: "name the two molecules that bind each other")
                isGood = false
            }
        }
        guard isGood else { return nil }
        return SolubleAssociation(first: partners[0].text, second: partners[1].text, kOn: kOn, kOff: kOff)
    }

    /// A list of two names.
    func readPair(_ entry: Entry, _ key: String, example: String) -> [(text: String, place: Place)]? {
        let path = entry.path(of: key)
        guard let branch = entry.required(key, example: example), let items = reading.list(branch, path: path) else {
            return nil
        }
        guard items.count == 2 else {
            findings.error(
                branch.place, "\(path): expected two names, found \(items.count)", fix: "write it as \(key): \(example)"
            )
            return nil
        }
        let names = items.compactMap { item in reading.text(item, path: path).map { (text: $0, place: item.place) } }
        return names.count == 2 ? names : nil
    }

    /// A complex that is, through others, a part of itself.
    private func refuseCircles(_ molecules: [Molecule], _ entries: [(field: Branch.Field, entry: Entry)]) {
        var parts: [String: [String]] = [:]
        for molecule in molecules { parts[molecule.name] = molecule.association.map { [$0.first, $0.second] } ?? [] }
        refuseCircles(parts, entries, kind: "molecules")
    }

    func refuseCircles(_ parts: [String: [String]], _ entries: [(field: Branch.Field, entry: Entry)], kind: String) {
        for (field, _) in entries {
            var seen: Set<String> = []
            var next = parts[field.key] ?? []
            while let part = next.popLast() {
                if part == field.key {
                    findings.error(
                        field.keyPlace, "'\(kind).\(field.key)' is, through others, a part of itself",
                        fix: "name parts that do not contain it")
                    break
                }
                if seen.insert(part).inserted { next += parts[part] ?? [] }
            }
        }
    }
}
