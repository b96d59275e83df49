import Biology
import Foundation
import ModelFiles
import Simulation
import Testing

@testable import Tissue

/// Rules on how strongly cells hold on to each other: a pair's gap closes at the geometric mean of what its cells say.
@Suite struct RuledAdhesionTests {
    private static func text(_ rules: [String], stated: String = "0.04") -> String {
        """
        paracrine: 1
        model: m
        space: {box: 200 x 100 x 100 µm, grid: 20 µm}
        molecules:
          TGF-β: {diffusion: 100 µm²/s, starts: 0.1 nM}
        cells: {A: {radius: 5 µm}, B: {radius: 5 µm}}
        mechanics: {adhesion: {A and B: \(stated) /s}}
        rules:
        \(rules.map { "  - \($0)" }.joined(separator: "\n"))
        place: {A: "at (90, 50, 50) µm", B: "at (102, 50, 50) µm"}
        run: {for: 30 s, seed: 1, rule step: 10 s, motion step: 1 s}
        """
    }

    /// The gap between A and B after half a minute, µm; 2 at the start.
    private func gap(_ rules: [String], stated: String = "0.04") throws -> Double {
        let model = try ModelFile.read(Self.text(rules, stated: stated), named: "m").model
        let engine = TissueEngine(model, cells: try CellPlacement.place(model).cells, threads: 1)
        while engine.time < 30 {
            try engine.step(until: 30)
            try engine.settle()
        }
        let bodies = try #require(engine.life).bodies
        #expect(abs(bodies.x[0] + bodies.x[1] - 192) < 1e-10, "the pair keeps its centre")
        return bodies.x[1] - bodies.x[0] - 10
    }

    @Test(
        "a pair closes at √(ab) of what its cells say",
        arguments: [
            ([String](), 0.04), (["A: TGF-β decreases adhesion.B from 0.04 /s to 0 /s, half-max 0.1 nM"], 0.0282843),
            (
                [
                    "A: TGF-β decreases adhesion.B from 0.04 /s to 0 /s, half-max 0.1 nM",
                    "B: TGF-β increases adhesion.A from 0.04 /s to 0.08 /s, half-max 0.1 nM",
                ], 0.0346410
            ),
        ])
    func closes(_ rules: [String], _ rate: Double) throws {
        let exact = 2 * exp(-2 * rate * 30)
        let found = try gap(rules)
        #expect(abs(found / exact - 1) < 0.01, "\(found) of \(exact)")
    }

    @Test func aPairOfWhichOneDoesNotHoldOnStaysApart() throws {
        #expect(try gap(["A: TGF-β increases adhesion.B from 0 /s to 1 /s, half-max 0.1 nM"], stated: "0") == 2)
    }
}
