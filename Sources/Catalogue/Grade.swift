/// How a number or a fact is known, the best first.
public enum Grade: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    /// Measured, and read in the source that measured it.
    case measured
    /// Used in a published model, whose file was read.
    case modelValue = "model value"
    /// Computed from other facts; the note or the source says how.
    case derived
    /// What textbooks agree on.
    case textbook
    /// Good to a factor of ten.
    case orderOfMagnitude = "order of magnitude"

    public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

    private var rank: Int { Grade.allCases.firstIndex(of: self) ?? Grade.allCases.count }
}

/// Where a fact comes from and how far that source was seen.
public struct Citation: Hashable, Sendable, Codable {
    public enum Seen: String, Hashable, Sendable, Codable, CaseIterable {
        /// The file or paper itself was read.
        case read
        /// Its abstract or a page about it was read.
        case abstract
        /// Checked by program against several tables.
        case tables
        /// Arithmetic on other facts.
        case calculation
        /// Nothing was read: from memory.
        case none
    }

    /// Short name, such as "grell-1998".
    public var id: String
    public var text: String
    /// "doi:…", "pmid:…" or empty.
    public var identifier: String
    public var seen: Seen

    /// Whether nothing was read: such a fact is never presented as measured.
    public var isMemory: Bool { seen == .none }

    /// Where the source can be opened, for those that have a DOI or a PubMed number.
    public var link: String? {
        let parts = identifier.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return parts[0] == "doi" ? "https://doi.org/\(parts[1])" : "https://pubmed.ncbi.nlm.nih.gov/\(parts[1])/"
    }
}
