import Biology
import Foundation
import Testing

@testable import Networks

/// Names stand for unknowns x0, x1, x2; nothing is delayed or drawn.
private struct UnknownScope: FormulaScope {
    typealias Term = ExpressionGraph.Term
    var terms: [String: Term] = [:]

    func value(of name: String) -> Term? { terms[name] }
    func rate(of name: String) -> Term? { nil }
    mutating func delayed(_ formula: Formula, by delay: Term, in graph: inout ExpressionGraph) -> Term { delay }
    mutating func draw(_ law: Formula.Distribution, _ arguments: [Term], in graph: inout ExpressionGraph) -> Term { 0 }
    mutating func sign(of difference: Term, in graph: inout ExpressionGraph) -> Term { difference }
    mutating func floor(of value: Term, in graph: inout ExpressionGraph) -> Term {
        graph.term(Int(FormulaProgramTests.floorOperation), value)
    }
}

@Suite struct FormulaProgramTests {
    static let floorOperation: Int32 = 9
    static let count = 3

    /// A formula's value and its derivatives by x0, x1 and x2, computed by flat programs, [1 + count][lane].
    static func values(of formula: Formula, at x: [[Double]]) throws -> [[Double]] {
        var graph = ExpressionGraph()
        var scope = UnknownScope()
        for index in 0..<count { scope.terms["x\(index)"] = graph.input(.unknown(index)) }
        var lowering = FormulaLowering(graph: graph, scope: scope)
        let term = try lowering.term(formula)
        var derived = lowering.graph
        let slopes = EquationDerivatives([term], of: count, in: &derived)
        var roots = [term] + Array(repeating: derived.constant(0), count: count)
        for (place, column) in slopes.pattern.columns.enumerated() { roots[1 + column] = slopes.entries[place] }
        let assembler = ProgramAssembler(graph: derived, rows: InputRows(), constants: ConstantPool(of: derived))
        return run(assembler.program(roots), x)
    }

    /// Runs a program at x[unknown][lane].
    static func run(_ program: FlatProgram, _ x: [[Double]]) -> [[Double]] {
        let lanes = x[0].count
        let values = Array(x.joined())
        var scratch = Array(repeating: 0.0, count: program.scratch * lanes)
        var result = Array(repeating: 0.0, count: program.results * lanes)
        unsafe values.withUnsafeBufferPointer { values in
            unsafe scratch.withUnsafeMutableBufferPointer { scratch in
                unsafe result.withUnsafeMutableBufferPointer { result in
                    guard let x = values.baseAddress, let work = scratch.baseAddress, let out = result.baseAddress
                    else { return }
                    let point = unsafe LanePoint(time: 0, lanes: lanes, values: x, inputs: x, scratch: work)
                    unsafe program.run(point, into: out)
                }
            }
        }
        return (0..<program.results).map { Array(result[$0 * lanes..<($0 + 1) * lanes]) }
    }

    /// Every function of numbers at arguments where it has a value and a derivative.
    static let calls: [(Formula.Function, [Formula])] = {
        let (x, y, z) = (Formula.name("x0"), Formula.name("x1"), Formula.name("x2"))
        let above = Formula.number(1) + x
        return [
            (.plus, [x, y, z]), (.times, [x, y, z]), (.min, [x, y, z]), (.max, [x, y, z]), (.minus, [x, y]),
            (.divide, [x, y]), (.power, [x, y]), (.power, [x, .number(3)]), (.power, [x, .number(-2)]),
            (.power, [x, .number(0.3)]), (.power, [.number(2), x]), (.power, [x, .number(0.5)]),
            (.quotient, [x, y]), (.remainder, [x, y]), (.logarithm, [y, x]), (.logarithm, [.number(10), x]),
            (.root, [y, x]), (.root, [.number(2), x]), (.root, [.number(3), x]), (.negative, [x]), (.not, [x]),
            (.abs, [x - y]), (.floor, [x]), (.ceiling, [x]), (.factorial, [x]), (.exp, [x]), (.ln, [x]),
            (.sin, [x]), (.cos, [x]), (.tan, [x]), (.sec, [x]), (.csc, [x]), (.cot, [x]), (.sinh, [x]),
            (.cosh, [x]), (.tanh, [x]), (.sech, [x]), (.csch, [x]), (.coth, [x]), (.arcsin, [x / above]),
            (.arccos, [x / above]), (.arctan, [x]), (.arcsec, [above]), (.arccsc, [above]), (.arccot, [x]),
            (.arcsinh, [x]), (.arccosh, [above]), (.arctanh, [x / above]), (.arcsech, [x / above]),
            (.arccsch, [x]), (.arccoth, [above]), (.and, [x, y]), (.or, [x, y]), (.xor, [x, y]),
            (.implies, [x, y]), (.equal, [x, y]), (.different, [x, y]), (.less, [x, y, z]),
            (.lessOrEqual, [x, y]), (.greater, [x, y]), (.greaterOrEqual, [x, y, z]),
        ]
    }()

