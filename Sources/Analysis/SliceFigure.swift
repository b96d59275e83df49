import Biology
import Foundation
import Results
import Simulation

/// One layer of a molecule's field with the cells that reach into it.
///
/// Where cells would hide the field, it shows the field with the secretors alone, and the cells in a picture of their own.
struct SliceFigure {
    enum Content { case fieldAndCells, fieldAndSecretors, cells }

    let field: RecordedField
    let cells: CellFrame?
    /// Indices into the cells' type names.
    let secretors: Set<Int>

    /// The layer of voxels that is shown, counted along z from 0.
    let layer: Int
    private let left = 62.0
    private let top = 16.0
    private let side = 560.0

    init(_ field: RecordedField, cells: CellFrame?, secretors: Set<Int>) {
        self.field = field
        self.cells = cells
        self.secretors = secretors
        layer = SliceFigure.layer(of: field, cells, secretors)
    }

    /// The layer of voxels that the most secretors reach into; of those that tie the one with the most cells, then the
    /// one nearest the middle.
    private static func layer(of field: RecordedField, _ cells: CellFrame?, _ secretors: Set<Int>) -> Int {
        let layers = field.voxels[2]
        var counts = [Int](repeating: 0, count: layers)
        var secretorCounts = counts
        for index in cells?.ids.indices ?? 0..<0 {
            guard let cells else { break }
            let low = ((cells.z[index] - cells.radius[index]) / field.spacing).rounded(.down)
            let high = ((cells.z[index] + cells.radius[index]) / field.spacing).rounded(.up) - 1
            guard low.isFinite, high >= 0, low <= Double(layers - 1), low <= high else { continue }
            for layer in Int(max(low, 0))...Int(min(high, Double(layers - 1))) {
                counts[layer] += 1
                if secretors.contains(cells.types[index]) { secretorCounts[layer] += 1 }
            }
        }
        let middle = Double(layers - 1) / 2
        func rank(_ layer: Int) -> (Int, Int, Double, Int) {
            (-secretorCounts[layer], -counts[layer], abs(Double(layer) - middle), layer)
        }
        return counts.indices.min { rank($0) < rank($1) } ?? 0
    }

    /// Heights between which the voxels that are shown lie, µm.
    var bottom: Double { Double(layer) * field.spacing }
    var ceiling: Double { bottom + field.spacing }
    var isSlab: Bool { field.voxels[2] == 1 }
    private var widthInMicrometres: Double { Double(field.voxels[0]) * field.spacing }
    private var heightInMicrometres: Double { Double(field.voxels[1]) * field.spacing }
    private var pixelsInMicrometre: Double { side / max(widthInMicrometres, heightInMicrometres) }

    // MARK: - Drawing

    /// Whether the cells would cover more than a quarter of the field, or are too small to tell apart on it (chosen).
    var isCrowded: Bool {
        let cut = cutCells().flatMap(\.sizes)
        // Whole numbers, so that the order of the sizes does not matter: diameters are in half pixels.
        let area = Double(cut.reduce(0) { $0 + $1.value * $1.key * $1.key }) * .pi / 16
        let diameters = Double(cut.reduce(0) { $0 + $1.value * $1.key }) / 2
        let count = cut.reduce(0) { $0 + $1.value }
        let picture = widthInMicrometres * heightInMicrometres * pixelsInMicrometre * pixelsInMicrometre
        return count > 100 && (area > picture / 4 || diameters / Double(count) < 4)
    }

    func figure(_ content: Content) -> Figure {
        let values = plane()
        let largest = values.max() ?? 0
        let unit = ReadingUnit("nM", largest: largest)
        let scale = colours(values.map { $0 * unit.factor })
        let (width, height) = (widthInMicrometres * pixelsInMicrometre, heightInMicrometres * pixelsInMicrometre)
        let groups = cutCells().filter { content != .fieldAndSecretors || secretors.contains($0.type) }
        let legend = legendRows(groups)
        let name = Words.short(field.molecule)
        let title =
            content == .cells
            ? "The cells in a layer of the tissue" : "\(name) in a layer of the tissue, with cells in it"
        var svg = SVG(width: left + side + 100, height: top + height + 76 + 22 * Double(legend.count), title: title)
        if content != .cells { drawPicture(values.map { $0 * unit.factor }, scale, width, height, on: &svg) }
        drawCells(groups, hasHalo: content != .cells, on: &svg)
        drawAxes(width, height, on: &svg)
        if content != .cells { drawColourBar(scale, unit, height, hasMolecules: largest > 0, on: &svg) }
        drawLegend(legend, top + height + 76, on: &svg)
        let cut = groups.reduce(0) { $0 + $1.count }
        return Figure(
            name: content == .cells ? "cells" : "slice-\(field.molecule)",
            heading: content == .cells ? "The cells" : "\(field.molecule) in space",
            caption: content == .cells ? cellsCaption(cut) : caption(values, unit, cut), svg: svg,
            numbers: content == .cells ? numbersOfCells : numbers(values),
            isWide: content == .fieldAndCells)
    }

