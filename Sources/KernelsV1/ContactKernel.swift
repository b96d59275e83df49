public import CLanes

// What neighbours do to cells: eight neighbours of one cell at a time, without a branch on who touches whom.

/// How strongly two cells pull at each other: velocity over (sum of radii − distance), 1/s.
private protocol ContactLaw {
    /// Of eight neighbours when they hold on without touching.
    func adhesion(_ slot: Int, _ links: UnsafePointer<Int32>) -> DoubleLanes
    /// `ratio` is the sum of radii over the distance of centres, above 1 in an overlap.
    func strength(_ ratio: DoubleLanes, _ adhesion: DoubleLanes) -> DoubleLanes
}

/// Overlapping cells part.
private struct Repulsion: ContactLaw {
    let stiffness: DoubleLanes

    @inline(__always)
    func adhesion(_ slot: Int, _ links: UnsafePointer<Int32>) -> DoubleLanes { DoubleLanes(all: 0) }

    @inline(__always)
    func strength(_ ratio: DoubleLanes, _ adhesion: DoubleLanes) -> DoubleLanes {
        .choose(stiffness, adhesion, where: DoubleLanes(all: 1), isBelow: ratio)
    }
}

/// Overlapping cells part, and cells that adhere close their gap.
@safe private struct RepulsionAndAdhesion: ContactLaw {
    let stiffness: DoubleLanes
    let least: DoubleLanes
    let strengths: UnsafePointer<Double>
    let roots: UnsafePointer<Double>?
    let types: UnsafePointer<Int32>
    let typeCount: Int

    @inline(__always)
    func adhesion(_ slot: Int, _ links: UnsafePointer<Int32>) -> DoubleLanes {
        if let roots = unsafe roots {
            return unsafe DoubleLanes(cl_look_up_pairs_f64(roots, typeCount, types, slot, links))
        }
        return unsafe DoubleLanes(cl_look_up_f64(strengths + Int(types[slot]) * typeCount, types, links))
    }

    @inline(__always)
    func strength(_ ratio: DoubleLanes, _ adhesion: DoubleLanes) -> DoubleLanes {
        let apart = DoubleLanes.choose(adhesion, DoubleLanes(all: 0), where: least, isBelow: ratio)
        return .choose(stiffness, apart, where: DoubleLanes(all: 1), isBelow: ratio)
    }
}

/// Eight neighbours as one cell sees them.
private struct Neighbours {
    /// From them to the cell, the short way, µm.
    var x, y, z: DoubleLanes
    var square: DoubleLanes
    /// Sum of radii, µm.
    let sum: DoubleLanes

    /// Two cells in one place part along x.
    private static var together: Double { 1e-9 }

    @inline(__always)
    init(_ contacts: cl_contacts, _ slot: Int, _ places: UnsafePointer<Double>, _ links: UnsafePointer<Int32>) {
        let p = unsafe places + 4 * slot
        // Points 0 and 4, 1 and 5, ... of x, y, z and radius become vectors of one number each.
        let (a, b) = unsafe (cl_two_points(places, links[0], links[4]), cl_two_points(places, links[1], links[5]))
        let (c, d) = unsafe (cl_two_points(places, links[2], links[6]), cl_two_points(places, links[3], links[7]))
        let (xz, xzNext) = (cl_zip_even_f64(a, b), cl_zip_even_f64(c, d))
        let (yr, yrNext) = (cl_zip_odd_f64(a, b), cl_zip_odd_f64(c, d))
        x = unsafe DoubleLanes(all: p[0]) - DoubleLanes(cl_pairs_low_f64(xz, xzNext))
        y = unsafe DoubleLanes(all: p[1]) - DoubleLanes(cl_pairs_low_f64(yr, yrNext))
        z = unsafe DoubleLanes(all: p[2]) - DoubleLanes(cl_pairs_high_f64(xz, xzNext))
        sum = unsafe DoubleLanes(all: p[3]) + DoubleLanes(cl_pairs_high_f64(yr, yrNext))
        if unsafe contacts.marks[slot] & UInt8(CL_CROSSES_FACE) != 0 {
            unsafe (x, y, z) = (
                Neighbours.shortest(x, contacts.spanX), Neighbours.shortest(y, contacts.spanY),
                Neighbours.shortest(z, contacts.spanZ)
            )
        }
        square = x * x + y * y + z * z
        if cl_any_at_most_f64(square.lanes, 1e-18) { unsafe part(slot, links) }
    }

