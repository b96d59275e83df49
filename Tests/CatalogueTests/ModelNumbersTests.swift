import Biology
import Foundation
import ModelFiles
import Testing

@testable import Catalogue

/// What the catalogue gives a model file, and by which rule it chooses.
@Suite struct ModelNumbersTests {
    private static let reader = try? Builtin.get().reader(pinned: "builtin@2026.2")

    private func number(
        _ question: CatalogueQuestion, in catalogue: ParameterCatalogue? = nil
    ) throws -> CatalogueNumber {
        let reader = try catalogue?.reader(pinned: "builtin@2026.2") ?? #require(Self.reader)
        guard case .number(let number) = reader.answer(question) else {
            throw Missing(said: "\(reader.answer(question))")
        }
        return number
    }

    private struct Missing: Error { var said: String }

    private func lacking(_ question: CatalogueQuestion) throws -> String {
        let answer = try #require(Self.reader).answer(question)
        if case .lacking(let why) = answer { return why }
        return "\(answer)"
    }

    // MARK: - Choosing

    @Test func theBetterGradeIsTaken() throws {
        let diffusion = try number(.diffusion(molecule: "IL2"))
        #expect(diffusion.value == 10 && diffusion.grade == "model value" && diffusion.subject.contains("tissue"))
        // 0.815 nM (measured) times 1e7 /M/s.
        let off = try number(.dissociation(receptor: "IL-4R", ligand: "IL-4", statedAssociation: nil))
        #expect(abs(off.value / 0.00815 - 1) < 1e-12 && off.grade == "derived" && off.text.hasPrefix("K_D × k_on"))
    }

    @Test func aNumberOfOneCellComesBeforeAnAverageOverAPopulation() throws {
        let secretion = try number(.secretion(molecule: "IFN-γ", cell: "CD8-T"))
        #expect(abs(secretion.value - 1000.0.squareRoot()) < 1e-12 && secretion.range == 10...100 && secretion.isWeak)
    }

    @Test func theCellTypeItselfComesBeforeWhatItIsAKindOf() throws {
        #expect(try number(.receptors(receptor: "IL-2R", ligands: ["IL-2"], cell: "Treg")).value == 1e5)
        let turn = try number(.receptors(receptor: "IL-7R", ligands: ["IL-7"], cell: "naive Treg"))
        #expect(turn.value == 5665 && turn.grade == "measured")
        #expect(try number(.receptors(receptor: "TNFR1", ligands: ["TNF"], cell: "Th1")).variation == 0.5)
        #expect(try number(.receptors(receptor: "TNFR1", ligands: ["TNF"], cell: "hepatocyte")).value == 7000)
    }

    @Test func aLabsOwnNumberIsTakenFirst() throws {
        let overlay = try Overlay([
            "sources.csv": OverlayTests.sources,
            "measurements.csv": OverlayTests.head + "IL2,diffusion,,,30,um^2/s,human,our gel,ours,measured,\n",
        ])
        let catalogue = try overlay.catalogue()
        let taken = try number(.diffusion(molecule: "IL-2"), in: catalogue)
        #expect(taken.value == 30 && taken.source == "Our notebook 12")
        let reader = try catalogue.reader(pinned: "builtin@\(catalogue.version)")
        #expect(reader.version == "builtin@\(catalogue.version)" && reader.version.count > "builtin@2026.2".count)
    }

    @Test func aBoundIsNoValueAndAPlasmaHalfLifeNoDecay() throws {
        #expect(try lacking(.association(receptor: "IL-18R1", ligand: "IL-18", statedDissociation: nil)).contains("no"))
        let decay = try number(.decay(molecule: "IL-6"))
        #expect(decay.isWeak && decay.subject.hasPrefix("of the whole class: cytokines decay"))
        #expect(try number(.decay(molecule: "CCL21")).subject.contains("chemokines"))
        #expect(try number(.decay(molecule: "IL-10")).value == 0.000485)
    }

