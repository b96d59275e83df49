import Foundation

/// One quantity of a state diagram: stable states as full lines, unstable ones dashed, folds and Hopf points marked.
struct StateDiagramFigure {
    let diagram: StateDiagram
    /// Which quantity.
    let index: Int

    private var name: String { diagram.quantities[index] }

    private struct Vertex {
        var point: Plot.Point
        /// `nil` at a special point, which belongs to both sides.
        var isStable: Bool?
    }

    func figure(number: Int) -> Figure {
        let (x, y) = scales
        let title = "\(Words.short(name, 40)) at rest over \(Words.short(diagram.parameter, 24))"
        var plot = Plot(
            SVG(width: 700, height: 400, title: title), x: x, y: y, xLabel: Words.short(diagram.parameter, 60),
            yLabel: Words.short(name, 40))
        for branch in diagram.branches { draw(branch, &plot) }
        let swings = diagram.cycles.flatMap { cycle in
            [cycle.least[index], cycle.greatest[index]].map { Plot.Point(x: cycle.parameter, y: $0) }
        }
        plot.dots(swings, radius: 2.8, colour: Colour.category(2), opacity: 1)
        mark(&plot)
        legend(&plot)
        return Figure(
            name: "states-\(number)", heading: name, caption: caption(y), svg: plot.svg, numbers: numbers, isWide: true)
    }

    private var scales: (x: Scale, y: Scale) {
        let (low, high) = (diagram.range[0], diagram.range[1])
        let (start, end, bottom, top) = (78.0, 616.0, 318.0, 18.0)
        // Chosen: more than two powers of ten above 0 are read better on a logarithmic axis.
        let x =
            low > 0 && high > 100 * low
            ? Scale(logarithmic: low, high, start: start, end: end, isExact: true)
            : Scale(linear: low, high, start: start, end: end, isExact: true)
        let seen =
            diagram.branches.flatMap(\.states).map { $0.values[index] }
            + diagram.cycles.flatMap { [$0.least[index], $0.greatest[index]] }
        let values = seen.filter(\.isFinite)
        let positive = values.filter { $0 > 0 }
        let isWide = (positive.max() ?? 1) > 100 * (positive.min() ?? 1)
        // States at 0 do not stand on a logarithmic axis; they are nearly always the trivial ones.
        if isWide, !values.contains(where: { $0 < 0 }), let least = positive.min(), let most = positive.max() {
            return (x, Scale(logarithmic: max(least, most * 1e-12), most, start: bottom, end: top))
        }
        let (least, most) = (values.min() ?? 0, values.max() ?? 1)
        // A line along the foot would hide behind the axis.
        let margin = 0.04 * max(most - least, abs(most) * 1e-3)
        return (x, Scale(linear: least < 0 || least > margin ? least : -margin, most, start: bottom, end: top))
    }

    /// States and special points of a branch, in order.
    private func vertices(_ branch: StateDiagram.Branch) -> [Vertex] {
        var vertices: [Vertex] = []
        var next = 0
        for (place, state) in branch.states.enumerated() {
            vertices.append(
                Vertex(point: .init(x: state.parameter, y: state.values[index]), isStable: state.isStable))
            while next < branch.specials.count, branch.specials[next].after == place {
                let special = branch.specials[next].state
                vertices.append(Vertex(point: .init(x: special.parameter, y: special.values[index])))
                next += 1
            }
        }
        return vertices
    }

    private func draw(_ branch: StateDiagram.Branch, _ plot: inout Plot) {
        let vertices = vertices(branch)
        var run: [Plot.Point] = []
        var isStable = false
        func finish(_ plot: inout Plot) {
            let colour = Colour.category(isStable ? 0 : 1)
            if run.count > 1 { plot.curve(run, colour: colour, width: 2, dash: isStable ? "" : "5 4") }
        }
        for (a, b) in zip(vertices, vertices.dropFirst()) {
            let now = a.isStable ?? b.isStable ?? false
            if run.isEmpty || now != isStable {
                finish(&plot)
                (run, isStable) = ([a.point], now)
            }
            run.append(b.point)
        }
        finish(&plot)
    }

