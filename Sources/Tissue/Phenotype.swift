import Biology
import Simulation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What rules make of the cells: compiled rules, their delays and lags, and the states they set.
struct Phenotype {
    /// One rule at work: its fraction for each cell it applies to, delayed and lagged.
    struct ActiveRule {
        let rule: Rule
        let inputs: [CompiledSignal]
        /// Antagonists by input: the signal that blocks it, half-max and hill.
        let blocks: [[(signal: CompiledSignal, halfMax: Double, hill: Double)]]
        private(set) var cells: [Int]
        /// 0...1, after delay and lag, by position in `cells`.
        var fraction: [Double]
        /// The same before delay and lag, at the last tick.
        var now: [Double]
        var history: DelayLine?
        /// Cells that the rule meets for the first time at the next tick.
        var isNew: [Bool]

        /// Makes what a delay looks back on: a cell that is new has always been as it is now.
        mutating func remember(_ step: Double) {
            if history == nil { history = DelayLine(delay: rule.delay.value, step: step, first: now) }
            for i in isNew.indices where isNew[i] { history?.fill(i, with: now[i]) }
        }

        /// Cells have come and gone: `places` are those of the cells of the type now, `origins` where each stood among
        /// them before, −1 for one that is new to the rule.
        mutating func follow(_ places: [Int], origins: [Int]) {
            func gather<Value>(_ column: [Value], _ none: Value) -> [Value] {
                origins.map { $0 < 0 ? none : column[$0] }
            }
            cells = places
            fraction = gather(fraction, 0)
            now = gather(now, 0)
            isNew = gather(isNew, true)
            history?.follow(origins)
        }

        /// `places`: those of the cells of the type now.
        mutating func keep(in archive: StateArchive, _ places: [Int], _ step: Double) throws(StateProblem) {
            cells = places
            try archive.keep("rule.fraction", &fraction)
            try archive.keep("rule.now", &now)
            try archive.keep("rule.new", &isNew)
            guard fraction.count == cells.count, now.count == cells.count, isNew.count == cells.count else {
                throw StateProblem("rule", "is of \(fraction.count) cells, not \(cells.count)")
            }
            var remembers = history != nil
            try archive.keep("rule.remembers", &remembers)
            if !remembers { history = nil }
            if remembers, history == nil { history = DelayLine(delay: rule.delay.value, step: step, first: now) }
            try history?.keep(in: archive)
        }

        /// Takes in what is now, and puts what was one delay ago in its place.
        mutating func recall() {
            var values: [Double] = []
            swap(&values, &now)
            history?.push(&values)
            swap(&values, &now)
        }
    }

    /// All rules of one type on one behaviour, and how they meet.
    struct Target {
        let behaviour: Behaviour
        let rules: [Int]
        let combination: Combination
        /// The type's stated value, coherent unit.
        let declared: Double
        var cells: [Int]
    }

    var rules: [ActiveRule] = []
    private(set) var targets: [Target] = []
    /// States that rules set: one column a name, one entry a cell.
    var stored: [[Double]] = []
    private(set) var storedNames: [String: Int] = [:]
    private(set) var contactNames: [String: Int] = [:]
    private(set) var contacts: [[Double]] = []
    let step: Double
    private var ticksDone = 0
    /// Room for one cell's signals of one rule.
    private var signals: [Double] = []

    private let networks: CellNetworks?
    /// By molecule and compartment.
    private let courses: [[CompartmentCourse]]

    init(
        _ model: Model, population: CellPopulation, networks: CellNetworks?, courses: [[CompartmentCourse]]
    ) {
        self.courses = courses
        step = model.run.ruleStep.value
        self.networks = networks
        nameColumns(model, population)
        countContacts(model, population)
        let compilers = model.cellTypes.indices.map { compiler(model, type: $0, population) }
        for rule in model.rules {
            guard let type = model.cellTypes.firstIndex(where: { $0.name == rule.cellType }) else { continue }
            // Rules on recruiting are of no cell that is there.
            let cells = (0..<population.count).filter {
                population.types[$0] == type && !rule.behaviour.isOfArrivals
            }
            let blocks = rule.inputs.map { input in
                model.blocks.filter { $0.cellType == rule.cellType && $0.signal == input.signal }.map {
                    (signal: compilers[type].compile($0.by.signal), halfMax: $0.by.halfMax, hill: $0.by.hill)
                }
            }
            rules.append(
                ActiveRule(
                    rule: rule, inputs: rule.inputs.map { compilers[type].compile($0.signal) }, blocks: blocks,
                    cells: cells, fraction: Array(repeating: 0, count: cells.count),
                    now: Array(repeating: 0, count: cells.count), history: nil,
                    isNew: Array(repeating: true, count: cells.count)))
        }
        signals = Array(repeating: 0, count: model.rules.map(\.inputs.count).max() ?? 0)
        groupTargets(model)
    }

