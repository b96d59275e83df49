import Biology
import Foundation
import Networks
import Simulation
import Testing

@testable import WellMixed

/// Cells that come and go, one by one by exact chance, against exact laws.
@Suite struct OneByOneTests {
    static let space = """
        space: {box: 100 x 100 x 100 µm, grid: 10 µm}
        mechanics: {}
        place: {other: random}
        run: {for: 10 h, seed: 1, rule step: 12 s}

        """

    /// A number at times (h) in many runs, by run.
    private func runs(
        _ text: String, _ type: String, at hours: [Double], count: Int, sampling: CellSampling = .all
    ) throws -> [[Double]] {
        let model = try MixedModels.read(text)
        let cells = try CellPlacement.place(model).cells
        let reduction = try MixedModels.reduce(model, .ssa, sampling: sampling)
        let index = try #require(model.cellTypes.firstIndex { $0.name == type })
        return try (0..<count).map { run in
            var own = reduction
            let times = [0] + hours.map { $0 * 3600 }
            let course = try own.course(times: times, seed: RandomStream.seed(8, replicate: run)) { _ in true }
            let engine = MixedEngine(own, cells: cells, contacts: [:], course: course)
            return try times.dropFirst().map { try #require(engine.count(ofType: index, at: $0)) }
        }
    }

    private func expect(_ values: [Double], mean: Double, variance: Double, _ source: SourceLocation = #_sourceLocation)
    {
        let count = Double(values.count)
        let found = values.reduce(0, +) / count
        let second = values.reduce(0) { $0 + pow($1 - found, 2) } / (count - 1)
        let fourth = values.reduce(0) { $0 + pow($1 - found, 4) } / count
        #expect(abs(found - mean) <= 3 * (second / count).squareRoot(), "\(found), not \(mean)", sourceLocation: source)
        let error = ((fourth - second * second) / count).squareRoot()
        #expect(abs(second - variance) <= 3 * error, "\(second), not \(variance)", sourceLocation: source)
    }

    /// - Source: the linear birth–death process (Bailey 1964), from memory.
    @Test func numbersObeyTheLawOfBirthAndDeath() throws {
        let text = Self.space + "cells: {a: {count: 5, radius: 3 µm, divides: 0.1 /h, dies: 0.05 /h}}"
        let grown = exp(0.05 * 10)
        let values = try runs(text, "a", at: [10], count: 1000).map { $0[0] }
        expect(values, mean: 5 * grown, variance: 5 * 0.15 / 0.05 * grown * (grown - 1))
    }

    /// One receptor, bound at a and freed at b, lets its cell die while it is bound: no sum of cells has this law.
    ///
    /// S(t) = (1 0) e^(Qt) (1 1)ᵀ with Q = (−a, a; b, −b − d).
    @Test func deathFollowsWhatEachCellCarries() throws {
        let text =
            Self.space + """
                molecules: {lig: {diffusion: 10 µm²/s, starts: 1 nM, walls: {x-: fixed 1 nM}}}
                receptors: {R: {ligand: lig, k_on: 1e5 /M/s, k_off: 1e-4 /s, supply: none}}
                cells: {a: {count: 400, radius: 1 µm, receptors: {R: 1}, dies: 0 /h}}
                rules: ["a: R.bound increases dies.rate from 0 /h to 2 /h, half-max 1"]
                """
        let (a, b, d) = (1e-4, 1e-4, 1.0 / 3600)
        let (middle, root) = (-(a + b + d) / 2, (pow(a + b + d, 2) / 4 - a * d).squareRoot())
        func alive(_ t: Double) -> Double {
            // Of the two modes with rates middle ± root: S(0) = 1, S′(0) = 0.
            let (up, down) = (middle + root, middle - root)
            return (up * exp(down * t) - down * exp(up * t)) / (up - down)
        }
        let found = try runs(text, "a", at: [1, 3, 8], count: 3, sampling: .fewest)
        for (column, hours) in [1.0, 3, 8].enumerated() {
            let share = alive(hours * 3600)
            let all = found.reduce(0) { $0 + $1[column] } / 1200
            #expect(abs(all - share) <= 3 * (share * (1 - share) / 1200).squareRoot() + 0.002, "\(all), not \(share)")
        }
    }

    /// A hazard that grows with age: S(t) = e^(−h (t − K ln(1 + t/K))).
    @Test func deathFollowsAge() throws {
        let text =
            Self.space + """
                cells: {a: {count: 400, radius: 1 µm, dies: 0 /h}}
                rules: ["a: age increases dies.rate from 0 /h to 1 /h, half-max 3 h"]
                """
        let found = try runs(text, "a", at: [2, 5], count: 3, sampling: .fewest)
        for (column, hours) in [2.0, 5].enumerated() {
            let share = exp(-(hours - 3 * log(1 + hours / 3)))
            let all = found.reduce(0) { $0 + $1[column] } / 1200
            #expect(abs(all - share) <= 3 * (share * (1 - share) / 1200).squareRoot() + 0.002, "\(all), not \(share)")
        }
    }

    /// Phases last as long as they do, not as chains of stages; nothing happens before it may.
    @Test func timesAreExact() throws {
        let text =
            Self.space + """
                cells:
                  a: {count: 20, radius: 1 µm, divides: {rate: 10000 /h, not before: 1 h, phases: {S: 3 h, Mi: 1 h}}}
                  b: {count: 30, radius: 1 µm, dies: {rate: 10000 /h, not before: 2 h, cleared: 3 h}}
                """
        #expect(try runs(text, "a", at: [4.99, 5.05, 9.99, 10.05], count: 1) == [[20, 40, 40, 80]])
        #expect(try runs(text, "b", at: [1.99, 2.05], count: 1) == [[30, 0]])
        #expect(try runs(text, "dead b", at: [4.99, 5.05], count: 1) == [[30, 0]])
    }

    /// A mother's molecules go to her daughters one by one, each as likely to either.
    @Test func contentsAreShared() throws {
        let text =
            Self.space + """
                networks:
                  n: {species: {X: 400 molecules, Y: 0 molecules}, reactions: {turn: "X -> Y, 1e-9 /s * X"}}
                cells: {a: {count: 30, radius: 1 µm, network: {n: {}}, divides: {rate: 10000 /h, phases: {S: 1 h}, not before: 8 h}}}
                """
        let model = try MixedModels.read(text)
        let cells = try CellPlacement.place(model).cells
        var reduction = try MixedModels.reduce(model, .ssa)
        let course = try reduction.course(times: [0, 36000], seed: 3) { _ in true }
        let engine = MixedEngine(reduction, cells: cells, contacts: [:], course: course)
        try engine.step(until: 36000)
        let frame = engine.cells(at: 36000, columns: [.network("n", name: "X"), .network("n", name: "Y")])
        #expect(frame.ids.count == 60)
        let all = zip(frame.columns[0].values, frame.columns[1].values).map { $0 + $1 }
        #expect(all.reduce(0, +) == 12000)
        let squares = all.map { ($0 - 200) * ($0 - 200) }
        let spread = squares.reduce(0, +) / 60
        // Binomial with ½ of 400: variance 100, known to 100 √(2/30).
        #expect(abs(spread - 100) <= 3 * 100 * (2.0 / 30).squareRoot(), "\(spread)")
    }

    /// Cells that come start their network anew: made at k and lost at g, there is k/g (1 − e^(−ga)) in one of age a.
    @Test(arguments: [MixMethod.ode, .ssa])
    func thoseThatComeStartAnew(method: MixMethod) throws {
        let text =
            Self.space + """
                compartments: {blood: {volume: 2000 µm³}}
                networks:
                  n:
                    species: {X: 0 molecules}
                    reactions: {made: "-> X, 0.01 molecules/s", lost: "X ->, 1e-4 /s * X"}
                cells: {a: {count: 1, radius: 1 µm, network: {n: {}}}}
                recruits: {a: {from: blood, rate: 3e-5 cells/h/µm³}}
                """
        let found = try Mixed(text, ["number of a", "total n.X of a"], method).values
        let (r, k, g, t) = (30.0 / 3600, 0.01, 1e-4, 36000.0)
        let inside = k / g * (r * (t - (1 - exp(-g * t)) / g) + 1 - exp(-g * t))
        let number = r * t + 1
        let slack = method == .ode ? 1e-5 : 3 / number.squareRoot()
        #expect(abs(found[0] / number - 1) <= slack)
        #expect(abs(found[1] / inside - 1) <= slack * 1.2, "\(found[1]), not \(inside)")
    }

    /// Where no cell is, nothing is read: a ratio there is no number.
    @Test func emptyPlacesReadNothing() throws {
        let text =
            Self.space + """
                receptors: {R: {ligand: lig, k_on: 1e5 /M/s, k_off: 1e-4 /s, supply: none}}
                molecules: {lig: {diffusion: 10 µm²/s}}
                networks:
                  n: {parameters: {x: 1}, species: {X: 5 molecules}, reactions: {lost: "X ->, 1e-5 /s / x * X"}}
                cells:
                  a:
                    count: 5
                    radius: 1 µm
                    receptors: {R: 100}
                    state: {share: R.free / R.total}
                    network: {n: {x: R.free / R.total}}
                    divides: 0.1 /h
                    dies: 0 /h
                rules: ["a: share increases dies.rate from 0 /h to 0.2 /h, half-max 1"]
                """
        let found = try runs(text, "a", at: [10], count: 4, sampling: .fewest)
        #expect(found.allSatisfy { $0[0].isFinite })
    }

    /// What both types have goes along, what one draws for itself does not; a newcomer starts with what it is given.
    @Test func whatGoesAlong() throws {
        let text =
            Self.space + """
                compartments: {blood: {volume: 2000 µm³}}
                receptors: {R: {ligand: lig, k_on: 1e5 /M/s, k_off: 1e-4 /s, supply: none}}
                molecules: {lig: {diffusion: 10 µm²/s}}
                networks:
                  n: {parameters: {e: 0 receptors}, species: {X: 2 * e}, reactions: {lost: "X ->, 1e-9 /s * X"}}
                cells:
                  a: {count: 10, radius: 1 µm, state: {ON: 0.2}, dies: 1 /h, becomes: {b: 1 /h}}
                  b: {radius: 1 µm, state: {ON: 0.2}, receptors: {R: 50}, network: {n: {e: R.total}}}
                rules: ["a: time increases state.ON from 0.2 to 1, half-max 1 s, hill 4"]
                recruits: {a: {from: blood, rate: 3e-5 cells/h/µm³}}
                """
        let found = try Mixed(text, ["minimum ON of b", "minimum n.X of b", "maximum n.X of b"], .ssa).values
        #expect(abs(found[0] - 1) < 1e-6 && found[1] == 100 && found[2] == 100, "\(found)")
    }

    /// Every molecule is counted, and means are those of the equations.
    @Test func ledgersCloseExactly() throws {
        let responses = [
            "number of a", "number of b", "number of dead a", "mean R.total of a", "secreted lig", "internalised alt",
            "internalised lig", "bound lig", "dissolved lig",
        ]
        let exact = try Mixed(LivingChanceTests.text, responses)
        let runs = try (0..<30).map {
            try Mixed(LivingChanceTests.text, responses, .ssa, sampling: .all, replicate: $0)
        }
        #expect(runs.allSatisfy { $0.worstImbalance == 0 })
        for (index, name) in responses.enumerated() {
            let values = runs.map { $0.values[index] }
            let mean = values.reduce(0, +) / 30
            let error = (values.reduce(0) { $0 + pow($1 - mean, 2) } / 29 / 30).squareRoot()
            #expect(abs(mean - exact.values[index]) <= 3.5 * error + 0.02 * exact.values[index], "\(name): \(mean)")
        }
    }

    /// However many places there are at first, the run is the same.
    @Test func placesDoNotMatter() throws {
        let model = try MixedModels.read(
            Self.space + """
                cells: {a: {count: 2, radius: 1 µm, divides: 0.5 /h, dies: {rate: 0.1 /h, cleared: 1 h}, becomes: {b: 0.1 /h}}, b: {radius: 1 µm}}
                """)
        let cells = try CellPlacement.place(model).cells
        func numbers(_ room: [CellKind: Int]?) throws -> (Int, [[Double?]]) {
            var reduction = try Reduction(model, cells, [:], .ssa, .all, room: room)
            let times = (0...10).map { Double($0) * 3600 }
            let course = try reduction.course(times: times, seed: 5) { _ in true }
            let engine = MixedEngine(reduction, cells: cells, contacts: [:], course: course)
            return (reduction.groups.count, times.map { t in (0..<3).map { engine.count(ofType: $0, at: t) } })
        }
        let (few, asAtFirst) = try numbers(nil)
        let much = Dictionary(uniqueKeysWithValues: (0..<3).map { (CellKind(type: $0, tissue: 0), 700) })
        let (many, withMuch) = try numbers(much)
        #expect(few > 20 && many == 2100)
        #expect(asAtFirst == withMuch)
        let last = try #require(asAtFirst.last?[0])
        #expect(last > 30)
    }
}

/// Cells that touch others, one by one, against exact laws.
@Suite struct OneByOneTouchTests {
    private static let share = 4 / 3 * Double.pi * pow(2.2, 3) / 27000

    private func runs(_ cells: String, _ type: String, count: Int) throws -> [Double] {
        let text = """
            space: {box: 30 x 30 x 30 µm, grid: 10 µm}
            cells:
            \(cells.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
            place: {other: random}
            run: {for: 10 h, seed: 1}
            """
        let model = try MixedModels.read(text)
        let placed = try CellPlacement.place(model).cells
        let reduction = try MixedModels.reduce(model, .ssa, sampling: .all)
        let index = try #require(model.cellTypes.firstIndex { $0.name == type })
        return try (0..<count).map { run in
            var own = reduction
            let course = try own.course(times: [0, 36000], seed: RandomStream.seed(8, replicate: run)) { _ in true }
            let engine = MixedEngine(own, cells: placed, contacts: [:], course: course)
            return try #require(engine.count(ofType: index, at: 36000))
        }
    }

    private func expect(_ values: [Double], of number: Double, share: Double) {
        let mean = values.reduce(0, +) / Double(values.count) / number
        let error = (share * (1 - share) / number / Double(values.count)).squareRoot()
        #expect(abs(mean - share) <= 3 * error, "\(mean), not \(share)")
    }

    /// Each target has had hits as Poisson's law says; those that live are a binomial number.
    @Test func hitsAreCounted() throws {
        let cells = "T: {count: 40, radius: 1 µm}\nK: {count: 20, radius: 1 µm, kills: {T: {rate: 5 /h, hits: 2}}}"
        let had = 5 * 20 * Self.share * 10
        expect(try runs(cells, "T", count: 40), of: 40, share: exp(-had) * (1 + had))
    }

    /// One killer and one target, found at a and hit at b while it holds: (b e^(−at) − a e^(−bt))/(b − a).
    @Test func aTargetIsFoundThenHit() throws {
        let cells = "T: {count: 1, radius: 1 µm}\nK: {count: 1, radius: 1 µm, kills: {T: {rate: 100 /h, every: 4 h}}}"
        let (a, b) = (100 * Self.share, 0.25)
        expect(try runs(cells, "T", count: 800), of: 1, share: (b * exp(-a * 10) - a * exp(-b * 10)) / (b - a))
    }

    /// What a killer that dies held is never hit: killed with b/(b + d) of a/(a + d) in the end.
    @Test func oneThatDiesLetsGo() throws {
        let cells =
            "T: {count: 1, radius: 1 µm}\nK: {count: 1, radius: 1 µm, dies: 2 /h, kills: {T: {rate: 5000 /h, every: 0.5 h}}}"
        let (a, b, d) = (5000 * Self.share, 2.0, 2.0)
        expect(try runs(cells, "T", count: 800), of: 1, share: 1 - a / (a + d) * b / (b + d))
    }

    /// One that holds attaches to no other: with many targets each killer kills at 1/(1/a + every).
    @Test func aKillerIsBusy() throws {
        let cells =
            "T: {count: 60, radius: 1 µm}\nK: {count: 2, radius: 1 µm, kills: {T: {rate: 1e6 /h, every: 2 h}}}"
        let values = try runs(cells, "T", count: 60)
        let mean = values.reduce(0, +) / 60
        // Two killers for ten hours, a hit every two: 10 ± √10 each run.
        #expect(abs(60 - mean - 10) <= 3 * (10.0 / 60).squareRoot() + 0.02, "\(60 - mean)")
    }

    /// Eaters take in what they touch: e^(−rate · share · eaters · t) is left.
    @Test func preyIsEaten() throws {
        let cells = "P: {count: 40, radius: 1 µm}\nE: {count: 10, radius: 1 µm, eats: {P: 20 /h}}"
        expect(try runs(cells, "P", count: 40), of: 40, share: exp(-20 * Self.share * 10 * 10))
    }
}
