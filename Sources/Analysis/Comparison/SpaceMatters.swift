import Foundation
public import Results

/// Where space matters: every time course of a run with space beside that of the same model well mixed.
public struct SpaceMatters: Sendable, Codable {
    public struct Row: Sendable, Codable {
        /// A time course, such as "Treg: IL-2R.bound, mean".
        public var name: String
        public var unit: String
        /// At the end.
        public var withSpace: Double
        public var mixed: Double
        /// |with space − mixed| over the larger of the two, 0...1.
        public var atTheEnd: Double
        /// The largest |with space − mixed| at any time over the largest value at any time of either, 0...1.
        public var largest: Double
        /// When it is that large, h.
        public var largestAt: Double
        /// The same at every time that both runs recorded.
        public var course: [Double]
    }

    /// Those times, h.
    public let times: [Double]

    /// The largest discrepancy first.
    public let rows: [Row]

    /// Above this discrepancy a quantity is said to feel space.
    ///
    /// Chosen: ten times what the tissue's own steps and grid may be out by.
    public static let matters = 0.1

    /// Chosen: what the tissue's own steps and grid may be out by.
    public static let hardlyMatters = 0.01

    /// Compares courses of one name and unit at the times that both have.
    public init(withSpace: SeriesTable, mixed: SeriesTable) {
        var known: [Double: Int] = [:]
        for (row, time) in mixed.times.enumerated() { known[time.rounded(toPlaces: 6)] = row }
        let pairs = withSpace.times.enumerated().compactMap { row, time in
            known[time.rounded(toPlaces: 6)].map { (row, $0) }
        }
        var rows: [Row] = []
        for column in withSpace.columns {
            guard let other = mixed.columns.first(where: { $0.name == column.name && $0.unit == column.unit }) else {
                continue
            }
            let values = pairs.map { (time: withSpace.times[$0.0], a: column.values[$0.0], b: other.values[$0.1]) }
            guard let end = values.last, values.allSatisfy({ $0.a.isFinite && $0.b.isFinite }) else { continue }
            let scale = values.reduce(0) { max($0, abs($1.a), abs($1.b)) }
            guard scale > 0, let worst = values.max(by: { abs($0.a - $0.b) < abs($1.a - $1.b) }) else { continue }
            let larger = max(abs(end.a), abs(end.b))
            rows.append(
                Row(
                    name: column.name, unit: column.unit, withSpace: end.a, mixed: end.b,
                    atTheEnd: larger > 0 ? abs(end.a - end.b) / larger : 0, largest: abs(worst.a - worst.b) / scale,
                    largestAt: worst.time / 3600, course: values.map { abs($0.a - $0.b) / scale }))
        }
        times = pairs.map { withSpace.times[$0.0] / 3600 }
        self.rows = rows.enumerated().sorted {
            ($1.element.largest, $0.offset) < ($0.element.largest, $1.offset)
        }.map(\.element)
    }

    // MARK: - In words

    /// A sentence for each quantity that feels space, and one for all that hardly do.
    public var sentences: [String] {
        let felt = rows.filter { max($0.largest, $0.atTheEnd) >= SpaceMatters.matters }
        let even = rows.filter { max($0.largest, $0.atTheEnd) < SpaceMatters.hardlyMatters }
        var sentences = felt.prefix(SpaceMatters.mostSentences).map(SpaceMatters.sentence)
        if felt.count > sentences.count {
            sentences.append("It matters for \(felt.count - sentences.count) more: see the table.")
        }
        if felt.isEmpty, !rows.isEmpty {
            sentences.append("Space matters for none of \(rows.count) quantities by more than 10 %.")
        }
        if !even.isEmpty {
            let names = even.count > 6 ? ["\(even.count) of \(rows.count) quantities"] : even.map(\.name)
            sentences.append("Space hardly matters (less than 1 %) for \(Words.list(names, "and")).")
        }
        return sentences
    }

    /// Chosen: more would not be read.
    private static let mostSentences = 8

