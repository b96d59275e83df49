import AnalyticSolutions
import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// Contacts: their rates, their balance, and that nothing flies apart.
struct MotionMechanicsTests {
    /// 1/s.
    static let stiffness = 0.1

    static func sticky(_ strength: Double, reach: Double = 1.25) -> Mechanics {
        var mechanics = Mechanics(adhesions: [Adhesion("A", "B", strength: .perSecond(strength))])
        mechanics.reach = reach
        return mechanics
    }

    /// Non-overlapping cells of several sizes, as a seed places them, squeezed to a share of their distances.
    static func cluster(_ setUp: MotionSetUp, _ count: Int, side: Double, centre: Double) {
        var stream = RandomStream(seed: 9, cell: 0, purpose: .position)
        for _ in 0..<count {
            let at = (0..<3).map { _ in centre + side * (stream.uniform() - 0.5) }
            setUp.add(at[0], at[1], at[2], radius: 4 + 2 * stream.uniform(), type: stream.uniform() < 0.5 ? 0 : 1)
        }
    }

    @Test(
        "two overlapping cells part exponentially, each at the stiffness, along any direction", arguments: [0, 1, 2, 3])
    func parts(direction: Int) {
        let way = [(1.0, 0.0, 0.0), (0, 1, 0), (0, 0, 1), (0.48, -0.6, 0.64)][direction]
        let setUp = MotionSetUp(mechanics: Mechanics())
        setUp.add(250 - 3 * way.0, 250 - 3 * way.1, 250 - 3 * way.2)
        setUp.add(250 + 3 * way.0, 250 + 3 * way.1, 250 + 3 * way.2)
        for time in [1.0, 5, 10] {
            setUp.advance(time == 1 ? 1 : 5 - (time == 5 ? 1 : 0), step: 0.05)
            let exact = 4 * exp(-2 * Self.stiffness * time)
            let overlap = 10 - setUp.distance(0, 1)
            #expect(abs(overlap / exact - 1) < 1e-3, "\(time) s: \(overlap) of \(exact)")
        }
        let moved = setUp.bodies
        #expect(abs(moved.x[0] + moved.x[1] - 500) < 1e-10 && abs(moved.z[0] + moved.z[1] - 500) < 1e-10)
    }

    @Test func followsAPartingPairWithinThreePercentAtTheDefaultStepOfMechanics() {
        let setUp = MotionSetUp(mechanics: Mechanics())
        setUp.add(250, 250, 247)
        setUp.add(250, 250, 253)
        setUp.advance(6, step: 6)
        #expect(abs((10 - setUp.distance(0, 1)) / 4 - exp(-1.2)) < 0.03, "\((10 - setUp.distance(0, 1)) / 4)")
    }

    @Test func isOfSecondOrderInTheStep() {
        func places(_ step: Double) -> [Double] {
            let setUp = MotionSetUp(mechanics: Mechanics())
            // A column pressed together: all contacts last, so that forces are smooth.
            for k in 0..<6 { setUp.add(250 + 7 * Double(k), 250 + 0.3 * Double(k % 2), 250) }
            setUp.advance(4, step: step)
            return setUp.bodies.x.array
        }
        let exact = places(0.01)
        let errors = [2.0, 1, 0.5, 0.25].map { step in
            zip(places(step), exact).map { abs($0 - $1) }.max() ?? 0
        }
        let orders = zip(errors, errors.dropFirst()).map { log2($0 / $1) }
        #expect(orders.allSatisfy { $0 > 1.8 && $0 < 2.6 }, "\(orders), \(errors)")
    }

    @Test func adhesionClosesAGapAtItsRateAndOnlyWithinReach() {
        let setUp = MotionSetUp(mechanics: Self.sticky(0.02))
        setUp.add(100, 100, 100)
        setUp.add(112, 100, 100, type: 1)
        setUp.add(100, 200, 100)
        setUp.add(112.6, 200, 100, type: 1)
        setUp.add(100, 300, 100)
        setUp.add(112, 300, 100)
        setUp.advance(20, step: 0.5)
        let gap = setUp.distance(0, 1) - 10
        #expect(abs(gap / (2 * exp(-2 * 0.02 * 20)) - 1) < 1e-3, "\(gap)")
        #expect(setUp.bodies.x[3] == 112.6, "beyond 1.25 sums of radii")
        #expect(setUp.bodies.x[5] == 112, "of types that do not adhere")
    }