    /// Chosen: less than a thousandth of a molecule in all is what rounding leaves.
    private static let least = 1e-3

    /// The values of the shown layer, nM, [ny][nx] with x fastest.
    private func plane() -> [Double] {
        let (nx, ny) = (field.voxels[0], field.voxels[1])
        let volume = field.spacing * field.spacing * field.spacing
        let perNanomolar = Concentration.moleculesPerCubicMicrometreInNanomolar * volume
        if field.values.reduce(0, +) * perNanomolar < Self.least { return Array(repeating: 0, count: nx * ny) }
        let start = layer * nx * ny
        return Array(field.values[start..<start + nx * ny])
    }

    /// Logarithmic where the peak stands far above the middle, else linear from 0.
    private func colours(_ values: [Double]) -> Scale {
        let sorted = values.filter { $0 > 0 }.sorted()
        guard let largest = sorted.last, sorted.count > 1 else {
            return Scale(linear: 0, sorted.last ?? 1, start: 0, end: 300, isExact: true)
        }
        let low = max(Quantile.of(sorted, 0.01), largest * 1e-4)
        if largest > 8 * Quantile.of(sorted, 0.5), largest > low * 1.1 {
            return Scale(logarithmic: low, largest, start: 0, end: 300, isExact: true)
        }
        return Scale(linear: 0, largest, start: 0, end: 300, isExact: true)
    }

    private func drawPicture(_ values: [Double], _ scale: Scale, _ width: Double, _ height: Double, on svg: inout SVG) {
        let (nx, ny) = (field.voxels[0], field.voxels[1])
        let stride = max(1, (max(nx, ny) + 511) / 512)
        let (columns, rows) = ((nx + stride - 1) / stride, (ny + stride - 1) / stride)
        var pixels = [UInt8](repeating: 0, count: columns * rows)
        for row in 0..<rows {
            let y = min(ny - 1, row * stride + stride / 2)
            for column in 0..<columns {
                let x = min(nx - 1, column * stride + stride / 2)
                let share = min(max(scale.share(values[y * nx + x]), 0), 1)
                pixels[(rows - 1 - row) * columns + column] = UInt8((share * 255).rounded())
            }
        }
        let palette = (0...255).map { Colour.viridis(Double($0) / 255) }
        svg.image(PNG.bytes(width: columns, height: rows, pixels: pixels, palette: palette), left, top, width, height)
    }

    private func drawAxes(_ width: Double, _ height: Double, on svg: inout SVG) {
        let x = Scale(linear: 0, widthInMicrometres, start: left, end: left + width, isExact: true)
        let y = Scale(linear: 0, heightInMicrometres, start: top + height, end: top, isExact: true)
        let small = SVG.Font(size: 11, colour: Colour.faint, anchor: .middle)
        svg.rectangle(left, top, width, height, fill: "none", stroke: SVG.Stroke(colour: Colour.faint))
        for tick in x.ticks {
            svg.line(x(tick), top + height, x(tick), top + height + 4, SVG.Stroke(colour: Colour.faint))
            svg.text(x.label(tick), x(tick), top + height + 17, small)
        }
        for tick in y.ticks where height > 40 {
            svg.line(left - 4, y(tick), left, y(tick), SVG.Stroke(colour: Colour.faint))
            svg.text(y.label(tick), left - 7, y(tick) + 4, SVG.Font(size: 11, colour: Colour.faint, anchor: .end))
        }
        svg.text("x (µm)", left + width / 2, top + height + 36, SVG.Font(anchor: .middle))
        svg.text("y (µm)", 15, top + height / 2, SVG.Font(anchor: .middle, turn: -90))
        drawScaleBar(width, height, on: &svg)
    }

    /// A bar of a round length, at most a fifth of the picture's, below its right end, where it hides no cell.
    private func drawScaleBar(_ width: Double, _ height: Double, on svg: inout SVG) {
        let power = pow(10, log10(widthInMicrometres / 5).rounded(.down))
        let length = ([5, 2, 1].first { $0 * power <= widthInMicrometres / 5 } ?? 1) * power
        let (start, middle) = (left + width - length * pixelsInMicrometre, top + height + 50)
        svg.rectangle(start, middle - 2, length * pixelsInMicrometre, 4, fill: Colour.ink)
        svg.text("\(Words.number(length)) µm", start - 6, middle + 4, SVG.Font(size: 12, isBold: true, anchor: .end))
    }

    private func drawColourBar(
        _ scale: Scale, _ unit: ReadingUnit, _ height: Double, hasMolecules: Bool, on svg: inout SVG
    ) {
        let x = left + widthInMicrometres * pixelsInMicrometre + 20
        let length = max(80, min(height, 300))
        if !hasMolecules {
            svg.text("none", x, top + 12)
            return
        }
        let pixels = (0...255).reversed().map { UInt8($0) }
        let palette = (0...255).map { Colour.viridis(Double($0) / 255) }
        svg.image(PNG.bytes(width: 1, height: 256, pixels: pixels, palette: palette), x, top, 14, length)
        svg.rectangle(x, top, 14, length, fill: "none", stroke: SVG.Stroke(colour: Colour.faint))
        svg.text(
            unit.label(Words.short(field.molecule, 20)), x + 70, top + length / 2, SVG.Font(anchor: .middle, turn: -90))
        for tick in scale.ticks {
            let y = top + length - length * min(max(scale.share(tick), 0), 1)
            svg.line(x + 14, y, x + 18, y, SVG.Stroke(colour: Colour.faint))
            svg.text(scale.label(tick), x + 21, y + 4, SVG.Font(size: 11, colour: Colour.faint))
        }
    }

