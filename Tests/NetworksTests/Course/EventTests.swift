import Biology
import Foundation
import Networks
import Testing

/// Events as SBML Level 3 Version 2 has them, each on a network small enough to follow by hand.
@Suite struct EventTests {
    typealias A = NetworkAssignment
    static let x = Formula.name("x")

    static func atLeast(_ a: Formula, _ b: Double) -> Formula { .call(.greaterOrEqual, [a, .number(b)]) }

    /// x grows by 1 a unit of time; other parameters as given.
    static func clock(_ others: KeyValuePairs<String, Double>, _ events: [NetworkEvent]) -> ReactionNetwork {
        var network = ReactionNetwork(name: "clock")
        network.parameters = [NetworkParameter(name: "x", value: 0, isConstant: false)]
        network.parameters += others.map { NetworkParameter(name: $0.key, value: $0.value, isConstant: false) }
        network.rateRules = [A("x", .number(1))]
        network.events = events
        return network
    }

    func last(_ network: ReactionNetwork, _ name: String, at time: Double) throws -> Double {
        try #require(try network.course([name], to: time).column(name)?.last)
    }

    @Test func aDelayedEventHappensLater() throws {
        var event = NetworkEvent(name: "e", trigger: Self.atLeast(Self.x, 1), assignments: [A("when", .time)])
        event.delay = .number(0.75)
        event.usesValuesOfTrigger = false
        #expect(abs(try last(Self.clock(["when": 0], [event]), "when", at: 3) - 1.75) < 1e-9)
        event.usesValuesOfTrigger = true
        #expect(abs(try last(Self.clock(["when": 0], [event]), "when", at: 3) - 1) < 1e-9)
    }

    @Test func anEventThatDoesNotPersistIsForgotten() throws {
        // True from 1 to 2 only; the delay ends at 2.5.
        let trigger = Formula.call(.and, [Self.atLeast(Self.x, 1), .call(.less, [Self.x, .number(2)])])
        var event = NetworkEvent(name: "e", trigger: trigger, assignments: [A("n", .name("n") + .number(1))])
        event.delay = .number(1.5)
        #expect(try last(Self.clock(["n": 0], [event]), "n", at: 4) == 1)
        event.isPersistent = false
        #expect(try last(Self.clock(["n": 0], [event]), "n", at: 4) == 0)
        event.delay = .number(0.5)
        #expect(try last(Self.clock(["n": 0], [event]), "n", at: 4) == 1)
    }

    @Test func whatIsTrueAtTheStartFiresOnlyWhereItWasFalseBefore() throws {
        var event = NetworkEvent(name: "e", trigger: Self.atLeast(Self.x, 0), assignments: [A("n", .number(1))])
        #expect(try last(Self.clock(["n": 0], [event]), "n", at: 1) == 0)
        event.isTrueBefore = false
        let course = try Self.clock(["n": 0], [event]).course(["n"], to: 1)
        #expect(course.column("n")?.first == 1)
    }

    @Test func theHighestPriorityIsFirst() throws {
        func event(_ name: String, _ priority: Double, _ digit: Double) -> NetworkEvent {
            var event = NetworkEvent(
                name: name, trigger: Self.atLeast(Self.x, 1),
                assignments: [A("n", .number(10) * .name("n") + .number(digit))])
            event.priority = .number(priority)
            event.usesValuesOfTrigger = false
            return event
        }
        let events = [event("low", 1, 1), event("high", 3, 3), event("middle", 2, 2)]
        #expect(try last(Self.clock(["n": 0], events), "n", at: 2) == 321)
    }

    /// The first one's assignment makes the second one's priority the lowest.
    @Test func prioritiesAreThoseOfTheMoment() throws {
        func event(_ name: String, _ priority: Formula, _ digit: Double) -> NetworkEvent {
            var event = NetworkEvent(
                name: name, trigger: Self.atLeast(Self.x, 1),
                assignments: [A("n", .number(10) * .name("n") + .number(digit)), A("p", .number(0))])
            event.priority = priority
            event.usesValuesOfTrigger = false
            return event
        }
        let events = [event("a", .number(9), 1), event("b", .name("p"), 2), event("c", .number(3), 3)]
        #expect(try last(Self.clock(["n": 0, "p": 8], events), "n", at: 2) == 132)
    }

