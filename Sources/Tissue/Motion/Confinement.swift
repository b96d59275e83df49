/// Keeps cells in the box and out of obstacles: both mirror what comes their way.
@safe struct Confinement {
    typealias Point = (x: Double, y: Double, z: Double)

    let box: TissueBox
    let obstacles: StandingObstacles
    private let headingX: UnsafeMutablePointer<Double>
    private let headingY: UnsafeMutablePointer<Double>
    private let headingZ: UnsafeMutablePointer<Double>

    init(_ bodies: CellBodies, box: TissueBox, obstacles: StandingObstacles) {
        self.box = box
        self.obstacles = obstacles
        unsafe headingX = bodies.headingX.pointer
        unsafe headingY = bodies.headingY.pointer
        unsafe headingZ = bodies.headingZ.pointer
    }

    /// Where a cell gets that goes this way; beyond joined faces it is not carried over yet.
    func place(_ cell: Int, from: Point, by way: Point) -> Point {
        if !obstacles.isEmpty { return placeAmongObstacles(cell, from: from, by: way) }
        return mirrored(cell, (from.x + way.x, from.y + way.y, from.z + way.z))
    }

    /// A place carried over joined faces.
    @inline(__always)
    func joined(_ at: Point) -> Point {
        (
            TissueBox.confined(at.x, box.x, isPeriodic: box.isPeriodicX).at,
            TissueBox.confined(at.y, box.y, isPeriodic: box.isPeriodicY).at,
            box.isSlab ? at.z : TissueBox.confined(at.z, box.z, isPeriodic: box.isPeriodicZ).at
        )
    }

    @inline(__always)
    private func mirrored(_ cell: Int, _ at: Point) -> Point {
        var at = at
        if !box.isPeriodicX {
            let x = TissueBox.confined(at.x, box.x, isPeriodic: false)
            at.x = x.at
            if x.isMirrored { unsafe headingX[cell].negate() }
        }
        if !box.isPeriodicY {
            let y = TissueBox.confined(at.y, box.y, isPeriodic: false)
            at.y = y.at
            if y.isMirrored { unsafe headingY[cell].negate() }
        }
        if !box.isPeriodicZ && !box.isSlab {
            let z = TissueBox.confined(at.z, box.z, isPeriodic: false)
            at.z = z.at
            if z.isMirrored { unsafe headingZ[cell].negate() }
        }
        return at
    }

    /// Goes the way in pieces too short to get through anything, and turns at what stands in it.
    private func placeAmongObstacles(_ cell: Int, from: Point, by way: Point) -> Point {
        var at = from
        if obstacles.contains(at.x, at.y, at.z) { at = obstacles.nearestOpen(at.x, at.y, at.z) ?? at }
        let far = (way.x * way.x + way.y * way.y + way.z * way.z).squareRoot()
        if far <= obstacles.reach && !obstacles.isNear(at.x, at.y, at.z) {
            return mirrored(cell, (at.x + way.x, at.y + way.y, at.z + way.z))
        }
        let pieces = max(1, (far / obstacles.finest).rounded(.up))
        var piece = (x: way.x / pieces, y: way.y / pieces, z: way.z / pieces)
        for _ in 0..<Int(pieces) {
            let before = unsafe (headingX[cell], headingY[cell], headingZ[cell])
            let next = mirrored(cell, (at.x + piece.x, at.y + piece.y, at.z + piece.z))
            let after = unsafe (headingX[cell], headingY[cell], headingZ[cell])
            if !obstacles.contains(next.x, next.y, next.z) {
                at = next
                // What is left of the way is mirrored as the heading was.
                if before.0 != after.0 { piece.x.negate() }
                if before.1 != after.1 { piece.y.negate() }
                if before.2 != after.2 { piece.z.negate() }
                continue
            }
            unsafe (headingX[cell], headingY[cell], headingZ[cell]) = before
            guard let surface = obstacles.surface(next.x, next.y, next.z, within: 0) else { return at }
            turnAway(cell, from: surface)
            let into = piece.x * surface.x + piece.y * surface.y + piece.z * surface.z
            if into >= 0 { return at }
            piece.x -= 2 * into * surface.x
            piece.y -= 2 * into * surface.y
            piece.z -= 2 * into * surface.z
        }
        return at
    }

    /// Mirrors the heading of a cell whose sphere meets a wall or an obstacle that it goes towards.
    func turnAway(_ cell: Int, at: Point, radius: Double) {
        if !box.isPeriodicX { unsafe turn(&headingX[cell], at.x, box.x, radius) }
        if !box.isPeriodicY { unsafe turn(&headingY[cell], at.y, box.y, radius) }
        if !box.isPeriodicZ && !box.isSlab { unsafe turn(&headingZ[cell], at.z, box.z, radius) }
        if let surface = obstacles.surface(at.x, at.y, at.z, within: radius) { turnAway(cell, from: surface) }
    }

    private func turn(_ heading: inout Double, _ at: Double, _ length: Double, _ radius: Double) {
        let (meetsLow, meetsHigh) = (at < radius, at + radius > length)
        if meetsLow == meetsHigh { return }
        if meetsLow == (heading < 0) { heading.negate() }
    }

    private func turnAway(_ cell: Int, from surface: StandingObstacles.Surface) {
        let into = unsafe headingX[cell] * surface.x + headingY[cell] * surface.y + headingZ[cell] * surface.z
        if into >= 0 { return }
        unsafe headingX[cell] -= 2 * into * surface.x
        unsafe headingY[cell] -= 2 * into * surface.y
        unsafe headingZ[cell] -= 2 * into * surface.z
    }
}
