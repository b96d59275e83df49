/// A table that cannot be read as the model says.
public struct TableError: Error, Hashable, Sendable, CustomStringConvertible {
    public var path: String
    /// Counts from 1; `nil` where the whole file is at fault.
    public var line: Int?
    public var problem: String
    public var fix: String

    public init(path: String, line: Int? = nil, problem: String, fix: String) {
        self.path = path
        self.line = line
        self.problem = problem
        self.fix = fix
    }

    public var description: String {
        "\(path)\(line.map { ":\($0)" } ?? ""): error: \(problem)\n  fix: \(fix)"
    }
}

/// A row of a table that was left out, and why.
public struct RowProblem: Hashable, Sendable {
    /// Line of a text file or row of an array, from 1.
    public var line: Int
    /// Such as "'x_um' is blank".
    public var what: String

    public init(line: Int, what: String) {
        self.line = line
        self.what = what
    }
}

/// Says that a column is missing, which there are, and which was perhaps meant.
func missingColumn(_ name: String, among columns: [String], _ path: String, line: Int? = nil) -> TableError {
    let shown = columns.prefix(30).map { "'\(excerpt($0))'" }.joined(separator: ", ")
    let more = columns.count > 30 ? " and \(columns.count - 30) more" : ""
    let near = nearest(to: name, among: columns).map { "did you mean '\(excerpt($0))'? " } ?? ""
    return TableError(
        path: path, line: line, problem: "there is no column '\(excerpt(name))'",
        fix: near + (columns.isEmpty ? "the table has no columns" : "the columns are \(shown)\(more)"))
}

/// At most forty characters of someone's words, without line breaks or other control characters.
func excerpt(_ text: String) -> String {
    let clean = String(text.prefix(40).map { $0.unicodeScalars.allSatisfy { $0.value >= 32 } ? $0 : "·" })
    return text.count > 40 ? clean + "…" : clean
}

/// The column most like a name: letter case aside, at most a third of it typed otherwise.
private func nearest(to name: String, among columns: [String]) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
    let limit = max(1, wanted.count / 3)
    var best: (distance: Int, column: String)?
    for column in columns.prefix(10_000) where abs(column.unicodeScalars.count - wanted.count) <= limit {
        let distance = editDistance(wanted, Array(column.lowercased().unicodeScalars))
        if distance <= limit, distance < best?.distance ?? .max { best = (distance, column) }
    }
    return best?.column
}

/// Insertions, deletions and replacements that turn one word into another.
///
/// Source: Levenshtein (1966), Binary codes capable of correcting deletions, insertions and reversals.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, other) in b.enumerated() {
            let replaced = diagonal + (letter == other ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
        }
    }
    return row[b.count]
}
