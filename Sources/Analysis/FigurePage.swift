import Results

/// A page of figures and tables in one HTML file: styles and drawings inside, no script.
struct FigurePage {
    struct Table {
        var heading: String
        var columns: [String]
        /// Columns of numbers, which stand at the right.
        var numeric: Range<Int>
        var rows: [[String]]
        var caption: String
    }

    let title: String
    let about: String
    var facts: [(String, String)] = []
    var notes: [String] = []
    /// Pieces of the last line.
    var footer: [String] = []
    private var body = ""

    init(title: String, about: String) {
        self.title = title
        self.about = about
    }

    /// Adds figures under a heading, and writes each as a file of its own too.
    mutating func add(_ heading: String, _ words: String, _ figures: [Figure], to folder: ResultFolder) throws {
        try add(heading, sentences: words.isEmpty ? [] : [words], figures, to: folder)
    }

    /// The same with a paragraph a sentence.
    mutating func add(
        _ heading: String, sentences: [String], _ figures: [Figure], to folder: ResultFolder
    ) throws {
        body += "<section>\n<h2>\(Words.escaped(heading))</h2>\n"
        for sentence in sentences { body += "<p>\(Words.escaped(sentence))</p>\n" }
        body += "<div class=\"figures\">\n"
        for figure in figures.map(DrawnFigure.init) {
            for (name, text) in figure.files { try folder.write(text, to: name) }
            body += figure.html
        }
        body += "</div>\n</section>\n"
    }

    mutating func add(_ table: Table) {
        func row(_ cells: [String], _ tag: String) -> String {
            let texts = cells.enumerated().map { index, cell in
                // A whole rule in the first column would push the numbers off the page.
                let kind =
                    table.numeric.contains(index) ? " class=\"number\"" : cell.count > 40 ? " class=\"long\"" : ""
                return "<\(tag)\(kind)>\(Words.escaped(cell))</\(tag)>"
            }
            return "<tr>\(texts.joined())</tr>\n"
        }
        body += "<section>\n<h2>\(Words.escaped(table.heading))</h2>\n<div class=\"scroll\"><table>\n"
        body += row(table.columns, "th") + table.rows.map { row($0, "td") }.joined()
        body += "</table></div>\n<p class=\"absent\">\(Words.escaped(table.caption))</p>\n</section>\n"
    }

    var html: String {
        let facts = facts.map { "<div><dt>\(Words.escaped($0.0))</dt><dd>\(Words.escaped($0.1))</dd></div>\n" }.joined()
        let items = notes.map { "<li>\(Words.escaped($0))</li>\n" }.joined()
        let list = notes.isEmpty ? "" : "<section>\n<h2>Notes</h2>\n<ul>\n\(items)</ul>\n</section>\n"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Words.escaped(title))</title>
            <style>\(ReportStyle.css)</style>
            </head>
            <body>
            <main>
            <header>
            <h1>\(Words.escaped(title))</h1>
            <p class="about">\(Words.escaped(about))</p>
            <dl class="facts">
            \(facts)</dl>
            </header>
            \(body)\(list)<footer>
            <p>\(footer.map(Words.escaped).joined(separator: " · "))</p>
            </footer>
            </main>
            </body>
            </html>

            """
    }
}
