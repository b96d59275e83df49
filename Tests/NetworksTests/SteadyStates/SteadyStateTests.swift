import Foundation
import Testing

@testable import Networks

@Suite struct SteadyStateTests {
    /// V20.
    @Test func findsAllFourStatesOfTheTumourAndTheirStability() throws {
        let problem = try SteadyProblem(SteadySystems.tumour, inputs: [1.3e4], start: [3.2e5, 5e5])
        let found = SteadySystems.search([1...1e8, 1...1e10]).run(problem).equilibria
        let exact: [(Double, Double, Equilibrium.Kind)] = [
            (1.73213e5, 4.47026e8, .stableNode), (1.60811e6, 8.18638e6, .stableFocus),
            (3.1553e5, 0, .saddle), (7.5851e5, 2.68023e8, .saddle),
        ]
        #expect(found.count == 4)
        for (e, t, kind) in exact {
            let match = found.first {
                SteadySystems.isClose($0.values[0], e, 1e-3) && abs($0.values[1] - t) <= 1e-3 * t + 1e-3
            }
            #expect(match?.kind == kind, "(\(e), \(t))")
        }
        let focus = try #require(found.first { $0.kind == .stableFocus })
        #expect(abs(focus.eigenvalues[0].real + 0.005516) < 1e-6)
        #expect(abs(abs(focus.eigenvalues[0].imaginary) - 0.06342) < 1e-5)
    }

    @Test func theSameSeedFindsTheSameBytes() throws {
        let problem = try SteadyProblem(SteadySystems.tumour, inputs: [1.3e4], start: [3.2e5, 5e5])
        let search = SteadySystems.search([1...1e8, 1...1e10], starts: 40)
        #expect(search.run(problem).equilibria == search.run(problem).equilibria)
    }

    /// Bound ligand from the quadratic equation, totals kept: V06's depletion in other units.
    @Test func totalsOfConservationLawsAreKept() throws {
        let laws = ConservationLaw.laws(unknowns: 3, columns: [[-1, -1, 1], [1, 1, -1]])
        #expect(laws.count == 2)
        let (k, ligand, receptor) = (10.0, 100.0, 16.605)
        let problem = try SteadyProblem(
            SteadySystems.binding, inputs: [1, k], laws: laws, start: [ligand, receptor, 0])
        let found = SteadySystems.search([1e-3...1e3, 1e-3...1e3, 1e-3...1e3], starts: 60).run(problem).equilibria
        let sum = ligand + receptor + k
        let bound = (sum - (sum * sum - 4 * ligand * receptor).squareRoot()) / 2
        #expect(found.count == 1)
        #expect(SteadySystems.isClose(found[0].values[2], bound, 1e-12))
        #expect(SteadySystems.isClose(found[0].values[0], ligand - bound, 1e-12))
        // One eigenvalue, −(k_on (L + R) + k_off): conserved totals add none.
        #expect(found[0].eigenvalues.count == 1)
        let slope = -(ligand - bound + receptor - bound + k)
        #expect(SteadySystems.isClose(found[0].eigenvalues[0].real, slope, 1e-12))
        #expect(found[0].kind == .stableNode)
    }

