import Biology
import Foundation
import Networks
import Testing

/// V11, V12 and V25: commitment, helper cells, and two states of an embryo's axis.
@Suite struct ThCellNetworkTests {
    private func isClose(_ found: Double?, _ exact: Double, _ share: Double) -> Bool {
        PublishedNetwork.isClose(found, exact, share)
    }

    /// dG/dτ = s + kG²/(1 + G²) − G.
    private static let commitment: ReactionNetwork = {
        var network = ReactionNetwork(name: "commitment")
        network.parameters = [
            NetworkParameter(name: "s", value: 0, isConstant: false), NetworkParameter(name: "k", value: 3),
            NetworkParameter(name: "end", value: 1e9),
            NetworkParameter(name: "G", value: 0, isConstant: false),
        ]
        let square = Formula.name("G") * .name("G")
        network.rateRules = [
            NetworkAssignment(
                "G", .name("s") + .name("k") * square / (.number(1) + square) - .name("G"))
        ]
        network.events = [
            NetworkEvent(
                name: "wash", trigger: .call(.greaterOrEqual, [.time, .name("end")]),
                assignments: [NetworkAssignment("s", .number(0))])
        ]
        return network
    }()

    /// V11: states, and the fold.
    @Test func gata3RemembersFromAFoldOn() throws {
        let resting = try NetworkAtRest(Self.commitment, varying: ["s"])
        var search = resting.search(ranges: ["G": 1e-3...10])
        search.lowest = [0]
        let problem = try resting.problem()
        let states = search.run(problem).equilibria.sorted { $0.values[0] < $1.values[0] }
        #expect(states.map(\.isStable) == [true, false, true])
        for (state, exact) in zip(states, [0, 0.38197, 2.61803]) { #expect(abs(state.values[0] - exact) < 1e-5) }
        let continuation = Continuation(problem, over: 0...0.3, search: search) { resting.setting(["s": $0]) }
        let folds = BifurcationDiagram(continuation, search: search).run().branches.flatMap(\.specials)
        #expect(folds.map(\.kind) == [.fold])
        #expect(abs(folds[0].parameter - 0.08587) < 5e-6 && abs(folds[0].equilibrium.values[0] - 0.1773) < 5e-5)
    }

    /// V11: a strong pulse commits, a weak one of any duration is forgotten.
    @Test(arguments: [(0.2, 30.0, 2.61803), (0.05, 1000, 0)])
    func pulsesAreRememberedOrNot(s: Double, duration: Double, end: Double) throws {
        let network = Self.commitment.with(["s": s, "end": duration]).network
        let value = try #require(try network.course(["G"], at: [0, duration + 100]).column("G")?.last)
        #expect(abs(value - end) < 1e-3)
    }

    /// V12.
    @Test(arguments: [
        (0.0, 3.2589e5, 7.4349e5, 0.06210, 0.72399), (0.1, 2.621e6, 1.2585e5, 1.1072, 0.22861),
        (1, 1.1820e7, 1.0347e4, 8.5181, 0.17312), (10, 1.9403e7, 1.8592e3, 15.956, 0.16910),
    ])
    func il12TurnsType2IntoType1(l: Double, t1: Double, t2: Double, ifn: Double, il10: Double) throws {
        guard let network = try PublishedNetwork.read("BIOMD0000000881") else { return }
        let stable = try network.rests(["L": l]).filter { $0.equilibrium.isStable }
        #expect(stable.count == 1)
        for (name, exact) in [("T_1", t1), ("T_2", t2), ("G", ifn), ("I", il10)] {
            #expect(isClose(stable.first?[name], exact, 1e-3), "\(name): \(stable.first?[name] ?? .nan)")
        }
    }

    /// V25: two states between x = 9.75 and 25.90.
    @Test func retinoicAcidAndFGFHaveTwoStatesOverAWindow() throws {
        guard let network = try PublishedNetwork.read("BIOMD0000000275") else { return }
        let resting = try NetworkAtRest(network, varying: ["x"])
        let search = resting.search(starts: 128)
        let problem = try resting.problem()
        let continuation = Continuation(problem, over: 1...49, search: search) { resting.setting(["x": $0]) }
        let specials = BifurcationDiagram(continuation, search: search).run().branches.flatMap(\.specials)
        let folds = specials.filter { $0.kind == .fold }.map(\.parameter).sorted()
        #expect(folds.count == 2)
        #expect(isClose(folds.first, 9.75, 5e-3) && isClose(folds.last, 25.90, 5e-3), "\(folds)")
    }

    /// V25.
    @Test(
        arguments: [
            (15, [[3.780, 0.0042], [0.1988, 0.7544]]), (5, [[4.900, 0.0008]]), (30, [[0.1073, 2.330]]),
        ] as [(Double, [[Double]])])
    func retinoicAcidAndFGFRestAlongTheAxis(x: Double, exact: [[Double]]) throws {
        guard let network = try PublishedNetwork.read("BIOMD0000000275") else { return }
        let stable = try network.rests(["x": x]).filter { $0.equilibrium.isStable }.sorted { $0["RA"] > $1["RA"] }
        #expect(stable.count == exact.count)
        for (state, exact) in zip(stable, exact) {
            let (acid, fgf) = (exact[0], exact[1])
            #expect(isClose(state["RA"], acid, 5e-3))
            // Numbers given with four decimals.
            #expect(abs(state["F"] - fgf) <= 5e-3 * fgf + 5e-5, "\(state["F"])")
        }
    }
}
