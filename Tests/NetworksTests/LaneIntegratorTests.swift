import Foundation
import Testing

@testable import Networks

struct LaneIntegratorTests {
    /// y' = −y z, z = 1 + y² as an algebraic rule.
    static let index1 = TestSystem(
        2, algebraic: [1],
        f: { _, y, _ in [-y[0] * y[1], y[1] - 1 - y[0] * y[0]] },
        dfdy: { _, y, _ in [[-y[1], -y[0]], [-2 * y[0], 1]] })

    /// y' = −y (1 + y²): 1 + 1/y² grows as e^(2t).
    static func exact(_ t: Double, from start: Double = 2) -> Double {
        1 / ((1 / (start * start) + 1) * exp(2 * t) - 1).squareRoot()
    }

    /// y' = y cos t, which depends on time.
    static let driven = TestSystem(
        1, f: { t, y, _ in [y[0] * cos(t)] }, dfdy: { t, _, _ in [[cos(t)]] }, dfdt: { t, y, _ in [-y[0] * sin(t)] })

    /// An integrator whose steps all have one length.
    private static func fixed(
        _ system: any LaneSystem, from start: [Double], step: Double, lanes: Int = 1
    ) throws -> LaneIntegrator {
        let loose = StepTolerance(relative: 0, absolute: Array(repeating: 1e12, count: system.unknowns))
        let integrator = try LaneIntegrator(system, lanes: lanes, tolerance: loose)
        for index in 0..<system.unknowns * lanes { unsafe integrator.values[index] = start[index / lanes] }
        try integrator.start(at: 0)
        integrator.longestStep = step
        integrator.nextStep = step
        return integrator
    }

    private static func errorAtOne(_ system: any LaneSystem, _ start: [Double], steps: Int, _ end: Double) throws
        -> Double
    {
        let integrator = try fixed(system, from: start, step: 1 / Double(steps))
        while integrator.time < 1 {
            integrator.nextStep = 1 / Double(steps)
            try integrator.step(noLaterThan: 1)
        }
        return unsafe abs(integrator.values[0] - end)
    }

    @Test func isOfOrderFiveWithAnAlgebraicUnknown() throws {
        let errors = try [80, 160].map { try Self.errorAtOne(Self.index1, [2, 5], steps: $0, Self.exact(1)) }
        #expect(log2(errors[0] / errors[1]) > 4.7)
    }

    @Test func isOfOrderFiveInTime() throws {
        let errors = try [8, 16].map { try Self.errorAtOne(Self.driven, [1], steps: $0, exp(sin(1))) }
        #expect(log2(errors[0] / errors[1]) > 4.7)
    }

    @Test func timeDerivativesByDifferencesServeAsWell() throws {
        let system = TestSystem(
            1, dependence: .byDifferences, f: { t, y, _ in [y[0] * cos(t)] }, dfdy: { t, _, _ in [[cos(t)]] })
        let run = try LaneIntegrator.run(system, from: [1], to: 1, relative: 1e-11, absolute: 1e-12)
        #expect(abs(run.values[0] - exp(sin(1))) < 1e-10)
    }

    @Test(arguments: [0.25, 0.5, 0.8]) func denseOutputIsOfOrderFour(theta: Double) throws {
        let errors = try [0.01, 0.005].map { step in
            let integrator = try Self.fixed(Self.index1, from: [2, 5], step: step)
            try integrator.step(noLaterThan: 10)
            #expect(integrator.time == step)
            var values = [0.0, 0.0]
            unsafe values.withUnsafeMutableBufferPointer { values in
                guard let base = values.baseAddress else { return }
                unsafe integrator.interpolate(at: theta * step, into: base)
            }
            return abs(values[0] - Self.exact(theta * step))
        }
        // A single step: its error is one order above that of a run.
        #expect(log2(errors[0] / errors[1]) > 4.6)
    }

    @Test func solvesAlgebraicUnknownsAtTheStart() throws {
        let run = try LaneIntegrator.run(Self.index1, from: [2, 0], to: 1, relative: 1e-9, absolute: 1e-12)
        let y = Self.exact(1)
        #expect(abs(run.values[0] - y) < 1e-9)
        #expect(abs(run.values[1] - 1 - y * y) < 1e-9)
    }

