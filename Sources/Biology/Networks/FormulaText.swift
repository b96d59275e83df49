/// Reads formulas such as "k_on * IFN * R - k_off * IFNR" and checks their dimensions.
///
/// Numbers carry units and come out in µm, s and molecules. Beside + - * / ^ there are comparisons (< <= > >= == !=),
/// and, or, not, if(CONDITION, A, B), delay(X, T), and the functions of `functions`; log is natural.
public struct FormulaText {
    /// What a name in a formula stands for.
    public enum Term: Hashable, Sendable {
        case variable(Dimension)
        /// In the coherent unit; written into the formula as a number.
        case value(Double, Dimension)

        var dimension: Dimension {
            switch self {
            case .variable(let dimension), .value(_, let dimension): dimension
            }
        }
    }

    /// A formula with the dimension of its value.
    public struct Checked: Hashable, Sendable {
        public var formula: Formula
        public var dimension: Dimension
        /// Whether it holds or does not, instead of having a value.
        public var isCondition: Bool

        public init(formula: Formula, dimension: Dimension, isCondition: Bool = false) {
            self.formula = formula
            self.dimension = dimension
            self.isCondition = isCondition
        }
    }

    public static let maximumLength = 4000
    static let maximumDepth = 50
    /// Keeps the tree shallow enough for any reader of it.
    static let maximumTerms = 300

    /// Words that mean something in a formula or around it; no name in a network may be one of them.
    public static let words: Set<String> = Set(functions.keys).union([
        "if", "and", "or", "not", "delay", "when", "at", "in", "priority", "time",
    ])

    static let functions: [String: Formula.Function] = [
        "exp": .exp, "log": .ln, "sqrt": .root, "min": .min, "max": .max, "abs": .abs, "floor": .floor,
        "ceiling": .ceiling, "sin": .sin, "cos": .cos, "tanh": .tanh,
    ]

    private var cursor: TermCursor
    private let names: [String: Term]
    private let owner: String
    private var terms = 0

    /// Reads the whole text; `owner` says in messages what the names belong to: "the network 'stat1'".
    public static func parse(_ text: String, names: [String: Term], owner: String) throws(TextProblem) -> Checked {
        guard text.unicodeScalars.count <= maximumLength else {
            throw TextProblem(
                offset: 0, problem: "the formula is longer than \(maximumLength) characters",
                fix: "split it with a rule that names a part of it")
        }
        var reader = FormulaText(cursor: TermCursor(text, names: names.keys), names: names, owner: owner)
        let result = try reader.condition(depth: 0)
        if let extra = reader.cursor.peek {
            let word = reader.cursor.word(from: reader.cursor.next)
            throw TextProblem(
                offset: reader.cursor.next, problem: "'\(word.isEmpty ? String(extra) : word)' is not expected here",
                fix: "write an operator (+ - * / ^) between two terms")
        }
        return result
    }

    private init(cursor: TermCursor, names: [String: Term], owner: String) {
        self.cursor = cursor
        self.names = names
        self.owner = owner
    }

    // MARK: - Conditions

    /// A and B or C: "and" binds more closely.
    private mutating func condition(depth: Int) throws(TextProblem) -> Checked {
        var parts = [try conjunction(depth: depth)]
        while true {
            let place = cursor.next
            guard cursor.take("or") else { break }
            parts.append(try conjunction(depth: depth))
            for part in parts { try check(part, isCondition: true, at: place) }
        }
        guard parts.count > 1 else { return parts[0] }
        return Checked(formula: .call(.or, parts.map(\.formula)), dimension: .none, isCondition: true)
    }

    private mutating func conjunction(depth: Int) throws(TextProblem) -> Checked {
        var parts = [try comparison(depth: depth)]
        while true {
            let place = cursor.next
            guard cursor.take("and") else { break }
            parts.append(try comparison(depth: depth))
            for part in parts { try check(part, isCondition: true, at: place) }
        }
        guard parts.count > 1 else { return parts[0] }
        return Checked(formula: .call(.and, parts.map(\.formula)), dimension: .none, isCondition: true)
    }

