import Biology

/// What cells of one type may do, with names turned into indices.
struct LifePlan {
    /// One thing that happens at a rate.
    struct Slot {
        enum Act: Hashable {
            /// To division.
            case commit
            case die(Int)
            case change(into: Int)
            case attach(Int)
            case eat(Int)
        }
        let act: Act
        let behaviour: Behaviour
        /// As the type states it, 1/s; for what needs touch, for each cell touched.
        let rate: Double
        /// s.
        let refractory: Double
    }

    struct End {
        /// Type of the body; `nil` where nothing remains.
        let body: Int?
        /// Molecules by index in the model.
        let releases: [(molecule: Int, amount: Double)]
    }

    struct Attack {
        let target: Int
        /// Mean times, s; `lasts` is infinite where the cell never lets go.
        let every: Double
        let lasts: Double
        let hits: Double
        /// Of damage, 1/s.
        let repair: Double
        /// State of the target.
        let recognises: String?
    }

    private(set) var slots: [Slot] = []
    let phases: [CellPhase]
    /// s; `nil` where daughters are as large as their mother at once.
    let growth: Double?
    private(set) var deaths: [End] = []
    private(set) var attacks: [Attack] = []
    /// Types that cells of this one take in.
    private(set) var prey: [Int] = []
    /// s after becoming one of this type; infinite where cells stay.
    let vanishes: Double
    let radius: Double
    let motion: Motion?

    init(_ model: Model, _ type: CellType) {
        let life = type.life ?? CellLife()
        func index(_ name: String) -> Int? { model.cellTypes.firstIndex { $0.name == name } }
        phases = life.division?.phases ?? []
        growth = life.division?.growth?.value
        vanishes = life.vanishes?.value ?? .infinity
        radius = type.radius.value
        motion = life.motion
        if let division = life.division { add(.commit, .division, division.hazard) }
        for death in life.deaths {
            add(.die(deaths.count), .death(death.kind), death.hazard)
            let releases = model.molecules.enumerated().compactMap { m, molecule in
                death.releases[molecule.name].map { (molecule: m, amount: $0.value) }
            }
            deaths.append(End(body: death.body.flatMap(index), releases: releases))
        }
        for change in life.changes {
            if let into = index(change.into) { add(.change(into: into), .change(change.into), change.hazard) }
        }
        for killing in life.kills {
            guard let target = index(killing.target) else { continue }
            add(.attach(attacks.count), .killing(killing.target), Hazard(rate: killing.attaches))
            attacks.append(
                Attack(
                    target: target, every: killing.every.value, lasts: killing.lasts?.value ?? .infinity,
                    hits: Double(killing.hits), repair: killing.repair.map { 0.6931471805599453 / $0.value } ?? 0,
                    recognises: killing.recognises))
        }
        for eating in life.eats {
            guard let target = index(eating.target) else { continue }
            add(.eat(prey.count), .engulfing(eating.target), Hazard(rate: eating.rate))
            prey.append(target)
        }
    }

    private mutating func add(_ act: Slot.Act, _ behaviour: Behaviour, _ hazard: Hazard) {
        slots.append(
            Slot(act: act, behaviour: behaviour, rate: hazard.rate.value, refractory: hazard.refractory.value))
    }

    var touches: Bool { !attacks.isEmpty || !prey.isEmpty }

    /// Of a cell that dies without saying how: killed by another.
    var killed: End { deaths.first ?? End(body: nil, releases: []) }
}
