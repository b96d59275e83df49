import Foundation

/// The graph of induction as a drawing: molecules in columns, from what induces to what is induced.
enum CascadeFigure {
    private static let (column, row, box) = (250.0, 96.0, (width: 112.0, height: 34.0))

    static func make(_ cascade: Cascade) -> Figure? {
        guard !cascade.edges.isEmpty else { return nil }
        let places = layout(cascade.edges)
        let columns = (places.values.map(\.column).max() ?? 0) + 1
        let rows = (places.values.map(\.row).max() ?? 0) + 1
        var svg = SVG(
            width: 40 + box.width + Double(columns - 1) * column, height: 84 + Double(rows - 1) * row + 40,
            title: "What induces what in \(cascade.model)")
        for edge in cascade.edges {
            for cause in edge.causes {
                guard let from = places[cause], let to = places[edge.molecule] else { continue }
                draw(edge, from, to, &svg)
            }
        }
        for (name, place) in places.sorted(by: { $0.key < $1.key }) {
            let (x, y) = centre(place)
            svg.rectangle(
                x - box.width / 2, y - box.height / 2, box.width, box.height, fill: "#eef2f7", title: name)
            svg.text(
                Words.short(name, 15), x, y + 4.5, SVG.Font(size: 13, isBold: true, anchor: .middle))
        }
        return Figure(
            name: "cascade", heading: "What induces what", caption: caption(cascade), svg: svg,
            isWide: columns > 2)
    }

    private static func centre(_ place: (column: Int, row: Int)) -> (x: Double, y: Double) {
        (20 + box.width / 2 + Double(place.column) * column, 60 + Double(place.row) * row)
    }

    /// Column: steps from what nothing induces; row: in order of first mention.
    static func layout(_ edges: [Cascade.Edge]) -> [String: (column: Int, row: Int)] {
        var names: [String] = []
        for edge in edges {
            for name in edge.causes + [edge.molecule] where !names.contains(name) { names.append(name) }
        }
        var depth = Dictionary(uniqueKeysWithValues: names.map { ($0, 0) })
        // A loop would push its members on for ever: no path is longer than there are molecules.
        for _ in names {
            for edge in edges {
                for cause in edge.causes where cause != edge.molecule {
                    let next = min((depth[cause] ?? 0) + 1, names.count - 1)
                    depth[edge.molecule] = max(depth[edge.molecule] ?? 0, next)
                }
            }
        }
        let used = Set(depth.values).sorted()
        var filled: [Int: Int] = [:]
        var places: [String: (column: Int, row: Int)] = [:]
        for name in names {
            let column = used.firstIndex(of: depth[name] ?? 0) ?? 0
            places[name] = (column, filled[column, default: 0])
            filled[column, default: 0] += 1
        }
        return places
    }

    private static func draw(
        _ edge: Cascade.Edge, _ from: (column: Int, row: Int), _ to: (column: Int, row: Int), _ svg: inout SVG
    ) {
        let colour = Colour.category(edge.induced < 0 ? 1 : 0)
        let (a, b) = (centre(from), centre(to))
        let isBack = to.column <= from.column
        let start = (x: isBack ? a.x : a.x + box.width / 2, y: isBack ? a.y - box.height / 2 : a.y)
        let end = (x: isBack ? b.x : b.x - box.width / 2, y: isBack ? b.y - box.height / 2 : b.y)
        let isDashed = edge.confirmation.map { !$0.isConfirmed } ?? false
        let stroke = SVG.Stroke(colour: colour, width: 2, dash: isDashed ? "6 4" : "")
        if isBack {
            let top = min(start.y, end.y) - 26
            let left = from.column == to.column && from.row == to.row ? (start.x - 30, end.x + 30) : (start.x, end.x)
            svg.path("M\(left.0) \(start.y)C\(left.0) \(top) \(left.1) \(top) \(left.1) \(end.y)", stroke: stroke)
            head(at: (left.1, end.y), down: true, edge.induced < 0, colour, &svg)
            label(edge, (left.0 + left.1) / 2, top - 2, &svg)
        } else {
            let middle = (start.x + end.x) / 2
            svg.path(
                "M\(start.x) \(start.y)C\(middle) \(start.y) \(middle) \(end.y) \(end.x - 4) \(end.y)", stroke: stroke)
            head(at: (end.x, end.y), down: false, edge.induced < 0, colour, &svg)
            label(edge, middle, (start.y + end.y) / 2 - 7, &svg)
        }
    }

    /// An arrow where the edge drives secretion, a bar where it holds it down.
    private static func head(
        at tip: (x: Double, y: Double), down: Bool, _ holdsDown: Bool, _ colour: String, _ svg: inout SVG
    ) {
        let (x, y) = tip
        if holdsDown {
            let (dx, dy) = down ? (8.0, 0.0) : (0.0, 8.0)
            svg.line(
                x - dx, y - dy - (down ? 2 : 0), x + dx, y + dy - (down ? 2 : 0), SVG.Stroke(colour: colour, width: 3))
        } else {
            let (left, right) = down ? ((x - 5, y - 9), (x + 5, y - 9)) : ((x - 9, y - 5), (x - 9, y + 5))
            svg.path("M\(x) \(y)L\(left.0) \(left.1)L\(right.0) \(right.1)Z", fill: colour)
        }
    }

    private static func label(_ edge: Cascade.Edge, _ x: Double, _ y: Double, _ svg: inout SVG) {
        let gain = edge.gain.map { "× \(Words.number($0))" }
        let delay = edge.delay.map { "after \(Words.duration(max($0, 0)))" }
        svg.text(
            Words.short(edge.cellType, 20), x, y, SVG.Font(size: 11.5, isBold: true, anchor: .middle, hasHalo: true))
        svg.text(
            [gain, delay].compactMap(\.self).joined(separator: ", "), x, y + 22,
            SVG.Font(size: 11, colour: Colour.faint, anchor: .middle, hasHalo: true))
    }

    private static func caption(_ cascade: Cascade) -> String {
        var text =
            "An arrow is a rule at work: cells of the type named capture what it starts from and secrete what it points "
            + "to; × is molecules secreted for each captured, and the time is from half-rise to half-rise."
        if cascade.edges.contains(where: { $0.induced < 0 }) { text += " A bar holds secretion down." }
        let checked = cascade.edges.compactMap(\.confirmation)
        if !checked.isEmpty {
            text +=
                " \(checked.count(where: \.isConfirmed)) of \(checked.count) were confirmed by taking the rule out; "
                + "dashed ones were not."
        }
        return text
    }
}
