import Analysis
import Biology

/// Doses as the command line gives them: `PATH="0, 1, 3, 10 pM"`, one list an axis, every combination once.
struct DoseGrid {
    struct Axis {
        var path: String
        var unit: String
        /// As `--set` takes them, each with its unit.
        var texts: [String]
        /// In `unit`.
        var values: [Double]
    }

    /// Chosen: more doses of one thing than this are a mistake in the list.
    static let mostDoses = 100
    /// Chosen: at a tenth of a second a run, half an hour.
    static let mostRuns = 20_000

    let axes: [Axis]

    /// Reads every list, and says everything that is wrong with them at once.
    init(_ lists: [String], replicates: Int) throws {
        var problems: [String] = []
        axes = lists.enumerated().compactMap { index, list in
            DoseGrid.axis(list) { problem, fix in
                problems.append("--doses:\(index + 1): error: \(problem)\n  fix: \(fix)")
            }
        }
        if lists.count < 2 {
            problems.append(
                "--doses: error: \(lists.isEmpty ? "no doses are" : "one list of doses is") given, and synergy is between two\n"
                    + "  fix: give two or more, such as --doses q_IL2=\"0, 1, 3, 10 molecules/s\" --doses molecules.IL-7.starts=\"0, 1, 3, 10 pM\""
            )
        }
        let paths = axes.map(\.path)
        for (index, path) in paths.enumerated() where paths.firstIndex(of: path) != index {
            problems.append(
                "--doses:\(index + 1): error: doses of '\(path)' are given twice\n  fix: join the lists into one")
        }
        let runs = axes.reduce(Double(replicates)) { $0 * Double($1.values.count) }
        if runs > Double(DoseGrid.mostRuns) {
            problems.append(
                "--doses: error: these doses and replicates make \(Int(min(runs, 1e15))) runs, at most \(DoseGrid.mostRuns)\n"
                    + "  fix: give fewer doses or replicates")
        }
        guard problems.isEmpty else { throw Stop(.usage, problems.joined(separator: "\n")) }
    }

    private static func axis(_ list: String, _ report: (_ problem: String, _ fix: String) -> Void) -> Axis? {
        let example = "write PATH=LIST, such as molecules.IL-2.starts=\"0, 1, 3, 10 pM\""
        guard let equals = list.firstIndex(of: "="), equals > list.startIndex else {
            report("'\(list.prefix(60))' does not say doses of what", example)
            return nil
        }
        let path = String(list[..<equals]).trimmingSpaces
        let pieces = list[list.index(after: equals)...].split(separator: ",", omittingEmptySubsequences: false).map {
            String($0).trimmingSpaces
        }
        guard (2...mostDoses).contains(pieces.count) else {
            report(
                "'\(path)' is given \(pieces.count == 1 ? "one dose" : "\(pieces.count) doses"), expected 2 to \(mostDoses)",
                example)
            return nil
        }
        var read: [MeasuredNumber] = []
        for piece in pieces {
            do {
                read.append(try QuantityText.parse(piece))
            } catch {
                report("\(path): \(error.problem)", error.fix)
                return nil
            }
        }
        let unit = read[read.count - 1]
        var axis = Axis(path: path, unit: unit.unitText, texts: [], values: [])
        for (piece, number) in zip(pieces, read) {
            guard !number.hasUnit || number.dimension == unit.dimension else {
                report(
                    "\(path): '\(piece)' is \(number.dimension), and '\(pieces[pieces.count - 1])' is \(unit.dimension)",
                    "write all doses in units of one kind")
                return nil
            }
            let isPlain = !number.hasUnit
            axis.texts.append(isPlain && unit.hasUnit ? "\(piece) \(unit.unitText)" : piece)
            axis.values.append(
                isPlain || number.unitText == unit.unitText ? number.number : number.value / unit.unit.factor)
        }
        guard axis.values.allSatisfy({ $0 >= 0 }), Set(axis.values).count == axis.values.count else {
            report("\(path): doses are at least 0, each once", example)
            return nil
        }
        guard axis.values.contains(0) else {
            report("\(path): no dose is 0, so nothing says what the others do alone", "add 0 to the list")
            return nil
        }
        return axis
    }

    var doseAxes: [DoseAxis] { axes.map { DoseAxis(name: $0.path, unit: $0.unit) } }

    /// Every combination by the index of each axis' dose, the last axis fastest.
    var combinations: [[Int]] {
        axes.reduce([[]]) { combinations, axis in
            combinations.flatMap { combination in axis.values.indices.map { combination + [$0] } }
        }
    }

    func settings(_ combination: [Int]) -> [String] {
        zip(axes, combination).map { "\($0.path)=\($0.texts[$1])" }
    }

    func doses(_ combination: [Int]) -> [Double] { zip(axes, combination).map { $0.values[$1] } }
}
