import Biology
import NetworkFiles

/// Small texts in SBML for tests.
enum SBMLSnippet {
    static let core = "xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\""
    static let mathematics = "xmlns=\"http://www.w3.org/1998/Math/MathML\""

    /// A Level 3 document with this inside its model.
    static func document(_ body: String, root: String = core) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml \(root)>\n<model>\n\(body)\n</model>\n</sbml>\n"
    }

    /// A document whose parameter "p" has this for its assignment rule.
    static func rule(_ formula: String, before: String = "", root: String = core) -> String {
        document(
            """
            \(before)
            <listOfParameters><parameter id="p" constant="false"/><parameter id="k" value="2" constant="true"/>\
            <parameter id="q" value="3" constant="false"/></listOfParameters>
            <listOfRules><assignmentRule variable="p"><math \(mathematics)>\(formula)</math></assignmentRule></listOfRules>
            """, root: root)
    }

    static func function(_ name: String, _ arguments: [String], _ body: String) -> String {
        let bound = arguments.map { "<bvar><ci>\($0)</ci></bvar>" }.joined()
        return
            "<functionDefinition id=\"\(name)\"><math \(mathematics)><lambda>\(bound)\(body)</lambda></math></functionDefinition>"
    }

    static func read(_ text: String) throws(NetworkFileProblems) -> ReactionNetwork {
        try SBMLFile.read(text: Array(text.utf8), named: "test.xml")
    }

    /// The formula that the reader makes of some MathML.
    static func formula(_ mathML: String, before: String = "", root: String = core) throws -> Formula? {
        try read(rule(mathML, before: before, root: root)).assignmentRules.first?.formula
    }

    /// The problems of a text, none where it is read.
    static func problems(_ text: String) -> [NetworkFileProblem] {
        problems(Array(text.utf8))
    }

    static func problems(_ bytes: [UInt8]) -> [NetworkFileProblem] {
        do {
            _ = try SBMLFile.read(text: bytes, named: "test.xml")
            return []
        } catch {
            return error.problems
        }
    }
}
