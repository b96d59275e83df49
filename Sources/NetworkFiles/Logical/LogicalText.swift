import Foundation

/// The text of a bnet or MaBoSS file, cut into words, numbers and signs.
struct LogicalText {
    /// Chosen: the largest published logical models take less than 1 MB.
    static let mostBytes = 64 << 20
    /// Chosen: a wrong file should not fill a screen with its faults.
    static let mostProblems = 20

    enum Dialect { case bnet, maboss }

    enum Token: Hashable {
        /// A name; those of MaBoSS's variables and attributes begin with "$" and "@".
        case word(String)
        case number(Double)
        /// Words in quotation marks.
        case quoted
        case sign(String)
        case end
    }

    let file: String
    let dialect: Dialect
    /// UTF-8.
    let bytes: [UInt8]
    /// Where the token after this one begins.
    private var place = 0
    private var limit: Int
    /// The token at hand, and its first byte.
    private(set) var token = Token.end
    private(set) var start = 0
    private(set) var problems: [NetworkFileProblem] = []
    private var lineStarts: [Int] = []

    /// A fault at a byte of the text.
    struct Fault: Error {
        var place: Int
        var kind = NetworkFileProblem.Kind.malformed
        var problem: String
        var fix: String
    }

    /// Bytes that are not UTF-8 are taken as Latin-1, in which older files are written.
    init(_ bytes: [UInt8], file: String, dialect: Dialect) {
        self.file = file
        self.dialect = dialect
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        if String(validating: bytes, as: UTF8.self) != nil {
            self.bytes = hasMark ? Array(bytes.dropFirst(3)) : bytes
        } else {
            self.bytes = bytes.flatMap { $0 < 0x80 ? [$0] : [0xC0 | $0 >> 6, 0x80 | $0 & 0x3F] }
        }
        limit = self.bytes.count
    }

