import Biology

/// A sum of cells that come and go: they divide, die, change, or are what others become.
struct LivingSum: Sendable {
    let life: CellLife
    let stages: LifeStages
    /// By stage, the name of the number of cells in it.
    let names: [String]
    /// What may happen, each a cell and second.
    var rates: [Behaviour: Formula] = [:]
    /// The name of how many cells divide a second; `nil` where none does.
    var divisions: String?
    /// By chance, the name of how many have divided.
    var divided: String?
    /// The name of how many cells come to be of the type a second; `nil` where none does.
    var arrivals: String?
    /// What that is the sum of.
    var arriving: [Formula] = []
    /// Of that, what groups of other types become.
    var turning: [(group: Int, flux: Formula)] = []
    /// By chance, the name of how many have come.
    var arrived: String?
    /// How many a second enter a phase, and how much age those bring along that were of another type.
    var phasesEntered: [Formula] = []
    var ageArriving: [Formula] = []
}

/// One way in which cells of a sum go.
struct CellExit: Sendable {
    /// What happens to them: "death", "becoming B".
    let word: String
    let group: Int
    /// The group that they are of afterwards; `nil` where nothing is left.
    let into: Int?
    /// Molecules let go, by index in the model.
    var releases: [(molecule: Int, amount: Double)]
    /// Of each cell, 1/s.
    let rate: Formula
    /// The same by what was done to it, where that is what makes it go.
    let byMark: [Formula]
    /// In which stages it happens.
    let stages: Range<Int>
}

extension Model {
    /// Whether cells of a type come, go or change while a model runs.
    func comesAndGoes(_ type: CellType) -> Bool {
        if newcomers.contains(type.name) || !takers(of: type).isEmpty { return true }
        guard let life = type.life else { return false }
        return life.division != nil || !life.deaths.isEmpty || !life.changes.isEmpty || life.vanishes != nil
    }

    /// What anything in the model reads of cells, and what is observed of them.
    var signalsUsed: Set<Signal> { signalsObserved.union(cellTypes.flatMap { signalsRead(by: $0) }) }

    /// Whether something of a type's life can happen: at a rate of its own, or by a rule.
    func happens(_ behaviour: Behaviour, to type: CellType) -> Bool {
        let isRuled = rules.contains { $0.cellType == type.name && $0.behaviour == behaviour }
        return isRuled || (type.life?.stated(behaviour) ?? 0) > 0
    }

    /// The signals that something of a type reads, without rules on what has no meaning without places.
    func signalsRead(by type: CellType) -> [Signal] {
        let own = rules.filter { $0.cellType == type.name && !$0.behaviour.isOfPlaces }
        let read = Set(own.flatMap { $0.inputs.map(\.signal) })
        var signals = Array(read) + type.states.flatMap(\.expression.signals)
        for block in blocks where block.cellType == type.name && read.contains(block.signal) {
            signals.append(block.by.signal)
        }
        return signals + type.networks.flatMap(\.inputs).flatMap(\.expression.signals)
    }
}

extension Behaviour {
    /// Whether it is not about what a cell does without places: it is about where a cell is, or about those not there yet.
    var isOfPlaces: Bool {
        switch self {
        case .speed, .persistence, .attraction, .recruitment, .adhesion: true
        case .secretion, .expression, .state, .division, .death, .change, .killing, .engulfing: false
        }
    }
}
