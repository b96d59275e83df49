import Testing

@testable import Networks

/// Whether the method's numbers, however they came here, satisfy every condition of order for y' = f(y, z), 0 = g(y, z).
///
/// Conditions by trees, after E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, IV.7 and VI.4 (from
/// memory): a node with one son weighs it by β = α + γ, one with several by α; an algebraic node by ω = β⁻¹ besides.
/// Order p of a run needs the trees of y to p and those of z to p − 1: an error of z is not carried on.
struct RosenbrockMethodTests {
    @Test func satisfiesEveryConditionToOrderFiveWithAlgebraicUnknowns() {
        let method = Weights()
        var count = 0
        for tree in trees(order: 5) where !tree.isAlgebraic || tree.order <= 4 {
            let error = abs(method.sum(method.b, tree) - 1 / tree.density)
            #expect(error < 1e-11, "\(tree): \(error)")
            count += 1
        }
        #expect(count > 50)
    }

    @Test func itsErrorEstimateIsOfOrderFour() {
        let method = Weights()
        var embedded = method.m
        embedded[7] = 0
        let b = method.times(embedded, method.gamma)
        for tree in trees(order: 4) where !tree.hasAlgebraic {
            #expect(abs(method.sum(b, tree) - 1 / tree.density) < 1e-11, "\(tree)")
        }
        let worst = trees(order: 5).filter { !$0.hasAlgebraic && $0.order == 5 }.map {
            abs(method.sum(b, $0) - 1 / $0.density)
        }.max()!
        #expect(worst > 1e-4, "an estimate as exact as the method estimates nothing")
    }

    @Test(arguments: [0.1, 0.37, 0.5, 0.93]) func itsDenseOutputIsOfOrderFour(theta: Double) {
        let method = Weights()
        let bends = RosenbrockMethod.bends
        let m = (0..<8).map { stage in
            let bend = bends[0][stage] + theta * (bends[1][stage] + theta * bends[2][stage])
            return theta * (method.m[stage] + (1 - theta) * bend)
        }
        let b = method.times(m, method.gamma)
        for tree in trees(order: 4) where !tree.hasAlgebraic {
            let exact = (0..<tree.order).reduce(1 / tree.density) { product, _ in product * theta }
            #expect(abs(method.sum(b, tree) - exact) < 1e-11, "\(tree)")
        }
    }

    @Test func isStifflyAccurate() {
        let method = Weights()
        // The last row of β is b: the end of a step satisfies the algebraic equations as its last stage does.
        for stage in 0..<8 { #expect(abs(method.beta[7][stage] - method.b[stage]) < 1e-12) }
    }

    @Test func nodesAndTimeSharesAreRowSums() {
        let method = Weights()
        for stage in 0..<8 {
            #expect(abs(method.alpha[stage].reduce(0, +) - RosenbrockMethod.nodes[stage]) < 1e-12)
            #expect(abs(method.gamma[stage].reduce(0, +) - RosenbrockMethod.timeShares[stage]) < 1e-12)
        }
    }

    @Test func fifthRootsAreExactToTheLastDigits() {
        for x in [1e-10, 3e-5, 0.01, 0.5, 1, 2, 31, 1e4, 7e200] {
            let root = fifthRoot(x)
            #expect(abs(root * root * root * root * root / x - 1) < 1e-14)
        }
    }
}

/// A tree of derivatives; algebraic nodes stand for −g_z⁻¹ times a derivative of g.
private struct Tree: CustomStringConvertible {
    var isAlgebraic: Bool
    var sons: [Tree]

    var order: Int { sons.reduce(isAlgebraic ? 0 : 1) { $0 + $1.order } }
    var density: Double { sons.reduce(isAlgebraic ? 1 : Double(order)) { $0 * $1.density } }
    var hasAlgebraic: Bool { isAlgebraic || sons.contains { $0.hasAlgebraic } }
    var description: String {
        (isAlgebraic ? "z" : "y") + (sons.isEmpty ? "" : "[" + sons.map(\.description).joined(separator: ",") + "]")
    }
}

/// Every tree up to an order: differential and algebraic ones.
private func trees(order: Int) -> [Tree] {
    var byOrder: [[Tree]] = [[]]
    for current in 1...order {
        // Sons of a differential node have orders that sum to one less; those of an algebraic one to all of it.
        var found = forests(current - 1, byOrder, largest: Int.max).map { Tree(isAlgebraic: false, sons: $0) }
        byOrder.append(found)
        let fat = forests(current, byOrder, largest: Int.max).filter { $0.count > 1 }
        found += fat.map { Tree(isAlgebraic: true, sons: $0) }
        byOrder[current] = found
    }
    return byOrder.flatMap { $0 }
}

/// Every multiset of trees whose orders sum to a number; `largest` bounds the running number of the first.
private func forests(_ sum: Int, _ byOrder: [[Tree]], largest: Int) -> [[Tree]] {
    if sum == 0 { return [[]] }
    let numbered = byOrder.flatMap { $0 }
    var found: [[Tree]] = []
    for (number, tree) in numbered.enumerated() where tree.order <= sum && number <= largest {
        found += forests(sum - tree.order, byOrder, largest: number).map { [tree] + $0 }
    }
    return found
}

/// The method in Hairer and Wanner's α, γ and b.
private struct Weights {
    var alpha, gamma, beta, omega: [[Double]]
    var b, m: [Double]

    init() {
        let n = RosenbrockMethod.stages
        func square(_ rows: [[Double]]) -> [[Double]] { rows.map { $0 + Array(repeating: 0, count: n - $0.count) } }
        let c = square(RosenbrockMethod.couplings)
        let inverse = (0..<n).map { i in (0..<n).map { (i == $0 ? 1 / RosenbrockMethod.gamma : 0) - c[i][$0] } }
        gamma = Weights.invertTriangular(inverse)
        alpha = Weights.product(square(RosenbrockMethod.values), gamma)
        beta = zip(alpha, gamma).map { zip($0, $1).map { $0 + $1 } }
        omega = Weights.invertTriangular(beta)
        m = RosenbrockMethod.values[7] + [1]
        b = []
        b = times(m, gamma)
    }

    func times(_ row: [Double], _ matrix: [[Double]]) -> [Double] {
        row.indices.map { j in row.indices.reduce(0) { $0 + row[$1] * matrix[$1][j] } }
    }

    func apply(_ matrix: [[Double]], _ column: [Double]) -> [Double] {
        matrix.map { zip($0, column).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    func weight(_ tree: Tree) -> [Double] {
        var product = Array(repeating: 1.0, count: b.count)
        for son in tree.sons {
            let share = apply(tree.sons.count == 1 ? beta : alpha, weight(son))
            product = zip(product, share).map { $0 * $1 }
        }
        return tree.isAlgebraic ? apply(omega, product) : product
    }

    func sum(_ b: [Double], _ tree: Tree) -> Double { zip(b, weight(tree)).reduce(0) { $0 + $1.0 * $1.1 } }

    static func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
        a.map { row in row.indices.map { j in row.indices.reduce(0) { $0 + row[$1] * b[$1][j] } } }
    }

    static func invertTriangular(_ a: [[Double]]) -> [[Double]] {
        var result = a.map { $0.map { _ in 0.0 } }
        for j in a.indices {
            for i in j..<a.count {
                let sum = (j..<i).reduce(i == j ? 1 : 0) { $0 - a[i][$1] * result[$1][j] }
                result[i][j] = sum / a[i][i]
            }
        }
        return result
    }
}
