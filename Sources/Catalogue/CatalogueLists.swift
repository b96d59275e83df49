import Biology

extension ParameterCatalogue {
    /// A line for each cytokine, family by family.
    public func text(of cytokines: [Cytokine]) -> String {
        var page = TextPage()
        var last = ""
        for cytokine in cytokines {
            if cytokine.family != last { page.heading(cytokine.family) }
            last = cytokine.family
            let names =
                cytokine.symbols.joined(separator: "+") == cytokine.name
                ? [] : [cytokine.symbols.joined(separator: "+")]
            let chains = receptorComplexes(of: cytokine).filter { $0.role == .signalling }.map(\.name)
            let also = (names + cytokine.synonyms).joined(separator: ", ")
            page.table([[cytokine.name, also, chains.joined(separator: ", ")]], widths: [11, 36, 44])
        }
        page.line("")
        page.line("\(cytokines.count) \(cytokines.count == 1 ? "cytokine" : "cytokines"); catalogue \(version)")
        return page.text
    }

    /// A line for each cell type, lineage by lineage.
    public var cellList: String {
        var page = TextPage()
        let all = cells
        for lineage in CellLineage.allCases {
            let found = all.filter { $0.lineage == lineage }
            if found.isEmpty { continue }
            page.heading(lineage.rawValue)
            page.table(
                found.map { [$0.name, $0.ancestors.first.map { "a kind of \($0)" } ?? "", $0.functions] },
                widths: [30, 28, 34])
        }
        page.line("")
        page.line("\(all.count) cell types; catalogue \(version)")
        return page.text
    }

    /// A line for each receptor complex.
    public var receptorList: String {
        var page = TextPage()
        var rows = [["chains", "ligands", "role", "signals through"]]
        var order: [String] = []
        var ligands: [String: [String]] = [:]
        var first: [String: ReceptorComplex] = [:]
        for complex in receptorComplexes {
            let key = "\(complex.name) \(complex.role.rawValue)"
            if first[key] == nil {
                order.append(key)
                first[key] = complex
            }
            ligands[key, default: []].append(complex.ligand)
        }
        for key in order {
            guard let complex = first[key] else { continue }
            rows.append([
                complex.name, ligands[key]?.joined(separator: ", ") ?? "", complex.role.rawValue, complex.signalling,
            ])
        }
        page.table(rows, widths: [22, 30, 14, 24], indent: 0)
        page.line("")
        page.line("\(order.count) complexes; catalogue \(version)")
        return page.text
    }

    /// The sources, with how far each was seen.
    public func text(of citations: [Citation]) -> String {
        var page = TextPage()
        for citation in citations {
            let seen =
                switch citation.seen {
                case .read: "read"
                case .abstract: "abstract or page seen"
                case .tables: "checked by program against tables"
                case .calculation: "arithmetic"
                case .none: "nothing was read"
                }
            let link = citation.link.map { "; \($0)" } ?? ""
            page.item(citation.id, "\(citation.text)\(link) [\(seen)]", indent: 26)
        }
        return page.text
    }

    /// Every line, built in or laid over, that breaks a rule.
    public func brokenRules() -> [CatalogueProblem] { TableRules(tables, index).problems(in: tables, from: 0) }

    public func report() -> CatalogueReport {
        let numbers = measurements
        let grades = Dictionary(grouping: numbers, by: \.grade).mapValues(\.count)
        return CatalogueReport(
            catalogue: version,
            lines: Dictionary(
                uniqueKeysWithValues: CatalogueTable.allCases.map { ($0.rawValue, tables[$0].count) }),
            grades: Dictionary(uniqueKeysWithValues: Grade.allCases.map { ($0.rawValue, grades[$0] ?? 0) }),
            fromMemory: numbers.filter(\.isFromMemory).count, consistency: consistency(), setAside: setAside())
    }
}

/// What a check of the whole catalogue found.
public struct CatalogueReport: Hashable, Sendable, Codable {
    public var catalogue: String
    /// Lines of each table.
    public var lines: [String: Int]
    /// Numbers of each grade.
    public var grades: [String: Int]
    public var fromMemory: Int
    public var consistency: Consistency
    public var setAside: [SetAside]

    /// The findings for a terminal.
    public var text: String {
        var page = TextPage()
        let tables = CatalogueTable.allCases.map { "\(lines[$0.rawValue] ?? 0) \($0.rawValue)" }
        page.title("✓ every line keeps the rules", "catalogue \(catalogue)")
        page.item("lines", tables.joined(separator: ", "))
        let counted = Grade.allCases.map { "\(grades[$0.rawValue] ?? 0) \($0.rawValue)" }
        page.item("numbers", "\(counted.joined(separator: ", ")); \(fromMemory) of them from memory")
        let odd = consistency.disagreements
        page.heading("\(consistency.affinities.count) affinities beside k_off/k_on, \(odd.count) differ")
        page.table(
            odd.map { one in
                let low = QuantityText.describe(one.computedLow, .concentration)
                let high = QuantityText.describe(one.computedHigh, .concentration)
                let computed = low == high ? low : "\(low) to \(high)"
                let rates = Set([one.association.source.id, one.dissociation.source.id]).sorted().joined(
                    separator: ", ")
                return [
                    one.stated.subject, one.stated.receptor, "K_D \(one.stated.text)",
                    "\(one.stated.source.id): \(one.stated.condition)", "rates say \(computed)", rates,
                ]
            }, widths: [6, 17, 13, 20, 17, 15])
        page.heading("\(consistency.gaps.count) gaps, \(consistency.orphanSources.count) sources nobody names")
        for gap in consistency.gaps + consistency.orphanSources { page.item("  ", gap, indent: 2) }
        page.heading("\(setAside.count) numbers set aside")
        for one in setAside {
            page.item("  \(one.subject)", "\(one.parameter) \(one.value): \(one.why) (\(one.source.id))", indent: 14)
        }
        return page.text
    }
}
