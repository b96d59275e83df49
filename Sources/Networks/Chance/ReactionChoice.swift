import Simulation

/// Which reaction happens next, and when: three ways that are all exact.
public enum ReactionChoice: String, Hashable, Sendable, CaseIterable {
    /// Gillespie's direct method with a dependency graph; sums of eights are summed anew, so that nothing drifts.
    case direct
    /// Gibson & Bruck (2000), Efficient exact stochastic simulation of chemical systems with many species and many
    /// channels, doi:10.1021/jp993732q: the earliest of one time a reaction, in an indexed heap.
    case nextReaction
    /// Composition and rejection (Slepoy, Thompson & Plimpton 2008, A constant-time kinetic Monte Carlo algorithm for
    /// simulation of large biochemical reaction networks, doi:10.1063/1.2919546), rejecting in time too: groups count
    /// with their upper bound, so that there is no sum of rates that could drift.
    case compositionRejection

    /// The fastest for a number of reactions, as measured: the direct method's sums cost 20 ns more with each 100
    /// reactions, groups cost the same for any number, and the heap comes between.
    public static func fastest(reactions: Int) -> ReactionChoice {
        reactions <= 200 ? .direct : .compositionRejection
    }
}

/// What the three ways have in common: rates come in, the next reaction and its time come out.
///
/// A value owns its memory until `release()`; nothing is allocated while reactions happen, but for groups of
/// ``CompositionRejection`` that become larger than ever before.
protocol ChoosesReactions {
    /// For this many reactions, all of rate 0.
    init(count: Int)
    func release()
    /// Gives a reaction its rate at this time, at least 0.
    mutating func set(_ reaction: Int, rate: Double, now: Double, stream: inout ChanceStream)
    /// Moves to the next reaction that happens before `limit` and gives it, or moves to `limit` and gives −1.
    ///
    /// Whoever lets it happen sets its own rate anew too, even where it is what it was.
    mutating func next(now: inout Double, limit: Double, stream: inout ChanceStream) -> Int
}

/// The direct method: rates in groups of eight, the groups' sums beside them.
@safe struct DirectChoice: ChoosesReactions {
    private let rates: UnsafeMutablePointer<Double>
    private let sums: UnsafeMutablePointer<Double>
    private let groups: Int

    init(count: Int) {
        groups = (count + 7) / 8
        unsafe rates = .allocate(capacity: groups * 8)
        unsafe rates.initialize(repeating: 0, count: groups * 8)
        unsafe sums = .allocate(capacity: groups)
        unsafe sums.initialize(repeating: 0, count: groups)
    }

    func release() {
        unsafe rates.deallocate()
        unsafe sums.deallocate()
    }

    @inline(__always)
    mutating func set(_ reaction: Int, rate: Double, now: Double, stream: inout ChanceStream) {
        unsafe rates[reaction] = rate
        let first = unsafe rates + (reaction & ~7)
        let low = unsafe (first[0] + first[1]) + (first[2] + first[3])
        unsafe sums[reaction >> 3] = low + ((first[4] + first[5]) + (first[6] + first[7]))
    }

    @inline(__always)
    mutating func next(now: inout Double, limit: Double, stream: inout ChanceStream) -> Int {
        var total = 0.0
        for group in 0..<groups { unsafe total += sums[group] }
        guard total > 0 else {
            now = limit
            return -1
        }
        now += stream.exponential() / total
        guard now < limit else {
            now = limit
            return -1
        }
        return reaction(at: stream.uniform() * total)
    }

    @inline(__always)
    private func reaction(at target: Double) -> Int {
        var left = target
        var group = 0
        while group + 1 < groups {
            let sum = unsafe sums[group]
            if left < sum { break }
            left -= sum
            group += 1
        }
        var chosen = group * 8
        let end = chosen + 7
        while chosen < end {
            let rate = unsafe rates[chosen]
            if left < rate { return chosen }
            left -= rate
            chosen += 1
        }
        // The last of the group, or rounding went past the last possible one: back to it.
        while unsafe rates[chosen] == 0 && chosen > 0 { chosen -= 1 }
        return chosen
    }
}

/// The next-reaction method: a binary heap of times that knows each reaction's place.
@safe struct NextReaction: ChoosesReactions {
    private let count: Int
    private let rates: UnsafeMutablePointer<Double>
    private let times: UnsafeMutablePointer<Double>
    /// The reactions as a heap, the earliest at 0, and where in it each reaction is.
    private let heap: UnsafeMutablePointer<Int32>
    private let places: UnsafeMutablePointer<Int32>
    /// The reaction that has just happened, whose time is used up; −1 before.
    private var spent = -1

    init(count: Int) {
        self.count = count
        unsafe rates = .allocate(capacity: count)
        unsafe times = .allocate(capacity: count)
        unsafe heap = .allocate(capacity: count)
        unsafe places = .allocate(capacity: count)
        for reaction in 0..<count {
            unsafe rates[reaction] = 0
            unsafe times[reaction] = .infinity
            unsafe heap[reaction] = Int32(reaction)
            unsafe places[reaction] = Int32(reaction)
        }
    }

    func release() {
        unsafe rates.deallocate()
        unsafe times.deallocate()
        unsafe heap.deallocate()
        unsafe places.deallocate()
    }

    mutating func set(_ reaction: Int, rate: Double, now: Double, stream: inout ChanceStream) {
        let old = unsafe rates[reaction]
        if rate == old && reaction != spent { return }
        unsafe rates[reaction] = rate
        let isFresh = old == 0 || reaction == spent
        if reaction == spent { spent = -1 }
        if rate == 0 {
            unsafe times[reaction] = .infinity
        } else if isFresh {
            unsafe times[reaction] = now + stream.exponential() / rate
        } else {
            unsafe times[reaction] = now + (times[reaction] - now) * (old / rate)
        }
        settle(reaction)
    }

    mutating func next(now: inout Double, limit: Double, stream: inout ChanceStream) -> Int {
        guard count > 0 else {
            now = limit
            return -1
        }
        let first = unsafe Int(heap[0])
        let time = unsafe times[first]
        guard time < limit else {
            now = limit
            return -1
        }
        now = time
        spent = first
        return first
    }

    /// Moves a reaction whose time has changed to where it belongs.
    private mutating func settle(_ reaction: Int) {
        let time = unsafe times[reaction]
        var place = unsafe Int(places[reaction])
        while place > 0 {
            let parent = (place - 1) / 2
            let other = unsafe Int(heap[parent])
            if unsafe times[other] <= time { break }
            put(other, at: place)
            place = parent
        }
        while true {
            var child = 2 * place + 1
            guard child < count else { break }
            if child + 1 < count, unsafe times[Int(heap[child + 1])] < times[Int(heap[child])] { child += 1 }
            let other = unsafe Int(heap[child])
            if unsafe times[other] >= time { break }
            put(other, at: place)
            place = child
        }
        put(reaction, at: place)
    }

    @inline(__always)
    private func put(_ reaction: Int, at place: Int) {
        unsafe heap[place] = Int32(truncatingIfNeeded: reaction)
        unsafe places[reaction] = Int32(truncatingIfNeeded: place)
    }
}
