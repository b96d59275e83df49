import Foundation
import ModelFiles

/// The files that tests read.
enum Files {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    static let repository = folder.deletingLastPathComponent().deletingLastPathComponent()

    static func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }

    static func everything() throws -> String { try text(folder.appending(path: "Models/everything.paracrine.yaml")) }

    /// Every model file under Examples that pins no catalogue: this room has none.
    static func examples() throws -> [(name: String, text: String)] {
        let root = repository.appending(path: "Examples")
        let names = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(".paracrine.yaml") }.sorted().map {
            ($0, try text(root.appending(path: $0)))
        }.filter { !$0.1.contains("\ncatalogue:") }
    }

    /// What is said about a text, or nothing where it is a model.
    static func problems(_ text: String, settings: [String] = []) -> String {
        do {
            return try ModelFile.read(text, named: "m.yaml", settings: settings, catalogue: MadeUpCatalogue.open)
                .warnings.map(\.description).joined(
                    separator: "\n")
        } catch {
            return error.description
        }
    }
}
