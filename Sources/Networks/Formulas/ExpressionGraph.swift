import CLanes
import Foundation

/// Formulas as one graph: each term once, however often it is written, numbers already worked out.
///
/// A term is an index; its operands have smaller ones, so that every walk is a loop from one end to the other.
struct ExpressionGraph: Sendable {
    typealias Term = Int

    /// What a term is.
    enum Node: Hashable, Sendable {
        case constant(UInt64)
        case input(Input)
        /// One of CLanes' operations; operands that it does not take are 0.
        case operation(Int32, Int32, Int32, Int32)
    }

    /// What a graph is given from outside.
    enum Input: Hashable, Sendable {
        case time
        /// What the integrator advances.
        case unknown(Int)
        /// Constant between discontinuities.
        case held(Int)
        /// What a comparison or a rounding gives between discontinuities.
        case mode(Int)
        /// The value that a formula had some time ago.
        case delayed(Int)
        /// A number of the network before initial assignments.
        case given(Int)
        /// A random number.
        case draw(Int)
    }

    private(set) var nodes: [Node] = []
    private var places: [Node: Term] = [:]

    /// How many operands an operation takes.
    static func operands(_ operation: Int32) -> Int {
        switch Int(operation) {
        case CL_SELECT: 3
        case CL_ADD, CL_SUBTRACT, CL_MULTIPLY, CL_DIVIDE, CL_MINIMUM, CL_MAXIMUM, CL_LESS, CL_LESS_OR_EQUAL, CL_EQUAL,
            CL_AND, CL_OR, CL_EXCLUSIVE_OR, CL_POWER:
            2
        default: 1
        }
    }

    /// Whether a term changes between discontinuities: it depends on the time, an unknown or a delayed value.
    private(set) var varies: [Bool] = []

    private mutating func place(_ node: Node) -> Term {
        if let term = places[node] { return term }
        nodes.append(node)
        switch node {
        case .input(.time), .input(.unknown), .input(.delayed): varies.append(true)
        case .input, .constant: varies.append(false)
        case .operation: varies.append(operands(of: nodes.count - 1).contains { varies[$0] })
        }
        places[node] = nodes.count - 1
        return nodes.count - 1
    }

    mutating func constant(_ value: Double) -> Term { place(.constant(value.bitPattern)) }

    mutating func input(_ input: Input) -> Term { place(.input(input)) }

    /// The number a term is, or `nil`.
    func number(_ term: Term) -> Double? {
        guard case .constant(let bits) = nodes[term] else { return nil }
        return Double(bitPattern: bits)
    }

    /// The terms an operation is made of; none of inputs and constants.
    func operands(of term: Term) -> [Term] {
        guard case .operation(let operation, let a, let b, let c) = nodes[term] else { return [] }
        return [Int(a), Int(b), Int(c)].prefix(Self.operands(operation)).map { $0 }
    }

    /// An operation's value of numbers, as the kernels compute it.
    static func value(_ operation: Int32, _ a: Double, _ b: Double, _ c: Double) -> Double {
        switch Int(operation) {
        case CL_COPY: a
        case CL_ADD: a + b
        case CL_SUBTRACT: a - b
        case CL_MULTIPLY: a * b
        case CL_DIVIDE: a / b
        case CL_NEGATE: -a
        case CL_MINIMUM: cl_smaller_f64x1(a, b)
        case CL_MAXIMUM: cl_larger_f64x1(a, b)
        case CL_MAGNITUDE: a.magnitude
        case CL_FLOOR: a.rounded(.down)
        case CL_SQUARE_ROOT: a.squareRoot()
        case CL_LESS: a < b ? 1 : 0
        case CL_LESS_OR_EQUAL: a <= b ? 1 : 0
        case CL_EQUAL: a == b ? 1 : 0
        case CL_AND: a != 0 && b != 0 ? 1 : 0
        case CL_OR: a != 0 || b != 0 ? 1 : 0
        case CL_EXCLUSIVE_OR: (a != 0) != (b != 0) ? 1 : 0
        case CL_NOT: a == 0 ? 1 : 0
        case CL_SELECT: a != 0 ? b : c
        default: cl_scalar_operation(operation, a, b)
        }
    }

