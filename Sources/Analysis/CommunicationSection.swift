import Biology
import Foundation
import Results
import Simulation

/// What a report says of who signalled to whom: words, a table and drawings for every molecule.
struct CommunicationSection {
    let summaries: [CommunicationSummary]
    let ranges: [SignalRange]
    let ledgers: [Ledger]
    let cells: CellFrame?
    let typeNames: [String]
    let context: ReportContext

    init(_ run: ReportedRun, ranges: [SignalRange]) {
        let typeNames = run.cells?.typeNames ?? []
        var seen: Set<String> = []
        let molecules = run.communication.map(\.molecule).filter { seen.insert($0).inserted }
        summaries = molecules.compactMap {
            CommunicationSummary($0, rows: run.communication, secretion: run.secretion, typeNames: typeNames)
        }
        self.ranges = ranges
        self.typeNames = typeNames
        ledgers = run.ledger.last
        cells = run.cells
        context = run.context
    }

    var section: ReportSection {
        var section = ReportSection(heading: "Who signalled to whom", absences: [], figures: [])
        if summaries.isEmpty {
            section.absences = [
                "Nobody's signals were recorded; add 'communication: {every: 10 min}' under 'record:' in the model file to "
                    + "see who captured whose molecules."
            ]
        }
        for summary in summaries {
            section.sentences += sentences(summary)
            section.tables.append(table(summary))
            section.figures += figures(summary)
        }
        // What the columns mean is said once, under the last table.
        for index in section.tables.indices.dropLast() { section.tables[index].caption = "" }
        return section
    }

    private func figures(_ summary: CommunicationSummary) -> [Figure] {
        let drawn = [
            CommunicationMatrixFigure(summary: summary).figure(),
            CommunicationNetworkFigure(summary: summary, typeNames: typeNames).figure(),
        ]
        let courses = [
            CommunicationCourseFigure(summary: summary, typeNames: typeNames, isBySender: true).figure(),
            CommunicationCourseFigure(summary: summary, typeNames: typeNames, isBySender: false).figure(),
        ]
        return (drawn + courses).compactMap(\.self)
    }

    // MARK: - Words

    func sentences(_ summary: CommunicationSummary) -> [String] {
        var sentences = summary.senders.compactMap { sentence(of: $0, summary) }
        if sentences.count > 4 {
            sentences = Array(sentences.prefix(4))
            sentences.append("The table says the same of the other senders of \(summary.molecule).")
        }
        let range = ranges.first { $0.molecule == summary.molecule }?.half
        if let range, range.isFinite {
            let sources = Words.list(context.secretors[summary.molecule] ?? [])
            sentences.append(
                "At the last recorded time, other cells than \(sources) take half of the \(summary.molecule) they take within "
                    + "\(Words.number(range, digits: 2)) µm of the nearest \(sources).")
        }
        if let ledger = ledgers.first(where: { $0.molecule == summary.molecule }) {
            sentences += uncaptured(summary, ledger)
        }
        return sentences
    }

    /// Who captured what one sender secreted: "Of the 1.2 × 10⁶ IL-2 molecules that Tsec secreted, 63 % …".
    private func sentence(of sender: String, _ summary: CommunicationSummary) -> String? {
        let molecule = summary.molecule
        let parts = summary.receivers.map { (name: $0, amount: summary.captured(from: sender, by: $0)) }
            .filter { $0.amount > 0 }.sorted { ($1.amount, $0.name) < ($0.amount, $1.name) }
        guard let secreted = summary.secreted[sender], secreted > 0 else {
            guard sender == CommunicationRow.outside, !parts.isEmpty else { return nil }
            let shares = parts.map { "\(CommunicationSection.molecules($0.amount)) by \($0.name)" }
            return "Of the \(molecule) that no cell secreted (there at the start, through walls, or a dose), "
                + "\(Words.list(shares, "and")) were captured."
        }
        let whole = "Of the \(CommunicationSection.molecules(secreted)) \(molecule) molecules that \(sender) secreted"
        let free = secreted - summary.captured(from: sender)
        let rest = "\(CommunicationSection.share(max(0, free) / secreted)) were captured by nobody"
        guard !parts.isEmpty else { return "\(whole), \(rest)." }
        let shares = parts.enumerated().map { index, part in
            let share = CommunicationSection.share(part.amount / secreted)
            let own = summary.autocrine(from: sender, by: part.name)
            let carried = summary.endocrine(from: sender, by: part.name)
            let notes = [
                own > 0 ? "\(CommunicationSection.share(own / secreted)) by the very cell that secreted them" : "",
                carried > 0 ? "\(CommunicationSection.share(carried / secreted)) out of a compartment" : "",
            ].filter { !$0.isEmpty }
            let note = notes.isEmpty ? "" : " (\(Words.list(notes, "and")))"
            return "\(share)\(index == 0 ? " were captured" : "") by \(part.name)\(note)"
        }
        return "\(whole), \(Words.list(shares, "and")); \(rest)."
    }

