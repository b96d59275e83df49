import Biology
import Networks
import Simulation

/// Where a run has the values of names, and what is read of it.
struct NetworkRows {
    let network: ChanceNetwork
    private let reads: [String: Int]

    init(_ network: ChanceNetwork, reads: [String]) {
        self.network = network
        self.reads = Dictionary(uniqueKeysWithValues: reads.enumerated().map { ($1, $0) })
    }

    /// `nil` where a rule says what it is.
    func place(_ name: String) -> ChancePlace? { network.place(of: name) }

    func known(_ name: String) -> ChancePlace {
        guard let place = place(name) else { preconditionFailure("'\(name)' is determined by a rule") }
        return place
    }

    /// Its place among what is read.
    func read(_ name: String) -> Int {
        guard let place = reads[name] else { preconditionFailure("'\(name)' is not read") }
        return place
    }
}

/// A ``CellPlace`` with names turned into places in a run.
struct Seat {
    struct Drawn {
        let kind: CellPlace.Drawn.Kind
        let declared: Double?
        let place: ChancePlace
    }

    struct Inside {
        let network: String
        let counted: [ChancePlace]
        let halved: [ChancePlace]
        let kept: [ChancePlace]
        /// By its own names, where its values are, and where what it is given is read.
        let values: [(name: String, place: ChancePlace)]
        let inputs: [(name: String, read: Int)]

        init(_ inside: CellPlace.Inside, _ rows: NetworkRows) {
            network = inside.network
            counted = inside.counted.map(rows.known)
            halved = inside.halved.map(rows.known)
            kept = inside.kept.map(rows.known)
            let all = Set(inside.counted + inside.halved + inside.kept)
            values = inside.names.filter { all.contains($0.value) }.sorted { $0.key < $1.key }
                .map { ($0.key, rows.known($0.value)) }
            inputs = inside.inputs.compactMap { name in inside.names[name].map { (name, rows.read($0)) } }
        }
    }

    let group: Int
    let kind: CellKind
    /// 1 where a cell is there, and how many there are of its kind.
    let count: ChancePlace
    let total: ChancePlace
    let id: ChancePlace
    let ready: ChancePlace?
    let able: [Double: ChancePlace]
    let born: ChancePlace?
    let phaseStart: ChancePlace?
    let damage: ChancePlace?
    let hitTime: ChancePlace?
    let repair: ChancePlace?
    let isFree: ChancePlace?
    /// By species of the surface; `nil` where a rule says how many are free.
    let surface: [ChancePlace?]
    /// Of those, where it is read.
    let followed: [Int?]
    /// States that it keeps, and those that its rules set, where they are read.
    let states: [String: (place: ChancePlace, first: Double)]
    let ruledStates: [String: Int]
    let drawn: [Drawn]
    /// By receptor, where what rules state is read.
    let stated: [Int: Int]
    let memory: [(place: ChancePlace, start: Int)]
    let inside: [Inside]
    /// By behaviour, where the rate is read that rules give it.
    let rates: [Behaviour: Int]

    init(_ place: CellPlace, _ reduction: Reduction, _ rows: NetworkRows) {
        let g = place.group
        group = g
        kind = CellKind(type: reduction.groups[g].type, tissue: reduction.groups[g].tissue)
        count = rows.known(reduction.counts[g])
        total = rows.known(reduction.totals[kind] ?? "")
        id = rows.known(place.id)
        ready = place.ready.map(rows.known)
        able = place.able.mapValues(rows.known)
        born = place.born.map(rows.known)
        phaseStart = place.phaseStart.map(rows.known)
        damage = place.damage.map(rows.known)
        hitTime = place.hitTime.map(rows.known)
        repair = place.repair.map(rows.known)
        isFree = place.isFree.map(rows.known)
        surface = reduction.species[g].map { rows.place($0) }
        followed = reduction.species[g].map { rows.place($0) == nil ? rows.read($0) : nil }
        states = place.states.mapValues { (rows.known($0.name), $0.first) }
        ruledStates = Seat.ruledStates(g, reduction).mapValues(rows.read)
        drawn = place.drawn.map { Drawn(kind: $0.kind, declared: $0.declared, place: rows.known($0.name)) }
        let ruled = reduction.stated[g].enumerated().filter { $0.element != "" }
        stated = Dictionary(uniqueKeysWithValues: ruled.map { ($0.offset, rows.read($0.element)) })
        memory = place.memory.map { (rows.known($0.name), rows.read($0.start)) }
        inside = place.inside.map { Inside($0, rows) }
        rates = Seat.ruledRates(g, reduction).mapValues(rows.read)
    }

    /// What rules say of how often a group's cells do something.
    private static func ruledRates(_ g: Int, _ reduction: Reduction) -> [Behaviour: String] {
        reduction.ruledRates[g].compactMapValues { formula in
            if case .name(let name) = formula { name } else { nil }
        }
    }

    private static func ruledStates(_ g: Int, _ reduction: Reduction) -> [String: String] {
        let type = reduction.model.cellTypes[reduction.groups[g].type].name
        return reduction.states[g].filter { state in
            reduction.model.rules.contains { $0.cellType == type && $0.behaviour == .state(state.key) }
        }
    }

    /// Every name that seats read.
    static func reads(of reduction: Reduction) -> [String] {
        var names: [String] = []
        for place in reduction.places {
            guard let place else { continue }
            let g = place.group
            for s in reduction.species[g].indices where !reduction.isKept(s, g) {
                names.append(reduction.species[g][s])
            }
            names += reduction.stated[g].filter { $0 != "" }
            names += place.memory.map(\.start)
            for inside in place.inside { names += inside.inputs.compactMap { inside.names[$0] } }
            names += ruledRates(g, reduction).values.sorted() + ruledStates(g, reduction).values.sorted()
        }
        names += reduction.induced.map(\.total)
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
