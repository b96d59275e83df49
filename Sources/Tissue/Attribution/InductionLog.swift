import Biology
import Simulation

/// What each rule has made cells secrete beyond what they would have without it.
///
/// Secretion is constant between two ticks of the rules, so the counts are exact.
struct InductionLog {
    /// By rule, molecules up to `since`, and molecules/s from then on.
    private var induced: [Double]
    private var rates: [Double]
    /// By rule, cells driven at least half way.
    private var driven: [Int]
    private var since = 0.0
    private let rules: [Int]

    init(_ model: Model) {
        induced = model.rules.map { _ in 0 }
        rates = induced
        driven = model.rules.map { _ in 0 }
        rules = model.rules.indices.filter {
            if case .secretion = model.rules[$0].behaviour { true } else { false }
        }
    }

    mutating func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("inductions.induced", &induced)
        try archive.keep("inductions.rates", &rates)
        try archive.keep("inductions.driven", &driven)
        try archive.keep("inductions.since", &since)
    }

    /// Starts a new tick at a time: rates count from now.
    mutating func turn(at time: Double) {
        for r in induced.indices {
            induced[r] += rates[r] * (time - since)
            rates[r] = 0
            driven[r] = 0
        }
        since = time
    }

    /// One cell secretes so much more because of a rule, molecules/s.
    mutating func add(rule: Int, rate: Double, isDriven: Bool) {
        rates[rule] += rate
        if isDriven { driven[rule] += 1 }
    }

    /// Since the start of the run, for rules that change secretion; `time` is not before the last tick.
    func rows(_ model: Model, at time: Double) -> [InductionRow] {
        rules.compactMap { r in
            guard case .secretion(let molecule) = model.rules[r].behaviour else { return nil }
            return InductionRow(
                start: 0, end: time, rule: r, cellType: model.rules[r].cellType, molecule: molecule,
                induced: induced[r] + rates[r] * (time - since), drivenCells: driven[r])
        }
    }
}

extension Phenotype {
    /// How much of a target's value one of its rules stands for: what is missing without it, made to add up.
    func contribution(_ target: Target, rule r: Int, _ position: Int) -> Double {
        let whole = value(target, position) - target.declared
        if target.rules.count == 1 { return whole }
        var (own, all) = (0.0, 0.0)
        for other in target.rules {
            let missing = value(target, position) - value(target, position, leavingOut: other)
            all += missing
            if other == r { own = missing }
        }
        return all != 0 ? whole * own / all : whole / Double(target.rules.count)
    }
}
