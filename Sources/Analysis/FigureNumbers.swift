import Foundation
import Results

/// The numbers behind a drawing, as a table that other programs read.
struct FigureNumbers {
    private(set) var csv: String
    private let columns: Int

    /// A table whose columns carry their units: "distance (µm)".
    init(_ header: [String]) {
        columns = header.count
        csv = CSVTable.line(header)
    }

    /// Without numbers.
    static let none = FigureNumbers([])

    var isEmpty: Bool { columns == 0 }

    mutating func add(_ words: [String], _ numbers: [Double]) {
        precondition(words.count + numbers.count == columns, "a row has \(columns) fields")
        csv += CSVTable.line(words + numbers.map(FigureNumbers.text))
    }

    /// Empty for what is not a number.
    private static func text(_ number: Double) -> String { number.isFinite ? CSVTable.number(number) : "" }
}

/// A figure with the text of its drawing, as a report and its folder hold it.
struct DrawnFigure {
    let figure: Figure
    let svg: String

    init(_ figure: Figure) {
        self.figure = figure
        svg = figure.svg.text(id: figure.name)
    }

    private var drawing: String { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg }

    /// The drawing and its numbers, as `figures/` holds them.
    var files: [(name: String, text: String)] {
        let drawing = [("figures/\(figure.name).svg", drawing)]
        return figure.numbers.isEmpty ? drawing : drawing + [("figures/\(figure.name).csv", figure.numbers.csv)]
    }

    /// The figure on a page, with what can be downloaded inside the page.
    var html: String {
        var links = [link("SVG", ending: "svg", type: "image/svg+xml", drawing)]
        if !figure.numbers.isEmpty {
            links.append(link("numbers as CSV", ending: "csv", type: "text/csv;charset=utf-8", figure.numbers.csv))
        }
        return """
            <figure\(figure.isWide ? " class=\"wide\"" : "")>
            <h3>\(Words.escaped(figure.heading))</h3>
            <div class="drawing">
            \(svg)</div>
            <figcaption>\(Words.escaped(figure.caption)) <span class="download">\(links.joined(separator: " · "))</span></figcaption>
            </figure>

            """
    }

    /// Chosen: what is larger would make the page slow to open, and is linked in `figures/` instead; bytes.
    static let largestInside = 1_000_000

    private func link(_ words: String, ending: String, type: String, _ text: String) -> String {
        let name = "\(figure.name).\(ending)"
        guard text.utf8.count <= DrawnFigure.largestInside else {
            return "<a href=\"figures/\(ReportPage.link(name))\">\(words)</a>"
        }
        let data = Data(text.utf8).base64EncodedString()
        return "<a download=\"\(Words.escaped(name))\" href=\"data:\(type);base64,\(data)\">\(words)</a>"
    }
}
