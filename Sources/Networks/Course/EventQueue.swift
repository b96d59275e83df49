import Simulation

/// The events of one copy of a network that have been triggered and not yet happened.
struct EventQueue {
    struct Pending {
        let event: Int
        let time: Double
        /// What its assignments give, where the values of the trigger count.
        let values: [Double]?
    }
    private(set) var pending: [Pending] = []
    /// Whether each event's trigger was true when last looked at.
    var wasTrue: [Bool]
    /// For what events draw, and their order where nothing else says it.
    var stream: RandomStream

    init(events: [CompiledEvent], stream: RandomStream) {
        wasTrue = events.map(\.isTrueBefore)
        self.stream = stream
    }

    /// When the next one happens.
    var nextTime: Double { pending.reduce(.infinity) { min($0, $1.time) } }

    mutating func add(_ event: Int, at time: Double, values: [Double]?) {
        pending.append(Pending(event: event, time: time, values: values))
    }

    mutating func keep(in archive: StateArchive) throws(StateProblem) {
        var events = pending.map(\.event)
        var times = pending.map(\.time)
        var hasValues = pending.map { $0.values != nil }
        var values = pending.map { $0.values ?? [] }
        try archive.keep("queue.events", &events)
        try archive.keep("queue.times", &times)
        try archive.keep("queue.has values", &hasValues)
        try archive.keep("queue.values", &values)
        try archive.keep("queue.were true", &wasTrue)
        try stream.keep(in: archive)
        guard times.count == events.count, hasValues.count == events.count, values.count == events.count,
            events.allSatisfy(wasTrue.indices.contains)
        else { throw StateProblem("queue", "is of another network") }
        pending = events.indices.map {
            Pending(event: events[$0], time: times[$0], values: hasValues[$0] ? values[$0] : nil)
        }
    }

    /// Forgets an event whose trigger is no longer true.
    mutating func remove(event: Int) { pending.removeAll { $0.event == event } }

    /// Takes out the event that happens next among those due at a time, or `nil`.
    ///
    /// The highest priority is first; chance decides between equals, and wherever one of two has no priority.
    mutating func next(at time: Double, priority: (Int) -> Double?) -> Pending? {
        let due = pending.indices.filter { pending[$0].time <= time }
        if due.isEmpty { return nil }
        let priorities = due.map { due.count > 1 ? priority(pending[$0].event) : nil }
        let highest = priorities.compactMap { $0 }.max()
        let first = due.indices.filter { priorities[$0] == nil || priorities[$0] == highest }
        // A priority that is not a number is no order either.
        let choices = first.isEmpty ? Array(due.indices) : first
        let choice = choices.count == 1 ? 0 : min(Int(stream.uniform() * Double(choices.count)), choices.count - 1)
        return pending.remove(at: due[choices[choice]])
    }
}
