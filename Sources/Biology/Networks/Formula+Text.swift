/// In a model's JSON a formula is one line of text: names, numbers, and brackets that start with what is done,
/// "(minus (times k_on IFN R) (times k_off IFNR))".
///
/// It comes back as the same value, infinite numbers and numbers that are none included.
extension Formula: CustomStringConvertible {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        var reader = FormulaReader(text)
        guard let formula = reader.whole() else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text.prefix(60))' is not a formula")
        }
        self = formula
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    public var description: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .number(let value): text += "\(value)"
        case .name(let name): text += Formula.quoted(name)
        case .time: text += "(time)"
        case .call(let function, let arguments): Formula.write(function.rawValue, arguments, to: &text)
        case .piecewise(let pieces, let otherwise):
            text += "(piecewise"
            for piece in pieces {
                text += " "
                piece.value.write(to: &text)
                text += " "
                piece.condition.write(to: &text)
            }
            if let otherwise {
                text += " "
                otherwise.write(to: &text)
            }
            text += ")"
        case .delayed(let formula, let delay): Formula.write("delayed", [formula, delay], to: &text)
        case .rate(let name): text += "(rate \(Formula.quoted(name)))"
        case .draw(let distribution, let arguments):
            Formula.write("draw-\(distribution.rawValue)", arguments, to: &text)
        }
    }

    private static func write(_ head: String, _ arguments: [Formula], to text: inout String) {
        text += "(\(head)"
        for argument in arguments {
            text += " "
            argument.write(to: &text)
        }
        text += ")"
    }

    /// A name, in quotes where it could be taken for something else.
    private static func quoted(_ name: String) -> String {
        let isPlain =
            name.unicodeScalars.first.map { $0.properties.isAlphabetic || $0 == "_" } == true
            && !["inf", "nan"].contains(name.lowercased())
            && name.unicodeScalars.allSatisfy { !" ()'\\".unicodeScalars.contains($0) }
        if isPlain { return name }
        return "'" + name.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}

/// Reads a formula as ``Formula/description`` writes it.
private struct FormulaReader {
    /// Chosen: far deeper than any formula that was read from a file, and shallow enough for any stack.
    static let maximumDepth = 1000

    private let scalars: [Unicode.Scalar]
    private var next = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func whole() -> Formula? {
        guard let formula = formula(depth: 0), next == scalars.count else { return nil }
        return formula
    }

    private mutating func formula(depth: Int) -> Formula? {
        guard depth < FormulaReader.maximumDepth, next < scalars.count else { return nil }
        switch scalars[next] {
        case "(": return bracket(depth: depth)
        case "'": return quotedName().map { .name($0) }
        default:
            let word = word()
            if let number = Double(word) { return .number(number) }
            return word.isEmpty ? nil : .name(word)
        }
    }

    private mutating func bracket(depth: Int) -> Formula? {
        next += 1
        let head = word()
        var arguments: [Formula] = []
        while next < scalars.count, scalars[next] == " " {
            next += 1
            guard let argument = formula(depth: depth + 1) else { return nil }
            arguments.append(argument)
        }
        guard next < scalars.count, scalars[next] == ")" else { return nil }
        next += 1
        return FormulaReader.formula(head, arguments)
    }

    private static func formula(_ head: String, _ arguments: [Formula]) -> Formula? {
        if let function = Formula.Function(rawValue: head) { return .call(function, arguments) }
        switch head {
        case "time": return arguments.isEmpty ? .time : nil
        case "delayed": return arguments.count == 2 ? .delayed(arguments[0], by: arguments[1]) : nil
        case "rate":
            guard arguments.count == 1, case .name(let name) = arguments[0] else { return nil }
            return .rate(of: name)
        case "piecewise":
            let pieces = (0..<arguments.count / 2).map {
                Formula.Piece(value: arguments[2 * $0], condition: arguments[2 * $0 + 1])
            }
            return .piecewise(pieces, otherwise: arguments.count % 2 == 1 ? arguments.last : nil)
        default:
            guard head.hasPrefix("draw-"), let kind = Formula.Distribution(rawValue: String(head.dropFirst(5))) else {
                return nil
            }
            return .draw(kind, arguments)
        }
    }

    /// Up to the next space or bracket.
    private mutating func word() -> String {
        let start = next
        while next < scalars.count, ![" ", "(", ")"].contains(scalars[next]) { next += 1 }
        return QuantityText.string(scalars[start..<next])
    }

    private mutating func quotedName() -> String? {
        next += 1
        var name = String.UnicodeScalarView()
        while next < scalars.count, scalars[next] != "'" {
            if scalars[next] == "\\" { next += 1 }
            guard next < scalars.count else { return nil }
            name.append(scalars[next])
            next += 1
        }
        guard next < scalars.count else { return nil }
        next += 1
        return String(name)
    }
}
