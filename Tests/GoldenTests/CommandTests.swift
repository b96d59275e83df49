import Foundation
import Testing

/// What the program does with whole models.
@Suite struct CommandTests {
    static let templates = ["niche", "antagonist", "table"]

    @Test(arguments: templates)
    func templatePassesCheckExplainAndTest(template: String) throws {
        try Program.inFolder { program in
            #expect(try program.run(["new", "m", "--template", template]).code == 0)
            for command in ["check", "explain"] {
                let outcome = try program.run([command, "m"])
                #expect(outcome.code == 0 && !outcome.output.isEmpty, "\(command): \(outcome.text)")
            }
            let tested = try program.run(["test", "m", "--until", "1 h", "--quiet"])
            #expect(tested.code == 0 && tested.output.contains("1 passed, 0 failed"), "\(tested.text)")
            #expect(!program.has("m.paracrine-run"), "a test writes no results unless asked")
        }
    }

    @Test func aRunSaysWhereEverythingIs() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m", "--template", "antagonist"])
            let first = try program.run(["run", "m", "--until", "10 min", "--json"])
            #expect(first.code == 0, "\(first.text)")
            let summary = try #require(
                try JSONSerialization.jsonObject(with: Data(first.output.utf8)) as? [String: Any])
            let report = try #require(summary["report"] as? String)
            #expect(program.has(report) && summary["outcome"] as? String == "finished")
            #expect(summary["simulatedSeconds"] as? Double == 600)
            let second = try program.run(["run", "m", "--until", "10 min", "--quiet"])
            let end = second.output.split(separator: "\n").suffix(2).map(String.init)
            #expect(end == ["Results: ./m-2.paracrine-run", "Report:  ./m-2.paracrine-run/report.html"])
            #expect(second.messages.isEmpty)
            for file in ["series.csv", "ledger.csv", "model.json", "frames/cells-000000.h5"] {
                #expect(
                    try Data(contentsOf: program.folder.appending(path: "m.paracrine-run/\(file)"))
                        == Data(contentsOf: program.folder.appending(path: "m-2.paracrine-run/\(file)")), "\(file)")
            }
        }
    }

    @Test func aRunIsTheSameOnAnyNumberOfThreads() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m", "--template", "antagonist"])
            let outcome = try program.run(["verify", "m", "--until", "20 min", "--quiet"])
            #expect(outcome.code == 0, "\(outcome.text)")
            #expect(outcome.output.split(separator: "\n").count == 3 && !outcome.output.contains("✗"))
        }
    }

    /// A stopped run keeps what it has: whole records, a report, and an exit code that says it was stopped.
    @Test(arguments: [SIGINT, SIGTERM])
    func aStoppedRunIsWhole(number: Int32) throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m"])
            let outcome = try program.run(["run", "m", "--out", "r", "--set", "run.for=1000 h"]) { process in
                for _ in 0..<600 where !((try? program.read("r/series.csv")) ?? "").contains("\n0,") {
                    Thread.sleep(forTimeInterval: 0.1)
                }
                Thread.sleep(forTimeInterval: 0.3)
                kill(process.processIdentifier, number)
            }
            #expect(outcome.code == 130, "\(outcome.text)")
            #expect(outcome.output.contains("Stopped at") && outcome.output.contains("r/report.html"))
            #expect(program.has("r/report.html"))
            #expect(try program.read("r/manifest.json").contains("\"stopped\""))
        }
    }

    @Test func aClosedPipeDoesNotEndARun() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m", "--template", "antagonist"])
            let binary = try Program.binary.path
            let shell = URL(filePath: "/bin/sh")
            _ = try program.run(
                ["-c", "'\(binary)' run m --until '1 h' --out r 2>&1 | head -n 1"], executable: shell)
            for _ in 0..<300 where !program.has("r/report.html") { Thread.sleep(forTimeInterval: 0.1) }
            #expect(program.has("r/report.html"))
        }
    }

    @Test func anAnswerThatCannotBeWrittenIsAnError() throws {
        guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
        try Program.inFolder { program in
            let binary = try Program.binary.path
            let outcome = try program.run(
                ["-c", "'\(binary)' schema >/dev/full"], executable: URL(filePath: "/bin/sh"))
            #expect(outcome.code == 74 && outcome.messages.contains("standard output: error: cannot write"))
        }
    }

    /// The Python that ./test prepares; none elsewhere.
    private static var python: String? { ProcessInfo.processInfo.environment["PARACRINE_PYTHON"] }

    @Test(.enabled(if: python != nil, "needs a Python with jsonschema: ./test prepares one"))
    func canonicalModelsFollowTheSchema() throws {
        let python = URL(filePath: try #require(Self.python))
        let script =
            "import json, sys, jsonschema; s = json.load(open('schema.json')); jsonschema.Draft202012Validator.check_schema(s); "
            + "[jsonschema.validate(json.load(open(f)), s) for f in sys.argv[1:]]"
        try Program.inFolder { program in
            try program.write(try program.run(["schema"]).output, to: "schema.json")
            let examples = Self.root(of: "Examples")
            var files: [String] = []
            for template in Self.templates { _ = try program.run(["new", template, "--template", template]) }
            for (index, model) in (examples + Self.templates).enumerated() {
                let outcome = try program.run(["check", model, "--json"])
                #expect(outcome.code == 0, "\(model): \(outcome.text)")
                try program.write(outcome.output, to: "\(index).json")
                files.append("\(index).json")
            }
            let valid = try program.run(["-c", script] + files, executable: python)
            #expect(valid.code == 0, "\(valid.messages.suffix(2000))")
            try program.replace("\"molecules\"", with: "\"molecule\"", in: files[0])
            #expect(try program.run(["-c", script, files[0]], executable: python).code != 0)
        }
    }

    /// The folders in a folder of the repository.
    private static func root(of name: String) -> [String] {
        let folder = Program.root.appending(path: name).path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().filter { !$0.hasPrefix(".") }.map { "\(folder)/\($0)" }
    }
}
