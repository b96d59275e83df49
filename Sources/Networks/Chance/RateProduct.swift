import CLanes

/// A rate as coefficient · Π (amount − offset): mass action as it is written, without an interpreter.
///
/// Nothing is put right: x·(x − 1) has the factors x and x − 1, x² has x twice. The coefficient and the offsets are terms
/// that only what is constant between events goes into.
struct RateProduct {
    typealias Term = ExpressionGraph.Term

    struct Factor: Hashable {
        /// Of the held values.
        var row: Int
        var offset: Term
    }
    var coefficient: Term
    var factors: [Factor]

    /// The most factors that a product has; more make a program.
    static let mostFactors = 3
}

/// Which terms vary while nothing but reactions happens.
struct VaryingTerms {
    /// Rows of held values that reactions change.
    let jumping: Set<Int>
    /// One a term: whether it depends on one of these.
    private(set) var onAmounts: [Bool] = []
    /// One a term: whether it depends on time, on what flows or on chance.
    private(set) var onOthers: [Bool] = []

    init(_ graph: ExpressionGraph, jumping: Set<Int>) {
        self.jumping = jumping
        update(graph)
    }

    /// Follows a graph that has grown.
    mutating func update(_ graph: ExpressionGraph) {
        for term in onAmounts.count..<graph.nodes.count {
            var (amount, other) = (false, false)
            switch graph.nodes[term] {
            case .constant: break
            case .input(.held(let row)): amount = jumping.contains(row)
            case .input: other = true
            case .operation:
                for operand in graph.operands(of: term) {
                    amount = amount || onAmounts[operand]
                    other = other || onOthers[operand]
                }
            }
            onAmounts.append(amount)
            onOthers.append(other)
        }
    }

    func isHeld(_ term: ExpressionGraph.Term) -> Bool { !onAmounts[term] && !onOthers[term] }
}

extension ExpressionGraph {
    /// A term as a product, or `nil` where it is none.
    mutating func product(_ term: Term, _ varying: inout VaryingTerms) -> RateProduct? {
        var result = RateProduct(coefficient: constant(1), factors: [])
        // Each with whether it divides.
        var parts: [(Term, Bool)] = [(term, false)]
        while let (part, divides) = parts.popLast() {
            varying.update(self)
            if varying.isHeld(part) {
                result.coefficient = divides ? divide(result.coefficient, part) : multiply(result.coefficient, part)
                continue
            }
            if divides { return nil }
            if let (factor, divisor) = factor(part, &varying) {
                result.factors.append(factor)
                result.coefficient = divide(result.coefficient, divisor)
                if result.factors.count > RateProduct.mostFactors { return nil }
                continue
            }
            guard case .operation(let operation, let a, let b, _) = nodes[part] else { return nil }
            switch Int(operation) {
            case CL_MULTIPLY: parts += [(Int(b), false), (Int(a), false)]
            case CL_DIVIDE: parts += [(Int(b), true), (Int(a), false)]
            case CL_NEGATE: parts += [(constant(-1), false), (Int(a), false)]
            default: return nil
            }
        }
        return result
    }

    /// x, x/V, x − c or x/V − c as (x − offset) / divisor.
    private mutating func factor(_ term: Term, _ varying: inout VaryingTerms) -> (RateProduct.Factor, divisor: Term)? {
        if let (row, divisor) = amount(term, varying) {
            return (RateProduct.Factor(row: row, offset: constant(0)), divisor)
        }
        guard case .operation(let operation, let a, let b, _) = nodes[term] else { return nil }
        let isSum = Int(operation) == CL_ADD
        guard isSum || Int(operation) == CL_SUBTRACT else { return nil }
        let candidates = isSum ? [(Int(a), Int(b)), (Int(b), Int(a))] : [(Int(a), Int(b))]
        for (varies, fixed) in candidates where varying.isHeld(fixed) {
            guard let (row, divisor) = amount(varies, varying) else { continue }
            let subtracted = isSum ? self.term(CL_NEGATE, fixed) : fixed
            let offset = multiply(subtracted, divisor)
            varying.update(self)
            return (RateProduct.Factor(row: row, offset: offset), divisor)
        }
        return nil
    }

    /// An amount by itself or divided by what is held.
    private mutating func amount(_ term: Term, _ varying: VaryingTerms) -> (row: Int, divisor: Term)? {
        switch nodes[term] {
        case .input(.held(let row)) where varying.jumping.contains(row): return (row, constant(1))
        case .operation(Int32(CL_DIVIDE), let a, let b, _):
            guard case .input(.held(let row)) = nodes[Int(a)], varying.jumping.contains(row), varying.isHeld(Int(b))
            else { return nil }
            return (row, Int(b))
        default: return nil
        }
    }

    /// Whether a product is 0 wherever fewer than needed are there, as x (x − 1) (x − 2) is below 3.
    func isNought(_ product: RateProduct, without need: ReactionTable.Amount) -> Bool {
        guard need.amount <= Double(RateProduct.mostFactors) else { return false }
        return (0..<Int(need.amount)).allSatisfy { short in
            product.factors.contains { $0.row == Int(need.row) && number($0.offset) == Double(short) }
        }
    }

    /// Terms with comparisons made where they stand, instead of held between discontinuities.
    mutating func withoutModes(_ roots: [Term], _ modes: [NetworkMode]) -> [Term] {
        if modes.isEmpty { return roots }
        var replaced: [Term: Term] = [:]
        func direct(_ term: Term) -> Term { replaced[term] ?? term }
        for term in reachable(from: roots + modes.map(\.term)) {
            switch nodes[term] {
            case .constant: break
            case .input(.mode(let index)):
                let inside = direct(modes[index].term)
                replaced[term] = modes[index].kind == .sign ? inside : self.term(CL_FLOOR, inside)
            case .input: break
            case .operation(let operation, let a, let b, let c):
                guard operands(of: term).contains(where: { replaced[$0] != nil }) else { continue }
                replaced[term] = self.term(Int(operation), direct(Int(a)), direct(Int(b)), direct(Int(c)))
            }
        }
        return roots.map { replaced[$0] ?? $0 }
    }

    /// The rows of held values that a term is made of.
    func helds(under term: Term) -> [Int] {
        var (seen, rows, stack) = (Set<Term>(), [Int](), [term])
        while let part = stack.popLast() {
            guard seen.insert(part).inserted else { continue }
            if case .input(.held(let row)) = nodes[part] { rows.append(row) }
            stack += operands(of: part)
        }
        return rows
    }

    /// The number that a term is, given its inputs.
    func value(of term: Term, _ input: (Input) -> Double) -> Double {
        var values: [Term: Double] = [:]
        for part in reachable(from: [term]) {
            switch nodes[part] {
            case .constant(let bits): values[part] = Double(bitPattern: bits)
            case .input(let wanted): values[part] = input(wanted)
            case .operation(let operation, let a, let b, let c):
                values[part] = Self.value(operation, values[Int(a)] ?? 0, values[Int(b)] ?? 0, values[Int(c)] ?? 0)
            }
        }
        return values[term] ?? .nan
    }
}
