import AnalyticSolutions
import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// What one cell secretes and its neighbour captures, from touching on, for voxels from the cell's radius to four times it.
///
/// Two references: cells that molecules go around (impermeable, as real cells are) and cells that molecules pass through
/// (as on a grid that knows no cell volumes). The engine sums monopoles, which lie between: at a Damköhler number of 1
/// within 0.5 % of impermeable cells, at 0.1 within 0.1 % of permeable ones, at 0.3 within 0.4 % of both, for the
/// exchange of cells that touch (TwoCellsReferenceTests). So each number is held to the reference that fits it.
@Suite struct ExchangeTests {
    static let (radius, diffusion) = (5.0, 100.0)

    static func engine(
        spacingOverRadius: Double, distance: Double, damkohler: Double, tilt: Bool, cells: Int = 2, afar: Bool = false
    ) -> TissueEngine {
        let spacing = spacingOverRadius * radius
        let voxels = spacingOverRadius < 1.5 ? 56 : 40
        var scene = Scene(cube: voxels, spacing: spacing, fields: .quasiSteady)
        scene.add(molecule: "L", diffusion: diffusion)
        if afar {
            for face in Face.all { scene.model.space.walls[face] = .fixed(Concentration(coherent: 1)) }
        } else {
            scene.openWalls(diffusion: diffusion)
        }
        let capture = damkohler * 4 * Double.pi * diffusion * radius
        scene.add(receptor: "R", [.sink("L", capture: capture, receptors: 1000)])
        scene.add(type: "sender", receptors: ["R": 1000], secretes: ["L": afar ? 0 : 1])
        scene.add(type: "receiver", receptors: ["R": 1000])
        let direction = tilt ? [0.36, 0.48, 0.8] : [1, 0, 0]
        let offset = tilt ? [0.31, -0.22, 0.47] : [0.1, 0.2, 0]
        let middle = zip(scene.centre, offset).map { $0 + $1 * spacing }
        scene.place("sender", at: zip(middle, direction).map { $0 - $1 * distance / 2 })
        if cells == 2 { scene.place("receiver", at: zip(middle, direction).map { $0 + $1 * distance / 2 }) }
        return scene.engine()
    }

    /// Captured by sender and receiver, per molecule secreted.
    static func captured(_ engine: TissueEngine) throws -> [Double] {
        try engine.advance(to: 1)
        let secreted = max(engine.ledgerTotals[0][.secreted], 1)
        return engine.captured("L", at: engine.time).map { $0 / secreted }
    }

    @Test(
        "neighbours exchange what the exact solution says, within 2 %", arguments: [1, 1.5, 2, 3, 4], [0.1, 0.3, 1])
    func exchange(spacingOverRadius: Double, damkohler: Double) throws {
        for (distance, tilt) in [(10.0, true), (10, false), (12.5, true), (20, true)] {
            let engine = Self.engine(
                spacingOverRadius: spacingOverRadius, distance: distance, damkohler: damkohler, tilt: tilt)
            let shares = try Self.captured(engine)
            let capture = damkohler * 4 * Double.pi * Self.diffusion * Self.radius
            for interior in TwoCells.Interior.allCases {
                if interior == .impermeable && damkohler == 0.1 || interior == .medium && damkohler == 1 { continue }
                let exact = TwoCells(
                    radius: Self.radius, diffusion: Self.diffusion, distance: distance, capture: (capture, capture),
                    interior: interior
                ).fate()
                #expect(
                    isNear(shares[1], exact.otherCell, 0.02),
                    "\(interior) \(distance) µm, tilted \(tilt): \(shares[1] / exact.otherCell - 1)")
                #expect(
                    isNear(shares[0], exact.ownCell, interior == .medium ? 0.02 : 0.03),
                    "own: \(interior) \(distance) µm, tilted \(tilt): \(shares[0] / exact.ownCell - 1)")
            }
        }
    }

    /// The known limit of the monopole sum: 2/3 of the isolated rate each, where the exact value is ln 2.
    @Test(arguments: [1.5, 3])
    func perfectAbsorbersThatTouchTakeTwoThirds(spacingOverRadius: Double) throws {
        let uptakes = try [1, 2].map { cells in
            let engine = Self.engine(
                spacingOverRadius: spacingOverRadius, distance: 10, damkohler: 1e4, tilt: true, cells: cells, afar: true
            )
            return try Self.captured(engine)[0]
        }
        let ratio = uptakes[1] / uptakes[0]
        #expect(isNear(ratio, 2.0 / 3, 0.02), "\(ratio)")
        #expect(abs(ratio - log(2)) > 0.01)
    }
}
