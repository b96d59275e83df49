import Biology
import Foundation
import ModelFiles
import Networks
import Simulation
import Testing
import Tissue
import WellMixed

/// Blood, other compartments and several tissues without space.
@Suite struct MixedBodyTests {
    /// Two tissues, blood that reaches them by a vessel, a wall and everywhere, lymph, and binding in all of them.
    static let body = """
        parameters: {D: 1e6 µm²/s, P: 2 µm/s}
        compartments: {blood: {volume: 2e6 µm³}, lymph: {volume: 1e6 µm³}}
        molecules:
          lig:
            diffusion: D
            decay: 0.3 /h
            starts: 1 nM
            blood: {starts: 3 nM, half-life: 40 min, permeability: P, transfers: {lymph: 2 /h}}
            lymph: {exchange: 0.5 /h, clearance: 1e5 µm³/h}
          trap: {diffusion: D, starts: 0.5 nM, blood: {starts: 2 nM, exchange: 1 /h}}
          pair: {diffusion: D, decay: 0.2 /h, complex: {of: [lig, trap], k_on: 1e6 /M/s, k_off: 1e-3 /s}, blood: {half-life: 2 h}}
          dud: {diffusion: D, starts: 1 nM, walls: {y+: fixed 2 nM}, blood: {exchange: 0.5 /h}}
        receptors:
          R: {ligand: lig, k_on: 1e7 /M/s, k_off: 1e-3 /s, k_endo: 1e-3 /s}
        cells:
          a: {radius: 5 µm, receptors: {R: 2000}, secretes: {lig: 5 molecules/s}}
          b: {radius: 5 µm, receptors: {R: 500}}
        tissues:
          gut:
            space: {box: 120 x 60 x 60 µm, grid: 20 µm, walls: {x-: exchange with blood}}
            cells: {a: 5, b: 3}
            place: {other: random}
          liver:
            space: {box: 60 x 60 x 60 µm, grid: 20 µm}
            cells: {b: 4}
            place: {b: random}
            vessels: {sinusoid: {carries: blood, line: "(0, 30, 30) µm; (60, 30, 30) µm", radius: 5 µm}}
        treatments:
          - 1 nM lig at 10 min
          - 2 nM lig into blood at 20 min
          - 1 nM/h trap into blood from 10 min to 40 min
        run: {for: 1 h, seed: 1, rule step: 5 s, tolerance: 1e-4}
        """

    private static let konrad = """
        space: {box: 100 x 10 x 10 µm, grid: 10 µm}
        compartments: {blood: {volume: 2661.5 mL}, periphery: {volume: 2 L}}
        molecules:
          IL-2:
            diffusion: 10 µm²/s
            blood: {clearance: 120.007035 mL/min, transfers: {periphery: 0.00708 /min}}
            periphery: {transfers: {blood: 0.00972 /min}}
        cells: {bystander: {count: 1, radius: 4 µm}}
        place: {bystander: random}
        treatments:
          - 650 nM IL-2 into blood at 0 s
        run: {for: 4 h, seed: 1}
        """

    /// Konrad 1990, one unit per mL written as 1 nM (facts/validation.md V09).
    @Test func aBolusInBloodFollowsKonrad() throws {
        let minutes = [10, 30, 60, 120, 240]
        let mixed = try Mixed(Self.konrad, minutes.map { "IL-2 in blood at \($0) min" })
        #expect(mixed.worstImbalance < 1e-9)
        let found = mixed.values.map { $0 / Concentration.nanomolar(1).value }
        for (value, expected) in zip(found, [387.3, 142.7, 38.65, 9.376, 3.152]) {
            #expect(abs(value / expected - 1) < 1e-3, "\(value) against \(expected)")
        }
    }

    @Test(arguments: [MixMethod.ode, .ssa])
    func everyReactionOfABodyConservesEveryMolecule(method: MixMethod) throws {
        let model = try MixedModels.read(Self.body)
        let network = try MixedModels.reduce(model, method).network
        #expect(network.compartments.map(\.name) == ["gut", "liver", "blood", "lymph"])
        let held = Set(network.species.filter(\.isBoundary).map(\.name))
        #expect(held == ["dud_in_gut", "dud_in_liver"])
        for molecule in model.molecules.map(\.name) {
            let weights = try MixedModels.reduce(model, method).balance(of: molecule)
            for reaction in network.reactions {
                func sum(_ list: [NetworkReaction.Participant]) -> Double {
                    list.reduce(0) { sum, part in
                        guard case .number(let count) = part.stoichiometry, !held.contains(part.species) else {
                            return sum
                        }
                        return sum + count * (weights[part.species] ?? 0)
                    }
                }
                #expect(sum(reaction.products) == sum(reaction.reactants), "\(molecule) in \(reaction.name)")
            }
        }
    }

