/// How strongly two cells pull at each other: velocity over (sum of radii − distance), 1/s.
protocol PairLaw {
    /// The ratio at and below which there is none.
    var least: Double { get }
    /// Of the cells in two slots; `ratio` is their sum of radii over the distance of centres, above 1 in an overlap.
    func strength(_ ratio: Double, _ slot: Int, _ other: Int) -> Double
}

/// Overlapping cells part.
struct Repulsion: PairLaw {
    let stiffness: Double
    var least: Double { 1 }

    @inline(__always)
    func strength(_ ratio: Double, _ slot: Int, _ other: Int) -> Double { ratio > 1 ? stiffness : 0 }
}

/// Overlapping cells part, and cells that adhere close their gap.
@safe struct RepulsionAndAdhesion: PairLaw {
    let stiffness: Double
    /// 1/reach: the least ratio at which cells still hold on to each other.
    let least: Double
    /// 1/s: [type][type].
    let strengths: UnsafePointer<Double>
    let typeCount: Int
    /// By slot.
    let types: UnsafePointer<Int32>

    @inline(__always)
    func strength(_ ratio: Double, _ slot: Int, _ other: Int) -> Double {
        if ratio > 1 { return stiffness }
        if ratio <= least { return 0 }
        return unsafe strengths[Int(types[slot]) * typeCount + Int(types[other])]
    }
}

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
    /// Slots of neighbours; rows of a chunk of slots lie together, chunks `stride` apart.
    let links: UnsafeMutablePointer<Int32>
    /// Where the row of each slot starts in its chunk's part, and where the last one ends: one more than slots a chunk.
    let rows: UnsafeMutablePointer<Int32>
    /// What is special about a row.
    let marks: UnsafeMutablePointer<UInt8>
    let stride: Int
    let slots: Int

    static let crossesFace: UInt8 = 1
    static let isNearWall: UInt8 = 2
    /// Nobody is near, nor a wall, and the cell does not walk: it stays where it is as long as lists hold.
    static let isIdle: UInt8 = 4

    static var rowsPerChunk: Int { NeighbourGrid.cellsPerChunk + 1 }

    @inline(__always)
    func isIdle(_ slot: Int) -> Bool { unsafe marks[slot] & NeighbourLists.isIdle != 0 }

    /// Where a slot's row is in `links`.
    @inline(__always)
    func row(_ slot: Int, _ chunk: Int) -> Range<Int> {
        let at = chunk * NeighbourLists.rowsPerChunk + slot - chunk * NeighbourGrid.cellsPerChunk
        let start = chunk * stride
        return unsafe Range(uncheckedBounds: (start + Int(rows[at]), start + Int(rows[at + 1])))
    }
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

/// Sums what neighbours, walls and obstacles do to cells: each cell its own sum, in the order of its list.
@safe struct ContactKernel<Law: PairLaw> {
    let law: Law
    let lists: NeighbourLists
    let surroundings: Surroundings
    /// Columns of four numbers a slot: x, y, z and radius; of `drift`, `slope` and `older` the fourth is free.
    let first: UnsafePointer<Double>
    let drift: UnsafePointer<Double>
    let slope: UnsafeMutablePointer<Double>

    private typealias Velocity = (x: Double, y: Double, z: Double)

    /// Two cells in one place part along x.
    private static var together: Double { 1e-9 }

    /// What contacts do to places as they are, in `slope`; and the pressure of each cell, in the fourth place of it.
    func meet(_ chunk: Int) -> ContactExtremes {
        var most = ContactExtremes()
        // Cells that almost touch may do so before the step ends.
        let leastSquare = law.least * law.least / (1.1 * 1.1)
        for slot in NeighbourGrid.chunk(chunk, of: lists.slots) where !lists.isIdle(slot) {
            let p = unsafe first + 4 * slot
            let crosses = unsafe lists.marks[slot] & NeighbourLists.crossesFace != 0
            var v: Velocity = (0, 0, 0)
            var depth = 0.0
            var rate = RateBound()
            for link in lists.row(slot, chunk) {
                let other = unsafe Int(lists.links[link])
                let q = unsafe first + 4 * other
                let d = unsafe separation(slot, p, other, q, crosses)
                let square = d.x * d.x + d.y * d.y + d.z * d.z
                let sum = unsafe p[3] + q[3]
                if square * leastSquare >= sum * sum { continue }
                let distance = square.squareRoot()
                let ratio = sum / distance
                let strength = law.strength(ratio, slot, other)
                let pull = strength * (ratio - 1)
                v = (v.x + pull * d.x, v.y + pull * d.y, v.z + pull * d.z)
                rate.add(max(strength, law.strength(ratio * 1.1, slot, other)) / square, d)
                if ratio > 1 {
                    depth += sum - distance
                    most.overlap = max(most.overlap, 1 - distance / sum)
                }
            }
            let radius = unsafe p[3]
            if unsafe lists.marks[slot] & NeighbourLists.isNearWall != 0 {
                let push = unsafe surroundings.push(p[0], p[1], p[2], radius)
                v = (v.x + push.x, v.y + push.y, v.z + push.z)
                depth += push.depth
                rate.add(surroundings.stiffness)
                most.overlap = max(most.overlap, min(1, push.depth / radius))
            }
            if surroundings.box.isSlab { v.z = 0 }
            most.rate = max(most.rate, 2 * rate.bound)
            most.speed = max(most.speed, (v.x * v.x + v.y * v.y + v.z * v.z).squareRoot() / radius)
            put(v, slot, depth / radius)
        }
        return most
    }

