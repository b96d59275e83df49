import Biology
import Foundation
import ModelFiles

/// Models that tests compare and describe.
enum ModelTexts {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let everything = "Tests/ModelFilesTests/Models/everything.paracrine.yaml"
    static let living = "Tests/ModelFilesTests/Models/living.paracrine.yaml"
    static let niche = "Examples/il2-niche/il2-niche.paracrine.yaml"

    /// Two voxels, whatever the mask.
    private static let mask = MaskReader { _ in
        [[5.0, 5, 5], [15, 5, 5]].map { MaskPoint(line: 2, position: $0) }
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: repository.appending(path: path), encoding: .utf8)
    }

    /// A model with changes, each replaced in its text.
    static func model(
        _ path: String, settings: [String] = [], replacing changes: [(String, String)] = []
    ) throws -> Model {
        var text = try text(path)
        for (old, new) in changes { text = text.replacing(old, with: new) }
        return try ModelFile.read(text, named: path, settings: settings, masks: mask).model
    }
}
