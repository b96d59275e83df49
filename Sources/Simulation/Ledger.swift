public import Biology

/// Where every molecule of one kind came from and went, in molecules, since the start.
///
/// Balance: at start + secreted + entered + associated + exchanged − decayed − left − internalised − cleared
/// = dissolved + bound + in compartments.
public struct Ledger: Hashable, Sendable {
    public let molecule: String
    /// What it is written with.
    public let entries: [LedgerEntry]
    private var amounts = SIMD16<Double>()

    public init(molecule: String, entries: [LedgerEntry] = LedgerEntry.ofTissue) {
        self.molecule = molecule
        self.entries = entries
    }

    public subscript(entry: LedgerEntry) -> Double {
        get { amounts[Ledger.index(entry)] }
        set { amounts[Ledger.index(entry)] = newValue }
    }

    /// Keeps its amounts.
    public mutating func keep(in archive: StateArchive) throws(StateProblem) {
        for entry in LedgerEntry.allCases { try archive.keep("ledger.\(entry.rawValue)", &self[entry]) }
    }

    /// What the balance fails by, molecules.
    public var imbalance: Double {
        self[.atStart] + self[.secreted] + self[.entered] + self[.associated] + self[.exchanged]
            - self[.decayed] - self[.left] - self[.internalised] - self[.cleared]
            - self[.dissolved] - self[.bound] - self[.carried]
    }

    /// What was handled in all: the sum of the sizes of all that came in, molecules.
    public var handled: Double {
        abs(self[.atStart]) + abs(self[.secreted]) + abs(self[.entered]) + abs(self[.associated])
            + abs(self[.exchanged])
    }

    /// |imbalance| / handled; 0 where nothing was handled.
    public var relativeImbalance: Double { handled > 0 ? abs(imbalance) / handled : abs(imbalance) }

    /// A run whose ledger is further out than this fails (design: closes to 1e-9 in double precision).
    public static let tolerance = 1e-9

    private static func index(_ entry: LedgerEntry) -> Int {
        switch entry {
        case .atStart: 0
        case .secreted: 1
        case .entered: 2
        case .decayed: 3
        case .left: 4
        case .internalised: 5
        case .associated: 6
        case .dissolved: 7
        case .bound: 8
        case .exchanged: 9
        case .carried: 10
        case .cleared: 11
        }
    }
}
