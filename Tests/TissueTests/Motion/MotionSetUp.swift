import Biology
import Simulation

@testable import Tissue

/// Cells, a box and what moves them, for tests of motion.
struct MotionSetUp {
    let bodies = CellBodies()
    let motion: CellMotion

    /// A box of these voxels; walled where not said to be periodic.
    init(
        voxels: [Int] = [50, 50, 50], spacing: Double = 10, isPeriodic: [Bool] = [false, false, false],
        mechanics: Mechanics? = nil, typeNames: [String] = ["A", "B"], obstacles: [Obstacle] = [], seed: UInt64 = 1,
        threads: Int = 1, kernels: MotionKernels = .best
    ) {
        motion = CellMotion(
            grid: VoxelGrid(nx: voxels[0], ny: voxels[1], nz: voxels[2], spacing: spacing), isPeriodic: isPeriodic,
            mechanics: mechanics, typeNames: typeNames, obstacles: obstacles, largestRadius: 10, seed: seed,
            kernels: kernels, team: ThreadTeam(count: threads))
    }

    /// Adds a cell with the next id.
    func add(_ x: Double, _ y: Double, _ z: Double, radius: Double = 5, type: Int = 0) {
        bodies.append(id: bodies.count, type: type, x: x, y: y, z: z, radius: radius)
    }

    /// Lets all cells walk.
    func walk(speed: Double, persistence: Double) {
        for cell in 0..<bodies.count {
            bodies.speed[cell] = speed
            bodies.persistence[cell] = persistence
        }
    }

    func advance(_ time: Double, step: Double) {
        for _ in 0..<Int((time / step).rounded()) { motion.advance(bodies, by: step) }
    }

    /// Largest overlap of two cells, in sums of radii, by looking at all pairs; over joined faces too.
    var largestOverlap: Double {
        var most = 0.0
        for a in 0..<bodies.count {
            for b in 0..<a {
                most = max(most, 1 - distance(a, b) / (bodies.radius[a] + bodies.radius[b]))
            }
        }
        return most
    }

    func distance(_ a: Int, _ b: Int) -> Double {
        let box = motion.box
        let dx = TissueBox.shortest(bodies.x[a] - bodies.x[b], box.x, isPeriodic: box.isPeriodicX)
        let dy = TissueBox.shortest(bodies.y[a] - bodies.y[b], box.y, isPeriodic: box.isPeriodicY)
        let dz = TissueBox.shortest(bodies.z[a] - bodies.z[b], box.z, isPeriodic: box.isPeriodicZ)
        return (dx * dx + dy * dy + dz * dz).squareRoot()
    }
}

/// Mean and standard error of some numbers.
struct MeanAndError {
    let mean: Double
    let error: Double

    init(_ values: [Double]) {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        error = (square / (n * (n - 1))).squareRoot()
    }

    /// How many standard errors the mean is from a number.
    func errors(from exact: Double) -> Double { abs(mean - exact) / error }
}