    @Test func tregCellsMakeNoIL2() throws {
        #expect(try number(.secretion(molecule: "IL-2", cell: "Th1")).value == 10)
        let answer = try #require(Self.reader).answer(
            .secretion(molecule: "IL-2", cell: "Treg"))
        #expect(answer == .silent)
    }

    @Test func aRadiusIsHalfADiameter() throws {
        #expect(try number(.radius(cell: "macrophage")).value == 10)
        #expect(try lacking(.radius(cell: "Th3")) == "the catalogue has no cell type 'Th3'")
    }

    @Test func whatStaysOnTheMembraneDoesNotDiffuse() throws {
        #expect(try lacking(.diffusion(molecule: "OX40L")).contains("does not diffuse"))
    }

    // MARK: - Receptors

    @Test(arguments: [
        ("IL-2R", "IL2RA+IL2RB+IL2RG"), ("CD25", "IL2RA"), ("IL-2Rβ+γc", "IL2RB+IL2RG"), ("IFN-γR", "IFNGR1+IFNGR2"),
        ("TNFR1", "TNFRSF1A"), ("CXCR3", "CXCR3"), ("IL-7R", "IL7R"),
    ])
    func receptorsAreKnownByTheirNames(name: String, chains: String) throws {
        #expect(try #require(Self.reader).identity(name, .receptor) == chains)
    }

    @Test func receptorsThatShareNoChainAreNotChosenBetween() throws {
        let said = try lacking(.association(receptor: "TNFR", ligand: "TNF", statedDissociation: nil))
        #expect(said == "the catalogue does not choose between TNFRSF1A and TNFRSF1B for 'TNFR'")
    }

    @Test func theRatesOfAComplexAreThoseOfItsBindingChainWhereOnlyThoseAreKnown() throws {
        let on = try number(.association(receptor: "IFN-γR", ligand: "IFNG", statedDissociation: nil))
        #expect(on.subject.hasPrefix("IFN-γ k_on on IFNGR1,"))
        let endo = try number(.internalisation(receptor: "IFN-γR", ligand: "IFNG"))
        #expect(endo.subject.hasPrefix("IFN-γ k_endo on IFNGR1+IFNGR2,"))
        let count = try number(.receptors(receptor: "IFN-γR", ligands: ["IFN-γ"], cell: "macrophage"))
        #expect(count.range == 1000...10000)
        #expect(try lacking(.internalisation(receptor: "CXCR3", ligand: "CXCL10")).contains("no k_endo"))
        #expect(
            try lacking(.dissociation(receptor: "CXCR3", ligand: "CXCL10", statedAssociation: nil))
                == "the catalogue has no k_off of CXCL10 on CXCR3, only K_D ~0.1-1 nM")
    }

    @Test func whatTheFileStatesCountsInWhatFollowsFromIt() throws {
        let off = try number(.dissociation(receptor: "CXCR3", ligand: "CXCL10", statedAssociation: 0.01))
        let nanomolar = 0.602214076
        #expect(abs(off.value / (0.1.squareRoot() * nanomolar * 0.01) - 1) < 1e-12)
        let range = try #require(off.range)
        #expect(abs(range.lowerBound / (0.1 * nanomolar * 0.01) - 1) < 1e-12)
    }

    // MARK: - Versions

    @Test(arguments: [
        ("builtin@2025.3", 8, "this program has version 2026.2 of the catalogue, not '2025.3'"),
        ("mine@2026.2", 0, "'mine@2026.2' names no version of a catalogue"),
        ("builtin", 0, "'builtin' names no version of a catalogue"),
        ("builtin@2026.2+0123", 8, "the tables laid over the catalogue are not those of version '2026.2+0123'"),
        ("builtin@\u{1B}[2J", 8, "this program has version 2026.2 of the catalogue, not '·[2J'"),
    ])
    func anotherVersionIsRefused(pin: String, offset: Int, problem: String) throws {
        let catalogue = try Builtin.get()
        do {
            _ = try catalogue.reader(pinned: pin)
            Issue.record("\(pin) is refused")
        } catch {
            #expect(error.offset == offset && error.problem == problem)
        }
    }

    @Test(
        arguments: CatalogueReader.Kind.allCases,
        ["'; DROP TABLE names; --", "\u{0}", String(repeating: "+", count: 9999)])
    func hostileNamesStandForNothing(kind: CatalogueReader.Kind, name: String) throws {
        #expect(try #require(Self.reader).identity(name, kind) == nil)
    }
}

