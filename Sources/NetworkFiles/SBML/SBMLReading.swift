import Biology
import CSBML

/// One document on its way to a network: what has been read, and everything wrong so far.
struct SBMLReading {
    let text: SBMLText
    let document: SBMLDocument
    let model: SBMLElement
    let level: Int
    var network: ReactionNetwork
    var names = SBMLNames()
    var formulas = SBMLFormulas()
    private(set) var problems: [NetworkFileProblem] = []
    /// Flattened models and their submodels do not know the places of their parts in the file.
    private let isComposed: Bool

    var call: CSBMLFunctions { document.library.call }

    init(
        _ library: LibSBML, _ bytes: [UInt8], _ text: SBMLText, hasDraws: Bool
    ) throws(NetworkFileProblems) {
        self.text = text
        guard let document = SBMLDocument(library, reading: bytes) else {
            throw Self.whole(text.file, "libSBML cannot read this file")
        }
        self.document = document
        let faults = Self.faults(of: document, text.file)
        guard faults.isEmpty else { throw NetworkFileProblems(faults) }
        isComposed = text.packages.isPresent("comp")
        if isComposed { try Self.flatten(document, text.file, validating: !hasDraws) }
        guard let model = unsafe document.element.part(library.call.SBMLDocument_getModel) else {
            throw Self.whole(text.file, "there is no <model> in this file")
        }
        self.model = model
        level = unsafe Int(library.call.SBMLDocument_getLevel(document.element.pointer))
        network = ReactionNetwork(name: unsafe model.text(library.call.Model_getId))
    }

    static func whole(_ file: String, _ problem: String) -> NetworkFileProblems {
        NetworkFileProblems([
            NetworkFileProblem(.malformed, file: file, problem: problem, fix: "check the file with an SBML validator")
        ])
    }

    /// What the library calls errors.
    static func faults(of document: SBMLDocument, _ file: String) -> [NetworkFileProblem] {
        let call = document.library.call
        let all = unsafe document.element.parts(call.SBMLDocument_getNumErrors, call.SBMLDocument_getError)
        return all.compactMap { fault in
            // 2 is an error, 3 fatal; less are warnings.
            guard unsafe call.XMLError_getSeverity(fault.pointer) >= 2 else { return nil }
            let words = unsafe fault.text(call.XMLError_getMessage).split(whereSeparator: \.isWhitespace)
            return unsafe NetworkFileProblem(
                .malformed, file: file, line: Int(call.XMLError_getLine(fault.pointer)),
                column: Int(call.XMLError_getColumn(fault.pointer)), problem: words.joined(separator: " "),
                fix: "see rule \(call.XMLError_getErrorId(fault.pointer)) of the SBML specification")
        }
    }

    /// Puts the models of the package "comp" together into one.
    private static func flatten(
        _ document: SBMLDocument, _ file: String, validating: Bool
    ) throws(NetworkFileProblems) {
        let call = document.library.call
        let options = unsafe call.ConversionProperties_create()
        defer { unsafe call.ConversionProperties_free(options) }
        unsafe call.ConversionProperties_addOptionWithKey(options, "flatten comp")
        unsafe call.ConversionProperties_setBoolValue(options, "flatten comp", 1)
        unsafe call.ConversionProperties_addOptionWithKey(options, "performValidation")
        unsafe call.ConversionProperties_setBoolValue(options, "performValidation", validating ? 1 : 0)
        // 0 is LIBSBML_OPERATION_SUCCESS.
        guard unsafe call.SBMLDocument_convert(document.element.pointer, options) == 0 else {
            let faults = Self.faults(of: document, file)
            throw faults.isEmpty
                ? whole(file, "the models of the package 'comp' cannot be put together") : NetworkFileProblems(faults)
        }
    }

    /// Puts down a problem at an element of the document.
    mutating func report(
        _ problem: String, at element: SBMLElement, _ kind: NetworkFileProblem.Kind = .malformed, fix: String
    ) {
        let (line, column) = isComposed ? (0, 0) : element.place
        problems.append(
            NetworkFileProblem(kind, file: text.file, line: line, column: column, problem: problem, fix: fix))
    }

    /// Everything, or every problem.
    mutating func wholeNetwork() throws(NetworkFileProblems) -> ReactionNetwork {
        readNames()
        readFunctions()
        readUnits()
        readCompartments()
        readSpecies()
        readParameters()
        readReactions()
        readAssignments()
        readEvents()
        readConstraints()
        guard problems.isEmpty else { throw NetworkFileProblems(problems) }
        return network
    }
}
