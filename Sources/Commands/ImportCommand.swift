import ArgumentParser
import Biology
import Foundation
import NetworkFiles
import Networks

/// Another program's network becomes a model of ours that runs it.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a model out of another program's network: SBML, SBML-qual, bnet, MaBoSS.",
        discussion: """
            Examples:
              paracrine import BIOMD0000000093.xml
              paracrine import BIOMD0000000093.xml jak-stat

            Makes a folder with a copy of the file (of MaBoSS with the .cfg beside it) and a model file that names it, and \
            says what is in the network. The model runs well mixed ('paracrine mix', a logical one with --ssa); put the network into cells with 'cells: T: network:'.
            """)

    @Argument(help: "The network's file: .xml, .sbml, .bnet or .bnd.", completion: .file())
    var file: String

    @Argument(help: "The new model's name; its folder is made here. Otherwise that of the file.")
    var name: String?

    @Flag(help: "Print what is in the network as JSON.")
    var json = false

    func run() throws {
        let loaded = try LoadedNetwork(file)
        let name = try folderName(loaded)
        var summary = NetworkSummary(loaded.content)
        guard !FileManager.default.fileExists(atPath: name) else {
            throw Stop(
                .file, "\(name): error: this is there already\n  fix: choose another name; nothing is overwritten")
        }
        let copy = "\(name).\(PathParts(file).name.split(separator: ".").last.map { $0.lowercased() } ?? "xml")"
        let network = try text(of: loaded)
        do {
            try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: false)
            try network.write(to: URL(fileURLWithPath: "\(name)/\(copy)"))
            if let configuration = loaded.configuration {
                try FileManager.default.copyItem(atPath: configuration, toPath: "\(name)/\(name).cfg")
            }
            try model(name, copy, loaded).write(
                toFile: "\(name)/\(name).paracrine.yaml", atomically: true, encoding: .utf8)
        } catch {
            throw Stop(name, "write this model", error)
        }
        summary.model = "\(name)/\(name).paracrine.yaml"
        Console.answer(json ? try JSONText.encode(summary) : summary.text)
        let next = if case .logic = loaded.content { " --ssa" } else { "" }
        if !json { Console.answer("Model: \(summary.model)\nNext:  paracrine mix \(name)\(next)") }
    }

    private func folderName(_ loaded: LoadedNetwork) throws -> String {
        let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
        let name = name ?? String(loaded.stem.map { letters.contains($0) ? $0 : "-" }.prefix(100))
        guard !name.isEmpty, name.count <= 100, name.allSatisfy(letters.contains), !name.hasPrefix("-") else {
            throw Stop(
                .usage,
                "import: error: '\(Console.shown(name))' cannot name a folder and a file\n  fix: give a name of at most 100 letters, digits, - and _"
            )
        }
        return name
    }

    /// The file's own bytes; where it is made of several files, all of them put together.
    private func text(of loaded: LoadedNetwork) throws -> Data {
        let data = try Data(contentsOf: URL(fileURLWithPath: loaded.path))
        guard case .reactions(let network) = loaded.content else { return data }
        let isAlone = (try? SBMLFile.read(text: [UInt8](data), named: loaded.path)) != nil
        return isAlone ? data : Data(try SBMLFile.text(of: network).utf8)
    }

    private func model(_ name: String, _ copy: String, _ loaded: LoadedNetwork) -> String {
        let unit: Double? = if case .reactions(let network) = loaded.content { network.units.time } else { nil }
        // Chosen: a hundred units of time show most courses; the user knows better.
        let duration = 100 * (unit ?? 1)
        return """
            paracrine: 1
            model: \(name)

            # From \(PathParts(loaded.path).name). Its numbers are in its own units.
            networks:
              \(name):
                file: \(copy)
            \(unit == nil ? "    time unit: 1 s   # the file does not say: write what one unit of its time is\n" : "")
            run:
              for: \(duration) s   # 100 units of the file's time
              seed: 1

            """
    }
}

/// What is in a network, for people and as JSON.
struct NetworkSummary: Encodable {
    var name: String
    var counts: [String: Int] = [:]
    /// What one unit is, in seconds, molecules and µm³; none where the file does not say.
    var units = NetworkUnits()
    /// What most networks do without.
    var unusual: [String] = []
    /// Why it cannot be run, if so.
    var problem: String?
    var model = ""

    init(_ content: ModelNetwork.Content) {
        switch content {
        case .reactions(let network): self.init(network)
        case .logic(let network): self.init(network)
        }
    }

    private init(_ network: BooleanNetwork) {
        name = network.name
        counts = ["nodes": network.nodes.count, "parameters": network.parameters.count]
        unusual = NetworkSummary.told([("nodes with more than two levels", network.nodes.count { $0.highestLevel > 1 })]
        )
    }

    private init(_ network: ReactionNetwork) {
        name = network.name
        counts = [
            "compartments": network.compartments.count, "species": network.species.count,
            "parameters": network.parameters.count, "reactions": network.reactions.count,
        ]
        units = network.units
        let formulas = network.formulas
        unusual = NetworkSummary.told([
            ("assignment rules", network.assignmentRules.count), ("rate rules", network.rateRules.count),
            ("algebraic rules", network.algebraicRules.count),
            ("initial assignments", network.initialAssignments.count), ("events", network.events.count),
            ("constraints", network.constraints.count), ("fast reactions", network.reactions.count(where: \.isFast)),
            ("compartments that change", network.compartments.count { !$0.isConstant }),
            ("species that reactions do not change", network.species.count(where: \.isBoundary)),
            ("species with a conversion factor", network.species.count { $0.conversionFactor != nil }),
            ("formulas with delays", formulas.count(where: \.hasDelay)),
            ("formulas with random numbers", formulas.count(where: \.hasDraw)),
        ])
        do { _ = try OrdinaryCourse(network) } catch { problem = error.problem }
    }

    private static func told(_ counts: [(String, Int)]) -> [String] {
        counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
    }

    var text: String {
        let order = ["compartments", "species", "nodes", "parameters", "reactions"]
        let counted = order.compactMap { word in counts[word].map { "\($0) \(word)" } }.joined(separator: ", ")
        func unit(_ word: String, _ size: Double?, _ unit: String) -> String {
            "\(word) \(size.map { "\(Console.number($0)) \(unit)" } ?? "not said")"
        }
        var lines = ["\(Console.shown(name)): \(counted)"]
        if counts["nodes"] == nil {
            lines.append(
                "  one unit: \(unit("time", units.time, "s")), \(unit("amount", units.amount, "molecules")), "
                    + unit("volume", units.volume, "µm³"))
        }
        if !unusual.isEmpty { lines.append("  unusual: \(unusual.joined(separator: ", "))") }
        if let problem { lines.append("  cannot be run: \(problem)") }
        return lines.joined(separator: "\n")
    }
}
