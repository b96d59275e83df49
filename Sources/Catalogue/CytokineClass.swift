import GRDB

/// A class of cytokines that follows from who makes it, who hears it and what it does.
public enum CytokineClass: String, Hashable, Sendable, Codable, CaseIterable {
    /// Secreted by lymphocytes.
    case lymphokine
    /// Secreted by monocytes and macrophages.
    case monokine
    /// Moves leukocytes by its own gradient.
    case chemokine
    /// Made by one leukocyte, acting on others.
    case interleukin
    /// Made by Th1 cells, or promoting them.
    case type1 = "type 1"
    /// Made by Th2 cells, or promoting them.
    case type2 = "type 2"
    /// Several actions on several lineages.
    case pleiotropic
    /// Another cytokine does the same to the same cell through the same receptor.
    case redundant
}

/// Whether a cytokine is of a class, why, and what tradition says.
public struct ClassFinding: Hashable, Sendable, Codable {
    public var cytokine: String
    public var cytokineClass: CytokineClass
    /// Whether it follows from producers, targets and actions.
    public var isDerived: Bool
    /// From what it follows, or what is missing.
    public var reason: String
    /// What tradition calls it; `nil` for classes tradition has no word for.
    public var isByTradition: Bool?
    /// What the name alone says, where it says something else than tradition or what is derived.
    public var nameSays: String?

    /// Whether what is derived and what tradition or the name says are two things.
    public var differs: Bool { (isByTradition ?? isDerived) != isDerived || nameSays != nil }
}

extension ParameterCatalogue {
    /// Every class a cytokine is in, by derivation or by tradition, with the reason.
    public func classes(of cytokine: Cytokine) -> [ClassFinding] {
        let facts = CytokineFacts(cytokine, self)
        return CytokineClass.allCases.map { finding($0, facts) }.filter { $0.isDerived || $0.isByTradition == true }
    }

    /// The cytokines of a class, by derivation.
    public func cytokines(in cytokineClass: CytokineClass) -> [Cytokine] {
        cytokines.filter { finding(cytokineClass, CytokineFacts($0, self)).isDerived }
    }

    private func finding(_ cytokineClass: CytokineClass, _ facts: CytokineFacts) -> ClassFinding {
        let (isDerived, reason) = facts.derive(cytokineClass, self)
        let isTraditional: Bool? =
            switch cytokineClass {
            case .pleiotropic, .redundant: nil
            default: facts.traditions.contains(cytokineClass.rawValue)
            }
        var nameSays: String?
        if cytokineClass == .interleukin {
            let isNamed = facts.cytokine.name.hasPrefix("IL-")
            if isNamed != isDerived, isDerived || isNamed {
                let old = facts.cytokine.synonyms.first { $0.hasPrefix("IL-") }.map { ", once \($0)" } ?? ""
                nameSays = isNamed ? "its name says interleukin" : "its name does not say interleukin\(old)"
            }
        }
        return ClassFinding(
            cytokine: facts.cytokine.name, cytokineClass: cytokineClass, isDerived: isDerived, reason: reason,
            isByTradition: isTraditional, nameSays: nameSays)
    }
}

/// What the classes of one cytokine are derived from.
private struct CytokineFacts {
    let cytokine: Cytokine
    let makers: [CatalogueCell]
    let hearers: [CatalogueCell]
    /// Direct ones: "via" another substance does not count.
    let actions: [String]
    let traditions: Set<String>

    init(_ cytokine: Cytokine, _ catalogue: ParameterCatalogue) {
        self.cytokine = cytokine
        let relations = catalogue.relations(of: cytokine)
        func cells(_ kind: Relation.Kind) -> [CatalogueCell] {
            relations.filter { $0.kind == kind }.compactMap { catalogue.known.cells[$0.what] }
        }
        makers = cells(.madeBy)
        hearers = cells(.heardBy)
        actions = relations.filter { $0.kind == .does && !$0.note.hasPrefix("via ") }.map(\.what)
        traditions = Set(relations.filter { $0.kind == .tradition }.map(\.what))
    }

