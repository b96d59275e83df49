#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What the grid gets wrong near a cell, and by how much: the exact field of a sphere less what the lattice gives.
///
/// For the cell itself γ = 1/(4πD a(1 + κa)) − wᵀGw/(D h); for a neighbour at r, e^(−κr)/(4πD r) − wᵀGw′/(D h).
/// Both are per molecule released a second. Walls that reflect are mirrors: images of cells count as neighbours.
/// - Source: design note numerics, section 2 (particle–particle/particle–mesh sum).
struct NearField {
    let grid: VoxelGrid
    let shape: StencilShape
    let isPeriodic: [Bool]
    /// Whether the wall on the lower and upper side of each axis is a mirror.
    let reflects: [(lower: Bool, upper: Bool)]
    let diffusion: Double
    /// κ = √(decay / D), 1/µm.
    let screening: Double
    /// Smallest radius of any cell, µm: of two that stand in each other, neither reads more than at its own surface.
    private let closest: Double
    private let green: LatticeGreen
    private let kernels: FieldKernels

    /// Neighbours closer than this are corrected, in voxels.
    let reachInVoxels: Double
    var reach: Double { reachInVoxels * grid.spacing }

    /// The reach where so many cells stand in a voxel.
    ///
    /// Beyond 4 voxels the lattice is within 1.6 % of the continuum on an axis and 0.4 % on average over directions;
    /// beyond 2.5 within 4 % and 0.9 %. Chosen: in crowds, where directions average out, fewer neighbours are corrected.
    static func reach(perVoxel: Double) -> Double {
        [4.0, 3.0, 2.5].first { 4.19 * $0 * $0 * $0 * perVoxel <= 100 } ?? 2
    }

    /// Cells in a voxel where there are cells: of blocks of two voxels a side, those that hold any.
    static func crowding(_ positions: [SIMD3<Double>], _ grid: VoxelGrid) -> Double {
        let counts = (x: (grid.nx + 1) / 2, y: (grid.ny + 1) / 2, z: (grid.nz + 1) / 2)
        var isHeld = Array(repeating: false, count: counts.x * counts.y * counts.z)
        var held = 0
        let edge = 2 * grid.spacing
        func along(_ x: Double, _ count: Int) -> Int { min(count - 1, max(0, Int(x / edge))) }
        for p in positions {
            let block = (along(p.z, counts.z) * counts.y + along(p.y, counts.y)) * counts.x + along(p.x, counts.x)
            if !isHeld[block] { held += 1 }
            isHeld[block] = true
        }
        let voxels = Double(min(2, grid.nx) * min(2, grid.ny) * min(2, grid.nz))
        return held > 0 ? Double(positions.count) / (Double(held) * voxels) : 0
    }

    init(
        grid: VoxelGrid, shape: StencilShape, isPeriodic: [Bool], reflects: [(lower: Bool, upper: Bool)],
        diffusion: Double, decay: Double, perVoxel: Double, closest: Double, greens: LatticeGreens,
        kernels: FieldKernels
    ) {
        self.kernels = kernels
        self.closest = closest
        reachInVoxels = NearField.reach(perVoxel: perVoxel)
        self.grid = grid
        self.shape = shape
        self.isPeriodic = isPeriodic
        self.reflects = reflects
        self.diffusion = diffusion
        screening = (decay / diffusion).squareRoot()
        green = greens.table(
            reach: Int(reachInVoxels.rounded(.up)) + 2 * shape.points, screening: screening * grid.spacing)
    }

    /// What a coordinate and its images along one axis give, which cells that differ in the others share.
    final class ImageLine {
        fileprivate var axis = -1
        fileprivate var x = 0.0
        /// Weights by distance in voxels, summed over images, from −`reach` on, and where they are not 0.
        fileprivate let weights: Buffer<Double>
        fileprivate var (low, high) = (0, 0)
        /// e^(−κr)/(4πr) summed over images, 1/µm.
        fileprivate var exact = 0.0

        fileprivate init(reach: Int) { weights = Buffer(count: 2 * reach + 1) }
    }

    /// Room for ``ownCorrection(at:radius:_:)``.
    func imageLine() -> ImageLine { ImageLine(reach: green.reach) }

    /// 1/(4πD a(1 + κa)) − wᵀGw/(D h), with the cell's own mirror images, s/µm³.
    func ownCorrection(at position: SIMD3<Double>, radius: Double, _ line: ImageLine) -> Double {
        var (along, axes) = (0, 0)
        for axis in 0..<3 where hasImages(position[axis], axis) { (along, axes) = (axis, axes + 1) }
        let own = 1 / (4 * Double.pi * radius * (1 + screening * radius))
        let images =
            axes > 1 ? sum(at: position, of: position, isOwn: true) : correctionOfImages(position, along: along, line)
        return (own + images) / diffusion
    }

