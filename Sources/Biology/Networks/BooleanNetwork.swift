/// A logical network: nodes that are off or on, or stand at one of a few levels, each with a rule for where it goes.
///
/// A rule is a ``Formula`` over the names of nodes, each worth its level (0 or 1 where it has two), and of parameters.
/// Nodes refer to each other by name; a checked network has no dangling name and no name twice.
public struct BooleanNetwork: Hashable, Sendable, Codable {
    public var name: String
    public var nodes: [BooleanNode]
    /// What rates are made of; constants.
    public var parameters: [NetworkParameter]
    /// How nodes start; one that no start names is at any of its levels with equal probability.
    public var starts: [BooleanStart]

    public init(name: String, nodes: [BooleanNode] = []) {
        self.name = name
        self.nodes = nodes
        parameters = []
        starts = []
    }

    /// The same network with nodes held where they are: 0 a knock-out, the highest level an over-expression.
    ///
    /// - Precondition: the names are nodes of the network, and the levels theirs.
    public func holding(_ levels: [String: Int]) -> BooleanNetwork {
        var held = self
        let places = Dictionary(nodes.indices.map { (nodes[$0].name, $0) }) { first, _ in first }
        for (name, level) in levels {
            guard let place = places[name] else { preconditionFailure("no node '\(name)'") }
            precondition((0...nodes[place].highestLevel).contains(level), "'\(name)' has no level \(level)")
            held.nodes[place].target = nil
            held.nodes[place].rateUp = nil
            held.nodes[place].rateDown = nil
        }
        held.starts = starts.map { $0.holding(levels) }
        let started = Set(held.starts.flatMap(\.nodes))
        for (name, level) in levels.sorted(by: { $0.key < $1.key }) where !started.contains(name) {
            held.starts.append(BooleanStart(name, at: level))
        }
        return held
    }
}

/// A node of a logical network.
public struct BooleanNode: Hashable, Sendable, Codable {
    public var name: String
    /// 1 for a node that is off or on.
    public var highestLevel: Int
    /// The level it goes to, one level at a time; `nil` for a node without a rule.
    public var target: Formula?
    /// How often it rises while below its highest level, per unit of time.
    ///
    /// `nil` for 1 where its target is above its level and 0 elsewhere; 0 without a target. Source of these defaults:
    /// MaBoSS.
    public var rateUp: Formula?
    /// How often it falls, likewise.
    public var rateDown: Formula?
    /// Its state is not told apart in results.
    public var isInternal: Bool

    /// Whether it never switches by itself: it has no rule or is its own, and no rates but 0.
    public var isInput: Bool {
        let rates = [rateUp, rateDown].compactMap { $0 }
        return rates.allSatisfy { $0 == .number(0) } && (target == nil || target == .name(name) || rates.count == 2)
    }

    public init(
        _ name: String, target: Formula? = nil, highestLevel: Int = 1, rateUp: Formula? = nil,
        rateDown: Formula? = nil, isInternal: Bool = false
    ) {
        self.name = name
        self.highestLevel = highestLevel
        self.target = target
        self.rateUp = rateUp
        self.rateDown = rateDown
        self.isInternal = isInternal
    }
}

/// With which probabilities nodes start at which levels, together.
public struct BooleanStart: Hashable, Sendable, Codable {
    public var nodes: [String]
    public var choices: [Choice]

    public struct Choice: Hashable, Sendable, Codable {
        /// One a node.
        public var levels: [Int]
        /// Relative to the other choices.
        public var weight: Double

        public init(_ levels: [Int], weight: Double) {
            self.levels = levels
            self.weight = weight
        }
    }

    public init(nodes: [String], choices: [Choice]) {
        self.nodes = nodes
        self.choices = choices
    }

    /// One node, surely at a level.
    public init(_ node: String, at level: Int) {
        self.init(nodes: [node], choices: [Choice([level], weight: 1)])
    }

    /// The same for the other nodes, with some of them surely at their levels.
    func holding(_ levels: [String: Int]) -> BooleanStart {
        BooleanStart(
            nodes: nodes,
            choices: choices.map { choice in
                Choice(zip(nodes, choice.levels).map { levels[$0] ?? $1 }, weight: choice.weight)
            })
    }
}
