import Foundation
import Simulation

/// Many reactions at a time: as many of each as a Poisson number at the rates of the step's start.
///
/// Not exact: steps are chosen so that no rate changes by more than about the share `error` of itself within one. Means
/// are then off by half that share in a relaxation time, variances at rest too.
///
/// Source: Cao, Gillespie & Petzold (2006), Efficient step size selection for the tau-leaping simulation method,
/// doi:10.1063/1.2159468: reactions within ten of using something up happen one at a time, and where a step would be
/// shorter than ten exact ones, 100 exact ones are taken. Beyond the paper, what leaves in a leap is bounded as what
/// changes is, without which leaps near equilibrium scatter too widely. A leap that would leave less than nothing is
/// tried again at half its length.
@safe struct TauLeaping {
    /// How fast a species may change, by what reacts with it: the order g of the paper's equation (27).
    struct Reactant {
        var row: Int32
        /// The highest order of a reaction of it, and how many of it go into that.
        var order: Int
        var copies: Int

        /// g: how much more a rate changes than the amount does, relatively.
        @inline(__always)
        func sensitivity(_ amount: Double) -> Double {
            switch (order, copies) {
            case (2, 2): 2 + 1 / max(amount - 1, 1)
            case (3, 2): 1.5 * (2 + 1 / max(amount - 1, 1))
            case (3, 3): 3 + 1 / max(amount - 1, 1) + 2 / max(amount - 2, 1)
            default: Double(order)
            }
        }
    }

    /// A reaction fewer times than this from using something up happens by itself; from the paper.
    private static let criticalTimes = 10.0
    /// Where a leap is shorter than so many exact steps, so many exact ones are taken; from the paper.
    private static let shortest = 10.0
    private static let exactSteps = 100

    let error: Double
    private let reactants: [Reactant]
    private var rates: [Double]
    private var isCritical: [Bool]
    private var numbers: [Double]
    private var drift: [Double]
    private var noise: [Double]
    /// Of each amount, what reactions take of it per time.
    private var leaving: [Double]
    private var stream: RandomStream
    /// Leaps taken.
    private(set) var leaps = 0

    init(error: Double, reactants: [Reactant], rows: Int, reactions: Int, stream: RandomStream) {
        self.error = error
        self.reactants = reactants
        self.stream = stream
        rates = Array(repeating: 0, count: reactions)
        numbers = rates
        isCritical = Array(repeating: false, count: reactions)
        drift = Array(repeating: 0, count: rows)
        noise = drift
        leaving = drift
    }

    /// Goes on until the time is `limit` or something else must be looked at.
    mutating func advance(
        _ state: inout ReactionState, to limit: Double, _ choice: inout DirectChoice, _ exact: inout ChanceStream
    ) -> ReactionState.Stop {
        while true {
            for reaction in 0..<state.table.count {
                let rate = state.rate(reaction)
                guard rate >= 0 && rate < .infinity else { return .impossible(reaction) }
                rates[reaction] = rate
            }
            let total = rates.reduce(0, +)
            if total == 0 {
                state.time = limit
                return .limit
            }
            var step = longestStep(state)
            if step < Self.shortest / total {
                let stop = exactly(&state, to: limit, &choice, &exact)
                guard let stop else { continue }
                return stop
            }
            var criticalTotal = 0.0
            for reaction in rates.indices where isCritical[reaction] { criticalTotal += rates[reaction] }
            let untilCritical = criticalTotal > 0 ? stream.exponential() / criticalTotal : .infinity
            while true {
                let left = limit - state.time
                let taken = min(step, untilCritical, left)
                let critical = untilCritical <= min(step, left) ? chosenCritical(criticalTotal) : nil
                if leap(&state, taken, critical) {
                    state.time = taken == left ? limit : state.time + taken
                    leaps += 1
                    break
                }
                step = taken / 2
            }
            if state.table.isAnyWatched { return state.time >= limit ? .limit : .watched }
            if state.time >= limit { return .limit }
        }
    }

    /// The step in which no rate changes by more than its share, marking what is critical.
    private mutating func longestStep(_ state: ReactionState) -> Double {
        for index in drift.indices {
            drift[index] = 0
            noise[index] = 0
            leaving[index] = 0
        }
        let changes = state.table.changes
        for reaction in rates.indices {
            isCritical[reaction] = false
            let rate = rates[reaction]
            guard rate > 0 else { continue }
            let range = unsafe Int(changes.starts[reaction])..<Int(changes.starts[reaction + 1])
            for place in range {
                let change = unsafe changes.elements[place]
                guard change.amount < 0 else { continue }
                let times = unsafe (state.values[Int(change.row)] / -change.amount).rounded(.down)
                if times < Self.criticalTimes { isCritical[reaction] = true }
            }
            if isCritical[reaction] { continue }
            for place in range {
                let change = unsafe changes.elements[place]
                drift[Int(change.row)] += rate * change.amount
                noise[Int(change.row)] += rate * change.amount * change.amount
                leaving[Int(change.row)] -= min(rate * change.amount, 0)
            }
        }
        var step = Double.infinity
        for reactant in reactants {
            let row = Int(reactant.row)
            let amount = unsafe state.values[row]
            let allowed = max(error * amount / reactant.sensitivity(amount), 1)
            let flow = max(abs(drift[row]), leaving[row])
            if flow > 0 { step = min(step, allowed / flow) }
            if noise[row] != 0 { step = min(step, allowed * allowed / noise[row]) }
        }
        return step
    }

    private mutating func chosenCritical(_ total: Double) -> Int? {
        var left = stream.uniform() * total
        var chosen: Int?
        for reaction in rates.indices where isCritical[reaction] && rates[reaction] > 0 {
            chosen = reaction
            if left < rates[reaction] { break }
            left -= rates[reaction]
        }
        return chosen
    }

    /// Leaps, unless that would leave less than nothing of something; then nothing has happened.
    private mutating func leap(_ state: inout ReactionState, _ step: Double, _ critical: Int?) -> Bool {
        for reaction in rates.indices {
            let mean = isCritical[reaction] ? 0 : rates[reaction] * step
            numbers[reaction] = mean > 0 ? stream.poisson(mean: mean) : 0
        }
        if let critical { numbers[critical] = 1 }
        for reaction in rates.indices where numbers[reaction] > 0 { state.apply(reaction, times: numbers[reaction]) }
        if state.isAnyNegative {
            for reaction in rates.indices where numbers[reaction] > 0 {
                state.apply(reaction, times: -numbers[reaction])
            }
            return false
        }
        // A number beyond this is no number of molecules, and must not trap.
        for number in numbers { state.happened &+= Int(min(number, 1e15)) }
        return true
    }

    /// 100 exact steps; `nil` when they are done.
    private mutating func exactly(
        _ state: inout ReactionState, to limit: Double, _ choice: inout DirectChoice, _ stream: inout ChanceStream
    ) -> ReactionState.Stop? {
        if let wrong = state.setAll(&choice, &stream) { return .impossible(wrong) }
        let stop = state.advance(to: limit, &choice, &stream, most: Self.exactSteps)
        return stop == .counted ? nil : stop
    }
}
