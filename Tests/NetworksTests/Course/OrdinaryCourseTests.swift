import Biology
import Foundation
import Networks
import Testing

@Suite struct OrdinaryCourseTests {
    @Test func decayIsExponential() throws {
        var network = ReactionNetwork(name: "decay")
        network.compartments = [NetworkCompartment(name: "c", size: 2)]
        network.species = [NetworkSpecies(name: "A", compartment: "c", initial: .concentration(3))]
        network.parameters = [NetworkParameter(name: "k", value: 0.7)]
        network.reactions = [
            NetworkReaction(
                name: "loss", reactants: [.init("A")], products: [], rate: .name("k") * .name("A") * .name("c"))
        ]
        let course = try network.course(["A"], to: 5)
        for (time, value) in zip(course.times, try #require(course.column("A"))) {
            #expect(abs(value - 3 * exp(-0.7 * time)) < 1e-7)
        }
    }

    @Test func eventFiresWhereItsTriggerBecomesTrue() throws {
        var network = ReactionNetwork(name: "growth")
        network.parameters = [
            NetworkParameter(name: "x", value: 0, isConstant: false),
            NetworkParameter(name: "when", value: -1, isConstant: false),
        ]
        network.rateRules = [NetworkAssignment("x", .number(1))]
        network.events = [
            NetworkEvent(
                name: "reset", trigger: .call(.greaterOrEqual, [.name("x"), .number(0.75)]),
                assignments: [NetworkAssignment("x", .number(0)), NetworkAssignment("when", .time)])
        ]
        let course = try network.course(["x", "when"], to: 1)
        #expect(abs(try #require(course.column("when")?.last) - 0.75) < 1e-9)
        #expect(abs(try #require(course.column("x")?.last) - 0.25) < 1e-9)
    }
}

extension ReactionNetwork {
    /// Its course at 11 times from 0, to tight tolerances.
    func course(_ names: [String], to end: Double, steps: Int = 10) throws -> TimeCourse {
        let times = (0...steps).map { end * Double($0) / Double(steps) }
        return try OrdinaryCourse(self).run(
            CourseRequest(times: times, outputs: names.map { .init($0) }), relative: 1e-9, absolute: 1e-12, seed: 1)
    }
}
