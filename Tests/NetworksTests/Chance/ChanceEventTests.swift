import Biology
import Foundation
import Networks
import Simulation
import Testing

/// Events among reactions, and what flows between them.
@Suite struct ChanceEventTests {
    private func event(
        _ name: String, when trigger: Formula, set assignments: [(String, Formula)], delay: Formula? = nil
    ) -> NetworkEvent {
        var event = NetworkEvent(
            name: name, trigger: trigger, assignments: assignments.map { NetworkAssignment($0.0, $0.1) })
        event.isTrueBefore = false
        event.delay = delay
        return event
    }

    /// X is set to 20 at 3.5: exactly 20 there, and a Poisson and a binomial number afterwards.
    @Test(arguments: [ChanceMethod.exact, .exactly(.nextReaction), .exactly(.compositionRejection)])
    func anEventAtATimeSetsAmounts(_ method: ChanceMethod) throws {
        var network = ReactionNetwork.birthAndDeath(birth: 2, death: 0.5)
        let isLate = Formula.call(.greaterOrEqual, [.time, .number(3.5)])
        network.events = [event("reset", when: isLate, set: [("X", .number(20))])]
        let runs = 2000
        let result = try network.summary(of: ["X"], at: [0, 3.4999, 3.5, 5], runs: runs, method)
        let (means, deviations) = try #require(result.column("X"))
        let n = Double(runs)
        #expect(abs(means[1] - 4 * (1 - exp(-1.75))) < 4 * (4 / n).squareRoot())
        #expect(means[2] == 20 && deviations[2] == 0)
        let left = exp(-0.75)
        let variance = 20 * left * (1 - left) + 4 * (1 - left)
        #expect(abs(means[3] - (20 * left + 4 * (1 - left))) < 4 * (variance / n).squareRoot())
        #expect(abs(deviations[3] * deviations[3] / variance - 1) < 4 * (2 / n).squareRoot() + 0.05)
    }

    /// Whenever X gets above 5 it is set to nothing: it is never above 5, and gets there again and again.
    @Test(arguments: ReactionChoice.allCases) func anEventOnAmountsHappensWithTheReactionThatTriggersIt(
        _ way: ReactionChoice
    ) throws {
        var network = ReactionNetwork.birthAndDeath(birth: 2, death: 0)
        let isMany = Formula.call(.greater, [.name("X"), .number(5)])
        network.parameters = [NetworkParameter(name: "resets", value: 0, isConstant: false)]
        let count = Formula.name("resets") + .number(1)
        network.events = [event("reset", when: isMany, set: [("X", .number(0)), ("resets", count)])]
        let chance = try ChanceNetwork(network)
        let request = CourseRequest(
            times: (0...300).map(Double.init), outputs: [CourseRequest.Output("X"), CourseRequest.Output("resets")])
        let course = try chance.run(request, seed: 5, method: .exactly(way))
        let amounts = try #require(course.column("X"))
        #expect(amounts.allSatisfy { (0...5).contains($0) })
        #expect(Set(amounts).count == 6)
        // Every sixth birth: 100 of them, a deviation of √600/6.
        #expect(abs(try #require(course.column("resets")?.last) - 100) < 4 * 600.0.squareRoot() / 6)
    }

    /// A rate that an event changes, by a parameter: births stop after 1 + 0.5.
    @Test func aDelayedEventChangesRates() throws {
        var network = ReactionNetwork(name: "switch")
        network.addWell()
        network.addCount("X", 0)
        network.parameters = [NetworkParameter(name: "k", value: 30, isConstant: false)]
        network.react("birth", [], ["X"], .name("k"))
        let isLate = Formula.call(.greaterOrEqual, [.time, .number(1)])
        network.events = [event("off", when: isLate, set: [("k", .number(0))], delay: .number(0.5))]
        let result = try network.summary(of: ["X", "k"], at: [0, 1.4, 1.6, 5], runs: 500)
        let (means, _) = try #require(result.column("X"))
        #expect(abs(means[1] - 42) < 4 * (42.0 / 500).squareRoot())
        #expect(abs(means[2] - 45) < 4 * (45.0 / 500).squareRoot())
        #expect(means[3] == means[2])
        #expect(result.column("k")?.means == [30, 30, 0, 0])
    }

    /// No reaction at all: a clock by a rate rule, that an event sets back and draws a number at.
    @Test func aClockDrawsNumbers() throws {
        var network = ReactionNetwork(name: "clock")
        network.parameters = [
            NetworkParameter(name: "t", value: 0, isConstant: false),
            NetworkParameter(name: "x", value: 0, isConstant: false),
        ]
        network.rateRules = [NetworkAssignment("t", .number(1))]
        let isHalf = Formula.call(.greaterOrEqual, [.name("t"), .number(0.5)])
        network.events = [
            event("tick", when: isHalf, set: [("x", .draw(.normal, [.number(3), .number(2)])), ("t", .number(-0.5))])
        ]
        let runs = 2000
        let result = try network.summary(of: ["x", "t"], at: [0, 1, 2, 3], runs: runs)
        let (means, deviations) = try #require(result.column("x"))
        #expect(means[0] == 0)
        for row in 1...3 {
            #expect(abs(means[row] - 3) < 4 * 2 / Double(runs).squareRoot())
            #expect(abs(deviations[row] - 2) < 4 * 2 / (2 * Double(runs)).squareRoot())
        }
        #expect(means[1] != means[2], "each tick draws anew")
        #expect(try #require(result.column("t")).means.dropFirst().allSatisfy { abs($0) < 1e-6 })
    }

