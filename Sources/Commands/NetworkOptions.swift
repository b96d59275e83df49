import ArgumentParser
import Biology
import Foundation
import Networks

/// The options that say which network: shared by commands that ask where networks rest.
struct NetworkOptions: ParsableArguments {
    @Argument(
        help: "An SBML file (NAME.xml, NAME.sbml), or a model file or its folder with a network.", completion: .file())
    var file: String

    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Change a value: of SBML a name's, such as k=0.2, in the file's own units; of a model as in 'run'.",
            valueName: "name=value"))
    var settings: [String] = []

    @Option(help: ArgumentHelp("Which network of a model that has several.", valueName: "name"))
    var network: String?
}

/// A reaction network, wherever it came from.
struct ChosenNetwork {
    let path: String
    let stem: String
    var network: ReactionNetwork

    init(_ options: NetworkOptions) throws {
        path = options.file
        guard LoadedNetwork.isNetwork(options.file) else {
            let loaded = try LoadedModel(path: options.file, settings: options.settings, table: nil)
            stem = loaded.stem
            network = try ChosenNetwork.choose(loaded.model, options)
            return
        }
        if options.network != nil {
            throw Stop(.usage, "--network: error: an SBML file has one network\n  fix: leave it out")
        }
        let loaded = try LoadedNetwork(options.file)
        stem = loaded.stem
        var values: [String: Double] = [:]
        for setting in options.settings {
            let (name, text) = try NamedNumbers.split(setting, option: "--set", example: "k=0.2")
            values[name] = try NamedNumbers.number(text, option: "--set", of: name)
        }
        let read = try loaded.network
        let changed = read.with(values)
        if let unknown = changed.unknown.first { throw ChosenNetwork.unknown(unknown, "--set", read) }
        network = changed.network
    }

    private static func choose(_ model: Model, _ options: NetworkOptions) throws -> ReactionNetwork {
        let networks = model.networks.compactMap { network -> (String, ReactionNetwork)? in
            if case .reactions(let reactions) = network.content { (network.name, reactions) } else { nil }
        }
        let names = networks.map(\.0).joined(separator: ", ")
        if let name = options.network {
            guard let found = networks.first(where: { $0.0 == name }) else {
                throw Stop(
                    .usage,
                    "--network: error: the model has no reaction network '\(Console.shown(name))'\n  fix: "
                        + (names.isEmpty ? "name a file with one" : "use one of: \(names)"))
            }
            return found.1
        }
        guard let only = networks.first, networks.count == 1 else {
            throw Stop(
                .usage,
                networks.isEmpty
                    ? "\(options.file): error: this model has no reaction network\n  fix: name an SBML file, or a model with 'networks:'"
                    : "\(options.file): error: this model has \(networks.count) networks\n  fix: choose with --network: \(names)"
            )
        }
        return only.1
    }

    /// What a name that is not there is answered with.
    static func unknown(_ name: String, _ option: String, _ network: ReactionNetwork) -> Stop {
        let known =
            network.parameters.map(\.name) + network.species.map(\.name) + network.compartments.map(\.name)
        let fix = Suggestion.didYouMean(name, among: known) ?? "use a parameter, a species or a compartment"
        return Stop(.usage, "\(option): error: the network has no '\(Console.shown(name))'\n  fix: \(fix)")
    }

    /// Species that something changes: what is shown unless the user says otherwise.
    var changing: [String] {
        let ruled = Set(network.rateRules.map(\.name))
        let reacting = network.species.filter { !$0.isConstant && (!$0.isBoundary || ruled.contains($0.name)) }
        return reacting.map(\.name) + network.parameters.map(\.name).filter(ruled.contains)
    }

    /// The quantities asked for, or all that changes.
    func quantities(_ asked: [String]) throws -> [String] {
        let known = Set(
            network.parameters.map(\.name) + network.species.map(\.name) + network.compartments.map(\.name)
                + network.reactions.map(\.name).filter { !$0.isEmpty })
        if let unknown = asked.first(where: { !known.contains($0) }) {
            throw ChosenNetwork.unknown(unknown, "--quantity", network)
        }
        return asked.isEmpty ? changing : asked
    }

