/// Which cells take part, in what order, and their folded stencils.
struct StencilLayout {
    let grid: VoxelGrid
    var order: [Int]
    var width: (x: Int, y: Int, z: Int)
    var firsts: [Int32]
    var weights: [Double]
    var bins: [Range<Int>]
    var wrapped: Range<Int>

    /// `participants`: Indices among all cells, in spatial order.
    init(grid: VoxelGrid, shape: StencilShape, isPeriodic: [Bool], positions: [[Double]], participants: [Int]) {
        self.grid = grid
        let points = shape.points
        let counts = grid.counts.map { min(points, $0) }
        width = (counts[0], counts[1], counts[2])
        // Bins lie along z, or along y in a slab.
        let axis = grid.nz >= grid.ny ? 2 : 1
        let depth = max(points, (grid.counts[axis] + 63) / 64)
        let binCount = (grid.counts[axis] + depth - 1) / depth
        var stencils: [(cell: Int, bin: Int, first: [Int], weights: [Double])] = participants.map { cell in
            var first: [Int] = []
            var weights: [Double] = []
            for a in 0..<3 {
                let free = shape.weights(at: positions[cell][a] / grid.spacing)
                let folded = StencilLayout.fold(free, onto: grid.counts[a], isPeriodic: isPeriodic[a], width: counts[a])
                first.append(folded.first)
                weights += folded.weights
            }
            let wraps = isPeriodic[axis] && first[axis] + counts[axis] > grid.counts[axis]
            return (cell, wraps ? binCount : first[axis] / depth, first, weights)
        }
        stencils.sort { $0.bin == $1.bin ? $0.cell < $1.cell : $0.bin < $1.bin }
        order = stencils.map(\.cell)
        firsts = stencils.flatMap { $0.first.map(Int32.init) }
        weights = stencils.flatMap(\.weights)
        var ranges: [Range<Int>] = []
        var start = 0
        for bin in 0...binCount {
            let end = stencils[start...].firstIndex { $0.bin > bin } ?? stencils.count
            ranges.append(start..<end)
            start = end
        }
        wrapped = ranges.removeLast()
        bins = ranges
    }

    /// Folds weights that reach over a wall back inside (a wall is a mirror), or around a periodic axis.
    static func fold(
        _ free: (first: Int, weights: [Double]), onto count: Int, isPeriodic: Bool, width: Int
    ) -> (first: Int, weights: [Double]) {
        var weights = Array(repeating: 0.0, count: width)
        let last = count - width
        let first = isPeriodic && width < count ? (free.first % count + count) % count : min(max(free.first, 0), last)
        for (i, weight) in free.weights.enumerated() {
            var at = free.first + i
            if isPeriodic {
                at = (at % count + count) % count
                weights[(at - first + count) % count] += weight
            } else {
                at = (at % (2 * count) + 2 * count) % (2 * count)
                if at >= count { at = 2 * count - 1 - at }
                weights[at - first] += weight
            }
        }
        return (first, weights)
    }
}
