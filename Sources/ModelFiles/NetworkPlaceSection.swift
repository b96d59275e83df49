import Biology

/// `in:` and `molecules:` of a network, as far as they could be read.
struct WrittenNetworkPlace {
    var place: NetworkPlace
    /// Where the place stands in the file.
    var at: Place
    /// The network's names of molecules, in the order of the file.
    var species: [(name: String, at: Place)]
}

extension Reading {
    /// The place whose dissolved molecules a network shares; `nil` where it shares none.
    func networkPlace(_ entry: Entry) -> WrittenNetworkPlace? {
        let (inside, table) = (entry.branch("in"), entry.table("molecules"))
        guard inside != nil || table != nil else { return nil }
        let known = vocabulary.networkPlaces
        guard let inside else {
            findings.error(
                table?.place ?? entry.place, "'\(entry.path)' names dissolved molecules, but not where they are",
                fix: "add 'in: NAME' with one of: \(known.joined(separator: ", "))")
            return written(NetworkPlace.medium, at: table?.place ?? entry.place, table)
        }
        guard let name = text(inside, path: entry.path(of: "in")) else { return nil }
        if !known.contains(name) {
            findings.error(
                inside.place, "\(entry.path(of: "in")): no compartment or tissue has the name '\(name.shortened)'",
                fix: Suggestion.didYouMean(name, among: known) ?? "use one of: \(known.joined(separator: ", "))")
        }
        if table?.fields.isEmpty ?? true {
            findings.error(
                inside.place, "'\(entry.path)' is in '\(name.shortened)' and shares no molecule with it",
                fix: "add 'molecules: {SPECIES: MOLECULE}', or remove 'in'")
        }
        return written(name, at: inside.place, table)
    }

    private func written(_ name: String, at place: Place, _ table: Entry?) -> WrittenNetworkPlace {
        var found = WrittenNetworkPlace(place: NetworkPlace(name: name, molecules: [:]), at: place, species: [])
        for field in table?.fields ?? [] {
            found.species.append((field.key, field.keyPlace))
            guard let table, let molecule = text(field.value, path: table.path(of: field.key)) else { continue }
            let (spot, other) = (field.value.place, found.place.molecules.first { $0.value == molecule }?.key)
            let isCompartment = vocabulary.compartments.contains { $0.name == name }
            if !vocabulary.molecules.contains(molecule) {
                undefined("molecule", molecule, among: vocabulary.molecules, section: "molecules", at: spot)
            } else if let other {
                findings.error(
                    spot, "\(table.path(of: field.key)): '\(molecule)' is '\(other)' already",
                    fix: "keep one of the two names")
            } else if isCompartment, vocabulary.carried[molecule]?.contains(name) != true {
                findings.error(
                    spot, "\(table.path(of: field.key)): '\(molecule)' does not go into '\(name)'",
                    fix: "add '\(name): {}' to molecules.\(molecule), or '\(name): {half-life: 5 h}'")
            }
            found.place.molecules[field.key] = molecule
        }
        return found
    }
}

extension Vocabulary {
    /// Where a network may meet dissolved molecules.
    var networkPlaces: [String] { (organs.isEmpty ? [NetworkPlace.medium] : organs) + compartments.map(\.name) }
}

extension ModelReader {
    /// Gives networks that share dissolved molecules what the model says of them: the volume and how much there is.
    ///
    /// A file says the volume itself, and it must be the same.
    func completeNetworks(_ model: inout Model) {
        for index in model.networks.indices {
            let network = model.networks[index]
            guard let place = network.place, case .reactions(var own) = network.content,
                let volume = model.volume(of: place)
            else { continue }
            if let file = network.file {
                checkVolumes(of: own, network, place, volume, file)
                continue
            }
            for c in own.compartments.indices where own.compartments[c].name == place.name {
                own.compartments[c].size = volume
            }
            for s in own.species.indices {
                guard let molecule = place.molecules[own.species[s].name].flatMap(model.molecule) else { continue }
                let kinetics = model.kinetics(of: molecule, in: place.name)
                own.species[s].initial = .concentration((kinetics?.starts ?? molecule.starts).value)
            }
            model.networks[index].content = .reactions(own)
        }
    }

    private func checkVolumes(
        of own: ReactionNetwork, _ network: ModelNetwork, _ place: NetworkPlace, _ volume: Double, _ file: String
    ) {
        let known = own.species.filter { place.molecules[$0.name] != nil && network.dimensions[$0.name] != nil }
        let compartments = Set(known.map(\.compartment))
        for compartment in own.compartments where compartments.contains(compartment.name) {
            let size = (compartment.size ?? .nan) * (own.units.volume ?? .nan)
            if compartment.isConstant, abs(size / volume - 1) <= 1e-9 { continue }
            let said = size.isNaN ? "computed" : QuantityText.describe(size, Dimension(length: 3))
            findings.error(
                places["networks.\(network.name)"] ?? root.place,
                "networks.\(network.name): the volume of '\(compartment.name)' in \(file) is \(said), and that of '\(place.name)' is \(QuantityText.describe(volume, Dimension(length: 3)))",
                fix: "give both the same volume")
        }
    }
}

extension Model {
    /// µm³; `nil` for one that is not there.
    fileprivate func volume(of place: NetworkPlace) -> Double? {
        if let compartment = compartment(place.name) { return compartment.volume.value }
        let tissue = tissues.first { $0.name == place.name || ($0.name == nil && place.name == NetworkPlace.medium) }
        return tissue.map { tissue in
            tissue.model.space.voxels.reduce(1) { $0 * Double($1) * tissue.model.space.spacing.value }
        }
    }
}
