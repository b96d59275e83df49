/// What a name in an expression stands for.
public enum NamedTerm: Hashable, Sendable {
    case signal(Signal, Dimension)
    /// A parameter: its value in the coherent unit.
    case value(Double, Dimension)
}

/// Reads expressions such as "IL-2R.bound^3 / (IL-2R.bound^3 + (200 receptors)^3)" and checks their dimensions.
public struct ExpressionText {
    public static let maximumLength = 2000
    static let maximumDepth = 50
    /// Keeps the tree shallow enough for any reader of its JSON.
    static let maximumTerms = 100

    private var cursor: TermCursor
    private let names: [String: NamedTerm]
    private let cellTypes: Set<String>
    private let vocabulary: String
    private var terms = 0

    /// An expression with the dimension of its value.
    public struct Checked: Hashable, Sendable {
        public var expression: Expression
        public var dimension: Dimension
    }

    /// Reads the whole text.
    ///
    /// `vocabulary` says in messages what the names belong to: "Tresp has".
    public static func parse(
        _ text: String, names: [String: NamedTerm], cellTypes: Set<String>, vocabulary: String
    ) throws(TextProblem) -> Checked {
        guard text.unicodeScalars.count <= maximumLength else {
            throw TextProblem(
                offset: 0, problem: "the expression is longer than \(maximumLength) characters",
                fix: "split it into several states")
        }
        var reader = ExpressionText(text, names: names, cellTypes: cellTypes, vocabulary: vocabulary)
        let result = try reader.sum(depth: 0)
        if let extra = reader.cursor.peek {
            let word = reader.cursor.word(from: reader.cursor.next)
            throw TextProblem(
                offset: reader.cursor.next, problem: "'\(word.isEmpty ? String(extra) : word)' is not expected here",
                fix: "write an operator (+ - * / ^) between two terms")
        }
        return result
    }

    private init(_ text: String, names: [String: NamedTerm], cellTypes: Set<String>, vocabulary: String) {
        cursor = TermCursor(text, names: names.keys)
        self.names = names
        self.cellTypes = cellTypes
        self.vocabulary = vocabulary
    }

    // MARK: - Grammar

    private mutating func sum(depth: Int) throws(TextProblem) -> Checked {
        var left = try product(depth: depth)
        while let sign = cursor.peek, sign == "+" || sign == "-" || sign == "−" {
            let place = cursor.next
            cursor.next += 1
            let right = try product(depth: depth)
            guard left.dimension == right.dimension else {
                throw unlike(
                    left.dimension, right.dimension, at: place, verb: sign == "+" ? "added to" : "subtracted from")
            }
            left.expression =
                sign == "+" ? .sum(left.expression, right.expression) : .difference(left.expression, right.expression)
        }
        return left
    }

    private mutating func product(depth: Int) throws(TextProblem) -> Checked {
        var left = try signed(depth: depth)
        while let sign = cursor.peek, sign == "*" || sign == "·" || sign == "×" || sign == "/" {
            cursor.next += 1
            let right = try signed(depth: depth)
            if sign == "/" {
                left.expression = .quotient(left.expression, right.expression)
                left.dimension = left.dimension / right.dimension
            } else {
                left.expression = .product(left.expression, right.expression)
                left.dimension = left.dimension * right.dimension
            }
            try checkSize(of: left.dimension)
        }
        return left
    }

    private mutating func signed(depth: Int) throws(TextProblem) -> Checked {
        guard depth < ExpressionText.maximumDepth else {
            throw TextProblem(
                offset: cursor.next, problem: "the expression is nested too deeply", fix: "split it into several states"
            )
        }
        if let sign = cursor.peek, sign == "-" || sign == "−" {
            cursor.next += 1
            var operand = try signed(depth: depth + 1)
            if case .number(let value) = operand.expression {
                operand.expression = .number(-value)
            } else {
                operand.expression = .negative(operand.expression)
            }
            return operand
        }
        return try power(depth: depth)
    }

