import Foundation
import Testing

/// What `paracrine compare` puts side by side.
@Suite struct CompareTests {
    private func rows(_ program: Program, _ name: String) throws -> [[String: Any]] {
        let json = try JSONSerialization.jsonObject(with: Data(try program.read(name).utf8)) as? [String: Any]
        return try #require(json?["rows"] as? [[String: Any]])
    }

    /// A run with itself, with another, and with one that has other columns.
    @Test func runsStandSideBySide() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m", "--template", "antagonist"])
            let short = ["--until", "10 min", "--quiet"]
            _ = try program.run(["run", "m", "--out", "a"] + short)
            _ = try program.run(["run", "m", "--out", "b", "--set", "molecules.IL-1β.decay=1 /h"] + short)
            try program.replace("fibroblast", with: "stroma", in: "m/m.paracrine.yaml")
            _ = try program.run(["run", "m", "--out", "c", "--replicates", "2"] + short)
            let outcome = try program.run(["compare", "a", "b", "a", "c", "--out", "all"])
            #expect(outcome.code == 0 && outcome.output.contains("B molecules.IL-1β.decay: "), "\(outcome.text)")
            #expect(outcome.output.contains("C has the model of A") && outcome.output.contains("D has the model of A"))
            for row in try rows(program, "all/compare.json") {
                let values = try #require(row["values"] as? [Any])
                #expect(values.count == 4)
                #expect("\(values[0])" == "\(values[2])", "a run does not differ from itself: \(row)")
                let isOwn = (row["name"] as? String ?? "").contains("fibroblast")
                if isOwn { #expect(values[3] is NSNull && values[0] is NSNumber) }
            }
            // The last value of a time course is the last of series.csv.
            let series = try program.read("b/series.csv").split(separator: "\n")
            let last = try #require(series.last?.split(separator: ",").last.map(String.init))
            #expect(try program.read("all/compare.csv").contains(",B b,\(last),"))
            let page = try program.read("all/compare.html")
            for words in ["D c", "<svg", "molecules.IL-1β.decay", "fibroblast is called stroma in D", "✓"] {
                #expect(page.contains(words), "\(words)")
            }
            #expect(
                !page.contains("src=\"http") && program.has("all/figures/compare-1.svg"))
        }
    }

    @Test func mistakesAreAnsweredWithAFix() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m", "--template", "antagonist"])
            var said = ""
            for line in [["compare", "m"], ["compare", "m", "nowhere"]] { said += try program.run(line).text + "\n" }
            try expectGolden(said, "compare-mistakes")
        }
    }
}
