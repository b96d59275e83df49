import Biology

/// Cytokines side by side.
public struct Comparison: Hashable, Sendable, Codable {
    public var catalogue: String
    public var sheets: [CytokineSheet]

    /// The page for a terminal.
    public var text: String {
        var page = TextPage()
        page.title(sheets.map(\.cytokine.name).joined(separator: "  ·  "), "catalogue \(catalogue)")
        let width = max(16, (TextPage.width - 18) / max(1, sheets.count) - 2)
        var rows: [[String]] = []
        func row(_ label: String, _ value: (CytokineSheet) -> String) { rows.append([label] + sheets.map(value)) }
        row("") { $0.cytokine.name }
        row("family") { $0.cytokine.family }
        row("made as") { $0.cytokine.assembly }
        row("mass") { $0.mass.map { "\(QuantityText.digits($0)) kDa" } ?? "not known" }
        row("D in water") { sheet in
            sheet.measurements.first { $0.parameter == .diffusion && $0.condition.hasPrefix("water") }?.text ?? "none"
        }
        row("receptors") { sheet in
            sheet.complexes.filter { $0.role == .signalling }.map(\.name).joined(separator: ", ")
        }
        row("other binding") { sheet in
            let others = sheet.complexes.filter { $0.role != .signalling }.map { "\($0.name) (\($0.role.rawValue))" }
            return others.isEmpty ? "none known" : others.joined(separator: ", ")
        }
        row("K_D, the least") { sheet in
            sheet.tightest.map { "\($0.text) \($0.receptor) (\($0.isFromMemory ? "memory" : $0.source.id))" }
                ?? "not known"
        }
        row("does") { list($0, .does) }
        row("made by") { list($0, .madeBy) }
        row("heard by") { list($0, .heardBy) }
        row("classes") { $0.classes.filter(\.isDerived).map(\.cytokineClass.rawValue).joined(separator: ", ") }
        for row in rows {
            page.table([row], widths: [14] + sheets.map { _ in width }, indent: 0)
        }
        page.heading("In common")
        page.item("chains", joined(common { Set($0.complexes.flatMap(\.subunits).map(\.symbol)) }))
        page.item("actions", joined(common { Set($0.relations(.does).map(\.what)) }))
        page.item("makers", joined(common { Set($0.relations(.madeBy).map(\.what)) }))
        page.item("listeners", joined(common { Set($0.relations(.heardBy).map(\.what)) }))
        return page.text
    }

    private func list(_ sheet: CytokineSheet, _ kind: Relation.Kind) -> String {
        sheet.relations(kind).map(\.what).joined(separator: ", ")
    }

    private func common(_ things: (CytokineSheet) -> Set<String>) -> [String] {
        guard let first = sheets.first else { return [] }
        return sheets.dropFirst().reduce(things(first)) { $0.intersection(things($1)) }.sorted()
    }

    private func joined(_ words: [String]) -> String { words.isEmpty ? "none" : words.joined(separator: ", ") }
}

extension CytokineSheet {
    /// The strongest binding that is given as a value.
    var tightest: Measurement? {
        measurements.filter { $0.parameter == .affinity && $0.value.typical != nil }
            .min { ($0.value.typical ?? 0) < ($1.value.typical ?? 0) }
    }
}

extension ParameterCatalogue {
    public func comparison(of cytokines: [Cytokine]) -> Comparison {
        Comparison(catalogue: version, sheets: cytokines.map { sheet(of: $0) })
    }
}
