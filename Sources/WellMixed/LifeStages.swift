import Biology

/// The stages that cells of one sum are in: what is left until they may act, then ready, then the phases of a division.
///
/// Times that do not wait exponentially are chains of stages that do (``StageChain``).
struct LifeStages: Sendable {
    /// From each stage to the next, 1/s; 0 for the one in which cells stay until something happens.
    private(set) var rates: [Double] = []
    /// The stage in which cells are neither too young for anything nor in a phase.
    private(set) var ready = 0
    /// By refractory time (s), the first stage after it.
    private var first: [Double: Int] = [0: 0]
    /// The first stage of each phase of a division.
    private(set) var phaseStarts: [Int] = []
    /// What cannot be said by stages: entry below the cell type, problem and fix.
    private(set) var problems: [(entry: String, problem: String, fix: String)] = []
    /// What was taken for what, one phrase each.
    private(set) var notes: [String] = []

    /// `happens`: whether something of a type ever happens; `clearing`: the time that a body stays, where it is stages too, s.
    init(_ life: CellLife, clearing: Double? = nil, happens: (Behaviour) -> Bool) {
        if let clearing, let chain = StageChain(mean: clearing, variation: 0) {
            rates = chain.rates
            ready = rates.count - 1
            notes.append("'cleared' as \(rates.count) stages")
            return
        }
        var refractory: [(behaviour: Behaviour, time: Double)] = []
        if let division = life.division { refractory.append((.division, division.hazard.refractory.value)) }
        refractory += life.deaths.map { (.death($0.kind), $0.hazard.refractory.value) }
        refractory += life.changes.map { (.change($0.into), $0.hazard.refractory.value) }
        refractory.removeAll { !happens($0.behaviour) }
        addAges(Set(refractory.map(\.time)).subtracting([0]).sorted())
        rates.append(0)
        guard let division = life.division, happens(.division), !division.phases.isEmpty else { return }
        let commits = division.hazard.refractory.value
        for (behaviour, time) in refractory where time > commits {
            problems.append(
                (
                    entry: behaviour.lifeKey,
                    problem:
                        "a cell may be in a phase of its division before it may do this, and without space its age "
                        + "is not kept beside its phase",
                    fix:
                        "write a 'not before' of at most that of 'divides', or run it by chance (--ssa) or with space ('paracrine run')"
                ))
        }
        for phase in division.phases { add(phase) }
    }

    private mutating func addAges(_ times: [Double]) {
        var before = 0.0
        for time in times {
            if let chain = StageChain(mean: time - before, variation: 0) { rates += chain.rates }
            first[time] = rates.count
            before = time
            ready = rates.count
        }
        if !times.isEmpty { notes.append("'not before' as \(rates.count) stages") }
    }

    private mutating func add(_ phase: CellPhase) {
        guard let chain = StageChain(mean: phase.duration.mean, variation: phase.duration.variation) else {
            problems.append(
                (
                    entry: "divides.phases.\(phase.name)",
                    problem: "its duration varies by more than 100 %, and no chain of stages does",
                    fix: "write ± 100 % or less, or run it by chance (--ssa) or with space ('paracrine run')"
                ))
            return
        }
        phaseStarts.append(rates.count)
        notes.append("\(phase.name) as \(chain.rates.count) stage\(chain.rates.count == 1 ? "" : "s")")
        rates += chain.rates
    }

    /// Whether cells pass phases between committing and dividing.
    var hasPhases: Bool { ready + 1 < rates.count }

    /// The stages in which something may happen that does not before a time.
    func stages(after refractory: Double) -> Range<Int> { (first[refractory] ?? 0)..<rates.count }
}

extension Behaviour {
    /// What it is called below its cell type.
    var lifeKey: String {
        switch self {
        case .division: "divides"
        case .death(.apoptosis): "dies"
        case .death(.necrosis): "necrosis"
        case .change(let into): "becomes.\(into)"
        case .killing(let target): "kills.\(target)"
        case .engulfing(let target): "eats.\(target)"
        default: "motion"
        }
    }
}
