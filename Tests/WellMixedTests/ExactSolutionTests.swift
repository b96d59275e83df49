import Foundation
import Testing
import WellMixed

/// Models with a closed solution, as ODEs.
@Suite struct ExactSolutionTests {
    private static let nM = 0.602214076

    private func isNear(_ a: Double, _ b: Double, _ tolerance: Double = 1e-6) -> Bool {
        abs(a - b) <= tolerance * abs(b)
    }

    @Test func secretionAgainstDecayBuildsUp() throws {
        let text = """
            space: {box: 100 x 100 x 100 µm, grid: 10 µm}
            molecules: {lig: {diffusion: 10 µm²/s, decay: 3.6 /h}}
            cells: {a: {count: 7, radius: 5 µm, secretes: {lig: 2 molecules/s}}}
            place: {other: lattice 20 µm}
            run: {for: 1 h, seed: 1}
            """
        let mixed = try Mixed(text, ["dissolved lig at 10 min", "dissolved lig", "secreted lig", "decayed lig"])
        func expected(_ t: Double) -> Double { 14 / 1e-3 * (1 - exp(-1e-3 * t)) }
        #expect(isNear(mixed.values[0], expected(600)))
        #expect(isNear(mixed.values[1], expected(3600)))
        #expect(isNear(mixed.values[2], 14 * 3600))
        #expect(isNear(mixed.values[3], 14 * 3600 - expected(3600)))
        #expect(mixed.worstImbalance <= 1e-9)
    }

    /// V06: TNF on TNFR1 in medium held at 100 pM.
    @Test func bindingApproachesOccupancyAsV06Says() throws {
        let text = """
            space: {box: 60 x 60 x 60 µm, grid: 10 µm, walls: fixed 100 pM}
            molecules: {TNF: {diffusion: 10 µm²/s, starts: 100 pM}}
            receptors: {TNFR1: {ligand: TNF, k_on: 2.8e7 /M/s, k_off: 5.32e-4 /s}}
            cells: {a: {count: 1, radius: 5 µm, receptors: {TNFR1: 1500}}}
            place: {a: "at (30, 30, 30) µm"}
            run: {for: 3 h, seed: 1}
            """
        let mixed = try Mixed(text, ["mean TNFR1.occupancy of a at 208 s", "mean TNFR1.occupancy of a", "entered TNF"])
        let kObs = -log(1 - mixed.values[0] / mixed.values[1]) / 208
        #expect(isNear(kObs, 3.332e-3, 1e-4))
        #expect(isNear(mixed.values[1], 0.8403, 1e-4))
        #expect(isNear(mixed.values[2], 1500 * mixed.values[1]))
        #expect(mixed.worstImbalance <= 1e-9)
    }

    /// V06: 1e6 cells/mL with 1e4 receptors each use up part of 100 pM.
    @Test func cellsUseUpTheirLigandAsV06Says() throws {
        let text = """
            space: {box: 100 x 100 x 100 µm, grid: 10 µm}
            molecules: {lig: {diffusion: 10 µm²/s, starts: 100 pM}}
            receptors: {R: {ligand: lig, k_on: 1e8 /M/s, k_off: 1e-3 /s}}
            cells: {a: {count: 1, radius: 5 µm, receptors: {R: 10000}}}
            place: {a: "at (50, 50, 50) µm"}
            run: {for: 10 h, seed: 1}
            """
        let mixed = try Mixed(text, ["mean R.bound of a", "mean lig of a"])
        #expect(isNear(mixed.values[0], 8949, 1e-4))
        #expect(isNear(mixed.values[1] / ExactSolutionTests.nM, 0.08514, 1e-4))
    }

    /// V17: Gaddum–Schild, with the antagonist at b times its constant.
    @Test(arguments: [(0.0, 0.5), (1, 0.3333), (10, 0.08333), (100, 0.009804)])
    func antagonistCompetesAsInV17(b: Double, expected: Double) throws {
        let text = """
            parameters: {dose: {value: 1 nM}}
            space: {box: 60 x 60 x 60 µm, grid: 10 µm}
            molecules:
              lig: {diffusion: 10 µm²/s, starts: 1 nM, walls: {x-: fixed 1 nM}}
              anti: {diffusion: 10 µm²/s, starts: dose, walls: {x-: fixed dose}}
            receptors:
              R:
                ligands:
                  lig: {k_on: 1e6 /M/s, k_off: 1e-3 /s}
                  anti: {k_on: 1e6 /M/s, k_off: 1e-3 /s, antagonist: yes}
            cells: {a: {count: 1, radius: 5 µm, receptors: {R: 1000}}}
            place: {a: "at (30, 30, 30) µm"}
            run: {for: 10 h, seed: 1}
            """
        let mixed = try Mixed(text, ["mean R.occupancy of a"], settings: ["dose=\(b) nM"])
        #expect(isNear(mixed.values[0], expected, 2e-4))
    }

