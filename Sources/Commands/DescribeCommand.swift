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
              paracrine describe my-model.paracrine-run > methods.md

            References are those that the program's own sources name; what was not read says so.
            """)

    @Argument(help: "A model file, its folder, or the folder of a run.", completion: .file())
    var model: String

    @Flag(help: "Print the paragraphs as JSON.")
    var json = false

    func run() throws {
        let description = try (try? RunFolder(opening: model)).map(describe) ?? describeFile()
        Console.answer(json ? try JSONText.encode(description) : description.markdown)
    }

    private func describeFile() throws -> ModelDescription {
        let loaded = try LoadedModel(path: model, settings: [], table: nil)
        let (cells, notes) = try loaded.place()
        notes.forEach { Console.complain("note: \($0)") }
        let names = loaded.model.cellTypes.map(\.name)
        return ModelDescription(
            loaded.model, counts: Dictionary(grouping: cells) { names[$0.typeIndex] }.mapValues(\.count),
            origin: origin(loaded.model, version: Paracrine.programVersion, options: ""))
    }

    private func describe(_ folder: RunFolder) throws -> ModelDescription {
        let saved = try SavedModel.read(folder)
        let reader = try ResultReader(folder)
        let counts = try reader.lastCells().map { frame in
            Dictionary(grouping: frame.types) { frame.typeNames[$0] }.mapValues(\.count)
        }
        let manifest = reader.manifest
        let options = manifest.options.sorted { $0.key < $1.key }.map { option, value in
            " \(option.hasPrefix("--set") ? "--set" : option) '\(value)'"
        }
        var origin = origin(saved, version: manifest.programVersion, options: options.joined())
        origin.outcome = "\(manifest.outcome.rawValue) at \(Console.duration(manifest.simulatedSeconds))"
        return ModelDescription(saved, counts: counts, origin: origin)
    }

    private func origin(_ saved: Model, version: String, options: String) -> ModelDescription.Origin {
        ModelDescription.Origin(
            programVersion: version, modelHash: ModelDocument.hash(saved), command: "paracrine run FILE\(options)")
    }
}
