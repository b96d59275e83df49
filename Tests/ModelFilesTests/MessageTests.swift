import Foundation
import Testing

/// Every message in full, as `Models/mistakes.txt` and `Models/living-mistakes.txt` list them.
@Suite struct MessageTests {
    private struct Mistake {
        var name: String
        var changes: [(old: String, new: String)] = []
        var settings: [String] = []
        var listing: [String] = []
        var said = ""
    }

    private static func read(_ file: URL) throws -> (head: [String], mistakes: [Mistake]) {
        var head: [String] = []
        var mistakes: [Mistake] = []
        var old: [String] = []
        var new: [String] = []
        func finish() {
            guard !mistakes.isEmpty, !old.isEmpty || !new.isEmpty else { return }
            mistakes[mistakes.count - 1].changes.append((old.joined(separator: "\n"), new.joined(separator: "\n")))
            (old, new) = ([], [])
        }
        for line in try Files.text(file).components(separatedBy: "\n") {
            let shown = line.replacing("␉", with: "\t").replacing("␁", with: "\u{1}")
            if line.hasPrefix("## ") {
                finish()
                mistakes.append(Mistake(name: String(line.dropFirst(3))))
            } else if mistakes.isEmpty {
                head.append(line)
            } else if line.hasPrefix("- |") {
                if !new.isEmpty { finish() }
                old.append(String(shown.dropFirst(3)))
            } else if line.hasPrefix("+ |") {
                new.append(String(shown.dropFirst(3)))
            } else if line.hasPrefix("$ |") {
                mistakes[mistakes.count - 1].settings.append(String(shown.dropFirst(3)))
            } else if !line.isEmpty {
                mistakes[mistakes.count - 1].said += (mistakes[mistakes.count - 1].said.isEmpty ? "" : "\n") + shown
            }
            if ["- |", "+ |", "$ |"].contains(String(line.prefix(3))) {
                mistakes[mistakes.count - 1].listing.append(line)
            }
        }
        finish()
        return (head, mistakes)
    }

    private static func said(_ mistake: Mistake, of base: String) -> String {
        var text = base
        for (old, new) in mistake.changes {
            guard old != "*" else {
                text = new
                continue
            }
            #expect(text.ranges(of: old).count == 1, "\(mistake.name): '\(old)' stands once in the file")
            text = text.replacing(old, with: new)
        }
        return Files.problems(text, settings: mistake.settings)
    }

    @Test(arguments: [
        ("everything", "mistakes", 200), ("living", "living-mistakes", 70), ("body", "body-mistakes", 10),
    ])
    func everyMistakeIsSaidInFull(model: String, listing: String, atLeast: Int) throws {
        let base = try Files.text(Files.folder.appending(path: "Models/\(model).paracrine.yaml"))
        let file = Files.folder.appending(path: "Models/\(listing).txt")
        let (head, mistakes) = try MessageTests.read(file)
        #expect(mistakes.count > atLeast)
        var written = head
        for mistake in mistakes {
            let said = MessageTests.said(mistake, of: base)
            if ProcessInfo.processInfo.environment["PARACRINE_WRITE_MESSAGES"] == nil {
                #expect(!mistake.said.isEmpty, "\(mistake.name): a mistake is said")
                #expect(said == mistake.said, "\(mistake.name)")
            }
            written += ["## \(mistake.name)"] + mistake.listing
            written += [said.replacing("\t", with: "␉").replacing("\u{1}", with: "␁"), ""]
        }
        if ProcessInfo.processInfo.environment["PARACRINE_WRITE_MESSAGES"] != nil {
            try written.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        }
    }

    @Test func twentyProblemsAreShownAndTheRestIsCounted() {
        let keys = (1...25).map { "key\($0): 1" }.joined(separator: "\n")
        let said = Files.problems("paracrine: 1\n\(keys)\n")
        #expect(said.components(separatedBy: "\n").count == 41)
        #expect(said.hasSuffix("and 9 more"))
    }
}
