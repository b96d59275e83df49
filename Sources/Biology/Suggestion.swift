/// What a mistyped name was probably meant to be.
public enum Suggestion {
    /// "did you mean 'radius'?", or `nil` if nothing is near.
    public static func didYouMean(_ name: String, among known: some Sequence<String>) -> String? {
        nearest(to: name, among: known).map { "did you mean '\($0)'?" }
    }

    /// The known name with the smallest edit distance, at most a third of the name's length (and at least 1).
    ///
    /// Of equally near names the one that agrees in case, then in its first letter, is nearest.
    public static func nearest(to name: String, among known: some Sequence<String>) -> String? {
        let written = Array(name.prefix(80))
        let wanted = Array(name.lowercased().prefix(80))
        let limit = Swift.max(1, wanted.count / 3)
        var best: (rank: [Int], name: String)?
        for candidate in known {
            let letters = Array(candidate.lowercased())
            guard abs(letters.count - wanted.count) <= limit else { continue }
            let distance = editDistance(wanted, letters)
            guard distance <= limit else { continue }
            let rank = [
                distance, editDistance(written, Array(candidate)), candidate.first == name.first ? 0 : 1,
            ]
            if let best, best.rank.lexicographicallyPrecedes(rank) || (best.rank == rank && best.name <= candidate) {
                continue
            }
            best = (rank, candidate)
        }
        return best?.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other.
    static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [Int](repeating: i + 1, count: b.count + 1)
            for j in b.indices {
                row[j + 1] = Swift.min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    row[j + 1] = Swift.min(row[j + 1], beforeLast[j - 1] + 1)
                }
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }
}
