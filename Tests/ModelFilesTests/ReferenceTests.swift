import Foundation
import ModelFiles
import Testing

/// What docs/model-language.md shows is what the reader reads.
@Suite struct ReferenceTests {
    @Test func theSnippetsOfTheReferenceAreRead() throws {
        let page = try Files.text(Files.repository.appending(path: "docs/model-language.md"))
        let snippets = page.components(separatedBy: "```yaml\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        #expect(snippets.count >= 12)
        // Messages about what a snippet leaves out are expected; messages about how it is written are not.
        let wrong = [
            "not YAML", "unknown key", "is not a", "is not expected", "later version", "expected", "has no verb",
            "does not",
            "given twice", "cannot",
        ]
        for snippet in snippets {
            let said = Files.problems("paracrine: 1\n" + snippet)
            for line in said.components(separatedBy: "\n") where line.contains(": error:") {
                #expect(!wrong.contains { line.contains($0) }, "\(line)\n\(snippet)")
            }
        }
    }
}
