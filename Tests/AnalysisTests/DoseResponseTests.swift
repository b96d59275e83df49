import Analysis
import Testing

@Suite struct DoseResponseTests {
    /// Doses of 0 and responses that are no numbers are left out, and names of a user are escaped.
    @Test func drawsACurveAndPointsForEachSeriesWhateverTheyHold() {
        let good = DoseResponseFigure.Series(
            name: "<Treg>", curve: [(0.01, 1), (0.1, 5), (1, 10)], data: [(0.03, 200), (0.3, 800)])
        let poor = DoseResponseFigure.Series(name: "none", curve: [(0, 0), (1, .nan)], data: [])
        let text = DoseResponseFigure([good, poor], title: "a & b", response: "pSTAT5").text
        #expect(text.contains("&lt;Treg&gt;") && text.contains("a &amp; b") && text.contains("dose (nM)"))
        #expect(text.contains("pSTAT5, share of the highest"))
        #expect(!text.contains("nan") && !text.contains("inf"))
        #expect(DoseResponseFigure([], title: "", response: "").text.hasPrefix("<svg"))
    }
}
