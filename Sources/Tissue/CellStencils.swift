import CLanes

/// The folded stencils of many cells, laid out for speed: reading a field at each cell, and depositing there.
@safe final class CellStencils {
    private let grid: VoxelGrid
    private let width: (x: Int, y: Int, z: Int)
    /// First voxel of each cell along x, y and z.
    private let firsts: UnsafeMutableBufferPointer<Int32>
    private let weights: Buffer<Double>
    private let perCell: Int
    /// Whether some stencil goes round a periodic face; only then are indices wrapped one by one.
    private let wraps: Bool
    private let shape: StencilShape
    private let isPeriodic: [Bool]

    init(_ layout: StencilLayout) {
        grid = layout.grid
        width = layout.width
        perCell = width.x + width.y + width.z
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

    /// Σ w c for one cell.
    @inline(__always)
    func gather(_ c: UnsafePointer<Double>, _ i: Int) -> Double {
        // Three voxels a row, as most stencils have, known beforehand.
        unsafe width.x == 3 && !wraps
            ? gather(c, i, along: 3, isPlain: true) : gather(c, i, along: width.x, isPlain: !wraps)
    }

    /// c += w · amount for one cell.
    @inline(__always)
    func scatter(_ amount: Double, into c: UnsafeMutablePointer<Double>, _ i: Int) {
        if width.x == 3 && !wraps {
            unsafe scatter(amount, into: c, i, along: 3, isPlain: true)
        } else {
            unsafe scatter(amount, into: c, i, along: width.x, isPlain: !wraps)
        }
    }

    /// Asks for what cell i will read and write, rows of two fields.
    @inline(__always)
    func prefetch(_ c: UnsafePointer<Double>, _ result: UnsafePointer<Double>, _ i: Int) {
        let (x, y, z) = unsafe (Int(firsts[3 * i]), Int(firsts[3 * i + 1]), Int(firsts[3 * i + 2]))
        for k in 0..<width.z {
            for j in 0..<width.y {
                let at = row(y, j, z, k) + x
                unsafe cl_prefetch(c + at)
                unsafe cl_prefetch(result + at)
            }
        }
    }

    @inline(__always)
    private func gather(_ c: UnsafePointer<Double>, _ i: Int, along n: Int, isPlain: Bool) -> Double {
        let (x, y, z) = unsafe (Int(firsts[3 * i]), Int(firsts[3 * i + 1]), Int(firsts[3 * i + 2]))
        let w = unsafe weights.pointer + i * perCell
        var sum = 0.0
        for k in 0..<width.z {
            for j in 0..<width.y {
                let row = unsafe c + row(y, j, z, k)
                var line = 0.0
                if isPlain {
                    for at in 0..<n { unsafe line += w[at] * row[x + at] }
                } else {
                    for at in 0..<n { unsafe line += w[at] * row[wrapped(x + at, grid.nx)] }
                }
                unsafe sum += w[n + j] * w[n + width.y + k] * line
            }
        }
        return sum
    }

    @inline(__always)
    private func scatter(_ amount: Double, into c: UnsafeMutablePointer<Double>, _ i: Int, along n: Int, isPlain: Bool)
    {
        let (x, y, z) = unsafe (Int(firsts[3 * i]), Int(firsts[3 * i + 1]), Int(firsts[3 * i + 2]))
        let w = unsafe weights.pointer + i * perCell
        for k in 0..<width.z {
            for j in 0..<width.y {
                let row = unsafe c + row(y, j, z, k)
                let share = unsafe amount * w[n + j] * w[n + width.y + k]
                if isPlain {
                    for at in 0..<n { unsafe row[x + at] += share * w[at] }
                } else {
                    for at in 0..<n { unsafe row[wrapped(x + at, grid.nx)] += share * w[at] }
                }
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
        unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * perCell) { room in
            guard let weights = room.baseAddress else { return }
            let slopes = unsafe weights + perCell
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

    /// The first element of the row at the j-th y and k-th z of a stencil.
    @inline(__always)
    private func row(_ y: Int, _ j: Int, _ z: Int, _ k: Int) -> Int {
        wraps
            ? (wrapped(z + k, grid.nz) * grid.ny + wrapped(y + j, grid.ny)) * grid.stride
            : ((z + k) * grid.ny + y + j) * grid.stride
    }

    @inline(__always)
    private func wrapped(_ i: Int, _ count: Int) -> Int { i < count ? i : i - count }
}
