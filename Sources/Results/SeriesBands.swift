public import Simulation

/// The time courses of replicates together, as `replicates.csv` holds them: for every column of `series.csv` its mean
/// and the values that a tenth and nine tenths of the replicates lie below, straight lines between.
public struct SeriesBands: Sendable {
    /// Chosen: the middle 80 % says how far replicates scatter, and still exists for few of them.
    public static let lowShare = 0.1
    public static let highShare = 0.9
    public static let fileName = "replicates.csv"

    /// Seconds since the start.
    public var times: [Double]
    public var columns: [Column]

    public struct Column: Sendable {
        /// As in ``SeriesTable``.
        public var name: String
        public var unit: String
        /// One value a time; NaN where no replicate has one.
        public var mean: [Double]
        public var low: [Double]
        public var high: [Double]
    }

    /// Of replicates of one run, in their order; each has the same times.
    ///
    /// A column that only some have (a type that a replicate drew no cell of) is of those that have it.
    public init(_ replicates: [SeriesTable]) {
        times = replicates.first?.times ?? []
        columns = []
        var seen: Set<String> = []
        for column in replicates.flatMap(\.columns) where seen.insert(column.header).inserted {
            let those = replicates.compactMap { table in table.columns.first { $0.header == column.header } }
            var band = Column(name: column.name, unit: column.unit, mean: [], low: [], high: [])
            for row in times.indices {
                let values = those.map { row < $0.values.count ? $0.values[row] : .nan }.filter(\.isFinite).sorted()
                band.mean.append(values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count))
                band.low.append(Quantile.of(values, SeriesBands.lowShare))
                band.high.append(Quantile.of(values, SeriesBands.highShare))
            }
            columns.append(band)
        }
    }

    // MARK: - The file

    private static let ends = [" mean", " low", " high"]

    public var csv: String {
        let headers = columns.map { SeriesTable.header(of: $0.name, unit: $0.unit) }
        var text = CSVTable.line(
            [SeriesTable.timeHeader] + headers.flatMap { name in SeriesBands.ends.map { name + $0 } })
        for (row, time) in times.enumerated() {
            let values = columns.flatMap { [$0.mean[row], $0.low[row], $0.high[row]] }
            text += CSVTable.line(([time / SeriesTable.secondsInHour] + values).map(CSVTable.number))
        }
        return text
    }

    /// Reads the text of `replicates.csv`.
    init(_ text: String, path: String) throws(FileProblem) {
        let rows = CSVTable.rows(text)
        times = []
        columns = []
        guard let header = rows.first else { return }
        let fix = "use the replicates.csv that the run wrote"
        guard header.first == SeriesTable.timeHeader, header.count % 3 == 1 else {
            throw FileProblem(path: path, problem: "its columns are not a time and three a time course", fix: fix)
        }
        for start in stride(from: 1, to: header.count, by: 3) {
            let names = zip(header[start..<start + 3], SeriesBands.ends).map {
                $0.hasSuffix($1) ? $0.dropLast($1.count) : ""
            }
            guard Set(names).count == 1, !names[0].isEmpty else {
                throw FileProblem(
                    path: path, problem: "column \(start + 1) is not '\(header[start])' with its band", fix: fix)
            }
            let column = SeriesTable.column(String(names[0]))
            columns.append(Column(name: column.name, unit: column.unit, mean: [], low: [], high: []))
        }
        for (number, row) in rows.dropFirst().enumerated() {
            guard row.count == header.count, let time = Double(row[0]) else {
                throw FileProblem(
                    path: "\(path):\(number + 2)", problem: "this line has not \(header.count) numbers", fix: fix)
            }
            times.append(time * SeriesTable.secondsInHour)
            for index in columns.indices {
                let values = row[(3 * index + 1)...].prefix(3).map { Double($0) ?? .nan }
                columns[index].mean.append(values[0])
                columns[index].low.append(values[1])
                columns[index].high.append(values[2])
            }
        }
    }
}

extension SeriesTable.Column {
    var header: String { SeriesTable.header(of: name, unit: unit) }
}

extension ResultReader {
    /// The time courses of replicates together; `nil` where the run was made once.
    public func bands() throws(FileProblem) -> SeriesBands? {
        guard folder.contains(SeriesBands.fileName) else { return nil }
        return try SeriesBands(try folder.read(SeriesBands.fileName), path: folder.file(SeriesBands.fileName))
    }
}

/// Keeps the time courses of a run in memory, in the units that `series.csv` has.
public final class SeriesRecorder: Recorder {
    public private(set) var table = SeriesTable()

    public init() {}

    public func record(_ row: SeriesRow) {
        if table.columns.isEmpty {
            table.columns = row.entries.map {
                SeriesTable.Column(name: $0.name, unit: PeopleUnit(coherent: $0.unit).name, values: [])
            }
        }
        table.times.append(row.time)
        for (index, entry) in row.entries.enumerated() {
            table.columns[index].values.append(entry.value * PeopleUnit(coherent: entry.unit).factor)
        }
    }

    public func record(_ frame: CellFrame) {}
    public func record(_ frame: FieldFrame) {}
    public func record(_ ledgers: [Ledger], at time: Double) {}
    public func record(_ communication: CommunicationFrame) {}
    public func record(_ inductions: [InductionRow]) {}
}
