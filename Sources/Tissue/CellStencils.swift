import CLanes

/// The folded stencils of many cells, laid out for speed: reading a field at each cell, and depositing there.
@safe final class CellStencils {
    private let grid: VoxelGrid
    private let width: (x: Int, y: Int, z: Int)
    /// First voxel of each cell along x, y and z.
    private let firsts: UnsafeMutableBufferPointer<Int32>
    private let weights: Buffer<Double>
    private let padded, perCell: Int
    private let kernels: FieldKernels
    /// Whether some stencil goes round a periodic face; only then are indices wrapped one by one.
    private let wraps: Bool
    private let shape: StencilShape
    private let isPeriodic: [Bool]

    init(_ layout: StencilLayout, kernels: FieldKernels) {
        self.kernels = kernels
        grid = layout.grid
        width = layout.width
        (padded, perCell) = (layout.padded, layout.perCell)
        unsafe firsts = .allocate(capacity: layout.firsts.count)
        _ = unsafe firsts.initialize(from: layout.firsts)
        weights = layout.weights
        shape = layout.shape
        isPeriodic = layout.isPeriodic
        let counts = layout.grid.counts
        let widths = [width.x, width.y, width.z]
        wraps = layout.firsts.enumerated().contains { i, first in Int(first) + widths[i % 3] > counts[i % 3] }
    }

    deinit { unsafe firsts.deallocate() }

    /// Valid while this object lives.
    private var view: cl_stencils {
        unsafe cl_stencils(
            firsts: UnsafePointer(firsts.baseAddress), weights: UnsafePointer(weights.pointer), perCell: perCell,
            quads: padded / 4, inY: width.y, inZ: width.z, row: grid.stride, plane: grid.stride * grid.ny)
    }

    /// readings = Σ w c for the cells given.
    func gather(_ c: Buffer<Double>, into readings: Buffer<Double>, _ cells: Range<Int>) {
        if !wraps { return unsafe kernels.gather(view, c.pointer, readings.pointer, cells) }
        for i in cells { unsafe readings.pointer[i] = gatherAround(c.pointer, i) }
    }

    /// c += w · amount · scale for the cells given.
    func scatter(_ amounts: Buffer<Double>, scale: Double, into c: Buffer<Double>, _ cells: Range<Int>) {
        if !wraps { return unsafe kernels.scatter(view, amounts.pointer, scale, c.pointer, cells) }
        for i in cells where unsafe amounts.pointer[i] != 0 {
            unsafe scatterAround(amounts.pointer[i] * scale, into: c.pointer, i)
        }
    }

    /// result += w · slope · scale · Σ w c for the cells given; returns Σ c · what is added.
    func take(
        _ slopes: Buffer<Double>, scale: Double, _ c: Buffer<Double>, into result: Buffer<Double>, _ cells: Range<Int>
    ) -> Double {
        if !wraps { return unsafe kernels.take(view, slopes.pointer, scale, c.pointer, result.pointer, cells) }
        var product = 0.0
        for i in cells where unsafe slopes.pointer[i] != 0 {
            let read = unsafe gatherAround(c.pointer, i)
            let taken = unsafe slopes.pointer[i] * read * scale
            unsafe scatterAround(taken, into: result.pointer, i)
            product += taken * read
        }
        return product
    }

    /// Σ w c for one cell, where stencils go round joined faces.
    private func gatherAround(_ c: UnsafePointer<Double>, _ i: Int) -> Double {
        var sum = 0.0
        unsafe forEachRow(i) { row, x, share, w in
            var line = 0.0
            for at in 0..<padded where unsafe w[at] != 0 {
                unsafe line += w[at] * c[row + wrapped(x + at, grid.nx)]
            }
            sum += share * line
        }
        return sum
    }

    /// c += w · amount for one cell, where stencils go round joined faces.
    private func scatterAround(_ amount: Double, into c: UnsafeMutablePointer<Double>, _ i: Int) {
        unsafe forEachRow(i) { row, x, share, w in
            for at in 0..<padded where unsafe w[at] != 0 {
                unsafe c[row + wrapped(x + at, grid.nx)] += amount * share * w[at]
            }
        }
    }

    /// Every row of a stencil: its first element, the first voxel in it, the row's weight and those along it.
    @inline(__always)
    private func forEachRow(_ i: Int, _ body: (Int, Int, Double, UnsafePointer<Double>) -> Void) {
        let (x, y, z) = unsafe (Int(firsts[3 * i]), Int(firsts[3 * i + 1]), Int(firsts[3 * i + 2]))
        let w = unsafe UnsafePointer(weights.pointer + i * perCell)
        for k in 0..<width.z {
            for j in 0..<width.y {
                let row = (wrapped(z + k, grid.nz) * grid.ny + wrapped(y + j, grid.ny)) * grid.stride
                unsafe body(row, x, w[padded + j] * w[padded + width.y + k], w)
            }
        }
    }

    /// ∇ Σ w c at a position, µm: the weights' own derivatives, folded at walls as they are.
    func gradient(of field: Buffer<Double>, at position: SIMD3<Double>) -> SIMD3<Double> {
        let c = unsafe field.pointer
        var sum = SIMD3<Double>()
        forEachVoxel(around: position) { voxel, weight, slope in
            let value = unsafe c[voxel]
            sum.x += slope.x * weight.y * weight.z * value
            sum.y += weight.x * slope.y * weight.z * value
            sum.z += weight.x * weight.y * slope.z * value
        }
        return sum / grid.spacing
    }

    /// c += w · amount at a position, µm.
    func deposit(_ amount: Double, at position: SIMD3<Double>, into field: Buffer<Double>) {
        let c = unsafe field.pointer
        forEachVoxel(around: position) { voxel, weight, _ in
            unsafe c[voxel] += amount * weight.x * weight.y * weight.z
        }
    }

    /// Every voxel of a stencil at a position with its weights along each axis, and their derivatives in voxels.
    @inline(__always)
    private func forEachVoxel(
        around position: SIMD3<Double>, _ body: (_ voxel: Int, _ weight: SIMD3<Double>, _ slope: SIMD3<Double>) -> Void
    ) {
        let widths = SIMD3(width.x, width.y, width.z)
        let counts = SIMD3(grid.nx, grid.ny, grid.nz)
        unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * (width.x + width.y + width.z)) { room in
            guard let weights = room.baseAddress else { return }
            let slopes = unsafe weights + (width.x + width.y + width.z)
            var first = SIMD3<Int>()
            var at = 0
            for a in 0..<3 {
                let x = position[a] / grid.spacing
                first[a] = unsafe StencilLayout.fold(
                    shape, at: x, onto: counts[a], isPeriodic: isPeriodic[a], width: widths[a], into: weights + at)
                _ = unsafe StencilLayout.fold(
                    shape, at: x, onto: counts[a], isPeriodic: isPeriodic[a], width: widths[a], isSlope: true,
                    into: slopes + at)
                at += widths[a]
            }
            for k in 0..<widths.z {
                for j in 0..<widths.y {
                    let (y, z) = (widths.x + j, widths.x + widths.y + k)
                    let row = (wrapped(first.z + k, grid.nz) * grid.ny + wrapped(first.y + j, grid.ny)) * grid.stride
                    for i in 0..<widths.x {
                        unsafe body(
                            row + wrapped(first.x + i, grid.nx), SIMD3(weights[i], weights[y], weights[z]),
                            SIMD3(slopes[i], slopes[y], slopes[z]))
                    }
                }
            }
        }
    }

    @inline(__always)
    private func wrapped(_ i: Int, _ count: Int) -> Int { i < count ? i : i - count }
}