    @Test func lawsAreWhatNoReactionChanges() {
        // E + S ⇌ ES → E + P, and X that nothing changes.
        let columns: [[Double]] = [[-1, -1, 1, 0, 0], [1, 1, -1, 0, 0], [1, 0, -1, 1, 0]]
        let laws = ConservationLaw.laws(unknowns: 5, columns: columns)
        #expect(laws.count == 3)
        for law in laws {
            for column in columns { #expect(abs(law.total(column)) < 1e-14) }
        }
        #expect(laws.contains { $0.weights == [0, 0, 0, 0, 1] })
        #expect(ConservationLaw.laws(unknowns: 2, columns: [[-1, 0.5], [0, -1]]).isEmpty)
        #expect(ConservationLaw.laws(unknowns: 2, columns: []).count == 2)
    }

    /// An algebraic unknown z = x² in place of its formula changes neither states nor eigenvalues.
    @Test func algebraicUnknownsFollowTheOthers() throws {
        let system = TestSystem(
            2, algebraic: [1],
            f: { _, y, _ in [1 - y[1], y[1] - y[0] * y[0]] }, dfdy: { _, y, _ in [[0, -1], [-2 * y[0], 1]] })
        let problem = try SteadyProblem(system, inputs: [], start: [3, 9])
        let found = SteadySystems.search([0.01...100, 0.01...100]).run(problem).equilibria
        #expect(found.count == 1)
        #expect(SteadySystems.isClose(found[0].values[0], 1, 1e-12))
        #expect(found[0].eigenvalues.map(\.real) == [-2])
    }

    @Test func kindsAreSaidFromEigenvalues() {
        func kind(_ values: [Eigenvalue]) -> Equilibrium.Kind { Equilibrium(values: [], eigenvalues: values).kind }
        #expect(kind([Eigenvalue(-1), Eigenvalue(-2)]) == .stableNode)
        #expect(kind([Eigenvalue(-1, 1), Eigenvalue(-1, -1)]) == .stableFocus)
        #expect(kind([Eigenvalue(2), Eigenvalue(1)]) == .unstableNode)
        #expect(kind([Eigenvalue(1, 1), Eigenvalue(1, -1)]) == .unstableFocus)
        #expect(kind([Eigenvalue(1, 1), Eigenvalue(1, -1), Eigenvalue(-3)]) == .unstableFocus)
        #expect(kind([Eigenvalue(1), Eigenvalue(-1)]) == .saddle)
        #expect(kind([Eigenvalue(0, 1), Eigenvalue(0, -1)]) == .centre)
        #expect(kind([Eigenvalue(1e-15), Eigenvalue(-1)]) == .degenerate)
    }

    /// V21: c = 0.035 and c = 5e-5.
    @Test func immunotherapyRestsWhereItShould() throws {
        let search = SteadySystems.search([1e-2...1e8, 1e-2...1e10, 1e-2...1e10])
        let strong = try SteadyProblem(SteadySystems.immunotherapy, inputs: [0.035, 0, 0], start: [1, 1, 1])
        let rest = try #require(search.run(strong).equilibria.first { $0.isStable })
        for (found, exact) in zip(rest.values, [21275.0, 18198, 10083]) {
            #expect(SteadySystems.isClose(found, exact, 1e-3), "\(found) against \(exact)")
        }
        let weak = try SteadyProblem(SteadySystems.immunotherapy, inputs: [5e-5, 0, 0], start: [1, 1, 1])
        let escape = try #require(search.run(weak).equilibria.first { $0.isStable })
        #expect(SteadySystems.isClose(escape.values[1], 9.884e8, 1e-3))
    }

    /// dy/dp of a binding equilibrium and of GATA-3's high state, beside differences of solutions and a formula.
    @Test func sensitivitiesAreTheSlopesOfSolutions() throws {
        let problem = try SteadyProblem(SteadySystems.commitment, inputs: [0, 3], start: [2])
        let high = (3 + 5.0.squareRoot()) / 2
        let slopes = try #require(
            SteadySensitivity.slopes(problem, at: [high], parameters: [0, 3], scales: [1, 3]) { index, value in
                .init(inputs: index == 0 ? [value, 3] : [0, value])
            })
        // G = (k + √(k² − 4))/2.
        #expect(SteadySystems.isClose(slopes[1][0], (1 + 3 / 5.0.squareRoot()) / 2, 1e-9))
        let curvature = 1 - 6 * high / ((1 + high * high) * (1 + high * high))
        #expect(SteadySystems.isClose(slopes[0][0], 1 / curvature, 1e-9))
        #expect(problem.setting.inputs == [0, 3])
    }
}

@Suite struct OscillationTests {
    @Test func periodsAreThoseOfTheSamples() {
        let step = 0.01
        let wave = (0...2000).map { 2 + sin(2 * .pi * Double($0) * step / 1.7) }
        #expect(SteadySystems.isClose(Oscillation.period(of: wave, step: step) ?? .nan, 1.7, 1e-4))
        // Through many powers of ten, like a tumour that nearly goes away.
        let spikes = (0...2000).map { exp(10 * sin(2 * .pi * Double($0) * step / 3)) }
        #expect(SteadySystems.isClose(Oscillation.period(of: spikes, step: step) ?? .nan, 3, 1e-4))
    }

    @Test func whatDiesAwayOrRestsHasNone() {
        let dying = (0...2000).map { exp(-Double($0) * 0.005) * sin(Double($0) * 0.1) }
        #expect(Oscillation.period(of: dying, step: 1) == nil)
        #expect(Oscillation.period(of: [Double](repeating: 3, count: 100), step: 1) == nil)
        #expect(Oscillation.period(of: (0..<100).map(Double.init), step: 1) == nil)
        #expect(Oscillation.period(of: [], step: 1) == nil)
    }
}
