import Biology
import Foundation
import Networks
import Testing

/// V20 and V21: tumours and the immune system, from the published files.
@Suite struct TumourNetworkTests {
    private func isClose(_ found: Double?, _ exact: Double, _ share: Double) -> Bool {
        PublishedNetwork.isClose(found, exact, share)
    }

    /// V20.
    @Test func kuznetsovHasFourStates() throws {
        guard let network = try PublishedNetwork.read("BIOMD0000000762") else { return }
        let states = try network.rests()
        #expect(states.count == 4)
        let exact: [(e: Double, t: Double, kind: Equilibrium.Kind)] = [
            (3.1553e5, 0, .saddle), (1.60811e6, 8.18638e6, .stableFocus), (7.5851e5, 2.68023e8, .saddle),
            (1.73213e5, 4.47026e8, .stableNode),
        ]
        for (e, t, kind) in exact {
            let state = states.first { isClose($0["E"], e, 1e-3) && abs($0["T"] - t) <= 1e-3 * t + 1e-3 }
            #expect(state?.equilibrium.kind == kind, "(\(e), \(t))")
        }
        let focus = try #require(states.first { $0.equilibrium.kind == .stableFocus }).equilibrium.eigenvalues[0]
        #expect(isClose(focus.real, -0.005516, 1e-3) && isClose(abs(focus.imaginary), 0.06342, 1e-3))
    }

    /// V20: smaller tumours are held in dormancy, a large one escapes.
    @Test(arguments: [(5e5, 8.16e6, 0.0074), (5e7, 8.16e6, 0.0074), (4.5e8, 4.47e8, 1e-3)])
    func kuznetsovEndsInDormancyOrEscape(start: Double, end: Double, share: Double) throws {
        guard let network = try PublishedNetwork.read("BIOMD0000000762", ["E": 3.2e5, "T": start]) else { return }
        let tumour = try network.course(["T"], at: [0, 1000]).column("T")?.last
        #expect(isClose(tumour, end, share), "\(tumour ?? .nan)")
    }

    /// V21's equations as the paper has them.
    ///
    /// The published file makes IL-2's stimulation p1 E I / g1 in place of p1 E I / (g1 + I): the same where IL-2 is
    /// scarce beside g1 = 2e7, another fold (c = 7.435e-5) and no threshold of s2.
    private static func equations(_ values: [String: Double] = [:]) -> ReactionNetwork {
        var network = ReactionNetwork(name: "Kirschner & Panetta 1998")
        network.compartments = [NetworkCompartment(name: "body", size: 1)]
        network.species = ["Immune_cells", "Tumor", "IL2"].map {
            NetworkSpecies(name: $0, compartment: "body", initial: .amount(1), meaning: .amount)
        }
        let numbers: [String: Double] = [
            "c": 0.035, "mu2": 0.03, "p1": 0.1245, "g1": 2e7, "s1": 0, "r2": 0.18, "b": 1e-9, "a": 1, "g2": 1e5,
            "p2": 5, "g3": 1e3, "mu3": 10, "s2": 0,
        ]
        network.parameters = numbers.sorted { $0.key < $1.key }.map { NetworkParameter(name: $0.key, value: $0.value) }
        func n(_ name: String) -> Formula { .name(name) }
        let (e, t, i) = (n("Immune_cells"), n("Tumor"), n("IL2"))
        let rates: [(String, Formula, Formula)] = [
            (
                "Immune_cells", n("c") * t + n("p1") * e * i / (n("g1") + i) + n("s1"), n("mu2") * e
            ),
            ("Tumor", n("r2") * t * (.number(1) - n("b") * t), n("a") * e * t / (n("g2") + t)),
            ("IL2", n("p2") * t * e / (n("g3") + t) + n("s2"), n("mu3") * i),
        ]
        for (species, gain, loss) in rates {
            network.reactions.append(
                NetworkReaction(name: "\(species)_gain", reactants: [], products: [.init(species)], rate: gain))
            network.reactions.append(
                NetworkReaction(name: "\(species)_loss", reactants: [.init(species)], products: [], rate: loss))
        }
        return network.with(values).network
    }

    /// V21: fold and Hopf point, of the paper's equations and of the file.
    @Test func kirschnerPanettaTurnsAndBeginsToOscillate() throws {
        try checkTurns(Self.equations(), fold: 8.552e-5)
        if let network = try PublishedNetwork.read("BIOMD0000000732") { try checkTurns(network, fold: 7.4351e-5) }
    }

