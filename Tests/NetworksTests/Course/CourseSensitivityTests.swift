import Biology
import Foundation
import Networks
import Testing

/// How courses shift with their parameters, against the exact solution of a decay chain.
@Suite struct CourseSensitivityTests {
    /// A → B → , at k and l, from A₀.
    private static let chain: ReactionNetwork = {
        var network = ReactionNetwork(name: "chain")
        network.compartments = [NetworkCompartment(name: "c", size: 1)]
        network.species = [
            NetworkSpecies(name: "A", compartment: "c", initial: .amount(100), meaning: .amount),
            NetworkSpecies(name: "B", compartment: "c", initial: .amount(0), meaning: .amount),
        ]
        network.parameters = [NetworkParameter(name: "k", value: 0.5), NetworkParameter(name: "l", value: 0.2)]
        network.reactions = [
            NetworkReaction(
                name: "first", reactants: [.init("A")], products: [.init("B")], rate: .name("k") * .name("A")),
            NetworkReaction(name: "second", reactants: [.init("B")], products: [], rate: .name("l") * .name("B")),
        ]
        return network
    }()

    /// Of A, B at a time: by the parameter.
    private static func exact(_ parameter: String, _ t: Double) -> [Double] {
        let (k, l, start) = (0.5, 0.2, 100.0)
        let (a, b) = (exp(-k * t), exp(-l * t))
        switch parameter {
        case "k":
            return [-t * start * a, start * (-l * (b - a) / ((k - l) * (k - l)) + k * t * a / (k - l))]
        case "l": return [0, start * k * ((b - a) / ((k - l) * (k - l)) - t * b / (k - l))]
        default: return [a, k / (k - l) * (b - a)]
        }
    }

    @Test(arguments: ["k", "l", "A"])
    func slopesAreThoseOfTheExactSolution(parameter: String) throws {
        let times = (0...40).map { 0.5 * Double($0) }
        let request = CourseRequest(times: times, outputs: [.init("A"), .init("B")])
        let found = try #require(
            try CourseSensitivity(Self.chain, to: parameter, request: request, absolute: 1e-12))
        for (row, time) in times.enumerated() {
            for (place, wanted) in Self.exact(parameter, time).enumerated() {
                let index = row * 2 + place
                let size = parameter == "A" ? 1.0 : 100
                #expect(abs(found.slopes[index] - wanted) <= 1e-6 * size, "\(parameter) at \(time)")
                // The stated error is no smaller than the true one, and small.
                #expect(abs(found.slopes[index] - wanted) <= found.errors[index])
                #expect(found.errors[index] < 1e-3 * size)
            }
        }
    }

    /// A dose at a time that is a parameter: before and long after it slopes are smooth; what the dose gives decays.
    @Test func eventsShiftToo() throws {
        var network = Self.chain
        network.parameters.append(NetworkParameter(name: "when", value: 4))
        network.events = [
            NetworkEvent(
                name: "dose", trigger: .call(.greaterOrEqual, [.time, .name("when")]),
                assignments: [NetworkAssignment("A", .name("A") + .number(50))])
        ]
        let request = CourseRequest(times: [0, 2, 8], outputs: [.init("A")])
        let found = try #require(try CourseSensitivity(network, to: "when", request: request, absolute: 1e-12))
        #expect(found.slopes[1] == 0)
        #expect(abs(found.slopes[2] - 50 * 0.5 * exp(-0.5 * 4)) < 1e-5)
    }

    @Test func namesThatAreNotThereAreRefused() {
        let request = CourseRequest(times: [0, 1], outputs: [.init("A")])
        #expect(throws: NetworkFailure.self) {
            try CourseSensitivity(Self.chain, to: "nothing", request: request, absolute: 1e-12)
        }
    }
}
