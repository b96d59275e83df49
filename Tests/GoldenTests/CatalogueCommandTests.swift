import Foundation
import Testing

/// The catalogue as a person types for it.
@Suite struct CatalogueCommandTests {
    @Test func helpSaysWhatToType() throws {
        try Program.inFolder { program in
            try expectGolden(try program.run(["catalogue", "--help"]).text, "help-catalogue")
        }
    }

    @Test(arguments: ["show IL-2", "show Th1", "compare IL-2 IL-15", "network --from Th1 --to macrophage"])
    func pageIsWorthReading(line: String) throws {
        try Program.inFolder { program in
            let outcome = try program.run(["catalogue"] + line.split(separator: " ").map(String.init))
            #expect(outcome.code == 0)
            try expectGolden(
                outcome.text,
                "catalogue-"
                    + line.replacing(" --from ", with: "-").replacing(" --to ", with: "-").replacing(" ", with: "-"))
        }
    }

    static let mistakes = [
        "catalogue show IFN-gama", "catalogue show", "catalogue show nothing-like-it", "catalogue compare IL-2",
        "catalogue compare IL-2 Treg", "catalogue network", "catalogue network --from Th3",
        "catalogue list --class big",
        "catalogue list cytokine", "catalogue cite nobody", "catalogue export xml x", "catalogue export csv there",
        "catalogue show IL-2 --catalogue nowhere", "catalogue show IL-2 --catalogue there",
        "catalogue check --catalogue wrong", "catalogue search zzz",
        "catalogue search \(String(repeating: "IL-2,", count: 50))", "catalogue search IFN-gama secretion",
    ]

    @Test func mistakesAreAnsweredWithAFix() throws {
        try Program.inFolder { program in
            let files = FileManager.default
            for folder in ["there", "wrong"] {
                try files.createDirectory(
                    at: program.folder.appending(path: folder), withIntermediateDirectories: false)
            }
            try program.write(
                """
                subject,parameter,receptor,cell,value,unit,species,condition,source,grade,note
                IL-2,diffusion,,,30,nM,human,gel,memory,measured,
                IL-222,diffusin,,,3 0,µm²/s,human,gel,nobody,good,

                """, to: "wrong/measurements.csv")
            var said = ""
            for line in Self.mistakes {
                let outcome = try program.run(line.split(separator: " ").map(String.init))
                said += "$ paracrine \(line)\n\(outcome.text)\n"
                let isAnswered = line.hasSuffix("zzz") || line.hasSuffix("secretion")
                #expect((outcome.code == 0) == isAnswered, "\(line)")
            }
            try expectGolden(said, "catalogue-mistakes")
        }
    }

    @Test(arguments: ["show IL-2", "list cells", "compare IL-2 IL-4", "cite TNF", "search TNF", "check"])
    func everyAnswerIsJSONToo(line: String) throws {
        try Program.inFolder { program in
            let words = line.split(separator: " ").map(String.init)
            let outcome = try program.run(["catalogue"] + words + ["--json"])
            #expect(outcome.code == 0 && outcome.messages.isEmpty)
            _ = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        }
    }

    /// A chain without numbers has sources too, and a cell those of what it makes and hears.
    @Test(arguments: [("ACKR3", "receptor-tables"), ("Th1", "memory"), ("Th1", "brunner-figure1")])
    func everythingHasSources(name: String, source: String) throws {
        try Program.inFolder { program in
            let outcome = try program.run(["catalogue", "cite", name])
            #expect(outcome.code == 0 && outcome.output.contains("\(source) "), "\(outcome.text)")
        }
    }

    /// What is exported comes back, and the program needs neither its folder nor a home it may write to.
    @Test func exportsAndWorksFromAnywhere() throws {
        try Program.inFolder { program in
            for line in ["csv tables", "json all.json", "sqlite all.db"] {
                let words = line.split(separator: " ").map(String.init)
                #expect(try program.run(["catalogue", "export"] + words).code == 0, "\(line)")
                #expect(program.has(words[1]))
            }
            let again = try program.run(["catalogue", "show", "IL-2", "--catalogue", "tables"])
            #expect(again.code == 0, "\(again.text)")
            let moved = program.folder.appending(path: "elsewhere")
            try FileManager.default.copyItem(at: Program.binary, to: moved)
            let alone = Process()
            alone.executableURL = moved
            alone.arguments = ["catalogue", "show", "IL-2"]
            alone.currentDirectoryURL = URL(filePath: "/")
            alone.environment = ["HOME": "/nonexistent"]
            let pipe = Pipe()
            alone.standardOutput = pipe
            try alone.run()
            let page = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            alone.waitUntilExit()
            #expect(alone.terminationStatus == 0 && page.contains("IL2RA (IL-2Rα, CD25)"))
        }
    }
}
