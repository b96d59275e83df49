import Biology
import Testing

@testable import ModelFiles

/// What a pinned catalogue does to a model file.
@Suite struct PinnedCatalogueTests {
    private func read(_ settings: [String] = [], _ text: String = MadeUpCatalogue.model) throws -> Model {
        try ModelFile.read(text, named: "m.yaml", settings: settings, catalogue: MadeUpCatalogue.open).model
    }

    private func taken(_ model: Model) -> [String] { model.catalogue?.numbers.map(\.path) ?? [] }

    @Test func whatTheFileLeavesOutComesFromTheCatalogueToTheLastBit() throws {
        let model = try read()
        let (il2, ifn) = (try #require(model.molecule("IL-2")), try #require(model.molecule("IFN-γ")))
        #expect(il2.diffusion.value == 12.5 && il2.mass?.value == 15.5)
        #expect(ifn.diffusion.value == 0.1 + 0.2 && ifn.decay.value == 1e-5 && ifn.mass == nil)
        let binding = try #require(model.receptor("IL-2R")?.ligands.first)
        #expect(binding.ligand == "IL-2" && binding.kOn.value == 0.05 && binding.kOff.value == 0.05 * 0.01)
        #expect(binding.endocytosis.value == 1e-3)
        let treg = try #require(model.cellType("Treg"))
        #expect(treg.radius.value == 4 && treg.receptors == ["IL-2R": .spread(Spread(1000, variation: 0.25))])
        #expect(treg.secretes == ["IFN-γ": Spread(2)])
    }

    @Test func everyNumberTakenIsListedWithItsPlace() throws {
        let model = try read()
        #expect(model.catalogue?.version == "builtin@2026.1")
        #expect(
            taken(model) == [
                "cells.Treg.radius", "cells.Treg.receptors.IL-2R", "cells.Treg.secretes.IFN-γ",
                "molecules.IFN-γ.decay", "molecules.IFN-γ.diffusion", "molecules.IL-2.diffusion",
                "molecules.IL-2.mass", "receptors.IL-2R.k_endo", "receptors.IL-2R.k_off", "receptors.IL-2R.k_on",
            ])
        let off = try #require(model.catalogue?.numbers.first { $0.path == "receptors.IL-2R.k_off" })
        #expect(off.number.range == 1e-4...1e-3 && off.number.source == "a test" && off.number.isWeak)
        #expect(model.catalogue?.weak.map(\.path) == ["receptors.IL-2R.k_off"])
        #expect(try ModelDocument.read(ModelDocument.json(model), named: "model.json") == model)
    }

    @Test func theFileComesBeforeTheCatalogue() throws {
        let model = try read()
        #expect(abs((model.molecule("IL-2")?.decay.value ?? 0) * 3600 - 0.5) < 1e-12)
        let helper = try #require(model.cellType("Th"))
        #expect(helper.secretes == ["IL-2": Spread(3)] && helper.radius.value == 4 && helper.receptors.isEmpty)
    }

    @Test func aTableThatIsWrittenIsTakenAsItIs() throws {
        let model = try read(
            [], MadeUpCatalogue.model.replacing("Treg: {count: 10}", with: "Treg: {count: 10, secretes: {}}"))
        #expect(model.cellType("Treg")?.secretes == [:] && model.cellType("Treg")?.receptors.count == 1)
    }

    @Test func settingsComeBeforeBoth() throws {
        let model = try read([
            "molecules.TCGF.diffusion=7 µm²/s", "cells.Treg.receptors.IL-2R=5", "cells.regulatory-T.radius=3 µm",
        ])
        #expect(model.molecule("IL-2")?.diffusion.value == 7)
        #expect(model.cellType("Treg")?.receptors == ["IL-2R": .spread(Spread(5))])
        #expect(model.cellType("Treg")?.secretes == ["IFN-γ": Spread(2)], "what stands beside it stays")
        #expect(taken(model).count == 7 && !taken(model).contains("cells.Treg.radius"))
    }

    /// A rate that follows from another follows from what the file, a parameter or a setting says of it.
    @Test(arguments: [
        ("k_on: 2 µm³/molecules/s", [String]()), ("k_on: fast", []), ("", ["receptors.IL-2R.k_on=2 µm³/molecules/s"]),
    ])
    func whatFollowsFromARateFollowsFromTheStatedOne(written: String, settings: [String]) throws {
        let text = MadeUpCatalogue.model.replacing(
            "ligand: TCGF", with: "ligand: TCGF" + (written.isEmpty ? "" : ", " + written)
        ).replacing(
            "space:", with: (written.contains("fast") ? "parameters: {fast: 2 µm³/molecules/s}\n" : "") + "space:")
        let model = try read(settings, text)
        #expect(model.receptor("IL-2R")?.ligands.first?.kOff.value == 2 * 0.01)
    }

