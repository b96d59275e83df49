import Biology

/// Splits the text of a table into rows: commas, quotes as in RFC 4180, lines that end in LF or CRLF.
struct TableText {
    /// Chosen: fifty times the built-in catalogue.
    static let longestFile = 8 << 20
    /// Chosen: a paragraph.
    static let longestField = 2000

    struct Line {
        var number: Int
        var fields: [String] = []
        var places: [Int] = []

        var isBlank: Bool { fields.count == 1 && fields[0].isEmpty }
    }

    private(set) var lines: [Line] = []
    private(set) var problems: [CatalogueProblem] = []
    private let file: String

    private var line = 1
    private var column = 1
    private var current: Line
    private var field: [UInt8] = []
    private var fieldPlace = 1

    /// ASCII that neither ends a field nor opens a quote.
    private static let isOrdinary = (0..<256).map { byte in
        (0x20..<0x7F).contains(byte) && byte != Int(UInt8(ascii: ",")) && byte != Int(UInt8(ascii: "\""))
    }

    private enum State { case start, plain, quoted, quoteInQuoted }

    init(_ bytes: [UInt8], file: String) {
        self.file = file
        current = Line(number: 1)
        var next = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var state = State.start
        while next < bytes.count {
            let byte = bytes[next]
            next += 1
            if byte == UInt8(ascii: "\r"), next < bytes.count, bytes[next] == UInt8(ascii: "\n"), state != .quoted {
                continue
            }
            if state == .plain || state == .start, TableText.isOrdinary[Int(byte)] {
                // Most of a table: bytes that mean nothing but themselves.
                let first = next - 1
                while next < bytes.count, TableText.isOrdinary[Int(bytes[next])] { next += 1 }
                field.append(contentsOf: bytes[first..<next])
                column += next - first
                state = .plain
                continue
            }
            state = take(byte, state)
            if byte & 0xC0 != 0x80 { column += 1 }
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
                if state == .start { endLine() }
            }
        }
        if state == .quoted {
            problems.append(
                CatalogueProblem(
                    file: file, line: current.number, column: fieldPlace,
                    problem: "a quote that opens here is never closed",
                    fix: "close it, or double a quote that is meant as a character"))
        } else if state != .start || !current.fields.isEmpty {
            endField()
            endLine()
        }
    }

    private mutating func take(_ byte: UInt8, _ state: State) -> State {
        switch (state, byte) {
        case (.quoted, UInt8(ascii: "\"")): return .quoteInQuoted
        case (.quoted, _):
            field.append(byte)
            return .quoted
        case (_, UInt8(ascii: ",")), (_, UInt8(ascii: "\n")):
            endField()
            if byte == UInt8(ascii: ",") { fieldPlace = column + 1 }
            return .start
        case (.start, UInt8(ascii: "\"")): return .quoted
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            field.append(byte)
            return .quoted
        default:
            field.append(byte)
            return .plain
        }
    }

    private mutating func endField() {
        let isPlain = field.allSatisfy { (0x20..<0x7F).contains($0) }
        let text = String(validating: field, as: UTF8.self)
        let wrong: (String, String)? =
            if text == nil {
                ("the field is not UTF-8", "save the table as 'CSV UTF-8'")
            } else if field.count > TableText.longestField {
                (
                    "the field has \(field.count) bytes, at most \(TableText.longestField) are read",
                    "keep notes short and put long texts into the source"
                )
            } else if !isPlain, let scalar = text?.unicodeScalars.first(where: isControl) {
                (
                    "the field holds the control character U+\(String(scalar.value, radix: 16, uppercase: true))",
                    "delete it"
                )
            } else { nil }
        if let wrong {
            problems.append(
                CatalogueProblem(file: file, line: line, column: fieldPlace, problem: wrong.0, fix: wrong.1))
        }
        current.fields.append(wrong == nil ? (text ?? "").trimmingSpaces : "")
        current.places.append(fieldPlace)
        field.removeAll(keepingCapacity: true)
    }

    private mutating func endLine() {
        if !current.isBlank { lines.append(current) }
        current = Line(number: line)
        fieldPlace = 1
    }
}

extension TableText {
    /// The rows of a table whose first line names its columns, and everything that is wrong with its layout.
    static func rows(
        of table: CatalogueTable, _ bytes: [UInt8], file: String, layer: Int
    ) -> (rows: [TableRow], problems: [CatalogueProblem]) {
        let text = TableText(bytes, file: file)
        var problems = text.problems
        let columns = table.columns
        guard let head = text.lines.first else {
            let names = columns.map(\.name).joined(separator: ",")
            problems.append(
                CatalogueProblem(
                    file: file, line: 1, column: 1, problem: "the table is empty",
                    fix: "start it with the line \(names)"))
            return ([], problems)
        }
        let before = problems.count
        var order: [Int] = []
        for (name, place) in zip(head.fields, head.places) {
            let known = columns.firstIndex { $0.name == name }
            if let known, !order.contains(known) {
                order.append(known)
                continue
            }
            let names = columns.map(\.name)
            let fix =
                Suggestion.didYouMean(excerpt(name), among: names) ?? "the columns are \(names.joined(separator: ", "))"
            problems.append(
                CatalogueProblem(
                    file: file, line: head.number, column: place,
                    problem: known == nil
                        ? "there is no column '\(excerpt(name))'" : "the column '\(name)' stands twice",
                    fix: known == nil ? fix : "delete one of them"))
        }
        for (index, column) in columns.enumerated() where !column.isOptional && !order.contains(index) {
            problems.append(
                CatalogueProblem(
                    file: file, line: head.number, column: 1, problem: "the column '\(column.name)' is missing",
                    fix: "add it: every line needs one"))
        }
        guard problems.count == before else { return ([], problems) }
        var rows: [TableRow] = []
        for line in text.lines.dropFirst() {
            guard line.fields.count == order.count else {
                problems.append(
                    CatalogueProblem(
                        file: file, line: line.number, column: 1,
                        problem: "the line has \(line.fields.count) fields, the first line names \(order.count)",
                        fix: "put a field that has commas in quotes"))
                continue
            }
            var row = TableRow(
                table: table, layer: layer, file: file, line: line.number,
                fields: Array(repeating: "", count: columns.count), places: Array(repeating: 1, count: columns.count))
            for (field, index) in order.enumerated() {
                row.fields[index] = line.fields[field]
                row.places[index] = line.places[field]
            }
            rows.append(row)
        }
        return (rows, problems)
    }
}
