import Biology
import Simulation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Cells that divide, die, change, and act on those they touch.
///
/// A cell draws how much of a rate has to add up before it acts, in mean times, so that when it acts follows from the rate
/// and not from the step. Within a tick rates, and who touches whom, are those at its start; what happens follows the order
/// of time, and takes effect at once for what comes later. Random numbers are keyed by the cell and how many it has drawn.
@safe final class LivingCells {
    let plans: [LifePlan]
    var columns: LifeColumns
    /// What is held of each cell while a tick goes on; cells that come are added at the end.
    var ids: [Int]
    var types: [Int]
    var versions: [Int32] = []
    var isGone: [Bool] = []
    /// Of each cell, where it comes from and how much of that it is.
    var origins: [Int] = []
    var shares: [Double] = []
    /// Where daughters stand from their mother's place, in units of their own.
    var apart: [SIMD3<Double>] = []
    /// The cells that hold a cell.
    var holders: [Int: [Int]] = [:]
    /// Whether a tick has changed which cells there are, or of which types.
    var hasTurnedOver = false
    var nextID: Int
    private var events = LifeEvents()
    private let seed: UInt64
    let isSlab: Bool
    /// Whom each cell that attacks or eats touched at the start of the tick, in compressed rows.
    var touches = TouchList()
    /// What went into the medium this tick: by cell at its start, molecule and number.
    var released: [Release] = []
    /// By type and type, what is stated of the pair, 1/s.
    let adhesions: [Double]
    private let typeNames: [String]
    /// Since the start of the run: how often each thing has happened, by type.
    var tally: LifeTally

    init(_ model: Model, population: CellPopulation, nextID: Int) {
        plans = model.cellTypes.map { LifePlan(model, $0) }
        columns = LifeColumns(
            slots: plans.map(\.slots.count).max() ?? 0,
            attractants: plans.map { $0.motion?.towards.count ?? 0 }.max() ?? 0,
            partners: model.hasRulesOnAdhesion ? model.cellTypes.count : 0)
        adhesions = LivingCells.adhesions(model)
        typeNames = model.cellTypes.map(\.name)
        ids = population.ids
        types = population.types
        self.nextID = nextID
        seed = model.run.seed
        isSlab = model.space.voxels[2] == 1
        tally = LifeTally(types: model.cellTypes.count)
        for cell in ids.indices {
            columns.append(born: 0)
            setRates(cell)
        }
    }

    static func isNeeded(_ model: Model) -> Bool {
        model.mechanics != nil || model.cellTypes.contains { $0.life != nil } || model.receivesCells
    }

    /// Whether cells may come, go, divide or change, and not only move.
    static func comeAndGo(_ model: Model) -> Bool {
        if model.receivesCells { return true }
        return model.cellTypes.contains { type in
            guard var life = type.life else { return false }
            life.motion = nil
            return !life.isEmpty
        }
    }

    /// By type and type, what mechanics states of the pair, 1/s.
    static func adhesions(_ model: Model) -> [Double] {
        (model.mechanics ?? Mechanics()).adhesions(among: model.cellTypes.map(\.name))
    }

    func setRates(_ cell: Int) {
        let slots = plans[types[cell]].slots
        for s in 0..<columns.slots {
            columns.rate[cell * columns.slots + s] = s < slots.count ? slots[s].rate : 0
            columns.left[cell * columns.slots + s] = -1
        }
        let motion = plans[types[cell]].motion
        columns.speed[cell] = motion?.speed.value ?? 0
        columns.persistence[cell] = motion?.persistence.value ?? 1
        for k in 0..<columns.attractants {
            let towards = motion?.towards ?? []
            columns.sensitivity[cell * columns.attractants + k] = k < towards.count ? towards[k].sensitivity : 0
        }
        for k in 0..<columns.partners {
            columns.adhesion[cell * columns.partners + k] = adhesions[types[cell] * columns.partners + k]
        }
    }

    /// A rule gives one behaviour of a cell a value, in its coherent unit.
    func set(_ behaviour: Behaviour, of cell: Int, to value: Double) {
        let plan = plans[types[cell]]
        switch behaviour {
        case .speed: columns.speed[cell] = max(0, value)
        case .persistence: columns.persistence[cell] = max(1e-9, value)
        case .attraction(let receptor):
            guard let k = plan.motion?.towards.firstIndex(where: { $0.receptor == receptor }) else { return }
            columns.sensitivity[cell * columns.attractants + k] = value
        case .adhesion(let name):
            guard let k = typeNames.firstIndex(of: name) else { return }
            columns.adhesion[cell * columns.partners + k] = max(0, value)
        default:
            guard let slot = plan.slots.firstIndex(where: { $0.behaviour == behaviour }) else { return }
            columns.rate[cell * columns.slots + slot] = max(0, value)
        }
    }

