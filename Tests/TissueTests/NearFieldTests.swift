import Simulation
import Testing

@testable import Tissue

/// What neighbours and mirror images add to a cell's reading beyond the grid.
struct NearFieldTests {
    /// A slab between mirrors on all sides, 20 µm voxels.
    private let slab = NearField(
        grid: VoxelGrid(nx: 20, ny: 20, nz: 1, spacing: 20), shape: StencilShape(radiusInVoxels: 0.42),
        isPeriodic: [false, false, false], reflects: Array(repeating: (lower: true, upper: true), count: 3),
        diffusion: 100, decay: 1e-3, perVoxel: 0.1, closest: 8.4, greens: LatticeGreens(),
        kernels: .best)

    @Test(
        "of two cells in one place each reads the other as of two that almost are",
        arguments: [SIMD3(200.0, 200, 10), SIMD3(15.0, 200, 10), SIMD3(15.0, 12, 7)])
    func inOnePlace(at place: SIMD3<Double>) {
        let (same, near) = (
            slab.correction(at: place, from: place), slab.correction(at: place, from: place + SIMD3(1e-7, 0, 0))
        )
        #expect(same > 0 && abs(same / near - 1) < 1e-6, "\(same), \(near)")
    }

    @Test("what one cell adds to another's reading the other adds to its", arguments: [0.0, 6, 30, 60])
    func isReciprocal(apart: Double) {
        let (a, b) = (SIMD3(14.0, 22, 10), SIMD3(14 + apart, 25, 4))
        let (there, back) = (slab.correction(at: a, from: b), slab.correction(at: b, from: a))
        #expect(there != 0 && abs(there - back) < 1e-12 * abs(there), "\(there), \(back)")
    }

    @Test func aWallBeyondReachChangesNothing() {
        let line = slab.imageLine()
        func own(_ x: Double) -> Double { slab.ownCorrection(at: SIMD3(x, 210, 10), radius: 8.4, line) }
        // An image at twice the distance comes into reach, as far as the lattice is wrong there: 1 % of what one is nearby.
        let limit = slab.reach / 2
        let (inside, outside) = (own(limit - 1e-9), own(limit + 1e-9))
        #expect(abs(inside / outside - 1) < 0.01, "\(inside), \(outside)")
        // The grid has an image close by already, a little too much of it.
        #expect(own(10) < 0.99 * outside, "\(own(10)), \(outside)")
    }
}
