import Analysis
import ArgumentParser
import Biology
import ModelFiles
import Results
import Simulation

struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Write the methods of a paper from a model: every thing and number of it, as Markdown.",
        discussion: """
            Examples:
              paracrine describe my-model
              paracrine describe my-model --set q='20 molecules/s'
              paracrine describe my-model.paracrine-run > methods.md

            References are those that the program's own sources name; what was not read says so.
            """)

    @OptionGroup var source: ModelOptions

    @Flag(help: "Print the paragraphs as JSON.")
    var json = false

    func run() throws {
        let description: ModelDescription
        if let folder = try? RunFolder(opening: source.model) {
            guard source.settings.isEmpty, source.table == nil, source.catalogue.folders.isEmpty else {
                throw Stop(
                    .usage,
                    "\(source.model): error: a run is described as it was, not as --set, --table or --catalogue would have it\n  fix: leave them out, or describe the model file"
                )
            }
            description = try describe(folder)
        } else {
            description = try describeFile()
        }
        Console.answer(json ? try JSONText.encode(description) : description.markdown)
    }

    private func describeFile() throws -> ModelDescription {
        let loaded = try LoadedModel(source)
        let (cells, notes) = try loaded.placeToTell()
        notes.forEach { Console.complain("note: \($0)") }
        let names = loaded.model.cellTypes.map(\.name)
        return ModelDescription(
            loaded.model, counts: Dictionary(grouping: cells) { names[$0.typeIndex] }.mapValues(\.count),
            engine: loaded.model.usualEngine,
            origin: origin(loaded.model, version: Paracrine.programVersion, options: typed))
    }

    /// The options that change the model, as typed in a shell.
    private var typed: String {
        source.settings.map { " --set '\($0)'" }.joined() + (source.table.map { " --table '\($0)'" } ?? "")
            + source.catalogue.folders.map { " --catalogue '\($0)'" }.joined()
    }

    private func describe(_ folder: RunFolder) throws -> ModelDescription {
        let saved = try SavedModel.read(folder)
        let reader = try ResultReader(folder)
        let counts = try reader.firstCells().map { frame in
            Dictionary(grouping: frame.types) { frame.typeNames[$0] }.mapValues(\.count)
        }
        let manifest = reader.manifest
        let engine = manifest.engine ?? .tissue
        let options = manifest.options.sorted { $0.key < $1.key }.map { option, value in
            option == "mix" ? " \(value)" : " \(option.hasPrefix("--set") ? "--set" : option) '\(value)'"
        }
        var origin = origin(
            saved, version: manifest.programVersion, command: engine == .tissue ? "run" : "mix",
            options: options.joined())
        origin.outcome = "\(manifest.outcome.rawValue) at \(Console.duration(manifest.simulatedSeconds))"
        return ModelDescription(
            saved, counts: counts, engine: engine, leap: manifest.options["--leap"], origin: origin)
    }

    private func origin(
        _ saved: Model, version: String, command: String? = nil, options: String
    ) -> ModelDescription.Origin {
        let command = command ?? (saved.usualEngine == .tissue ? "run" : "mix")
        return ModelDescription.Origin(
            programVersion: version, modelHash: ModelDocument.hash(saved),
            command: "paracrine \(command) FILE\(options)")
    }
}

extension Model {
    /// What runs it unless told otherwise.
    fileprivate var usualEngine: RunManifest.Engine {
        guard runsOnlyMixed else { return .tissue }
        let isLogic = networks.contains { if case .logic = $0.content { true } else { false } }
        return isLogic ? .ssa : .ode
    }
}
