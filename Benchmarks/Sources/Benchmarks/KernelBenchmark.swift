import Biology
import Simulation

@testable import Tissue

/// The field's passes over memory: nanoseconds per voxel and molecule, and against the machine's own copy.
///
/// Traffic counts each array once, as the copy's does: reads and writes, no read for ownership. Smoothing and residual
/// read three arrays of floats and write one; the operator in double precision reads one and writes one.
enum KernelBenchmark {
    static func run() {
        print(
            "kernels: ns per voxel and molecule; in brackets the share of copy bandwidth at the same size and threads")
        print("  voxels  molecules threads   copy GB/s    smoothing        residual         operator (f64)   V-cycle")
        for side in [50, 100, 200] {
            for molecules in [1, 10] where side < 200 || molecules == 1 {
                for threads in [1, 2] { run(side: side, molecules: molecules, threads: threads) }
            }
        }
        run(side: 200, molecules: 10, threads: 1)
        run(side: 200, molecules: 10, threads: 2)
    }

    private static func run(side: Int, molecules: Int, threads: Int) {
        let grid = VoxelGrid(nx: side, ny: side, nz: side, spacing: 10)
        let team = ThreadTeam(count: threads)
        defer { team.dismiss() }
        let axes = (0..<3).map { _ in
            AxisOperator(
                widths: Array(repeating: 10, count: side), diffusion: 100, isPeriodic: false, walls: (.noFlux, .noFlux))
        }
        let fieldOperator = FieldOperator(grid: grid, axes: axes)
        let cycles = (0..<molecules).map { _ in Multigrid(grid: grid, axes: axes, kernels: .best, team: team) }
        let doubles = (0..<molecules).map { _ in
            (Buffer<Double>(count: grid.elements), Buffer<Double>(count: grid.elements))
        }
        for cycle in cycles {
            for i in 0..<grid.elements where i % grid.stride < side { cycle.right[i] = Float(i % 97) - 48 }
            cycle.prepare(sigma: 0.01)
        }
        for pair in doubles { pair.0.fill(1) }
        let voxels = Double(grid.voxels * molecules)
        let spares = cycles.map { _ in Buffer<Float>(count: grid.elements) }
        let copy = best { for (cycle, spare) in zip(cycles, spares) { copyFields(cycle, spare, grid, team) } }
        let smoothing = best {
            for cycle in cycles {
                let level = cycle.levels[0]
                team.run(chunks: grid.chunks) {
                    cycle.sweep(level, from: level.solution, into: level.scratch, 0.8, grid.chunkRows($0))
                }
            }
        }
        let rest = best { for cycle in cycles { residual(cycle, grid, team) } }
        let apply = best {
            for pair in doubles {
                team.run(chunks: grid.chunks) { chunk in
                    _ = FieldKernels.best.apply(
                        fieldOperator.kernelView, 0.01, nil, pair.0.pointer, pair.1.pointer, grid.chunkRows(chunk))
                }
            }
        }
        let cycle = best { for cycle in cycles { cycle.cycle() } }
        let bandwidth = 16 * Double(grid.elements * molecules) / copy
        func entry(_ seconds: Double, bytes: Double) -> String {
            let share = bytes * Double(grid.elements * molecules) / seconds / bandwidth
            return String(format: "%5.2f (%3.0f %%)    ", seconds / voxels * 1e9, 100 * share)
        }
        print(
            String(format: "  %3d³  %10d %7d %11.1f    ", side, molecules, threads, bandwidth / 1e9)
                + entry(smoothing, bytes: 16) + entry(rest, bytes: 16) + entry(apply, bytes: 16)
                + String(format: "%6.2f", cycle / voxels * 1e9))
    }

    /// Two arrays copied into two others: as much memory as a sweep reads and writes.
    private static func copyFields(_ cycle: Multigrid, _ spare: Buffer<Float>, _ grid: VoxelGrid, _ team: ThreadTeam) {
        let level = cycle.levels[0]
        team.run(chunks: grid.chunks) { chunk in
            let range = grid.chunkElements(chunk)
            for (from, to) in [(level.solution, level.scratch), (level.right, spare)] {
                (to.pointer + range.lowerBound).update(from: from.pointer + range.lowerBound, count: range.count)
            }
        }
    }

    private static func residual(_ cycle: Multigrid, _ grid: VoxelGrid, _ team: ThreadTeam) {
        let level = cycle.levels[0]
        team.run(chunks: grid.chunks) { chunk in
            FieldKernels.best.residual(
                level.kernelView, 0.01, level.uptake.pointer, level.right.pointer, level.solution.pointer,
                level.scratch.pointer, grid.chunkRows(chunk))
        }
    }

    /// The best of several runs, s: the machine is shared, and only the quiet ones say what the code costs.
    private static func best(_ body: () -> Void) -> Double {
        body()
        var least = Double.infinity
        var spent = 0.0
        while spent < 0.4 || least == .infinity {
            let start = Benchmarks.wallTime
            body()
            let took = Benchmarks.wallTime - start
            least = min(least, took)
            spent += took
        }
        return least
    }
}
