import Foundation
import Testing

/// `paracrine mix`, as a user types it.
@Suite struct MixTests {
    private func numbers(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func leavesARunFolderThatOtherCommandsRead() throws {
        try Program.inFolder { program in
            #expect(try program.run(["new", "m", "--template", "niche"]).code == 0)
            let mixed = try program.run(["mix", "m", "--for", "1 h", "--out", "mixed", "--json"])
            #expect(mixed.code == 0, "\(mixed.text)")
            let summary = try numbers(mixed.output)
            #expect(summary["outcome"] as? String == "finished" && summary["simulatedSeconds"] as? Double == 3600)
            let manifest = try numbers(try program.read("mixed/manifest.json"))
            #expect(manifest["engine"] as? String == "well mixed, ODE")
            #expect(try program.read("mixed/report.html").contains("Space is left out but for volumes"))
            #expect(try program.run(["run", "m", "--set", "run.for=1 h", "--out", "space", "--quiet"]).code == 0)
            let header = try program.read("mixed/series.csv").split(separator: "\n").first
            #expect(try program.read("space/series.csv").split(separator: "\n").first == header)
            for command in [["compare", "space", "mixed"], ["describe", "mixed"], ["diff", "space", "mixed"]] {
                #expect(try program.run(command).code == 0, "\(command)")
            }
        }
    }

    @Test func saysWhereSpaceMatters() throws {
        try Program.inFolder { program in
            #expect(try program.run(["new", "m", "--template", "niche"]).code == 0)
            let compared = try program.run(["mix", "m", "--for", "1 h", "--compare", "--quiet", "--out", "c"])
            #expect(compared.code == 0, "\(compared.text)")
            #expect(compared.output.contains("Space matters for "))
            let lines = try program.read("c/discrepancy.csv").split(separator: "\n")
            #expect(lines.count > 5)
            // Sorted, the largest first.
            let largest = lines.dropFirst().compactMap { Double($0.split(separator: ",").suffix(2).first ?? "") }
            #expect(largest == largest.sorted(by: >) && (largest.first ?? 0) > 0.1)
            #expect(try program.read("c/compare.html").contains("Where space matters"))
        }
    }

    @Test func whatRunsIsWrittenAsSBMLAndRunsAgain() throws {
        try Program.inFolder { program in
            let made = try program.run(["new", "m", "--template", "niche"])
            #expect(made.code == 0)
            let line = ["mix", "m", "--for", "1 h", "--sbml", "m.xml", "--quiet", "--out"]
            #expect(try program.run(line + ["a"]).code == 0)
            #expect(try program.run(line + ["b"]).code != 0, "a file that is there is kept")
            let again = try program.run(["mix", "m.xml", "--for", "3600", "--every", "60", "--quiet"])
            #expect(again.code == 0, "\(again.text)")
        }
    }

    @Test func chanceIsRepeated() throws {
        try Program.inFolder { program in
            let made = try program.run(["new", "m", "--template", "niche"])
            #expect(made.code == 0)
            let short = ["mix", "m", "--ssa", "--for", "2 min", "--quiet"]
            #expect(try program.run(short + ["--replicates", "3", "--threads", "1", "--out", "a"]).code == 0)
            #expect(try program.run(short + ["--replicates", "3", "--threads", "2", "--out", "b"]).code == 0)
            #expect(try program.read("a/series.csv") == program.read("b/series.csv"))
            #expect(try program.read("a/replicates.csv") == program.read("b/replicates.csv"))
        }
    }

    @Test func mistakesAreAnswered() throws {
        try Program.inFolder { program in
            #expect(try program.run(["new", "m", "--template", "niche"]).code == 0)
            var text = ""
            for typed in [
                "mix", "mix nowhere", "mix m --ode --ssa", "mix m --cells 0", "mix m --cells some",
                "mix m --replicates 3", "mix m --for 3µm", "mix m --every x", "mix m --set run.fields=quasi-steady",
                "mix gone.xml --for 1", "mix gone.xml", "mix gone.xml --for x", "mix gone.xml --for 1 --every 0",
            ] {
                let outcome = try program.run(typed.split(separator: " ").map(String.init) + ["--quiet"])
                text += "$ paracrine \(typed)\n\(outcome.text)\n"
            }
            try expectGolden(text, "mix-mistakes")
        }
    }
}
