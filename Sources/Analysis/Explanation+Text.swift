import Foundation

extension Explanation {
    /// The whole explanation for a terminal: a line for each figure, and under it the formula with its numbers.
    public var text: String {
        var lines = [model.isEmpty ? "Explanation" : model, ""]
        for section in sections {
            lines.append(section.title)
            let width = section.items.map(\.name.count).max() ?? 0
            for item in section.items { lines += item.lines(nameWidth: width) }
            lines.append("")
        }
        let warned = warnings.count
        lines.append(warned == 0 ? "No warnings." : "\(warned) \(warned == 1 ? "warning" : "warnings"), marked with !")
        return lines.joined(separator: "\n") + "\n"
    }

    /// A number in the unit that reads best: pM or nM; s, min, h or d; B to GB.
    static func text(_ value: Double, _ unit: String) -> String {
        let scales: [String: [(from: Double, unit: String)]] = [
            "pM": [(1e6, "µM"), (1e3, "nM"), (0, "pM")],
            "s": [(2 * 86400, "d"), (2 * 3600, "h"), (120, "min"), (0, "s")],
            "B": [(1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (0, "B")],
        ]
        let sizes = ["µM": 1e6, "nM": 1e3, "d": 86400, "h": 3600, "min": 60, "GB": 1e9, "MB": 1e6, "kB": 1e3]
        let shown = scales[unit]?.first { abs(value) >= $0.from }?.unit ?? unit
        let number = digits(value / (sizes[shown].flatMap { scales[unit] == nil ? nil : $0 } ?? 1))
        return shown.isEmpty ? number : "\(number) \(shown)"
    }

    /// Three significant digits, without an exponent where that is short.
    static func digits(_ value: Double) -> String {
        guard value != 0 else { return "0" }
        guard value.isFinite else { return "–" }
        let magnitude = Int(log10(abs(value)).rounded(.down))
        guard (-3..<6).contains(magnitude) else {
            let parts = String(format: "%.2e", value).split(separator: "e")
            return "\(parts[0])e\(Int(parts[1]) ?? 0)"
        }
        let plain = String(format: "%.*f", max(0, 2 - magnitude), value)
        guard plain.contains(".") else { return plain }
        return String(plain.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
    }
}

extension Explanation.Item {
    /// The figure's line, its formula's line and, if there is something to say, a remark.
    func lines(nameWidth: Int) -> [String] {
        let mark = verdict == .warning ? "!" : " "
        let padding = String(repeating: " ", count: nameWidth - name.count)
        var lines = ["\(mark) \(name)\(padding)  \(value.map { Explanation.text($0, unit) } ?? "–")"]
        let numbers = inputs.map { "\($0.symbol) = \(Explanation.text($0.value, $0.unit))" }.joined(separator: ", ")
        lines.append("      \(formula)\(numbers.isEmpty ? "" : "   \(numbers)")")
        if !remark.isEmpty { lines.append("      → \(remark)") }
        return lines
    }
}
