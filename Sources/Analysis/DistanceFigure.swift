import Foundation
import Results
import Simulation

/// A molecule's concentration at the surface of cells against their distance from the nearest secretor.
struct DistanceFigure {
    let molecule: String
    /// nM at every cell's surface, or in its voxel.
    let concentrations: [Double]
    let isAtSurface: Bool
    let cells: CellFrame
    /// Indices into the cells' type names.
    let secretors: Set<Int>
    let periods: [Double?]

    /// `nil` if nothing says how much of the molecule a cell meets, or no cell secretes it.
    init?(_ molecule: String, cells: CellFrame, field: RecordedField?, secretors: Set<Int>, periods: [Double?]) {
        guard cells.types.contains(where: secretors.contains) else { return nil }
        if let column = cells.columns.first(where: { $0.name == molecule && $0.unit == "nM" }) {
            concentrations = column.values
            isAtSurface = true
        } else if let field, field.time == cells.time {
            concentrations = cells.ids.indices.map {
                DistanceFigure.voxel(field, cells.x[$0], cells.y[$0], cells.z[$0])
            }
            isAtSurface = false
        } else {
            return nil
        }
        self.molecule = molecule
        self.cells = cells
        self.secretors = secretors
        self.periods = periods
    }

    private static func voxel(_ field: RecordedField, _ x: Double, _ y: Double, _ z: Double) -> Double {
        let place = zip([x, y, z], field.voxels).map { position, count in
            position.isFinite ? Int(min(max(position / field.spacing, 0), Double(count - 1))) : 0
        }
        return field.values[(place[2] * field.voxels[1] + place[1]) * field.voxels[0] + place[0]]
    }

    // MARK: - Bins

    struct Bin {
        var distance: Double
        var count: Int
        var low: Double
        var median: Double
        var high: Double
    }

    /// Distance, µm, and concentration, nM, of every cell that does not secrete.
    private func pairs() -> [Plot.Point] {
        let isSecretor = cells.types.map(secretors.contains)
        let centres = cells.ids.indices.filter { isSecretor[$0] }.map { [cells.x[$0], cells.y[$0], cells.z[$0]] }
        let nearest = NearestSecretor(centres, periods: periods)
        var pairs: [Plot.Point] = []
        for index in cells.ids.indices where !isSecretor[index] {
            let distance = nearest.distance(from: [cells.x[index], cells.y[index], cells.z[index]])
            if distance.isFinite, concentrations[index].isFinite {
                pairs.append(Plot.Point(x: distance, y: concentrations[index]))
            }
        }
        return pairs.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    }

    /// At most 24 bins of equal width; each holds at least three cells and one in 500 of all (chosen), or is left out.
    private func bins(_ pairs: [Plot.Point]) -> [Bin] {
        guard let first = pairs.first, let last = pairs.last else { return [] }
        let count = min(24, max(1, Int(Double(pairs.count).squareRoot() / 1.5)))
        let width = max(last.x - first.x, 1e-9) / Double(count)
        var groups = [[Plot.Point]](repeating: [], count: count)
        for pair in pairs { groups[min(count - 1, Int((pair.x - first.x) / width))].append(pair) }
        let fewest = max(3, pairs.count / 500)
        return groups.filter { $0.count >= fewest }.map { group in
            let sorted = group.map(\.y).sorted()
            return Bin(
                distance: group.reduce(0) { $0 + $1.x } / Double(group.count), count: group.count,
                low: Quantile.of(sorted, 0.1), median: Quantile.of(sorted, 0.5), high: Quantile.of(sorted, 0.9))
        }
    }

    // MARK: - Drawing