    func compiler(_ model: Model, type: Int, _ population: CellPopulation) -> SignalCompiler {
        SignalCompiler(
            model: model, type: model.cellTypes[type], network: population.networks[type], stored: storedNames,
            contacts: contactNames, networks: networks, courses: courses)
    }

    private mutating func nameColumns(_ model: Model, _ population: CellPopulation) {
        for rule in model.rules {
            guard case .state(let name) = rule.behaviour, storedNames[name] == nil else { continue }
            storedNames[name] = stored.count
            let first = model.cellTypes.map { Phenotype.first(name, $0) }
            stored.append(population.types.map { first[$0] })
        }
    }

    mutating func countContacts(_ model: Model, _ population: CellPopulation) {
        let found = CellContacts(
            model, types: population.types, positions: population.positions, radii: population.radii)
        contacts = []
        for (name, counts) in found.counts.sorted(by: { $0.key < $1.key }) {
            contactNames[name] = contacts.count
            contacts.append(counts)
        }
    }

    private mutating func groupTargets(_ model: Model) {
        for (r, active) in rules.enumerated() {
            let (type, behaviour) = (active.rule.cellType, active.rule.behaviour)
            let isKnown = rules[..<r].contains { $0.rule.cellType == type && $0.rule.behaviour == behaviour }
            if isKnown { continue }
            let same = rules.indices.filter { rules[$0].rule.cellType == type && rules[$0].rule.behaviour == behaviour }
            targets.append(
                Target(
                    behaviour: behaviour, rules: same, combination: model.combinations[behaviour] ?? .product,
                    declared: active.rule.from, cells: active.cells))
        }
    }

    /// Cells have come and gone, or are of other types; rules, delays and states follow them.
    mutating func turnOver(_ turnover: CellTurnover, _ model: Model, oldTypes: [Int]) {
        var counts = model.cellTypes.map { _ in 0 }
        let oldPlaces = oldTypes.map { type in
            counts[type] += 1
            return counts[type] - 1
        }
        var places = model.cellTypes.map { _ in [Int]() }
        var origins = places
        for cell in 0..<turnover.count {
            let type = turnover.types[cell]
            let origin = turnover.origin(of: cell)
            places[type].append(cell)
            origins[type].append(origin.map { oldTypes[$0] == type ? oldPlaces[$0] : -1 } ?? -1)
        }
        func type(_ name: String) -> Int { model.cellTypes.firstIndex { $0.name == name } ?? 0 }
        for r in rules.indices {
            if rules[r].rule.behaviour.isOfArrivals { continue }
            let type = type(rules[r].rule.cellType)
            rules[r].follow(places[type], origins: origins[type])
        }
        for t in targets.indices {
            guard let rule = targets[t].rules.first else { continue }
            targets[t].cells = rules[rule].cells
        }
        for (name, column) in storedNames {
            let first = model.cellTypes.map { Phenotype.first(name, $0) }
            var values = turnover.follow(stored[column], newcomer: 0)
            for cell in 0..<turnover.count {
                let origin = turnover.origin(of: cell)
                // A type that has the state keeps it; one that had it not starts it anew.
                let kept = origin.map { model.cellTypes[oldTypes[$0]].states.contains { $0.name == name } } ?? false
                if !kept { values[cell] = first[turnover.types[cell]] }
            }
            stored[column] = values
        }
    }

