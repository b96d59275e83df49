import Foundation

/// A drawing, lengths in pixels and y downwards; every number in it is finite.
struct SVG {
    let width: Double
    let height: Double
    /// What a screen reader says, and a browser shows under the pointer.
    let title: String
    private var body = ""

    init(width: Double, height: Double, title: String) {
        self.width = width
        self.height = height
        self.title = title
    }

    enum Anchor: String { case start, middle, end }

    struct Font {
        var size = 12.0
        var colour = Colour.ink
        var isBold = false
        var anchor = Anchor.start
        /// Degrees, clockwise, about its own point.
        var turn = 0.0
        /// A white edge, for text on a picture.
        var hasHalo = false
    }

    struct Stroke {
        var colour = Colour.ink
        var width = 1.0
        var dash = ""
    }

    /// The whole drawing; `id` keeps its title apart from those of other drawings on a page.
    func text(id: String) -> String {
        let size = "width=\"\(SVG.number(width))\" height=\"\(SVG.number(height))\""
        let name = Words.escaped(id)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" \(size) \
            viewBox="0 0 \(SVG.number(width)) \(SVG.number(height))" role="img" aria-labelledby="\(name)-title" \
            font-family="system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif">
            <title id="\(name)-title">\(Words.escaped(title))</title>
            \(body)</svg>

            """
    }

    mutating func text(_ words: String, _ x: Double, _ y: Double, _ font: Font = Font()) {
        var attributes = "font-size=\"\(SVG.number(font.size))\" fill=\"\(font.colour)\""
        if font.anchor != .start { attributes += " text-anchor=\"\(font.anchor.rawValue)\"" }
        if font.isBold { attributes += " font-weight=\"600\"" }
        if font.hasHalo {
            attributes += " stroke=\"#fff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""
        }
        let (x, y) = (SVG.number(x), SVG.number(y))
        if font.turn != 0 { attributes += " transform=\"rotate(\(SVG.number(font.turn)) \(x) \(y))\"" }
        body += "<text x=\"\(x)\" y=\"\(y)\" \(attributes)>\(Words.escaped(words))</text>\n"
    }

    /// The name of cells, cut to what fits; where it is longer its tissue stands below, the last line at y.
    mutating func name(_ name: String, _ x: Double, _ y: Double, most: Int, _ font: Font) {
        guard name.count > most, let cut = name.range(of: " in ", options: .backwards) else {
            return text(Words.short(name, most), x, y, font)
        }
        text(Words.short(String(name[..<cut.lowerBound]), most), x, y - 1.1 * font.size, font)
        text(Words.short("in " + name[cut.upperBound...], most), x, y, font)
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ stroke: Stroke = Stroke()) {
        path("M\(SVG.number(x1)) \(SVG.number(y1))L\(SVG.number(x2)) \(SVG.number(y2))", stroke: stroke)
    }

    mutating func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String, stroke: Stroke? = nil,
        title: String = ""
    ) {
        let box = zip(["x", "y", "width", "height"], [x, y, max(0, width), max(0, height)])
        let attributes = box.map { "\($0)=\"\(SVG.number($1))\"" }.joined(separator: " ")
        let inner = title.isEmpty ? "/>" : "><title>\(Words.escaped(title))</title></rect>"
        body += "<rect \(attributes) fill=\"\(fill)\"\(SVG.attributes(stroke))\(inner)\n"
    }

    mutating func circle(_ x: Double, _ y: Double, radius: Double, fill: String, stroke: Stroke? = nil) {
        let place = "cx=\"\(SVG.number(x))\" cy=\"\(SVG.number(y))\" r=\"\(SVG.number(radius))\""
        body += "<circle \(place) fill=\"\(fill)\"\(SVG.attributes(stroke))/>\n"
    }

    mutating func path(
        _ d: String, fill: String = "none", opacity: Double = 1, stroke: Stroke? = nil, isRound: Bool = true
    ) {
        let ends = isRound ? " stroke-linejoin=\"round\" stroke-linecap=\"round\"" : ""
        let seen = opacity < 1 ? " fill-opacity=\"\(SVG.number(opacity))\"" : ""
        body += "<path d=\"\(d)\" fill=\"\(fill)\"\(seen)\(SVG.attributes(stroke))\(stroke == nil ? "" : ends)/>\n"
    }

    /// A picture whose pixels stay square and sharp.
    mutating func image(_ png: [UInt8], _ x: Double, _ y: Double, _ width: Double, _ height: Double) {
        let box = zip(["x", "y", "width", "height"], [x, y, width, height])
        let attributes = box.map { "\($0)=\"\(SVG.number($1))\"" }.joined(separator: " ")
        let data = Data(png).base64EncodedString()
        body +=
            "<image \(attributes) preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" "
            + "href=\"data:image/png;base64,\(data)\"/>\n"
    }

    /// Points joined by straight lines; a gap in the data is a gap in the line.
    static func polyline(_ points: [(x: Double, y: Double)?]) -> String {
        var d = ""
        var isDown = false
        for point in points {
            guard let point else {
                isDown = false
                continue
            }
            d += "\(isDown ? "L" : "M")\(number(point.x)) \(number(point.y))"
            isDown = true
        }
        return d
    }

    private static func attributes(_ stroke: Stroke?) -> String {
        guard let stroke else { return "" }
        let dash = stroke.dash.isEmpty ? "" : " stroke-dasharray=\"\(stroke.dash)\""
        return " stroke=\"\(stroke.colour)\" stroke-width=\"\(number(stroke.width))\"\(dash)"
    }

    /// To a hundredth of a pixel.
    static func number(_ value: Double) -> String {
        precondition(value.isFinite && abs(value) < 1e9, "a drawing has finite places, got \(value)")
        let hundredths = Int((value * 100).rounded())
        if hundredths % 100 == 0 { return String(hundredths / 100) }
        let text = (Double(hundredths) / 100).description
        return text
    }
}
