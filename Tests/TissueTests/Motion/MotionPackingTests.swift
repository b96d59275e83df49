import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// Tissue that grows by division stays without overlap beyond a stated tolerance.
struct MotionPackingTests {
    /// In sums of radii.
    static let tolerance = 0.05

    /// Lets all cells divide, again and again, until there are so many; after each wave contacts come to rest.
    private func grow(_ setUp: MotionSetUp, to wanted: Int) -> [(overlap: Double, sweeps: Int)] {
        var rests: [(overlap: Double, sweeps: Int)] = []
        while setUp.bodies.count < wanted {
            divide(setUp, min(setUp.bodies.count, wanted - setUp.bodies.count))
            // In time, as a run does: a minute of mechanics; then to rest.
            for _ in 0..<10 { setUp.motion.advance(setUp.bodies, by: 6) }
            if let rest = setUp.motion.relax(setUp.bodies, until: Self.tolerance, sweeps: 5000) { rests.append(rest) }
        }
        return rests
    }

    /// The first so many cells become two of the same size, half a radius apart in a random direction.
    private func divide(_ setUp: MotionSetUp, _ dividing: Int) {
        let bodies = setUp.bodies
        let count = bodies.count
        bodies.rearrange((0..<count).map(Int32.init) + (0..<dividing).map(Int32.init))
        for daughter in 0..<dividing {
            let cell = count + daughter
            bodies.ids[cell] = cell
            var stream = RandomStream(seed: 8, cell: cell, purpose: .position)
            let way = Turning.inSpace((x: 0, y: 0, z: 0), &stream)
            let far = 0.5 * bodies.radius[cell]
            bodies.x[cell] += far * way.x
            bodies.y[cell] += far * way.y
            bodies.z[cell] += far * way.z
        }
    }

    private func check(from: Int, to wanted: Int, voxels: Int) {
        let setUp = MotionSetUp(voxels: [voxels, voxels, voxels], mechanics: Mechanics(), threads: 2)
        let centre = 5 * Double(voxels)
        for _ in 0..<from { setUp.add(centre, centre, centre) }
        // All in one place but for a little: as bad a start as there is.
        for cell in 0..<from {
            var stream = RandomStream(seed: 7, cell: cell, purpose: .position)
            let reach = 6 * pow(Double(from), 1.0 / 3)
            setUp.bodies.x[cell] += reach * (stream.uniform() - 0.5)
            setUp.bodies.y[cell] += reach * (stream.uniform() - 0.5)
            setUp.bodies.z[cell] += reach * (stream.uniform() - 0.5)
        }
        let rests = grow(setUp, to: wanted)
        #expect(setUp.bodies.count == wanted)
        #expect(rests.allSatisfy { $0.overlap <= Self.tolerance }, "\(rests)")
        let bodies = setUp.bodies
        let grid = NeighbourGrid(setUp.motion.box, team: ThreadTeam(count: 1))
        grid.build(bodies, factor: 1)
        var (most, radius) = (0.0, 0.0)
        for cell in 0..<bodies.count {
            grid.forEachNeighbour(of: cell, factor: 1) { most = max(most, 1 - setUp.distance(cell, $0) / 10) }
            let (dx, dy, dz) = (bodies.x[cell] - centre, bodies.y[cell] - centre, bodies.z[cell] - centre)
            radius = max(radius, (dx * dx + dy * dy + dz * dz).squareRoot())
        }
        #expect(most <= Self.tolerance, "\(most)")
        // Packed, not scattered: the ball they make is filled by at least a third.
        let filled = Double(wanted) * pow(5, 3) / pow(radius + 5, 3)
        #expect(filled > 0.33 && filled < 0.85, "\(filled)")
    }

    @Test func divisionFromThousandToTenThousandLeavesNoOverlap() {
        check(from: 1000, to: 10_000, voxels: 40)
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["PARACRINE_NIGHTLY"] == "1"))
    func divisionFromTenThousandToHundredThousandLeavesNoOverlap() {
        check(from: 10_000, to: 100_000, voxels: 80)
    }
}
