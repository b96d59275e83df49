import Biology

/// What killers have done to cells of one type: how far they are hit, and who holds them.
///
/// The cells of a sum are shared out over these states; one that is killed leaves from the state it was killed in.
struct TargetMarks: Sendable {
    struct Attack: Sendable {
        /// Index of the killers' type.
        let killer: Int
        let killing: Killing
        /// Levels of damage at which it kills.
        let lethal: Int

        var holds: Bool { killing.every.value > 0 }
    }

    struct State: Hashable, Sendable {
        /// Hits that have not been repaired, in steps of 1/`grain`.
        var level: Int
        /// By attack, how many hold it.
        var holders: [Int]

        var isHeld: Bool { holders.contains { $0 > 0 } }
    }

    let attacks: [Attack]
    /// Steps of damage that one hit makes.
    let grain: Int
    /// Half-life of damage, s.
    let repair: Double?
    /// None where every hit kills as it comes.
    let states: [State]
    private let places: [State: Int]

    /// Chosen: a fifth finds no room.
    static let mostHolders = 4
    /// Chosen: damage that is repaired smoothly goes in steps of a quarter of a hit, down at a rate that keeps its mean.
    static let grainOfRepair = 4
    /// Chosen: some seconds of computing.
    static let mostStates = 1000

    /// `nil` where there are more than ``mostStates``.
    init?(_ attacks: [(killer: Int, killing: Killing)]) {
        repair = attacks.compactMap { $0.killing.repair?.value }.first
        let grain = repair == nil ? 1 : TargetMarks.grainOfRepair
        self.grain = grain
        // In the tissue damage kills where it rounds to the hits that do.
        self.attacks = attacks.map { attack in
            let hits = min(attack.killing.hits, TargetMarks.mostStates)
            return Attack(killer: attack.killer, killing: attack.killing, lethal: max(1, hits * grain - grain / 2))
        }
        let levels = self.attacks.map(\.lethal).max() ?? 1
        // How many ways there are to be held, before any is listed: 4 of n + 4.
        let holding = Double(self.attacks.count(where: \.holds))
        let ways = (1...TargetMarks.mostHolders).reduce(1.0) { $0 * (holding + Double($1)) / Double($1) }
        guard Double(levels) * ways <= Double(TargetMarks.mostStates) else { return nil }
        let held = TargetMarks.holdings(self.attacks.map(\.holds))
        let all = held.flatMap { holders in (0..<levels).map { State(level: $0, holders: holders) } }
        states = all.count > 1 ? all : []
        places = Dictionary(uniqueKeysWithValues: states.enumerated().map { ($1, $0) })
    }

    /// All ways to be held by at most ``mostHolders``, by nobody first.
    private static func holdings(_ holds: [Bool]) -> [[Int]] {
        holds.reduce([[]]) { known, holds in
            known.flatMap { before in
                (0...(holds ? mostHolders - before.reduce(0, +) : 0)).map { before + [$0] }
            }
        }
    }

    func index(_ state: State) -> Int? { places[state] }

    /// The state as far hit that nobody holds.
    func free(_ state: Int) -> Int {
        index(State(level: states[state].level, holders: attacks.map { _ in 0 })) ?? 0
    }

    /// The state when one more holds it, or one fewer; `nil` where there is none.
    func state(_ state: Int, holders change: Int, of attack: Int) -> Int? {
        var next = states[state]
        next.holders[attack] += change
        return index(next)
    }

    /// The state after a hit; `nil` where it kills.
    func state(_ state: Int, hitBy attack: Int) -> Int? {
        var next = states[state]
        next.level += grain
        return next.level >= attacks[attack].lethal ? nil : index(next)
    }

    /// The state when a step of damage is repaired, and how often, 1/s; `nil` where there is none.
    func repaired(_ state: Int) -> (state: Int, rate: Double)? {
        var next = states[state]
        guard let repair, next.level > 0 else { return nil }
        let rate = Double(next.level) * 0.6931471805599453 / repair
        next.level -= 1
        return index(next).map { ($0, rate) }
    }

    /// Hits that have not been repaired.
    func damage(_ state: Int) -> Double { Double(states[state].level) / Double(grain) }
}
