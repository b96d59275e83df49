import Foundation

/// A file or folder that could not be used: which, why, and what to do about it.
public struct FileProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    public let problem: String
    public let fix: String

    public init(path: String, problem: String, fix: String) {
        self.path = path
        self.problem = problem
        self.fix = fix
    }

    public var description: String { "\(path): error: \(problem)\n  fix: \(fix)" }
}

extension FileProblem {
    /// The problem that the last system call on `path` met.
    init(doing action: String, path: String, code: Int32) {
        let reason = unsafe String(cString: strerror(code))
        let fix =
            switch code {
            case ENOSPC, EDQUOT: "free some space on this disk, or write the results elsewhere with --out"
            case EACCES, EPERM, EROFS: "choose a folder that you may write to with --out"
            case ENOENT, ENOTDIR: "check that the folder it should be in exists"
            case EEXIST: "choose another folder with --out"
            default: "check the disk, or write the results elsewhere with --out"
            }
        self.init(path: path, problem: "cannot \(action): \(reason)", fix: fix)
    }
}
