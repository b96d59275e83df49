import Analysis
import ArgumentParser
import Biology
import ModelFiles
import Simulation

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a model and say everything that is wrong with it, without running it.",
        discussion: """
            Examples:
              paracrine check my-model
              paracrine check my-model --json > model.json

            Every mistake is listed at once: where it is, what is wrong, what to do.
            """)

    @OptionGroup var source: ModelOptions

    @Flag(help: "Print the model as canonical JSON ('paracrine schema' prints its schema).")
    var json = false

    func run() throws {
        let loaded = try LoadedModel(source)
        loaded.checked.warnings.forEach { Console.complain($0.description) }
        if json {
            Console.answer(ModelDocument.json(loaded.model))
            return
        }
        let (cells, notes) = try loaded.placeToTell()
        notes.forEach { Console.complain("note: \($0)") }
        let model = loaded.model
        let arising = model.arising
        let counts = model.cellTypes.enumerated().compactMap { type, cellType -> String? in
            let count = cells.count { $0.typeIndex == type }
            return count == 0 && arising.contains(cellType.name) ? nil : "\(count) \(cellType.name)"
        }
        Console.answer("\(model.name): nothing is wrong")
        if !model.networks.isEmpty {
            Console.answer("  networks: \(model.networks.map(\.name).joined(separator: ", "))")
        }
        if !model.hasOnlyNetworks {
            Console.answer("  cells: \(cells.count) (\(counts.joined(separator: ", ")))")
            Console.answer("  molecules: \(model.molecules.map(\.name).joined(separator: ", "))")
            let voxels = model.tissues.map { name, tissue in
                (name.map { "\($0) " } ?? "") + tissue.space.voxels.map(String.init).joined(separator: " × ")
            }
            Console.answer("  voxels: \(voxels.joined(separator: ", "))")
        }
        Console.answer("  runs for \(Console.duration(model.run.duration.value)) from seed \(model.run.seed)")
    }
}

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what a model's numbers mean before anything runs: ranges, affinities, times, grid, cost.",
        discussion: """
            Examples:
              paracrine explain my-model
              paracrine explain my-model --set q='20 molecules/s'

            Each figure comes with its formula and the numbers that went in.
            """)

    @OptionGroup var source: ModelOptions

    @Flag(help: "Print every figure with its formula and inputs as JSON.")
    var json = false

    func run() throws {
        let loaded = try LoadedModel(source)
        let (cells, notes) = try loaded.placeToTell()
        // Of several tissues each is told by itself.
        let told = loaded.model.tissues.enumerated().map { number, tissue in
            let own = cells.filter { $0.tissue == number }
            return (
                tissue.name, Explanation(model: tissue.model, census: CellCensus(model: tissue.model, cells: own))
            )
        }
        if json {
            let byTissue = Dictionary(uniqueKeysWithValues: told.map { ($0.0 ?? "", $0.1) })
            Console.answer(try told.count == 1 ? JSONText.encode(told[0].1) : JSONText.encode(byTissue))
        } else {
            notes.forEach { Console.complain("note: \($0)") }
            for (name, explanation) in told { Console.answer((name.map { "In \($0):\n" } ?? "") + explanation.text) }
        }
    }
}

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of the canonical form of a model.",
        discussion: """
            Example:
              paracrine schema > paracrine.schema.json
            """)

    func run() throws { Console.answer(ModelSchema.text) }
}
