/// What later versions of the language will say, refused by name and never ignored.
enum Later {
    /// Keys, each with what it would mean.
    static let keys: [String: String] = [
        "study": "sweeps and reports",
        "replicates": "replicate runs",
        "recruitment": "recruitment from blood",
        "attribution": "attribution of captured molecules",
    ]

    /// Signals and behaviours, by their first part.
    static let words: [String: String] = keys.merging([
        "density": "counting neighbours", "radius": "growing cells",
    ]) { first, _ in first }

    static func problem(_ word: String, _ meaning: String) -> String {
        "'\(word)' (\(meaning)) belongs to a later version of Paracrine"
    }
}
