/// What a receptor complex does with its ligand.
public enum ReceptorRole: String, Hashable, Sendable, Codable, CaseIterable {
    case signalling
    /// Binds on the cell and does not signal.
    case decoy
    /// Its ligand occupies it without a signal.
    case antagonist
    /// Takes its ligand in and destroys it.
    case scavenger
    /// Binds in the medium and keeps the ligand from cells.
    case solubleDecoy = "soluble decoy"
    /// Binds in the medium and lets cells hear that lack the chain.
    case solubleAgonist = "soluble agonist"

    public var isSoluble: Bool { self == .solubleDecoy || self == .solubleAgonist }
}

/// Chains that bind one ligand together.
public struct ReceptorComplex: Hashable, Sendable, Codable {
    /// HGNC symbols joined by "+": "IL2RA+IL2RB+IL2RG".
    public var name: String
    public var subunits: [ReceptorChain]
    public var ligand: String
    public var role: ReceptorRole
    /// Such as "type I, gamma-c".
    public var receptorClass: String
    public var signalling: String
    public var source: Citation
    public var grade: Grade
}

/// One chain of a receptor.
public struct ReceptorChain: Hashable, Sendable, Codable {
    /// Its HGNC symbol.
    public var symbol: String
    public var accession: String
    /// Such as "IL-2Rα", "CD25".
    public var synonyms: [String]
    /// Other complexes that signal with it: a chain they share and may compete for.
    public var sharedWith: [String] = []
    /// Cytokines that signal through it.
    public var ligands: [String] = []

    init(symbol: String, accession: String = "", synonyms: [String] = []) {
        self.symbol = symbol
        self.accession = accession
        self.synonyms = synonyms
    }
}
