import Biology

/// Ids for a network's names: letters, digits and "_", each once.
struct SBMLIds {
    private(set) var ids: [String: String] = [:]
    private var taken: Set<String> = []

    init(_ network: ReactionNetwork) {
        let named =
            network.compartments.map(\.name) + network.species.map(\.name) + network.parameters.map(\.name)
            + network.reactions.map(\.name) + network.events.map(\.name)
        // Names that are ids already keep theirs, wherever they stand.
        for name in named where SBMLIds.isId(name) { _ = give(name) }
        for name in named where !name.isEmpty && !SBMLIds.isId(name) { _ = give(name) }
    }

    /// The id of a name.
    subscript(_ name: String) -> String { ids[name] ?? name }

    /// A new id that begins with these words.
    mutating func new(_ words: String) -> String {
        let start = SBMLIds.cleaned(words)
        var id = start
        var count = 1
        while !taken.insert(id).inserted {
            count += 1
            id = "\(start)_\(count)"
        }
        return id
    }

    private mutating func give(_ name: String) -> String {
        if let id = ids[name] { return id }
        let id = new(name)
        ids[name] = id
        return id
    }

    private static func isId(_ name: String) -> Bool { !name.isEmpty && cleaned(name) == name }

    private static func cleaned(_ name: String) -> String {
        let letters = name.unicodeScalars.map { scalar -> Character in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            return isPlain || scalar == "_" ? Character(scalar) : "_"
        }
        let text = String(letters)
        return text.first.map { $0.isNumber } ?? true ? "_" + text : text
    }
}
