import Biology
import CLanes
import Simulation

/// Overdamped mechanics of spheres: contacts are followed by stabilised explicit steps.
///
/// A step's length is bounded by accuracy, by stability and by how far the fastest cell would get; lists of neighbours
/// serve until a cell has gone further than its margin.
@safe final class ContactMechanics {
    private let law: Mechanics
    private let surroundings: Surroundings
    private let listing: NeighbourListing
    private let grid: NeighbourGrid
    private let team: ThreadTeam
    private let typeCount: Int
    /// 1/s: [type][type]; empty where no cells adhere.
    private let strengths = Column<Double>()
    /// By cell and type, 1/s: how strongly cells hold on where rules say so; and √ of it, by slot and type.
    private var adhesion: [Double] = []
    private let roots = Column<Double>()
    /// By slot.
    private let types = Column<Int32>()
    /// Four numbers a slot: places at the start of the step and at two stages, how cells walk, and how they move at first.
    private let first = Column<Double>()
    private var last = Column<Double>()
    private var older = Column<Double>()
    private let drift = Column<Double>()
    private let slope = Column<Double>()
    /// By slot, as the last `meet` found it, in own radii.
    private let pressure = Column<Double>()
    /// Room for what contacts do: four numbers a slot, and eight.
    private let velocities = Column<Double>()
    private let rates = Column<Double>()
    private let kernels: MotionKernels
    private let extremes = Column<ContactExtremes>()
    private let farthest = Column<Double>()

    /// Contacts may be made, and turn, as cells move.
    ///
    /// Chosen: a tenth of the rate leaves room for them.
    private static let room = 1.1
    /// Of a cell's radius: where contacts move no cell further in a step, how exactly they do is of no account.
    ///
    /// Chosen: then no step is wrong by a hundredth of the radius. Cells that move by s overlap by s / (stiffness · h), of
    /// which three stages leave 0.39 where stiffness · h is 0.6, and exactly 0.30 would be left; longer steps are of less.
    private static let negligible = 0.05
    /// Stiffness times the time that cells walk within their margins.
    ///
    /// Chosen: as long as the longest steps that are close enough.
    private static let foresight = 0.6
    /// Chosen: no cell is moved by more than half its radius in a step.
    private static let farthestOfRadius = 0.5

    init(
        _ law: Mechanics, typeNames: [String], box: TissueBox, obstacles: StandingObstacles, kernels: MotionKernels,
        team: ThreadTeam
    ) {
        self.law = law
        self.kernels = kernels
        self.team = team
        surroundings = Surroundings(box: box, obstacles: obstacles, stiffness: law.stiffness.value)
        grid = NeighbourGrid(box, team: team)
        listing = NeighbourListing(grid, kernels: kernels, team: team)
        typeCount = typeNames.count
        if law.adhesions.isEmpty { return }
        for strength in law.adhesions(among: typeNames) { strengths.append(strength) }
    }

    // MARK: - Steps

    /// Moves cells for a time, s, in so many equal steps, each cut into shorter ones where contacts ask for it.
    ///
    /// Lists are made at the start and again when a cell is about to leave its margin.
    func advance(_ bodies: CellBodies, _ walk: PersistentWalk, by time: Double, steps: Int, adhesion: [Double]) {
        if bodies.count == 0 { return }
        self.adhesion = adhesion
        let whole = time / Double(steps)
        let horizon = min(whole, Self.foresight / law.stiffness.value)
        expectNothing(bodies.count)
        var lists = list(bodies, walk, horizon: horizon)
        var (isStale, isNew) = (false, true)
        var most = ContactExtremes()
        for number in 1...steps {
            var left = whole
            while left > 0 {
                if isStale {
                    hand(back: bodies)
                    expectPushes(bodies, for: left + Double(steps - number) * whole)
                    lists = list(bodies, walk, horizon: horizon)
                }
                // Rates hold as long as lists do; pressures are looked at after the last step.
                if isNew || isStale || number == steps { most = meet(lists) } else { most.speed = push(lists) }
                isNew = false
                let way = StabilisedSteps.cheapest(
                    product: Self.room * left * most.rate,
                    turnover: left * most.speed > Self.negligible ? left * law.stiffness.value : 0,
                    fewest: left * most.speed / Self.farthestOfRadius)
                let step = left / way.steps
                drive(lists, walk, during: step)
                isStale = take(lists, bodies, step: step, way.scheme)
                left = way.steps > 1 ? left - step : 0
            }
        }
        hand(back: bodies)
    }

