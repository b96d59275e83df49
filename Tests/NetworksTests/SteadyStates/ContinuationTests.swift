import Foundation
import Testing

@testable import Networks

@Suite struct ContinuationTests {
    /// V11: the fold of dG/dτ = s + 3G²/(1 + G²) − G, where s turns back.
    @Test func findsTheFoldsOfCommitment() throws {
        let problem = try SteadyProblem(SteadySystems.commitment, inputs: [0, 3], start: [0])
        let search = SteadyStateSearch(box: [1e-3...10], lowest: [-2])
        let continuation = Continuation(problem, over: -0.7...0.3, search: search) { .init(inputs: [$0, 3]) }
        let branch = try #require(continuation.branch(through: [0], at: 0))
        let folds = branch.specials.filter { $0.kind == .fold }
        #expect(branch.specials.count == folds.count)
        // The exact folds: 6G = (1 + G²)², s = G − 3G²/(1 + G²).
        func gap(_ g: Double) -> Double { 6 * g - (1 + g * g) * (1 + g * g) }
        func root(_ low: Double, _ high: Double) -> Double {
            var (low, high) = (low, high)
            for _ in 0..<200 {
                let middle = (low + high) / 2
                if (gap(middle) > 0) == (gap(low) > 0) { low = middle } else { high = middle }
            }
            return low
        }
        let exact = [root(0.1, 0.5), root(1, 2)]
        #expect(folds.count == 2)
        for (fold, g) in zip(folds.sorted { $0.equilibrium.values[0] < $1.equilibrium.values[0] }, exact) {
            let s = g - 3 * g * g / (1 + g * g)
            #expect(SteadySystems.isClose(fold.equilibrium.values[0], g, 1e-6))
            #expect(abs(fold.parameter - s) < 1e-10)
        }
        #expect(abs(folds.map(\.parameter).max()! - 0.08587) < 5e-6)
        #expect(search.run(problem).equilibria.count == 3)
        // Stable, unstable between the folds, stable again.
        let stabilities = branch.points.map(\.equilibrium.isStable)
        #expect(stabilities.first == true && stabilities.last == true)
        #expect(branch.ends == [.range, .range])
    }

    /// V21: fold and Hopf point over c, on two branches: of the controlled tumour, and of the one that has escaped.
    @Test func findsFoldAndHopfOfImmunotherapy() throws {
        let problem = try SteadyProblem(SteadySystems.immunotherapy, inputs: [0.035, 0, 0], start: [1, 1, 1])
        let search = SteadySystems.search([1e-2...1e8, 1e-2...1e10, 1e-2...1e10])
        var diagram = BifurcationDiagram(
            Continuation(problem, over: 1e-6...0.05, search: search) { .init(inputs: [$0, 0, 0]) }, search: search)
        diagram.looks = 6
        let branches = diagram.run().branches
        let specials = branches.flatMap(\.specials)
        let hopf = try #require(specials.first { $0.kind == .hopf })
        #expect(SteadySystems.isClose(hopf.parameter, 0.032464, 2e-5))
        #expect(SteadySystems.isClose(hopf.angularFrequency!, 0.06706, 1e-4))
        let folds = specials.filter { $0.kind == .fold }
        #expect(folds.count == 1)
        #expect(SteadySystems.isClose(folds[0].parameter, 8.552e-5, 1e-4))
        // Beside those two, the state without a tumour.
        #expect(branches.count == 3)
        #expect(branches.contains { branch in branch.points.allSatisfy { $0.equilibrium.values[1] == 0 } })
    }

    /// The Brusselator's Hopf point is exact: B = 1 + A², ω = A.
    @Test func findsTheHopfPointOfTheBrusselator() throws {
        let problem = try SteadyProblem(SteadySystems.brusselator, inputs: [2, 3], start: [1, 1])
        let search = SteadySystems.search([1e-3...1e3, 1e-3...1e3])
        let continuation = Continuation(problem, over: 1...10, search: search) { .init(inputs: [2, $0]) }
        let branch = try #require(continuation.branch(through: [2, 1.5], at: 3))
        #expect(branch.specials.map(\.kind) == [.hopf])
        #expect(SteadySystems.isClose(branch.specials[0].parameter, 5, 1e-9))
        #expect(SteadySystems.isClose(branch.specials[0].angularFrequency!, 2, 1e-9))
        #expect(Set(branch.points.map(\.parameter)).isSuperset(of: [1, 10]))
    }

    /// Tumour-free and tumour states of dT/dt = T(r − T) cross at r = 0.
    @Test func findsWhereBranchesCross() throws {
        let system = TestSystem(
            1, inputs: 1, f: { _, y, p in [y[0] * (p[0] - y[0])] }, dfdy: { _, y, p in [[p[0] - 2 * y[0]]] })
        let problem = try SteadyProblem(system, inputs: [-1], start: [0])
        let search = SteadySystems.search([1e-3...10])
        let continuation = Continuation(problem, over: -1...1.3, search: search) { .init(inputs: [$0]) }
        let branch = try #require(continuation.branch(through: [0], at: -1))
        #expect(branch.specials.map(\.kind) == [.branching])
        #expect(abs(branch.specials[0].parameter) < 1e-9)
    }

    /// V21: periods and extrema of limit cycles.
    @Test(arguments: [(0.02, 242.28, 1.34e-4, 3.756e5), (0.03, 107.05, 2186, 6.883e4)])
    func measuresLimitCyclesOfImmunotherapy(c: Double, period: Double, least: Double, greatest: Double) throws {
        let tolerance = StepTolerance(relative: 1e-8, absolute: [1e-14, 1e-14, 1e-14])
        let search = LimitCycleSearch(timescale: 90, tolerance: tolerance)
        let cycle = try #require(
            try search.run(SteadySystems.immunotherapy, inputs: [c, 0, 0], from: [15000, 20000, 7000]))
        #expect(SteadySystems.isClose(cycle.period, period, 0.01), "\(cycle.period)")
        #expect(SteadySystems.isClose(cycle.least[1], least, 0.05), "\(cycle.least[1])")
        #expect(SteadySystems.isClose(cycle.greatest[1], greatest, 0.05), "\(cycle.greatest[1])")
    }

    @Test func aSystemAtRestHasNoCycle() throws {
        let tolerance = StepTolerance(relative: 1e-8, absolute: [1e-12, 1e-12])
        let search = LimitCycleSearch(timescale: 3, tolerance: tolerance)
        #expect(try search.run(SteadySystems.brusselator, inputs: [2, 3], from: [1, 1]) == nil)
    }

    /// Of a small orbit just past the Hopf point, the period is 2π/ω = π.
    @Test func aSmallOrbitHasThePeriodOfTheHopfPoint() throws {
        let tolerance = StepTolerance(relative: 1e-9, absolute: [1e-12, 1e-12])
        let search = LimitCycleSearch(timescale: .pi, tolerance: tolerance)
        let cycle = try #require(try search.run(SteadySystems.brusselator, inputs: [2, 5.02], from: [2.2, 2.5]))
        #expect(SteadySystems.isClose(cycle.period, .pi, 0.01))
    }
}
