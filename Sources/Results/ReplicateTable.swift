import Foundation

/// How time courses differ between the replicates of a run, as `replicates.csv` holds them.
public struct ReplicateTable: Sendable {
    /// Seconds since the start.
    public var times: [Double]
    public var bands: [Band]

    /// Of one column of `series.csv`, in its unit; NaN where there is none.
    public struct Band: Sendable {
        /// As in ``SeriesTable``: "Treg: IL-2R.bound, mean".
        public var name: String
        public var mean: [Double]
        public var low: [Double]
        public var high: [Double]
    }

    static let fileName = "replicates.csv"

    /// Reads a table of series columns, each thrice: "NAME mean", "NAME low", "NAME high".
    init(_ text: String, path: String) throws(FileProblem) {
        let table = try SeriesTable(text, path: path)
        times = table.times
        var columns: [String: [Double]] = [:]
        var names: [String] = []
        for column in table.columns {
            guard let cut = column.name.lastIndex(of: " ") else { continue }
            let kind = String(column.name[cut...].dropFirst())
            let name = ReplicateTable.withoutUnit(String(column.name[..<cut]))
            if kind == "mean" { names.append(name) }
            columns["\(kind) \(name)"] = column.values
        }
        bands = []
        for name in names {
            guard let mean = columns["mean \(name)"], let low = columns["low \(name)"],
                let high = columns["high \(name)"]
            else {
                throw FileProblem(
                    path: path, problem: "'\(name)' has not the columns mean, low and high",
                    fix: "use the replicates.csv that the run wrote")
            }
            bands.append(Band(name: name, mean: mean, low: low, high: high))
        }
    }

    private static func withoutUnit(_ header: String) -> String {
        guard header.hasSuffix(")"), let cut = header.range(of: " (", options: .backwards) else { return header }
        return String(header[..<cut.lowerBound])
    }
}

extension ResultReader {
    /// What replicates of the run gave; `nil` if there were none.
    public func replicates() throws(FileProblem) -> ReplicateTable? {
        guard folder.contains(ReplicateTable.fileName) else { return nil }
        return try ReplicateTable(
            folder.read(ReplicateTable.fileName), path: folder.file(ReplicateTable.fileName))
    }
}
