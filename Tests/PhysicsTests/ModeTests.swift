import AnalyticSolutions
import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// A standing wave between walls, or around a periodic axis, keeps its shape and falls at its rate.
@Suite struct ModeTests {
    static let (length, diffusion, decay) = (320.0, 100.0, 1e-3)
    static let mode = CosineMode(halfWaves: 1, length: length, diffusion: diffusion, decay: decay)

    static func engine(_ axis: Axis, voxels: Int, periodic: Bool = false) -> TissueEngine {
        var counts = [3, 3, 3]
        counts[axis.rawValue] = voxels
        var scene = Scene(
            voxels: counts, spacing: length / Double(voxels), periodic: periodic ? [axis] : [], tolerance: 1e-9)
        scene.add(molecule: "L", diffusion: diffusion, decay: decay)
        return scene.engine()
    }

    /// The amplitude left of a wave that starts as 1 + cos, by projection on it.
    static func amplitude(_ engine: TissueEngine, _ axis: Axis, waves: CosineMode) -> Double {
        let values = engine.values(0)
        let counts = engine.grid.counts
        var (sum, weight) = (0.0, 0.0)
        for (i, value) in values.enumerated() {
            let at = [i % counts[0], i / counts[0] % counts[1], i / (counts[0] * counts[1])][axis.rawValue]
            let shape = waves.shape(at: (Double(at) + 0.5) * engine.grid.spacing)
            sum += value * shape
            weight += shape * shape
        }
        return sum / weight
    }

    static func run(_ axis: Axis, voxels: Int, steps: Int, until end: Double, periodic: Bool = false) -> Double {
        var waves = mode
        waves.halfWaves = periodic ? 2 : 1
        let engine = engine(axis, voxels: voxels, periodic: periodic)
        engine.start(0) { x, y, z in 1 + waves.shape(at: [x, y, z][axis.rawValue]) }
        engine.take(steps, to: end)
        return amplitude(engine, axis, waves: waves)
    }

    @Test(arguments: Axis.allCases)
    func isSecondOrderInTheSpacing(axis: Axis) {
        let errors = [8, 16, 32].map { voxels in
            abs(Self.run(axis, voxels: voxels, steps: 100, until: 80) - Self.mode.amplitude(after: 80))
        }
        let order = observedOrder(errors: errors, steps: [4, 2, 1])
        #expect((1.95...2.05).contains(order), "order \(order), errors \(errors)")
        #expect(errors[2] < 1e-3)
    }

    @Test(arguments: Axis.allCases)
    func isSecondOrderInTheStep(axis: Axis) {
        let exact = Self.mode.gridAmplitude(after: 200, spacing: Self.length / 16)
        let errors = [4, 8, 16].map { abs(Self.run(axis, voxels: 16, steps: $0, until: 200) - exact) }
        let order = observedOrder(errors: errors, steps: [4, 2, 1])
        #expect((1.9...2.1).contains(order), "order \(order), errors \(errors)")
    }

    @Test(arguments: Axis.allCases)
    func goesAroundAPeriodicAxis(axis: Axis) {
        var waves = Self.mode
        waves.halfWaves = 2
        let exact = waves.gridAmplitude(after: 40, spacing: Self.length / 20)
        let found = Self.run(axis, voxels: 20, steps: 64, until: 40, periodic: true)
        #expect(isNear(found, exact, 1e-4), "\(found / exact - 1)")
    }

    /// The shortest wave the grid holds, in steps a thousand times its life: L-stability lets none of it ring.
    @Test func longStepsLetNoShortWaveRing() {
        let engine = Self.engine(.x, voxels: 32)
        engine.start(0) { x, _, _ in 1 + (Int(x / 10) % 2 == 0 ? 1 : -1) }
        engine.take(3, to: 3000)
        let values = engine.values(0)
        let mean = values.reduce(0, +) / Double(values.count)
        #expect(values.allSatisfy { abs($0 - mean) < 2e-2 * mean }, "\(values.prefix(4)) around \(mean)")
    }
}