    private func mark(_ plot: inout Plot) {
        for special in diagram.specials {
            let (x, y) = (plot.x(special.state.parameter), special.state.values[index])
            guard !plot.y.isLogarithmic || y > 0 else { continue }
            let place = plot.y(y)
            symbol(special.kind, x, place, &plot.svg)
            // On the side that the branch does not come from, so that no line runs through the words.
            let isLeft = comesFrom(special) > special.state.parameter && x > plot.x.start + 80
            plot.svg.text(
                "\(special.kind == "hopf" ? "Hopf" : special.kind) \(Words.number(special.state.parameter, digits: 4))",
                x + (isLeft ? -9 : 9), place + (special.kind == "fold" ? 4 : -8),
                SVG.Font(size: 11.5, isBold: true, anchor: isLeft ? .end : .start, hasHalo: true))
        }
    }

    /// The parameter of a fold's neighbour on its branch; of others the point's own.
    private func comesFrom(_ special: StateDiagram.Special) -> Double {
        guard special.kind == "fold", let branch = diagram.branches.first(where: { $0.specials.contains(special) })
        else { return special.state.parameter }
        return branch.states[special.after].parameter
    }

    private func symbol(_ kind: String, _ x: Double, _ y: Double, _ svg: inout SVG) {
        let edge = SVG.Stroke(colour: Colour.ink, width: 1.5)
        switch kind {
        case "fold": svg.rectangle(x - 4, y - 4, 8, 8, fill: Colour.category(4), stroke: edge)
        case "hopf": svg.circle(x, y, radius: 4.8, fill: Colour.category(2), stroke: edge)
        default: svg.circle(x, y, radius: 4.2, fill: Colour.paper, stroke: edge)
        }
    }

    private func legend(_ plot: inout Plot) {
        var x = plot.x.start
        let y = 386.0
        func words(_ text: String, _ plot: inout Plot) {
            plot.svg.text(text, x, y + 4, SVG.Font(size: 11.5))
            x += 18 + 6.4 * Double(text.count)
        }
        for (text, colour, dash) in [("stable", Colour.category(0), ""), ("unstable", Colour.category(1), "5 4")] {
            plot.svg.line(x, y, x + 26, y, SVG.Stroke(colour: colour, width: 2, dash: dash))
            x += 32
            words(text, &plot)
        }
        for (kind, text) in [("fold", "fold"), ("hopf", "Hopf point"), ("branch point", "branch point")]
        where diagram.specials.contains(where: { $0.kind == kind }) {
            symbol(kind, x + 5, y, &plot.svg)
            x += 16
            words(text, &plot)
        }
        guard !diagram.cycles.isEmpty else { return }
        plot.svg.circle(x + 4, y, radius: 2.8, fill: Colour.category(2))
        x += 14
        words("least and greatest of an oscillation", &plot)
    }

    private func caption(_ y: Scale) -> String {
        var text = "Stable states are full lines, unstable ones dashed."
        for special in diagram.specials {
            let value = "\(diagram.parameter) = \(Words.number(special.state.parameter, digits: 5))"
            switch special.kind {
            case "fold": text += " At \(value) two states meet; beyond it both are gone."
            case "hopf":
                let period = special.angularFrequency.map { Words.number(2 * .pi / $0, digits: 4) } ?? "–"
                text += " At \(value) oscillations begin, with a period of \(period)."
            default: text += " At \(value) branches cross."
            }
        }
        if y.isLogarithmic, diagram.branches.contains(where: { $0.states.contains { $0.values[index] <= 0 } }) {
            text += " States at 0 are not on the logarithmic axis."
        }
        return text
    }

    private var numbers: FigureNumbers {
        var numbers = FigureNumbers(["of", "state", diagram.parameter, name])
        for (place, branch) in diagram.branches.enumerated() {
            for state in branch.states {
                numbers.add(["branch \(place + 1)", state.kind], [state.parameter, state.values[index]])
            }
            for special in branch.specials {
                numbers.add(
                    ["branch \(place + 1)", special.kind], [special.state.parameter, special.state.values[index]])
            }
        }
        for cycle in diagram.cycles {
            numbers.add(["oscillation", "least"], [cycle.parameter, cycle.least[index]])
            numbers.add(["oscillation", "greatest"], [cycle.parameter, cycle.greatest[index]])
        }
        return numbers
    }
}
