import Biology
import Foundation
import Simulation
import Testing

/// What cells that walk, divide and die secrete and capture does not depend on the steps.
@Suite struct LivingStepTests {
    private func values(ruleStep: String, motionStep: String, tolerance: String = "1e-3") throws -> [Double] {
        let run = try ModelRun(
            "Cells/V25-living-steps",
            ["run.rule step=\(ruleStep)", "run.motion step=\(motionStep)", "run.tolerance=\(tolerance)"])
        return try run.outcomes().map { try #require($0.value) }
    }

    /// At Δt, Δt/2 and Δt/10; also where the fields' own steps are held ten times as close.
    @Test func secretionAndCaptureAreTheSameAtAnyStep() throws {
        let whole = try values(ruleStep: "60 s", motionStep: "6 s")
        let steps = [
            try values(ruleStep: "30 s", motionStep: "3 s"), try values(ruleStep: "6 s", motionStep: "0.6 s"),
            try values(ruleStep: "60 s", motionStep: "6 s", tolerance: "1e-4"),
        ]
        let names = ["secreted", "internalised", "bound", "dissolved", "mean bound", "senders", "takers"]
        for other in steps {
            for (name, (coarse, fine)) in zip(names, zip(whole, other)) {
                #expect(abs(coarse / fine - 1) <= 0.002, "\(name): \(coarse) and \(fine)")
            }
        }
        // Cells are born and die at the very same times, whatever the step.
        #expect(steps.allSatisfy { $0.suffix(2) == whole.suffix(2) })
    }
}
