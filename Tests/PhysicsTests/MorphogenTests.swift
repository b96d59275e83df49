import AnalyticSolutions
import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// V25: a morphogen that enters at a wall, spreads and decays.
@Suite struct MorphogenTests {
    static let law = Gradient(diffusion: 53, decayLength: 197)

    static func engine() -> TissueEngine {
        var scene = Scene(voxels: [160, 1, 1], spacing: 12.5, tolerance: 1e-4)
        scene.add(molecule: "FGF8", diffusion: law.diffusion, decay: law.decay)
        scene.model.molecules[0].walls[Face(.x, isUpper: false)] = .flux(Flux(coherent: 0.01))
        return scene.engine()
    }

    /// Linear in ln c between voxel centres, and on from the first two to the wall.
    static func value(_ values: [Double], at x: Double) -> Double {
        let at = x / 12.5 - 0.5
        let i = max(0, min(values.count - 2, Int(at.rounded(.down))))
        return exp(log(values[i]) + (at - Double(i)) * (log(values[i + 1]) - log(values[i])))
    }

    @Test func gradientAndThresholdsAreV25s() throws {
        let engine = Self.engine()
        try engine.advance(to: 40 / Self.law.decay)
        let values = engine.values(0)
        let wall = Self.value(values, at: 0)
        #expect(isNear(wall, 0.01 * 197 / 53, 2e-3))
        for (x, share) in [(100.0, 0.602), (197, 0.368), (400, 0.131)] {
            #expect(isNear(Self.value(values, at: x) / wall, share, 5e-3))
        }
        for (share, place) in [(0.5, 136.5), (0.1, 453.6)] {
            let found = stride(from: 0, to: 600, by: 0.1).first { Self.value(values, at: $0) < share * wall } ?? 0
            #expect(isNear(found, place, 5e-3), "\(found)")
        }
    }

    @Test func accumulationTimesAreV25s() throws {
        let engine = Self.engine()
        let end = 20 / Self.law.decay
        var (time, seen): (Double, [[Double]]) = (0, [])
        let interval = end / 1500
        while engine.time < end {
            try engine.step(until: end)
            while time <= engine.time {
                seen.append(engine.field("FGF8", at: max(time, engine.clock.previous)).values)
                time += interval
            }
        }
        for (x, minutes) in [(0.0, 6.10), (197, 12.20), (394, 18.31)] {
            let last = Self.value(seen[seen.count - 1], at: x)
            let missing = seen.dropFirst().map { 1 - Self.value($0.map { max($0, 1e-300) }, at: x) / last }
            let mean = (missing.reduce(0, +) + 0.5) * interval
            #expect(isNear(mean / 60, minutes, 0.02), "\(x) µm: \(mean / 60) min")
        }
    }
}
