import ArgumentParser
import Catalogue
import Foundation

struct ListCatalogue: ParsableCommand {
    enum Subject: String, ExpressibleByArgument, CaseIterable { case cytokines, receptors, cells, sources }

    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "All cytokines, receptor complexes, cell types or sources.")

    @Argument(help: "What to list: cytokines, receptors, cells or sources.")
    var subject = Subject.cytokines

    @Option(
        name: .customLong("class"),
        help: ArgumentHelp(
            "Only cytokines of a derived class: \(CytokineClass.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "class"))
    var cytokineClass: String?
    @OptionGroup var options: CatalogueOptions

    func run() throws {
        let catalogue = try options.catalogue()
        if let cytokineClass {
            guard subject == .cytokines, let known = CytokineClass(rawValue: cytokineClass) else {
                let all = CytokineClass.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
                throw Stop(
                    .usage,
                    "catalogue list: error: no class '\(Console.shown(cytokineClass))' of \(subject.rawValue) is known\n"
                        + "  fix: with cytokines, use one of \(all)")
            }
            let found = catalogue.cytokines(in: known)
            return try options.answer(found, catalogue.text(of: found))
        }
        switch subject {
        case .cytokines: try options.answer(catalogue.cytokines, catalogue.text(of: catalogue.cytokines))
        case .receptors: try options.answer(catalogue.receptorComplexes, catalogue.receptorList)
        case .cells: try options.answer(catalogue.cells, catalogue.cellList)
        case .sources: try options.answer(catalogue.citations, catalogue.text(of: catalogue.citations))
        }
    }
}

struct CiteCatalogue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cite", abstract: "The sources behind what is known of something, to copy into a paper.")

    @Argument(help: "A cytokine, a receptor chain, a cell type or the short name of a source; otherwise all sources.")
    var name: String?
    @OptionGroup var options: CatalogueOptions

    func run() throws {
        let catalogue = try options.catalogue()
        let citations = try citations(catalogue)
        try options.answer(citations, catalogue.text(of: citations))
    }

    private func citations(_ catalogue: ParameterCatalogue) throws -> [Citation] {
        guard let name else { return catalogue.citations }
        switch catalogue.entry(named: name) {
        case .cytokine(let cytokine): return catalogue.sheet(of: cytokine).citations
        case .receptor(let chain): return catalogue.sheet(of: chain).citations
        case .cell(let cell): return catalogue.sheet(of: cell).citations
        case nil:
            guard let source = catalogue.citations.first(where: { $0.id == name }) else {
                throw catalogue.unknown(name, "cytokine, receptor, cell type or source")
            }
            return [source]
        }
    }
}

struct CheckCatalogue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check every line of the tables against the rules, and the numbers against each other.",
        discussion: """
            Example:
              paracrine catalogue check --catalogue my-tables

            Wrong lines are listed with file, line and column (exit code 65). Affinities that differ from k_off/k_on are \
            listed too, but are no error: sources do disagree.
            """)

    @OptionGroup var options: CatalogueOptions

    func run() throws {
        let catalogue = try options.catalogue()
        let problems = catalogue.brokenRules()
        guard problems.isEmpty else { throw InvalidCatalogue(problems: problems) }
        let report = catalogue.report()
        try options.answer(report, report.text)
    }
}

struct ExportCatalogue: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case csv, json, sqlite }

    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the whole catalogue for other programs.",
        discussion: """
            Examples:
              paracrine catalogue export csv my-tables
              paracrine catalogue export sqlite catalogue.db

            csv writes a folder of tables that can be edited and given back with --catalogue; json and sqlite write a file, \
            with numbers also in µm, s, molecules and kDa.
            """)

    @Argument(help: "csv, json or sqlite.")
    var format: Format

    @Argument(help: "The new folder (csv) or file; nothing is overwritten.", completion: .file())
    var path: String

    @OptionGroup var overlays: CatalogueFolders

    func run() throws {
        let catalogue = try overlays.catalogue()
        guard !FileManager.default.fileExists(atPath: path) else {
            throw Stop(
                .file, "\(path): error: this is there already\n  fix: choose another name; nothing is overwritten")
        }
        do {
            switch format {
            case .csv:
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
                for (name, text) in catalogue.tableFiles {
                    try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
                }
            case .json:
                try JSONText.encode(catalogue.exported).write(toFile: path, atomically: true, encoding: .utf8)
            case .sqlite: try catalogue.writeDatabase(to: path)
            }
        } catch {
            throw Stop(path, "write the catalogue", error)
        }
        Console.answer("Catalogue \(catalogue.version): \(path)")
    }
}
