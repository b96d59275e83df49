public import Results

/// A state diagram as files: tables and a page.
public struct StateDiagramReport {
    private let diagram: StateDiagram
    private let origin: [String]

    public init(_ diagram: StateDiagram, origin: [String]) {
        self.diagram = diagram
        self.origin = origin
    }

    /// Writes `branches.csv`, `specials.csv`, `cycles.csv` and `continuation.html` with its drawings; returns the page's
    /// path.
    public func write(_ folder: ResultFolder) throws -> String {
        try folder.write(branches, to: "branches.csv")
        try folder.write(specials, to: "specials.csv")
        if !diagram.cycles.isEmpty { try folder.write(cycles, to: "cycles.csv") }
        var page = FigurePage(
            title: "\(diagram.network) over \(diagram.parameter)",
            about: "Every state of rest that a search found, followed over \(diagram.parameter) from "
                + "\(Words.number(diagram.range[0])) to \(Words.number(diagram.range[1])). It is a search: what it found "
                + "is there, but nothing proves that there is no more.")
        page.facts = [
            ("branches", "\(diagram.branches.count)"), ("folds", "\(count("fold"))"),
            ("Hopf points", "\(count("hopf"))"), ("oscillations", "\(diagram.cycles.count)"),
        ]
        page.notes = diagram.notes
        page.footer = origin
        let figures = diagram.quantities.indices.map {
            StateDiagramFigure(diagram: diagram, index: $0).figure(number: $0 + 1)
        }
        try page.add("States of rest", "", figures, to: folder)
        if !diagram.specials.isEmpty { page.add(specialTable) }
        if !diagram.cycles.isEmpty { page.add(cycleTable) }
        try folder.write(page.html, to: "continuation.html")
        return folder.file("continuation.html")
    }

    private func count(_ kind: String) -> Int { diagram.specials.count { $0.kind == kind } }

    private func name(_ kind: String) -> String { kind == "hopf" ? "Hopf point" : kind }

    private var specialTable: FigurePage.Table {
        let count = diagram.quantities.count
        return FigurePage.Table(
            heading: "Folds and Hopf points", columns: ["", diagram.parameter] + diagram.quantities + ["period"],
            numeric: 1..<count + 3,
            rows: diagram.specials.map { special in
                [name(special.kind), Words.number(special.state.parameter, digits: 6)]
                    + special.state.values.map { Words.number($0, digits: 5) }
                    + [special.angularFrequency.map { Words.number(2 * .pi / $0, digits: 5) } ?? ""]
            }, caption: "In the network's own units; the period is that of the oscillations that begin.")
    }

    private var cycleTable: FigurePage.Table {
        let count = diagram.quantities.count
        return FigurePage.Table(
            heading: "Oscillations",
            columns: [diagram.parameter, "period"] + diagram.quantities.flatMap { ["least \($0)", "greatest \($0)"] },
            numeric: 0..<2 * count + 2,
            rows: diagram.cycles.map { cycle in
                [Words.number(cycle.parameter, digits: 5), Words.number(cycle.period, digits: 5)]
                    + zip(cycle.least, cycle.greatest).flatMap { [$0, $1] }.map { Words.number($0, digits: 4) }
            }, caption: "Run until they repeat themselves, in the network's own units.")
    }

    private var branches: String {
        var text = CSVTable.line(["branch", diagram.parameter] + diagram.quantities + ["kind", "stable"])
        for (place, branch) in diagram.branches.enumerated() {
            for state in branch.states {
                text += CSVTable.line(
                    ["\(place + 1)"] + ([state.parameter] + state.values).map(CSVTable.number)
                        + [state.kind, state.isStable ? "yes" : "no"])
            }
        }
        return text
    }

    private var specials: String {
        var text = CSVTable.line(["kind", diagram.parameter] + diagram.quantities + ["angular frequency"])
        for special in diagram.specials {
            text += CSVTable.line(
                [special.kind] + ([special.state.parameter] + special.state.values).map(CSVTable.number)
                    + [special.angularFrequency.map(CSVTable.number) ?? ""])
        }
        return text
    }

    private var cycles: String {
        var text = CSVTable.line(
            [diagram.parameter, "period"] + diagram.quantities.flatMap { ["least \($0)", "greatest \($0)"] })
        for cycle in diagram.cycles {
            let values = zip(cycle.least, cycle.greatest).flatMap { [$0, $1] }
            text += CSVTable.line(([cycle.parameter, cycle.period] + values).map(CSVTable.number))
        }
        return text
    }
}
