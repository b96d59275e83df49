/// States of rest of a network over a parameter, with where they turn, begin to oscillate, and how far they swing.
public struct StateDiagram: Sendable, Codable {
    /// A state at one value of the parameter.
    public struct State: Hashable, Sendable, Codable {
        public var parameter: Double
        /// One a quantity.
        public var values: [Double]
        /// "stable node", "saddle", ...
        public var kind: String
        public var isStable: Bool

        public init(parameter: Double, values: [Double], kind: String, isStable: Bool) {
            self.parameter = parameter
            self.values = values
            self.kind = kind
            self.isStable = isStable
        }
    }

    /// Where a branch changes its stability or turns.
    public struct Special: Hashable, Sendable, Codable {
        /// "fold", "hopf" or "branch point".
        public var kind: String
        public var state: State
        /// Radians per unit of time, of a Hopf point.
        public var angularFrequency: Double?
        /// It lies after this point of its branch.
        public var after: Int

        public init(kind: String, state: State, angularFrequency: Double?, after: Int) {
            self.kind = kind
            self.state = state
            self.angularFrequency = angularFrequency
            self.after = after
        }
    }

    /// States joined over the parameter.
    public struct Branch: Hashable, Sendable, Codable {
        public var states: [State]
        public var specials: [Special]
        /// Why it ends, at both ends.
        public var ends: [String]

        public init(states: [State], specials: [Special], ends: [String]) {
            self.states = states
            self.specials = specials
            self.ends = ends
        }
    }

    /// An oscillation that a network settles on.
    public struct Cycle: Hashable, Sendable, Codable {
        public var parameter: Double
        public var period: Double
        /// One a quantity.
        public var least: [Double]
        public var greatest: [Double]

        public init(parameter: Double, period: Double, least: [Double], greatest: [Double]) {
            self.parameter = parameter
            self.period = period
            self.least = least
            self.greatest = greatest
        }
    }

    public var network: String
    public var parameter: String
    public var range: [Double]
    /// What values are of.
    public var quantities: [String]
    public var branches: [Branch]
    public var cycles: [Cycle]
    public var notes: [String]

    public init(network: String, parameter: String, range: [Double], quantities: [String]) {
        self.network = network
        self.parameter = parameter
        self.range = range
        self.quantities = quantities
        branches = []
        cycles = []
        notes = []
    }

    /// All special points, along the parameter.
    public var specials: [Special] {
        branches.flatMap(\.specials).sorted { $0.state.parameter < $1.state.parameter }
    }
}
