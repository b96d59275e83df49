public import Biology

extension ParameterCatalogue {
    /// This catalogue for a model file that pins it: "builtin@2026.2".
    ///
    /// Another catalogue or version throws what to do.
    public func reader(pinned pin: String) throws(TextProblem) -> CatalogueReader {
        let parts = pin.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let here = "builtin@\(ParameterCatalogue.builtinVersion)"
        guard parts.count == 2, parts[0] == "builtin", !parts[1].isEmpty else {
            throw TextProblem(
                offset: 0, problem: "'\(excerpt(pin))' names no version of a catalogue", fix: "write it as \(here)")
        }
        guard parts[1] == ParameterCatalogue.builtinVersion || parts[1] == version else {
            let isOverlaid = parts[1].hasPrefix(ParameterCatalogue.builtinVersion + "+")
            throw TextProblem(
                offset: "builtin@".count,
                problem: isOverlaid
                    ? "the tables laid over the catalogue are not those of version '\(excerpt(parts[1]))'"
                    : "this program has version \(ParameterCatalogue.builtinVersion) of the catalogue, not '\(excerpt(parts[1]))'",
                fix: isOverlaid
                    ? "give those tables with --catalogue FOLDER, or write '\(here)'"
                    : "write '\(here)' and check what it changes, or use the program that has version \(excerpt(parts[1]))"
            )
        }
        let numbers = ModelNumbers(self)
        return CatalogueReader(
            version: "builtin@\(version)", identity: { numbers.identity($0, $1) },
            receptors: { numbers.signalling($0) }, answer: { numbers.answer($0) })
    }
}