    @Test(arguments: [1e-4, 1e-6, 1e-8, 1e-10]) func errorsFollowTheTolerance(tolerance: Double) throws {
        let run = try LaneIntegrator.run(
            Self.index1, from: [2, 5], to: 1, relative: tolerance, absolute: tolerance * 1e-3)
        #expect(abs(run.values[0] - Self.exact(1)) < 3 * tolerance)
    }

    /// Two rules for two unknowns, each with a zero on its own diagonal.
    @Test func algebraicRowsAreMatchedWithTheirUnknowns() throws {
        let system = TestSystem(
            3, algebraic: [1, 2], rows: [[1], [0, 2], [0, 1]],
            f: { _, y, _ in [-y[1], y[2] - 2 * y[0], y[1] - y[0]] },
            dfdy: { _, _, _ in [[0, -1, 0], [-2, 0, 1], [-1, 1, 0]] })
        let run = try LaneIntegrator.run(system, from: [1, 0, 0], to: 1, relative: 1e-9, absolute: 1e-12)
        #expect(abs(run.values[0] - exp(-1)) < 1e-9)
        #expect(abs(run.values[2] - 2 * exp(-1)) < 1e-9)
        #expect(run.counts.pivoted == 0)
    }

    /// As above, but the zero is one by value only.
    @Test func aPivotThatIsZeroByValueIsExchanged() throws {
        let system = TestSystem(
            3, algebraic: [1, 2], inputs: 1,
            f: { _, y, k in [-y[1], k[0] * y[1] + y[2] - 2 * y[0], y[1] + k[0] * y[2] - y[0]] },
            dfdy: { _, _, k in [[0, -1, 0], [-2, k[0], 1], [-1, 1, k[0]]] })
        let run = try LaneIntegrator.run(system, from: [1, 0, 0], to: 1, relative: 1e-9, absolute: 1e-12, inputs: [0])
        #expect(run.counts.pivoted < 5, "the order is chosen anew at the start")
        #expect(abs(run.values[0] - exp(-1)) < 1e-9)
        #expect(abs(run.values[2] - 2 * exp(-1)) < 1e-9)
    }

