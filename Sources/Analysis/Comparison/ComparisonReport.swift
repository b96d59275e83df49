public import Results

/// Runs side by side as a page and a table.
public struct ComparisonReport {
    private let comparison: RunComparison
    private let folders: [RunFolder]
    private let origin: [String]
    private let space: SpaceMatters?

    /// `space`: of a run with space and the same well mixed, where they differ.
    public init(
        _ comparison: RunComparison, _ folders: [RunFolder], origin: [String], space: SpaceMatters? = nil
    ) {
        self.comparison = comparison
        self.folders = folders
        self.origin = origin
        self.space = space
    }

    private var runs: [RunComparison.Run] { comparison.runs }

    /// Writes `compare.csv` and `compare.html` with its drawings; returns the page's path.
    public func write(_ folder: ResultFolder) throws -> String {
        try folder.write(comparison.csv, to: "compare.csv")
        var page = FigurePage(
            title: Words.list(runs.map(\.name), "and"),
            about: "Runs side by side. Differences and ratios are to the first, A.")
        page.facts = runs.map { ($0.letter, $0.name) }
        page.notes = comparison.notes
        page.footer = origin
        if let space {
            try folder.write(space.csv, to: SpaceMatters.fileName)
            try page.add(
                "Where space matters", sentences: space.sentences, space.figure.map { [$0] } ?? [], to: folder)
            page.add(space.table)
        }
        page.add(list)
        page.add(models)
        let curves = try curves
        try page.add(
            "Over time", words(aboutCurves: curves), curves.enumerated().map { figure($1, number: $0 + 1) }, to: folder)
        page.add(numbers(.atTheEnd, heading: "At the end", name: "quantity", caption: endCaption))
        for (kind, heading, name, caption) in sections where comparison.rows.contains(where: { $0.kind == kind }) {
            page.add(
                kind == .expectation ? expectations : numbers(kind, heading: heading, name: name, caption: caption))
        }
        try folder.write(page.html, to: "compare.html")
        return folder.file("compare.html")
    }

    private var sections: [(RunComparison.Kind, String, String, String)] {
        [
            (.expectation, "What was expected", "expected", ""),
            (
                .communication, "Who signalled to whom", "molecule: sender → receiver",
                "Molecules captured over the run."
            ),
            (.ledger, "The ledgers", "molecule: entry", "Molecules, at the end of each run."),
        ]
    }

    // MARK: - Tables

    private var list: FigurePage.Table {
        FigurePage.Table(
            heading: "The runs", columns: ["", "run", "model", "simulated", "seed", "replicates", "model's hash"],
            numeric: 3..<6,
            rows: runs.map { run in
                [
                    run.letter, run.name, run.model, Words.duration(run.simulatedSeconds), "\(run.seed)",
                    "\(run.replicates)", String(run.modelHash.prefix(12)),
                ]
            },
            caption: "")
    }

    /// A row a difference: what A says, and what the others say.
    private var models: FigurePage.Table {
        var rows: [(key: [String], cells: [String])] = []
        for (index, found) in comparison.models.enumerated() {
            for difference in found.differences {
                let isNew = difference.kind == .added
                let key = [difference.path, difference.before, isNew ? difference.after : ""]
                let known = rows.firstIndex { $0.key == key }
                let said = difference.kind == .removed ? "–" : Words.short(difference.after, 200)
                if let known {
                    rows[known].cells[index + 2] = said
                } else {
                    let before = isNew ? "–" : Words.short(difference.before, 200)
                    var cells =
                        [difference.path, before] + Array(repeating: isNew ? "–" : "as A", count: runs.count - 1)
                    cells[index + 2] = said
                    rows.append((key, cells))
                }
            }
        }
        let renamed = zip(runs.dropFirst(), comparison.models).flatMap { run, found in
            found.renamed.map { "\($0.before) is called \($0.after) in \(run.letter)" }
        }
        let names = renamed.isEmpty ? "" : "\(Words.list(renamed, "and")). "
        return FigurePage.Table(
            heading: "What differs between the models", columns: ["in the model"] + runs.map(\.letter), numeric: 0..<0,
            rows: rows.map(\.cells), caption: names + words(aboutRows: rows.map(\.cells)))
    }

    private func words(aboutRows rows: [[String]]) -> String {
        if rows.isEmpty { return "The models say the same." }
        return rows.joined().contains("–") ? "–: not there." : ""
    }

    private var endCaption: String {
        let some = comparison.rows.contains { $0.kind == .atTheEnd && $0.values.contains { $0 == nil } }
        return some ? "–: the run has no such time course." : ""
    }

    private func numbers(
        _ kind: RunComparison.Kind, heading: String, name: String, caption: String
    ) -> FigurePage.Table {
        let others = runs.indices.dropFirst()
        let columns = [name, "unit", "A"] + others.flatMap { ["\(runs[$0].letter)", "− A", "/ A"] }
        func text(_ value: Double?) -> String { value.map { Words.number($0, digits: 4) } ?? "–" }
        let rows = comparison.rows.filter { row in
            row.kind == kind && (kind != .ledger || row.values.contains { ($0 ?? 0) != 0 })
        }.map { row in
            [row.name, row.unit == "1" ? "" : row.unit, text(row.values[0])]
                + others.flatMap { [text(row.values[$0]), text(row.difference($0)), text(row.ratio($0))] }
        }
        return FigurePage.Table(
            heading: heading, columns: columns, numeric: 2..<columns.count, rows: rows, caption: caption)
    }

