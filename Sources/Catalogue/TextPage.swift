/// Lines of a page for a terminal, at most ``width`` characters wide.
struct TextPage {
    /// Chosen: fits a terminal of 100 columns.
    static let width = 98
    /// Furthest from the left that text beside a label starts (chosen: forty characters are left for it).
    static let widestIndent = 58

    private(set) var lines: [String] = []

    var text: String { lines.joined(separator: "\n") }

    mutating func title(_ left: String, _ right: String) {
        let gap = max(2, TextPage.width - left.count - right.count)
        lines.append(left + String(repeating: " ", count: gap) + right)
        lines.append(String(repeating: "═", count: TextPage.width))
    }

    mutating func heading(_ text: String) {
        lines.append("")
        lines.append(text)
        lines.append(String(repeating: "─", count: text.count))
    }

    mutating func line(_ text: String = "") { lines.append(text) }

    /// A word at the left, its text beside it, wrapped.
    ///
    /// Nothing is written where there is no text; a label that leaves no room beside it has lines of its own.
    mutating func item(_ label: String, _ text: String, indent: Int = 12) {
        guard !text.isEmpty else { return }
        let indent = min(indent, TextPage.widestIndent)
        let rows = TextPage.wrap(text, TextPage.width - indent)
        let isBeside = max(indent, label.count + 1) + (rows.first?.count ?? 0) <= TextPage.width
        if !isBeside { broken(label) }
        for (index, row) in rows.enumerated() {
            lines.append(TextPage.trimmed(TextPage.pad(index == 0 && isBeside ? label : "", indent) + row))
        }
    }

    /// A line, or as many as its letters need.
    mutating func broken(_ text: String) {
        var rest = text[...]
        repeat {
            lines.append(TextPage.trimmed(String(rest.prefix(TextPage.width))))
            rest = rest.dropFirst(TextPage.width)
        } while !rest.isEmpty
    }

    /// Rows of cells below each other; a cell that is too long goes on in the next line.
    mutating func table(_ rows: [[String]], widths: [Int], indent: Int = 2) {
        for row in rows {
            let cells = zip(row, widths).map { TextPage.wrap($0, $1) }
            for line in 0..<(cells.map(\.count).max() ?? 0) {
                var text = String(repeating: " ", count: indent)
                for (cell, width) in zip(cells, widths) {
                    text += TextPage.pad(line < cell.count ? cell[line] : "", width + 2)
                }
                lines.append(TextPage.trimmed(text))
            }
        }
    }

    static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(text.count < width ? 0 : 1, width - text.count))
    }

    /// Breaks at spaces; a word that is longer than a line is broken after a hyphen or "+", or else where the line ends.
    ///
    /// Where there is no room at all, one character a line.
    static func wrap(_ text: String, _ width: Int) -> [String] {
        let width = max(1, width)
        var lines: [String] = []
        var current = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            var rest = word
            if !current.isEmpty, current.count + 1 + rest.count > width {
                lines.append(current)
                current = ""
            }
            while rest.count > width {
                let cut = rest.prefix(width).lastIndex { $0 == "-" || $0 == "+" }.map { rest.index(after: $0) }
                let end = cut ?? rest.index(rest.startIndex, offsetBy: width)
                lines.append(String(rest[..<end]))
                rest = rest[end...]
            }
            current += (current.isEmpty ? "" : " ") + rest
        }
        if !current.isEmpty || lines.isEmpty { lines.append(current) }
        return lines
    }

    static func trimmed(_ text: String) -> String {
        var text = text
        while text.utf8.last == UInt8(ascii: " ") { text.removeLast() }
        return text
    }
}

extension Measurement {
    /// What the number is good for, with its note and its caveat.
    var setting: String { ([place] + remarks).joined(separator: "; ") }

    /// Where it was found.
    var place: String {
        species == "not stated" || condition.contains(species) ? condition : "\(condition) (\(species))"
    }
}
