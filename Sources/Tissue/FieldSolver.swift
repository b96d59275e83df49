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
    /// `size` is the largest |right|; `sigma` (1/s) is what every voxel loses, `uptake` (1/s) what each loses besides,
    /// exactly; the multigrid's own uptake also stands for the cells'.
    ///
    /// - Returns: The largest change of `c`, as far as the first correction tells.
    /// - Complexity: O(voxels) a cycle, no allocation.
    @discardableResult
    func solve(
        _ c: Buffer<Double>, right: Buffer<Double>, size: Double, sigma: Double, uptake: Buffer<Double>?,
        cells: (any CellUptake)?, goal: Goal
    ) -> Double {
        guard size > 0, size.isFinite else { return 0 }
        let (direction, image) = (work.direction, work.image)
        let scale = 1 / size
        narrow(right, scale: scale)
        var (norm, best) = (Double.infinity, Double.infinity)
        var stalled = 0
        var alpha = 0.0
        var (first, lastProduct) = (0.0, 0.0)
        var change = 0.0
        for iteration in 0..<FieldSolver.mostIterations {
            // Nothing is an image of anything yet.
            let products = cycle(right, iteration == 0 ? right : image)
            cycles += 1
            if iteration == 0 { first = products.right }
            // What is left is rounding, and directions made of it lead anywhere.
            if products.right <= FieldSolver.rounding * first { break }
            let beta = iteration == 0 ? 0 : -alpha * products.image / lastProduct
            lastProduct = products.right
            let curvature = turn(direction, beta: beta, into: image, sigma: sigma, uptake: uptake, cells: cells)
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

    /// result = (σ + uptake − D∇²) c; returns the extent of c.
    @discardableResult
    func apply(
        _ c: Buffer<Double>, into result: Buffer<Double>, sigma: Double, uptake: Buffer<Double>? = nil
    ) -> Extent {
        let (kernels, grid, fieldOperator) = (kernels, grid, fieldOperator)
        return extent { chunk in
            _ = unsafe kernels.apply(
                fieldOperator.kernelView, sigma, uptake.map { unsafe UnsafePointer($0.pointer) }, c.pointer,
                result.pointer, grid.chunkRows(chunk))
            return unsafe kernels.extent(c.pointer, grid.chunkElements(chunk))
        }
    }

    /// direction = V-cycle's answer + beta · direction; image = (σ + uptake − D∇² + cells) direction.
    ///
    /// - Returns: Σ direction · image.
    private func turn(
        _ direction: Buffer<Double>, beta: Double, into image: Buffer<Double>, sigma: Double,
        uptake: Buffer<Double>?, cells: (any CellUptake)?
    ) -> Double {
        let (kernels, grid, fieldOperator) = (kernels, grid, fieldOperator)
        let (rest, partial) = (multigrid.solution, work.partial)
        multigrid.levels[0].wavefront.run(passes: 2) { pass, chunk in
            if pass == 0 {
                unsafe kernels.turn(direction.pointer, rest.pointer, beta, grid.chunkElements(chunk))
            } else {
                unsafe partial.pointer[chunk] = kernels.apply(
                    fieldOperator.kernelView, sigma, uptake.map { unsafe UnsafePointer($0.pointer) },
                    direction.pointer, image.pointer, grid.chunkRows(chunk))
            }
        }
        var own = 0.0
        for chunk in 0..<grid.chunks { own += partial[chunk] }
        return own + (cells?.add(direction, into: image) ?? 0)
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

    /// One V-cycle, and Σ answer · right, Σ answer · image and the largest |answer|.
    private func cycle(_ right: Buffer<Double>, _ image: Buffer<Double>) -> (
        right: Double, image: Double, largest: Double
    ) {
        let (kernels, grid, rest, partial) = (kernels, grid, multigrid.solution, work.partial)
        let chunks = grid.chunks
        multigrid.cycle { chunk in
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

    private func advance(_ c: Buffer<Double>, right: Buffer<Double>, alpha: Double, scale: Double) -> Double {
        let (kernels, grid, work, single) = (kernels, grid, work, multigrid.right)
        return sum { chunk in
            unsafe kernels.advance(
                c.pointer, work.direction.pointer, right.pointer, work.image.pointer, alpha, single.pointer, scale,
                grid.chunkElements(chunk))
        }
    }

    /// Σ, least and largest over a field.
    typealias Extent = (sum: Double, least: Double, largest: Double)

    func extent(_ values: Buffer<Double>) -> Extent {
        let (kernels, grid) = (kernels, grid)
        return extent { unsafe kernels.extent(values.pointer, grid.chunkElements($0)) }
    }

    /// Of what `body` says of every chunk.
    private func extent(_ body: (Int) -> Extent) -> Extent {
        let (partial, chunks) = (work.partial, grid.chunks)
        team.run(chunks: chunks) { chunk in
            let own = body(chunk)
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

    /// Of several sums, the largest |value| of each.
    private func largest(_ sum: Int) -> Double {
        (sum * grid.chunks..<(sum + 1) * grid.chunks).reduce(0) { max($0, work.partial[$1]) }
    }

    typealias Term = FieldSum.Term

    /// result = Σ weight · term; returns the largest |result|.
    ///
    /// `result` may be one of the terms.
    @discardableResult
    func combine(
        _ a: Term, _ b: Term? = nil, _ c: Term? = nil, _ d: Term? = nil, into result: Buffer<Double>
    ) -> Double {
        let (kernels, grid, partial) = (kernels, grid, work.partial)
        let sum = FieldSum(a, b, c, d, into: result)
        team.run(chunks: grid.chunks) { chunk in
            unsafe partial.pointer[chunk] = sum.add(kernels, grid.chunkElements(chunk))
        }
        return largest(0)
    }

    /// Two sums in one pass; the second may read the first.
    @discardableResult
    func combine(_ first: FieldSum, then second: FieldSum) -> (Double, Double) {
        let (kernels, grid, partial) = (kernels, grid, work.partial)
        let chunks = grid.chunks
        team.run(chunks: chunks) { chunk in
            unsafe partial.pointer[chunk] = first.add(kernels, grid.chunkElements(chunk))
            unsafe partial.pointer[chunks + chunk] = second.add(kernels, grid.chunkElements(chunk))
        }
        return (largest(0), largest(1))
    }

    /// What a step ends with, in one pass: the new field, how far it is from its last stage at most, and its error.
    func end(_ new: FieldSum, gap: FieldSum, error: FieldSum) -> (new: Extent, gap: Double, error: Double) {
        let (kernels, grid, partial) = (kernels, grid, work.partial)
        let chunks = grid.chunks
        let extent = extent { chunk in
            let elements = grid.chunkElements(chunk)
            _ = new.add(kernels, elements)
            unsafe partial.pointer[3 * chunks + chunk] = gap.add(kernels, elements)
            unsafe partial.pointer[4 * chunks + chunk] = error.add(kernels, elements)
            return unsafe kernels.extent(new.result.pointer, elements)
        }
        return (extent, largest(3), largest(4))
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
        partial = Buffer(count: 5 * grid.chunks)
    }
}

/// result = Σ weight · term over up to four fields.
struct FieldSum {
    typealias Term = (field: Buffer<Double>, weight: Double)

    private let terms: (Term, Term, Term, Term)
    let result: Buffer<Double>

    /// `result` may be one of the terms.
    init(_ a: Term, _ b: Term? = nil, _ c: Term? = nil, _ d: Term? = nil, into result: Buffer<Double>) {
        terms = (a, b ?? (a.field, 0), c ?? (a.field, 0), d ?? (a.field, 0))
        self.result = result
    }

    /// Adds up some elements; returns the largest |result| of them.
    func add(_ kernels: FieldKernels, _ elements: Range<Int>) -> Double {
        let (a, b, c, d) = terms
        return unsafe kernels.combine(
            a.field.pointer, a.weight, b.field.pointer, b.weight, c.field.pointer, c.weight, d.field.pointer, d.weight,
            result.pointer, elements)
    }
}
