import Foundation

/// A run folder in use by this program: no other program goes on with the same run meanwhile.
///
/// The system lets go of it when the program ends, however it ends.
public final class RunLock: Sendable {
    private let descriptor: Int32

    public init(_ folder: RunFolder) throws(FileProblem) {
        descriptor = unsafe open(folder.path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw FileProblem(doing: "open this folder", path: folder.path, code: errno) }
        // Some file systems know no locks: then there is none.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
            throw FileProblem(
                path: folder.path, problem: "this run is still going, in another program",
                fix: "wait for it to end, or stop it")
        }
    }

    deinit { close(descriptor) }
}
