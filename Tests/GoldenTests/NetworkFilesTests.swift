import Foundation
import Testing

/// Networks in files of their own, from `import` to their values inside cells.
@Suite struct NetworkFilesTests {
    private static let files = [
        "gene.xml": gene, "th.sbml": qualitative, "toggle.bnet": toggle, "tcell.bnd": network,
        "tcell.cfg": configuration,
    ]

    private func column(_ name: String, of run: String, _ program: Program) throws -> [Double] {
        let rows = try program.read("\(run)/series.csv").split(separator: "\n").map { $0.split(separator: ",") }
        // The names of means have commas of their own.
        let names = try program.read("\(run)/series.csv").prefix { $0 != "\n" }.replacing(", mean", with: " mean")
        let place = try #require(names.split(separator: ",").firstIndex { $0.contains(name) }, "\(name) in \(names)")
        return rows.dropFirst().compactMap { Double($0[place]) }
    }

    @Test(arguments: ["gene.xml", "th.sbml", "toggle.bnet", "tcell.bnd"])
    func eachIsImportedAndRuns(file: String) throws {
        try Program.inFolder { program in
            for (name, text) in Self.files { try program.write(text, to: name) }
            let made = try program.run(["import", file, "made"])
            #expect(made.code == 0, "\(made.text)")
            let isLogic = file != "gene.xml"
            #expect(made.output.hasSuffix("Next:  paracrine mix made\(isLogic ? " --ssa" : "")\n"))
            #expect(try program.run(["check", "made"]).code == 0)
            let equations = try program.run(["mix", "made", "--quiet"])
            #expect((equations.code == 0) != isLogic, "\(equations.text)")
            #expect(isLogic == equations.text.contains("fix: run it by chance with --ssa"))
            #expect(try program.run(["mix", "made", "--ssa", "--quiet", "--out", "s"]).code == 0)
            let alone = try program.run(["mix", file, "--ssa", "--for", "100", "--every", "1", "--quiet", "--out", "a"])
            #expect(alone.code == 0, "\(alone.text)")
        }
    }

