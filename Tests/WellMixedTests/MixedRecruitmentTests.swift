import Biology
import Foundation
import Simulation
import Testing
import WellMixed

/// Cells that come out of compartments, and cells that are given, without space.
@Suite struct MixedRecruitmentTests {
    private static let text = """
        compartments: {blood: {volume: 1 mL}}
        space: {box: 200 x 200 x 100 µm, grid: 20 µm, walls: {z+: exchange with blood}}
        vessels: {capillary: {carries: blood, line: "(0, 100, 50) µm; (200, 100, 50) µm", radius: 5 µm}}
        molecules: {CCL2: {diffusion: 1e6 µm²/s, starts: 0.2 nM}}
        receptors: {CCR2: {ligand: CCL2, k_on: 0 /nM/h, k_off: 1 /h}}
        cells:
          injured: {count: 2, radius: 5 µm}
          monocyte: {radius: 5 µm, receptors: {CCR2: 100}}
        place:
          injured: random
          monocyte: at (100, 100, 50) µm
        recruits:
          monocyte: {from: blood, at: everywhere, by: CCL2, between: 0.1 nM .. 0.3 nM, rate: 1.5e-7 cells/min/µm³}
        treatments:
          - 7 cells monocyte at 5 min
        run: {for: 20 min, seed: 3, rule step: 1 min}
        """

    private static func end(_ text: String, _ method: MixMethod, count: Int) throws -> [Double] {
        let model = try MixedModels.read(text)
        let cells = try CellPlacement.place(model).cells
        var reduction = try MixedModels.reduce(model, method)
        let type = try #require(model.cellTypes.firstIndex { $0.name == "monocyte" })
        let end = model.run.duration.value
        return try (0..<count).map { replicate in
            let seed = RandomStream.seed(5, replicate: replicate)
            let course = try reduction.course(times: [0, end], seed: seed) { _ in true }
            let engine = MixedEngine(reduction, cells: cells, contacts: [:], course: course)
            try engine.step(until: end)
            let number = try #require(engine.count(ofType: type, at: end))
            let frame = engine.cells(at: end, columns: [.receptor("CCR2", .total)])
            for (cell, of) in frame.types.enumerated() where of == type {
                #expect(abs(frame.columns[0].values[cell] - 100) < 1e-6)
            }
            return number
        }
    }

    /// Half of 1.5e-7 × 4e6 µm³ a minute, 7 that are given, and the one that stood there.
    @Test func numbersFollowTheRateOfTheCall() throws {
        #expect(abs(try Self.end(Self.text, .ode, count: 1)[0] - (1 + 7 + 6)) < 1e-6)
        let before = try Mixed(Self.text, ["number of monocyte at 5 min", "number of monocyte at 10 min"])
        #expect(abs(before.values[0] - 2.5) < 1e-6 && abs(before.values[1] - 11) < 1e-6, "\(before.values)")
    }

    @Test(arguments: [("vessels", 2 * Double.pi * 5 * 200), ("walls", 200.0 * 200)])
    func vesselsAndWallsSendByTheirArea(at site: String, area: Double) throws {
        let text = Self.text.replacing("at: everywhere", with: "at: \(site)").replacing(
            "1.5e-7 cells/min/µm³", with: "1e-5 cells/min/µm²")
        let expected = 8 + 0.5 * 1e-5 * area * 20
        #expect(abs(try Self.end(text, .ode, count: 1)[0] / expected - 1) < 1e-9)
    }

    @Test func byChanceNumbersArePoisson() throws {
        let found = try Self.end(Self.text, .ssa, count: 2000).map { $0 - 8 }
        let mean = found.reduce(0, +) / 2000
        let variance = found.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1999
        #expect(abs(mean - 6) < 4 * (6.0 / 2000).squareRoot(), "\(mean)")
        // The fourth central moment of a Poisson number is m + 3 m²: 114, so that of the variance 114 − 36 is left.
        let ofVariance = (78.0 / 2000).squareRoot()
        #expect(abs(variance - 6) < 4 * ofVariance, "\(variance)")
    }

