import Biology
import Foundation
import Networks
import Simulation

/// Cells that come and go, followed one by one by exact chance beside the network of a ``Reduction``.
///
/// When something happens at a rate is drawn by the network; times that are no rates (phases, `not before`, `cleared`) are
/// kept exactly, each cell's own. What a cell carries is split molecule by molecule when it divides, and goes along or
/// inside when it goes. The same laws as in the tissue, but for where cells are.
final class CellsOneByOne: ChanceCompanion {
    /// Something that will happen to a cell at a time, unless it is no longer what it was.
    struct Due {
        enum Kind: Hashable {
            case oldEnough(Double)
            case phaseEnd(Int)
            case vanish
            case hit
            case release
            case given(Int)
        }
        let time: Double
        let seat: Int
        /// Of the seat, or of the hold.
        let version: Int
        let kind: Kind
    }

    /// A killer's hold on a target.
    struct Hold {
        let target: Int
        let killing: Killing
        let serial: Int
    }

    let reduction: Reduction
    let seats: [Seat]
    let rows: NetworkRows
    /// What each reaction that is called means, in the order in which they are named.
    let calls: [Called]
    private let seed: UInt64
    /// How networks inside cells start, by name.
    private let beginnings: [String: NetworkBeginning]
    var stream: RandomStream
    /// By seat: grows whenever its cell is no longer what it was.
    var versions: [Int]
    var holds: [Int: Hold] = [:]
    var holders: [Int: [Int]] = [:]
    private var serials = 0
    private var nextID = 0
    /// Seats that are free, the lowest last.
    private var free: [CellKind: [Int]] = [:]
    private var due: [Due] = []
    /// The kind of which there are more cells than places, once there are.
    private(set) var lacking: CellKind?

    enum Called {
        case act(seat: Int, CellPlace.Act)
        case meal(Reduction.Meal)
        case coming(CellKind)
    }

    init(_ reduction: Reduction, _ network: ChanceNetwork, seed: UInt64) throws(NetworkFailure) {
        self.reduction = reduction
        var beginnings: [String: NetworkBeginning] = [:]
        for place in reduction.places {
            for inside in place?.inside ?? [] where beginnings[inside.network] == nil {
                if let own = reduction.networkReactions[inside.network] {
                    beginnings[inside.network] = try NetworkBeginning(own)
                }
            }
        }
        self.beginnings = beginnings
        self.seed = seed
        rows = NetworkRows(network, reads: Seat.reads(of: reduction))
        var seats: [Seat] = []
        for place in reduction.places {
            if let place { seats.append(Seat(place, reduction, rows)) }
        }
        self.seats = seats
        calls = CellsOneByOne.called(reduction).map(\.call)
        stream = RandomStream(seed: seed, cell: 0, purpose: .life)
        versions = seats.map { _ in 0 }
    }

    /// The reactions that are called, and what each means.
    static func called(_ reduction: Reduction) -> [(reaction: String, call: Called)] {
        var called: [(String, Called)] = []
        for (seat, place) in reduction.places.compactMap({ $0 }).enumerated() {
            called += place.calls.map { ($0.reaction, .act(seat: seat, $0.act)) }
        }
        called += reduction.meals.map { ($0.reaction, .meal($0)) }
        called += reduction.comings.map { ($0.reaction, .coming($0.kind)) }
        return called
    }

    var model: Model { reduction.model }
    var next: Double { due.last?.time ?? .infinity }

    // MARK: - The run

    func begin(_ moment: ChanceMoment) throws(NetworkFailure) {
        free = [:]
        nextID = (reduction.start.cells.map(\.id).max() ?? -1) + 1
        for (s, seat) in seats.enumerated().reversed() {
            guard let member = reduction.groups[seat.group].members.first else {
                free[seat.kind, default: []].append(s)
                continue
            }
            let cell = reduction.start.cells[member]
            moment[seat.id] = Double(cell.id)
            draw(s, receptors: cell.receptors, secretion: cell.secretion, moment)
            startInside(s, id: cell.id, moment)
            startLife(s, moment)
        }
        for (index, given) in reduction.given.enumerated() {
            // What is seen at the very time is still without them.
            schedule(Due(time: max(given.time, 1e-9), seat: 0, version: 0, kind: .given(index)))
        }
        countFree(moment)
        remember(seats.indices.filter { isTaken($0, moment) }, moment)
    }