    private func checkTurns(_ network: ReactionNetwork, fold: Double) throws {
        let resting = try NetworkAtRest(network, varying: ["c"])
        let problem = try resting.problem()
        let search = resting.search(starts: 128)
        let continuation = Continuation(problem, over: 1e-6...0.05, search: search) { resting.setting(["c": $0]) }
        let branches = BifurcationDiagram(continuation, search: search).run().branches
        let specials = branches.flatMap(\.specials)
        #expect(specials.count == 2)
        #expect(isClose(specials.first { $0.kind == .fold }?.parameter, fold, 1e-4))
        let hopf = try #require(specials.first { $0.kind == .hopf })
        #expect(isClose(hopf.parameter, 0.032464, 2e-5) && isClose(hopf.angularFrequency, 0.06706, 1e-4))
    }

    /// V21.
    @Test func kirschnerPanettaRestsUnderStrongAndWeakAntigen() throws {
        guard let network = try PublishedNetwork.read("BIOMD0000000732") else { return }
        let strong = try #require(try network.rests(["c": 0.035]).first { $0.equilibrium.isStable })
        for (name, exact) in [("Immune_cells", 21275.0), ("Tumor", 18198), ("IL2", 10083)] {
            #expect(isClose(strong[name], exact, 1e-3))
        }
        let weak = try #require(try network.rests(["c": 5e-5]).first { $0.equilibrium.isStable })
        #expect(isClose(weak["Tumor"], 9.884e8, 1e-3))
    }

    /// V21: limit cycles, from the unstable state of rest.
    @Test(arguments: [(0.02, 242.28, 1.34e-4, 3.756e5), (0.03, 107.05, 2186, 6.883e4)])
    func kirschnerPanettaOscillates(c: Double, period: Double, least: Double, greatest: Double) throws {
        guard let network = try PublishedNetwork.read("BIOMD0000000732") else { return }
        let resting = try NetworkAtRest(network, varying: ["c"])
        let problem = try resting.problem(["c": c])
        let focus = try #require(
            resting.search(starts: 128).run(problem).equilibria.first { $0.kind == .unstableFocus })
        let tumour = try #require(resting.unknowns.firstIndex(of: "Tumor"))
        let cycle = try #require(
            try LimitCycleSearch(around: focus).run(
                resting.system, inputs: problem.setting.inputs, from: focus.values.map { $0 * 1.05 }))
        #expect(isClose(cycle.period, period, 0.01), "\(cycle.period)")
        #expect(isClose(cycle.least[tumour], least, 0.05), "\(cycle.least[tumour])")
        #expect(isClose(cycle.greatest[tumour], greatest, 0.05), "\(cycle.greatest[tumour])")
    }

    /// V21: cell therapy clears where s1 > r2 g2 µ2 / a = 540 a day.
    @Test func cellTherapyClearsFromAThresholdOn() throws {
        guard let below = try PublishedNetwork.read("BIOMD0000000732", ["c": 0, "s1": 530]) else { return }
        let escaped = try below.course(["Tumor"], at: [0, 40000], absolute: 1e-6).column("Tumor")?.last
        #expect(isClose(escaped, 1e9, 0.01), "\(escaped ?? .nan)")
        let above = try #require(try PublishedNetwork.read("BIOMD0000000732", ["c": 0, "s1": 550]))
        let tumour = try #require(try above.course(["Tumor"], at: [0, 2000, 4000], absolute: 1e-30).column("Tumor"))
        let slope = log(tumour[2] / tumour[1]) / 2000
        #expect(isClose(slope, -0.003333, 1e-3), "\(slope)")
    }

    /// V21: IL-2 alone: effector cells grow without bound where s2 > µ2 µ3 g1 / (p1 − µ2) = 6.349e7.
    @Test func il2AloneRunsAwayFromAThresholdOn() throws {
        let exact = 0.03 * 10 * 2e7 / (0.1245 - 0.03)
        #expect(isClose(exact, 6.349e7, 1e-4))
        for (share, grows) in [(0.999, false), (1.001, true)] {
            let network = Self.equations(["c": 0, "s2": share * exact, "Tumor": 0, "Immune_cells": 100])
            let cells = try #require(try network.course(["Immune_cells"], at: [0, 100, 200]).column("Immune_cells"))
            #expect((cells[2] > cells[1]) == grows)
        }
    }
}
