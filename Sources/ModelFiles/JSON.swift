/// A JSON value that is written the same way everywhere, so that equal values give equal bytes.
enum JSON: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(UInt64)
    case number(Double)
    case text(String)
    case list([JSON])
    case table([String: JSON])

    /// Keys sorted by their UTF-8 bytes, two spaces a level, the shortest digits that give the same number back.
    var canonical: String {
        var text = ""
        write(to: &text, indent: "")
        return text + "\n"
    }

    private func write(to text: inout String, indent: String) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += "\(value)"
        case .number(let value): text += JSON.digits(value)
        case .text(let value): text += JSON.quoted(value)
        case .list(let items):
            let isShort = items.allSatisfy {
                if case .table = $0 { false } else if case .list = $0 { false } else { true }
            }
            JSON.write(
                items.map { item in { item.write(to: &$0, indent: $1) } }, brackets: ("[", "]"), onOneLine: isShort,
                to: &text,
                indent: indent)
        case .table(let fields):
            let sorted = fields.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            let isQuantity = fields.count == 2 && fields["value"] != nil && fields["unit"] != nil
            let pieces: [(inout String, String) -> Void] = sorted.map { key, value in
                {
                    $0 += JSON.quoted(key) + ": "
                    value.write(to: &$0, indent: $1)
                }
            }
            JSON.write(pieces, brackets: ("{", "}"), onOneLine: isQuantity, to: &text, indent: indent)
        }
    }

    private static func write(
        _ pieces: [(inout String, String) -> Void], brackets: (String, String), onOneLine: Bool, to text: inout String,
        indent: String
    ) {
        text += brackets.0
        let inner = indent + "  "
        for (index, piece) in pieces.enumerated() {
            if index > 0 { text += onOneLine ? ", " : "," }
            if !onOneLine { text += "\n" + inner }
            piece(&text, inner)
        }
        if !onOneLine, !pieces.isEmpty { text += "\n" + indent }
        text += brackets.1
    }

    private static func digits(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func quoted(_ value: String) -> String {
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}

extension JSON: Codable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let table = try? decoder.container(keyedBy: Key.self) {
            var fields: [String: JSON] = [:]
            for key in table.allKeys { fields[key.stringValue] = try table.decode(JSON.self, forKey: key) }
            self = .table(fields)
        } else if var list = try? decoder.unkeyedContainer() {
            var items: [JSON] = []
            while !list.isAtEnd { items.append(try list.decode(JSON.self)) }
            self = .list(items)
        } else {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .null
            } else if let boolean = try? value.decode(Bool.self) {
                self = .boolean(boolean)
            } else if let integer = try? value.decode(UInt64.self) {
                self = .integer(integer)
            } else if let number = try? value.decode(Double.self) {
                self = .number(number)
            } else {
                self = .text(try value.decode(String.self))
            }
        }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .table(let fields):
            var container = encoder.container(keyedBy: Key.self)
            for (key, value) in fields { try container.encode(value, forKey: Key(stringValue: key)) }
        case .list(let items):
            var container = encoder.unkeyedContainer()
            for item in items { try container.encode(item) }
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .boolean(let value): try JSON.encode(value, to: encoder)
        case .integer(let value): try JSON.encode(value, to: encoder)
        case .number(let value): try JSON.encode(value, to: encoder)
        case .text(let value): try JSON.encode(value, to: encoder)
        }
    }

    private static func encode(_ value: some Encodable, to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}
