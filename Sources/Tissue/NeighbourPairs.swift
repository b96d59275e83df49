import Simulation

/// Pairs of cells near enough for the near-field correction, in compressed rows.
struct NeighbourPairs {
    var rowStarts: [Int] = [0]
    var neighbours: [Int32] = []
    var corrections: [Double] = []

    init(_ positions: [[Double]], _ nearField: NearField, _ team: ThreadTeam) {
        let search = CellSearch(
            positions, reach: nearField.reach, grid: nearField.grid, isPeriodic: nearField.isPeriodic)
        var starts = [0]
        starts.reserveCapacity(positions.count + 1)
        for i in positions.indices {
            search.forEachNear(positions[i]) { j in
                if j != i { neighbours.append(Int32(j)) }
            }
            starts.append(neighbours.count)
        }
        rowStarts = starts
        var owner: [Int32] = []
        owner.reserveCapacity(neighbours.count)
        for i in positions.indices {
            for _ in starts[i]..<starts[i + 1] { owner.append(Int32(i)) }
        }
        let others = neighbours
        let stencils = positions.map { FreeStencil(nearField.shape, at: $0, spacing: nearField.grid.spacing) }
        let isInner = positions.map(nearField.isInner)
        corrections = FieldCoupling.map(neighbours.count, team) { k in
            let (i, j) = (Int(owner[k]), Int(others[k]))
            guard isInner[j] else { return nearField.correction(at: positions[i], from: positions[j]) }
            return nearField.correction(stencils[i], positions[i], stencils[j], positions[j])
        }
    }
}
