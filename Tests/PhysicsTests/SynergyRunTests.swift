import Biology
import Foundation
import ModelFiles
import Simulation
import Testing
import Tissue

/// Antagonism and synergy on runs of the engine, against closed forms (facts/validation.md V16 and V17).
@Suite struct SynergyRunTests {
    private static let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(
            path: "Examples/cytokine-synergy/cytokine-synergy.paracrine.yaml")

    /// What one run of the example answers.
    private func response(_ response: String, _ settings: [String]) throws -> Double {
        let text = try String(contentsOf: Self.example, encoding: .utf8)
        let checked = try ModelFile.read(
            text, named: "example", settings: settings + ["run.tolerance=1e-5"], responses: [response])
        var model = checked.model
        model.record = RecordPlan()
        model.record.series = model.run.duration
        let cells = try CellPlacement.place(model).cells
        let engine = TissueEngine(model, cells: cells, threads: 1)
        var run = Run(model, engine: engine, recorders: [], responses: checked.responses)
        let found = try run.go { _ in true }.responses
        return try #require(found[0])
    }

    /// Gaddum: θ = a/(1 + a + b), a and b in units of K; at a = 1 it is 0.5, 0.3333, 0.08333 and 0.009804.
    @Test(arguments: zip([0.0, 100, 1000, 10_000], [0.5, 1.0 / 3, 1.0 / 12, 1.0 / 102]))
    func anAntagonistOccupiesAsGaddumSays(blocker: Double, expected: Double) throws {
        let theta = try response(
            "mean IFN-γR.occupancy of macrophage", ["IFN=100 pM", "TNF=0 pM", "blocker=\(blocker) pM"])
        #expect(abs(theta / expected - 1) < 1e-3)
    }

    /// Schild: the dose for half occupancy grows by 1 + B/K, so log(ratio − 1) has slope 1 against log B.
    @Test func schildSlopeAndDoseRatios() throws {
        let blockers = [100.0, 1000, 10_000]
        let ratios = try blockers.map { blocker -> Double in
            // By secants on the logarithm of the dose; occupancy is a Hill curve of slope 1 there.
            var dose = 60 * (1 + blocker / 100)
            for _ in 0..<4 {
                let theta = try response(
                    "mean IFN-γR.occupancy of macrophage", ["IFN=\(dose) pM", "TNF=0 pM", "blocker=\(blocker) pM"])
                dose *= (1 - theta) / theta
            }
            return dose / 100
        }
        for (ratio, expected) in zip(ratios, [2.0, 11, 101]) { #expect(abs(ratio / expected - 1) < 2e-3) }
        let slope = (log(ratios[2] - 1) - log(ratios[0] - 1)) / log(blockers[2] / blockers[0])
        #expect(abs(slope - 1) < 0.01)
    }

    /// Without interaction (potency and efficacy 1) two signals on equal cells are Bliss-independent, of what they can do.
    @Test func theControlIsBlissIndependent() throws {
        let control = [
            "potency=1", "efficacy=1", "cells.macrophage.receptors.IFN-γR=2000 receptors",
            "cells.macrophage.receptors.TNFR=2000 receptors",
        ]
        func activation(_ ifn: Double, _ tnf: Double) throws -> Double {
            try response("mean activation of macrophage", control + ["IFN=\(ifn) pM", "TNF=\(tnf) pM"])
        }
        let (both, first, second) = (try activation(100, 30), try activation(100, 0), try activation(0, 30))
        let expected = 0.4 * (1 - (1 - first / 0.4) * (1 - second / 0.4))
        #expect(abs(both - expected) < 1e-4 && both > first && both > second)
    }

    /// A response is read as a line of `expect:` is, at its own time too.
    @Test func aResponseAtATimeIsThatOfTheTime() throws {
        let settings = ["IFN=100 pM", "TNF=0 pM"]
        let early = try response("mean IFN-γR.occupancy of macrophage at 2 min", settings)
        // K_off + k_on·c = 12 /h: θ = ½(1 − e^(−12t)), and the medium starts at the dose.
        #expect(abs(early - 0.5 * (1 - exp(-12.0 / 30))) < 0.01)
        #expect(try response("IFN-γ at (40, 40, 10) µm", settings) > 0)
        #expect(try response("fraction of macrophage with IFN-γR.occupancy > 0.4", settings) == 1)
    }
}
