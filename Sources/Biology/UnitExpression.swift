/// Units multiplied, divided and raised to powers, as the field writes them: "/nM/h", "1/(M·s)", "µm²/s", "molecules/s".
public enum UnitExpression {
    /// Longest text that is read as a unit.
    public static let maximumLength = 100
    /// Largest power of a unit.
    public static let maximumPower = 9

    /// Reads a unit expression; the empty text is the unit of a plain number.
    public static func parse(_ text: String) throws(TextProblem) -> Unit {
        var reader = UnitReader(scalars: Array(text.replacingMu.unicodeScalars))
        guard reader.scalars.count <= maximumLength else {
            throw TextProblem(
                offset: 0, problem: "the unit is longer than \(maximumLength) characters",
                fix: "write a unit such as molecules/s or /nM/h")
        }
        return try reader.all()
    }

    /// Length, in Unicode scalars, of the unit that starts the text; it ends before anything `isName` accepts after "/".
    ///
    /// A quantity in an expression takes only the unit that touches: "5 pM / IL-2" has the unit pM.
    static func prefixLength(of scalars: ArraySlice<Unicode.Scalar>, isName: (ArraySlice<Unicode.Scalar>) -> Bool)
        -> Int
    {
        var end = scalars.startIndex
        var next = end
        if next < scalars.endIndex, scalars[next] == "/" { next += 1 }
        while next < scalars.endIndex {
            if isName(scalars[next...]) { break }
            guard let atom = UnitReader.atomEnd(scalars, from: next) else { break }
            end = atom
            guard end < scalars.endIndex, scalars[end] == "/" || scalars[end] == "·" else { break }
            next = end + 1
        }
        return end - scalars.startIndex
    }
}

/// Reads one unit expression from left to right.
private struct UnitReader {
    var scalars: [Unicode.Scalar]
    var next = 0

    mutating func all() throws(TextProblem) -> Unit {
        skipSpaces()
        guard next < scalars.count else { return .one }
        let unit = try product(depth: 0)
        guard next == scalars.count else {
            throw wrong("'\(scalars[next])' is not expected in a unit")
        }
        return unit
    }

    private mutating func product(depth: Int) throws(TextProblem) -> Unit {
        var result = Unit.one
        if peek != "/" { result = try factor(depth: depth) }
        while let scalar = peek, scalar == "/" || scalar == "·" || scalar == "*" || scalar == "⋅" {
            next += 1
            let operand = try factor(depth: depth)
            result = scalar == "/" ? result / operand : result * operand
        }
        return result
    }

    private mutating func factor(depth: Int) throws(TextProblem) -> Unit {
        guard depth < 10 else { throw wrong("the unit has too many brackets") }
        guard let first = peek else { throw wrong("the unit ends too early") }
        var unit: Unit
        if first == "(" {
            next += 1
            unit = try product(depth: depth + 1)
            guard peek == ")" else { throw wrong("a bracket in the unit is not closed") }
            next += 1
        } else if first == "1" {
            next += 1
            unit = .one
        } else {
            unit = try named()
        }
        unit = unit.power(try exponent())
        skipSpaces()
        return unit
    }

    private mutating func named() throws(TextProblem) -> Unit {
        let start = next
        while next < scalars.count, UnitReader.isLetter(scalars[next]) { next += 1 }
        let name = text(start..<next)
        if let unit = Unit(named: name) { return unit }
        next = start
        guard !name.isEmpty else { throw wrong("'\(scalars[start])' is not expected in a unit") }
        throw TextProblem(
            offset: start, problem: "'\(name)' is not a unit",
            fix: Suggestion.didYouMean(name, among: Unit.names) ?? "write a unit such as µm, s, molecules or pM")
    }

    /// "^2", "^-1", "²", "⁻¹" or nothing.
    private mutating func exponent() throws(TextProblem) -> Int {
        let start = next
        guard let first = scalars.indices.contains(next) ? scalars[next] : nil else { return 1 }
        var digits = ""
        if first == "^" {
            next += 1
            if next < scalars.count, scalars[next] == "-" || scalars[next] == "−" {
                digits = "-"
                next += 1
            }
            while next < scalars.count, ("0"..."9").contains(scalars[next]) {
                digits.unicodeScalars.append(scalars[next])
                next += 1
            }
        } else {
            while next < scalars.count, let digit = UnitReader.superscripts[scalars[next]] {
                digits += digit
                next += 1
            }
            if digits.isEmpty { return 1 }
        }
        guard let power = Int(digits), power != 0, abs(power) <= UnitExpression.maximumPower else {
            next = start
            throw TextProblem(
                offset: start,
                problem: "the power of a unit is a whole number from 1 to \(UnitExpression.maximumPower)",
                fix: "write a power such as µm², or µm^2")
        }
        return power
    }

    private static let superscripts: [Unicode.Scalar: String] = [
        "⁻": "-", "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9",
    ]

    /// Where a unit name with its power that starts at `start` ends, or `nil` if none starts there.
    static func atomEnd(_ scalars: ArraySlice<Unicode.Scalar>, from start: Int) -> Int? {
        var end = start
        while end < scalars.endIndex, isLetter(scalars[end]) { end += 1 }
        var name = String.UnicodeScalarView()
        name.append(contentsOf: scalars[start..<end])
        guard Unit(named: String(name)) != nil else { return nil }
        while end < scalars.endIndex, superscripts[scalars[end]] != nil { end += 1 }
        return end
    }

    static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar == "%" || scalar == "µ"
    }

    /// The next scalar that is not a space.
    private var peek: Unicode.Scalar? {
        mutating get {
            skipSpaces()
            return next < scalars.count ? scalars[next] : nil
        }
    }

    private mutating func skipSpaces() {
        while next < scalars.count, scalars[next] == " " || scalars[next] == "\u{A0}" { next += 1 }
    }

    private func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }

    private func wrong(_ problem: String) -> TextProblem {
        TextProblem(offset: next, problem: problem, fix: "write a unit such as molecules/s, µm²/s or 1/(nM·h)")
    }
}