    func relax(
        _ bodies: CellBodies, _ walk: PersistentWalk, until tolerance: Double, sweeps: Int
    ) -> (overlap: Double, sweeps: Int) {
        if bodies.count == 0 { return (0, 0) }
        adhesion = []
        expectNothing(bodies.count)
        var sweep = 0
        while true {
            let lists = list(bodies, walk, horizon: 0)
            var isStale = false
            while !isStale {
                let most = meet(lists)
                if most.overlap <= tolerance || sweep == sweeps {
                    hand(back: bodies)
                    return (most.overlap, sweep)
                }
                let rate = Self.room * max(most.rate, 1e-300)
                let step = min(StabilisedSteps.strongest.bound / rate, Self.farthestOfRadius / max(most.speed, 1e-300))
                let way = StabilisedSteps.cheapest(product: step * rate * (1 - 1e-12), turnover: 0, fewest: 1)
                isStale = take(lists, bodies, step: step, way.scheme)
                sweep += 1
            }
            hand(back: bodies)
        }
    }

    // MARK: - Parts of a step

    private func list(_ bodies: CellBodies, _ walk: PersistentWalk, horizon: Double) -> NeighbourLists {
        let factor = strengths.count > 0 ? max(1, law.reach) : 1
        let lists = listing.build(bodies, walk, surroundings, factor: factor, horizon: horizon)
        makeRoom(bodies.count)
        let count = bodies.count
        let (to, from, type) = unsafe (first.pointer, grid.places.pointer, types.pointer)
        let (cell, typeOfCell) = unsafe (grid.cells.pointer, bodies.types.pointer)
        team.run(chunks: NeighbourGrid.chunks(count)) { chunk in
            for slot in NeighbourGrid.chunk(chunk, of: count) {
                for k in 4 * slot..<4 * slot + 4 { unsafe to[k] = from[k] }
                unsafe type[slot] = typeOfCell[Int(cell[slot])]
            }
        }
        findRoots(count)
        return lists
    }

    private func expectNothing(_ count: Int) {
        listing.pushed.resize(count, filling: 0)
        unsafe listing.pushed.pointer.update(repeating: 0, count: count)
    }

    /// Lets the next lists serve for a time, s, where cells go on as they went in the last step.
    private func expectPushes(_ bodies: CellBodies, for time: Double) {
        let (push, cells, slope) = unsafe (listing.pushed.pointer, grid.cells.pointer, slope.pointer)
        let count = bodies.count
        team.run(chunks: NeighbourGrid.chunks(count)) { chunk in
            for slot in NeighbourGrid.chunk(chunk, of: count) {
                let v = unsafe slope + 4 * slot
                let speed = unsafe (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).squareRoot()
                unsafe push[Int(cells[slot])] = time * speed
            }
        }
    }

    /// What each slot brings to the adhesion of a pair; nobody's brings nothing.
    private func findRoots(_ count: Int) {
        if adhesion.isEmpty { return }
        roots.resize((count + 1) * typeCount, filling: 0)
        let (root, cell, width) = unsafe (roots.pointer, grid.cells.pointer, typeCount)
        team.run(chunks: NeighbourGrid.chunks(count)) { chunk in
            for slot in NeighbourGrid.chunk(chunk, of: count) {
                let own = unsafe Int(cell[slot]) * width
                for k in 0..<width { unsafe root[slot * width + k] = adhesion[own + k].squareRoot() }
            }
        }
        for k in 0..<width { unsafe root[count * width + k] = 0 }
    }

