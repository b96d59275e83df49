/// What the text of one field of a table says.
enum TableText {
    /// What tables write where they have nothing.
    static let missing: Set<String> = ["", "NA", "N/A", "n/a", "NaN", "nan", "NAN", "NULL", "null", "None", "<NA>"]

    enum Number: Equatable {
        case value(Double)
        /// Why it is none, to follow the column's name: "is blank".
        case problem(String)
    }

    /// Reads a decimal number; `mark` is the character that stands before its fraction.
    static func number(_ text: String, decimalMark mark: Character = ".") -> Number {
        guard !missing.contains(text) else { return .problem(text.isEmpty ? "is blank" : "is '\(text)'") }
        guard text.utf8.count <= 400, text.utf8.allSatisfy(isNumeric), mark == "." || !text.contains(".") else {
            return .problem("is '\(excerpt(text))', not a number")
        }
        guard mark == "," || !text.contains(","),
            let value = Double(text.replacing(",", with: "."))
        else { return .problem("is '\(excerpt(text))', not a number") }
        guard value.isFinite else { return .problem("is '\(excerpt(text))', too large a number") }
        return .value(value)
    }

    /// Excludes what Swift reads as numbers but tables do not mean: "0x1p3", "inf".
    private static func isNumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: ","), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}
