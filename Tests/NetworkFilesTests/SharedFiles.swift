import Foundation

/// Files kept beside the repository in ../shared: never committed, and not everywhere.
enum SharedFiles {
    private static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "../shared").standardizedFileURL

    /// A path there, or `nil` with a message where it is not.
    static func path(_ name: String) -> String? {
        let path = folder.appending(path: name).path
        guard FileManager.default.fileExists(atPath: path) else {
            print("skipped: no ../shared/\(name) beside the repository")
            return nil
        }
        return path
    }

    /// Unpacks an archive into a folder of its own, which goes away with the result.
    static func unpack(_ name: String) throws -> UnpackedFolder? {
        guard let archive = path(name) else { return nil }
        let folder = FileManager.default.temporaryDirectory.appending(path: "shared-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tar.arguments = ["tar", "-xJf", archive, "-C", folder.path]
        try tar.run()
        tar.waitUntilExit()
        guard tar.terminationStatus == 0 else {
            print("skipped: tar cannot unpack ../shared/\(name)")
            return nil
        }
        return UnpackedFolder(path: folder.path)
    }
}

final class UnpackedFolder: Sendable {
    let path: String

    init(path: String) { self.path = path }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
