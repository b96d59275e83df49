import Biology

/// The rules every line of a table must keep, the built-in ones as much as a lab's own.
struct TableRules {
    /// Problems after which no more lines of a table are looked at (chosen: nobody reads more of them).
    static let most = 1000
    /// Kinds of cell above one another (chosen: five times the built-in depth).
    static let deepest = 20
    /// Longest word that is compared with known names (chosen: names have at most 60 letters).
    static let longestCompared = 60

    let index: NameIndex
    private let sources: [String: Citation.Seen]
    private let sourceNames: [String]
    private let knownSources: Set<String>

    init(_ tables: TableSet, _ index: NameIndex) {
        self.index = index
        var sources: [String: Citation.Seen] = [:]
        for row in tables[.sources] { sources[row["source"]] = Citation.Seen(rawValue: row["seen"]) }
        self.sources = sources
        sourceNames = tables[.sources].map { $0["source"] }
        knownSources = Set(sourceNames)
    }

    /// Everything that is wrong with the lines from a layer up, table by table.
    func problems(in tables: TableSet, from layer: Int) -> [CatalogueProblem] {
        var found: [CatalogueProblem] = []
        var counts: [String: Int] = [:]
        for table in CatalogueTable.allCases {
            var lines: [String: Int] = [:]
            let before = found.count
            for row in tables[table] where found.count - before < TableRules.most {
                defer { lines[row.key] = row.line }
                guard row.layer >= layer else { continue }
                // Looking for what was meant takes most of the time, and nobody sees more of a file than are shown.
                let count = counts[row.file] ?? 0
                let wrong = problems(of: row, suggests: count < InvalidCatalogue.shown)
                counts[row.file] = count + wrong.count
                found += wrong
                guard let first = lines[row.key] else { continue }
                found.append(
                    row.problem(
                        table.keyColumns[0], "line \(first) says the same", fix: "keep one of them"))
            }
        }
        return found + ambiguities(in: tables, from: layer) + circles(in: tables, from: layer)
    }

    private func problems(of row: TableRow, suggests: Bool) -> [CatalogueProblem] {
        var found: [CatalogueProblem] = []
        for (column, field) in zip(row.table.columns, row.fields) {
            if field.isEmpty {
                if !column.isOptional {
                    found.append(row.problem(column.name, "nothing stands here", fix: "every line needs one"))
                }
                continue
            }
            if let wrong = wrong(field, column.rule, row, suggests) {
                found.append(row.problem(column.name, wrong.problem, fix: wrong.fix, offset: wrong.offset))
            }
        }
        if let wrong = wrongGrade(row) { found.append(wrong) }
        if row.table == .measurements { found += measurementProblems(row) }
        if row.table == .cytokines,
            row["symbols"].split(separator: "+").count != row["accessions"].split(separator: "+").count
        {
            found.append(
                row.problem(
                    "accessions", "there is not one for each symbol", fix: "join them with '+' in the same order"))
        }
        return found
    }

    /// What is wrong with one field, where in it, and the remedy.
    private func wrong(
        _ field: String, _ rule: CatalogueTable.Rule, _ row: TableRow, _ suggests: Bool
    ) -> TextProblem? {
        switch rule {
        case .text: return nil
        case .name: return wrongName(field)
        case .oneOf(let known): return choice(field, known, suggests)
        case .of(let tables):
            if tables == [.sources] { return knownSources.contains(field) ? nil : choice(field, sourceNames, suggests) }
            return reference(field, tables.compactMap(NameIndex.kind(of:)), suggests)
        case .subunits:
            return field.split(separator: "+").lazy.compactMap { reference(String($0), [.receptor], suggests) }.first
        case .subject:
            let isClass = CatalogueTable.classes.contains(field)
            return isClass ? nil : reference(field, NameIndex.Kind.allCases, suggests)
        case .object: return wrongObject(field, row, suggests)
        case .symbols: return parts(field, "an HGNC symbol such as IL2RA", TableRules.isSymbol)
        case .accessions: return parts(field, "a UniProt accession such as P60568", TableRules.isAccession)
        case .identifier:
            let known =
                field.hasPrefix("doi:10.") || (field.hasPrefix("pmid:") && field.dropFirst(5).allSatisfy(\.isNumber))
            return known
                ? nil
                : TextProblem(
                    offset: 0, problem: "'\(excerpt(field))' is no identifier", fix: "write doi:10... or pmid:1234")
        case .parameter: return choice(field, MeasuredParameter.allCases.map(\.rawValue), suggests)
        case .value:
            do {
                _ = try WrittenValue(reading: field)
                return nil
            } catch { return error }
        case .unit:
            do {
                _ = try UnitExpression.parse(field)
                return nil
            } catch { return error }
        }
    }