    /// Between two ticks.
    func keep(in archive: StateArchive, _ population: CellPopulation) throws(StateProblem) {
        try columns.keep(in: archive)
        guard columns.count == population.count else { throw StateProblem("life", "is of other cells") }
        (ids, types) = (population.ids, population.types)
        try archive.keep("life.next id", &nextID)
        try tally.keep(in: archive)
    }

    func isHolding(_ cell: Int) -> Bool { columns.held[cell] >= 0 }

    // MARK: - A tick

    /// Lets everything happen that falls into (start, end]; `false` where there would be more cells than `capacity`.
    ///
    /// `touches`: Whom the cells that need touch touched at `start`.
    func live(from start: Double, to end: Double, touches: TouchList, capacity: Int) -> Bool {
        self.touches = touches
        let count = ids.count
        versions = Array(repeating: 0, count: count)
        isGone = Array(repeating: false, count: count)
        origins = Array(0..<count)
        shares = Array(repeating: 1, count: count)
        apart = Array(repeating: SIMD3(), count: count)
        released = []
        hasTurnedOver = false
        holders = [:]
        for cell in 0..<count where columns.held[cell] >= 0 {
            holders[Int(columns.held[cell]), default: []].append(cell)
        }
        for cell in 0..<count { foresee(cell, from: start, to: end) }
        while let event = events.pop() {
            if isGone[event.cell] || versions[event.cell] != event.version { continue }
            happen(event, end)
            if ids.count > capacity { return false }
        }
        for cell in ids.indices where !isGone[cell] { self.count(cell, to: end) }
        return true
    }

    /// Everything about a cell from a time on.
    func foresee(_ cell: Int, from time: Double, to end: Double) {
        let plan = plans[types[cell]]
        for slot in plan.slots.indices { foresee(slot, of: cell, from: time, to: end) }
        push(columns.phaseEnd[cell], cell, .phaseEnd, end)
        push(columns.since[cell] + plan.vanishes, cell, .vanish, end)
        if columns.held[cell] >= 0 { foreseeHold(cell, end) }
    }

    private func foreseeHold(_ cell: Int, _ end: Double) {
        push(columns.hitTime[cell], cell, .hit, end)
        push(columns.releaseTime[cell], cell, .release, end)
    }

    func push(_ time: Double, _ cell: Int, _ kind: LifeEvents.Kind, _ end: Double) {
        guard time <= end else { return }
        events.push(.init(time: time, id: ids[cell], cell: cell, kind: kind, version: versions[cell]))
    }

    /// The rate of a slot as it counts now, 1/s: nothing for a cell that is busy, and all of whom it touches together.
    private func rate(_ slot: Int, of cell: Int) -> Double {
        let rate = columns.rate[cell * columns.slots + slot]
        switch plans[types[cell]].slots[slot].act {
        case .commit: return columns.phase[cell] < 0 ? rate : 0
        case .die, .change: return rate
        case .attach: return columns.held[cell] < 0 ? rate * touches.weight(cell, slot) : 0
        case .eat: return columns.held[cell] < 0 ? rate * touches.weight(cell, slot) : 0
        }
    }

    /// From when on a slot counts, s.
    private func counted(_ slot: Int, of cell: Int) -> Double {
        max(
            columns.counted[cell * columns.slots + slot],
            columns.since[cell] + plans[types[cell]].slots[slot].refractory)
    }

    func foresee(_ slot: Int, of cell: Int, from time: Double, to end: Double) {
        let at = cell * columns.slots + slot
        if columns.left[at] < 0 {
            columns.left[at] = exponential(cell)
            columns.counted[at] = time
        }
        let rate = rate(slot, of: cell)
        guard rate > 0 else { return }
        push(counted(slot, of: cell) + columns.left[at] / rate, cell, .slot(Int32(slot)), end)
    }

    /// Takes what has gone by since it was counted last off everything that has not happened.
    func count(_ cell: Int, to end: Double) {
        for slot in plans[types[cell]].slots.indices { count(slot, of: cell, to: end) }
    }

