import ArgumentParser
import Foundation

struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Write a model to start from, in a folder of its own.",
        discussion: """
            Example:
              paracrine new my-niche --template niche

            Templates:
            \(ModelTemplate.allCases.map { "  \($0.rawValue): \($0.about)" }.joined(separator: "\n"))
            """)

    @Argument(help: "The new model's name; its folder is made here.")
    var name: String

    @Option(help: "What to start from.")
    var template = ModelTemplate.niche

    func run() throws {
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-_"))
        guard !name.isEmpty, name.unicodeScalars.allSatisfy(allowed.contains) else {
            throw Stop(
                .usage, "new: error: '\(name)' cannot name a folder and a file\n  fix: use letters, digits, '-' and '_'"
            )
        }
        let file = "\(name)/\(name).paracrine.yaml"
        guard !FileManager.default.fileExists(atPath: name) else {
            throw Stop(
                .file, "\(name): error: this is there already\n  fix: choose another name; nothing is overwritten")
        }
        do {
            try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: false)
            for (path, text) in template.files(named: name) {
                try text.write(toFile: "\(name)/\(path)", atomically: true, encoding: .utf8)
            }
        } catch {
            throw Stop(name, "write this model", error)
        }
        Console.answer("Model: \(file)")
        Console.answer("Next:  paracrine explain \(name)   and   paracrine run \(name)")
    }
}