    /// Reads a whole file.
    static func read(_ path: String) throws(NetworkFileProblems) -> [UInt8] {
        func refused(_ problem: String, _ fix: String) -> NetworkFileProblems {
            NetworkFileProblems([NetworkFileProblem(.malformed, file: path, problem: problem, fix: fix)])
        }
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: real) else {
            throw refused("there is no such file", "give the path of a file")
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw refused("this is not a file", "give the path of a file")
        }
        if let size = attributes[.size] as? Int, size > mostBytes {
            throw refused("\(size) bytes are too many for a logical network: at most \(mostBytes)", "split it")
        }
        guard let data = FileManager.default.contents(atPath: real) else {
            throw refused("this file cannot be read", "check that you may read it")
        }
        return [UInt8](data)
    }

    // MARK: - Faults

    /// Puts a fault down; false when there are enough.
    @discardableResult
    mutating func report(_ fault: Fault) -> Bool {
        let (line, column) = position(fault.place)
        problems.append(
            NetworkFileProblem(
                fault.kind, file: file, line: line, column: column, problem: fault.problem, fix: fault.fix))
        return problems.count < LogicalText.mostProblems
    }

    /// Line and column of a byte, from 1; columns count characters.
    mutating func position(_ byte: Int) -> (line: Int, column: Int) {
        if lineStarts.isEmpty {
            lineStarts = [0] + bytes.indices.filter { bytes[$0] == 10 }.map { $0 + 1 }
        }
        var (low, high) = (0, lineStarts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= byte { low = middle } else { high = middle }
        }
        let before = bytes[lineStarts[low]..<min(byte, bytes.count)]
        return (low + 1, before.count { $0 & 0xC0 != 0x80 } + 1)
    }

    // MARK: - Tokens

    /// Goes on at a byte, and reads no further than another.
    mutating func move(to place: Int, limit: Int) throws(Fault) {
        self.place = place
        self.limit = limit
        try advance()
    }

    /// Takes the next token.
    mutating func advance() throws(Fault) {
        try skipSpace()
        start = place
        guard place < limit else {
            token = .end
            return
        }
        let byte = bytes[place]
        if dialect == .maboss, LogicalText.isDigit(byte) || (byte == UInt8(ascii: ".") && isDigit(place + 1)) {
            token = .number(try number())
        } else if isWordStart(byte) {
            place += 1
            while place < limit, isWordPart(bytes[place]) { place += 1 }
            token = .word(String(decoding: bytes[start..<place], as: UTF8.self))
        } else if byte == UInt8(ascii: "\"") {
            place += 1
            while place < limit, bytes[place] != byte { place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1 }
            guard place < limit else {
                throw Fault(place: start, problem: "a quotation mark that is not closed", fix: "close it")
            }
            place += 1
            token = .quoted
        } else {
            token = .sign(sign())
        }
    }

    private mutating func sign() -> String {
        let two = String(decoding: bytes[place..<min(place + 2, limit)], as: UTF8.self)
        if ["&&", "||", "==", "!=", "<=", ">="].contains(two) {
            place += 2
            return two
        }
        place += 1
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func number() throws(Fault) -> Double {
        while place < limit, LogicalText.isDigit(bytes[place]) || bytes[place] == UInt8(ascii: ".") { place += 1 }
        if place < limit, bytes[place] | 0x20 == UInt8(ascii: "e") {
            let isSigned = place + 1 < limit && (bytes[place + 1] == 0x2B || bytes[place + 1] == 0x2D)
            let digits = place + (isSigned ? 2 : 1)
            if isDigit(digits) {
                place = digits
                while isDigit(place) { place += 1 }
            }
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        guard let value = Double(text) else {
            throw Fault(place: start, problem: "'\(text.prefix(40))' is not a number", fix: "write it as 0.5 or 1e-3")
        }
        guard value.isFinite else {
            throw Fault(
                place: start, problem: "'\(text.prefix(40))' is too large a number",
                fix: "write one below \(Double.greatestFiniteMagnitude)")
        }
        return value
    }

    private mutating func skipSpace() throws(Fault) {
        while place < limit {
            let byte = bytes[place]
            let second = place + 1 < limit ? bytes[place + 1] : 0
            if byte <= 32 {
                place += 1
            } else if byte == UInt8(ascii: "#"), isLineStart(place) {
                skipLine()
            } else if dialect == .maboss, byte == UInt8(ascii: "/"), second == byte {
                skipLine()
            } else if dialect == .maboss, byte == UInt8(ascii: "/"), second == UInt8(ascii: "*") {
                let opening = place
                place += 2
                while place + 1 < limit, bytes[place] != second || bytes[place + 1] != byte { place += 1 }
                guard place + 1 < limit else {
                    throw Fault(place: opening, problem: "a comment that does not end", fix: "end it with */")
                }
                place += 2
            } else {
                return
            }
        }
    }

    private mutating func skipLine() { while place < limit, bytes[place] != 10 { place += 1 } }

    private func isLineStart(_ place: Int) -> Bool {
        var before = place - 1
        while before >= 0, bytes[before] != 10 {
            guard bytes[before] <= 32 else { return false }
            before -= 1
        }
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private func isDigit(_ place: Int) -> Bool { place < limit && LogicalText.isDigit(bytes[place]) }

    private func isWordStart(_ byte: UInt8) -> Bool {
        if byte >= 0x80 || byte == UInt8(ascii: "_") || (65...90).contains(byte & 0xDF) { return true }
        return dialect == .bnet
            ? LogicalText.isDigit(byte) : byte == UInt8(ascii: "$") || byte == UInt8(ascii: "@")
    }

    private func isWordPart(_ byte: UInt8) -> Bool {
        if byte >= 0x80 || byte == UInt8(ascii: "_") || (65...90).contains(byte & 0xDF) { return true }
        if LogicalText.isDigit(byte) { return true }
        // Names of published bnet files hold these too.
        return dialect == .bnet && (byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-"))
    }
}