    /// `nil` if no cell beside the secretors meets any of the molecule.
    func figure() -> Figure? {
        let pairs = pairs()
        let positive = pairs.filter { $0.y > 0 }
        guard let farthest = pairs.last?.x, let largest = positive.map(\.y).max() else { return nil }
        let bins = bins(pairs)
        let unit = ReadingUnit("nM", largest: largest)
        let source = Words.list(typeNames(secretors).map { Words.short($0, 20) })
        let title = "\(Words.short(molecule)) against the distance from the nearest \(source)"
        let least = (bins.map(\.low).filter { $0 > 0 } + positive.prefix(400).map(\.y)).min() ?? largest
        let low = max(least, largest * 1e-6) * unit.factor
        let x = Scale(linear: 0, farthest, start: 66, end: 500, isExact: true)
        let y = Scale(logarithmic: low, largest * unit.factor, start: 300, end: 14)
        let place = isAtSurface ? "at the cell surface" : "in the cell's voxel"
        var plot = Plot(
            SVG(width: 520, height: 352, title: title), x: x, y: y, xLabel: "distance from the nearest \(source) (µm)",
            yLabel: unit.label("\(Words.short(molecule, 16)) \(place)"))
        func curve(_ value: (Bin) -> Double) -> [Plot.Point] {
            bins.map { Plot.Point(x: $0.distance, y: value($0) * unit.factor) }
        }
        let colour = Colour.category(0)
        let step = max(1, positive.count / 600)
        let shown = positive.enumerated().filter { $0.offset % step == 0 }.map(\.element)
        plot.dots(
            shown.map { Plot.Point(x: $0.x, y: $0.y * unit.factor) }, radius: pairs.count < 100 ? 3 : 1.8,
            colour: Colour.faint, opacity: pairs.count < 100 ? 0.8 : 0.35)
        plot.band(curve(\.low), curve(\.high), colour: colour)
        plot.curve(curve(\.median), colour: colour)
        drawKey(colour, on: &plot.svg)
        return Figure(
            name: "distance-\(molecule)", heading: "\(molecule) against distance",
            caption: caption(bins, pairs, unit, source),
            svg: plot.svg, numbers: numbers(bins, pairs))
    }

    private func numbers(_ bins: [Bin], _ pairs: [Plot.Point]) -> FigureNumbers {
        var numbers = FigureNumbers(
            ["of", "cells", "distance (µm)"] + ["\(molecule) (nM)", "10 % (nM)", "90 % (nM)"])
        for bin in bins { numbers.add(["bin", "\(bin.count)"], [bin.distance, bin.median, bin.low, bin.high]) }
        for pair in pairs { numbers.add(["cell", "1"], [pair.x, pair.y, .nan, .nan]) }
        return numbers
    }

    /// Says at the top right what the marks are.
    private func drawKey(_ colour: String, on svg: inout SVG) {
        svg.rectangle(368, 12, 136, 58, fill: "#fff")
        svg.line(376, 22, 398, 22, SVG.Stroke(colour: colour, width: 2))
        svg.text("median", 406, 26, SVG.Font(size: 11.5))
        svg.path("M376 36h22v10h-22Z", fill: colour, opacity: 0.18)
        svg.text("10–90 % of cells", 406, 45, SVG.Font(size: 11.5))
        svg.circle(387, 60, radius: 1.8, fill: Colour.faint)
        svg.text("one cell", 406, 64, SVG.Font(size: 11.5))
    }

    private func typeNames(_ types: Set<Int>) -> [String] { types.sorted().map { cells.typeNames[$0] } }

    private func caption(_ bins: [Bin], _ pairs: [Plot.Point], _ unit: ReadingUnit, _ source: String) -> String {
        let what = "\(Words.cells(pairs.count)) at \(Words.duration(cells.time))."
        guard let first = bins.first(where: { $0.median > 0 }) else { return what }
        let start =
            "\(molecule) is \(unit.text(first.median)) at \(Words.number(first.distance, digits: 2)) µm from the nearest \(source)"
        guard let half = halfDistance(bins, of: first.median) else {
            return "\(start) and never falls to half of that. \(what)"
        }
        return "\(start) and falls to half of that at \(Words.number(half, digits: 2)) µm. \(what)"
    }

    /// Where the median first reaches half of `start`, µm; straight lines in log concentration between bins.
    private func halfDistance(_ bins: [Bin], of start: Double) -> Double? {
        for (near, far) in zip(bins, bins.dropFirst()) where near.median > start / 2 && far.median <= start / 2 {
            guard far.median > 0 else { return far.distance }
            let share = log(near.median / (start / 2)) / log(near.median / far.median)
            return near.distance + share * (far.distance - near.distance)
        }
        return nil
    }
}