    private func wrongName(_ field: String) -> TextProblem? {
        let allowed = field.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_+. ()/&".unicodeScalars.contains($0)
        }
        guard allowed, field.unicodeScalars.count <= 60, !CatalogueName.key(field).isEmpty else {
            return TextProblem(
                offset: 0, problem: "'\(excerpt(field))' cannot be a name",
                fix: "use at most 60 letters, digits, spaces, '-', '_' and '+'")
        }
        return nil
    }

    private func choice(_ field: String, _ known: [String], _ suggests: Bool) -> TextProblem? {
        guard !known.contains(field) else { return nil }
        let fix = suggests ? TableRules.didYouMean(field, known) : nil
        let few =
            known.count <= 40 ? "use one of: \(known.joined(separator: ", "))" : "add a line for it to sources.csv"
        return TextProblem(offset: 0, problem: "'\(excerpt(field))' is not known here", fix: fix ?? few)
    }

    private func reference(_ field: String, _ kinds: [NameIndex.Kind], _ suggests: Bool) -> TextProblem? {
        for kind in kinds where index.name(field, kind) != nil { return nil }
        let words = kinds.map { $0 == .cell ? "cell type" : $0 == .receptor ? "receptor chain" : "cytokine" }
        let fix = suggests ? TableRules.didYouMean(field, kinds.flatMap { index.written[$0] ?? [] }) : nil
        return TextProblem(
            offset: 0, problem: "'\(excerpt(field))' is no known \(words.joined(separator: " or "))",
            fix: fix ?? "add a line for it to the table of its kind")
    }

    private static func didYouMean(_ field: String, _ known: [String]) -> String? {
        guard field.utf8.count <= 2 * longestCompared, field.count <= longestCompared else { return nil }
        return Suggestion.didYouMean(field, among: known.lazy.filter { $0.utf8.count <= 2 * longestCompared })
    }

    private func wrongObject(_ field: String, _ row: TableRow, _ suggests: Bool) -> TextProblem? {
        switch Relation.Kind(rawValue: row["relation"]) {
        case .madeBy, .heardBy: reference(field, [.cell], suggests)
        case .does: choice(field, CatalogueTable.actions, suggests)
        case .tradition: choice(field, CatalogueTable.traditions, suggests)
        case .glycosylated: choice(field, ["yes", "no"], suggests)
        case nil: nil
        }
    }

    private func parts(_ field: String, _ what: String, _ isRight: (Substring) -> Bool) -> TextProblem? {
        let parts = field.split(separator: "+", omittingEmptySubsequences: false)
        guard let wrong = parts.first(where: { !isRight($0) }) else { return nil }
        return TextProblem(
            offset: 0, problem: "'\(excerpt(String(wrong)))' is not \(what)", fix: "look it up at the database")
    }

    /// What only a source that was read can be graded.
    private func wrongGrade(_ row: TableRow) -> CatalogueProblem? {
        guard let grade = Grade(rawValue: row["grade"]), let seen = sources[row["source"]] else { return nil }
        switch (grade, seen) {
        case (.measured, .none), (.modelValue, .none), (.derived, .none):
            return row.problem(
                "grade", "'\(grade.rawValue)' from memory: no source was read",
                fix: "name the source that says so, or grade it 'order of magnitude' or 'textbook'")
        case (.measured, .calculation):
            return row.problem("grade", "'measured' for a result of arithmetic", fix: "grade it 'derived'")
        case (.modelValue, .abstract), (.modelValue, .tables), (.modelValue, .calculation):
            return row.problem(
                "grade", "'model value' of a model whose file was not read",
                fix: "read the model's file and say so in sources.csv, or grade it 'order of magnitude'")
        default: return nil
        }
    }

    private func measurementProblems(_ row: TableRow) -> [CatalogueProblem] {
        guard let parameter = MeasuredParameter(rawValue: row["parameter"]) else { return [] }
        var found: [CatalogueProblem] = []
        if let unit = try? UnitExpression.parse(row["unit"]), unit.dimension != parameter.dimension {
            found.append(
                row.problem(
                    "unit", "\(parameter.rawValue) is \(parameter.dimension), '\(row["unit"])' is \(unit.dimension)",
                    fix: "write it in a unit such as \(TableRules.example(parameter.dimension))"))
        }
        if parameter.needsReceptor, row["receptor"].isEmpty {
            found.append(
                row.problem(
                    "receptor", "'\(parameter.rawValue)' is said of a receptor", fix: "name its chains, joined by '+'"))
        }
        if parameter.needsCell, row["cell"].isEmpty {
            found.append(
                row.problem("cell", "'\(parameter.rawValue)' is said of a cell type", fix: "name the cell type"))
        }
        return found
    }

    /// A unit a remedy may name.
    private static func example(_ dimension: Dimension) -> String {
        switch dimension {
        case .none: "none at all (leave it empty) or %"
        case Dimension(length: 3): "L"
        case Dimension(length: 3, time: -1): "mL/min"
        default: QuantityText.exampleUnits(dimension).first ?? "\(dimension)"
        }
    }
}

