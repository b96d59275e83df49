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
    private(set) var columns: LifeColumns
    /// What is held of each cell while a tick goes on; cells that come are added at the end.
    private(set) var ids: [Int]
    private(set) var types: [Int]
    private var versions: [Int32] = []
    private var isGone: [Bool] = []
    /// Of each cell, where it comes from and how much of that it is.
    private var origins: [Int] = []
    private var shares: [Double] = []
    /// Where daughters stand from their mother's place, in units of their own.
    private var apart: [SIMD3<Double>] = []
    /// The cells that hold a cell.
    private var holders: [Int: [Int]] = [:]
    /// Whether a tick has changed which cells there are, or of which types.
    private(set) var hasTurnedOver = false
    private(set) var nextID: Int
    private var events = LifeEvents()
    private let seed: UInt64
    private let isSlab: Bool
    /// Whom each cell that attacks or eats touched at the start of the tick, in compressed rows.
    private var touches = TouchList()
    /// What went into the medium this tick: by cell at its start, molecule and number.
    private(set) var released: [Release] = []
    /// Since the start of the run: how often each thing has happened, by type.
    private(set) var tally: LifeTally

    init(_ model: Model, population: CellPopulation, nextID: Int) {
        plans = model.cellTypes.map { LifePlan(model, $0) }
        columns = LifeColumns(
            slots: plans.map(\.slots.count).max() ?? 0,
            attractants: plans.map { $0.motion?.towards.count ?? 0 }.max() ?? 0)
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
        model.mechanics != nil || model.cellTypes.contains { $0.life != nil }
    }

    /// Whether cells may come, go, divide or change, and not only move.
    static func comeAndGo(_ model: Model) -> Bool {
        model.cellTypes.contains { type in
            guard var life = type.life else { return false }
            life.motion = nil
            return !life.isEmpty
        }
    }

    private func setRates(_ cell: Int) {
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
        default:
            guard let slot = plan.slots.firstIndex(where: { $0.behaviour == behaviour }) else { return }
            columns.rate[cell * columns.slots + slot] = max(0, value)
        }
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
    private func foresee(_ cell: Int, from time: Double, to end: Double) {
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

    private func push(_ time: Double, _ cell: Int, _ kind: LifeEvents.Kind, _ end: Double) {
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

    private func foresee(_ slot: Int, of cell: Int, from time: Double, to end: Double) {
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
    private func count(_ cell: Int, to end: Double) {
        for slot in plans[types[cell]].slots.indices { count(slot, of: cell, to: end) }
    }

    private func count(_ slot: Int, of cell: Int, to end: Double) {
        let at = cell * columns.slots + slot
        if columns.left[at] < 0 { return }
        let gone = rate(slot, of: cell) * max(0, end - counted(slot, of: cell))
        columns.left[at] = max(0, columns.left[at] - gone)
        columns.counted[at] = end
    }

    // MARK: - Chance

    private func uniform(_ cell: Int) -> Double {
        var stream = RandomStream(
            seed: seed, cell: ids[cell], step: Int(columns.draws[cell]), purpose: .life)
        columns.draws[cell] += 1
        return stream.uniform()
    }

    /// Of mean 1.
    private func exponential(_ cell: Int) -> Double { -log(1 - uniform(cell)) }

    private func duration(_ spread: Spread, _ cell: Int) -> Double {
        if spread.variation == 0 { return spread.mean }
        var stream = RandomStream(
            seed: seed, cell: ids[cell], step: Int(columns.draws[cell]), purpose: .life)
        columns.draws[cell] += 1
        return stream.logNormal(mean: spread.mean, variation: spread.variation)
    }

    // MARK: - What happens

    private func happen(_ event: LifeEvents.Event, _ end: Double) {
        let cell = event.cell
        switch event.kind {
        case .slot(let slot): happen(slot: Int(slot), cell, event.time, end)
        case .phaseEnd: endPhase(cell, event.time, end)
        case .hit: hit(cell, event.time, end)
        case .release: letGo(cell, event.time, end)
        case .vanish: vanish(cell, event.time, end)
        }
    }

    private func happen(slot: Int, _ cell: Int, _ time: Double, _ end: Double) {
        let plan = plans[types[cell]]
        columns.left[cell * columns.slots + slot] = -1
        switch plan.slots[slot].act {
        case .commit: plan.phases.isEmpty ? divide(cell, time, end) : enter(0, cell, time, end)
        case .die(let death): die(cell, plan.deaths[death], time, end)
        case .change(let into): change(cell, into: into, time, end)
        case .attach(let attack):
            if let target = touches.choose(cell, slot, uniform(cell)), isThere(target, plan.attacks[attack].target) {
                attach(cell, to: target, attack, time, end)
            } else {
                foresee(slot, of: cell, from: time, to: end)
            }
        case .eat(let prey):
            if let target = touches.choose(cell, slot, uniform(cell)), isThere(target, plan.prey[prey]) {
                tally.eaten[types[target]] += 1
                vanish(target, time, end)
            }
            foresee(slot, of: cell, from: time, to: end)
        }
    }

    private func enter(_ phase: Int, _ cell: Int, _ time: Double, _ end: Double) {
        let phases = plans[types[cell]].phases
        columns.phase[cell] = Int32(phase)
        columns.phaseStart[cell] = time
        columns.phaseEnd[cell] = time + duration(phases[phase].duration, cell)
        push(columns.phaseEnd[cell], cell, .phaseEnd, end)
    }

    private func endPhase(_ cell: Int, _ time: Double, _ end: Double) {
        let next = Int(columns.phase[cell]) + 1
        if next < plans[types[cell]].phases.count {
            enter(next, cell, time, end)
        } else {
            divide(cell, time, end)
        }
    }

    /// The mother is the first daughter; the second is a new cell.
    private func divide(_ cell: Int, _ time: Double, _ end: Double) {
        tally.divisions[types[cell]] += 1
        hasTurnedOver = true
        // What a mother holds, her first daughter holds; her slots start anew.
        let daughter = ids.count
        let direction = direction(cell)
        ids.append(nextID)
        nextID += 1
        types.append(types[cell])
        versions.append(0)
        isGone.append(false)
        origins.append(origins[cell])
        shares[cell] *= 0.5
        shares.append(shares[cell])
        apart.append(apart[cell] + direction)
        apart[cell] -= direction
        columns.append(born: time)
        versions[cell] += 1
        for one in [cell, daughter] {
            columns.born[one] = time
            columns.since[one] = time
            columns.isDaughter[one] = true
            columns.phase[one] = -1
            columns.phaseStart[one] = time
            columns.phaseEnd[one] = .infinity
            for slot in 0..<columns.slots {
                columns.rate[one * columns.slots + slot] = columns.rate[cell * columns.slots + slot]
                columns.left[one * columns.slots + slot] = -1
            }
        }
        columns.damage[daughter] = columns.damage[cell]
        columns.damageTime[daughter] = columns.damageTime[cell]
        columns.repair[daughter] = columns.repair[cell]
        foresee(cell, from: time, to: end)
        foresee(daughter, from: time, to: end)
    }

    /// Any direction, in the plane of a slab.
    private func direction(_ cell: Int) -> SIMD3<Double> {
        let (u, angle) = (2 * uniform(cell) - 1, 2 * Double.pi * uniform(cell))
        if isSlab { return SIMD3(cos(angle), sin(angle), 0) }
        let across = (1 - u * u).squareRoot()
        return SIMD3(across * cos(angle), across * sin(angle), u)
    }

    private func die(_ cell: Int, _ end: LifePlan.End, _ time: Double, _ last: Double) {
        tally.deaths[types[cell]] += 1
        for release in end.releases {
            released.append(
                Release(cell: origins[cell], type: types[cell], molecule: release.molecule, amount: release.amount))
        }
        if let body = end.body { turn(cell, into: body, time, last) } else { vanish(cell, time, last) }
    }

    private func change(_ cell: Int, into type: Int, _ time: Double, _ end: Double) {
        tally.changes[types[cell]] += 1
        turn(cell, into: type, time, end)
    }

    private func turn(_ cell: Int, into type: Int, _ time: Double, _ end: Double) {
        hasTurnedOver = true
        leave(cell)
        types[cell] = type
        versions[cell] += 1
        columns.since[cell] = time
        columns.isDaughter[cell] = false
        columns.phase[cell] = -1
        columns.phaseStart[cell] = time
        columns.phaseEnd[cell] = .infinity
        setRates(cell)
        foresee(cell, from: time, to: end)
        freeHolders(of: cell, time, end)
    }

    private func vanish(_ cell: Int, _ time: Double, _ end: Double) {
        isGone[cell] = true
        hasTurnedOver = true
        leave(cell)
        freeHolders(of: cell, time, end)
    }

    private func isThere(_ cell: Int, _ type: Int) -> Bool { !isGone[cell] && types[cell] == type }

    /// A cell that will not be held as what it was: those that hold it let go.
    private func freeHolders(of cell: Int, _ time: Double, _ end: Double) {
        for holder in holders.removeValue(forKey: cell) ?? [] where !isGone[holder] { letGo(holder, time, end) }
    }

    /// A cell holds no longer.
    private func leave(_ cell: Int) {
        let target = Int(columns.held[cell])
        if target >= 0 { holders[target]?.removeAll { $0 == cell } }
        columns.held[cell] = -1
        columns.hitTime[cell] = .infinity
        columns.releaseTime[cell] = .infinity
    }

    // MARK: - Attacks

    private func attach(_ cell: Int, to target: Int, _ attack: Int, _ time: Double, _ end: Double) {
        let plan = plans[types[cell]].attacks[attack]
        // While it holds one, it neither attaches nor eats: what has gone by counts up to now.
        count(cell, to: time)
        holders[target, default: []].append(cell)
        columns.held[cell] = Int32(target)
        columns.attack[cell] = Int32(attack)
        columns.releaseTime[cell] = plan.lasts.isFinite ? time + plan.lasts * exponential(cell) : .infinity
        columns.hitTime[cell] = plan.every > 0 ? time + plan.every * exponential(cell) : time
        versions[cell] += 1
        foresee(cell, from: time, to: end)
    }

    private func hit(_ cell: Int, _ time: Double, _ end: Double) {
        let target = Int(columns.held[cell])
        let attack = plans[types[cell]].attacks[Int(columns.attack[cell])]
        columns.damage[target] = columns.damage(of: target, at: time) + 1
        columns.damageTime[target] = time
        columns.repair[target] = attack.repair
        tally.hits[types[target]] += 1
        if columns.damage[target].rounded() >= attack.hits {
            tally.kills[types[cell]] += 1
            return die(target, plans[types[target]].killed, time, end)
        }
        // One that hits as it attaches lets go at once, and may attach again.
        if attack.every == 0 { return letGo(cell, time, end) }
        columns.hitTime[cell] = time + attack.every * exponential(cell)
        push(columns.hitTime[cell], cell, .hit, end)
    }

    private func letGo(_ cell: Int, _ time: Double, _ end: Double) {
        count(cell, to: time)
        leave(cell)
        versions[cell] += 1
        foresee(cell, from: time, to: end)
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

    init(types: Int) {
        let none = Array(repeating: 0, count: types)
        (divisions, deaths, changes, eaten, hits, kills) = (none, none, none, none, none, none)
    }
}
