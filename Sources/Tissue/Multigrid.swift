import CLanes
import Simulation

/// An approximate inverse of σ + uptake − D∇² in single precision: one V-cycle.
///
/// Goals in order: 1 the same bits on any number of threads, 2 symmetric with respect to volume (conjugate gradients
/// need it), 3 few passes over memory. Smoothing is two damped Jacobi sweeps with Chebyshev's weights before and after.
/// - Source: Chebyshev roots on [1/3, 2], the part of the spectrum of diagonal⁻¹·A that a coarser grid cannot see.
@safe final class Multigrid {
    let levels: [MultigridLevel]
    private let kernels: FieldKernels
    private let team: ThreadTeam
    private let work: [Buffer<Float>]
    private var coarsest: DenseInverse
    private var sigma: Float = 0

    /// (a + b)/2 ± (b − a)/2 · cos(π/4) on [1/3, 2], inverted.
    private static let weights: (Float, Float) = (1 / 0.577_410_9, 1 / 1.755_922_4)
    /// Grids of at most this many voxels are inverted outright.
    ///
    /// Chosen: 64² products cost less than a sweep's set-up.
    private static let coarsestVoxels = 64

    init(grid: VoxelGrid, axes: [AxisOperator], kernels: FieldKernels, team: ThreadTeam) {
        self.kernels = kernels
        self.team = team
        var levels = [MultigridLevel(grid: grid, axes: axes, team: team)]
        while let last = levels.last, last.grid.voxels > Multigrid.coarsestVoxels {
            levels.append(MultigridLevel(grid: last.grid.coarser, axes: last.axes.map(\.coarser), team: team))
        }
        self.levels = levels
        coarsest = DenseInverse(count: levels[levels.count - 1].grid.voxels)
        work = levels.indices.map { i in
            guard i + 1 < levels.count else { return Buffer(count: 0) }
            let (fine, coarse) = (levels[i].grid, levels[i + 1].grid)
            return Buffer(
                count: max(fine.chunks * (coarse.stride + 64), coarse.chunks * (fine.stride + 96)))
        }
    }

    /// What level 0 takes as the right-hand side, and where the cycle's answer stands afterwards.
    var right: Buffer<Float> { levels[0].right }
    var solution: Buffer<Float> { levels[0].solution }
    /// Uptake by voxel on the finest level; call `prepare` after changing it.
    var uptake: Buffer<Float> { levels[0].uptake }

    /// Takes in a new σ and the uptake on level 0.
    func prepare(sigma: Double) {
        self.sigma = Float(sigma)
        for i in 0..<levels.count - 1 { averageUptake(from: levels[i], into: levels[i + 1]) }
        coarsest.refresh(levels[levels.count - 1], sigma: sigma)
    }

    /// solution ≈ A⁻¹ right; calls `finished` with every chunk of the finest level whose solution stands.
    func cycle(finished: (Int) -> Void = { _ in }) { cycle(level: 0, finished) }

    private func cycle(level i: Int, _ finished: (Int) -> Void) {
        let level = levels[i]
        guard i + 1 < levels.count else {
            coarsest.apply(level.right, into: level.solution, grid: level.grid)
            for chunk in 0..<level.grid.chunks { finished(chunk) }
            return
        }
        descend(level)
        restrict(level.scratch, from: i)
        cycle(level: i + 1) { _ in }
        ascend(i, finished)
    }

    /// Two sweeps from nothing; what is left stands in `scratch`.
    private func descend(_ level: MultigridLevel) {
        let (kernels, sigma, grid) = (kernels, sigma, level.grid)
        level.wavefront.run(passes: 3) { pass, chunk in
            let rows = grid.chunkRows(chunk)
            switch pass {
            case 0:
                unsafe kernels.smoothFromZero(
                    level.kernelView, sigma, level.uptake.pointer, level.right.pointer, level.scratch.pointer,
                    Multigrid.weights.0, rows)
            case 1: sweep(level, from: level.scratch, into: level.solution, Multigrid.weights.1, rows)
            default:
                unsafe kernels.residual(
                    level.kernelView, sigma, level.uptake.pointer, level.right.pointer, level.solution.pointer,
                    level.scratch.pointer, rows)
            }
        }
    }

    /// The coarser level's correction and two sweeps.
    private func ascend(_ i: Int, _ finished: (Int) -> Void) {
        let (level, grid) = (levels[i], levels[i].grid)
        level.wavefront.run(passes: 3) { pass, chunk in
            let rows = grid.chunkRows(chunk)
            switch pass {
            case 0: prolong(onto: level.solution, from: i, chunk)
            case 1: sweep(level, from: level.solution, into: level.scratch, Multigrid.weights.1, rows)
            default:
                sweep(level, from: level.scratch, into: level.solution, Multigrid.weights.0, rows)
                finished(chunk)
            }
        }
    }

    /// One damped Jacobi sweep of some rows on a level.
    func sweep(
        _ level: MultigridLevel, from c: Buffer<Float>, into next: Buffer<Float>, _ weight: Float, _ rows: Range<Int>
    ) {
        unsafe kernels.smooth(
            level.kernelView, sigma, level.uptake.pointer, level.right.pointer, c.pointer, next.pointer, weight, rows)
    }

