/// The simple bindings of all cell types in plain memory, and what a stage of one length makes of their constants.
@safe final class BindingTable {
    /// Receptors of a type that share a ligand: those from `first` on.
    struct Group: BitwiseCopyable {
        let ligand: Int
        let first: Int
        let count: Int
    }

    let groups = Column<Group>()
    /// Where each type's groups start; one more entry than types.
    let starts = Column<Int32>()
    let receptors = Column<SimpleBinding.Receptor>()
    let stages = Column<SimpleBinding.Stage>()
    /// By type, whether it has reactions of other kinds too.
    let hasBlocks = Column<Bool>()
    private var tau = -1.0

    init(_ networks: [SurfaceNetwork]) {
        starts.append(0)
        for network in networks {
            for binding in network.simple {
                groups.append(Group(ligand: binding.ligand, first: receptors.count, count: binding.receptors.count))
                for receptor in binding.receptors { receptors.append(receptor) }
            }
            starts.append(Int32(groups.count))
            hasBlocks.append(!network.blocks.isEmpty)
        }
        prepare(tau: 0)
    }

    /// Takes in the length of the stages that follow, s.
    func prepare(tau: Double) {
        if tau == self.tau { return }
        self.tau = tau
        if stages.count < receptors.count {
            for k in 0..<receptors.count { stages.append(SimpleBinding.Stage(receptors[k], tau: tau)) }
        } else {
            for k in 0..<receptors.count { stages[k] = SimpleBinding.Stage(receptors[k], tau: tau) }
        }
    }
}

/// What one evaluation of all cells reads and writes, as plain memory: a loop over cells that follows references spends
/// more on counting them than on receptors.
@safe struct CellEvaluation {
    /// Length of the implicit stage, s; 0 evaluates numbers as they are.
    let tau: Double
    /// By cell and species: in and out, what the stage starts from, and du/dt.
    let u: UnsafeMutablePointer<Double>
    let base: UnsafePointer<Double>
    let rates: UnsafeMutablePointer<Double>
    /// By cell and molecule, molecules/s; by cell and receptor.
    let secretion: UnsafePointer<Double>
    let expression: UnsafePointer<Double>
    let molecules: Int
    let receptors: Int
    /// By molecule.
    let around: UnsafePointer<FieldCoupling.Columns>
    let groups: UnsafePointer<BindingTable.Group>
    let groupStarts: UnsafePointer<Int32>
    let bindings: SimpleBinding.View

    /// What a cell releases of each molecule before receptors come in: its secretion.
    @inline(__always)
    func secrete(_ cell: Int, secreted: UnsafeMutablePointer<Double>) {
        for m in 0..<molecules {
            let here = unsafe around[m]
            let at = unsafe Int(here.places[cell])
            if at < 0 { continue }
            let rate = unsafe secretion[cell * molecules + m]
            unsafe secreted[m] += rate
            unsafe here.release[at] = rate
            unsafe here.slope[at] = 0
            unsafe here.surface[at] = here.reading[at] + here.incoming[at] + here.gamma[at] * rate
        }
    }

    /// Solves receptors that share one ligand and takes over what the cell releases; `offset` is where its species start.
    @inline(__always)
    func bind(_ cell: Int, _ type: Int, _ offset: Int, internalised: UnsafeMutablePointer<Double>) {
        for g in unsafe Int(groupStarts[type])..<Int(groupStarts[type + 1]) {
            let group = unsafe groups[g]
            let here = unsafe around[group.ligand]
            let at = unsafe Int(here.places[cell])
            let own = unsafe SurfaceKinetics.Surroundings(
                reading: here.reading[at] + here.incoming[at], gamma: here.gamma[at],
                secretion: secretion[cell * molecules + group.ligand])
            let view = unsafe SimpleBinding.View(
                receptors: bindings.receptors + group.first, stages: bindings.stages + group.first, count: group.count)
            let found = unsafe view.solve(
                tau: tau, u: u + offset, base: base + offset, rates: rates + offset,
                expression: expression + cell * receptors, around: own)
            unsafe here.surface[at] = found.outcome.surface
            unsafe here.release[at] = found.outcome.release
            unsafe here.slope[at] = found.outcome.slope
            unsafe internalised[group.ligand] += found.internalised
        }
    }
}
