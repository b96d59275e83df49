import Foundation
import Results
import Simulation

/// Niches drawn: where they lie in a layer, and how their radii change.
struct NicheFigure {
    private let census: NicheCensus
    private let field: RecordedField
    private let cells: CellFrame?
    private let niches: NicheMap
    private let layer: Int
    private let last: [Niche]

    /// `nil` where there is no niche at the field's time.
    init?(_ census: NicheCensus, field: RecordedField, cells: CellFrame?) {
        let niches = census.map(field)
        let sizes = niches.sizes
        let last = census.niches.filter { $0.time == field.time }
        guard let largest = sizes.indices.max(by: { sizes[$0] < sizes[$1] }), last.count == sizes.count else {
            return nil
        }
        let plane = field.voxels[0] * field.voxels[1]
        var counts = [Int](repeating: 0, count: field.voxels[2])
        for (voxel, niche) in niches.niches.enumerated() where Int(niche) == largest { counts[voxel / plane] += 1 }
        layer = counts.indices.max { (counts[$0], $1) < (counts[$1], $0) } ?? 0
        self.census = census
        self.field = field
        self.cells = cells
        self.niches = niches
        self.last = last
    }

    private static let left = 62.0
    private static let top = 16.0
    private static let side = 400.0

    func map(_ level: String) -> Figure {
        let size = field.voxels.prefix(2).map { Double($0) * field.spacing }
        let scale = NicheFigure.side / max(size[0], size[1])
        let (width, height) = (size[0] * scale, size[1] * scale)
        let (left, top) = (NicheFigure.left, NicheFigure.top)
        let name = Words.short(census.molecule)
        var svg = SVG(
            width: left + NicheFigure.side + 40, height: top + height + 84, title: "Niches of \(name) in a layer")
        let x = Scale(linear: 0, size[0], start: left, end: left + width, isExact: true)
        let y = Scale(linear: 0, size[1], start: top + height, end: top, isExact: true)
        drawNiches(scale, top + height, on: &svg)
        let drawn = drawCells(scale, x, y, on: &svg)
        let plot = Plot(svg, x: x, y: y, xLabel: "x (µm)", yLabel: "y (µm)")
        svg = plot.svg
        let key = "shade: above \(level) · dots: \(drawn ? "cells that may secrete it" : "no secretor in this layer")"
        svg.text(key, left + width / 2, top + height + 62, SVG.Font(size: 11, colour: Colour.faint, anchor: .middle))
        let bottom = Double(layer) * field.spacing
        return Figure(
            name: "niches-\(census.molecule)", heading: "Niches of \(census.molecule)",
            caption: "Where \(census.molecule) is above \(level) at \(Words.duration(field.time)), between "
                + "\(Words.number(bottom)) and \(Words.number(bottom + field.spacing)) µm, the layer with the most of the "
                + "largest niche.", svg: svg, numbers: numbers)
    }

    private func planeOfNiches() -> ArraySlice<Int32> {
        let plane = field.voxels[0] * field.voxels[1]
        return niches.niches[layer * plane..<(layer + 1) * plane]
    }

    /// The voxels of the layer that are in a niche.
    private var numbers: FigureNumbers {
        var numbers = FigureNumbers(["niche", "x (µm)", "y (µm)", "\(census.molecule) (nM)"])
        let (nx, start) = (field.voxels[0], layer * field.voxels[0] * field.voxels[1])
        for (place, niche) in planeOfNiches().enumerated() where niche >= 0 {
            numbers.add(
                ["\(last[Int(niche)].number + 1)"],
                [
                    (Double(place % nx) + 0.5) * field.spacing, (Double(place / nx) + 0.5) * field.spacing,
                    field.values[start + place],
                ])
        }
        return numbers
    }

    /// One rectangle for each run of voxels along x.
    private func drawNiches(_ scale: Double, _ bottom: Double, on svg: inout SVG) {
        let plane = Array(planeOfNiches())
        let (nx, edge) = (field.voxels[0], field.spacing * scale)
        for row in 0..<field.voxels[1] {
            var start = 0
            while start < nx {
                let niche = plane[row * nx + start]
                var end = start + 1
                while end < nx, plane[row * nx + end] == niche { end += 1 }
                if niche >= 0 {
                    let place = (NicheFigure.left + Double(start) * edge, bottom - Double(row + 1) * edge)
                    let colour = Colour.category(last[Int(niche)].number)
                    let width = Double(end - start) * edge
                    svg.path(
                        "M\(SVG.number(place.0)) \(SVG.number(place.1))h\(SVG.number(width))v\(SVG.number(edge))"
                            + "h\(SVG.number(-width))Z", fill: colour, opacity: 0.35)
                }
                start = end
            }
        }
    }

    /// Secretors that reach into the layer; true if there are any.
    private func drawCells(_ scale: Double, _ x: Scale, _ y: Scale, on svg: inout SVG) -> Bool {
        guard let cells else { return false }
        let heights = (Double(layer) * field.spacing, Double(layer + 1) * field.spacing)
        var isAny = false
        for i in cells.ids.indices where census.isSecretor(cells.types[i]) {
            guard cells.z[i] + cells.radius[i] > heights.0, cells.z[i] - cells.radius[i] < heights.1 else { continue }
            svg.circle(x(cells.x[i]), y(cells.y[i]), radius: max(2, cells.radius[i] * scale), fill: Colour.ink)
            isAny = true
        }
        return isAny
    }

    // MARK: - Over time

    /// The radii of the niches that were largest at any time, 8 at most.
    static func course(_ census: NicheCensus, _ level: String) -> Figure? {
        guard census.times.count > 1, !census.niches.isEmpty else { return nil }
        var largest: [Int: Double] = [:]
        for niche in census.niches { largest[niche.number] = max(largest[niche.number] ?? 0, niche.radius) }
        let shown = largest.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }.prefix(8).map(\.key).sorted()
        let end = (census.times.last ?? 0) / 3600
        let svg = SVG(
            width: 520, height: 300, title: "Radii of the niches of \(Words.short(census.molecule)) over time")
        var plot = Plot(
            svg, x: Scale(linear: (census.times.first ?? 0) / 3600, end, start: 62, end: 496, isExact: true),
            y: Scale(linear: 0, (largest.values.max() ?? 1) * 1.05, start: 244, end: 14), xLabel: "time (h)",
            yLabel: "radius of niche (µm)")
        var numbers = FigureNumbers(["niche", "time (h)", "radius (µm)"])
        for number in shown {
            var radii: [Double: Double] = [:]
            for niche in census.niches where niche.number == number {
                radii[niche.time] = niche.radius
                numbers.add(["\(number + 1)"], [niche.time / 3600, niche.radius])
            }
            plot.curve(
                census.times.map { Plot.Point(x: $0 / 3600, y: radii[$0] ?? .nan) }, colour: Colour.category(number))
        }
        let rest = largest.count > shown.count ? " The \(shown.count) largest of \(largest.count) are drawn." : ""
        return Figure(
            name: "niche-radius-\(census.molecule)", heading: "Niches of \(census.molecule) over time",
            caption:
                "Radius of each region above \(level), in the colours of the map; a line ends where a niche vanishes "
                + "or merges into a larger one.\(rest)", svg: plot.svg, numbers: numbers)
    }
}
