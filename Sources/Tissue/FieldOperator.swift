import Biology
import CLanes
import Simulation

/// The 7-point operator λ − D∇² with its walls on one grid, in double precision for the field itself.
@safe final class FieldOperator {
    let grid: VoxelGrid
    let axes: [AxisOperator]
    private let columns: [Buffer<Double>]
    private let shared: cl_operator_f64

    init(grid: VoxelGrid, axes: [AxisOperator]) {
        self.grid = grid
        self.axes = axes
        // Order: x lower, upper, diagonal; then y; then z.
        columns = axes.flatMap { axis in
            [axis.lower, axis.upper, axis.diagonal].map { values in
                let buffer = Buffer<Double>(count: VoxelGrid.padded(values.count))
                for (i, value) in values.enumerated() { buffer[i] = value }
                return buffer
            }
        }
        let wraps = axes[0].isPeriodic
        let wrapWest = wraps ? columns[0][0] : 0
        let wrapEast = wraps ? columns[1][grid.nx - 1] : 0
        columns[0][0] = 0
        columns[1][grid.nx - 1] = 0
        unsafe shared = cl_operator_f64(
            nx: grid.nx, ny: grid.ny, nz: grid.nz, stride: grid.stride,
            west: columns[0].pointer, east: columns[1].pointer, south: columns[3].pointer, north: columns[4].pointer,
            below: columns[6].pointer, above: columns[7].pointer,
            dx: columns[2].pointer, dy: columns[5].pointer, dz: columns[8].pointer,
            wrapWest: wrapWest, wrapEast: wrapEast,
            periodicY: axes[1].isPeriodic ? 1 : 0, periodicZ: axes[2].isPeriodic ? 1 : 0)
    }

    /// For kernels; valid while this object lives.
    @unsafe var kernelView: cl_operator_f64 { unsafe shared }
}

/// One level of the preconditioner: the operator and its work space in single precision.
@safe final class MultigridLevel {
    let grid: VoxelGrid
    let axes: [AxisOperator]
    /// For passes that look at neighbours.
    let wavefront: Wavefront
    private let columns: [Buffer<Float>]
    private let shared: cl_operator_f32
    /// Mean uptake of cells in each voxel, 1/s.
    let uptake: Buffer<Float>
    let right: Buffer<Float>
    let solution: Buffer<Float>
    let scratch: Buffer<Float>
    /// To the next coarser level, if there is one: interpolation and its adjoint along x, y and z.
    private let transferColumns: [Buffer<Float>]
    private let down: [cl_transfer]
    private let up: [cl_transfer]

    init(grid: VoxelGrid, axes: [AxisOperator], team: ThreadTeam) {
        self.grid = grid
        self.axes = axes
        wavefront = Wavefront(grid, isPeriodic: axes.map(\.isPeriodic), team: team)
        columns = axes.flatMap { axis in [axis.lower, axis.upper, axis.diagonal].map(MultigridLevel.column) }
        let wraps = axes[0].isPeriodic
        let wrapWest = wraps ? columns[0][0] : 0
        let wrapEast = wraps ? columns[1][grid.nx - 1] : 0
        columns[0][0] = 0
        columns[1][grid.nx - 1] = 0
        // The padding of x is divided by its diagonal, so that must not be zero.
        for i in grid.nx..<columns[2].count { columns[2][i] = 1 }
        unsafe shared = cl_operator_f32(
            nx: grid.nx, ny: grid.ny, nz: grid.nz, stride: grid.stride,
            west: columns[0].pointer, east: columns[1].pointer, south: columns[3].pointer, north: columns[4].pointer,
            below: columns[6].pointer, above: columns[7].pointer,
            dx: columns[2].pointer, dy: columns[5].pointer, dz: columns[8].pointer,
            wrapWest: wrapWest, wrapEast: wrapEast,
            periodicY: axes[1].isPeriodic ? 1 : 0, periodicZ: axes[2].isPeriodic ? 1 : 0)
        uptake = Buffer(count: grid.elements)
        right = Buffer(count: grid.elements)
        solution = Buffer(count: grid.elements)
        scratch = Buffer(count: grid.elements)
        let weights = axes.map { $0.transfer() }
        let adjoints = zip(weights, axes).map { $0.adjoint(fine: $1.widths, coarse: $1.coarser.widths) }
        transferColumns = (weights + adjoints).flatMap { axis in
            [axis.evenOwn, axis.evenOther, axis.oddOwn, axis.oddOther].map(MultigridLevel.column)
        }
        var views: [cl_transfer] = unsafe []
        for (i, axis) in (weights + adjoints).enumerated() {
            unsafe views.append(
                cl_transfer(
                    evenOwn: transferColumns[4 * i].pointer, evenOther: transferColumns[4 * i + 1].pointer,
                    oddOwn: transferColumns[4 * i + 2].pointer, oddOther: transferColumns[4 * i + 3].pointer,
                    count: axis.count, periodic: axis.isPeriodic ? 1 : 0))
        }
        unsafe up = Array(views[0..<3])
        unsafe down = Array(views[3..<6])
    }

    private static func column(_ values: [Double]) -> Buffer<Float> {
        let buffer = Buffer<Float>(count: VoxelGrid.padded(values.count) + VoxelGrid.lane)
        for (i, value) in values.enumerated() { buffer[i] = Float(value) }
        return buffer
    }

    @unsafe var kernelView: cl_operator_f32 { unsafe shared }
    /// Interpolation from the coarser level along an axis.
    @unsafe func interpolation(_ axis: Int) -> cl_transfer { unsafe up[axis] }
    /// Restriction to the coarser level along an axis.
    @unsafe func restriction(_ axis: Int) -> cl_transfer { unsafe down[axis] }
}
