import Foundation
import Results

/// A name for a file or folder that nothing has yet: an export never replaces what is there.
struct ExportPlace {
    let path: String

    /// The name that the user gave.
    init(_ path: String) throws(FileProblem) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
        guard !path.isEmpty else {
            throw FileProblem(path: "--out", problem: "the name is empty", fix: "write --out NAME, or leave it out")
        }
        guard !ExportPlace.exists(path) else {
            throw FileProblem(
                path: path, problem: "there is something of this name",
                fix: "choose another name with --out, or remove it first")
        }
        if let cut = path.lastIndex(of: "/"), cut > path.startIndex {
            try ExportPlace.makeFolder(String(path[..<cut]))
        }
    }

    /// `STEM` + `ENDING` in a folder, or `STEM-2` + `ENDING` and so on if that is taken.
    init(_ stem: String, ending: String, in folder: String) throws(FileProblem) {
        let start = "\(folder)/\(RunFolder.fileName(stem))"
        for number in 1...9999 {
            let candidate = "\(start)\(number == 1 ? "" : "-\(number)")\(ending)"
            if ExportPlace.exists(candidate) { continue }
            try self.init(candidate)
            return
        }
        throw FileProblem(
            path: start + ending, problem: "this export and 9998 numbered ones are there already",
            fix: "remove some, or choose a name with --out")
    }

    /// Lets `write` make the file or folder under another name, and gives it this one once it is whole.
    func fill(_ write: (_ aside: String) throws -> Void) throws {
        let cut = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        let aside = "\(path[..<cut]).\(path[cut...]).writing-\(ProcessInfo.processInfo.processIdentifier)"
        do {
            try write(aside)
        } catch {
            try? FileManager.default.removeItem(atPath: aside)
            throw error
        }
        do {
            // Refuses where something of that name has appeared meanwhile.
            try FileManager.default.moveItem(atPath: aside, toPath: path)
        } catch {
            try? FileManager.default.removeItem(atPath: aside)
            throw FileProblem(
                path: path, problem: "cannot give the export this name: \(error.localizedDescription)",
                fix: "choose another name with --out")
        }
    }

    static func makeFolder(_ path: String) throws(FileProblem) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw FileProblem(
                path: path, problem: "cannot make this folder: \(error.localizedDescription)",
                fix: "choose a folder that you may write to with --out")
        }
    }

    static func write(_ bytes: Data, to path: String) throws(FileProblem) {
        do {
            try bytes.write(to: URL(fileURLWithPath: path))
        } catch {
            throw FileProblem(
                path: path, problem: "cannot write this file: \(error.localizedDescription)",
                fix: "free some space, or choose a folder that you may write to with --out")
        }
    }

    static func write(_ text: String, to path: String) throws(FileProblem) { try write(Data(text.utf8), to: path) }

    /// A name for a file; names that differ only in what a file's may not hold, or in capitals, get numbers.
    static func fileName(_ name: String, _ taken: inout Set<String>) -> String {
        let name = RunFolder.fileName(name)
        var candidate = name
        var number = 2
        while !taken.insert(candidate.lowercased()).inserted {
            candidate = "\(name)-\(number)"
            number += 1
        }
        return candidate
    }

    private static func exists(_ path: String) -> Bool {
        // A link that leads nowhere is something too.
        (try? FileManager.default.attributesOfItem(atPath: path)) != nil
    }
}
