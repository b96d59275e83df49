public import Biology

/// A number as the field writes it: "10", "0.3-1", "~10", "<0.1", "1500 ± 400".
public struct WrittenValue: Hashable, Sendable, Codable {
    /// As written, without its unit.
    public var text: String
    /// The least value; `nil` where only an upper bound is known.
    public var low: Double?
    /// The greatest value; `nil` where only a lower bound is known.
    public var high: Double?
    /// Standard deviation, where one is written.
    public var deviation: Double?
    /// Whether it is written with "~": good to an order of magnitude.
    public var isApproximate: Bool

    public var isRange: Bool { low != high && low != nil && high != nil }
    public var isBound: Bool { low == nil || high == nil }

    /// One number for it: itself, or the middle of its range; `nil` for a bound, which is not a value.
    ///
    /// The middle of a range above zero is the geometric mean (chosen: rates and affinities spread over decades).
    public var typical: Double? {
        guard let low, let high else { return nil }
        if low == high { return low }
        return low > 0 ? (low * high).squareRoot() : (low + high) / 2
    }

    /// The same value times a factor, with its text kept.
    func scaled(by factor: Double) -> WrittenValue {
        WrittenValue(
            text: text, low: low.map { $0 * factor }, high: high.map { $0 * factor },
            deviation: deviation.map { $0 * factor }, isApproximate: isApproximate)
    }

    init(text: String, low: Double?, high: Double?, deviation: Double?, isApproximate: Bool) {
        self.text = text
        self.low = low
        self.high = high
        self.deviation = deviation
        self.isApproximate = isApproximate
    }

    /// Reads a value, or says what is wrong with it.
    public init(reading text: String) throws(TextProblem) {
        var reader = ValueReader(scalars: Array(text.unicodeScalars.prefix(WrittenValue.longest + 1)), text: text)
        self = try reader.value()
    }

    /// Longest text that is read as a value.
    static let longest = 60
}

/// Reads one value from left to right.
private struct ValueReader {
    let scalars: [Unicode.Scalar]
    let text: String
    var next = 0

    mutating func value() throws(TextProblem) -> WrittenValue {
        guard scalars.count <= WrittenValue.longest else { throw wrong("the value is longer than a number") }
        let isApproximate = take("~")
        if take("<") || take("≤") {
            _ = take("=")
            return try ended(nil, try number(), nil, isApproximate)
        }
        if take(">") || take("≥") {
            _ = take("=")
            return try ended(try number(), nil, nil, isApproximate)
        }
        let first = try number()
        if take("±") {
            let deviation = try number()
            guard deviation >= 0 else { throw wrong("a standard deviation is not below zero") }
            return try ended(first, first, deviation, isApproximate)
        }
        guard take("-") || take("–") || (take(".") && take(".")) else {
            return try ended(first, first, nil, isApproximate)
        }
        let second = try number()
        guard first < second else { throw wrong("a range goes from the smaller to the larger number") }
        return try ended(first, second, nil, isApproximate)
    }

    private mutating func ended(
        _ low: Double?, _ high: Double?, _ deviation: Double?, _ isApproximate: Bool
    ) throws(TextProblem) -> WrittenValue {
        skipSpaces()
        guard next == scalars.count else { throw wrong("'\(excerpt(text))' does not end where its number ends") }
        return WrittenValue(text: text, low: low, high: high, deviation: deviation, isApproximate: isApproximate)
    }

    private mutating func skipSpaces() { while next < scalars.count, scalars[next] == " " { next += 1 } }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        skipSpaces()
        guard next < scalars.count, scalars[next] == scalar else { return false }
        next += 1
        return true
    }

    /// An unsigned number: digits, point, digits, exponent.
    private mutating func number() throws(TextProblem) -> Double {
        skipSpaces()
        let start = next
        func isDigit(_ i: Int) -> Bool { i < scalars.count && ("0"..."9").contains(scalars[i]) }
        while isDigit(next) { next += 1 }
        if next < scalars.count, scalars[next] == ".", isDigit(next + 1) {
            next += 1
            while isDigit(next) { next += 1 }
        }
        if next < scalars.count, scalars[next] == "e" || scalars[next] == "E" {
            let sign = next + 1 < scalars.count && (scalars[next + 1] == "-" || scalars[next + 1] == "+")
            let exponent = next + (sign ? 2 : 1)
            if isDigit(exponent) {
                next = exponent
                while isDigit(next) { next += 1 }
            }
        }
        var digits = ""
        digits.unicodeScalars.append(contentsOf: scalars[start..<next])
        guard let value = Double(digits), value.isFinite else {
            next = start
            throw wrong("'\(excerpt(text))' is not a number")
        }
        return value
    }

    private func wrong(_ problem: String) -> TextProblem {
        TextProblem(
            offset: next, problem: problem, fix: "write it as 10, 0.3-1, ~10, <0.1 or 1500 ± 400, its unit in 'unit'")
    }
}
