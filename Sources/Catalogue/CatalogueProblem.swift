/// What is wrong with a table of the catalogue: where, what, and what to do.
public struct CatalogueProblem: Hashable, Sendable, Codable, CustomStringConvertible {
    public var file: String
    /// Counts from 1; 0 where the whole folder is at fault.
    public var line: Int
    /// Unicode scalars from 1.
    public var column: Int
    public var problem: String
    public var fix: String

    public init(file: String, line: Int, column: Int, problem: String, fix: String) {
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
        self.fix = fix
    }

    /// As compilers print it: `file:line:column: error: problem`, and the remedy indented below.
    public var description: String {
        let place = line == 0 ? file : "\(file):\(line):\(column)"
        return "\(place): error: \(problem)\n  fix: \(fix)"
    }
}

/// Tables that cannot be used, with everything that is wrong with them.
public struct InvalidCatalogue: Error, Hashable, Sendable, CustomStringConvertible {
    /// How many problems are shown at once.
    public static let shown = 20

    /// File by file, in reading order.
    public var problems: [CatalogueProblem]

    public init(problems: [CatalogueProblem]) { self.problems = problems }

    /// Whether a file or folder could not be read, rather than what it says being wrong.
    public var isAboutReading: Bool { problems.contains { $0.line == 0 } }

    /// The first ``shown`` problems, and how many more there are.
    public var description: String {
        var lines = problems.prefix(InvalidCatalogue.shown).map(\.description)
        let left = problems.count - lines.count
        if left > 0 { lines.append("and \(left) more") }
        return lines.joined(separator: "\n")
    }
}

/// At most sixty characters of someone's words, without line breaks or other control characters.
func excerpt(_ text: String) -> String {
    var clean = ""
    for scalar in text.unicodeScalars.prefix(60) {
        clean.unicodeScalars.append(isControl(scalar) ? "·" : scalar)
    }
    return text.unicodeScalars.dropFirst(60).isEmpty ? clean : clean + "…"
}

/// Control characters and the marks that turn the direction of writing: they could change what a terminal shows.
func isControl(_ scalar: Unicode.Scalar) -> Bool {
    if (0x20..<0x7F).contains(scalar.value) { return false }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    default: false
    }
}
