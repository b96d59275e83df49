import CLanes
import Simulation

/// Builds and holds the lists of neighbours that a few steps of mechanics share.
///
/// A cell is on another's list where their spheres, widened by `factor` and by each cell's own margin, overlap: lists hold
/// until some cell has moved further than its margin.
@safe final class NeighbourListing {
    let grid: NeighbourGrid
    private let links = Column<Int32>()
    private let rows = Column<Int32>()
    private let marks = Column<UInt8>()
    /// How far the cell in each slot may move before lists are stale, µm; and its radius widened by that and by `factor`.
    let margins = Column<Double>()
    private let widened = Column<Double>()
    /// How far each cell, not slot, is being pushed while lists are to serve, µm.
    let pushed = Column<Double>()
    /// Centres by slot, µm.
    private let centres = [Column<Double>(), Column<Double>(), Column<Double>()]
    private let widestOfChunk = Column<Double>()
    private let needed = Column<Int32>()
    /// Links of a chunk of cells.
    private var stride = NeighbourGrid.cellsPerChunk * 16
    private let kernels: MotionKernels
    private let team: ThreadTeam

    init(_ grid: NeighbourGrid, kernels: MotionKernels, team: ThreadTeam) {
        self.grid = grid
        self.kernels = kernels
        self.team = team
    }

    /// Sorts cells and lists their neighbours: those within `factor` sums of radii, now or as cells move.
    ///
    /// Lists are to serve for `horizon`, s, so that cells that walk have margins for as long.
    func build(
        _ bodies: CellBodies, _ walk: PersistentWalk, _ surroundings: Surroundings, factor: Double, horizon: Double
    ) -> NeighbourLists {
        let count = bodies.count
        let chunks = NeighbourGrid.chunks(count)
        grid.build(bodies, reach: 2 * widest(bodies, walk, factor, horizon))
        widen(bodies, walk, factor, horizon)
        marks.resize(count, filling: 0)
        rows.resize(chunks * NeighbourLists.rowsPerChunk, filling: 0)
        needed.resize(chunks, filling: 0)
        while true {
            links.resize(chunks * stride, filling: 0)
            let lists = unsafe NeighbourLists(
                links: links.pointer, rows: rows.pointer, marks: marks.pointer, stride: stride, slots: count)
            let rule = unsafe ListingRule(
                kernels: kernels, lists: lists, grid: grid, walk: walk, places: grid.places.pointer,
                cells: grid.cells.pointer, crowd: crowd, margins: margins.pointer, surroundings: surroundings)
            let need = unsafe needed.pointer
            team.run(chunks: chunks) { chunk in unsafe need[chunk] = Int32(truncatingIfNeeded: rule.list(chunk)) }
            var most = 0
            for chunk in 0..<chunks { most = max(most, unsafe Int(need[chunk])) }
            if most <= stride { return lists }
            stride = most + most / 2
        }
    }

    /// Chosen: a fifth of the radius: twice what contacts move cells in a step once tissue is packed; rows of eight neighbours
    /// have room for it.
    private static let marginOfRadius = 0.2
    /// Chosen: cells that part after a division slow down before they have gone further.
    private static let farthestPushOfRadius = 0.5

    /// How far a cell may move, µm.
    @inline(__always)
    private static func margin(
        _ cell: Int, _ radius: Double, _ push: Double, _ walk: PersistentWalk, _ horizon: Double
    ) -> Double {
        marginOfRadius * radius + min(push, farthestPushOfRadius * radius) + walk.speed(cell) * horizon
    }

    /// The largest widened radius, µm.
    private func widest(
        _ bodies: CellBodies, _ walk: PersistentWalk, _ factor: Double, _ horizon: Double
    ) -> Double {
        let count = bodies.count
        let chunks = NeighbourGrid.chunks(count)
        widestOfChunk.resize(chunks, filling: 0)
        let (radius, push, most) = unsafe (bodies.radius.pointer, pushed.pointer, widestOfChunk.pointer)
        team.run(chunks: chunks) { chunk in
            var widest = 0.0
            for cell in NeighbourGrid.chunk(chunk, of: count) {
                let own = unsafe radius[cell]
                widest = unsafe max(widest, factor * own + Self.margin(cell, own, push[cell], walk, horizon))
            }
            unsafe most[chunk] = widest
        }
        var widest = 0.0
        for chunk in 0..<chunks { widest = max(widest, unsafe most[chunk]) }
        return widest
    }

    private var crowd: cl_crowd {
        unsafe cl_crowd(
            x: UnsafePointer(centres[0].pointer), y: UnsafePointer(centres[1].pointer),
            z: UnsafePointer(centres[2].pointer), reach: UnsafePointer(widened.pointer))
    }