    /// A circle of many rules is refused at the line of one of them, whichever command meets it.
    @Test func circlesAreLocated() throws {
        try Program.inFolder { program in
            try program.write(Self.circle(of: 2000), to: "circle.xml")
            for line in [["mix", "circle.xml", "--for", "1"], ["steady", "circle.xml"]] {
                let outcome = try program.run(line)
                #expect(outcome.code == 65, "\(outcome.text)")
                #expect(
                    outcome.text.contains("circle.xml:2006:1: error: the rules go round in a circle"), "\(outcome.text)"
                )
            }
        }
    }

    /// Each parameter needs the next, and the last the first: a line each for its declaration and its rule.
    private static func circle(of count: Int) -> String {
        let mathematics = "xmlns=\"http://www.w3.org/1998/Math/MathML\""
        let parameters = (0..<count).map { "<parameter id=\"p\($0)\" constant=\"false\"/>" }
        let rules = (0..<count).map {
            "<assignmentRule variable=\"p\($0)\"><math \(mathematics)><ci>p\(($0 + 1) % count)</ci></math></assignmentRule>"
        }
        return """
            <sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">
            <model>
            <listOfParameters>
            \(parameters.joined(separator: "\n"))
            </listOfParameters>
            <listOfRules>
            \(rules.joined(separator: "\n"))
            </listOfRules>
            </model>
            </sbml>
            """
    }

    /// All four inside every cell, each driven by what the cell meets, and two of them by themselves beside the cells.
    @Test func allLiveInsideCells() throws {
        try Program.inFolder { program in
            for (name, text) in Self.files { try program.write(text, to: name) }
            try program.write(Self.model, to: "m.paracrine.yaml")
            let model = "m.paracrine.yaml"
            #expect(try program.run(["check", model]).code == 0)
            for line in [["run", model], ["mix", model, "--ssa"]] {
                let name = line[0]
                let outcome = try program.run(line + ["--quiet", "--out", name])
                #expect(outcome.code == 0, "\(outcome.text)")
                // Driven at 1 a minute for 10 min: each of 8 cells is still off with 5e-5.
                #expect(try column("th.STAT6", of: name, program).last ?? 0 > 0.8)
                #expect(try column("toggle.Tbet", of: name, program).last ?? 0 > 0.8)
                // By 7 min IFN is at 1; then up at 0.5 a minute, in 8 cells.
                let act = try column("tcell.Act", of: name, program)
                #expect(act[1...5].allSatisfy { $0 == 0 } && act[10] > 0.2)
            }
            // The gene inside cells: as equations in the tissue, by chance mixed; with 8 cells a Poisson number of 30.
            let gene = try ["run", "mix"].map { try column("gene.X", of: $0, program)[10] }
            #expect(abs(gene[1] - gene[0]) < 4 * (gene[0] / 8).squareRoot())
            #expect(try column("alone: X", of: "mix", program)[0] == 3)
        }
    }

    @Test func mistakesInThemAreLocated() throws {
        try Program.inFolder { program in
            for (name, text) in Self.files { try program.write(text, to: name) }
            try program.write(Self.toggle.replacing("!GATA3", with: "!GATA"), to: "toggle.bnet")
            try program.write(
                Self.model.replacing("toggle: {IFN:", with: "toggle: {Tbet:").replacing("th: {IL4", with: "th: {IL5"),
                to: "m.paracrine.yaml")
            let outcome = try program.run(["check", "m.paracrine.yaml"])
            #expect(outcome.code == 65)
            try expectGolden(outcome.text, "network-file-mistakes")
        }
    }

    private static let model = """
        paracrine: 1
        model: four files
        space: {box: 40 x 40 x 40 µm, grid: 10 µm}
        molecules: {IFN: {diffusion: 100 µm²/s, starts: 1 nM}}
        receptors: {R: {ligand: IFN, k_on: 1e6 /M/s, k_off: 1e-3 /s}}
        networks:
          gene: {file: gene.xml}
          th: {file: th.sbml, time unit: 1 min}
          toggle: {file: toggle.bnet, time unit: 1 min}
          tcell: {file: tcell.bnd, time unit: 1 min}
          alone: {file: gene.xml}
          solo: {file: toggle.bnet, time unit: 1 min}
        cells:
          a:
            count: 8
            radius: 5 µm
            receptors: {R: 1000}
            network:
              gene: {drive: R.bound / 1000 receptors}
              th: {IL4: IFN / 1 nM}
              toggle: {IFN: IFN / 1 nM}
              tcell: {IFN: R.occupancy * 2}
        place: {other: lattice 20 µm}
        run: {for: 10 min, seed: 1}
        record: {cells: {every: 1 min, columns: [gene.X, th.STAT6, toggle.Tbet, tcell.Act]}, series: every 1 min}
        """

    private static let toggle = """
        targets, factors
        IFN, IFN
        Tbet, IFN | Tbet & !GATA3
        GATA3, GATA3 & !Tbet

        """

    private static let network = """
        node IFN { rate_up = 0; rate_down = 0; }
        node Act { logic = IFN; rate_up = @logic ? $u : 0; rate_down = @logic ? 0 : $d; }

        """

    private static let configuration = """
        $u = 0.5;
        $d = 0.1;
        IFN.istate = 0;
        Act.istate = 0;
        time_tick = 0.1;
        max_time = 10;
        sample_count = 1000;

        """

    private static let gene = """
        <?xml version="1.0" encoding="UTF-8"?>
        <sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
          <model id="gene" substanceUnits="item" timeUnits="second" volumeUnits="litre" extentUnits="item">
            <listOfCompartments>
              <compartment id="c" size="1e-12" spatialDimensions="3" constant="true"/>
            </listOfCompartments>
            <listOfSpecies>
              <species id="X" compartment="c" initialAmount="3" hasOnlySubstanceUnits="true"
                boundaryCondition="false" constant="false"/>
            </listOfSpecies>
            <listOfParameters><parameter id="drive" value="0" constant="true"/></listOfParameters>
            <listOfReactions>
              <reaction id="make" reversible="false">
                <listOfProducts><speciesReference species="X" stoichiometry="1" constant="true"/></listOfProducts>
                <kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><ci> drive </ci></math></kineticLaw>
              </reaction>
              <reaction id="lose" reversible="false">
                <listOfReactants><speciesReference species="X" stoichiometry="1" constant="true"/></listOfReactants>
                <kineticLaw>
                  <math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><cn>0.01</cn><ci>X</ci></apply></math>
                </kineticLaw>
              </reaction>
            </listOfReactions>
          </model>
        </sbml>

        """

    private static let qualitative = """
        <?xml version="1.0" encoding="UTF-8"?>
        <sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
          xmlns:qual="http://www.sbml.org/sbml/level3/version1/qual/version1" qual:required="true">
          <model id="th">
            <listOfCompartments><compartment id="cell" constant="true"/></listOfCompartments>
            <qual:listOfQualitativeSpecies>
              <qual:qualitativeSpecies qual:id="IL4" qual:compartment="cell" qual:constant="false" qual:maxLevel="1"/>
              <qual:qualitativeSpecies qual:id="STAT6" qual:compartment="cell" qual:constant="false"
                qual:maxLevel="1" qual:initialLevel="0"/>
            </qual:listOfQualitativeSpecies>
            <qual:listOfTransitions>
              <qual:transition qual:id="t">
                <qual:listOfInputs>
                  <qual:input qual:id="i" qual:qualitativeSpecies="IL4" qual:transitionEffect="none"/>
                </qual:listOfInputs>
                <qual:listOfOutputs>
                  <qual:output qual:id="o" qual:qualitativeSpecies="STAT6" qual:transitionEffect="assignmentLevel"/>
                </qual:listOfOutputs>
                <qual:listOfFunctionTerms>
                  <qual:defaultTerm qual:resultLevel="0"/>
                  <qual:functionTerm qual:resultLevel="1">
                    <math xmlns="http://www.w3.org/1998/Math/MathML">
                      <apply><geq/><ci>IL4</ci><cn type="integer">1</cn></apply>
                    </math>
                  </qual:functionTerm>
                </qual:listOfFunctionTerms>
              </qual:transition>
            </qual:listOfTransitions>
          </model>
        </sbml>

        """
}