    /// What crosses a wall, a vessel and everywhere, with its exact coefficient: against equations of four volumes.
    @Test func wallsVesselsAndEverywhereCarryWhatTheySay() throws {
        let text = """
            compartments: {blood: {volume: 1e6 µm³}, lymph: {volume: 5e5 µm³}}
            molecules:
              lig:
                diffusion: 10 µm²/s
                decay: 0.5 /h
                blood: {starts: 1 nM, half-life: 1 h, permeability: 0.05 µm/s, transfers: {lymph: 0.4 /h}}
                lymph: {exchange: 2 /h}
            cells: {T: {radius: 4 µm}}
            tissues:
              gut:
                space: {box: 100 x 50 x 20 µm, grid: 10 µm, walls: {x-: exchange with blood, z+: exchange with blood}}
                cells: {T: 1}
                place: {T: random}
              liver:
                space: {box: 80 x 80 x 80 µm, grid: 10 µm}
                cells: {T: 1}
                place: {T: random}
                vessels: {sinusoid: {carries: blood, line: "(0, 40, 40) µm; (80, 40, 40) µm", radius: 6 µm}}
            run: {for: 1 h, seed: 1}
            """
        let names = ["lig in blood", "lig in lymph", "mean lig of T", "dissolved lig", "cleared lig", "decayed lig"]
        let mixed = try Mixed(text, names)
        #expect(mixed.worstImbalance < 1e-9)
        // Gut, liver, blood, lymph in nM; per hour.
        let volumes = (gut: 1e5, liver: 5.12e5, blood: 1e6, lymph: 5e5)
        let gutArea = 50.0 * 20 + 100 * 50
        let liverArea = 2 * Double.pi * 6 * 80
        let ways = (gut: 180 * gutArea, liver: 180 * liverArea)
        func rate(_ y: SIMD4<Double>) -> SIMD4<Double> {
            let (g, l, b, m) = (y[0], y[1], y[2], y[3])
            let (fromBlood, fromLymph) = ((gut: b - g, liver: b - l), (gut: m - g, liver: m - l))
            let bloodLoses = ways.gut * fromBlood.gut + ways.liver * fromBlood.liver
            let lymphLoses = 2 * (volumes.gut * fromLymph.gut + volumes.liver * fromLymph.liver)
            let passed = 0.4 * b * volumes.blood
            let gut = ways.gut / volumes.gut * fromBlood.gut + 2 * fromLymph.gut - 0.5 * g
            let liver = ways.liver / volumes.liver * fromBlood.liver + 2 * fromLymph.liver - 0.5 * l
            let blood = -(bloodLoses + passed) / volumes.blood - log(2) * b
            return SIMD4(gut, liver, blood, (passed - lymphLoses) / volumes.lymph)
        }
        var y = SIMD4(0.0, 0, 1, 0)
        let step = 1.0 / 8000
        for _ in 0..<8000 {
            let a = rate(y)
            let b = rate(y + a * (step / 2))
            let c = rate(y + b * (step / 2))
            let d = rate(y + c * step)
            y += (a + (b + c) * 2 + d) * (step / 6)
        }
        let nanomolar = Concentration.nanomolar(1).value
        let expected = [
            y[2] * nanomolar, y[3] * nanomolar, (y[0] + y[1]) / 2 * nanomolar,
            (y[0] * volumes.gut + y[1] * volumes.liver) * nanomolar,
        ]
        for (name, (value, exact)) in zip(names, zip(mixed.values, expected)) {
            #expect(abs(value / exact - 1) < 1e-6, "\(name): \(value) against \(exact)")
        }
    }

    /// Both tissues, blood and everything that acts on cells: the spatial engine where molecules mix fast.
    @Test func aBodyAtHighDiffusionIsTheMixedOne() throws {
        let responses = [
            "lig in blood", "lig in lymph", "trap in blood", "pair in blood", "dissolved lig", "cleared lig",
            "decayed lig", "secreted lig", "entered lig", "internalised lig", "mean R.bound of a", "mean R.bound of b",
            "share of lig captured by b", "lig in blood at 15 min", "dissolved pair",
        ]
        let mixed = try Mixed(Self.body, responses)
        #expect(mixed.worstImbalance < 1e-9)
        let tissue = try Mixed.withSpace(Self.body, responses)
        for (name, (a, b)) in zip(responses, zip(tissue, mixed.values)) {
            #expect(abs(a - b) <= 0.01 * abs(b), "\(name): \(a) with space, \(b) mixed")
        }
    }

