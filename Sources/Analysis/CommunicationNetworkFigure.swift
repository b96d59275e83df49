import Foundation
import Simulation

/// Who sends to whom as a drawing: arrows as wide as molecules are many, loops for what cells send themselves.
struct CommunicationNetworkFigure {
    let summary: CommunicationSummary
    let typeNames: [String]

    private let width = 560.0
    private let height = 390.0
    private let node = 17.0
    private let circle = 112.0
    private let widest = 15.0

    private struct Place {
        var x: Double
        var y: Double
        /// Away from the middle.
        var out: (x: Double, y: Double)
        /// To the left or the right of the middle rather than above or below it.
        var isBeside: Bool { abs(out.x) >= abs(out.y) }
    }

    private struct Edge {
        var sender: Int
        var receiver: Int
        var amount: Double
        /// What the sending cell captured itself is drawn apart from what its like captured, and what a compartment
        /// brought apart from both.
        var route: CommunicationRow.Route

        var isAutocrine: Bool { route == .autocrine }

        /// Radius of the circle where somebody sends to its like.
        var loop: Double { isAutocrine ? 15 : route == .endocrine ? 29 : 22 }
    }

    private var names: [String] {
        CommunicationSummary.ordered(summary.senders + summary.receivers, typeNames)
    }

    /// Chosen: thinner arrows than one in 500 cannot be told apart.
    private static let thinnest = 0.002

    private var edges: [Edge] {
        var edges: [Edge] = []
        let names = names
        for (from, sender) in names.enumerated() {
            for (to, receiver) in names.enumerated() {
                let captured = summary.captured(from: sender, by: receiver)
                let autocrine = summary.autocrine(from: sender, by: receiver)
                let endocrine = summary.endocrine(from: sender, by: receiver)
                let rest: CommunicationRow.Route = sender == CommunicationRow.outside ? .outside : .paracrine
                let parts = [
                    (captured - autocrine - endocrine, rest), (autocrine, .autocrine), (endocrine, .endocrine),
                ]
                edges += parts.map { Edge(sender: from, receiver: to, amount: $0.0, route: $0.1) }
            }
        }
        let least = summary.captured * CommunicationNetworkFigure.thinnest
        return edges.filter { $0.amount > 0 && ($0.amount >= least || $0.sender == $0.receiver) }
    }

    /// `nil` where nothing was captured, or there are more senders and receivers than can be told apart.
    func figure() -> Figure? {
        let (edges, names) = (edges, names)
        guard let largest = edges.map(\.amount).max(), names.count <= 24 else { return nil }
        let places = places(names.count)
        var svg = SVG(width: width, height: height, title: "\(Words.short(summary.molecule)) from senders to receivers")
        for edge in edges.sorted(by: { ($1.amount, $0.sender, $0.receiver) < ($0.amount, $1.sender, $1.receiver) }) {
            draw(edge, places, thickness: 1.2 + (widest - 1.2) * edge.amount / largest, names, on: &svg)
        }
        for (name, place) in zip(names, places) {
            svg.circle(
                place.x, place.y, radius: node, fill: colour(name), stroke: SVG.Stroke(colour: "#fff", width: 2))
        }
        for (index, place) in places.enumerated() {
            let loops = edges.filter { $0.sender == index && $0.receiver == index }
            write(names[index], at: place, isLooped: !loops.isEmpty, on: &svg)
        }
        for edge in edges where edge.amount >= 0.02 * summary.captured || edge.sender == edge.receiver {
            label(edge, places, on: &svg)
        }
        let key =
            "width: molecules · solid loop: by the very cell · dashed loop: by others of its type"
            + (summary.hasEndocrine ? " · dotted: endocrine" : "")
        svg.text(
            key, width / 2, height - 8, SVG.Font(size: 11, colour: Colour.faint, anchor: .middle))
        return Figure(
            name: "network-\(summary.molecule)", heading: "\(summary.molecule): the network", caption: caption,
            svg: svg,
            numbers: numbers(names, edges))
    }

    private func colour(_ name: String) -> String { CommunicationCourseFigure.colour(name, typeNames, names) }

