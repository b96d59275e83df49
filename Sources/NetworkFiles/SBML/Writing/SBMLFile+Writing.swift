public import Biology
import CSBML

extension SBMLFile {
    /// A network as a text in SBML Level 3 Version 2, with the package "distrib" where it draws random numbers.
    ///
    /// libSBML has checked the text by its own rules (without those on units and on style). Names that are no ids in
    /// SBML get ids like them and stay as names.
    ///
    /// - Throws: What Level 3 Version 2 cannot say, or what libSBML finds wrong.
    public static func text(of network: ReactionNetwork) throws(NetworkFileProblems) -> String {
        let file = network.name.isEmpty ? "the network" : network.name
        if let fast = network.reactions.first(where: \.isFast) {
            throw NetworkFileProblems([
                NetworkFileProblem(
                    .unsupported, file: file,
                    problem: "the fast reaction '\(fast.name)', which SBML Level 3 Version 2 does not have",
                    fix: "write an algebraic rule for its equilibrium, or give it a large rate")
            ])
        }
        var writing = SBMLWriting(network)
        let text = writing.text()
        let checked = SBMLText([UInt8](text.utf8), file: file)
        guard checked.problems.isEmpty else { throw NetworkFileProblems(checked.problems) }
        try LibSBML.use(for: file) { library throws(NetworkFileProblems) in
            let faults = try SBMLReading.faults(checking: checked, library)
            guard faults.isEmpty else { throw NetworkFileProblems(faults) }
        }
        return text
    }
}

extension SBMLReading {
    /// What libSBML finds wrong with a text by its rules, but for units and style.
    static func faults(
        checking text: SBMLText, _ library: LibSBML
    ) throws(NetworkFileProblems) -> [NetworkFileProblem] {
        guard let document = SBMLDocument(library, reading: text.bytes) else {
            throw whole(text.file, "libSBML cannot read this file")
        }
        for category in [LIBSBML_CAT_UNITS_CONSISTENCY, LIBSBML_CAT_MODELING_PRACTICE] {
            unsafe library.call.SBMLDocument_setConsistencyChecks(document.element.pointer, category, 0)
        }
        _ = unsafe library.call.SBMLDocument_checkConsistency(document.element.pointer)
        // libSBML does not know the functions that stand for draws.
        return faults(of: document, text.file).filter { !(text.hasDraws && $0.problem.contains(SBMLDraw.prefix)) }
    }
}
