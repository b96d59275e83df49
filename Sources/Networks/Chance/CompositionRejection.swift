import Simulation

/// Composition and rejection: reactions grouped by the power of two above their rate.
///
/// Possible reactions come at the rate of the groups' bounds, and one of a group happens with its rate's share of the
/// bound, at least a half: an exact thinning, whose cost does not grow with the number of reactions.
@safe struct CompositionRejection: ChoosesReactions {
    /// A group's members; `bound` is above each one's rate, and at most twice it.
    @safe private struct Group {
        var bound: Double
        var count: Int32
        var capacity: Int32
        /// `nil` until the group has members.
        var members: UnsafeMutablePointer<Int32>?
    }

    /// One group for each exponent of a double, subnormal ones together.
    private static let exponents = 2048
    private let rates: UnsafeMutablePointer<Double>
    /// The group of each reaction, −1 at rate 0, and its place there.
    private let group: UnsafeMutablePointer<Int32>
    private let place: UnsafeMutablePointer<Int32>
    private let groups: UnsafeMutablePointer<Group>
    /// The groups that have members, the highest bound first.
    private let used: UnsafeMutablePointer<Int32>
    private var usedCount = 0

    init(count: Int) {
        unsafe rates = .allocate(capacity: count)
        unsafe rates.initialize(repeating: 0, count: count)
        unsafe group = .allocate(capacity: count)
        unsafe group.initialize(repeating: -1, count: count)
        unsafe place = .allocate(capacity: count)
        unsafe place.initialize(repeating: 0, count: count)
        unsafe used = .allocate(capacity: CompositionRejection.exponents)
        unsafe groups = .allocate(capacity: CompositionRejection.exponents)
        for exponent in 0..<CompositionRejection.exponents {
            let bound = Double(
                sign: .plus, exponent: max(exponent, 1) - 1022, significand: 1)
            unsafe (groups + exponent).initialize(
                to: Group(bound: bound, count: 0, capacity: 0, members: nil))
        }
    }

    func release() {
        for exponent in 0..<CompositionRejection.exponents { unsafe groups[exponent].members?.deallocate() }
        unsafe groups.deallocate()
        unsafe used.deallocate()
        unsafe rates.deallocate()
        unsafe group.deallocate()
        unsafe place.deallocate()
    }

    mutating func set(_ reaction: Int, rate: Double, now: Double, stream: inout ChanceStream) {
        unsafe rates[reaction] = rate
        let wanted = rate > 0 ? Int32(truncatingIfNeeded: rate.exponentBitPattern) : -1
        let old = unsafe group[reaction]
        if wanted == old { return }
        if old >= 0 { remove(reaction, from: Int(old)) }
        if wanted >= 0 { add(reaction, to: Int(wanted)) }
        unsafe group[reaction] = wanted
    }

    mutating func next(now: inout Double, limit: Double, stream: inout ChanceStream) -> Int {
        var total = 0.0
        for index in 0..<usedCount {
            let group = unsafe groups + Int(used[index])
            unsafe total += Double(group.pointee.count) * group.pointee.bound
        }
        while total > 0 {
            now += stream.exponential() / total
            if !(now < limit) { break }
            let group = unsafe groups + chosenGroup(stream.uniform() * total)
            let size = unsafe Double(group.pointee.count)
            let position = stream.uniform() * size
            let index = min(position.rounded(.down), size - 1)
            guard let members = unsafe group.pointee.members else { continue }
            let reaction = unsafe Int(members[Int(index)])
            if unsafe (position - index) * group.pointee.bound < rates[reaction] { return reaction }
        }
        now = limit
        return -1
    }

    @inline(__always)
    private func chosenGroup(_ target: Double) -> Int {
        var left = target
        var index = 0
        while index + 1 < usedCount {
            let group = unsafe groups + Int(used[index])
            let weight = unsafe Double(group.pointee.count) * group.pointee.bound
            if left < weight { break }
            left -= weight
            index += 1
        }
        return unsafe Int(used[index])
    }

    private mutating func remove(_ reaction: Int, from exponent: Int) {
        let group = unsafe groups + exponent
        unsafe group.pointee.count -= 1
        guard let members = unsafe group.pointee.members else { return }
        let last = unsafe members[Int(group.pointee.count)]
        let hole = unsafe place[reaction]
        unsafe members[Int(hole)] = last
        unsafe place[Int(last)] = hole
        guard unsafe group.pointee.count == 0 else { return }
        var index = 0
        while unsafe used[index] != exponent { index += 1 }
        usedCount -= 1
        while index < usedCount {
            unsafe used[index] = used[index + 1]
            index += 1
        }
    }

    private mutating func add(_ reaction: Int, to exponent: Int) {
        let group = unsafe groups + exponent
        if unsafe group.pointee.count == group.pointee.capacity { grow(exponent) }
        unsafe place[reaction] = group.pointee.count
        unsafe group.pointee.members?[Int(group.pointee.count)] = Int32(truncatingIfNeeded: reaction)
        unsafe group.pointee.count += 1
        guard unsafe group.pointee.count == 1 else { return }
        var index = usedCount
        while index > 0, unsafe used[index - 1] < exponent {
            unsafe used[index] = used[index - 1]
            index -= 1
        }
        unsafe used[index] = Int32(truncatingIfNeeded: exponent)
        usedCount += 1
    }

    private mutating func grow(_ exponent: Int) {
        let group = unsafe groups + exponent
        let capacity = unsafe max(8, 2 * Int(group.pointee.capacity))
        let members = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
        if let old = unsafe group.pointee.members {
            unsafe members.update(from: old, count: Int(group.pointee.count))
            unsafe old.deallocate()
        }
        unsafe group.pointee.members = members
        unsafe group.pointee.capacity = Int32(truncatingIfNeeded: capacity)
    }
}
