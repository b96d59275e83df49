import Biology
import Foundation
import Testing

@testable import Catalogue

/// Of several numbers that say the same, a lab's own is the one a model takes.
@Suite struct LabNumbersTests {
    private static let picomolar = 0.602214076e-3

    private func catalogue(_ lines: String...) throws -> ParameterCatalogue {
        let overlay = try Overlay([
            "sources.csv": OverlayTests.sources,
            "measurements.csv": OverlayTests.head + lines.map { $0 + ",ours,measured,\n" }.joined(),
        ])
        return try overlay.catalogue()
    }

    private func number(_ question: CatalogueQuestion, in catalogue: ParameterCatalogue) throws -> CatalogueNumber {
        let answer = try catalogue.reader(pinned: "builtin@\(catalogue.version)").answer(question)
        guard case .number(let number) = answer else { throw Missing(said: "\(answer)") }
        return number
    }

    private struct Missing: Error { var said: String }

    private func rates(
        _ catalogue: ParameterCatalogue, on: Double? = nil, off: Double? = nil
    ) throws -> (on: CatalogueNumber, off: CatalogueNumber) {
        (
            try number(.association(receptor: "IL-2R", ligand: "IL-2", statedDissociation: off), in: catalogue),
            try number(.dissociation(receptor: "IL-2R", ligand: "IL-2", statedAssociation: on), in: catalogue)
        )
    }

    private let affinity = "IL-2,K_D,IL2RA+IL2RB+IL2RG,,20,pM,human,our cells"
    private let association = "IL-2,k_on,IL2RA+IL2RB+IL2RG,,50,/nM/h,human,our cells"
    private let dissociation = "IL-2,k_off,IL2RA+IL2RB+IL2RG,,2,/h,human,our cells"

    /// The built-in k_on is kept, k_off follows: the pair has the lab's K_D.
    @Test func aLabsAffinityComesBeforeBuiltinRates() throws {
        let found = try rates(try catalogue(affinity))
        #expect(abs(found.off.value / found.on.value / Self.picomolar / 20 - 1) < 1e-12)
        #expect(found.on.text == "111.6 /nM/h" && found.off.text.hasPrefix("K_D × k_on"))
        #expect(found.off.source.contains("Our notebook 12"))
    }

    @Test func aLabsAffinityAndOneOfItsRatesGiveTheOther() throws {
        let off = try rates(try catalogue(affinity, dissociation))
        #expect(off.off.text == "2 /h" && off.on.text.hasPrefix("k_off / K_D"))
        #expect(abs(off.off.value / off.on.value / Self.picomolar / 20 - 1) < 1e-12)
        let on = try rates(try catalogue(affinity, association))
        #expect(on.on.text == "50 /nM/h" && on.off.text.hasPrefix("K_D × k_on"))
        #expect(abs(on.off.value / on.on.value / Self.picomolar / 20 - 1) < 1e-12)
    }

    @Test func aLabsRatesStandBesideItsAffinity() throws {
        let found = try rates(try catalogue(affinity, association, dissociation))
        #expect(found.on.text == "50 /nM/h" && found.off.text == "2 /h")
    }

    /// What the file states counts first, and the lab's K_D with it.
    @Test func aLabsAffinityComesBeforeABuiltinRateWhereTheFileStatesTheOther() throws {
        let catalogue = try catalogue(affinity)
        let (on, off) = (0.1, 0.002)
        let found = try rates(catalogue, on: on, off: off)
        #expect(abs(found.on.value / (off / (20 * Self.picomolar)) - 1) < 1e-12)
        #expect(abs(found.off.value / (on * 20 * Self.picomolar) - 1) < 1e-12)
        let builtin = try rates(try Builtin.get(), on: on, off: off)
        #expect(builtin.on.text == "111.6 /nM/h" && builtin.off.text == "0.83 /h")
    }

    @Test(arguments: ["tissue", "culture medium"]) func aLabsHalfLifeComesBeforeABuiltinDecay(where: String) throws {
        let taken = try number(.decay(molecule: "IL-2"), in: try catalogue("IL-2,half-life,,,2,h,human,\(`where`)"))
        #expect(abs(taken.value - 0.693147180559945 / 7200) < 1e-12 && taken.text == "half-life 2 h")
    }

    @Test func aLabsHalfLifeInPlasmaIsNoDecay() throws {
        let taken = try number(.decay(molecule: "IL-2"), in: try catalogue("IL-2,half-life,,,2,h,human,plasma"))
        #expect(taken.text == "0.1 /h")
    }

    /// Reach and models choose by one rule.
    @Test func reachUsesWhatModelsUse() throws {
        let catalogue = try catalogue(affinity, dissociation, "IL-2,half-life,,,2,h,human,tissue")
        let cytokine = try #require(catalogue.cytokine(named: "IL-2"))
        let reach = try #require(catalogue.reach(of: cytokine))
        #expect(abs((reach.decayLength ?? 0) - (10 * 7200 / 0.693147180559945).squareRoot()) < 1e-6)
        let on = 2 / 3600 / (20 * Self.picomolar)
        let length = Reach.screeningLength(diffusion: 10, association: on, receptors: 1e5, density: 1e6)
        #expect(abs((reach.consumers.first?.lengths.last ?? 0) / length - 1) < 1e-12)
    }
}
