import Foundation
import Testing

@testable import Analysis

/// Intervals: of means, and of the MuSyC parameters that say how doses interact.
@Suite struct EstimateTests {
    /// Closed forms: tan(0.475 π) at 1 degree of freedom, p√2/√(1 − p²) with p = 0.95 at 2; 30 and 31 to six digits.
    @Test func studentsQuantilesAreExact() {
        #expect(abs(StudentT.quantile(degrees: 1) - tan(0.475 * .pi)) < 1e-9)
        #expect(abs(StudentT.quantile(degrees: 1) - 12.7062) < 5e-5)
        #expect(abs(StudentT.quantile(degrees: 2) - 0.95 * (2 / (1 - 0.95 * 0.95)).squareRoot()) < 1e-9)
        #expect(abs(StudentT.quantile(degrees: 30) - 2.04227) < 5e-6)
        #expect(abs(StudentT.quantile(degrees: 31) - 2.03951) < 5e-6)
        // The normal's 1.959964 from above: z + (z³ + z)/4n is right to 1/n².
        #expect(abs(StudentT.quantile(degrees: 5000) - 1.960438) < 5e-6)
        for degrees in 1..<60 {
            #expect(StudentT.quantile(degrees: degrees) > StudentT.quantile(degrees: degrees + 1))
        }
    }

    /// 1, 2, 3: mean 2, variance 1, so ± 4.302653/√3 = 2.484138.
    @Test func anIntervalByHand() throws {
        let estimate = Estimate(mean: [1, 2, 3])
        #expect(estimate.value == 2)
        #expect(abs(try #require(estimate.low) + 0.484138) < 1e-5)
        #expect(abs(try #require(estimate.high) - 4.484138) < 1e-5)
        #expect(!estimate.excludes(0) && estimate.excludes(5))
        #expect(Estimate(mean: [3]).low == nil)
    }

    /// E0 1, E1 0.5, E2 0.8, E3 0.25: β is 0.5, and ∂β/∂E3, ∂β/∂E1, ∂β/∂E0 are 1, 1.5 and 0.5 over 0.5.
    private static func fit(_ errors: [String: Double], alpha: Double = 4) -> MuSyCFit {
        MuSyCFit(
            surface: MuSyC(
                e0: 1, e1: 0.5, e2: 0.8, e3: 0.25, c1: 1, c2: 1, h1: 1, h2: 1, alpha12: alpha, alpha21: 1),
            rSquared: 1, errors: errors, hasCooperativity: false)
    }

    /// √(0.03² + (1.5 · 0.02)² + (0.5 · 0.01)²)/0.5 = 0.0854400, times t(30) = 2.04227.
    @Test func betaCarriesTheErrorsOfAllItRestsOn() throws {
        let errors = ["E0": 0.01, "E1": 0.02, "E2": 9, "E3": 0.03]
        let beta = try #require(PairScore.MuSyCScore(Self.fit(errors), refits: [], observations: 40).efficacy)
        #expect(abs(beta.value - 0.5) < 1e-12)
        #expect(abs(try #require(beta.high) - 0.5 - 0.174492) < 1e-5)
        #expect(abs(0.5 - (try #require(beta.low)) - 0.174492) < 1e-5)
        for name in ["E0", "E1", "E3"] {
            var fewer = errors
            fewer[name] = nil
            let unknown = PairScore.MuSyCScore(Self.fit(fewer), refits: [], observations: 40).efficacy
            #expect(unknown?.value != nil && unknown?.low == nil && unknown?.high == nil, "\(name)")
        }
    }

    /// Refits that all stop at the bound agree, and know nothing.
    @Test func aParameterAtItsBoundHasNoInterval() {
        let errors = ["E0": 0.01, "E1": 0.02, "E3": 0.03, "α21": 0.1]
        let refits = [9999.0, 10_000, 10_000].map { Self.fit(errors, alpha: $0) }
        let score = PairScore.MuSyCScore(Self.fit(errors, alpha: 10_000), refits: refits, observations: 40)
        #expect(score.potency12.low == nil && score.potency12.high == nil)
        #expect(score.potency21.low != nil)
        let unknown = PairScore.MuSyCScore(
            Self.fit(["α12": 0.1]), refits: [Self.fit([:]), Self.fit([:])], observations: 40)
        #expect(unknown.efficacy?.value != nil && unknown.efficacy?.low == nil)
    }

    /// A makes B potent beyond any bound: the page does not say by how much.
    @Test func aPotencyAtItsBoundIsNotSaid() throws {
        let truth = MuSyC(
            e0: 1, e1: 0.7, e2: 0.5, e3: 0.1, c1: 10, c2: 50, h1: 1, h2: 1, alpha12: 1e7, alpha21: 1)
        // Nine combinations, too few for γ, which would take α's place.
        func table(_ phase: Double) -> DoseTable {
            FewDosesTests.table([0, 3, 10, 30], [0, 3, 10, 30]) { a, b in
                truth.response(a, b) + 0.001 * sin(phase * a + 11 * b)
            }
        }
        var both = table(37)
        both.observations += table(29).observations.map {
            DoseObservation(doses: $0.doses, replicate: 1, response: $0.response)
        }
        let score = try SynergyScore(both, full: 0, seed: 1)
        let musyc = try #require(score.pairs[0].musyc)
        #expect(musyc.fit.errors["α12"] == nil && musyc.potency12.low == nil)
        #expect(!ScoreWords(score).sentences.contains("makes B"))
    }
}