    private func restrict(_ rest: Buffer<Float>, from i: Int) {
        let (level, kernels, work) = (levels[i], kernels, work[i])
        let (fine, coarse, right) = (levels[i].grid, levels[i + 1].grid, levels[i + 1].right)
        team.run(chunks: coarse.chunks) { chunk in
            unsafe kernels.restrict(
                rest.pointer, right.pointer, level.restriction(0), level.restriction(1), level.restriction(2),
                (nx: fine.nx, ny: fine.ny, nz: fine.nz, stride: fine.stride), coarse.stride,
                work.pointer + chunk * (fine.stride + 96), coarse.chunkRows(chunk))
        }
    }

    private func prolong(onto solution: Buffer<Float>, from i: Int, _ chunk: Int) {
        let (level, work) = (levels[i], work[i])
        let (fine, coarse, correction) = (levels[i].grid, levels[i + 1].grid, levels[i + 1].solution)
        unsafe kernels.prolong(
            correction.pointer, solution.pointer, level.interpolation(0), level.interpolation(1),
            level.interpolation(2), (count: fine.rows, perPlane: fine.ny, stride: fine.stride), coarse.stride,
            work.pointer + chunk * (coarse.stride + 64), fine.chunkRows(chunk))
    }

    /// Each coarse voxel's uptake is the mean over its volume.
    private func averageUptake(from fine: MultigridLevel, into coarse: MultigridLevel) {
        let (f, c) = (fine.grid, coarse.grid)
        let (wx, wy, wz) = (fine.axes[0].widths, fine.axes[1].widths, fine.axes[2].widths)
        let (wideX, wideY, wideZ) = (coarse.axes[0].widths, coarse.axes[1].widths, coarse.axes[2].widths)
        let source = unsafe fine.uptake.pointer
        let target = unsafe coarse.uptake.pointer
        team.run(chunks: c.chunks) { chunk in
            for row in c.chunkRows(chunk) {
                let (y, z) = (row % c.ny, row / c.ny)
                for x in 0..<c.nx { unsafe target[row * c.stride + x] = 0 }
                for k in 2 * z..<min(2 * z + 2, f.nz) {
                    for j in 2 * y..<min(2 * y + 2, f.ny) {
                        let share = wy[j] / wideY[y] * (wz[k] / wideZ[z])
                        let line = unsafe source + (k * f.ny + j) * f.stride
                        for x in 0..<c.nx {
                            let odd = unsafe 2 * x + 1 < f.nx ? wx[2 * x + 1] * Double(line[2 * x + 1]) : 0
                            let even = unsafe wx[2 * x] * Double(line[2 * x])
                            unsafe target[row * c.stride + x] += Float(share * (even + odd) / wideX[x])
                        }
                    }
                }
            }
        }
    }
}

/// The inverse of a small level's operator, row by row.
struct DenseInverse {
    private let count: Int
    private var matrix: [Double]
    private var inverse: [Double]

    init(count: Int) {
        self.count = count
        matrix = Array(repeating: 0, count: count * count)
        inverse = matrix
    }

    /// Inverts a level's operator anew, in place.
    mutating func refresh(_ level: MultigridLevel, sigma: Double) {
        fill(level, sigma: sigma)
        for i in inverse.indices { inverse[i] = i / count == i % count ? 1 : 0 }
        // Gauss–Jordan without pivoting: the matrix is diagonally dominant.
        for pivot in 0..<count {
            let scale = 1 / matrix[pivot * count + pivot]
            for j in 0..<count {
                matrix[pivot * count + j] *= scale
                inverse[pivot * count + j] *= scale
            }
            for i in 0..<count where i != pivot {
                let factor = matrix[i * count + pivot]
                if factor == 0 { continue }
                for j in 0..<count {
                    matrix[i * count + j] -= factor * matrix[pivot * count + j]
                    inverse[i * count + j] -= factor * inverse[pivot * count + j]
                }
            }
        }
    }

    private mutating func fill(_ level: MultigridLevel, sigma: Double) {
        let grid = level.grid
        for i in matrix.indices { matrix[i] = 0 }
        for here in 0..<count {
            let (x, y, z) = (here % grid.nx, here / grid.nx % grid.ny, here / (grid.nx * grid.ny))
            matrix[here * count + here] = sigma + Double(level.uptake[(z * grid.ny + y) * grid.stride + x])
            couple(level.axes[0], here, at: x, step: 1)
            couple(level.axes[1], here, at: y, step: grid.nx)
            couple(level.axes[2], here, at: z, step: grid.nx * grid.ny)
        }
    }

    /// Adds one axis's couplings of the voxel `here`, which is the `at`-th along it.
    private mutating func couple(_ axis: AxisOperator, _ here: Int, at: Int, step: Int) {
        let length = axis.widths.count
        matrix[here * count + here] += axis.diagonal[at]
        let lower = at > 0 ? here - step : here + (length - 1) * step
        let upper = at < length - 1 ? here + step : here - (length - 1) * step
        if axis.lower[at] != 0 { matrix[here * count + lower] -= axis.lower[at] }
        if axis.upper[at] != 0 { matrix[here * count + upper] -= axis.upper[at] }
    }

    func apply(_ right: Buffer<Float>, into solution: Buffer<Float>, grid: VoxelGrid) {
        for i in 0..<count {
            var sum = 0.0
            for j in 0..<count {
                sum += inverse[i * count + j] * Double(right[j / grid.nx * grid.stride + j % grid.nx])
            }
            solution[i / grid.nx * grid.stride + i % grid.nx] = Float(sum)
        }
    }
}