    private mutating func comparison(depth: Int) throws(TextProblem) -> Checked {
        guard depth < FormulaText.maximumDepth else { throw tooDeep }
        if cursor.take("not") {
            let place = cursor.next
            let inner = try comparison(depth: depth + 1)
            try check(inner, isCondition: true, at: place)
            return Checked(formula: .call(.not, [inner.formula]), dimension: .none, isCondition: true)
        }
        let left = try sum(depth: depth)
        let place = cursor.next
        guard let function = takeComparison() else { return left }
        let right = try sum(depth: depth)
        try check(left, isCondition: false, at: place)
        try check(right, isCondition: false, at: place)
        guard left.dimension == right.dimension else {
            throw unlike(left.dimension, right.dimension, at: place, verb: "compared with")
        }
        return Checked(formula: .call(function, [left.formula, right.formula]), dimension: .none, isCondition: true)
    }

    private mutating func takeComparison() -> Formula.Function? {
        let signs: [(String, Formula.Function)] = [
            ("<=", .lessOrEqual), (">=", .greaterOrEqual), ("==", .equal), ("!=", .different), ("≤", .lessOrEqual),
            ("≥", .greaterOrEqual), ("≠", .different), ("<", .less), (">", .greater),
        ]
        guard cursor.peek != nil else { return nil }
        for (sign, function) in signs where cursor.scalars[cursor.next...].starts(with: sign.unicodeScalars) {
            cursor.next += sign.unicodeScalars.count
            return function
        }
        return nil
    }

    // MARK: - Values

    private mutating func sum(depth: Int) throws(TextProblem) -> Checked {
        var left = try product(depth: depth)
        while let sign = cursor.peek, sign == "+" || sign == "-" || sign == "−" {
            let place = cursor.next
            cursor.next += 1
            let right = try product(depth: depth)
            try check(left, isCondition: false, at: place)
            try check(right, isCondition: false, at: place)
            guard left.dimension == right.dimension else {
                let verb = sign == "+" ? "added to" : "subtracted from"
                throw unlike(left.dimension, right.dimension, at: place, verb: verb)
            }
            left.formula = FormulaText.join(sign == "+" ? .plus : .minus, left.formula, right.formula)
        }
        return left
    }

    private mutating func product(depth: Int) throws(TextProblem) -> Checked {
        var left = try signed(depth: depth)
        while let sign = cursor.peek, sign == "*" || sign == "·" || sign == "×" || sign == "/" {
            let place = cursor.next
            cursor.next += 1
            let right = try signed(depth: depth)
            try check(left, isCondition: false, at: place)
            try check(right, isCondition: false, at: place)
            left.formula = FormulaText.join(sign == "/" ? .divide : .times, left.formula, right.formula)
            left.dimension = sign == "/" ? left.dimension / right.dimension : left.dimension * right.dimension
            try checkSize(of: left.dimension)
        }
        return left
    }

    /// a + b + c is one sum, so that long ones are not deep.
    private static func join(_ function: Formula.Function, _ left: Formula, _ right: Formula) -> Formula {
        if case .call(function, let parts) = left, function == .plus || function == .times {
            return .call(function, parts + [right])
        }
        return .call(function, [left, right])
    }

