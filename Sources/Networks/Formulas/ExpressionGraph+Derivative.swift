import CLanes

extension ExpressionGraph {
    /// Which unknowns each term depends on, for the terms reachable from some; rising, empty for the others.
    ///
    /// `nil` where all together they are more than ``mostDependences``.
    func unknowns(under roots: [Term]) -> [Term: [Int]]? {
        var found: [Term: [Int]] = [:]
        var sum = 0
        for term in reachable(from: roots) {
            if sum > Self.mostDependences { return nil }
            if case .input(.unknown(let index)) = nodes[term] {
                found[term] = [index]
            } else {
                let lists = operands(of: term).compactMap { found[$0] }.filter { !$0.isEmpty }
                let union = lists.count == 1 ? lists[0] : Set(lists.joined()).sorted()
                found[term] = union
                sum += union.count
            }
        }
        return found
    }

    /// How many terms derivatives may be taken of, an unknown at a time.
    ///
    /// Chosen: a thousand unknowns that all depend on each other take 1e6; this is 1 GB.
    static var mostDependences: Int { 10_000_000 }

    /// The terms that some are made of, and themselves, operands first.
    func reachable(from roots: [Term]) -> [Term] {
        guard let last = roots.max() else { return [] }
        var needed = [Bool](repeating: false, count: last + 1)
        for root in roots { needed[root] = true }
        for term in stride(from: last, through: 0, by: -1) where needed[term] {
            for operand in operands(of: term) { needed[operand] = true }
        }
        return needed.indices.filter { needed[$0] }
    }

    /// What some terms' derivatives are, where those of the inputs are `seeds`; a term without one has derivative 0.
    ///
    /// Of a condition, a rounding or a mode it is 0; of min, max, abs and a choice it is that of the branch.
    mutating func derivatives(of roots: [Term], along seeds: [Input: Term], within order: [Term]) -> [Term: Term] {
        var slopes: [Term: Term] = [:]
        for term in order {
            switch nodes[term] {
            case .constant: continue
            case .input(let input): if let seed = seeds[input] { slopes[term] = seed }
            case .operation(let operation, let a, let b, let c):
                let operands = (Int(a), Int(b), Int(c))
                let count = Self.operands(operation)
                let (da, db, dc) = (
                    slopes[operands.0], count > 1 ? slopes[operands.1] : nil, count > 2 ? slopes[operands.2] : nil
                )
                guard da != nil || db != nil || dc != nil else { continue }
                let slope =
                    Int(operation) == CL_SELECT
                    ? choiceSlope(operands.0, db, dc)
                    : count == 2
                        ? pairSlope(Int(operation), term, operands.0, operands.1, da, db)
                        : innerSlope(Int(operation), term, operands.0, da)
                if let slope, number(slope) != 0 { slopes[term] = slope }
            }
        }
        return slopes
    }

    /// f′(x) dx.
    private mutating func innerSlope(_ operation: Int, _ result: Term, _ x: Term, _ dx: Term?) -> Term? {
        guard let dx, let outer = outerSlope(operation, result, x) else { return nil }
        return multiply(outer, dx)
    }

    private mutating func choiceSlope(_ condition: Term, _ first: Term?, _ second: Term?) -> Term? {
        if first == nil, second == nil { return nil }
        let zero = constant(0)
        return term(CL_SELECT, condition, first ?? zero, second ?? zero)
    }

