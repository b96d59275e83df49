import Biology

/// The reactions on the surface of one cell type's cells, split into blocks that share no species and no ligand, which
/// are solved one by one.
struct SurfaceNetwork: Sendable {
    typealias Species = SurfaceReactions.Species
    typealias Binding = SurfaceReactions.Binding
    typealias Joining = SurfaceReactions.Joining
    typealias Flow = SurfaceReactions.Flow
    typealias Synthesis = SurfaceReactions.Synthesis

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

    let reactions: SurfaceReactions
    /// Blocks of the commonest kind, and the rest.
    var simple: [SimpleBinding] = []
    var blocks: [Block] = []

    var species: [Species] { reactions.species }
    /// For each of the model's molecules, whether cells of this type bind it.
    var binds: [Bool] { reactions.binds }
    var count: Int { species.count }

    func index(_ kind: Species.Kind) -> Int? { reactions.index(kind) }

    /// Compiles the receptors and complexes that a cell type can have.
    ///
    /// `expressed`: Indices in the model of the receptors and chains that cells of the type may carry.
    init(_ model: Model, expressed: [Int]) {
        reactions = SurfaceReactions(model, expressed: expressed)
        var all = Block(species: Array(reactions.species.indices), ligands: Array(model.molecules.indices))
        (all.bindings, all.joinings) = (reactions.bindings, reactions.joinings)
        (all.flows, all.syntheses) = (reactions.flows, reactions.syntheses)
        for block in makeBlocks(all) where !block.isIdle {
            if let binding = SimpleBinding(block) { simple.append(binding) } else { blocks.append(block) }
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
        block.bindings = all.bindings.filter { at[$0.free] != nil }.map { binding in
            var own = binding
            own.ligand = ligandAt[binding.ligand] ?? 0
            (own.free, own.bound) = (local(binding.free), local(binding.bound))
            return own
        }
        block.joinings = all.joinings.filter { at[$0.first] != nil }.map { joining in
            var own = joining
            (own.first, own.second) = (local(joining.first), local(joining.second))
            own.joined = local(joining.joined)
            return own
        }
        block.flows = all.flows.filter { at[$0.from] != nil }.map { flow in
            var own = flow
            (own.from, own.to) = (local(flow.from), flow.to.map(local))
            return own
        }
        block.syntheses = all.syntheses.filter { at[$0.species] != nil }.map { synthesis in
            var own = synthesis
            own.species = local(synthesis.species)
            return own
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