    /// Columns for so many cells; one slot more is nobody's, beyond all of them, and another fills up its lanes.
    private func makeRoom(_ count: Int) {
        for column in [first, last, older, drift, slope, velocities] {
            column.resize(4 * (count + 2), filling: 0)
        }
        rates.resize(8 * count, filling: 0)
        pressure.resize(count, filling: 0)
        types.resize(count + 1, filling: 0)
        types[count] = 0
        unsafe drift.pointer.update(repeating: 0, count: drift.count)
        for column in [slope, velocities] { unsafe (column.pointer + 4 * count).update(repeating: 0, count: 8) }
        for column in [first, last, older] {
            for k in 4 * count..<4 * count + 3 { column[k] = Self.nowhere }
            column[4 * count + 3] = 0
        }
        extremes.resize(NeighbourGrid.chunks(count), filling: ContactExtremes())
        farthest.resize(NeighbourGrid.chunks(count), filling: 0)
    }

    /// Where nobody is, µm.
    ///
    /// Chosen: beyond any box, and its square is far from what a double holds.
    private static let nowhere = 1e15

    /// What contacts do at the start of a step.
    private func meet(_ lists: NeighbourLists) -> ContactExtremes {
        let most = unsafe extremes.pointer
        let forces = forces(lists)
        team.run(chunks: extremes.count) { unsafe most[$0] = forces.meet($0) }
        var joined = ContactExtremes()
        for chunk in 0..<extremes.count { unsafe joined.join(most[chunk]) }
        return joined
    }

    /// The same of velocities only; the largest over a radius, 1/s.
    private func push(_ lists: NeighbourLists) -> Double {
        let most = unsafe extremes.pointer
        let forces = forces(lists)
        team.run(chunks: extremes.count) { unsafe most[$0].speed = forces.push($0) }
        var fastest = 0.0
        for chunk in 0..<extremes.count { fastest = max(fastest, extremes[chunk].speed) }
        return fastest
    }

    private func forces(_ lists: NeighbourLists) -> ContactForces {
        let box = surroundings.box
        var pairs = unsafe cl_contacts()
        unsafe pairs.marks = UnsafePointer(lists.marks)
        unsafe pairs.spanX = box.isPeriodicX ? box.x : 0
        unsafe pairs.spanY = box.isPeriodicY ? box.y : 0
        unsafe pairs.spanZ = box.isPeriodicZ ? box.z : 0
        unsafe pairs.stiffness = law.stiffness.value
        unsafe pairs.least = 1 / law.reach
        if strengths.count > 0 { unsafe pairs.strengths = UnsafePointer(strengths.pointer) }
        if !adhesion.isEmpty { unsafe pairs.roots = UnsafePointer(roots.pointer) }
        unsafe pairs.types = UnsafePointer(types.pointer)
        unsafe pairs.typeCount = typeCount
        unsafe pairs.isSlab = box.isSlab ? 1 : 0
        return unsafe ContactForces(
            kernels: kernels, lists: lists, pairs: pairs, surroundings: surroundings, first: first.pointer,
            drift: drift.pointer, slope: slope.pointer, pressure: pressure.pointer, velocities: velocities.pointer,
            rates: rates.pointer)
    }

    /// Lets cells walk for a step: their mean velocity in it, into `drift` and `slope`.
    private func drive(_ lists: NeighbourLists, _ walk: PersistentWalk, during step: Double) {
        let (drift, slope, cell) = unsafe (drift.pointer, slope.pointer, grid.cells.pointer)
        team.run(chunks: extremes.count) { chunk in
            for slot in NeighbourGrid.chunk(chunk, of: lists.slots) {
                let walker = unsafe Int(cell[slot])
                if walk.speed(walker) == 0 { continue }
                let way = walk.walk(walker, during: step)
                let v = (way.x / step, way.y / step, way.z / step)
                unsafe (drift[4 * slot], drift[4 * slot + 1], drift[4 * slot + 2]) = v
                unsafe slope[4 * slot] += v.0
                unsafe slope[4 * slot + 1] += v.1
                unsafe slope[4 * slot + 2] += v.2
            }
        }
    }

