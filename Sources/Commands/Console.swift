import Foundation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What a person sees while a command works: messages on standard error, answers on standard output.
enum Console {
    /// Prints an answer; a reader that has gone (`| head`) is no fault, an answer that cannot be written is.
    static func answer(_ text: String) {
        let code = put(text + "\n", STDOUT_FILENO)
        guard code != 0, code != EPIPE else { return }
        complain(
            "standard output: error: cannot write: \(unsafe String(cString: strerror(code)))\n  fix: free some space")
        exit(Stop.Code.file.rawValue)
    }

    /// A message; nobody may be reading it.
    static func complain(_ text: String) { _ = put(text + "\n", STDERR_FILENO) }

    /// Writes all of a text; returns the system's error number, 0 for none.
    static func put(_ text: String, _ descriptor: Int32) -> Int32 {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0 { return errno }
            written += count
        }
        return 0
    }

    /// At most sixty characters of someone's words, without characters that could change what a terminal shows.
    static func shown(_ words: String) -> String {
        plain(String(String.UnicodeScalarView(words.unicodeScalars.prefix(60))))
            + (words.unicodeScalars.count > 60 ? "…" : "")
    }

    /// Someone's words without characters that could change what a terminal shows.
    static func plain(_ words: String) -> String {
        let clean = words.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: "·"
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(clean))
    }

    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// Seconds in words: "4 s", "3 min 20 s", "2 h 5 min".
    static func duration(_ seconds: Double) -> String {
        guard seconds >= 60 else { return seconds < 10 ? String(format: "%.1f s", seconds) : "\(Int(seconds)) s" }
        let whole = Int(seconds.rounded())
        if whole < 3600 { return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s" }
        let minutes = (whole % 3600) / 60
        return minutes == 0 ? "\(whole / 3600) h" : "\(whole / 3600) h \(minutes) min"
    }

    /// A number with four digits, for people.
    static func number(_ value: Double) -> String {
        let magnitude = abs(value)
        if value == 0 { return "0" }
        if magnitude >= 1e6 || magnitude < 1e-3 { return String(format: "%.3e", value) }
        return String(format: "%.4g", value)
    }
}

/// One line that tells how far a run is and how long it will take; every tenth on a line of its own in a log.
final class ProgressLine {
    private let start = ContinuousClock.now
    private var lastShown = -1.0
    private var lastTenth = 0
    private let isQuiet: Bool

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    private var elapsed: Double {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }

    func show(_ time: Double, of end: Double) {
        guard end > 0 else { return }
        show(time / end, "\(Console.duration(time)) of \(Console.duration(end))")
    }

    /// So many runs of several; `partly` counts those under way by how far they are.
    func show(runs done: Int, partly: Double, of count: Int) {
        show(partly / Double(max(1, count)), "\(done) of \(count) runs")
    }

    private func show(_ share: Double, _ done: String) {
        guard !isQuiet else { return }
        let elapsed = elapsed
        let left = share > 0 ? elapsed * (1 - share) / share : 0
        let text = "\(done), \(Console.duration(left)) left"
        if Console.isInteractive {
            guard elapsed - lastShown > 0.2 else { return }
            lastShown = elapsed
            let filled = Int(share * 30)
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
            _ = Console.put("\r\u{1B}[K\(bar) \(text)", STDERR_FILENO)
        } else if Int(share * 10) > lastTenth {
            lastTenth = Int(share * 10)
            Console.complain("\(lastTenth * 10) %: \(text)")
        }
    }

    func finish() {
        guard !isQuiet, Console.isInteractive, lastShown >= 0 else { return }
        _ = Console.put("\r\u{1B}[K", STDERR_FILENO)
    }
}