    func count(_ slot: Int, of cell: Int, to end: Double) {
        let at = cell * columns.slots + slot
        if columns.left[at] < 0 { return }
        let gone = rate(slot, of: cell) * max(0, end - counted(slot, of: cell))
        columns.left[at] = max(0, columns.left[at] - gone)
        columns.counted[at] = end
    }

    // MARK: - Chance

    func uniform(_ cell: Int) -> Double {
        var stream = RandomStream(
            seed: seed, cell: ids[cell], step: Int(columns.draws[cell]), purpose: .life)
        columns.draws[cell] += 1
        return stream.uniform()
    }

    /// Of mean 1.
    func exponential(_ cell: Int) -> Double { -log(1 - uniform(cell)) }

    func duration(_ spread: Spread, _ cell: Int) -> Double {
        if spread.variation == 0 { return spread.mean }
        var stream = RandomStream(
            seed: seed, cell: ids[cell], step: Int(columns.draws[cell]), purpose: .life)
        columns.draws[cell] += 1
        return stream.logNormal(mean: spread.mean, variation: spread.variation)
    }

    // MARK: - After a tick

    /// Adds cells that come from outside; each has its own id.
    func welcome(_ newcomers: [PlacedCell], at time: Double) {
        for (k, cell) in newcomers.enumerated() {
            hasTurnedOver = true
            ids.append(cell.id)
            types.append(cell.typeIndex)
            versions.append(0)
            isGone.append(false)
            origins.append(-1 - k)
            shares.append(1)
            apart.append(SIMD3())
            columns.append(born: time)
            setRates(ids.count - 1)
        }
    }

    /// Ids below this are taken, by cells of other tissues.
    func reserveIDs(below id: Int) { nextID = max(nextID, id) }

    /// A new id, never given before.
    func newID() -> Int {
        defer { nextID += 1 }
        return nextID
    }

    /// The cells that are left after a tick, in their new spatial order; columns here follow.
    ///
    /// `positions`: Where the cells that were there at its start stand now, µm.
    func turnOver(
        positions: [SIMD3<Double>], newcomers: [PlacedCell], at time: Double, grid: VoxelGrid, box: TissueBox
    ) -> CellTurnover {
        var turnover = CellTurnover(seed: seed, newcomers: newcomers)
        for cell in ids.indices where !isGone[cell] {
            let from = origins[cell]
            var position = from >= 0 ? positions[from] : turnover.newcomer(-1 - from).position
            // Half a radius each way: their spheres, of half the volume, overlap by a third and part smoothly.
            position += 0.5 * plans[types[cell]].radius * apart[cell]
            turnover.append(
                id: ids[cell], type: types[cell], position: box.confined(position), radius: radius(cell, at: time),
                origin: from,
                share: shares[cell], source: cell)
        }
        turnover.sort(grid)
        var places = Array(repeating: Int32(-1), count: ids.count)
        for (k, source) in turnover.sources.enumerated() { places[Int(source)] = Int32(k) }
        columns.rearrange(turnover.sources, places: places)
        ids = turnover.ids
        types = turnover.types
        return turnover
    }

    /// A daughter grows from half the volume to all of it, steadily.
    func radius(_ cell: Int, at time: Double) -> Double {
        let plan = plans[types[cell]]
        guard columns.isDaughter[cell], let growth = plan.growth else { return plan.radius }
        let share = growth > 0 ? min(1, (time - columns.born[cell]) / growth) : 1
        return plan.radius * cbrt(0.5 + 0.5 * share)
    }
}

/// What a dying cell lets go.
struct Release {
    /// At the start of the tick.
    let cell: Int
    /// As which it died.
    let type: Int
    let molecule: Int
    let amount: Double
}

/// How often things have happened since the start of a run, by type of the cell they happened to; kills by the killer's.
struct LifeTally {
    var divisions: [Int]
    var deaths: [Int]
    var changes: [Int]
    var eaten: [Int]
    var hits: [Int]
    var kills: [Int]

    mutating func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("tally.divisions", &divisions)
        try archive.keep("tally.deaths", &deaths)
        try archive.keep("tally.changes", &changes)
        try archive.keep("tally.eaten", &eaten)
        try archive.keep("tally.hits", &hits)
        try archive.keep("tally.kills", &kills)
    }

    init(types: Int) {
        let none = Array(repeating: 0, count: types)
        (divisions, deaths, changes, eaten, hits, kills) = (none, none, none, none, none, none)
    }
}

extension Model {
    fileprivate var hasRulesOnAdhesion: Bool {
        rules.contains { rule in if case .adhesion = rule.behaviour { true } else { false } }
    }
}