    mutating func keep(in archive: StateArchive, _ model: Model, _ population: CellPopulation) throws(StateProblem) {
        for r in rules.indices {
            let type = model.cellTypes.firstIndex { $0.name == rules[r].rule.cellType } ?? 0
            let isOfArrivals = rules[r].rule.behaviour.isOfArrivals
            let places = population.types.indices.filter { population.types[$0] == type && !isOfArrivals }
            try rules[r].keep(in: archive, places, step)
        }
        for t in targets.indices {
            if let rule = targets[t].rules.first { targets[t].cells = rules[rule].cells }
        }
        try archive.keep("states", &stored)
        guard stored.allSatisfy({ $0.count == population.count }) else { throw StateProblem("states", "are of others") }
        try archive.keep("rules.ticks", &ticksDone)
        if archive.isRestoring { countContacts(model, population) }
    }

    /// What a state that rules set is without them; 0 where the type has none.
    private static func first(_ name: String, _ type: CellType) -> Double {
        guard case .number(let value) = type.states.first(where: { $0.name == name })?.expression else { return 0 }
        return value
    }

    // MARK: - The clock of rules

    /// Whether no rule is of any cell that is or may be there.
    var isEmpty: Bool { rules.allSatisfy(\.rule.behaviour.isOfArrivals) }

    /// Whether a tick of the rules falls on this time and has not been done.
    func isDue(at time: Double) -> Bool { !isEmpty && time >= Double(ticksDone) * step }

    func nextTick(after time: Double) -> Double? { isEmpty ? nil : Double(ticksDone) * step }

    /// Reads all signals and moves every rule on by one tick.
    mutating func tick(_ source: SignalSource) {
        for r in rules.indices {
            let rule = rules[r].rule
            for (position, cell) in rules[r].cells.enumerated() {
                for input in rules[r].inputs.indices {
                    var signal = source.value(rules[r].inputs[input], cell)
                    for block in rules[r].blocks[input] {
                        signal /= 1 + Phenotype.dose(source.value(block.signal, cell), block.halfMax, block.hill)
                    }
                    signals[input] = signal
                }
                rules[r].now[position] = Phenotype.fraction(rule, signals)
            }
            if rule.delay.value > 0 {
                rules[r].remember(step)
                rules[r].recall()
            }
            let halfTime = rule.halfTime.value
            let share = halfTime == 0 ? 1 : 1 - exp2(-step / halfTime)
            for i in rules[r].now.indices {
                let taken = rules[r].isNew[i] ? 1 : share
                rules[r].fraction[i] += taken * (rules[r].now[i] - rules[r].fraction[i])
                rules[r].isNew[i] = false
            }
        }
        ticksDone += 1
    }

    /// (signal/half-max)^hill, 0 for what is not there.
    static func dose(_ signal: Double, _ halfMax: Double, _ hill: Double) -> Double {
        signal > 0 ? SignalCompiler.power(signal / halfMax, hill) : 0
    }

    /// How far the rule's signals have driven it, 0...1 (beyond 1 only where MuSyC's efficacy says so).
    static func fraction(_ rule: Rule, _ signals: [Double]) -> Double {
        switch rule.interaction {
        case .independent:
            var left = 1.0
            for (i, input) in rule.inputs.enumerated() { left *= 1 - hillFraction(signals[i], input) }
            return 1 - left
        case .all:
            var all = 1.0
            for (i, input) in rule.inputs.enumerated() { all *= hillFraction(signals[i], input) }
            return all
        case .additive:
            var sum = 0.0
            for (i, input) in rule.inputs.enumerated() { sum += max(signals[i], 0) / input.halfMax }
            let dose = dose(sum, 1, rule.inputs.first?.hill ?? 1)
            return dose.isInfinite ? 1 : dose / (1 + dose)
        case .musyc(let potency, let efficacy):
            guard rule.inputs.count == 2 else { return 0 }
            let (a, b) = (rule.inputs[0], rule.inputs[1])
            return musyc(
                (dose(signals[0], a.halfMax, a.hill), dose(signals[1], b.halfMax, b.hill)), (a, b), potency, efficacy)
        }
    }

    private static func hillFraction(_ signal: Double, _ input: RuleInput) -> Double {
        let dose = dose(signal, input.halfMax, input.hill)
        return dose.isInfinite ? 1 : dose / (1 + dose)
    }

