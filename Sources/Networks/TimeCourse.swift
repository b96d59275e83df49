/// Values over time, of any engine for networks.
public struct TimeCourse: Hashable, Sendable {
    /// What is in the columns: names of the network.
    public var names: [String]
    /// In the network's unit of time.
    public var times: [Double]
    /// [time][name], names fastest.
    public var values: [Double]
    /// When each constraint of the network that did not hold throughout was first violated.
    public var violations: [Violation] = []

    public struct Violation: Hashable, Sendable {
        /// The constraint's place in the network.
        public var constraint: Int
        public var time: Double

        public init(constraint: Int, time: Double) {
            self.constraint = constraint
            self.time = time
        }
    }

    public init(names: [String], times: [Double] = [], values: [Double] = []) {
        precondition(values.count == names.count * times.count, "a time course holds one value a name and time")
        self.names = names
        self.times = times
        self.values = values
    }

    /// The values at the time with this index, in the order of `names`.
    public func row(_ index: Int) -> ArraySlice<Double> {
        values[index * names.count..<(index + 1) * names.count]
    }

    /// One name's values over time.
    public func column(_ name: String) -> [Double]? {
        guard let place = names.firstIndex(of: name) else { return nil }
        return times.indices.map { values[$0 * names.count + place] }
    }
}

/// What is asked of a time course, whatever the engine.
public struct CourseRequest: Hashable, Sendable {
    /// When values are wanted, rising, the first of them the start; in the network's unit of time.
    public var times: [Double]
    /// Which values, in this order.
    public var outputs: [Output]

    public struct Output: Hashable, Sendable {
        public var name: String
        public var quantity: Quantity

        /// What of it: `asNamed` is what the name means in formulas.
        public enum Quantity: String, Hashable, Sendable { case asNamed, amount, concentration }

        public init(_ name: String, _ quantity: Quantity = .asNamed) {
            self.name = name
            self.quantity = quantity
        }
    }

    public init(times: [Double], outputs: [Output]) {
        self.times = times
        self.outputs = outputs
    }
}

/// A network that cannot be run, or a run that cannot go on: what, where in the network, and what to do.
public struct NetworkFailure: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Hashable, Sendable {
        /// Contradicts itself: a cycle of rules, a name that is not there, more rules than unknowns.
        case malformed
        /// Legal, but not something this program does; `problem` names the construct.
        case unsupported
        /// Went wrong on the way: no step short enough, a value that is not a number.
        case stopped
    }
    public var kind: Kind
    public var problem: String
    public var fix: String
    /// Names in the network that it is about, the first where to look first; none where it is about all of it.
    public var names: [String]

    public init(_ kind: Kind, problem: String, fix: String, names: [String] = []) {
        self.kind = kind
        self.problem = problem
        self.fix = fix
        self.names = names
    }

    public var description: String { "error: \(problem)\n  fix: \(fix)" }
}
