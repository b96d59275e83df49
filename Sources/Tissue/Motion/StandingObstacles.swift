import Biology

/// What stands in the tissue, and how far from it a point is.
///
/// Set up once: every voxel knows what is near it, so that a cell in the open costs one look.
struct StandingObstacles: Sendable {
    /// A tube around a straight line, moved by whole box lengths where it reaches over a joined face.
    private struct Tube {
        let (x, y, z): (Double, Double, Double)
        /// From one end to the other, µm.
        let (alongX, alongY, alongZ): (Double, Double, Double)
        let radius: Double
    }

    /// How far from a point the nearest surface is, below 0 inside, and the direction away from it.
    struct Surface {
        var distance: Double
        var x: Double
        var y: Double
        var z: Double
    }

    let isEmpty: Bool
    /// Surfaces at most so far from a point are found, µm.
    let reach: Double
    /// A cell that moves no further than this at a time cannot get through anything, µm.
    let finest: Double
    private let grid: VoxelGrid
    private let box: TissueBox
    private var isSolid: [Bool] = []
    private var isNearSolid: [Bool] = []
    private var tubes: [Tube] = []
    /// Tubes near each voxel, in compressed rows.
    private var tubeStarts: [Int32] = []
    private var nearTubes: [Int32] = []

    /// For cells no larger than `reach`, µm.
    init(_ obstacles: [Obstacle], grid: VoxelGrid, box: TissueBox, reach: Double) {
        self.grid = grid
        self.box = box
        self.reach = reach
        isEmpty = obstacles.isEmpty
        var finest = grid.spacing
        for case .line(_, let radius) in obstacles.map(\.shape) { finest = min(finest, radius.value) }
        self.finest = finest / 2
        if isEmpty { return }
        isSolid = Array(repeating: false, count: grid.voxels)
        for obstacle in obstacles {
            switch obstacle.shape {
            case .voxels(let places): for place in places { isSolid[voxel(place[0], place[1], place[2])] = true }
            case .line(let points, let radius): addTubes(points.map { $0.map(\.value) }, radius.value)
            }
        }
        isNearSolid = spread(isSolid, by: Int((reach / grid.spacing).rounded(.up)))
        sortTubes()
    }

    private func voxel(_ i: Int, _ j: Int, _ k: Int) -> Int { (k * grid.ny + j) * grid.nx + i }

    // MARK: - Set-up

    /// Marks all voxels at most so many from a marked one along every axis.
    private func spread(_ marks: [Bool], by far: Int) -> [Bool] {
        guard marks.contains(true) else { return [] }
        var marks = marks
        let counts = grid.counts
        let periodic = [box.isPeriodicX, box.isPeriodicY, box.isPeriodicZ]
        for axis in 0..<3 {
            let stride = [1, grid.nx, grid.nx * grid.ny][axis]
            var next = marks
            for at in marks.indices where marks[at] {
                let place = at / stride % counts[axis]
                for step in -far...far {
                    var to = place + step
                    if periodic[axis] { to = (to % counts[axis] + counts[axis]) % counts[axis] }
                    if to >= 0 && to < counts[axis] { next[at + (to - place) * stride] = true }
                }
            }
            marks = next
        }
        return marks
    }

    private mutating func addTubes(_ points: [[Double]], _ radius: Double) {
        let shiftsX = box.isPeriodicX ? [-box.x, 0, box.x] : [0]
        let shiftsY = box.isPeriodicY ? [-box.y, 0, box.y] : [0]
        let shiftsZ = box.isPeriodicZ ? [-box.z, 0, box.z] : [0]
        let ends = points.count == 1 ? [points[0], points[0]] : points
        for (a, b) in zip(ends, ends.dropFirst()) {
            for dz in shiftsZ {
                for dy in shiftsY {
                    for dx in shiftsX {
                        tubes.append(
                            Tube(
                                x: a[0] + dx, y: a[1] + dy, z: a[2] + dz, alongX: b[0] - a[0], alongY: b[1] - a[1],
                                alongZ: b[2] - a[2], radius: radius))
                    }
                }
            }
        }
    }

    /// Lists for each voxel the tubes that come within reach of it.
    private mutating func sortTubes() {
        if tubes.isEmpty { return }
        var near: [(voxel: Int, tube: Int32)] = []
        let halfDiagonal = grid.spacing * 0.5 * 3.0.squareRoot()
        for (t, tube) in tubes.enumerated() {
            let far = tube.radius + reach + halfDiagonal
            let spanX = voxels(tube.x, tube.alongX, far, grid.nx)
            let spanY = voxels(tube.y, tube.alongY, far, grid.ny)
            let spanZ = voxels(tube.z, tube.alongZ, far, grid.nz)
            for k in spanZ {
                for j in spanY {
                    for i in spanX {
                        let surface = StandingObstacles.surface(of: tube, centre(i), centre(j), centre(k))
                        if surface.distance <= far - tube.radius { near.append((voxel(i, j, k), Int32(t))) }
                    }
                }
            }
        }
        near.sort { ($0.voxel, $0.tube) < ($1.voxel, $1.tube) }
        tubeStarts = Array(repeating: 0, count: grid.voxels + 1)
        for entry in near { tubeStarts[entry.voxel + 1] += 1 }
        for at in 0..<grid.voxels { tubeStarts[at + 1] += tubeStarts[at] }
        nearTubes = near.map(\.tube)
    }