    @Test func everyFunctionIsTested() {
        #expect(Set(Self.calls.map(\.0)) == Set(Formula.Function.allCases))
    }

    /// Values from the mathematical library, not through the program.
    @Test func functionsAreThoseOfMathematics() throws {
        let (x, y) = (0.7, 1.9)
        let expected: [(Formula.Function, [Double], Double)] = [
            (.sec, [x], 1 / cos(x)), (.csc, [x], 1 / sin(x)), (.cot, [x], 1 / tan(x)), (.sech, [x], 1 / cosh(x)),
            (.csch, [x], 1 / sinh(x)), (.coth, [x], 1 / tanh(x)), (.arcsec, [y], acos(1 / y)),
            (.arccsc, [y], asin(1 / y)), (.arccot, [x], atan(1 / x)), (.arcsech, [x], acosh(1 / x)),
            (.arccsch, [x], asinh(1 / x)), (.arccoth, [y], atanh(1 / y)), (.power, [y, x], pow(y, x)),
            (.root, [y, x], pow(x, 1 / y)), (.logarithm, [y, x], log(x) / log(y)), (.logarithm, [10, 1000], 3),
            (.quotient, [-7, 2], -3), (.remainder, [-7, 2], -1), (.remainder, [7, -2], 1), (.ceiling, [-1.5], -1),
            (.floor, [-1.5], -2), (.factorial, [5], 120), (.implies, [1, 0], 0), (.implies, [0, 0], 1),
            (.xor, [1, 1, 1], 1), (.plus, [], 0), (.times, [], 1), (.and, [], 1), (.or, [], 0),
            (.less, [1, 2, 2], 0), (.lessOrEqual, [1, 2, 2], 1), (.different, [1, 2], 1), (.root, [3, -8], -2),
            (.min, [3, 1, 2], 1), (.max, [3, 1, 2], 3),
        ]
        for (function, arguments, value) in expected {
            // Once worked out while lowering, once by the program.
            let known = Formula.call(function, arguments.map { .number($0) })
            #expect(abs(try Self.values(of: known, at: [[0], [0], [0]])[0][0] - value) < 1e-14 * max(1, abs(value)))
            // The root of a degree that is no number yet is a power.
            if function == .root, arguments[1] < 0 { continue }
            let names = arguments.indices.map { Formula.name("x\($0)") }
            let padded = (arguments + [0, 0, 0]).prefix(3).map { [$0] }
            let result = try Self.values(of: .call(function, names), at: padded)[0][0]
            #expect(abs(result - value) < 1e-14 * max(1, abs(value)), "\(function.rawValue)\(arguments)")
        }
    }

    @Test(arguments: calls.indices)
    func derivativesAreThoseOfDifferences(index: Int) throws {
        let formula = Formula.call(Self.calls[index].0, Self.calls[index].1)
        try Self.checkDerivatives(of: formula, at: [0.37, 0.81, 1.43])
        try Self.checkDerivatives(of: formula, at: [1.62, 0.55, 0.29])
    }