    /// The derivative of an operation on two terms.
    private mutating func pairSlope(
        _ operation: Int, _ result: Term, _ a: Term, _ b: Term, _ da: Term?, _ db: Term?
    ) -> Term? {
        let zero = constant(0)
        switch operation {
        case CL_ADD: return add(da ?? zero, db ?? zero)
        case CL_SUBTRACT: return subtract(da ?? zero, db ?? zero)
        case CL_MULTIPLY: return add(multiply(da ?? zero, b), multiply(a, db ?? zero))
        case CL_DIVIDE:
            // (da − (a / b) db) / b
            return divide(subtract(da ?? zero, multiply(result, db ?? zero)), b)
        case CL_MINIMUM: return term(CL_SELECT, term(CL_LESS, b, a), db ?? zero, da ?? zero)
        case CL_MAXIMUM: return term(CL_SELECT, term(CL_LESS, a, b), db ?? zero, da ?? zero)
        case CL_POWER: return powerSlope(result, a, b, da, db)
        default: return nil
        }
    }

    /// b aᵇ⁻¹ da + aᵇ ln a db; each is taken for 0 where a is 0 and it has no finite value.
    private mutating func powerSlope(_ result: Term, _ a: Term, _ b: Term, _ da: Term?, _ db: Term?) -> Term {
        let (zero, one) = (constant(0), constant(1))
        var slope = zero
        if let da {
            var outer = multiply(b, term(CL_POWER, a, subtract(b, one)))
            if number(b).map({ $0 < 1 }) ?? true {
                let singular = term(CL_AND, term(CL_EQUAL, a, zero), term(CL_LESS, b, one))
                outer = term(CL_SELECT, singular, zero, outer)
            }
            slope = multiply(outer, da)
        }
        if let db {
            let outer = term(CL_SELECT, term(CL_EQUAL, a, zero), zero, multiply(result, term(CL_LN, a)))
            slope = add(slope, multiply(outer, db))
        }
        return slope
    }

    /// f′(x) of an operation on one term; `nil` where it is 0.
    private mutating func outerSlope(_ operation: Int, _ result: Term, _ x: Term) -> Term? {
        let one = constant(1)
        switch operation {
        case CL_COPY: return one
        case CL_NEGATE: return constant(-1)
        case CL_MAGNITUDE: return term(CL_SELECT, term(CL_LESS, x, constant(0)), constant(-1), one)
        case CL_SQUARE_ROOT:
            let zero = constant(0)
            return term(CL_SELECT, term(CL_EQUAL, x, zero), zero, divide(constant(0.5), result))
        case CL_CUBE_ROOT:
            let zero = constant(0)
            let slope = divide(one, multiply(constant(3), multiply(result, result)))
            return term(CL_SELECT, term(CL_EQUAL, x, zero), zero, slope)
        case CL_EXP: return result
        case CL_LN: return divide(one, x)
        case CL_LOG10: return divide(constant(0.43429448190325182765), x)
        case CL_SIN: return term(CL_COS, x)
        case CL_COS: return term(CL_NEGATE, term(CL_SIN, x))
        case CL_TAN: return add(one, multiply(result, result))
        case CL_SINH: return term(CL_COSH, x)
        case CL_COSH: return term(CL_SINH, x)
        case CL_TANH: return subtract(one, multiply(result, result))
        case CL_GAMMA: return multiply(result, term(CL_DIGAMMA, x))
        default: return inverseSlope(operation, x)
        }
    }

    /// f′(x) of the inverse circular and hyperbolic functions.
    private mutating func inverseSlope(_ operation: Int, _ x: Term) -> Term? {
        let one = constant(1)
        let square = multiply(x, x)
        switch operation {
        case CL_ARCSIN: return divide(one, term(CL_SQUARE_ROOT, subtract(one, square)))
        case CL_ARCCOS: return divide(constant(-1), term(CL_SQUARE_ROOT, subtract(one, square)))
        case CL_ARCTAN: return divide(one, add(one, square))
        case CL_ARCSINH: return divide(one, term(CL_SQUARE_ROOT, add(square, one)))
        case CL_ARCCOSH:
            let roots = multiply(term(CL_SQUARE_ROOT, subtract(x, one)), term(CL_SQUARE_ROOT, add(x, one)))
            return divide(one, roots)
        case CL_ARCTANH: return divide(one, subtract(one, square))
        default: return nil
        }
    }
}
