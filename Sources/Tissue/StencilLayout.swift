import Simulation

/// Which cells take part, in what order, and their folded stencils.
@safe struct StencilLayout {
    let grid: VoxelGrid
    let shape: StencilShape
    let isPeriodic: [Bool]
    /// Indices among all cells, in spatial order and in that of bins.
    let participants, order: [Int]
    let width: (x: Int, y: Int, z: Int)
    /// First voxel of each participant along x, y and z.
    let firsts: [Int32]
    let weights: Buffer<Double>
    let bins: [Range<Int>]
    /// Participants whose stencil goes round the binned axis; they come last.
    let wrapped: Range<Int>

    /// Weights along x, padded with zeros to whole quads.
    var padded: Int { StencilLayout.padded(width.x) }
    var perCell: Int { padded + width.y + width.z }

    private static func padded(_ width: Int) -> Int { (width + 3) / 4 * 4 }

    /// `participants`: Indices among all cells, in spatial order.
    init(
        grid: VoxelGrid, shape: StencilShape, isPeriodic: [Bool], positions: [SIMD3<Double>], participants: [Int],
        team: ThreadTeam
    ) {
        self.grid = grid
        self.shape = shape
        self.isPeriodic = isPeriodic
        self.participants = participants
        let points = shape.points
        let counts = SIMD3(grid.nx, grid.ny, grid.nz)
        let widths = counts.replacing(with: points, where: counts .> points)
        width = (widths.x, widths.y, widths.z)
        // Bins lie along z, or along y in a slab.
        let axis = grid.nz >= grid.ny ? 2 : 1
        let depth = max(points, (counts[axis] + 63) / 64)
        let binCount = (counts[axis] + depth - 1) / depth
        let count = participants.count
        let padded = StencilLayout.padded(widths.x)
        let perCell = padded + widths.y + widths.z
        let found = Buffer<Double>(count: count * perCell)
        let corners = Buffer<Double>(count: 3 * count)
        StencilLayout.inChunks(count, team) { i in
            var at = i * perCell
            for a in 0..<3 {
                var first = unsafe StencilLayout.fold(
                    shape, at: positions[participants[i]][a] / grid.spacing, onto: counts[a],
                    isPeriodic: isPeriodic[a], width: widths[a], into: found.pointer + at)
                if a == 0 && first + widths.x <= counts.x {
                    first = unsafe StencilLayout.pull(
                        first, width: widths.x, padded: padded, row: grid.stride, found.pointer + at)
                }
                unsafe corners.pointer[3 * i + a] = Double(first)
                at += a == 0 ? padded : widths[a]
            }
        }
        func bin(_ i: Int) -> Int {
            let first = unsafe Int(corners.pointer[3 * i + axis])
            return isPeriodic[axis] && first + widths[axis] > counts[axis] ? binCount : first / depth
        }
        let sorted = StencilLayout.sorted(count, bins: binCount + 1, bin)
        order = sorted.places.map { participants[Int($0)] }
        var ranges = sorted.ranges
        wrapped = ranges.removeLast()
        bins = ranges
        let places = sorted.places
        weights = Buffer(count: count * perCell)
        let ordered = weights
        StencilLayout.inChunks(count, team) { i in
            unsafe (ordered.pointer + i * perCell).update(
                from: found.pointer + Int(places[i]) * perCell, count: perCell)
        }
        firsts = unsafe [Int32](unsafeUninitializedCapacity: 3 * count) { room, filled in
            for i in 0..<count {
                for a in 0..<3 { unsafe room[3 * i + a] = Int32(corners.pointer[3 * Int(places[i]) + a]) }
            }
            filled = 3 * count
        }
    }

    /// Moves weights along x into their padding where that would leave the row; returns where they begin then.
    private static func pull(
        _ first: Int, width: Int, padded: Int, row: Int, _ weights: UnsafeMutablePointer<Double>
    ) -> Int {
        let beyond = first + padded - row
        guard beyond > 0 else { return first }
        for i in (0..<width).reversed() { unsafe weights[i + beyond] = weights[i] }
        for i in 0..<beyond { unsafe weights[i] = 0 }
        return first - beyond
    }

    private static func inChunks(_ count: Int, _ team: ThreadTeam, _ body: (Int) -> Void) {
        let grain = 256
        team.run(chunks: (count + grain - 1) / grain) { chunk in
            for i in chunk * grain..<min(count, (chunk + 1) * grain) { body(i) }
        }
    }

    /// Numbers 0..<count in order of their bins, those of one bin as they were, and where each bin is.
    private static func sorted(
        _ count: Int, bins: Int, _ bin: (Int) -> Int
    ) -> (places: [Int32], ranges: [Range<Int>]) {
        var starts = Array(repeating: 0, count: bins + 1)
        for i in 0..<count { starts[bin(i) + 1] += 1 }
        for b in 0..<bins { starts[b + 1] += starts[b] }
        var next = starts
        var places = Array(repeating: Int32(0), count: count)
        for i in 0..<count {
            let b = bin(i)
            places[next[b]] = Int32(i)
            next[b] += 1
        }
        return (places, (0..<bins).map { starts[$0]..<starts[$0 + 1] })
    }

    /// Writes `width` weights along one axis, and says at which voxel they start.
    ///
    /// With `isSlope` their derivatives with the position take their place, per voxel. Weights that reach over a wall are folded back inside (a wall is a mirror), or around a periodic axis.
    @unsafe static func fold(
        _ shape: StencilShape, at position: Double, onto count: Int, isPeriodic: Bool, width: Int,
        isSlope: Bool = false,
        into weights: UnsafeMutablePointer<Double>
    ) -> Int {
        unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: shape.points) { room in
            guard let free = room.baseAddress else { return 0 }
            let start =
                unsafe isSlope
                ? shape.slopes(at: position, into: free) : shape.weights(at: position, into: free)
            let first =
                isPeriodic && width < count
                ? (start % count + count) % count : min(max(start, 0), count - width)
            if start == first && start + shape.points <= count && width == shape.points {
                unsafe weights.update(from: free, count: width)
                return first
            }
            unsafe weights.update(repeating: 0, count: width)
            for i in 0..<shape.points {
                var at = start + i
                if isPeriodic {
                    at = (at % count + count) % count
                    unsafe weights[(at - first + count) % count] += free[i]
                } else {
                    at = (at % (2 * count) + 2 * count) % (2 * count)
                    if at >= count { at = 2 * count - 1 - at }
                    unsafe weights[at - first] += free[i]
                }
            }
            return first
        }
    }
}
