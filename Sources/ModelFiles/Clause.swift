import Biology

/// A piece of a line with its place in it.
struct Clause {
    var text: String
    /// Unicode scalars from the start of the line.
    var offset: Int

    /// The pieces of a line between separators that stand outside brackets, without the spaces around them.
    static func split(_ line: String, at separator: Unicode.Scalar = ",") -> [Clause] {
        var clauses: [Clause] = []
        var depth = 0
        var start = 0
        let scalars = Array(line.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "(": depth += 1
            case ")": depth -= 1
            case separator where depth <= 0:
                clauses.append(Clause(scalars[start..<index]))
                start = index + 1
            default: continue
            }
        }
        clauses.append(Clause(scalars[start...]))
        return clauses
    }

    init(text: String, offset: Int) {
        self.text = text
        self.offset = offset
    }

    private init(_ scalars: ArraySlice<Unicode.Scalar>) {
        let trimmed = scalars.drop { $0 == " " }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: trimmed)
        text = String(view).trimmingSpaces
        offset = trimmed.startIndex
    }

    /// What follows a leading word, or `nil` where the clause does not start with it.
    func after(_ word: String) -> Clause? {
        guard text.hasPrefix(word + " ") else { return nil }
        return part(from: word.unicodeScalars.count)
    }

    /// The clause before and after the first place where a word stands between spaces.
    func split(at word: String) -> (before: Clause, after: Clause)? {
        let padded = " \(word) "
        guard let range = text.ranges(of: padded).first else { return nil }
        let start = text.unicodeScalars.distance(from: text.startIndex, to: range.lowerBound)
        return (
            Clause(text: String(text[..<range.lowerBound]).trimmingSpaces, offset: offset),
            part(from: start + padded.unicodeScalars.count)
        )
    }

    /// The pieces between every place where a word stands between spaces.
    func pieces(at word: String) -> [Clause] {
        var pieces: [Clause] = []
        var rest = self
        while let (before, after) = rest.split(at: word), pieces.count < 100 {
            pieces.append(before)
            rest = after
        }
        return pieces + [rest]
    }

    private func part(from start: Int) -> Clause {
        let scalars = Array(text.unicodeScalars)[start...]
        let trimmed = scalars.drop { $0 == " " }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: trimmed)
        return Clause(text: String(view), offset: offset + trimmed.startIndex)
    }
}
