/// The reactions on the surface of one cell type's cells, by index.
///
/// Species are numbers of molecules on one cell: each receptor free, bound to each of its ligands, and internalised;
/// and each complex.
public struct SurfaceReactions: Sendable {
    public struct Species: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            case surface(SurfaceSpecies)
            case internalised(receptor: String)
        }
        public var kind: Kind
        /// Receptors in one of it, by index in the model; a complex may hold one twice.
        public var receptors: [Int]
        /// Molecules bound in one of it, by index in the model.
        public var ligands: [Int]
        public var isOnSurface: Bool {
            if case .surface = kind { return true }
            return false
        }
    }

    /// L + R ⇌ B; `ligand` by index in the model.
    public struct Binding: Sendable {
        public var ligand: Int
        public var free: Int
        public var bound: Int
        public var kOn: Double
        public var kOff: Double
    }

    /// A + B ⇌ C on the surface.
    public struct Joining: Sendable {
        public var first: Int
        public var second: Int
        public var joined: Int
        public var kOn: Double
        public var kOff: Double
    }

    /// First-order loss of one species, giving some others.
    public struct Flow: Sendable {
        public var from: Int
        public var rate: Double
        public var to: [Int]
        /// Molecules (by index in the model) that leave the cell's surface for its inside.
        public var internalised: [Int]
    }

    /// Made at `rate` × the cell's stated number of the receptor.
    public struct Synthesis: Sendable {
        public var receptor: Int
        public var species: Int
        public var rate: Double
    }

    public private(set) var species: [Species] = []
    public private(set) var bindings: [Binding] = []
    public private(set) var joinings: [Joining] = []
    public private(set) var flows: [Flow] = []
    public private(set) var syntheses: [Synthesis] = []
    /// For each of the model's molecules, whether cells of this type bind it.
    public private(set) var binds: [Bool]

    public func index(_ kind: Species.Kind) -> Int? { species.firstIndex { $0.kind == kind } }

    /// Compiles the receptors and complexes that a cell type can have.
    ///
    /// `expressed`: Indices in the model of the receptors and chains that cells of the type may carry.
    public init(_ model: Model, expressed: [Int]) {
        let molecule = Dictionary(uniqueKeysWithValues: model.molecules.enumerated().map { ($1.name, $0) })
        binds = model.molecules.map { _ in false }
        for r in expressed {
            let receptor = model.receptors[r]
            species.append(Species(kind: .surface(.free(receptor.name)), receptors: [r], ligands: []))
            for binding in receptor.ligands {
                guard let ligand = molecule[binding.ligand] else { continue }
                let bound = SurfaceSpecies.bound(receptor: receptor.name, ligand: binding.ligand)
                species.append(Species(kind: .surface(bound), receptors: [r], ligands: [ligand]))
                binds[ligand] = true
            }
        }
        addComplexes(model)
        for r in expressed {
            species.append(
                Species(kind: .internalised(receptor: model.receptors[r].name), receptors: [r], ligands: []))
        }
        for r in expressed { addBindings(of: model.receptors[r], r, model, molecule) }
        for complex in model.complexes { addJoining(complex, model) }
    }

    /// Complexes whose partners this type has, in whatever order the file names them.
    private mutating func addComplexes(_ model: Model) {
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for complex in model.complexes where index(.surface(.complex(complex.name))) == nil {
                guard let a = index(.surface(complex.first)), let b = index(.surface(complex.second)) else { continue }
                species.append(
                    Species(
                        kind: .surface(.complex(complex.name)), receptors: species[a].receptors + species[b].receptors,
                        ligands: species[a].ligands + species[b].ligands))
                isGrowing = true
            }
        }
    }

    /// Its bindings, the loss of what is bound, and where it comes from.
    private mutating func addBindings(of receptor: Receptor, _ r: Int, _ model: Model, _ molecule: [String: Int]) {
        guard let free = index(.surface(.free(receptor.name))) else { return }
        for binding in receptor.ligands {
            let kind = SurfaceSpecies.bound(receptor: receptor.name, ligand: binding.ligand)
            guard let bound = index(.surface(kind)), let ligand = molecule[binding.ligand] else { continue }
            bindings.append(
                Binding(ligand: ligand, free: free, bound: bound, kOn: binding.kOn.value, kOff: binding.kOff.value))
            if binding.endocytosis.value > 0 {
                flows.append(endocytosis(of: bound, rate: binding.endocytosis.value, model))
            }
        }
        addTurnover(of: receptor, r, free: free)
    }

    private mutating func addJoining(_ complex: SurfaceComplex, _ model: Model) {
        guard let joined = index(.surface(.complex(complex.name))), let first = index(.surface(complex.first)),
            let second = index(.surface(complex.second))
        else { return }
        joinings.append(
            Joining(first: first, second: second, joined: joined, kOn: complex.kOn.value, kOff: complex.kOff.value))
        if complex.endocytosis.value > 0 {
            flows.append(endocytosis(of: joined, rate: complex.endocytosis.value, model))
        }
    }

    /// Receptor and ligand leave the surface together; a held receptor is replaced by a free one.
    private func endocytosis(of from: Int, rate: Double, _ model: Model) -> Flow {
        var to: [Int] = []
        for r in species[from].receptors {
            let receptor = model.receptors[r]
            if case .held = receptor.supply, let free = index(.surface(.free(receptor.name))) { to.append(free) }
            if let inside = index(.internalised(receptor: receptor.name)) { to.append(inside) }
        }
        return Flow(from: from, rate: rate, to: to, internalised: species[from].ligands)
    }

    private mutating func addTurnover(of receptor: Receptor, _ r: Int, free: Int) {
        if let inside = index(.internalised(receptor: receptor.name)) {
            // A held receptor is replaced when it is internalised, so what recycles must not add to it.
            if receptor.recycling.value > 0 {
                var back = [free]
                if case .held = receptor.supply { back = [] }
                flows.append(Flow(from: inside, rate: receptor.recycling.value, to: back, internalised: []))
            }
            if receptor.degradation.value > 0 {
                flows.append(Flow(from: inside, rate: receptor.degradation.value, to: [], internalised: []))
            }
        }
        if case .turnover(let loss) = receptor.supply {
            flows.append(Flow(from: free, rate: loss.value, to: [], internalised: []))
            syntheses.append(Synthesis(receptor: r, species: free, rate: loss.value))
        }
    }

    // MARK: - What a receptor's aspects count

    /// Species whose numbers add up to an aspect of a receptor; of its occupancy, those that are bound.
    public func counted(_ aspect: ReceptorAspect, of receptor: String, _ model: Model) -> [Int] {
        switch aspect {
        case .free: index(.surface(.free(receptor))).map { [$0] } ?? []
        case .internalised: index(.internalised(receptor: receptor)).map { [$0] } ?? []
        case .total: onSurface(receptor, model) { _ in true }
        case .bound, .occupancy: onSurface(receptor, model) { isSignalling($0, model) }
        }
    }

    /// Species that hold a receptor with this ligand bound.
    public func counted(bound ligand: String, to receptor: String, _ model: Model) -> [Int] {
        guard let m = model.molecules.firstIndex(where: { $0.name == ligand }) else { return [] }
        return onSurface(receptor, model) { $0.ligands.contains(m) }
    }

    private func onSurface(_ receptor: String, _ model: Model, where holds: (Species) -> Bool) -> [Int] {
        guard let r = model.receptors.firstIndex(where: { $0.name == receptor }) else { return [] }
        return species.indices.filter {
            species[$0].isOnSurface && species[$0].receptors.contains(r) && holds(species[$0])
        }
    }

    /// Whether a ligand that signals is bound; an antagonist alone does not.
    private func isSignalling(_ species: Species, _ model: Model) -> Bool {
        species.ligands.contains { m in
            species.receptors.contains { r in
                model.receptors[r].ligands.contains { $0.ligand == model.molecules[m].name && $0.signals }
            }
        }
    }
}

extension Model {
    /// Receptors a type's cells may carry, by index: those the type names, and those a rule raises.
    public func receptorsExpressed(by type: CellType) -> [Int] {
        let raised = rules.filter { $0.cellType == type.name }.compactMap { rule in
            if case .expression(let receptor) = rule.behaviour { receptor } else { nil }
        }
        return receptors.indices.filter {
            type.receptors[receptors[$0].name] != nil || raised.contains(receptors[$0].name)
        }
    }

    /// What a molecule meets at a face that is not joined to the one opposite.
    public func wall(of molecule: Molecule, at face: Face) -> Wall {
        molecule.walls[face] ?? space.walls[face] ?? .noFlux
    }
}
