import Biology
import Foundation

/// How a run in MaBoSS's way is set: its configuration file, or its defaults.
public struct MaBoSSSettings: Hashable, Sendable {
    /// In the network's unit of time.
    public var end = 1000.0
    /// The length of the windows that probabilities are averaged over.
    public var tick = 0.5
    public var samples = 10_000
    /// `nil` where the file leaves it to the machine.
    public var seed: UInt64?

    /// The defaults, which are those of MaBoSS, from memory.
    public init() {}
}

/// Reads the configurations of MaBoSS (cfg): variables, starts, what is internal, and the run's settings.
///
/// Source: the grammar of MaBoSS (its file RunConfigGrammar.y, BSD 3-clause), and its reference card.
struct MaBoSSConfiguration {
    private var text: LogicalText
    private var expressions: [String: (formula: Formula, names: [(name: String, place: Int)], place: Int)] = [:]
    /// In the order of the file.
    private var order: [String] = []
    private(set) var settings = MaBoSSSettings()
    private var network: BooleanNetwork
    private let places: [String: Int]
    /// The last start given for a node stands; "N.istate = -1" takes it back.
    private var starts: [BooleanStart] = []
    private(set) var variables: [String: Double] = [:]
    private var usesMachineSeed = false

    typealias Fault = LogicalText.Fault

    init(_ bytes: [UInt8], file: String, for network: BooleanNetwork) {
        text = LogicalText(bytes, file: file, dialect: .maboss)
        self.network = network
        places = Dictionary(network.nodes.indices.map { (network.nodes[$0].name, $0) }) { first, _ in first }
    }

    /// The network with its starts and marks.
    mutating func read() throws(NetworkFileProblems) -> BooleanNetwork {
        do {
            try text.move(to: 0, limit: text.bytes.count)
            var isMore = true
            while text.token != .end, isMore {
                do {
                    try statement()
                } catch {
                    isMore = text.report(error)
                    try skipStatement()
                }
            }
        } catch {
            text.report(error)
        }
        evaluateVariables()
        if usesMachineSeed { settings.seed = nil }
        guard text.problems.isEmpty else { throw NetworkFileProblems(text.problems) }
        network.starts = starts
        return network
    }

    private mutating func skipStatement() throws(Fault) {
        while text.token != .end, text.token != .sign(";") { try text.advance() }
        if text.token == .sign(";") { try text.advance() }
    }

    private mutating func take(_ sign: String) throws(Fault) {
        guard text.token == .sign(sign) else { throw unexpected("'\(sign)'") }
        try text.advance()
    }

    private func unexpected(_ due: String) -> Fault {
        Fault(
            place: text.start, problem: "\(LogicalExpression.shown(text.token)) where \(due) is due",
            fix: "write $name = value; or NODE.istate = 0; or max_time = 100;")
    }

    // MARK: - Statements

    private mutating func statement() throws(Fault) {
        if text.token == .sign(";") { return try text.advance() }
        if text.token == .sign("[") { return try jointStart() }
        let place = text.start
        guard case .word(let word) = text.token else { throw unexpected("a name") }
        try text.advance()
        if text.token == .sign(".") { return try nodeStatement(word, place) }
        try take("=")
        if word.hasPrefix("$") {
            var expression = LogicalExpression()
            let value = try expression.read(&text)
            if expressions.updateValue((value.formula, expression.names, place), forKey: word) == nil {
                order.append(word)
            }
        } else {
            try setting(word, place)
        }
        try take(";")
    }

    private mutating func nodeStatement(_ word: String, _ place: Int) throws(Fault) {
        let node = try node(word, place)
        try text.advance()
        let attributePlace = text.start
        guard case .word(let attribute) = text.token else { throw unexpected("istate, is_internal or refstate") }
        try text.advance()
        try take("=")
        switch attribute.lowercased() {
        case "istate":
            let valuePlace = text.start
            let value = try number()
            starts.removeAll { $0.nodes == [word] }
            if text.token == .sign("[") {
                starts.append(try choices(of: [node], first: value))
            } else if value == 0 || value == 1 {
                starts.append(BooleanStart(word, at: Int(value)))
            } else if value >= 0 {
                throw Fault(
                    place: valuePlace, problem: "a start at \(value)",
                    fix: "write 0, 1 or -1 (either), or [\(word)].istate = \(value)[1], ...[0]; for a probability")
            }
        case "is_internal": network.nodes[node].isInternal = try number() != 0
        case "refstate", "in_graph": _ = try number()
        default:
            throw Fault(
                place: attributePlace, problem: "'\(attribute)' is not an attribute of a node",
                fix: Suggestion.didYouMean(attribute, among: ["istate", "is_internal", "refstate"])
                    ?? "use istate, is_internal or refstate")
        }
        try take(";")
    }

