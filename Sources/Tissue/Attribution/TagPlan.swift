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
    /// Tags of what cells secreted, here or elsewhere, and a compartment brought, in the body's order of senders.
    let arriving: Range<Int>
    /// The tag of what no cell secreted, if there is any.
    let outside: Int?
    /// Whether every secreting cell has a tag of its own, so that what it captures of its own is known exactly.
    let isByCell: Bool
    /// By sender's name; not where every cell has a tag of its own.
    private let tagOfSender: [String: Int]
    private let tissue: String?
    /// Of each of `senders`, its cell type; −1 for what came through a compartment or from outside.
    let typeOfSender: [Int]

    var tags: Int { senderOfTag.count }

    /// Few secreting cells get a tag each.
    ///
    /// Chosen: a tag costs about a third of what the field costs, and with eight every cell's own part is still exact.
    static let fewCells = 8

    /// A cell as a sender.
    struct Cell {
        var id: Int
        /// Index among the model's cell types.
        var type: Int
        var position: SIMD3<Double>
    }

    /// - Returns: `nil` if there is nothing of the molecule to attribute.
    init?(
        _ model: Model, _ record: CommunicationRecord, molecule: Int, population: CellPopulation,
        surroundings: TissueSurroundings
    ) {
        let carriers = TagPlan.carriers(of: molecule, model)
        let secretes = TagPlan.secretors(of: molecule, model)
        let cells = (0..<population.count).filter { secretes[population.types[$0]] }
        self.molecule = molecule
        tissue = surroundings.name
        var senders: [String] = []
        var senderOfTag: [Int] = []
        var tagOfCell = Array(repeating: Int32(-1), count: population.count)
        var tagOfSender: [String: Int] = [:]
        // Where cells come and go, so do senders: they are followed by type.
        let isLiving = LivingCells.comeAndGo(model)
        isByCell = record.senders == .cells || !isLiving && cells.count <= TagPlan.fewCells
        var senderIndex: [String: Int] = [:]
        var types: [Int] = []
        for cell in cells.sorted(by: { population.ids[$0] < population.ids[$1] }) {
            let name = TagPlan.sender(population.sender(cell), model, record, tissue: tissue)
            if senderIndex[name] == nil {
                senderIndex[name] = senders.count
                senders.append(name)
                types.append(population.types[cell])
            }
            if isByCell || tagOfSender[name] == nil {
                tagOfSender[name] = senderOfTag.count
                senderOfTag.append(senderIndex[name] ?? 0)
            }
            tagOfCell[cell] = Int32(tagOfSender[name] ?? 0)
        }
        for sender in isLiving ? TagPlan.allSenders(model, record, secretes, tissue) : []
        where senderIndex[sender.name] == nil {
            tagOfSender[sender.name] = senderOfTag.count
            senderOfTag.append(senders.count)
            senders.append(sender.name)
            types.append(sender.type)
        }
        self.tagOfSender = tagOfSender
        let arriving = surroundings.arriving[molecule]
        self.arriving = senderOfTag.count..<senderOfTag.count + arriving.count
        senderOfTag += arriving.indices.map { senders.count + $0 }
        senders += arriving
        if carriers.contains(where: { TagPlan.comesFromOutside($0, model) }) {
            outside = senderOfTag.count
            senderOfTag.append(senders.count)
            senders.append(CommunicationRow.outside)
        } else {
            outside = nil
        }
        guard !senderOfTag.isEmpty else { return nil }
        self.senders = senders
        typeOfSender = types + Array(repeating: -1, count: senders.count - types.count)
        self.senderOfTag = senderOfTag
        self.tagOfCell = tagOfCell
    }

    /// How molecules of one of `senders` came to whoever captured them, but for what cells captured of their own.
    func route(ofSender sender: Int) -> CommunicationRow.Route {
        if senders[sender] == CommunicationRow.outside { return .outside }
        return arriving.contains { senderOfTag[$0] == sender } ? .endocrine : .paracrine
    }

    /// Of each tag, its place in a compartment, where senders stand as they arrive, and what nobody sent after them.
    var placeInCompartment: [Int] {
        senderOfTag.enumerated().map { tag, sender in
            if arriving.contains(tag) { return tag - arriving.lowerBound }
            if tag == outside { return arriving.count }
            return arriving.firstIndex { senders[senderOfTag[$0]] == senders[sender] }.map { $0 - arriving.lowerBound }
                ?? arriving.count
        }
    }

    /// Everybody in a tissue who may secrete a molecule, as they are reported.
    static func senders(
        of molecule: Int, _ model: Model, _ record: CommunicationRecord, _ cells: [Cell], tissue: String?
    ) -> [String] {
        let secretes = secretors(of: molecule, model)
        let present = cells.filter { secretes[$0.type] }.sorted { $0.id < $1.id }.map {
            sender($0, model, record, tissue: tissue)
        }
        let possible = LivingCells.comeAndGo(model) ? allSenders(model, record, secretes, tissue).map(\.name) : []
        var seen: Set<String> = []
        return (present + possible).filter { seen.insert($0).inserted }
    }

    /// By cell type.
    private static func secretors(of molecule: Int, _ model: Model) -> [Bool] {
        let carriers = carriers(of: molecule, model)
        return model.cellTypes.map { type in carriers.contains { TagPlan.secretes(type, $0, model) } }
    }

    /// Everybody who might ever secrete the molecule: types, and groups of them.
    private static func allSenders(
        _ model: Model, _ record: CommunicationRecord, _ secretes: [Bool], _ tissue: String?
    ) -> [(name: String, type: Int)] {
        let types = model.cellTypes.indices.filter { secretes[$0] }
        let groups = record.groups.compactMap { group in
            types.first { model.cellTypes[$0].name == group.cellType }.map { (name: group.name, type: $0) }
        }
        return (types.map { (name: model.cellTypes[$0].name, type: $0) } + groups).map {
            (CommunicationRow.name($0.name, tissue: tissue), $0.type)
        }
    }

    /// Of a cell type's own molecules; −1 where it has none.
    func tag(ofType type: String) -> Int { tagOfSender[CommunicationRow.name(type, tissue: tissue)] ?? -1 }

    /// Cells have come and gone: those of the type they were keep their tag, others get that of their type or group.
    mutating func follow(
        _ turnover: CellTurnover, _ model: Model, _ record: CommunicationRecord, _ population: CellPopulation,
        oldTypes: [Int]
    ) {
        let secretes = TagPlan.secretors(of: molecule, model)
        tagOfCell = (0..<turnover.count).map { cell in
            if let origin = turnover.origin(of: cell), oldTypes[origin] == turnover.types[cell] {
                return tagOfCell[origin]
            }
            guard secretes[turnover.types[cell]] else { return -1 }
            return Int32(tagOfSender[TagPlan.sender(population.sender(cell), model, record, tissue: tissue)] ?? -1)
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

    private static func sender(_ cell: Cell, _ model: Model, _ record: CommunicationRecord, tissue: String?) -> String {
        let type = model.cellTypes[cell.type].name
        if record.senders == .cells { return CommunicationRow.name("\(type) \(cell.id)", tissue: tissue) }
        let group = record.groups.first {
            $0.cellType == type && NearField.distance(cell.position, $0.point) <= $0.radius.value
        }
        return CommunicationRow.name(group?.name ?? type, tissue: tissue)
    }
}

extension CellPopulation {
    fileprivate func sender(_ cell: Int) -> TagPlan.Cell {
        TagPlan.Cell(id: ids[cell], type: types[cell], position: positions[cell])
    }
}

extension CellGroup {
    /// Its centre, µm.
    fileprivate var point: SIMD3<Double> { SIMD3(centre[0].value, centre[1].value, centre[2].value) }
}
