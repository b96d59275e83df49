public import Biology
import CLanes

/// What a formula's names, delays and draws stand for where it is lowered.
protocol FormulaScope {
    /// The term of a name, or `nil` where nothing has it.
    func value(of name: String) -> ExpressionGraph.Term?
    func rate(of name: String) -> ExpressionGraph.Term?
    /// The value a formula had; the formula itself is lowered later, so that a name may depend on its own past.
    mutating func delayed(
        _ formula: Formula, by delay: ExpressionGraph.Term, in graph: inout ExpressionGraph
    ) -> ExpressionGraph.Term
    mutating func draw(
        _ distribution: Formula.Distribution, _ arguments: [ExpressionGraph.Term], in graph: inout ExpressionGraph
    ) -> ExpressionGraph.Term
    /// The value of a comparison with 0 of a term that varies: a mode where there are events to find.
    mutating func sign(of difference: ExpressionGraph.Term, in graph: inout ExpressionGraph) -> ExpressionGraph.Term
    /// The largest whole number not above a term that varies.
    mutating func floor(of value: ExpressionGraph.Term, in graph: inout ExpressionGraph) -> ExpressionGraph.Term
}

/// What is wrong with a formula by itself.
struct FormulaFault: Error, Hashable {
    var problem: String
    var fix: String
}

/// Turns a formula into terms of a graph, without recursion, so that no nesting is too deep.
struct FormulaLowering<Scope: FormulaScope> {
    typealias Term = ExpressionGraph.Term
    var graph: ExpressionGraph
    var scope: Scope

    /// Terms a network may have.
    ///
    /// Chosen: more is not a network that anyone wrote.
    static var mostTerms: Int { 5_000_000 }

    private enum Task {
        case visit(Formula)
        case call(Formula.Function, Int)
        /// Pieces and whether there is an otherwise.
        case choose(Int, Bool)
        case delay(Formula)
        case draw(Formula.Distribution, Int)
    }

    mutating func term(_ formula: Formula) throws -> Term {
        var tasks: [Task] = [.visit(formula)]
        var values: [Term] = []
        while let task = tasks.popLast() {
            switch task {
            case .visit(let formula): try visit(formula, &tasks, &values)
            case .call(let function, let count):
                let arguments = Array(values.suffix(count))
                values.removeLast(count)
                values.append(try call(function, arguments))
            case .choose(let pieces, let hasOtherwise):
                var result = hasOtherwise ? values.removeLast() : graph.constant(.nan)
                for _ in 0..<pieces {
                    let condition = values.removeLast()
                    result = graph.term(CL_SELECT, condition, values.removeLast(), result)
                }
                values.append(result)
            case .delay(let formula):
                values.append(scope.delayed(formula, by: values.removeLast(), in: &graph))
            case .draw(let distribution, let count):
                let arguments = Array(values.suffix(count))
                values.removeLast(count)
                values.append(scope.draw(distribution, arguments, in: &graph))
            }
            if graph.nodes.count > Self.mostTerms {
                throw FormulaFault(
                    problem: "the formulas make more than \(Self.mostTerms) terms", fix: "split the network")
            }
        }
        return values[0]
    }

    /// A leaf's term, or the tasks that make a formula of others.
    private mutating func visit(_ formula: Formula, _ tasks: inout [Task], _ values: inout [Term]) throws {
        switch formula {
        case .number(let value): values.append(graph.constant(value))
        case .time: values.append(graph.input(.time))
        case .name(let name):
            guard let term = scope.value(of: name) else { throw Self.unknown(name) }
            values.append(term)
        case .rate(let name):
            guard let term = scope.rate(of: name) else { throw Self.unknown(name) }
            values.append(term)
        case .call(let function, let arguments):
            tasks.append(.call(function, arguments.count))
            tasks += arguments.reversed().map { .visit($0) }
        case .piecewise(let pieces, let otherwise):
            tasks.append(.choose(pieces.count, otherwise != nil))
            if let otherwise { tasks.append(.visit(otherwise)) }
            for piece in pieces.reversed() { tasks += [.visit(piece.condition), .visit(piece.value)] }
        case .delayed(let value, let delay):
            if case .number(0) = delay {
                tasks.append(.visit(value))
            } else {
                tasks += [.delay(value), .visit(delay)]
            }
        case .draw(let distribution, let arguments):
            guard distribution.argumentCounts.contains(arguments.count) else {
                throw FormulaFault(
                    problem: "'\(distribution.rawValue)' has \(arguments.count) arguments",
                    fix: "give it \(distribution.argumentCounts.map(String.init).joined(separator: " or "))")
            }
            tasks.append(.draw(distribution, arguments.count))
            tasks += arguments.reversed().map { .visit($0) }
        }
    }

    private static func unknown(_ name: String) -> FormulaFault {
        FormulaFault(problem: "nothing is named '\(name)'", fix: "declare '\(name)', or correct the name")
    }
}

extension Formula {
    /// What a formula is made of as it is at its own time: names, and names whose rate of change it has.
    ///
    /// What it had some time ago is left out: a name may depend on its own past.
    var present: (names: [String], rates: [String]) {
        var (names, rates) = ([String](), [String]())
        visit { formula in
            switch formula {
            case .name(let name): names.append(name)
            case .rate(let name): rates.append(name)
            default: break
            }
        }
        return (names, rates)
    }

    /// Visits every part of a formula but what it had some time ago, without recursion.
    public func visit(_ body: (Formula) -> Void) {
        var stack = [self]
        while let formula = stack.popLast() {
            body(formula)
            switch formula {
            case .number, .name, .time, .rate: break
            case .call(_, let arguments), .draw(_, let arguments): stack += arguments.reversed()
            case .piecewise(let pieces, let otherwise):
                if let otherwise { stack.append(otherwise) }
                for piece in pieces.reversed() { stack += [piece.condition, piece.value] }
            case .delayed(let value, .number(0)): stack.append(value)
            case .delayed(_, let delay): stack.append(delay)
            }
        }
    }
}