    /// Random formulas, each of several functions inside each other.
    @Test func derivativesOfNestedFormulasAreThoseOfDifferences() throws {
        let smooth: Set<Formula.Function> = [
            .floor, .ceiling, .quotient, .remainder, .not, .and, .or, .xor, .implies, .equal, .different, .less,
            .lessOrEqual, .greater, .greaterOrEqual,
        ]
        let inner = Self.calls.filter { !smooth.contains($0.0) }
        for first in inner.indices where first % 3 == 0 {
            for second in inner.indices where (first + second) % 7 == 0 {
                let a = Formula.call(.arctan, [.call(inner[first].0, inner[first].1)])
                let b = Formula.call(.tanh, [.call(inner[second].0, inner[second].1)])
                let choice = Formula.piecewise(
                    [.init(value: a * b, condition: .call(.less, [.name("x0"), .name("x1")]))],
                    otherwise: a / (.number(2) + b))
                try Self.checkDerivatives(of: choice, at: [0.41, 0.83, 1.27])
                try Self.checkDerivatives(of: choice, at: [0.83, 0.41, 0.77])
            }
        }
    }

    static func checkDerivatives(of formula: Formula, at x: [Double]) throws {
        let exact = try values(of: formula, at: x.map { [$0] })
        for unknown in 0..<count {
            func value(_ shift: Double) throws -> Double {
                var moved = x
                moved[unknown] += shift
                return try values(of: formula, at: moved.map { [$0] })[0][0]
            }
            // Order 4: h⁴ and ε/h both near 1e-12.
            let h = 1e-3
            let (near, far) = (try value(h) - value(-h), try value(2 * h) - value(-2 * h))
            let difference = (8 * near - far) / (12 * h)
            let slope = exact[1 + unknown][0]
            #expect(abs(slope - difference) < 1e-6 * max(1, abs(slope)), "d/dx\(unknown) of \(formula)")
        }
    }

    @Test(arguments: calls.indices)
    func eightLanesGiveTheBitsOfOne(index: Int) throws {
        let formula = Formula.call(Self.calls[index].0, Self.calls[index].1)
        let x: [[Double]] = (0..<3).map { unknown in
            (0..<16).map { lane in
                let step = (lane * 7 + unknown * 5) % 16
                return 0.11 + 0.173 * Double(step)
            }
        }
        let all = try Self.values(of: formula, at: x)
        for lane in 0..<16 {
            let one = try Self.values(of: formula, at: x.map { [$0[lane]] })
            for row in all.indices { #expect(all[row][lane].bitPattern == one[row][0].bitPattern) }
        }
    }

    @Test func piecesAreTakenInOrder() throws {
        let formula = Formula.piecewise(
            [
                .init(value: .number(1), condition: .call(.less, [.name("x0"), .number(1)])),
                .init(value: .number(2), condition: .call(.less, [.name("x0"), .number(2)])),
            ], otherwise: .number(3))
        let result = try Self.values(
            of: formula,
            at: [[0, 1, 2, 3, 0, 0, 0, 0], [Double](repeating: 0, count: 8), [Double](repeating: 0, count: 8)])
        #expect(result[0].prefix(4) == [1, 2, 3, 3])
    }

    @Test func nestingIsNeverTooDeep() throws {
        var formula = Formula.name("x0")
        for _ in 0..<20_000 { formula = .call(.sin, [formula + .name("x1")]) }
        let result = try Self.values(of: formula, at: [[0.1], [0.2], [0]])
        #expect(result[0][0].isFinite)
        // Taken apart layer by layer: a formula's own release goes as deep as it is nested.
        while case .call(_, let inner) = formula, let next = inner.first { formula = next }
    }

    @Test func sharedTermsAreComputedOnce() {
        var graph = ExpressionGraph()
        let (x, y) = (graph.input(.unknown(0)), graph.input(.unknown(1)))
        #expect(graph.add(x, y) == graph.add(y, x))
        let zero = graph.constant(0)
        #expect(graph.multiply(x, graph.constant(1)) == x)
        #expect(graph.add(x, zero) == x)
        let product = graph.multiply(graph.add(x, y), graph.add(y, x))
        let assembler = ProgramAssembler(graph: graph, rows: InputRows(), constants: ConstantPool(of: graph))
        #expect(assembler.program([product]).steps.count == 2)
    }

    @Test func wrongNumbersOfArgumentsAreNamed() {
        #expect(throws: FormulaFault(problem: "'divide' has 1 arguments", fix: "give it 2")) {
            try Self.values(of: .call(.divide, [.number(1)]), at: [[0], [0], [0]])
        }
    }
}
