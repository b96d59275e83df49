import Biology
import Simulation

/// Builds each molecule's field: its operator, who takes part, and their near-field corrections.
struct FieldSetUp {
    let model: Model
    let grid: VoxelGrid
    let population: CellPopulation
    let team: ThreadTeam
    let kernels: FieldKernels
    /// By molecule and compartment.
    let courses: [[CompartmentCourse]]
    let greens: LatticeGreens

    func field(_ index: Int, work: SolverWork) -> MoleculeField {
        let molecule = model.molecules[index]
        let axes = Axis.allCases.map { axis in
            AxisOperator(
                widths: Array(repeating: grid.spacing, count: grid.counts[axis.rawValue]),
                diffusion: molecule.diffusion.value, isPeriodic: model.space.periodic.contains(axis),
                walls: (wall(molecule, axis, isUpper: false), wall(molecule, axis, isUpper: true)))
        }
        let solver = FieldSolver(
            fieldOperator: FieldOperator(grid: grid, axes: axes), work: work, kernels: kernels, team: team)
        return MoleculeField(
            index: index, molecule: molecule, solver: solver, coupling: coupling(index),
            associates: associates(molecule), exchanges: exchanges(index, courses: courses),
            types: model.cellTypes.count)
    }

    func wall(_ molecule: Molecule, _ axis: Axis, isUpper: Bool) -> Wall {
        model.wall(of: molecule, at: Face(axis, isUpper: isUpper))
    }

    private func associates(_ molecule: Molecule) -> Bool {
        molecule.association != nil || model.sharesWithANetwork(molecule.name)
            || model.molecules.contains {
                $0.association?.first == molecule.name || $0.association?.second == molecule.name
            }
    }

    func associations() -> [TissueEngine.Association] {
        func index(_ name: String) -> Int? { model.molecules.firstIndex { $0.name == name } }
        return model.molecules.enumerated().compactMap { complex, molecule in
            guard let pair = molecule.association, let first = index(pair.first), let second = index(pair.second) else {
                return nil
            }
            return TissueEngine.Association(
                first: first, second: second, complex: complex, kOn: pair.kOn.value, kOff: pair.kOff.value)
        }
    }

    // MARK: - Who takes part

    /// How the cells that take part in a molecule's field read it and deposit into it.
    ///
    /// `pairs`: Whether what neighbours release is corrected for what the grid gets wrong.
    /// `before`: The coupling that this one follows.
    /// `known`: Another molecule's, whose stencils serve where the same cells take part.
    func coupling(
        _ index: Int, pairs: Bool = true, before: FieldCoupling.Before? = nil, known: FieldCoupling? = nil
    ) -> FieldCoupling {
        let active = model.cellTypes.indices.map { isActive(type: $0, molecule: index) }
        let observed = model.signalsObserved.contains(.concentration(model.molecules[index].name))
        let reads = model.cellTypes.indices.map {
            population.networks[$0].binds[index] || senses(type: $0, molecule: index)
        }
        let counts = model.cellTypes.indices.map { active[$0] || reads[$0] }
        let participants = (0..<population.count).filter { observed || counts[population.types[$0]] }
        // Cells that are only recorded must not change how others are corrected.
        let own = participants.filter { counts[population.types[$0]] }
        let basis = own.isEmpty ? participants : own
        let shape = self.shape(basis)
        let same = known.flatMap {
            $0.layout.shape == shape && $0.layout.participants == participants ? $0.layout : nil
        }
        let layout =
            same
            ?? StencilLayout(
                grid: grid, shape: shape, isPeriodic: isPeriodic, positions: population.positions,
                participants: participants, team: team)
        return FieldCoupling(
            layout, nearField: nearField(index, shape, basis), before: before,
            positions: population.positions, radii: population.radii, pairs: pairs,
            isActive: { active[population.types[$0]] },
            binds: { population.networks[population.types[$0]].binds[index] }, reads: { reads[population.types[$0]] },
            kernels: kernels, team: team)
    }

    var isPeriodic: [Bool] { Axis.allCases.map { model.space.periodic.contains($0) } }

    /// One stencil for all of a molecule's cells: wide enough for the largest.
    func shape(_ participants: [Int]) -> StencilShape {
        StencilShape(radiusInVoxels: (participants.map { population.radii[$0] }.max() ?? 0) / grid.spacing)
    }

    /// What a molecule's grid needs near cells; `nil` where it does not diffuse and so reaches nobody.
    func nearField(_ index: Int, _ shape: StencilShape, _ participants: [Int]) -> NearField? {
        let molecule = model.molecules[index]
        guard molecule.diffusion.value > 0 else { return nil }
        let reflects = Axis.allCases.map { axis in
            (
                lower: isMirror(wall(molecule, axis, isUpper: false)),
                upper: isMirror(wall(molecule, axis, isUpper: true))
            )
        }
        let exchange = (molecule.compartments ?? []).reduce(0) { $0 + $1.exchange.value }
        return NearField(
            grid: grid, shape: shape, isPeriodic: isPeriodic, reflects: reflects,
            diffusion: molecule.diffusion.value, decay: molecule.decay.value + exchange,
            perVoxel: NearField.crowding(participants.map { population.positions[$0] }, grid),
            closest: participants.map { population.radii[$0] }.min() ?? grid.spacing, greens: greens,
            kernels: kernels)
    }

    /// A wall at a fixed concentration mirrors nothing; the others reflect most of what comes.
    private func isMirror(_ wall: Wall) -> Bool {
        if case .fixed = wall { return false }
        return true
    }

    /// Whether cells of a type may secrete or bind a molecule.
    private func isActive(type: Int, molecule: Int) -> Bool {
        let (cellType, name) = (model.cellTypes[type], model.molecules[molecule].name)
        return cellType.secretes[name] != nil || population.networks[type].binds[molecule]
            || cellType.life?.deaths.contains { $0.releases[name] != nil } == true
            || model.rules.contains { $0.cellType == cellType.name && $0.behaviour == .secretion(name) }
    }

    /// Whether a state, rule or block of a type reads a molecule.
    private func senses(type: Int, molecule: Int) -> Bool {
        let cellType = model.cellTypes[type]
        let signal = Signal.concentration(model.molecules[molecule].name)
        return cellType.states.contains { $0.expression.signals.contains(signal) }
            || cellType.networks.contains { $0.inputs.contains { $0.expression.signals.contains(signal) } }
            || model.rules.contains {
                $0.cellType == cellType.name && !$0.behaviour.isOfArrivals && $0.inputs.contains { $0.signal == signal }
            }
            || model.blocks.contains { $0.cellType == cellType.name && ($0.by.signal == signal || $0.signal == signal) }
    }
}
