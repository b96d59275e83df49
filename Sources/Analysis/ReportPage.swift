import Biology
import Results
import Simulation

/// The report as one HTML file: styles and drawings inside, no script.
struct ReportPage {
    private let context: ReportContext
    private let run: ReportedRun
    private var body = ""

    init(context: ReportContext, run: ReportedRun) {
        self.context = context
        self.run = run
    }

    /// Adds a section with its figures.
    mutating func add(_ section: ReportSection, _ figures: [DrawnFigure]) {
        body += "<section>\n<h2>\(Words.escaped(section.heading))</h2>\n"
        for sentence in section.sentences {
            body += "<p class=\"said\">\(Words.escaped(sentence).replacing(" %", with: "&nbsp;%"))</p>\n"
        }
        for absence in section.absences { body += "<p class=\"absent\">\(Words.escaped(absence))</p>\n" }
        for table in section.tables { body += ReportPage.text(table) }
        body += "<div class=\"figures\">\n\(figures.map(\.html).joined())</div>\n</section>\n"
    }

    private static func text(_ table: ReportTable) -> String {
        func row(_ tag: String, _ fields: [String]) -> String {
            let places = fields.enumerated().map { index, field in
                "<\(tag)\(index > 0 ? " class=\"number\"" : "")>\(Words.escaped(field))</\(tag)>"
            }
            return "<tr>\(places.joined())</tr>\n"
        }
        return "<div class=\"scroll\"><table>\n\(row("th", table.header))"
            + table.rows.map { row("td", $0) }.joined() + "</table></div>\n"
            + (table.caption.isEmpty ? "" : "<p class=\"absent\">\(Words.escaped(table.caption))</p>\n")
    }

    func html() -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(Words.escaped(context.modelName)): report</title>
        <style>\(ReportStyle.css)</style>
        </head>
        <body>
        <main>
        \(header)\(expectations)\(body)\(ledger)\(parameters)\(catalogue)\(notes)\(footer)</main>
        </body>
        </html>

        """
    }

    /// A file's name in an address.
    static func link(_ name: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.".utf8)
        return name.utf8.map { byte in
            if plain.contains(byte) { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count < 2 ? "0" : "") + digits
        }.joined()
    }

    // MARK: - Parts

    private var header: String {
        let manifest = run.manifest
        var text = "<header>\n<h1>\(Words.escaped(context.modelName))</h1>\n"
        if !context.about.isEmpty { text += "<p class=\"about\">\(Words.escaped(context.about))</p>\n" }
        text += outcome + "<dl class=\"facts\">\n"
        var facts = [("simulated", Words.duration(manifest.simulatedSeconds))]
        if let cells = run.cells {
            facts.append(("cells", Words.number(Double(cells.ids.count), digits: 9)))
            let types = Set(cells.types).count
            facts.append(("cell types", String(types)))
        }
        if let worst = run.ledger.last.map(\.relativeImbalance).max() {
            facts.append(("ledger closes to", Words.number(worst, digits: 2)))
        }
        if let engine = manifest.engine, manifest.isMixed { facts.append(("engine", engine.rawValue)) }
        facts.append(("seed", String(manifest.seed)))
        facts.append(("computed in", Words.duration(manifest.wallSeconds)))
        facts.append(("threads", String(manifest.threads)))
        for (name, value) in facts { text += "<div><dt>\(name)</dt><dd>\(Words.escaped(value))</dd></div>\n" }
        return text + "</dl>\n</header>\n"
    }

    private var outcome: String {
        let manifest = run.manifest
        let reason = manifest.reason.isEmpty ? "" : " (\(Words.escaped(manifest.reason)))"
        let reached = Words.duration(manifest.simulatedSeconds)
        switch manifest.outcome {
        case .finished: return ""
        case .stopped: return "<p class=\"warning\">Stopped at \(reached)\(reason): what follows is up to then.</p>\n"
        case .failed: return "<p class=\"warning\">Failed at \(reached)\(reason): do not trust what follows.</p>\n"
        case .running: return "<p class=\"warning\">Still running, or killed: what follows is up to \(reached).</p>\n"
        }
    }

    private var expectations: String {
        if run.expectations.isEmpty { return "" }
        let passed = run.expectations.filter(\.passed).count
        var text = "<section>\n<h2>What was expected</h2>\n<p>\(passed) of \(run.expectations.count) hold.</p>\n"
        text +=
            "<div class=\"scroll\"><table>\n<tr><th>result</th><th>expected</th><th class=\"number\">found</th></tr>\n"
        for line in run.expectations {
            let found = line.value.map { "\(Words.number($0, digits: 4)) \(line.unit)" } ?? "not measured"
            let mark = line.passed ? "<td class=\"pass\">✓ holds</td>" : "<td class=\"fail\">✗ fails</td>"
            text +=
                "<tr>\(mark)<td>\(Words.escaped(line.text))</td><td class=\"number\">\(Words.escaped(found))</td></tr>\n"
        }
        return text + "</table></div>\n</section>\n"
    }

    /// The last ledgers in numbers.
    private var ledger: String {
        let ledgers = run.ledger.last
        if ledgers.isEmpty { return "" }
        let entries = LedgerEntry.allCases.filter { entry in ledgers.contains { $0[entry] != 0 } }
        var text = "<section>\n<h2>The ledger</h2>\n<p>In molecules, from the start to "
        text += "\(Words.duration(run.ledger.rows.last?.time ?? 0)). At start + secreted + entered + associated "
        let hasBody = ledgers.contains { $0.entries.contains(.carried) }
        text += "− decayed − left − internalised\(hasBody ? " − cleared" : "") = dissolved + bound"
        text += "\(hasBody ? " + in compartments" : ""); what is left over is the imbalance.</p>\n"
        text += "<div class=\"scroll\"><table>\n<tr><th>molecule</th>"
        text += entries.map { "<th class=\"number\">\($0.rawValue)</th>" }.joined()
        text += "<th class=\"number\">imbalance</th><th class=\"number\">relative</th></tr>\n"
        for ledger in ledgers {
            let amounts = entries.map { Words.number(ledger[$0], digits: 5) }
            let closure = [
                Words.number(ledger.imbalance, digits: 2), Words.number(ledger.relativeImbalance, digits: 2),
            ]
            text += "<tr><td>\(Words.escaped(ledger.molecule))</td>"
            text += (amounts + closure).map { "<td class=\"number\">\($0)</td>" }.joined() + "</tr>\n"
        }
        return text + "</table></div>\n</section>\n"
    }

    private var parameters: String {
        if context.parameters.isEmpty { return "" }
        var text = "<section>\n<h2>Parameters</h2>\n<div class=\"scroll narrow\"><table>\n"
        text += "<tr><th>name</th><th class=\"number\">value</th></tr>\n"
        for parameter in context.parameters {
            text += "<tr><td>\(Words.escaped(parameter.name))</td>"
            text += "<td class=\"number\">\(Words.escaped(parameter.text))</td></tr>\n"
        }
        return text + "</table></div>\n</section>\n"
    }

    private var catalogue: String { context.catalogue.map { CatalogueTable.html($0) } ?? "" }

    private var notes: String {
        if context.notes.isEmpty { return "" }
        let items = context.notes.map { "<li>\(Words.escaped($0))</li>\n" }.joined()
        return "<section>\n<h2>Notes</h2>\n<ul>\n\(items)</ul>\n</section>\n"
    }

    private var footer: String {
        let manifest = run.manifest
        let options = manifest.options.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: " ")
        let facts = [
            "Paracrine \(manifest.programVersion)", "model language \(manifest.languageVersion)",
            "model \(manifest.modelHash.prefix(16))", options.isEmpty ? "" : "options \(options)",
            "host \(manifest.host)", "started \(manifest.startedAt)",
            "processor time \(Words.duration(manifest.cpuSeconds))",
        ]
        let line = facts.filter { !$0.isEmpty }.map(Words.escaped).joined(separator: " · ")
        return "<footer>\n<p>\(line)</p>\n<p>Beside this file: model.json, manifest.json, series.csv, ledger.csv, "
            + "frames/ (HDF5), frames.xdmf (ParaView), figures/ (SVG, CSV).</p>\n</footer>\n"
    }
}
