import ArgumentParser
import Catalogue
import Foundation

struct CatalogueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue",
        abstract: "Look up cytokines, receptors and cell types: numbers with their grade and source.",
        discussion: """
            Examples:
              paracrine catalogue show IL-2
              paracrine catalogue compare IL-2 IL-15
              paracrine catalogue network --from Th1 --to macrophage
              paracrine catalogue show IFN-gamma --catalogue my-tables

            Any spelling of a name will do: IFN-γ, IFNg, IFN-gamma, IFNG.
            """,
        subcommands: [
            ListCatalogue.self, ShowCatalogue.self, SearchCatalogue.self, CompareCatalogue.self, NetworkCatalogue.self,
            CiteCatalogue.self, ExportCatalogue.self, CheckCatalogue.self,
        ])
}

/// What every look-up takes.
struct CatalogueOptions: ParsableArguments {
    @OptionGroup var overlays: CatalogueFolders

    @Flag(help: "Print as JSON.")
    var json = false

    func catalogue() throws -> ParameterCatalogue { try overlays.catalogue() }

    /// Prints an answer for people or for programs.
    func answer(_ value: some Encodable, _ text: @autoclosure () -> String) throws {
        Console.answer(json ? try JSONText.encode(value) : text())
    }
}

extension ParameterCatalogue {
    func known(cytokine name: String) throws -> Cytokine {
        guard let cytokine = cytokine(named: name) else { throw unknown(name, "cytokine") }
        return cytokine
    }

    func known(cell name: String) throws -> CatalogueCell {
        guard let cell = cellType(named: name) else { throw unknown(name, "cell type") }
        return cell
    }

    func unknown(_ name: String, _ kind: String) -> Stop {
        let near = suggestions(for: name)
        let fix =
            near.isEmpty
            ? "'paracrine catalogue list' names them all"
            : "did you mean \(near.map { "'\($0)'" }.joined(separator: ", "))?"
        let shown = Console.shown(name)
        if let other = entry(named: name) {
            let (what, known) = other.kindAndName
            return Stop(
                .usage, "catalogue: error: '\(shown)' is the \(what) \(known), not a \(kind)\n  fix: name a \(kind)")
        }
        return Stop(.usage, "catalogue: error: no \(kind) '\(shown)' is known\n  fix: \(fix)")
    }
}

extension ParameterCatalogue.Entry {
    var kindAndName: (String, String) {
        switch self {
        case .cytokine(let cytokine): ("cytokine", cytokine.name)
        case .receptor(let chain): ("receptor chain", chain.symbol)
        case .cell(let cell): ("cell type", cell.name)
        }
    }
}

struct ShowCatalogue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Everything that is known of a cytokine, a receptor chain or a cell type.")

    @Argument(help: "Its name, symbol or synonym.")
    var name: String
    @OptionGroup var options: CatalogueOptions

    func run() throws {
        let catalogue = try options.catalogue()
        switch catalogue.entry(named: name) {
        case .cytokine(let cytokine):
            let sheet = catalogue.sheet(of: cytokine)
            try options.answer(sheet, sheet.text)
        case .cell(let cell):
            let sheet = catalogue.sheet(of: cell)
            try options.answer(sheet, sheet.text)
        case .receptor(let chain):
            let sheet = catalogue.sheet(of: chain)
            try options.answer(sheet, sheet.text)
        case nil: throw catalogue.unknown(name, "cytokine, receptor or cell type")
        }
    }
}

struct CompareCatalogue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Cytokines side by side, and what they have in common.")

    @Argument(help: "Two to four cytokines.")
    var names: [String]
    @OptionGroup var options: CatalogueOptions

    func run() throws {
        guard (2...4).contains(names.count) else {
            throw Stop(.usage, "catalogue compare: error: \(names.count) cytokines given\n  fix: name two to four")
        }
        let catalogue = try options.catalogue()
        let comparison = catalogue.comparison(of: try names.map { try catalogue.known(cytokine: $0) })
        try options.answer(comparison, comparison.text)
    }
}

struct NetworkCatalogue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network", abstract: "Which cytokines one cell type makes and another hears.")

    @Option(help: ArgumentHelp("The cell type that makes them, otherwise any.", valueName: "cell"))
    var from: String?

    @Option(help: ArgumentHelp("The cell type that hears them, otherwise any.", valueName: "cell"))
    var to: String?
    @OptionGroup var options: CatalogueOptions

    func run() throws {
        guard from != nil || to != nil else {
            throw Stop(
                .usage,
                "catalogue network: error: no cell type is given\n  fix: add --from Th1, --to macrophage or both")
        }
        let catalogue = try options.catalogue()
        let network = catalogue.network(
            from: try from.map { try catalogue.known(cell: $0) }, to: try to.map { try catalogue.known(cell: $0) })
        try options.answer(network, network.text)
    }
}

struct SearchCatalogue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Facts, numbers and sources that hold all of some words.")

    @Argument(help: "The words.")
    var words: [String]
    @OptionGroup var options: CatalogueOptions

    func run() throws {
        let words = words.joined(separator: " ")
        guard words.unicodeScalars.count <= ParameterCatalogue.longestSearch else {
            throw Stop(
                .usage,
                "catalogue search: error: more than \(ParameterCatalogue.longestSearch) letters\n  fix: search for fewer words"
            )
        }
        let catalogue = try options.catalogue()
        let hits = catalogue.search(words)
        try options.answer(hits, hits.isEmpty ? nothing(catalogue, words) : ParameterCatalogue.text(hits))
    }

    private func nothing(_ catalogue: ParameterCatalogue, _ words: String) -> String {
        let near = catalogue.searchSuggestions(words).map { "'\($0)'" }
        let said = "Nothing in the catalogue holds all of these words."
        return near.isEmpty ? said : "\(said)\n  fix: did you mean \(near.joined(separator: ", "))?"
    }
}
