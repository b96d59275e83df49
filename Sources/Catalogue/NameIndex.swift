import Biology

/// Every name, symbol and synonym, and what it stands for.
struct NameIndex {
    enum Kind: String, CaseIterable {
        case cytokine
        case receptor
        case cell
    }

    /// From a name's key to the catalogue's name for it.
    private(set) var names: [Kind: [String: String]] = [:]
    /// Names as they are written, for suggestions.
    private(set) var written: [Kind: [String]] = [:]

    /// Takes the names of all rows; says which of them mean two things.
    init(_ tables: TableSet) {
        for kind in Kind.allCases {
            names[kind] = [:]
            written[kind] = []
        }
        for row in tables[.cytokines] {
            add(row["cytokine"], for: row["cytokine"], .cytokine)
            add(row["symbols"], for: row["cytokine"], .cytokine)
        }
        for row in tables[.chains] { add(row["chain"], for: row["chain"], .receptor) }
        for row in tables[.cells] { add(row["cell"], for: row["cell"], .cell) }
        for row in tables[.synonyms] {
            guard let kind = Kind(rawValue: row["of"]) else { continue }
            add(row["synonym"], for: row["name"], kind)
        }
    }

    private mutating func add(_ written: String, for name: String, _ kind: Kind) {
        let key = NameIndex.key(written, kind)
        guard !key.isEmpty, names[kind]?[key] == nil else { return }
        names[kind]?[key] = name
        self.written[kind]?.append(written)
    }

    static func key(_ text: String, _ kind: Kind) -> String {
        kind == .cell ? CatalogueName.cellKey(text) : CatalogueName.key(text)
    }

    /// The catalogue's name for what somebody wrote; a plural counts as its singular.
    func name(_ text: String, _ kind: Kind) -> String? {
        let key = NameIndex.key(text, kind)
        if let name = names[kind]?[key] { return name }
        guard kind == .cell, key.hasSuffix("s") else { return nil }
        return names[kind]?[NameIndex.key(String(key.dropLast()), kind)]
    }

    static func kind(of table: CatalogueTable) -> Kind? {
        switch table {
        case .cytokines: .cytokine
        case .chains: .receptor
        case .cells: .cell
        default: nil
        }
    }
}
