import Analysis
import ArgumentParser
import Biology
import ModelFiles
import Results

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what differs between two models, in the words of a model file.",
        discussion: """
            Examples:
              paracrine diff my-model other-model
              paracrine diff before.paracrine-run after.paracrine-run

            Order, titles and how a rule is spelled are no difference; a thing under another name is said apart. Ends \
            with 1 if anything differs.
            """)

    @Argument(help: "A model file, its folder, or the folder of a run.", completion: .file())
    var before: String

    @Argument(help: "Another.", completion: .file())
    var after: String

    @Flag(help: "Print the differences as JSON.")
    var json = false

    func run() throws {
        let (old, new) = (try SavedModel.read(before), try SavedModel.read(after))
        let found = ModelDifferences(old, new)
        let outcome = Outcome(
            before: Side(before, old), after: Side(after, new), same: found.isEmpty, renamed: found.renamed,
            differences: found.differences)
        if json {
            Console.answer(try JSONText.encode(outcome))
        } else {
            outcome.lines.forEach(Console.answer)
        }
        if !found.isEmpty { throw Stop(.failed, "") }
    }

    /// What `diff --json` prints.
    private struct Outcome: Encodable {
        var before: Side
        var after: Side
        var same: Bool
        var renamed: [ModelDifferences.Renaming]
        var differences: [ModelDifferences.Difference]

        var lines: [String] {
            let names = renamed.map { "\($0.section): \($0.before) is now called \($0.after)" }
            let found = names + differences.map { Console.plain($0.line) }
            guard same else { return found }
            if before.hash == after.hash { return ["The same model: \(before.hash)"] }
            return found + ["No difference but in order, titles or names: \(before.hash) and \(after.hash)"]
        }
    }

    private struct Side: Encodable {
        var path: String
        var model: String
        /// SHA-256 of the canonical JSON.
        var hash: String

        init(_ path: String, _ model: Model) {
            self.path = path
            self.model = model.name
            hash = ModelDocument.hash(model)
        }
    }
}

/// A model wherever one is kept.
enum SavedModel {
    /// The model of a run folder, a model file or its folder.
    static func read(_ path: String) throws -> Model {
        guard let folder = try? RunFolder(opening: path) else {
            return try LoadedModel(path: path, settings: [], table: nil).model
        }
        return try read(folder)
    }

    /// The model that ran.
    static func read(_ folder: RunFolder) throws -> Model {
        try ModelDocument.read(try folder.read("model.json"), named: folder.file("model.json"))
    }
}
