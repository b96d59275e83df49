import Foundation
import Testing

@testable import Networks

struct LaneIntegratorTests {
    /// y' = −y z, z = 1 + y² as an algebraic rule, in one lane each with its own start.
    static let index1 = TestSystem(
        2, algebraic: [1],
        f: { _, y, _ in [-y[0] * y[1], y[1] - 1 - y[0] * y[0]] },
        dfdy: { _, y, _ in [[-y[1], -y[0]], [-2 * y[0], 1]] })

    /// y' = −y (1 + y²): 1/y² + 1 grows as e^(2t).
    static func exact(_ t: Double, from start: Double) -> Double {
        1 / ((1 / (start * start) + 1) * .exp(2 * t) - 1).squareRoot()
    }

    @Test func solvesAlgebraicUnknownsAtTheStart() throws {
        let run = try LaneIntegrator.run(Self.index1, from: [2, 0], to: 1, relative: 1e-9, absolute: 1e-12)
        let y = Self.exact(1, from: 2)
        #expect(abs(run.values[0] - y) < 1e-9)
        #expect(abs(run.values[1] - 1 - y * y) < 1e-9)
    }
}

extension Double {
    fileprivate static func exp(_ x: Double) -> Double { Foundation.exp(x) }
}
