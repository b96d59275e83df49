import Foundation
import Testing

@testable import Catalogue

/// Tables of a lab that are long, deep or full of long words: read, or refused, in seconds.
@Suite struct LargeTableTests {
    private static let cells = "cell,is a,lineage,leukocyte,monokine source,functions,source,grade\n"

    private static func chain(_ count: Int) -> String {
        cells
            + (0..<count).map {
                "link \($0),\($0 == 0 ? "" : "link \($0 - 1)"),mixed,no,no,x,memory,textbook\n"
            }.joined()
    }

    /// A debug build takes a few seconds; each cell walking up to the first would take hours.
    @Test(.timeLimit(.minutes(2))) func aChainOfKindsIsRefusedWhereItIsDeep() throws {
        let overlay = try Overlay(["cells.csv": Self.chain(50_000)])
        let found = overlay.problems()
        #expect(found.first == "cells.csv:23:9 is a: link 21 has more than 20 kinds above one another")
        #expect(found.count == TableRules.most)
        #expect(
            try Overlay(["cells.csv": Self.chain(21)]).catalogue().cellType(named: "link 20")?.ancestors.count == 20)
    }

    @Test func aCircleThatIsEnteredFromOutsideIsACircle() throws {
        let lines = [("one", "two"), ("two", "one"), ("three", "one")].map {
            "ring \($0.0),ring \($0.1),mixed,no,no,x,memory,textbook\n"
        }
        let found = try Overlay(["cells.csv": Self.cells + lines.joined()]).problems()
        #expect(found.filter { $0.contains("kind of itself") }.count == 3, "\(found)")
    }

    /// Each of 1000 unknown names would be compared with every known one.
    @Test(.timeLimit(.minutes(2))) func namesAreSuggestedOnlyForProblemsThatAreShown() throws {
        let long = String(repeating: "y", count: 1990)
        let synonyms = (0..<1000).map { "IL-2,\(long)\($0),cytokine,memory\n" }.joined()
        let wrong = (0..<2000).map { "IL-2,made by,macrofage,note \($0) \(long.prefix(100)),memory,textbook\n" }
        let overlay = try Overlay([
            "synonyms.csv": "name,synonym,of,source\n" + synonyms,
            "relations.csv": "cytokine,relation,what,note,source,grade\n" + wrong.joined(),
        ])
        do {
            _ = try overlay.catalogue()
            Issue.record("a cell type that is not known is refused")
        } catch {
            let relations = error.problems.filter { $0.problem.contains("no known cell type") }
            let suggested = relations.filter { $0.fix == "did you mean 'macrophage'?" }
            #expect(relations.count >= 500 && suggested.count == InvalidCatalogue.shown, "\(suggested.count)")
            #expect(suggested.map(\.line) == Array(2..<22).filter { line in suggested.contains { $0.line == line } })
        }
    }

    @Test func aWordLongerThanANameIsNotCompared() throws {
        let close = "macrophag" + String(repeating: "e", count: 60)
        let overlay = try Overlay([
            "relations.csv": "cytokine,relation,what,source,grade\nIL-2,made by,\(close),memory,textbook\n"
        ])
        do {
            _ = try overlay.catalogue()
            Issue.record("a cell type that is not known is refused")
        } catch { #expect(error.problems.map(\.fix) == ["add a line for it to the table of its kind"]) }
    }

    /// Lines of a page stay as wide as a terminal, whatever a lab calls a chain.
    @Test(.timeLimit(.minutes(1)), arguments: [90, 500]) func longSynonymsOfAChainAreBroken(letters: Int) throws {
        let name = String(repeating: "b", count: letters)
        let overlay = try Overlay(["synonyms.csv": "name,synonym,of,source\nIL2RB,\(name),receptor,memory\n"])
        let catalogue = try overlay.catalogue()
        let page = catalogue.sheet(of: try #require(catalogue.cytokine(named: "IL-2"))).text
        #expect(page.split(separator: "\n").allSatisfy { $0.count <= 100 })
        #expect(page.filter { $0 == "b" }.count >= letters && page.contains("also IL-15"))
        let chain = catalogue.sheet(of: try #require(catalogue.receptorChain(named: "CD122"))).text
        #expect(chain.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test(.timeLimit(.minutes(1)), arguments: [-5, 0, 1, 3]) func wrappingEndsAtAnyWidth(width: Int) {
        let lines = TextPage.wrap("one two-three", width)
        #expect(lines.joined().filter { $0 != " " } == "onetwo-three")
        #expect(lines.allSatisfy { $0.count <= max(1, width) })
    }
}