    @Test func equalsComeInAnOrderThatTheSeedDecides() throws {
        func event(_ digit: Double) -> NetworkEvent {
            var event = NetworkEvent(
                name: "", trigger: Self.atLeast(Self.x, 1),
                assignments: [A("n", .number(10) * .name("n") + .number(digit))])
            event.usesValuesOfTrigger = false
            return event
        }
        let course = try OrdinaryCourse(Self.clock(["n": 0], [event(1), event(2)]))
        let request = CourseRequest(times: [0, 2], outputs: [.init("n")])
        let ends = try (0..<40).map { seed in
            try course.run(request, relative: 1e-6, absolute: 1e-9, seed: UInt64(seed)).values[1]
        }
        #expect(Set(ends) == [12, 21])
        // Binomial(40, 1/2): outside 8...32 with probability 1e-4.
        #expect((8...32).contains(ends.filter { $0 == 12 }.count))
        #expect(try course.run(request, relative: 1e-6, absolute: 1e-9, seed: 7).values[1] == ends[7])
    }

    /// Each fires once, at the same time, the second by what the first assigned.
    @Test func anEventTriggersAnotherAtOnce() throws {
        let events = [
            NetworkEvent(name: "a", trigger: Self.atLeast(Self.x, 1), assignments: [A("p", .number(1))]),
            NetworkEvent(name: "b", trigger: Self.atLeast(.name("p"), 1), assignments: [A("when", .time)]),
        ]
        #expect(abs(try last(Self.clock(["p": 0, "when": 0], events), "when", at: 2) - 1) < 1e-12)
    }

    @Test func eventsThatTriggerEachOtherWithoutEndAreStopped() throws {
        let events = [
            NetworkEvent(
                name: "a", trigger: .call(.less, [.name("p"), .number(0.5)]), assignments: [A("p", .number(1))]),
            NetworkEvent(
                name: "b", trigger: .call(.greater, [.name("p"), .number(0.5)]), assignments: [A("p", .number(0))]),
        ]
        var network = Self.clock(["p": 0], events)
        network.events[0].isTrueBefore = false
        do {
            _ = try network.course(["p"], to: 1)
            Issue.record("ended")
        } catch let failure as NetworkFailure {
            #expect(failure.problem == "at time 0.0 events trigger each other without end")
        }
    }

    /// sin reaches 1 and turns back; x passes 2 without staying.
    @Test func whatIsTrueForAnInstantFires() throws {
        let events = [
            NetworkEvent(name: "pass", trigger: .call(.equal, [Self.x, .number(2)]), assignments: [A("n", .time)])
        ]
        #expect(abs(try last(Self.clock(["n": 0], events), "n", at: 5) - 2) < 1e-9)
    }

    @Test func twoTriggersInOneStepFireInTheirOrder() throws {
        let events = [
            NetworkEvent(
                name: "late", trigger: Self.atLeast(Self.x, 0.5001),
                assignments: [A("n", .number(10) * .name("n") + .number(2))]),
            NetworkEvent(
                name: "early", trigger: Self.atLeast(Self.x, 0.5),
                assignments: [A("n", .number(10) * .name("n") + .number(1))]),
        ]
        #expect(try last(Self.clock(["n": 0], events), "n", at: 1) == 12)
    }

    /// x is set back each time it reaches 1: a saw.
    @Test func eventsRepeat() throws {
        let event = NetworkEvent(
            name: "saw", trigger: Self.atLeast(Self.x, 1),
            assignments: [A("x", .number(0)), A("n", .name("n") + .number(1))])
        let network = Self.clock(["n": 0], [event])
        #expect(try last(network, "n", at: 10.5) == 10)
        #expect(abs(try last(network, "x", at: 10.5) - 0.5) < 1e-8)
    }

