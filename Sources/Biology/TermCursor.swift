/// A place in a line of mathematics, and what stands there: shared by expressions over signals and by formulas.
///
/// Names contain "-" and "+", so text is cut by the names that exist, the longest first: "IL-2 - IL-4" and "IL-2-IL-4"
/// are differences where both molecules exist.
struct TermCursor {
    let scalars: [Unicode.Scalar]
    /// The names as scalars, the longest first.
    private let spellings: [(scalars: [Unicode.Scalar], name: String)]
    var next = 0

    init(_ text: String, names: some Sequence<String>) {
        scalars = Array(text.unicodeScalars)
        spellings = names.map { (Array($0.unicodeScalars), $0) }
            .sorted { ($1.scalars.count, $0.name) < ($0.scalars.count, $1.name) }
    }

    /// The next scalar that is not a space.
    var peek: Unicode.Scalar? {
        mutating get {
            while next < scalars.count, [" ", "\n", "\t", "\u{A0}"].contains(scalars[next]) { next += 1 }
            return next < scalars.count ? scalars[next] : nil
        }
    }

    /// The name that stands here, if one does; it is passed over.
    mutating func takeName() -> String? {
        guard let found = spellings.first(where: { TermCursor.starts(scalars[next...], with: $0.scalars) }) else {
            return nil
        }
        next += found.scalars.count
        return found.name
    }

    private func startsWithName(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        spellings.contains { TermCursor.starts(text, with: $0.scalars) }
    }

    /// Whether the text starts with this name and the name ends there.
    private static func starts(_ text: ArraySlice<Unicode.Scalar>, with name: [Unicode.Scalar]) -> Bool {
        guard text.starts(with: name) else { return false }
        let end = text.startIndex + name.count
        guard end < text.endIndex else { return true }
        return !Name.isInner(text[end])
    }

    /// The characters of a name from a place on.
    func word(from start: Int) -> String {
        var end = start
        while end < scalars.count, Name.isInner(scalars[end]) || (end > start && Name.joins(scalars[end])) { end += 1 }
        while end > start, Name.joins(scalars[end - 1]) { end -= 1 }
        return QuantityText.string(scalars[start..<end])
    }

    /// Passes over a word where it stands here.
    mutating func take(_ word: String) -> Bool {
        guard peek != nil, self.word(from: next) == word else { return false }
        next += word.unicodeScalars.count
        return true
    }

    /// A number with the unit that touches it.
    mutating func number() throws(TextProblem) -> MeasuredNumber {
        let start = next
        next = QuantityText.numberEnd(scalars, from: next)
        var unitStart = next
        while unitStart < scalars.count, scalars[unitStart] == " " { unitStart += 1 }
        let length = UnitExpression.prefixLength(of: scalars[unitStart...]) { startsWithName($0) }
        if length > 0 { next = unitStart + length }
        do {
            return try QuantityText.parse(QuantityText.string(scalars[start..<next]))
        } catch {
            throw TextProblem(offset: start + error.offset, problem: error.problem, fix: error.fix)
        }
    }

    /// Passes over the bracket that closes.
    mutating func close() throws(TextProblem) {
        guard peek == ")" else {
            throw TextProblem(offset: next, problem: "a bracket is not closed", fix: "write ')' here")
        }
        next += 1
    }
}
