import Biology

/// The part of a report that lists the numbers taken from a catalogue.
enum CatalogueTable {
    static func html(_ use: CatalogueUse) -> String {
        guard !use.numbers.isEmpty else { return "" }
        var text = "<section>\n<h2>Numbers from the catalogue</h2>\n"
        text += "<p>What the model file does not say itself is from \(Words.escaped(use.version)).</p>\n"
        if !use.weak.isEmpty {
            let count = use.weak.count
            text +=
                "<p class=\"warning\">\(count) of them \(count == 1 ? "is" : "are") weak (\(CatalogueUse.weakness)), "
            text += "marked ! below: what depends on them is no better.</p>\n"
        }
        let hasRanges = use.numbers.contains { $0.number.range != nil }
        text += "<div class=\"scroll\"><table>\n<tr><th>number</th><th class=\"number\">value</th>"
        text += hasRanges ? "<th class=\"number\">may lie</th>" : ""
        text += "<th>grade</th><th>of what, from where</th></tr>\n"
        for taken in use.numbers { text += row(taken, hasRanges: hasRanges) }
        return text + "</table></div>\n</section>\n"
    }

    private static func row(_ taken: TakenNumber, hasRanges: Bool) -> String {
        let number = taken.number
        let (unit, factor) = Explanation.readingUnit(of: number)
        let spread = number.variation > 0 ? " ± \(Words.share(number.variation))" : ""
        let range = number.range.map {
            "\(Words.number($0.lowerBound * factor)) to \(Words.number($0.upperBound * factor))"
        }
        let mark =
            number.isWeak ? "<td class=\"fail\">! \(number.grade)</td>" : "<td>\(Words.escaped(number.grade))</td>"
        return "<tr><td>\(Words.escaped(taken.path))</td>"
            + "<td class=\"number\">\(Words.escaped("\(Words.number(number.value * factor)) \(unit)\(spread)"))</td>"
            + (hasRanges ? "<td class=\"number\">\(Words.escaped(range ?? ""))</td>" : "") + mark
            + "<td>\(Words.escaped(number.subject))<br>\(Words.escaped(number.source))</td></tr>\n"
    }
}
