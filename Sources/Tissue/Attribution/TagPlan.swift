import Biology
import Simulation

/// Who counts as a sender of one molecule, and which tag each cell's molecules carry.
struct TagPlan {
    /// Index in the model.
    let molecule: Int
    /// As they are reported.
    let senders: [String]
    /// Of each tag, its sender.
    let senderOfTag: [Int]
    /// Of each cell, the tag of what it secretes; −1 where it secretes none of the molecule.
    private(set) var tagOfCell: [Int32]
    /// The tag of what no cell secreted, if there is any.
    let outside: Int?
    /// Whether every secreting cell has a tag of its own, so that what it captures of its own is known exactly.
    let isByCell: Bool
    /// By sender's name; not where every cell has a tag of its own.
    private let tagOfSender: [String: Int]

    var tags: Int { senderOfTag.count }

    /// Few secreting cells get a tag each.
    ///
    /// Chosen: a tag costs about a third of what the field costs, and with eight every cell's own part is still exact.
    static let fewCells = 8

    /// - Returns: `nil` if there is nothing of the molecule to attribute.
    init?(_ model: Model, _ record: CommunicationRecord, molecule: Int, population: CellPopulation) {
        let carriers = TagPlan.carriers(of: molecule, model)
        let secretes = model.cellTypes.map { type in carriers.contains { TagPlan.secretes(type, $0, model) } }
        let cells = (0..<population.count).filter { secretes[population.types[$0]] }
        self.molecule = molecule
        var senders: [String] = []
        var senderOfTag: [Int] = []
        var tagOfCell = Array(repeating: Int32(-1), count: population.count)
        var tagOfSender: [String: Int] = [:]
        // Where cells come and go, so do senders: they are followed by type.
        let isLiving = LivingCells.comeAndGo(model)
        isByCell = record.senders == .cells || !isLiving && cells.count <= TagPlan.fewCells
        var senderIndex: [String: Int] = [:]
        for cell in cells.sorted(by: { population.ids[$0] < population.ids[$1] }) {
            let name = TagPlan.sender(cell, model, record, population)
            if senderIndex[name] == nil {
                senderIndex[name] = senders.count
                senders.append(name)
            }
            if isByCell || tagOfSender[name] == nil {
                tagOfSender[name] = senderOfTag.count
                senderOfTag.append(senderIndex[name] ?? 0)
            }
            tagOfCell[cell] = Int32(tagOfSender[name] ?? 0)
        }
        for name in isLiving ? TagPlan.allSenders(model, record, secretes) : [] where senderIndex[name] == nil {
            tagOfSender[name] = senderOfTag.count
            senderOfTag.append(senders.count)
            senders.append(name)
        }
        self.tagOfSender = tagOfSender
        if carriers.contains(where: { TagPlan.comesFromOutside($0, model) }) {
            outside = senderOfTag.count
            senderOfTag.append(senders.count)
            senders.append(CommunicationRow.outside)
        } else {
            outside = nil
        }
        guard !senderOfTag.isEmpty else { return nil }
        self.senders = senders
        self.senderOfTag = senderOfTag
        self.tagOfCell = tagOfCell
    }

    /// Everybody who might ever secrete the molecule: types, and groups of them.
    private static func allSenders(_ model: Model, _ record: CommunicationRecord, _ secretes: [Bool]) -> [String] {
        let types = zip(model.cellTypes, secretes).filter(\.1).map(\.0.name)
        return types + record.groups.filter { types.contains($0.cellType) }.map(\.name)
    }

    /// Of a sender by name; −1 where it has none.
    func tag(of sender: String) -> Int { tagOfSender[sender] ?? -1 }

    /// Cells have come and gone: those of the type they were keep their tag, others get that of their type or group.
    mutating func follow(
        _ turnover: CellTurnover, _ model: Model, _ record: CommunicationRecord, _ population: CellPopulation,
        oldTypes: [Int]
    ) {
        let carriers = TagPlan.carriers(of: molecule, model)
        let secretes = model.cellTypes.map { type in carriers.contains { TagPlan.secretes(type, $0, model) } }
        tagOfCell = (0..<turnover.count).map { cell in
            if let origin = turnover.origin(of: cell), oldTypes[origin] == turnover.types[cell] {
                return tagOfCell[origin]
            }
            guard secretes[turnover.types[cell]] else { return -1 }
            return Int32(tagOfSender[TagPlan.sender(cell, model, record, population)] ?? -1)
        }
    }

    mutating func keep(in archive: StateArchive, _ population: CellPopulation) throws(StateProblem) {
        try archive.keep("tags.cells", &tagOfCell)
        guard tagOfCell.count == population.count, tagOfCell.allSatisfy({ $0 >= -1 && $0 < Int32(tags) }) else {
            throw StateProblem("tags", "are of other cells")
        }
    }

    /// The molecule itself and the dissolved complexes that hold it, by index in the model.
    static func carriers(of molecule: Int, _ model: Model) -> [Int] {
        let name = model.molecules[molecule].name
        return [molecule]
            + model.molecules.indices.filter {
                let pair = model.molecules[$0].association
                return pair?.first == name || pair?.second == name
            }
    }

    static func secretes(_ type: CellType, _ molecule: Int, _ model: Model) -> Bool {
        let name = model.molecules[molecule].name
        return type.secretes[name] != nil
            || type.life?.deaths.contains { $0.releases[name] != nil } == true
            || model.rules.contains { $0.cellType == type.name && $0.behaviour == .secretion(name) }
    }

    private static func comesFromOutside(_ index: Int, _ model: Model) -> Bool {
        let molecule = model.molecules[index]
        if molecule.starts.value > 0 || model.treatments.contains(where: { $0.molecule == molecule.name }) {
            return true
        }
        if model.exchanges(molecule) { return true }
        return Face.all.contains { face in
            switch molecule.walls[face] ?? model.space.walls[face] ?? .noFlux {
            case .noFlux, .exchange: false
            case .fixed(let concentration): concentration.value > 0
            case .flux(let flux): flux.value > 0
            case .permeable(_, let outside): outside.value > 0
            }
        }
    }

    private static func sender(
        _ cell: Int, _ model: Model, _ record: CommunicationRecord, _ population: CellPopulation
    ) -> String {
        let type = model.cellTypes[population.types[cell]].name
        if record.senders == .cells { return "\(type) \(population.ids[cell])" }
        let position = population.positions[cell]
        let group = record.groups.first {
            $0.cellType == type && NearField.distance(position, $0.point) <= $0.radius.value
        }
        return group?.name ?? type
    }
}

extension CellGroup {
    /// Its centre, µm.
    fileprivate var point: SIMD3<Double> { SIMD3(centre[0].value, centre[1].value, centre[2].value) }
}
