public import Results

/// A synergy score as files: tables, JSON and one page that shows it.
public struct ScoreReport {
    private let title: String
    private let table: DoseTable
    private let score: SynergyScore
    /// How the page says it came about, such as the command's options.
    private let origin: [String]

    public init(title: String, table: DoseTable, score: SynergyScore, origin: [String]) {
        self.title = title
        self.table = table
        self.score = score
        self.origin = origin
    }

    /// Writes `scores.csv` and `score.html` with its drawings; returns the page's path.
    public func write(_ folder: ResultFolder) throws -> String {
        try folder.write(scoresCSV, to: "scores.csv")
        var page = FigurePage(title: title, about: ScoreWords(score).sentences)
        page.facts = facts
        page.notes = score.notes
        page.footer = origin
        for (number, pair) in score.pairs.enumerated() {
            let names = pair.axes.map(\.name).joined(separator: " and ")
            try page.add(
                names, score.pairs.count > 1 ? ScoreWords(score).sentence(pair) : "", figures(pair, number + 1),
                to: folder)
            page.add(summaryTable(pair))
            if let musyc = pair.musyc { page.add(ScoreReport.parameterTable(musyc, pair)) }
        }
        if !score.beyondPairs.isEmpty { page.add(beyondTable) }
        try folder.write(page.html, to: "score.html")
        return folder.file("score.html")
    }

    private var facts: [(String, String)] {
        [
            ("combinations", "\(table.surface().count)"), ("replicates", "\(score.replicates)"),
            ("without doses", score.start.text() + (score.unit.isEmpty ? "" : " \(score.unit)")),
            ("effect", score.direction == .rising ? "rises" : "falls"),
            ("full effect", score.full.map { Words.number($0) } ?? "not known"),
        ]
    }

    private func figures(_ pair: PairScore, _ number: Int) -> [Figure] {
        var figures = [responses(pair, number)] + pair.summaries.map { excess($0, pair, number) }
        if let isobologram = IsobologramFigure(pair: pair, start: score.start.value).figure(number: number) {
            figures.append(isobologram)
        }
        for axis in 0..<2 {
            let curves = DoseCurveFigure(pair: pair, axis: axis, response: score.responseLabel)
            if let figure = curves.figure(number: 2 * number - 1 + axis) { figures.append(figure) }
        }
        return figures
    }

    private func responses(_ pair: PairScore, _ number: Int) -> Figure {
        let values = pair.points.map { (doses: $0.doses, value: $0.response) }
        let label = Words.short(score.response, 30) + (score.unit.isEmpty ? "" : " (\(score.unit))")
        return Figure(
            name: "surface-\(number)", heading: "Response: \(score.response)",
            caption:
                "Without doses it is \(score.start.text()); the largest effect seen is \(Words.number(pair.range)).",
            svg: map(values, pair, .range).svg(title: "Response to doses", scaleLabel: label),
            numbers: numbers(values, pair, score.responseLabel))
    }

    private func excess(_ summary: PairScore.Summary, _ pair: PairScore, _ number: Int) -> Figure {
        let name = summary.model.rawValue
        let values = pair.points.filter { $0.doses.allSatisfy { $0 > 0 } }.compactMap { point in
            point.excess[name].map { (doses: point.doses, value: $0) }
        }
        return Figure(
            name: "\(name.lowercased())-\(number)", heading: "Excess over \(name)",
            caption: ScoreWords(score).caption(summary, pair),
            svg: map(values, pair, .excess).svg(
                title: "Excess over \(name)", scaleLabel: "antagonism − · + synergy"),
            numbers: numbers(
                values, pair, "excess over \(name)" + (score.unit.isEmpty ? "" : " (\(score.unit))")))
    }

    private typealias Values = [(doses: [Double], value: Estimate)]

    private func map(_ values: Values, _ pair: PairScore, _ palette: SurfaceFigure.Palette) -> SurfaceFigure {
        SurfaceFigure(
            axes: pair.axes, values: Dictionary(uniqueKeysWithValues: values.map { ($0.doses, $0.value.value) }),
            doses: pair.points.map(\.doses), palette: palette)
    }

    private func numbers(_ values: Values, _ pair: PairScore, _ column: String) -> FigureNumbers {
        var numbers = FigureNumbers(pair.axes.map(\.label) + [column, "low", "high"])
        for (doses, value) in values {
            numbers.add([], doses + [value.value, value.low ?? .nan, value.high ?? .nan])
        }
        return numbers
    }

    // MARK: - Tables