    @Test func aStrictComparisonHoldsJustAfter() throws {
        let strict = NetworkEvent(
            name: "strict", trigger: .call(.greater, [.time, .number(5)]), assignments: [A("n", .number(1))])
        let course = try Self.clock(["n": 0], [strict]).course(["n"], to: 10)
        // At 5 itself it does not hold yet.
        #expect(course.column("n") == [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
        let weak = NetworkEvent(name: "weak", trigger: Self.atLeast(.time, 5), assignments: [A("n", .number(1))])
        #expect(
            try Self.clock(["n": 0], [weak]).course(["n"], to: 10).column("n")
                == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    }

    @Test func anAssignedSizeLeavesAmounts() throws {
        var network = Self.clock(
            [:],
            [
                NetworkEvent(name: "split", trigger: Self.atLeast(Self.x, 1), assignments: [A("c", .number(1))])
            ])
        network.compartments = [NetworkCompartment(name: "c", size: 2, isConstant: false)]
        network.species = [
            NetworkSpecies(name: "S", compartment: "c", initial: .concentration(3)),
            NetworkSpecies(name: "R", compartment: "c", initial: .concentration(5), isBoundary: true),
        ]
        network.rateRules.append(A("R", .number(0)))
        #expect(abs(try last(network, "S", at: 2) - 6) < 1e-12)
        #expect(abs(try last(network, "R", at: 2) - 10) < 1e-12)
    }

    @Test func anAssignedStoichiometryCountsFromThenOn() throws {
        var network = Self.clock(
            ["n": 1],
            [
                NetworkEvent(name: "double", trigger: Self.atLeast(Self.x, 1), assignments: [A("n", .number(2))])
            ])
        network.compartments = [NetworkCompartment(name: "c", size: 1)]
        network.species = [NetworkSpecies(name: "S", compartment: "c", initial: .amount(0))]
        network.reactions = [
            NetworkReaction(name: "r", reactants: [], products: [.init("S", .name("n"))], rate: .number(1))
        ]
        #expect(abs(try last(network, "S", at: 3) - 5) < 1e-8)
    }

    @Test func whatIsDrawnIsTheSeeds() throws {
        let event = NetworkEvent(
            name: "draw", trigger: Self.atLeast(Self.x, 1),
            assignments: [A("n", .draw(.uniform, [.number(2), .number(3)]))])
        var network = Self.clock(["n": 0, "m": 0], [event])
        network.initialAssignments = [A("m", .draw(.normal, [.number(10), .number(0.1)]))]
        let course = try OrdinaryCourse(network)
        let request = CourseRequest(times: [0, 2], outputs: [.init("n"), .init("m")])
        func end(_ seed: UInt64) throws -> [Double] {
            Array(try course.run(request, relative: 1e-6, absolute: 1e-9, seed: seed).row(1))
        }
        let (one, two) = try (end(1), end(2))
        #expect((2...3).contains(one[0]) && (9...11).contains(one[1]))
        #expect(one[0] != two[0] && one[1] != two[1])
        #expect(try end(1) == one)
    }

    @Test func conditionsThatSwitchToAndFroAreStopped() throws {
        var network = Self.clock(["y": 0], [])
        network.rateRules.append(
            A(
                "y",
                .piecewise(
                    [.init(value: .number(-1), condition: .call(.greater, [.name("y"), .number(0.5)]))],
                    otherwise: .number(1))))
        do {
            _ = try network.course(["y"], to: 1)
            Issue.record("ended")
        } catch let failure as NetworkFailure {
            #expect(failure.kind == .stopped)
            // Found as switches without end, or as steps without length, whichever rounding brings first.
            let words = ["conditions switch to and fro without end", "no step short enough at time 0.5"]
            #expect(words.contains { failure.problem.contains($0) }, "\(failure)")
        }
    }

    @Test func aConstraintSaysWhenItWasFirstViolated() throws {
        var network = Self.clock([:], [])
        network.constraints = [
            NetworkConstraint(condition: .call(.less, [Self.x, .number(0.3)]), message: "x is large"),
            NetworkConstraint(condition: Self.atLeast(Self.x, 0), message: "x is negative"),
        ]
        let course = try network.course(["x"], to: 1)
        #expect(course.violations.map(\.constraint) == [0])
        #expect(abs(try #require(course.violations.first?.time) - 0.3) < 1e-9)
    }
}
