import Biology

/// A place for one cell of a type, taken or empty: its names in the network of cells one by one.
///
/// Whether a cell is there is the number of its group.
struct CellPlace: Sendable {
    /// What a cell draws for itself: a number of receptors, or a rate of secretion.
    struct Drawn: Sendable {
        enum Kind: Hashable, Sendable { case receptor(Int), secretion(Int) }
        let name: String
        let kind: Kind
        /// What a rule's values are stated for, where it is what those are multiplied by.
        let declared: Double?
    }

    /// A reaction that changes nothing by itself: something happens to the cell.
    struct Call: Sendable {
        let reaction: String
        let act: Act
    }

    enum Act: Hashable, Sendable {
        case commit
        case die(Death.Kind)
        case change(into: Int)
        /// A cell of a type attaches to this one.
        case attached(by: Int)
    }

    /// A network inside a cell, and what becomes of its values as it divides.
    struct Inside: Sendable {
        let network: String
        /// What its names are here.
        let names: [String: String]
        /// What the cell gives it, by its own names.
        let inputs: [String]
        /// Molecules: each goes to one daughter.
        var counted: [String] = []
        /// Each daughter has half.
        var halved: [String] = []
        /// Each daughter has the same.
        var kept: [String] = []
    }

    let group: Int
    let id: String
    /// 1 where its cell is in no phase of a division.
    var ready: String?
    /// By refractory time (s), 1 once its cell has been of its type for so long.
    var able: [Double: String] = [:]
    /// When its cell was born, and when it entered its phase; s.
    var born: String?
    var phaseStart: String?
    /// Where its cells may be hit: hits as they were at a time, that time (s), and the rate of repair (1/s).
    var damage: String?
    var hitTime: String?
    var repair: String?
    /// 1 where its cell holds none.
    var isFree: String?
    /// States that no rule of its type sets and rules of others do: kept as they were, with what they are at first.
    var states: [String: (name: String, first: Double)] = [:]
    var drawn: [Drawn] = []
    var calls: [Call] = []
    /// What rules remember, each with what it starts from.
    var memory: [(name: String, start: String)] = []
    var inside: [Inside] = []
}

/// Cells of a type in a tissue.
struct CellKind: Hashable, Sendable {
    let type: Int
    let tissue: Int
}

extension Model {
    /// Whether cells of a type are followed one by one where any are: they come and go, or act on those they touch.
    func mayBeFollowed(_ type: CellType) -> Bool {
        comesAndGoes(type) || !(type.life?.kills ?? []).isEmpty || !(type.life?.eats ?? []).isEmpty
    }

    /// Why cells that come and go have to be followed one by one for their chance to be exact; `nil` where sums are.
    func reasonForOneByOne(_ surfaces: [SurfaceReactions]) -> String? {
        for (index, type) in cellTypes.enumerated() where comesAndGoes(type) {
            if !sumsObeyTheSameLaw(type, surfaces[index]) || signalsRead(by: type).contains(where: \.isOfOneLife) {
                return "what those of '\(type.name)' do depends on what each carries, or went through"
            }
            let isLate = rules.contains {
                $0.cellType == type.name && ($0.delay.value > 0 || $0.halfTime.value > 0)
            }
            if isLate && (newcomers.contains(type.name) || cellDoses?.contains { $0.cellType == type.name } == true) {
                return "those that come as '\(type.name)' have a past of their own"
            }
            if statesReceptorsOfOthers(type) {
                return "a rule states a receptor that those of '\(type.name)' take along"
            }
            let stages = LifeStages(type.life ?? CellLife()) { happens($0, to: type) }
            let killings = killers(of: type)
            let repairs = Set(killings.map { $0.killing.repair?.value ?? .infinity })
            if repairs.count > 1 || TargetMarks(killings) == nil {
                return "what was done to those of '\(type.name)' is no short list of states"
            }
            if copiesWhatItCameWith(type) { return "those of '\(type.name)' copy receptors that they came with" }
            if !stages.problems.isEmpty { return "times in the life of '\(type.name)' are no chain of stages" }
        }
        return nil
    }

    /// Whether daughters copy a number of receptors that cells brought along from another type.
    private func copiesWhatItCameWith(_ type: CellType) -> Bool {
        (type.life?.division?.daughters ?? [:]).contains { name, way in
            guard way == .copy, let receptor = receptor(name) else { return false }
            if case .turnover = receptor.supply { return false }
            return cellTypes.contains { other in
                other.life?.changes.contains { $0.into == type.name } == true && other.receptors[name] != nil
            }
        }
    }

    /// Whether a rule gives the number of a held receptor of one type and of none that it becomes, or the other way round.
    private func statesReceptorsOfOthers(_ type: CellType) -> Bool {
        func states(_ receptor: Receptor, _ type: CellType) -> Bool {
            guard case .held = receptor.supply else { return false }
            return rules.contains { $0.cellType == type.name && $0.behaviour == .expression(receptor.name) }
        }
        let into = (type.life?.changes.map(\.into) ?? []) + (type.life?.deaths.compactMap(\.body) ?? [])
        return into.compactMap { cellType($0) }.contains { other in
            receptors.contains { states($0, type) != states($0, other) }
        }
    }
}

extension Signal {
    /// Whether a cell's own life says what it is.
    fileprivate var isOfOneLife: Bool {
        switch self {
        case .body(.age), .body(.phaseTime), .body(.damage): true
        default: false
        }
    }
}
