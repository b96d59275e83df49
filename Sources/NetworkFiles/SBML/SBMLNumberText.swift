/// A number as SBML writes it, before libSBML reads it.
struct SBMLNumberText {
    let place: Int
    /// Of the `cn` element: real, integer, e-notation, rational.
    let type: String
    var text = ""
    var seps = 0

    init(place: Int, type: String) {
        self.place = place
        self.type = type
    }

    /// What is wrong with the number of a `cn` element, or `nil`.
    var problem: String? {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        switch type {
        case "real", "double":
            guard words.count == 1, seps == 0 else { return "'\(Self.short(text))' is not one number" }
            return Self.problemOfReal(words[0])
        case "integer":
            guard words.count == 1, seps == 0, words[0].allSatisfy({ "+-0123456789".contains($0) }) else {
                return "'\(Self.short(text))' is not a whole number"
            }
            // libSBML holds 32 bits.
            return Int32(words[0]) == nil ? "\(Self.tooLarge(words[0])) for type=\"integer\"" : nil
        case "e-notation":
            guard words.count == 2, seps == 1, Int(words[1]) != nil else {
                return "'\(Self.short(text))' is not a number and an exponent"
            }
            return Self.problemOfReal("\(words[0])e\(words[1])") ?? Self.problemOfReal(words[0])
        case "rational":
            guard words.count == 2, seps == 1, let top = Int32(words[0]), let bottom = Int32(words[1]), bottom != 0
            else {
                return "'\(Self.short(text))' is not two whole numbers, of which the second is not 0"
            }
            return top == .min ? Self.tooLarge(words[0]) : nil
        default: return "a number of type '\(Self.short(type))'"
        }
    }

    /// Whether an attribute of an element holds a number that a run needs.
    static func isNumeric(_ attribute: String, of element: String) -> Bool {
        switch attribute {
        case "size", "volume", "initialAmount", "initialConcentration", "stoichiometry", "denominator", "multiplier",
            "exponent", "scale", "spatialDimensions":
            true
        case "value": element == "parameter" || element == "localParameter"
        default: false
        }
    }

    /// What is wrong with a number in an attribute, or `nil`.
    static func problem(_ attribute: String, _ value: String) -> String? {
        let words = value.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count == 1 else { return "'\(short(value))' is not one number, as '\(attribute)' needs" }
        if ["INF", "-INF", "NaN"].contains(words[0]) { return nil }
        if ["scale", "exponent"].contains(attribute), let number = Double(words[0]), abs(number) > 300 {
            return tooLarge(words[0])
        }
        return problemOfReal(words[0])
    }

    private static func problemOfReal(_ word: String) -> String? {
        let letters = Set("0123456789+-.eE")
        guard word.allSatisfy(letters.contains), let value = Double(word) else {
            return "'\(short(word))' is no number"
        }
        return value.isFinite ? nil : tooLarge(word)
    }

    private static func tooLarge(_ word: String) -> String { "the number \(short(word)) is too large" }

    private static func short(_ text: String) -> String {
        text.count > 40 ? text.prefix(40) + "…" : text
    }
}
