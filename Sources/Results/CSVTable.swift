/// Tables as text: comma-separated, quoted as RFC 4180 says, numbers with a point.
public enum CSVTable {
    /// One line, with its end.
    public static func line(_ fields: [String]) -> String { fields.map(quoted).joined(separator: ",") + "\n" }

    /// The shortest text that reads back as the same number; "NaN" where there is none.
    public static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func quoted(_ field: String) -> String {
        let isPlain = !field.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        return isPlain ? field : "\"" + field.replacing("\"", with: "\"\"") + "\""
    }

    /// The rows of a table; a last line without its end, as a kill may leave it, is not one.
    static func rows(_ text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var wasQuote = false
        func finishField() {
            row.append(String(decoding: field, as: UTF8.self))
            field.removeAll(keepingCapacity: true)
        }
        for byte in text.utf8 {
            if byte == 0x22 {
                if !isQuoted, wasQuote { field.append(byte) }
                isQuoted.toggle()
                wasQuote = !isQuoted
                continue
            }
            wasQuote = false
            switch byte {
            case 0x2C where !isQuoted: finishField()
            case 0x0D where !isQuoted: break
            case 0x0A where !isQuoted:
                finishField()
                rows.append(row)
                row.removeAll(keepingCapacity: true)
            default: field.append(byte)
            }
        }
        return rows
    }
}
