import Results

/// The time courses as small panels: for cells one a quantity with a curve for every type, for molecules one a molecule
/// with a curve for every quantity.
struct SeriesFigures {
    private static let mostCurves = 8

    private struct Curve {
        /// "Treg" of "Treg: IL-2R.bound, mean", "dissolved" of "IL-2: dissolved".
        var name: String
        var values: [Double]
        /// Over replicates, where there are any.
        var band: SeriesBands.Column?
    }

    private struct Panel {
        /// "IL-2R.bound, mean" and "IL-2" of the same.
        var subject: String
        var isMolecule: Bool
        var unit: String
        var curves: [Curve]
    }

    private let times: [Double]
    private let bandTimes: [Double]
    private var panels: [Panel] = []
    /// Colour of a curve's name, the same in every panel and, for cell types, in every figure.
    private var colours: [String: String] = [:]

    /// `typeNames` in the order of the model.
    init(_ series: SeriesTable, typeNames: [String], molecules: [String], replicates: SeriesBands?) {
        times = series.times
        bandTimes = replicates?.times ?? []
        for column in series.columns where column.values.contains(where: \.isFinite) {
            let cut = column.name.firstRange(of: ": ")
            let owner = cut.map { String(column.name[..<$0.lowerBound]) } ?? column.name
            let quantity = cut.map { String(column.name[$0.upperBound...]) } ?? column.name
            let isMolecule = molecules.contains(owner)
            let subject = isMolecule ? owner : quantity
            let curve = Curve(
                name: isMolecule ? quantity : owner, values: column.values,
                band: replicates?.columns.first { $0.name == column.name })
            let known = panels.firstIndex {
                $0.subject == subject && $0.unit == column.unit && $0.curves.count < Self.mostCurves
            }
            if let known {
                panels[known].curves.append(curve)
            } else {
                panels.append(Panel(subject: subject, isMolecule: isMolecule, unit: column.unit, curves: [curve]))
            }
        }
        for (index, name) in typeNames.enumerated() { colours[name] = Colour.category(index) }
        var others = 0
        for name in panels.flatMap(\.curves).map(\.name) where colours[name] == nil {
            colours[name] = Colour.category(others)
            others += 1
        }
    }

    /// Empty where there are not two times to join.
    func figures() -> [Figure] {
        guard times.count > 1 else { return [] }
        return panels.enumerated().map { figure($0.element, number: $0.offset + 1) }
    }

    private func figure(_ panel: Panel, number: Int) -> Figure {
        let bands = panel.curves.compactMap(\.band)
        let drawn = panel.curves.flatMap(\.values) + bands.flatMap { $0.low + $0.high }
        let finite = drawn.filter(\.isFinite)
        let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
        let unit = ReadingUnit(panel.unit, largest: max(abs(low), abs(high)))
        let clock = ReadingUnit("s", largest: times.last ?? 0)
        let title = "\(Words.short(panel.subject, 40)) over time"
        let x = Scale(
            linear: (times.first ?? 0) * clock.factor, (times.last ?? 1) * clock.factor, start: 62, end: 330,
            isExact: true,
            steps: clock.name == "h" ? Scale.hours : [])
        let y = Scale(linear: min(0, low * unit.factor), max(0, high * unit.factor), start: 190, end: 14)
        var plot = Plot(
            SVG(width: 460, height: 240, title: title), x: x, y: y, xLabel: clock.label("time"),
            yLabel: panel.unit == "cells"
                ? unit.name : unit.label(Words.short(panel.subject, max(8, 27 - unit.name.count))))
        for curve in panel.curves {
            let colour = colours[curve.name] ?? Colour.ink
            if let band = curve.band {
                func points(_ values: [Double]) -> [Plot.Point] {
                    thinned(bandTimes, values).map { Plot.Point(x: $0.x * clock.factor, y: $0.y * unit.factor) }
                }
                plot.band(points(band.low), points(band.high), colour: colour)
                plot.curve(points(band.mean), colour: colour, width: 1.2, dash: "5 4")
            }
            plot.curve(
                thinned(times, curve.values).map { Plot.Point(x: $0.x * clock.factor, y: $0.y * unit.factor) },
                colour: colour)
        }
        let ends = panel.curves.compactMap { curve in
            curve.values.last(where: \.isFinite).map {
                (name: curve.name, y: $0 * unit.factor, colour: colours[curve.name] ?? Colour.ink)
            }
        }
        plot.labels(ends)
        return Figure(
            name: "series-\(number)-\(panel.subject)",
            heading: heading(panel, number), caption: caption(panel, unit), svg: plot.svg, numbers: numbers(panel))
    }

    /// A molecule with more curves than a panel holds has several.
    private func heading(_ panel: Panel, _ number: Int) -> String {
        let isFirst = panels.firstIndex { $0.subject == panel.subject && $0.unit == panel.unit } == number - 1
        let name =
            panel.isMolecule
            ? "Molecules of \(panel.subject)" : panel.unit == "cells" ? "Numbers of cells" : panel.subject
        return isFirst ? name : "\(name), the others"
    }

    private func numbers(_ panel: Panel) -> FigureNumbers {
        let banded = panel.curves.filter { $0.band != nil }
        func header(_ name: String) -> String { "\(name) (\(panel.unit))" }
        var numbers = FigureNumbers(
            ["time (h)"] + panel.curves.map { header($0.name) }
                + banded.flatMap { curve in ["mean", "low", "high"].map { header("\(curve.name) \($0)") } })
        var rows: [Double: Int] = [:]
        for (row, time) in bandTimes.enumerated() { rows[time] = row }
        for (index, time) in times.enumerated() {
            let row = rows[time]
            let bands = banded.compactMap(\.band).flatMap { band in
                [band.mean, band.low, band.high].map { values in row.map { values[$0] } ?? .nan }
            }
            numbers.add([], [time / 3600] + panel.curves.map { $0.values[index] } + bands)
        }
        return numbers
    }

    /// At most 1200 times, evenly chosen, the first and last among them.
    private func thinned(_ times: [Double], _ values: [Double]) -> [Plot.Point] {
        let most = 1200
        let count = times.count
        let indices = count <= most ? Array(0..<count) : (0..<most).map { $0 * (count - 1) / (most - 1) }
        return indices.map { Plot.Point(x: times[$0], y: values[$0]) }
    }

    private func caption(_ panel: Panel, _ unit: ReadingUnit) -> String {
        let isPower = unit.name.hasPrefix("10")
        let ends = panel.curves.compactMap { curve in
            curve.values.last.flatMap { value -> String? in
                guard value.isFinite else { return nil }
                // The unit once, at the end, where it is a power of ten.
                return "\(curve.name) \(isPower ? Words.number(value * unit.factor, digits: 3) : unit.text(value))"
            }
        }
        let bands = panel.curves.contains { $0.band != nil }
        return
            (ends.isEmpty
            ? "None is left at the end."
            : "At the end\(isPower ? ", in \(unit.name)" : ""): \(Words.list(ends, "and")).")
            + (bands ? " Solid: this run; dashed and shaded: mean and band of the replicates in replicates.csv." : "")
    }
}
