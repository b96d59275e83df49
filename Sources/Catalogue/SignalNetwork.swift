import GRDB

/// One cytokine from a cell type that makes it to one that hears it.
public struct SignalEdge: Hashable, Sendable, Codable {
    public var from: String
    public var cytokine: String
    public var to: String
    /// What the cytokine does, wherever it acts.
    public var actions: [String]
    /// Its signalling receptors.
    public var receptors: [String]
    /// Under which name it is said to be made and heard, where that is a wider one.
    public var saidOfMaker: String
    public var saidOfListener: String
    public var grade: Grade
    public var isFromMemory: Bool
}

/// Who signals to whom by what.
public struct SignalNetwork: Hashable, Sendable, Codable {
    public var catalogue: String
    public var edges: [SignalEdge]

    /// The list for a terminal.
    public var text: String {
        var page = TextPage()
        page.title("\(edges.count) \(edges.count == 1 ? "signal" : "signals")", "catalogue \(catalogue)")
        var rows = [["from", "by", "to", "through", "actions"]]
        for edge in edges {
            rows.append([
                edge.saidOfMaker == edge.from ? edge.from : "\(edge.from) (as \(edge.saidOfMaker))", edge.cytokine,
                edge.saidOfListener == edge.to ? edge.to : "\(edge.to) (as \(edge.saidOfListener))",
                edge.receptors.joined(separator: ", "), edge.actions.joined(separator: ", "),
            ])
        }
        page.table(rows, widths: [20, 9, 20, 20, 17], indent: 0)
        if edges.contains(where: \.isFromMemory) {
            page.line("")
            page.line("Who makes and hears what is textbook knowledge from memory unless a lab's own table says it.")
        }
        return page.text
    }
}

extension ParameterCatalogue {
    /// Every cytokine that `from` makes and `to` hears, what is said of their ancestors included.
    ///
    /// With one of them `nil`, every cell type the catalogue names as the other end.
    public func network(from: CatalogueCell?, to: CatalogueCell?) -> SignalNetwork {
        let all = relations
        let makers = all.filter { $0.kind == .madeBy }
        let listeners = all.filter { $0.kind == .heardBy }
        var edges: [SignalEdge] = []
        for cytokine in cytokines {
            let made = ends(makers.filter { $0.cytokine == cytokine.name }, from, isMaker: true)
            let heard = ends(listeners.filter { $0.cytokine == cytokine.name }, to, isMaker: false)
            guard !made.isEmpty, !heard.isEmpty else { continue }
            let does = all.filter { $0.cytokine == cytokine.name && $0.kind == .does }.map(\.what)
            let receptors = database.rows(
                "SELECT complex FROM complexes WHERE ligand = ? AND role = 'signalling' ORDER BY rowid", [cytokine.name]
            ).map { row -> String in row["complex"] }
            for maker in made {
                for listener in heard {
                    edges.append(
                        SignalEdge(
                            from: from?.name ?? maker.what, cytokine: cytokine.name, to: to?.name ?? listener.what,
                            actions: does, receptors: receptors, saidOfMaker: maker.what,
                            saidOfListener: listener.what, grade: max(maker.grade, listener.grade),
                            isFromMemory: maker.source.isMemory || listener.source.isMemory))
                }
            }
        }
        return SignalNetwork(catalogue: version, edges: edges)
    }

    /// What is said of the cell type itself, or else of the nearest it is a kind of.
    private func ends(_ relations: [Relation], _ cell: CatalogueCell?, isMaker: Bool) -> [Relation] {
        guard let cell else { return relations }
        for name in [cell.name] + cell.ancestors
        where !isMaker || name == cell.name || !CatalogueCell.wideKinds.contains(name) {
            let found = relations.filter { $0.what == name }
            if !found.isEmpty { return found }
        }
        guard !isMaker, cell.lineage != .platelet else { return [] }
        return relations.filter { $0.what == CatalogueCell.anyCell && $0.note == "all" }
    }
}
