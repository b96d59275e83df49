import Foundation
import Testing

@testable import Catalogue

@Suite struct ReachTests {
    /// λ = √(D/(k_on R n)): validation V03, k_on 111.6 /nM/h = 0.05148 µm³/s, D = 100 µm²/s.
    @Test(arguments: [(1e3, 1e4, 440.8), (1e4, 1e4, 139.4), (1e4, 1e5, 44.08), (1e5, 1e5, 13.94), (1e5, 1e6, 4.41)])
    func screeningLengthIsThatOfAUniformSink(receptors: Double, density: Double, length: Double) {
        let found = Reach.screeningLength(
            diffusion: 100, association: 0.0514758, receptors: receptors, density: density)
        #expect(abs(found / length - 1) < 1e-3)
    }

    /// P = k_on R/(k_on R + 4πDa): validation V05, a = 5 µm.
    @Test(arguments: [
        (10.0, 1e3, 0.0757), (10, 1e4, 0.4503), (10, 1e5, 0.8912), (100, 1e4, 0.0757), (100, 1e5, 0.4503),
    ])
    func captureIsThatOfAPartlyAbsorbingSphere(diffusion: Double, receptors: Double, share: Double) {
        let found = Reach.captured(diffusion: diffusion, association: 0.0514758, receptors: receptors, radius: 5)
        #expect(abs(found - share) < 1e-4)
    }

    @Test func reachOfIL2IsComputedFromItsOwnNumbers() throws {
        let catalogue = try Builtin.get()
        let cytokine = try #require(catalogue.cytokine(named: "IL-2"))
        let reach = try #require(catalogue.reach(of: cytokine))
        #expect(reach.diffusion.value.typical == 10 && reach.association?.receptor == "IL2RA+IL2RB+IL2RG")
        let activated = try #require(reach.consumers.first { $0.receptors == 1e4 })
        #expect(activated.lengths.map { ($0 * 100).rounded() / 100 } == [44.08, 13.94, 4.41])
        #expect(abs(activated.captured - 0.4503) < 1e-4)
        // √(10 µm²/s / (0.1 /h))
        #expect(abs((reach.decayLength ?? 0) - 600) < 1e-9)
    }

    @Test func membraneBoundLigandsDoNotDiffuse() throws {
        let catalogue = try Builtin.get()
        let bound = catalogue.cytokines.filter(\.isMembraneBound)
        #expect(bound.map(\.name) == ["LT-β", "OX40L"])
        for cytokine in bound {
            #expect(catalogue.reach(of: cytokine) == nil)
            #expect(catalogue.measurements(of: cytokine.name, parameter: .diffusion).isEmpty)
        }
    }
}

@Suite struct PageTests {
    /// Every page of every entry fits a terminal and holds nothing a terminal would obey.
    @Test func everyPageFitsATerminal() throws {
        let catalogue = try Builtin.get()
        var pages = catalogue.cytokines.map { catalogue.sheet(of: $0).text }
        pages += catalogue.cells.map { catalogue.sheet(of: $0).text }
        pages += catalogue.known.chains.values.map { catalogue.sheet(of: $0).text }
        pages += [catalogue.report().text, catalogue.cellList, catalogue.receptorList]
        pages += [catalogue.text(of: catalogue.cytokines), catalogue.text(of: catalogue.citations)]
        for page in pages {
            for line in page.split(separator: "\n") where line.count > 100 || line.hasSuffix(" ") {
                Issue.record("\(line.count) characters: \(line)")
            }
        }
    }

    @Test func cellsTalkThroughWhatOneMakesAndTheOtherHears() throws {
        let catalogue = try Builtin.get()
        let network = catalogue.network(
            from: catalogue.cellType(named: "Th1"), to: catalogue.cellType(named: "macrophage"))
        #expect(Set(network.edges.map(\.cytokine)) == ["GM-CSF", "IFN-γ", "TNF", "MIF", "CCL3"])
        #expect(network.edges.first { $0.cytokine == "MIF" }?.saidOfMaker == "T cell")
        #expect(network.edges.first { $0.cytokine == "IFN-γ" }?.receptors == ["IFNGR1+IFNGR2"])
        let heard = catalogue.network(from: nil, to: catalogue.cellType(named: "eosinophil")).edges
        #expect(Set(heard.map(\.cytokine)).isSuperset(of: ["IL-5", "CCL11"]))
    }

    @Test func searchFindsEveryWordInAnyOrder() throws {
        let catalogue = try Builtin.get()
        #expect(catalogue.search("granuloma TNF").contains { $0.subject == "TNF" && $0.source == "gransim" })
        #expect(catalogue.search("ifn-gamma macrophage").contains { $0.text.contains("macrophage") })
        #expect(catalogue.search("10.1073/pnas.95.2.570").map(\.subject) == ["grell-1998"])
        #expect(catalogue.search("  ").isEmpty && catalogue.search("no such words").isEmpty)
    }

    @Test func comparisonNamesSharedChains() throws {
        let catalogue = try Builtin.get()
        let pair = ["IL-2", "IL-15"].compactMap { catalogue.cytokine(named: $0) }
        #expect(catalogue.comparison(of: pair).text.contains("chains      IL2RB, IL2RG\n"))
    }

    /// The whole of it, page by page, in two seconds (it takes a tenth of that when optimised).
    @Test func consistencyIsQuick() throws {
        let catalogue = try Builtin.get()
        let clock = ContinuousClock()
        let took = clock.measure { _ = (catalogue.brokenRules(), catalogue.consistency()) }
        #expect(took < .seconds(2))
    }
}
