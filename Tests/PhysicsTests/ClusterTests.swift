import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// Thirteen cells packed as closely as spheres can be, the middle one secreting, in a screened medium.
@Suite struct ClusterTests {
    static let (radius, diffusion, decayLength) = (5.0, 100.0, 20.0)

    /// Captured by the middle cell and by its twelve neighbours, per molecule secreted.
    static func shares(spacing: Double, damkohler: Double) throws -> [Double] {
        let voxels = Int((150 / spacing).rounded(.up))
        var scene = Scene(cube: voxels, spacing: spacing, fields: .quasiSteady)
        scene.add(molecule: "L", diffusion: diffusion, decay: diffusion / (decayLength * decayLength))
        let capture = damkohler * 4 * Double.pi * diffusion * radius
        scene.add(receptor: "R", [.sink("L", capture: capture, receptors: 1000)])
        scene.add(type: "middle", receptors: ["R": 1000], secretes: ["L": 1])
        scene.add(type: "neighbour", receptors: ["R": 1000])
        let middle = zip(scene.centre, [0.21, -0.13, 0.34]).map { $0 + $1 * spacing }
        scene.place("middle", at: middle)
        let step = 2 * radius / 2.0.squareRoot()
        for (u, v) in [(1.0, 1.0), (1, -1), (-1, 1), (-1, -1)] {
            for offset in [[u, v, 0], [u, 0, v], [0, u, v]] {
                scene.place("neighbour", at: zip(middle, offset).map { $0 + $1 * step })
            }
        }
        let engine = scene.engine()
        try engine.advance(to: 1)
        return engine.captured("L", at: engine.time).map { $0 / engine.ledgerTotals[0][.secreted] }
    }

    @Test("shares do not depend on the voxel, within 2 % of voxels of half a radius", arguments: [0.1, 0.3, 1])
    func cluster(damkohler: Double) throws {
        let fine = try Self.shares(spacing: 2.5, damkohler: damkohler)
        #expect(fine[1] > fine[0])
        for spacing in [5.0, 7.5, 10, 15, 20] {
            let coarse = try Self.shares(spacing: spacing, damkohler: damkohler)
            for (share, expected) in zip(coarse, fine) {
                #expect(isNear(share, expected, 0.02), "\(spacing) µm: \(coarse) for \(fine)")
            }
        }
    }
}