    /// What rules have induced up to now was by the cells of before.
    private func noteInduced(_ moment: ChanceMoment) {
        guard let tick = reduction.lastTick else { return }
        let values = moment.read()
        for induced in reduction.induced {
            moment[rows.known(induced.before)] = values[rows.read(induced.total)]
        }
        moment[rows.known(tick)] = moment.time
    }

    func answer(to reaction: Int, _ moment: ChanceMoment) throws(NetworkFailure) {
        noteInduced(moment)
        switch calls[reaction] {
        case .act(let seat, let act): try happen(act, to: seat, moment)
        case .meal(let meal): eat(meal, moment)
        case .coming(let kind): try arrive(kind, moment)
        }
        countFree(moment)
    }

    func act(_ moment: ChanceMoment) throws(NetworkFailure) {
        noteInduced(moment)
        while let event = due.last, event.time <= moment.time {
            due.removeLast()
            try happen(event, moment)
        }
        countFree(moment)
    }

    private func happen(_ event: Due, _ moment: ChanceMoment) throws(NetworkFailure) {
        let seat = seats.indices.contains(event.seat) ? seats[event.seat] : nil
        switch event.kind {
        case .given(let index):
            for _ in 0..<reduction.given[index].count { try arrive(reduction.given[index].kind, moment) }
        case .hit where holds[event.seat]?.serial == event.version: try hit(by: event.seat, moment)
        case .release where holds[event.seat]?.serial == event.version: letGo(event.seat, moment)
        case .hit, .release: return
        case _ where versions[event.seat] != event.version: return
        case .oldEnough(let time): if let able = seat?.able[time] { moment[able] = 1 }
        case .phaseEnd(let phase): try endPhase(phase, of: event.seat, moment)
        case .vanish: vanish(event.seat, moment)
        }
    }

    func schedule(_ event: Due) {
        guard event.time.isFinite else { return }
        // The earliest is last; of one time the first scheduled.
        var (low, high) = (0, due.count)
        while low < high {
            let middle = (low + high) / 2
            if due[middle].time >= event.time { low = middle + 1 } else { high = middle }
        }
        // Those of the same time stand before it, so that they come after: put it below them.
        var place = low
        while place > 0, due[place - 1].time == event.time { place -= 1 }
        due.insert(event, at: place)
    }

    // MARK: - Seats

    func isTaken(_ seat: Int, _ moment: ChanceMoment) -> Bool { moment[seats[seat].count] > 0.5 }

    /// The cells of a kind that are there.
    func taken(_ kind: CellKind, _ moment: ChanceMoment) -> [Int] {
        seats.indices.filter { seats[$0].kind == kind && isTaken($0, moment) }
    }

    /// Takes a place for one more cell.
    func takeSeat(_ kind: CellKind, id: Int, _ moment: ChanceMoment) throws(NetworkFailure) -> Int {
        guard let seat = free[kind]?.popLast() else {
            lacking = kind
            throw NetworkFailure(
                .stopped,
                problem: "there are too many '\(model.cellTypes[kind.type].name)' to be followed one by one "
                    + "(\(Reduction.mostPlaces) places in all)",
                fix: "run it with --ode, with '--cells 1' where that is not refused, or with space ('paracrine run')")
        }
        moment[seats[seat].count] = 1
        moment[seats[seat].id] = Double(id)
        moment[seats[seat].total] += 1
        return seat
    }

    /// Leaves a place empty, with all that its cell had.
    func leaveSeat(_ seat: Int, _ moment: ChanceMoment) {
        let one = seats[seat]
        for place in one.surface { if let place { moment[place] = 0 } }
        moment[one.count] = 0
        moment[one.id] = -1
        moment[one.total] -= 1
        versions[seat] += 1
        // The lowest is taken first, so that how many there are does not matter.
        let list = free[one.kind] ?? []
        let place = list.firstIndex { $0 < seat } ?? list.count
        free[one.kind, default: []].insert(seat, at: place)
    }

