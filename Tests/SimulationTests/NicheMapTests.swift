import Simulation
import Testing

/// Niches are connected through faces, through joined walls too, and through nothing else.
@Suite struct NicheMapTests {
    private func map(
        _ high: [[Int]], voxels: [Int] = [5, 4, 3], isPeriodic: [Bool] = [false, false, false]
    ) -> NicheMap {
        var values = [Double](repeating: 1, count: voxels.reduce(1, *))
        for place in high { values[(place[2] * voxels[1] + place[1]) * voxels[0] + place[0]] = 2 }
        return NicheMap(values, voxels: voxels, spacing: 10, isPeriodic: isPeriodic, threshold: 1)
    }

    @Test func theThresholdItselfIsOutside() {
        let none = map([])
        #expect(none.sizes.isEmpty && none.largestRadius == 0)
        #expect(none.niches.allSatisfy { $0 == -1 })
    }

    @Test func facesConnectAndEdgesDoNot() {
        #expect(map([[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]]).sizes == [4])
        #expect(map([[0, 0, 0], [1, 1, 0]]).sizes == [1, 1])
        #expect(map([[0, 0, 0], [1, 1, 1]]).sizes == [1, 1])
        // The end of a row and the start of the next are neighbours in memory only.
        #expect(map([[4, 0, 0], [0, 1, 0]]).sizes == [1, 1])
        #expect(map([[4, 3, 0], [0, 0, 1]]).sizes == [1, 1])
    }

    @Test(arguments: 0..<3)
    func joinedWallsConnect(axis: Int) {
        let voxels = [5, 4, 3]
        var far = [2, 2, 1]
        var near = far
        (near[axis], far[axis]) = (0, voxels[axis] - 1)
        var isPeriodic = [false, false, false]
        #expect(map([near, far], isPeriodic: isPeriodic).sizes == [1, 1])
        isPeriodic[axis] = true
        #expect(map([near, far], isPeriodic: isPeriodic).sizes == [2])
    }

    @Test func sizesAreThoseOfTheSphereAndTheDisc() {
        let cube = map([[0, 0, 0], [1, 0, 0]])
        #expect(cube.volume(of: 0) == 2000)
        #expect(abs(cube.radius(of: 0) - 7.815926417967719) < 1e-12)
        let slab = map([[0, 0, 0], [1, 0, 0]], voxels: [5, 4, 1])
        #expect(abs(slab.radius(of: 0) - 7.978845608028654) < 1e-12)
    }

    @Test func everythingIsOneNiche() {
        let all = NicheMap(
            [Double](repeating: 3, count: 60), voxels: [5, 4, 3], spacing: 1, isPeriodic: [true, true, true],
            threshold: 0)
        #expect(all.sizes == [60] && all.niches.allSatisfy { $0 == 0 })
    }
}