    /// Centres, margins and widened radii of the cells as they are sorted.
    private func widen(_ bodies: CellBodies, _ walk: PersistentWalk, _ factor: Double, _ horizon: Double) {
        let count = bodies.count
        margins.resize(count, filling: 0)
        for column in centres + [widened] { column.resize(count + NeighbourLists.lane, filling: 0) }
        let (place, cells) = unsafe (grid.places.pointer, grid.cells.pointer)
        let (x, y, z) = unsafe (centres[0].pointer, centres[1].pointer, centres[2].pointer)
        let (wide, margin, push) = unsafe (widened.pointer, margins.pointer, pushed.pointer)
        team.run(chunks: NeighbourGrid.chunks(count)) { chunk in
            for slot in NeighbourGrid.chunk(chunk, of: count) {
                let at = unsafe place + 4 * slot
                unsafe (x[slot], y[slot], z[slot]) = (at[0], at[1], at[2])
                let radius = unsafe at[3]
                let cell = unsafe Int(cells[slot])
                let far = unsafe Self.margin(cell, radius, push[cell], walk, horizon)
                unsafe margin[slot] = far
                unsafe wide[slot] = factor * radius + far
            }
        }
    }
}

/// How one chunk of slots is listed.
@safe private struct ListingRule {
    let kernels: MotionKernels
    let lists: NeighbourLists
    let grid: NeighbourGrid
    let walk: PersistentWalk
    let places: UnsafePointer<Double>
    let cells: UnsafePointer<Int32>
    let crowd: cl_crowd
    let margins: UnsafePointer<Double>
    let surroundings: Surroundings

    /// Lists the neighbours of a chunk; the links this takes, which are only complete where they fit.
    func list(_ chunk: Int) -> Int {
        unsafe withUnsafeTemporaryAllocation(of: (Int32, Int32).self, capacity: NearbySlots.most) { memory in
            guard let bounds = memory.baseAddress else { return 0 }
            var near = unsafe NearbySlots(bounds)
            return list(chunk, &near)
        }
    }

    private func list(_ chunk: Int, _ near: inout NearbySlots) -> Int {
        let binPlaces = BinPlaces(grid.box, grid.bins)
        let links = unsafe lists.links + chunk * lists.stride
        let rows = unsafe lists.rows + chunk * NeighbourLists.rowsPerChunk
        let slots = NeighbourGrid.chunk(chunk, of: lists.slots)
        var (used, lastBin) = (0, -1)
        for slot in slots {
            let start = used
            unsafe rows[slot - slots.lowerBound] = Int32(truncatingIfNeeded: start)
            let p = unsafe places + 4 * slot
            let at = unsafe binPlaces.along(p[0], p[1], p[2])
            let bin = (at.z * binPlaces.ny + at.y) * binPlaces.nx + at.x
            if bin != lastBin { near.find(at, grid) }
            lastBin = bin
            var candidates = 0
            for run in 0..<near.count { candidates += near[run].count }
            // Whole lanes.
            if used + candidates + NeighbourLists.lane > lists.stride {
                used += candidates + NeighbourLists.lane
                continue
            }
            if near.crossesFace {
                for run in 0..<near.count { used = unsafe acrossFaces(slot, near[run], links, used) }
            } else {
                used += unsafe kernels.list(crowd, slot, near.bounds, near.count, links + used)
            }
            let reach = unsafe p[3] + margins[slot]
            let isNearWall = unsafe surroundings.isNear(p[0], p[1], p[2], reach)
            while used % NeighbourLists.lane > 0 {
                unsafe links[used] = Int32(truncatingIfNeeded: lists.slots)
                used += 1
            }
            let isIdle = unsafe used == start && !isNearWall && walk.speed(Int(cells[slot])) == 0
            unsafe lists.marks[slot] =
                (near.crossesFace ? NeighbourLists.crossesFace : 0) | (isNearWall ? NeighbourLists.isNearWall : 0)
                | (isIdle ? NeighbourLists.isIdle : 0)
        }
        unsafe rows[slots.count] = Int32(truncatingIfNeeded: used)
        return used
    }

    @inline(__always)
    private func acrossFaces(_ slot: Int, _ run: Range<Int>, _ links: UnsafeMutablePointer<Int32>, _ from: Int) -> Int {
        let box = surroundings.box
        let p = unsafe places + 4 * slot
        var used = from
        for other in run where other != slot {
            let q = unsafe places + 4 * other
            let dx = unsafe TissueBox.shortest(p[0] - q[0], box.x, isPeriodic: box.isPeriodicX)
            let dy = unsafe TissueBox.shortest(p[1] - q[1], box.y, isPeriodic: box.isPeriodicY)
            let dz = unsafe TissueBox.shortest(p[2] - q[2], box.z, isPeriodic: box.isPeriodicZ)
            let reach = unsafe crowd.reach[slot] + crowd.reach[other]
            if dx * dx + dy * dy + dz * dz >= reach * reach { continue }
            unsafe links[used] = Int32(truncatingIfNeeded: other)
            used += 1
        }
        return used
    }
}
