/// A fact that holds every word somebody searched for.
public struct SearchHit: Hashable, Sendable, Codable {
    /// The table it stands in.
    public var table: String
    /// What to show for more.
    public var subject: String
    public var text: String
    public var source: String
}

extension ParameterCatalogue {
    /// Longest search that is looked at, in characters; the rest is dropped.
    public static let longestSearch = 200

    /// Facts that hold every word, in any order; Greek letters may be spelled out.
    public func search(_ words: String) -> [SearchHit] {
        let typed = String(String.UnicodeScalarView(words.unicodeScalars.prefix(ParameterCatalogue.longestSearch)))
        let wanted = typed.split(whereSeparator: \.isWhitespace).prefix(8).map { String($0).lowercased() }
        guard !wanted.isEmpty else { return [] }
        return CatalogueTable.allCases.flatMap { table in
            tables[table].filter { row in
                let text = row.fields.joined(separator: " ").lowercased()
                let spelled = CatalogueName.spelled(text)
                return wanted.allSatisfy { text.contains($0) || spelled.contains($0) }
            }.map(ParameterCatalogue.hit)
        }
    }

    private static func hit(_ row: TableRow) -> SearchHit {
        let hidden: Set = ["source", "grade", "leukocyte", "monokine source", "of", "seen", "value", "unit", "species"]
        var said = zip(row.table.columns, row.fields).dropFirst().filter {
            !hidden.contains($0.0.name) && !$0.1.isEmpty
        }.map(\.1)
        if row.table == .measurements { said.insert("\(row["value"]) \(row["unit"])", at: 1) }
        return SearchHit(
            table: row.table.rawValue, subject: row.fields[0], text: said.joined(separator: " · "),
            source: row.table == .sources ? "" : row["source"])
    }

    /// What was found, for a terminal.
    public static func text(_ hits: [SearchHit]) -> String {
        var page = TextPage()
        var last = ""
        for hit in hits {
            if hit.table != last { page.heading(hit.table) }
            last = hit.table
            page.item("  \(hit.subject)", hit.source.isEmpty ? hit.text : "\(hit.text)  [\(hit.source)]", indent: 18)
        }
        return page.text
    }
}
