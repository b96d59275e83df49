import Biology
import Simulation

/// Moves cells: they walk, push and hold on to each other, and stay out of walls and obstacles.
///
/// Goals in order: no cell ever leaves the box or enters an obstacle; the same bytes for any number of threads; turning
/// times that do not depend on the step; second order in the step; no allocation unless there are more cells than before.
///
///     let motion = CellMotion(grid: grid, isPeriodic: [false, false, false], mechanics: model.mechanics,
///                             typeNames: names, obstacles: model.obstacles ?? [], largestRadius: 10, seed: 1, team: team)
///     bodies.append(id: 0, type: 0, x: 10, y: 10, z: 10, radius: 5)
///     bodies.speed[0] = 0.1; bodies.persistence[0] = 60; bodies.biasX[0] = 0.2      // as rules and receptors say
///     motion.advance(bodies, by: 6)                                                 // places, headings and pressure
///     contacts.build(bodies, factor: 1.1)                                           // a NeighbourGrid
///     contacts.forEachNeighbour(of: 0, factor: 1.1) { other in ... }
///     bodies.rearrange(origins)                                                     // sorts, removes, doubles
///
/// Positions between calls are inside the box, from 0 to less than its length on joined axes and to the length itself
/// between walls. In a slab, one voxel thick, cells keep their z and push each other across it.
@safe final class CellMotion {
    let box: TissueBox
    let obstacles: StandingObstacles
    private let mechanics: ContactMechanics?
    private let seed: UInt64
    private let team: ThreadTeam

    /// For cells whose types are numbered as `typeNames` are, none larger than `largestRadius`, µm.
    ///
    /// Without `mechanics` they walk through each other.
    init(
        grid: VoxelGrid, isPeriodic: [Bool], mechanics: Mechanics?, typeNames: [String], obstacles: [Obstacle],
        largestRadius: Double, seed: UInt64, kernels: MotionKernels = .best, team: ThreadTeam
    ) {
        box = TissueBox(grid, isPeriodic: isPeriodic)
        self.obstacles = StandingObstacles(obstacles, grid: grid, box: box, reach: largestRadius)
        self.mechanics = mechanics.map { [box, obstacles = self.obstacles] in
            ContactMechanics($0, typeNames: typeNames, box: box, obstacles: obstacles, kernels: kernels, team: team)
        }
        self.seed = seed
        self.team = team
    }

    /// Moves all cells for a time, s, in so many equal steps.
    ///
    /// `adhesion`: By cell and type, how strongly a cell holds on to those of a type where that is not as stated, 1/s.
    ///
    /// - Complexity: O(cells), in as many shorter steps as stability and accuracy of the contacts ask for.
    func advance(_ bodies: CellBodies, by time: Double, steps: Int = 1, adhesion: [Double] = []) {
        let walk = PersistentWalk(bodies, seed: seed, isSlab: box.isSlab)
        if let mechanics {
            mechanics.advance(bodies, walk, by: time, steps: steps, adhesion: adhesion)
        } else {
            for _ in 0..<steps { walkFreely(bodies, walk, by: time / Double(steps)) }
        }
    }

    /// Parts overlapping cells without time going by, until no overlap is above `tolerance` sums of radii.
    ///
    /// - Returns: The largest overlap left, in sums of radii, and the sweeps taken; `nil` without mechanics.
    @discardableResult
    func relax(_ bodies: CellBodies, until tolerance: Double, sweeps: Int) -> (overlap: Double, sweeps: Int)? {
        let walk = PersistentWalk(bodies, seed: seed, isSlab: box.isSlab)
        return mechanics?.relax(bodies, walk, until: tolerance, sweeps: sweeps)
    }

    private func walkFreely(_ bodies: CellBodies, _ walk: PersistentWalk, by time: Double) {
        let confinement = Confinement(bodies, box: box, obstacles: obstacles)
        let count = bodies.count
        let (x, y, z) = unsafe (bodies.x.pointer, bodies.y.pointer, bodies.z.pointer)
        team.run(chunks: NeighbourGrid.chunks(count)) { chunk in
            for cell in NeighbourGrid.chunk(chunk, of: count) {
                let from = unsafe (x: x[cell], y: y[cell], z: z[cell])
                let to = confinement.place(cell, from: from, by: walk.walk(cell, during: time))
                unsafe (x[cell], y[cell], z[cell]) = confinement.joined(to)
            }
        }
    }
}
