import Biology

/// Turns the formulas of a logical network's nodes into decision diagrams of its bits.
struct RuleCompiler {
    private let network: BooleanNetwork
    private let places: [String: Int]
    private let firstBits: [Int]
    private let parameters: [String: Double]
    private(set) var next = Diagrams()
    private(set) var rate = Diagrams()

    /// Chosen: no person writes deeper formulas.
    private static let mostDepth = 1000

    private typealias Reference = DiagramBuilder.Reference

    init(_ network: BooleanNetwork, places: [String: Int], firstBits: [Int]) {
        self.network = network
        self.places = places
        self.firstBits = firstBits
        parameters = Dictionary(network.parameters.map { ($0.name, $0.value ?? .nan) }) { first, _ in first }
    }

    /// Adds a node's bits.
    mutating func compile(_ place: Int) throws(NetworkFailure) {
        let node = network.nodes[place]
        var builder = DiagramBuilder(node: node.name)
        if node.highestLevel > 1, node.rateUp != nil || node.rateDown != nil {
            throw NetworkFailure(
                .unsupported, problem: "'\(node.name)' has rates of its own and \(node.highestLevel + 1) levels",
                fix: "leave out its rates: it moves a level with rate 1")
        }
        let target: Reference? = if let formula = node.target { try diagram(formula, &builder, 0) } else { nil }
        for level in 1...node.highestLevel {
            let bit = firstBits[place] + level - 1
            let isOn = try builder.bit(bit)
            var rising = builder.constant(0)
            var falling = builder.constant(0)
            if let target {
                let isWanted = try builder.map(target) { $0 >= Double(level) ? 1 : 0 }
                // Only the bit at the node's level may switch.
                let below = try level == 1 ? builder.constant(1) : builder.bit(bit - 1)
                let above = try level == node.highestLevel ? builder.constant(0) : builder.bit(bit + 1)
                rising = try builder.combine(below, isWanted) { $0 * $1 }
                falling = try builder.combine(above, isWanted) { $0 + $1 == 0 ? 1 : 0 }
            }
            if let formula = node.rateUp { rising = try diagram(formula, &builder, 0) }
            if let formula = node.rateDown { falling = try diagram(formula, &builder, 0) }
            let often = try builder.choose(isOn, falling, rising)
            try check(often, of: node.name, builder)
            rate.add(try builder.map(often) { min($0, BooleanProgram.largestRate) }, of: builder)
            next.add(try builder.combine(isOn, often) { ($0 != 0) != ($1 > 0) ? 1 : 0 }, of: builder)
        }
    }

    /// Rates are numbers of at least 0 at every state.
    private func check(_ rate: Reference, of node: String, _ builder: DiagramBuilder) throws(NetworkFailure) {
        for value in builder.ends(of: rate) where !(value >= 0) {
            throw NetworkFailure(
                .malformed,
                problem: "the rate of '\(node)' is \(value.isNaN ? "not a number" : "\(value)") in some state",
                fix: "give it rates of at least 0")
        }
    }

    private func diagram(
        _ formula: Formula, _ builder: inout DiagramBuilder, _ depth: Int
    ) throws(NetworkFailure) -> Reference {
        guard depth < RuleCompiler.mostDepth else {
            throw NetworkFailure(
                .unsupported, problem: "a formula is nested more than \(RuleCompiler.mostDepth) deep",
                fix: "split it over several nodes")
        }
        switch formula {
        case .number(let value): return builder.constant(value)
        case .name(let name): return try named(name, &builder)
        case .call(let function, let arguments):
            var diagrams: [Reference] = []
            for argument in arguments { diagrams.append(try diagram(argument, &builder, depth + 1)) }
            return try call(function, diagrams, &builder)
        case .piecewise(let pieces, let otherwise):
            var result = try diagram(otherwise ?? .number(.nan), &builder, depth + 1)
            for piece in pieces.reversed() {
                let condition = try diagram(piece.condition, &builder, depth + 1)
                result = try builder.choose(condition, diagram(piece.value, &builder, depth + 1), result)
            }
            return result
        case .time: throw RuleCompiler.unsupported("time")
        case .delayed: throw RuleCompiler.unsupported("a delay")
        case .rate(let name): throw RuleCompiler.unsupported("the rate of change of '\(name)'")
        case .draw: throw RuleCompiler.unsupported("a random number")
        }
    }

    private func named(_ name: String, _ builder: inout DiagramBuilder) throws(NetworkFailure) -> Reference {
        if let place = places[name] {
            // Levels from the highest down: a bit that is off ends the count.
            var level = builder.constant(Double(network.nodes[place].highestLevel))
            for (below, bit) in (firstBits[place]..<firstBits[place + 1]).enumerated().reversed() {
                level = try builder.choose(builder.bit(bit), level, builder.constant(Double(below)))
            }
            return level
        }
        if let value = parameters[name] { return builder.constant(value) }
        throw NetworkFailure(
            .malformed, problem: "'\(name)' is neither a node nor a parameter",
            fix: Suggestion.didYouMean(name, among: Array(places.keys) + Array(parameters.keys))
                ?? "add it to the network, or take it out of the rule")
    }

    private func call(
        _ function: Formula.Function, _ arguments: [Reference], _ builder: inout DiagramBuilder
    ) throws(NetworkFailure) -> Reference {
        if let unary = DiagramBuilder.unary(function), arguments.count == 1 {
            return try builder.map(arguments[0], unary)
        }
        guard let binary = DiagramBuilder.binary(function) else {
            throw RuleCompiler.unsupported("the function '\(function.rawValue)'")
        }
        switch function {
        case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual, .different:
            // A chain holds where each link does.
            var holds = builder.constant(1)
            for (left, right) in zip(arguments, arguments.dropFirst()) {
                holds = try builder.combine(holds, builder.combine(left, right, binary)) { $0 * $1 }
            }
            return holds
        case .plus, .times, .min, .max, .and, .or, .xor:
            // From the last to the first, so that each adds a branch on top of the others.
            guard var result = arguments.last ?? DiagramBuilder.ofNothing(function).map({ builder.constant($0) })
            else { throw RuleCompiler.unsupported("'\(function.rawValue)' of nothing") }
            if let neutral = DiagramBuilder.ofNothing(function), arguments.count == 1 {
                result = try builder.combine(builder.constant(neutral), result, binary)
            }
            for argument in arguments.dropLast().reversed() { result = try builder.combine(argument, result, binary) }
            return result
        default:
            guard arguments.count == 2 else {
                throw RuleCompiler.unsupported("'\(function.rawValue)' of \(arguments.count) values")
            }
            return try builder.combine(arguments[0], arguments[1], binary)
        }
    }

    private static func unsupported(_ what: String) -> NetworkFailure {
        NetworkFailure(
            .unsupported, problem: "\(what) is not something a logical network can hold",
            fix: "use nodes, parameters, comparisons and arithmetic")
    }
}
