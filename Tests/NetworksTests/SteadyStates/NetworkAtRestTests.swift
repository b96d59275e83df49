import Biology
import Foundation
import Testing

@testable import Networks

@Suite struct NetworkAtRestTests {
    /// L + R ⇌ C in two compartments' units: L in a volume of 4, named by its concentration.
    private static let binding: ReactionNetwork = {
        var network = ReactionNetwork(name: "binding")
        network.compartments = [NetworkCompartment(name: "medium", size: 4)]
        network.species = [
            NetworkSpecies(name: "L", compartment: "medium", initial: .concentration(25)),
            NetworkSpecies(name: "R", compartment: "medium", initial: .amount(16.605), meaning: .amount),
            NetworkSpecies(name: "C", compartment: "medium", initial: .amount(0), meaning: .amount),
        ]
        network.parameters = [
            NetworkParameter(name: "on", value: 0.5), NetworkParameter(name: "off", value: 5),
            NetworkParameter(name: "share", value: nil, isConstant: false),
        ]
        network.reactions = [
            NetworkReaction(
                name: "bind", reactants: [.init("L"), .init("R")], products: [.init("C")],
                rate: .name("on") * .name("L") * .name("medium") * .name("R") - .name("off") * .name("C"))
        ]
        network.assignmentRules = [NetworkAssignment("share", .name("C") / (.name("C") + .name("R")))]
        return network
    }()

    private static func bound(ligand: Double, receptor: Double = 16.605, k: Double = 10) -> Double {
        let sum = ligand + receptor + k
        return (sum - (sum * sum - 4 * ligand * receptor).squareRoot()) / 2
    }

    @Test func moietiesAreKeptThroughUnitsAndNames() throws {
        let resting = try NetworkAtRest(
            Self.binding, varying: ["L"], outputs: [.init("L"), .init("C"), .init("share")])
        #expect(resting.laws.count == 2)
        #expect(resting.namedPerUnit == [0.25, 1, 1])
        let problem = try resting.problem()
        let found = resting.search(starts: 60).run(problem).equilibria
        #expect(found.count == 1)
        let exact = Self.bound(ligand: 100)
        let outputs = resting.outputs(at: found[0].values, setting: problem.setting)
        for (value, exact) in zip(outputs, [(100 - exact) / 4, exact, exact / 16.605]) {
            #expect(SteadySystems.isClose(value, exact, 1e-11))
        }
        // Twice the ligand at the start is twice the total.
        let more = try resting.problem(["L": 50])
        let state = try #require(resting.search(starts: 60).run(more).equilibria.first)
        #expect(SteadySystems.isClose(state.values[2], Self.bound(ligand: 200), 1e-11))
    }

    /// Slopes by parameters, by a start, and of an assigned quantity, beside differences of exact states.
    @Test func sensitivitiesOfOutputsAreSlopesOfExactStates() throws {
        let names = ["off", "L"]
        let resting = try NetworkAtRest(Self.binding, varying: names, outputs: [.init("C"), .init("share")])
        let problem = try resting.problem()
        let state = try #require(resting.search(starts: 60).run(problem).equilibria.first)
        let slopes = try #require(resting.sensitivities(problem, at: state.values, to: names))
        let step = 1e-4
        let byOff =
            (Self.bound(ligand: 100, k: 2 * (5 + step)) - Self.bound(ligand: 100, k: 2 * (5 - step))) / (2 * step)
        let byLigand = (Self.bound(ligand: 4 * (25 + step)) - Self.bound(ligand: 4 * (25 - step))) / (2 * step)
        for (row, exact) in zip(slopes, [byOff, byLigand]) {
            #expect(SteadySystems.isClose(row[0], exact, 1e-6))
            #expect(SteadySystems.isClose(row[1], exact / 16.605, 1e-6))
        }
    }

    /// A comparison in a rate is as it is at the values: dx/dt = (x < 2 ? 3 : 1) − x rests nowhere, with 1.5 at 1.5.
    @Test(arguments: [(1.5, [1.5]), (3.0, [Double]())])
    func comparisonsAreThoseOfTheState(low: Double, states: [Double]) throws {
        var network = ReactionNetwork(name: "switch")
        network.parameters = [NetworkParameter(name: "x", value: 1, isConstant: false)]
        let isLow = Formula.call(.less, [.name("x"), .number(2)])
        let gain = Formula.piecewise([.init(value: .number(low), condition: isLow)], otherwise: .number(1))
        network.rateRules = [NetworkAssignment("x", gain - .name("x"))]
        let resting = try NetworkAtRest(network)
        let found = resting.search(starts: 40).run(try resting.problem()).equilibria
        #expect(found.map { ($0.values[0] * 1e9).rounded() / 1e9 } == states)
    }

    @Test func whatDependsOnTimeOrFollowsFromARuleIsRefused() throws {
        var timed = ReactionNetwork(name: "timed")
        timed.parameters = [NetworkParameter(name: "x", value: 1, isConstant: false)]
        timed.rateRules = [NetworkAssignment("x", .time - .name("x"))]
        let resting = try NetworkAtRest(timed)
        #expect(throws: NetworkFailure.self) { try resting.problem() }
        #expect(throws: NetworkFailure.self) { try NetworkAtRest(Self.binding, varying: ["share"]) }
        #expect(throws: NetworkFailure.self) { try NetworkAtRest(Self.binding, varying: ["nothing"]) }
    }
}
