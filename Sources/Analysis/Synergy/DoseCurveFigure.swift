import Foundation

/// Response against one dose, a curve for each dose of the other: how the other moves it.
struct DoseCurveFigure {
    let pair: PairScore
    /// Along x: 0 or 1.
    let axis: Int
    /// With its unit.
    let response: String

    private static let mostCurves = 6

    func figure(number: Int) -> Figure? {
        let (along, other) = (pair.axes[axis], pair.axes[1 - axis])
        let doses = Set(pair.points.map { $0.doses[axis] }).filter { $0 > 0 }.sorted()
        guard let least = doses.first, let largest = doses.last else { return nil }
        let levels = DoseCurveFigure.thinned(Set(pair.points.map { $0.doses[1 - axis] }).sorted())
        let seen = pair.points.filter { levels.contains($0.doses[1 - axis]) && $0.doses[axis] > 0 }
        let values = seen.map(\.response).flatMap { seen -> [Double] in
            [seen.value, seen.low ?? seen.value, seen.high ?? seen.value]
        }
        let x = Scale(logarithmic: least, largest, start: 66, end: 340)
        let y = Scale(linear: min(0, values.min() ?? 0), max(0, values.max() ?? 1), start: 230, end: 14)
        let title = "\(Words.short(response, 40)) against \(Words.short(along.name, 24))"
        var plot = Plot(
            SVG(width: 470, height: 282, title: title), x: x, y: y,
            xLabel: Words.short(along.name, 34) + (along.unit.isEmpty ? "" : " (\(along.unit))"),
            yLabel: Words.short(response, 34))
        plot.svg.text(Words.short(other.name, 17), 350, 24, SVG.Font(size: 11.5, isBold: true))
        let curves = levels.map { fitted($0, plot) }
        for (index, level) in levels.enumerated() {
            let share = levels.count > 1 ? Double(index) / Double(levels.count - 1) : 0
            let colour = "rgb(\(Colour.viridis(share * 0.88).map(String.init).joined(separator: ",")))"
            draw(level, curves[index], colour, &plot)
            let place = 42 + 17 * Double(index)
            plot.svg.line(352, place - 4, 368, place - 4, SVG.Stroke(colour: colour, width: 3))
            plot.svg.text(other.text(level), 374, place, SVG.Font(size: 11.5))
        }
        return Figure(
            name: "dose-curves-\(number)", heading: "\(along.name), alone and with \(other.name)",
            caption: caption(along, other), svg: plot.svg, numbers: numbers(levels, curves))
    }

    /// What is drawn: dots with their intervals, and the MuSyC surface.
    private func numbers(_ levels: [Double], _ curves: [[Plot.Point]]) -> FigureNumbers {
        let (along, other) = (pair.axes[axis], pair.axes[1 - axis])
        var numbers = FigureNumbers(["of", along.label, other.label, response, "low", "high"])
        for (level, curve) in zip(levels, curves) {
            for point in row(level) {
                let seen = point.response
                numbers.add(
                    ["dot"], [point.doses[axis], level, seen.value, seen.low ?? .nan, seen.high ?? .nan])
            }
            for point in curve { numbers.add(["MuSyC"], [point.x, level, point.y, .nan, .nan]) }
        }
        return numbers
    }

    private func row(_ level: Double) -> [SynergyScore.ScoredPoint] {
        pair.points.filter { $0.doses[1 - axis] == level && $0.doses[axis] > 0 }
    }

    /// The MuSyC surface at one dose of the other; empty where there is none.
    private func fitted(_ level: Double, _ plot: Plot) -> [Plot.Point] {
        guard let surface = pair.musyc?.fit.surface else { return [] }
        let (low, high) = (log(plot.x.low), log(plot.x.high))
        return (0...80).map { step -> Plot.Point in
            let dose = exp(low + (high - low) * Double(step) / 80)
            return .init(x: dose, y: axis == 0 ? surface.response(dose, level) : surface.response(level, dose))
        }
    }

    private func draw(_ level: Double, _ curve: [Plot.Point], _ colour: String, _ plot: inout Plot) {
        let row = row(level)
        for point in row {
            guard let low = point.response.low, let high = point.response.high else { continue }
            plot.curve(
                [.init(x: point.doses[axis], y: low), .init(x: point.doses[axis], y: high)], colour: colour, width: 1)
        }
        plot.dots(
            row.map { .init(x: $0.doses[axis], y: $0.response.value) }, radius: 3.2, colour: colour, opacity: 1)
        if !curve.isEmpty { plot.curve(curve, colour: colour, width: 1.5) }
    }

    private func caption(_ along: DoseAxis, _ other: DoseAxis) -> String {
        alone(along) + (pair.musyc == nil ? "" : " Dots were computed or measured, lines are the MuSyC surface.")
    }

    private func alone(_ along: DoseAxis) -> String {
        let single = pair.singles[axis]
        guard single.isActive else { return "Alone, \(along.name) does nothing." }
        guard let curve = single.curve else { return "Too few doses of \(along.name) were tried alone for a curve." }
        return "Alone, half the effect is at \(along.text(curve.halfDose)), with a Hill slope of "
            + "\(Words.number(curve.hill)) and an end at \(Words.number(pair.rounded(curve.end)))."
    }

    /// Zero, the largest, and what lies evenly between.
    private static func thinned(_ levels: [Double]) -> [Double] {
        guard levels.count > mostCurves else { return levels }
        return (0..<mostCurves).map { levels[$0 * (levels.count - 1) / (mostCurves - 1)] }
    }
}
