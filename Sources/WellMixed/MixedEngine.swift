public import Biology
import Foundation
public import Networks
public import Simulation

/// The engine without space: a model's reduction, observed as every engine is.
///
/// All cells are seen, each with the numbers of the sum it belongs to, shared out evenly. The medium is one voxel.
/// It is observed at the times it was made for; between them it is drawn as straight lines.
public final class MixedEngine: Engine {
    public let reduction: Reduction
    private let cells: [PlacedCell]
    private let contacts: [String: [Double]]
    private let course: TimeCourse
    private let places: [String: Int]
    /// By cell, its group.
    private let groupOf: [Int]
    private var row = 0

    /// Shows a course of the reduction's network.
    ///
    /// - Precondition: `course` is what ``Reduction/course(times:seed:goOn:)`` gave, with at least the start.
    public init(_ reduction: Reduction, cells: [PlacedCell], contacts: [String: [Double]], course: TimeCourse) {
        precondition(!course.times.isEmpty, "a course has its start")
        self.reduction = reduction
        self.cells = cells
        self.contacts = contacts
        self.course = course
        places = Dictionary(uniqueKeysWithValues: course.names.enumerated().map { ($1, $0) })
        var groupOf = cells.map { _ in 0 }
        for (g, group) in reduction.groups.enumerated() {
            for member in group.members { groupOf[member] = g }
        }
        self.groupOf = groupOf
    }

    private var model: Model { reduction.model }

    public var time: Double { course.times[row] }

    /// Whether the course goes on.
    public var hasMore: Bool { row + 1 < course.times.count }

    public func step(until: Double) throws(RunFailure) {
        guard hasMore, course.times[row + 1] <= until * (1 + 1e-12) else {
            throw RunFailure(
                time: time, problem: "it was computed only to \(course.times.last ?? 0) s",
                fix: "this is our fault: please report it with the model file")
        }
        row += 1
        for ledger in ledgers(at: time) where ledger.relativeImbalance > Ledger.tolerance {
            throw RunFailure(
                time: time,
                problem: "the ledger of '\(ledger.molecule)' is out by \(ledger.imbalance) molecules, "
                    + "\(ledger.relativeImbalance) of what was handled (limit \(Ledger.tolerance))",
                fix: "this is our fault: please report it with the model file")
        }
    }

    /// What must hold in a network and did not, each with when it first did not.
    public var violations: [String] {
        course.violations.map { violation in
            let message = reduction.network.constraints[violation.constraint].message
            let what = message.isEmpty ? "constraint \(violation.constraint + 1)" : "'\(message)'"
            return "at \(violation.time) s what must hold first did not: \(what)"
        }
    }

    // MARK: - Observing

    /// The network's values at a time, in the course's order.
    private func values(at time: Double) -> [Double] {
        var (low, high) = (0, course.times.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if course.times[middle] <= time * (1 + 1e-12) { low = middle } else { high = middle - 1 }
        }
        let before = Array(course.row(low))
        guard low + 1 < course.times.count, time > course.times[low] * (1 + 1e-12) else { return before }
        let share = (time - course.times[low]) / (course.times[low + 1] - course.times[low])
        return zip(before, course.row(low + 1)).map { $0 + share * ($1 - $0) }
    }

    func value(_ name: String, _ values: [Double]) -> Double { places[name].map { values[$0] } ?? 0 }

