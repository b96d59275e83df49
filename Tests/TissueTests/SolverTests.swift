import Biology
import Simulation
import Testing

@testable import Tissue

/// The field's linear solver against manufactured solutions, for every kind of wall and shape of box.
struct SolverTests {
    static func solver(
        _ n: [Int], spacing: Double = 10, diffusion: Double = 100, periodic: Set<Axis> = [], wall: Wall = .noFlux,
        threads: Int = 1, kernels: FieldKernels = .best
    ) -> FieldSolver {
        let grid = VoxelGrid(nx: n[0], ny: n[1], nz: n[2], spacing: spacing)
        let axes = Axis.allCases.map { axis in
            AxisOperator(
                widths: Array(repeating: spacing, count: n[axis.rawValue]), diffusion: diffusion,
                isPeriodic: periodic.contains(axis), walls: (wall, wall))
        }
        let team = ThreadTeam(count: threads)
        return FieldSolver(
            fieldOperator: FieldOperator(grid: grid, axes: axes), work: SolverWork(grid: grid), kernels: kernels,
            team: team)
    }

    /// Fills a field with a fixed pattern of values between −1 and 1.
    static func pattern(_ grid: VoxelGrid, into field: Buffer<Double>) {
        var state: UInt64 = 42
        for row in 0..<grid.rows {
            for x in 0..<grid.nx {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                field[row * grid.stride + x] = Double(state >> 11) / Double(1 << 52) - 1
            }
        }
    }

    @Test(
        "recovers a field from its image, within ten cycles",
        arguments: [
            ([32, 32, 32], Set<Axis>(), Wall.noFlux), ([50, 50, 50], [], .noFlux), ([37, 21, 13], [], .noFlux),
            ([40, 40, 1], [], .noFlux), ([100, 1, 1], [], .noFlux), ([33, 20, 7], [.x], .noFlux),
            ([33, 20, 7], [.y, .z], .noFlux), ([32, 17, 16], [.x, .y, .z], .noFlux),
            ([30, 31, 32], [], .fixed(.nanomolar(1))),
            ([30, 31, 32], [], .permeable(Permeability(coherent: 3), outside: .zero)), ([3, 2, 1], [], .noFlux),
        ] as [([Int], Set<Axis>, Wall)])
    func recoversAField(shape: [Int], periodic: Set<Axis>, wall: Wall) {
        for sigma in [1e-4, 1e-2, 10] {
            let solver = Self.solver(shape, periodic: periodic, wall: wall)
            let grid = solver.fieldOperator.grid
            let (field, right, found) = (
                Buffer<Double>(count: grid.elements), Buffer<Double>(count: grid.elements),
                Buffer<Double>(count: grid.elements)
            )
            Self.pattern(grid, into: field)
            solver.apply(field, into: right, sigma: sigma)
            let size = solver.combine((right, 1), into: right)
            solver.multigrid.prepare(sigma: sigma)
            solver.solve(
                found, right: right, size: size, sigma: sigma, uptake: nil, cells: nil,
                goal: .init(error: 1e-9, residual: 0))
            let error = solver.combine((field, 1), (found, -1), into: right)
            #expect(error < 1e-7, "\(shape) \(periodic) \(sigma)")
            #expect(solver.cycles <= 14, "\(solver.cycles) cycles for \(shape) \(periodic) \(wall) σ \(sigma)")
        }
    }
}