/// The catalogue and the model language together.
@Suite struct CataloguedModelTests {
    /// Opened once: that is most of the time a small model takes.
    private static let reader = try? Builtin.get().reader(pinned: "builtin@2026.2")

    private func open(_ pin: String) throws(TextProblem) -> CatalogueReader {
        guard let reader = Self.reader else { throw TextProblem(offset: 0, problem: "not opened", fix: "look why") }
        return reader
    }

    @Test func aModelOfNamesAloneIsWhole() throws {
        let text = """
            paracrine: 1
            model: names
            catalogue: builtin@2026.2
            space: {box: 100 x 100 x 100 µm, grid: 10 µm}
            molecules: {IL-2: {}}
            receptors: {IL-2R: {ligand: IL-2}}
            cells: {Th1: {count: 10 %, receptors: {}}, Treg: {count: 90 %}}
            place: {other: lattice 20 µm}
            run: {for: 1 h, seed: 1}
            """
        let model = try ModelFile.read(text, named: "m", catalogue: open).model
        let binding = try #require(model.receptor("IL-2R")?.ligands.first)
        // 111.6 /nM/h and 0.83 /h of the IL-2 model of Brunner et al.
        #expect(abs(binding.kOff.value / binding.kOn.value / 0.602214076e-3 - 7.437) < 0.001)
        #expect(model.cellType("Treg")?.receptors == ["IL-2R": .spread(Spread(1e5))])
        #expect(model.cellType("Th1")?.secretes == ["IL-2": Spread(10)] && model.cellType("Treg")?.secretes == [:])
        #expect(model.catalogue?.numbers.count == 10)
        #expect(model.catalogue?.numbers.allSatisfy { !$0.number.source.isEmpty && !$0.number.grade.isEmpty } == true)
        #expect(try ModelDocument.read(ModelDocument.json(model), named: "model.json") == model)
    }

    /// Every cell type and cytokine of which the catalogue knows enough make a draft that is a model.
    @Test func everyDraftOfAMakerAndItsCytokineIsAModel() throws {
        let catalogue = try Builtin.get()
        let reader = try #require(Self.reader)
        var written = 0
        var bound = 0
        for cell in catalogue.cells {
            for cytokine in catalogue.cytokines {
                guard case .number = reader.answer(.secretion(molecule: cytokine.name, cell: cell.name)) else {
                    continue
                }
                let draft = ModelDraft(
                    named: "d", cells: [cell.name], cytokines: [cytokine.name], catalogue: reader)
                if !draft.problems.isEmpty {
                    let said = draft.problems.joined()
                    #expect(said.contains("no diameter of") || said.contains("does not diffuse"), "\(said)")
                    continue
                }
                do {
                    let checked = try ModelFile.read(draft.text, named: "d", catalogue: open)
                    #expect(checked.warnings.isEmpty, "\(cell.name) \(cytokine.name): \(checked.warnings)")
                    written += 1
                    if !checked.model.receptors.isEmpty { bound += 1 }
                } catch {
                    Issue.record("\(cell.name) \(cytokine.name): \(error)\n\(draft.text)")
                }
            }
        }
        #expect(written >= 146 && bound >= 18, "\(written) \(bound)")
    }

    @Test func aDraftOfManyIsAModel() throws {
        let reader = try #require(Self.reader)
        let draft = ModelDraft(
            named: "d", cells: ["Th1", "macrophage", "Treg"], cytokines: ["IFNg", "TNF", "IL-2", "IL-10"],
            catalogue: reader)
        #expect(draft.problems.isEmpty)
        let model = try ModelFile.read(draft.text, named: "d", catalogue: open).model
        #expect(model.receptors.count >= 4 && model.cellTypes.count == 3)
        #expect(model.expectations.count >= 12)
    }
}