    @Test func synonymsMeetOneEntryWhereverTheyStand() throws {
        let model = try read()
        #expect(model.rules.first?.inputs.first?.signal == .concentration("IFN-γ"))
        #expect(model.rules.first?.behaviour == .secretion("IL-2"))
        #expect(model.record.fields.first?.molecule == "IFN-γ")
        #expect(model.placements.contains { $0.cellType == "Treg" })
        #expect(model.expectations.map(\.text).last == "mean IL-2R.bound of Treg > 1 receptors")
    }

    @Test func wordsOfATableOfCellsAreItsOwn() throws {
        let text = MadeUpCatalogue.model.replacing(
            "place: {regulatory-T: random, Th: random}",
            with: "place: {table: {file: c.csv, x: IL2, y: TCGF, type: TCGF, labels: {IL2: regulatory-T, Th: Th}}}"
        ).replacing("receptors: {IL-2R: {ligand: TCGF}}", with: "receptors: {IL-2R: {ligand: TCGF}}")
            .replacing("Th: {count: 5, ", with: "Th: {count: 5, receptors: {IL2R: 'column IL2, mean 20 receptors'}, ")
        let model = try read([], text)
        guard case .table(let plan)? = model.placements.first?.pattern else {
            Issue.record("the cells come from a table")
            return
        }
        #expect(plan.positionColumns == ["IL2", "TCGF"] && plan.typeColumn == "TCGF")
        #expect(plan.labels["IL2"]?.first?.cellType == "Treg")
        guard case .column(let column, _)? = model.cellType("Th")?.receptors["IL-2R"] else {
            Issue.record("the receptors come from a column")
            return
        }
        #expect(column == "IL2")
    }

    @Test func withoutAPinNothingIsAddedAndNoNameMeetsAnother() {
        let text = MadeUpCatalogue.model.replacing("catalogue: builtin@2026.1\n", with: "")
        let said = Files.problems(text)
        #expect(
            said.contains("'molecules.IL-2' has no 'diffusion'\n") && said.contains("no molecule has the name 'TCGF'"))
    }

    @Test func aReaderWithoutACatalogueSaysSoOnce() {
        #expect(throws: InvalidModel.self) { try ModelFile.read(MadeUpCatalogue.model, named: "m.yaml") }
        do {
            _ = try ModelFile.read(
                MadeUpCatalogue.model.replacing("TCGF", with: "IL-2").replacing("IL2", with: "IL-2")
                    .replacing("IFNg", with: "IFN-γ").replacing("IFNG", with: "IFN-γ")
                    .replacing("regulatory-T", with: "Treg"), named: "m.yaml")
        } catch {
            #expect(error.diagnostics.count == 1 && error.diagnostics[0].place.line == 3, "\(error)")
        }
    }

    @Test(arguments: [
        "IL-2'; DROP TABLE names; --", "\u{1B}[2J", String(repeating: "A", count: 5000), "γ\u{0301}", "%_",
    ])
    func hostileNamesAreSaidAndNothingElse(name: String) {
        let quoted = "\"" + name.replacing("\u{1B}", with: "\\e") + "\""
        let said = Files.problems(MadeUpCatalogue.model.replacing("IFN-γ: {}", with: "\(quoted): {}, IFN-γ: {}"))
        #expect(said.hasPrefix("m.yaml:5:") && said.contains("error:") && !said.contains("\u{1B}"))
        #expect(said.count < 5000)
    }
}

@Suite struct ModelDraftTests {
    private func draft(_ cells: [String], _ cytokines: [String]) throws -> ModelDraft {
        ModelDraft(
            named: "d", cells: cells, cytokines: cytokines, catalogue: try MadeUpCatalogue.open("builtin@2026.1"))
    }

    @Test func aDraftIsAModelWithItsSourcesBesideItsNumbers() throws {
        let draft = try draft(["Treg"], ["IFNg"])
        #expect(draft.problems.isEmpty)
        let checked = try ModelFile.read(draft.text, named: "d.yaml", catalogue: MadeUpCatalogue.open)
        #expect(checked.warnings.isEmpty && checked.model.molecules.map(\.name) == ["IFN-γ"])
        #expect(checked.model.catalogue?.numbers == [], "every number is written")
        #expect(checked.model.cellType("Treg")?.secretes == ["IFN-γ": Spread(2)])
        #expect(checked.model.expectations.count == 2)
        #expect(draft.text.contains("    # chosen: made up (a test)\n    diffusion: 0.3 µm²/s"))
    }

    @Test func whatCannotBeWrittenIsSaid() throws {
        #expect(
            try draft(["Treg"], ["IL-2"]).problems == [
                "the catalogue has no secretion of IL-2 by Treg, so nothing makes it"
            ])
        #expect(
            try draft(["Treg", "regulatory-T", "X9"], ["TNF"]).problems == [
                "'regulatory-T' and 'Treg' are one thing", "the catalogue does not know 'X9'",
            ])
        #expect(try draft(["Treg"], ["TNF"]).problems.first == "the catalogue has no diffusion of TNF")
        #expect(try draft(["Treg\n  evil: 1"], ["IFN-γ"]).problems.count == 2)
    }
}
