import AnalyticSolutions
import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// Long steps: order, undershoot, and an answer that does not depend on them.
@Suite struct StepTests {
    /// Field, receptors, near fields and walls together, in steps of stated length.
    @Test func fieldAndCellsTogetherAreSecondOrder() {
        func run(_ steps: Int) -> [Double] {
            var scene = Scene(cube: 8, spacing: 10, tolerance: 1e-10)
            scene.add(molecule: "L", diffusion: 50, decay: 1e-3, starts: 0.01)
            scene.openWalls(diffusion: 5)
            scene.add(receptor: "R", [LigandBinding("L", on: 0.05, off: 2e-3, endocytosis: 1e-3)])
            scene.add(type: "sender", secretes: ["L": 4])
            scene.add(type: "taker", receptors: ["R": 5000])
            scene.place("sender", at: [33, 42, 41])
            scene.place("taker", at: [44, 41, 40])
            scene.place("taker", at: [60, 20, 55])
            let engine = scene.engine()
            engine.take(steps, to: 400)
            return engine.column(.receptor("R", .bound)) + engine.values(0).map { 1000 * $0 }
        }
        let exact = run(512)
        let errors = [16, 32, 64].map { largestDifference(run($0), exact) }
        let order = observedOrder(errors: errors, steps: [4, 2, 1])
        #expect((1.9...2.15).contains(order), "order \(order), errors \(errors)")
    }

    /// The answer converges with the tolerance, and the default is already within a percent.
    @Test func answerDoesNotDependOnTheSteps() throws {
        let answers = try [1e-3, 1e-4, 1e-5].map { tolerance -> [Double] in
            let engine = MixedTissue.scene(cells: 60, tolerance: tolerance).engine()
            try engine.advance(to: 600)
            let ledgers = engine.ledgerTotals
            return [ledgers[0][.internalised], ledgers[0][.dissolved], ledgers[0][.bound], ledgers[1][.internalised]]
        }
        for (coarse, fine) in zip(answers[0], answers[2]) {
            #expect(isNear(coarse, fine, 0.01), "\(coarse / fine - 1)")
        }
        for (coarse, fine) in zip(answers[1], answers[2]) {
            #expect(isNear(coarse, fine, 2e-3), "\(coarse / fine - 1)")
        }
    }

    /// Secretion starts in an empty field and then jumps; what falls below zero stays below the tolerance.
    @Test(arguments: [1e-2, 1e-3])
    func undershootStaysBelowTheTolerance(tolerance: Double) throws {
        var scene = Scene(cube: 20, spacing: 10, tolerance: tolerance)
        scene.add(molecule: "L", diffusion: 100, decay: 1e-2)
        scene.add(type: "C", secretes: ["L": 1])
        scene.model.rules = [
            Rule(
                cellType: "C", inputs: [RuleInput(signal: .time, halfMax: 90, hill: 200)], behaviour: .secretion("L"),
                from: 1, to: 1000)
        ]
        scene.place("C", at: [101, 97, 104])
        let engine = scene.engine()
        var (worst, steps) = (0.0, 0)
        while engine.time < 1800 {
            try engine.step(until: 1800)
            engine.expectClosedLedgers()
            let extent = engine.fields[0].solver.extent(engine.fields[0].now)
            worst = max(worst, -extent.least / extent.largest)
            steps += 1
        }
        #expect(worst <= tolerance, "\(worst)")
        #expect(steps < 250, "\(steps) steps")
    }

    /// Once nothing changes any more steps grow without bound: three days at rest cost a few dozen.
    @Test func aSteadyNicheTakesLongSteps() throws {
        for spacing in [10.0, 5] {
            var scene = Scene(cube: 20, spacing: spacing)
            scene.add(molecule: "L", diffusion: 100, decay: 1e-3)
            scene.add(receptor: "R", [LigandBinding("L", on: 0.05, off: 1e-3, endocytosis: 1e-3)])
            scene.add(type: "C", receptors: ["R": 1000], secretes: ["L": 10])
            scene.place("C", at: [53, 42, 51])
            let engine = scene.engine()
            try engine.advance(to: 3 * 86400)
            #expect(engine.statistics.steps < 120, "\(engine.statistics)")
            #expect(engine.statistics.rejected < 10)
        }
    }
}