    @Test func cellsHoldOnAtTheGeometricMeanOfWhatEachSays() {
        let setUp = MotionSetUp(mechanics: Self.sticky(0.02))
        // 0.01 and 0.04 /s; 0.09 /s and nothing; what is stated; two of a type that does not adhere.
        let says: [(a: Double, b: Double)] = [(0.01, 0.04), (0.09, 0), (0.02, 0.02)]
        for k in 0..<3 {
            setUp.add(100, 100 * Double(k + 1), 100)
            setUp.add(112, 100 * Double(k + 1), 100, type: 1)
        }
        setUp.add(100, 400, 100)
        setUp.add(112, 400, 100)
        var adhesion: [Double] = []
        for pair in says { adhesion += [0, pair.a, pair.b, 0] }
        for _ in 0..<2 { adhesion += [0, 0.02] }
        for _ in 0..<40 { setUp.motion.advance(setUp.bodies, by: 0.5, adhesion: adhesion) }
        for pair in [0, 2] {
            let gap = setUp.distance(2 * pair, 2 * pair + 1) - 10
            #expect(abs(gap / (2 * exp(-2 * 0.02 * 20)) - 1) < 1e-3, "\(gap)")
            #expect(abs(setUp.bodies.x[2 * pair] + setUp.bodies.x[2 * pair + 1] - 212) < 1e-10)
        }
        #expect(setUp.bodies.x[3] == 112 && setUp.bodies.x[7] == 112, "one of the two does not hold on")
    }

    @Test func whatCellsSayIsTheSameAsWhatIsStatedOfThem() {
        func places(_ adhesion: [Double], _ kernels: MotionKernels = .best, threads: Int = 1) -> [Double] {
            let setUp = MotionSetUp(mechanics: Self.sticky(0.03), threads: threads, kernels: kernels)
            Self.cluster(setUp, 300, side: 60, centre: 250)
            for _ in 0..<20 { setUp.motion.advance(setUp.bodies, by: 6, adhesion: adhesion) }
            return setUp.bodies.x.array + setUp.bodies.y.array + setUp.bodies.z.array
        }
        let setUp = MotionSetUp()
        Self.cluster(setUp, 300, side: 60, centre: 250)
        var own: [Double] = []
        for type in setUp.bodies.types.array { own += type == 0 ? [0, 0.03] : [0.03, 0] }
        let stated = places([])
        #expect(zip(places(own), stated).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(places(own) == places(own, MotionKernels.available[0], threads: 2))
        #expect(places(own.map { 0.5 * $0 }) != stated)
    }

