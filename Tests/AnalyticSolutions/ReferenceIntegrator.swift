import Foundation

/// Integrates dy/dt = f(t, y) to a tight tolerance, for references only: adaptive, explicit, fifth order.
///
/// - Source: Dormand & Prince's 5(4) pair with its standard coefficients; checked in ReferenceTests against exponential
///   decay, an oscillator and its own order.
public struct ReferenceIntegrator: Sendable {
    public var relativeTolerance: Double
    public var absoluteTolerance: Double

    public init(relativeTolerance: Double = 1e-10, absoluteTolerance: Double = 1e-12) {
        self.relativeTolerance = relativeTolerance
        self.absoluteTolerance = absoluteTolerance
    }

    public typealias Derivative = (_ time: Double, _ state: [Double]) -> [Double]

    /// The states at the given rising times; the first is where `state` stands.
    public func states(from state: [Double], at times: [Double], _ f: Derivative) -> [[Double]] {
        var states = [state]
        var step = (times.last ?? 0) - (times.first ?? 0)
        step *= 1e-6
        for (start, end) in zip(times, times.dropFirst()) {
            states.append(advance(states[states.count - 1], from: start, to: end, step: &step, f))
        }
        return states
    }

    private func advance(
        _ state: [Double], from start: Double, to end: Double, step: inout Double, _ f: Derivative
    ) -> [Double] {
        var time = start
        var y = state
        while time < end {
            let isLast = time + step >= end
            let h = isLast ? end - time : step
            let (next, difference) = Self.tried(y, time: time, step: h, f)
            var error = 0.0
            for i in y.indices {
                let scale = absoluteTolerance + relativeTolerance * max(abs(y[i]), abs(next[i]))
                error = max(error, abs(difference[i]) / scale)
            }
            let growth = error == 0 ? 5 : min(5, max(0.2, 0.9 * pow(error, -0.2)))
            if error <= 1 {
                time = isLast ? end : time + h
                y = next
                if !isLast || growth < 1 { step = h * growth }
            } else {
                step = h * growth
            }
        }
        return y
    }

    /// One step of the fifth-order formula.
    public static func step(_ y: [Double], time: Double, size: Double, _ f: Derivative) -> [Double] {
        tried(y, time: time, step: size, f).next
    }

    /// One step's fifth-order result and its difference from the embedded fourth-order one.
    private static func tried(
        _ y: [Double], time: Double, step h: Double, _ f: Derivative
    ) -> (next: [Double], difference: [Double]) {
        var slopes: [[Double]] = []
        var at = y
        for (row, c) in zip(stages, nodes) {
            at = y
            for (slope, a) in zip(slopes, row) where a != 0 {
                for i in y.indices { at[i] += h * a * slope[i] }
            }
            slopes.append(f(time + c * h, at))
        }
        var difference = [Double](repeating: 0, count: y.count)
        for (slope, weight) in zip(slopes, errorWeights) {
            for i in y.indices { difference[i] += h * weight * slope[i] }
        }
        return (at, difference)
    }

    private static let nodes: [Double] = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1]
    // The last stage stands at the fifth-order result itself.
    private static let stages: [[Double]] = [
        [],
        [1 / 5],
        [3 / 40, 9 / 40],
        [44 / 45, -56 / 15, 32 / 9],
        [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
        [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
        [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    ]
    private static let errorWeights: [Double] = [
        71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40,
    ]
}