    @Test func wallsLetInWhatTheyShould() throws {
        let text = """
            space: {box: 100 x 50 x 20 µm, grid: 10 µm}
            molecules:
              lig: {diffusion: 10 µm²/s, walls: {x-: permeable 0.2 µm/s to 1 nM}}
              flow: {diffusion: 10 µm²/s, walls: {z: flux 0.01 molecules/µm²/s}}
              held: {diffusion: 10 µm²/s, decay: 1e-3 /s, starts: 1 nM, walls: {y+: fixed 2 nM}}
            cells: {a: {count: 1, radius: 5 µm}}
            place: {a: "at (50, 25, 10) µm"}
            run: {for: 20 min, seed: 1}
            """
        let mixed = try Mixed(
            text, ["mean lig of a", "dissolved flow", "entered lig", "left lig", "mean held of a", "entered held"])
        let (nM, volume, rate) = (ExactSolutionTests.nM, 1e5, 0.2 / 100)
        let share = 1 - exp(-rate * 1200)
        #expect(isNear(mixed.values[0], nM * share))
        #expect(isNear(mixed.values[1], 2 * 100 * 50 * 0.01 * 1200))
        #expect(isNear(mixed.values[2], nM * share * volume))
        #expect(mixed.values[3] == 0)
        #expect(isNear(mixed.values[4], 2 * nM))
        // Half of what stands there came in at the start; then what decays is made good.
        #expect(isNear(mixed.values[5], nM * volume + 2 * nM * volume * 1e-3 * 1200))
        #expect(mixed.worstImbalance <= 1e-9)
    }

    @Test func dosesComeAtTheirTimes() throws {
        let text = """
            space: {box: 100 x 100 x 100 µm, grid: 10 µm}
            molecules: {lig: {diffusion: 10 µm²/s, decay: 1e-3 /s}}
            cells: {a: {count: 1, radius: 5 µm}}
            treatments:
              - 2 nM lig at 0 s
              - 1 nM lig at 10 min
              - 3 nM/h lig from 5 min to 15 min
            place: {a: "at (50, 50, 50) µm"}
            run: {for: 20 min, seed: 1}
            """
        let mixed = try Mixed(
            text, ["mean lig of a at 4 min", "mean lig of a at 10 min", "mean lig of a", "entered lig"])
        func infused(_ t: Double) -> Double {
            let (from, to, rate) = (300.0, 900.0, 3.0 / 3600)
            guard t > from else { return 0 }
            let end = min(t, to)
            return rate / 1e-3 * (1 - exp(-1e-3 * (end - from))) * exp(-1e-3 * (t - end))
        }
        func expected(_ t: Double) -> Double {
            2 * exp(-1e-3 * t) + (t > 600 ? exp(-1e-3 * (t - 600)) : 0) + infused(t)
        }
        #expect(isNear(mixed.values[0] / ExactSolutionTests.nM, expected(240)))
        // What is seen at the very time of a dose is without it.
        #expect(isNear(mixed.values[1] / ExactSolutionTests.nM, expected(600)))
        #expect(isNear(mixed.values[2] / ExactSolutionTests.nM, expected(1200)))
        #expect(isNear(mixed.values[3], (2 + 1 + 0.5) * ExactSolutionTests.nM * 1e6))
        #expect(mixed.worstImbalance <= 1e-9)
    }

    /// A rule's behaviour follows a step in its signal after its delay, with its half-time.
    @Test func rulesFollowWithDelayAndHalfTime() throws {
        let text = """
            space: {box: 100 x 100 x 100 µm, grid: 10 µm}
            molecules: {lig: {diffusion: 10 µm²/s}}
            cells: {a: {count: 1, radius: 5 µm, state: {x: 1, y: 1, z: 5}}}
            rules:
              - a: lig increases state.x from 1 to 5, half-max 1 nM, hill 2
              - a: lig increases state.y from 1 to 5, half-max 1 nM, hill 2, half-time 10 min
              - a: lig decreases state.z from 5 to 1, half-max 1 nM, hill 2, delay 20 min, half-time 10 min
            treatments: [2 nM lig at 10 min]
            place: {a: "at (50, 50, 50) µm"}
            run: {for: 1 h, seed: 1}
            """
        let mixed = try Mixed(
            text,
            ["mean x of a", "mean y of a at 20 min", "mean y of a at 40 min", "mean z of a at 29 min", "mean z of a"])
        #expect(isNear(mixed.values[0], 1 + 4 * 0.8))
        #expect(isNear(mixed.values[1], 1 + 4 * 0.8 * 0.5))
        #expect(isNear(mixed.values[2], 1 + 4 * 0.8 * 0.875))
        #expect(isNear(mixed.values[3], 5))
        #expect(isNear(mixed.values[4], 5 - 4 * 0.8 * 0.875))
    }
}