    @Test("adhesion holds a pair against a pull up to strength · gap, and no further", arguments: [0.04, 0.06])
    func holds(pull: Double) {
        let setUp = MotionSetUp(mechanics: Self.sticky(0.02))
        setUp.add(245, 250, 250)
        setUp.add(255, 250, 250, type: 1)
        // Both walk apart without ever turning.
        setUp.walk(speed: pull, persistence: 1e9)
        for cell in 0..<2 {
            setUp.bodies.untilTurn[cell] = 1
            setUp.bodies.headingX[cell] = cell == 0 ? -1 : 1
        }
        setUp.advance(600, step: 3)
        let gap = setUp.distance(0, 1) - 10
        // Equilibrium: pull = strength · gap, with the greatest gap 2.5 µm.
        if pull < 0.05 { #expect(abs(gap - pull / 0.02) < 1e-4, "\(gap)") } else { #expect(gap > 20, "\(gap)") }
    }

    @Test func pairForcesCancel() {
        let setUp = MotionSetUp(mechanics: Self.sticky(0.03))
        Self.cluster(setUp, 300, side: 60, centre: 250)
        let columns = [setUp.bodies.x, setUp.bodies.y, setUp.bodies.z]
        let before = columns.map { $0.array.reduce(0, +) }
        let overlap = setUp.largestOverlap
        setUp.advance(600, step: 6)
        for (column, sum) in zip(columns, before) { #expect(abs(column.array.reduce(0, +) - sum) / 300 < 1e-9) }
        #expect(setUp.largestOverlap < 0.3 * overlap, "\(overlap) became \(setUp.largestOverlap)")
    }

    @Test("cells push over joined faces as inside, along each axis", arguments: [0, 1, 2])
    func crossesFaces(axis: Int) {
        func run(shift: Double) -> [[Double]] {
            let setUp = MotionSetUp(
                voxels: [6, 6, 6], isPeriodic: [true, true, true], mechanics: Mechanics())
            for k in 0..<5 {
                var at = [30.0, 30, 30]
                at[axis] = (20 + 5 * Double(k) + shift).truncatingRemainder(dividingBy: 60)
                setUp.add(at[0], at[1], at[2])
            }
            setUp.advance(60, step: 6)
            return (0..<5).map { [setUp.bodies.x[$0], setUp.bodies.y[$0], setUp.bodies.z[$0]] }
        }
        let (inside, across) = (run(shift: 0), run(shift: 33))
        for (a, b) in zip(inside, across) {
            for k in 0..<3 {
                let difference = b[k] - a[k] - (k == axis ? 33 : 0)
                #expect(abs(difference - 60 * (difference / 60).rounded()) < 1e-9, "\(a), \(b)")
                #expect(b[k] >= 0 && b[k] < 60)
            }
        }
    }

    @Test("a ring of cells around a small joined box spreads evenly", arguments: [2, 3, 5])
    func spreadsEvenly(voxels: Int) {
        let setUp = MotionSetUp(
            voxels: [voxels, 5, 5], isPeriodic: [true, false, false], mechanics: Mechanics())
        let length = 10 * Double(voxels)
        for k in 0..<2 * voxels { setUp.add(length * pow(Double(k) / Double(2 * voxels), 1.2), 25, 25, radius: 3) }
        setUp.advance(3600, step: 6)
        let x = setUp.bodies.x.array.sorted()
        for (a, b) in zip(x, x.dropFirst()) { #expect(abs(b - a - 5) < 1e-3, "\(x)") }
    }

    @Test func pressureIsTheSumOfOverlapsInOwnRadii() {
        let setUp = MotionSetUp(mechanics: Mechanics())
        setUp.add(100, 100, 100, radius: 5)
        setUp.add(107, 100, 100, radius: 4)
        setUp.add(100, 108, 100, radius: 5)
        setUp.add(3, 300, 300, radius: 5)
        setUp.motion.advance(setUp.bodies, by: 1e-6)
        let expected = [(2.0 + 2) / 5, 2.0 / 4, 2.0 / 5, 2.0 / 5]
        for (found, exact) in zip(setUp.bodies.pressure.array, expected) { #expect(abs(found - exact) < 1e-6) }
    }

    @Test func dividedCellsPartSmoothly() {
        let setUp = MotionSetUp(mechanics: Mechanics())
        Self.cluster(setUp, 200, side: 55, centre: 250)
        setUp.motion.relax(setUp.bodies, until: 0.05, sweeps: 2000)
        // All divide at once: daughters of 0.79 radii half a radius apart, and some in the very same place.
        let bodies = setUp.bodies
        let count = bodies.count
        bodies.rearrange((0..<2 * count).map { Int32($0 / 2) })
        for cell in 0..<2 * count {
            bodies.ids[cell] = cell
            bodies.radius[cell] *= pow(0.5, 1.0 / 3)
            if cell % 2 == 1 && cell % 50 != 1 { bodies.z[cell] += 0.5 * bodies.radius[cell] }
        }
        var before = setUp.largestOverlap
        #expect(before > 0.99)
        for _ in 0..<20 {
            let places = (bodies.x.array, bodies.y.array, bodies.z.array)
            setUp.motion.advance(bodies, by: 6)
            for cell in 0..<bodies.count {
                let (dx, dy) = (bodies.x[cell] - places.0[cell], bodies.y[cell] - places.1[cell])
                let dz = bodies.z[cell] - places.2[cell]
                #expect((dx * dx + dy * dy + dz * dz).squareRoot() < 1.5 * bodies.radius[cell])
            }
            let now = setUp.largestOverlap
            #expect(now < before, "\(before) became \(now)")
            before = now
        }
        #expect(before < 0.2, "\(before)")
    }

    @Test func listsThatServeForLongMissNobody() {
        func places(calls: Int) -> [Double] {
            let setUp = MotionSetUp(mechanics: Mechanics())
            Self.cluster(setUp, 300, side: 60, centre: 250)
            for _ in 0..<calls { setUp.motion.advance(setUp.bodies, by: 60 / Double(calls), steps: 10 / calls) }
            return setUp.bodies.x.array + setUp.bodies.y.array + setUp.bodies.z.array
        }
        // Lists and rates are new at every call.
        let difference = zip(places(calls: 1), places(calls: 10)).map { abs($0 - $1) }.max() ?? .infinity
        #expect(difference < 0.05, "a hundredth of the radius: \(difference) µm")
    }

    @Test func cellsInOnePlacePart() {
        let setUp = MotionSetUp(mechanics: Mechanics())
        for _ in 0..<20 { setUp.add(250, 250, 250) }
        setUp.advance(6, step: 6)
        #expect(setUp.bodies.x.array.allSatisfy { $0.isFinite && abs($0 - 250) < 100 })
        let result = setUp.motion.relax(setUp.bodies, until: 0.01, sweeps: 10_000)
        #expect((result?.overlap ?? 1) <= 0.01, "\(String(describing: result))")
        #expect(abs(setUp.largestOverlap - (result?.overlap ?? 1)) < 1e-12)
    }

    /// Cells of two types that push and hold on to each other, over joined faces, at walls and in one place.
    @Test("every set of kernels gives the same bits", arguments: MotionKernels.available.indices)
    func kernelsAgree(set: Int) {
        func places(_ kernels: MotionKernels) -> [[Double]] {
            let setUp = MotionSetUp(
                voxels: [6, 6, 6], isPeriodic: [true, false, false], mechanics: Self.sticky(0.02), kernels: kernels)
            Self.cluster(setUp, 200, side: 55, centre: 30)
            for _ in 0..<2 { setUp.add(30, 30, 30, type: 1) }
            setUp.walk(speed: 0.05, persistence: 60)
            setUp.advance(60, step: 6)
            let bodies = setUp.bodies
            return [bodies.x.array, bodies.y.array, bodies.z.array, bodies.pressure.array]
        }
        #expect(places(MotionKernels.available[set]) == places(.best))
    }

    @Test("stages bear what they say", arguments: StabilisedSteps.all.indices)
    func isStable(index: Int) {
        let scheme = StabilisedSteps.all[index]
        for share in stride(from: 0.01, through: 1.0, by: 0.01) {
            let z = -share * scheme.bound
            var (before, last) = (1.0, 1 + scheme.stages[0].firstPull * z)
            for stage in scheme.stages.dropFirst() {
                let moved = stage.last * (last - 1) + stage.before * (before - 1)
                let next = 1 + moved + stage.pull * z * last + stage.firstPull * z
                (before, last) = (last, next)
            }
            #expect(abs(last) < 1, "\(scheme.stages.count) stages, \(z): \(last)")
        }
    }

    @Test("a step as long as may be follows a parting pair as closely as two of three stages half as long")
    func isClose() {
        func overlap(_ scheme: StabilisedSteps, steps: Int) -> Double {
            var overlap = 1.0
            for _ in 0..<steps {
                // Two cells part at twice the stiffness.
                let z = -2 * scheme.turnover
                var (before, last) = (1.0, 1 + scheme.stages[0].firstPull * z)
                for stage in scheme.stages.dropFirst() {
                    let moved = stage.last * (last - 1) + stage.before * (before - 1)
                    (before, last) = (last, 1 + moved + stage.pull * z * last + stage.firstPull * z)
                }
                overlap *= last
            }
            return overlap
        }
        let usual = overlap(StabilisedSteps.all[0], steps: 2) - exp(-1.2)
        for scheme in StabilisedSteps.all where scheme.turnover == 0.6 {
            #expect(abs(overlap(scheme, steps: 1) - exp(-1.2)) <= usual)
        }
    }
}