    private mutating func power(depth: Int) throws(TextProblem) -> Checked {
        let base = try term(depth: depth)
        guard cursor.peek == "^" else { return base }
        let place = cursor.next
        cursor.next += 1
        let exponent = try signed(depth: depth + 1)
        guard exponent.dimension == .none else {
            throw TextProblem(
                offset: place, problem: "an exponent is a plain number, found \(exponent.dimension)",
                fix: "divide it by a quantity with the same unit")
        }
        var dimension = Dimension.none
        if base.dimension != .none {
            guard case .number(let n) = exponent.expression, n == n.rounded(), abs(n) <= 9 else {
                throw TextProblem(
                    offset: place, problem: "\(base.dimension) can only be raised to a whole number from -9 to 9",
                    fix: "divide it by a quantity with the same unit first, such as (IL-2 / 10 pM)^1.5")
            }
            dimension = base.dimension.power(Int(n))
            try checkSize(of: dimension)
        }
        return Checked(expression: .power(base.expression, exponent.expression), dimension: dimension)
    }

    private mutating func term(depth: Int) throws(TextProblem) -> Checked {
        guard let first = cursor.peek else {
            throw TextProblem(
                offset: cursor.next, problem: "the expression ends too early", fix: "write a name or a number here")
        }
        terms += 1
        guard terms <= ExpressionText.maximumTerms else {
            throw TextProblem(
                offset: cursor.next, problem: "the expression has more than \(ExpressionText.maximumTerms) terms",
                fix: "split it into several states")
        }
        if first == "(" {
            cursor.next += 1
            let inner = try sum(depth: depth + 1)
            try cursor.close()
            return inner
        }
        if ("0"..."9").contains(first) {
            let measured = try cursor.number()
            return Checked(expression: .number(measured.value), dimension: measured.dimension)
        }
        if let name = cursor.takeName(), let meaning = names[name] {
            return switch meaning {
            case .signal(let signal, let dimension): Checked(expression: .signal(signal), dimension: dimension)
            case .value(let value, let dimension): Checked(expression: .number(value), dimension: dimension)
            }
        }
        let place = cursor.next
        let word = cursor.word(from: cursor.next)
        if word == "contact" { return try contact() }
        if let function = Expression.Function(rawValue: word) {
            cursor.next += word.unicodeScalars.count
            return try call(function, depth: depth, place: place)
        }
        guard !word.isEmpty else {
            throw TextProblem(
                offset: cursor.next, problem: "'\(first)' is not expected here", fix: "write a name or a number here")
        }
        throw TextProblem(
            offset: cursor.next, problem: "\(vocabulary) no signal '\(word)'",
            fix: BodySignal(word: word)?.need ?? Suggestion.didYouMean(word, among: names.keys)
                ?? "use one of: \(known)")
    }

    private mutating func contact() throws(TextProblem) -> Checked {
        cursor.next += "contact".count
        guard cursor.peek != nil, cursor.word(from: cursor.next) == "with" else {
            throw TextProblem(
                offset: cursor.next, problem: "'contact' needs a cell type", fix: "write: contact with CELLTYPE")
        }
        cursor.next += "with".count
        _ = cursor.peek
        let place = cursor.next
        let name = cellType(at: cursor.next)
        guard cellTypes.contains(name) else {
            throw TextProblem(
                offset: place, problem: "no cell type '\(name)' to be in contact with",
                fix: Suggestion.didYouMean(name, among: cellTypes)
                    ?? "use one of: \(cellTypes.sorted().joined(separator: ", "))")
        }
        cursor.next += name.unicodeScalars.count
        return Checked(expression: .signal(.contact(name)), dimension: .cells)
    }

    /// The cell type that is named at a place; those of bodies have two words: "dead Tumour".
    private func cellType(at place: Int) -> String {
        let first = cursor.word(from: place)
        let space = place + first.unicodeScalars.count
        guard space < cursor.scalars.count, cursor.scalars[space] == " " else { return first }
        let both = "\(first) \(cursor.word(from: space + 1))"
        let isBody = ["dead", "necrotic"].contains(first) && !cellTypes.contains(first)
        return cellTypes.contains(both) || isBody ? both : first
    }

    private mutating func call(_ function: Expression.Function, depth: Int, place: Int) throws(TextProblem) -> Checked {
        guard cursor.peek == "(" else {
            throw TextProblem(
                offset: cursor.next, problem: "'\(function.rawValue)' needs its argument in brackets",
                fix: "write \(function.rawValue)(...)")
        }
        cursor.next += 1
        var arguments = [try sum(depth: depth + 1)]
        while cursor.peek == "," {
            cursor.next += 1
            arguments.append(try sum(depth: depth + 1))
        }
        try cursor.close()
        let dimension = try resultDimension(function, arguments.map(\.dimension), place: place)
        return Checked(expression: .function(function, arguments.map(\.expression)), dimension: dimension)
    }

