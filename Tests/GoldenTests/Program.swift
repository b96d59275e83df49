import Foundation
import Testing

/// The built program, as a person runs it.
struct Program {
    /// A folder of its own for each test, removed when the test is over.
    let folder: URL

    struct Outcome {
        var code: Int32
        var output: String
        var messages: String

        /// Everything a person sees, and the exit code.
        var text: String {
            [output, messages].filter { !$0.isEmpty }.joined() + "[exit code \(code)]\n"
        }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Beside the test bundle, where every build puts it.
    static var binary: URL {
        get throws {
            let places =
                Bundle.allBundles.map(\.bundleURL) + [Bundle.main.executableURL].compactMap { $0 }
                + [URL(filePath: CommandLine.arguments[0])]
            let candidates = places.flatMap { place in
                [place, place.deletingLastPathComponent()].map { $0.appending(path: "paracrine") }
            }
            return try #require(
                candidates.first {
                    FileManager.default.isExecutableFile(atPath: $0.path)
                        && !((try? $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? true)
                }, "the program is not built: swift build")
        }
    }

    static func inFolder<Result>(_ body: (Program) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "paracrine-golden-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(Program(folder: folder))
    }

    /// Starts it in the folder; what it says goes to files there, so that a full pipe never stops it.
    func start(_ executable: URL, _ arguments: [String], streams: (output: URL, messages: URL)) throws -> Process {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(["COLUMNS": "100", "LC_ALL": "C"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        for file in [streams.output, streams.messages] { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: streams.output)
        process.standardError = try FileHandle(forWritingTo: streams.messages)
        try process.run()
        return process
    }

    /// Runs it to its end; `whenStarted` may watch it or send it a signal.
    func run(
        _ arguments: [String], executable: URL? = nil, whenStarted: (Process) throws -> Void = { _ in }
    ) throws -> Outcome {
        let aside = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        let streams = (aside.appendingPathExtension("out"), aside.appendingPathExtension("err"))
        defer {
            try? FileManager.default.removeItem(at: streams.0)
            try? FileManager.default.removeItem(at: streams.1)
        }
        let process = try start(executable ?? Self.binary, arguments, streams: streams)
        try whenStarted(process)
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus, output: try String(contentsOf: streams.0, encoding: .utf8),
            messages: try String(contentsOf: streams.1, encoding: .utf8))
    }

    func write(_ text: String, to name: String) throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: name).path)
    }

    /// Changes a model file of the folder.
    func replace(_ old: String, with new: String, in name: String) throws {
        let text = try read(name)
        try #require(text.contains(old), "\(name) has no '\(old)'")
        try write(text.replacing(old, with: new), to: name)
    }
}

/// A text kept beside the test; PARACRINE_RECORD=1 rewrites it, and fails the test so that nobody leaves it on.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).txt")
    if ProcessInfo.processInfo.environment["PARACRINE_RECORD"] != nil {
        try text.write(to: file, atomically: true, encoding: .utf8)
        Issue.record("\(name).txt is rewritten: read the difference", sourceLocation: sourceLocation)
        return
    }
    let golden = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    #expect(
        text == golden, "differs from Golden/\(name).txt; if that is meant: PARACRINE_RECORD=1 swift test",
        sourceLocation: sourceLocation)
}