    /// What became of the molecules that nobody captured, from the ledger.
    private func uncaptured(_ summary: CommunicationSummary, _ ledger: Ledger) -> [String] {
        guard ledger.handled > 0 else { return [] }
        let fates = [
            (ledger[.decayed], "decayed"), (ledger[.left], "left through walls"),
            (ledger[.dissolved], "are still dissolved"), (ledger[.carried], "are in compartments"),
            (ledger[.cleared], "were cleared from compartments"),
            (max(0, -ledger[.associated]), "joined another molecule"),
        ].filter { $0.0 > 0 }
        guard !fates.isEmpty else { return ["No \(summary.molecule) escaped capture."] }
        let words = fates.map { "\(CommunicationSection.share($0.0 / ledger.handled)) \($0.1)" }
        return [
            "Captured by nobody: of all the \(summary.molecule) there ever was "
                + "(\(CommunicationSection.molecules(ledger.handled)) molecules), \(Words.list(words, "and"))."
        ]
    }

    static func molecules(_ amount: Double) -> String {
        amount < 1e5 ? Words.number(amount) : Words.scientific(amount)
    }

    /// To two digits, none of them lost near the whole: "63 %", "99.6 %".
    static func share(_ value: Double) -> String {
        value > 0.995 && value < 1 ? Words.share(value) : "\(Words.number(value * 100, digits: 2)) %"
    }

    // MARK: - The table

    func table(_ summary: CommunicationSummary) -> ReportTable {
        let states = states
        let rows = summary.links.map { link -> [String] in
            let ofSecreted = summary.shareOfSecreted(link.captured, by: link.sender)
            let response = summary.shareOfBound(link).map { share in
                states.filter { isDriven($0.name, on: link.receiver, by: summary.molecule) }.compactMap { state in
                    mean(state, of: link.receiver).map { "\(state.name) \(Words.number($0 * share))" }
                }.joined(separator: ", ")
            }
            return [
                "\(link.sender) → \(link.receiver)", link.receptor, Words.number(link.captured, digits: 4),
                link.sender == link.receiver || link.autocrine != 0 ? Words.number(link.autocrine, digits: 4) : "–",
            ] + (summary.hasEndocrine ? [endocrine(link)] : []) + [
                ofSecreted.map(CommunicationSection.share) ?? "–",
                summary.shareOfCaptured(link.captured).map(CommunicationSection.share) ?? "–",
                occupancy(of: link.receptor, on: link.receiver).map(CommunicationSection.share) ?? "–",
                response.map { $0.isEmpty ? "–" : $0 } ?? "–",
            ]
        }
        let total =
            [
                "all", "", Words.number(summary.captured, digits: 4),
                Words.number(summary.links.reduce(0) { $0 + $1.autocrine }, digits: 4),
            ] + (summary.hasEndocrine ? [Words.number(summary.links.reduce(0) { $0 + $1.endocrine }, digits: 4)] : [])
            + [
                "–", summary.captured > 0 ? "100 %" : "–", "–", "–",
            ]
        let header = [summary.molecule, "receptor", "captured (molecules)", "autocrine (molecules)"]
        let rest = ["share of secreted", "share of captured", "mean occupancy", "response, split by sender"]
        return ReportTable(
            header: header + (summary.hasEndocrine ? ["endocrine (molecules)"] : []) + rest, rows: rows + [total],
            caption: caption + (summary.hasEndocrine ? CommunicationSection.aboutEndocrine : ""))
    }

    private static let aboutEndocrine =
        " Endocrine: brought by a compartment, such as blood, from here or another tissue."

    private func endocrine(_ link: CommunicationSummary.Link) -> String {
        link.endocrine != 0 ? Words.number(link.endocrine, digits: 4) : "–"
    }

    private var caption: String {
        var text =
            "Captured: bound by a receptor and not let go since; autocrine: by the very cell that had secreted it. Mean occupancy: of the receptor on all cells of the "
            + "receiver at the last recorded time. Response, split: the receiver's mean states at that time, divided in "
            + "proportion to the bound molecules that each sender brought, for states that follow from this molecule; it "
            + "says who could have caused it, not what would happen without the sender ('paracrine knockout' does), and "
            + "parts of a state that several molecules drive do not add up over their tables."
        if !(cells?.columns.contains { $0.name.hasSuffix(".occupancy") } ?? false) {
            text += " No occupancy was recorded: name RECEPTOR.occupancy among the columns of 'cells:'."
        }
        return text + " Every interval stands in communication.csv, all that was secreted in secretion.csv."
    }

    /// Whether a state of a type follows from a molecule.
    private func isDriven(_ state: String, on type: String, by molecule: String) -> Bool {
        let type = CommunicationRow.type(ofCells: type, among: typeNames)
        return context.driven[molecule]?.contains("\(type) \(state)") == true
    }

    /// The recorded states of cells.
    private var states: [CellFrame.Column] {
        (cells?.columns ?? []).filter { $0.unit == "1" && !$0.name.contains(".") }
    }

    private func occupancy(of receptor: String, on type: String) -> Double? {
        cells?.columns.first { $0.name == "\(receptor).occupancy" }.flatMap { mean($0, of: type) }
    }

    /// Over the cells called so that have the signal; `nil` where none has.
    private func mean(_ column: CellFrame.Column, of name: String) -> Double? {
        let values = (cells?.cells(named: name) ?? []).map { column.values[$0] }.filter(\.isFinite)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}
