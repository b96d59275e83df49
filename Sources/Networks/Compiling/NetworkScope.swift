import Biology
import CLanes

/// A value that a network's formulas can ask for.
enum NetworkValue: Hashable, Sendable {
    /// What a name means in formulas.
    case named(String)
    /// Of the species with this index.
    case amount(Int)
    case concentration(Int)
    /// dA/dt by reactions.
    case amountRate(Int)
    /// The rate of change of what a name means.
    case rate(String)
    /// The rate of the reaction with this index.
    case reaction(Int)
    /// The number with this index that the network gives, before initial assignments.
    case given(Int)
}

/// A comparison or rounding whose value is held between discontinuities.
struct NetworkMode: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// −1, 0 or 1.
        case sign
        case floor
    }
    let kind: Kind
    /// What is compared with 0 or rounded.
    let term: ExpressionGraph.Term

    /// What it is where its term has a value.
    func value(of term: Double) -> Double {
        switch kind {
        case .floor: term.rounded(.down)
        case .sign: term > 0 ? 1 : term < 0 ? -1 : 0
        }
    }
}

/// A formula's value some time ago.
struct NetworkDelay: Sendable {
    let formula: Formula
    let delay: ExpressionGraph.Term
    /// Whether it is in a formula of the start, where all that was before is.
    let isOfStart: Bool
    /// The formula as it is after the start, and before it.
    var after = 0
    var before = 0
}

struct NetworkDraw: Sendable {
    let distribution: Formula.Distribution
    let arguments: [ExpressionGraph.Term]
}

/// What lowering collects beside terms; shared by the formulas of the start and of later.
struct LoweredParts: Sendable {
    private(set) var modes: [NetworkMode] = []
    private var modePlaces: [NetworkMode: Int] = [:]
    var delays: [NetworkDelay] = []
    var draws: [NetworkDraw] = []

    init(modes: [NetworkMode] = [], delays: [NetworkDelay] = [], draws: [NetworkDraw] = []) {
        self.modes = modes
        self.delays = delays
        self.draws = draws
        for (index, mode) in modes.enumerated() { modePlaces[mode] = index }
    }

    /// The place of a mode, which it gets where it is new.
    mutating func place(of mode: NetworkMode) -> Int {
        if let place = modePlaces[mode] { return place }
        modes.append(mode)
        modePlaces[mode] = modes.count - 1
        return modes.count - 1
    }
}

/// What names mean at the start, or later.
struct NetworkScope: FormulaScope {
    typealias Term = ExpressionGraph.Term
    let isStart: Bool
    /// Whether it is before the start, when nothing changed.
    var isBefore = false
    var parts: LoweredParts
    var terms: [NetworkValue: Term] = [:]

    func value(of name: String) -> Term? { terms[.named(name)] }
    func rate(of name: String) -> Term? { terms[.rate(name)] }

    mutating func delayed(_ formula: Formula, by delay: Term, in graph: inout ExpressionGraph) -> Term {
        parts.delays.append(NetworkDelay(formula: formula, delay: delay, isOfStart: isStart))
        return graph.input(.delayed(parts.delays.count - 1))
    }

    mutating func draw(
        _ distribution: Formula.Distribution, _ arguments: [Term], in graph: inout ExpressionGraph
    ) -> Term {
        parts.draws.append(NetworkDraw(distribution: distribution, arguments: arguments))
        return graph.input(.draw(parts.draws.count - 1))
    }

    mutating func sign(of difference: Term, in graph: inout ExpressionGraph) -> Term {
        isStart ? difference : mode(NetworkMode(kind: .sign, term: difference), in: &graph)
    }

    mutating func floor(of value: Term, in graph: inout ExpressionGraph) -> Term {
        isStart ? graph.term(CL_FLOOR, value) : mode(NetworkMode(kind: .floor, term: value), in: &graph)
    }

    private mutating func mode(_ mode: NetworkMode, in graph: inout ExpressionGraph) -> Term {
        graph.input(.mode(parts.place(of: mode)))
    }
}
