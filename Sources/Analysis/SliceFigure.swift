import Foundation
import Results
import Simulation

/// One plane through a molecule's field with the cells that it cuts.
struct SliceFigure {
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

    /// The layer whose middle plane cuts the most secretors; the one nearest the middle of those that tie.
    private static func layer(of field: RecordedField, _ cells: CellFrame?, _ secretors: Set<Int>) -> Int {
        let layers = field.voxels[2]
        var counts = [Int](repeating: 0, count: layers)
        if let cells {
            for index in cells.ids.indices where secretors.contains(cells.types[index]) {
                let low = ((cells.z[index] - cells.radius[index]) / field.spacing - 0.5).rounded(.up)
                let high = ((cells.z[index] + cells.radius[index]) / field.spacing - 0.5).rounded(.down)
                guard low.isFinite, high >= 0, low <= Double(layers - 1), low <= high else { continue }
                for layer in Int(max(low, 0))...Int(min(high, Double(layers - 1))) { counts[layer] += 1 }
            }
        }
        let middle = Double(layers - 1) / 2
        let order = counts.indices.sorted {
            (-counts[$0], abs(Double($0) - middle), $0) < (-counts[$1], abs(Double($1) - middle), $1)
        }
        return order.first ?? 0
    }

    /// Height of the plane that is shown, µm.
    private var height: Double { (Double(layer) + 0.5) * field.spacing }
    private var isSlab: Bool { field.voxels[2] == 1 }
    private var widthInMicrometres: Double { Double(field.voxels[0]) * field.spacing }
    private var heightInMicrometres: Double { Double(field.voxels[1]) * field.spacing }
    private var pixelsInMicrometre: Double { side / max(widthInMicrometres, heightInMicrometres) }

    // MARK: - Drawing

    func figure() -> Figure {
        let values = plane()
        let largest = values.max() ?? 0
        let unit = ReadingUnit("nM", largest: largest)
        let scale = colours(values.map { $0 * unit.factor })
        let (width, height) = (widthInMicrometres * pixelsInMicrometre, heightInMicrometres * pixelsInMicrometre)
        let groups = cutCells()
        let rows = (groups.count + 2) / 3
        let title = "\(Words.short(field.molecule)) in a plane of the tissue, with the cells in it"
        var svg = SVG(width: left + side + 100, height: top + height + 62 + 22 * Double(rows), title: title)
        drawPicture(values.map { $0 * unit.factor }, scale, width, height, on: &svg)
        drawCells(groups, height, on: &svg)
        drawAxes(width, height, on: &svg)
        drawColourBar(scale, unit, height, hasMolecules: largest > 0, on: &svg)
        drawLegend(groups, top + height + 62, on: &svg)
        return Figure(
            name: "slice-\(field.molecule)", heading: "\(field.molecule) in space",
            caption: caption(values, unit, groups),
            svg: svg, isWide: true)
    }

