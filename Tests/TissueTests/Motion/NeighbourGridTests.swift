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

    @Test(
        "lists whom looking at all pairs finds, whatever the kernels, and nobody to fill up rows",
        arguments: MotionKernels.available.indices, [false, true])
    func listsAll(set: Int, isPeriodic: Bool) throws {
        let setUp = MotionSetUp(voxels: [6, 6, 6], isPeriodic: Array(repeating: isPeriodic, count: 3))
        let (box, bodies) = (setUp.motion.box, setUp.bodies)
        var stream = RandomStream(seed: 4, cell: 0, purpose: .position)
        for _ in 0..<600 {
            setUp.add(
                box.x * stream.uniform(), box.y * stream.uniform(), box.z * stream.uniform(),
                radius: 2 + 2 * stream.uniform())
        }
        let team = ThreadTeam(count: 2)
        let grid = NeighbourGrid(box, team: team)
        let listing = NeighbourListing(grid, kernels: MotionKernels.available[set], team: team)
        let push = (0..<600).map { _ in 3 * stream.uniform() }
        listing.pushed.resize(600, filling: 0)
        for cell in 0..<600 { listing.pushed[cell] = push[cell] }
        let surroundings = Surroundings(box: box, obstacles: setUp.motion.obstacles, stiffness: 0.1)
        let walk = PersistentWalk(bodies, seed: 1, isSlab: false)
        let lists = listing.build(bodies, walk, surroundings, factor: 1.1, horizon: 6)
        func reach(_ cell: Int) -> Double { 1.3 * bodies.radius[cell] + min(push[cell], 0.5 * bodies.radius[cell]) }
        for slot in 0..<600 {
            let chunk = slot / NeighbourGrid.cellsPerChunk
            let row = unsafe lists.rows + chunk * NeighbourLists.rowsPerChunk + slot % NeighbourGrid.cellsPerChunk
            let links = unsafe (row[0]..<row[1]).map { unsafe Int(lists.links[chunk * lists.stride + Int($0)]) }
            #expect(links.count % NeighbourLists.lane == 0)
            let cell = Int(grid.cells[slot])
            let found = links.filter { $0 < 600 }.map { Int(grid.cells[$0]) }
            let near = (0..<600).filter { $0 != cell && setUp.distance($0, cell) < reach($0) + reach(cell) }
            try #require(found.sorted() == near, "cell \(cell)")
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