    // MARK: - Cells

    private struct Group {
        var type: Int
        var count: Int
        /// Centres, and how many, by the diameter they are drawn with, in half pixels.
        var places: [Int: String]
        var sizes: [Int: Int]
    }

    /// The cells that reach into the layer, as wide as they are in it; in a slab of one layer all of them.
    private func cutCells() -> [Group] {
        guard let cells else { return [] }
        var groups = cells.typeNames.indices.map { Group(type: $0, count: 0, places: [:], sizes: [:]) }
        let pictureHeight = heightInMicrometres * pixelsInMicrometre
        for index in cells.ids.indices {
            guard let radius = cutRadius(cells, index) else { continue }
            let cut = radius * pixelsInMicrometre
            let x = left + cells.x[index] * pixelsInMicrometre
            let y = top + pictureHeight - cells.y[index] * pixelsInMicrometre
            guard abs(x) < 1e6, abs(y) < 1e6, cut < 1e6 else { continue }
            let size = max(2, Int((cut * 4).rounded()))
            let place = "M\(Words.tenths(x)) \(Words.tenths(y))h0"
            groups[cells.types[index]].places[size, default: ""] += place
            groups[cells.types[index]].sizes[size, default: 0] += 1
            groups[cells.types[index]].count += 1
        }
        return groups.filter { $0.count > 0 }
    }

    /// Each cell is a point of a line as thick as the cell, which keeps 100,000 of them small; secretors come last.
    private func drawCells(_ groups: [Group], hasHalo: Bool, on svg: inout SVG) {
        let order = groups.filter { !secretors.contains($0.type) } + groups.filter { secretors.contains($0.type) }
        for group in order {
            let isSecretor = secretors.contains(group.type)
            for (size, places) in group.places.sorted(by: { $0.key < $1.key }) {
                let width = isSecretor ? max(3, Double(size) / 2) : Double(size) / 2
                let edge = min(isSecretor ? 3 : 1.6, width * 0.4)
                if hasHalo { svg.path(places, stroke: SVG.Stroke(colour: "#fff", width: width + edge)) }
                svg.path(places, stroke: SVG.Stroke(colour: Colour.category(group.type), width: width))
            }
        }
    }

    private struct LegendEntry {
        var type: Int
        var words: String
    }

    /// As many entries to a row as the longest leaves room for.
    private func legendRows(_ groups: [Group]) -> [[LegendEntry]] {
        let entries = groups.map { group in
            let name = Words.short(cells?.typeNames[group.type] ?? "", 28)
            let role = secretors.contains(group.type) ? ", secretes" : ""
            return LegendEntry(
                type: group.type, words: "\(name) (\(Words.number(Double(group.count), digits: 9))\(role))")
        }
        let longest = entries.map(\.words.count).max() ?? 0
        let columns = max(1, min(4, Int(side / (Double(longest) * 7 + 28))))
        return stride(from: 0, to: entries.count, by: columns).map {
            Array(entries[$0..<min($0 + columns, entries.count)])
        }
    }

    private func drawLegend(_ rows: [[LegendEntry]], _ y: Double, on svg: inout SVG) {
        let width = side / Double(rows.first?.count ?? 1)
        for (row, entries) in rows.enumerated() {
            for (column, entry) in entries.enumerated() {
                let (x, y) = (left + Double(column) * width, y + Double(row) * 22)
                svg.circle(x + 6, y - 4, radius: 6, fill: Colour.category(entry.type))
                svg.text(entry.words, x + 18, y)
            }
        }
    }

    private var place: String {
        isSlab
            ? "the slab"
            : "the layer from z = \(Words.number(bottom, digits: 4)) to \(Words.number(ceiling, digits: 4)) µm"
    }

    private func cellsCaption(_ cut: Int) -> String {
        "\(Words.cells(cut)) in \(place), at \(Words.duration(cells?.time ?? 0))."
    }

    private func caption(_ values: [Double], _ unit: ReadingUnit, _ cut: Int) -> String {
        let time = Words.duration(field.time)
        let shown = "Shown: \(Words.cells(cut)) in \(place)."
        guard let largest = values.max(), largest > 0 else {
            return "No \(field.molecule) in the medium at \(time). \(shown)"
        }
        let smallest = values.min() ?? 0
        return "At \(time): \(field.molecule) from \(unit.text(smallest)) to \(unit.text(largest)) a voxel, "
            + "mean \(unit.text(values.reduce(0, +) / Double(values.count))). \(shown)"
    }
}
