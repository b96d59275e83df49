public import Biology
import Foundation

/// Reaction networks in SBML, Levels 1 to 3, with the packages "comp" (put together) and "distrib" (draws).
///
/// Read with libSBML after a look through the text that keeps harm out. What this program does not do is refused by
/// name; nothing is left out silently that would change a run.
public enum SBMLFile {
    /// Reads a file; files that it is made of are found beside it.
    ///
    /// - Throws: Everything that is wrong with the file, with places where they are known.
    public static func read(_ path: String) throws(NetworkFileProblems) -> ReactionNetwork {
        let text = SBMLText(try bytes(of: path, named: path), file: path)
        guard text.problems.isEmpty else { throw NetworkFileProblems(text.problems) }
        let files = try SBMLExternalFiles(text, path: path)
        defer { files.remove() }
        return try network(files.bytes, text, hasDraws: files.hasDraws)
    }

    /// Whether a file is SBML of the package "qual": a logical network, with levels in place of amounts.
    public static func isLogical(_ path: String) throws(NetworkFileProblems) -> Bool {
        var scanner = XMLScanner(try bytes(of: path, named: path))
        while let event = try? scanner.next() {
            guard case .start(let tag) = event else { continue }
            var packages = SBMLPackages()
            for attribute in tag.attributes {
                packages.read(scanner.text(attribute.name), scanner.text(attribute.value), line: 0, column: 0)
            }
            return packages.isPresent("qual")
        }
        return false
    }

    /// Where a file says something of any of these names, from 1: in a rule or event that gives one its value, or else
    /// where one is declared; `nil` where it does not.
    public static func place(ofAny names: Set<String>, in path: String) -> (line: Int, column: Int)? {
        guard let bytes = try? bytes(of: path, named: path) else { return nil }
        var scanner = XMLScanner(bytes)
        var declared: Int?
        var lines = LineTable()
        while let event = try? scanner.next() {
            guard case .start(let tag) = event else { continue }
            for attribute in tag.attributes where names.contains(scanner.text(attribute.value)) {
                let key = scanner.text(attribute.name)
                if key == "variable" { return lines.place(tag.whole.lowerBound, in: bytes) }
                if key == "id", declared == nil { declared = tag.whole.lowerBound }
            }
        }
        return declared.map { lines.place($0, in: bytes) }
    }

    /// Reads a text that is one file; `name` is for messages.
    public static func read(text bytes: [UInt8], named name: String) throws(NetworkFileProblems) -> ReactionNetwork {
        let text = SBMLText(bytes, file: name)
        guard text.problems.isEmpty else { throw NetworkFileProblems(text.problems) }
        if let external = text.composition.externals.first {
            var told = text
            told.report(
                .malformed, external.place, "the source '\(external.source)' of a text without a folder",
                "read it from a file")
            throw NetworkFileProblems(told.problems)
        }
        var assembly = SBMLAssembly(files: [name: text.composition], sources: [:])
        do {
            _ = try assembly.size(of: name)
        } catch {
            var told = text
            told.report(.malformed, error.place, error.problem, "take the submodel out")
            throw NetworkFileProblems(told.problems)
        }
        return try network(text.bytes, text, hasDraws: text.hasDraws)
    }

    private static func network(
        _ bytes: [UInt8], _ text: SBMLText, hasDraws: Bool
    ) throws(NetworkFileProblems) -> ReactionNetwork {
        try LibSBML.use(for: text.file) { library throws(NetworkFileProblems) in
            var reading = try SBMLReading(library, bytes, text, hasDraws: hasDraws)
            return try reading.wholeNetwork()
        }
    }

    /// The bytes of a plain file that is not too large.
    static func bytes(of path: String, named name: String) throws(NetworkFileProblems) -> [UInt8] {
        func refuse(_ problem: String, _ fix: String) -> NetworkFileProblems {
            NetworkFileProblems([NetworkFileProblem(.malformed, file: name, problem: problem, fix: fix)])
        }
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: real) else {
            throw refuse("there is no such file", "give the path of a file")
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw refuse("this is not a file", "give the path of a file")
        }
        if let size = attributes[.size] as? Int, size > SBMLText.mostBytes {
            throw refuse(
                "\(size) bytes are too many for a model: at most \(SBMLText.mostBytes)",
                "take the annotations out, or split the model")
        }
        guard let data = FileManager.default.contents(atPath: real) else {
            throw refuse("this file cannot be read", "check that you may read it")
        }
        return [UInt8](data)
    }
}
