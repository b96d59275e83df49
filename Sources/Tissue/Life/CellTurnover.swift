import Simulation

/// How the cells after a tick of life follow from those before it, in their new spatial order.
struct CellTurnover {
    private(set) var ids: [Int] = []
    private(set) var types: [Int] = []
    /// µm.
    var positions: [SIMD3<Double>] = []
    private(set) var radii: [Double] = []
    /// Of each cell, its place before; for a newcomer −1 − its place among them.
    private(set) var origins: [Int32] = []
    /// Of each cell, how much of what its origin held is its: 1, or ½ for a daughter.
    private(set) var shares: [Double] = []
    /// Of each cell, its place among all that there were during the tick.
    private(set) var sources: [Int32] = []
    private let newcomers: [PlacedCell]
    /// Of the run.
    let seed: UInt64

    init(seed: UInt64, newcomers: [PlacedCell]) {
        self.seed = seed
        self.newcomers = newcomers
    }

    var count: Int { ids.count }

    /// Where a cell was before; `nil` for a newcomer.
    func origin(of cell: Int) -> Int? { origins[cell] >= 0 ? Int(origins[cell]) : nil }

    /// - Precondition: the cell has no origin.
    func newcomer(at cell: Int) -> PlacedCell { newcomers[-1 - Int(origins[cell])] }

    func newcomer(_ index: Int) -> PlacedCell { newcomers[index] }

    /// `origin`: as in ``origins``.
    mutating func append(
        id: Int, type: Int, position: SIMD3<Double>, radius: Double, origin: Int, share: Double, source: Int
    ) {
        ids.append(id)
        types.append(type)
        positions.append(position)
        radii.append(radius)
        origins.append(Int32(origin))
        shares.append(share)
        sources.append(Int32(source))
    }

    /// Puts the cells into spatial order: voxel row first, then x, then id.
    mutating func sort(_ grid: VoxelGrid) {
        let keys = positions.indices.map { CellPopulation.order(positions[$0], ids[$0], grid) }
        let order = positions.indices.sorted { keys[$0] < keys[$1] }
        ids = order.map { ids[$0] }
        types = order.map { types[$0] }
        positions = order.map { positions[$0] }
        radii = order.map { radii[$0] }
        origins = order.map { origins[$0] }
        shares = order.map { shares[$0] }
        sources = order.map { sources[$0] }
    }

    /// A column by cell: each takes its origin's value, or `newcomer`.
    func follow<Value>(_ column: [Value], newcomer: Value) -> [Value] {
        origins.map { $0 >= 0 ? column[Int($0)] : newcomer }
    }
}

extension PlacedCell {
    /// Its centre, µm.
    var position: SIMD3<Double> { SIMD3(x, y, z) }
}

extension TissueBox {
    /// A place inside: mirrored at walls, carried over joined faces.
    func confined(_ p: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(
            TissueBox.confined(p.x, x, isPeriodic: isPeriodicX).at,
            TissueBox.confined(p.y, y, isPeriodic: isPeriodicY).at,
            TissueBox.confined(p.z, z, isPeriodic: isPeriodicZ).at)
    }
}