    @Test func rulesThatCannotDetermineTheirUnknownAreRefused() {
        let system = TestSystem(
            2, algebraic: [1], rows: [[0], [0]], f: { _, y, _ in [-y[0], y[0] - 1] },
            dfdy: { _, _, _ in [[-1, 0], [1, 0]] })
        #expect { try LaneIntegrator.run(system, from: [1, 0], to: 1, relative: 1e-6, absolute: 1e-9) } throws: {
            ($0 as? NetworkFailure)?.kind == .malformed
        }
    }

    @Test func eightLanesAgreeWithOneAndWithEachOther() throws {
        let tolerance = StepTolerance(relative: 1e-8, absolute: [1e-10, 1e-10])
        let integrator = try LaneIntegrator(Self.index1, lanes: 8, tolerance: tolerance)
        for lane in 0..<8 { unsafe integrator.values[lane] = lane < 4 ? 2 : 0.5 }
        try integrator.start(at: 0)
        while integrator.time < 1 { try integrator.step(noLaterThan: 1) }
        for lane in 0..<8 {
            #expect(unsafe integrator.values[lane] == integrator.values[lane < 4 ? 0 : 7])
            #expect(unsafe abs(integrator.values[lane] - Self.exact(1, from: lane < 4 ? 2 : 0.5)) < 1e-7)
        }
    }

    @Test func everyProcessorLevelGivesTheSameBits() throws {
        let ends = try IntegratorKernels.available.map { kernels in
            let tolerance = StepTolerance(relative: 1e-6, absolute: [1e-9, 1e-9, 1e-9])
            let integrator = try LaneIntegrator(
                StiffProblemTests.robertson, lanes: 8, tolerance: tolerance, kernels: kernels)
            for lane in 0..<8 { unsafe integrator.values[lane] = 1 + Double(lane) / 10 }
            try integrator.start(at: 0)
            while integrator.time < 1e4 { try integrator.step(noLaterThan: 1e4) }
            return (0..<24).map { unsafe integrator.values[$0] }
        }
        for end in ends { #expect(end == ends[0]) }
    }

    @Test func ratesThatAreNotFiniteEndWithTheirNameAndTime() {
        let system = TestSystem(
            1, f: { _, y, _ in [-1 / y[0].squareRoot()] }, dfdy: { _, y, _ in [[0.5 / (y[0] * y[0].squareRoot())]] })
        #expect { try LaneIntegrator.run(system, from: [1], to: 1, relative: 1e-6, absolute: 1e-9) } throws: { error in
            (error as? NetworkFailure)?.kind == .stopped && "\(error)".contains("at time 0.66666")
        }
    }

    @Test func amountsStayAboveZeroWithinTheTolerance() throws {
        // Fast decay beside slow refilling: long steps would overshoot 0.
        let system = TestSystem(
            2, rows: [[0], [0, 1]], f: { _, y, _ in [-1e3 * y[0] * y[0], 1e3 * y[0] * y[0] - 1e5 * y[1]] },
            dfdy: { _, y, _ in [[-2e3 * y[0], 0], [2e3 * y[0], -1e5]] })
        let tolerance = StepTolerance(relative: 1e-3, absolute: [1e-6, 1e-6])
        let integrator = try LaneIntegrator(system, lanes: 1, tolerance: tolerance)
        unsafe integrator.values[0] = 1
        try integrator.start(at: 0)
        while integrator.time < 1e3 {
            try integrator.step(noLaterThan: 1e3)
            #expect(unsafe integrator.values[0] >= -1e-6 && integrator.values[1] >= -1e-6)
        }
    }

    @Test func whatTrulyFallsBelowZeroMayDoSo() throws {
        let system = TestSystem(2, f: { _, y, _ in [y[1], -y[0]] }, dfdy: { _, _, _ in [[0, 1], [-1, 0]] })
        let run = try LaneIntegrator.run(system, from: [1, 0], to: 100, relative: 1e-9, absolute: 1e-9)
        #expect(abs(run.values[0] - cos(100)) < 1e-6)
        let sink = TestSystem(1, rows: [[]], f: { _, _, _ in [-1] }, dfdy: { _, _, _ in [[0]] })
        #expect(
            abs(try LaneIntegrator.run(sink, from: [1], to: 3, relative: 1e-6, absolute: 1e-9).values[0] + 2) < 1e-9)
    }

    @Test func aRestartInsideTheLastStepGoesOnFromThere() throws {
        let tolerance = StepTolerance(relative: 1e-9, absolute: [1e-12])
        let decay = TestSystem(1, f: { _, y, _ in [-y[0]] }, dfdy: { _, _, _ in [[-1]] })
        let integrator = try LaneIntegrator(decay, lanes: 1, tolerance: tolerance)
        unsafe integrator.values[0] = 1
        try integrator.start(at: 0)
        // Doubled at 0.5, wherever in a step that lies.
        while integrator.time < 0.5 { try integrator.step(noLaterThan: 10) }
        unsafe integrator.interpolate(at: 0.5, into: integrator.values)
        unsafe integrator.values[0] *= 2
        try integrator.restart(at: 0.5)
        while integrator.time < 1 { try integrator.step(noLaterThan: 1) }
        #expect(unsafe abs(integrator.values[0] - 2 * exp(-1)) < 1e-8)
    }

    @Test func thePastAnswersForDelays() throws {
        let tolerance = StepTolerance(relative: 1e-9, absolute: [1e-12])
        let decay = TestSystem(1, inputs: 1, f: { _, y, k in [-k[0] * y[0]] }, dfdy: { _, _, k in [[-k[0]]] })
        let integrator = try LaneIntegrator(decay, lanes: 1, tolerance: tolerance)
        integrator.keepPast()
        unsafe integrator.values[0] = 1
        unsafe integrator.inputs[0] = 1
        try integrator.start(at: 0)
        while integrator.time < 1 { try integrator.step(noLaterThan: 1) }
        unsafe integrator.inputs[0] = 0
        try integrator.restart(at: 1)
        while integrator.time < 2 { try integrator.step(noLaterThan: 2) }
        let past = try #require(integrator.past)
        for (time, value, input) in [(-1, 1, 1), (0.3, exp(-0.3), 1), (0.77, exp(-0.77), 1), (1.5, exp(-1), 0.0)] {
            var (values, inputs) = (0.0, -1.0)
            unsafe past.write(at: time, values: &values, inputs: &inputs)
            #expect(abs(values - value) < 1e-8, "at \(time)")
            #expect(inputs == input, "at \(time)")
        }
    }
}
