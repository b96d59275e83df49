public import Biology
public import Simulation

/// How many cells of each type touch each cell, of the types that something in the model asks about.
public struct CellContacts: Sendable {
    /// By name of a cell type, one number a cell.
    public let counts: [String: [Double]]

    /// Counts for cells as placed, in their order; those of other tissues touch none of one.
    public init(_ model: Model, cells: [PlacedCell]) {
        var counts: [String: [Double]] = [:]
        for (t, tissue) in model.tissues.enumerated() {
            let here = cells.indices.filter { cells[$0].tissue == t }
            let own = CellContacts(
                tissue.model, types: here.map { cells[$0].typeIndex },
                positions: here.map { SIMD3(cells[$0].x, cells[$0].y, cells[$0].z) },
                radii: here.map { cells[$0].radius })
            for (name, touching) in own.counts {
                var column = counts[name] ?? cells.map { _ in 0 }
                for (cell, count) in zip(here, touching) { column[cell] = count }
                counts[name] = column
            }
        }
        self.counts = counts
    }

    init(_ model: Model, types: [Int], positions: [SIMD3<Double>], radii: [Double]) {
        let names = CellContacts.typesAskedFor(model)
        guard !names.isEmpty, let largest = radii.max() else {
            counts = [:]
            return
        }
        let isPeriodic = Axis.allCases.map { model.space.periodic.contains($0) }
        let voxels = model.space.voxels
        let grid = VoxelGrid(nx: voxels[0], ny: voxels[1], nz: voxels[2], spacing: model.space.spacing.value)
        let search = CellSearch(
            positions, reach: 2 * largest * CellType.touching, grid: grid, isPeriodic: isPeriodic)
        var columns = Array(repeating: Array(repeating: 0.0, count: types.count), count: names.count)
        let column = model.cellTypes.map { names.firstIndex(of: $0.name) }
        for cell in types.indices {
            search.forEachNear(positions[cell]) { other in
                guard other != cell, let column = column[types[other]] else { return }
                let reach = CellType.touching * (radii[cell] + radii[other])
                if search.distance(positions[cell], positions[other]) <= reach { columns[column][cell] += 1 }
            }
        }
        counts = Dictionary(uniqueKeysWithValues: zip(names, columns))
    }

    private static func typesAskedFor(_ model: Model) -> [String] {
        var signals = Set(model.rules.flatMap { $0.inputs.map(\.signal) } + model.blocks.map(\.by.signal))
        signals.formUnion(model.signalsObserved)
        for type in model.cellTypes {
            type.states.forEach { signals.formUnion($0.expression.signals) }
            type.networks.flatMap(\.inputs).forEach { signals.formUnion($0.expression.signals) }
        }
        return signals.compactMap { if case .contact(let type) = $0 { type } else { nil } }.sorted()
    }
}
