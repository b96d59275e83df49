import Biology
import CLanes

extension FormulaLowering {
    /// The term of a function of terms.
    mutating func call(_ function: Formula.Function, _ a: [Term]) throws -> Term {
        if let least = Self.arguments[function], !least.contains(a.count) {
            throw FormulaFault(
                problem: "'\(function.rawValue)' has \(a.count) arguments",
                fix: "give it \(least.lowerBound)\(least.upperBound == .max ? " or more" : "")")
        }
        switch function {
        case .plus: return graph.sum(a)
        case .times: return a.reduce(graph.constant(1)) { graph.multiply($0, $1) }
        case .min: return a.dropFirst().reduce(a[0]) { graph.term(CL_MINIMUM, $0, $1) }
        case .max: return a.dropFirst().reduce(a[0]) { graph.term(CL_MAXIMUM, $0, $1) }
        case .and: return a.reduce(graph.constant(1)) { graph.term(CL_AND, $0, $1) }
        case .or: return a.reduce(graph.constant(0)) { graph.term(CL_OR, $0, $1) }
        case .xor: return a.reduce(graph.constant(0)) { graph.term(CL_EXCLUSIVE_OR, $0, $1) }
        case .implies: return graph.term(CL_OR, graph.term(CL_NOT, a[0]), a[1])
        case .not: return graph.term(CL_NOT, a[0])
        case .minus: return graph.subtract(a[0], a[1])
        case .divide: return graph.divide(a[0], a[1])
        case .power: return graph.term(CL_POWER, a[0], a[1])
        case .quotient: return truncated(graph.divide(a[0], a[1]))
        case .remainder:
            return graph.subtract(a[0], graph.multiply(a[1], truncated(graph.divide(a[0], a[1]))))
        case .logarithm: return logarithm(base: a[0], a[1])
        case .root: return root(a[0], a[1])
        case .negative: return graph.term(CL_NEGATE, a[0])
        case .abs: return graph.term(CL_MAGNITUDE, a[0])
        case .floor: return floor(a[0])
        case .ceiling: return graph.term(CL_NEGATE, floor(graph.term(CL_NEGATE, a[0])))
        case .factorial: return graph.term(CL_GAMMA, graph.add(a[0], graph.constant(1)))
        case .exp: return graph.term(CL_EXP, a[0])
        case .ln: return graph.term(CL_LN, a[0])
        case .equal, .different, .less, .lessOrEqual, .greater, .greaterOrEqual: return chain(function, a)
        default: return circular(function, a[0])
        }
    }

    /// How many arguments a function takes, where not any number.
    private static var arguments: [Formula.Function: ClosedRange<Int>] {
        var result: [Formula.Function: ClosedRange<Int>] = [:]
        for function in Formula.Function.allCases { result[function] = 1...1 }
        for function in [Formula.Function.plus, .times, .and, .or, .xor] { result[function] = 0...Int.max }
        for function in [Formula.Function.min, .max] { result[function] = 1...Int.max }
        for function in [Formula.Function.minus, .divide, .power, .quotient, .remainder, .implies, .logarithm, .root] {
            result[function] = 2...2
        }
        for function in [Formula.Function.equal, .less, .lessOrEqual, .greater, .greaterOrEqual] {
            result[function] = 1...Int.max
        }
        result[.different] = 2...2
        return result
    }

    /// Comparisons of neighbours, all of which hold.
    private mutating func chain(_ function: Formula.Function, _ a: [Term]) -> Term {
        zip(a, a.dropFirst()).reduce(graph.constant(1)) { result, pair in
            let (x, y) = pair
            let holds =
                switch function {
                case .equal: compared(CL_EQUAL, x, y)
                case .different: graph.term(CL_NOT, compared(CL_EQUAL, x, y))
                case .less: compared(CL_LESS, x, y)
                case .lessOrEqual: compared(CL_LESS_OR_EQUAL, x, y)
                case .greater: compared(CL_LESS, y, x)
                default: compared(CL_LESS_OR_EQUAL, y, x)
                }
            return graph.term(CL_AND, result, holds)
        }
    }

    /// A comparison; of terms that vary, of the sign of their difference.
    private mutating func compared(_ operation: Int, _ x: Term, _ y: Term) -> Term {
        if x == y { return graph.constant(operation == CL_LESS ? 0 : 1) }
        guard graph.varies[x] || graph.varies[y] else { return graph.term(operation, x, y) }
        let zero = graph.constant(0)
        // One difference for a < b and b < a.
        let (first, second) = (min(x, y), max(x, y))
        let sign = scope.sign(of: graph.subtract(first, second), in: &graph)
        return first == x ? graph.term(operation, sign, zero) : graph.term(operation, zero, sign)
    }

    private mutating func floor(_ x: Term) -> Term {
        graph.varies[x] ? scope.floor(of: x, in: &graph) : graph.term(CL_FLOOR, x)
    }

    /// Towards 0.
    private mutating func truncated(_ x: Term) -> Term {
        let down = floor(x)
        let negative = graph.term(CL_NEGATE, x)
        let up = graph.term(CL_NEGATE, floor(negative))
        return graph.term(CL_SELECT, compared(CL_LESS, x, graph.constant(0)), up, down)
    }

    private mutating func logarithm(base: Term, _ x: Term) -> Term {
        if graph.number(base) == 10 { return graph.term(CL_LOG10, x) }
        return graph.divide(graph.term(CL_LN, x), graph.term(CL_LN, base))
    }

    private mutating func root(_ degree: Term, _ x: Term) -> Term {
        switch graph.number(degree) {
        case 2: graph.term(CL_SQUARE_ROOT, x)
        case 3: graph.term(CL_CUBE_ROOT, x)
        default: graph.term(CL_POWER, x, graph.divide(graph.constant(1), degree))
        }
    }

    /// Circular and hyperbolic functions and their inverses.
    private mutating func circular(_ function: Formula.Function, _ x: Term) -> Term {
        let direct: [Formula.Function: Int] = [
            .sin: CL_SIN, .cos: CL_COS, .tan: CL_TAN, .sinh: CL_SINH, .cosh: CL_COSH, .tanh: CL_TANH,
            .arcsin: CL_ARCSIN, .arccos: CL_ARCCOS, .arctan: CL_ARCTAN, .arcsinh: CL_ARCSINH, .arccosh: CL_ARCCOSH,
            .arctanh: CL_ARCTANH,
        ]
        let ofReciprocal: [Formula.Function: Int] = [
            .arcsec: CL_ARCCOS, .arccsc: CL_ARCSIN, .arccot: CL_ARCTAN, .arcsech: CL_ARCCOSH, .arccsch: CL_ARCSINH,
            .arccoth: CL_ARCTANH,
        ]
        let reciprocalOf: [Formula.Function: Int] = [
            .sec: CL_COS, .csc: CL_SIN, .cot: CL_TAN, .sech: CL_COSH, .csch: CL_SINH, .coth: CL_TANH,
        ]
        let one = graph.constant(1)
        if let operation = direct[function] { return graph.term(operation, x) }
        if let operation = ofReciprocal[function] { return graph.term(operation, graph.divide(one, x)) }
        guard let operation = reciprocalOf[function] else { preconditionFailure("no meaning of \(function)") }
        return graph.divide(one, graph.term(operation, x))
    }
}
