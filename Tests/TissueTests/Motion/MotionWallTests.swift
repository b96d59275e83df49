import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// Walls and obstacles: nothing gets through, whatever the step.
struct MotionWallTests {
    static let fibres = Obstacle(
        name: "fibres",
        shape: .line(
            [[10, 10, 10], [60, 50, 40], [90, 50, 90]].map { $0.map { Length.micrometres($0) } },
            radius: .micrometres(2)))
    static let blocks = Obstacle(
        name: "blocks",
        shape: .voxels([[2, 2, 2], [3, 2, 2], [3, 3, 2], [3, 3, 3], [7, 7, 7], [0, 5, 5], [9, 5, 5]]))
    static let blocksOfSlab = Obstacle(
        name: "blocks", shape: .voxels([[2, 2, 0], [3, 2, 0], [3, 3, 0], [0, 5, 0], [9, 5, 0]]))

    @Test("a ray is mirrored exactly", arguments: [0.1, 7, 1000])
    func mirrors(step: Double) {
        let setUp = MotionSetUp(voxels: [10, 10, 10])
        setUp.add(20, 30, 40)
        setUp.walk(speed: 1, persistence: 1e12)
        setUp.bodies.untilTurn[0] = 1
        let heading = (x: 0.6, y: -0.64, z: 0.48)
        setUp.bodies.headingX[0] = heading.x
        setUp.bodies.headingY[0] = heading.y
        setUp.bodies.headingZ[0] = heading.z
        setUp.advance(7000, step: step)
        func folded(_ at: Double) -> Double {
            let t = at - 200 * (at / 200).rounded(.down)
            return t <= 100 ? t : 200 - t
        }
        #expect(abs(setUp.bodies.x[0] - folded(20 + 7000 * heading.x)) < 1e-6)
        #expect(abs(setUp.bodies.y[0] - folded(30 + 7000 * heading.y)) < 1e-6)
        #expect(abs(setUp.bodies.z[0] - folded(40 + 7000 * heading.z)) < 1e-6)
    }

    @Test func wallsPressAsMirrorImagesDo() {
        let setUp = MotionSetUp(mechanics: Mechanics())
        setUp.add(2, 250, 498)
        setUp.advance(10, step: 0.05)
        let left = 3 * exp(-0.2 * 10)
        #expect(abs(5 - setUp.bodies.x[0] - left) < 1e-3, "\(setUp.bodies.x[0])")
        #expect(abs(setUp.bodies.z[0] - 495 - left) < 1e-3, "\(setUp.bodies.z[0])")
        #expect(setUp.bodies.y[0] == 250)
    }

    @Test(
        "no cell leaves the box or enters an obstacle, whatever the step", arguments: [0.5, 6, 60, 3600], [false, true])
    func staysOutside(step: Double, hasMechanics: Bool) {
        for isSlab in [false, true] {
            for isPeriodic in [[false, false, false], [true, true, false]] {
                let setUp = MotionSetUp(
                    voxels: [10, 10, isSlab ? 1 : 10], isPeriodic: isPeriodic,
                    mechanics: hasMechanics ? Mechanics() : nil,
                    obstacles: isSlab ? [Self.blocksOfSlab] : [Self.fibres, Self.blocks])
                crowd(setUp, 60)
                for _ in 0..<max(3, Int(300 / step)) {
                    setUp.motion.advance(setUp.bodies, by: step)
                    let misplaced = misplacedCells(setUp)
                    #expect(misplaced == [], "step \(step), mechanics \(hasMechanics)")
                    if misplaced != [] { return }
                }
            }
        }
    }

    /// Cells anywhere, also inside obstacles, of all sizes, that walk fast.
    private func crowd(_ setUp: MotionSetUp, _ count: Int) {
        var stream = RandomStream(seed: 2, cell: 0, purpose: .position)
        let box = setUp.motion.box
        for _ in 0..<count {
            setUp.add(
                box.x * stream.uniform(), box.y * stream.uniform(), box.isSlab ? 5 : box.z * stream.uniform(),
                radius: 3 + 7 * stream.uniform())
        }
        setUp.walk(speed: 0.5, persistence: 30)
    }

    private func misplacedCells(_ setUp: MotionSetUp) -> [Int] {
        let (bodies, box) = (setUp.bodies, setUp.motion.box)
        return (0..<bodies.count).filter { cell in
            let (x, y, z) = (bodies.x[cell], bodies.y[cell], bodies.z[cell])
            guard x >= 0, x <= box.x, y >= 0, y <= box.y, z >= 0, z <= box.z else { return true }
            guard !isInside(x, y, z, box) else { return true }
            return setUp.motion.obstacles.contains(x, y, z)
        }
    }

