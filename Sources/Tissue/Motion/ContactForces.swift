import CLanes

/// What happens at walls, joined faces and obstacles.
struct Surroundings: Sendable {
    let box: TissueBox
    let obstacles: StandingObstacles
    /// 1/s.
    let stiffness: Double

    /// The velocity with which walls and obstacles push a sphere, as its mirror image in them would, µm/s, and how deep it
    /// is in them, µm.
    func push(_ x: Double, _ y: Double, _ z: Double, _ radius: Double) -> (
        x: Double, y: Double, z: Double, depth: Double
    ) {
        let dx = box.isPeriodicX ? Surroundings.none : Surroundings.depth(x, box.x, radius)
        let dy = box.isPeriodicY ? Surroundings.none : Surroundings.depth(y, box.y, radius)
        let dz = box.isPeriodicZ || box.isSlab ? Surroundings.none : Surroundings.depth(z, box.z, radius)
        var v = (x: dx.low - dx.high, y: dy.low - dy.high, z: dz.low - dz.high)
        var depth = dx.low + dx.high + dy.low + dy.high + dz.low + dz.high
        if let surface = obstacles.surface(x, y, z, within: radius) {
            let deep = radius - surface.distance
            v = (v.x + deep * surface.x, v.y + deep * surface.y, v.z + deep * surface.z)
            depth += deep
        }
        return (2 * stiffness * v.x, 2 * stiffness * v.y, 2 * stiffness * v.z, depth)
    }

    private static let none = (low: 0.0, high: 0.0)

    private static func depth(_ at: Double, _ length: Double, _ radius: Double) -> (low: Double, high: Double) {
        (max(0, radius - at), max(0, at + radius - length))
    }

    /// Whether a sphere may meet a wall or an obstacle.
    func isNear(_ x: Double, _ y: Double, _ z: Double, _ radius: Double) -> Bool {
        if !box.isPeriodicX && (x < radius || x + radius > box.x) { return true }
        if !box.isPeriodicY && (y < radius || y + radius > box.y) { return true }
        if !box.isPeriodicZ && !box.isSlab && (z < radius || z + radius > box.z) { return true }
        return obstacles.isNear(x, y, z)
    }
}

/// Which cells are near which, by slot, for as long as they have not moved far.
@safe struct NeighbourLists {
    /// Slots of neighbours, whole lanes a row, filled up with nobody's; rows of a chunk of slots lie together, chunks
    /// `stride` apart.
    let links: UnsafeMutablePointer<Int32>
    /// Where the row of each slot starts in its chunk's part, and where the last one ends: one more than slots a chunk.
    let rows: UnsafeMutablePointer<Int32>
    /// What is special about a row.
    let marks: UnsafeMutablePointer<UInt8>
    let stride: Int
    let slots: Int

    static let crossesFace = UInt8(CL_CROSSES_FACE)
    static let isNearWall: UInt8 = 2
    /// Nobody is near, nor a wall, and the cell does not walk: it stays where it is as long as lists hold.
    static let isIdle: UInt8 = 4

    static var rowsPerChunk: Int { NeighbourGrid.cellsPerChunk + 1 }
    /// Links that are read at a time.
    static let lane = 8

    @inline(__always)
    func isIdle(_ slot: Int) -> Bool { unsafe marks[slot] & NeighbourLists.isIdle != 0 }

    @inline(__always)
    func isNearWall(_ slot: Int) -> Bool { unsafe marks[slot] & NeighbourLists.isNearWall != 0 }
}

/// The most that was met among some cells.
struct ContactExtremes {
    /// An upper bound of the rates at which contacts decay, 1/s.
    var rate = 0.0
    /// Velocity over radius, 1/s.
    var speed = 0.0
    /// Overlap over the sum of radii, or over the radius at a wall.
    var overlap = 0.0

    mutating func join(_ other: ContactExtremes) {
        rate = max(rate, other.rate)
        speed = max(speed, other.speed)
        overlap = max(overlap, other.overlap)
    }
}

/// What neighbours, walls and obstacles do to cells: each cell its own sum, in the order of its list.
@safe struct ContactForces {
    let kernels: MotionKernels
    let lists: NeighbourLists
    /// Of no chunk yet.
    let pairs: cl_contacts
    let surroundings: Surroundings
    /// Four numbers a slot: x, y, z and radius; how cells walk, and how they move at first.
    let first: UnsafePointer<Double>
    let drift: UnsafePointer<Double>
    let slope: UnsafeMutablePointer<Double>
    /// By slot, in own radii.
    let pressure: UnsafeMutablePointer<Double>
    /// Room for four, and for eight, numbers a slot.
    let velocities: UnsafeMutablePointer<Double>
    let rates: UnsafeMutablePointer<Double>

