import Simulation
import Testing

@testable import Tissue

/// Neighbours are those that looking at all pairs finds.
struct NeighbourGridTests {
    @Test(
        "finds all neighbours, once each",
        arguments: [[50, 50, 50], [3, 4, 5], [2, 1, 3], [40, 40, 1], [500, 2, 2]], [false, true])
    func findsAll(voxels: [Int], isPeriodic: Bool) {
        let setUp = MotionSetUp(voxels: voxels, isPeriodic: Array(repeating: isPeriodic, count: 3))
        let box = setUp.motion.box
        var stream = RandomStream(seed: 3, cell: 0, purpose: .position)
        for _ in 0..<200 {
            // The largest radius that fits the shortest joined axis: no cell meets two images of another.
            setUp.add(
                box.x * stream.uniform(), box.y * stream.uniform(), box.z * stream.uniform(),
                radius: 1 + 1.2 * stream.uniform())
        }
        let grid = NeighbourGrid(box, team: ThreadTeam(count: 1))
        for factor in [1.1, 1.0] {
            grid.build(setUp.bodies, factor: 1.1)
            for cell in 0..<200 {
                var found: [Int] = []
                grid.forEachNeighbour(of: cell, factor: factor) { found.append($0) }
                let bodies = setUp.bodies
                let expected = (0..<200).filter {
                    $0 != cell && setUp.distance($0, cell) <= factor * (bodies.radius[$0] + bodies.radius[cell])
                }
                #expect(found.sorted() == expected)
            }
        }
    }

    @Test func rearrangingSortsRemovesAndDoubles() {
        let setUp = MotionSetUp()
        for k in 0..<100 { setUp.add(Double(k), 2 * Double(k), 3, radius: 5, type: k % 2) }
        setUp.bodies.isHeld[7] = true
        setUp.bodies.rearrange([7, 3, 3, 99])
        #expect(setUp.bodies.count == 4)
        #expect(setUp.bodies.ids.array == [7, 3, 3, 99])
        #expect(setUp.bodies.x.array == [7, 3, 3, 99])
        #expect(setUp.bodies.y.array == [14, 6, 6, 198])
        #expect(setUp.bodies.types.array == [1, 1, 1, 1])
        #expect(setUp.bodies.isHeld.array == [true, false, false, false])
        setUp.add(5, 5, 5)
        #expect(setUp.bodies.count == 5 && setUp.bodies.x[4] == 5 && setUp.bodies.speed.count == 5)
    }
}
