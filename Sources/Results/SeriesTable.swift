public import Simulation

/// The time courses of a run, as `series.csv` holds them.
public struct SeriesTable: Sendable {
    /// Seconds since the start.
    public var times: [Double]
    public var columns: [Column]

    public struct Column: Sendable {
        /// Such as "Treg: IL-2R.bound, mean" or "IL-2: dissolved".
        public var name: String
        /// As people read it; "1" is dimensionless.
        public var unit: String
        /// One value a time; NaN where there is none.
        public var values: [Double]
    }

    /// Without times.
    public init() {
        times = []
        columns = []
    }

    static let fileName = "series.csv"
    static let timeHeader = "time (h)"
    static let secondsInHour = 3600.0

    static func header(_ row: SeriesRow) -> String {
        CSVTable.line([timeHeader] + row.entries.map { header(of: $0.name, unit: PeopleUnit(coherent: $0.unit).name) })
    }

    static func header(of name: String, unit: String) -> String { "\(name) (\(unit))" }

    static func line(_ row: SeriesRow) -> String {
        let values = row.entries.map { CSVTable.number($0.value * PeopleUnit(coherent: $0.unit).factor) }
        return CSVTable.line([CSVTable.number(row.time / secondsInHour)] + values)
    }

    /// Reads the text of `series.csv`.
    init(_ text: String, path: String) throws(FileProblem) {
        let rows = CSVTable.rows(text)
        times = []
        columns = []
        guard let header = rows.first else { return }
        guard header.first == SeriesTable.timeHeader else {
            throw FileProblem(
                path: path, problem: "the first column is '\(header.first ?? "")', not '\(SeriesTable.timeHeader)'",
                fix: "use the series.csv that the run wrote")
        }
        for name in header.dropFirst() { columns.append(SeriesTable.column(name)) }
        for (number, row) in rows.dropFirst().enumerated() {
            guard row.count == header.count, let time = Double(row[0]) else {
                throw FileProblem(
                    path: "\(path):\(number + 2)", problem: "this line has not \(header.count) numbers",
                    fix: "use the series.csv that the run wrote")
            }
            times.append(time * SeriesTable.secondsInHour)
            for index in columns.indices { columns[index].values.append(Double(row[index + 1]) ?? .nan) }
        }
    }

    /// Keeps all of it, to the bit.
    public mutating func keep(in archive: StateArchive) throws(StateProblem) {
        var (names, units, values) = (columns.map(\.name), columns.map(\.unit), columns.map(\.values))
        try archive.keep("series.times", &times)
        try archive.keep("series.names", &names)
        try archive.keep("series.units", &units)
        try archive.keep("series.values", &values)
        guard names.count == units.count, names.count == values.count, values.allSatisfy({ $0.count == times.count })
        else { throw StateProblem("series", "is not a table") }
        columns = names.indices.map { Column(name: names[$0], unit: units[$0], values: values[$0]) }
    }

    /// The column that a header names, still empty.
    static func column(_ header: String) -> Column {
        guard header.hasSuffix(")"), let open = header.lastIndex(of: "("), open > header.startIndex else {
            return Column(name: header, unit: "1", values: [])
        }
        let unit = header[header.index(after: open)...].dropLast()
        return Column(name: String(header[..<header.index(before: open)]), unit: String(unit), values: [])
    }
}
