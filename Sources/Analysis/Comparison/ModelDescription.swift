public import Biology
public import Results

/// The methods of a study, written from its model: every thing and number of it in plain English.
public struct ModelDescription: Sendable, Codable {
    public struct Paragraph: Sendable, Codable {
        public var heading: String
        public var text: String
    }

    /// What a person needs to do the same again.
    public struct Origin: Sendable, Codable {
        public var programVersion: String
        /// SHA-256 of the model's canonical JSON.
        public var modelHash: String
        /// As typed in a shell.
        public var command: String
        /// How a run ended, where one is described: "finished at 12 h".
        public var outcome: String?

        public init(programVersion: String, modelHash: String, command: String, outcome: String? = nil) {
            self.programVersion = programVersion
            self.modelHash = modelHash
            self.command = command
            self.outcome = outcome
        }
    }

    public private(set) var model: String
    public private(set) var paragraphs: [Paragraph] = []
    public private(set) var references: [String] = []
    public private(set) var origin: Origin

    /// Of a model, with how many cells of each type stand in it where that is known.
    ///
    /// `leap` is the share of a leap where chance was not exact, as it was given.
    public init(
        _ model: Model, counts: [String: Int]?, engine: RunManifest.Engine, leap: String? = nil, origin: Origin
    ) {
        self.model = model.name
        self.origin = origin
        let words = MethodsWords(model: model, counts: counts, engine: engine, leap: leap)
        let sections = [
            ("Space", words.space), ("Molecules", words.molecules), ("Receptors", words.receptors),
            ("Compartments", words.body), ("Networks", words.networks), ("Cells", words.cells),
            ("Lives of cells", words.lives),
            ("Rules", words.rules),
            ("Treatments", words.treatments),
            ("Numerics", words.numerics), ("Records", words.records), ("How to repeat it", repetition(model)),
        ]
        paragraphs = sections.filter { !$0.1.isEmpty }.map { Paragraph(heading: $0.0, text: $0.1) }
        references = words.references
        if let catalogue = model.catalogue { cite(catalogue) }
    }

    /// Says which numbers came from the catalogue, each with its grade and the number of its reference.
    private mutating func cite(_ catalogue: CatalogueUse) {
        guard !catalogue.numbers.isEmpty else { return }
        let sentences = catalogue.numbers.map { taken in
            let known = references.firstIndex(of: taken.number.source)
            if known == nil { references.append(taken.number.source) }
            let reference = (known ?? references.count - 1) + 1
            return "\(taken.path): \(taken.number.text) (\(taken.number.subject); \(taken.number.grade)) [\(reference)]"
        }
        var text = "From the catalogue \(catalogue.version): \(sentences.joined(separator: "; "))."
        if !catalogue.weak.isEmpty {
            text +=
                " Nobody measured \(Words.list(catalogue.weak.map(\.path), "and")): \(CatalogueUse.weakness)."
        }
        paragraphs.insert(Paragraph(heading: "Sources of numbers", text: text), at: paragraphs.count - 1)
    }

    private func repetition(_ model: Model) -> String {
        var text = "Simulations were made with Paracrine \(origin.programVersion) from seed \(model.run.seed) "
        text += "(SHA-256 of the model: \(origin.modelHash)); '\(origin.command)' gives the same bytes on any number "
        text += "of threads."
        if let outcome = origin.outcome { text += " The run described here \(outcome)." }
        return text
    }

    /// The paragraphs and references as Markdown.
    public var markdown: String {
        var text = "# Methods: \(model)\n"
        for paragraph in paragraphs { text += "\n**\(paragraph.heading).** \(paragraph.text)\n" }
        if !references.isEmpty {
            text += "\n## References\n\n" + references.enumerated().map { "\($0 + 1). \($1)\n" }.joined()
        }
        return text + "\nNumbers without a reference are those of the model file, which gives no source for them.\n"
    }
}
