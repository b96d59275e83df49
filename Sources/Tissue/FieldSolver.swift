import CLanes
import Simulation

/// Uptake by cells in the linear problem that `FieldSolver` solves: a symmetric, positive operator added to the field's.
protocol CellUptake: AnyObject {
    /// result += C c, and returns Σ c · C c.
    func add(_ c: Buffer<Double>, into result: Buffer<Double>) -> Double
}

/// Solves (σ + uptake − D∇² + cells) c = b by conjugate gradients behind a V-cycle.
///
/// One for each molecule; the work space is shared, since molecules are solved in turn.
@safe final class FieldSolver {
    let fieldOperator: FieldOperator
    let multigrid: Multigrid
    private let kernels: FieldKernels
    private let team: ThreadTeam
    private let work: SolverWork
    /// Cycles spent since the start.
    private(set) var cycles = 0

    private var grid: VoxelGrid { fieldOperator.grid }

    init(fieldOperator: FieldOperator, work: SolverWork, kernels: FieldKernels, team: ThreadTeam) {
        self.fieldOperator = fieldOperator
        self.work = work
        self.kernels = kernels
        self.team = team
        multigrid = Multigrid(grid: fieldOperator.grid, axes: fieldOperator.axes, kernels: kernels, team: team)
    }

    /// When a solution is good enough.
    struct Goal {
        /// Of the largest error in c, molecules/µm³, as the V-cycle estimates it.
        var error: Double
        /// Of √Σ residual², molecules/(µm³·s); 0 where only `error` matters.
        var residual: Double
    }

    /// Adds to `c` the solution for the right-hand side `right`, which is used up.
    ///
    /// `sigma` (1/s) is what every voxel loses, `uptake` (1/s) what each loses besides, exactly; the multigrid's own
    /// uptake also stands for the cells'.
    ///
    /// - Returns: The largest change of `c`, as far as the first correction tells.
    /// - Complexity: O(voxels) a cycle, no allocation.
    @discardableResult
    func solve(
        _ c: Buffer<Double>, right: Buffer<Double>, sigma: Double, uptake: Buffer<Double>?, cells: (any CellUptake)?,
        goal: Goal
    ) -> Double {
        let direction = work.direction
        let image = work.image
        direction.fill(0)
        image.fill(0)
        let start = extent(right)
        let size = max(start.largest, -start.least)
        guard size > 0, size.isFinite else { return 0 }
        let scale = 1 / size
        narrow(right, scale: scale)
        var (norm, best) = (Double.infinity, Double.infinity)
        var stalled = 0
        var alpha = 0.0
        var (first, lastProduct) = (0.0, 0.0)
        var change = 0.0
        for iteration in 0..<FieldSolver.mostIterations {
            multigrid.cycle()
            cycles += 1
            let products = products(right, image)
            if iteration == 0 { first = products.right }
            // What is left is rounding, and directions made of it lead anywhere.
            if products.right <= FieldSolver.rounding * first { break }
            let beta = iteration == 0 ? 0 : -alpha * products.image / lastProduct
            lastProduct = products.right
            turn(direction, beta: beta)
            let curvature = apply(direction, into: image, sigma: sigma, uptake: uptake, cells: cells)
            if curvature <= 0 { break }
            alpha = products.right / curvature
            norm = advance(c, right: right, alpha: alpha, scale: scale)
            // The V-cycle's answer is scaled; alpha is close to the scale's inverse once the cycle is a good inverse.
            let correction = products.largest * size
            if iteration == 0 { change = correction }
            // A cycle leaves at most about a fifth of the error, so this correction bounds what is left.
            let isCloseEnough = correction * 0.2 <= goal.error
            if isCloseEnough && (goal.residual == 0 || norm <= goal.residual * goal.residual) { break }
            // Rounding leaves a floor; three cycles without a gain say that it is reached.
            stalled = norm < 0.5 * best ? 0 : stalled + 1
            best = min(best, norm)
            if stalled == 3 { break }
        }
        return change
    }

    /// Chosen: well-posed problems need 3 to 15; more means that double precision has nothing left to give.
    private static let mostIterations = 60

    /// Of Σ c · residual at the start.
    ///
    /// Chosen: 1e-14 of what c changes by, some tens of roundings.
    private static let rounding = 1e-28

    // MARK: - Passes over memory, each with sums in the order of chunks

    private func sum(_ body: (Int) -> Double) -> Double {
        let partial = work.partial
        team.run(chunks: grid.chunks) { chunk in unsafe partial.pointer[chunk] = body(chunk) }
        var total = 0.0
        for chunk in 0..<grid.chunks { total += partial[chunk] }
        return total
    }

    /// result = (σ + uptake − D∇² + cells) c; returns Σ c · result.
    func apply(
        _ c: Buffer<Double>, into result: Buffer<Double>, sigma: Double, uptake: Buffer<Double>?,
        cells: (any CellUptake)?
    ) -> Double {
        let (kernels, grid, fieldOperator) = (kernels, grid, fieldOperator)
        let own = sum { chunk in
            unsafe kernels.apply(
                fieldOperator.kernelView, sigma, uptake.map { unsafe UnsafePointer($0.pointer) }, c.pointer,
                result.pointer, grid.chunkRows(chunk))
        }
        return own + (cells?.add(c, into: result) ?? 0)
    }