    /// Takes the step and confines the cells.
    ///
    /// - Returns: Whether another step like this could take a cell out of its margin.
    private func take(
        _ lists: NeighbourLists, _ bodies: CellBodies, step: Double, _ scheme: StabilisedSteps
    ) -> Bool {
        let stages = scheme.stages
        let chunks = extremes.count
        let forces = forces(lists)
        let (start, to) = unsafe (UnsafePointer(first.pointer), last.pointer)
        team.run(chunks: chunks) { unsafe forces.firstStage(stages[0], step: step, into: to, $0) }
        for (j, stage) in stages.enumerated().dropFirst() {
            let (newest, to) = unsafe (UnsafePointer(last.pointer), older.pointer)
            // Before the first stage there is the start.
            let before = unsafe j == 1 ? start : UnsafePointer(to)
            team.run(chunks: chunks) {
                unsafe forces.stage(stage, step: step, last: newest, before: before, into: to, $0)
            }
            swap(&older, &last)
        }
        return finish(lists, bodies)
    }

    /// Confines cells that have moved from `first` to `last`, and lets the next step start from there.
    private func finish(_ lists: NeighbourLists, _ bodies: CellBodies) -> Bool {
        let confinement = Confinement(bodies, box: surroundings.box, obstacles: surroundings.obstacles)
        let (from, to, cells) = unsafe (first.pointer, last.pointer, grid.cells.pointer)
        let (listed, margin, most) = unsafe (grid.places.pointer, listing.margins.pointer, farthest.pointer)
        let isSlab = surroundings.box.isSlab
        team.run(chunks: extremes.count) { chunk in
            var used = 0.0
            for slot in NeighbourGrid.chunk(chunk, of: lists.slots) where !lists.isIdle(slot) {
                let (p, q, origin) = unsafe (from + 4 * slot, to + 4 * slot, listed + 4 * slot)
                let cell = unsafe Int(cells[slot])
                let start = unsafe (x: p[0], y: p[1], z: p[2])
                let way = unsafe (x: q[0] - p[0], y: q[1] - p[1], z: isSlab ? 0 : q[2] - p[2])
                let end = confinement.place(cell, from: start, by: way)
                if lists.isNearWall(slot) {
                    unsafe confinement.turnAway(cell, at: end, radius: p[3])
                }
                unsafe (p[0], p[1], p[2]) = end
                let next = unsafe (
                    end.x + way.x - origin[0], end.y + way.y - origin[1], end.z + way.z - origin[2]
                )
                let square = next.0 * next.0 + next.1 * next.1 + next.2 * next.2
                used = unsafe max(used, square / (margin[slot] * margin[slot]))
            }
            unsafe most[chunk] = used
        }
        var used = 0.0
        for chunk in 0..<extremes.count { used = unsafe max(used, most[chunk]) }
        return used >= 1
    }

    /// Places and pressures, from slots to cells.
    private func hand(back bodies: CellBodies) {
        let confinement = Confinement(bodies, box: surroundings.box, obstacles: surroundings.obstacles)
        let (place, met, cells) = unsafe (first.pointer, pressure.pointer, grid.cells.pointer)
        let (x, y, z, pressure) = unsafe (bodies.x.pointer, bodies.y.pointer, bodies.z.pointer, bodies.pressure.pointer)
        let count = bodies.count
        team.run(chunks: NeighbourGrid.chunks(count)) { chunk in
            for slot in NeighbourGrid.chunk(chunk, of: count) {
                let cell = unsafe Int(cells[slot])
                let at = unsafe (x: place[4 * slot], y: place[4 * slot + 1], z: place[4 * slot + 2])
                unsafe (x[cell], y[cell], z[cell]) = confinement.joined(at)
                unsafe pressure[cell] = met[slot]
            }
        }
    }
}
