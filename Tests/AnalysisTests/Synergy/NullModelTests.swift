import Foundation
import Testing

@testable import Analysis

/// Laws of the null models; numbers from facts/validation.md V16 and V17.
@Suite struct NullModelTests {
    @Test func blissMultipliesWhatIsLeft() {
        #expect(abs(NullModel.bliss([0.85, 0.90], start: 1, full: 0) - 0.765) < 1e-15)
        // The same shares of effect in a rising response: 1 − 0.765.
        #expect(abs(NullModel.bliss([0.15, 0.10], start: 0, full: 1) - 0.235) < 1e-15)
        // In other units of the response.
        #expect(abs(NullModel.bliss([850, 900], start: 1000, full: 0) - 765) < 1e-12)
    }

    @Test func highestSingleAgentIsTheStronger() {
        #expect(NullModel.hsa([0.85, 0.90], start: 1, direction: .falling) == 0.85)
        #expect(NullModel.hsa([0.15, 0.10], start: 0, direction: .rising) == 0.15)
    }

    /// 4 + 6 of one agent act as 10 of it, where Bliss sees antagonism that is not there.
    @Test func aShamMixtureIsAdditive() throws {
        let agent = HillCurve(start: 1, end: 0, halfDose: 10, hill: 1)
        let loewe = LoeweAdditivity([agent, agent], direction: .falling)
        #expect(agent.response(10) == 0.5)
        #expect(abs(try #require(loewe.combinationIndex([4, 6], response: agent.response(10))) - 1) < 1e-9)
        #expect(abs(loewe.response([4, 6]) - 0.5) < 1e-12)
        let bliss = NullModel.bliss([agent.response(4), agent.response(6)], start: 1, full: 0)
        #expect(abs((1 - bliss) - 0.5536) < 5e-5)
    }

    @Test func combinationIndexIsTheSumOfSharesOfDoses() throws {
        let first = HillCurve(start: 0, end: 1, halfDose: 10, hill: 1)
        let second = HillCurve(start: 0, end: 1, halfDose: 5, hill: 1)
        let loewe = LoeweAdditivity([first, second], direction: .rising)
        #expect(abs(try #require(loewe.combinationIndex([2, 1], response: 0.5)) - 0.40) < 1e-15)
        #expect(loewe.combinationIndex([2, 1], response: 0) == nil)
        #expect(loewe.combinationIndex([2, 1], response: -0.1) == nil)
    }

    /// Any slopes: a mixture of one agent is additive at every dose.
    @Test(arguments: [0.3, 1, 2.5, 4])
    func aShamMixtureIsAdditiveAtAnySlope(hill: Double) throws {
        let one = HillCurve(start: 0.1, end: 2, halfDose: 3, hill: hill)
        var diluted = one
        diluted.halfDose = 30
        let loewe = LoeweAdditivity([one, diluted], direction: .rising)
        for (d1, d2) in [(0.5, 20.0), (3, 30), (0.01, 100), (9, 1)] {
            let response = one.response(d1 + d2 / 10)
            #expect(abs(try #require(loewe.combinationIndex([d1, d2], response: response)) - 1) < 1e-9)
            #expect(abs(loewe.response([d1, d2]) - response) < 1e-9)
        }
    }

    /// A partial agent beyond its reach, and one that does nothing, leave the cost to the other.
    @Test func whatCannotReachAnEffectCostsNothing() throws {
        let full = HillCurve(start: 0, end: 1, halfDose: 10, hill: 2)
        let partial = HillCurve(start: 0, end: 0.3, halfDose: 1, hill: 1)
        let inert = HillCurve(start: 0, end: 0, halfDose: 1, hill: 1)
        let some = LoeweAdditivity([full, partial], direction: .rising)
        #expect(abs(try #require(some.combinationIndex([5, 100], response: 0.5)) - 0.5) < 1e-15)
        #expect(some.combinationIndex([5, 100], response: 1) == nil)
        let none = LoeweAdditivity([full, inert], direction: .rising)
        #expect(none.response([10, 1000]) == 0.5)
        #expect(none.isobole(0.5, first: 5) == nil)
        #expect(abs(try #require(some.isobole(0.2, first: 0)) - partial.dose(for: 0.2)) < 1e-12)
    }

    /// Gaddum: with an antagonist at B/K the combination index is the dose ratio 1 + B/K.
    @Test(arguments: zip([0.0, 1, 10, 100], [0.5, 0.3333, 0.08333, 0.009804]))
    func anAntagonistCostsTheDoseRatio(blocker: Double, expected: Double) throws {
        let theta = 1 / (2 + blocker)
        #expect(abs(theta - expected) < 2e-4 * expected)
        let agonist = HillCurve(start: 0, end: 1, halfDose: 1, hill: 1)
        let antagonist = HillCurve(start: 0, end: 0, halfDose: 1, hill: 1)
        let loewe = LoeweAdditivity([agonist, antagonist], direction: .rising)
        let index = try #require(loewe.combinationIndex([1, blocker], response: theta))
        #expect(abs(index - (1 + blocker)) < 1e-9 * (1 + blocker))
    }

    /// Schild: on occupancies θ = a/(1 + a + b) the combination index is the dose ratio 1 + b, whatever a, and the slope of
    /// log(ratio − 1) against log b is 1.
    @Test func theSchildSlopeIsOne() throws {
        let (agonist, blockers) = ([0, 0.1, 0.3, 1, 3, 10, 30, 100], [0.0, 1, 10, 100])
        let table = DoseTable(
            axes: [DoseAxis(name: "agonist", unit: "K"), DoseAxis(name: "blocker", unit: "K")], response: "occupancy",
            unit: "",
            observations: agonist.flatMap { a in
                blockers.map { DoseObservation(doses: [a, $0], response: a / (1 + a + $0)) }
            })
        let pair = try SynergyScore(table, full: nil, seed: 1).pairs[0]
        func ratio(_ a: Double, _ b: Double) throws -> Double {
            try #require(pair.points.first { $0.doses == [a, b] }?.combinationIndex).value
        }
        for a in agonist.dropFirst() {
            for b in blockers { #expect(abs(try ratio(a, b) / (1 + b) - 1) < 1e-6) }
            let slope = log((try ratio(a, 100) - 1) / (try ratio(a, 1) - 1)) / log(100)
            #expect(abs(slope - 1) < 1e-6)
        }
    }
}
