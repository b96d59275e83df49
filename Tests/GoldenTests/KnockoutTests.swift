import Foundation
import Testing

/// What `paracrine knockout` finds.
@Suite struct KnockoutTests {
    @Test func everythingIsTakenOutInTurn() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m", "--template", "antagonist"])
            for threads in ["1", "3"] {
                let outcome = try program.run([
                    "knockout", "m", "--set", "run.for=20 min", "--replicates", "2", "--threads", threads, "--quiet",
                    "--out", threads,
                ])
                #expect(outcome.code == 0 && outcome.messages.isEmpty, "\(outcome.text)")
            }
            for file in ["knockouts.csv", "knockouts.json", "knockout.html", "figures/knockout-1.svg"] {
                #expect(try program.read("1/\(file)") == program.read("3/\(file)"), "\(file)")
            }
            let rows = try program.read("1/knockouts.csv").split(separator: "\n").map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
            func row(_ knockout: String, _ response: String) throws -> [Substring] {
                try #require(rows.first { $0[1] == knockout && $0[2] == response })
            }
            let bound = "mean IL-1R1.bound of fibroblast"
            for gone in ["IL-1β", "IL-1R1", "macrophage"] {
                let effect = try row(gone, bound)
                #expect(effect[5] == "0" && effect[6] == "-\(effect[4])", "\(gone): \(effect)")
            }
            #expect(try #require(Double(row("IL-1Ra", bound)[6])) > 0, "the antagonist's knockout raises the response")
            #expect(try row("fibroblast", bound)[5] == "", "nothing is left to measure")
        }
    }

    @Test func mistakesAreAnsweredWithAFix() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m", "--template", "antagonist"])
            var said = ""
            for line in [
                ["knockout", "m", "--replicates", "0"], ["knockout", "m", "--response", "mean IL-1R of fibroblast"],
            ] {
                said += try program.run(line).text + "\n"
            }
            try expectGolden(said, "knockout-mistakes")
        }
    }
}