    public func cells(at time: Double, columns: [Signal]) -> CellFrame {
        let values = values(at: time)
        let shown = shown(values)
        var frame = CellFrame(time: time, typeNames: model.cellTypes.map(\.name))
        (frame.ids, frame.types) = (shown.map(\.id), shown.map { reduction.groups[$0.group].type })
        (frame.x, frame.y) = (shown.map(\.x), shown.map(\.y))
        (frame.z, frame.radius) = (shown.map(\.z), shown.map(\.radius))
        if let organs = model.organs, organs.count > 1 {
            (frame.tissues, frame.tissueNames) = (
                shown.map { reduction.groups[$0.group].tissue }, organs.map(\.name)
            )
        }
        for signal in columns {
            let byGroup = reduction.groups.indices.map { read(signal, $0, values, time: time) }
            frame.columns.append(
                CellFrame.Column(
                    name: signal.name, unit: model.unit(of: signal),
                    values: shown.map { cell in
                        if case .contact(let type) = signal, let place = cell.place, stands(cell.group, beside: type) {
                            return contacts[type]?[place] ?? 0
                        }
                        return byGroup[cell.group]
                    }))
        }
        return frame
    }

    /// A cell as a frame shows it.
    private struct Shown {
        var id: Int
        var group: Int
        /// Among the cells that were placed; `nil` for one that came since.
        var place: Int?
        var x, y, z, radius: Double
    }

    /// Every cell that was placed; of sums that come and go the nearest whole number, by id.
    private func shown(_ values: [Double]) -> [Shown] {
        func placed(_ place: Int) -> Shown {
            let cell = cells[place]
            return Shown(
                id: cell.id, group: groupOf[place], place: place, x: cell.x, y: cell.y, z: cell.z, radius: cell.radius)
        }
        if reduction.isOneByOne { return oneByOne(values) }
        guard reduction.living.contains(where: { $0 != nil }) else { return cells.indices.map(placed) }
        let firstID = (cells.map(\.id).max() ?? -1) + 1
        let centre = model.space.size.map { $0.value / 2 }
        var shown: [Shown] = []
        for (g, group) in reduction.groups.enumerated() {
            guard reduction.living[g] != nil else {
                shown += group.members.map(placed)
                continue
            }
            let number = value(reduction.counts[g], values)
            // A part of a cell is shown as one, so that what cells carry can be read.
            let rows = number > Self.leastCells ? min(Self.mostShown, max(1, Int(min(number, 1e15).rounded()))) : 0
            shown += group.members.prefix(rows).map(placed)
            for k in group.members.count..<max(rows, group.members.count) {
                shown.append(
                    Shown(
                        id: firstID + (k - group.members.count) * reduction.groups.count + g, group: g,
                        place: nil, x: centre[0], y: centre[1], z: centre[2],
                        radius: model.cellTypes[group.type].radius.value))
            }
        }
        return shown.sorted { $0.id < $1.id }
    }

    /// Every cell that is there, by id; those that were not placed in the middle of the box.
    private func oneByOne(_ values: [Double]) -> [Shown] {
        let known = Dictionary(uniqueKeysWithValues: cells.enumerated().map { ($1.id, $0) })
        let centre = model.space.size.map { $0.value / 2 }
        var shown: [Shown] = []
        for (g, group) in reduction.groups.enumerated() {
            let radius = model.cellTypes[group.type].radius.value
            guard let place = reduction.places[g] else {
                shown += group.members.map { member in
                    let cell = cells[member]
                    return Shown(
                        id: cell.id, group: g, place: member, x: cell.x, y: cell.y, z: cell.z, radius: cell.radius)
                }
                continue
            }
            guard value(reduction.counts[g], values) > 0.5 else { continue }
            let id = Int(value(place.id, values))
            let first = known[id].map { cells[$0] }
            shown.append(
                Shown(
                    id: id, group: g, place: known[id], x: first?.x ?? centre[0], y: first?.y ?? centre[1],
                    z: first?.z ?? centre[2], radius: radius))
        }
        return shown.sorted { $0.id < $1.id }
    }

    /// Chosen: a millionth of a cell is none.
    private static let leastCells = 1e-6
    /// Chosen: rows of one type that a frame has at most, all alike.
    private static let mostShown = 100_000

    public func count(ofType type: Int, at time: Double) -> Double? {
        guard model.comesAndGoes(model.cellTypes[type]) else { return nil }
        let values = values(at: time)
        return reduction.groups.indices.filter { reduction.groups[$0].type == type }.reduce(0) {
            $0 + max(0, value(reduction.counts[$1], values))
        }
    }