    @Test(arguments: [MixMethod.ode, .ssa])
    func aCompartmentRunsOut(method: MixMethod) throws {
        let text = Self.text.replacing("volume: 1 mL", with: "volume: 1 mL, cells: {monocyte: 4 cells}").replacing(
            "1.5e-7", with: "1.5e-5"
        ).replacing("- 7 cells monocyte at 5 min", with: "- 3 cells monocyte into blood at 10 min")
        for number in try Self.end(text, method, count: 3) { #expect(abs(number - (1 + 4 + 3)) < 1e-6) }
    }

    /// n' = r − d n, from the one that stood there; a type of which none stands there starts from none.
    @Test(arguments: [
        ("place:\n  injured: random\n  monocyte: at (100, 100, 50) µm", 1.0), ("place: {other: random}", 0),
    ])
    func thoseThatComeDie(place: String, start: Double) throws {
        let text = Self.text.replacing("place:\n  injured: random\n  monocyte: at (100, 100, 50) µm", with: place)
            .replacing(
                "receptors: {CCR2: 100}}", with: "receptors: {CCR2: 100}, dies: 3 /h\(start == 0 ? ", count: 0" : "")}"
            )
            .replacing("treatments:\n  - 7 cells monocyte at 5 min\n", with: "")
        let number = try Self.end(text, .ode, count: 1)[0]
        let left = exp(-1.0)
        #expect(abs(number - (start * left + 0.3 / 0.05 * (1 - left))) < 1e-6)
    }

    /// CCL2 at 0.2 nM is a dose of 2: 0.8 of the way with a Hill number of 2, and blocked by itself nothing.
    private static let ruled =
        text.replacing(", by: CCL2, between: 0.1 nM .. 0.3 nM, rate: 1.5e-7", with: ", rate: 1e-8")
        + "\nrules:\n  - monocyte: CCL2 increases recruits.monocyte from 1e-8 cells/min/µm³ to 1.1e-7 cells/min/µm³, "
        + "half-max 0.1 nM, hill 2"

    @Test func rulesSayHowFastTheyCome() throws {
        let expected = 8 + (1e-8 + 0.8 * 1e-7) * 4e6 * 20
        #expect(abs(try Self.end(Self.ruled, .ode, count: 1)[0] / expected - 1) < 1e-9)
        // With a call as well, half of it.
        let called = Self.ruled.replacing("rate: 1e-8", with: "by: CCL2, between: 0.1 nM .. 0.3 nM, rate: 1e-8")
        #expect(abs(try Self.end(called, .ode, count: 1)[0] / (8 + (expected - 8) / 2) - 1) < 1e-9)
        let vessels = Self.ruled.replacing("at: everywhere", with: "at: vessels").replacing("µm³", with: "µm²")
            .replacing("e-8 ", with: "e-5 ").replacing("e-7 ", with: "e-4 ")
        let more = 8 + (1e-5 + 0.8 * 1e-4) * 2 * Double.pi * 5 * 200 * 20
        #expect(abs(try Self.end(vessels, .ode, count: 1)[0] / more - 1) < 1e-9)
        let blocked =
            Self.ruled.replacing("molecules: {", with: "molecules: {IL-10: {diffusion: 1e6 µm²/s, starts: 1 mM}, ")
            .replacing("from 1e-8", with: "from 0").replacing("rate: 1e-8", with: "rate: 0")
            + "\n  - monocyte: IL-10 blocks CCL2, half-max 1 pM, hill 2"
        #expect(abs(try Self.end(blocked, .ode, count: 1)[0] - 8) < 1e-6)
    }

    @Test func ruledNumbersByChanceArePoisson() throws {
        let found = try Self.end(Self.ruled, .ssa, count: 2000).map { $0 - 8 }
        let mean = found.reduce(0, +) / 2000
        let variance = found.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1999
        let law = (1e-8 + 0.8 * 1e-7) * 4e6 * 20
        #expect(abs(mean - law) < 4 * (law / 2000).squareRoot(), "\(mean)")
        #expect(abs(variance - law) < 4 * ((law + 2 * law * law) / 2000).squareRoot(), "\(variance)")
    }

    @Test func theTissueSendsAsManyByItsRules() throws {
        let mixed = try Mixed(Self.ruled, ["number of monocyte"]).values[0]
        let tissue = try (1...12).map { seed in
            try Mixed.withSpace(Self.ruled, ["number of monocyte"], settings: ["run.seed=\(seed)"])[0]
        }
        let mean = tissue.reduce(0, +) / 12
        #expect(abs(mean - mixed) < 4 * ((mixed - 8) / 12).squareRoot(), "\(tissue), mixed \(mixed)")
    }

    @Test func rulesWithAPastAreRefusedForCellsThatAreGiven() throws {
        let text =
            Self.text
            + "\nrules:\n  - monocyte: CCL2 increases receptors.CCR2 from 100 to 200, half-max 1 nM, delay 5 min"
        let refusal = #expect(throws: MixRefusal.self) { try MixedModels.reduce(MixedModels.read(text)) }
        #expect(refusal?.reasons.map(\.entry) == ["rules.1"])
    }

    /// The tissue draws its numbers; their mean over seeds is the mixed one.
    @Test func theTissueSendsAsManyOnAverage() throws {
        let text = Self.text.replacing("1.5e-7", with: "6e-7")
        let mixed = try Mixed(text, ["number of monocyte"]).values[0]
        let tissue = try (1...12).map { seed in
            try Mixed.withSpace(text, ["number of monocyte"], settings: ["run.seed=\(seed)"])[0]
        }
        let mean = tissue.reduce(0, +) / 12
        #expect(abs(mixed - 32) < 1e-6)
        #expect(abs(mean - mixed) < 4 * (24.0 / 12).squareRoot(), "\(tissue)")
    }
}