    private func put(_ v: Velocity, _ slot: Int, _ pressure: Double) {
        unsafe slope[4 * slot] = v.x
        unsafe slope[4 * slot + 1] = v.y
        unsafe slope[4 * slot + 2] = v.z
        unsafe slope[4 * slot + 3] = pressure
    }

    /// The first stage of a step, which needs no contacts but those of `meet`; `start` receives where it starts.
    func firstStage(
        _ weights: StabilisedSteps.Stage, step: Double, start: UnsafeMutablePointer<Double>,
        into places: UnsafeMutablePointer<Double>, _ chunk: Int
    ) {
        let firstPull = weights.firstPull * step
        for slot in NeighbourGrid.chunk(chunk, of: lists.slots) where !lists.isIdle(slot) {
            for k in 4 * slot..<4 * slot + 3 { unsafe places[k] = first[k] + firstPull * slope[k] }
            unsafe places[4 * slot + 3] = first[4 * slot + 3]
            for k in 4 * slot..<4 * slot + 4 { unsafe start[k] = first[k] }
        }
    }

    /// The next stage of a step, into `older`, which held the stage before `last`.
    func stage(
        _ weights: StabilisedSteps.Stage, step: Double, last: UnsafePointer<Double>,
        into older: UnsafeMutablePointer<Double>, _ chunk: Int
    ) {
        let (pull, firstPull) = (weights.pull * step, weights.firstPull * step)
        for slot in NeighbourGrid.chunk(chunk, of: lists.slots) where !lists.isIdle(slot) {
            let at = 4 * slot
            var v = unsafe velocity(slot, last, chunk)
            v = unsafe (v.x + drift[at], v.y + drift[at + 1], v.z + drift[at + 2])
            for k in at..<at + 3 {
                let start = unsafe first[k]
                let moved = unsafe weights.last * (last[k] - start) + weights.before * (older[k] - start)
                unsafe older[k] = start + moved
            }
            unsafe older[at] += pull * v.x + firstPull * slope[at]
            unsafe older[at + 1] += pull * v.y + firstPull * slope[at + 1]
            unsafe older[at + 2] += pull * v.z + firstPull * slope[at + 2]
            unsafe older[at + 3] = first[at + 3]
        }
    }

    @inline(__always)
    private func velocity(_ slot: Int, _ places: UnsafePointer<Double>, _ chunk: Int) -> Velocity {
        let p = unsafe places + 4 * slot
        let radius = unsafe p[3]
        let marks = unsafe lists.marks[slot]
        let crosses = marks & NeighbourLists.crossesFace != 0
        let leastSquare = law.least * law.least
        var v: Velocity = (0, 0, 0)
        for link in lists.row(slot, chunk) {
            let other = unsafe Int(lists.links[link])
            let q = unsafe places + 4 * other
            let d = unsafe separation(slot, p, other, q, crosses)
            let square = d.x * d.x + d.y * d.y + d.z * d.z
            let sum = unsafe radius + q[3]
            if square * leastSquare >= sum * sum { continue }
            let ratio = sum / square.squareRoot()
            let pull = law.strength(ratio, slot, other) * (ratio - 1)
            v = (v.x + pull * d.x, v.y + pull * d.y, v.z + pull * d.z)
        }
        if marks & NeighbourLists.isNearWall != 0 {
            let push = unsafe surroundings.push(p[0], p[1], p[2], radius)
            v = (v.x + push.x, v.y + push.y, v.z + push.z)
        }
        if surroundings.box.isSlab { v.z = 0 }
        return v
    }

    /// From another cell to one, the short way.
    @inline(__always)
    private func separation(
        _ slot: Int, _ p: UnsafePointer<Double>, _ other: Int, _ q: UnsafePointer<Double>, _ crosses: Bool
    ) -> Velocity {
        var d: Velocity = unsafe (p[0] - q[0], p[1] - q[1], p[2] - q[2])
        if crosses {
            let box = surroundings.box
            d.x = TissueBox.shortest(d.x, box.x, isPeriodic: box.isPeriodicX)
            d.y = TissueBox.shortest(d.y, box.y, isPeriodic: box.isPeriodicY)
            d.z = TissueBox.shortest(d.z, box.z, isPeriodic: box.isPeriodicZ)
        }
        if d.x * d.x + d.y * d.y + d.z * d.z > 1e-18 { return d }
        return (slot < other ? -Self.together : Self.together, 0, 0)
    }
}

/// An upper bound of the largest eigenvalue of Σ k n nᵀ over a cell's contacts, n being their directions.
///
/// Contacts decay at no more than twice the largest of all cells: Σ k (n·(u − u′))² ≤ 2 Σ k ((n·u)² + (n·u′)²).
private struct RateBound {
    private var (xx, yy, zz, xy, xz, yz) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

    @inline(__always)
    mutating func add(_ k: Double, _ d: (x: Double, y: Double, z: Double)) {
        xx += k * d.x * d.x
        yy += k * d.y * d.y
        zz += k * d.z * d.z
        xy += k * d.x * d.y
        xz += k * d.x * d.z
        yz += k * d.y * d.z
    }

    /// Along any direction.
    mutating func add(_ k: Double) { (xx, yy, zz) = (xx + k, yy + k, zz + k) }

    /// The largest sum of a row.
    var bound: Double {
        max(xx + abs(xy) + abs(xz), max(yy + abs(xy) + abs(yz), zz + abs(xz) + abs(yz)))
    }
}
