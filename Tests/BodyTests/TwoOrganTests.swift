import Biology
import Foundation
import ModelFiles
import Simulation
import Testing

@testable import Tissue

/// V09, its second half: a distant target follows only through blood.
@Suite struct TwoOrganTests {
    private static let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Examples/two-organs/two-organs.paracrine.yaml")

    private func model(_ settings: [String] = []) throws -> Model {
        let text = try String(contentsOf: Self.example, encoding: .utf8)
        var model = try ModelFile.read(text, named: "two-organs", settings: settings).model
        model.run.duration = .hours(3)
        return model
    }

    private func run(_ model: Model, threads: Int = 1) throws -> BodyEngine {
        let cells = try CellPlacement.place(model).cells
        let engine = BodyEngine(model, cells: cells, threads: threads)
        while engine.time < model.run.duration.value {
            try engine.step(until: model.run.duration.value)
            try engine.settle()
        }
        return engine
    }

    private func bound(_ engine: BodyEngine, _ type: String) -> [Double] {
        let frame = engine.cells(at: engine.time, columns: [.receptor("IL-6R", .bound)])
        return frame.ids.indices.filter { frame.typeNames[frame.types[$0]] == type }.map { frame.columns[0].values[$0] }
    }

    @Test func theLiverFollowsTheGutOnlyThroughBlood() throws {
        let joined = try run(model())
        #expect(bound(joined, "hepatocyte").allSatisfy { $0 > 1 })
        let whole = joined.ledgers(at: joined.time)
        #expect(whole.allSatisfy { $0.relativeImbalance < 1e-9 })
        #expect(whole[1][.secreted] > 0, "hepatocytes secrete CRP")
        // Cut: no cell is touched, but the link is gone.
        let cut = try run(model(["P_IL6=0 µm/s"]))
        #expect(bound(cut, "hepatocyte").allSatisfy { $0 == 0 })
        let ledgers = cut.ledgers(at: cut.time)
        #expect(ledgers[1][.secreted] == 0)
        // The gut secretes what it did; only where it goes differs.
        #expect(abs(ledgers[0][.secreted] / whole[0][.secreted] - 1) < 1e-9)
        // And the liver does not feel what the gut does.
        let silent = try run(model(["P_IL6=0 µm/s", "q_IL6=0 molecules/s"]))
        #expect(
            silent.field("IL-6 in liver", at: silent.time).values == cut.field("IL-6 in liver", at: cut.time).values)
    }

    @Test func everyCellHasAnIdAndATissueOfItsOwn() throws {
        let model = try model()
        let engine = BodyEngine(model, cells: try CellPlacement.place(model).cells, threads: 1)
        let frame = engine.cells(at: 0, columns: [])
        #expect(frame.ids == Array(0..<30))
        #expect(frame.tissueNames == ["gut", "liver"])
        #expect(frame.inTissue(ofField: "IL-6 in gut").types.allSatisfy { frame.typeNames[$0] == "epithelium" })
        #expect(frame.inTissue(ofField: "IL-6 in liver").ids.count == 20)
    }

    @Test func threadsAndLookingChangeNoBit() throws {
        let one = try run(model())
        var again = try model()
        again.record.communication = nil
        let cells = try CellPlacement.place(again).cells
        let two = BodyEngine(again, cells: cells, threads: 2)
        while two.time < again.run.duration.value {
            try two.step(until: again.run.duration.value)
            try two.settle()
            _ = two.ledgers(at: two.time * 0.999_999)
            _ = two.concentration(of: "IL-6", in: "blood", at: two.time)
        }
        #expect(one.field("IL-6 in liver", at: one.time).values == two.field("IL-6 in liver", at: two.time).values)
        #expect(one.ledgers(at: one.time) == two.ledgers(at: two.time))
    }

    /// What the liver captures is the gut's, and the rows add up to what it captured.
    @Test func whatBloodBringsIsTheGuts() throws {
        let engine = try run(model())
        let rows = engine.communication(at: engine.time).rows.filter {
            $0.molecule == "IL-6" && $0.receiver == "hepatocyte in liver"
        }
        let guts = rows.filter { $0.sender == "epithelium in gut" && $0.route == .endocrine }.reduce(0) {
            $0 + $1.captured
        }
        let sum = rows.reduce(0) { $0 + $1.captured }
        let type = try #require(model().cellTypes.firstIndex { $0.name == "hepatocyte" })
        let captured = engine.captured("IL-6", at: engine.time)[type]
        #expect(captured > 0 && abs(sum / captured - 1) < 1e-9)
        #expect(abs(guts / captured - 1) < 1e-9)
    }
}

/// Cells that come while a run goes on.
@Suite struct ArrivingCellTests {
    private static let text = """
        paracrine: 1
        model: an injury calls
        compartments: {blood: {volume: 1 mL}}
        space: {box: 200 x 200 x 100 µm, grid: 20 µm}
        molecules: {CCL2: {diffusion: 100 µm²/s, starts: 0.2 nM}}
        receptors: {CCR2: {ligand: CCL2, k_on: 1 /nM/h, k_off: 1 /h}}
        cells:
          injured: {count: 2, radius: 5 µm}
          monocyte: {radius: 5 µm, receptors: {CCR2: 100 ± 30 %}}
        place:
          injured: random
          monocyte: at (100, 100, 50) µm
        recruits:
          monocyte: {from: blood, at: everywhere, by: CCL2, between: 0.1 nM .. 0.3 nM, rate: 1.5e-7 cells/min/µm³}
        treatments:
          - 7 cells monocyte at 5 min
        run: {for: 20 min, seed: 3, rule step: 1 min}
        """

    @Test func recruitsAndDosesLiveInTheTissue() throws {
        let model = try ModelFile.read(Self.text, named: "m").model
        // Half of 1.5e-7 × 4e6 µm³ a minute: 0.3, so 6 in 20 minutes, and 7 that are given.
        var counts: [Double] = []
        for seed in 1...30 {
            var model = model
            model.run.seed = UInt64(seed)
            let engine = BodyEngine(model, cells: try CellPlacement.place(model).cells, threads: 1)
            while engine.time < 1200 {
                try engine.step(until: 1200)
                try engine.settle()
            }
            let frame = engine.cells(at: 1200, columns: [.receptor("CCR2", .total)])
            #expect(Set(frame.ids).count == frame.ids.count)
            let own = frame.ids.indices.filter { frame.typeNames[frame.types[$0]] == "monocyte" }
            counts.append(Double(own.count - 1 - 7))
            #expect(own.allSatisfy { frame.columns[0].values[$0] > 10 })
            for ledger in engine.ledgers(at: 1200) { #expect(ledger.relativeImbalance < 1e-9) }
        }
        let mean = counts.reduce(0, +) / 30
        let error = (6.0 / 30).squareRoot()
        #expect(abs(mean - 6) < 3 * error, "\(mean) recruits, \(counts)")
    }
}
