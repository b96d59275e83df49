import Biology
import CAllocations
import Foundation
import Simulation

@testable import Tissue

/// Walking, pushing cells: ns a cell and step of 6 s, ten of them a tick as in a tissue, against how densely they stand
/// and how many there are.
enum MotionBenchmark {
    static func run() {
        for threads in [1, 2] {
            for density in [0.05, 0.3, 0.6] { measure(25_900, filled: density, isSticky: false, threads: threads) }
            measure(25_900, filled: 0.6, isSticky: true, threads: threads)
        }
        for cells in [10_000, 100_000, 1_000_000] {
            for threads in [1, 2] { measure(cells, filled: 0.6, isSticky: true, threads: threads) }
        }
    }

    /// Cells of 5 µm that fill so much of a box and have come to rest; one in ten walks.
    private static func measure(_ cells: Int, filled: Double, isSticky: Bool, threads: Int) {
        let volume = Double(cells) * 4 / 3 * Double.pi * 125 / filled
        let voxels = Int((pow(volume, 1.0 / 3) / 10).rounded())
        let side = 10 * Double(voxels)
        let adhesions = isSticky ? [Adhesion("A", "A", strength: .perSecond(0.01))] : []
        let motion = CellMotion(
            grid: VoxelGrid(nx: voxels, ny: voxels, nz: voxels, spacing: 10), isPeriodic: [false, false, false],
            mechanics: Mechanics(adhesions: adhesions), typeNames: ["A"], obstacles: [], largestRadius: 5, seed: 1,
            team: ThreadTeam(count: threads))
        let bodies = bodies(cells, side: side)
        motion.relax(bodies, until: 0.05, sweeps: 100)
        sort(bodies, side: side)
        let ticks = max(1, 200_000 / cells)
        let steps = 10 * ticks
        motion.advance(bodies, by: 60, steps: 10)
        let (cpu, wall, made) = (Benchmarks.processorTime, Benchmarks.wallTime, allocations_so_far())
        for _ in 0..<ticks { motion.advance(bodies, by: 60, steps: 10) }
        let unit = 1e9 / Double(cells * steps)
        let spent = (Benchmarks.processorTime - cpu) * unit
        print(
            "motion: \(cells) cells, \(Int(100 * filled)) % filled\(isSticky ? ", sticky" : ""), \(threads) threads: "
                + String(
                    format: "%.0f ns a cell and step of 6 s (%.0f ns of CPU)", (Benchmarks.wallTime - wall) * unit,
                    spent)
                + ", \(allocations_so_far() - made) allocations in \(steps) steps")
    }

    private static func bodies(_ cells: Int, side: Double) -> CellBodies {
        let bodies = CellBodies()
        for cell in 0..<cells {
            var stream = RandomStream(seed: 1, cell: cell, purpose: .position)
            bodies.append(
                id: cell, type: 0, x: side * stream.uniform(), y: side * stream.uniform(), z: side * stream.uniform(),
                radius: 5)
            if cell % 10 > 0 { continue }
            bodies.speed[cell] = 2.0 / 60
            bodies.persistence[cell] = 120
        }
        return bodies
    }

    /// In rows of voxels, as the engine keeps cells.
    private static func sort(_ bodies: CellBodies, side: Double) {
        let rows = (0..<bodies.count).map { Int(bodies.z[$0] / 10) * Int(side / 10) + Int(bodies.y[$0] / 10) }
        let order = (0..<bodies.count).sorted { (rows[$0], bodies.x[$0]) < (rows[$1], bodies.x[$1]) }
        bodies.rearrange(order.map(Int32.init))
    }
}
