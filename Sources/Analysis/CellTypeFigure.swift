import Results
import Simulation

/// How a recorded signal differs between the cell types: boxes from the lower to the upper quartile.
struct CellTypeFigure {
    let column: CellFrame.Column
    let cells: CellFrame

    /// The occupancy, or else the number bound, of every receptor that was recorded, and then the states.
    static func columns(of cells: CellFrame) -> [CellFrame.Column] {
        let occupancies = cells.columns.filter { $0.name.hasSuffix(".occupancy") }
        let shown = Set(occupancies.map { $0.name.dropLast(".occupancy".count) })
        let numbers = cells.columns.filter {
            $0.name.hasSuffix(".bound") && !shown.contains($0.name.dropLast(".bound".count))
        }
        let states = cells.columns.filter { $0.unit == "1" && !$0.name.contains(".") }
        return occupancies + numbers + states
    }

    private struct Box {
        var type: Int
        var sorted: [Double]

        func quantile(_ share: Double) -> Double { Quantile.of(sorted, share) }
    }

    private var isShare: Bool { column.name.hasSuffix(".occupancy") }

    /// What is measured, in words.
    private var quantity: String {
        if isShare { return "occupancy of \(column.name.dropLast(".occupancy".count))" }
        return column.name.hasSuffix(".bound") ? "bound \(column.name.dropLast(".bound".count))" : column.name
    }

    private var heading: String {
        quantity == column.name ? quantity : quantity.prefix(1).uppercased() + quantity.dropFirst()
    }

    /// `nil` if the signal is nowhere above 0.
    func figure() -> Figure? {
        var values = [[Double]](repeating: [], count: cells.typeNames.count)
        for (type, value) in zip(cells.types, column.values) where value.isFinite { values[type].append(value) }
        let boxes = values.enumerated().map { Box(type: $0.offset, sorted: $0.element.sorted()) }
            .filter { ($0.sorted.last ?? 0) > 0 }
        guard !boxes.isEmpty else { return nil }
        let whiskers = boxes.map { $0.quantile(0.9) }.max() ?? 0
        let largest = whiskers > 0 ? whiskers : boxes.compactMap(\.sorted.last).max() ?? 1
        let unit = isShare ? ReadingUnit.percent : ReadingUnit(column.unit, largest: largest)
        let (left, right, rowHeight, top) = (134.0, 496.0, 40.0, 14.0)
        let bottom = top + rowHeight * Double(boxes.count)
        let x = scale(boxes, largest, unit, start: left, end: right)
        var svg = SVG(width: 520, height: bottom + 68, title: "\(Words.short(quantity, 40)) by cell type")
        for tick in x.ticks {
            svg.line(x(tick), top, x(tick), bottom, SVG.Stroke(colour: Colour.grid))
            svg.text(x.label(tick), x(tick), bottom + 17, SVG.Font(size: 11, colour: Colour.faint, anchor: .middle))
        }
        svg.line(left, bottom, right, bottom, SVG.Stroke(colour: Colour.faint))
        let middle = (left + right) / 2
        svg.text(unit.label(Words.short(quantity, 40)), middle, bottom + 37, SVG.Font(anchor: .middle))
        let key = "line: median · box: middle half of the cells · whiskers: 10–90 %"
        svg.text(key, middle, bottom + 58, SVG.Font(size: 11, colour: Colour.faint, anchor: .middle))
        for (row, box) in boxes.enumerated() {
            draw(box, x, unit.factor, y: top + rowHeight * (Double(row) + 0.5), left: left, on: &svg)
        }
        return Figure(
            name: "by-type-\(column.name)", heading: "\(heading) by cell type", caption: caption(boxes, unit), svg: svg,
            numbers: numbers(boxes))
    }

    /// Logarithmic where some type's median is more than 20 times another's, else linear from 0.
    private func scale(_ boxes: [Box], _ largest: Double, _ unit: ReadingUnit, start: Double, end: Double) -> Scale {
        let medians = boxes.map { $0.quantile(0.5) }
        let lows = boxes.map { $0.quantile(0.1) }.filter { $0 > 0 }
        if let least = medians.min(), let most = medians.max(), let low = lows.min(), least > 0, most > 20 * least {
            let high = largest * unit.factor
            return Scale(logarithmic: min(max(low * unit.factor, high * 1e-5), high), high, start: start, end: end)
        }
        if isShare, largest > 0.7 { return Scale(linear: 0, 100, start: start, end: end) }
        return Scale(linear: 0, largest * unit.factor, start: start, end: end)
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

    private func numbers(_ boxes: [Box]) -> FigureNumbers {
        let shares = [0.1, 0.25, 0.5, 0.75, 0.9]
        var numbers = FigureNumbers(
            ["type", "cells"]
                + shares.map { "\(Words.share($0)) of \(column.name) (\(column.unit.isEmpty ? "1" : column.unit))" })
        for box in boxes {
            numbers.add([cells.typeNames[box.type], "\(box.sorted.count)"], shares.map(box.quantile))
        }
        return numbers
    }

    private func caption(_ boxes: [Box], _ unit: ReadingUnit) -> String {
        let medians = boxes.sorted { ($1.quantile(0.5), $0.type) < ($0.quantile(0.5), $1.type) }
            .map { "\(cells.typeNames[$0.type]) \(unit.text($0.quantile(0.5)))" }
        return "Median at \(Words.duration(cells.time)): \(Words.list(medians, "and"))."
    }
}
