import Biology
import Foundation
import Networks
import Simulation
import Testing

/// How far leaping is off, and where it is exact.
@Suite struct LeapingTests {
    /// X → ∅ from 10⁵: leaps of the share ε of a relaxation time are Euler's steps of the mean, (1 − ε)^(1/ε) of it after
    /// one: ε/2 too few, relatively.
    @Test func meansAreOffByHalfTheErrorAllowedInARelaxationTime() throws {
        let network = ReactionNetwork.birthAndDeath(birth: 0, death: 1, start: 100_000)
        let exact = 100_000 * exp(-1.0)
        for error in [0.03, 0.06, 0.12] {
            let result = try network.summary(of: ["X"], at: [0, 1], runs: 100, .leaping(error: error))
            let off = 1 - result.means[1] / exact
            // A mean of 100 runs scatters by 0.00013 of it.
            #expect(abs(off - error / 2) < 0.15 * error / 2 + 0.0005)
        }
    }

    /// Around 1,000 molecules the mean is right, and the variance (1 − ε/2)⁻¹ times as large at most.
    @Test func aStationaryLawKeepsItsMean() throws {
        let network = ReactionNetwork.birthAndDeath(birth: 1000, death: 1, start: 1000)
        let runs = 1000
        let result = try network.summary(of: ["X"], at: [0, 5], runs: runs, .leaping(error: 0.05))
        #expect(abs(result.means[1] - 1000) < 4 * (1000 / Double(runs)).squareRoot())
        let variance = result.deviations[1] * result.deviations[1]
        #expect(abs(variance / 1000 - 1) < 0.025 + 4 * (2 / Double(runs)).squareRoot())
    }

    /// Where a few molecules are all there is, leaps would be shorter than ten reactions: the law is exact.
    @Test func fewMoleculesHaveTheirExactLaw() throws {
        let network = ReactionNetwork.dimerisation(forward: 0.02, backward: 0.4, start: 40)
        let dimers: [Double] = (0...20).map { Double($0) }
        let pairs: [Double] = dimers.map { (40 - 2 * $0) * (39 - 2 * $0) / 2 }
        let law = chainLaw(up: pairs.map { $0 * 0.02 }, down: dimers.map { $0 * 0.4 }, from: 0, at: 1.5)
        let counts = try network.histogram(of: "P2", at: 1.5, runs: 3000, .leaping(error: 0.03))
        #expect(abs(chiSquareScore(counts, law)) < 4)
    }

    /// Two species that use each other up to nothing, fast.
    @Test func leapsLeaveNothingBelowNothing() throws {
        var network = ReactionNetwork(name: "annihilation")
        network.addWell()
        network.addCount("A", 3000)
        network.addCount("B", 2900)
        network.react("meet", ["A", "B"], [], .number(0.01) * .name("A") * .name("B"))
        network.react("pairs", ["A", "A"], ["B"], .number(0.001) * .name("A") * (.name("A") - .number(1)))
        network.react("blind", ["B"], [], .number(50))
        let chance = try ChanceNetwork(network)
        let request = CourseRequest(
            times: (0...100).map { Double($0) / 20 }, outputs: [CourseRequest.Output("A"), CourseRequest.Output("B")])
        for copy in 0..<50 {
            let course = try chance.run(request, seed: 2, copy: copy, method: .leaping(error: 0.5))
            #expect(course.values.allSatisfy { $0 >= 0 && $0 == $0.rounded() })
        }
    }

    /// An event that watches what leaps change happens at the end of a leap: at most a few times the share too late.
    @Test func eventsHappenAfterLeaps() throws {
        var network = ReactionNetwork.birthAndDeath(birth: 5000, death: 0)
        let isMany = Formula.call(.greaterOrEqual, [.name("X"), .number(2000)])
        network.events = [
            NetworkEvent(name: "reset", trigger: isMany, assignments: [NetworkAssignment("X", .number(0))])
        ]
        let result = try network.summary(
            of: ["X"], at: (0...20).map { Double($0) / 4 }, runs: 20, .leaping(error: 0.03))
        #expect(result.means.allSatisfy { $0 < 2150 })
    }
}
