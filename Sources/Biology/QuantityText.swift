/// A number with its unit, read from or written as text.
public struct MeasuredNumber: Hashable, Sendable {
    /// As written, in `unit`.
    public var number: Double
    public var unit: Unit
    /// Whether a unit was written; a plain number has none.
    public var hasUnit: Bool
    /// The unit as written.
    public var unitText: String

    /// In the coherent unit of its dimension.
    ///
    /// Divided where the unit is a whole part of the coherent one, so that 95 % is 0.95 to the last bit.
    public var value: Double {
        let parts = 1 / unit.factor
        return unit.factor < 1 && parts == parts.rounded() ? number / parts : number * unit.factor
    }
    public var dimension: Dimension { unit.dimension }

    public init(number: Double, unit: Unit, hasUnit: Bool, unitText: String) {
        self.number = number
        self.unit = unit
        self.hasUnit = hasUnit
        self.unitText = unitText
    }
}

public enum QuantityText {
    /// Reads "10 µm²/s", "0.1 /h", "5 %" or "3"; "half-life 5 min" and "time constant 10 min" are first-order rates.
    public static func parse(_ text: String) throws(TextProblem) -> MeasuredNumber {
        for (word, scale) in [("half-life", logOf2), ("time constant", 1)] where text.hasPrefix(word) {
            return try rate(text, word: word, scale: scale)
        }
        let scalars = Array(text.unicodeScalars)
        let start = scalars.firstIndex { $0 != " " } ?? scalars.count
        let end = numberEnd(scalars, from: start)
        let digits = string(scalars[start..<end])
        guard let number = Double(digits.hasPrefix("−") ? "-" + digits.dropFirst() : digits[...]) else {
            throw TextProblem(
                offset: start, problem: "\"\(text)\" does not start with a number",
                fix: "write a number and its unit, such as 10 µm²/s")
        }
        if end < scalars.count, scalars[end] == "," || scalars[end] == "'" {
            throw TextProblem(
                offset: end, problem: "\"\(text)\" has '\(scalars[end])' in its number",
                fix: "write the decimal point as '.' and large numbers without separators, such as 10000")
        }
        let unitText = string(scalars[end...]).trimmingSpaces
        let unit: Unit
        do {
            unit = try UnitExpression.parse(string(scalars[end...]))
        } catch {
            throw TextProblem(offset: end + error.offset, problem: error.problem, fix: error.fix)
        }
        let measured = MeasuredNumber(number: number, unit: unit, hasUnit: !unitText.isEmpty, unitText: unitText)
        guard measured.value.isFinite, unit.factor > 0 else {
            throw TextProblem(
                offset: start, problem: "\"\(text)\" is too large to compute with",
                fix: "check its exponent and its unit")
        }
        return measured
    }

    /// ln 2, to Double precision.
    static let logOf2 = 0.693147180559945309417

    private static func rate(_ text: String, word: String, scale: Double) throws(TextProblem) -> MeasuredNumber {
        let inner: MeasuredNumber
        do {
            inner = try parse(String(text.dropFirst(word.count)).trimmingSpaces)
        } catch {
            throw TextProblem(
                offset: word.unicodeScalars.count + 1 + error.offset, problem: error.problem, fix: error.fix)
        }
        guard inner.dimension == .time, inner.value > 0 else {
            throw TextProblem(
                offset: word.unicodeScalars.count,
                problem:
                    "a \(word) is a time above zero, found \(inner.dimension == .time ? "none" : "\(inner.dimension)") (\"\(text)\")",
                fix: "write it as \(word) 5 min")
        }
        return MeasuredNumber(
            number: scale / inner.value, unit: Unit(.rate, factor: 1), hasUnit: true, unitText: "/s")
    }

    /// Where the number that starts at `start` ends: sign, digits, point, digits, exponent.
    static func numberEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
        func isDigit(_ i: Int) -> Bool { i < scalars.count && ("0"..."9").contains(scalars[i]) }
        var end = start
        if end < scalars.count, "+-−".unicodeScalars.contains(scalars[end]) { end += 1 }
        while isDigit(end) { end += 1 }
        if end < scalars.count, scalars[end] == ".", isDigit(end + 1) {
            end += 1
            while isDigit(end) { end += 1 }
        }
        if end < scalars.count, scalars[end] == "e" || scalars[end] == "E" {
            var exponent = end + 1
            if exponent < scalars.count, "+-".unicodeScalars.contains(scalars[exponent]) { exponent += 1 }
            if isDigit(exponent) {
                while isDigit(exponent) { exponent += 1 }
                end = exponent
            }
        }
        return end
    }

    static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Writes a value in the unit people would use: the one that leaves the smallest number from 1 up.
    ///
    /// The value is in the coherent unit of `dimension`.
    public static func describe(_ value: Double, _ dimension: Dimension) -> String {
        let units = (friendly[dimension] ?? []).compactMap { name in
            (try? UnitExpression.parse(name)).map { (name, $0.factor) }
        }
        guard let first = units.first else {
            return dimension == .none ? digits(value) : "\(digits(value)) (\(dimension))"
        }
        let fitting = units.last { abs(value) >= $0.1 * 0.999_999 } ?? first
        let number = digits(value / fitting.1)
        return fitting.0.hasPrefix("%") ? number + " %" : "\(number) \(fitting.0)"
    }

    /// Units of each dimension, the smallest first.
    static let friendly: [Dimension: [String]] = [
        .length: ["µm", "mm"], .time: ["s", "min", "h"], .amount: ["molecules"], .cells: ["cells"],
        .concentration: ["pM", "nM", "µM", "mM"], .diffusion: ["µm²/s"], .rate: ["/h", "/min", "/s"],
        .association: ["/nM/h", "/nM/s"], .surfaceAssociation: ["/receptor/s"], .secretion: ["molecules/s"],
        .permeability: ["µm/s"], .flux: ["molecules/µm²/s"], .molarMass: ["kDa"],
        .massConcentration: ["pg/mL", "ng/mL"], .infusion: ["pM/h", "nM/h", "nM/s"],
        .volume: ["µm³", "µL", "mL", "L"], .clearance: ["mL/h", "mL/min"],
        .influx: ["cells/min/µm³"], .influxPerArea: ["cells/min/µm²"],
    ]

    /// A unit of a dimension that a remedy may name.
    public static func exampleUnits(_ dimension: Dimension) -> [String] { friendly[dimension] ?? [] }

    /// Four significant digits, without trailing zeros.
    public static func digits(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return "\(value == 0 ? "0" : "\(value)")" }
        var scale = 1.0
        let size = abs(value)
        guard size < 1e6, size >= 1e-3 else { return scientific(value) }
        while size * scale < 1000 { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        let text = "\(rounded)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func scientific(_ value: Double) -> String {
        var mantissa = value
        var exponent = 0
        while abs(mantissa) >= 10 {
            mantissa /= 10
            exponent += 1
        }
        while abs(mantissa) < 1 {
            mantissa *= 10
            exponent -= 1
        }
        mantissa = (mantissa * 1000).rounded() / 1000
        if abs(mantissa) >= 10 {
            mantissa /= 10
            exponent += 1
        }
        let text = "\(mantissa)"
        return "\(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)e\(exponent)"
    }
}

extension String {
    /// Without the spaces at either end.
    public var trimmingSpaces: String {
        let space: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\u{A0}" }
        guard let first = unicodeScalars.firstIndex(where: { !space($0) }),
            let last = unicodeScalars.lastIndex(where: { !space($0) })
        else { return "" }
        return String(unicodeScalars[first...last])
    }
}
