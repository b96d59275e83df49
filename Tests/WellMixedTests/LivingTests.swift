import Biology
import Foundation
import Testing
import WellMixed

/// Cells that come and go, as equations, against exact solutions.
@Suite struct LivingTests {
    static let space = """
        space: {box: 100 x 100 x 100 µm, grid: 10 µm}
        mechanics: {}
        place: {other: random}
        run: {for: 20 h, seed: 1}

        """

    private func isNear(_ found: Double, _ wanted: Double, _ relative: Double) -> Bool {
        abs(found - wanted) <= relative * abs(wanted)
    }

    @Test func numbersGrowExponentially() throws {
        let text = Self.space + "cells: {a: {count: 100, radius: 3 µm, divides: 0.1 /h, dies: 0.04 /h}}"
        let found = try Mixed(text, ["number of a", "number of a at 5 h"]).values
        #expect(isNear(found[0], 100 * exp(0.06 * 20), 1e-6))
        #expect(isNear(found[1], 100 * exp(0.06 * 5), 1e-6))
    }

    /// Growth by the Euler–Lotka equation, 2 ∫ e^(−λt) f(t) dt = 1: r/(r + λ) for the wait, k/(k + λ) for each stage.
    @Test func phasesSlowGrowth() throws {
        let text = """
            space: {box: 100 x 100 x 100 µm, grid: 10 µm}
            mechanics: {}
            cells:
              a: {count: 10, radius: 3 µm, divides: {rate: 0.2 /h, not before: 2 h, phases: {S: 6 h ± 50 %, G2M: 1 h ± 100 %}}}
            place: {other: random}
            run: {for: 400 h, seed: 1}
            """
        let found = try Mixed(text, ["number of a", "number of a at 390 h"]).values
        func waited(_ growth: Double) -> Double {
            pow(50 / (50 + growth), 100) * 0.2 / (0.2 + growth) * pow(4 / 6 / (4.0 / 6 + growth), 4) / (1 + growth)
        }
        var (low, high) = (0.0, 1.0)
        for _ in 0..<100 {
            let middle = (low + high) / 2
            if 2 * waited(middle) > 1 { low = middle } else { high = middle }
        }
        #expect(isNear(log(found[0] / found[1]) / 10, low, 1e-5))
    }

    /// A life of `not before` and then 1/rate on average: what is secreted in it is the same for any chain of that mean.
    @Test func cellsLiveAsLongOnAverage() throws {
        let text = """
            space: {box: 100 x 100 x 100 µm, grid: 10 µm}
            molecules: {lig: {diffusion: 10 µm²/s}}
            cells: {a: {count: 50, radius: 3 µm, secretes: {lig: 1 molecules/s}, dies: {rate: 1 /h, not before: 3 h}}}
            place: {other: random}
            run: {for: 60 h, seed: 1}
            """
        let found = try Mixed(text, ["secreted lig", "number of a at 1 h"]).values
        #expect(isNear(found[0], 50 * 4 * 3600, 1e-6))
        #expect(isNear(found[1], 50, 1e-6))
    }

    /// A rule reads the mean cell: half of the way at its half-max.
    @Test func rulesChangeRates() throws {
        let text = """
            space: {box: 100 x 100 x 100 µm, grid: 10 µm}
            molecules: {lig: {diffusion: 10 µm²/s, starts: 1 nM}}
            cells: {a: {count: 100, radius: 3 µm, dies: 0.02 /h}}
            rules: ["a: lig increases dies.rate from 0.02 /h to 0.1 /h, half-max 1 nM"]
            place: {other: random}
            run: {for: 20 h, seed: 1}
            """
        #expect(isNear(try Mixed(text, ["number of a"]).values[0], 100 * exp(-0.06 * 20), 1e-6))
    }

    @Test func bodiesStayTheirTime() throws {
        let text =
            Self.space + "cells: {a: {count: 1000, radius: 3 µm, dies: {rate: 0.1 /h, cleared: 4 h}}}"
        let found = try Mixed(
            text, ["number of dead a at 2 h", "number of dead a at 10 h", "number of dead a", "number of a"]
        ).values
        #expect(isNear(found[0], 1000 * (1 - exp(-0.2)), 1e-6))
        #expect(isNear(found[1], 1000 * (exp(-0.6) - exp(-1)), 1e-5))
        #expect(isNear(found[2], 1000 * (exp(-1.6) - exp(-2)), 1e-5))
        #expect(isNear(found[3], 1000 * exp(-2), 1e-6))
    }

