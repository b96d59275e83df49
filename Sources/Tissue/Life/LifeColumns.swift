import Simulation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What every cell carries of its life, one entry a cell.
struct LifeColumns {
    /// s since the start of the run; of cells that were placed, 0.
    var born: [Double] = []
    /// Since when it is of its type, s.
    var since: [Double] = []
    /// Whether it came from a division, and so grows.
    var isDaughter: [Bool] = []
    /// The phase it is in, counted from 0; −1 between divisions.
    var phase: [Int32] = []
    var phaseStart: [Double] = []
    /// Infinite between divisions, s.
    var phaseEnd: [Double] = []
    /// Hits at `damageTime`, and how fast they are repaired, 1/s.
    var damage: [Double] = []
    var damageTime: [Double] = []
    var repair: [Double] = []
    /// The cell that it holds, −1 for none, by which of its attacks.
    var held: [Int32] = []
    var attack: [Int32] = []
    /// When it hits what it holds next, and when it lets go, s.
    var hitTime: [Double] = []
    var releaseTime: [Double] = []
    /// Draws taken so far: the next one is keyed by it.
    var draws: [UInt32] = []
    /// By cell and slot: rate now, 1/s (for what needs touch, for each cell touched); what is left until it happens,
    /// in mean times; up to when that was counted, s.
    var rate: [Double] = []
    var left: [Double] = []
    var counted: [Double] = []
    /// µm/s, s; and by cell and attractant, sensitivity, 1/receptor: as rules have set them.
    var speed: [Double] = []
    var persistence: [Double] = []
    var sensitivity: [Double] = []
    /// By cell and type, how strongly it holds on to cells of that type, 1/s; empty where no rule changes it.
    var adhesion: [Double] = []
    let slots: Int
    let attractants: Int
    let partners: Int

    init(slots: Int, attractants: Int, partners: Int) {
        self.slots = slots
        self.attractants = attractants
        self.partners = partners
    }

    var count: Int { born.count }

    /// A new cell, or one of a new type.
    mutating func append(born time: Double) {
        born.append(time)
        since.append(time)
        isDaughter.append(false)
        phase.append(-1)
        phaseStart.append(time)
        phaseEnd.append(.infinity)
        damage.append(0)
        damageTime.append(time)
        repair.append(0)
        held.append(-1)
        attack.append(0)
        hitTime.append(.infinity)
        releaseTime.append(.infinity)
        draws.append(0)
        speed.append(0)
        persistence.append(1)
        for _ in 0..<attractants { sensitivity.append(0) }
        for _ in 0..<partners { adhesion.append(0) }
        for _ in 0..<slots {
            rate.append(0)
            left.append(-1)
            counted.append(time)
        }
    }

    /// Cell k becomes what cell `origins[k]` was; cells that are held are found again by `places`, −1 where they are gone.
    mutating func rearrange(_ origins: [Int32], places: [Int32]) {
        func gather<Value>(_ column: inout [Value]) { column = origins.map { column[Int($0)] } }
        gather(&born)
        gather(&since)
        gather(&isDaughter)
        gather(&phase)
        gather(&phaseStart)
        gather(&phaseEnd)
        gather(&damage)
        gather(&damageTime)
        gather(&repair)
        gather(&held)
        gather(&attack)
        gather(&hitTime)
        gather(&releaseTime)
        gather(&draws)
        gather(&speed)
        gather(&persistence)
        func gather(_ column: inout [Double], by width: Int) {
            column = unsafe [Double](unsafeUninitializedCapacity: origins.count * width) { room, filled in
                for origin in origins {
                    for k in 0..<width { unsafe room[filled + k] = column[Int(origin) * width + k] }
                    filled += width
                }
            }
        }
        gather(&rate, by: slots)
        gather(&left, by: slots)
        gather(&counted, by: slots)
        gather(&sensitivity, by: attractants)
        gather(&adhesion, by: partners)
        for cell in held.indices where held[cell] >= 0 { held[cell] = places[Int(held[cell])] }
    }

    mutating func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("life.born", &born)
        try archive.keep("life.since", &since)
        try archive.keep("life.daughters", &isDaughter)
        try archive.keep("life.phase", &phase)
        try archive.keep("life.phase start", &phaseStart)
        try archive.keep("life.phase end", &phaseEnd)
        try archive.keep("life.damage", &damage)
        try archive.keep("life.damage time", &damageTime)
        try archive.keep("life.repair", &repair)
        try archive.keep("life.held", &held)
        try archive.keep("life.attack", &attack)
        try archive.keep("life.hit time", &hitTime)
        try archive.keep("life.release time", &releaseTime)
        try archive.keep("life.draws", &draws)
        try archive.keep("life.rate", &rate)
        try archive.keep("life.left", &left)
        try archive.keep("life.counted", &counted)
        try archive.keep("life.speed", &speed)
        try archive.keep("life.persistence", &persistence)
        try archive.keep("life.sensitivity", &sensitivity)
        try archive.keep("life.adhesion", &adhesion)
        let counts =
            [since, phaseStart, phaseEnd, damage, damageTime, repair, hitTime, releaseTime, speed, persistence]
            .map(\.count) + [isDaughter.count, phase.count, held.count, attack.count, draws.count]
        let wide = [rate, left, counted].map(\.count)
        guard counts.allSatisfy({ $0 == count }), wide.allSatisfy({ $0 == slots * count }),
            sensitivity.count == attractants * count, adhesion.count == partners * count,
            held.allSatisfy({ $0 < Int32(count) })
        else { throw StateProblem("life", "is of other cells") }
    }

    /// Hits that are not repaired by a time.
    func damage(of cell: Int, at time: Double) -> Double {
        let hits = damage[cell]
        return hits == 0 || repair[cell] == 0 ? hits : hits * exp(-repair[cell] * (time - damageTime[cell]))
    }
}
