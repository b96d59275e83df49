/// One thing taken out of a model; everything else stays as it was.
public enum Knockout: Hashable, Sendable {
    /// Nobody secretes it, it starts at 0 and none enters; what contains it (a complex in the medium) goes with it.
    case molecule(String)
    /// No cell has any, and no rule makes any; nothing goes towards what it binds.
    case receptor(String)
    /// Its cells are gone, and none become it; those of others stand where they stood. Of bodies: none remain.
    case cellType(String)
    /// By its place in the model's rules.
    case rule(Int)
    /// By its place in the model's blocks.
    case block(Int)

    /// "molecule", "receptor", "cell type" or "rule".
    public var kind: String {
        switch self {
        case .molecule: "molecule"
        case .receptor: "receptor"
        case .cellType: "cell type"
        case .rule, .block: "rule"
        }
    }
}

extension Model {
    /// Everything that can be taken out, in the order of the file.
    public var knockouts: [Knockout] {
        molecules.map { .molecule($0.name) } + receptors.map { .receptor($0.name) }
            + cellTypes.map { .cellType($0.name) } + rules.indices.map { .rule($0) } + blocks.indices.map { .block($0) }
    }

    /// A knockout's name for people: that of the thing, or the line of the rule.
    public func name(of knockout: Knockout) -> String {
        switch knockout {
        case .molecule(let name), .receptor(let name), .cellType(let name): name
        case .rule(let index): rules[index].text
        case .block(let index): blocks[index].text
        }
    }

    /// The model without a thing.
    ///
    /// Names stay, so that what reads the thing reads 0. The cells of a type that is taken out are to be left out by
    /// whoever places them, so that all others keep their ids, places and draws.
    public func without(_ knockout: Knockout) -> Model {
        var model = self
        switch knockout {
        case .molecule(let name):
            for gone in containing(name) { model.remove(molecule: gone) }
        case .receptor(let name): model.remove(receptor: name)
        case .cellType(let name): model.remove(cellType: name)
        case .rule(let index): model.rules.remove(at: index)
        case .block(let index): model.blocks.remove(at: index)
        }
        return model
    }

    /// A molecule and every complex in the medium that it is part of, through others too.
    private func containing(_ name: String) -> Set<String> {
        var found: Set<String> = [name]
        var count = 0
        while count < found.count {
            count = found.count
            for molecule in molecules {
                guard let parts = molecule.association else { continue }
                if found.contains(parts.first) || found.contains(parts.second) { found.insert(molecule.name) }
            }
        }
        return found
    }

    private mutating func remove(molecule name: String) {
        for index in molecules.indices where molecules[index].name == name {
            molecules[index].starts = .zero
            for place in (molecules[index].compartments ?? []).indices {
                molecules[index].compartments?[place].starts = .zero
            }
            // What binds in the medium then stays apart.
            molecules[index].association = nil
            for face in Face.all {
                guard let wall = molecules[index].walls[face] ?? space.walls[face] else { continue }
                molecules[index].walls[face] = wall.withoutInflow
            }
        }
        for index in cellTypes.indices where cellTypes[index].secretes[name] != nil {
            cellTypes[index].secretes[name] = Spread(0)
        }
        for index in cellTypes.indices { cellTypes[index].life?.removeReleases(of: name) }
        for index in networks.indices { networks[index].remove(molecule: name) }
        rules.removeAll { $0.behaviour == .secretion(name) }
        treatments.removeAll { $0.molecule == name }
    }

    private mutating func remove(receptor name: String) {
        for index in cellTypes.indices {
            let type = cellTypes[index]
            let isMade = rules.contains { $0.cellType == type.name && $0.behaviour == .expression(name) }
            if type.receptors[name] != nil || isMade { cellTypes[index].receptors[name] = .spread(Spread(0)) }
        }
        for index in cellTypes.indices { cellTypes[index].life?.remove(receptor: name) }
        rules.removeAll { $0.behaviour == .expression(name) || $0.behaviour == .attraction(name) }
    }

    private mutating func remove(cellType name: String) {
        recruitments?.removeAll { $0.cellType == name }
        cellDoses?.removeAll { $0.cellType == name }
        for index in cellTypes.indices { cellTypes[index].life?.remove(cellType: name) }
        rules.removeAll {
            [.change(name), .killing(name), .engulfing(name), .recruitment(name), .adhesion(name)].contains(
                $0.behaviour)
        }
    }
}

extension ModelNetwork {
    /// The species that are the molecule stay 0, whatever would make them.
    fileprivate mutating func remove(molecule: String) {
        guard let gone = place?.molecules.filter({ $0.value == molecule }), case .reactions(var network) = content
        else { return }
        for index in network.species.indices where gone[network.species[index].name] != nil {
            network.species[index].initial = .amount(0)
            (network.species[index].isBoundary, network.species[index].isConstant) = (true, true)
        }
        network.initialAssignments.removeAll { gone[$0.name] != nil }
        content = .reactions(network)
        for species in gone.keys { place?.molecules[species] = nil }
    }
}

extension CellLife {
    fileprivate mutating func removeReleases(of molecule: String) {
        for index in deaths.indices { deaths[index].releases[molecule] = nil }
    }

    fileprivate mutating func remove(receptor name: String) {
        motion?.towards.removeAll { $0.receptor == name }
        division?.daughters[name] = nil
    }

    /// What becomes, kills or eats the type, and bodies of that name.
    fileprivate mutating func remove(cellType name: String) {
        // It stays a type that may arise, which need not be placed.
        for index in changes.indices where changes[index].into == name { changes[index].hazard.rate = .zero }
        kills.removeAll { $0.target == name }
        eats.removeAll { $0.target == name }
        for index in deaths.indices where deaths[index].body == name { deaths[index].body = nil }
    }
}

extension Wall {
    /// The wall where nothing is outside: what it lets out, it still lets out.
    var withoutInflow: Wall {
        switch self {
        case .noFlux, .exchange: self
        case .fixed: .fixed(.zero)
        case .flux(let inflow): inflow.value > 0 ? .noFlux : self
        case .permeable(let permeability, _): .permeable(permeability, outside: .zero)
        }
    }
}