    /// e^(−κr)/(4πr) summed over a position's images, less wᵀGw/h and wᵀGw′/h of them, 1/µm, where images lie along one
    /// axis only, as they do of most cells: along the other two the stencils are the cell's own, so that all are one sum.
    private func correctionOfImages(_ position: SIMD3<Double>, along axis: Int, _ line: ImageLine) -> Double {
        let n = shape.points
        let across = [(1, 2), (0, 2), (0, 1)][axis]
        if line.axis != axis || line.x != position[axis] { find(line, position[axis], axis) }
        return unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * n) { room in
            guard let first = room.baseAddress else { return 0 }
            let (second, weights) = unsafe (first + n, first + 2 * n)
            unsafe correlate(position[across.0], weights, into: first)
            unsafe correlate(position[across.1], weights, into: second)
            var response = 0.0
            for k in 0..<n {
                for l in 0..<n {
                    let share = unsafe first[k] * second[l] * (k > 0 ? 2 : 1) * (l > 0 ? 2 : 1)
                    unsafe response +=
                        share
                        * green.sum(
                            line.weights.pointer + line.low, line.high - line.low + 1, from: line.low - green.reach, k,
                            l)
                }
            }
            return line.exact - response / grid.spacing
        }
    }

    private func find(_ line: ImageLine, _ x: Double, _ axis: Int) {
        let (n, far) = (shape.points, green.reach)
        (line.axis, line.x, line.exact, line.low, line.high) = (axis, x, 0, far, far)
        line.weights.fill(0)
        unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * n) { room in
            guard let own = room.baseAddress else { return }
            let other = unsafe own + n
            let start = unsafe shape.weights(at: x / grid.spacing, into: own)
            func add(_ image: Double) {
                let shift = unsafe start - shape.weights(at: image / grid.spacing, into: other)
                (line.low, line.high) = (min(line.low, far + shift - n + 1), max(line.high, far + shift + n - 1))
                for a in 0..<n {
                    for b in 0..<n { unsafe line.weights.pointer[far + shift + a - b] += own[a] * other[b] }
                }
            }
            add(x)
            for k in 0..<images(axis) {
                let image = image(of: x, axis, k)
                let r = abs(image - x)
                if r == 0 || r > reach { continue }
                line.exact += exact(r)
                add(image)
            }
        }
    }

    /// Σ w[i] w[i + k] of the weights at a coordinate, µm, by k.
    @unsafe private func correlate(
        _ x: Double, _ weights: UnsafeMutablePointer<Double>, into sums: UnsafeMutablePointer<Double>
    ) {
        let n = shape.points
        _ = unsafe shape.weights(at: x / grid.spacing, into: weights)
        for k in 0..<n {
            var sum = 0.0
            for i in 0..<n - k { unsafe sum += weights[i] * weights[i + k] }
            unsafe sums[k] = sum
        }
    }

    /// e^(−κr)/(4πD r) − wᵀGw′/(D h) summed over `source` and its images near `reader`, s/µm³; 0 if none is near.
    func correction(at reader: SIMD3<Double>, from source: SIMD3<Double>) -> Double {
        sum(at: reader, of: source, isOwn: false) / diffusion
    }

    /// e^(−κr)/(4πr) − wᵀGw′/h summed over a source and its images within reach of a reader, 1/µm; where the source is the
    /// reader's own, only −wᵀGw/h of itself.
    private func sum(at reader: SIMD3<Double>, of source: SIMD3<Double>, isOwn: Bool) -> Double {
        let n = shape.points
        let most = images(0) + images(1) + images(2)
        return unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: 6 * n + most * (n + 2)) { room in
            guard let own = room.baseAddress else { return 0 }
            let other = unsafe own + 3 * n
            var next = unsafe other + 3 * n
            var sum = 0.0
            let x = unsafe near(reader.x, source.x, 0, own, &next)
            let y = unsafe near(reader.y, source.y, 1, own + n, &next)
            let z = unsafe near(reader.z, source.z, 2, own + 2 * n, &next)
            for k in 0..<z.count {
                unsafe z.take(k, n, to: other + 2 * n)
                for j in 0..<y.count {
                    unsafe y.take(j, n, to: other + n)
                    for i in 0..<x.count {
                        let image = SIMD3(x.place(i, n), y.place(j, n), z.place(k, n))
                        let distance = NearField.distance(image, reader)
                        if distance > reach { continue }
                        unsafe x.take(i, n, to: other)
                        let response = unsafe kernels.response(
                            own, other, n, green.lines.pointer, green.reach,
                            (x.shift(i, n), y.shift(j, n), z.shift(k, n)))
                        sum += (isOwn && image == reader ? 0 : exact(distance)) - response / grid.spacing
                    }
                }
            }
            return sum
        }
    }

    /// Images along one axis: of each its coordinate, the shift of its stencil and its weights.
    @safe private struct ImageRow {
        let memory: UnsafeMutablePointer<Double>
        var count = 0

        @inline(__always)
        func place(_ k: Int, _ points: Int) -> Double { unsafe memory[k * (points + 2)] }
        @inline(__always)
        func shift(_ k: Int, _ points: Int) -> Int { unsafe Int(memory[k * (points + 2) + 1]) }
        @inline(__always)
        func take(_ k: Int, _ points: Int, to weights: UnsafeMutablePointer<Double>) {
            unsafe weights.update(from: memory + k * (points + 2) + 2, count: points)
        }
    }

    /// The images along an axis within reach of a reader, whose own weights are found too; memory behind them is `next`.
    private func near(
        _ reader: Double, _ source: Double, _ axis: Int, _ own: UnsafeMutablePointer<Double>,
        _ next: inout UnsafeMutablePointer<Double>
    ) -> ImageRow {
        var row = unsafe ImageRow(memory: next)
        let start = unsafe shape.weights(at: reader / grid.spacing, into: own)
        for k in 0..<images(axis) {
            let x = image(of: source, axis, k)
            if abs(x - reader) > reach { continue }
            unsafe next[0] = x
            unsafe next[1] = Double(start - shape.weights(at: x / grid.spacing, into: next + 2))
            unsafe next += shape.points + 2
            row.count += 1
        }
        return row
    }

    /// The same for two of a set of cells at a distance (µm), where no image of the source is near.
    func correction(_ stencils: FreeStencils, _ reader: Int, from source: Int, distance: Double) -> Double {
        pair(stencils, reader, source, distance) / diffusion
    }

    /// Whether it corrects as another one of the same molecule does.
    func isSame(as other: NearField) -> Bool {
        reachInVoxels == other.reachInVoxels && closest == other.closest && shape == other.shape
    }

    /// Whether a position is so far from every wall that none of its images is near any cell.
    func isInner(_ position: SIMD3<Double>) -> Bool {
        let far = SIMD3(Double(grid.nx), Double(grid.ny), Double(grid.nz)) * grid.spacing - reach
        return all(position .>= reach) && all(position .<= far)
    }

    private func pair(_ stencils: FreeStencils, _ reader: Int, _ source: Int, _ distance: Double) -> Double {
        exact(distance) - stencils.response(reader, to: source, green, kernels) / grid.spacing
    }

    /// e^(−κr)/(4πr), 1/µm.
    private func exact(_ distance: Double) -> Double {
        let r = max(distance, closest)
        return (screening == 0 ? 1 : exp(-screening * r)) / (4 * Double.pi * r)
    }

    static func distance(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
        let d = a - b
        return (d.x * d.x + d.y * d.y + d.z * d.z).squareRoot()
    }

    /// Whether a coordinate has images along an axis within reach of itself.
    private func hasImages(_ x: Double, _ axis: Int) -> Bool {
        let length = Double(grid.counts[axis]) * grid.spacing
        if isPeriodic[axis] { return length <= reach }
        let walls = reflects[axis]
        let (low, high) = (walls.lower && 2 * x <= reach, walls.upper && 2 * (length - x) <= reach)
        return low || high || (walls.lower && walls.upper && 2 * length <= reach)
    }

    /// How many images, itself among them, a coordinate has along an axis as far as the reach goes and further.
    private func images(_ axis: Int) -> Int {
        let walls = reflects[axis]
        if isPeriodic[axis] { return 2 * turns(axis) + 1 }
        if walls.lower && walls.upper { return 4 * turns(axis) + 2 }
        return 1 + (walls.lower ? 1 : 0) + (walls.upper ? 1 : 0)
    }

    private func turns(_ axis: Int) -> Int {
        Int((reach / (Double(grid.counts[axis]) * grid.spacing)).rounded(.up)) + 1
    }

    /// Image k of a coordinate along an axis, µm.
    private func image(of x: Double, _ axis: Int, _ k: Int) -> Double {
        let length = Double(grid.counts[axis]) * grid.spacing
        let walls = reflects[axis]
        if isPeriodic[axis] { return x + Double(k - turns(axis)) * length }
        if walls.lower && walls.upper {
            let shift = 2 * Double(k / 2 - turns(axis)) * length
            return k % 2 == 0 ? shift + x : shift - x
        }
        if k == 0 { return x }
        return k == 1 && walls.lower ? -x : 2 * length - x
    }
}