    /// Reads "[A, B].istate = 0.4 [0, 0], 0.6 [1, 0];".
    private mutating func jointStart() throws(Fault) {
        try text.advance()
        var nodes: [Int] = []
        repeat {
            if text.token == .sign(",") { try text.advance() }
            guard case .word(let word) = text.token else { throw unexpected("a node's name") }
            let found = try node(word, text.start)
            guard !nodes.contains(found) else {
                throw Fault(place: text.start, problem: "'\(word)' twice", fix: "name it once")
            }
            nodes.append(found)
            try text.advance()
        } while text.token == .sign(",")
        try take("]")
        try take(".")
        guard case .word(let attribute) = text.token, attribute.lowercased() == "istate" else {
            throw unexpected("istate")
        }
        try text.advance()
        try take("=")
        let names = Set(nodes.map { network.nodes[$0].name })
        let start = try choices(of: nodes, first: try number())
        starts.removeAll { names.isSuperset(of: $0.nodes) }
        starts.append(start)
        try take(";")
    }

    /// The rest of p [0, 1], q [1, 0], from the first "[".
    private mutating func choices(of nodes: [Int], first: Double) throws(Fault) -> BooleanStart {
        var start = BooleanStart(nodes: nodes.map { network.nodes[$0].name }, choices: [])
        var weight = first
        let place = text.start
        while true {
            try take("[")
            var levels: [Int] = []
            while text.token != .sign("]") {
                let at = text.start
                let value = try number()
                guard value == 0 || value == 1 else {
                    throw Fault(place: at, problem: "a node at \(value)", fix: "write 0 or 1")
                }
                levels.append(Int(value))
                if text.token == .sign(",") { try text.advance() }
            }
            guard levels.count == nodes.count else {
                throw Fault(
                    place: text.start, problem: "\(levels.count) values for \(nodes.count) nodes",
                    fix: "give one for each node, in their order")
            }
            try text.advance()
            start.choices.append(BooleanStart.Choice(levels, weight: weight))
            guard text.token == .sign(",") else { break }
            try text.advance()
            weight = try number()
        }
        guard start.choices.allSatisfy({ $0.weight >= 0 }), start.choices.contains(where: { $0.weight > 0 }) else {
            throw Fault(
                place: place, problem: "a start without a probability to choose by",
                fix: "give probabilities of at least 0, one of them above 0")
        }
        return start
    }

    private func node(_ name: String, _ place: Int) throws(Fault) -> Int {
        if let found = places[name] { return found }
        throw Fault(
            place: place, problem: "there is no node '\(name)'",
            fix: Suggestion.didYouMean(name, among: places.keys) ?? "name a node of the network")
    }

    private mutating func setting(_ word: String, _ place: Int) throws(Fault) {
        /// Said of how MaBoSS computes and prints, without a meaning here.
        let idle: Set<String> = [
            "thread_count", "display_traj", "statdist_traj_count", "statdist_cluster_threshold",
            "statdist_similarity_cache_max_size",
        ]
        let value = try number()
        switch word.lowercased() {
        case "max_time": settings.end = try positive(value, word, place)
        case "time_tick": settings.tick = try positive(value, word, place)
        case "sample_count": settings.samples = Int(try positive(min(value, 1e9), word, place).rounded())
        case "seed_pseudorandom": settings.seed = UInt64(min(max(value, 0), 0x1p53))
        case "use_physrandgen": usesMachineSeed = value != 0
        case "discrete_time":
            guard value == 0 else {
                throw Fault(
                    place: place, kind: .unsupported, problem: "discrete_time: steps instead of continuous time",
                    fix: "set discrete_time = 0;")
            }
        case "init_pop", "pop":
            throw Fault(
                place: place, kind: .unsupported, problem: "'\(word)', a setting of populations",
                fix: "run the network in the cells of a tissue model")
        case let name where idle.contains(name): break
        default:
            let known = ["max_time", "time_tick", "sample_count", "discrete_time", "seed_pseudorandom"]
            throw Fault(
                place: place, problem: "'\(word)' is not a setting of MaBoSS",
                fix: Suggestion.didYouMean(word, among: known + Array(idle))
                    ?? "use one of: \(known.joined(separator: ", "))")
        }
    }

