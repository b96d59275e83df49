import Biology
import Foundation
import ModelFiles

/// The files that tests read.
enum Files {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    static let repository = folder.deletingLastPathComponent().deletingLastPathComponent()

    static func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }

    static func everything() throws -> String { try text(folder.appending(path: "Models/everything.paracrine.yaml")) }

    /// Everything that cells can do.
    static func living() throws -> String { try text(folder.appending(path: "Models/living.paracrine.yaml")) }

    /// Masks as if they stood beside the model: "capsule.csv" is good, the others are not.
    static let masks = MaskReader { file throws(UnreadableMask) in
        switch file {
        case "capsule.csv":
            return [[5.0, 5, 5], [5, 6, 5], [200, 200, 100], [15, 5, 5]].enumerated().map {
                MaskPoint(line: $0.offset + 2, position: $0.element)
            }
        case "outside.csv":
            return [MaskPoint(line: 2, position: [5, 5, 5]), MaskPoint(line: 7, position: [5, -1, 5])]
        case "empty.csv": return []
        case "bad.csv":
            throw UnreadableMask(problems: [
                .init(file: file, line: 3, problem: "'y' is no number", fix: "correct the row")
            ])
        default:
            throw UnreadableMask(problems: [
                .init(file: file, problem: "this file is not there", fix: "put it beside the model file")
            ])
        }
    }

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
            return try ModelFile.read(
                text, named: "m.yaml", settings: settings, catalogue: MadeUpCatalogue.open, masks: masks
            )
            .warnings.map(\.description).joined(
                separator: "\n")
        } catch {
            return error.description
        }
    }
}
