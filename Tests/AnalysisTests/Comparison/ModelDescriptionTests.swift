import Biology
import Results
import Testing

@testable import Analysis

@Suite struct ModelDescriptionTests {
    private func text(_ model: Model, _ engine: RunManifest.Engine = .tissue, leap: String? = nil) -> String {
        ModelDescription(
            model, counts: ["Tsec": 4, "Treg": 17], engine: engine, leap: leap,
            origin: .init(programVersion: "0.1.0", modelHash: "abc123", command: "paracrine run FILE")
        ).markdown
    }

    /// Everything that cells do stands in the methods, in the words that `diff` has for it.
    @Test func everythingThatCellsDoIsNamed() throws {
        let model = try ModelTexts.model(ModelTexts.living)
        let text = text(model)
        let living = ["cells.", "mechanics", "obstacles", "run.motion"]
        let statements = ModelStatements(model).all.filter { said in
            living.contains { said.path.hasPrefix($0) } && !said.path.contains(".daughters")
        }
        #expect(statements.count > 50)
        for said in statements { #expect(text.contains(said.text), "\(said.path): \(said.text)") }
        for words in [
            "and free CD25 made anew", "leaving bodies (necrotic Tumour) for 24 h", "stood in it at the start",
            "Tranquillo", "from 10 µm/min to 2 µm/min", "from 0.05 /receptor to -0.01 /receptor",
        ] { #expect(text.contains(words), "\(words)") }
        #expect(!text.contains("dead Tumour cells had"))
    }

    /// Compartments, tissues, vessels and recruits stand in the methods, in the words that `diff` has for them.
    @Test(arguments: ["Examples/two-organs/two-organs.paracrine.yaml", "Examples/wound/wound.paracrine.yaml"])
    func theBodyIsNamed(path: String) throws {
        let model = try ModelTexts.model(path)
        let text = text(model).replacing(" × ", with: " x ")
        let parts = ["compartments.", "tissues.", "vessels.", "recruits.", "treatments", "molecules."]
        let statements = ModelStatements(model).all.filter { said in
            parts.contains { said.path.hasPrefix($0) } && !said.path.contains(".cells.")
                && !said.path.contains(".place.")
                && !said.path.hasSuffix(".exchange") && !said.path.hasSuffix(".permeability")
        }
        #expect(statements.count > 8)
        for said in statements { #expect(text.contains(said.text), "\(said.path): \(said.text)") }
        #expect(!text.contains("The tissue was a box") || model.organs == nil)
    }

    /// What crosses to blood is a difference like any other.
    @Test func theBodyIsCompared() throws {
        let path = "Examples/two-organs/two-organs.paracrine.yaml"
        let (before, after) = (
            try ModelTexts.model(path), try ModelTexts.model(path, settings: ["P_IL6=0.25 µm/s"])
        )
        let changed = zip(ModelStatements(before).all, ModelStatements(after).all).filter { $0 != $1 }.map(\.0.path)
        #expect(changed.contains("molecules.IL-6.blood.permeability"), "\(changed)")
        #expect(!ModelStatements(before).all.contains { $0.path == "space.box" })
    }

    /// Every value that a model file says stands in the methods, in the words that `diff` has for it.
    @Test(arguments: [ModelTexts.niche, ModelTexts.everything])
    func everyThingAndNumberIsNamed(path: String) throws {
        let model = try ModelTexts.model(path)
        let text = text(model)
        // Parameters stand where they are used; the rest is said in other words.
        let otherwise = ["parameters", "space.box", "place.table", "record", "rules", "run.fields", "space.walls"]
        let statements = ModelStatements(model).all.filter { said in
            !otherwise.contains { said.path.hasPrefix($0) } && !said.path.hasSuffix(".antagonist")
        }
        #expect(statements.count > 20)
        for said in statements where said.exact != "0.0 /s" {
            for word in said.path.contains(".complex.of") || said.path.contains(".joins")
                ? said.text.split(separator: ", ").map(String.init) : [said.text]
            {
                #expect(text.contains(word), "\(said.path): \(word)")
            }
        }
        let names =
            model.molecules.map(\.name) + model.receptors.map(\.name) + model.complexes.map(\.name)
            + model.cellTypes.map(\.name) + model.cellTypes.flatMap(\.states).map(\.name)
        for name in names { #expect(text.contains(name), "\(name)") }
        for rule in model.rules { #expect(text.contains(model.words(rule))) }
        for line in model.expectations { #expect(text.contains(line.text)) }
        for words in ["abc123", "seed \(model.run.seed)", "4 Tsec", "17 Treg", "doi:10.1145/2063384.2063405"] {
            #expect(text.contains(words), "\(words)")
        }
    }

    @Test func onlyWhatIsUsedIsCited() throws {
        #expect(try !text(ModelTexts.model(ModelTexts.niche)).contains("MuSyC"))
        #expect(try text(ModelTexts.model(ModelTexts.everything)).contains("Cell Systems 8:97"))
    }

    /// Methods are those of the engine that ran.
    @Test func engineThatRanIsDescribed() throws {
        let model = try ModelTexts.model(ModelTexts.niche)
        let (space, equations, chance) = (text(model), text(model, .ode), text(model, .ssa))
        let leaps = text(model, .ssa, leap: "0.03")
        #expect(space.contains("TR-BDF2") && !space.contains("mixed"))
        #expect(equations.contains("by Rodas5P") && equations.contains("1. Steinebach 2023"))
        #expect(chance.contains("exactly by chance") && chance.contains("3. Salmon"))
        #expect(leaps.contains("about the share 0.03 of itself [1]: this is not exact") && leaps.contains("2. Salmon"))
        for mixed in [equations, chance, leaps] {
            #expect(mixed.contains("because its medium was mixed") && !mixed.contains("TR-BDF2"))
        }
    }

    /// A number of the catalogue keeps its source, and one source is one reference.
    @Test func numbersOfTheCatalogueAreCited() throws {
        var model = try ModelTexts.model(ModelTexts.niche)
        func number(_ source: String, isWeak: Bool) -> CatalogueNumber {
            CatalogueNumber(
                value: 10, dimension: .none, text: "10 µm²/s", subject: "IL-2 diffusion", grade: "model value",
                source: source, isWeak: isWeak)
        }
        model.catalogue = CatalogueUse(
            version: "builtin@1",
            numbers: [
                TakenNumber(path: "molecules.IL-2.diffusion", number: number("A. Author 1999", isWeak: false)),
                TakenNumber(path: "molecules.IL-2.decay", number: number("A. Author 1999", isWeak: true)),
            ])
        let text = text(model)
        #expect(text.ranges(of: "A. Author 1999").count == 1)
        let line = try #require(text.split(separator: "\n").first { $0.hasSuffix(". A. Author 1999") })
        let reference = line.prefix { $0 != "." }
        #expect(
            text.contains("molecules.IL-2.diffusion: 10 µm²/s (IL-2 diffusion; model value) [\(reference)]"), "\(text)")
        #expect(text.contains("Nobody measured molecules.IL-2.decay: \(CatalogueUse.weakness)."))
        #expect(CatalogueUse.weakness.contains("an average over a population"))
    }
}
