/// A vessel in the tissue: molecules cross its surface between tissue and a compartment, and cells may come out of it.
///
/// A tube exchanges over its surface, a set of voxels over the faces that it shares with tissue. The concentration beside
/// it is that of the voxel.
public struct Vessel: Hashable, Sendable, Codable {
    public var name: String
    /// The compartment that flows in it.
    public var compartment: String
    public var shape: Obstacle.Shape

    public init(name: String, compartment: String, shape: Obstacle.Shape) {
        self.name = name
        self.compartment = compartment
        self.shape = shape
    }
}

/// One of several tissues of a model, joined with the others by compartments; what its cells are and do is the model's.
public struct Organ: Hashable, Sendable, Codable {
    public var name: String
    public var space: Space
    public var placements: [Placement]
    /// How many cells of each type it has, where no placement says it; a type that is neither here nor placed by name
    /// is not in it.
    public var counts: [String: CellCount]
    public var vessels: [Vessel]

    public init(name: String, space: Space) {
        self.name = name
        self.space = space
        placements = []
        counts = [:]
        vessels = []
    }
}

extension Model {
    /// Whether anything is outside the tissue, so that it takes a body to run the model.
    public var hasBody: Bool { !(compartments ?? []).isEmpty || !(organs ?? []).isEmpty || receivesCells }

    /// Whether cells come into tissue from outside.
    public var receivesCells: Bool { !(recruitments ?? []).isEmpty || !(cellDoses ?? []).isEmpty }

    /// The tissue of an organ as a model of its own: its space, places and counts, and everything that all share.
    public func tissue(of organ: Organ) -> Model {
        var model = self
        model.organs = nil
        model.space = organ.space
        model.placements = organ.placements
        model.vessels = organ.vessels
        model.networks = networks.compactMap { network in
            guard var place = network.place else { return network }
            guard place.name == organ.name else { return nil }
            place.name = NetworkPlace.medium
            var own = network
            own.place = place
            return own
        }
        let named = Set(organ.placements.compactMap(\.cellType))
        for index in model.cellTypes.indices {
            let name = model.cellTypes[index].name
            model.cellTypes[index].count = organ.counts[name] ?? (named.contains(name) ? nil : .number(0))
        }
        return model
    }

    /// What the fields of a molecule are called: "IL-6", or "IL-6 in gut" and so on where there are several tissues.
    public func fieldNames(of molecule: String) -> [String] {
        guard let organs, !organs.isEmpty else { return [molecule] }
        return organs.map { "\(molecule) in \($0.name)" }
    }

    /// The molecule whose field has a name, and the place of its tissue.
    public func field(named name: String) -> (molecule: String, tissue: Int) {
        for (place, organ) in (organs ?? []).enumerated() where name.hasSuffix(" in \(organ.name)") {
            return (String(name.dropLast(organ.name.count + 4)), place)
        }
        return (name, 0)
    }

    /// Every tissue as a model of its own, with its name; one without a name where the model has no organs.
    public var tissues: [(name: String?, model: Model)] {
        guard let organs, !organs.isEmpty else { return [(nil, self)] }
        return organs.map { ($0.name, tissue(of: $0)) }
    }
}