    /// Inside a tube or a block, by their definition.
    private func isInside(_ x: Double, _ y: Double, _ z: Double, _ box: TissueBox) -> Bool {
        let obstacles = box.isSlab ? [Self.blocksOfSlab] : [Self.fibres, Self.blocks]
        for obstacle in obstacles {
            switch obstacle.shape {
            case .voxels(let places): if places.contains([Int(x / 10), Int(y / 10), Int(z / 10)]) { return true }
            case .line(let points, let radius):
                for (a, b) in zip(points, points.dropFirst()) {
                    let (ax, ay, az) = (x - a[0].value, y - a[1].value, z - a[2].value)
                    let (bx, by, bz) = (x - b[0].value, y - b[1].value, z - b[2].value)
                    // Twice the triangle's area over its base is its height, where that falls between the ends.
                    let (cx, cy, cz) = (ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx)
                    let base = (ax - bx) * (ax - bx) + (ay - by) * (ay - by) + (az - bz) * (az - bz)
                    let near = min(ax * ax + ay * ay + az * az, bx * bx + by * by + bz * bz)
                    let isBetween = abs(ax * ax + ay * ay + az * az - bx * bx - by * by - bz * bz) < base
                    let square = isBetween ? (cx * cx + cy * cy + cz * cz) / base : near
                    if square < radius.value * radius.value * (1 - 1e-9) { return true }
                }
            }
        }
        return false
    }

    @Test("a sphere is pushed off a tube and a block until it touches them", arguments: [false, true])
    func pushesOff(isTube: Bool) {
        let obstacle =
            isTube
            ? Obstacle(
                name: "tube",
                shape: .line(
                    [[0, 50, 50], [100, 50, 50]].map { $0.map { Length.micrometres($0) } }, radius: .micrometres(10)))
            : Obstacle(name: "block", shape: .voxels((0..<10).flatMap { i in (0..<10).map { [i, $0, 4] } }))
        let setUp = MotionSetUp(voxels: [10, 10, 10], mechanics: Mechanics(), obstacles: [obstacle])
        setUp.add(50, isTube ? 62 : 50, isTube ? 50 : 52)
        setUp.advance(10, step: 0.05)
        let depth = isTube ? 65 - setUp.bodies.y[0] : 55 - setUp.bodies.z[0]
        #expect(abs(depth - 3 * exp(-0.2 * 10)) < 1e-3, "\(depth)")
    }

    @Test func walkersFillTheOpenEvenlyAroundObstacles() {
        // Half of the box is walled off by a block one voxel thick: nobody gets across.
        let wall = Obstacle(name: "wall", shape: .voxels((0..<10).flatMap { j in (0..<10).map { [4, j, $0] } }))
        let setUp = MotionSetUp(voxels: [10, 10, 10], obstacles: [wall])
        var stream = RandomStream(seed: 4, cell: 0, purpose: .position)
        for _ in 0..<3000 { setUp.add(40 * stream.uniform(), 100 * stream.uniform(), 100 * stream.uniform()) }
        setUp.walk(speed: 0.3, persistence: 20)
        setUp.advance(1200, step: 6)
        let x = setUp.bodies.x.array
        #expect(x.allSatisfy { $0 <= 40 })
        let near = x.filter { $0 > 36 }.count
        #expect(abs(Double(near) - 300) < 3 * (300 * 0.9).squareRoot(), "\(near)")
    }

    @Test func givesTheSameBytesForAnyNumberOfThreads() {
        func run(_ threads: Int) -> [[Double]] {
            var mechanics = Mechanics(adhesions: [Adhesion("A", "B", strength: .perSecond(0.02))])
            mechanics.reach = 1.3
            let setUp = MotionSetUp(
                voxels: [10, 10, 10], isPeriodic: [true, false, true], mechanics: mechanics,
                obstacles: [Self.fibres, Self.blocks], threads: threads)
            MotionMechanicsTests.cluster(setUp, 1500, side: 99, centre: 50)
            setUp.walk(speed: 0.1, persistence: 60)
            setUp.advance(60, step: 6)
            let bodies = setUp.bodies
            return [bodies.x.array, bodies.y.array, bodies.z.array, bodies.headingX.array, bodies.pressure.array]
        }
        let one = run(1)
        #expect(one == run(2))
        #expect(one == run(3))
    }
}
