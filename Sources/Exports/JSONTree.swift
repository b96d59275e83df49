/// A JSON value whose text is the same every time: objects keep the order of their members.
indirect enum JSONTree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByBooleanLiteral
{
    case text(String)
    case number(Double)
    case truth(Bool)
    case null
    case list([JSONTree])
    case object([(String, JSONTree)])

    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(Double(value)) }
    init(floatLiteral value: Double) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .truth(value) }
    init(arrayLiteral elements: JSONTree...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, JSONTree)...) { self = .object(elements) }

    /// Indented by two spaces, with its end; lists and objects without others inside stand on one line.
    var document: String { text(indent: "") + "\n" }

    private var isFlat: Bool {
        switch self {
        case .list(let items): items.allSatisfy(\.isScalar)
        case .object(let members): members.allSatisfy(\.1.isScalar)
        default: true
        }
    }

    private var isScalar: Bool {
        switch self {
        case .list, .object: false
        default: true
        }
    }

    private func text(indent: String) -> String {
        switch self {
        case .text(let text): return JSONTree.quoted(text)
        // JSON has no NaN and no infinity.
        case .number(let value): return value.isFinite ? JSONTree.digits(value) : "null"
        case .truth(let value): return value ? "true" : "false"
        case .null: return "null"
        case .list(let items): return enclosed("[", items.map { ("", $0) }, "]", indent)
        case .object(let members):
            return enclosed("{", members.map { (JSONTree.quoted($0.0) + ": ", $0.1) }, "}", indent)
        }
    }

    private func enclosed(_ open: String, _ items: [(String, JSONTree)], _ close: String, _ indent: String) -> String {
        let deeper = isFlat ? "" : indent + "  "
        let parts = items.map { deeper + $0.0 + $0.1.text(indent: deeper) }
        if isFlat { return open + parts.joined(separator: ", ") + close }
        return "\(open)\n\(parts.joined(separator: ",\n"))\n\(indent)\(close)"
    }

    private static func digits(_ value: Double) -> String {
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 32:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
