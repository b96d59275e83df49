import Foundation

/// The folder that holds all a run leaves behind.
///
///     NAME.paracrine-run/
///       source.paracrine.yaml  the model file as it was given
///       model.json     the model that ran, canonical
///       manifest.json  what is needed to repeat the run, and how it went
///       series.csv     time courses
///       ledger.csv     where every molecule came from and went
///       replicates.csv and replicates.json: what several runs gave together; where there were several
///       niches.csv     regions above a threshold, by Analysis; where fields were recorded
///       frames/        cells-000000.h5 and fields-000000.h5: one file a recorded time
///       frames.xdmf    the same frames for ParaView
///       checkpoints/   states that the run can be continued and branched from
///       report.html    and figures/, written by Analysis
public struct RunFolder: Hashable, Sendable {
    public let path: String

    /// Opens the folder of an earlier run.
    public init(opening path: String) throws(FileProblem) {
        self.path = ResultFolder.trimmed(path)
        guard FileManager.default.fileExists(atPath: file("manifest.json")) else {
            throw FileProblem(
                path: path, problem: "this is not a run folder: it has no manifest.json",
                fix: "give the folder that 'paracrine run' named at its end (NAME.paracrine-run)")
        }
    }

    /// Creates `NAME.paracrine-run` in `directory`, or `NAME-2.paracrine-run` and so on if that name is taken.
    public init(named name: String, in directory: String) throws(FileProblem) {
        try self.init(filling: ResultFolder(named: name, ending: "paracrine-run", in: directory).path)
    }

    /// Creates the folder that the user named; it may exist only if it is empty.
    public init(creating path: String) throws(FileProblem) {
        try self.init(filling: ResultFolder(creating: path).path)
    }

    private init(filling path: String) throws(FileProblem) {
        self.path = path
        _ = try ResultFolder.make(file("frames"), isNew: false)
    }

    /// The path of a file in the folder.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Writes a file of the folder whole, or not at all; makes the folder it is in where that is missing.
    public func write(_ text: String, to name: String) throws {
        try ResultFolder.write(text, to: file(name), in: path)
    }

    /// The text of a file of the folder.
    public func read(_ name: String) throws(FileProblem) -> String {
        guard let bytes = FileManager.default.contents(atPath: file(name)) else {
            throw FileProblem(
                path: file(name), problem: "cannot read this file",
                fix: "check that it exists and that you may read it; a run that never started has none")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Removes a file of the folder, if it is there.
    func remove(_ name: String) throws(FileProblem) {
        if unsafe unlink(file(name)) != 0, errno != ENOENT {
            throw FileProblem(doing: "remove this file", path: file(name), code: errno)
        }
    }

    /// Takes the records of a run back to before it began: those that a run that begins again writes anew.
    public func empty() throws(FileProblem) {
        for name in [SeriesTable.fileName, LedgerTable.fileName] + CommunicationTable.fileNames { try remove(name) }
        for name in names(in: "frames") { try remove("frames/\(name)") }
        try remove(XDMF.fileName)
    }

    static let sourceFile = "source.paracrine.yaml"

    /// The text of the model file that ran; `nil` where the folder has none.
    public var source: String? { try? read(RunFolder.sourceFile) }

    /// Of a file of the folder, bytes; −1 where it is missing.
    func size(_ name: String) -> Int {
        var status = stat()
        return unsafe stat(file(name), &status) == 0 ? Int(status.st_size) : -1
    }

    public func contains(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    /// Names in a folder within this one, sorted; empty if it is missing.
    public func names(in folder: String) -> [String] { (try? ResultFolder.list(file(folder))) ?? [] }

    /// A name as it may stand in a file system: no separators, no control characters, no leading dot, not too long.
    public static func fileName(_ name: String) -> String {
        var clean = ""
        for scalar in name.unicodeScalars {
            let isControl = scalar.value < 32 || scalar.value == 127
            clean.unicodeScalars.append(isControl || "/\\:*?\"<>|".unicodeScalars.contains(scalar) ? "-" : scalar)
        }
        while clean.hasPrefix(".") { clean.removeFirst() }
        while clean.utf8.count > 120 { clean.removeLast() }
        return clean.isEmpty ? "model" : clean
    }
}

// MARK: - Comparing

extension RunFolder {
    /// What the model and the seed alone decide: every file but the manifest and the report, sorted.
    public var repeatableFiles: [String] {
        let frames = names(in: "frames").filter { $0.hasSuffix(".h5") && !$0.hasPrefix(".") }.map { "frames/\($0)" }
        return ["model.json", "series.csv", "ledger.csv"].filter(contains) + frames
    }

    /// The repeatable files whose bytes differ from another run's, or that only one of the two has.
    public func differences(from other: RunFolder) -> [String] {
        Set(repeatableFiles).union(other.repeatableFiles).sorted().filter { name in
            let bytes = FileManager.default.contents(atPath: file(name))
            return bytes == nil || bytes != FileManager.default.contents(atPath: other.file(name))
        }
    }
}
