import AnalyticSolutions
import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// One secretor in a wide medium: build-up and steady profile.
@Suite struct PointSourceTests {
    static func scene(decay: Double = 0, tolerance: Double = 1e-3, fields: FieldMode = .dynamic) -> Scene {
        var scene = Scene(cube: 48, spacing: 10, tolerance: tolerance, fields: fields)
        scene.add(molecule: "L", diffusion: 100, decay: decay)
        scene.add(type: "C", secretes: ["L": 10])
        // Off the middle of the box by an odd part of a voxel.
        scene.place("C", at: [242, 237, 241.5])
        return scene
    }

    static func concentration(_ engine: TissueEngine, distance: Double) -> Double {
        let directions: [[Double]] = [[1, 0, 0], [0, -1, 0], [0, 0.6, 0.8], [-0.6, 0.64, -0.48]]
        let points = directions.map { zip([242, 237, 241.5], $0).map { $0 + distance * $1 } }
        let values = engine.concentrations(of: "L", at: points, time: engine.time)
        return values.reduce(0, +) / Double(values.count)
    }

    /// V02, while the walls are still out of reach: c = Q/(4πDr) erfc(r/√(4Dt)).
    @Test func buildsUpAsInV02() throws {
        let engine = Self.scene(tolerance: 2e-4).engine()
        let law = PointSource(rate: 10, diffusion: 100)
        for (time, distances) in [(10.0, [50.0]), (27.5, [25, 50]), (60, [25, 50, 100]), (109.9, [50, 100])] {
            try engine.advance(to: time)
            for r in distances {
                let (found, exact) = (Self.concentration(engine, distance: r), law.concentration(at: r, time: time))
                #expect(abs(found - exact) < 0.01 * law.steady(at: r), "\(r) µm, \(time) s: \(found / exact - 1)")
            }
        }
        #expect(abs(Self.concentration(engine, distance: 100) / law.steady(at: 100) - 0.5) < 0.01)
    }

    /// V01, with walls that let out what would spread to infinity.
    @Test func steadyProfileIsV01s() throws {
        var scene = Self.scene(fields: .quasiSteady)
        scene.openWalls(diffusion: 100)
        let engine = scene.engine()
        try engine.advance(to: 1)
        let law = PointSource(rate: 10, diffusion: 100)
        for r in [10.0, 25, 50] {
            let found = Self.concentration(engine, distance: r)
            #expect(isNear(found, law.steady(at: r), 0.02), "\(r) µm: \(found / law.steady(at: r) - 1)")
        }
        let surface = engine.column(.concentration("L"))[0]
        #expect(isNear(Concentration(coherent: surface).inPicomolar, 2.643, 0.005))
    }

    /// Six voxels a decay length: depositing and reading over quadratic splines raises the far field by (κh)²/4, 0.7 %.
    @Test func decayScreensTheSteadyProfileAndItsBuildUp() throws {
        let law = PointSource(rate: 10, diffusion: 100, decay: 100 / 3600.0)
        let steady = Self.scene(decay: law.decay, fields: .quasiSteady).engine()
        try steady.advance(to: 1)
        for r in [10.0, 25, 50, 100] {
            let found = Self.concentration(steady, distance: r)
            #expect(isNear(found, law.steady(at: r), 0.02), "\(r) µm: \(found / law.steady(at: r) - 1)")
        }
        let engine = Self.scene(decay: law.decay, tolerance: 2e-4).engine()
        for time in [8.0, 20, 200] {
            try engine.advance(to: time)
            for r in [20.0, 50] {
                let (found, exact) = (Self.concentration(engine, distance: r), law.concentration(at: r, time: time))
                #expect(abs(found - exact) < 0.02 * law.steady(at: r), "\(r) µm, \(time) s: \(found / exact - 1)")
            }
        }
    }
}
