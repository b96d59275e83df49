import Foundation
import Testing

/// What the program says, in full.
@Suite struct MessageTests {
    static let commands = [
        "", "new", "check", "explain", "describe", "run", "test", "score", "knockout", "diff", "compare", "verify",
        "export", "schema", "mix", "boolean", "steady", "scan", "sensitivity", "continuation", "import", "sbml",
    ]

    @Test(arguments: commands)
    func helpSaysWhatToType(command: String) throws {
        try Program.inFolder { program in
            let outcome = try program.run(command.isEmpty ? ["--help"] : [command, "--help"])
            #expect(outcome.code == 0)
            try expectGolden(outcome.text, command.isEmpty ? "help" : "help-\(command)")
        }
    }

    /// Each line is typed in a folder with the models that `prepare` makes.
    static let mistakes = [
        "", "rnu m", "frobnicate", "run", "run nowhere", "check two", "check none", "check binary.paracrine.yaml",
        "check m --bogus", "new", "new a/b", "new m", "new n --template x", "check m --set q", "check m --set q=foo",
        "check m --set p=1", "check m --table t/cells.csv", "check wrong", "run m --until foo", "run m --until 3µm",
        "run m --until -2h", "run m --until 9h", "run m --seed -1", "run m --seed x", "run m --threads 0",
        "run m --threads x", "run m --out m", "run m --out m/m.paracrine.yaml", "run m --out=", "test silent",
        "check t --table nowhere.csv", "check absent", "check above", "check linked", "check folder",
        "run failing --until 1min --out failing-results --quiet", "test failing --until 1min --quiet",
    ]

    private func prepare(_ program: Program) throws {
        for (name, template) in [
            ("m", "niche"), ("two", "niche"), ("wrong", "niche"), ("silent", "niche"), ("t", "table"),
            ("absent", "table"), ("above", "table"), ("linked", "table"), ("folder", "table"),
            ("failing", "antagonist"),
        ] {
            #expect(try program.run(["new", name, "--template", template]).code == 0)
        }
        let files = FileManager.default
        try program.write(try program.read("m/m.paracrine.yaml"), to: "two/second.paracrine.yaml")
        try files.createDirectory(at: program.folder.appending(path: "none"), withIntermediateDirectories: false)
        try Data([0xFF, 0x00, 0xD8, 0x07]).write(to: program.folder.appending(path: "binary.paracrine.yaml"))
        let wrong = "wrong/wrong.paracrine.yaml"
        try program.replace("decay: 0.1 /h", with: "decay: 0.1 µm", in: wrong)
        try program.replace("radius: 5 µm\n    secretes", with: "radus: 5 µm\n    secretes", in: wrong)
        try program.replace("ligand: IL-2,", with: "ligand: IL2,", in: wrong)
        let silent = "silent/silent.paracrine.yaml"
        try program.replace("expect:\n  - mass of IL-2 balances within 1e-9\n", with: "", in: silent)
        try program.replace("cells.csv", with: "gone.csv", in: "absent/absent.paracrine.yaml")
        try program.replace("file: cells.csv", with: "file: ../t/cells.csv", in: "above/above.paracrine.yaml")
        for (name, target) in [("linked", "../t/cells.csv"), ("folder", ".")] {
            let table = program.folder.appending(path: "\(name)/cells.csv").path
            try files.removeItem(atPath: table)
            try files.createSymbolicLink(atPath: table, withDestinationPath: target)
        }
        try program.replace(
            "- mass of IL-1β", with: "- mean IL-1R1.bound of fibroblast > 5000\n  - mass of IL-1β",
            in: "failing/failing.paracrine.yaml")
    }

    @Test func mistakesAreAnsweredWithAFix() throws {
        try Program.inFolder { program in
            try prepare(program)
            var said = ""
            for line in Self.mistakes {
                var outcome = try program.run(line.split(separator: " ").map(String.init))
                // What a run computes is for tests of physics; only its words are golden.
                if line.contains(" failing ") {
                    outcome.output = outcome.output.replacing(/\d[\d.]*(e[+-]\d+)?/, with: "N")
                }
                said += "$ paracrine \(line)\n\(outcome.text)\n"
                #expect((outcome.code == 0) == (line.isEmpty || line.hasPrefix("run failing")), "\(line)")
            }
            try expectGolden(said, "mistakes")
        }
    }
}
