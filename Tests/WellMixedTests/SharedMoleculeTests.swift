import Biology
import Foundation
import ModelFiles
import Networks
import Simulation
import Testing
import WellMixed

/// Networks whose species are molecules dissolved in the medium or a compartment.
@Suite struct SharedMoleculeTests {
    private static let nanomolar = Concentration.nanomolar(1).value

    private func model(_ molecules: String, _ networks: String, more: String = "") -> String {
        MixedModels.bystander(molecules, networks, box: "20 x 10 x 10", more: more)
    }

    // MARK: - Laws

    /// Michaelis and Menten: K ln(c₀/c) + c₀ − c = V t.
    @Test(arguments: ["blood", "medium"])
    func anEnzymeTakesADissolvedMolecule(place: String) throws {
        let start = place == "blood" ? "blood: {starts: 3 nM}" : "starts: 3 nM"
        let text = model(
            "  drug: {diffusion: 10 µm²/s, \(start)}",
            """
              enzyme:
                in: \(place)
                molecules: {dr: drug}
                parameters: {v_max: 2 nM/h, K: 1 nM}
                reactions: {cut: "dr ->, v_max * dr / (K + dr)"}
            """)
        let minutes = [15.0, 60, 120]
        let name = place == "blood" ? "drug in blood" : "mean drug of bystander"
        let mixed = try Mixed(
            text, minutes.map { "\(name) at \(Int($0)) min" } + ["enzyme.dr", "associated drug", "dissolved drug"])
        #expect(mixed.worstImbalance < 1e-9)
        for (minute, value) in zip(minutes, mixed.values) {
            let c = value / Self.nanomolar
            #expect(abs(log(3 / c) + 3 - c - 2 * minute / 60) < 1e-6, "\(c) nM at \(minute) min")
        }
        // The network reads what is dissolved, and what it takes is in the ledger.
        #expect(abs(mixed.values[3] / mixed.values[2] - 1) < 1e-12)
        let taken = (3 - mixed.values[2] / Self.nanomolar) * Self.nanomolar * 2000
        #expect(abs(mixed.values[4] / -taken - 1) < 1e-9)
        #expect(place == "blood" || abs(mixed.values[5] / 2000 / mixed.values[2] - 1) < 1e-12)
    }

