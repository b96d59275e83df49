import Results
import Simulation

/// How full a receptor is on the cells of every type: boxes from the lower to the upper quartile.
struct OccupancyFigure {
    let column: CellFrame.Column
    let cells: CellFrame

    /// The occupancy, or else the number bound, of every receptor that was recorded.
    static func columns(of cells: CellFrame) -> [CellFrame.Column] {
        let occupancies = cells.columns.filter { $0.name.hasSuffix(".occupancy") }
        let shown = Set(occupancies.map { $0.name.dropLast(".occupancy".count) })
        return occupancies
            + cells.columns.filter { $0.name.hasSuffix(".bound") && !shown.contains($0.name.dropLast(".bound".count)) }
    }

    private struct Box {
        var type: Int
        var sorted: [Double]

        func quantile(_ share: Double) -> Double { Quantile.of(sorted, share) }
    }

    private var isShare: Bool { column.name.hasSuffix(".occupancy") }
    private var receptor: String {
        String(column.name.prefix(upTo: column.name.lastIndex(of: ".") ?? column.name.endIndex))
    }

    /// `nil` if no cell has the receptor.
    func figure() -> Figure? {
        var values = [[Double]](repeating: [], count: cells.typeNames.count)
        for (type, value) in zip(cells.types, column.values) where value.isFinite { values[type].append(value) }
        let boxes = values.enumerated().map { Box(type: $0.offset, sorted: $0.element.sorted()) }
        let shown = boxes.filter { ($0.sorted.last ?? 0) > 0 }
        guard !shown.isEmpty else { return nil }
        let whiskers = shown.map { $0.quantile(0.9) }.max() ?? 0
        let largest = whiskers > 0 ? whiskers : shown.compactMap(\.sorted.last).max() ?? 1
        let unit = isShare ? ReadingUnit("1", largest: 1) : ReadingUnit(column.unit, largest: largest)
        let (left, rowHeight, top) = (134.0, 40.0, 14.0)
        let bottom = top + rowHeight * Double(shown.count)
        let what = isShare ? "occupancy of \(receptor)" : "bound \(receptor)"
        var svg = SVG(width: 520, height: bottom + 68, title: "\(Words.short(what, 40)) by cell type")
        let high = isShare ? min(1, largest * 1.02) * 100 : largest * unit.factor
        let x = Scale(linear: 0, high, start: left, end: 496, isExact: isShare && largest > 0.7)
        let factor = isShare ? 100 : unit.factor
        for tick in x.ticks {
            svg.line(x(tick), top, x(tick), bottom, SVG.Stroke(colour: Colour.grid))
            svg.text(x.label(tick), x(tick), bottom + 17, SVG.Font(size: 11, colour: Colour.faint, anchor: .middle))
        }
        svg.line(left, bottom, 496, bottom, SVG.Stroke(colour: Colour.faint))
        let label = isShare ? "\(Words.short(what, 40)) (%)" : unit.label(Words.short(what, 40))
        svg.text(label, (left + 496) / 2, bottom + 37, SVG.Font(anchor: .middle))
        let key = "line: median · box: middle half of the cells · whiskers: 10–90 %"
        svg.text(key, (left + 496) / 2, bottom + 58, SVG.Font(size: 11, colour: Colour.faint, anchor: .middle))
        for (row, box) in shown.enumerated() {
            draw(box, x, factor, y: top + rowHeight * (Double(row) + 0.5), left: left, on: &svg)
        }
        return Figure(
            name: "occupancy-\(receptor)", heading: "\(isShare ? "Occupancy" : "Bound number") of \(receptor)",
            caption: caption(shown, unit), svg: svg)
    }

    private func draw(_ box: Box, _ x: Scale, _ factor: Double, y: Double, left: Double, on svg: inout SVG) {
        let name = Words.short(cells.typeNames[box.type], 17)
        svg.text(name, left - 10, y, SVG.Font(anchor: .end))
        svg.text("n = \(box.sorted.count)", left - 10, y + 14, SVG.Font(size: 10.5, colour: Colour.faint, anchor: .end))
        let colour = Colour.category(box.type)
        func place(_ share: Double) -> Double { x(box.quantile(share) * factor) }
        let stroke = SVG.Stroke(colour: colour, width: 1.5)
        svg.line(place(0.1), y, place(0.25), y, stroke)
        svg.line(place(0.75), y, place(0.9), y, stroke)
        for end in [0.1, 0.9] { svg.line(place(end), y - 5, place(end), y + 5, stroke) }
        let width = max(1.5, place(0.75) - place(0.25))
        svg.rectangle(place(0.25), y - 10, width, 20, fill: "#fff")
        svg.path(
            "M\(SVG.number(place(0.25))) \(SVG.number(y - 10))h\(SVG.number(width))v20h\(SVG.number(-width))Z",
            fill: colour,
            opacity: 0.25, stroke: stroke)
        svg.line(place(0.5), y - 10, place(0.5), y + 10, SVG.Stroke(colour: colour, width: 3.5))
    }

    private func caption(_ boxes: [Box], _ unit: ReadingUnit) -> String {
        func text(_ value: Double) -> String { isShare ? Words.share(value) : unit.text(value) }
        let medians = boxes.sorted { ($1.quantile(0.5), $0.type) < ($0.quantile(0.5), $1.type) }
            .map { "\(cells.typeNames[$0.type]) \(text($0.quantile(0.5)))" }
        return "Median at \(Words.duration(cells.time)): \(Words.list(medians, "and"))."
    }
}