    func derive(_ cytokineClass: CytokineClass, _ catalogue: ParameterCatalogue) -> (Bool, String) {
        switch cytokineClass {
        case .lymphokine: made(by: makers.filter { $0.lineage.isLymphocyte }, "lymphocyte")
        case .monokine: made(by: makers.filter(\.isMonokineSource), "monocyte or macrophage")
        case .chemokine: chemokine()
        case .interleukin: interleukin()
        case .type1: helper("Th1 cell", other: "Th2 cell")
        case .type2: helper("Th2 cell", other: "Th1 cell")
        case .pleiotropic: pleiotropic()
        case .redundant: redundant(catalogue)
        }
    }

    private func made(by found: [CatalogueCell], _ what: String) -> (Bool, String) {
        found.isEmpty ? (false, "no \(what) among those who make it") : (true, "made by \(names(found))")
    }

    private func chemokine() -> (Bool, String) {
        let moved = hearers.filter(\.isLeukocyte)
        guard actions.contains("chemotaxis") else { return (false, "chemotaxis is not among its own actions") }
        return moved.isEmpty ? (false, "moves no leukocyte") : (true, "moves \(names(moved))")
    }

    private func interleukin() -> (Bool, String) {
        let sources = makers.filter(\.isLeukocyte)
        let targets = hearers.filter(\.isLeukocyte)
        guard let source = sources.first else { return (false, "no leukocyte makes it: made by \(names(makers))") }
        guard let target = targets.first(where: { target in sources.contains { $0.name != target.name } }) else {
            return (false, "no other leukocyte hears it: heard by \(names(hearers))")
        }
        let maker = sources.first { $0.name != target.name } ?? source
        return (true, "made by \(maker.name), acts on \(target.name)")
    }

    /// Who makes it decides; where neither helper does, whom it helps to grow or activates.
    private func helper(_ cell: String, other: String) -> (Bool, String) {
        let making = makers.map(\.name).filter { $0 == cell || $0 == other }
        if making.contains(cell) { return (true, "made by \(cell)") }
        if !making.isEmpty { return (false, "made by \(other)") }
        let isPromoting = actions.contains("growth") || actions.contains("activation")
        let hearing = hearers.map(\.name)
        guard isPromoting, hearing.contains(cell), !hearing.contains(other) else {
            return (false, "\(cell) neither makes it nor is grown or activated by it alone")
        }
        return (true, "promotes \(cell)")
    }

    private func pleiotropic() -> (Bool, String) {
        let kinds = actions.filter { $0 != "development" && $0 != "endocrine" }
        var lineages: [String] = []
        for cell in hearers where cell.lineage != .mixed && !lineages.contains(cell.lineage.rawValue) {
            lineages.append(cell.lineage.rawValue)
        }
        let holds = kinds.count > 1 && lineages.count > 1
        return (holds, "\(kinds.joined(separator: ", ")) in \(lineages.joined(separator: ", "))")
    }

    private func redundant(_ catalogue: ParameterCatalogue) -> (Bool, String) {
        let sql = """
            SELECT DISTINCT b.ligand FROM complexes a
            JOIN complexes b ON b.complex = a.complex AND b.ligand <> a.ligand AND b.role = 'signalling'
            JOIN relations t ON t.cytokine = a.ligand AND t.relation = 'heard by'
            JOIN relations u ON u.cytokine = b.ligand AND u.relation = 'heard by' AND u.what = t.what
            JOIN relations d ON d.cytokine = a.ligand AND d.relation = 'does'
            JOIN relations e ON e.cytokine = b.ligand AND e.relation = 'does' AND e.what = d.what
            WHERE a.ligand = ? AND a.role = 'signalling' ORDER BY b.rowid
            """
        let others = catalogue.database.rows(sql, [cytokine.name]).map { row -> String in row["ligand"] }
        return others.isEmpty
            ? (false, "no other does the same to the same cell through the same receptor")
            : (true, "shares receptor, target and action with \(others.joined(separator: ", "))")
    }

    private func names(_ cells: [CatalogueCell]) -> String {
        let shown = cells.prefix(4).map(\.name).joined(separator: ", ")
        return cells.count > 4 ? "\(shown) and \(cells.count - 4) more" : shown
    }
}