    /// Evenly on a circle, the first at the left; one alone in the middle.
    private func places(_ count: Int) -> [Place] {
        let middle = (x: width / 2, y: (height - 20) / 2)
        if count == 1 { return [Place(x: middle.x, y: middle.y, out: (0, -1))] }
        return (0..<count).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(count) + .pi
            let out = (x: cos(angle), y: sin(angle))
            return Place(x: middle.x + circle * out.x * 1.2, y: middle.y + circle * out.y, out: out)
        }
    }

    // MARK: - Arrows

    private func draw(_ edge: Edge, _ places: [Place], thickness: Double, _ names: [String], on svg: inout SVG) {
        let from = places[edge.sender]
        let stroke = SVG.Stroke(
            colour: colour(names[edge.sender]), width: thickness,
            dash: edge.route == .endocrine ? "2 3" : edge.sender == edge.receiver && !edge.isAutocrine ? "5 4" : "")
        if edge.sender == edge.receiver {
            let radius = edge.loop
            let x = from.x + from.out.x * (node + radius - 4)
            let y = from.y + from.out.y * (node + radius - 4)
            svg.circle(x, y, radius: radius, fill: "none", stroke: stroke)
            return
        }
        let bend = bend(edge, places)
        let to = places[edge.receiver]
        let head = 7 + thickness * 0.9
        let start = step(from: from, towards: bend, by: node)
        let tip = step(from: to, towards: bend, by: node + 1)
        let neck = step(from: to, towards: bend, by: node + 1 + head)
        svg.path(
            "M\(SVG.number(start.x)) \(SVG.number(start.y))Q\(SVG.number(bend.x)) \(SVG.number(bend.y)) "
                + "\(SVG.number(neck.x)) \(SVG.number(neck.y))", stroke: stroke, isRound: false)
        let along = (x: (tip.x - neck.x) / head, y: (tip.y - neck.y) / head)
        let wing = thickness / 2 + 5
        let corners = [
            (x: tip.x, y: tip.y), (x: neck.x - along.y * wing, y: neck.y + along.x * wing),
            (x: neck.x + along.y * wing, y: neck.y - along.x * wing),
        ]
        svg.path(SVG.polyline(corners) + "Z", fill: stroke.colour)
    }

    /// Where the arrow is drawn towards: to the right of the straight line, so that answers do not cover calls.
    private func bend(_ edge: Edge, _ places: [Place]) -> (x: Double, y: Double) {
        let (from, to) = (places[edge.sender], places[edge.receiver])
        let gap = (x: to.x - from.x, y: to.y - from.y)
        // What went another way is another arrow.
        let bend = edge.route == .endocrine ? 0.36 : 0.16
        return (x: (from.x + to.x) / 2 - gap.y * bend, y: (from.y + to.y) / 2 + gap.x * bend)
    }

    private func step(from place: Place, towards goal: (x: Double, y: Double), by length: Double) -> (
        x: Double, y: Double
    ) {
        let gap = (x: goal.x - place.x, y: goal.y - place.y)
        let distance = max(1e-9, (gap.x * gap.x + gap.y * gap.y).squareRoot())
        return (x: place.x + gap.x / distance * length, y: place.y + gap.y / distance * length)
    }

    // MARK: - Words

    private func write(_ name: String, at place: Place, isLooped: Bool, on svg: inout SVG) {
        // Where a loop is in its way, the name stands across from it.
        let font = SVG.Font(size: 12.5, isBold: true, anchor: .middle, hasHalo: true)
        if isLooped, place.isBeside {
            svg.name(name, place.x, place.y + node + 16, most: 18, font)
            return
        }
        if isLooped {
            let font = SVG.Font(size: 12.5, isBold: true, hasHalo: true)
            svg.name(name, place.x + node + 8, place.y + 4, most: 18, font)
            return
        }
        let side: SVG.Anchor = abs(place.out.x) < 0.35 ? .middle : place.out.x > 0 ? .start : .end
        let reach = node + 8
        let x = place.x + (side == .middle ? 0 : place.out.x > 0 ? reach : -reach)
        let y = side == .middle ? place.y + (place.out.y > 0 ? node + 16 : -node - 8) : place.y + 4
        svg.name(name, x, y, most: 18, SVG.Font(size: 12.5, isBold: true, anchor: side, hasHalo: true))
    }

    private func label(_ edge: Edge, _ places: [Place], on svg: inout SVG) {
        let words = summary.shareOfCaptured(edge.amount).map(CommunicationSection.share) ?? ""
        let from = places[edge.sender]
        if edge.sender == edge.receiver {
            let middle = (x: from.x + from.out.x * (node + 18), y: from.y + from.out.y * (node + 18))
            let who = edge.isAutocrine ? "↻ own" : edge.route == .endocrine ? "endocrine" : "others"
            let words = "\(who) \(words)"
            let row = edge.isAutocrine ? 0.0 : edge.route == .endocrine ? 2 : 1
            if from.isBeside {
                let y = middle.y - (edge.route == .endocrine ? 60 : edge.isAutocrine ? 46 : 32)
                svg.text(words, middle.x, y, SVG.Font(size: 11, anchor: .middle, hasHalo: true))
            } else {
                svg.text(words, middle.x + 30, middle.y + 15 * row - 8, SVG.Font(size: 11, hasHalo: true))
            }
            return
        }
        let (bend, to) = (bend(edge, places), places[edge.receiver])
        // Beyond the middle of the curve, on the side it bends to.
        let middle = (x: (from.x + 2 * bend.x + to.x) / 4, y: (from.y + 2 * bend.y + to.y) / 4)
        let out = (x: bend.x - (from.x + to.x) / 2, y: bend.y - (from.y + to.y) / 2)
        let length = max(1e-9, (out.x * out.x + out.y * out.y).squareRoot())
        let reach = widest / 2 + 14
        svg.text(
            words, middle.x + out.x / length * (reach + 16), middle.y + out.y / length * reach + 4,
            SVG.Font(size: 12, isBold: true, anchor: .middle, hasHalo: true))
    }

    private var caption: String {
        "Arrows from who secreted \(summary.molecule) to who captured it, as shares of all that was captured. Below "
            + "\(Words.share(CommunicationNetworkFigure.thinnest)) no arrow is drawn between types."
    }

    private func numbers(_ names: [String], _ edges: [Edge]) -> FigureNumbers {
        var numbers = FigureNumbers(["sender", "receiver", "route", "captured (molecules)"])
        for edge in edges {
            numbers.add([names[edge.sender], names[edge.receiver], edge.route.rawValue], [edge.amount])
        }
        return numbers
    }
}