    /// The short way over joined faces; `span` is 0 of an axis that is not joined.
    @inline(__always)
    private static func shortest(_ way: DoubleLanes, _ span: Double) -> DoubleLanes {
        if span == 0 { return way }
        let (whole, half) = (DoubleLanes(all: span), DoubleLanes(all: 0.5 * span))
        let shorter = DoubleLanes.choose(way - whole, way, where: half, isBelow: way)
        return .choose(way + whole, shorter, where: way, isBelow: DoubleLanes(all: -0.5 * span))
    }

    private mutating func part(_ slot: Int, _ links: UnsafePointer<Int32>) {
        var (a, b, c) = (x.lanes, y.lanes, z.lanes)
        for lane in 0..<8 where square.lanes[lane] <= 1e-18 {
            a[lane] = unsafe slot < Int(links[lane]) ? -Neighbours.together : Neighbours.together
            (b[lane], c[lane]) = (0, 0)
        }
        (x, y, z) = (DoubleLanes(a), DoubleLanes(b), DoubleLanes(c))
        square = x * x + y * y + z * z
    }
}

/// The sums of the lanes of four vectors, each in the same order.
@inline(__always)
private func storeSums(
    _ a: DoubleLanes, _ b: DoubleLanes, _ c: DoubleLanes, _ d: DoubleLanes, to: UnsafeMutablePointer<Double>
) {
    let ab = DoubleLanes(cl_zip_even_f64(a.lanes, b.lanes)) + DoubleLanes(cl_zip_odd_f64(a.lanes, b.lanes))
    let cd = DoubleLanes(cl_zip_even_f64(c.lanes, d.lanes)) + DoubleLanes(cl_zip_odd_f64(c.lanes, d.lanes))
    let all = DoubleLanes(cl_pairs_low_f64(ab.lanes, cd.lanes)) + DoubleLanes(cl_pairs_high_f64(ab.lanes, cd.lanes))
    unsafe cl_store_halves_f64(to, all.lanes)
}

/// The velocity that neighbours give each cell of `slots`, µm/s: four numbers a slot, the fourth 0.
public func pull(
    _ c: cl_contacts, _ places: UnsafePointer<Double>, into velocities: UnsafeMutablePointer<Double>, slots: Range<Int>
) {
    if let law = unsafe RepulsionAndAdhesion(c) {
        unsafe pull(c, law, places, into: velocities, slots: slots)
    } else {
        unsafe pull(c, Repulsion(stiffness: DoubleLanes(all: c.stiffness)), places, into: velocities, slots: slots)
    }
}

extension RepulsionAndAdhesion {
    @inline(__always)
    init?(_ c: cl_contacts) {
        guard let strengths = unsafe c.strengths, let types = unsafe c.types else { return nil }
        unsafe self.init(
            stiffness: DoubleLanes(all: c.stiffness), least: DoubleLanes(all: c.least), strengths: strengths,
            roots: c.roots, types: types, typeCount: c.typeCount)
    }
}

@inline(__always)
private func pull<Law: ContactLaw>(
    _ c: cl_contacts, _ law: Law, _ places: UnsafePointer<Double>, into velocities: UnsafeMutablePointer<Double>,
    slots: Range<Int>
) {
    let (none, one) = (DoubleLanes(all: 0), DoubleLanes(all: 1))
    for slot in slots {
        var (vx, vy, vz) = (none, none, none)
        let row = slot - slots.lowerBound
        for link in unsafe stride(from: Int(c.rows[row]), to: Int(c.rows[row + 1]), by: DoubleLanes.count) {
            let links = unsafe c.links + link
            let near = unsafe Neighbours(c, slot, places, links)
            let ratio = near.sum * near.square.inverseSquareRoot
            let pull = unsafe law.strength(ratio, law.adhesion(slot, links)) * (ratio - one)
            (vx, vy, vz) = (vx + pull * near.x, vy + pull * near.y, vz + pull * near.z)
        }
        if unsafe c.isSlab != 0 { vz = none }
        unsafe storeSums(vx, vy, vz, none, to: velocities + 4 * slot)
    }
}

