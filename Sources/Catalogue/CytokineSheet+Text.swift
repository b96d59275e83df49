import Biology

extension CytokineSheet {
    /// The page for a terminal.
    public var text: String {
        var page = TextPage()
        var notes = Footnotes()
        page.title(cytokine.name, "catalogue \(catalogue)")
        identity(&page)
        receptors(&page, &notes)
        page.heading("Who makes it, who hears it")
        for (label, kind) in [("made by", Relation.Kind.madeBy), ("heard by", .heardBy), ("does", .does)] {
            page.item(label, notes.list(relations(kind), by: \.what), indent: 12)
        }
        numbers(&page, &notes)
        receptorTables(&page, &notes)
        reachTable(&page, &notes)
        aside(&page, &notes)
        sources(&page, &notes)
        return page.text
    }

    private func identity(_ page: inout TextPage) {
        let genes = zip(cytokine.symbols, cytokine.accessions).map { "\($0) (UniProt \($1))" }.joined(separator: ", ")
        page.item("gene", genes)
        page.item("also", cytokine.synonyms.joined(separator: ", "))
        page.item("family", "\(cytokine.family); \(cytokine.form)")
        let isGlycosylated = relations(.glycosylated).first?.what == "yes"
        let lengths = measurements.filter { $0.parameter == .precursorLength }.map(\.written.text)
        let made = "\(cytokine.assembly), \(isGlycosylated ? "glycosylated" : "not glycosylated")"
        let precursor = lengths.isEmpty ? "" : ", precursor of \(lengths.joined(separator: " + ")) amino acids"
        page.item("made as", made + precursor)
        if let mass {
            page.item(
                "mass",
                "\(QuantityText.digits(mass)) kDa\(massOrigin): 1 pM is \(QuantityText.digits(mass)) pg/mL, "
                    + "1 ng/mL is \(QuantityText.digits(1000 / mass)) pM")
        }
        page.heading("Classes, derived from who makes it, who hears it and what it does")
        for finding in classes {
            let name = finding.cytokineClass.rawValue
            page.item("  \(finding.isDerived ? "✓" : "✗") \(name)", words(finding), indent: 18)
        }
        let other = relations(.tradition).filter { CytokineClass(rawValue: $0.what) == nil }
        let called = other.map { $0.note.isEmpty ? $0.what : "\($0.what) (\($0.note))" }
        page.item("  by tradition", called.joined(separator: ", "), indent: 18)
    }

    /// How the mass is known: its range, and where it is from memory.
    private var massOrigin: String {
        guard let number = massNumber else { return "" }
        let known = number.isFromMemory ? "from memory" : number.grade.rawValue
        let said = [number.value.isRange ? number.text : "", known, number.caveat?.rawValue ?? ""]
        return " (\(said.filter { !$0.isEmpty }.joined(separator: ", ")))"
    }

    private func words(_ finding: ClassFinding) -> String {
        var text = finding.reason
        if let isByTradition = finding.isByTradition, isByTradition != finding.isDerived {
            text += isByTradition ? "; by tradition it is one" : "; tradition does not call it one"
        }
        return finding.nameSays.map { "\(text); \($0)" } ?? text
    }

    /// Each complex as a tree of its chains.
    private func receptors(_ page: inout TextPage, _ notes: inout Footnotes) {
        page.heading("Receptors")
        for complex in complexes {
            let head = "\(cytokine.name) ─"
            let margin = String(repeating: " ", count: head.count)
            for (index, chain) in complex.subunits.enumerated() {
                let isLast = index == complex.subunits.count - 1
                let branch = complex.subunits.count == 1 ? "──" : index == 0 ? "┬─" : isLast ? "└─" : "├─"
                let names = chain.synonyms.isEmpty ? "" : " (\(chain.synonyms.joined(separator: ", ")))"
                let left = "  \(index == 0 ? head : margin)\(branch) \(chain.symbol)\(names)"
                let others = complex.role.isSoluble ? [] : chain.ligands.filter { $0 != cytokine.name }
                if others.isEmpty {
                    page.broken(left)
                } else {
                    page.item(left, "also \(others.joined(separator: ", "))", indent: max(50, left.count + 2))
                }
            }
            let signal = complex.signalling.hasPrefix("none") ? "" : ": \(complex.signalling)"
            let affinity = measurements.first { $0.parameter == .affinity && $0.receptor == complex.name }
            let strength = affinity.map { "; K_D \($0.text), \(notes.provenance($0))" } ?? ""
            page.line("    \(margin)\(complex.role.rawValue)\(signal)\(strength)")
        }
    }

    private func numbers(_ page: inout TextPage, _ notes: inout Footnotes) {
        page.heading("Numbers")
        var last: MeasuredParameter?
        var rows: [[String]] = []
        for number in measurements
        where ![.chainMass, .assemblyMass, .precursorLength].contains(number.parameter) {
            let of = [number.receptor, number.cell].filter { !$0.isEmpty }.joined(separator: ", ")
            rows.append([
                number.parameter == last ? "" : number.parameter.rawValue, number.text, of, number.setting,
                notes.provenance(number),
            ])
            last = number.parameter
        }
        page.table(rows, widths: [12, 16, 18, 26, 16])
    }

