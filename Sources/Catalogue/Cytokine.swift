/// A cytokine: its names, its genes and what it is known for.
public struct Cytokine: Hashable, Sendable, Codable {
    /// As models and pages write it: "IL-2", "IFN-γ".
    public var name: String
    /// HGNC symbols of its chains: one, or two of a heterodimer.
    public var symbols: [String]
    /// UniProt accessions in the order of `symbols`.
    public var accessions: [String]
    public var synonyms: [String]
    public var family: String
    public var assembly: String
    /// "secreted", "membrane", "membrane or shed", ...
    public var form: String
    public var source: Citation
    public var grade: Grade

    /// Whether it stays on the membrane of the cell that makes it, so that nothing of it diffuses.
    public var isMembraneBound: Bool { form == "membrane" }
}

/// What a cytokine does, who makes it, who hears it, what tradition calls it.
public struct Relation: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
        case madeBy = "made by"
        case heardBy = "heard by"
        case does
        case tradition
        case glycosylated
    }

    public var cytokine: String
    public var kind: Kind
    /// A cell type, an action, a class, "yes" or "no".
    public var what: String
    public var note: String
    public var source: Citation
    public var grade: Grade
}

/// A number the catalogue holds back, with the reason.
public struct SetAside: Hashable, Sendable, Codable {
    public var subject: String
    public var parameter: String
    public var value: String
    public var why: String
    public var source: Citation
}
