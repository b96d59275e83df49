import Biology
import Foundation
import Simulation
import Testing
import Tissue

/// Networks in the medium and in compartments, with space: they react in every voxel.
@Suite struct MediumNetworkTests {
    private static let nanomolar = Concentration.nanomolar(1).value

    private func model(_ molecules: String, _ networks: String, more: String = "", tolerance: String = "1e-6") -> String
    {
        MixedModels.bystander(molecules, networks, box: "40 x 20 x 20", tolerance: tolerance, more: more)
    }

    /// Michaelis and Menten: K ln(c₀/c) + c₀ − c = V t; what is left of the error goes with the tolerance.
    @Test(arguments: ["blood", "medium"], ["1e-4", "1e-6"])
    func anEnzymeTakesADissolvedMolecule(place: String, tolerance: String) throws {
        let start = place == "blood" ? "blood: {starts: 3 nM}" : "starts: 3 nM"
        let text = model(
            "  drug: {diffusion: 10 µm²/s, \(start)}",
            """
              enzyme:
                in: \(place)
                molecules: {dr: drug}
                parameters: {v_max: 2 nM/h, K: 1 nM}
                reactions: {cut: "dr ->, v_max * dr / (K + dr)"}
            """, tolerance: tolerance)
        let minutes = [15.0, 60, 120]
        let found = try Mixed.withSpace(
            text,
            minutes.map { "enzyme.dr at \(Int($0)) min" }
                + [place == "blood" ? "drug in blood" : "dissolved drug", "associated drug"])
        for (minute, value) in zip(minutes, found) {
            let c = value / Self.nanomolar
            let time = (log(3 / c) + 3 - c) * 30
            #expect(abs(time - minute) < 30 * (Double(tolerance) ?? 0) * minute, "\(c) nM at \(minute) min")
        }
        let volume = place == "blood" ? 2000.0 : 16000
        #expect(abs(found[3] / found[2] / (place == "blood" ? 1 : volume) - 1) < 1e-9)
        let taken = (3 - found[2] / Self.nanomolar) * Self.nanomolar * volume
        #expect(abs(found[4] / -taken - 1) < 1e-9)
    }

