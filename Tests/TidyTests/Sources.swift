import Foundation
import Testing

/// A Swift file of this repository, with its path from the root.
struct SourceFile: Sendable, CustomTestStringConvertible {
    var path: String
    var lines: [Substring]

    var testDescription: String { path }
    var name: String { String(path.split(separator: "/").last ?? "") }

    /// The room or test bundle the file is in: the folder under Sources or Tests.
    var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    /// Lines that are not comments, each with its number from 1.
    var code: [(number: Int, text: Substring)] {
        lines.enumerated().map { ($0.offset + 1, $0.element) }
            .filter { !$0.text.drop { $0 == " " }.hasPrefix("//") }
    }
}

enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every Swift file below the folders; links are not followed, so a kernel is read once.
    static func swiftFiles(_ folders: [String]) -> [SourceFile] {
        folders.flatMap { folder in
            let found = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
            let paths = (found?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }
            return paths.sorted().map { read("\(folder)/\($0)") }
        }
    }

    static func read(_ path: String) -> SourceFile {
        let text = (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        return SourceFile(path: path, lines: lines)
    }

    /// The paths git keeps, or `nil` where there is no git or no clone.
    static func tracked() -> [String]? {
        let git = Process()
        git.executableURL = URL(filePath: "/usr/bin/env")
        git.arguments = ["git", "-C", root.path, "ls-files"]
        let output = Pipe()
        git.standardOutput = output
        git.standardError = Pipe()
        guard (try? git.run()) != nil else { return nil }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        git.waitUntilExit()
        guard git.terminationStatus == 0 else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
