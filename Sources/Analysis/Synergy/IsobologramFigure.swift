import Foundation

/// Pairs of doses that give one effect, against the straight line on which doses add; none where doses do not determine
/// the curves that the line rests on.
struct IsobologramFigure {
    let pair: PairScore
    /// The response without doses.
    let start: Double

    /// Half of what the stronger dose does alone, or half of the largest effect where neither does anything.
    private var level: Double {
        let sign = pair.direction.sign
        let alone = pair.points.filter { $0.doses.contains(0) }.map { sign * ($0.response.value - start) }.max() ?? 0
        return start + sign * (alone >= 0.01 * pair.range ? alone : pair.range) / 2
    }

    func figure(number: Int) -> Figure? {
        let curves = pair.singles.compactMap(\.curve)
        let crossings = crossings()
        guard curves.count == 2, !crossings.isEmpty else { return nil }
        let loewe = LoeweAdditivity(curves, direction: pair.direction)
        let alone = curves.map { $0.dose(for: level) }
        let ends = (0..<2).map { axis -> Double in
            let tried = pair.points.map { $0.doses[axis] }.max() ?? 1
            let met = crossings.map { axis == 0 ? $0.x : $0.y }.max() ?? 0
            let wanted = alone[axis].isFinite ? max(alone[axis], met) : met
            return wanted > 0 ? min(wanted * 1.15, 2 * tried) : tried
        }
        let names = pair.axes.map { Words.short($0.name, 34) + ($0.unit.isEmpty ? "" : " (\($0.unit))") }
        var plot = Plot(
            SVG(width: 470, height: 322, title: "Isobologram"),
            x: Scale(linear: 0, ends[0], start: 72, end: 440), y: Scale(linear: 0, ends[1], start: 270, end: 14),
            xLabel: names[0], yLabel: names[1])
        let additive = additive(loewe, alone, plot)
        let fitted = fitted(plot) ?? []
        plot.curve(additive, colour: Colour.faint, width: 1.5, dash: "6 4")
        if !fitted.isEmpty { plot.curve(fitted, colour: Colour.category(0)) }
        plot.dots(crossings, radius: 4, colour: Colour.category(1), opacity: 1)
        return Figure(
            name: "isobologram-\(number)", heading: "Isobologram",
            caption: caption(alone), svg: plot.svg,
            numbers: numbers([("dot", crossings), ("dose addition", additive), ("MuSyC", fitted)]))
    }

    private func numbers(_ drawn: [(of: String, points: [Plot.Point])]) -> FigureNumbers {
        var numbers = FigureNumbers(["of"] + pair.axes.map(\.label))
        for (of, points) in drawn {
            for point in points where point.y.isFinite { numbers.add([of], [point.x, point.y]) }
        }
        return numbers
    }

    /// The line of dose addition within the axes; upright where the second dose alone never gets there.
    private func additive(_ loewe: LoeweAdditivity, _ alone: [Double], _ plot: Plot) -> [Plot.Point] {
        let (right, top) = (plot.x.high, plot.y.high)
        switch (alone[0].isFinite, alone[1].isFinite) {
        case (true, true):
            let last = min(right, alone[0])
            return (0...60).compactMap { step in
                let x = last * Double(step) / 60
                return loewe.isobole(level, first: x).flatMap { $0 <= top ? .init(x: x, y: $0) : nil }
            }
        case (true, false): return alone[0] <= right ? [.init(x: alone[0], y: 0), .init(x: alone[0], y: top)] : []
        case (false, true): return alone[1] <= top ? [.init(x: 0, y: alone[1]), .init(x: right, y: alone[1])] : []
        case (false, false): return []
        }
    }

    /// Where rows and columns of the grid cross the level, between neighbouring doses by straight lines: over the logarithm
    /// of dose, from 0 over the dose.
    private func crossings() -> [Plot.Point] {
        var found: [Plot.Point] = []
        for axis in 0..<2 {
            for held in Set(pair.points.map { $0.doses[1 - axis] }).sorted() {
                let row = pair.points.filter { $0.doses[1 - axis] == held }.sorted { $0.doses[axis] < $1.doses[axis] }
                for (a, b) in zip(row, row.dropFirst()) {
                    let (before, after) = (a.response.value - level, b.response.value - level)
                    guard before * after < 0 || after == 0 else { continue }
                    let share = before / (before - after)
                    let (from, to) = (a.doses[axis], b.doses[axis])
                    let dose = from > 0 ? from * pow(to / from, share) : to * share
                    found.append(axis == 0 ? .init(x: dose, y: held) : .init(x: held, y: dose))
                }
            }
        }
        return found
    }

    /// The fitted surface's contour, by halving along y where the effect grows with it.
    private func fitted(_ plot: Plot) -> [Plot.Point]? {
        guard let surface = pair.musyc?.fit.surface else { return nil }
        let sign = pair.direction.sign
        let points = (0...120).map { step -> Plot.Point in
            let x = plot.x.high * Double(step) / 120
            func missing(_ y: Double) -> Double { sign * (level - surface.response(x, y)) }
            var (low, high) = (0.0, plot.y.high)
            guard missing(low) * missing(high) < 0 else { return .init(x: x, y: .nan) }
            let isRising = missing(high) < 0
            for _ in 0..<60 {
                let middle = (low + high) / 2
                if (missing(middle) < 0) == isRising { high = middle } else { low = middle }
            }
            return .init(x: x, y: high)
        }
        return points.contains { $0.y.isFinite } ? points : nil
    }

    private func caption(_ alone: [Double]) -> String {
        let reach = zip(pair.axes, alone).map { axis, dose in
            dose.isFinite ? "\(axis.text(dose)) of \(axis.name)" : "no dose of \(axis.name)"
        }
        return
            "Doses that together give \(Words.number(level)) (dots: between those tried; blue: the MuSyC surface). Alone it "
            + "takes \(Words.list(reach, "or")); on the dashed line doses add. Dots nearer the origin are synergy, beyond it "
            + "antagonism."
    }
}
