import Biology

/// A formula as written, with its size: attributes of MaBoSS that stand inside each other grow fast.
struct WrittenFormula {
    var formula: Formula
    var size: Int
    var depth: Int
}

/// Reads the expressions of bnet and MaBoSS files.
///
/// From loose to tight: ?:, XOR ^, OR |, AND &, == !=, < > <= >=, + -, * /, NOT ! -. Source of this order: the grammar
/// of MaBoSS (its file BooleanGrammar.y).
struct LogicalExpression {
    /// Chosen: deeper than any published rule, and shallow enough for every recursion.
    static let mostDepth = 200
    /// Chosen: the largest published rules have some hundreds of terms.
    static let mostTerms = 100_000

    /// What the attributes "@name" stand for.
    var attributes: [String: WrittenFormula] = [:]
    private(set) var names: [(name: String, place: Int)] = []

    typealias Fault = LogicalText.Fault

    /// Forgets which names have been read.
    mutating func forgetNames() { names = [] }

    mutating func read(_ text: inout LogicalText) throws(Fault) -> WrittenFormula {
        try conditional(&text, 0)
    }

    private mutating func conditional(_ text: inout LogicalText, _ depth: Int) throws(Fault) -> WrittenFormula {
        let condition = try level(0, &text, depth)
        guard text.token == .sign("?") else { return condition }
        let place = text.start
        try text.advance()
        let yes = try conditional(&text, depth + 1)
        guard text.token == .sign(":") else {
            throw Fault(
                place: text.start, problem: "\(Self.shown(text.token)) where ':' is due",
                fix: "write condition ? value : otherwise")
        }
        try text.advance()
        let no = try conditional(&text, depth + 1)
        return try join([condition, yes, no], place) { parts in
            .piecewise([Formula.Piece(value: parts[1], condition: parts[0])], otherwise: parts[2])
        }
    }

    /// Operators from the loosest to the tightest; those of one row have the same strength.
    private static let rows: [[String: Formula.Function]] = [
        ["^": .xor, "xor": .xor], ["|": .or, "||": .or, "or": .or], ["&": .and, "&&": .and, "and": .and],
        ["==": .equal, "!=": .different],
        ["<": .less, ">": .greater, "<=": .lessOrEqual, ">=": .greaterOrEqual],
        ["+": .plus, "-": .minus], ["*": .times, "/": .divide],
    ]

    private func function(_ row: Int, _ text: LogicalText) -> Formula.Function? {
        let found: Formula.Function? =
            switch text.token {
            case .sign(let sign): Self.rows[row][sign]
            case .word(let word): Self.rows[row][word.lowercased()]
            default: nil
            }
        // bnet has logic only.
        return text.dialect == .bnet && row > 2 ? nil : found
    }

    private mutating func level(_ row: Int, _ text: inout LogicalText, _ depth: Int) throws(Fault) -> WrittenFormula {
        guard row < Self.rows.count else { return try unary(&text, depth) }
        var parts = [try level(row + 1, &text, depth)]
        // a & b & c is one sum of terms, however long.
        var chain: (function: Formula.Function, place: Int)?
        var size = 0
        while let function = function(row, text) {
            let place = text.start
            if let open = chain, open.function != function || ![.and, .or, .plus, .times].contains(function) {
                parts = [try join(parts, open.place) { .call(open.function, $0) }]
            }
            chain = (function, place)
            try text.advance()
            let part = try level(row + 1, &text, depth)
            parts.append(part)
            size += part.size
            if size > Self.mostTerms { throw tooLarge(place) }
        }
        guard let chain else { return parts[0] }
        return try join(parts, chain.place) { .call(chain.function, $0) }
    }

    private mutating func unary(_ text: inout LogicalText, _ depth: Int) throws(Fault) -> WrittenFormula {
        guard depth < Self.mostDepth else { throw tooDeep(text.start) }
        let place = text.start
        let isNot: Bool
        switch text.token {
        case .sign("!"): isNot = true
        case .word(let word) where word.lowercased() == "not": isNot = true
        case .sign("-") where text.dialect == .maboss: isNot = false
        case .sign("+") where text.dialect == .maboss:
            try text.advance()
            return try unary(&text, depth + 1)
        default: return try primary(&text, depth)
        }
        try text.advance()
        return try join([unary(&text, depth + 1)], place) { .call(isNot ? .not : .negative, $0) }
    }

