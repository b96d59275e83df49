import Foundation
import Testing

/// What `paracrine diff` says.
@Suite struct DiffTests {
    @Test func filesAndRunsAreCompared() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m", "--template", "antagonist"])
            let run = try program.run(["run", "m", "--until", "1 min", "--quiet", "--set", "run.seed=5"])
            #expect(run.code == 0, "\(run.text)")
            var said = ""
            for line in [
                ["diff", "m", "m"], ["diff", "m", "m.paracrine-run"], ["diff", "m", "m.paracrine-run", "--json"],
                ["diff", "m", "nowhere"],
            ] {
                said += try program.run(line).text + "\n"
            }
            try expectGolden(said, "diff")
        }
    }

    /// Foundation's NSString crashes on such paths.
    @Test func aPathOfOneLetterIsRead() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "folder", "--template", "antagonist"])
            try program.write(try program.read("folder/folder.paracrine.yaml"), to: "m")
            #expect(try program.run(["check", "m"]).code == 0)
            try program.write("a,b,r\n0,0,0\n", to: "t")
            #expect(try program.run(["score", "--table", "t", "--columns", "a,b,r"]).code == 65)
        }
    }

    /// The folder of a run from before models had treatments.
    @Test func anOldRunIsRead() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m", "--template", "antagonist"])
            _ = try program.run(["run", "m", "--until", "1 min", "--quiet"])
            try program.replace(",\n    \"treatments\": []", with: "", in: "m.paracrine-run/model.json")
            let outcome = try program.run(["diff", "m", "m.paracrine-run"])
            #expect(outcome.code == 0, "\(outcome.text)")
            #expect(try program.run(["export", "m.paracrine-run", "--format", "openvt"]).code == 0)
        }
    }
}
