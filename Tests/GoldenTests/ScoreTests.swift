import Foundation
import Testing

/// What `paracrine score` does with doses and with tables.
@Suite struct ScoreTests {
    private static let doses = [
        "--doses", "cells.macrophage.secretes.IL-1Ra=0, 10, 1000 molecules/s", "--doses",
        "cells.macrophage.secretes.IL-1β=0, 1, 3, 10 molecules/s",
        "--response", "mean IL-1R1.bound of fibroblast", "--at", "20 min",
    ]

    @Test func doseRunsAreTheSameOnAnyNumberOfThreads() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m", "--template", "antagonist"])
            for threads in ["1", "2", "3"] {
                let outcome = try program.run(
                    [
                        "score", "m", "--replicates", "2", "--full", "2000", "--threads", threads, "--quiet", "--out",
                        threads,
                    ]
                        + Self.doses)
                #expect(outcome.code == 0 && outcome.messages.isEmpty, "\(outcome.text)")
                #expect(outcome.output.contains("Loewe: mean excess -") && outcome.output.contains(", antagonism"))
            }
            for file in ["doses.csv", "scores.csv", "score.html", "figures/surface-1.svg"] {
                let first = try program.read("1/\(file)")
                #expect(try program.read("2/\(file)") == first && program.read("3/\(file)") == first, "\(file)")
            }
            #expect(try program.read("1/doses.csv").split(separator: "\n").count == 1 + 12 * 2)
        }
    }

    @Test func stoppingKeepsTheDosesThatAreDone() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m", "--template", "antagonist"])
            let outcome = try program.run(
                ["score", "m", "--replicates", "500", "--threads", "1", "--out", "r"] + Self.doses
            ) { process in
                Thread.sleep(forTimeInterval: 2)
                kill(process.processIdentifier, SIGINT)
            }
            #expect(outcome.code == 130, "\(outcome.text)")
            #expect(outcome.messages.contains("runs were not finished"))
            #expect(try program.read("r/doses.csv").split(separator: "\n").count > 1)
        }
    }

    /// The sham mixture of facts/validation.md V16: one agent twice is additive, and Bliss calls it antagonism.
    @Test func aTableIsScoredAndItsBadRowsAreListed() throws {
        try Program.inFolder { program in
            var table = "A (nM),B (nM),survival\n"
            for a in [0.0, 2, 4, 10] {
                for b in [0.0, 3, 6, 15] { table += "\(a),\(b),\(1 / (1 + (a + b) / 10))\n" }
            }
            try program.write(table + "4,-6,0.5\n4,six,0.5\n4,6\n", to: "sham.csv")
            let outcome = try program.run(
                ["score", "--table", "sham.csv", "--columns", "A (nM),B (nM),survival", "--json"])
            #expect(outcome.code == 0, "\(outcome.text)")
            let summary = try #require(
                try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            let score = try #require(summary["score"] as? [String: Any])
            let pair = try #require((score["pairs"] as? [[String: Any]])?.first)
            let points = try #require(pair["points"] as? [[String: Any]])
            let point = try #require(points.first { $0["doses"] as? [Double] == [4, 6] })
            let index = try #require((point["combinationIndex"] as? [String: Any])?["value"] as? Double)
            #expect(abs(index - 1) < 1e-6)
            let bliss = try #require((point["expected"] as? [String: Any])?["Bliss"] as? Double)
            #expect(abs((1 - bliss) - 0.5536) < 5e-5)
            #expect(
                (pair["summaries"] as? [[String: Any]])?.map { $0["verdict"] as? String } == [
                    "antagonism", "neither", "synergy",
                ])
            #expect(
                outcome.messages == """
                    note: sham.csv:19: row left out: 'B (nM)' is 'six', not a number
                    note: sham.csv:20: row left out: has 2 fields where the header has 3
                    note: sham.csv: row left out: a dose of 4.0, -6.0 is below 0

                    """)
            #expect(program.has("sham.paracrine-score/score.html"))
        }
    }

    static let mistakes: [[String]] = [
        ["score"], ["score", "m"], ["score", "m", "--response", "mean IL-1R1.bound of fibroblast"],
        ["score", "m", "--response", "mean IL-1R1.bound of fibrobast", "--doses", "q_Ra=0, 1 molecules/s"]
            + ["--doses", "molecules.IL-1β.starts=0, 1 pM"],
        ["score", "m", "--response", "mean IL-1R1.bound of fibroblast > 5", "--doses", "q_Ra=0, 1 molecules/s"]
            + ["--doses", "molecules.IL-1β.starts=0, 1 pM"],
        ["score", "m", "--response", "mass of IL-1β", "--doses", "q_Ra=0, 1 molecules/s"]
            + ["--doses", "molecules.IL-1β.starts=0, 1 pM"],
        ["score", "m", "--response", "mean IL-1R1.bound of fibroblast", "--at", "9 h"]
            + ["--doses", "q_Ra=0, 1 molecules/s", "--doses", "molecules.IL-1β.starts=0, 1 pM"],
        ["score", "m", "--response", "x", "--doses", "q_Ra", "--doses", "a=1", "--doses", "b=1, 2"]
            + ["--doses", "c=0, 1 nM, 2 h", "--doses", "d=0, -1", "--doses", "e=0, x"],
        ["score", "m", "--response", "mean IL-1R1.bound of fibroblast", "--doses", "q_Rb=0, 1 molecules/s"]
            + ["--doses", "molecules.IL-1β.starts=0, 1 pM"],
        ["score", "m", "--response", "mean IL-1R1.bound of fibroblast", "--doses", "q_Ra=0, 1 pM"]
            + ["--doses", "molecules.IL-1β.starts=0, 1 pM"],
        ["score", "m", "--response", "mean IL-1R1.bound of fibroblast", "--doses", "q_Ra=0, 1 molecules/s"]
            + ["--doses", "molecules.IL-1β.starts=0, 1 pM", "--full", "1 pM"],
        ["score", "m", "--replicates", "0"], ["score", "m", "--columns", "a,b,c"], ["score", "--table", "t.csv"],
        ["score", "--table", "nowhere.csv", "--columns", "a,b,c"], ["score", "--table", "t.csv", "--columns", "a,b"],
        ["score", "--table", "t.csv", "--columns", "a,b,d"],
        ["score", "--table", "t.csv", "--columns", "a,b,c", "--at", "1 h"],
        ["score", "--table", "t.csv", "--columns", "a,b,c", "--out", "few"],
        ["score", "--table", "flat.csv", "--columns", "a,b,c", "--out", "flat"],
        ["score", "--table", "good.csv", "--columns", "a,b,c", "--full", "0.5", "--out", "full"],
    ]

    @Test func mistakesAreAnsweredWithAFix() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m", "--template", "antagonist"])
            try program.write("a,b,c\n0,0,1\n1,0,0.5\n", to: "t.csv")
            try program.write("a,b,c\n0,0,1\n1,0,1\n0,1,1\n1,1,1\n", to: "flat.csv")
            try program.write("a,b,c\n0,0,1\n1,0,0.5\n0,1,0.6\n1,1,0.2\n", to: "good.csv")
            var said = ""
            for line in Self.mistakes {
                let typed = line.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " ")
                said += "$ paracrine \(typed)\n\(try program.run(line).text)\n"
            }
            try expectGolden(said, "score-mistakes")
        }
    }
}
