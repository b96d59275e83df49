import Simulation

/// Pairs of cells near enough for the near-field correction, in compressed rows: for each that reads, those around it
/// that may release or bind.
struct NeighbourPairs {
    let rowStarts: [Int]
    let neighbours: [Int32]
    let corrections: Buffer<Double>

    init(
        _ positions: [SIMD3<Double>], isReader: [Bool], isSource: [Bool], _ nearField: NearField, _ team: ThreadTeam
    ) {
        let search = CellSearch(
            positions, reach: nearField.reach, grid: nearField.grid, isPeriodic: nearField.isPeriodic)
        var (starts, neighbours, owner) = ([0], [Int32](), [Int32]())
        starts.reserveCapacity(positions.count + 1)
        for i in positions.indices {
            if isReader[i] {
                search.forEachNear(positions[i]) { j in
                    if j != i && isSource[j] {
                        neighbours.append(Int32(j))
                        owner.append(Int32(i))
                    }
                }
            }
            starts.append(neighbours.count)
        }
        let (others, owners) = (neighbours, owner)
        (rowStarts, self.neighbours) = (starts, neighbours)
        let stencils = FreeStencils(nearField.shape, at: positions, spacing: nearField.grid.spacing)
        let isInner = positions.map(nearField.isInner)
        corrections = FieldCoupling.map(neighbours.count, team, room: {}) { k, _ in
            let (i, j) = (Int(owners[k]), Int(others[k]))
            guard isInner[j] else { return nearField.correction(at: positions[i], from: positions[j]) }
            let r = NearField.distance(positions[i], positions[j])
            return nearField.correction(stencils, i, from: j, distance: r)
        }
    }
}