    private func pairs(_ chunk: Int) -> cl_contacts {
        var pairs = unsafe pairs
        unsafe pairs.links = UnsafePointer(lists.links + chunk * lists.stride)
        unsafe pairs.rows = UnsafePointer(lists.rows + chunk * NeighbourLists.rowsPerChunk)
        return unsafe pairs
    }

    /// What contacts do to places as they are, in `slope`; and the pressure of each cell.
    func meet(_ chunk: Int) -> ContactExtremes {
        let slots = NeighbourGrid.chunk(chunk, of: lists.slots)
        let closest = unsafe kernels.meet(pairs(chunk), first, slope, rates, slots)
        var most = ContactExtremes()
        if closest > 1 { most.overlap = 1 - 1 / closest }
        var fastest = 0.0
        for slot in slots {
            let (p, v, r) = unsafe (first + 4 * slot, slope + 4 * slot, rates + 8 * slot)
            let radius = unsafe p[3]
            if lists.isNearWall(slot) {
                let push = unsafe surroundings.push(p[0], p[1], p[2], radius)
                unsafe (v[0], v[1], v[2]) = (v[0] + push.x, v[1] + push.y, surroundings.box.isSlab ? 0 : v[2] + push.z)
                unsafe v[3] += push.depth
                unsafe (r[0], r[1], r[2]) = (
                    r[0] + surroundings.stiffness, r[1] + surroundings.stiffness, r[2] + surroundings.stiffness
                )
                most.overlap = max(most.overlap, min(1, push.depth / radius))
            }
            most.rate = unsafe max(most.rate, ContactForces.bound(r))
            fastest = unsafe max(fastest, (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) / (radius * radius))
            unsafe pressure[slot] = v[3] / radius
            unsafe v[3] = 0
        }
        most.rate *= 2
        most.speed = fastest.squareRoot()
        return most
    }

    /// What contacts do to places as they are, in `slope`; the largest velocity over a radius, 1/s.
    func push(_ chunk: Int) -> Double {
        let slots = NeighbourGrid.chunk(chunk, of: lists.slots)
        unsafe pull(chunk, slots, at: first, into: slope)
        var fastest = 0.0
        for slot in slots {
            let (v, radius) = unsafe (slope + 4 * slot, first[4 * slot + 3])
            fastest = unsafe max(fastest, (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) / (radius * radius))
        }
        return fastest.squareRoot()
    }

    /// The velocities that neighbours, walls and obstacles give cells at places.
    private func pull(
        _ chunk: Int, _ slots: Range<Int>, at places: UnsafePointer<Double>,
        into velocities: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.pull(pairs(chunk), places, velocities, slots)
        for slot in slots where lists.isNearWall(slot) {
            let (p, v) = unsafe (places + 4 * slot, velocities + 4 * slot)
            let push = unsafe surroundings.push(p[0], p[1], p[2], p[3])
            unsafe (v[0], v[1], v[2]) = (v[0] + push.x, v[1] + push.y, surroundings.box.isSlab ? 0 : v[2] + push.z)
        }
    }

    /// The largest sum of a row of Σ k n nᵀ: an upper bound of its largest eigenvalue.
    ///
    /// Contacts decay at no more than twice the largest of all cells: Σ k (n·(u − u′))² ≤ 2 Σ k ((n·u)² + (n·u′)²).
    @inline(__always)
    private static func bound(_ r: UnsafePointer<Double>) -> Double {
        let (xy, xz, yz) = unsafe (abs(r[4]), abs(r[5]), abs(r[6]))
        return unsafe max(r[0] + xy + xz, max(r[1] + xy + yz, r[2] + xz + yz))
    }

    /// The first stage of a step, which needs no contacts but those of `meet`.
    func firstStage(
        _ weights: StabilisedSteps.Stage, step: Double, into places: UnsafeMutablePointer<Double>, _ chunk: Int
    ) {
        let firstPull = weights.firstPull * step
        let slots = NeighbourGrid.chunk(chunk, of: lists.slots)
        for k in 4 * slots.lowerBound..<4 * slots.upperBound { unsafe places[k] = first[k] + firstPull * slope[k] }
    }

    /// The next stage of a step; `before` is the one before `last`, and may be where the new one goes.
    func stage(
        _ weights: StabilisedSteps.Stage, step: Double, last: UnsafePointer<Double>, before: UnsafePointer<Double>,
        into places: UnsafeMutablePointer<Double>, _ chunk: Int
    ) {
        let slots = NeighbourGrid.chunk(chunk, of: lists.slots)
        unsafe pull(chunk, slots, at: last, into: velocities)
        unsafe kernels.stage(
            first, last, before, velocities, drift, slope,
            (weights.last, weights.before, weights.pull * step, weights.firstPull * step), places,
            4 * slots.lowerBound..<4 * slots.upperBound)
    }
}