    /// The term of an operation: a number where its operands are numbers, simpler where it can be.
    mutating func term(_ operation: Int, _ a: Term, _ b: Term = 0, _ c: Term = 0) -> Term {
        let operation = Int32(operation)
        let count = Self.operands(operation)
        let numbers = [a, b, c].prefix(count).compactMap { number($0) }
        if numbers.count == count {
            return constant(
                Self.value(operation, numbers[0], count > 1 ? numbers[1] : 0, count > 2 ? numbers[2] : 0))
        }
        if let simpler = simplified(operation, a, b, c) { return simpler }
        var (a, b) = (Int32(a), Int32(b))
        let commutes = [CL_ADD, CL_MULTIPLY, CL_EQUAL, CL_AND, CL_OR, CL_EXCLUSIVE_OR].contains(Int(operation))
        if commutes, a > b { swap(&a, &b) }
        return place(.operation(operation, a, count > 1 ? b : 0, count > 2 ? Int32(c) : 0))
    }

    /// Rules that change no finite value: x + 0, 1 · x, 0 · x and their like.
    private mutating func simplified(_ operation: Int32, _ a: Term, _ b: Term, _ c: Term) -> Term? {
        let (x, y) = (number(a), Self.operands(operation) > 1 ? number(b) : nil)
        switch Int(operation) {
        case CL_ADD:
            if x == 0 { return b }
            if y == 0 { return a }
            if let positive = negated(b) { return term(CL_SUBTRACT, a, positive) }
            if let positive = negated(a) { return term(CL_SUBTRACT, b, positive) }
        case CL_SUBTRACT:
            if y == 0 { return a }
            if x == 0 { return term(CL_NEGATE, b) }
            if a == b { return constant(0) }
            if let positive = negated(b) { return term(CL_ADD, a, positive) }
        case CL_MULTIPLY:
            if x == 0 || y == 0 { return constant(0) }
            if x == 1 { return b }
            if y == 1 { return a }
            if x == -1 { return term(CL_NEGATE, b) }
            if y == -1 { return term(CL_NEGATE, a) }
        case CL_DIVIDE:
            if x == 0 { return constant(0) }
            if y == 1 { return a }
        case CL_NEGATE: return negated(a)
        case CL_SELECT:
            if let x { return x != 0 ? b : c }
            if b == c { return b }
        case CL_POWER:
            if let y { return power(a, y) }
        case CL_AND, CL_OR: return connected(operation, a, x, b) ?? connected(operation, b, y, a)
        default: break
        }
        return nil
    }

    /// A conjunction or alternative of a number and a condition.
    private mutating func connected(_ operation: Int32, _ a: Term, _ x: Double?, _ other: Term) -> Term? {
        guard let x else { return nil }
        // True in an alternative and false in a conjunction decide; otherwise the other does.
        if (x != 0) == (Int(operation) == CL_OR) { return constant(x != 0 ? 1 : 0) }
        guard case .operation(let inner, _, _, _) = nodes[other] else { return nil }
        return (CL_LESS...CL_NOT).contains(Int(inner)) ? other : nil
    }

    /// x where a term is −x.
    private func negated(_ term: Term) -> Term? {
        guard case .operation(Int32(CL_NEGATE), let a, _, _) = nodes[term] else { return nil }
        return Int(a)
    }

    /// Small whole powers by multiplication, the square root by its own operation.
    private mutating func power(_ base: Term, _ exponent: Double) -> Term? {
        switch exponent {
        case 0: return constant(1)
        case 0.5: return term(CL_SQUARE_ROOT, base)
        case -8 ... -1 where exponent == exponent.rounded():
            return term(CL_DIVIDE, constant(1), term(CL_POWER, base, constant(-exponent)))
        case 1...8 where exponent == exponent.rounded():
            var (result, square, rest) = (Term?.none, base, Int(exponent))
            while rest > 0 {
                if rest & 1 == 1 { result = result.map { term(CL_MULTIPLY, $0, square) } ?? square }
                rest >>= 1
                if rest > 0 { square = term(CL_MULTIPLY, square, square) }
            }
            return result
        default: return nil
        }
    }
}

extension ExpressionGraph {
    mutating func sum(_ terms: [Term]) -> Term { terms.reduce(constant(0)) { term(CL_ADD, $0, $1) } }

    mutating func add(_ a: Term, _ b: Term) -> Term { term(CL_ADD, a, b) }
    mutating func subtract(_ a: Term, _ b: Term) -> Term { term(CL_SUBTRACT, a, b) }
    mutating func multiply(_ a: Term, _ b: Term) -> Term { term(CL_MULTIPLY, a, b) }
    mutating func divide(_ a: Term, _ b: Term) -> Term { term(CL_DIVIDE, a, b) }
}
