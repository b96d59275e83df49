import Biology
import Foundation
import Simulation
import Testing

@testable import Networks

@Suite struct BooleanPopulationTests {
    /// A receptor that comes and goes, and a response that follows while a brake is off.
    static let network: BooleanNetwork = {
        var network = BooleanNetwork(
            name: "brake",
            nodes: [
                BooleanNode("ligand"),
                BooleanNode(
                    "receptor", target: .name("ligand"),
                    rateUp: .piecewise(
                        [Formula.Piece(value: .name("$on"), condition: .name("ligand"))], otherwise: .number(0)),
                    rateDown: .name("$off")),
                BooleanNode(
                    "response",
                    target: .call(.and, [.name("receptor"), .call(.not, [.name("brake")])])),
                BooleanNode("brake"),
            ])
        network.parameters = [NetworkParameter(name: "$on", value: 0.7), NetworkParameter(name: "$off", value: 0.3)]
        network.starts = [
            BooleanStart("receptor", at: 0), BooleanStart("response", at: 0), BooleanStart("brake", at: 0),
            BooleanStart("ligand", at: 1),
        ]
        return network
    }()

    private static func population(_ count: Int, threads: Int, seed: UInt64 = 7) throws -> (
        BooleanPopulation, ThreadTeam
    ) {
        var population = BooleanPopulation(try BooleanProgram(network), seed: seed)
        for id in 0..<count { population.add(cell: id) }
        return (population, ThreadTeam(count: threads))
    }

    @Test func aNodeOnItsOwnFollowsTheTwoStateLaw() throws {
        let count = 20_000
        var (population, team) = try Self.population(count, threads: 2)
        defer { team.dismiss() }
        let receptor = try #require(population.program.places["receptor"])
        for step in 0..<4 {
            try population.advance(by: 0.5, step: step, team: team)
            let time = 0.5 * Double(step + 1)
            let expected = 0.7 * (1 - exp(-time))
            let share = Double((0..<count).count { population.level(of: receptor, at: $0) == 1 }) / Double(count)
            #expect(abs(share - expected) < 4 * (expected * (1 - expected) / Double(count)).squareRoot())
        }
    }

    @Test func cellsAreTheSameForAnyNumberOfThreadsAndInAnyCompany() throws {
        var (one, lone) = try Self.population(1000, threads: 1)
        var (many, team) = try Self.population(1000, threads: 3)
        defer {
            lone.dismiss()
            team.dismiss()
        }
        many.remove(at: 0)
        for step in 0..<3 {
            try one.advance(by: 1, step: step, team: lone)
            try many.advance(by: 1, step: step, team: team)
        }
        #expect(many.ids[0] == 999)
        for index in many.ids.indices { #expect(many.state(at: index) == one.state(at: many.ids[index])) }
        #expect(Set((0..<1000).map { one.state(at: $0) }).count == 4)
    }

    @Test func inputsAreSetFromOutsideAndDaughtersInherit() throws {
        var (population, team) = try Self.population(2, threads: 1)
        defer { team.dismiss() }
        let place = { (name: String) throws in try #require(population.program.places[name]) }
        let (brake, response, ligand) = (try place("brake"), try place("response"), try place("ligand"))
        population.set(brake, to: 1, at: 1)
        for step in 0..<50 {
            try population.advance(by: 1, step: step, team: team)
            #expect(population.level(of: response, at: 1) == 0)
        }
        population.set(ligand, to: 0, at: 0)
        try population.advance(by: 1000, step: 50, team: team)
        #expect(population.level(of: response, at: 0) == 0)
        population.set(response, to: 1, at: 0)
        let daughter = population.add(cell: 9, likeCellAt: 0)
        #expect(population.state(at: daughter) == population.state(at: 0))
        #expect(population.level(of: response, at: daughter) == 1)
    }

    @Test func ratesWithoutEndAreRefusedNotRunForEver() throws {
        var network = BooleanNetwork(
            name: "flicker", nodes: [BooleanNode("lamp", rateUp: .number(1e100), rateDown: .number(1e100))])
        var population = BooleanPopulation(try BooleanProgram(network), seed: 1)
        population.add(cell: 3)
        let team = ThreadTeam(count: 1)
        defer { team.dismiss() }
        #expect(throws: NetworkFailure.self) { try population.advance(by: 1, step: 0, team: team) }
        network.nodes[0].rateDown = .number(0)
        population = BooleanPopulation(try BooleanProgram(network), seed: 1)
        population.add(cell: 3)
        try population.advance(by: 1, step: 0, team: team)
        #expect(population.level(of: 0, at: 0) == 1)
    }
}