    /// Cells that a group stands for now.
    func count(_ g: Int, _ values: [Double]) -> Double {
        let isFixed = reduction.living[g] == nil && reduction.places[g] == nil
        return isFixed ? reduction.groups[g].count : value(reduction.counts[g], values)
    }

    /// A signal as one cell of a group has it; NaN where its type lacks it.
    private func read(_ signal: Signal, _ g: Int, _ values: [Double], time: Double) -> Double {
        let group = reduction.groups[g]
        guard model.has(signal, model.cellTypes[group.type]) else { return .nan }
        let surface = reduction.surfaces[group.type]
        func number(_ species: [Int]) -> Double {
            species.reduce(0) { $0 + value(reduction.species[g][$1], values) } / count(g, values)
        }
        switch signal {
        case .concentration(let molecule):
            guard let m = model.molecules.firstIndex(where: { $0.name == molecule }) else { return 0 }
            return concentration(reduction.pool(m, around: g), values)
        case .receptor(let receptor, .occupancy):
            let total = number(surface.counted(.total, of: receptor, model))
            return total > 0 ? number(surface.counted(.occupancy, of: receptor, model)) / total : 0
        case .receptor(let receptor, let aspect): return number(surface.counted(aspect, of: receptor, model))
        case .bound(let receptor, let ligand): return number(surface.counted(bound: ligand, to: receptor, model))
        case .complex(let name): return number(surface.index(.surface(.complex(name))).map { [$0] } ?? [])
        case .state(let name): return reduction.states[g][name].map { value($0, values) } ?? .nan
        case .network(let network, let name):
            return read(name, of: network, reduction.cellNetworks[g][network], values) ?? .nan
        case .inCompartment(let molecule, let compartment):
            return reduction.pool(molecule, inCompartment: compartment).map { concentration($0, values) } ?? .nan
        case .contact(let type): return stands(g, beside: type) ? 0 : touched(type, g, values)
        case .body(.damage): return damage(g, values, time: time)
        case .body(.pressure): return 0
        case .body(let age):
            if let start = reduction.start(of: age, g) { return time - value(start, values) }
            guard reduction.living[g] != nil else { return time }
            return reduction.ages[g][age].map { value($0, values) } ?? .nan
        case .time: return time
        }
    }

    /// A value of a network in the coherent unit of what it measures.
    private func read(
        _ name: String, of network: String, _ map: Reduction.NetworkMap?, _ values: [Double]
    ) -> Double? {
        guard let here = map?[name], let scale = model.network(network)?.scale(of: name) else { return nil }
        if let place = places[here] { return values[place] * scale }
        let constant =
            reduction.network.parameters.first { $0.name == here }?.value
            ?? reduction.network.compartments.first { $0.name == here }?.size
        return constant.map { $0 * scale }
    }

    public func value(of name: String, inNetwork network: String, at time: Double) -> Double? {
        if let own = model.network(network), let p = reduction.pool(of: name, in: own) {
            let values = values(at: time)
            return own.dimension(of: name) == .amount
                ? value(reduction.pools[p].species, values) : concentration(p, values)
        }
        return read(name, of: network, reduction.freeNetworks[network], values(at: time))
    }

    public func field(_ molecule: String, at time: Double) -> FieldFrame {
        let concentration = concentrations(of: molecule, at: [[]], time: time)
        return FieldFrame(
            time: time, molecule: molecule, voxels: [1, 1, 1],
            spacing: cbrt(reduction.volumes[model.field(named: molecule).tissue].size), values: concentration)
    }

    public func concentrations(of molecule: String, at points: [[Double]], time: Double) -> [Double] {
        let (name, tissue) = model.field(named: molecule)
        guard let m = model.molecules.firstIndex(where: { $0.name == name }),
            let pool = reduction.pool(m, in: tissue)
        else { preconditionFailure("no molecule is called '\(molecule)'") }
        let concentration = concentration(pool, values(at: time))
        return points.map { _ in concentration }
    }

