import Biology
import Foundation
import Networks
import Simulation
import Testing

/// What runs by chance have to do with each other, and what cannot run.
@Suite struct ChanceRunTests {
    private let request = CourseRequest(
        times: [0, 1, 2, 4], outputs: [CourseRequest.Output("P"), CourseRequest.Output("P2")])
    private let network = ReactionNetwork.dimerisation(forward: 0.01, backward: 0.1, start: 60)

    @Test func anyNumberOfThreadsGivesTheSameBytes() throws {
        let chance = try ChanceNetwork(network)
        var results: [ChanceSummary] = []
        for count in [1, 2, 5] {
            let team = ThreadTeam(count: count)
            defer { team.dismiss() }
            results.append(try chance.runs(request, count: 777, seed: 1, quantiles: [0.1, 0.5], on: team))
        }
        #expect(results[0] == results[1] && results[0] == results[2])
        #expect(results[0].runs == 777)
        #expect(try chance.runs(request, count: 777, seed: 2, on: ThreadTeam(count: 1)).means != results[0].means)
    }

    @Test func aRunIsTheSameByItselfAndAmongOthers() throws {
        let chance = try ChanceNetwork(network)
        let runs = try (0..<70).map { try chance.run(request, seed: 9, copy: $0) }
        let all = try chance.runs(request, count: 70, seed: 9, on: ThreadTeam(count: 1))
        for entry in all.means.indices {
            let mean = runs.reduce(0) { $0 + $1.values[entry] } / 70
            #expect(abs(mean - all.means[entry]) < 1e-9)
            let square = runs.reduce(0) { $0 + ($1.values[entry] - mean) * ($1.values[entry] - mean) }
            #expect(abs((square / 69).squareRoot() - all.deviations[entry]) < 1e-9)
        }
        #expect(try chance.run(request, seed: 9, copy: 3) == runs[3])
    }

    /// Neighbouring copies and seeds have nothing to do with each other: correlations within 4/√n.
    @Test func copiesAreIndependent() throws {
        let chance = try ChanceNetwork(.birthAndDeath(birth: 5, death: 1))
        let request = CourseRequest(times: [0, 3], outputs: [CourseRequest.Output("X")])
        let ends = try (0..<2001).map { try chance.run(request, seed: 4, copy: $0).values[1] }
        let others = try (0..<2001).map { try chance.run(request, seed: 5, copy: $0).values[1] }
        func correlation(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
            let (ma, mb) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
            let both = zip(a, b).reduce(0) { $0 + ($1.0 - ma) * ($1.1 - mb) }
            let (va, vb) = (a.reduce(0) { $0 + ($1 - ma) * ($1 - ma) }, b.reduce(0) { $0 + ($1 - mb) * ($1 - mb) })
            return both / (va * vb).squareRoot()
        }
        #expect(abs(correlation(ends[..<2000], ends[1...])) < 4 / 2000.0.squareRoot())
        #expect(abs(correlation(ends[...], others[...])) < 4 / 2000.0.squareRoot())
    }

    @Test func quantilesAreThoseOfTheRuns() throws {
        let chance = try ChanceNetwork(network)
        let runs = try (0..<200).map { try chance.run(request, seed: 9, copy: $0).values[5] }.sorted()
        let all = try chance.runs(request, count: 200, seed: 9, quantiles: [0, 0.25, 0.5, 1], on: ThreadTeam(count: 1))
        #expect(all.quantiles.map { $0[5] } == [runs[0], runs[49], runs[99], runs[199]])
        #expect(all.resolution == 0)
    }

    /// 5,000 different numbers are put together to 512 at most, and quantiles are as close as is said.
    @Test func quantilesOfManyDifferentNumbersAreCloseAsSaid() throws {
        var network = ReactionNetwork(name: "draw")
        network.parameters = [NetworkParameter(name: "x", value: nil, isConstant: false)]
        network.initialAssignments = [NetworkAssignment("x", .draw(.normal, [.number(1), .number(2)]))]
        let chance = try ChanceNetwork(network)
        let request = CourseRequest(times: [0], outputs: [CourseRequest.Output("x")])
        let values = try (0..<5000).map { try chance.run(request, seed: 1, copy: $0).values[0] }.sorted()
        #expect(Set(values).count == 5000)
        let shares = [0.01, 0.3, 0.5, 0.9]
        let all = try chance.runs(request, count: 5000, seed: 1, quantiles: shares, on: ThreadTeam(count: 1))
        #expect(all.resolution > 0 && all.resolution < 0.1)
        for (share, quantile) in zip(shares, all.quantiles) {
            let exact = values[Int((share * 5000).rounded(.up)) - 1]
            #expect(abs(quantile[0] - exact) <= all.resolution * abs(exact))
        }
    }

    private func failure(_ change: (inout ReactionNetwork) -> Void) -> NetworkFailure? {
        var network = ReactionNetwork.birthAndDeath(birth: 1, death: 0.1)
        network.parameters = [NetworkParameter(name: "p", value: 2, isConstant: false)]
        change(&network)
        do throws(NetworkFailure) {
            let request = CourseRequest(times: [0, 30], outputs: [CourseRequest.Output("X")])
            _ = try ChanceNetwork(network).run(request, seed: 1)
        } catch { return error }
        return nil
    }

    @Test func whatChanceCannotDoIsSaidByName() throws {
        let algebraic = failure { $0.algebraicRules = [.name("p") - .number(1)] }
        #expect(algebraic?.kind == .unsupported && algebraic?.problem.contains("algebraic rule") == true)
        let fast = failure { $0.reactions[1].isFast = true }
        #expect(fast?.kind == .unsupported && fast?.problem.contains("reaction 'death' is fast") == true)
        let half = failure { $0.reactions[0].products[0].stoichiometry = .number(0.5) }
        #expect(half?.kind == .unsupported && half?.problem.contains("changes 'X' by 0.5") == true)
        let varying = failure {
            $0.reactions[0].products[0].stoichiometry = .name("p")
            $0.rateRules = [NetworkAssignment("p", .number(1))]
        }
        #expect(varying?.kind == .unsupported && varying?.problem.contains("stoichiometry of 'X' in") == true)
        let fraction = failure { $0.species[0].initial = .amount(2.5) }
        #expect(fraction?.kind == .unsupported && fraction?.problem.contains("2.5 of 'X'") == true)
        let past = failure { $0.reactions[0].rate = .delayed(.name("X"), by: .number(1)) }
        #expect(past?.kind == .unsupported && past?.problem.contains("some time ago") == true)
    }

    @Test func whatGoesWrongOnTheWaySaysWhereAndWhen() throws {
        let negative = failure { $0.reactions[0].rate = .number(4) - .name("X") }
        #expect(negative == nil, "4 − X is 0 at 4, where births end")
        let below = failure {
            $0.reactions[0].rate = .number(4) - .number(2) * .name("X")
            $0.reactions[0].products[0].stoichiometry = .number(3)
        }
        #expect(below?.kind == .stopped && below?.problem.contains("the rate of reaction 'birth' is -2.0") == true)
        let endless = failure { $0.reactions[0].rate = .number(1) / (.number(3) - .name("X")) }
        #expect(endless?.problem.contains("the rate of reaction 'birth' is inf") == true)
        let event = failure {
            $0.events = [
                NetworkEvent(
                    name: "set", trigger: .call(.greater, [.time, .number(2)]),
                    assignments: [NetworkAssignment("X", .number(-1))])
            ]
        }
        #expect(event?.kind == .stopped && event?.problem.contains("-1.0 of 'X' at time 2.0") == true)
    }
}
