import Foundation
import Testing

/// Models that take numbers from the catalogue, as a person makes and runs them.
@Suite struct CataloguedModelTests {
    private static let names = """
        paracrine: 1
        model: names
        catalogue: builtin@2026.2
        space: {box: 100 x 100 x 100 µm, grid: 10 µm}
        molecules: {IL-2: {}}
        receptors: {IL-2R: {ligand: IL2}}
        cells: {Th1: {count: 10 %, receptors: {}}, Treg: {count: 90 %}}
        place: {other: lattice 20 µm}
        run: {for: 10 min, seed: 1}
        expect:
          - mass of IL-2 balances within 1e-9
        """

    @Test func aModelFromNamesAloneIsWrittenCheckedAndRun() throws {
        try Program.inFolder { program in
            let made = try program.run(["new", "--cells", "Th1, macrophage", "--cytokines", "IFNg"])
            #expect(made.code == 0, "\(made.text)")
            let folder = "Th1-macrophage-IFNg"
            try expectGolden(try program.read("\(folder)/\(folder).paracrine.yaml"), "new-Th1-macrophage")
            #expect(try program.run(["check", folder]).code == 0)
            let tested = try program.run(["test", folder, "--until", "20 min", "--quiet"])
            #expect(tested.code == 0 && tested.output.contains("3 passed, 0 failed"), "\(tested.text)")
        }
    }

    @Test func explainReportAndJSONListEveryNumberTaken() throws {
        try Program.inFolder { program in
            try program.write(Self.names, to: "m.paracrine.yaml")
            let explained = try program.run(["explain", "m.paracrine.yaml"]).output
            let start = try #require(explained.range(of: "Taken from the catalogue"))
            try expectGolden(String(explained[start.lowerBound...]), "explain-catalogue")
            #expect(try program.run(["run", "m.paracrine.yaml", "--out", "r", "--quiet"]).code == 0)
            let report = try program.read("r/report.html")
            #expect(report.contains("Numbers from the catalogue") && report.contains("! order of magnitude"))
            let json = try program.read("r/model.json")
            for path in ["cells.Treg.receptors.IL-2R", "molecules.IL-2.diffusion", "receptors.IL-2R.k_off"] {
                #expect(report.contains(path) && json.contains("\"path\": \"\(path)\"") && explained.contains(path))
            }
        }
    }

    @Test func aLabsOwnTablesComeFirstAndAreInTheVersion() throws {
        try Program.inFolder { program in
            try program.write(Self.names, to: "m.paracrine.yaml")
            try FileManager.default.createDirectory(
                at: program.folder.appending(path: "ours"), withIntermediateDirectories: false)
            try program.write("source,citation,identifier,seen\nours,Our notebook 12,,read\n", to: "ours/sources.csv")
            try program.write(
                "subject,parameter,receptor,cell,value,unit,species,condition,source,grade,note\n"
                    + "IL2,diffusion,,,30,um^2/s,human,our gel,ours,measured,\n", to: "ours/measurements.csv")
            let own = try program.run(["check", "m.paracrine.yaml", "--json", "--catalogue", "ours"])
            #expect(own.output.contains("Our notebook 12") && own.output.contains("builtin@2026.2+"), "\(own.messages)")
            #expect(try !program.run(["check", "m.paracrine.yaml", "--json"]).output.contains("Our notebook 12"))
        }
    }

    /// What is told to be typed next finds the tables the model was drafted from.
    @Test func aDraftFromALabsTablesSaysHowToReadIt() throws {
        try Program.inFolder { program in
            let folder = "our tables"
            try FileManager.default.createDirectory(
                at: program.folder.appending(path: folder), withIntermediateDirectories: false)
            try program.write(
                "source,citation,identifier,seen\nours,Our notebook 12,,read\n", to: "\(folder)/sources.csv")
            let options = ["--cells", "Th1,macrophage", "--cytokines", "IFNg", "--catalogue", folder]
            let made = try program.run(["new", "mine"] + options)
            #expect(
                made.output.contains(
                    "Next:  paracrine explain mine --catalogue 'our tables'   and   "
                        + "paracrine run mine --catalogue 'our tables'\n"), "\(made.text)")
            #expect(try program.run(["check", "mine", "--catalogue", folder]).code == 0)
            #expect(try program.run(["check", "mine"]).code != 0)
        }
    }

    /// The control that the example's README promises: without Treg cells nothing keeps IL-2 from bystanders.
    @Test func theExampleFailsWithoutItsTregCells() throws {
        try Program.inFolder { program in
            let example = Program.root.appending(path: "Examples/il2-by-name").path
            let control = try program.run(["test", example, "--set", "f_Treg=0 %", "--quiet"])
            #expect(control.code != 0, "\(control.text)")
            #expect(control.output.contains("1 passed, 3 failed"), "\(control.text)")
        }
    }

    @Test func mistakesAreSaid() throws {
        try Program.inFolder { program in
            try program.write(Self.names, to: "m.paracrine.yaml")
            let changes = [
                ("builtin@2026.2", "builtin@2025.9"), ("IL2}", "IL3}"),
                ("{IL-2: {}}", "{IL-2: {}, FasL: {}, OX40L: {}}"),
                ("Th1: {count: 10 %, receptors: {}}", "Th1: {count: 10 %}"), ("IL-2R: {", "TNFR: {"),
                ("catalogue: builtin@2026.2\n", ""),
            ]
            var said = ""
            for (old, new) in changes {
                try program.write(Self.names.replacing(old, with: new), to: "w.paracrine.yaml")
                said += "## \(old.trimmingCharacters(in: .newlines)) -> \(new)\n"
                said += try program.run(["check", "w.paracrine.yaml"]).text + "\n"
            }
            for line in [
                "new", "new --cells Th1", "new --cells Th99 --cytokines IFNg", "new --cells Th1 --cytokines IFNgg",
                "new --cells Treg --cytokines IFNg", "new --cells Th1 --cytokines IFNg --template niche",
                "new m --catalogue ours", "new ../m --cells Th1 --cytokines IFNg",
                "new --cells Th1,CTL --cytokines OX40L",
                "new --cells Th1,Th1-cells --cytokines IFNg,IFNG",
                "new --cells Th1,Th2,Th17,Th9,Th22,Treg,Tfh,macrophage,monocyte,neutrophil "
                    + "--cytokines IFNg,TNF,IL-2,IL-4,IL-5,IL-6,IL-10,IL-12,IL-13,IL-17A",
            ] {
                said +=
                    "$ paracrine \(line)\n" + (try program.run(line.split(separator: " ").map(String.init)).text) + "\n"
            }
            try expectGolden(said, "catalogued-mistakes")
        }
    }
}
