/// Reads what reacts to what: "IFN + 2 R -> IFNR".
public enum ReactionText {
    public struct Sides: Hashable, Sendable {
        public var reactants: [NetworkReaction.Participant]
        public var products: [NetworkReaction.Participant]
    }

    /// Most participants on a side.
    static let maximumParticipants = 100

    /// Reads both sides; either may be empty.
    ///
    /// `owner` says in messages what the species belong to.
    public static func parse(_ text: String, species: [String], owner: String) throws(TextProblem) -> Sides {
        var cursor = TermCursor(text, names: species)
        let reactants = try side(&cursor, species: species, owner: owner)
        guard cursor.peek != nil, takeArrow(&cursor) else {
            throw TextProblem(
                offset: cursor.next, problem: "the reaction has no arrow",
                fix: "write it as A + B -> C, RATE; either side may be empty")
        }
        let products = try side(&cursor, species: species, owner: owner)
        if cursor.peek != nil {
            throw TextProblem(
                offset: cursor.next, problem: "'\(cursor.scalars[cursor.next])' is not expected in a reaction",
                fix: "write it as A + B -> C, RATE")
        }
        guard !reactants.isEmpty || !products.isEmpty else {
            throw TextProblem(
                offset: 0, problem: "nothing reacts to nothing", fix: "name a species on one side of the arrow")
        }
        return Sides(reactants: reactants, products: products)
    }

    private static func takeArrow(_ cursor: inout TermCursor) -> Bool {
        for arrow in ["->", "→"] where cursor.scalars[cursor.next...].starts(with: arrow.unicodeScalars) {
            cursor.next += arrow.unicodeScalars.count
            return true
        }
        return false
    }

    private static func side(
        _ cursor: inout TermCursor, species: [String], owner: String
    ) throws(TextProblem) -> [NetworkReaction.Participant] {
        var found: [NetworkReaction.Participant] = []
        guard let first = cursor.peek, first != "-", first != "→" else { return [] }
        while found.count < maximumParticipants {
            let stoichiometry = try number(&cursor)
            _ = cursor.peek
            let place = cursor.next
            guard let name = cursor.takeName() else {
                let word = cursor.word(from: place)
                throw TextProblem(
                    offset: place,
                    problem: word.isEmpty ? "a species is missing here" : "\(owner) has no species '\(word)'",
                    fix: Suggestion.didYouMean(word, among: species)
                        ?? (species.isEmpty
                            ? "define it under 'species:'"
                            : "define it under 'species:', or use one of: \(species.prefix(30).joined(separator: ", "))")
                )
            }
            if let index = found.firstIndex(where: { $0.species == name }) {
                guard case .number(let before) = found[index].stoichiometry else { continue }
                found[index].stoichiometry = .number(before + stoichiometry)
            } else {
                found.append(NetworkReaction.Participant(name, .number(stoichiometry)))
            }
            guard cursor.peek == "+" else { break }
            cursor.next += 1
        }
        return found
    }

    /// How many of a species: a plain number above zero, 1 where none is written.
    private static func number(_ cursor: inout TermCursor) throws(TextProblem) -> Double {
        guard let first = cursor.peek, ("0"..."9").contains(first) else { return 1 }
        let place = cursor.next
        let measured = try cursor.number()
        guard !measured.hasUnit, measured.number > 0 else {
            throw TextProblem(
                offset: place, problem: "how many of a species react is a plain number above zero",
                fix: "write it as 2 A -> B, RATE")
        }
        return measured.number
    }
}
