import Biology
public import Foundation

/// What is known about cytokines, their receptors and cells: every fact with its grade and source.
///
/// The tables are in the program, one fact a line; a lab may lay its own over them. Looking up never fails: what is not
/// known is `nil` or empty.
public struct ParameterCatalogue: Sendable {
    /// The version of the tables in the program: a model pins it as `builtin@2026.2`.
    public static let builtinVersion = "2026.2"

    /// The version of the tables in the program, followed by "+" and a fingerprint of what is laid over them.
    public let version: String
    let tables: TableSet
    let index: NameIndex
    let database: CatalogueDatabase
    /// Asked for with every fact.
    let known: KnownNames

    /// The tables in the program, with folders of tables laid over them, the last on top.
    ///
    /// Every mistake of those folders is reported at once.
    public static func builtin(overlays: [URL] = []) throws(InvalidCatalogue) -> ParameterCatalogue {
        var (tables, problems) = TableSet.builtin()
        for (number, folder) in overlays.enumerated() { problems += tables.lay(folder, layer: number + 1) }
        let index = NameIndex(tables)
        if !overlays.isEmpty { problems += TableRules(tables, index).problems(in: tables, from: 1) }
        guard problems.isEmpty else {
            problems.sort { ($0.file, $0.line, $0.column) < ($1.file, $1.line, $1.column) }
            throw InvalidCatalogue(problems: problems)
        }
        return ParameterCatalogue(tables, index)
    }

    private init(_ tables: TableSet, _ index: NameIndex) {
        let hash = String(tables.fingerprint, radix: 16)
        let mark = tables.fingerprint == 0 ? "" : "+" + String(repeating: "0", count: 16 - hash.count) + hash
        version = ParameterCatalogue.builtinVersion + mark
        self.tables = tables
        self.index = index
        database = CatalogueDatabase(tables, version: version)
        known = KnownNames(tables, index)
    }

    // MARK: Names

    /// What a name, symbol or synonym stands for.
    public enum Entry: Hashable, Sendable {
        case cytokine(Cytokine)
        case receptor(ReceptorChain)
        case cell(CatalogueCell)
    }

    /// What a name stands for, whatever it names; a cytokine before a receptor before a cell type.
    public func entry(named name: String) -> Entry? {
        if let cytokine = cytokine(named: name) { return .cytokine(cytokine) }
        if let chain = receptorChain(named: name) { return .receptor(chain) }
        return cellType(named: name).map { .cell($0) }
    }

    /// The cytokine of this name, symbol or synonym: "IFN-γ", "IFNg", "IFN-gamma" and "IFNG" are one.
    public func cytokine(named name: String) -> Cytokine? {
        guard let known = index.name(name, .cytokine) else { return nil }
        return database.rows("SELECT * FROM cytokines WHERE cytokine = ?", [known]).first.map(cytokine)
    }

    /// The cell type of this name or synonym: "Th1", "Th1 cells" and "Th1-cell" are one.
    public func cellType(named name: String) -> CatalogueCell? {
        index.name(name, .cell).flatMap { known.cells[$0] }
    }

    /// The receptor chain of this symbol or synonym: "IL2RA", "IL-2Rα" and "CD25" are one.
    public func receptorChain(named name: String) -> ReceptorChain? {
        index.name(name, .receptor).flatMap { known.chains[$0] }
    }

    /// Names that somebody who typed this may have meant, the nearest first, at most five.
    public func suggestions(for name: String) -> [String] {
        let typed = String(String.UnicodeScalarView(name.unicodeScalars.prefix(CatalogueName.longest)))
        let known = NameIndex.Kind.allCases.flatMap { index.written[$0] ?? [] }
        var spellings: [String: String] = [:]
        for name in known {
            let short = name.hasSuffix(" cell") ? String(name.dropLast(5)) : name
            for spelling in [name, short, CatalogueName.spelled(name)] { spellings[spelling] = name }
        }
        var found: [String] = []
        while found.count < 5, let near = Suggestion.nearest(to: typed, among: spellings.keys) {
            guard let name = spellings.removeValue(forKey: near) else { break }
            if !found.contains(name) { found.append(name) }
        }
        let key = CatalogueName.key(typed)
        if found.isEmpty, key.count >= 2 {
            found = Array(known.filter { CatalogueName.key($0).hasPrefix(key) }.prefix(5))
        }
        return found
    }
}
