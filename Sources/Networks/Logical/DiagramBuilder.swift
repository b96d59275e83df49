import Biology
import Foundation

/// Builds decision diagrams: functions of bits, ordered and reduced, so that equal functions are the same diagram.
///
/// Source: Bryant (1986), Graph-based algorithms for Boolean function manipulation, doi:10.1109/TC.1986.1676819; with
/// numbers at the ends instead of 0 and 1, from memory.
struct DiagramBuilder {
    /// A branch, or an end with its value (the complement of its place in `values`).
    typealias Reference = Int32

    struct Branch: Hashable {
        var variable: Int32
        var low: Reference
        var high: Reference
    }

    /// Chosen: rules of published networks take tens of branches; more than this is a puzzle, not a rule.
    static let mostBranches = 200_000
    /// Chosen: keeps recursion shallow, which is as deep as a rule has regulators.
    static let mostVariables = 1000

    private(set) var branches: [Branch] = []
    private(set) var values: [Double] = []
    private var known: [Branch: Reference] = [:]
    private var ends: [UInt64: Reference] = [:]
    /// Bits in the order of first use, and the place of each.
    private(set) var variables: [Int] = []
    private var places: [Int: Int32] = [:]

    /// Whose rule it is.
    private let node: String

    init(node: String) { self.node = node }

    private var tooLarge: NetworkFailure {
        NetworkFailure(
            .unsupported, problem: "the rule of '\(node)' has too many different cases to be told apart",
            fix: "give the node fewer regulators, or split the rule over several nodes")
    }

    mutating func constant(_ value: Double) -> Reference {
        // −0 is 0, and not-a-number one value.
        let bits = value == 0 ? 0 : value.isNaN ? Double.nan.bitPattern : value.bitPattern
        if let end = ends[bits] { return end }
        values.append(Double(bitPattern: bits))
        let end = ~Reference(values.count - 1)
        ends[bits] = end
        return end
    }

    /// 1 where a bit is on.
    mutating func bit(_ bit: Int) throws(NetworkFailure) -> Reference {
        let place: Int32
        if let found = places[bit] {
            place = found
        } else {
            guard variables.count < DiagramBuilder.mostVariables else { throw tooLarge }
            place = Int32(variables.count)
            variables.append(bit)
            places[bit] = place
        }
        return try branch(place, constant(0), constant(1))
    }

    private mutating func branch(
        _ variable: Int32, _ low: Reference, _ high: Reference
    ) throws(NetworkFailure) -> Reference {
        if low == high { return low }
        let branch = Branch(variable: variable, low: low, high: high)
        if let found = known[branch] { return found }
        guard branches.count < DiagramBuilder.mostBranches else { throw tooLarge }
        branches.append(branch)
        known[branch] = Reference(branches.count - 1)
        return Reference(branches.count - 1)
    }

    private func variable(_ reference: Reference) -> Int32 {
        reference < 0 ? .max : branches[Int(reference)].variable
    }

    private func half(_ reference: Reference, of variable: Int32, _ isHigh: Bool) -> Reference {
        guard reference >= 0, branches[Int(reference)].variable == variable else { return reference }
        return isHigh ? branches[Int(reference)].high : branches[Int(reference)].low
    }

    /// The values a function has.
    func ends(of reference: Reference) -> [Double] {
        var seen: Set<Reference> = [reference]
        var left = [reference]
        var found: [Double] = []
        while let place = left.popLast() {
            guard place >= 0 else {
                found.append(values[Int(~place)])
                continue
            }
            let branch = branches[Int(place)]
            for end in [branch.low, branch.high] where seen.insert(end).inserted { left.append(end) }
        }
        return found
    }

    // MARK: - Functions of diagrams

    /// A function of two values, at every state.
    mutating func combine(
        _ a: Reference, _ b: Reference, _ function: (Double, Double) -> Double
    ) throws(NetworkFailure) -> Reference {
        var done: [SIMD2<Int32>: Reference] = [:]
        return try combine(a, b, function, &done)
    }