extension TableRules {
    /// HGNC: capitals and digits, hyphens inside.
    static func isSymbol(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, (0x41...0x5A).contains(first), text.utf8.count <= 20 else { return false }
        return text.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    /// UniProt: https://www.uniprot.org/help/accession_numbers, six or ten characters.
    static func isAccession(_ text: Substring) -> Bool {
        let letters = Array(text.utf8)
        func isDigit(_ i: Int) -> Bool { (0x30...0x39).contains(letters[i]) }
        func isCapital(_ i: Int) -> Bool { (0x41...0x5A).contains(letters[i]) }
        guard letters.count == 6 || letters.count == 10, isCapital(0), isDigit(1), isDigit(letters.count - 1) else {
            return false
        }
        let middle = (2..<letters.count - 1).allSatisfy { isDigit($0) || isCapital($0) }
        let isOld = "OPQ".utf8.contains(letters[0])
        guard middle, !(isOld && letters.count == 10) else { return false }
        if isOld { return true }
        return isCapital(2) && isDigit(5) && (letters.count == 6 || (isCapital(6) && isDigit(9)))
    }

    /// Names and synonyms that mean two things.
    private func ambiguities(in tables: TableSet, from layer: Int) -> [CatalogueProblem] {
        let named: [(CatalogueTable, [String], NameIndex.Kind)] = [
            (.cytokines, ["cytokine", "symbols"], .cytokine), (.chains, ["chain"], .receptor),
            (.cells, ["cell"], .cell),
        ]
        var found: [CatalogueProblem] = []
        func compare(_ row: TableRow, _ column: String, _ name: String, _ kind: NameIndex.Kind) {
            let other = index.names[kind]?[NameIndex.key(row[column], kind)]
            guard row.layer >= layer, let other, other != name else { return }
            found.append(
                row.problem(
                    column, "'\(excerpt(row[column]))' is a name of \(other) already", fix: "choose another name"))
        }
        for (table, columns, kind) in named {
            for row in tables[table] { for column in columns { compare(row, column, row[columns[0]], kind) } }
        }
        for row in tables[.synonyms] {
            guard let kind = NameIndex.Kind(rawValue: row["of"]) else { continue }
            guard let name = index.name(row["name"], kind) else {
                if row.layer >= layer, !row["name"].isEmpty {
                    found.append(
                        row.problem(
                            "of", "'\(excerpt(row["name"]))' is no \(kind.rawValue)", fix: "say what it is a name of"))
                }
                continue
            }
            compare(row, "synonym", name, kind)
        }
        return found
    }

    /// Cell types that are a kind of themselves, or of too many others above one another.
    private func circles(in tables: TableSet, from layer: Int) -> [CatalogueProblem] {
        var parents: [String: String] = [:]
        for row in tables[.cells] where !row["is a"].isEmpty {
            parents[row["cell"]] = index.name(row["is a"], .cell) ?? row["is a"]
        }
        var found: [CatalogueProblem] = []
        for row in tables[.cells] where row.layer >= layer && found.count < TableRules.most {
            var above: [String] = [row["cell"]]
            while let next = parents[above[above.count - 1]] {
                if above.contains(next) {
                    found.append(
                        row.problem("is a", "\(row["cell"]) is a kind of itself", fix: "break the circle"))
                    break
                }
                above.append(next)
                guard above.count > TableRules.deepest + 1 else { continue }
                found.append(
                    row.problem(
                        "is a",
                        "\(row["cell"]) has more than \(TableRules.deepest) kinds above one another",
                        fix: "leave out kinds between it and the widest"))
                break
            }
        }
        return found
    }
}