    private func positive(_ value: Double, _ word: String, _ place: Int) throws(Fault) -> Double {
        guard value > 0 else {
            throw Fault(place: place, problem: "\(word) is \(value)", fix: "give a number above 0")
        }
        return value
    }

    /// A value that holds no variable that is given later, so that it is known at once.
    private mutating func number() throws(Fault) -> Double {
        let place = text.start
        if case .word(let word) = text.token, let truth = ["true": 1.0, "false": 0][word.lowercased()] {
            try text.advance()
            return truth
        }
        var expression = LogicalExpression()
        let formula = try expression.read(&text).formula
        var known: [String: Double] = [:]
        for name in expression.names { known[name.name] = try value(of: name.name, name.place, among: []) }
        guard let value = formula.value(known), value.isFinite else {
            throw Fault(place: place, problem: "this is not a number", fix: "write a number")
        }
        return value
    }

    // MARK: - Variables

    private mutating func evaluateVariables() {
        for name in order where variables[name] == nil {
            do {
                _ = try value(of: name, expressions[name]?.place ?? 0, among: [])
            } catch {
                guard text.report(error) else { return }
            }
        }
    }

    /// A variable's value, whichever order they are given in.
    private mutating func value(of name: String, _ place: Int, among open: [String]) throws(Fault) -> Double {
        if let value = variables[name] { return value }
        guard let written = expressions[name] else {
            throw Fault(
                place: place, problem: "the variable '\(name)' has no value",
                fix: Suggestion.didYouMean(name, among: expressions.keys) ?? "give it: \(name) = 1;")
        }
        guard !open.contains(name), open.count < LogicalExpression.mostDepth else {
            throw Fault(
                place: written.place,
                problem:
                    "the variable '\(name)' is defined by itself: \((open.suffix(5) + [name]).joined(separator: ", "))",
                fix: "give one of them a number")
        }
        var known: [String: Double] = [:]
        for used in written.names { known[used.name] = try value(of: used.name, used.place, among: open + [name]) }
        guard let value = written.formula.value(known), value.isFinite else {
            throw Fault(place: written.place, problem: "'\(name)' is not a finite number", fix: "check its formula")
        }
        variables[name] = value
        return value
    }
}

extension Formula {
    /// The value of a formula of numbers and names that have values; `nil` for any other.
    fileprivate func value(_ names: [String: Double]) -> Double? {
        switch self {
        case .number(let value): value
        case .name(let name): names[name]
        case .piecewise(let pieces, let otherwise):
            pieces.first { $0.condition.value(names).map { $0 != 0 } ?? false }.map { $0.value.value(names) }
                ?? otherwise?.value(names)
        case .call(let function, let arguments): Formula.value(function, arguments.compactMap { $0.value(names) })
        default: nil
        }
    }

    private static func value(_ function: Function, _ x: [Double]) -> Double? {
        guard let first = x.first else { return nil }
        func link(_ holds: (Double, Double) -> Bool) -> Double { zip(x, x.dropFirst()).allSatisfy(holds) ? 1 : 0 }
        return switch function {
        case .plus: x.reduce(0, +)
        case .times: x.reduce(1, *)
        case .minus: x.count == 2 ? first - x[1] : nil
        case .divide: x.count == 2 ? first / x[1] : nil
        case .negative: -first
        case .not: first == 0 ? 1 : 0
        case .and: x.allSatisfy { $0 != 0 } ? 1 : 0
        case .or: x.contains { $0 != 0 } ? 1 : 0
        case .xor: x.count { $0 != 0 } % 2 == 1 ? 1 : 0
        case .exp: exp(first)
        case .ln: log(first)
        case .equal: link(==)
        case .different: link(!=)
        case .less: link(<)
        case .greater: link(>)
        case .lessOrEqual: link(<=)
        case .greaterOrEqual: link(>=)
        default: nil
        }
    }
}
