import Biology
import Foundation
import NetworkFiles
import Testing

/// Models of models: put together, but never without bound and never from elsewhere.
@Suite struct SBMLCompositionTests {
    private static let root =
        SBMLSnippet.core
        + " xmlns:comp=\"http://www.sbml.org/sbml/level3/version1/comp/version1\" comp:required=\"true\""

    private static func document(_ body: String, _ definitions: String) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml \(root)>\n<model id=\"m\">\n\(body)\n</model>\n\(definitions)\n</sbml>\n"
    }

    private static func submodels(_ names: [String]) -> String {
        let all = names.enumerated().map { "<comp:submodel comp:id=\"s\($0)\" comp:modelRef=\"\($1)\"/>" }
        return "<comp:listOfSubmodels>\(all.joined())</comp:listOfSubmodels>"
    }

    private static func definition(_ name: String, _ body: String) -> String {
        "<comp:modelDefinition id=\"\(name)\">\(body)</comp:modelDefinition>"
    }

    private static let part =
        "<listOfParameters><parameter id=\"p\" value=\"3\" constant=\"true\"/></listOfParameters>"

    private static func external(_ source: String) -> String {
        "<comp:listOfExternalModelDefinitions>"
            + "<comp:externalModelDefinition comp:id=\"e\" comp:source=\"\(source)\"/>"
            + "</comp:listOfExternalModelDefinitions>"
    }

    /// A folder of its own with these files; gives the path of the first.
    private func folder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "sbml-test-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: place) }
        for (name, text) in files {
            let file = place.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try body(place.path)
    }

    private func problem(_ path: String) -> String {
        do {
            _ = try SBMLFile.read(path)
            return ""
        } catch {
            return error.problems[0].problem
        }
    }

    @Test func submodelsBecomeOneNetwork() throws {
        let text = Self.document(
            Self.submodels(["d", "d"]),
            "<comp:listOfModelDefinitions>\(Self.definition("d", Self.part))</comp:listOfModelDefinitions>")
        #expect(try SBMLSnippet.read(text).parameters.map(\.name) == ["s0__p", "s1__p"])
    }

    @Test func aModelInAnotherFileIsRead() throws {
        let main = Self.document(Self.submodels(["e"]), Self.external("parts/part.xml"))
        try folder(["main.xml": main, "parts/part.xml": SBMLSnippet.document(Self.part)]) { folder in
            let network = try SBMLFile.read("\(folder)/main.xml")
            #expect(network.parameters.map(\.name) == ["s0__p"])
        }
    }

    @Test(arguments: [
        "../outside.xml", "/etc/passwd", "file:///etc/passwd", "http://example.org/a.xml", "a%2e.xml", "link.xml",
        "missing.xml", "",
    ])
    func sourcesElsewhereAreRefused(source: String) throws {
        let main = Self.document(Self.submodels(["e"]), Self.external(source))
        let part = SBMLSnippet.document(Self.part)
        try folder(["in/main.xml": main, "outside.xml": part]) { folder in
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/in/link.xml", withDestinationPath: "\(folder)/outside.xml")
            #expect(problem("\(folder)/in/main.xml") != "")
        }
    }

    @Test func harmInAnotherFileIsFound() throws {
        let main = Self.document(Self.submodels(["e"]), Self.external("part.xml"))
        let part = "<!DOCTYPE sbml [<!ENTITY a \"b\">]>" + SBMLSnippet.document(Self.part)
        try folder(["main.xml": main, "part.xml": part]) { folder in
            #expect(problem("\(folder)/main.xml").contains("document type"))
        }
    }

    @Test func submodelsThatGrowAreRefused() {
        let definitions = (1...30).map {
            Self.definition("d\($0)", Self.submodels(["d\($0 - 1)", "d\($0 - 1)"]))
        }
        let text = Self.document(
            Self.submodels(["d30"]),
            "<comp:listOfModelDefinitions>\(Self.definition("d0", Self.part))\(definitions.joined())"
                + "</comp:listOfModelDefinitions>")
        #expect(
            SBMLSnippet.problems(text).map(\.problem) == ["with its submodels the model has more than 300000 elements"]
        )
    }

    @Test func aModelThatIsPartOfItselfIsRefused() throws {
        let text = Self.document(
            Self.submodels(["d"]),
            "<comp:listOfModelDefinitions>\(Self.definition("d", Self.submodels(["d"])))</comp:listOfModelDefinitions>")
        #expect(SBMLSnippet.problems(text).map(\.problem) == ["the submodel 'd' is part of itself"])
        let main = Self.document(Self.submodels(["e"]), Self.external("main.xml"))
        try folder(["main.xml": main]) { folder in
            #expect(problem("\(folder)/main.xml").contains("part of itself"))
        }
    }
}
