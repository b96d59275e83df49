import Foundation
import Simulation
import Testing

@testable import Tissue

/// The persistent random walk against its exact laws (facts/validation.md V18).
struct MotionWalkTests {
    static let speed = 10.0 / 60
    static let persistence = 120.0

    /// Cells in the middle of a box that none gets out of.
    private func walkers(_ count: Int, speed: Double = Self.speed, seed: UInt64 = 1) -> MotionSetUp {
        let setUp = MotionSetUp(voxels: [1000, 1000, 1000], seed: seed)
        for _ in 0..<count { setUp.add(5000, 5000, 5000) }
        setUp.walk(speed: speed, persistence: Self.persistence)
        return setUp
    }

    /// 2S²P(t − P(1 − e^(−t/P))), Fürth's formula.
    private func expected(_ time: Double) -> Double {
        let (s, p) = (Self.speed, Self.persistence)
        return 2 * s * s * p * (time - p * (1 - exp(-time / p)))
    }

    @Test(
        "mean squared displacement is Fürth's within 3 SE at every time, whatever the step", arguments: [6.0, 3, 0.6])
    func furth(step: Double) {
        let setUp = walkers(4000)
        let bodies = setUp.bodies
        var now = 0.0
        for (minutes, known) in [(1.0, 85.2), (5, 1266), (10, 3205), (30, 11200), (60, 23200)] {
            setUp.advance(minutes * 60 - now, step: step)
            now = minutes * 60
            let exact = expected(now)
            #expect(abs(exact / known - 1) < 2e-3, "\(exact)")
            var along: [[Double]] = [[], [], []]
            for cell in 0..<bodies.count {
                along[0].append(pow(bodies.x[cell] - 5000, 2))
                along[1].append(pow(bodies.y[cell] - 5000, 2))
                along[2].append(pow(bodies.z[cell] - 5000, 2))
            }
            let squares = (0..<bodies.count).map { along[0][$0] + along[1][$0] + along[2][$0] }
            #expect(
                MeanAndError(squares).errors(from: exact) < 3, "\(minutes) min: \(MeanAndError(squares)) of \(exact)")
            for axis in along { #expect(MeanAndError(axis).errors(from: exact / 3) < 3.5, "\(MeanAndError(axis))") }
        }
    }

    @Test func turnsAtTheSameTimesWhateverTheStep() {
        let (coarse, fine, once) = (walkers(50), walkers(50), walkers(50))
        coarse.advance(3600, step: 6)
        fine.advance(3600, step: 0.6)
        once.advance(3600, step: 3600)
        for other in [fine, once] {
            #expect(coarse.bodies.turns.array == other.bodies.turns.array)
            for cell in 0..<50 {
                #expect(abs(coarse.bodies.x[cell] - other.bodies.x[cell]) < 1e-8)
                #expect(abs(coarse.bodies.y[cell] - other.bodies.y[cell]) < 1e-8)
                #expect(abs(coarse.bodies.z[cell] - other.bodies.z[cell]) < 1e-8)
            }
        }
        // Mean number of turns: the one at the start, and t/P.
        let turns = MeanAndError(walkedAnHour().map(Double.init))
        #expect(turns.errors(from: 1 + 3600 / Self.persistence) < 3, "\(turns)")
    }

    private func walkedAnHour() -> [Int32] {
        let many = walkers(2000, seed: 3)
        many.advance(3600, step: 6)
        return many.bodies.turns.array
    }

    @Test func spreadsWithMotilityOfTheSlab() {
        let setUp = MotionSetUp(voxels: [1000, 1000, 1])
        for _ in 0..<4000 { setUp.add(5000, 5000, 3) }
        setUp.walk(speed: Self.speed, persistence: Self.persistence)
        let time = 7200.0
        setUp.advance(time, step: 6)
        let bodies = setUp.bodies
        let squares = (0..<bodies.count).map { pow(bodies.x[$0] - 5000, 2) + pow(bodies.y[$0] - 5000, 2) }
        // 4µt with µ = S²P/2, less the transient: the same formula as in space.
        #expect(MeanAndError(squares).errors(from: expected(time)) < 3, "\(MeanAndError(squares)) of \(expected(time))")
        #expect(bodies.z.array.allSatisfy { $0 == 3 })
    }

    @Test func heldCellsStandStillAndTheirClocksToo() {
        let setUp = walkers(10)
        setUp.advance(60, step: 6)
        let before = (setUp.bodies.x.array, setUp.bodies.untilTurn.array)
        for cell in 0..<10 { setUp.bodies.isHeld[cell] = true }
        setUp.advance(600, step: 6)
        #expect(setUp.bodies.x.array == before.0)
        #expect(setUp.bodies.untilTurn.array == before.1)
    }

    @Test("the mean cosine of new directions is coth κ − 1/κ, around any axis", arguments: [0.01, 0.3, 1, 5, 50, 2000])
    func meanCosine(kappa: Double) {
        for axis in [(0.0, 0.0, 1.0), (0, 0, -1), (1, 0, 0), (0, -1, 0), (0.48, -0.6, -0.64)] {
            var cosines: [Double] = []
            var across: [Double] = []
            for cell in 0..<20_000 {
                var stream = RandomStream(seed: 5, cell: cell, purpose: .turn)
                let to = Turning.inSpace((x: kappa * axis.0, y: kappa * axis.1, z: kappa * axis.2), &stream)
                #expect(abs(to.x * to.x + to.y * to.y + to.z * to.z - 1) < 1e-12)
                cosines.append(to.x * axis.0 + to.y * axis.1 + to.z * axis.2)
                // A direction across the axis: none of them is preferred.
                across.append(to.x * axis.1 - to.y * axis.0 + (axis.2 * axis.2 == 1 ? to.x : 0))
            }
            let exact = 1 / tanh(kappa) - 1 / kappa
            #expect(MeanAndError(cosines).errors(from: exact) < 3.5, "\(MeanAndError(cosines)) of \(exact)")
            #expect(MeanAndError(across).errors(from: 0) < 3.5, "\(axis): \(MeanAndError(across))")
        }
    }

    @Test("the mean cosine in a slab is I₁(κ)/I₀(κ)", arguments: [0.0, 1e-7, 0.3, 1, 5, 50])
    func meanCosineInSlab(kappa: Double) {
        let angles = (0..<20_000).map { 2 * Double.pi * (Double($0) + 0.5) / 20_000 }
        let exact =
            angles.reduce(0) { $0 + cos($1) * exp(kappa * cos($1)) } / angles.reduce(0) { $0 + exp(kappa * cos($1)) }
        for axis in [(1.0, 0.0), (-0.6, 0.8), (0, -1)] {
            var (cosines, across): ([Double], [Double]) = ([], [])
            for cell in 0..<20_000 {
                var stream = RandomStream(seed: 6, cell: cell, purpose: .turn)
                let to = Turning.inPlane((x: kappa * axis.0, y: kappa * axis.1), &stream)
                #expect(abs(to.x * to.x + to.y * to.y - 1) < 1e-12)
                cosines.append(to.x * axis.0 + to.y * axis.1)
                across.append(to.y * axis.0 - to.x * axis.1)
            }
            #expect(MeanAndError(cosines).errors(from: exact) < 3.5, "\(MeanAndError(cosines)) of \(exact)")
            #expect(MeanAndError(across).errors(from: 0) < 3.5, "\(MeanAndError(across))")
        }
    }
}
