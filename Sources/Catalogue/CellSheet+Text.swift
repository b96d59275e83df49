import Biology

extension CellSheet {
    /// The page for a terminal.
    public var text: String {
        var page = TextPage()
        var notes = Footnotes()
        page.title(cell.name, "catalogue \(catalogue)")
        page.item("also", cell.synonyms.joined(separator: ", "))
        page.item("is a", cell.ancestors.joined(separator: " ← "))
        let kinds = [cell.lineage.rawValue, cell.isLeukocyte ? "leukocyte" : "", cell.isPhagocyte ? "phagocyte" : ""]
        page.item("lineage", kinds.filter { !$0.isEmpty }.joined(separator: ", "))
        page.item("does", cell.functions)
        page.item("embryo", cell.embryo)
        page.item("in models", cell.modelName)
        page.heading("Cytokines")
        for (label, relations) in [("makes", makes), ("hears", hears)] {
            page.item(label, notes.list(relations.filter { $0.what == cell.name }, by: \.cytokine), indent: 20)
            for kind in cell.ancestors {
                page.item("  as \(kind)", notes.list(relations.filter { $0.what == kind }, by: \.cytokine), indent: 20)
            }
        }
        page.line("What is said of a wider kind need not hold of every cell of it.")
        table(&page, &notes, "Size, motion and division", measurements) { $0.parameter.rawValue }
        table(&page, &notes, "Secretion of one cell", secretion) { $0.subject }
        table(&page, &notes, "Receptors on one cell", receptorNumbers) { $0.receptor }
        if !notes.citations.isEmpty { page.heading("Sources") } else { page.line() }
        notes.list(&page)
        let isKnown = cell.source.isMemory ? ["what it is"] : []
        let parts = isKnown + (makes + hears).shareFromMemory("what it makes and hears") + ["every number that says so"]
        page.item(
            "",
            "From memory: \(parts.joined(separator: ", ")). No source was read for those; "
                + "take such a number as an order of magnitude.", indent: 2)
        return page.text
    }

    private func table(
        _ page: inout TextPage, _ notes: inout Footnotes, _ title: String, _ numbers: [Measurement],
        _ label: (Measurement) -> String
    ) {
        guard !numbers.isEmpty else { return }
        page.heading(title)
        let rows = numbers.map { number in
            let from = number.cell == cell.name || number.cell.isEmpty ? "" : "as \(number.cell): "
            return [label(number), number.text, from + number.setting, notes.provenance(number)]
        }
        page.table(rows, widths: [18, 20, 34, 18])
    }
}

extension ReceptorSheet {
    /// The page for a terminal.
    public var text: String {
        var page = TextPage()
        var notes = Footnotes()
        page.title(chain.symbol, "catalogue \(catalogue)")
        page.item("also", chain.synonyms.joined(separator: ", "))
        page.item("protein", "UniProt \(chain.accession)")
        page.heading("Complexes")
        var rows = complexes.map { [$0.name, $0.ligand, $0.role.rawValue, $0.signalling] }
        rows.insert(["chains", "ligand", "role", "signals through"], at: 0)
        page.table(rows, widths: [24, 12, 16, 34])
        guard !measurements.isEmpty else { return page.text }
        page.heading("Numbers")
        page.table(
            measurements.map { number in
                let setting = number.cell.isEmpty ? number.setting : "\(number.cell): \(number.setting)"
                let of = number.subject == chain.symbol ? "" : number.subject
                return [number.parameter.rawValue, of, number.text, setting, notes.provenance(number)]
            }, widths: [11, 8, 16, 33, 20])
        if notes.citations.isEmpty {
            page.line()
            page.line("  All from memory: no source was read; take such a number as an order of magnitude.")
        } else {
            page.heading("Sources")
            notes.list(&page)
        }
        return page.text
    }
}