    private mutating func primary(_ text: inout LogicalText, _ depth: Int) throws(Fault) -> WrittenFormula {
        let place = text.start
        switch text.token {
        case .number(let value):
            try text.advance()
            return WrittenFormula(formula: .number(value), size: 1, depth: 1)
        case .sign("("):
            try text.advance()
            let inner = try conditional(&text, depth + 1)
            guard text.token == .sign(")") else {
                throw Fault(
                    place: text.start, problem: "\(Self.shown(text.token)) where ')' is due", fix: "close the bracket")
            }
            try text.advance()
            return inner
        case .word(let word):
            try text.advance()
            if text.token == .sign("(") { return try call(word, place, &text, depth) }
            return try named(word, place, text.dialect)
        default:
            throw Fault(
                place: place, problem: "\(Self.shown(text.token)) where a name or a number is due",
                fix: "write the rule with names, & (and), | (or), ! (not) and brackets")
        }
    }

    private mutating func named(
        _ word: String, _ place: Int, _ dialect: LogicalText.Dialect
    ) throws(Fault) -> WrittenFormula {
        if dialect == .bnet, let value = ["0": 0.0, "1": 1, "false": 0, "true": 1][word.lowercased()] {
            return WrittenFormula(formula: .number(value), size: 1, depth: 1)
        }
        guard word.hasPrefix("@") else {
            names.append((word, place))
            return WrittenFormula(formula: .name(word), size: 1, depth: 1)
        }
        guard let attribute = attributes[word] else {
            throw Fault(
                place: place, problem: "the attribute '\(word)' is not defined before it is used",
                fix: "define '\(word.dropFirst()) = ...;' above, in the same node")
        }
        return attribute
    }

    private mutating func call(
        _ word: String, _ place: Int, _ text: inout LogicalText, _ depth: Int
    ) throws(Fault) -> WrittenFormula {
        let known: [String: Formula.Function] = ["log": .ln, "exp": .exp]
        guard text.dialect == .maboss, let function = known[word.lowercased()] else {
            throw Fault(
                place: place, kind: .unsupported, problem: "the function '\(word)'",
                fix: text.dialect == .bnet
                    ? "write the rule with & (and), | (or), ! (not)"
                    : "use one of: \(known.keys.sorted().joined(separator: ", "))")
        }
        try text.advance()
        var arguments: [WrittenFormula] = []
        while text.token != .sign(")") {
            arguments.append(try conditional(&text, depth + 1))
            if text.token == .sign(",") {
                try text.advance()
            } else if text.token != .sign(")") {
                throw Fault(
                    place: text.start, problem: "\(Self.shown(text.token)) where ')' is due", fix: "close the bracket")
            }
        }
        try text.advance()
        guard arguments.count == 1 else {
            throw Fault(place: place, problem: "'\(word)' of \(arguments.count) values", fix: "give it one")
        }
        return try join(arguments, place) { .call(function, $0) }
    }

    private func join(
        _ parts: [WrittenFormula], _ place: Int, _ make: ([Formula]) -> Formula
    ) throws(Fault) -> WrittenFormula {
        let joined = WrittenFormula(
            formula: make(parts.map(\.formula)), size: parts.reduce(1) { $0 + $1.size },
            depth: (parts.map(\.depth).max() ?? 0) + 1)
        try check(joined, place)
        return joined
    }

    private func check(_ formula: WrittenFormula, _ place: Int) throws(Fault) {
        guard formula.depth <= Self.mostDepth else { throw tooDeep(place) }
        guard formula.size <= Self.mostTerms else { throw tooLarge(place) }
    }

    private func tooLarge(_ place: Int) -> Fault {
        Fault(
            place: place, problem: "a rule with more than \(Self.mostTerms) terms", fix: "split it over several nodes")
    }

    private func tooDeep(_ place: Int) -> Fault {
        Fault(
            place: place, problem: "a rule nested more than \(Self.mostDepth) deep", fix: "split it over several nodes")
    }

    /// A token in words.
    static func shown(_ token: LogicalText.Token) -> String {
        switch token {
        case .word(let word): "'\(word.prefix(40))'"
        case .number(let value): "the number \(value)"
        case .quoted: "words in quotation marks"
        case .sign(let sign): "'\(sign)'"
        case .end: "the end"
        }
    }
}