    private func centre(_ voxel: Int) -> Double { (Double(voxel) + 0.5) * grid.spacing }

    /// Voxels of one axis whose centres are at most so far from a line's shadow on it.
    private func voxels(_ start: Double, _ along: Double, _ far: Double, _ count: Int) -> Range<Int> {
        let low = ((min(start, start + along) - far) / grid.spacing - 0.5).rounded(.up)
        let high = ((max(start, start + along) + far) / grid.spacing - 0.5).rounded(.down)
        let first = Int(max(0, min(low, Double(count))))
        return first..<max(first, Int(max(-1, min(high, Double(count - 1)))) + 1)
    }

    // MARK: - Questions

    /// The nearest surface closer than `within`, which is at most `reach`; points beyond walls have none.
    func surface(_ x: Double, _ y: Double, _ z: Double, within: Double) -> Surface? {
        if isEmpty { return nil }
        let at = voxel(around: x, y, z)
        if !isNear(voxel: at) { return nil }
        let (x, y, z) = (
            wrapped(x, box.x, box.isPeriodicX), wrapped(y, box.y, box.isPeriodicY), wrapped(z, box.z, box.isPeriodicZ)
        )
        var nearest: Surface?
        if !tubeStarts.isEmpty {
            for k in tubeStarts[at]..<tubeStarts[at + 1] {
                let found = StandingObstacles.surface(of: tubes[Int(nearTubes[Int(k)])], x, y, z)
                if found.distance < (nearest?.distance ?? within) { nearest = found }
            }
        }
        if !isNearSolid.isEmpty && isNearSolid[at] {
            if isSolid[at] { return surfaceInside(x, y, z) }
            let least = nearest?.distance ?? within
            if least > 0, let found = solid(x, y, z, within: least) { nearest = found }
        }
        return nearest
    }

    /// Whether a point is inside an obstacle.
    func contains(_ x: Double, _ y: Double, _ z: Double) -> Bool {
        if isEmpty { return false }
        let at = voxel(around: x, y, z)
        if isSolid[at] { return true }
        guard isNear(voxel: at), let surface = surface(x, y, z, within: 0) else { return false }
        return surface.distance < 0
    }

    /// Whether anything may be within reach of a point.
    func isNear(_ x: Double, _ y: Double, _ z: Double) -> Bool { !isEmpty && isNear(voxel: voxel(around: x, y, z)) }

    private func isNear(voxel at: Int) -> Bool {
        (!isNearSolid.isEmpty && isNearSolid[at]) || (!tubeStarts.isEmpty && tubeStarts[at] < tubeStarts[at + 1])
    }

    private func voxel(around x: Double, _ y: Double, _ z: Double) -> Int {
        voxel(
            place(wrapped(x, box.x, box.isPeriodicX), grid.nx), place(wrapped(y, box.y, box.isPeriodicY), grid.ny),
            place(wrapped(z, box.z, box.isPeriodicZ), grid.nz))
    }

    /// The point itself where it is in the open, otherwise one near it that is; `nil` where obstacles fill the box.
    func nearestOpen(_ x: Double, _ y: Double, _ z: Double) -> (x: Double, y: Double, z: Double)? {
        var (x, y, z) = (x, y, z)
        for _ in 0..<16 {
            if !contains(x, y, z) { return (x, y, z) }
            guard let surface = surface(x, y, z, within: 0) else { break }
            let out = 1e-9 - surface.distance
            x = TissueBox.confined(x + out * surface.x, box.x, isPeriodic: box.isPeriodicX).at
            y = TissueBox.confined(y + out * surface.y, box.y, isPeriodic: box.isPeriodicY).at
            z = box.isSlab ? z : TissueBox.confined(z + out * surface.z, box.z, isPeriodic: box.isPeriodicZ).at
        }
        return nearestOpenVoxel(x, y, z)
    }

    private func nearestOpenVoxel(_ x: Double, _ y: Double, _ z: Double) -> (x: Double, y: Double, z: Double)? {
        var nearest: (x: Double, y: Double, z: Double)?
        var least = Double.infinity
        for at in isSolid.indices {
            let (i, j, k) = (at % grid.nx, at / grid.nx % grid.ny, at / (grid.nx * grid.ny))
            let to = (x: centre(i), y: centre(j), z: box.isSlab ? z : centre(k))
            let square = (to.x - x) * (to.x - x) + (to.y - y) * (to.y - y) + (to.z - z) * (to.z - z)
            if square < least && !contains(to.x, to.y, to.z) { (nearest, least) = (to, square) }
        }
        return nearest
    }

    private func wrapped(_ at: Double, _ length: Double, _ isPeriodic: Bool) -> Double {
        TissueBox.confined(at, length, isPeriodic: isPeriodic).at
    }

