import Biology

/// The reactions on the surface of one cell type's cells, compiled to indices.
///
/// Species are numbers of molecules on one cell: each receptor free, bound to each of its ligands, and internalised;
/// and each complex. Split into blocks that share no species and no ligand, which are solved one by one.
struct SurfaceNetwork: Sendable {
    struct Species: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case surface(SurfaceSpecies)
            case internalised(receptor: String)
        }
        var kind: Kind
        /// Receptors in one of it, by index in the model; a complex may hold one twice.
        var receptors: [Int]
        /// Molecules bound in one of it, by index in the model.
        var ligands: [Int]
        var isOnSurface: Bool {
            if case .surface = kind { return true }
            return false
        }
    }

    /// L + R ⇌ B; `ligand` counts among the block's ligands.
    struct Binding: Sendable {
        var ligand: Int
        var free: Int
        var bound: Int
        var kOn: Double
        var kOff: Double
    }

    /// A + B ⇌ C on the surface.
    struct Joining: Sendable {
        var first: Int
        var second: Int
        var joined: Int
        var kOn: Double
        var kOff: Double
    }

    /// First-order loss of one species, giving some others.
    struct Flow: Sendable {
        var from: Int
        var rate: Double
        var to: [Int]
        /// Molecules (by index in the model) that leave the cell's surface for its inside.
        var internalised: [Int]
    }

    /// Made at `rate` × the cell's stated number of the receptor.
    struct Synthesis: Sendable {
        var receptor: Int
        var species: Int
        var rate: Double
    }

    /// Species, by position within the block, that nothing else depends on.
    struct Block: Sendable {
        /// Index of each of the block's species among the cell's.
        var species: [Int]
        /// Index in the model of each ligand.
        var ligands: [Int]
        var bindings: [Binding] = []
        var joinings: [Joining] = []
        var flows: [Flow] = []
        var syntheses: [Synthesis] = []
        /// Of each free receptor, the same receptor internalised; by position within the block.
        var insides: [Int: Int] = [:]

        /// Whether nothing ever happens in it.
        var isIdle: Bool { bindings.isEmpty && joinings.isEmpty && flows.isEmpty && syntheses.isEmpty }
    }

    var species: [Species] = []
    /// Blocks of the commonest kind, and the rest.
    var simple: [SimpleBinding] = []
    var blocks: [Block] = []
    /// For each of the model's molecules, whether cells of this type bind it.
    var binds: [Bool]

    var count: Int { species.count }

    func index(_ kind: Species.Kind) -> Int? { species.firstIndex { $0.kind == kind } }

    /// Compiles the receptors and complexes that a cell type can have.
    ///
    /// `expressed`: Indices in the model of the receptors and chains that cells of the type may carry.
    init(_ model: Model, expressed: [Int]) {
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
        for block in makeBlocks(reactions(model, expressed, molecule)) where !block.isIdle {
            if let binding = SimpleBinding(block) { simple.append(binding) } else { blocks.append(block) }
        }
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

    /// All reactions over the cell's species, ligands by index in the model.
    private func reactions(_ model: Model, _ expressed: [Int], _ molecule: [String: Int]) -> Block {
        var all = Block(species: Array(species.indices), ligands: Array(model.molecules.indices))
        for r in expressed {
            let receptor = model.receptors[r]
            guard let free = index(.surface(.free(receptor.name))) else { continue }
            for binding in receptor.ligands {
                let kind = SurfaceSpecies.bound(receptor: receptor.name, ligand: binding.ligand)
                guard let bound = index(.surface(kind)), let ligand = molecule[binding.ligand] else { continue }
                all.bindings.append(
                    Binding(
                        ligand: ligand, free: free, bound: bound, kOn: binding.kOn.value, kOff: binding.kOff.value))
                if binding.endocytosis.value > 0 {
                    all.flows.append(endocytosis(of: bound, rate: binding.endocytosis.value, model))
                }
            }
            addTurnover(of: receptor, r, free: free, to: &all)
        }
        for complex in model.complexes {
            guard let joined = index(.surface(.complex(complex.name))), let first = index(.surface(complex.first)),
                let second = index(.surface(complex.second))
            else { continue }
            all.joinings.append(
                Joining(
                    first: first, second: second, joined: joined, kOn: complex.kOn.value, kOff: complex.kOff.value))
            if complex.endocytosis.value > 0 {
                all.flows.append(endocytosis(of: joined, rate: complex.endocytosis.value, model))
            }
        }
        return all
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

    private func addTurnover(of receptor: Receptor, _ r: Int, free: Int, to all: inout Block) {
        if let inside = index(.internalised(receptor: receptor.name)) {
            // A held receptor is replaced when it is internalised, so what recycles must not add to it.
            if receptor.recycling.value > 0 {
                var back = [free]
                if case .held = receptor.supply { back = [] }
                all.flows.append(Flow(from: inside, rate: receptor.recycling.value, to: back, internalised: []))
            }
            if receptor.degradation.value > 0 {
                all.flows.append(Flow(from: inside, rate: receptor.degradation.value, to: [], internalised: []))
            }
        }
        if case .turnover(let loss) = receptor.supply {
            all.flows.append(Flow(from: free, rate: loss.value, to: [], internalised: []))
            all.syntheses.append(Synthesis(receptor: r, species: free, rate: loss.value))
        }
    }

    // MARK: - Blocks

    /// Splits the reactions into blocks that share neither species nor ligand.
    private func makeBlocks(_ all: Block) -> [Block] {
        // Union–find over species, then ligands.
        var parent = Array(0..<(species.count + all.ligands.count))
        func root(_ i: Int) -> Int {
            var i = i
            while parent[i] != i { i = parent[i] }
            return i
        }
        func join(_ a: Int, _ b: Int) { parent[max(root(a), root(b))] = min(root(a), root(b)) }
        for b in all.bindings {
            join(b.free, b.bound)
            join(b.free, species.count + b.ligand)
        }
        for j in all.joinings {
            join(j.first, j.second)
            join(j.first, j.joined)
        }
        for f in all.flows { f.to.forEach { join(f.from, $0) } }
        for i in species.indices {
            guard case .surface(.free(let receptor)) = species[i].kind else { continue }
            if let inside = index(.internalised(receptor: receptor)) { join(i, inside) }
        }
        let roots = Set(species.indices.map(root)).sorted()
        return roots.map { block(all, root: $0, rootOf: root) }
    }

    private func block(_ all: Block, root: Int, rootOf: (Int) -> Int) -> Block {
        let own = species.indices.filter { rootOf($0) == root }
        let ligands = all.ligands.filter { rootOf(species.count + $0) == root }
        let at = Dictionary(uniqueKeysWithValues: own.enumerated().map { ($1, $0) })
        let ligandAt = Dictionary(uniqueKeysWithValues: ligands.enumerated().map { ($1, $0) })
        var block = Block(species: own, ligands: ligands)
        func local(_ i: Int) -> Int { at[i] ?? 0 }
        block.bindings = all.bindings.filter { at[$0.free] != nil }.map {
            Binding(
                ligand: ligandAt[$0.ligand] ?? 0, free: local($0.free), bound: local($0.bound), kOn: $0.kOn,
                kOff: $0.kOff)
        }
        block.joinings = all.joinings.filter { at[$0.first] != nil }.map {
            Joining(
                first: local($0.first), second: local($0.second), joined: local($0.joined), kOn: $0.kOn, kOff: $0.kOff)
        }
        block.flows = all.flows.filter { at[$0.from] != nil }.map {
            Flow(from: local($0.from), rate: $0.rate, to: $0.to.map(local), internalised: $0.internalised)
        }
        block.syntheses = all.syntheses.filter { at[$0.species] != nil }.map {
            Synthesis(receptor: $0.receptor, species: local($0.species), rate: $0.rate)
        }
        for i in own {
            guard case .surface(.free(let receptor)) = species[i].kind else { continue }
            if let inside = index(.internalised(receptor: receptor)), let at = at[inside] {
                block.insides[local(i)] = at
            }
        }
        return block
    }
}