    private mutating func signed(depth: Int) throws(TextProblem) -> Checked {
        guard depth < FormulaText.maximumDepth else { throw tooDeep }
        if let sign = cursor.peek, sign == "-" || sign == "−" {
            let place = cursor.next
            cursor.next += 1
            var operand = try signed(depth: depth + 1)
            try check(operand, isCondition: false, at: place)
            if case .number(let value) = operand.formula {
                operand.formula = .number(-value)
            } else {
                operand.formula = .call(.negative, [operand.formula])
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
        try check(base, isCondition: false, at: place)
        try check(exponent, isCondition: false, at: place)
        guard exponent.dimension == .none else {
            throw TextProblem(
                offset: place, problem: "an exponent is a plain number, found \(exponent.dimension)",
                fix: "divide it by a quantity with the same unit")
        }
        var dimension = Dimension.none
        if base.dimension != .none {
            guard case .number(let n) = exponent.formula, n == n.rounded(), abs(n) <= 9 else {
                throw TextProblem(
                    offset: place, problem: "\(base.dimension) can only be raised to a whole number from -9 to 9",
                    fix: "divide it by a quantity with the same unit first, such as (IFN / K)^n")
            }
            dimension = base.dimension.power(Int(n))
            try checkSize(of: dimension)
        }
        return Checked(formula: .call(.power, [base.formula, exponent.formula]), dimension: dimension)
    }

    private mutating func term(depth: Int) throws(TextProblem) -> Checked {
        guard let first = cursor.peek else {
            throw TextProblem(
                offset: cursor.next, problem: "the formula ends too early", fix: "write a name or a number here")
        }
        terms += 1
        guard terms <= FormulaText.maximumTerms else {
            throw TextProblem(
                offset: cursor.next, problem: "the formula has more than \(FormulaText.maximumTerms) terms",
                fix: "split it with a rule that names a part of it")
        }
        if first == "(" {
            cursor.next += 1
            let inner = try condition(depth: depth + 1)
            try cursor.close()
            return inner
        }
        if ("0"..."9").contains(first) {
            let measured = try cursor.number()
            return Checked(formula: .number(measured.value), dimension: measured.dimension)
        }
        if let name = cursor.takeName(), let term = names[name] {
            if case .value(let value, let dimension) = term {
                return Checked(formula: .number(value), dimension: dimension)
            }
            return Checked(formula: .name(name), dimension: term.dimension)
        }
        let place = cursor.next
        let word = cursor.word(from: place)
        if word == "time" {
            cursor.next += 4
            return Checked(formula: .time, dimension: .time)
        }
        if FormulaText.words.contains(word) { return try call(word, depth: depth, place: place) }
        guard !word.isEmpty else {
            throw TextProblem(
                offset: place, problem: "'\(first)' is not expected here", fix: "write a name or a number here")
        }
        throw unknown(word, at: place)
    }

    private func unknown(_ word: String, at place: Int) -> TextProblem {
        let known = names.keys.sorted().prefix(30).joined(separator: ", ")
        return TextProblem(
            offset: place, problem: "\(owner) has nothing with the name '\(word)' to read here",
            fix: Suggestion.didYouMean(word, among: names.keys)
                ?? (known.isEmpty ? "write a number with its unit" : "use one of: \(known)"))
    }

    // MARK: - Functions

    private mutating func call(_ word: String, depth: Int, place: Int) throws(TextProblem) -> Checked {
        cursor.next += word.unicodeScalars.count
        guard word == "if" || word == "delay" || FormulaText.functions[word] != nil else {
            throw TextProblem(offset: place, problem: "'\(word)' is not expected here", fix: "write a name or a number")
        }
        guard cursor.peek == "(" else {
            throw TextProblem(
                offset: cursor.next, problem: "'\(word)' needs what it is of in brackets", fix: "write \(word)(...)")
        }
        cursor.next += 1
        var arguments = [try condition(depth: depth + 1)]
        while cursor.peek == "," {
            cursor.next += 1
            arguments.append(try condition(depth: depth + 1))
        }
        try cursor.close()
        switch word {
        case "if": return try choice(arguments, at: place)
        case "delay": return try delayed(arguments, at: place)
        default: return try function(word, arguments, at: place)
        }
    }

    private func choice(_ arguments: [Checked], at place: Int) throws(TextProblem) -> Checked {
        guard arguments.count == 3 else {
            throw TextProblem(
                offset: place, problem: "'if' takes a condition and two values, found \(arguments.count)",
                fix: "write if(A > B, VALUE, OTHER VALUE)")
        }
        try check(arguments[0], isCondition: true, at: place)
        try check(arguments[1], isCondition: false, at: place)
        try check(arguments[2], isCondition: false, at: place)
        guard arguments[1].dimension == arguments[2].dimension else {
            throw unlike(arguments[1].dimension, arguments[2].dimension, at: place, verb: "an alternative to")
        }
        let piece = Formula.Piece(value: arguments[1].formula, condition: arguments[0].formula)
        return Checked(
            formula: .piecewise([piece], otherwise: arguments[2].formula), dimension: arguments[1].dimension)
    }

    private func delayed(_ arguments: [Checked], at place: Int) throws(TextProblem) -> Checked {
        guard arguments.count == 2, arguments[1].dimension == .time, !arguments.contains(where: \.isCondition) else {
            throw TextProblem(
                offset: place, problem: "'delay' takes a value and a time", fix: "write delay(X, 10 min)")
        }
        return Checked(
            formula: .delayed(arguments[0].formula, by: arguments[1].formula), dimension: arguments[0].dimension)
    }

    private func function(_ word: String, _ arguments: [Checked], at place: Int) throws(TextProblem) -> Checked {
        for argument in arguments { try check(argument, isCondition: false, at: place) }
        guard let function = FormulaText.functions[word], let first = arguments.first?.dimension else {
            throw TextProblem(offset: place, problem: "'\(word)' is no function", fix: "remove it")
        }
        let isChoice = function == .min || function == .max
        guard isChoice ? arguments.count >= 2 : arguments.count == 1 else {
            throw TextProblem(
                offset: place,
                problem: "'\(word)' takes \(isChoice ? "two or more values" : "one value"), found \(arguments.count)",
                fix: "write \(word)(\(isChoice ? "a, b" : "a"))")
        }
        let formulas = arguments.map(\.formula)
        switch function {
        case .min, .max:
            for other in arguments.dropFirst() where other.dimension != first {
                throw unlike(first, other.dimension, at: place, verb: "compared with")
            }
            return Checked(formula: .call(function, formulas), dimension: first)
        case .abs: return Checked(formula: .call(.abs, formulas), dimension: first)
        case .root where first.squareRoot != nil:
            return Checked(formula: .call(.root, [.number(2)] + formulas), dimension: first.squareRoot ?? .none)
        default:
            guard first == .none else {
                throw TextProblem(
                    offset: place, problem: "'\(word)' cannot be taken of \(first)",
                    fix: "divide by a quantity with the same unit first")
            }
            return Checked(formula: .call(function, formulas), dimension: .none)
        }
    }

    // MARK: - What does not go together

    private var tooDeep: TextProblem {
        TextProblem(
            offset: cursor.next, problem: "the formula is nested too deeply",
            fix: "split it with a rule that names a part of it")
    }

    private func check(_ part: Checked, isCondition: Bool, at place: Int) throws(TextProblem) {
        guard part.isCondition != isCondition else { return }
        throw TextProblem(
            offset: place,
            problem: isCondition
                ? "a value stands where a condition is needed" : "a condition stands where a value is needed",
            fix: isCondition ? "compare it: A > B" : "choose values with it: if(A > B, VALUE, OTHER VALUE)")
    }

    private func checkSize(of dimension: Dimension) throws(TextProblem) {
        let powers = [dimension.length, dimension.time, dimension.amount, dimension.mass, dimension.cells]
        guard powers.allSatisfy({ abs($0) <= 99 }) else {
            throw TextProblem(
                offset: cursor.next, problem: "the powers in the formula grow beyond 99",
                fix: "divide each name by a quantity with the same unit before raising it to a power")
        }
    }

    private func unlike(_ a: Dimension, _ b: Dimension, at place: Int, verb: String) -> TextProblem {
        func name(_ dimension: Dimension) -> String { dimension == .none ? "a plain number" : "\(dimension)" }
        return TextProblem(
            offset: place, problem: "\(name(b)) cannot be \(verb) \(name(a))",
            fix: "give both the same unit; a plain number has none")
    }
}
