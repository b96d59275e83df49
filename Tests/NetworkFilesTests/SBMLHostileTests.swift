import Biology
import Foundation
import NetworkFiles
import Networks
import Testing

/// Texts made to harm: each must end in a located problem, in bounded time and memory.
@Suite struct SBMLHostileTests {
    /// That the text is refused with these words, at a line.
    private func expect(
        _ text: String, says words: String, line: Int, _ place: SourceLocation = #_sourceLocation
    ) {
        let problems = SBMLSnippet.problems(text)
        #expect(problems.first?.problem.contains(words) == true, "\(problems.prefix(2))", sourceLocation: place)
        #expect(problems.first?.line == line, "\(problems.prefix(2))", sourceLocation: place)
        #expect(problems.allSatisfy { !$0.fix.isEmpty }, sourceLocation: place)
    }

    @Test func entitiesAreRefused() {
        let bomb =
            "<?xml version=\"1.0\"?>\n<!DOCTYPE sbml [\n<!ENTITY a \"aaaaaaaaaa\">\n<!ENTITY b \"&a;&a;&a;&a;&a;\">]>\n"
        expect(bomb + SBMLSnippet.document("&b;"), says: "document type", line: 2)
        expect(SBMLSnippet.document("<notes>&b;</notes>"), says: "'&'", line: 4)
        expect(
            "<!DOCTYPE sbml SYSTEM \"file:///etc/passwd\">" + SBMLSnippet.document(""), says: "document type", line: 1)
    }

    @Test func depthIsBounded() {
        let deep = String(repeating: "<apply><minus/>", count: 100_000) + "<ci>k</ci>"
        expect(SBMLSnippet.rule(deep), says: "inside each other", line: 6)
        let notes = String(repeating: "<p>", count: 100_000)
        expect(SBMLSnippet.document("<notes>\(notes)"), says: "inside each other", line: 4)
    }

    @Test func theDeepestAllowedFormulaIsRead() throws {
        let levels = 380
        let deep =
            String(repeating: "<apply><minus/>", count: levels) + "<ci>k</ci>"
            + String(repeating: "</apply>", count: levels)
        var formula = try #require(try SBMLSnippet.formula(deep))
        var depth = 0
        while case .call(.negative, let inner) = formula { (formula, depth) = (inner[0], depth + 1) }
        #expect(depth == levels)
    }

    /// libSBML hands out a sum of many terms as deep as it is long.
    @Test(arguments: [("plus", 40_000.0), ("times", .infinity), ("and", 1), ("max", 2)])
    func longSumsAreNotDeep(operation: String, value: Double) throws {
        let terms = String(repeating: "<ci>k</ci>", count: 20_000)
        let network = try SBMLSnippet.read(SBMLSnippet.rule("<apply><\(operation)/>\(terms)</apply>"))
        #expect(network.assignmentRules[0].formula.parts.count == 20_000)
        let course = try OrdinaryCourse(network).run(
            CourseRequest(times: [0], outputs: [CourseRequest.Output("p")]), relative: 1e-6, absolute: 1e-9, seed: 1)
        #expect(course.values == [value])
    }

    @Test func sizeIsBounded() {
        let many = String(repeating: "<compartment/>", count: 1_000_001)
        expect(
            SBMLSnippet.document("<listOfCompartments>\(many)</listOfCompartments>"), says: "elements and attributes",
            line: 4)
        let wide = "<compartment " + (0..<70).map { "a\($0)=\"\"" }.joined(separator: " ") + "/>"
        expect(SBMLSnippet.document(wide), says: "64 attributes", line: 4)
    }

    @Test(arguments: ["1e999", "-1e999", "0x10", "1e", "nan", "inf", "١", "1,5", "", "1 2"])
    func numbersThatDoNotFitAreRefused(number: String) {
        let text = "<listOfParameters>\n<parameter id=\"a\" value=\"\(number)\" constant=\"true\"/></listOfParameters>"
        let problems = SBMLSnippet.problems(SBMLSnippet.document(text))
        #expect(problems.map(\.line) == [5])
        #expect(problems.map(\.column) == [19])
        #expect(!SBMLSnippet.problems(SBMLSnippet.rule("<cn>\(number)</cn>")).isEmpty)
    }

    @Test(arguments: [
        "<cn type=\"integer\">99999999999999999999</cn>", "<cn type=\"e-notation\">1<sep/>999999999999</cn>",
        "<cn type=\"e-notation\">1<sep/>400</cn>", "<cn type=\"rational\">1<sep/>0</cn>", "<cn type=\"hex\">1</cn>",
        "<cn>1<sep/>2</cn>",
    ])
    func giganticExponentsAreRefused(number: String) {
        #expect(SBMLSnippet.problems(SBMLSnippet.rule(number)).map(\.line) == [6])
    }

