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
            for command in [["compare", "space", "mixed"], ["diff", "space", "mixed"]] {
                #expect(try program.run(command).code == 0, "\(command)")
            }
            let methods = try program.run(["describe", "mixed"]).output
            #expect(methods.contains("'paracrine mix FILE --for '1 h' --ode' gives the same bytes"), "\(methods)")
            for format in ["h5ad", "vtk", "openvt", "vega"] {
                let export = try program.run(["export", "mixed", "--format", format, "--out", "out-\(format)"])
                #expect(export.code == 0, "\(format): \(export.text)")
            }
        }
    }

    /// Other commands run a model without space where they are told to.
    @Test func otherCommandsMixToo() throws {
        try Program.inFolder { program in
            let made = try program.run(["new", "m", "--template", "niche"])
            #expect(made.code == 0)
            let mean = "mean IL-2 of responder"
            let short = ["--set", "run.for=20 min", "--quiet", "--json"]
            func value(_ line: [String]) throws -> [String: Any] {
                let outcome = try program.run(line + short)
                #expect(outcome.code == 0, "\(line): \(outcome.text)")
                return try numbers(outcome.output)
            }
            let knockout = ["knockout", "m", "--response", mean]
            let (space, mixed) = (try value(knockout + ["--out", "a"]), try value(knockout + ["--ode", "--out", "b"]))
            func baseline(_ found: [String: Any]) -> Double? {
                let response = (found["responses"] as? [[String: Any]])?.first
                return (response?["baseline"] as? [String: Any])?["value"] as? Double
            }
            let (near, everywhere) = (try #require(baseline(space)), try #require(baseline(mixed)))
            #expect(abs(near / everywhere - 1) > 0.2, "\(near) with space, \(everywhere) mixed")
            let run = try program.run(["mix", "m", "--for", "20 min", "--quiet", "--out", "c"])
            #expect(run.code == 0)
            let score = [
                "score", "m", "--doses", "cells.secretor.secretes.IL-2=0, 1, 10 molecules/s", "--doses",
                "molecules.IL-2.starts=0, 1, 5 pM",
            ]
            _ = try value(score + ["--response", mean, "--ode", "--out", "d"])
            let doses = try program.read("d/doses.csv").split(separator: "\n").last?.split(separator: ",")
            #expect(doses?.count == 5)
            var text = ""
            for typed in [
                ["knockout", "m", "--response", "radius of niche IL-2 at 1 pM", "--ode"],
                ["knockout", "m", "--cells", "all"], ["score", "m", "--response", mean, "--ode", "--ssa"],
                ["test", "m", "--leap", "0.1"],
            ] {
                text += "$ paracrine \(typed.joined(separator: " "))\n\(try program.run(typed).text)\n"
            }
            try expectGolden(text, "mixed-elsewhere-mistakes")
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

    /// What a network says must hold is watched as ODEs; what chance does not watch is said.
    @Test func whatMustHoldAndDoesNotIsSaid() throws {
        try Program.inFolder { program in
            let made = try program.run(["new", "m", "--template", "niche"])
            #expect(made.code == 0)
            try program.write(Self.growing, to: "grows.xml")
            let run = ["mix", "grows.xml", "--for", "10", "--every", "1", "--quiet", "--out"]
            let equations = try program.run(run + ["a"])
            #expect(equations.code == 0, "\(equations.text)")
            #expect(equations.text.contains("note: at 4"), "\(equations.text)")
            #expect(equations.text.contains("what must hold first did not: 'too many'"), "\(equations.text)")
            let chance = try program.run(run + ["b", "--ssa", "--leap", "0.03"])
            #expect(chance.code == 0, "\(chance.text)")
            #expect(chance.text.contains("conditions of networks that must hold are not watched by chance"))
            #expect(chance.text.contains("within one no rate changes by more than about 3 % of itself"))
        }
    }

    /// 100 molecules, and 25 more each second; more than 210 are too many.
    private static let growing = """
        <?xml version="1.0" encoding="UTF-8"?>
        <sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
          <model id="grows">
            <listOfCompartments>
              <compartment id="c" size="1" spatialDimensions="3" constant="true"/>
            </listOfCompartments>
            <listOfSpecies>
              <species id="S" compartment="c" initialAmount="100" hasOnlySubstanceUnits="true"
                boundaryCondition="false" constant="false"/>
            </listOfSpecies>
            <listOfConstraints>
              <constraint>
              <math xmlns="http://www.w3.org/1998/Math/MathML"><apply><leq/><ci>S</ci><cn>210</cn></apply></math>
                <message><p xmlns="http://www.w3.org/1999/xhtml">too many</p></message>
              </constraint>
            </listOfConstraints>
            <listOfReactions>
              <reaction id="made" reversible="false">
                <listOfProducts><speciesReference species="S" stoichiometry="1" constant="true"/></listOfProducts>
                <kineticLaw>
                  <math xmlns="http://www.w3.org/1998/Math/MathML"><cn> 25 </cn></math>
                </kineticLaw>
              </reaction>
            </listOfReactions>
          </model>
        </sbml>
        """

    @Test func mistakesAreAnswered() throws {
        try Program.inFolder { program in
            #expect(try program.run(["new", "m", "--template", "niche"]).code == 0)
            var text = ""
            for typed in [
                "mix", "mix nowhere", "mix m --ode --ssa", "mix m --cells 0", "mix m --cells some",
                "mix m --replicates 3", "mix m --for 3µm", "mix m --every x", "mix m --leap 0.03",
                "mix m --ssa --leap 2", "mix gone.xml --for 1", "mix gone.xml",
                "mix gone.xml --for x", "mix gone.xml --for 1 --every 0",
            ] {
                let outcome = try program.run(typed.split(separator: " ").map(String.init) + ["--quiet"])
                text += "$ paracrine \(typed)\n\(outcome.text)\n"
            }
            try expectGolden(text, "mix-mistakes")
        }
    }
}
