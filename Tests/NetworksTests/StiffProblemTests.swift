import Foundation
import Testing

@testable import Networks

/// Stiff problems to their published end values.
///
/// Published: F. Mazzia, C. Magherini, Test Set for Initial Value Problem Solvers (RADAU at 1.1e-18, as many copies of
/// the set's programs carry them).
struct StiffProblemTests {
    private static func check(_ values: [Double], _ published: [Double], _ relative: Double) {
        for (value, end) in zip(values, published) { #expect(abs(value / end - 1) < relative) }
    }

    static let robertson = TestSystem(
        3,
        f: { _, y, _ in
            let (a, b, c) = (0.04 * y[0], 3e7 * y[1] * y[1], 1e4 * y[1] * y[2])
            return [-a + c, a - b - c, b]
        },
        dfdy: { _, y, _ in
            [[-0.04, 1e4 * y[2], 1e4 * y[1]], [0.04, -6e7 * y[1] - 1e4 * y[2], -1e4 * y[1]], [0, 6e7 * y[1], 0]]
        })

    @Test func robertsonReachesItsPublishedEnd() throws {
        let run = try LaneIntegrator.run(Self.robertson, from: [1, 0, 0], to: 1e11, relative: 1e-8, absolute: 1e-14)
        Self.check(run.values, [0.2083340149701255e-07, 0.8333360770334713e-13, 0.9999999791665050], 1e-6)
        // At 4e10: SciPy's Radau at 1e-12, and 5.2083e-08, 2.0833e-13 in the examples of CVODE.
        let half = try LaneIntegrator.run(Self.robertson, from: [1, 0, 0], to: 4e10, relative: 1e-8, absolute: 1e-14)
        Self.check(half.values, [5.208345176e-08, 2.083338178e-13, 0.999999947916], 1e-6)
        #expect(half.counts.accepted < 1000)
    }

    @Test func hiresReachesItsPublishedEnd() throws {
        let system = TestSystem(
            8,
            f: { _, y, _ in
                let bound = 280 * y[5] * y[7]
                return [
                    -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007, 1.71 * y[0] - 8.75 * y[1],
                    -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4], 8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3],
                    -1.745 * y[4] + 0.43 * (y[5] + y[6]),
                    -bound + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6], bound - 1.81 * y[6],
                    1.81 * y[6] - bound,
                ]
            },
            dfdy: { _, y, _ in
                let (a, b) = (280 * y[7], 280 * y[5])
                return [
                    [-1.71, 0.43, 8.32, 0, 0, 0, 0, 0], [1.71, -8.75, 0, 0, 0, 0, 0, 0],
                    [0, 0, -10.03, 0.43, 0.035, 0, 0, 0], [0, 8.32, 1.71, -1.12, 0, 0, 0, 0],
                    [0, 0, 0, 0, -1.745, 0.43, 0.43, 0], [0, 0, 0, 0.69, 1.71, -a - 0.43, 0.69, -b],
                    [0, 0, 0, 0, 0, a, -1.81, b], [0, 0, 0, 0, 0, -a, 1.81, -b],
                ]
            })
        let run = try LaneIntegrator.run(
            system, from: [1, 0, 0, 0, 0, 0, 0, 0.0057], to: 321.8122, relative: 1e-10, absolute: 1e-14)
        let published = [
            0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2,
            0.2386356198831331e-2, 0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2,
        ]
        Self.check(run.values, published, 1e-8)
    }

    @Test func oregonatorReachesItsPublishedEnd() throws {
        let system = TestSystem(
            3,
            f: { _, y, _ in
                [
                    77.27 * (y[1] + y[0] * (1 - 8.375e-6 * y[0] - y[1])), (y[2] - (1 + y[0]) * y[1]) / 77.27,
                    0.161 * (y[0] - y[2]),
                ]
            },
            dfdy: { _, y, _ in
                [
                    [77.27 * (1 - 2 * 8.375e-6 * y[0] - y[1]), 77.27 * (1 - y[0]), 0],
                    [-y[1] / 77.27, -(1 + y[0]) / 77.27, 1 / 77.27], [0.161, 0, -0.161],
                ]
            })
        let run = try LaneIntegrator.run(system, from: [1, 2, 3], to: 360, relative: 1e-10, absolute: 1e-12)
        Self.check(run.values, [0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3], 1e-7)
    }

    @Test func vanDerPolReachesItsPublishedEnd() throws {
        let system = TestSystem(
            2, f: { _, y, _ in [y[1], 1e3 * (1 - y[0] * y[0]) * y[1] - y[0]] },
            dfdy: { _, y, _ in [[0, 1], [-2e3 * y[0] * y[1] - 1, 1e3 * (1 - y[0] * y[0])]] })
        let run = try LaneIntegrator.run(system, from: [2, 0], to: 2000, relative: 1e-10, absolute: 1e-12)
        // The set's ε = 1e-6 to 2 is μ = 1e3 to 2000, the velocity divided by μ.
        Self.check(run.values, [0.1706167732170483e1, -0.8928097010247975e-3], 1e-8)
    }

    @Test func e5ReachesItsPublishedEnd() throws {
        let system = TestSystem(
            4, rows: [[0, 2], [0, 1, 2], [0, 1, 2, 3], [0, 2, 3]],
            f: { _, y, _ in
                let (a, b) = (7.89e-10 * y[0], 1.1e7 * y[0] * y[2])
                let (m, c) = (1.13e9 * y[1] * y[2], 1.13e3 * y[3])
                return [-a - b, a - m, (a - m) - (b - c), b - c]
            },
            dfdy: { _, y, _ in
                let (b, m) = ([1.1e7 * y[2], 1.1e7 * y[0]], [1.13e9 * y[2], 1.13e9 * y[1]])
                return [
                    [-7.89e-10 - b[0], 0, -b[1], 0], [7.89e-10, -m[0], -m[1], 0],
                    [7.89e-10 - b[0], -m[0], -b[1] - m[1], 1.13e3], [b[0], 0, b[1], -1.13e3],
                ]
            })
        let start = [1.76e-3, 0, 0, 0]
        // SciPy's Radau and BDF at 1e-11 agree in these digits.
        let early = try LaneIntegrator.run(system, from: start, to: 1e7, relative: 1e-9, absolute: 1e-28)
        Self.check(early.values, [4.71503336e-10, 1.81888959e-14, 1.81888124e-14, 8.348402e-20], 1e-6)
        // The end is a difference of values that were 1e12 times as large; rounding leaves 1e-11 of those.
        let late = try LaneIntegrator.run(system, from: start, to: 1e13, relative: 1e-8, absolute: 1e-28)
        for (value, end) in zip(
            late.values, [0.1152903278711829e-290, 0.8867655517642120e-22, 0.8854814626268838e-22, 0])
        {
            #expect(abs(value - end) < 1e-20)
        }
    }
}
