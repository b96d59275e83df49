/// The catalogue a model was read with, and every number that its file left to it.
public struct CatalogueUse: Hashable, Sendable, Codable {
    /// As a model file pins it: "builtin@2026.2", with a fingerprint where tables are laid over it.
    public var version: String
    /// In the order of their paths.
    public var numbers: [TakenNumber]

    public init(version: String, numbers: [TakenNumber] = []) {
        self.version = version
        self.numbers = numbers
    }

    /// Numbers that nobody measured: a result that leans on one is good to a factor of ten at best.
    public var weak: [TakenNumber] { numbers.filter(\.number.isWeak) }

    /// What makes a number weak.
    public static let weakness =
        "from memory or computed from that, an order of magnitude, an average over a population, a maximum, "
        + "or the value of a whole class"
}

/// A number of the catalogue with its place in a model.
public struct TakenNumber: Hashable, Sendable, Codable {
    /// As `--set` names it: "molecules.IL-2.diffusion".
    public var path: String
    public var number: CatalogueNumber

    public init(path: String, number: CatalogueNumber) {
        self.path = path
        self.number = number
    }
}

/// One number of a catalogue with all that must be known to trust it.
public struct CatalogueNumber: Hashable, Sendable, Codable {
    /// In the coherent unit of `dimension`.
    public var value: Double
    public var dimension: Dimension
    /// Coefficient of variation from cell to cell; 0 where none is known.
    public var variation: Double
    /// As the catalogue writes it: "10-100 molecules/s".
    public var text: String
    /// Of what, and where it holds: "IL-2 diffusion, T-cell dense tissue".
    public var subject: String
    /// Such as "measured" or "order of magnitude".
    public var grade: String
    public var source: String
    /// Whether it is weak for one of the reasons of ``CatalogueUse/weakness``.
    public var isWeak: Bool
    /// Where it may lie, as far as the catalogue says.
    public var range: ClosedRange<Double>?

    public init(
        value: Double, dimension: Dimension, variation: Double = 0, text: String, subject: String, grade: String,
        source: String, isWeak: Bool, range: ClosedRange<Double>? = nil
    ) {
        self.value = value
        self.dimension = dimension
        self.variation = variation
        self.text = text
        self.subject = subject
        self.grade = grade
        self.source = source
        self.isWeak = isWeak
        self.range = range
    }
}

/// What a model file asks a catalogue for, each thing by the name that the file uses.
public enum CatalogueQuestion: Hashable, Sendable {
    case diffusion(molecule: String)
    case decay(molecule: String)
    case mass(molecule: String)
    /// k_on; the file may state k_off.
    case association(receptor: String, ligand: String, statedDissociation: Double?)
    /// k_off; the file may state k_on.
    case dissociation(receptor: String, ligand: String, statedAssociation: Double?)
    case internalisation(receptor: String, ligand: String)
    case radius(cell: String)
    case receptors(receptor: String, ligands: [String], cell: String)
    case secretion(molecule: String, cell: String)
}

public enum CatalogueAnswer: Hashable, Sendable {
    case number(CatalogueNumber)
    /// It should have one and has none; the text says so: "the catalogue has no k_off of IL-9 on IL9R".
    case lacking(String)
    /// There is nothing to say.
    case silent
}

/// What a catalogue answers the reader of a model file, so that neither needs to know the other.
public struct CatalogueReader: Sendable {
    public enum Kind: Hashable, Sendable, CaseIterable { case molecule, receptor, cellType }

    public var version: String
    /// What a name stands for, the same for all its synonyms; `nil` where the catalogue does not know it.
    public var identity: @Sendable (String, Kind) -> String?
    public var answer: @Sendable (CatalogueQuestion) -> CatalogueAnswer
    /// The receptors that signal for a molecule, each by a name it can be asked for.
    public var receptors: @Sendable (_ molecule: String) -> [String]

    public init(
        version: String, identity: @escaping @Sendable (String, Kind) -> String?,
        receptors: @escaping @Sendable (_ molecule: String) -> [String],
        answer: @escaping @Sendable (CatalogueQuestion) -> CatalogueAnswer
    ) {
        self.version = version
        self.identity = identity
        self.receptors = receptors
        self.answer = answer
    }
}
