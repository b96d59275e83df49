/// A pair of axes with room for their labels, and marks between them.
struct Plot {
    var svg: SVG
    let x: Scale
    let y: Scale

    /// Draws the axes; the scales' ends are the edges of the plot.
    init(_ svg: SVG, x: Scale, y: Scale, xLabel: String, yLabel: String) {
        self.svg = svg
        self.x = x
        self.y = y
        let (left, right, top, bottom) = (x.start, x.end, y.end, y.start)
        for tick in y.ticks {
            self.svg.line(left, y(tick), right, y(tick), SVG.Stroke(colour: Colour.grid))
            let font = SVG.Font(size: 11, colour: Colour.faint, anchor: .end)
            self.svg.text(y.label(tick), left - 7, y(tick) + 4, font)
        }
        for tick in x.ticks {
            self.svg.line(x(tick), bottom, x(tick), bottom + 4, SVG.Stroke(colour: Colour.faint))
            let font = SVG.Font(size: 11, colour: Colour.faint, anchor: .middle)
            self.svg.text(x.label(tick), x(tick), bottom + 17, font)
        }
        self.svg.line(left, bottom, right, bottom, SVG.Stroke(colour: Colour.faint))
        self.svg.text(xLabel, (left + right) / 2, bottom + 36, SVG.Font(anchor: .middle))
        self.svg.text(yLabel, 15, (top + bottom) / 2, SVG.Font(anchor: .middle, turn: -90))
    }

    struct Point {
        var x: Double
        var y: Double
    }

    /// A curve; what cannot be drawn (NaN, or what lies below a logarithmic axis) is a gap.
    mutating func curve(_ points: [Point], colour: String, width: Double = 2, dash: String = "") {
        let places = points.map(placeOnAxes)
        svg.path(SVG.polyline(places), stroke: SVG.Stroke(colour: colour, width: width, dash: dash))
        let lonely = places.indices.filter { index in
            let before = index > 0 ? places[index - 1] : nil
            let after = index + 1 < places.count ? places[index + 1] : nil
            return before == nil && after == nil
        }
        for index in lonely {
            if let place = places[index] { svg.circle(place.x, place.y, radius: 2.5, fill: colour) }
        }
    }

    /// The space between a lower and an upper curve over the same x.
    mutating func band(_ low: [Point], _ high: [Point], colour: String) {
        let pairs = zip(low, high).filter { place($0) != nil && place($1) != nil }
        guard pairs.count > 1 else { return }
        let outline = pairs.map { place($0.0) } + pairs.reversed().map { place($0.1) }
        svg.path(SVG.polyline(outline) + "Z", fill: colour, opacity: 0.18)
    }

    mutating func dots(_ points: [Point], radius: Double, colour: String, opacity: Double) {
        var d = ""
        for place in points.compactMap(placeOnAxes) {
            let (r, width) = (SVG.number(radius), SVG.number(2 * radius))
            d +=
                "M\(SVG.number(place.x - radius)) \(SVG.number(place.y))a\(r) \(r) 0 1 0 \(width) 0a\(r) \(r) 0 1 0 -\(width) 0"
        }
        if !d.isEmpty { svg.path(d, fill: colour, opacity: opacity) }
    }

    private func placeOnAxes(_ point: Point) -> (x: Double, y: Double)? {
        y.share(point.y) < -0.001 ? nil : place(point)
    }

    /// A value below the axis stands at its foot, but none that is 0 on a logarithmic one.
    private func place(_ point: Point) -> (x: Double, y: Double)? {
        guard point.x.isFinite, point.y.isFinite, !y.isLogarithmic || point.y > 0 else { return nil }
        return (x(point.x), y(point.y))
    }

    /// Names at the right ends of curves, moved apart where they would overlap.
    mutating func labels(_ labels: [(name: String, y: Double, colour: String)]) {
        let sorted = labels.map { (name: $0.name, at: y($0.y), colour: $0.colour) }.sorted {
            ($0.at, $0.name) < ($1.at, $1.name)
        }
        let lowest = y.start - 2
        // Names of two lines need two.
        let gap = labels.contains { $0.name.count > 16 && $0.name.contains(" in ") } ? 27.0 : 14
        var places: [Double] = []
        for label in sorted { places.append(max(label.at, places.last.map { $0 + gap } ?? y.end - 1)) }
        let excess = (places.last ?? 0) - lowest
        if excess > 0 {
            var limit = lowest
            for index in places.indices.reversed() {
                places[index] = min(places[index], limit)
                limit = places[index] - gap
            }
        }
        for (label, place) in zip(sorted, places) {
            let font = SVG.Font(size: 11.5, colour: label.colour, isBold: true)
            svg.name(label.name, x.end + 6, place + 4, most: 16, font)
        }
    }
}
