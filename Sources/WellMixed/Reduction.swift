public import Biology
public import Simulation

/// A model without space as one reaction network, and what each of its names stands for.
///
/// Space is ignored but for volumes: molecules are dissolved evenly in the box, so what a cell meets at its surface is
/// what is everywhere. Of several tissues each is a volume, and so is each compartment. Cells are sums over groups of one type (see ``CellSampling``). As ODEs rules act at once, their
/// delays are delays and their half-times rates; by chance they act at the ticks of their clock (`rule step`), as they do
/// in the tissue, so that between ticks every propensity depends on numbers of molecules alone and the chance is exact.
///
/// Units: s, molecules and µm³; every species means its amount, and every reaction runs one way.
public struct Reduction: Sendable {
    public let model: Model
    public let method: MixMethod
    public let groups: [MixedGroup]
    public internal(set) var network: ReactionNetwork
    /// What the reduction takes for granted, one sentence each.
    public internal(set) var notes: [String] = []

    /// Where molecules are dissolved: tissues first, then compartments.
    var volumes: [MixedVolume] = []
    /// Every molecule in every volume that it goes into; first all those of the first tissue, in the model's order.
    var pools: [MoleculePool] = []
    /// By cell type.
    let surfaces: [SurfaceReactions]
    /// By group: the network's name of each surface species, and of each state.
    var species: [[String]] = []
    var states: [[String: String]] = []
    /// By group and receptor: the name of how many one cell states; empty where it is the number it starts with.
    var stated: [[String]] = []
    /// By group and molecule: the name of one cell's secretion; empty where it secretes none.
    var secretion: [[String]] = []
    /// By group: how many cells it stands for.
    var counts: [String] = []
    /// By compartment and cell type: the name of how many cells it has, where they run out.
    var stores: [String: [String: String]] = [:]
    /// By group, where its cells come and go.
    var living: [LivingSum?] = []
    /// By group: what killers have done to its cells, and the names of its states; none where hits leave no trace.
    var marks: [TargetMarks?] = []
    var markNames: [[String]] = []
    /// By group and type: the name of how many cells of it one meets, where something reads that.
    var meetings: [[String: String]] = []
    /// By group: how often its cells divide, die, change, attach and take in, where rules say so.
    var ruledRates: [[Behaviour: Formula]] = []
    /// By group: how often one of its cells is attached to, by attack; and taken in, where it is.
    var attached: [[Formula]] = []
    var eaten: [Formula?] = []
    /// By group: the names of its cells' mean age and phase time, where something reads them.
    var ages: [[BodySignal: String]] = []
    let encounters: Encounters
    /// Where cells that come and go are followed one by one, how many places there are for each kind; `nil` where they
    /// are sums.
    let room: [CellKind: Int]?
    /// By group, where it is a place.
    var places: [CellPlace?] = []
    /// How many cells there are of each kind that comes and goes, where they are followed one by one.
    var totals: [CellKind: String] = [:]
    /// How many of them hold none, where something depends on it, and how often all of them do something.
    var freeNames: [CellKind: String] = [:]
    var huntings: [String: String] = [:]
    var meals: [Meal] = []
    /// Reactions by which a cell comes from outside.
    var comings: [(reaction: String, kind: CellKind)] = []
    /// Cells given into a tissue: when (s), of which kind, how many.
    var given: [(time: Double, kind: CellKind, count: Int)] = []
    /// By group: what its names begin with.
    var labels: [String] = []
    /// What the names of free networks are here, by network; and of networks inside the cells of a group.
    var freeNetworks: [String: NetworkMap] = [:]
    var cellNetworks: [[String: NetworkMap]] = []
    /// By network, the species that are dissolved molecules.
    var sharedSpecies: [String: [String: SharedSpecies]] = [:]
    /// The model's networks as reactions, by name.
    var networkReactions: [String: ReactionNetwork] = [:]
    /// Rate constants that groups share.
    var constants: [String: String] = [:]
    var names = NetworkNames()
    var problems: [MixRefusal.Reason] = []
    var doses: [Dose] = []
    /// What rules make cells secrete, in the order of the rules.
    var induced: [MixedInduction] = []
    /// By chance, when cells or rules were last other ones, where something is induced.
    var lastTick: String?
    /// What the ticks of the rules set; by chance only.
    var ticked: [NetworkAssignment] = []

    /// What it was made from.
    struct Start: Sendable {
        var cells: [PlacedCell]
        var contacts: [String: [Double]]
        var sampling: CellSampling
    }
    let start: Start

    /// The volume of the only tissue.
    static let mediumName = "medium"

