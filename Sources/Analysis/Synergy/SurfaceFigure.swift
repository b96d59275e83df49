import Foundation

/// A value for every combination of two doses, as a map of colours with the numbers in it.
struct SurfaceFigure {
    enum Palette {
        /// From the smallest to the largest value.
        case range
        /// White at zero, blue for synergy above it, orange for antagonism below.
        case excess
    }

    private struct Frame {
        var left = 66.0
        var top = 16.0
        /// Of one combination.
        var width: Double
        var height: Double
        var right: Double
        var bottom: Double

        init(columns: Int, rows: Int) {
            width = min(300 / Double(columns), 75)
            height = min(264 / Double(rows), 75)
            right = left + width * Double(columns)
            bottom = top + height * Double(rows)
        }
    }

    let axes: [DoseAxis]
    let values: [[Double]: Double]
    let palette: Palette
    private let columns: [Double]
    private let rows: [Double]
    private let low: Double
    private let high: Double

    init(axes: [DoseAxis], values: [[Double]: Double], doses: [[Double]], palette: Palette) {
        self.axes = axes
        self.values = values
        self.palette = palette
        columns = Set(doses.map { $0[0] }).sorted()
        rows = Set(doses.map { $0[1] }).sorted()
        let (least, most) = (values.values.min() ?? 0, values.values.max() ?? 0)
        if case .excess = palette {
            high = max(abs(least), abs(most), .leastNormalMagnitude)
            low = -high
        } else {
            (low, high) = (least, most > least ? most : least + max(abs(least), 1))
        }
    }

    func svg(title: String, scaleLabel: String) -> SVG {
        let frame = Frame(columns: columns.count, rows: rows.count)
        var svg = SVG(width: 470, height: frame.bottom + 56, title: title)
        for (i, first) in columns.enumerated() {
            for (j, second) in rows.enumerated() {
                draw([first, second], at: (i, rows.count - 1 - j), in: frame, &svg)
            }
        }
        label(frame, &svg)
        drawScale(frame, label: scaleLabel, &svg)
        return svg
    }

    private func draw(_ doses: [Double], at place: (column: Int, row: Int), in frame: Frame, _ svg: inout SVG) {
        let x = frame.left + frame.width * Double(place.column)
        let y = frame.top + frame.height * Double(place.row)
        let white = SVG.Stroke(colour: Colour.paper, width: 1)
        let words = zip(axes, doses).map { "\($0.name) \($0.text($1))" }.joined(separator: ", ")
        guard let value = values[doses] else {
            svg.rectangle(x, y, frame.width, frame.height, fill: "#f0f1f3", stroke: white, title: words)
            return
        }
        let colour = rgb(value)
        svg.rectangle(
            x, y, frame.width, frame.height, fill: Colour.hex(colour), stroke: white,
            title: "\(words): \(Words.number(value))")
        guard frame.width >= 34, frame.height >= 16 else { return }
        svg.text(
            written(value), x + frame.width / 2, y + frame.height / 2 + 4,
            SVG.Font(
                size: frame.width < 44 ? 9.5 : 11, colour: Colour.isLight(colour) ? Colour.inkOnColour : Colour.paper,
                anchor: .middle))
    }

    /// With two digits of the largest value of the map, so that all line up.
    private func written(_ value: Double) -> String {
        let largest = max(abs(low), abs(high))
        guard largest >= 1e-4, largest < 1e5 else { return Words.number(value, digits: 2) }
        return Words.fixed(value, decimals: max(0, 1 - Int(log10(largest).rounded(.down))))
    }

    /// Marks at doses, thinned where they would touch.
    private func label(_ frame: Frame, _ svg: inout SVG) {
        let faint = SVG.Font(size: 11, colour: Colour.faint, anchor: .middle)
        let every = max(1, Int((34 / frame.width).rounded(.up)))
        for (i, dose) in columns.enumerated() where i % every == 0 {
            svg.text(Words.number(dose), frame.left + frame.width * (Double(i) + 0.5), frame.bottom + 16, faint)
        }
        let high = max(1, Int((14 / frame.height).rounded(.up)))
        for (j, dose) in rows.reversed().enumerated() where (rows.count - 1 - j) % high == 0 {
            svg.text(
                Words.number(dose), frame.left - 7, frame.top + frame.height * (Double(j) + 0.5) + 4,
                SVG.Font(size: 11, colour: Colour.faint, anchor: .end))
        }
        let names = axes.map { Words.short($0.name, 34) + ($0.unit.isEmpty ? "" : " (\($0.unit))") }
        svg.text(names[0], (frame.left + frame.right) / 2, frame.bottom + 38, SVG.Font(anchor: .middle))
        svg.text(names[1], 16, (frame.top + frame.bottom) / 2, SVG.Font(anchor: .middle, turn: -90))
    }

    private func drawScale(_ frame: Frame, label: String, _ svg: inout SVG) {
        let x = frame.right + 22
        let steps = 48
        let height = frame.bottom - frame.top
        for step in 0..<steps {
            let value = high - (high - low) * (Double(step) + 0.5) / Double(steps)
            svg.rectangle(
                x, frame.top + height * Double(step) / Double(steps), 12, height / Double(steps) + 0.5,
                fill: Colour.hex(rgb(value)))
        }
        let scale = Scale(linear: low, high, start: frame.bottom, end: frame.top, isExact: true)
        for tick in scale.ticks {
            svg.text(scale.label(tick), x + 17, scale(tick) + 4, SVG.Font(size: 11, colour: Colour.faint))
        }
        svg.text(
            Words.short(label, Int(height / 6.6)), x + 68, (frame.top + frame.bottom) / 2,
            SVG.Font(anchor: .middle, turn: -90))
    }

    private func rgb(_ value: Double) -> [UInt8] {
        let share = (value - low) / (high - low)
        guard case .excess = palette else { return Colour.viridis(share) }
        // Okabe & Ito's blue and vermillion, each from white.
        let end: [Double] = share >= 0.5 ? [0, 114, 178] : [213, 94, 0]
        let part = min(1, abs(2 * share - 1))
        return end.map { UInt8((255 + ($0 - 255) * part).rounded()) }
    }
}
