import AnalyticSolutions
import Foundation
import Simulation
import Testing

@testable import Tissue

/// Biased walks against the law of Keller and Segel (facts/validation.md V18).
struct MotionDriftTests {
    /// µm/s and s: a run is 5 µm, a twentieth of the field's length, so that the limit of diffusion is near.
    static let speed = 1.0
    static let persistence = 5.0
    static let length = 500.0

    /// The field c = e^(−x/100 µm), far below K, so that occupancy differs by its gradient.
    private func field(_ x: Double) -> Double { exp(-x / 100) }

    /// Cells between walls at x = 0 and 500 µm, where the stationary law or chance puts them.
    private func walkers(_ count: Int, attraction: Double, isStationary: Bool) -> MotionSetUp {
        let setUp = MotionSetUp(voxels: [50, 50, 50], seed: 11)
        let law = KellerSegelLaw(attraction: isStationary ? attraction : 0, decayLength: 100, length: Self.length)
        for cell in 0..<count {
            var stream = RandomStream(seed: 12, cell: cell, purpose: .position)
            setUp.add(law.quantile(stream.uniform()), 500 * stream.uniform(), 500 * stream.uniform())
        }
        setUp.walk(speed: Self.speed, persistence: Self.persistence)
        return setUp
    }

    /// Sets κ as receptors do: sensitivity · 2a R K ∇c/(c + K)², with the sensitivity that makes drift χ∇c.
    ///
    /// Drift is Sκ/3 and motility S²P/3, so κ = χ/µ · SP · ∇c.
    private func sense(_ setUp: MotionSetUp, attraction: Double) {
        let (receptors, halfMax, diameter) = (1e4, 1e6, 10.0)
        let sensitivity = attraction * Self.speed * Self.persistence / (diameter * receptors / halfMax)
        let bodies = setUp.bodies
        for cell in 0..<bodies.count {
            let c = field(bodies.x[cell])
            let difference = diameter * receptors * halfMax * (-c / 100) / ((c + halfMax) * (c + halfMax))
            bodies.biasX[cell] = sensitivity * difference
        }
    }

    private func check(_ setUp: MotionSetUp, _ law: KellerSegelLaw) {
        let x = setUp.bodies.x.array
        let n = Double(x.count)
        for (low, high) in [(0.0, 25.0), (0, 100), (100, 250), (250, 500), (400, 500)] {
            let share = Double(x.filter { $0 >= low && $0 < high }.count) / n
            let exact = law.share(from: low, to: high)
            let error = (exact * (1 - exact) / n).squareRoot()
            #expect(abs(share - exact) < 3 * error, "\(low)–\(high) µm: \(share) of \(exact) ± \(error)")
        }
    }

    @Test func lawHasItsKnownNumbers() {
        let law = KellerSegelLaw(attraction: 3, decayLength: 100, length: 500)
        #expect(abs(law.density(0) - 7.587) < 1e-3)
        #expect(abs(law.density(500) - 0.3854) < 1e-4)
        #expect(abs(law.density(0) / law.density(500) - 19.68) < 1e-2)
        #expect(abs(law.share(from: 0, to: 100) - 0.5859) < 1e-4)
    }

    @Test func staysInTheStationaryLaw() {
        // A relaxation time, L²/(π²µ): a law that is 10 % off would have moved the cells by 4 SE.
        let setUp = walkers(4000, attraction: 3, isStationary: true)
        for _ in 0..<3000 {
            sense(setUp, attraction: 3)
            setUp.motion.advance(setUp.bodies, by: 5)
        }
        check(setUp, KellerSegelLaw(attraction: 3, decayLength: 100, length: 500))
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["PARACRINE_NIGHTLY"] == "1"))
    func reachesTheStationaryLawFromAnEvenStart() {
        let setUp = walkers(10_000, attraction: 3, isStationary: false)
        for _ in 0..<40_000 {
            sense(setUp, attraction: 3)
            setUp.motion.advance(setUp.bodies, by: 2.5)
        }
        check(setUp, KellerSegelLaw(attraction: 3, decayLength: 100, length: 500))
    }

    @Test func driftsNowhereInAFlatField() {
        let setUp = walkers(4000, attraction: 0, isStationary: true)
        let before = setUp.bodies.x.array
        setUp.advance(300, step: 2.5)
        let inside = before.indices.filter { before[$0] > 150 && before[$0] < 350 }
        let moved = MeanAndError(inside.map { setUp.bodies.x[$0] - before[$0] })
        #expect(moved.errors(from: 0) < 3, "\(moved)")
        setUp.advance(7200, step: 5)
        check(setUp, KellerSegelLaw(attraction: 0, decayLength: 100, length: 500))
    }

    @Test("drift is S (coth κ − 1/κ), whatever the step", arguments: [0.1, 1.0, 4], [1.0, 20])
    func drifts(kappa: Double, step: Double) {
        let setUp = MotionSetUp(voxels: [1000, 1000, 1000])
        for _ in 0..<1000 { setUp.add(5000, 5000, 5000) }
        setUp.walk(speed: Self.speed, persistence: Self.persistence)
        for cell in 0..<1000 { setUp.bodies.biasZ[cell] = -kappa }
        setUp.advance(1000, step: step)
        let drift = MeanAndError(setUp.bodies.z.array.map { (5000 - $0) / 1000 })
        #expect(drift.errors(from: Self.speed * (1 / tanh(kappa) - 1 / kappa)) < 3, "\(drift)")
    }
}