    /// Reduces a model with its cells as placed.
    ///
    /// `cells` are counted by type, with their receptors and secretion; where they stand is ignored. `contacts` says how
    /// many cells of a type touch each cell, by the type's name: they stay as placed, since mixing is of molecules and no
    /// cell moves. `sampling` says how many cells of each type stand for all.
    ///
    /// - Throws: ``MixRefusal`` with everything that has no meaning without space.
    public init(
        _ model: Model, cells: [PlacedCell], contacts: [String: [Double]], method: MixMethod,
        sampling: CellSampling = .fewest
    ) throws(MixRefusal) {
        try self.init(model, cells, contacts, method, sampling, room: nil)
    }

    /// `asked`: how many places there are to be, where cells are followed one by one and more are needed than at first.
    init(
        _ model: Model, _ cells: [PlacedCell], _ contacts: [String: [Double]], _ method: MixMethod,
        _ sampling: CellSampling, room asked: [CellKind: Int]?
    ) throws(MixRefusal) {
        self.model = model
        self.method = method
        start = Start(cells: cells, contacts: contacts, sampling: sampling)
        let surfaces = model.cellTypes.map { SurfaceReactions(model, expressed: model.receptorsExpressed(by: $0)) }
        self.surfaces = surfaces
        let reason = model.reasonForOneByOne(surfaces)
        let isOneByOne = method == .ssa && (sampling == .all || sampling == .fewest && reason != nil)
        let room =
            isOneByOne && model.cellTypes.contains(where: model.comesAndGoes)
            ? asked ?? Reduction.room(model, cells: cells) : nil
        self.room = room
        groups = MixedGroup.groups(model, cells: cells, contacts: contacts, room: room) { type in
            if model.comesAndGoes(model.cellTypes[type]) { return .fewest }
            guard method == .ssa, sampling == .fewest else { return sampling }
            return model.sumsObeyTheSameLaw(model.cellTypes[type], surfaces[type]) ? .fewest : .all
        }
        encounters = Encounters(model)
        network = ReactionNetwork(name: model.name)
        network.units = NetworkUnits(time: 1, amount: 1, volume: 1)
        addVolumes()
        if model.run.fields == .quasiSteady {
            notes.append("the medium is followed as it changes, as with 'fields: dynamic': mixed, that costs nothing")
        }
        refuseLives(sampling)
        if refuseCrowds() { throw MixRefusal(reasons: problems) }
        addMolecules()
        addCells()
        nameMeetings()
        addMarks()
        nameAges()
        nameNetworks()
        addRules()
        addSurfaces()
        if isOneByOne {
            addActs()
            addRecruits()
        } else {
            addMeetings()
            addLives()
            addAttacks()
            addAges()
        }
        addNetworks()
        addTreatments()
        addTicks()
        if let reason, isOneByOne { notes.append("cells that come and go are followed one by one: \(reason)") }
        if !problems.isEmpty { throw MixRefusal(reasons: problems) }
        describe()
    }

    mutating func refuse(_ entry: String, _ problem: String, _ fix: String) {
        let reason = MixRefusal.Reason(entry: entry, problem: problem, fix: fix)
        if !problems.contains(reason) { problems.append(reason) }
    }

    private mutating func describe() {
        for (type, cellType) in model.cellTypes.enumerated() {
            let own = groups.filter { $0.type == type }
            guard !own.isEmpty else { continue }
            let cells = own.reduce(0) { $0 + $1.members.count }
            let isOne = own.count == 1 && (cells != 1 || isOneSum(type))
            let isAlone = own.count == cells || places[groups.firstIndex { $0.type == type } ?? 0] != nil
            let stand = isOne ? "as one sum" : isAlone ? "each on its own" : "as \(own.count) sums"
            notes.append("\(cellType.name): \(cells) cells, \(stand)")
        }
        if model.cellTypes.contains(where: { !model.contactsRead(by: $0).isEmpty }) {
            notes.append("contacts between cells that stand still stay as the cells are placed: mixing is of molecules")
        }
        if model.cellTypes.contains(where: { !model.takers(of: $0).isEmpty })
            || model.cellTypes.contains(where: { !model.contactsMade(by: $0).isEmpty })
        {
            notes.append("cells that move, come or go meet as if each stood anywhere at every time")
        }
        if model.signalsUsed.contains(.body(.pressure)) {
            notes.append("no cell presses another: pressure is 0")
        }
        if model.cellTypes.contains(where: { $0.life?.motion != nil }) {
            notes.append("how cells move is left out: mixed, where they are does not matter")
        }
        if living.contains(where: { $0 != nil }) {
            notes.append(
                "cells that come and go: all of a type carry the same"
                    + (method == .ssa
                        ? ", and what one takes along is drawn from their sum; their numbers are exact" : ""))
        }
    }

