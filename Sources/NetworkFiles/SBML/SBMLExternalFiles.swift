import Foundation

/// The other files that an SBML file is made of ("ExternalModelDefinition"), each looked through, in a folder of their
/// own: libSBML opens these copies and nothing else.
struct SBMLExternalFiles {
    /// Chosen: no composed model seen has ten.
    static let mostFiles = 100

    /// The main file's text, its sources leading to the copies.
    let bytes: [UInt8]
    let hasDraws: Bool
    private let folder: String?

    /// Reads all that a file leads to and puts copies down; a source that leaves the file's folder is a problem.
    init(_ main: SBMLText, path: String) throws(NetworkFileProblems) {
        var gathering = Gathering(main, path: path)
        gathering.readAll()
        gathering.checkSize()
        guard gathering.problems.isEmpty else { throw NetworkFileProblems(gathering.problems) }
        hasDraws = gathering.texts.values.contains { $0.hasDraws }
        guard gathering.texts.count > 1 else {
            (bytes, folder) = (main.bytes, nil)
            return
        }
        guard let folder = SBMLExternalFiles.newFolder() else {
            throw NetworkFileProblems([
                NetworkFileProblem(
                    .malformed, file: path, problem: "no folder for the files that this one is made of can be made",
                    fix: "free some space in the folder for temporary files")
            ])
        }
        self.folder = folder
        var copies: [String: String] = [:]
        for (index, file) in gathering.order.enumerated() { copies[file] = "\(folder)/\(index).xml" }
        var mainBytes = main.bytes
        for file in gathering.order {
            guard let text = gathering.texts[file], let copy = copies[file] else { continue }
            let bytes = SBMLExternalFiles.redirected(text, gathering.sources[file] ?? [:], copies)
            if file == gathering.order[0] {
                mainBytes = bytes
            } else if !FileManager.default.createFile(atPath: copy, contents: Data(bytes)) {
                throw NetworkFileProblems([
                    NetworkFileProblem(
                        .malformed, file: path, problem: "no copy of '\(file)' can be written",
                        fix: "free some space in the folder for temporary files")
                ])
            }
        }
        bytes = mainBytes
    }

    /// Takes the copies away.
    func remove() {
        guard let folder else { return }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func newFolder() -> String? {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("paracrine-sbml-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(
                at: base, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            return nil
        }
        return base.path
    }

    private static func redirected(
        _ text: SBMLText, _ sources: [String: String], _ copies: [String: String]
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        var from = 0
        for external in text.composition.externals {
            guard let file = sources[external.source], let copy = copies[file] else { continue }
            bytes += text.bytes[from..<external.sourceRange.lowerBound]
            bytes += Array(copy.utf8)
            from = external.sourceRange.upperBound
        }
        return bytes + text.bytes[from...]
    }
}

/// Reads files until no source leads to a new one.
private struct Gathering {
    /// By full path; the main file's first in `order`.
    var texts: [String: SBMLText] = [:]
    var order: [String] = []
    /// Of each file: its sources and where they lead.
    var sources: [String: [String: String]] = [:]
    var problems: [NetworkFileProblem] = []
    private let home: String

    init(_ main: SBMLText, path: String) {
        let full = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        home = String(full[..<(full.lastIndex(of: "/") ?? full.startIndex)]) + "/"
        texts[full] = main
        order = [full]
    }

    mutating func readAll() {
        var next = 0
        while next < order.count {
            let file = order[next]
            next += 1
            guard let text = texts[file] else { continue }
            for external in text.composition.externals { take(external, of: file, text) }
        }
    }

    private mutating func take(_ external: SBMLComposition.External, of file: String, _ text: SBMLText) {
        guard sources[file]?[external.source] == nil else { return }
        switch resolve(external.source, beside: file) {
        case .failure(let problem): report(text, external.place, problem.text)
        case .success(let path):
            sources[file, default: [:]][external.source] = path
            guard texts[path] == nil else { return }
            guard order.count < SBMLExternalFiles.mostFiles else {
                report(text, external.place, "more than \(SBMLExternalFiles.mostFiles) files make up the model")
                return
            }
            let name = path.hasPrefix(home) ? String(path.dropFirst(home.count)) : path
            do {
                let read = SBMLText(try SBMLFile.bytes(of: path, named: name), file: name)
                problems += read.problems
                texts[path] = read
                order.append(path)
            } catch {
                problems += error.problems
            }
        }
    }

    private struct Refusal: Error { let text: String }

    /// The file a source means: a relative path without tricks, to a file in the main file's folder or below.
    private func resolve(_ source: String, beside file: String) -> Result<String, Refusal> {
        let plain = source.hasPrefix("file:") && !source.hasPrefix("file:/") ? String(source.dropFirst(5)) : source
        let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/ ")
        guard !plain.isEmpty, !plain.hasPrefix("/"), plain.allSatisfy(letters.contains) else {
            return .failure(
                Refusal(text: "the source '\(source.prefix(200))' is not the name of a file beside this one"))
        }
        let folder = file[..<(file.lastIndex(of: "/") ?? file.startIndex)]
        let path = URL(fileURLWithPath: "\(folder)/\(plain)").standardizedFileURL.resolvingSymlinksInPath().path
        guard path.hasPrefix(home) else {
            return .failure(Refusal(text: "the source '\(source)' leads out of the file's folder"))
        }
        return .success(path)
    }

    private mutating func report(_ text: SBMLText, _ place: Int, _ problem: String) {
        var text = text
        text.report(.malformed, place, problem, "name a file in the same folder, such as source=\"part.xml\"")
        problems += text.problems.suffix(1)
    }

    mutating func checkSize() {
        var assembly = SBMLAssembly(files: texts.mapValues(\.composition), sources: sources)
        do {
            _ = try assembly.size(of: order[0])
        } catch {
            guard var text = texts[error.file] else { return }
            text.report(.malformed, error.place, error.problem, "take the submodel out")
            problems += text.problems.suffix(1)
        }
    }
}