    @Test func twoOrgansAtHighDiffusionAreTheMixedOnes() throws {
        let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Examples/two-organs/two-organs.paracrine.yaml")
        // Without its title, and what it expects later than the three hours run here.
        let text = try #require(String(contentsOf: example, encoding: .utf8).components(separatedBy: "\nexpect:").first)
            .split(separator: "\n").filter { !$0.hasPrefix("paracrine:") && !$0.hasPrefix("model:") }
            .joined(separator: "\n")
        let settings = [
            "run.for=3 h", "molecules.IL-6.diffusion=1e6 µm²/s", "molecules.CRP.diffusion=1e6 µm²/s",
            "run.rule step=20 s",
        ]
        let responses = [
            "IL-6 in blood", "CRP in blood", "mean IL-6R.bound of hepatocyte", "cleared IL-6", "secreted CRP",
            "dissolved IL-6", "internalised IL-6", "IL-6 in blood at 30 min",
        ]
        let mixed = try Mixed(text, responses, sampling: .all, settings: settings)
        #expect(mixed.worstImbalance < 1e-9)
        let tissue = try Mixed.withSpace(text, responses, settings: settings)
        for (name, (a, b)) in zip(responses, zip(tissue, mixed.values)) {
            #expect(abs(a - b) <= 0.01 * abs(b), "\(name): \(a) with space, \(b) mixed")
        }
    }

    /// A binomial number of a dose is left, and a Poisson number of what is infused.
    @Test func aDoseClearedFromBloodObeysItsLaw() throws {
        let model = try MixedModels.read(
            """
            space: {box: 10 x 10 x 10 µm, grid: 10 µm}
            compartments: {blood: {volume: 1e6 µm³}}
            molecules:
              bolus: {diffusion: 10 µm²/s, blood: {half-life: 30 min}}
              drip: {diffusion: 10 µm²/s, blood: {half-life: 30 min}}
            cells: {bystander: {count: 1, radius: 4 µm}}
            place: {bystander: random}
            treatments:
              - 200 molecules bolus into blood at 10 min
              - 240 molecules/h drip into blood from 10 min to 2 h
            run: {for: 2 h, seed: 1}
            """)
        let cells = try CellPlacement.place(model).cells
        var reduction = try Reduction(model, cells: cells, contacts: [:], method: .ssa)
        var left = (bolus: [Double](), drip: [Double]())
        for replicate in 0..<2000 {
            let seed = RandomStream.seed(7, replicate: replicate)
            let course = try reduction.course(times: [0, 2400], seed: seed) { _ in true }
            let engine = MixedEngine(reduction, cells: cells, contacts: [:], course: course)
            try engine.step(until: 2400)
            for (m, ledger) in engine.ledgers(at: 2400).enumerated() {
                #expect(ledger.imbalance == 0)
                if m == 0 { left.bolus.append(ledger[.carried]) } else { left.drip.append(ledger[.carried]) }
            }
        }
        // Half an hour after the dose half is left; half of what is infused in a mean life is there.
        let mean = 240 / (2 * log(2)) * 0.5
        for (name, found, mean, variance) in [("bolus", left.bolus, 100, 50), ("drip", left.drip, mean, mean)] {
            let n = Double(found.count)
            let average = found.reduce(0, +) / n
            let spread = found.reduce(0) { $0 + ($1 - average) * ($1 - average) } / (n - 1)
            #expect(abs(average - mean) < 4 * (variance / n).squareRoot(), "\(name): \(average), expected \(mean)")
            #expect(abs(spread / variance - 1) < 4 * (2 / n).squareRoot(), "\(name): \(spread), expected \(variance)")
        }
    }

    /// Cells of one type in two tissues are two sums, each with what is around it; they are seen where they stand.
    @Test func cellsMeetTheMediumOfTheirTissue() throws {
        let model = try MixedModels.read(Self.body, settings: ["P=0 µm/s"])
        let cells = try CellPlacement.place(model).cells
        var reduction = try MixedModels.reduce(model)
        #expect(reduction.groups.map(\.members.count) == [5, 3, 4])
        let course = try reduction.course(times: [0, 600], seed: 1) { _ in true }
        let engine = MixedEngine(reduction, cells: cells, contacts: [:], course: course)
        try engine.step(until: 600)
        let frame = engine.cells(
            at: 600, columns: [.concentration("lig"), .inCompartment("lig", compartment: "blood")])
        #expect(frame.tissueNames == ["gut", "liver"])
        for (cell, tissue) in frame.tissues.enumerated() {
            let field = engine.field("lig in \(["gut", "liver"][tissue])", at: 600)
            #expect(frame.columns[0].values[cell] == field.values[0])
            #expect(frame.columns[1].values[cell] == engine.concentration(of: "lig", in: "blood", at: 600))
        }
        let around = ["gut", "liver"].map { engine.field("lig in \($0)", at: 600).values[0] }
        #expect(abs(around[0] / around[1] - 1) > 0.01)
    }
}
