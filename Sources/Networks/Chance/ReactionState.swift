/// One copy of the amounts that reactions change, and the loop in which they happen.
///
/// A reaction happens at its rate; where it would take more of something than there is it cannot happen, whatever its
/// rate says. Nothing in the loop allocates.
@safe struct ReactionState {
    /// Why the loop came back.
    enum Stop: Hashable {
        /// The time asked for.
        case limit
        /// A reaction has happened that may have changed the truth of a trigger, or that a companion answers to.
        case watched
        /// The rate of this reaction is negative or not a finite number.
        case impossible(Int)
        /// As many reactions as were asked for.
        case counted
    }

    let table: ReactionTable
    /// What is held, by row, lent.
    let values: UnsafeMutablePointer<Double>
    let rates: UnsafeMutablePointer<ReactionTable.Rate>
    private let result: UnsafeMutablePointer<Double>
    /// Where programs are evaluated.
    private var point: LanePoint
    var time: Double
    /// Reactions that have happened.
    var happened = 0
    /// The last one for which the loop came back.
    var lastReaction = 0

    init(
        table: ReactionTable, held: UnsafeMutablePointer<Double>, flowing: UnsafePointer<Double>,
        scratch: UnsafeMutablePointer<Double>
    ) {
        self.table = table
        unsafe values = held
        unsafe rates = .allocate(capacity: table.count)
        unsafe rates.initialize(from: table.forms, count: table.count)
        unsafe result = .allocate(capacity: 1)
        unsafe result.initialize(to: 0)
        unsafe point = LanePoint(time: 0, lanes: 1, values: flowing, inputs: held, scratch: scratch)
        time = 0
    }

    func release() {
        unsafe rates.deallocate()
        unsafe result.deallocate()
    }

    /// A reaction's rate; not a number where it has none.
    @inline(__always)
    func rate(_ reaction: Int) -> Double {
        let needs = table.needs
        var need = unsafe Int(needs.starts[reaction])
        let lastNeed = unsafe Int(needs.starts[reaction + 1])
        while need < lastNeed {
            let amount = unsafe needs.elements[need]
            if unsafe values[Int(amount.row)] < amount.amount { return 0 }
            need += 1
        }
        let rate = unsafe rates + reaction
        var product = unsafe rate.pointee.coefficient
        switch unsafe rate.pointee.form {
        case .constant: break
        case .one: product *= unsafe values[Int(rate.pointee.factors.0)] - rate.pointee.offsets.0
        case .two:
            product *= unsafe values[Int(rate.pointee.factors.0)] - rate.pointee.offsets.0
            product *= unsafe values[Int(rate.pointee.factors.1)] - rate.pointee.offsets.1
        case .three:
            product *= unsafe values[Int(rate.pointee.factors.0)] - rate.pointee.offsets.0
            product *= unsafe values[Int(rate.pointee.factors.1)] - rate.pointee.offsets.1
            product *= unsafe values[Int(rate.pointee.factors.2)] - rate.pointee.offsets.2
        case .program:
            unsafe table.programs[reaction]?.run(point, into: result)
            product = unsafe result.pointee
        }
        return product
    }

    /// The reaction that happens now, by chance among all at their rates of this time; `nil` where none has one.
    mutating func choose(_ stream: inout ChanceStream) -> (reaction: Int, isPossible: Bool)? {
        point.time = time
        var total = 0.0
        for reaction in 0..<table.count {
            let rate = rate(reaction)
            guard rate >= 0 && rate < .infinity else { return (reaction, false) }
            total += rate
        }
        var left = stream.uniform() * total
        var chosen: Int?
        for reaction in 0..<table.count {
            let rate = rate(reaction)
            if rate == 0 { continue }
            chosen = reaction
            if left < rate { break }
            left -= rate
        }
        return chosen.map { ($0, true) }
    }

    /// Lets a reaction happen so many times.
    @inline(__always)
    func apply(_ reaction: Int, times: Double = 1) {
        let changes = table.changes
        var change = unsafe Int(changes.starts[reaction])
        let last = unsafe Int(changes.starts[reaction + 1])
        while change < last {
            let amount = unsafe changes.elements[change]
            unsafe values[Int(amount.row)] += times * amount.amount
            change += 1
        }
    }

    /// Gives the choice every rate: at the start, and after something else than a reaction has changed values.
    mutating func setAll<Choice: ChoosesReactions>(_ choice: inout Choice, _ stream: inout ChanceStream) -> Int? {
        for reaction in 0..<table.count {
            let rate = rate(reaction)
            guard rate >= 0 && rate < .infinity else { return reaction }
            choice.set(reaction, rate: rate, now: time, stream: &stream)
        }
        return nil
    }

    /// Whether something is below nothing.
    var isAnyNegative: Bool {
        table.amounts.contains { unsafe values[Int($0)] < 0 }
    }

    /// Lets reactions happen, exactly, until the time is `limit`, `most` have happened or something else must be looked at.
    mutating func advance<Choice: ChoosesReactions>(
        to limit: Double, _ choice: inout Choice, _ stream: inout ChanceStream, most: Int = .max
    ) -> Stop {
        let last = happened &+ most
        let dependents = table.dependents
        let isWatched = unsafe table.isWatched.elements
        while true {
            let reaction = choice.next(now: &time, limit: limit, stream: &stream)
            if reaction < 0 { return .limit }
            apply(reaction)
            happened += 1
            var place = unsafe Int(dependents.starts[reaction])
            let end = unsafe Int(dependents.starts[reaction + 1])
            while place < end {
                let other = unsafe Int(dependents.elements[place])
                let rate = rate(other)
                guard rate >= 0 && rate < .infinity else { return .impossible(other) }
                choice.set(other, rate: rate, now: time, stream: &stream)
                place += 1
            }
            if unsafe isWatched[reaction] {
                lastReaction = reaction
                return .watched
            }
            if happened == last { return .counted }
        }
    }
}
