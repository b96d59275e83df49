public import Results

/// The graph of induction as files: a table and a page.
public struct CascadeReport {
    private let cascade: Cascade
    private let notes: [String]
    private let origin: [String]

    public init(_ cascade: Cascade, notes: [String], origin: [String]) {
        self.cascade = cascade
        self.notes = notes
        self.origin = origin
    }

    /// Writes `cascade.csv` and `cascade.html` with its drawing; returns the page's path.
    public func write(_ folder: ResultFolder) throws -> String {
        try folder.write(csv, to: "cascade.csv")
        var page = FigurePage(
            title: "Cascade: \(cascade.model)",
            about:
                "Which molecules made which cells secrete which others, measured in one run; each edge was then taken out "
                + "of the model and the run repeated from the same seed.")
        page.facts = [
            ("edges", "\(cascade.edges.count)"),
            ("confirmed", "\(cascade.edges.count { $0.confirmation?.isConfirmed == true })"),
        ]
        page.notes = notes
        page.footer = origin
        if let figure = CascadeFigure.make(cascade) {
            try page.add("Graph", sentences, [figure], to: folder)
        }
        page.add(table)
        try folder.write(page.html, to: "cascade.html")
        return folder.file("cascade.html")
    }

    /// One sentence an edge.
    var sentences: String {
        cascade.edges.map { edge in
            let verb = edge.induced < 0 ? "kept" : "made"
            var text = "\(Words.list(edge.causes, "and")) \(verb) \(edge.cellType) "
            text += edge.induced < 0 ? "from secreting " : "secrete "
            text += "\(Words.number(abs(edge.induced))) \(edge.molecule)"
            if let gain = edge.gain { text += ", \(Words.number(abs(gain))) for each molecule captured" }
            if let delay = edge.delay { text += ", \(Words.duration(max(delay, 0))) later" }
            return text + "."
        }.joined(separator: " ")
    }

    private var table: FigurePage.Table {
        FigurePage.Table(
            heading: "Edges",
            columns: ["rule", "from", "cells", "to", "induced", "captured", "gain", "delay", "driven", "taken out"],
            numeric: 4..<9,
            rows: cascade.edges.map { edge in
                [
                    "\(edge.rule)", edge.causes.joined(separator: " + "), edge.cellType, edge.molecule,
                    Words.number(edge.induced), edge.captured.map { Words.number($0) } ?? "–",
                    edge.gain.map { Words.number($0) } ?? "–", edge.delay.map { Words.duration(max($0, 0)) } ?? "–",
                    Words.cells(edge.drivenCells), outcome(edge),
                ]
            },
            caption: "Induced and captured in molecules, by the cells named. A gain is per molecule that they captured."
        )
    }

    private func outcome(_ edge: Cascade.Edge) -> String {
        guard let found = edge.confirmation else { return "not run" }
        var text = "\(Words.share(found.lost)) of it lost"
        if !found.downstream.isEmpty { text += ", with rule \(Words.list(found.downstream.map { "\($0)" }, "and"))" }
        return text
    }

    private var csv: String {
        func number(_ value: Double?) -> String { value.map(CSVTable.number) ?? "" }
        var text = CSVTable.line([
            "rule", "from", "cell type", "to", "induced (molecules)", "captured (molecules)", "gain", "delay (h)",
            "driven cells", "lost when taken out", "downstream rules", "text",
        ])
        for edge in cascade.edges {
            text += CSVTable.line([
                "\(edge.rule)", edge.causes.joined(separator: " + "), edge.cellType, edge.molecule,
                number(edge.induced), number(edge.captured), number(edge.gain), number(edge.delay.map { $0 / 3600 }),
                "\(edge.drivenCells)", number(edge.confirmation?.lost),
                (edge.confirmation?.downstream ?? []).map { "\($0)" }.joined(separator: " "), edge.text,
            ])
        }
        return text
    }
}