    private func resultDimension(
        _ function: Expression.Function, _ arguments: [Dimension], place: Int
    ) throws(TextProblem) -> Dimension {
        let first = arguments[0]
        switch function {
        case .min, .max:
            guard arguments.count >= 2 else {
                throw TextProblem(
                    offset: place, problem: "'\(function.rawValue)' compares two or more values, found one",
                    fix: "write \(function.rawValue)(a, b)")
            }
            for other in arguments where other != first {
                throw unlike(other, first, at: place, verb: "compared with")
            }
            return first
        case .exp, .log, .sqrt:
            guard arguments.count == 1 else {
                throw TextProblem(
                    offset: place, problem: "'\(function.rawValue)' takes one value, found \(arguments.count)",
                    fix: "write \(function.rawValue)(a)")
            }
            if function == .sqrt, let root = first.squareRoot { return root }
            guard first == .none else {
                throw TextProblem(
                    offset: place, problem: "'\(function.rawValue)' cannot be taken of \(first)",
                    fix: "divide by a quantity with the same unit first, such as \(function.rawValue)(IL-2 / 10 pM)")
            }
            return .none
        }
    }

    private func checkSize(of dimension: Dimension) throws(TextProblem) {
        let powers = [dimension.length, dimension.time, dimension.amount, dimension.mass, dimension.cells]
        guard powers.allSatisfy({ abs($0) <= 99 }) else {
            throw TextProblem(
                offset: cursor.next, problem: "the powers in the expression grow beyond 99",
                fix: "divide each signal by a quantity with the same unit before raising it to a power")
        }
    }

    // MARK: - Words

    private var known: String {
        names.isEmpty ? "contact with CELLTYPE" : names.keys.sorted().prefix(30).joined(separator: ", ")
    }

    private static func name(_ dimension: Dimension) -> String {
        dimension == .none ? "a plain number" : "\(dimension)"
    }

    private func unlike(_ a: Dimension, _ b: Dimension, at place: Int, verb: String) -> TextProblem {
        TextProblem(
            offset: place, problem: "\(ExpressionText.name(b)) cannot be \(verb) \(ExpressionText.name(a))",
            fix: "give both the same unit; a plain number has none")
    }
}

extension Dimension {
    /// The dimension whose square this is, if there is one.
    var squareRoot: Dimension? {
        let powers = [length, time, amount, mass, cells]
        guard powers.allSatisfy({ $0 % 2 == 0 }) else { return nil }
        return Dimension(length: length / 2, time: time / 2, amount: amount / 2, mass: mass / 2, cells: cells / 2)
    }
}

/// How things in a model are named: letters (Greek too) and digits, joined by "-", "_" and "+".
public enum Name {
    /// Words of the language that no thing may have as its name.
    public static let reserved: Set<String> = [
        "time", "contact", "with", "and", "other", "to", "from", "by", "together", "blocks", "increases", "decreases",
        "increase", "decrease", "age", "damage", "pressure", "density", "exp", "log", "sqrt", "min", "max",
    ]

    /// Whether a scalar belongs to a name wherever it stands.
    static func isInner(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
    }

    /// Whether a scalar joins parts of a name; "." separates a name from what is asked of it.
    static func joins(_ scalar: Unicode.Scalar) -> Bool { scalar == "-" || scalar == "+" || scalar == "." }

    /// What is wrong with a name, or `nil`.
    public static func problem(_ name: String) -> String? {
        let scalars = Array(name.unicodeScalars)
        guard let first = scalars.first else { return "a name is empty" }
        guard scalars.count <= 100 else { return "the name '\(name.prefix(30))...' is longer than 100 characters" }
        guard first.properties.isAlphabetic else { return "the name '\(name)' does not start with a letter" }
        if let odd = scalars.first(where: { !isInner($0) && $0 != "-" && $0 != "+" }) {
            return odd == " " ? "the name '\(name)' has a space in it" : "the name '\(name)' has '\(odd)' in it"
        }
        if reserved.contains(name) { return "'\(name)' is a word of the language" }
        if Unit(named: name) != nil { return "'\(name)' is a unit" }
        return nil
    }
}
