/// A place in a file; line and column start at 1, columns count Unicode scalars.
public struct Place: Hashable, Sendable, Comparable, Codable {
    public var file: String
    public var line: Int
    public var column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// In the file first, then what was said beside it (`--set`, `--response`), each in reading order.
    public static func < (a: Place, b: Place) -> Bool {
        let beside = [Settings.file, Settings.responses]
        let order = (beside.firstIndex(of: a.file) ?? -1, beside.firstIndex(of: b.file) ?? -1)
        return (order.0, a.line, a.column) < (order.1, b.line, b.column)
    }
}

/// What is wrong with a model file: where, what, and what to do.
public struct Diagnostic: Hashable, Sendable, Codable, CustomStringConvertible {
    public enum Severity: String, Hashable, Sendable, Codable { case error, warning }

    public var place: Place
    public var severity: Severity
    public var problem: String
    public var fix: String

    public init(place: Place, severity: Severity, problem: String, fix: String) {
        self.place = place
        self.severity = severity
        self.problem = problem
        self.fix = fix
    }

    /// As compilers print it: `file:line:column: error: problem`, and the remedy indented below.
    public var description: String {
        "\(place.file):\(place.line):\(place.column): \(severity.rawValue): \(problem)\n  fix: \(fix)"
    }
}

/// A model file that cannot be used, with everything that is wrong with it.
public struct InvalidModel: Error, Hashable, Sendable, CustomStringConvertible {
    /// How many problems are shown at once.
    public static let shown = 20

    /// In reading order.
    public var diagnostics: [Diagnostic]

    public init(diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    /// The first ``shown`` problems, and how many more there are.
    public var description: String {
        var lines = diagnostics.prefix(InvalidModel.shown).map(\.description)
        let left = diagnostics.count - lines.count
        if left > 0 { lines.append("and \(left) more") }
        return lines.joined(separator: "\n")
    }
}

/// Everything found wrong so far.
final class Findings {
    /// Problems kept; a hostile file cannot make more.
    static let maximum = 1000

    private(set) var all: [Diagnostic] = []

    func error(_ place: Place, _ problem: String, fix: String) {
        add(Diagnostic(place: place, severity: .error, problem: problem.onOneLine, fix: fix.onOneLine))
    }

    func warning(_ place: Place, _ problem: String, fix: String) {
        add(Diagnostic(place: place, severity: .warning, problem: problem.onOneLine, fix: fix.onOneLine))
    }

    var errorCount: Int { all.count { $0.severity == .error } }

    private func add(_ diagnostic: Diagnostic) {
        if all.count < Findings.maximum { all.append(diagnostic) }
    }

    /// Without repetitions, in reading order.
    var inReadingOrder: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        let distinct = all.filter { seen.insert($0).inserted }
        return distinct.enumerated().sorted { a, b in
            if a.element.place < b.element.place { return true }
            if b.element.place < a.element.place { return false }
            return a.offset < b.offset
        }.map(\.element)
    }
}