    /// Receptors on cells: a table for each source, a column for each chain that was counted.
    private func receptorTables(_ page: inout TextPage, _ notes: inout Footnotes) {
        guard !receptorNumbers.isEmpty else { return }
        page.heading("Receptors on a cell")
        for group in receptorGroups {
            guard let first = group.first else { continue }
            page.item("", "\(first.place): \(notes.provenance(first))", indent: 2)
            let receptors = group.map(\.receptor).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            let cells = group.map(\.cell).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            var rows = [[""] + receptors]
            for cell in cells {
                rows.append(
                    [cell]
                        + receptors.map { receptor in
                            let found = group.filter { $0.cell == cell && $0.receptor == receptor }
                            return found.isEmpty ? "–" : found.map(\.written.text).joined(separator: "; ")
                        })
            }
            page.table(rows, widths: [22] + receptors.map { _ in receptors.count > 3 ? 11 : 17 }, indent: 4)
        }
    }

    /// Counts that were made together: by the same source, in the same condition and at most five receptors.
    private var receptorGroups: [[Measurement]] {
        var order: [String] = []
        var groups: [String: [Measurement]] = [:]
        for number in receptorNumbers {
            let key = "\(number.source.id) \(number.place) \(number.grade)"
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(number)
        }
        return order.compactMap { groups[$0] }
    }

    private func reachTable(_ page: inout TextPage, _ notes: inout Footnotes) {
        page.heading("Reach, computed")
        guard let reach else {
            page.line("  It stays on the membrane of the cell that makes it: nothing diffuses.")
            return
        }
        let d = reach.diffusion
        page.item("", "D = \(d.text) (\(d.condition); \(notes.provenance(d)))", indent: 2)
        if let decay = reach.decay, let length = reach.decayLength, let rate = reach.decayRate {
            let halfLife = QuantityText.describe(0.693147180559945 / rate, .time)
            let of = reach.isDecayOfClass ? "of all \(decay.subject): " : ""
            let mixed =
                reach.isOfOneSetting ? "" : " D and the decay are of different settings: no one tissue has this length."
            page.item(
                "",
                "Without consumers it lasts a half-life of \(halfLife) (\(of)\(decay.condition)) and gets √(D/k) = "
                    + "\(QuantityText.digits(length)) µm.\(mixed)", indent: 2)
        }
        guard let on = reach.association else {
            page.line("  k_on is not known, so neither is its reach among consumers.")
            return
        }
        let rate = reach.associationRate.map { QuantityText.describe($0, .association) } ?? ""
        let value = on.parameter == .association ? on.text : "\(rate) = k_off / K_D, K_D \(on.text)"
        page.item("", "k_on = \(value) on \(on.receptor) (\(notes.provenance(on)))", indent: 2)
        page.line("  Screening length √(D/(k_on R n)) at n consumers a mm³ with R receptors each:")
        let densities = ["10⁴ /mm³", "10⁵ /mm³", "10⁶ /mm³"]
        var rows = [["R", "counted on"] + densities + ["own capture"]]
        for consumer in reach.consumers {
            let lengths = consumer.lengths.map { "\(QuantityText.describe($0, .length))" }
            let share = "\(QuantityText.digits((consumer.captured * 1000).rounded() / 10)) %"
            rows.append([QuantityText.digits(consumer.receptors), consumer.from] + lengths + [share])
        }
        page.table(rows, widths: [8, 28, 10, 10, 10, 12], indent: 4)
        let radius = QuantityText.digits(Reach.radius)
        page.line("  Own capture: the share a maker of radius \(radius) µm with R receptors takes itself.")
    }

    private func aside(_ page: inout TextPage, _ notes: inout Footnotes) {
        guard !setAside.isEmpty else { return }
        page.heading("Set aside: not used")
        for one in setAside {
            page.item("  \(one.parameter)", "\(one.value): \(one.why) \(notes.mark(one.source))", indent: 16)
        }
    }

    private func sources(_ page: inout TextPage, _ notes: inout Footnotes) {
        let glycosylation = relations(.glycosylated).first.map { ", glycosylation \(notes.mark($0.source))" } ?? ""
        let chains = complexes.first.map { ", receptors \(notes.mark($0.source))" } ?? ""
        let identity = "Gene and protein \(notes.mark(cytokine.source))\(glycosylation)\(chains)."
        page.heading("Sources")
        notes.list(&page)
        let all = measurements + receptorNumbers
        let memory = all.filter(\.isFromMemory).count
        let said = relations.filter { [.madeBy, .heardBy, .does].contains($0.kind) }
        let who = said.shareFromMemory("who makes and hears it")
        let parts = (memory > 0 ? ["\(memory) of the \(all.count) numbers"] : []) + who
        let warning = "No source was read for those; take such a number as an order of magnitude."
        let closing = parts.isEmpty ? "" : " From memory: \(parts.joined(separator: ", and ")). \(warning)"
        page.item("", identity + closing, indent: 2)
    }
}
