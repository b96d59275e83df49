/// The things that facts refer to, by the catalogue's names: sources, cell types and receptor chains.
struct KnownNames {
    private(set) var citations: [String: Citation] = [:]
    private(set) var cells: [String: CatalogueCell] = [:]
    private(set) var chains: [String: ReceptorChain] = [:]
    /// Who says what protein a chain is.
    private(set) var chainSources: [String: Citation] = [:]
    private(set) var synonyms: [NameIndex.Kind: [String: [String]]] = [.cytokine: [:], .receptor: [:], .cell: [:]]

    init(_ tables: TableSet, _ index: NameIndex) {
        for row in tables[.sources] {
            citations[row["source"]] = Citation(
                id: row["source"], text: row["citation"], identifier: row["identifier"],
                seen: Citation.Seen(rawValue: row["seen"]) ?? .none)
        }
        for row in tables[.synonyms] {
            guard let kind = NameIndex.Kind(rawValue: row["of"]), let name = index.name(row["name"], kind) else {
                continue
            }
            synonyms[kind]?[name, default: []].append(row["synonym"])
        }
        readCells(tables[.cells], index)
        readChains(tables)
    }

    private mutating func readCells(_ rows: [TableRow], _ index: NameIndex) {
        var parents: [String: String] = [:]
        for row in rows where !row["is a"].isEmpty { parents[row["cell"]] = index.name(row["is a"], .cell) }
        for row in rows {
            let name = row["cell"]
            var ancestors: [String] = []
            var next = parents[name]
            while let parent = next, !ancestors.contains(parent) {
                ancestors.append(parent)
                next = parents[parent]
            }
            cells[name] = CatalogueCell(
                name: name, synonyms: synonyms[.cell]?[name] ?? [], ancestors: ancestors,
                lineage: CellLineage(rawValue: row["lineage"]) ?? .mixed, isLeukocyte: row["leukocyte"] == "yes",
                isMonokineSource: row["monokine source"] == "yes", functions: row["functions"], embryo: row["embryo"],
                source: source(row), grade: Grade(rawValue: row["grade"]) ?? .orderOfMagnitude)
        }
    }

    private mutating func readChains(_ tables: TableSet) {
        for row in tables[.chains] {
            let symbol = row["chain"]
            chainSources[symbol] = source(row)
            chains[symbol] = ReceptorChain(
                symbol: symbol, accession: row["accession"], synonyms: synonyms[.receptor]?[symbol] ?? [])
        }
        for row in tables[.complexes] where row["role"] == ReceptorRole.signalling.rawValue {
            let (name, ligand) = (row["complex"], row["ligand"])
            for part in name.split(separator: "+") {
                let symbol = String(part)
                if chains[symbol]?.sharedWith.contains(name) == false { chains[symbol]?.sharedWith.append(name) }
                if chains[symbol]?.ligands.contains(ligand) == false { chains[symbol]?.ligands.append(ligand) }
            }
        }
    }

    /// The source a line names.
    func source(_ row: TableRow) -> Citation {
        citations[row["source"]] ?? Citation(id: row["source"], text: "", identifier: "", seen: .none)
    }
}