    /// √Σ value² over a field.
    func norm(_ values: Buffer<Double>) -> Double {
        let (kernels, grid) = (kernels, grid)
        return sum { chunk in
            unsafe kernels.squares(values.pointer, grid.chunkElements(chunk))
        }.squareRoot()
    }

    private func narrow(_ right: Buffer<Double>, scale: Double) {
        let (kernels, grid, single) = (kernels, grid, multigrid.right)
        team.run(chunks: grid.chunks) { chunk in
            unsafe kernels.narrow(right.pointer, scale, single.pointer, grid.chunkElements(chunk))
        }
    }

    private func products(_ right: Buffer<Double>, _ image: Buffer<Double>) -> (
        right: Double, image: Double, largest: Double
    ) {
        let (kernels, grid, rest, partial) = (kernels, grid, multigrid.solution, work.partial)
        let chunks = grid.chunks
        team.run(chunks: chunks) { chunk in
            let own = unsafe kernels.products(rest.pointer, right.pointer, image.pointer, grid.chunkElements(chunk))
            unsafe partial.pointer[chunk] = own.right
            unsafe partial.pointer[chunks + chunk] = own.image
            unsafe partial.pointer[2 * chunks + chunk] = own.largest
        }
        var total = (right: 0.0, image: 0.0, largest: 0.0)
        for chunk in 0..<chunks {
            total.right += partial[chunk]
            total.image += partial[chunks + chunk]
            total.largest = max(total.largest, partial[2 * chunks + chunk])
        }
        return total
    }

    private func turn(_ direction: Buffer<Double>, beta: Double) {
        let (kernels, grid, rest) = (kernels, grid, multigrid.solution)
        team.run(chunks: grid.chunks) { chunk in
            unsafe kernels.turn(direction.pointer, rest.pointer, beta, grid.chunkElements(chunk))
        }
    }

    private func advance(_ c: Buffer<Double>, right: Buffer<Double>, alpha: Double, scale: Double) -> Double {
        let (kernels, grid, work, single) = (kernels, grid, work, multigrid.right)
        return sum { chunk in
            unsafe kernels.advance(
                c.pointer, work.direction.pointer, right.pointer, work.image.pointer, alpha, single.pointer, scale,
                grid.chunkElements(chunk))
        }
    }

    /// Σ, least and largest over a field.
    func extent(_ values: Buffer<Double>) -> (sum: Double, least: Double, largest: Double) {
        let (kernels, grid, partial) = (kernels, grid, work.partial)
        let chunks = grid.chunks
        team.run(chunks: chunks) { chunk in
            let own = unsafe kernels.extent(values.pointer, grid.chunkElements(chunk))
            unsafe partial.pointer[chunk] = own.sum
            unsafe partial.pointer[chunks + chunk] = own.least
            unsafe partial.pointer[2 * chunks + chunk] = own.largest
        }
        var total = (sum: 0.0, least: Double.infinity, largest: -Double.infinity)
        for chunk in 0..<chunks {
            total.sum += partial[chunk]
            total.least = min(total.least, partial[chunks + chunk])
            total.largest = max(total.largest, partial[2 * chunks + chunk])
        }
        return total
    }

    typealias Term = (field: Buffer<Double>, weight: Double)

    /// result = Σ weight · term; returns the largest |result|.
    ///
    /// `result` may be one of the terms.
    @discardableResult
    func combine(
        _ a: Term, _ b: Term? = nil, _ c: Term? = nil, _ d: Term? = nil, into result: Buffer<Double>
    ) -> Double {
        let (kernels, grid, partial) = (kernels, grid, work.partial)
        let (b, c, d) = (b ?? (a.field, 0), c ?? (a.field, 0), d ?? (a.field, 0))
        team.run(chunks: grid.chunks) { chunk in
            unsafe partial.pointer[chunk] = kernels.combine(
                a.field.pointer, a.weight, b.field.pointer, b.weight, c.field.pointer, c.weight, d.field.pointer,
                d.weight, result.pointer, grid.chunkElements(chunk))
        }
        return (0..<grid.chunks).reduce(0) { max($0, partial[$1]) }
    }

    /// Room for a field that the next solve may overwrite.
    var imageBuffer: Buffer<Double> { work.image }

    /// Hands the preconditioner the uptake by voxel, 1/s.
    func takeUptake(_ uptake: Buffer<Double>) {
        let (kernels, grid, single) = (kernels, grid, multigrid.uptake)
        team.run(chunks: grid.chunks) { chunk in
            unsafe kernels.narrow(uptake.pointer, 1, single.pointer, grid.chunkElements(chunk))
        }
    }
}

/// Work space of the solver, shared by all molecules.
@safe final class SolverWork {
    let direction: Buffer<Double>
    let image: Buffer<Double>
    let partial: Buffer<Double>

    init(grid: VoxelGrid) {
        direction = Buffer(count: grid.elements)
        image = Buffer(count: grid.elements)
        partial = Buffer(count: 3 * grid.chunks)
    }
}
