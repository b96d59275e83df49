import Biology
import Foundation
import NetworkFiles
import Testing

@Suite struct SBMLReaderTests {
    @Test func readsCompartmentsSpeciesAndUnits() throws {
        let network = try SBMLSnippet.read(
            SBMLSnippet.document(
                """
                <listOfUnitDefinitions>
                <unitDefinition id="nmol"><listOfUnits><unit kind="mole" exponent="1" scale="-9" multiplier="1"/></listOfUnits></unitDefinition>
                <unitDefinition id="h"><listOfUnits><unit kind="second" exponent="1" scale="0" multiplier="3600"/></listOfUnits></unitDefinition>
                <unitDefinition id="fl"><listOfUnits><unit kind="metre" exponent="3" scale="-6" multiplier="1"/></listOfUnits></unitDefinition>
                </listOfUnitDefinitions>
                <listOfCompartments><compartment id="cell" spatialDimensions="3" size="2.5" constant="true"/></listOfCompartments>
                <listOfSpecies>
                <species id="A" compartment="cell" initialConcentration="4" hasOnlySubstanceUnits="false" boundaryCondition="false" constant="false" conversionFactor="f"/>
                <species id="B" compartment="cell" initialAmount="INF" hasOnlySubstanceUnits="true" boundaryCondition="true" constant="true"/>
                </listOfSpecies>
                <listOfParameters><parameter id="f" value="7" constant="true"/></listOfParameters>
                """
            ).replacing(
                "<model>",
                with: "<model timeUnits=\"h\" substanceUnits=\"nmol\" volumeUnits=\"fl\" extentUnits=\"nmol\">"))
        #expect(network.compartments == [NetworkCompartment(name: "cell", size: 2.5)])
        #expect(
            network.species == [
                NetworkSpecies(name: "A", compartment: "cell", initial: .concentration(4), conversionFactor: "f"),
                NetworkSpecies(
                    name: "B", compartment: "cell", initial: .amount(.infinity), meaning: .amount, isBoundary: true,
                    isConstant: true),
            ])
        #expect(network.units.time == 3600)
        #expect(abs((network.units.amount ?? 0) / 6.022_140_76e14 - 1) < 1e-15)
        #expect(abs((network.units.volume ?? 0) - 1) < 1e-12)
    }

    @Test func functionsAreWrittenOutInAnyOrder() throws {
        let functions =
            "<listOfFunctionDefinitions>"
            + SBMLSnippet.function(
                "g", ["x"], "<apply><ci>f</ci><ci>x</ci><apply><plus/><ci>x</ci><cn>1</cn></apply></apply>")
            + SBMLSnippet.function("f", ["x", "y"], "<apply><minus/><ci>y</ci><ci>x</ci></apply>")
            + "</listOfFunctionDefinitions>"
        let formula = try SBMLSnippet.formula("<apply><ci>g</ci><ci>k</ci></apply>", before: functions)
        #expect(formula == (.name("k") + .number(1)) - .name("k"))
    }

    @Test func functionArgumentsHideTheModelsNames() throws {
        let functions =
            "<listOfFunctionDefinitions>\(SBMLSnippet.function("f", ["k"], "<apply><times/><ci>k</ci><ci>k</ci></apply>"))"
            + "</listOfFunctionDefinitions>"
        #expect(
            try SBMLSnippet.formula("<apply><ci>f</ci><ci>q</ci></apply>", before: functions) == .name("q") * .name("q")
        )
    }

    @Test(arguments: [
        ("<apply><minus/><ci>k</ci></apply>", Formula.call(.negative, [.name("k")])),
        ("<apply><root/><ci>k</ci></apply>", .call(.root, [.number(2), .name("k")])),
        ("<apply><root/><degree><cn>3</cn></degree><ci>k</ci></apply>", .call(.root, [.number(3), .name("k")])),
        ("<apply><log/><ci>k</ci></apply>", .call(.logarithm, [.number(10), .name("k")])),
        ("<apply><log/><logbase><cn>2</cn></logbase><ci>k</ci></apply>", .call(.logarithm, [.number(2), .name("k")])),
        ("<cn type=\"e-notation\">1.1<sep/>-7</cn>", .number(1.1e-7)),
        ("<cn type=\"rational\">1<sep/>4</cn>", .number(0.25)),
        ("<cn>6000000000</cn>", .number(6e9)),
        ("<cn type=\"integer\">-12</cn>", .number(-12)),
        ("<apply><plus/></apply>", .call(.plus, [])),
        ("<apply><lt/><cn>1</cn><ci>k</ci><cn>3</cn></apply>", .call(.less, [.number(1), .name("k"), .number(3)])),
        ("<apply><lt/><cn>1</cn></apply>", .number(1)),
        (
            "<piecewise><piece><cn>1</cn><true/></piece></piecewise>",
            .piecewise([.init(value: .number(1), condition: .number(1))], otherwise: nil)
        ),
        (
            "<apply><csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/rateOf\">r</csymbol><ci>q</ci></apply>",
            .rate(of: "q")
        ),
        (
            "<apply><csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/delay\">d</csymbol><ci>q</ci><cn>5</cn></apply>",
            .delayed(.name("q"), by: .number(5))
        ),
    ])
    func readsMathML(text: String, formula: Formula) throws {
        #expect(try SBMLSnippet.formula(text) == formula)
    }

    @Test func drawsAreThoseOfTheNamedDistribution() throws {
        let root =
            SBMLSnippet.core
            + " xmlns:d=\"http://www.sbml.org/sbml/level3/version1/distrib/version1\" d:required=\"true\""
        func symbol(_ name: String) -> String {
            "<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/distrib/\(name)\"> any </csymbol>"
        }
        let two = "<ci>k</ci><cn>4</cn>"
        #expect(
            try SBMLSnippet.formula("<apply>\(symbol("normal"))\(two)</apply>", root: root)
                == .draw(.normal, [.name("k"), .number(4)]))
        #expect(
            try SBMLSnippet.formula("<apply>\(symbol("cauchy"))<ci>k</ci></apply>", root: root)
                == .draw(.cauchy, [.number(0), .name("k")]))
        let wrong = SBMLSnippet.problems(SBMLSnippet.rule("<apply>\(symbol("uniform"))<ci>k</ci></apply>", root: root))
        #expect(wrong.map(\.problem) == ["'uniform' with 1 arguments"])
        let unknown = SBMLSnippet.problems(SBMLSnippet.rule("<apply>\(symbol("zipf"))<ci>k</ci></apply>", root: root))
        #expect(unknown.map(\.kind) == [.unsupported])
        let undeclared = SBMLSnippet.problems(SBMLSnippet.rule("<apply>\(symbol("normal"))\(two)</apply>"))
        #expect(undeclared.map(\.kind) == [.unsupported])
    }

    @Test func parametersOfReactionsGetNamesOfTheirOwn() throws {
        let law = "<kineticLaw><math \(SBMLSnippet.mathematics)><ci>k</ci></math>"
        let network = try SBMLSnippet.read(
            SBMLSnippet.document(
                """
                <listOfParameters><parameter id="k" value="1" constant="true"/><parameter id="r_k" value="5" constant="true"/></listOfParameters>
                <listOfReactions>
                <reaction id="r" reversible="false">\(law)<listOfLocalParameters><localParameter id="k" value="2"/></listOfLocalParameters></kineticLaw></reaction>
                <reaction id="s" reversible="false">\(law)</kineticLaw></reaction>
                </listOfReactions>
                """))
        #expect(network.reactions.map(\.rate) == [.name("r_k_"), .name("k")])
        #expect(network.parameters.first { $0.name == "r_k_" }?.value == 2)
    }

    @Test func whatHasNoMathematicsSaysNothing() throws {
        let network = try SBMLSnippet.read(
            SBMLSnippet.document(
                """
                <listOfParameters><parameter id="p" value="1" constant="false"/></listOfParameters>
                <listOfInitialAssignments><initialAssignment symbol="p"/></listOfInitialAssignments>
                <listOfRules><assignmentRule variable="p"/></listOfRules>
                <listOfConstraints><constraint/></listOfConstraints>
                <listOfReactions><reaction id="r" reversible="false"><kineticLaw/></reaction></listOfReactions>
                <listOfEvents><event useValuesFromTriggerTime="true"/></listOfEvents>
                """))
        #expect(network.parameters == [NetworkParameter(name: "p", value: 1, isConstant: false)])
        #expect(network.initialAssignments.isEmpty && network.assignmentRules.isEmpty && network.constraints.isEmpty)
        #expect(network.events.isEmpty)
        #expect(network.reactions.map(\.rate) == [.number(0)])
    }

    @Test func levelsBeforeTheThirdHaveTheirOwnDefaults() throws {
        let first = try SBMLSnippet.read(
            """
            <sbml xmlns="http://www.sbml.org/sbml/level1" level="1" version="2"><model>
            <listOfCompartments><compartment name="c"/></listOfCompartments>
            <listOfSpecies><species name="A" compartment="c" initialAmount="1"/></listOfSpecies>
            <listOfParameters><parameter name="k" value="2"/></listOfParameters>
            <listOfReactions><reaction name="r" reversible="false">
            <listOfReactants><speciesReference species="A" stoichiometry="3" denominator="2"/></listOfReactants>
            <kineticLaw formula="k*A^2"/></reaction></listOfReactions>
            </model></sbml>
            """)
        #expect(first.compartments == [NetworkCompartment(name: "c", size: 1, isConstant: false)])
        #expect(first.reactions[0].reactants == [.init("A", .number(1.5))])
        #expect(first.reactions[0].rate == .name("k") * .call(.power, [.name("A"), .number(2)]))
        let second = try SBMLSnippet.read(
            """
            <sbml xmlns="http://www.sbml.org/sbml/level2/version4" level="2" version="4"><model>
            <listOfParameters><parameter id="p" value="1" constant="false"/></listOfParameters>
            <listOfEvents><event><trigger><math \(SBMLSnippet.mathematics)><true/></math></trigger>
            <listOfEventAssignments><eventAssignment variable="p"><math \(SBMLSnippet.mathematics)><cn>2</cn></math></eventAssignment></listOfEventAssignments>
            </event></listOfEvents></model></sbml>
            """)
        #expect(second.events.map(\.isTrueBefore) == [true])
        #expect(second.events.map(\.usesValuesOfTrigger) == [true])
        #expect(second.units.amount == 6.022_140_76e23 && second.units.volume == 1e15 && second.units.time == 1)
    }
}