    private static func sentence(_ row: Row) -> String {
        let unit = ReadingUnit(row.unit, largest: max(abs(row.withSpace), abs(row.mixed)))
        let ends = "\(unit.text(row.withSpace)) with space, \(unit.text(row.mixed)) well mixed"
        let (high, low) = (max(abs(row.withSpace), abs(row.mixed)), min(abs(row.withSpace), abs(row.mixed)))
        let factor = low > 0 ? high / low : .infinity
        let more = row.mixed > row.withSpace ? "mixing gives" : "space gives"
        var words = "Space matters for \(row.name): at the end \(ends)"
        if row.atTheEnd >= matters, factor.isFinite {
            words +=
                factor >= 2
                ? " (\(more) \(Words.number(factor, digits: 2)) times as much)"
                : " (\(more) \(Words.number(100 * (factor - 1), digits: 2)) % more)"
        } else if row.atTheEnd < matters {
            words +=
                "; on the way they are \(Words.number(100 * row.largest, digits: 2)) % of the largest value apart, at "
                + Words.duration(row.largestAt * 3600)
        }
        return words + "."
    }

    // MARK: - As a table

    static let fileName = "discrepancy.csv"

    var csv: String {
        let header = [
            "quantity", "unit", "with space, at the end", "well mixed, at the end", "discrepancy at the end",
            "largest discrepancy", "largest at (h)",
        ]
        return CSVTable.line(header)
            + rows.map { row in
                CSVTable.line(
                    [row.name, row.unit]
                        + [row.withSpace, row.mixed, row.atTheEnd, row.largest, row.largestAt].map(CSVTable.number))
            }.joined()
    }

    var table: FigurePage.Table {
        func percent(_ share: Double) -> String { "\(Words.number(100 * share, digits: 2)) %" }
        return FigurePage.Table(
            heading: "Discrepancy by quantity",
            columns: ["quantity", "unit", "with space", "well mixed", "at the end", "largest", "at"],
            numeric: 2..<7,
            rows: rows.map { row in
                [
                    row.name, row.unit == "1" ? "" : row.unit, Words.number(row.withSpace, digits: 4),
                    Words.number(row.mixed, digits: 4), percent(row.atTheEnd), percent(row.largest),
                    Words.duration(row.largestAt * 3600),
                ]
            },
            caption: "Values at the end. 'At the end' is the difference over the larger value; 'largest' the largest "
                + "difference at any time over the largest value of the course.")
    }
}

extension SpaceMatters {
    /// How far the two runs are apart over time, for the quantities that feel space most; `nil` where none does.
    var figure: Figure? {
        let shown = rows.prefix(6).filter { $0.largest > 0 }
        guard let end = times.last, end > 0, !shown.isEmpty else { return nil }
        let highest = shown.reduce(0) { max($0, $1.largest) }
        let clock = ReadingUnit("s", largest: end * 3600)
        let factor = clock.factor * 3600
        let x = Scale(
            linear: 0, end * factor, start: 62, end: 470, isExact: true, steps: clock.name == "h" ? Scale.hours : [])
        let y = Scale(linear: 0, 100 * highest, start: 250, end: 14)
        var plot = Plot(
            SVG(width: 720, height: 300, title: "Discrepancy over time"), x: x, y: y, xLabel: clock.label("time"),
            yLabel: "discrepancy (%)")
        var labels: [(name: String, y: Double, colour: String)] = []
        for (index, row) in shown.enumerated() {
            let points = zip(times, row.course).map { Plot.Point(x: $0 * factor, y: 100 * $1) }
            plot.curve(points, colour: Colour.category(index))
            labels.append((row.name, 100 * (row.course.last ?? 0), Colour.category(index)))
        }
        plot.labels(labels)
        var numbers = FigureNumbers(["time (h)"] + rows.map(\.name))
        for (index, time) in times.enumerated() { numbers.add([], [time] + rows.map { $0.course[index] }) }
        return Figure(
            name: "discrepancy", heading: "How far the well-mixed run is from the one with space",
            caption: "Differences over the largest value of each time course; the table of numbers has every quantity.",
            svg: plot.svg, numbers: numbers, isWide: true)
    }
}

extension Double {
    /// Times of two tables that mean the same differ at most by how they were written.
    fileprivate func rounded(toPlaces places: Int) -> Double {
        let factor = Foundation.pow(10, Double(places))
        return (self * factor).rounded() / factor
    }
}
