/// Probabilities of states and nodes of a logical network over time.
enum CourseFigure {
    /// Chosen: as many colours as stay apart.
    private static let most = 7

    private static func plot(_ course: BooleanReport.Course, _ title: String, _ yLabel: String, top: Double) -> Plot {
        Plot(
            SVG(width: 860, height: 380, title: title),
            x: Scale(linear: course.times.first ?? 0, course.times.last ?? 1, start: 62, end: 600, isExact: true),
            y: Scale(linear: 0, top, start: 330, end: 14, isExact: true), xLabel: "time (the network's unit)",
            yLabel: yLabel)
    }

    /// States stacked on each other, all others on top.
    static func states(_ course: BooleanReport.Course) -> Figure {
        var plot = plot(course, "States over time", "share of trajectories", top: 1)
        let shown = min(most, course.states.count)
        var below = [Double](repeating: 0, count: course.times.count)
        for layer in 0...shown {
            let isRest = layer == shown
            let above = course.times.indices.map { index in
                isRest ? 1 : min(below[index] + course.probabilities[index * course.states.count + layer], 1)
            }
            let points = course.times.indices.map { (plot.x(course.times[$0]), plot.y(above[$0])) }
            let back = course.times.indices.reversed().map { (plot.x(course.times[$0]), plot.y(below[$0])) }
            let colour = isRest ? Colour.grid : Colour.category(layer)
            plot.svg.path(SVG.polyline((points + back).map { $0 }) + "Z", fill: colour, opacity: isRest ? 1 : 0.8)
            let y = 26 + 22 * Double(layer)
            plot.svg.rectangle(616, y - 10, 12, 12, fill: colour)
            plot.svg.text(
                Words.short(isRest ? "all other states" : course.states[layer], 36), 634, y, SVG.Font(size: 11.5))
            below = above
        }
        return Figure(
            name: "states", heading: "States over time",
            caption: "The \(shown) states that took the most time. Each value is the average over a window.",
            svg: plot.svg, isWide: true)
    }

    /// The nodes whose means move most.
    static func nodes(_ course: BooleanReport.Course) -> Figure {
        let count = course.nodes.count
        func values(_ node: Int) -> [Double] { course.times.indices.map { course.levels[$0 * count + node] } }
        let spans = course.nodes.indices.map { node in
            let values = values(node)
            return (values.max() ?? 0) - (values.min() ?? 0)
        }
        let chosen = course.nodes.indices.sorted { (spans[$1], $0) < (spans[$0], $1) }.prefix(most + 1)
        let top = max(course.levels.max() ?? 1, 1)
        var plot = plot(course, "Nodes over time", "mean level", top: top)
        var labels: [(name: String, y: Double, colour: String)] = []
        for (index, node) in chosen.enumerated() {
            let values = values(node)
            plot.curve(
                zip(course.times, values).map { Plot.Point(x: $0, y: $1) }, colour: Colour.category(index))
            labels.append((course.nodes[node], values.last ?? 0, Colour.category(index)))
        }
        plot.labels(labels)
        return Figure(
            name: "nodes", heading: "Nodes over time",
            caption:
                "The mean level of each node: for one that is off or on, the share of trajectories in which it is on.",
            svg: plot.svg, isWide: true)
    }
}

/// States of a logical network beside each other, a row a node.
enum StateFigure {
    /// Chosen: what fits a page.
    private static let mostStates = 40
    private static let mostNodes = 150

    static func make(_ states: BooleanReport.States) -> Figure {
        let columns = min(states.labels.count, mostStates)
        // Nodes that are off in every state say nothing; they are told in the caption.
        let active = states.nodes.indices.filter { node in
            (0..<columns).contains { states.levels[$0 * states.nodes.count + node] > 0 }
        }
        let rows = Array(active.prefix(mostNodes))
        let width = columns <= 12 ? 46.0 : 16
        let left = 150.0
        let top = 64.0
        var svg = SVG(
            width: max(left + width * Double(columns) + 40, 420), height: top + 16 * Double(rows.count) + 16,
            title: states.heading)
        for column in 0..<columns {
            let x = left + width * (Double(column) + 0.5)
            svg.text(states.labels[column], x + 4, top - 8, SVG.Font(size: 10.5, colour: Colour.faint, turn: -45))
        }
        for (row, node) in rows.enumerated() {
            let y = top + 16 * Double(row)
            svg.text(Words.short(states.nodes[node], 20), left - 8, y + 12, SVG.Font(size: 11, anchor: .end))
            for column in 0..<columns {
                let level = states.levels[column * states.nodes.count + node]
                let share = Double(level) / Double(states.highest[node])
                let fill = level == 0 ? Colour.grid : Colour.hex(Colour.viridis(0.25 + 0.5 * share))
                svg.rectangle(
                    left + width * Double(column) + 1, y + 1, width - 2, 14, fill: fill,
                    title: "\(states.nodes[node]): \(level)")
            }
        }
        var caption = "Grey where a node is off, coloured where it is on."
        let quiet = states.nodes.count - active.count
        if quiet > 0 { caption += " \(quiet) nodes are off in all of them." }
        if states.labels.count > columns { caption += " The first \(columns) of \(states.labels.count) states." }
        if active.count > rows.count { caption += " The first \(rows.count) of \(active.count) nodes." }
        return Figure(
            name: "states", heading: states.heading, caption: caption, svg: svg, isWide: columns > 12)
    }
}
