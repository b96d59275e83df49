import Foundation
import Testing

@testable import Catalogue

@Suite struct SearchTests {
    @Test(arguments: [
        ("IL2 secretion", "IL-2"), ("CTL CD95L", "FasL"), ("IL-8 half-life", "CXCL8"),
        ("regulatory T cells TGFB1 secretion", "TGF-β1"), ("CD25 affinity", "IL-2"),
    ])
    func synonymsResolve(words: String, subject: String) throws {
        let catalogue = try Builtin.get()
        let words = words.replacing("affinity", with: "K_D")
        #expect(catalogue.search(words).contains { $0.subject == subject }, "\(words)")
    }

    /// A synonym stands for its name, not for longer names that begin with it.
    @Test func aSynonymStandsForOneName() throws {
        let hits = try Builtin.get().search("aldesleukin decay")
        #expect(!hits.isEmpty && hits.allSatisfy { $0.subject == "IL-2" })
    }

    @Test func everyWordCounts() throws {
        let catalogue = try Builtin.get()
        let eight = "TNF diffusion granuloma tissue gransim model value not"
        #expect(!catalogue.search(eight).isEmpty)
        #expect(catalogue.search(eight + " nowhere").isEmpty, "the ninth word")
        let long = String(repeating: "TNF ", count: 49)
        #expect(!catalogue.search(long).isEmpty && catalogue.search(long + "TNF TNF nowhere").isEmpty)
    }

    @Test func typingErrorsAreAnsweredWithNames() throws {
        let catalogue = try Builtin.get()
        #expect(catalogue.searchSuggestions("IFN-gama secretion").contains("IFN-γ"))
        #expect(catalogue.searchSuggestions("TNF macrofage").contains("macrophage"))
        #expect(catalogue.searchSuggestions("IL-2 secretoin").contains("secretion"))
        #expect(catalogue.searchSuggestions("zzz").isEmpty)
    }
}