    private var expectations: FigurePage.Table {
        let rows = comparison.rows.filter { $0.kind == .expectation }
        return FigurePage.Table(
            heading: "What was expected", columns: ["expected"] + runs.map(\.letter), numeric: 1..<runs.count + 1,
            rows: rows.map { row in
                [row.name]
                    + runs.indices.map { run in
                        guard let passed = row.passed?[run] else { return "–" }
                        let value = row.values[run].map { "\(Words.number($0, digits: 4)) \(row.unit)" }
                        return "\(passed ? "✓" : "✗") \(value ?? "not measured")"
                    }
            },
            caption: "✓ holds, ✗ fails, –: the run's model does not expect it.")
    }

    // MARK: - Curves

    private struct Course {
        var name: String
        var unit: String
        /// By run; `nil` where it has none.
        var curves: [Curve?]
    }

    private struct Curve {
        var times: [Double]
        var values: [Double]
        var low: [Double] = []
        var high: [Double] = []
    }

    private var curves: [Course] {
        get throws {
            var courses: [Course] = []
            for (run, folder) in folders.enumerated() {
                let reader = try ResultReader(folder)
                let (series, bands) = (try reader.series(), try reader.bands())
                for column in series.columns where column.values.contains(where: \.isFinite) {
                    var index = courses.firstIndex { $0.name == column.name && $0.unit == column.unit }
                    if index == nil {
                        courses.append(
                            Course(
                                name: column.name, unit: column.unit, curves: Array(repeating: nil, count: runs.count)))
                        index = courses.count - 1
                    }
                    var curve = Curve(times: series.times, values: column.values)
                    if let bands, bands.times.count == series.times.count,
                        let band = bands.columns.first(where: { $0.name == column.name && $0.unit == column.unit })
                    {
                        (curve.values, curve.low, curve.high) = (band.mean, band.low, band.high)
                    }
                    courses[index ?? 0].curves[run] = curve
                }
            }
            return courses.filter { course in course.curves.contains { ($0?.times.count ?? 0) > 1 } }
        }
    }

    private func words(aboutCurves courses: [Course]) -> String {
        if courses.isEmpty { return "No run recorded a time course." }
        let banded = runs.filter { $0.replicates > 1 }
        if banded.isEmpty { return "" }
        return
            "Of \(Words.list(banded.map(\.letter), "and")) the mean of the replicates, and around it the middle 80 % of them."
    }

    private func figure(_ course: Course, number: Int) -> Figure {
        let drawn = course.curves.compactMap { $0 }
        let finite = drawn.flatMap { $0.values + $0.low + $0.high }.filter(\.isFinite)
        let high = finite.max() ?? 0
        // What rounding leaves below 0 is not worth a part of the axis.
        let low = finite.min().map { $0 < 0 && $0 > -1e-6 * high ? 0 : $0 } ?? 0
        let unit = ReadingUnit(course.unit, largest: max(abs(low), abs(high)))
        let end = drawn.compactMap(\.times.last).max() ?? 1
        let clock = ReadingUnit("s", largest: end)
        let x = Scale(
            linear: 0, end * clock.factor, start: 62, end: 330, isExact: true,
            steps: clock.name == "h" ? Scale.hours : [])
        let y = Scale(linear: min(0, low * unit.factor), max(0, high * unit.factor), start: 190, end: 14)
        var plot = Plot(
            SVG(width: 460, height: 240, title: "\(Words.short(course.name, 40)) in every run"), x: x, y: y,
            xLabel: clock.label("time"), yLabel: unit.name)
        func points(_ curve: Curve, _ values: [Double]) -> [Plot.Point] {
            // Chosen: 600 places are more than the pixels of the axis.
            let count = curve.times.count
            let indices = count <= 600 ? Array(0..<count) : (0..<600).map { $0 * (count - 1) / 599 }
            return indices.map { Plot.Point(x: curve.times[$0] * clock.factor, y: values[$0] * unit.factor) }
        }
        var labels: [(name: String, y: Double, colour: String)] = []
        for (run, curve) in course.curves.enumerated() {
            guard let curve else { continue }
            let colour = Colour.category(run)
            if !curve.low.isEmpty { plot.band(points(curve, curve.low), points(curve, curve.high), colour: colour) }
            plot.curve(points(curve, curve.values), colour: colour, dash: run == 0 ? "" : RunDash.of(run))
            if let last = curve.values.last(where: \.isFinite) {
                labels.append(("\(runs[run].letter) \(runs[run].name)", last * unit.factor, colour))
            }
        }
        plot.labels(labels)
        let missing = runs.indices.filter { course.curves[$0] == nil }.map { runs[$0].letter }
        let ends = runs.indices.compactMap { run in
            course.curves[run]?.values.last(where: \.isFinite).map { "\(runs[run].letter) \(unit.text($0))" }
        }
        return Figure(
            name: "compare-\(number)", heading: course.name,
            caption: "At the end: \(Words.list(ends, "and"))."
                + (missing.isEmpty ? "" : " Not in \(Words.list(missing, "and"))."),
            svg: plot.svg, numbers: table(course))
    }

    /// What is drawn, run after run.
    private func table(_ course: Course) -> FigureNumbers {
        var numbers = FigureNumbers(["run", "time (h)", "\(course.name) (\(course.unit))", "low", "high"])
        for (run, curve) in course.curves.enumerated() {
            guard let curve else { continue }
            for (row, time) in curve.times.enumerated() {
                numbers.add(
                    ["\(runs[run].letter) \(runs[run].name)"],
                    [time / 3600, curve.values[row]]
                        + (curve.low.isEmpty ? [.nan, .nan] : [curve.low[row], curve.high[row]]))
            }
        }
        return numbers
    }
}

/// How the curves of runs stay apart where they lie on each other and in grey print.
private enum RunDash {
    static func of(_ run: Int) -> String { ["", "7 3", "2 3", "9 3 2 3"][run % 4] }
}
