import AnalyticSolutions
import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// Fields without gradients: decay alone, an even source, and molecules that cannot move.
@Suite struct DecayTests {
    @Test(arguments: [(0.0, 1e-2), (100, 1e-2), (100, 1.0)])
    func anEvenFieldFallsExponentially(diffusion: Double, decay: Double) throws {
        var scene = Scene(voxels: [7, 5, 3], spacing: 10, tolerance: 1e-5)
        scene.add(molecule: "L", diffusion: diffusion, decay: decay, starts: 0.6)
        let engine = scene.engine()
        for lives in [0.5, 1, 3.0] {
            try engine.advance(to: lives / decay)
            let exact = 0.6 * exp(-lives)
            for value in engine.values(0) { #expect(abs(value - exact) < 0.6 * 2e-4, "\(value / exact - 1)") }
        }
    }

    /// Decay is met once a step by the step, at second order.
    @Test func decayIsSecondOrderInTheStep() {
        var scene = Scene(cube: 2, spacing: 10, tolerance: 1e-9)
        scene.add(molecule: "L", diffusion: 100, decay: 0.01, starts: 1)
        let errors = [4, 8, 16].map { steps -> Double in
            let engine = scene.engine()
            engine.take(steps, to: 100)
            return abs(engine.values(0)[0] - exp(-1))
        }
        let order = observedOrder(errors: errors, steps: [4, 2, 1])
        #expect((1.9...2.1).contains(order), "order \(order)")
    }

    @Test func nothingChangesWhereNothingHappens() throws {
        for diffusion in [0, 100.0] {
            var scene = Scene(voxels: [9, 4, 5], spacing: 10)
            scene.add(molecule: "L", diffusion: diffusion, starts: 0.1)
            let engine = scene.engine()
            try engine.advance(to: 1e5)
            #expect(engine.values(0).allSatisfy { isNear($0, 0.1, 1e-5) })
        }
    }

    /// Steps of days, a hundred million times the explicit limit: what rounding leaves stays out of the ledger.
    @Test func aMonthAtRestKeepsTheLedger() throws {
        var scene = Scene(voxels: [12, 11, 10], spacing: 1)
        scene.add(molecule: "L", diffusion: 200, starts: 0.0123)
        let engine = scene.engine()
        try engine.advance(to: 30 * 86400)
        #expect(engine.values(0).allSatisfy { isNear($0, 0.0123, 1e-5) })
        #expect(engine.statistics.steps < 100)
    }

    /// Without diffusion every voxel is on its own.
    @Test func whatCannotDiffuseStaysWhereItIs() throws {
        var scene = Scene(voxels: [6, 4, 3], spacing: 10, tolerance: 1e-6)
        scene.add(molecule: "L", diffusion: 0, decay: 1e-3)
        let engine = scene.engine()
        engine.start(0) { x, y, z in x < 10 && y < 10 && z < 10 ? 1 : x * y }
        let before = engine.values(0)
        try engine.advance(to: 700)
        for (value, start) in zip(engine.values(0), before) {
            #expect(abs(value - start * exp(-0.7)) <= 1e-4 * 55 * 35)
            #expect(start == 0 || isNear(value, start * exp(-0.7), 1e-4))
        }
    }

    @Test func aSecretorWhoseMoleculeCannotDiffuseFillsOnlyItsVoxels() throws {
        var scene = Scene(cube: 9, spacing: 10)
        scene.add(molecule: "L", diffusion: 0)
        scene.add(type: "C", secretes: ["L": 10])
        scene.place("C", at: scene.centre)
        let engine = scene.engine()
        try engine.advance(to: 100)
        let values = engine.values(0)
        #expect(isNear(values.reduce(0, +) * 1000, 1000, 1e-9))
        #expect(values.count { $0 > 0 } == 27)
    }

    /// One cell in the middle of every voxel makes an even source, whatever the walls.
    @Test(arguments: [Set<Axis>(), [.x], [.x, .y, .z]], [0, 5e-3])
    func anEvenSourceFillsABoxEvenly(periodic: Set<Axis>, decay: Double) throws {
        var scene = Scene(voxels: [6, 5, 4], spacing: 10, periodic: periodic, tolerance: 1e-5)
        scene.add(molecule: "L", diffusion: 20, decay: decay, starts: 0.02)
        scene.add(type: "C", secretes: ["L": 0.3])
        for i in 0..<120 {
            scene.place("C", at: [i % 6, i / 6 % 5, i / 30].map { 10 * Double($0) + 5 })
        }
        let engine = scene.engine()
        let law = EvenSource(source: 0.3 / 1000, decay: decay, start: 0.02)
        for time in [10.0, 200, 1000] {
            try engine.advance(to: time)
            let exact = law.concentration(after: time)
            for value in engine.values(0) { #expect(isNear(value, exact, 2e-4), "\(value / exact - 1) at \(time) s") }
        }
    }
}