    /// A molecule that a wall holds diffuses in and is lost to the network as it would be by its decay.
    @Test(arguments: ["x", "y", "z"]) func lossByANetworkIsDecay(axis: String) throws {
        let wall = "diffusion: 10 µm²/s, walls: {\(axis)-: fixed 10 nM}"
        let lines = ["mean lig of reader at 10 s", "mean lig of reader", "dissolved lig", "dissolved lig at 10 s"]
        let box = "space: {box: 40 x 40 x 40 µm, grid: 10 µm}\n"
        let rest = """

            cells: {reader: {count: 3, radius: 4 µm}}
            place: {reader: random}
            run: {for: 2 min, seed: 1, tolerance: 1e-6}
            """
        let decays = try Mixed.withSpace(box + "molecules: {lig: {\(wall), decay: 0.02 /s}}" + rest, lines)
        let network = try Mixed.withSpace(
            box + "molecules: {lig: {\(wall)}}\nnetworks: {sink: {in: medium, molecules: {x: lig}, "
                + "parameters: {k: 0.02 /s}, reactions: {gone: \"x ->, k * x\"}}}" + rest, lines)
        for (a, b) in zip(decays, network) { #expect(abs(a / b - 1) < 1e-5, "\(a) and \(b)") }
    }

    /// A trap that stays where it is: the same as a decoy that does not diffuse, in a gradient, with cells that take.
    @Test func aTrapIsADecoyThatStands() throws {
        let tissue = """
            receptors: {R: {ligand: lig, k_on: 1e7 /M/s, k_off: 1e-3 /s, k_endo: 1e-3 /s}}
            cells: {taker: {count: 10, radius: 4 µm, receptors: {R: 800}, secretes: {lig: 2 molecules/s}}}
            place: {taker: random}
            run: {for: 30 min, seed: 1, tolerance: 1e-5}
            """
        let space = "space: {box: 90 x 40 x 40 µm, grid: 10 µm}\n"
        let wall = "diffusion: 1 µm²/s, starts: 1 nM, decay: 0.2 /h, walls: {x-: fixed 5 nM}"
        let complex = """
            molecules:
              lig: {\(wall)}
              decoy: {diffusion: 0 µm²/s, starts: 3 nM}
              pair: {diffusion: 0 µm²/s, complex: {of: [lig, decoy], k_on: 1e6 /M/s, k_off: 1e-3 /s}}

            """
        let network = """
            molecules: {lig: {\(wall)}}
            networks:
              decoy:
                in: medium
                molecules: {lg: lig}
                parameters: {k_on: 1e6 /M/s, k_off: 1e-3 /s}
                species: {trap: 3 nM, held: 0 nM}
                reactions: {bind: "lg + trap -> held, k_on * lg * trap - k_off * held"}

            """
        let own = ["2 min", "10 min", "30 min"].flatMap {
            ["dissolved lig at \($0)", "mean R.bound of taker at \($0)", "median lig of taker at \($0)"]
        }
        let first = try Mixed.withSpace(space + complex + tissue, own + ["associated lig", "dissolved pair"])
        let second = try Mixed.withSpace(space + network + tissue, own + ["associated lig", "decoy.held"])
        for (a, b) in zip(first.dropLast(), second) { #expect(abs(a / b - 1) < 1e-4, "\(a) and \(b)") }
        // Over the box the mean of what is held is what is dissolved of it.
        let volume = 90.0 * 40 * 40
        #expect(abs(first[10] / (second[10] * volume) - 1) < 1e-4)
        #expect(first[9] < -1000)
    }

    /// An enzyme, its complex and a product that follows: fast and slow, in nmol, mL and minutes or in nM and hours.
    @Test func aMechanismIsThatOfTheMixedOne() throws {
        let text = model(
            "  sub: {diffusion: 100 µm²/s, starts: 20 nM}\n  pro: {diffusion: 100 µm²/s, blood: {starts: 2 nM, half-life: 1 h}}",
            """
              enzyme:
                in: medium
                molecules: {x: sub, y: pro}
                species: {e: 2 nM, es: 0 nM}
                parameters: {on: 1 /nM/s, off: 5 /s, cat: 0.01 /s}
                reactions:
                  bind: "e + x -> es, on * e * x - off * es"
                  turn: "es -> e + y, cat * es"
              plasma:
                in: blood
                molecules: {y: pro}
                species: {store: 1 nM in blood}
                parameters: {away: 2 /h, back: 1 /h}
                reactions: {keep: "y -> store, away * y * blood - back * store * blood"}
            """)
        let lines = [
            "dissolved sub at 1 min", "dissolved sub at 20 min", "dissolved pro at 20 min", "enzyme.es at 20 min",
            "dissolved pro", "associated pro", "pro in blood at 20 min", "pro in blood", "plasma.store", "cleared pro",
        ]
        let mixed = try Mixed(text, lines)
        #expect(mixed.worstImbalance < 1e-9)
        let space = try Mixed.withSpace(text, lines)
        for (name, (a, b)) in zip(lines, zip(space, mixed.values)) {
            #expect(abs(a / b - 1) < 1e-4, "\(name): \(a) with space, \(b) mixed")
        }
    }

    @Test func ofTwoTissuesOnlyItsOwnIsChanged() throws {
        let text = """
            molecules: {lig: {diffusion: 10 µm²/s, starts: 1 nM}}
            networks:
              enzyme: {in: liver, molecules: {x: lig}, parameters: {k: 1 /h}, reactions: {gone: "x ->, k * x"}}
            cells: {T: {radius: 4 µm}}
            tissues:
              gut: {space: {box: 20 x 20 x 20 µm, grid: 10 µm}, cells: {T: 1}, place: {T: random}}
              liver: {space: {box: 30 x 20 x 20 µm, grid: 10 µm}, cells: {T: 2}, place: {T: random}}
            run: {for: 1 h, seed: 1, tolerance: 1e-6}
            """
        let found = try Mixed.withSpace(text, ["enzyme.x", "dissolved lig"])
        #expect(abs(found[0] / Self.nanomolar - exp(-1)) < 1e-5)
        #expect(abs(found[1] / Self.nanomolar / (8000 + 12000 * exp(-1)) - 1) < 1e-5)
    }

    @Test func whatDoesNotRunAtEveryPlaceIsRefused() throws {
        func problem(_ network: String, _ more: String = "") throws -> String {
            let text = model(
                "  lig: {diffusion: 10 µm²/s, starts: 1 nM}",
                "  n: {in: medium, molecules: {x: lig}, parameters: {k: 1 /h}, \(network)}", more: more)
            return TissueEngine.networkProblem(try MixedModels.read(text)).map { "\($0.path): \($0.problem)" } ?? ""
        }
        let loss = "reactions: {gone: \"x ->, k * x\"}"
        #expect(try problem(loss).isEmpty)
        let events = try problem("reactions: {gone: \"x ->, k * x\"}, events: {stop: \"when time > 1 h, k = 0 /h\"}")
        #expect(events.contains("networks.n: a network with events"))
        let steady = """
            space: {box: 40 x 20 x 20 µm, grid: 10 µm}
            molecules: {lig: {diffusion: 10 µm²/s, decay: 1 /h}}
            networks: {n: {in: medium, molecules: {x: lig}, parameters: {k: 1 /h}, \(loss)}}
            cells: {T: {count: 1, radius: 4 µm}}
            place: {T: random}
            run: {for: 2 h, seed: 1, fields: quasi-steady}
            """
        let resting = TissueEngine.networkProblem(try MixedModels.read(steady))
        #expect(resting?.problem.contains("steady state") == true)
        #expect(try problem(loss, "record: {communication: {every: 1 h}}").contains("who sent 'lig' is recorded"))
    }
}
