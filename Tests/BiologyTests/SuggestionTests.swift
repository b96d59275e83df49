import Biology
import Testing

@Suite struct SuggestionTests {
    @Test func theNearestNameIsSuggested() {
        #expect(Suggestion.nearest(to: "raduis", among: ["radius", "count"]) == "radius")
        #expect(Suggestion.nearest(to: "IL-2Ra", among: ["IL-2R", "IL-7R"]) == "IL-2R")
        #expect(Suggestion.nearest(to: "pm", among: ["mM", "pM", "nM"]) == "pM")
        #expect(Suggestion.nearest(to: "elephant", among: ["radius", "count"]) == nil)
        #expect(Suggestion.nearest(to: "", among: ["radius"]) == nil)
    }

    @Test func namesOfTheLanguageAndUnitsAreRefused() {
        #expect(Name.problem("IL-2Rα") == nil)
        #expect(Name.problem("TGF-β1") == nil)
        #expect(Name.problem("CD4+") == nil)
        #expect(Name.problem("nM") == "'nM' is a unit")
        #expect(Name.problem("time") == "'time' is a word of the language")
        #expect(Name.problem("a b") == "the name 'a b' has a space in it")
        #expect(Name.problem("") == "a name is empty")
    }
}