    /// What flows follows amounts as they jump: dI/dt = X, so that the mean of I is the integral of the mean of X.
    @Test func whatFlowsFollowsAmountsAsTheyJump() throws {
        var network = ReactionNetwork.birthAndDeath(birth: 0, death: 1, start: 10)
        network.parameters = [NetworkParameter(name: "I", value: 0, isConstant: false)]
        network.rateRules = [NetworkAssignment("I", .name("X"))]
        let runs = 1000
        let result = try network.summary(of: ["I"], at: [0, 1, 30], runs: runs)
        let (means, deviations) = try #require(result.column("I"))
        // Each molecule lives an exponential time: mean 1 and deviation 1 of ten of them, and 1 − e⁻¹ up to 1.
        #expect(abs(means[1] - 10 * (1 - exp(-1))) < 4 * (10.0 / 1000).squareRoot())
        #expect(abs(means[2] - 10) < 4 * (10.0 / 1000).squareRoot())
        #expect(abs(deviations[2] * deviations[2] - 10) < 10 * 4 * (2.6 / 1000).squareRoot())
    }

    /// An event on what flows, which depends on amounts: dI/dt = X, until I is 5.
    @Test func anEventOnWhatFlowsStopsReactions() throws {
        var network = ReactionNetwork(name: "dose")
        network.addWell()
        network.addCount("X", 1)
        network.parameters = [
            NetworkParameter(name: "I", value: 0, isConstant: false),
            NetworkParameter(name: "k", value: 1, isConstant: false),
        ]
        network.react("birth", [], ["X"], .name("k"))
        network.rateRules = [NetworkAssignment("I", .name("X") * .name("k"))]
        let isFull = Formula.call(.greaterOrEqual, [.name("I"), .number(5)])
        network.events = [event("stop", when: isFull, set: [("k", .number(0))])]
        let result = try network.summary(of: ["I", "k"], at: [0, 2, 40], runs: 200)
        let (means, deviations) = try #require(result.column("I"))
        #expect(abs(means[2] - 5) < 1e-6 && deviations[2] < 1e-6)
        #expect(result.column("k")?.means[2] == 0)
    }

    /// Births at 6 (1 + sin 3t), or at a rate that a rate rule gives: Poisson numbers of the integral's mean.
    @Test(arguments: [false, true]) func ratesMayChangeBetweenReactions(_ byRule: Bool) throws {
        var network = ReactionNetwork(name: "tide")
        network.addWell()
        network.addCount("X", 0)
        let tide = Formula.number(1) + .call(.sin, [.number(3) * .time])
        network.parameters = [NetworkParameter(name: "a", value: 0, isConstant: false)]
        if byRule {
            // a = sin 3t, by its rate.
            network.rateRules = [NetworkAssignment("a", .number(3) * .call(.cos, [.number(3) * .time]))]
            network.react("birth", [], ["X"], .number(6) * (.number(1) + .name("a")))
        } else {
            network.react("birth", [], ["X"], .number(6) * tide)
        }
        let runs = 1500
        let times = [0, 0.5, 1.2, 2]
        let result = try network.summary(of: ["X"], at: times, runs: runs)
        for (row, time) in times.enumerated() {
            let mean = 6 * (time + (1 - cos(3 * time)) / 3)
            #expect(abs(result.means[row] - mean) <= 4 * (mean / Double(runs)).squareRoot())
            let variance = result.deviations[row] * result.deviations[row]
            #expect(abs(variance - mean) <= 4 * ((mean + 2 * mean * mean) / Double(runs)).squareRoot())
        }
    }

    /// Decay at a rate that grows with time, a blind one beside it: none left at the end, nothing below nothing.
    @Test func ratesThatChangeStopWhereNothingIsLeft() throws {
        var network = ReactionNetwork(name: "ageing")
        network.addWell()
        network.addCount("X", 12)
        network.react("death", ["X"], [], .time * .name("X"))
        network.react("blind", ["X", "X"], [], .time)
        let runs = 400
        let chance = try ChanceNetwork(network)
        let request = CourseRequest(times: [0, 0.5, 1, 4], outputs: [CourseRequest.Output("X")])
        for copy in 0..<runs {
            let course = try chance.run(request, seed: 6, copy: copy)
            #expect(course.values.allSatisfy { $0 >= 0 && $0 == $0.rounded() })
            #expect(course.values[3] == 0)
        }
        // Without the blind reaction each lives on with e^(−t²/2).
        network.reactions.removeLast()
        let result = try network.summary(of: ["X"], at: [0, 1], runs: runs)
        let p = exp(-0.5)
        #expect(abs(result.means[1] - 12 * p) < 4 * (12 * p * (1 - p) / Double(runs)).squareRoot())
    }
}
