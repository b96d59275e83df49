public import Biology

/// What differs between two models, in the words of a model file.
///
/// Order, titles and how a rule is spelled are no difference; nor is a thing under another name, which is said apart.
public struct ModelDifferences: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable { case changed, added, removed }

    public struct Difference: Hashable, Sendable, Codable {
        /// Where a model file says it: "cells.Treg.receptors.IL-2R".
        public var path: String
        public var kind: Kind
        /// Empty for what was added.
        public var before: String
        /// Empty for what was removed.
        public var after: String

        /// One line: "cells.Treg.receptors.IL-2R: 10000 → 3000 receptors".
        public var line: String {
            switch kind {
            case .added: return "\(path): added: \(ModelDifferences.shown(after))"
            case .removed: return "\(path): removed: \(ModelDifferences.shown(before))"
            case .changed:
                let (number, unit) = ModelDifferences.split(before)
                let other = ModelDifferences.split(after)
                let left = unit == other.unit && !number.isEmpty && !other.number.isEmpty ? number : before
                return "\(path): \(ModelDifferences.shown(left)) → \(ModelDifferences.shown(after))"
            }
        }
    }

    public struct Renaming: Hashable, Sendable, Codable {
        /// "cells", "molecules", ...
        public var section: String
        public var before: String
        public var after: String
    }

    /// In the order of a model file's sections, then by path.
    public private(set) var differences: [Difference] = []
    public private(set) var renamed: [Renaming] = []

    public var isEmpty: Bool { differences.isEmpty }

    public init(_ before: Model, _ after: Model) {
        let tables = ModelStatements.receptorsWithTables(before).union(ModelStatements.receptorsWithTables(after))
        var old = ModelStatements(before, spellingOut: tables).all
        let new = ModelStatements(after, spellingOut: tables).all
        renamed = ModelDifferences.renamings(&old, new)
        differences = ModelDifferences.differences(old, new)
    }

    // MARK: - Names

    /// Finds things that are the same but for their name, and gives them their new one.
    private static func renamings(_ old: inout [ModelStatement], _ new: [ModelStatement]) -> [Renaming] {
        var found: [Renaming] = []
        for section in ["molecules", "receptors", "complexes", "networks", "cells", "parameters"] {
            func names(_ statements: [ModelStatement]) -> Set<String> {
                Set(
                    statements.map(\.thing).filter { $0.hasPrefix(section + ".") }.map {
                        String($0.dropFirst(section.count + 1))
                    })
            }
            let (gone, come) = (names(old).subtracting(names(new)), names(new).subtracting(names(old)))
            for name in gone.sorted() {
                for other in come.sorted() where !found.contains(where: { $0.section == section && $0.after == other })
                {
                    let renamed = old.map { $0.renaming(name, other) }
                    let thing = "\(section).\(other)"
                    guard Set(renamed.filter { $0.thing == thing }) == Set(new.filter { $0.thing == thing }),
                        differences(renamed, new).count < differences(old, new).count
                    else { continue }
                    old = renamed
                    found.append(Renaming(section: section, before: name, after: other))
                    break
                }
            }
        }
        return found
    }

    // MARK: - Differences

    private static func differences(_ old: [ModelStatement], _ new: [ModelStatement]) -> [Difference] {
        let (listed, single) = (old.filter { !$0.subject.isEmpty }, old.filter { $0.subject.isEmpty })
        let (newListed, newSingle) = (new.filter { !$0.subject.isEmpty }, new.filter { $0.subject.isEmpty })
        let found = singles(single, newSingle) + lists(listed, newListed)
        return found.sorted {
            (rank($0.path), $0.path, $0.before + $0.after) < (rank($1.path), $1.path, $1.before + $1.after)
        }
    }

    private static func rank(_ path: String) -> Int {
        let sections = [
            "space", "molecules", "receptors", "complexes", "networks", "cells", "mechanics", "obstacles", "rules",
            "combine", "place",
            "treatments", "run",
            "record", "expect", "parameters",
        ]
        return sections.firstIndex { path.hasPrefix($0) } ?? sections.count
    }

    private static func singles(_ old: [ModelStatement], _ new: [ModelStatement]) -> [Difference] {
        let before = Dictionary(grouping: old, by: \.path)
        let after = Dictionary(grouping: new, by: \.path)
        let (things, newThings) = (Set(old.map(\.thing)), Set(new.map(\.thing)))
        var found: [Difference] = []
        for path in Set(before.keys).union(after.keys) {
            let (a, b) = (before[path] ?? [], after[path] ?? [])
            guard a.map(\.exact).sorted() != b.map(\.exact).sorted() else { continue }
            let thing = (a.first ?? b.first)?.thing ?? ""
            guard things.contains(thing) && newThings.contains(thing) else { continue }
            found.append(difference(path, joined(a), joined(b)))
        }
        for thing in things.symmetricDifference(newThings) where !thing.isEmpty {
            found.append(difference(thing, summary(old, of: thing), summary(new, of: thing)))
        }
        return found
    }

    /// A thing in one line.
    private static func summary(_ statements: [ModelStatement], of thing: String) -> ModelStatement? {
        let parts = statements.filter { $0.thing == thing }
        guard !parts.isEmpty else { return nil }
        let words = parts.map { part in
            part.path == thing ? part.text : "\(part.path.dropFirst(thing.count + 1)) \(part.text)"
        }.joined(separator: ", ")
        return ModelStatement(path: thing, thing: thing, text: words, exact: parts.map(\.exact).joined())
    }

    private static func joined(_ statements: [ModelStatement]) -> ModelStatement? {
        guard var first = statements.first else { return nil }
        first.text = statements.map(\.text).sorted().joined(separator: "; ")
        first.exact = statements.map(\.exact).sorted().joined(separator: "; ")
        return first
    }

    /// Lines of lists: those that both have go, and what is left is paired by subject.
    private static func lists(_ old: [ModelStatement], _ new: [ModelStatement]) -> [Difference] {
        func left(_ these: [ModelStatement], without others: [ModelStatement]) -> [ModelStatement] {
            var counts: [String: Int] = [:]
            for line in others { counts[line.path + line.exact, default: 0] += 1 }
            return these.filter { line in
                guard let count = counts[line.path + line.exact], count > 0 else { return true }
                counts[line.path + line.exact] = count - 1
                return false
            }.sorted { $0.exact < $1.exact }
        }
        let gone = Dictionary(grouping: left(old, without: new)) { $0.path + "\n" + $0.subject }
        let come = Dictionary(grouping: left(new, without: old)) { $0.path + "\n" + $0.subject }
        return Set(gone.keys).union(come.keys).flatMap { subject in
            let (a, b) = (gone[subject] ?? [], come[subject] ?? [])
            return (0..<max(a.count, b.count)).map { index in
                let (x, y) = (index < a.count ? a[index] : nil, index < b.count ? b[index] : nil)
                return difference((x ?? y)?.path ?? "", x, y)
            }
        }
    }

    private static func difference(
        _ path: String, _ before: ModelStatement?, _ after: ModelStatement?
    ) -> Difference {
        guard let before else { return Difference(path: path, kind: .added, before: "", after: after?.text ?? "") }
        guard let after else { return Difference(path: path, kind: .removed, before: before.text, after: "") }
        // The same words for values that differ: a parameter behind them, or a difference beyond twelve digits.
        let spellings = [\ModelStatement.text, \.spelledOut, \.exact]
        let spelling = spellings.first { before[keyPath: $0] != after[keyPath: $0] } ?? \.exact
        return Difference(
            path: path, kind: .changed, before: before[keyPath: spelling], after: after[keyPath: spelling])
    }

    // MARK: - Words

    /// "10000" and "receptors" of "10000 receptors"; no number where it is not one.
    private static func split(_ text: String) -> (number: String, unit: String) {
        guard let space = text.firstIndex(of: " "), Double(text[..<space]) != nil else { return ("", text) }
        return (String(text[..<space]), String(text[text.index(after: space)...]))
    }

    /// Chosen: 400 characters hold any rule; lists of points may have megabytes.
    private static func shown(_ text: String) -> String { Words.short(text, 400) }
}

extension ModelStatement {
    /// The same statement with every whole word `name` replaced.
    fileprivate func renaming(_ name: String, _ other: String) -> ModelStatement {
        func replaced(_ text: String) -> String {
            guard text.contains(name) else { return text }
            var result = ""
            var word = ""
            for character in text {
                if character.isLetter || character.isNumber || "-_+".contains(character) {
                    word.append(character)
                } else {
                    result += (word == name ? other : word) + String(character)
                    word = ""
                }
            }
            return result + (word == name ? other : word)
        }
        return ModelStatement(
            path: replaced(path), thing: replaced(thing), text: replaced(text), exact: replaced(exact),
            subject: replaced(subject),
            spelledOut: replaced(spelledOut))
    }
}