/// The same, and the sum of a cell's overlaps, µm, as the fourth number of its slot; `rates` receives six numbers of
/// eight a slot, xx, yy, zz, (nothing,) xy, xz and yz of Σ k n nᵀ over its contacts, n being their directions, 1/s.
///
/// Cells that may touch while lists hold, within 1.7 sums of radii, count as if they did.
///
/// - Returns: The largest sum of radii over distance.
public func meet(
    _ c: cl_contacts, _ places: UnsafePointer<Double>, into velocities: UnsafeMutablePointer<Double>,
    rates: UnsafeMutablePointer<Double>, slots: Range<Int>
) -> Double {
    if let law = unsafe RepulsionAndAdhesion(c) {
        return unsafe meet(c, law, places, into: velocities, rates: rates, slots: slots)
    }
    let law = unsafe Repulsion(stiffness: DoubleLanes(all: c.stiffness))
    return unsafe meet(c, law, places, into: velocities, rates: rates, slots: slots)
}

@inline(__always)
private func meet<Law: ContactLaw>(
    _ c: cl_contacts, _ law: Law, _ places: UnsafePointer<Double>, into velocities: UnsafeMutablePointer<Double>,
    rates: UnsafeMutablePointer<Double>, slots: Range<Int>
) -> Double {
    // Two cells that have used up the largest margins, a fifth and a half of their radii, are nearer by as much.
    let (none, one, ahead) = (DoubleLanes(all: 0), DoubleLanes(all: 1), DoubleLanes(all: 1.7))
    var closest = none
    for slot in slots {
        var (vx, vy, vz, depth) = (none, none, none, none)
        var (xx, yy, zz, xy, xz, yz) = (none, none, none, none, none, none)
        let row = slot - slots.lowerBound
        for link in unsafe stride(from: Int(c.rows[row]), to: Int(c.rows[row + 1]), by: DoubleLanes.count) {
            let links = unsafe c.links + link
            let near = unsafe Neighbours(c, slot, places, links)
            let inverse = near.square.inverseSquareRoot
            let (ratio, adhesion) = unsafe (near.sum * inverse, law.adhesion(slot, links))
            let strength = law.strength(ratio, adhesion)
            let pull = strength * (ratio - one)
            (vx, vy, vz) = (vx + pull * near.x, vy + pull * near.y, vz + pull * near.z)
            depth = depth + .max(near.sum - near.square * inverse, none)
            closest = .max(closest, ratio)
            let soon = law.strength(ratio * ahead, adhesion)
            // Nobody's kind may adhere, too, but nobody is ever near.
            let most = DoubleLanes.choose(.max(soon, adhesion), none, where: none, isBelow: soon)
            let k = DoubleLanes.max(strength, most) * (inverse * inverse)
            let (kx, ky, kz) = (k * near.x, k * near.y, k * near.z)
            (xx, yy, zz) = (xx + kx * near.x, yy + ky * near.y, zz + kz * near.z)
            (xy, xz, yz) = (xy + kx * near.y, xz + kx * near.z, yz + ky * near.z)
        }
        if unsafe c.isSlab != 0 { vz = none }
        unsafe storeSums(vx, vy, vz, depth, to: velocities + 4 * slot)
        unsafe storeSums(xx, yy, zz, none, to: rates + 8 * slot)
        unsafe storeSums(xy, xz, yz, none, to: rates + 8 * slot + 4)
    }
    return closest.largest
}

/// One stage of a stabilised step.
///
/// to = start + last (last − start) + before (before − start) + pull (v + drift) + firstPull slope; `velocities` are of
/// the last stage; whole lanes are read and written, nobody's slot perhaps among them. Where the weight of the last stage is
/// 0, so are those of the one before and of the slope.
public func stage(
    _ start: UnsafePointer<Double>, _ last: UnsafePointer<Double>, _ before: UnsafePointer<Double>,
    _ velocities: UnsafePointer<Double>, _ drift: UnsafePointer<Double>, _ slope: UnsafePointer<Double>,
    weights: (last: Double, before: Double, pull: Double, firstPull: Double),
    into to: UnsafeMutablePointer<Double>, elements: Range<Int>
) {
    let (a, b) = (DoubleLanes(all: weights.last), DoubleLanes(all: weights.before))
    let (c, d) = (DoubleLanes(all: weights.pull), DoubleLanes(all: weights.firstPull))
    for at in stride(from: elements.lowerBound, to: elements.upperBound, by: DoubleLanes.count) {
        let here = unsafe DoubleLanes(from: start + at)
        let velocity = unsafe DoubleLanes(from: velocities + at) + DoubleLanes(from: drift + at)
        var moved = c * velocity
        if weights.last != 0 {
            let stages = unsafe a * (DoubleLanes(from: last + at) - here) + b * (DoubleLanes(from: before + at) - here)
            moved = unsafe stages + (moved + d * DoubleLanes(from: slope + at))
        }
        unsafe (here + moved).store(to: to + at)
    }
}