    /// What leaving events out means, where there are any.
    var notes: [String] {
        network.events.isEmpty
            ? []
            : [
                "the network has \(network.events.count == 1 ? "an event" : "\(network.events.count) events"), which states of rest leave out: what they change stays as at the start"
            ]
    }
}

/// `NAME=NUMBERS` as the command line gives them.
enum NamedNumbers {
    static func split(_ text: String, option: String, example: String) throws -> (name: String, rest: String) {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw Stop(
                .usage,
                "\(option): error: '\(Console.shown(text))' has no name and value\n  fix: write it as \(example)")
        }
        let name = text[..<equals].trimmingCharacters(in: .whitespaces)
        return (name, text[text.index(after: equals)...].trimmingCharacters(in: .whitespaces))
    }

    static func number(_ text: String, option: String, of name: String) throws -> Double {
        guard let value = Double(text.trimmingCharacters(in: .whitespaces)), value.isFinite else {
            throw Stop(
                .usage,
                "\(option): error: '\(Console.shown(text))' for \(Console.shown(name)) is not a number\n  fix: write a number such as 0.02 or 1e-5, in the network's own unit"
            )
        }
        return value
    }

    /// `NAME=LOW..HIGH`.
    static func range(
        _ text: String, option: String, example: String
    ) throws -> (name: String, range: ClosedRange<Double>) {
        let (name, rest) = try split(text, option: option, example: example)
        return (name, try bounds(rest, option: option, name: name, example: example))
    }

    static func bounds(_ text: String, option: String, name: String, example: String) throws -> ClosedRange<Double> {
        guard let dots = text.firstRange(of: "..") else {
            throw Stop(
                .usage, "\(option): error: '\(Console.shown(text))' is not a range\n  fix: write it as \(example)")
        }
        let low = try number(String(text[..<dots.lowerBound]), option: option, of: name)
        let high = try number(String(text[dots.upperBound...]), option: option, of: name)
        guard low < high else {
            throw Stop(
                .usage,
                "\(option): error: the range of \(Console.shown(name)) is empty\n  fix: write the lower number first, as in \(example)"
            )
        }
        return low...high
    }

    /// `NAME=1, 2, 5`, `NAME=LOW..HIGH:COUNT` or, in equal ratios, `NAME=LOW..HIGH:COUNTlog`.
    static func values(_ text: String, option: String) throws -> (name: String, values: [Double]) {
        let example = "k=0..1:11, k=1e-5..1:11log or 'k=0, 0.1, 1'"
        let (name, rest) = try split(text, option: option, example: example)
        guard rest.contains("..") else {
            return (name, try rest.split(separator: ",").map { try number(String($0), option: option, of: name) })
        }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let range = try bounds(parts[0], option: option, name: name, example: example)
        let isLogarithmic = parts.last?.hasSuffix("log") == true
        let count = parts.count == 2 ? Int(isLogarithmic ? String(parts[1].dropLast(3)) : parts[1]) : nil
        guard let count, (2...100_000).contains(count) else {
            throw Stop(
                .usage,
                "\(option): error: '\(Console.shown(rest))' does not say how many values\n  fix: write 2 to 100000 after a colon, as in \(example)"
            )
        }
        let (low, high) = (range.lowerBound, range.upperBound)
        guard !isLogarithmic || low > 0 else {
            throw Stop(
                .usage, "\(option): error: equal ratios need a range above 0\n  fix: leave out 'log', or begin above 0")
        }
        return (
            name,
            (0..<count).map { index in
                if index == count - 1 { return high }
                let share = Double(index) / Double(count - 1)
                return isLogarithmic ? low * pow(high / low, share) : low + (high - low) * share
            }
        )
    }
}
