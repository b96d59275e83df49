import Foundation

/// Other people's readers, in the Python that `./test` prepares (PARACRINE_PYTHON) or the one on the path.
public enum Python {
    private static let program = ProcessInfo.processInfo.environment["PARACRINE_PYTHON"] ?? "python3"

    /// A script that ended badly, with what it printed.
    public struct Failure: Error, CustomStringConvertible {
        public let status: Int32
        public let said: String
        public var description: String { "Python ended with \(status): \(said.suffix(2000))" }
    }

    /// What a script prints about a path (its first argument; `sys` is imported).
    ///
    /// - Returns: `nil`, after a message, where there is no Python or it lacks the module: the check is skipped.
    /// - Throws: ``Failure`` where the script fails.
    public static func output(of script: String, _ path: String, needing module: String) throws -> String? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let guarded = "import sys\ntry:\n    import \(module)\nexcept ImportError:\n    sys.exit(77)\n" + script
        process.arguments = [program, "-W", "ignore", "-c", guarded, path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let said = String(decoding: data, as: UTF8.self)
        if process.terminationStatus == 77 || process.terminationStatus == 127 {
            print("skipped: \(program) has no module \(module) (set PARACRINE_PYTHON)")
            return nil
        }
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus, said: said) }
        return said
    }
}
