/// One row of a CSV file.
struct CSVRow {
    /// Where it starts, from 1.
    var line = 1
    /// The fields' bytes, one after another, without quotes.
    var bytes: [UInt8] = []
    /// Where each field ends in `bytes`.
    var ends: [Int] = []
    /// Why the row cannot be used, where it cannot.
    var problem: String?

    var isBlank: Bool { ends.count == 1 && bytes.isEmpty }

    /// A field without the spaces around it; `nil` where its bytes are not UTF-8.
    func text(_ field: Int) -> String? {
        var part = bytes[(field == 0 ? 0 : ends[field - 1])..<ends[field]]
        while part.first == UInt8(ascii: " ") { part.removeFirst() }
        while part.last == UInt8(ascii: " ") { part.removeLast() }
        return String(validating: part, as: UTF8.self)
    }
}

/// Splits a CSV file into rows: quotes as in RFC 4180, lines that end in LF, CRLF or CR.
///
/// Bytes come in pieces and a row goes as soon as it is whole, so memory is bounded by the longest row.
struct CSVReader {
    /// Chosen: a header of a million columns fits.
    private static let longestRow = 16 << 20
    private static let mostColumns = 1 << 20

    private let source: ByteSource
    private(set) var separator = UInt8(ascii: ",")
    private var piece: [UInt8] = []
    private var position = 0
    /// A byte-order mark or a look ahead for the separator.
    private var pending: [UInt8] = []
    private var line = 1

    init(_ source: ByteSource) throws(TableError) {
        self.source = source
        try lookAhead()
    }

    /// Reads to the end of the first line to skip the byte-order mark and find out what separates the columns.
    private mutating func lookAhead() throws(TableError) {
        var isQuoted = false
        var (commas, semicolons, tabs) = (0, 0, 0)
        scan: while let more = try source.next() {
            pending += more
            for byte in more {
                switch byte {
                case UInt8(ascii: "\""): isQuoted.toggle()
                case _ where isQuoted: continue
                case UInt8(ascii: "\n"), UInt8(ascii: "\r"): break scan
                case UInt8(ascii: ","): commas += 1
                case UInt8(ascii: ";"): semicolons += 1
                case UInt8(ascii: "\t"): tabs += 1
                default: continue
                }
            }
            guard pending.count <= CSVReader.longestRow else { throw tooLong(line) }
        }
        if pending.starts(with: [0xFF, 0xFE]) || pending.starts(with: [0xFE, 0xFF]) {
            throw TableError(path: source.path, line: 1, problem: "the file is UTF-16", fix: "save it as 'CSV UTF-8'")
        }
        if semicolons > commas, semicolons >= tabs { separator = UInt8(ascii: ";") }
        if tabs > commas, tabs > semicolons { separator = UInt8(ascii: "\t") }
        piece = pending
        pending = []
        position = piece.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    private enum State { case start, plain, quoted, quoteInQuoted }

    /// The next row; `nil` at the end of the file.
    mutating func next() throws(TableError) -> CSVRow? {
        var row = CSVRow(line: line)
        var state = State.start
        while let byte = try nextByte() {
            if byte == 0 { row.problem = "contains a NUL byte" }
            switch (state, byte) {
            case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
            case (.quoted, _):
                if byte == UInt8(ascii: "\n") { line += 1 }
                row.bytes.append(byte)
            case (_, separator):
                row.ends.append(row.bytes.count)
                state = .start
            case (_, UInt8(ascii: "\n")), (_, UInt8(ascii: "\r")):
                try endLine(byte)
                row.ends.append(row.bytes.count)
                return row
            case (.start, UInt8(ascii: "\"")): state = .quoted
            case (.quoteInQuoted, UInt8(ascii: "\"")):
                row.bytes.append(byte)
                state = .quoted
            case (.quoteInQuoted, _):
                row.problem = "has text after a closing quote"
                row.bytes.append(byte)
                state = .plain
            case (.start, _), (.plain, _):
                row.bytes.append(byte)
                state = .plain
            }
            guard row.bytes.count <= CSVReader.longestRow, row.ends.count < CSVReader.mostColumns else {
                throw tooLong(row.line)
            }
        }
        guard state != .quoted else {
            throw TableError(
                path: source.path, line: row.line, problem: "a quote that opens on this line is never closed",
                fix: "close it, or double a quote that is meant as a character")
        }
        guard state != .start || !row.ends.isEmpty else { return nil }
        row.ends.append(row.bytes.count)
        return row
    }

    private func tooLong(_ line: Int) -> TableError {
        TableError(
            path: source.path, line: line,
            problem:
                "the line is longer than \(CSVReader.longestRow >> 20) MiB or has more than \(CSVReader.mostColumns) columns",
            fix: "check that this is a CSV file with one cell a line")
    }

    /// Counts a line and takes the LF of a CRLF.
    private mutating func endLine(_ byte: UInt8) throws(TableError) {
        line += 1
        guard byte == UInt8(ascii: "\r"), let following = try nextByte() else { return }
        if following != UInt8(ascii: "\n") { position -= 1 }
    }

    private mutating func nextByte() throws(TableError) -> UInt8? {
        if position == piece.count {
            guard let more = try source.next() else { return nil }
            piece = more
            position = 0
        }
        defer { position += 1 }
        return piece[position]
    }
}