    @Test func hugeScalesAreRefused() {
        let unit = "<unit kind=\"mole\" exponent=\"1\" scale=\"2000000000\" multiplier=\"1\"/>"
        expect(
            SBMLSnippet.document(
                "<listOfUnitDefinitions><unitDefinition id=\"u\"><listOfUnits>\n\(unit)\n</listOfUnits></unitDefinition></listOfUnitDefinitions>"
            ), says: "too large", line: 5)
    }

    @Test func valuesThatAreNoNumbersArePassedOn() throws {
        let text = "<listOfParameters><parameter id=\"a\" value=\"NaN\" constant=\"true\"/></listOfParameters>"
        let network = try SBMLSnippet.read(SBMLSnippet.document(text))
        #expect(network.parameters[0].value?.isNaN == true)
    }

    @Test func functionsThatGrowAreRefused() {
        let doubling = (1...60).map {
            SBMLSnippet.function(
                "f\($0)", ["x"],
                "<apply><plus/><apply><ci>f\($0 - 1)</ci><ci>x</ci></apply><apply><ci>f\($0 - 1)</ci><ci>x</ci></apply></apply>"
            )
        }
        let functions = [SBMLSnippet.function("f0", ["x"], "<ci>x</ci>")] + doubling
        let text = SBMLSnippet.rule(
            "<apply><ci>f60</ci><ci>k</ci></apply>",
            before: "<listOfFunctionDefinitions>\(functions.joined())</listOfFunctionDefinitions>")
        expect(text, says: "written out", line: 4)
    }

    @Test func functionsThatCallThemselvesAreRefused() {
        let functions =
            SBMLSnippet.function("f", ["x"], "<apply><ci>g</ci><ci>x</ci></apply>")
            + SBMLSnippet.function("g", ["x"], "<apply><ci>f</ci><ci>x</ci></apply>")
        expect(
            SBMLSnippet.rule(
                "<cn>1</cn>", before: "<listOfFunctionDefinitions>\(functions)</listOfFunctionDefinitions>"),
            says: "calls itself", line: 4)
    }

    @Test(arguments: 0..<40) func aTruncatedFileIsRefused(cut: Int) {
        let whole = Array(SBMLSnippet.rule("<apply><plus/><ci>k</ci><cn>1</cn></apply>").utf8)
        let problems = SBMLSnippet.problems(Array(whole.prefix(whole.count * cut / 40)))
        #expect(!problems.isEmpty)
    }

    /// Every byte of a text changed, one at a time: read or refused, and never a crash.
    @Test func changedBytesDoNotCrash() {
        let whole = Array(
            SBMLSnippet.rule("<apply><plus/><ci>k</ci><cn type=\"e-notation\">1<sep/>2</cn></apply>").utf8)
        var refused = 0
        for place in whole.indices {
            for byte in [UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "9"), 0xFF, 0] {
                var text = whole
                text[place] = byte
                refused += SBMLSnippet.problems(text).isEmpty ? 0 : 1
            }
        }
        #expect(refused > whole.count * 2)
    }

    @Test func otherEncodingsAreRefused() {
        expect("", says: "no element", line: 1)
        expect("{\"json\": 1}", says: "outside the root", line: 1)
        expect("<html></html>", says: "not <sbml>", line: 1)
        expect("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<sbml/>", says: "encoding", line: 1)
        let text = SBMLSnippet.document("")
        #expect(
            !SBMLSnippet.problems([0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }).isEmpty)
        #expect(!SBMLSnippet.problems(Array(text.utf8) + [0]).isEmpty)
        #expect(!SBMLSnippet.problems(Array("<sbml>é".unicodeScalars.map { UInt8($0.value) })).isEmpty)
        #expect(SBMLSnippet.problems([0xEF, 0xBB, 0xBF] + Array(text.utf8)).isEmpty)
    }

    @Test(arguments: [
        ("spatial", "required"), ("arrays", "required"), ("multi", "required"), ("qual", "required"),
        ("unheardof", "required"),
    ])
    func requiredPackagesAreRefusedByName(package: String, required: String) {
        let root =
            SBMLSnippet.core
            + " xmlns:x=\"http://www.sbml.org/sbml/level3/version1/\(package)/version1\" x:\(required)=\"true\""
        let problems = SBMLSnippet.problems(SBMLSnippet.document("", root: root))
        #expect(problems.map(\.kind) == [.unsupported])
        #expect(problems.first?.problem.contains("'\(package)'") == true)
    }

    @Test func everythingWrongIsSaidAtOnce() {
        let problems = SBMLSnippet.problems(
            SBMLSnippet.document(
                """
                <listOfParameters><parameter id="a" constant="true"/><parameter id="a" constant="true"/></listOfParameters>
                <listOfRules>
                <rateRule variable="a"><math \(SBMLSnippet.mathematics)><ci>nothing</ci></math></rateRule>
                <rateRule variable="b"><math \(SBMLSnippet.mathematics)><cn>1</cn></math></rateRule>
                </listOfRules>
                """))
        #expect(problems.map(\.line) == [4, 6, 7])
        #expect(problems.allSatisfy { $0.column > 0 })
    }
}