    public func concentration(of molecule: String, in compartment: String, at time: Double) -> Double? {
        reduction.pool(molecule, inCompartment: compartment).map { concentration($0, values(at: time)) }
    }

    /// molecules/µm³.
    private func concentration(_ pool: Int, _ values: [Double]) -> Double {
        value(reduction.pools[pool].species, values) / reduction.volumes[reduction.pools[pool].volume].size
    }

    // MARK: - Where molecules are

    /// Over all tissues and compartments.
    public func ledgers(at time: Double) -> [Ledger] {
        let values = values(at: time)
        return model.molecules.indices.map { m in
            var ledger = Ledger(
                molecule: model.molecules[m].name, entries: model.hasBody ? LedgerEntry.ofBody : LedgerEntry.ofTissue)
            for pool in reduction.pools where pool.molecule == m { add(pool, to: &ledger, values) }
            ledger[.bound] = model.cellTypes.indices.reduce(0) { $0 + bound(m, to: $1, values) }
            return ledger
        }
    }

    private func add(_ pool: MoleculePool, to ledger: inout Ledger, _ values: [Double]) {
        ledger[.atStart] += pool.atStart
        var accounts = pool.accounts.mapValues { value($0, values) }
        if pool.isHeld {
            // What crosses a wall that holds the medium is what is left of coming and going.
            let net = (accounts[.entered] ?? 0) - (accounts[.left] ?? 0)
            (accounts[.entered], accounts[.left]) = (max(0, net), max(0, -net))
        }
        for (entry, amount) in accounts { ledger[entry] += amount }
        ledger[.internalised] += pool.internalised.sorted { $0.key < $1.key }.reduce(0) { $0 + value($1.value, values) }
        ledger[.associated] +=
            pool.gained.reduce(0) { $0 + value($1, values) } - pool.lost.reduce(0) { $0 + value($1, values) }
        switch reduction.volumes[pool.volume].place {
        case .tissue: ledger[.dissolved] += value(pool.species, values)
        case .compartment: ledger[.carried] += value(pool.species, values)
        }
    }

    /// Molecules of one kind on cells of a type.
    private func bound(_ molecule: Int, to type: Int, _ values: [Double]) -> Double {
        var sum = 0.0
        for (g, group) in reduction.groups.enumerated() where group.type == type {
            for (s, species) in reduction.surfaces[type].species.enumerated() where species.isOnSurface {
                let held = species.ligands.count { $0 == molecule }
                if held > 0 { sum += Double(held) * value(reduction.species[g][s], values) }
            }
        }
        return sum
    }

    public func captured(_ molecule: String, at time: Double) -> [Double] {
        guard let m = model.molecules.firstIndex(where: { $0.name == molecule }) else {
            preconditionFailure("no molecule is called '\(molecule)'")
        }
        let values = values(at: time)
        return model.cellTypes.indices.map { type in
            reduction.pools.filter { $0.molecule == m }.reduce(bound(m, to: type, values)) { sum, pool in
                sum + (pool.internalised[type].map { value($0, values) } ?? 0)
            }
        }
    }

    /// Nothing: in a mixed medium every sender's molecules are everyone's.
    public func communication(at time: Double) -> CommunicationFrame { CommunicationFrame() }

    public func inductions(at time: Double) -> [InductionRow] {
        let values = values(at: time)
        return reduction.induced.map { induction in
            let driven = induction.driven.filter { value($0.value, values) >= 0.5 }
            return InductionRow(
                start: 0, end: time, rule: induction.rule, cellType: induction.cellType, molecule: induction.molecule,
                induced: value(induction.total, values),
                drivenCells: Int(min(1e15, driven.keys.sorted().reduce(0) { $0 + count($1, values) }).rounded()))
        }
    }
}