    /// What is bound to a cell that dies went inside with it; what it lets go counts as secreted.
    @Test func deathTakesWhatIsBound() throws {
        let text = """
            space: {box: 100 x 100 x 100 µm, grid: 10 µm}
            molecules: {lig: {diffusion: 10 µm²/s, starts: 1 nM}, signal: {diffusion: 10 µm²/s}}
            receptors: {R: {ligand: lig, k_on: 1e9 /M/s, k_off: 0 /s, supply: none}}
            cells:
              a: {count: 100, radius: 3 µm, receptors: {R: 100000}, necrosis: {rate: 0.1 /h, releases: {signal: 30 molecules}}}
            place: {other: random}
            run: {for: 5 h, seed: 1}
            """
        let mixed = try Mixed(text, ["bound lig", "internalised lig", "dissolved signal", "secreted signal"])
        let total = 0.602214076 * 1e6
        // All of it is bound within a second.
        #expect(isNear(mixed.values[0], total * exp(-0.5), 1e-3))
        #expect(isNear(mixed.values[1], total * (1 - exp(-0.5)), 1e-3))
        #expect(isNear(mixed.values[2], 3000 * (1 - exp(-0.5)), 1e-6))
        #expect(mixed.values[2] == mixed.values[3])
        #expect(mixed.worstImbalance <= 1e-9)
    }

    /// What both types have goes along, what the new one lacks goes inside, and what it has beside is made.
    @Test func changingKeepsWhatBothHave() throws {
        let text = """
            space: {box: 100 x 100 x 100 µm, grid: 10 µm}
            molecules: {lig: {diffusion: 10 µm²/s, starts: 10 nM}, alt: {diffusion: 10 µm²/s, starts: 10 nM}}
            receptors:
              R: {ligand: lig, k_on: 1e9 /M/s, k_off: 0 /s, supply: none}
              S: {ligand: alt, k_on: 1e9 /M/s, k_off: 0 /s, supply: none}
              T: {supply: none}
            cells:
              a: {count: 100, radius: 3 µm, receptors: {R: 1000, S: 500}, becomes: {b: 0.1 /h}}
              b: {radius: 3 µm, receptors: {R: 77, T: 300}}
            place: {other: random}
            run: {for: 10 h, seed: 1}
            """
        let mixed = try Mixed(
            text,
            [
                "number of a", "number of b", "mean R.bound of a", "mean R.bound of b", "mean T.total of b",
                "internalised alt", "bound alt", "mean R.total of b at 1 h",
            ])
        let stay = exp(-1.0)
        let wanted = [100 * stay, 100 * (1 - stay), 1000, 1000, 300, 50000 * (1 - stay), 50000 * stay, 1000]
        for (found, wanted) in zip(mixed.values, wanted) { #expect(isNear(found, wanted, 1e-4), "\(found), \(wanted)") }
        #expect(mixed.worstImbalance <= 1e-9)
    }

    /// Receptors that nothing makes are halved; copied ones are made anew; a turnover makes its own again.
    @Test func daughtersShare() throws {
        let text = """
            space: {box: 100 x 100 x 100 µm, grid: 10 µm}
            mechanics: {}
            receptors: {R: {supply: none}, S: {supply: none}, T: {turnover: 10 /h}}
            cells:
              a: {count: 10, radius: 3 µm, receptors: {R: 1000, S: 1000, T: 1000}, divides: {rate: 0.1 /h, daughters: {S: copy}}}
            place: {other: random}
            run: {for: 20 h, seed: 1}
            """
        let found = try Mixed(text, ["mean R.total of a", "mean S.total of a", "mean T.total of a"]).values
        #expect(isNear(found[0], 1000 * exp(-2), 1e-6))
        #expect(isNear(found[1], 1000, 1e-6))
        // Made at 10/h of 1000, lost at 10/h and shared at 0.1/h.
        #expect(isNear(found[2], 1000 / 1.01, 1e-5))
    }

    /// A network's amounts are shared: made at k a cell, they stand at k/b.
    @Test func networksAreShared() throws {
        let text = """
            space: {box: 100 x 100 x 100 µm, grid: 10 µm}
            mechanics: {}
            networks:
              inside:
                compartments: {plasma: 1 pL}
                species: {x: 0 molecules, y: 10 nM in plasma}
                reactions: {make: "-> x, 5 molecules/h", show: "-> y, 0 nM/s"}
            cells: {a: {count: 10, radius: 3 µm, network: {inside: {}}, divides: 0.1 /h}}
            place: {other: random}
            run: {for: 20 h, seed: 1}
            """
        let found = try Mixed(text, ["mean inside.x of a", "mean inside.y of a"]).values
        #expect(isNear(found[0], 50 * (1 - exp(-2)), 1e-5), "\(found)")
        // What is a concentration stays.
        #expect(isNear(found[1], 6.02214076, 1e-6), "\(found)")
    }
}
