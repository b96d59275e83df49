/// What is wrong with a network's file: where, what, and what to do.
public struct NetworkFileProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Hashable, Sendable {
        /// The file cannot be read, or contradicts its format.
        case malformed
        /// Legal, but not something this program does; `problem` names the construct.
        case unsupported
    }
    public var kind: Kind
    public var file: String
    /// From 1; 0 where the file as a whole is meant.
    public var line: Int
    /// From 1; 0 where unknown.
    public var column: Int
    public var problem: String
    public var fix: String

    public init(_ kind: Kind, file: String, line: Int = 0, column: Int = 0, problem: String, fix: String) {
        self.kind = kind
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
        self.fix = fix
    }

    public var description: String {
        let place = line == 0 ? file : column == 0 ? "\(file):\(line)" : "\(file):\(line):\(column)"
        return "\(place): error: \(problem)\n  fix: \(fix)"
    }
}

/// Everything that is wrong with a network's file, at once; never empty.
public struct NetworkFileProblems: Error, Hashable, Sendable, CustomStringConvertible {
    public var problems: [NetworkFileProblem]

    public init(_ problems: [NetworkFileProblem]) {
        precondition(!problems.isEmpty, "problems without a problem")
        self.problems = problems
    }

    /// Whether every problem is a legal construct that this program does not do.
    public var isUnsupported: Bool { problems.allSatisfy { $0.kind == .unsupported } }

    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