    private func place(_ at: Double, _ count: Int) -> Int { min(count - 1, max(0, Int(at / grid.spacing))) }

    private static func surface(of tube: Tube, _ x: Double, _ y: Double, _ z: Double) -> Surface {
        let (dx, dy, dz) = (x - tube.x, y - tube.y, z - tube.z)
        let square = tube.alongX * tube.alongX + tube.alongY * tube.alongY + tube.alongZ * tube.alongZ
        let share = square > 0 ? (dx * tube.alongX + dy * tube.alongY + dz * tube.alongZ) / square : 0
        let t = min(1, max(0, share))
        let (ox, oy, oz) = (dx - t * tube.alongX, dy - t * tube.alongY, dz - t * tube.alongZ)
        let distance = (ox * ox + oy * oy + oz * oz).squareRoot()
        if distance > 0 {
            return Surface(distance: distance - tube.radius, x: ox / distance, y: oy / distance, z: oz / distance)
        }
        // On the line itself: out of it along the axis it leans to least.
        let (ax, ay, az) = (abs(tube.alongX), abs(tube.alongY), abs(tube.alongZ))
        let away = ax <= ay && ax <= az ? (1.0, 0.0, 0.0) : ay <= az ? (0.0, 1.0, 0.0) : (0.0, 0.0, 1.0)
        let lean = square > 0 ? (away.0 * tube.alongX + away.1 * tube.alongY + away.2 * tube.alongZ) / square : 0
        let (nx, ny, nz) = (away.0 - lean * tube.alongX, away.1 - lean * tube.alongY, away.2 - lean * tube.alongZ)
        let length = (nx * nx + ny * ny + nz * nz).squareRoot()
        return Surface(distance: -tube.radius, x: nx / length, y: ny / length, z: nz / length)
    }

    /// The nearest solid voxel around a point in the open.
    private func solid(_ x: Double, _ y: Double, _ z: Double, within: Double) -> Surface? {
        let h = grid.spacing
        var nearest: Surface?
        var least = within
        let (spanX, spanY, spanZ) = (span(x, within), span(y, within), span(z, within))
        for k in spanZ {
            guard let kk = inside(k, grid.nz, box.isPeriodicZ) else { continue }
            let dz = z - min(max(z, Double(k) * h), Double(k + 1) * h)
            for j in spanY {
                guard let jj = inside(j, grid.ny, box.isPeriodicY) else { continue }
                let dy = y - min(max(y, Double(j) * h), Double(j + 1) * h)
                for i in spanX {
                    guard let ii = inside(i, grid.nx, box.isPeriodicX), isSolid[voxel(ii, jj, kk)] else { continue }
                    let dx = x - min(max(x, Double(i) * h), Double(i + 1) * h)
                    let distance = (dx * dx + dy * dy + dz * dz).squareRoot()
                    if distance >= least || distance == 0 { continue }
                    least = distance
                    nearest = Surface(distance: distance, x: dx / distance, y: dy / distance, z: dz / distance)
                }
            }
        }
        return nearest
    }

    private func span(_ at: Double, _ far: Double) -> ClosedRange<Int> {
        Int(((at - far) / grid.spacing).rounded(.down))...Int(((at + far) / grid.spacing).rounded(.down))
    }

    private func inside(_ at: Int, _ count: Int, _ isPeriodic: Bool) -> Int? {
        if at >= 0 && at < count { return at }
        return isPeriodic ? (at % count + count) % count : nil
    }

    /// From inside a solid voxel to the nearest voxel in the open along an axis.
    private func surfaceInside(_ x: Double, _ y: Double, _ z: Double) -> Surface? {
        let h = grid.spacing
        let at = [place(x, grid.nx), place(y, grid.ny), place(z, grid.nz)]
        let point = [x, y, z]
        let periodic = [box.isPeriodicX, box.isPeriodicY, box.isPeriodicZ]
        var nearest: Surface?
        for axis in 0..<(box.isSlab ? 2 : 3) {
            for sign in [-1, 1] {
                guard let steps = stepsOut(at, axis, sign, periodic[axis]) else { continue }
                let depth =
                    sign < 0
                    ? point[axis] - Double(at[axis] - steps + 1) * h : Double(at[axis] + steps) * h - point[axis]
                if let nearest, -nearest.distance <= depth { continue }
                let away = (0..<3).map { $0 == axis ? Double(sign) : 0 }
                nearest = Surface(distance: -depth, x: away[0], y: away[1], z: away[2])
            }
        }
        return nearest
    }

    private func stepsOut(_ at: [Int], _ axis: Int, _ sign: Int, _ isPeriodic: Bool) -> Int? {
        for steps in 1...grid.counts[axis] {
            var to = at
            guard let place = inside(at[axis] + sign * steps, grid.counts[axis], isPeriodic) else { return nil }
            to[axis] = place
            if !isSolid[voxel(to[0], to[1], to[2])] { return steps }
        }
        return nil
    }
}
