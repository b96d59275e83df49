import Foundation

/// A file being written: every byte handed over has reached the operating system when `append` returns,
/// so killing the program loses none of them.
final class ResultFile {
    let path: String
    private let descriptor: Int32
    /// Bytes written so far.
    private(set) var size = 0

    /// Creates the file, empty, in place of one of that name.
    init(creating path: String) throws(FileProblem) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw FileProblem(doing: "create this file", path: path, code: errno) }
    }

    /// Goes on writing a file after its first `size` bytes; what follows them is cut off.
    init(continuing path: String, at size: Int) throws(FileProblem) {
        self.path = path
        self.size = size
        descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
        if descriptor < 0 { throw FileProblem(doing: "go on with this file", path: path, code: errno) }
        guard ftruncate(descriptor, off_t(size)) == 0, lseek(descriptor, off_t(size), SEEK_SET) == size else {
            throw FileProblem(doing: "cut this file", path: path, code: errno)
        }
    }

    deinit { close(descriptor) }

    /// Waits until all that was written is on the disk.
    func sync() { _ = fsync(descriptor) }

    func append(_ text: String) throws(FileProblem) { try append(Array(text.utf8)) }

    func append(_ bytes: [UInt8]) throws(FileProblem) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw FileProblem(doing: "write to this file", path: path, code: errno) }
            written += count
            size += count
        }
    }

    /// Writes a whole file aside and renames it, so that the name never stands for half a file.
    static func replace(_ path: String, with text: String) throws {
        try replace(path) { (aside) throws(FileProblem) in try ResultFile(creating: aside).append(text) }
    }

    /// Lets `write` make a file under another name beside `path`, and gives it this name once it is whole.
    static func replace<Problem: Error>(_ path: String, by write: (_ aside: String) throws(Problem) -> Void) throws {
        let aside = ResultFile.aside(path)
        do {
            try write(aside)
        } catch {
            _ = unsafe unlink(aside)
            throw error
        }
        if unsafe rename(aside, path) != 0 {
            let code = errno
            _ = unsafe unlink(aside)
            throw FileProblem(doing: "rename '\(aside)' to this", path: path, code: code)
        }
    }

    /// Where a file is written before it has its name; no reader takes such a name for a result.
    static func aside(_ path: String) -> String {
        let cut = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        return "\(path[..<cut]).\(path[cut...]).writing"
    }
}
