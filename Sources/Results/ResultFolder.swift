import Foundation

/// A new folder for what a command leaves behind; nothing in it is ever overwritten by another run.
public struct ResultFolder: Hashable, Sendable {
    public let path: String

    /// Creates `NAME.ENDING` in `directory`, or `NAME-2.ENDING` and so on if that name is taken.
    public init(named name: String, ending: String, in directory: String) throws(FileProblem) {
        let stem = RunFolder.fileName(name)
        let parent = directory.isEmpty ? "." : ResultFolder.trimmed(directory)
        for number in 1...9999 {
            let candidate = "\(parent)/\(stem)\(number == 1 ? "" : "-\(number)").\(ending)"
            if try ResultFolder.make(candidate, isNew: true) {
                path = candidate
                return
            }
        }
        throw FileProblem(
            path: "\(parent)/\(stem).\(ending)", problem: "this run and 9998 numbered ones are there already",
            fix: "remove some, or choose a folder with --out")
    }

    /// Creates the folder that the user named; it may exist only if it is empty.
    public init(creating path: String) throws(FileProblem) {
        let path = ResultFolder.trimmed(path)
        for cut in path.indices.dropFirst() where path[cut] == "/" && path[path.index(before: cut)] != "/" {
            _ = try ResultFolder.make(String(path[..<cut]), isNew: false)
        }
        _ = try ResultFolder.make(path, isNew: false)
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            throw FileProblem(
                path: path, problem: "this is a file, and results need a folder", fix: "choose another name with --out")
        }
        let content = try ResultFolder.list(path)
        guard content.isEmpty else {
            throw FileProblem(
                path: path, problem: "this folder is not empty (it holds '\(content[0])')",
                fix: "choose another folder with --out, or remove this one; results are never overwritten")
        }
        self.path = path
    }

    /// The path of a file in the folder.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file of the folder whole, or not at all; makes the folder it is in where that is missing.
    public func write(_ text: String, to name: String) throws {
        try ResultFolder.write(text, to: file(name), in: path)
    }

    // MARK: - Folders

    /// Writes a file somewhere below a folder that is there.
    static func write(_ text: String, to file: String, in folder: String) throws {
        if let cut = file.lastIndex(of: "/"), file[..<cut] != folder {
            _ = try make(String(file[..<cut]), isNew: false)
        }
        try ResultFile.replace(file, with: text)
    }

    /// Makes one folder; false if `isNew` is asked for and something of that name is there.
    static func make(_ path: String, isNew: Bool) throws(FileProblem) -> Bool {
        if unsafe mkdir(path, 0o755) == 0 { return true }
        let code = errno
        if code == EEXIST { return !isNew }
        throw FileProblem(doing: "create this folder", path: path, code: code)
    }

    static func list(_ path: String) throws(FileProblem) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw FileProblem(
                path: path, problem: "cannot list this folder: \(error.localizedDescription)",
                fix: "check that it is a folder and that you may read it")
        }
    }

    static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