    private mutating func combine(
        _ a: Reference, _ b: Reference, _ function: (Double, Double) -> Double,
        _ done: inout [SIMD2<Int32>: Reference]
    ) throws(NetworkFailure) -> Reference {
        if a < 0, b < 0 { return constant(function(values[Int(~a)], values[Int(~b)])) }
        let key = SIMD2(a, b)
        if let found = done[key] { return found }
        let top = min(variable(a), variable(b))
        let low = try combine(half(a, of: top, false), half(b, of: top, false), function, &done)
        let high = try combine(half(a, of: top, true), half(b, of: top, true), function, &done)
        let result = try branch(top, low, high)
        done[key] = result
        return result
    }

    /// A function of one value, at every state.
    mutating func map(_ a: Reference, _ function: (Double) -> Double) throws(NetworkFailure) -> Reference {
        try combine(a, constant(0)) { value, _ in function(value) }
    }

    /// The one where the condition holds (is not 0), the other elsewhere.
    mutating func choose(
        _ condition: Reference, _ yes: Reference, _ no: Reference
    ) throws(NetworkFailure) -> Reference {
        var done: [SIMD4<Int32>: Reference] = [:]
        return try choose(condition, yes, no, &done)
    }

    private mutating func choose(
        _ condition: Reference, _ yes: Reference, _ no: Reference, _ done: inout [SIMD4<Int32>: Reference]
    ) throws(NetworkFailure) -> Reference {
        if condition < 0 { return values[Int(~condition)] != 0 ? yes : no }
        if yes == no { return yes }
        let key = SIMD4(condition, yes, no, 0)
        if let found = done[key] { return found }
        let top = min(variable(condition), variable(yes), variable(no))
        let low = try choose(
            half(condition, of: top, false), half(yes, of: top, false), half(no, of: top, false), &done)
        let high = try choose(
            half(condition, of: top, true), half(yes, of: top, true), half(no, of: top, true), &done)
        let result = try branch(top, low, high)
        done[key] = result
        return result
    }
}

extension DiagramBuilder {
    /// What a number of two numbers gives; `nil` for functions of one.
    static func binary(_ function: Formula.Function) -> ((Double, Double) -> Double)? {
        func truth(_ holds: Bool) -> Double { holds ? 1 : 0 }
        return switch function {
        case .plus: { $0 + $1 }
        case .times: { $0 * $1 }
        case .min: { Swift.min($0, $1) }
        case .max: { Swift.max($0, $1) }
        case .and: { truth($0 != 0 && $1 != 0) }
        case .or: { truth($0 != 0 || $1 != 0) }
        case .xor: { truth(($0 != 0) != ($1 != 0)) }
        case .implies: { truth($0 == 0 || $1 != 0) }
        case .minus: { $0 - $1 }
        case .divide: { $0 / $1 }
        case .power: { pow($0, $1) }
        case .quotient: { ($0 / $1).rounded(.towardZero) }
        case .remainder: { $0.truncatingRemainder(dividingBy: $1) }
        case .logarithm: { log($1) / log($0) }
        case .root: { pow($1, 1 / $0) }
        case .equal: { truth($0 == $1) }
        case .different: { truth($0 != $1) }
        case .less: { truth($0 < $1) }
        case .lessOrEqual: { truth($0 <= $1) }
        case .greater: { truth($0 > $1) }
        case .greaterOrEqual: { truth($0 >= $1) }
        default: nil
        }
    }

    /// What a function of one number gives; `nil` for functions of two, and those no logical network needs.
    static func unary(_ function: Formula.Function) -> ((Double) -> Double)? {
        switch function {
        case .negative: { -$0 }
        case .not: { $0 == 0 ? 1 : 0 }
        case .abs: { Swift.abs($0) }
        case .floor: { $0.rounded(.down) }
        case .ceiling: { $0.rounded(.up) }
        case .exp: { exp($0) }
        case .ln: { log($0) }
        default: nil
        }
    }

    /// What an n-ary function of nothing is.
    static func ofNothing(_ function: Formula.Function) -> Double? {
        switch function {
        case .plus, .or, .xor: 0
        case .times, .and: 1
        default: nil
        }
    }
}
