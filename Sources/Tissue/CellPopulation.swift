import Biology
import Simulation

/// Cells as columns of numbers, in spatial order; ids say which is which.
@safe final class CellPopulation {
    let ids: [Int]
    let types: [Int]
    let positions: [[Double]]
    let radii: [Double]
    /// Reactions by cell type.
    let networks: [SurfaceNetwork]
    /// Where each cell's species start in the columns below; one more entry than cells.
    let offsets: [Int]
    /// Numbers of each species on each cell, at the end and the start of the last step, in the stage, and its base.
    private(set) var now: Buffer<Double>
    private(set) var previous: Buffer<Double>
    let stage: Buffer<Double>
    private(set) var base: Buffer<Double>
    /// Their rates at the start, the middle stage and the end of the step, molecules/s.
    private(set) var rates: [Buffer<Double>]
    /// Secretion now, molecules/s: [cell][molecule].
    let secretion: Buffer<Double>
    /// Receptors stated now: [cell][receptor].
    let expression: Buffer<Double>
    /// Each cell's own draw over its type's mean, for what rules scale: as `secretion` and `expression` were at the start.
    let initialSecretion: [Double]
    let initialExpression: [Double]
    /// By cell type, each species on the surface with each molecule bound in it.
    let holders: [[(species: Int, molecule: Int)]]
    let moleculeCount: Int
    let receptorCount: Int

    var count: Int { ids.count }
    var speciesCount: Int { offsets[count] }

    init(_ model: Model, _ placed: [PlacedCell], grid: VoxelGrid) {
        let space = placed.indices.sorted { a, b in
            CellPopulation.order(placed[a], grid) < CellPopulation.order(placed[b], grid)
        }
        let cells = space.map { placed[$0] }
        ids = cells.map(\.id)
        types = cells.map(\.typeIndex)
        positions = cells.map { [$0.x, $0.y, $0.z] }
        radii = cells.map(\.radius)
        moleculeCount = model.molecules.count
        receptorCount = model.receptors.count
        networks = model.cellTypes.map { type in
            SurfaceNetwork(model, expressed: model.receptorsExpressed(by: type))
        }
        holders = networks.map { network in
            network.species.enumerated().filter(\.element.isOnSurface).flatMap { s, species in
                species.ligands.map { (species: s, molecule: $0) }
            }
        }
        var offsets = [0]
        for type in types { offsets.append((offsets.last ?? 0) + networks[type].count) }
        self.offsets = offsets
        let total = offsets[cells.count]
        now = Buffer(count: total)
        previous = Buffer(count: total)
        stage = Buffer(count: total)
        base = Buffer(count: total)
        rates = (0..<3).map { _ in Buffer(count: total) }
        secretion = Buffer(count: cells.count * moleculeCount)
        expression = Buffer(count: cells.count * receptorCount)
        initialSecretion = cells.flatMap(\.secretion)
        initialExpression = cells.flatMap(\.receptors)
        for (i, value) in initialSecretion.enumerated() { secretion[i] = value }
        for (i, value) in initialExpression.enumerated() { expression[i] = value }
        for cell in cells.indices {
            for (s, species) in networks[types[cell]].species.enumerated() {
                guard case .surface(.free) = species.kind else { continue }
                now[offsets[cell] + s] = cells[cell].receptors[species.receptors[0]]
            }
        }
    }

    /// Voxel row first, then x: cells that follow each other read the same memory.
    ///
    /// Ties keep the order of ids.
    private static func order(_ cell: PlacedCell, _ grid: VoxelGrid) -> (Int, Double, Int) {
        let row = Int(cell.z / grid.spacing) * grid.ny + Int(cell.y / grid.spacing)
        return (row, cell.x, cell.id)
    }

    /// The step is taken: `base` holds the new numbers, and the rates at its end are those at the start of the next.
    func accept() {
        (previous, now, base) = (now, base, previous)
        rates.swapAt(0, 2)
    }

    /// Molecules of each kind bound to all cells' surfaces, into `totals`.
    func countBound(_ u: Buffer<Double>, into totals: inout [Double]) {
        for m in totals.indices { totals[m] = 0 }
        for cell in 0..<count {
            let offset = offsets[cell]
            for holder in holders[types[cell]] {
                let number = unsafe u.pointer[offset + holder.species]
                totals[holder.molecule] += number
            }
        }
    }

    /// The same by molecule and cell type.
    func boundByType(_ u: Buffer<Double>) -> [[Double]] {
        var totals = Array(repeating: Array(repeating: 0.0, count: networks.count), count: moleculeCount)
        for cell in 0..<count {
            let type = types[cell]
            for holder in holders[type] { totals[holder.molecule][type] += u[offsets[cell] + holder.species] }
        }
        return totals
    }
}
