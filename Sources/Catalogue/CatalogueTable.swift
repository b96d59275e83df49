/// The tables the catalogue is written in, one CSV file each, one fact a line.
enum CatalogueTable: String, CaseIterable {
    case sources
    case cytokines
    case chains
    case cells
    case complexes
    case synonyms
    case relations
    case measurements
    case setaside

    /// What a column may hold.
    enum Rule: Hashable {
        /// Any words.
        case text
        /// A name of its own, by which other lines refer to this one.
        case name
        case oneOf([String])
        /// The name of a line in another table.
        case of([CatalogueTable])
        /// Subunits joined by "+", each a chain.
        case subunits
        /// What a subject may be: a cytokine, a chain, a cell or a class of cytokines.
        case subject
        /// What a relation may point to; depends on the relation.
        case object
        /// HGNC symbols or UniProt accessions joined by "+".
        case symbols
        case accessions
        case identifier
        case parameter
        case value
        case unit
    }

    struct Column: Hashable {
        var name: String
        var rule: Rule
        /// Whether the column may be left out and a field be empty.
        var isOptional = false

        init(_ name: String, _ rule: Rule, isOptional: Bool = false) {
            self.name = name
            self.rule = rule
            self.isOptional = isOptional
        }
    }

    static let grades = Column("grade", .oneOf(Grade.allCases.map(\.rawValue)))
    static let source = Column("source", .of([.sources]))
    static let note = Column("note", .text, isOptional: true)

    /// Subjects that are not one cytokine: what is said of them holds for a class.
    static let classes = ["cytokines", "chemokines", "type I interferon"]
    static let relationKinds = ["made by", "heard by", "does", "tradition", "glycosylated"]
    static let actions = [
        "growth", "activation", "inhibition", "killing", "chemotaxis", "antiviral", "endocrine", "development",
    ]
    static let traditions = [
        "interleukin", "lymphokine", "monokine", "chemokine", "interferon", "TNF family", "colony-stimulating factor",
        "growth factor", "type 1", "type 2", "Th17", "Treg",
    ]
    static let species = ["human", "mouse", "rat", "zebrafish", "mouse, monkey", "not stated"]

    /// In the order of the built-in tables.
    var columns: [Column] { CatalogueTable.allColumns[self] ?? [] }

    private static let allColumns = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.makeColumns()) })
    private static let places = allColumns.mapValues { columns in
        Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($0.element.name, $0.offset) })
    }

    /// Where a column of this name stands.
    func place(_ column: String) -> Int? { CatalogueTable.places[self]?[column] }

    private func makeColumns() -> [Column] {
        switch self {
        case .sources:
            [
                Column("source", .name), Column("citation", .text), Column("identifier", .identifier, isOptional: true),
                Column("seen", .oneOf(Citation.Seen.allCases.map(\.rawValue))),
            ]
        case .cytokines:
            [
                Column("cytokine", .name), Column("symbols", .symbols), Column("accessions", .accessions),
                Column("family", .text), Column("assembly", .text), Column("form", .text), CatalogueTable.source,
                CatalogueTable.grades,
            ]
        case .chains:
            [
                Column("chain", .name), Column("accession", .accessions),
                Column("form", .oneOf(["membrane", "soluble", "membrane or soluble"])), CatalogueTable.source,
                CatalogueTable.grades,
            ]
        case .cells:
            [
                Column("cell", .name), Column("is a", .of([.cells]), isOptional: true),
                Column("lineage", .oneOf(CellLineage.allCases.map(\.rawValue))),
                Column("leukocyte", .oneOf(["yes", "no"])), Column("monokine source", .oneOf(["yes", "no"])),
                Column("functions", .text), Column("embryo", .text, isOptional: true), CatalogueTable.source,
                CatalogueTable.grades,
            ]
        case .complexes:
            [
                Column("complex", .subunits), Column("ligand", .of([.cytokines])),
                Column("role", .oneOf(ReceptorRole.allCases.map(\.rawValue))), Column("class", .text),
                Column("signalling", .text), CatalogueTable.source, CatalogueTable.grades,
            ]
        case .synonyms:
            [
                Column("name", .of([.cytokines, .chains, .cells])), Column("synonym", .text),
                Column("of", .oneOf(["cytokine", "receptor", "cell"])), CatalogueTable.source,
            ]
        case .relations:
            [
                Column("cytokine", .of([.cytokines])), Column("relation", .oneOf(CatalogueTable.relationKinds)),
                Column("what", .object), CatalogueTable.note, CatalogueTable.source, CatalogueTable.grades,
            ]
        case .measurements:
            [
                Column("subject", .subject), Column("parameter", .parameter),
                Column("receptor", .subunits, isOptional: true), Column("cell", .of([.cells]), isOptional: true),
                Column("value", .value), Column("unit", .unit, isOptional: true),
                Column("species", .oneOf(CatalogueTable.species)), Column("condition", .text), CatalogueTable.source,
                CatalogueTable.grades, CatalogueTable.note,
                Column("caveat", .oneOf(Caveat.allCases.map(\.rawValue)), isOptional: true),
            ]
        case .setaside:
            [
                Column("subject", .subject), Column("parameter", .text), Column("value", .text), Column("why", .text),
                CatalogueTable.source,
            ]
        }
    }

    /// The columns that together may stand only once; of two layers the upper one's line holds.
    var keyColumns: [String] {
        switch self {
        case .sources: ["source"]
        case .cytokines: ["cytokine"]
        case .chains: ["chain"]
        case .cells: ["cell"]
        case .complexes: ["complex", "ligand", "role"]
        case .synonyms: ["synonym", "of"]
        case .relations: ["cytokine", "relation", "what"]
        case .measurements: ["subject", "parameter", "receptor", "cell", "species", "condition", "source", "value"]
        case .setaside: ["subject", "parameter", "value", "why"]
        }
    }
}

/// One line of a table.
struct TableRow {
    var table: CatalogueTable
    /// 0 for the built-in tables, 1 for the first laid over them.
    var layer: Int
    var file: String
    var line: Int
    /// One for each of the table's columns; empty where it is left out.
    var fields: [String]
    /// Where each field starts, from 1.
    var places: [Int]

    subscript(name: String) -> String {
        table.place(name).map { fields[$0] } ?? ""
    }

    var key: String { table.keyColumns.map { self[$0] }.joined(separator: "\u{1F}") }

    func problem(_ column: String, _ problem: String, fix: String, offset: Int = 0) -> CatalogueProblem {
        let index = table.place(column) ?? 0
        return CatalogueProblem(
            file: file, line: line, column: places[index] + offset, problem: "\(column): \(problem)", fix: fix)
    }
}

extension TableRow {
    /// The same line with every name it refers to written as the catalogue writes it.
    func named(by index: NameIndex) -> TableRow {
        var row = self
        for (place, column) in table.columns.enumerated() {
            let isOther = column.rule == .object && !["made by", "heard by"].contains(self["relation"])
            if !isOther { row.fields[place] = TableRow.named(fields[place], column.rule, by: index) }
        }
        return row
    }

    private static func named(_ field: String, _ rule: CatalogueTable.Rule, by index: NameIndex) -> String {
        switch rule {
        case .of(let tables):
            tables.compactMap(NameIndex.kind(of:)).lazy.compactMap { index.name(field, $0) }.first ?? field
        case .subject: NameIndex.Kind.allCases.lazy.compactMap { index.name(field, $0) }.first ?? field
        case .subunits:
            field.split(separator: "+").map { index.name(String($0), .receptor) ?? String($0) }.joined(separator: "+")
        case .object: index.name(field, .cell) ?? field
        default: field
        }
    }
}
