/// Where a cell type belongs.
public enum CellLineage: String, Hashable, Sendable, Codable, CaseIterable {
    case lymphocyte
    case tLymphocyte = "T lymphocyte"
    case bLymphocyte = "B lymphocyte"
    case innateLymphocyte = "innate lymphocyte"
    case myeloid
    case platelet
    case progenitor
    case stromal
    case parenchyma
    case nervous
    case cancer
    case embryonic
    case maternal
    case mixed

    public var isLymphocyte: Bool {
        switch self {
        case .lymphocyte, .tLymphocyte, .bLymphocyte, .innateLymphocyte: true
        default: false
        }
    }
}

/// A cell type the catalogue knows.
public struct CatalogueCell: Hashable, Sendable, Codable {
    /// Such as "Th1 cell".
    public var name: String
    public var synonyms: [String]
    /// The cell types it is a kind of, the nearest first: what is said of them holds for it.
    public var ancestors: [String]
    public var lineage: CellLineage
    public var isLeukocyte: Bool
    /// Whether its cytokines are monokines: monocytes and macrophages.
    public var isMonokineSource: Bool
    public var functions: String
    /// Its part in the embryo, or empty.
    public var embryo: String
    public var source: Citation
    public var grade: Grade

    /// Kinds so wide that what some of their cells make is not said of each.
    static let wideKinds: Set = ["leukocyte", "lymphocyte", "phagocyte"]

    /// What is said of it holds for nearly every cell.
    static let anyCell = "nucleated cell"

    /// Whether it engulfs: a phagocyte by itself or by what it is a kind of.
    public var isPhagocyte: Bool { name == "phagocyte" || ancestors.contains("phagocyte") }

    /// The name as a model file may write it: no spaces, no "cell" at the end.
    public var modelName: String {
        let words = name.split(separator: " ")
        let kept = words.count > 1 && words.last == "cell" ? words.dropLast() : words[...]
        return kept.count == 1 && kept.first?.count == 1 ? "\(kept[0])-cell" : kept.joined(separator: "-")
    }
}