    func newID() -> Int {
        nextID += 1
        return nextID - 1
    }

    /// How many of each kind hold none, for the rates that follow it.
    private func countFree(_ moment: ChanceMoment) {
        for (kind, name) in reduction.freeNames {
            guard let place = rows.place(name) else { continue }
            var count = 0.0
            for seat in seats where seat.kind == kind && moment[seat.count] > 0.5 {
                if let free = seat.isFree { count += moment[free] }
            }
            if moment[place] != count { moment[place] = count }
        }
    }

    // MARK: - What a cell starts with

    /// Gives a cell its own numbers of receptors and rates of secretion.
    func draw(_ seat: Int, receptors: [Double], secretion: [Double], _ moment: ChanceMoment) {
        for drawn in seats[seat].drawn {
            let own =
                switch drawn.kind {
                case .receptor(let r): receptors[r]
                case .secretion(let m): secretion[m]
                }
            if let declared = drawn.declared {
                moment[drawn.place] = declared > 0 && own > 0 ? own / declared : 1
            } else {
                moment[drawn.place] = own
            }
        }
    }

    func draw(_ seat: Int, id: Int, _ moment: ChanceMoment) -> [Double] {
        let type = model.cellTypes[seats[seat].kind.type]
        let receptors = PlacedCell.receptors(model, type, id: id, seed: seed)
        let secretion = PlacedCell.secretion(model, type, id: id, seed: seed)
        draw(seat, receptors: receptors, secretion: secretion, moment)
        return receptors
    }

    /// Starts the networks inside a cell with what it gives them, drawn for it alone.
    func startInside(_ seat: Int, id: Int, _ moment: ChanceMoment) {
        guard !seats[seat].inside.isEmpty else { return }
        let given = moment.read()
        for (number, inside) in seats[seat].inside.enumerated() {
            guard let beginning = beginnings[inside.network] else { continue }
            var stream = RandomStream(seed: seed, cell: id, purpose: .draw, index: number + 1)
            let inputs = Dictionary(uniqueKeysWithValues: inside.inputs.map { ($0.name, given[$0.read]) })
            let first = beginning.values(given: inputs, at: moment.time, from: &stream)
            for (name, place) in inside.values { if let value = first(name) { moment[place] = value } }
        }
    }

    /// Everything that counts from when a cell is of its type.
    func startLife(_ seat: Int, _ moment: ChanceMoment) {
        let (one, now) = (seats[seat], moment.time)
        versions[seat] += 1
        if let ready = one.ready { moment[ready] = 1 }
        if let start = one.phaseStart { moment[start] = now }
        for (time, place) in one.able.sorted(by: { $0.key < $1.key }) {
            moment[place] = 0
            schedule(Due(time: now + time, seat: seat, version: versions[seat], kind: .oldEnough(time)))
        }
        if let stay = model.cellTypes[one.kind.type].life?.vanishes?.value {
            schedule(Due(time: now + stay, seat: seat, version: versions[seat], kind: .vanish))
        }
    }

    /// What rules remember of newcomers: as if they had always read what they read now.
    func remember(_ newcomers: [Int], _ moment: ChanceMoment) {
        // A rule may read a state that another sets, so each round settles one more at least.
        for _ in 0..<(newcomers.map { seats[$0].memory.count }.max() ?? 0) {
            let values = moment.read()
            var isSettled = true
            for seat in newcomers {
                for (place, start) in seats[seat].memory where moment[place] != values[start] {
                    moment[place] = values[start]
                    isSettled = false
                }
            }
            if isSettled { return }
        }
    }

    func nextSerial() -> Int {
        serials += 1
        return serials
    }

    /// Of mean 1.
    func exponential() -> Double {
        let u = stream.uniform()
        return -log1p(-u)
    }
}
