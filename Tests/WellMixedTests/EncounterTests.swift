import Biology
import Foundation
import Networks
import Testing
import WellMixed

/// Cells that touch others without space meet by the law of mass action: against exact solutions, and the tissue.
@Suite struct EncounterTests {
    private func isNear(_ found: Double, _ wanted: Double, _ relative: Double) -> Bool {
        abs(found - wanted) <= relative * abs(wanted)
    }

    private func text(_ cells: String, rules: String = "", walls: String = "", more: String = "", hours: Int = 10)
        -> String
    {
        """
        space: {box: 100 x 100 x 100 µm, grid: 10 µm\(walls)}
        \(more)
        cells:
        \(cells.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
        rules: [\(rules)]
        place: {other: random}
        run: {for: \(hours) h, seed: 1, motion step: 1 min}
        """
    }

    /// That one cell of 3 µm touches a given other in the box of ``text(_:rules:walls:more:hours:)``.
    private static let share = 4 / 3 * Double.pi * pow(1.1 * 6, 3) / 1e6

    private static let killer = "K: {count: 50, radius: 3 µm, motion: {speed: 10 µm/min, persistence: 1 min}"

    @Test func contactsAreAVolumeOverAVolume() throws {
        let cells = "T: {count: 200, radius: 3 µm}\n" + Self.killer + "}"
        let apart = 4 / 3 * Double.pi * (pow(6.6, 3) - pow(6, 3)) / 1e6
        for (more, share) in [("", Self.share), ("mechanics: {}", apart)] {
            let found = try Mixed(
                text(cells, more: more),
                ["mean contact with K of T", "mean contact with T of K", "mean contact with K of K"]
            ).values
            for (found, others) in zip(found, [50.0, 200, 49]) { #expect(isNear(found, share * others, 1e-12)) }
        }
        let slab = """
            space: {box: 200 x 100 x 10 µm, grid: 10 µm}
            cells: {T: {count: 20, radius: 3 µm}, K: {count: 5, radius: 3 µm, motion: {speed: 1 µm/min, persistence: 1 min}}}
            place: {other: random}
            run: {for: 1 h, seed: 1}
            """
        let found = try Mixed(slab, ["mean contact with K of T"]).values[0]
        #expect(isNear(found, 5 * .pi * 6.6 * 6.6 / 2e4, 1e-12))
    }

    /// With space too, where nothing but the question reads them: two side by side.
    @Test func contactsAreReadForWhoAsks() throws {
        let row = """
            space: {box: 100 x 20 x 20 µm, grid: 10 µm}
            cells: {A: {radius: 5 µm}, B: {radius: 5 µm}}
            place: {A: "at (40, 10, 10) µm", B: "at (50, 10, 10) µm"}
            run: {for: 1 min, seed: 1}
            """
        let found = try Mixed.withSpace(row, ["mean contact with B of A"])[0]
        #expect(found == 1)
    }

    /// How many a cell touches is a Poisson number, and a rule acts by the mean of its curve.
    @Test(arguments: [50, 5000, 50000])
    func rulesReadContacts(killers: Int) throws {
        let cells =
            "T: {count: 200, radius: 3 µm, dies: 0 /h}\n"
            + "K: {count: \(killers), radius: 0.5 µm, motion: {speed: 1 µm/min, persistence: 1 min}}"
        let rule = "\"T: contact with K increases dies.rate from 0 /h to 0.2 /h, half-max 0.5 cells, hill 4\""
        let found = try Mixed(text(cells, rules: rule), ["number of T"]).values[0]
        let met = Double(killers) * 4 / 3 * Double.pi * pow(1.1 * 3.5, 3) / 1e6
        var (chance, driven) = (exp(-met), 0.0)
        for n in 1...200 {
            chance *= met / Double(n)
            driven += chance * pow(Double(n), 4) / (pow(Double(n), 4) + pow(0.5, 4))
        }
        #expect(isNear(found, 200 * exp(-0.2 * driven * 10), 1e-5), "\(met) met, driven \(driven)")
    }

    @Test func thoseTakenInAreGone() throws {
        let cells = "T: {count: 200, radius: 3 µm}\nP: {count: 50, radius: 3 µm, eats: {T: 2 /h}}"
        let found = try Mixed(text(cells), ["number of T", "number of P"]).values
        #expect(isNear(found[0], 200 * exp(-2 * 50 * Self.share * 10), 1e-6))
        #expect(found[1] == 50)
    }

    /// Bodies that are cleared after T and taken in before at e: ∫ λ N₀ e^(−λs) e^(−e(t−s)) ds over the last T.
    @Test(arguments: [2.0, 10])
    func bodiesAreTakenInOrCleared(at time: Double) throws {
        let cells = """
            T: {count: 200, radius: 3 µm, dies: {rate: 0.1 /h, cleared: 4 h}}
            P: {count: 50, radius: 3 µm, eats: {dead T: 5 /h}}
            """
        let found = try Mixed(text(cells), ["number of dead T at \(time) h"]).values[0]
        let (death, eaten, from) = (0.1, 5 * 50 * Self.share, max(0, time - 4))
        let wanted =
            200 * death * exp(-eaten * time) * (exp((eaten - death) * time) - exp((eaten - death) * from))
            / (eaten - death)
        #expect(isNear(found, wanted, 1e-5), "\(found), not \(wanted)")
    }

    /// Hits that come one by one and stay: those live who have had fewer than kill, by Poisson's law.
    @Test(arguments: [1, 2, 3])
    func hitsAddUp(hits: Int) throws {
        let cells =
            "T: {count: 200, radius: 3 µm, dies: {rate: 0 /h, cleared: 90 h}}\n"
            + "\(Self.killer), kills: {T: {rate: 2 /h, hits: \(hits)}}}"
        let mixed = try Mixed(text(cells), ["number of T", "number of dead T", "mean damage of T"])
        let had = 2 * 50 * Self.share * 10
        let alive = (0..<hits).reduce(0.0) { $0 + pow(had, Double($1)) / [1.0, 1, 2][$1] } * exp(-had)
        #expect(isNear(mixed.values[0], 200 * alive, 1e-6))
        #expect(isNear(mixed.values[1], 200 * (1 - alive), 1e-6))
        #expect((mixed.values[2] > 0) == (hits > 1))
    }

    /// Damage is made at a rate and halves in a time: mean λ T/ln 2 · (1 − 2^(−t/T)).
    @Test func damageIsRepaired() throws {
        let cells =
            "T: {count: 200, radius: 3 µm}\n\(Self.killer), kills: {T: {rate: 2 /h, hits: 40, repair: 3 h}}}"
        let found = try Mixed(text(cells), ["mean damage of T", "number of T"]).values
        let rate = 2 * 50 * Self.share
        #expect(isNear(found[0], rate * 3 / log(2) * (1 - exp2(-10.0 / 3)), 1e-5))
        #expect(isNear(found[1], 200, 1e-9))
    }

    /// A killer that holds is busy: it kills as Holling's second response says, a N/(1 + a N τ).
    ///
    /// Of those that search, d(held)/dt = a N (1 − held) − held/τ, from none held.
    @Test func killersAreBusyWhileTheyHold() throws {
        let cells =
            "T: {count: 20000, radius: 0.5 µm}\n"
            + "K: {count: 4, radius: 3 µm, motion: {speed: 1 µm/min, persistence: 1 min}, "
            + "kills: {T: {rate: 0.5 /h, every: 30 min}}}"
        let found = try Mixed(text(cells), ["number of T"]).values[0]
        let share = 4 / 3 * Double.pi * pow(1.1 * 3.5, 3) / 1e6
        let (search, hit) = (0.5 * 20000 * share, 2.0)
        let held = search / (search + hit)
        let kills = 4 * hit * held * (10 - (1 - exp(-(search + hit) * 10)) / (search + hit))
        #expect(isNear(20000 - found, kills, 5e-3), "\(20000 - found), not \(kills)")
    }

    /// Recognised by a state; held by those who die, divide and change; divided while hurt: nobody is lost or made.
    @Test func nobodyIsLost() throws {
        let cells = """
            T: {count: 100, radius: 3 µm, state: {MHC-I: 0.5}, divides: {rate: 0.1 /h, phases: {S: 3 h}}, dies: {rate: 0.02 /h, cleared: 3 h}, becomes: {U: 0.05 /h}}
            U: {radius: 3 µm}
            K: {count: 100, radius: 3 µm, divides: 0.05 /h, dies: 0.08 /h, kills: {T: {rate: 40 /h, hits: 3, every: 20 min, lasts: 1 h, repair: 1 h, recognises: MHC-I}, U: {rate: 2 /h}}}
            N: {count: 30, radius: 3 µm, becomes: {K: 0.05 /h}, kills: {T: {rate: 5 /h, hits: 2, repair: 1 h}}, eats: {K: 0.1 /h}}
            """
        for method in [MixMethod.ode, .ssa] {
            let model = try MixedModels.read(text(cells, more: "mechanics: {}"))
            var reduction = try MixedModels.reduce(model, method)
            let course = try reduction.course(times: [0, 3600, 18000, 36000], seed: 7) { _ in true }
            func value(_ name: String, _ row: Int) -> Double {
                course.names.firstIndex(of: name).map { Array(course.row(row))[$0] } ?? .nan
            }
            for row in 0..<4 {
                for (type, count) in [("T", "cells_T"), ("U", "cells_U")] {
                    let states = course.names.filter { $0.hasPrefix(type + "_damage") }
                    let sum = states.reduce(0) { $0 + value($1, row) }
                    if !states.isEmpty { #expect(abs(sum - value(count, row)) <= 1e-5, "\(method) \(type): \(sum)") }
                    #expect(states.allSatisfy { value($0, row) >= -1e-6 })
                }
                let held = course.names.filter { $0.hasPrefix("T_damage") }.reduce(0.0) { sum, name in
                    let by = name.split(separator: "_").drop { $0 != "by" }.dropFirst().first.flatMap { Double($0) }
                    return sum + (by ?? 0) * value(name, row)
                }
                #expect(held <= value("cells_K", row) + 1e-6)
                #expect(row == 0 || held > 0)
            }
        }
    }

    /// Walkers that forget where they were from one tick to the next meet as the law says.
    @Test func theTissueOfFastWalkersIsTheMixedOne() throws {
        let cells = """
            T: {count: 1500, radius: 3 µm, dies: {rate: 0 /h, cleared: 30 min}}
            K: {count: 150, radius: 3 µm, motion: {speed: 60 µm/min, persistence: 1 min}, kills: {T: {rate: 1 /h, hits: 2, every: 10 min, lasts: 30 min, repair: 1 h}}}
            P: {count: 100, radius: 3 µm, motion: {speed: 60 µm/min, persistence: 1 min}, eats: {dead T: 8 /h}, becomes: {Q: 0 /h}}
            Q: {radius: 3 µm}
            """
        let rule = "\"P: contact with T increases becomes.Q from 0 /h to 0.2 /h, half-max 1 cell, hill 2\""
        let model = text(cells, rules: rule, walls: ", walls: periodic", hours: 4)
        let responses = [
            "number of Q", "number of T at 2 h", "number of T", "number of dead T", "mean damage of T",
        ]
        let mixed = try Mixed(model, responses).values
        let runs = try (1...3).map { try Mixed.withSpace(model, responses, settings: ["run.seed=\($0)"]) }
        for (k, name) in responses.enumerated() {
            let mean = runs.reduce(0) { $0 + $1[k] } / 3
            // Numbers by three standard errors of binomial ones, damage by those of as many hits.
            let gone = k == 1 || k == 2 ? 1500 - mixed[k] : mixed[k]
            let drawn = k == 4 ? 3 / (3 * 1500 * mixed[4]).squareRoot() * mixed[4] : 3 * (gone / 3).squareRoot()
            #expect(abs(mean - mixed[k]) <= drawn + 0.01 * mixed[k], "\(name): \(mean) with space, \(mixed[k]) mixed")
        }
    }

    /// dA/dt = 1 − 2 r A where cells divide at r; as old as the run where none comes.
    @Test func meanAges() throws {
        let cells = """
            a: {count: 10, radius: 3 µm, divides: 0.2 /h, dies: 0.1 /h}
            b: {count: 10, radius: 3 µm, dies: 0.1 /h}
            """
        let rule =
            "\"b: age increases dies.rate from 0.1 /h to 0.3 /h, half-max 5 h\", "
            + "\"a: phase time increases dies.rate from 0.1 /h to 0.100000001 /h, half-max 5 h\""
        let found = try Mixed(
            text(cells, rules: rule, more: "mechanics: {}"),
            [
                "mean age of a", "mean age of b", "number of b", "mean phase time of a",
            ]
        ).values
        #expect(isNear(found[0], (1 - exp(-0.4 * 10)) / 0.4 * 3600, 1e-6))
        #expect(isNear(found[1], 36000, 1e-6))
        // ∫ 0.1 + 0.2 t/(5 + t) dt.
        #expect(isNear(found[2], 10 * exp(-(1 + 0.2 * (10 - 5 * log(3)))), 1e-6))
        // Of cells without phases both are one.
        #expect(isNear(found[3], found[0], 1e-6))
    }
}
