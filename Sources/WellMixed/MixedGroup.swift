import Biology
import Simulation

/// Cells of one type that are one in the reduction: their numbers are summed, and each is their mean.
public struct MixedGroup: Hashable, Sendable {
    /// Index into the model's cell types.
    public let type: Int
    /// Index into the model's tissues.
    public let tissue: Int
    /// Places among the placed cells, rising.
    public let members: [Int]
    /// Of one cell: receptors, molecules, in the order of the model.
    public let receptors: [Double]
    /// Of one cell: molecules/s, in the order of the model's molecules.
    public let secretion: [Double]
    /// Cells of other types that touch each of them, by type.
    public let contacts: [String: Double]

    /// Cells it stands for, at the start where they come and go.
    public var count: Double { Double(members.count) }

    /// A type of which there is no cell yet in a tissue, with the means that it states.
    init(_ model: Model, type: Int, tissue: Int) {
        self.type = type
        self.tissue = tissue
        members = []
        contacts = [:]
        let stated = model.cellTypes[type]
        receptors = model.receptors.map { receptor in
            guard case .spread(let spread) = stated.receptors[receptor.name] else { return 0 }
            return spread.mean
        }
        secretion = model.molecules.map { stated.secretes[$0.name]?.mean ?? 0 }
    }

    /// `drawn`: The members whose numbers are taken, all or some.
    init(type: Int, members: [Int], drawn: [Int], cells: [PlacedCell], contacts: [String: Double]) {
        self.type = type
        tissue = cells[members[0]].tissue
        self.members = members
        self.contacts = contacts
        func mean(_ values: (PlacedCell) -> [Double]) -> [Double] {
            var sum = values(cells[drawn[0]])
            for cell in drawn.dropFirst() {
                for (i, value) in values(cells[cell]).enumerated() { sum[i] += value }
            }
            return sum.map { $0 / Double(drawn.count) }
        }
        receptors = mean(\.receptors)
        secretion = mean(\.secretion)
    }

    /// What cells of one sum have in common.
    private struct Alike: Hashable {
        var tissue: Int
        var contacts: [Double]
    }

    /// Splits cells into groups, each in one tissue.
    ///
    /// Contacts never change, so cells that differ in how many they have, and read it, are groups of their own.
    /// `contacts` are by name of a cell type, one number a cell; `sampling` by index of the type.
    static func groups(
        _ model: Model, cells: [PlacedCell], contacts: [String: [Double]], room: [CellKind: Int]?,
        sampling: (Int) -> CellSampling
    ) -> [MixedGroup] {
        var byType = model.cellTypes.map { _ in [Int]() }
        for (place, cell) in cells.enumerated() { byType[cell.typeIndex].append(place) }
        return model.cellTypes.indices.flatMap { type -> [MixedGroup] in
            if let room, model.mayBeFollowed(model.cellTypes[type]) {
                return places(model, byType[type], cells, type: type, room)
            }
            let there = Set(byType[type].map { cells[$0].tissue })
            let arising = model.newcomers.contains(model.cellTypes[type].name)
            let empty = model.tissues.indices.filter { arising && !there.contains($0) }.map {
                MixedGroup(model, type: type, tissue: $0)
            }
            let names = model.contactsRead(by: model.cellTypes[type])
            var classes: [Alike: [Int]] = [:]
            for cell in byType[type] {
                let touching = names.map { contacts[$0]?[cell] ?? 0 }
                classes[Alike(tissue: cells[cell].tissue, contacts: touching), default: []].append(cell)
            }
            let placed = classes.sorted { $0.value[0] < $1.value[0] }.flatMap { alike, members -> [MixedGroup] in
                let touching = Dictionary(uniqueKeysWithValues: zip(names, alike.contacts))
                let shares = split(members, sampling(type), of: byType[type].count)
                let takesAll = sampling(type) == .fewest
                return shares.map { share in
                    MixedGroup(
                        type: type, members: share, drawn: takesAll ? share : [share[share.count / 2]], cells: cells,
                        contacts: touching)
                }
            }
            return placed + empty
        }
    }

    /// One group for each cell that is placed, and one for each that may come.
    private static func places(
        _ model: Model, _ members: [Int], _ cells: [PlacedCell], type: Int, _ room: [CellKind: Int]
    ) -> [MixedGroup] {
        let taken = members.map {
            MixedGroup(type: type, members: [$0], drawn: [$0], cells: cells, contacts: [:])
        }
        return taken
            + model.tissues.indices.flatMap { tissue in
                let there = taken.count { $0.tissue == tissue }
                let free = max(0, (room[CellKind(type: type, tissue: tissue)] ?? 0) - there)
                return Array(repeating: MixedGroup(model, type: type, tissue: tissue), count: free)
            }
    }

    /// Even shares of a type's cells, in their order: as many as these members are of the whole type.
    private static func split(_ members: [Int], _ sampling: CellSampling, of whole: Int) -> [[Int]] {
        let wanted: Int
        switch sampling {
        case .fewest: wanted = 1
        case .number(let number):
            wanted = Int((Double(number) * Double(members.count) / Double(whole)).rounded(.up))
        case .all: wanted = members.count
        }
        let count = min(members.count, max(1, wanted))
        return (0..<count).map { k in Array(members[k * members.count / count..<(k + 1) * members.count / count]) }
    }
}

extension Model {
    /// The cell types whose contacts something of this type reads and that stay as placed, sorted.
    func contactsRead(by type: CellType) -> [String] { contacts(readBy: type).filter { !meet(type, $0) } }

    /// The cell types whose contacts something of this type reads and that are made anew all the time, sorted.
    func contactsMade(by type: CellType) -> [String] { contacts(readBy: type).filter { meet(type, $0) } }

    private func contacts(readBy type: CellType) -> [String] {
        var signals = type.states.flatMap(\.expression.signals)
        for rule in rules where rule.cellType == type.name { signals += rule.inputs.map(\.signal) }
        for block in blocks where block.cellType == type.name { signals.append(block.by.signal) }
        signals += type.networks.flatMap(\.inputs).flatMap(\.expression.signals)
        return Set(signals.compactMap { if case .contact(let other) = $0 { other } else { nil } }).sorted()
    }
}
