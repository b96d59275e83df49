import Biology
import Foundation
import Testing

@testable import NetworkFiles
@testable import Networks

@Suite struct QualFileTests {
    /// A signal with three levels that its target follows from level 2 on, and that falls with the target.
    private static func text(
        effect: String = "assignmentLevel", input: String = "none",
        condition: String = "<geq/><ci>signal</ci><cn>2</cn>",
        level: String = "1"
    ) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
          xmlns:qual="http://www.sbml.org/sbml/level3/version1/qual/version1" qual:required="true">
        <model id="steps"><annotation><a><b>anything</b></a></annotation>
        <qual:listOfQualitativeSpecies>
        <qual:qualitativeSpecies qual:id="signal" qual:maxLevel="2" qual:initialLevel="0" qual:constant="false"/>
        <qual:qualitativeSpecies qual:id="target" qual:maxLevel="1" qual:constant="false"/>
        </qual:listOfQualitativeSpecies><qual:listOfTransitions>
        <qual:transition><qual:listOfInputs>
        <qual:input qual:id="in" qual:qualitativeSpecies="target" qual:transitionEffect="none" qual:thresholdLevel="1"/>
        </qual:listOfInputs><qual:listOfOutputs>
        <qual:output qual:qualitativeSpecies="signal" qual:transitionEffect="assignmentLevel"/>
        </qual:listOfOutputs><qual:listOfFunctionTerms><qual:defaultTerm qual:resultLevel="2"/>
        <qual:functionTerm qual:resultLevel="0"><math xmlns="http://www.w3.org/1998/Math/MathML">
        <apply><geq/><ci>target</ci><ci>in</ci></apply></math></qual:functionTerm>
        </qual:listOfFunctionTerms></qual:transition>
        <qual:transition><qual:listOfInputs>
        <qual:input qual:qualitativeSpecies="signal" qual:transitionEffect="\(input)"/>
        </qual:listOfInputs><qual:listOfOutputs>
        <qual:output qual:qualitativeSpecies="target" qual:transitionEffect="\(effect)"/>
        </qual:listOfOutputs><qual:listOfFunctionTerms><qual:defaultTerm qual:resultLevel="0"/>
        <qual:functionTerm qual:resultLevel="\(level)"><math xmlns="http://www.w3.org/1998/Math/MathML">
        <apply>\(condition)</apply></math></qual:functionTerm>
        </qual:listOfFunctionTerms></qual:transition>
        </qual:listOfTransitions></model></sbml>
        """
    }

    private static func read(_ text: String) throws -> BooleanNetwork {
        try BooleanNetworkFile.read(text: Array(text.utf8), file: "q.sbml", name: "q").network
    }

    @Test func levelsMoveOneAtATime() throws {
        let network = try Self.read(Self.text())
        #expect(network.name == "steps")
        #expect(network.nodes.map(\.highestLevel) == [2, 1])
        let program = try BooleanProgram(network)
        let path = try program.path(from: program.state())
        // (signal, target): the signal climbs, the target follows, the signal falls, and so on.
        let levels = path.states.map { [program.level(0, in: $0), program.level(1, in: $0)] }
        #expect(levels == [[0, 0], [1, 0], [2, 0], [2, 1], [1, 1]])
        #expect(path.cycleStart == 0)
        let search = try AttractorSearch(network)
        let attractors = search.synchronous()
        #expect(attractors.coverage == .all(states: 6))
        #expect(attractors.found.map(\.size) == [5])
        let one = search.asynchronous()
        #expect(one.found.map(\.size) == [6])
        #expect(search.fixedPoints() == FixedPoints(states: [], isComplete: true))
    }

    @Test func whatIsNotDoneIsRefusedByName() {
        let cases: [(String, String)] = [
            (Self.text(effect: "production"), "produced"), (Self.text(input: "consumption"), "consumed"),
            (Self.text(condition: "<sin/><ci>signal</ci>"), "<sin>"), (Self.text(level: "2"), "above its highest"),
            (Self.text(condition: "<geq/><ci>signa</ci><cn>2</cn>"), "no species 'signa'"),
            (Self.text().replacing("<sbml", with: "<!DOCTYPE a [<!ENTITY b \"c\">]><sbml"), "document type"),
            (
                Self.text().replacing("</model>", with: "<listOfRules><rateRule/></listOfRules></model>"),
                "<listOfRules>"
            ),
        ]
        for (text, words) in cases {
            do {
                _ = try Self.read(text)
                Issue.record("'\(words)' was read")
            } catch {
                #expect("\(error)".contains(words))
                #expect("\(error)".firstMatch(of: /q\.sbml:\d+:\d+:/) != nil)
            }
        }
    }

    @Test func publishedModelsOfCD4CellsAreRead() throws {
        for (name, nodes) in [
            ("CD4_plasticity_qual.sbml", 18), ("BIOMD0000000592_MartinezSanchez2015_CD4_qual.xml", 10),
        ] {
            guard let path = ThNetwork.published(name) else {
                print("skipped: no ../shared/models beside the repository")
                return
            }
            let network = try BooleanNetworkFile.read(path).network
            #expect(network.nodes.count == nodes)
            let search = try AttractorSearch(network)
            let fixed = search.fixedPoints()
            let attractors = search.synchronous()
            #expect(fixed.isComplete && fixed.states.count > 1)
            #expect(Set(attractors.found.filter { $0.size == 1 }.flatMap(\.states)) == Set(fixed.states))
            #expect(abs(attractors.found.reduce(0) { $0 + $1.basin } - 1) < 1e-9)
        }
    }
}
