import ArgumentParser
import Biology
import Catalogue
import Foundation
import ModelFiles

struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Write a model to start from, in a folder of its own.",
        discussion: """
            Examples:
              paracrine new my-niche --template niche
              paracrine new --cells Th1,macrophage --cytokines IFN-γ
              paracrine new my-model --cells Treg,'CD8 T cell' --cytokines IL-2,IL-10

            Templates:
            \(ModelTemplate.allCases.map { "  \($0.rawValue): \($0.about)" }.joined(separator: "\n"))

            With --cells and --cytokines the numbers are those of the catalogue, each with its grade and source.
            """)

    @Argument(help: "The new model's name; its folder is made here. Otherwise that of its cells and cytokines.")
    var name: String?

    @Option(help: "What to start from, otherwise niche.")
    var template: ModelTemplate?

    @Option(help: ArgumentHelp("Cell types of the catalogue, separated by commas.", valueName: "names"))
    var cells: String?

    @Option(help: ArgumentHelp("Cytokines of the catalogue, separated by commas.", valueName: "names"))
    var cytokines: String?

    @OptionGroup var catalogue: CatalogueFolders

    func run() throws {
        let name = try folderName()
        let file = "\(name)/\(name).paracrine.yaml"
        let files = try files(named: name)
        guard !FileManager.default.fileExists(atPath: name) else {
            throw Stop(
                .file, "\(name): error: this is there already\n  fix: choose another name; nothing is overwritten")
        }
        do {
            try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: false)
            for (path, text) in files {
                try text.write(toFile: "\(name)/\(path)", atomically: true, encoding: .utf8)
            }
        } catch {
            throw Stop(name, "write this model", error)
        }
        Console.answer("Model: \(file)")
        let after = "\(name)\(Console.plain(catalogue.typed))"
        Console.answer("Next:  paracrine explain \(after)   and   paracrine run \(after)")
    }

    /// Letters of a name (chosen: with its ending below the 255 bytes that file systems take).
    private static let longestName = 100

    private func folderName() throws -> String {
        guard let folder = name ?? named() else {
            throw Stop(.usage, "new: error: the model has no name\n  fix: write paracrine new NAME")
        }
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-_"))
        let isName = !folder.isEmpty && folder.unicodeScalars.allSatisfy(allowed.contains)
        guard isName, folder.count <= NewCommand.longestName else {
            let problem = "new: error: '\(Console.shown(folder))' cannot name a folder and a file"
            let fix =
                name == nil
                ? "give a name: paracrine new NAME --cells ... --cytokines ..."
                : isName
                    ? "use at most \(NewCommand.longestName) letters" : "use letters, digits, '-' and '_'"
            throw Stop(.usage, "\(problem)\n  fix: \(fix)")
        }
        return folder
    }

    /// After its cells and cytokines.
    private func named() -> String? {
        guard cells != nil || cytokines != nil else { return nil }
        let words = NewCommand.names(cells) + NewCommand.names(cytokines)
        return words.isEmpty ? nil : words.joined(separator: "-").replacing(" ", with: "-")
    }

    private static func names(_ list: String?) -> [String] {
        (list ?? "").split(separator: ",").map { String($0).trimmingSpaces }.filter { !$0.isEmpty }
    }

    private func files(named name: String) throws -> [(String, String)] {
        guard cells != nil || cytokines != nil else {
            guard catalogue.folders.isEmpty else {
                throw Stop(
                    .usage, "--catalogue: error: a template takes nothing from it\n  fix: add --cells and --cytokines")
            }
            return (template ?? .niche).files(named: name)
        }
        guard template == nil else {
            throw Stop(
                .usage, "--template: error: the catalogue gives the model\n  fix: leave out --template, or --cells")
        }
        return [("\(name).paracrine.yaml", try draft(named: name))]
    }

    private func draft(named name: String) throws -> String {
        let (cells, cytokines) = (NewCommand.names(cells), NewCommand.names(cytokines))
        guard !cells.isEmpty, !cytokines.isEmpty, cells.count <= 20, cytokines.count <= 20 else {
            throw Stop(
                .usage,
                "new: error: a model needs its cell types and their cytokines, up to 20 of each\n  fix: write --cells Th1,macrophage --cytokines IFN-γ"
            )
        }
        let known = try catalogue.catalogue()
        for cell in cells { _ = try known.known(cell: cell) }
        for cytokine in cytokines { _ = try known.known(cytokine: cytokine) }
        let reader: CatalogueReader
        do {
            reader = try known.reader(pinned: "builtin@\(known.version)")
        } catch {
            preconditionFailure("a catalogue answers to its own version: \(error)")
        }
        let draft = ModelDraft(named: name, cells: cells, cytokines: cytokines, catalogue: reader)
        guard draft.problems.isEmpty else {
            let problems = draft.problems.map { "new: error: \($0)" }.joined(separator: "\n")
            throw Stop(
                .usage,
                problems
                    + "\n  fix: choose others; 'paracrine catalogue show NAME' says who makes and hears a cytokine, and what is known of it"
            )
        }
        return draft.text
    }
}
