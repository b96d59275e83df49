import Foundation
import Results
import Simulation

/// Numbers in rows, as a report prints them.
struct ReportTable {
    /// The first column is words, the others are numbers.
    var header: [String]
    var rows: [[String]]
    var caption: String
}

/// What a report says of niches, and of how far signals get.
struct NicheSection {
    let history: NicheHistory
    let ranges: [SignalRange]
    let typeNames: [String]
    let context: ReportContext
    let fields: [RecordedField]
    let cells: CellFrame?

    var section: ReportSection {
        var absences: [String] = []
        for census in history.censuses where !census.niches.contains(where: { $0.time == census.times.last }) {
            absences.append(
                "No niche of \(census.molecule) above \(level(census.threshold)) at the last recorded time.")
        }
        if history.censuses.isEmpty {
            absences = ["No field of a molecule that a receptor binds was recorded, so no niche was looked for."]
        }
        return ReportSection(
            heading: "Niches and ranges", absences: absences, figures: maps + courses, tables: nicheTables + rangeTable)
    }

    private func level(_ threshold: Double) -> String { ReadingUnit("nM", largest: threshold).text(threshold) }

    // MARK: - Tables

    /// The largest niches at the last time.
    private var nicheTables: [ReportTable] {
        history.censuses.compactMap { census in
            let last = census.niches.filter { $0.time == census.times.last }
                .sorted { (-$0.volume, $0.number) < (-$1.volume, $1.number) }
            guard let time = census.times.last, !last.isEmpty else { return nil }
            let shown = last.prefix(10)
            let present = typeNames.indices.filter { type in shown.contains { $0.inside[type] > 0 } }
            let rows = shown.map { niche -> [String] in
                let seen = census.niches.filter { $0.number == niche.number }.map(\.time)
                let lasted = (seen.last ?? 0) - (seen.first ?? 0)
                return [
                    "niche \(niche.number + 1)", Words.number(niche.radius), Words.number(niche.reach),
                    Words.number(niche.volume), "\(niche.secretors.count)",
                ] + present.map { "\(niche.inside[$0])" } + [Words.share(niche.shared), Words.duration(lasted)]
            }
            return ReportTable(
                header: [
                    "\(census.molecule) > \(level(census.threshold))", "radius (µm)", "reach (µm)", "volume (µm³)",
                    "secretors",
                ] + present.map { "\(typeNames[$0]) inside" } + ["shared", "seen for"],
                rows: Array(rows), caption: caption(census, count: last.count, time: time))
        }
    }

    private func caption(_ census: NicheCensus, count: Int, time: Double) -> String {
        var text = "Regions of \(census.molecule) above \(level(census.threshold)) at \(Words.duration(time))"
        text += count > 10 ? ", the 10 largest of \(count). " : ". "
        text +=
            "Radius: of the sphere (in a slab: the disc) of equal size. Reach: from the nearest secretor inside to the "
        text +=
            "farthest point of the border. Several secretors in one niche: their niches have merged. Shared: share of "
        text += "the volume that also lies in a niche of another molecule. All times stand in niches.csv."
        if census.secretorsWithout > 0 {
            text += " \(Words.cells(census.secretorsWithout)) that may secrete it stand in no niche."
        }
        return text
    }

    private var rangeTable: [ReportTable] {
        let rows = ranges.map { range -> [String] in
            let predicted = context.screening[range.molecule]
            func text(_ value: Double?) -> String { value.map { $0.isFinite ? Words.number($0) : "∞" } ?? "–" }
            return [
                range.molecule, text(range.half), text(range.fitted), text(predicted?.binding), text(predicted?.steady),
            ]
        }
        guard !rows.isEmpty else { return [] }
        return [
            ReportTable(
                header: [
                    "range", "half captured within (µm)", "screening length, fitted (µm)", "predicted (µm)",
                    "after unbinding (µm)",
                ], rows: rows,
                caption:
                    "Half captured: the distance from the nearest secretor within which other cells take half of what "
                    + "they take at the last recorded time; it depends on where cells stand, too. Fitted: L of "
                    + "c ∝ Σ e^(−r/L)/r over the secretors, to the recorded field; not in slabs, nor where walls are near. "
                    + "Predicted: √(D/(Σ k_on R n + decay)) from the numbers of the model at the start, as 'paracrine "
                    + "explain' says it, with k_on R × k_endo/(k_endo + k_off) after unbinding.")
        ]
    }

    // MARK: - Figures

    /// Where the niches lie: the layer of the largest.
    private var maps: [Figure] {
        history.censuses.compactMap { census in
            guard let field = fields.first(where: { $0.molecule == census.molecule }), field.time == census.times.last
            else { return nil }
            return NicheFigure(census, field: field, cells: cells)?.map(level(census.threshold))
        }
    }

    private var courses: [Figure] {
        history.censuses.compactMap { NicheFigure.course($0, level($0.threshold)) }
    }
}