    /// The same binding said under `molecules` and as a network, with cells that take what is free.
    @Test func aDecoyIsTheSameAsANetworkAndAsAComplex() throws {
        let tissue = """
            receptors: {R: {ligand: lig, k_on: 1e7 /M/s, k_off: 1e-3 /s, k_endo: 1e-3 /s}}
            cells: {taker: {count: 4, radius: 4 µm, receptors: {R: 800}, secretes: {lig: 2 molecules/s}}}
            place: {taker: lattice 20 µm}
            run: {for: 2 h, seed: 1}
            """
        let space = "space: {box: 40 x 40 x 20 µm, grid: 20 µm}\n"
        let complex = """
            molecules:
              lig: {diffusion: 10 µm²/s, starts: 1 nM, decay: 0.2 /h}
              decoy: {diffusion: 10 µm²/s, starts: 3 nM}
              pair: {diffusion: 10 µm²/s, complex: {of: [lig, decoy], k_on: 1e5 /M/s, k_off: 1e-4 /s}}

            """
        let network = """
            molecules:
              lig: {diffusion: 10 µm²/s, starts: 1 nM, decay: 0.2 /h}
            networks:
              decoy:
                in: medium
                molecules: {lg: lig}
                parameters: {k_on: 1e5 /M/s, k_off: 1e-4 /s}
                species: {trap: 3 nM, held: 0 nM}
                reactions: {bind: "lg + trap -> held, k_on * lg * trap - k_off * held"}

            """
        let times = ["10 min", "40 min", "2 h"]
        let own = times.flatMap { ["dissolved lig at \($0)", "mean R.bound of taker at \($0)"] }
        let first = try Mixed(space + complex + tissue, own + ["associated lig", "mean pair of taker"])
        let second = try Mixed(space + network + tissue, own + ["associated lig", "decoy.held"])
        #expect(max(first.worstImbalance, second.worstImbalance) < 1e-9)
        for (a, b) in zip(first.values, second.values) { #expect(abs(a / b - 1) < 1e-6, "\(a) and \(b)") }
        #expect(first.values[6] < -1000)
    }

    /// By chance: of 300 molecules each is free with the probability that equations give; both ways close the ledger.
    @Test func byChanceEveryMoleculeReactsByItself() throws {
        let model = try MixedModels.read(
            model(
                "  drug: {diffusion: 10 µm²/s, blood: {}}",
                """
                  store:
                    in: blood
                    molecules: {dr: drug}
                    parameters: {away: 0.8 /h, back: 0.4 /h}
                    species: {stored: 300 molecules in blood}
                    reactions: {keep: "dr -> stored, away * dr * blood - back * stored"}
                """))
        let cells = try CellPlacement.place(model).cells
        var reduction = try Reduction(model, cells: cells, contacts: [:], method: .ssa)
        var found: [Double] = []
        for replicate in 0..<1500 {
            let seed = RandomStream.seed(11, replicate: replicate)
            let course = try reduction.course(times: [0, 3600], seed: seed) { _ in true }
            let engine = MixedEngine(reduction, cells: cells, contacts: [:], course: course)
            try engine.step(until: 3600)
            let ledger = engine.ledgers(at: 3600)[0]
            #expect(ledger.imbalance == 0)
            found.append(ledger[.carried])
        }
        let share = 0.4 / 1.2 * (1 - exp(-1.2))
        let (mean, variance) = (300 * share, 300 * share * (1 - share))
        let n = Double(found.count)
        let average = found.reduce(0, +) / n
        let spread = found.reduce(0) { $0 + ($1 - average) * ($1 - average) } / (n - 1)
        #expect(abs(average - mean) < 4 * (variance / n).squareRoot(), "\(average), expected \(mean)")
        #expect(abs(spread / variance - 1) < 4 * (2 / n).squareRoot(), "\(spread), expected \(variance)")
    }

    // MARK: - Units

    /// A file in nmol, mL and minutes says the same as text in nM and hours.
    @Test func unitsOfAFileAreConverted() throws {
        let molecules = "  drug: {diffusion: 10 µm²/s, blood: {starts: 3 nM, half-life: 1 h}}"
        let said = model(
            molecules,
            """
              enzyme:
                in: blood
                molecules: {dr: drug}
                parameters: {v_max: 2 nM/h, K: 1 nM}
                species: {parts: 0 nM}
                reactions: {cut: "dr -> 2 parts, v_max * dr / (K + dr)"}
            """)
        let file = model(molecules, "  enzyme: {file: e.xml, in: blood, molecules: {D: drug}}")
        let content = ModelNetwork.Content.reactions(fileOfEnzyme)
        let reader = NetworkFileReader { _ throws(UnreadableNetwork) in content }
        let lines = ["drug in blood", "drug in blood at 20 min", "cleared drug", "associated drug"]
        let first = try Mixed(said, lines + ["enzyme.parts", "enzyme.dr"])
        let second = try Mixed(file, lines + ["enzyme.P", "enzyme.D"], networks: reader)
        #expect(second.worstImbalance < 1e-9)
        for (a, b) in zip(first.values, second.values) { #expect(abs(a / b - 1) < 1e-6, "\(a) and \(b)") }
    }

    /// nmol, mL and minutes: 1 nM is 1e-3 nmol/mL.
    private var fileOfEnzyme: ReactionNetwork {
        var network = ReactionNetwork(name: "e")
        network.units = NetworkUnits(time: 60, amount: 6.02214076e14, volume: 1e12)
        network.compartments = [NetworkCompartment(name: "plasma", size: 2e-9)]
        network.species = [
            // What a file says of the start is the molecule's to say.
            NetworkSpecies(name: "D", compartment: "plasma", initial: .concentration(7)),
            NetworkSpecies(name: "P", compartment: "plasma", initial: .concentration(0)),
        ]
        network.parameters = [
            NetworkParameter(name: "v", value: 2e-3 / 60), NetworkParameter(name: "K", value: 1e-3),
        ]
        let rate = Formula.name("plasma") * .name("v") * .name("D") / (.name("K") + .name("D"))
        network.reactions = [
            NetworkReaction(
                name: "cut", reactants: [.init("D")], products: [.init("P", .number(2))], rate: rate)
        ]
        return network
    }

    @Test func aFileOfAnotherVolumeOrWithoutUnitsIsRefused() {
        let text = model(
            "  drug: {diffusion: 10 µm²/s, blood: {}}", "  enzyme: {file: e.xml, in: blood, molecules: {D: drug}}")
        func said(_ network: ReactionNetwork) -> String {
            let reader = NetworkFileReader { _ throws(UnreadableNetwork) in .reactions(network) }
            let problem = #expect(throws: InvalidModel.self) {
                try ModelFile.read("paracrine: 1\nmodel: m\n" + text, named: "m.yaml", networks: reader)
            }
            return problem?.description ?? ""
        }
        var large = fileOfEnzyme
        large.compartments[0].size = 3
        #expect(said(large).hasPrefix("m.yaml:8:3: error: networks.enzyme: the volume of 'plasma' in e.xml is 3 mL"))
        var silent = fileOfEnzyme
        silent.units.amount = nil
        #expect(said(silent).contains("e.xml does not say in which unit 'D' is"))
        var ruled = fileOfEnzyme
        ruled.rateRules = [NetworkAssignment("D", .number(0))]
        #expect(said(ruled).contains("e.xml sets 'D' by a rule or an event"))
        var other = fileOfEnzyme
        other.species[0].name = "d"
        #expect(said(other).contains("e.xml has no species 'D'"))
    }

    // MARK: - Where

    @Test func ofTwoTissuesOnlyItsOwnIsChanged() throws {
        let text = """
            molecules: {lig: {diffusion: 10 µm²/s, starts: 1 nM}}
            networks:
              enzyme: {in: liver, molecules: {x: lig}, parameters: {k: 1 /h}, reactions: {gone: "x ->, k * x"}}
            cells: {T: {radius: 4 µm}}
            tissues:
              gut: {space: {box: 20 x 20 x 20 µm, grid: 10 µm}, cells: {T: 1}, place: {T: random}}
              liver: {space: {box: 30 x 20 x 20 µm, grid: 10 µm}, cells: {T: 2}, place: {T: random}}
            run: {for: 1 h, seed: 1}
            """
        let mixed = try Mixed(text, ["enzyme.x", "dissolved lig"])
        #expect(mixed.worstImbalance < 1e-9)
        #expect(abs(mixed.values[0] / Self.nanomolar - exp(-1)) < 1e-6)
        #expect(abs(mixed.values[1] / Self.nanomolar - (8000 + 12000 * exp(-1))) < 1e-2)
    }

    /// What a wall holds stays, and the wall makes good for what the network takes.
    @Test(arguments: [MixMethod.ode, .ssa])
    func aHeldMoleculeIsMadeGood(method: MixMethod) throws {
        let text = model(
            "  lig: {diffusion: 10 µm²/s, walls: {x-: fixed 10 nM}}",
            "  sink: {in: medium, molecules: {x: lig}, parameters: {k: 1 /h}, reactions: {gone: \"x ->, k * x\"}}")
        let mixed = try Mixed(text, ["sink.x", "associated lig", "entered lig"], method)
        #expect(mixed.worstImbalance < 1e-9)
        #expect(abs(mixed.values[0] / Self.nanomolar - 10) < 1e-9)
        #expect(mixed.values[1] < -1000)
        let whole = 10 * Self.nanomolar * 2000
        #expect(abs(mixed.values[2] + mixed.values[1] - whole) <= 1 + 1e-9 * whole)
    }

    /// Taken out, a molecule stays 0 though the network would make it.
    @Test func aMoleculeTakenOutIsNotMade() throws {
        let text = model(
            "  lig: {diffusion: 10 µm²/s, starts: 1 nM}",
            "  source: {in: medium, molecules: {x: lig}, species: {y: 0 molecules}, reactions: {make: \"-> x, 1 nM/h\", count: \"-> y, 1 molecules/s * x / 1 nM\"}}"
        )
        let whole = try MixedModels.read(text)
        for (model, expected) in [(whole, 3.0), (whole.without(.molecule("lig")), 0)] {
            var reduction = try MixedModels.reduce(model)
            let course = try reduction.course(times: [0, 7200], seed: 1) { _ in true }
            let engine = MixedEngine(
                reduction, cells: try CellPlacement.place(model).cells, contacts: [:], course: course)
            try engine.step(until: 7200)
            let level = engine.concentrations(of: "lig", at: [[]], time: 7200)[0] / Self.nanomolar
            let read = try #require(engine.value(of: "x", inNetwork: "source", at: 7200))
            let made = try #require(engine.value(of: "y", inNetwork: "source", at: 7200))
            #expect(abs(level - expected) < 1e-6)
            #expect(abs(read / Self.nanomolar - expected) < 1e-6)
            #expect((made > 1) == (expected > 0))
        }
    }

    @Test func theModelsDocumentKeepsThePlace() throws {
        let text = model(
            "  lig: {diffusion: 10 µm²/s, blood: {}}",
            "  sink: {in: blood, molecules: {x: lig}, parameters: {k: 1 /h}, reactions: {gone: \"x ->, k * x\"}}")
        let model = try MixedModels.read(text)
        #expect(model.networks[0].place == NetworkPlace(name: "blood", molecules: ["x": "lig"]))
        let json = ModelDocument.json(model)
        #expect(json.contains("\"place\""))
        #expect(try ModelDocument.read(json, named: "model.json") == model)
        #expect(model.runsOnlyMixed && !model.hasOnlyNetworks)
    }
}