    /// The values of the shown layer, nM, [ny][nx] with x fastest.
    private func plane() -> [Double] {
        let (nx, ny) = (field.voxels[0], field.voxels[1])
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

    /// A bar of a round length near a fifth of the picture.
    private func drawScaleBar(_ width: Double, _ height: Double, on svg: inout SVG) {
        let power = pow(10, log10(widthInMicrometres / 5).rounded(.down))
        let length = ([5, 2, 1].first { $0 * power <= widthInMicrometres / 5 } ?? 1) * power
        let pixels = length * pixelsInMicrometre
        let (right, bottom) = (left + width - 14, top + height - 14)
        svg.rectangle(
            right - pixels - 1.5, bottom - 5.5, pixels + 3, 7, fill: Colour.ink,
            stroke: SVG.Stroke(colour: "#fff", width: 1.5))
        let font = SVG.Font(size: 12, isBold: true, anchor: .middle, hasHalo: true)
        svg.text("\(Words.number(length)) µm", right - pixels / 2, bottom - 12, font)
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
        svg.image(PNG.bytes(width: 1, height: 256, pixels: pixels, palette: palette), x, top + 18, 14, length - 18)
        svg.rectangle(x, top + 18, 14, length - 18, fill: "none", stroke: SVG.Stroke(colour: Colour.faint))
        svg.text(unit.name, x, top + 10, SVG.Font(size: 12, isBold: true))
        for tick in scale.ticks {
            let y = top + length - (length - 18) * min(max(scale.share(tick), 0), 1)
            svg.line(x + 14, y, x + 18, y, SVG.Stroke(colour: Colour.faint))
            svg.text(scale.label(tick), x + 21, y + 4, SVG.Font(size: 11, colour: Colour.faint))
        }
    }

    // MARK: - Cells

    private struct Group {
        var type: Int
        var count: Int
        /// Centres by the diameter they are drawn with, in half pixels.
        var places: [Int: String]
    }

    /// The cells that the plane cuts, as circles of the size it cuts them; in a slab of one layer all of them whole.
    private func cutCells() -> [Group] {
        guard let cells else { return [] }
        var groups = cells.typeNames.indices.map { Group(type: $0, count: 0, places: [:]) }
        let pictureHeight = heightInMicrometres * pixelsInMicrometre
        for index in cells.ids.indices {
            let off = isSlab ? 0 : abs(cells.z[index] - height)
            let radius = cells.radius[index]
            guard off < radius else { continue }
            let cut = (radius * radius - off * off).squareRoot() * pixelsInMicrometre
            let x = left + cells.x[index] * pixelsInMicrometre
            let y = top + pictureHeight - cells.y[index] * pixelsInMicrometre
            guard x.isFinite, y.isFinite, cut.isFinite else { continue }
            let size = max(2, Int((cut * 4).rounded()))
            let place = "M\(Words.tenths(x)) \(Words.tenths(y))h0"
            groups[cells.types[index]].places[size, default: ""] += place
            groups[cells.types[index]].count += 1
        }
        return groups.filter { $0.count > 0 }
    }

    /// Each cell is a point of a line as thick as the cell, which keeps 100,000 of them small; secretors come last.
    private func drawCells(_ groups: [Group], _ height: Double, on svg: inout SVG) {
        let order = groups.filter { !secretors.contains($0.type) } + groups.filter { secretors.contains($0.type) }
        for group in order {
            for (size, places) in group.places.sorted(by: { $0.key < $1.key }) {
                let width = Double(size) / 2
                let edge = secretors.contains(group.type) ? 3 : min(1.6, width * 0.3)
                svg.path(places, stroke: SVG.Stroke(colour: "#fff", width: width + edge))
                svg.path(places, stroke: SVG.Stroke(colour: Colour.category(group.type), width: width))
            }
        }
    }

    private func drawLegend(_ groups: [Group], _ y: Double, on svg: inout SVG) {
        for (place, group) in groups.enumerated() {
            let x = left + Double(place % 3) * 200
            let row = y + Double(place / 3) * 22
            svg.circle(x + 6, row - 4, radius: 6, fill: Colour.category(group.type))
            let name = Words.short(cells?.typeNames[group.type] ?? "", 18)
            let role = secretors.contains(group.type) ? ", secretes" : ""
            svg.text("\(name) (\(group.count))\(role)", x + 18, row)
        }
    }

    private func caption(_ values: [Double], _ unit: ReadingUnit, _ groups: [Group]) -> String {
        let time = Words.duration(field.time)
        let place = isSlab ? "the slab, all cells" : "the plane z = \(Words.number(height)) µm, the cells it cuts"
        let cut = groups.reduce(0) { $0 + $1.count }
        guard let largest = values.max(), largest > 0 else {
            return "No \(field.molecule) in the medium at \(time) (\(place): \(cut))."
        }
        let smallest = values.min() ?? 0
        return "At \(time) in \(place) (\(cut)): \(field.molecule) from \(unit.text(smallest)) to "
            + "\(unit.text(largest)) per voxel, mean \(unit.text(values.reduce(0, +) / Double(values.count)))."
    }
}
