import Biology

/// A fact that holds every word somebody searched for.
public struct SearchHit: Hashable, Sendable, Codable {
    /// The table it stands in.
    public var table: String
    /// What to show for more.
    public var subject: String
    public var text: String
    public var source: String
}

/// A word that is searched for, or some that together are a name.
private struct SearchTerm {
    var words: [String]
    /// What they are names of, as the catalogue writes it.
    var names: Set<String>
}

extension ParameterCatalogue {
    /// Longest search that is answered, in characters.
    public static let longestSearch = 200

    /// Facts that hold every word, in any order; a synonym stands for its name, and Greek letters may be spelled out.
    ///
    /// A search longer than ``longestSearch`` finds nothing.
    public func search(_ words: String) -> [SearchHit] {
        let wanted = terms(words)
        guard !wanted.isEmpty else { return [] }
        return CatalogueTable.allCases.flatMap { table in
            tables[table].filter { row in
                let text = row.fields.joined(separator: " ").lowercased()
                let spelled = CatalogueName.spelled(text)
                return wanted.allSatisfy { term in
                    term.words.allSatisfy { text.contains($0) || spelled.contains($0) }
                        || row.names.contains { term.names.contains($0) }
                }
            }.map(ParameterCatalogue.hit)
        }
    }

    /// Names and parameters that somebody who searched in vain may have meant, the nearest first, at most five.
    public func searchSuggestions(_ words: String) -> [String] {
        var found: [String] = []
        let parameters = MeasuredParameter.allCases.map(\.rawValue)
        for term in terms(words) where term.names.isEmpty && search(term.words[0]).isEmpty {
            let word = term.words[0]
            for near in [Suggestion.nearest(to: word, among: parameters)].compactMap(\.self) + suggestions(for: word)
            where !found.contains(near) { found.append(near) }
        }
        return Array(found.prefix(5))
    }

    /// Runs of up to four words that are a name, and each other word by itself.
    private func terms(_ text: String) -> [SearchTerm] {
        guard text.unicodeScalars.prefix(ParameterCatalogue.longestSearch + 1).count <= ParameterCatalogue.longestSearch
        else { return [] }
        let words = text.split(whereSeparator: \.isWhitespace).map { String($0).lowercased() }
        var found: [SearchTerm] = []
        var next = 0
        while next < words.count {
            let runs = stride(from: min(4, words.count - next), through: 1, by: -1).lazy.map { words[next..<next + $0] }
            let named = runs.map { run in
                let names = NameIndex.Kind.allCases.compactMap { index.name(run.joined(separator: " "), $0) }
                return SearchTerm(words: Array(run), names: Set(names))
            }.first { !$0.names.isEmpty }
            let term = named ?? SearchTerm(words: [words[next]], names: [])
            found.append(term)
            next += term.words.count
        }
        return found
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

extension TableRow {
    /// The names among its fields, and the chains that one joins.
    fileprivate var names: [String] {
        zip(table.columns, fields).flatMap { column, field -> [String] in
            switch column.rule {
            case .name, .of, .subject, .object: [field]
            case .subunits: [field] + field.split(separator: "+").map(String.init)
            default: []
            }
        }
    }
}