    /// Steady shares of U, A1, A2, A12 under two drugs; each multiplies the other's effective dose by `potency`.
    ///
    /// U ⇌ A1 and U ⇌ A2 with dose ratios u1 and u2; A1 ⇌ A12 with α^h2·u2 and A2 ⇌ A12 with α^h1·u1. Every way back runs
    /// at the rate 1: with C^h, as the source writes it, the result would depend on the unit of dose wherever the scheme
    /// is not in detailed balance (α^h2 ≠ α^h1); where it is, both say the same.
    /// - Source: Meyer et al. 2019 Cell Systems 8:97, the scheme as in facts/validation.md V16.
    private static func musyc(
        _ u: (Double, Double), _ inputs: (RuleInput, RuleInput), _ potency: Double, _ efficacy: Double
    ) -> Double {
        let (on12, on21) = (pow(potency, inputs.1.hill) * u.1, pow(potency, inputs.0.hill) * u.0)
        // A1 (1 + on12) − A12 = u1;  A2 (1 + on21) − A12 = u2;  2 A12 − A1 on12 − A2 on21 = 0, with U = 1.
        let (d1, d2) = (1 + on12, 1 + on21)
        let both = (on12 * u.0 / d1 + on21 * u.1 / d2) / (2 - on12 / d1 - on21 / d2)
        let (one, two) = ((u.0 + both) / d1, (u.1 + both) / d2)
        let total = 1 + one + two + both
        return total.isFinite ? (one + two + efficacy * both) / total : efficacy
    }

    /// The value that a target's rules give together for one cell; `left` is left out, as if it were not there.
    func value(_ target: Target, _ position: Int, leavingOut left: Int = -1) -> Double {
        var combined: Double?
        for r in target.rules where r != left {
            let next = value(rule: r, position)
            combined = combined.map { target.combination.meet($0, next, declared: target.declared) } ?? next
        }
        return combined ?? target.declared
    }

    private func value(rule r: Int, _ position: Int) -> Double {
        rules[r].rule.from + (rules[r].rule.to - rules[r].rule.from) * rules[r].fraction[position]
    }
}

extension Combination {
    /// What rules so far and one more give together; `declared` is the value without signals.
    func meet(_ before: Double, _ next: Double, declared: Double) -> Double {
        switch self {
        case .product: before * (next / declared)
        case .sum: before + (next - declared)
        case .max: Swift.max(before, next)
        case .min: Swift.min(before, next)
        }
    }
}

/// What a rule's fractions were, as far back as its delay.
///
/// At most 64 samples a cell, interpolated linearly: a delay of hours does not need every minute kept.
struct DelayLine {
    private let delayInSamples: Double
    private let ticksPerSample: Int
    private var samples: [[Double]]
    private var ticks = 0
    private var newest = 0

    init(delay: Double, step: Double, first: [Double]) {
        ticksPerSample = max(1, Int((delay / step / 64).rounded(.up)))
        delayInSamples = delay / (step * Double(ticksPerSample))
        // Each row has room of its own from the start, so that no later write makes any.
        samples = (0..<Int(delayInSamples.rounded(.up)) + 2).map { _ in first.map { $0 } }
    }

    /// One entry has always been so.
    mutating func fill(_ i: Int, with value: Double) {
        for s in samples.indices { samples[s][i] = value }
    }

    /// Entries become what those at `origins` were; 0 where that is below 0.
    mutating func follow(_ origins: [Int]) {
        for s in samples.indices { samples[s] = origins.map { $0 < 0 ? 0 : samples[s][$0] } }
    }

    mutating func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("delay.samples", &samples)
        try archive.keep("delay.ticks", &ticks)
        try archive.keep("delay.newest", &newest)
        guard samples.indices.contains(newest), ticks >= 0 else { throw StateProblem("delay", "is another") }
    }

    /// Takes in the values of this tick, and replaces them by those of one delay ago.
    mutating func push(_ now: inout [Double]) {
        let behind = ticks % ticksPerSample
        if behind == 0 {
            // The oldest makes room for the newest.
            newest = (newest + samples.count - 1) % samples.count
            for i in now.indices { samples[newest][i] = now[i] }
        }
        ticks += 1
        // The newest sample is `behind` ticks old.
        let back = max(0, delayInSamples - Double(behind) / Double(ticksPerSample))
        let index = min(Int(back), samples.count - 2)
        let share = back - Double(index)
        let (newer, older) = ((newest + index) % samples.count, (newest + index + 1) % samples.count)
        for i in now.indices { now[i] = (1 - share) * samples[newer][i] + share * samples[older][i] }
    }
}
