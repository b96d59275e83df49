public import Biology

/// A model that was read without an error, with what its reader should still know.
public struct CheckedModel: Hashable, Sendable {
    public var model: Model
    public var warnings: [Diagnostic]
    /// Where things are defined: "molecules.IL-2" to its place in the file.
    public var places: [String: Place]
    /// What was asked for beside the file, in its order.
    public var responses: [Response] = []

    init(model: Model, warnings: [Diagnostic], places: [String: Place], responses: [Response] = []) {
        self.model = model
        self.warnings = warnings
        self.places = places
        self.responses = responses
    }

    /// A model that comes from no model file.
    public init(_ model: Model) { self.init(model: model, warnings: [], places: [:]) }
}

/// The model language: text to a checked model, or everything that is wrong with it.
public enum ModelFile {
    /// The version of the language this program reads.
    public static let version = 1

    /// Reads a model file.
    ///
    /// - Parameters:
    ///   - text: the file's text.
    ///   - named: the file's name, for messages.
    ///   - settings: changes as given to `--set`: "NAME=VALUE" for a parameter or a path such as "run.for".
    ///   - responses: what to measure, each the left side of a line of `expect:`, perhaps with "at TIME".
    ///   - open: opens the catalogue that the file pins, such as "builtin@2026.2".
    ///   - networks: reads the files of networks that the file names.
    ///   - masks: reads the masks of obstacles that the file names.
    /// - Returns: the model and what its reader should still know.
    /// - Throws: every problem at once, in reading order.
    public static func read(
        _ text: String, named: String, settings: [String] = [], responses: [String] = [],
        catalogue open: (String) throws(TextProblem) -> CatalogueReader = ModelFile.withoutCatalogue,
        networks: NetworkFileReader = ModelFile.withoutNetworkFiles, masks: MaskReader = ModelFile.withoutMasks
    ) throws(InvalidModel) -> CheckedModel {
        let findings = Findings()
        var checked: CheckedModel?
        if var root = YAMLText.read(text, named: named, findings: findings) {
            let reading = Reading(findings: findings)
            var pinned = PinnedCatalogue(root, findings: findings, open: open)
            if pinned == nil {
                Settings.apply(settings, to: &root, findings: findings)
                reading.isWithoutItsCatalogue = root[PinnedCatalogue.key] != nil
            } else {
                pinned?.complete(&root, settings: settings)
                reading.catalogueLacks = pinned?.lacks ?? [:]
            }
            var reader = ModelReader(root: root, reading: reading)
            reader.networkFiles = networks
            reader.masks = masks
            reader.responseLines = responses
            checked = reader.read()
            checked?.model.catalogue = pinned?.use(in: root)
        }
        let diagnostics = findings.inReadingOrder
        guard let checked, findings.errorCount == 0 else {
            throw InvalidModel(diagnostics: diagnostics)
        }
        return CheckedModel(
            model: checked.model, warnings: diagnostics, places: checked.places, responses: checked.responses)
    }

    /// For a reader that knows no other program's files: a network in one is refused.
    public static let withoutNetworkFiles = NetworkFileReader { file throws(UnreadableNetwork) in
        throw UnreadableNetwork(problems: [
            .init(
                file: file, problem: "nothing here reads files of networks",
                fix: "read the model with the program 'paracrine', or write the network into the model file")
        ])
    }

    /// For a reader that knows no tables: an obstacle with a mask is refused.
    public static let withoutMasks = MaskReader { file throws(UnreadableMask) in
        throw UnreadableMask(problems: [
            .init(
                file: file, problem: "nothing here reads masks",
                fix: "read the model with the program 'paracrine', or write the obstacle as a line")
        ])
    }

    /// For a reader that has no catalogue: a file that pins one is refused.
    public static func withoutCatalogue(_ pin: String) throws(TextProblem) -> CatalogueReader {
        throw TextProblem(
            offset: 0, problem: "there is no catalogue here to read '\(pin.shortened)' from",
            fix: "read the file with the program 'paracrine', or write every number and remove the line")
    }
}