    private func summaryTable(_ pair: PairScore) -> FigurePage.Table {
        FigurePage.Table(
            heading: "Scores",
            columns: ["null model", "mean excess", "of the largest effect", "most", "least", "verdict"],
            numeric: 1..<5,
            rows: pair.summaries.map { summary in
                let (most, least) = (summary.most, summary.least)
                func place(_ extreme: PairScore.Summary.Extreme) -> String {
                    "\(Words.number(extreme.excess)) at \(pair.text(extreme.doses))"
                }
                return [
                    summary.model.rawValue, summary.mean.text(), Words.share(summary.mean.value / pair.range),
                    place(most), place(least), summary.verdict.rawValue,
                ]
            },
            caption:
                "Excess is effect beyond what the null model expects, in units of the response: above 0 is synergy, "
                + "below 0 antagonism. "
                + (score.replicates > 1 ? "In brackets: 95 % of the mean over replicates." : ""))
    }

    private static func parameterTable(_ musyc: PairScore.MuSyCScore, _ pair: PairScore) -> FigurePage.Table {
        let (s, axes) = (musyc.fit.surface, pair.axes)
        var rows = [
            [
                "E0, E1, E2, E3",
                [s.e0, s.e1, s.e2, s.e3].map { Words.number(pair.rounded($0)) }.joined(separator: ", "),
                "responses to neither, either and both at saturation",
            ],
            ["C1, h1", "\(axes[0].text(s.c1)), \(Words.number(s.h1))", "half dose and slope of \(axes[0].name)"],
            ["C2, h2", "\(axes[1].text(s.c2)), \(Words.number(s.h2))", "half dose and slope of \(axes[1].name)"],
            ["α12", musyc.potency12.text(), "potency of \(axes[1].name) beside \(axes[0].name), × (1: unchanged)"],
            ["α21", musyc.potency21.text(), "potency of \(axes[0].name) beside \(axes[1].name), × (1: unchanged)"],
        ]
        if let beta = musyc.efficacy {
            rows.append(["β", beta.text(), "effect of both beyond the stronger one's, as a share of it (0: none)"])
        }
        if let first = musyc.cooperativity12, let second = musyc.cooperativity21 {
            rows.append(["γ12", first.text(), "slope of \(axes[1].name) beside \(axes[0].name), × (1: unchanged)"])
            rows.append(["γ21", second.text(), "slope of \(axes[0].name) beside \(axes[1].name), × (1: unchanged)"])
        }
        return FigurePage.Table(
            heading: "MuSyC", columns: ["parameter", "value", "meaning"], numeric: 1..<2, rows: rows,
            caption: "R² \(Words.number(musyc.fit.rSquared, digits: 4)). In brackets: 95 % intervals from "
                + (musyc.intervalsFrom == "replicates" ? "replicates." : "the fit's curvature.")
                + " One without brackets lies at its bound or is not determined by these doses.")
    }

    private var beyondTable: FigurePage.Table {
        FigurePage.Table(
            heading: "Three doses and more",
            columns: table.axes.map(\.name) + ["response"] + NullModel.allCases.map { "excess over \($0.rawValue)" },
            numeric: 0..<(table.axes.count + 4),
            rows: score.beyondPairs.map { point in
                zip(table.axes, point.doses).map { $0.text($1) } + [point.response.text()]
                    + NullModel.allCases.map { point.excess[$0.rawValue]?.text() ?? "–" }
            }, caption: "Every null model takes each dose alone.")
    }

    /// Every combination of doses, one a line for each pair that holds it; those of three doses and more of no pair.
    ///
    /// A dose alone is in several pairs, whose curves are fitted apart.
    private var scoresCSV: String {
        let models = NullModel.allCases.map(\.rawValue)
        var text = CSVTable.line(
            ["pair"] + table.axes.map(\.label) + ["response", "low", "high"]
                + models.flatMap { ["\($0) expected", "\($0) excess", "\($0) excess low", "\($0) excess high"] }
                + ["combination index", "MuSyC fitted"])
        func number(_ value: Double?) -> String { value.map(CSVTable.number) ?? "" }
        func add(_ point: SynergyScore.ScoredPoint, _ doses: [Double], of pair: String) {
            text += CSVTable.line(
                [pair] + doses.map(CSVTable.number)
                    + [number(point.response.value), number(point.response.low), number(point.response.high)]
                    + models.flatMap { model in
                        let excess = point.excess[model]
                        return [
                            number(point.expected[model]), number(excess?.value), number(excess?.low),
                            number(excess?.high),
                        ]
                    } + [number(point.combinationIndex?.value), number(point.fitted)])
        }
        for pair in score.pairs {
            let places = pair.axes.map { axis in table.axes.firstIndex(of: axis) ?? 0 }
            for point in pair.points {
                var doses = table.axes.map { _ in 0.0 }
                for (place, dose) in zip(places, point.doses) { doses[place] = dose }
                add(point, doses, of: pair.axes.map(\.name).joined(separator: " + "))
            }
        }
        for point in score.beyondPairs { add(point, point.doses, of: "") }
        return text
    }
}
