import Testing

@testable import Networks

struct StiffProblemTests {
    static let robertson = TestSystem(
        3,
        f: { _, y, _ in
            let (a, b, c) = (0.04 * y[0], 3e7 * y[1] * y[1], 1e4 * y[1] * y[2])
            return [-a + c, a - b - c, b]
        },
        dfdy: { _, y, _ in
            [
                [-0.04, 1e4 * y[2], 1e4 * y[1]], [0.04, -6e7 * y[1] - 1e4 * y[2], -1e4 * y[1]], [0, 6e7 * y[1], 0],
            ]
        })

    /// End values at 1e11 of the test set for initial value problem solvers (from memory).
    @Test func robertsonReachesItsPublishedEnd() throws {
        let run = try LaneIntegrator.run(Self.robertson, from: [1, 0, 0], to: 1e11, relative: 1e-8, absolute: 1e-14)
        let published = [0.2083340149701255e-07, 0.8333360770334713e-13, 0.9999999791665050]
        for (value, end) in zip(run.values, published) { #expect(abs(value / end - 1) < 1e-6) }
    }
}
