import Biology
import Simulation
import Synchronization
import Testing

@testable import Tissue

/// Passes done as one are the passes one by one.
struct WavefrontTests {
    /// Every pass at a chunk sees the pass before whole within its reach, and nothing of the pass after it.
    @Test(
        arguments: [
            ([40, 40, 200], false), ([40, 40, 200], true), ([100, 9000, 1], false), ([100, 9000, 1], true),
            ([7, 5, 3], true), ([300, 60, 40], false),
        ] as [([Int], Bool)], [1, 2, 5])
    func passesSeeTheOneBefore(shape: (n: [Int], isPeriodic: Bool), threads: Int) {
        let grid = VoxelGrid(nx: shape.n[0], ny: shape.n[1], nz: shape.n[2], spacing: 1)
        let team = ThreadTeam(count: threads)
        defer { team.dismiss() }
        let axes = shape.n.map { $0 > 1 && shape.isPeriodic }
        let wavefront = Wavefront(grid, isPeriodic: axes, team: team)
        let (chunks, passes) = (grid.chunks, 3)
        let done = (0..<chunks).map { _ in Counter() }
        let wrong = Counter()
        let away = grid.nz > 1 ? grid.ny : 1
        wavefront.run(passes: passes) { pass, chunk in
            let rows = grid.chunkRows(chunk)
            let (first, last) = (rows.lowerBound - away, rows.upperBound - 1 + away)
            for row in [first, rows.lowerBound, last] {
                let isOutside = row < 0 || row >= grid.rows
                if isOutside && !shape.isPeriodic { continue }
                let near = (row + grid.rows) % grid.rows / grid.rowsPerChunk
                let state = done[near].value
                // The pass before is done there, and the pass after next has not begun.
                if near == chunk ? state != pass : state < pass || state > pass + 1 { wrong.add() }
            }
            done[chunk].add()
        }
        #expect(wrong.value == 0, "\(shape) with \(threads) threads")
        #expect(done.allSatisfy { $0.value == passes })
    }

    private final class Counter: Sendable {
        private let count = Atomic<Int>(0)
        var value: Int { count.load(ordering: .sequentiallyConsistent) }
        func add() { count.add(1, ordering: .sequentiallyConsistent) }
    }

    /// A cycle on a grid that is cut into slabs gives the bits of one thread.
    @Test(
        arguments: [([60, 60, 300], Set<Axis>()), ([60, 60, 300], [.x, .y, .z]), ([64, 9000, 1], [.y])]
            as [([Int], Set<Axis>)])
    func slabsChangeNoBit(shape: [Int], periodic: Set<Axis>) {
        var answers: [[Float]] = []
        for threads in [1, 2, 3] {
            let solver = SolverTests.solver(shape, periodic: periodic, threads: threads)
            let (grid, right) = (solver.fieldOperator.grid, solver.multigrid.right)
            for i in 0..<grid.elements where i % grid.stride < grid.nx { right[i] = Float(i % 97) - 48 }
            solver.multigrid.prepare(sigma: 0.01)
            solver.multigrid.cycle()
            answers.append(solver.multigrid.solution.array)
        }
        #expect(answers[1] == answers[0] && answers[2] == answers[0])
    }
}
