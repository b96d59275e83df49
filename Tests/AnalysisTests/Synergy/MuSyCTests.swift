import Foundation
import Testing

@testable import Analysis

@Suite struct MuSyCTests {
    /// The worked example of facts/validation.md V16.
    static func worked(alpha: Double) -> MuSyC {
        MuSyC(
            e0: 1, e1: 0.70, e2: 0.80, e3: 0.10, c1: 10, c2: 5, h1: 1, h2: 1, alpha12: alpha, alpha21: alpha)
    }

    @Test func theWorkedExample() throws {
        let independent = MuSyCTests.worked(alpha: 1)
        #expect(abs(independent.response(10, 0) - 0.85) < 1e-12 && abs(independent.response(0, 5) - 0.90) < 1e-12)
        #expect(abs(independent.response(10, 5) - 0.6500) < 1e-12)
        #expect(abs(MuSyCTests.worked(alpha: 10).response(10, 5) - 0.26923) < 5e-6)
        #expect(abs(try #require(independent.beta) - 2) < 1e-12)
        let bliss = NullModel.bliss([0.85, 0.90], start: 1, full: 0)
        #expect(abs(bliss - independent.response(10, 5) - 0.115) < 1e-12)
        #expect(abs(bliss - MuSyCTests.worked(alpha: 10).response(10, 5) - 0.4958) < 5e-5)
    }

    @Test func sharesAreThoseOfTheRatesBalances() {
        let surface = MuSyC(
            e0: 0, e1: 1, e2: 2, e3: 3, c1: 2, c2: 7, h1: 1.7, h2: 0.6, alpha12: 5, alpha21: 0.2, gamma12: 1.3,
            gamma21: 0.8)
        let x = surface.shares(3, 4)
        let (u1, u2) = (pow(3.0 / 2, 1.7), pow(4.0 / 7, 0.6))
        let (a, b) = (pow(5.0 * 4 / 7, 1.3 * 0.6), pow(0.2 * 3 / 2, 0.8 * 1.7))
        #expect(abs(x.reduce(0, +) - 1) < 1e-15)
        #expect(abs(x[1] + x[2] - (u1 + u2) * x[0]) < 1e-15)
        #expect(abs(u1 * x[0] + x[3] - (1 + a) * x[1]) < 1e-15)
        #expect(abs(u2 * x[0] + x[3] - (1 + b) * x[2]) < 1e-15)
        #expect(surface.shares(1e30, 1e30)[3] > 0.999)
    }

    static let grid = [0.0, 1, 3, 10, 30, 100]

    static func table(_ scale: Double = 1, _ response: (Double, Double) -> Double) -> DoseTable {
        DoseTable(
            axes: [DoseAxis(name: "A", unit: "nM"), DoseAxis(name: "B", unit: "nM")], response: "survival", unit: "",
            observations: grid.flatMap { a in
                grid.map { DoseObservation(doses: [a * scale, $0 * scale], response: response(a, $0)) }
            })
    }

    @Test(arguments: [
        MuSyCTests.worked(alpha: 1), MuSyCTests.worked(alpha: 10),
        MuSyC(e0: 1, e1: 0.3, e2: 0.6, e3: 0.05, c1: 10, c2: 20, h1: 1.5, h2: 0.8, alpha12: 4, alpha21: 0.5),
    ])
    func aFitFindsTheSurfaceThatWasDrawn(truth: MuSyC) throws {
        let score = try SynergyScore(MuSyCTests.table { truth.response($0, $1) }, full: nil, seed: 1)
        let fit = try #require(score.pairs[0].musyc).fit
        #expect(fit.rSquared > 1 - 1e-12 && !fit.hasCooperativity)
        for path in [\MuSyC.e0, \.e1, \.e2, \.e3] {
            #expect(abs(fit.surface[keyPath: path] - truth[keyPath: path]) < 1e-5)
        }
        for path in [\MuSyC.c1, \.c2, \.h1, \.h2, \.alpha12, \.alpha21] {
            #expect(abs(log(fit.surface[keyPath: path] / truth[keyPath: path])) < 1e-4)
        }
        #expect(abs(try #require(fit.surface.beta) - (try #require(truth.beta))) < 1e-4)
    }

    @Test func cooperativityIsFoundWhereItIs() throws {
        var truth = MuSyCTests.worked(alpha: 3)
        (truth.gamma12, truth.gamma21) = (2, 0.5)
        let score = try SynergyScore(MuSyCTests.table { truth.response($0, $1) }, full: nil, seed: 1)
        let musyc = try #require(score.pairs[0].musyc)
        #expect(musyc.fit.hasCooperativity)
        #expect(abs(try #require(musyc.cooperativity12).value - 2) < 1e-3)
        #expect(abs(try #require(musyc.cooperativity21).value - 0.5) < 1e-3)
    }

    /// Doses in fM or in µM: half doses scale, nothing else moves.
    @Test func theUnitOfDoseDoesNotMatter() throws {
        let truth = MuSyC(
            e0: 1, e1: 0.3, e2: 0.6, e3: 0.05, c1: 10, c2: 20, h1: 1.5, h2: 0.8, alpha12: 4, alpha21: 0.5)
        let plain = try SynergyScore(MuSyCTests.table { truth.response($0, $1) }, full: nil, seed: 1).pairs[0]
        let scaled = try SynergyScore(MuSyCTests.table(1e9) { truth.response($0, $1) }, full: nil, seed: 1).pairs[0]
        let (a, b) = (try #require(plain.musyc).fit.surface, try #require(scaled.musyc).fit.surface)
        for path in [\MuSyC.e0, \.e1, \.e2, \.e3, \.h1, \.h2, \.alpha12, \.alpha21] {
            #expect(abs(a[keyPath: path] / b[keyPath: path] - 1) < 1e-5)
        }
        #expect(abs(b.c1 / a.c1 / 1e9 - 1) < 1e-5 && abs(b.c2 / a.c2 / 1e9 - 1) < 1e-5)
        for (one, other) in zip(plain.points, scaled.points) {
            for model in NullModel.allCases.map(\.rawValue) {
                #expect(abs((one.excess[model]?.value ?? 0) - (other.excess[model]?.value ?? 0)) < 1e-7)
            }
        }
        #expect(plain.summaries.map(\.verdict) == scaled.summaries.map(\.verdict))
    }

    /// One outlier in 36 moves the parameters little.
    @Test func anOutlierWeighsLittle() throws {
        let truth = MuSyCTests.worked(alpha: 10)
        var table = MuSyCTests.table { truth.response($0, $1) + 0.002 * sin(37 * $0 + 11 * $1) }
        let place = try #require(table.observations.firstIndex { $0.doses == [10, 10] })
        table.observations[place].response += 0.3
        let fit = try #require(try SynergyScore(table, full: 0, seed: 1).pairs[0].musyc).fit.surface
        #expect(abs(fit.e3 - 0.1) < 0.02 && abs(log(fit.alpha12 / 10)) < 0.5)
    }
}
