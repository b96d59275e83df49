import Foundation
import Testing

/// Exports as a person makes them, from a run of a template.
@Suite struct ExportCommandTests {
    @Test func thePathIsPrintedLastAndNothingIsReplaced() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m", "--template", "antagonist"])
            let ran = try program.run(["run", "m", "--until", "10 min", "--quiet", "--out", "r"])
            #expect(ran.code == 0, "\(ran.text)")
            for path in ["./r-vega", "./r-2-vega"] {
                let outcome = try program.run(["export", "r", "--format", "vega"])
                #expect(outcome.text == "\(path)\n[exit code 0]\n" && program.has(path))
            }
            // A name of one letter is a name.
            for name in ["v", "a/b/v", "folder/"] {
                let outcome = try program.run(["export", "r", "--format", "vega", "--out", name])
                #expect(outcome.code == 0 && program.has(name), "\(outcome.text)")
            }
            let taken = try program.run(["export", "r", "--format", "vega", "--out", "v"])
            #expect(
                taken.text == """
                    v: error: there is something of this name
                      fix: choose another name with --out, or remove it first
                    [exit code 74]

                    """)
        }
    }

    @Test func mistakesAreAnsweredWithAFix() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m", "--template", "antagonist"])
            _ = try program.run(["run", "m", "--until", "10 min", "--quiet", "--out", "r"])
            let mistakes: [([String], Int32, String)] = [
                (["m", "--format", "vega"], 74, "m: error: this is not a run folder: it has no manifest.json"),
                (["r", "--format", "graphml"], 64, "r: error: this run recorded no communication"),
                (["r", "--format", "vega", "--all"], 64, "r: error: time courses always span the whole run"),
                (["r", "--format", "vtk", "--at", "3 µm"], 64, "--at: error: '3 µm' is not a time"),
                (
                    ["r", "--format", "vtk", "--at", "1 h", "--all"], 64,
                    "--at: error: '1 h' and --all exclude each other"
                ),
                (["r", "--format", "vtk", "--depth", "5"], 64, "--depth: error: only 'counts' are drawn"),
                (
                    ["r", "--format", "counts", "--depth", "-5"], 64,
                    "r: error: a depth of -5.0 counts a cell cannot be drawn"
                ),
                (["r", "--format", "vega", "--out", ""], 74, "--out: error: the name is empty"),
            ]
            for (arguments, code, problem) in mistakes {
                let outcome = try program.run(["export"] + arguments)
                #expect(outcome.code == code, "\(arguments): \(outcome.text)")
                #expect(outcome.messages.hasPrefix(problem + "\n  fix: "), "\(arguments): \(outcome.text)")
            }
        }
    }
}