    // MARK: - Building

    /// Adds a parameter and returns its name.
    mutating func parameter(_ name: String, _ value: Double) -> Formula {
        network.parameters.append(NetworkParameter(name: name, value: value))
        return .name(name)
    }

    /// Adds a value that a rule holds at every time, and returns its name.
    mutating func assigned(_ name: String, _ formula: Formula) -> String {
        network.parameters.append(NetworkParameter(name: name, value: nil, isConstant: false))
        network.assignmentRules.append(NetworkAssignment(name, formula))
        return name
    }

    mutating func addSpecies(_ name: String, _ amount: Double, in volume: Int, isHeld: Bool = false) {
        network.species.append(
            NetworkSpecies(
                name: name, compartment: volumes[volume].name, initial: .amount(amount), meaning: .amount,
                isBoundary: isHeld, isConstant: isHeld))
    }

    /// Adds a reaction that runs one way, in molecules/s; one that never runs is left out.
    ///
    /// `more`: what comes beside the products, several at a time.
    mutating func react(
        _ name: String, _ reactants: [String], _ products: [String], more: [(species: String, number: Double)] = [],
        at rate: Formula
    ) {
        network.reactions.append(
            NetworkReaction(
                name: name, reactants: Reduction.participants(reactants),
                products: Reduction.participants(products)
                    + more.filter { $0.number > 0 }.map { .init($0.species, .number($0.number)) },
                rate: rate))
    }

    /// A species that is there several times takes part once, with its number.
    private static func participants(_ species: [String]) -> [NetworkReaction.Participant] {
        var order: [String] = []
        var counts: [String: Double] = [:]
        for name in species {
            if counts[name] == nil { order.append(name) }
            counts[name, default: 0] += 1
        }
        return order.map { NetworkReaction.Participant($0, .number(counts[$0] ?? 1)) }
    }

    /// Molecules come in whole numbers where chance is exact.
    func whole(_ amount: Double) -> Double { method == .ssa ? amount.rounded() : amount }
}

extension Model {
    /// Whether the sums over a type's cells obey exactly the law that the cells obey one by one.
    ///
    /// They do where all that happens on a cell is of first order in its own numbers, and nothing it does follows a curve
    /// of them: then a sum's propensity is the sum of the cells'.
    func sumsObeyTheSameLaw(_ type: CellType, _ surface: SurfaceReactions) -> Bool {
        guard surface.joinings.isEmpty, type.networks.isEmpty else { return false }
        var raisesHeld = false
        var read: [Signal] = []
        for rule in rules where rule.cellType == type.name {
            read += rule.inputs.map(\.signal)
            read += blocks.filter { block in
                block.cellType == type.name && rule.inputs.contains { $0.signal == block.signal }
            }.map(\.by.signal)
            guard case .expression(let name) = rule.behaviour else { continue }
            if case .turnover = receptor(name)?.supply { continue }
            raisesHeld = true
        }
        return !raisesHeld && !read.contains { isOfOneCell($0, type) }
    }

    /// Whether a signal differs between cells of a type by chance.
    private func isOfOneCell(_ signal: Signal, _ type: CellType) -> Bool {
        switch signal {
        case .concentration, .inCompartment, .contact, .time, .body: false
        case .receptor, .bound, .complex, .network: true
        case .state(let name):
            (type.states.first { $0.name == name }?.expression.signals ?? []).contains { isOfOneCell($0, type) }
        }
    }
}

extension Reduction {
    /// What a molecule's balance counts, by species: in the medium, on cells and what left count for it, what came in
    /// against it; the sum never changes.
    public func balance(of molecule: String) -> [String: Double] {
        guard let m = model.molecules.firstIndex(where: { $0.name == molecule }) else { return [:] }
        var weights: [String: Double] = [:]
        for pool in pools where pool.molecule == m {
            weights[pool.species] = 1
            for (entry, name) in pool.accounts { weights[name] = entry == .secreted || entry == .entered ? -1 : 1 }
            for name in pool.internalised.values { weights[name] = 1 }
            for name in pool.gained { weights[name] = -1 }
            for name in pool.lost { weights[name] = 1 }
        }
        for (g, group) in groups.enumerated() {
            for (s, species) in surfaces[group.type].species.enumerated() where species.isOnSurface {
                let held = species.ligands.count { $0 == m }
                if held > 0 { weights[self.species[g][s]] = Double(held) }
            }
        }
        return weights
    }
}
