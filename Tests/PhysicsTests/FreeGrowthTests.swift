import Biology
import Foundation
import Simulation
import Testing

/// How a free colony grows: exponentially while nothing presses, then at its rim.
@Suite struct FreeGrowthTests {
    /// The rate λ at which cells multiply that commit at 0.2 /h and pass 8 h and 4 h ± 20 %: 2 E(e^(−λT)) = 1.
    ///
    /// - Source: Euler and Lotka's equation, from memory.
    private var free: Double {
        func excess(_ rate: Double) -> Double {
            let spread = log(1.04)
            let count = 400
            // Over the normal deviate of the log-normal phase.
            let phase = (0..<count).reduce((sum: 0.0, weight: 0.0)) { total, step in
                let z = -5 + 10 * (Double(step) + 0.5) / Double(count)
                let weight = exp(-z * z / 2)
                let lasts = 4 * exp(spread.squareRoot() * z - spread / 2)
                return (total.sum + weight * exp(-rate * lasts), total.weight + weight)
            }
            return 2 * 0.2 / (0.2 + rate) * exp(-8 * rate) * phase.sum / phase.weight - 1
        }
        var (low, high) = (0.01, 0.1)
        for _ in 0..<50 {
            let middle = (low + high) / 2
            if excess(middle) > 0 { low = middle } else { high = middle }
        }
        return low
    }

    /// In a layer: first at λ; later the diameter grows at one speed, which is what was measured here: 12.4 µm/h.
    ///
    /// - Source: Drasdo and Höhme 2005, Phys Biol 2:133, abstract: from exponential to sub-exponential growth by
    ///   mechanical inhibition.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["PARACRINE_NIGHTLY"] == "1"))
    func layerIsExponentialThenLinear() throws {
        #expect(abs(free - 0.04194) < 1e-4)
        let numbers = try ModelRun("Cells/V25-free-growth").outcomes().map { try #require($0.value) }
        let early = log(numbers[1] / numbers[0]) / 60
        #expect(abs(early / free - 1) <= 0.1, "\(early) /h, not \(free)")
        let diameters = numbers.dropFirst(2).map { 16 * $0.squareRoot() }
        expectOneSpeed(diameters, every: 12, speed: 12.4)
    }

    /// In three dimensions: first at λ; later the diameter of the ball that the cells fill grows at one speed, measured here
    /// 3.2 µm/h.
    ///
    /// - Source: Ghaffarizadeh et al. 2018, PLoS Comput Biol 14:e1005991, caption of Fig 3: PhysiCell's hanging drop
    ///   spheroids grow approximately linearly.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["PARACRINE_NIGHTLY"] == "1"))
    func spheroidIsExponentialThenLinear() throws {
        let numbers = try ModelRun("Cells/V25-free-spheroid").outcomes().map { try #require($0.value) }
        let early = log(numbers[1] / numbers[0]) / 60
        #expect(abs(early / free - 1) <= 0.05, "\(early) /h, not \(free)")
        expectOneSpeed(numbers.dropFirst(2).map { 16 * cbrt($0) }, every: 14, speed: 3.2)
    }

    /// `every`: Hours between the diameters (µm); `speed`: µm/h.
    private func expectOneSpeed(_ diameters: [Double], every hours: Double, speed: Double) {
        let speeds = zip(diameters, diameters.dropFirst()).map { ($1 - $0) / hours }
        let mean = speeds.reduce(0, +) / Double(speeds.count)
        #expect(abs(mean / speed - 1) <= 0.12, "\(mean) µm/h")
        #expect(speeds.allSatisfy { abs($0 / mean - 1) <= 0.15 }, "\(speeds) µm/h")
    }
}
