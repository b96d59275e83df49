public import Biology

/// A logical network, compiled once: for every bit of its state, where it goes and how often it switches.
///
/// A node with levels 0...m takes m bits, of which the first so many are on as its level is, so that a node moves one
/// level at a time and every dynamics is one of bits.
///
/// Source of the bits: Didier, Remy & Chaouiya (2011), Mapping multivalued onto Boolean dynamics,
/// doi:10.1016/j.jtbi.2010.09.017, from memory.
public struct BooleanProgram: Sendable {
    public let network: BooleanNetwork
    /// The place of a node by its name.
    public let places: [String: Int]
    /// The first bit of each node, and the number of bits at the end.
    let firstBits: [Int]
    /// For each bit, 1 where it is on after an update.
    let next: Diagrams
    /// For each bit, how often it switches, per unit of time.
    let rate: Diagrams
    /// For each bit, the node it belongs to.
    let nodes: [Int32]

    /// Bits of a state.
    public var bits: Int { nodes.count }
    /// 64-bit words of a state.
    public var words: Int { (bits + 63) / 64 }

    /// Chosen: the largest rate that is told from a larger one; a hundred million of them still have a sum.
    static let largestRate = 1e290

    /// Compiles a network.
    ///
    /// Throws: malformed (a name that is not there or twice, a rate below 0), unsupported (a formula that no logical
    /// network has).
    public init(_ network: BooleanNetwork) throws(NetworkFailure) {
        self.network = network
        var places: [String: Int] = [:]
        var firstBits = [0]
        var nodes: [Int32] = []
        for (place, node) in network.nodes.enumerated() {
            guard places.updateValue(place, forKey: node.name) == nil else {
                throw NetworkFailure(
                    .malformed, problem: "node '\(node.name)' is there twice", fix: "give each node one rule")
            }
            guard (1...255).contains(node.highestLevel) else {
                throw NetworkFailure(
                    .unsupported, problem: "node '\(node.name)' has \(node.highestLevel) as its highest level",
                    fix: "give it 1 to 255")
            }
            nodes += repeatElement(Int32(place), count: node.highestLevel)
            firstBits.append(nodes.count)
        }
        self.places = places
        self.firstBits = firstBits
        self.nodes = nodes
        var compiler = RuleCompiler(network, places: places, firstBits: firstBits)
        for place in network.nodes.indices { try compiler.compile(place) }
        next = compiler.next
        rate = compiler.rate
        try checkStarts()
    }

    private func checkStarts() throws(NetworkFailure) {
        for start in network.starts {
            for (index, name) in start.nodes.enumerated() {
                guard let place = places[name] else {
                    throw NetworkFailure(
                        .malformed, problem: "a start names the node '\(name)', which is not there",
                        fix: Suggestion.didYouMean(name, among: places.keys) ?? "name a node of the network")
                }
                let levels = 0...network.nodes[place].highestLevel
                guard
                    start.choices.allSatisfy({ $0.levels.indices.contains(index) && levels.contains($0.levels[index]) })
                else {
                    throw NetworkFailure(
                        .malformed, problem: "'\(name)' starts at a level it does not have",
                        fix: "give levels of \(levels.lowerBound) to \(levels.upperBound)")
                }
            }
            let total = start.choices.reduce(0) { $0 + $1.weight }
            guard start.choices.allSatisfy({ $0.weight >= 0 }), total > 0, total.isFinite else {
                throw NetworkFailure(
                    .malformed,
                    problem: "the start of '\(start.nodes.joined(separator: ", "))' has no probabilities to choose by",
                    fix: "give weights of at least 0, one of them above 0")
            }
        }
    }

    // MARK: - States

    /// Nodes that nothing in the network changes.
    public var inputs: [String] {
        network.nodes.indices.filter { place in bits(of: place).allSatisfy { rate.isZero($0) } }
            .map { network.nodes[$0].name }
    }

    /// The bits of a node.
    func bits(of place: Int) -> Range<Int> { firstBits[place]..<firstBits[place + 1] }

    /// A state with nodes at these levels, and the others at 0.
    ///
    /// - Precondition: the names are nodes, and the levels theirs.
    public func state(_ levels: [String: Int] = [:]) -> BooleanState {
        var state = BooleanState(words: words)
        for (name, level) in levels {
            guard let place = places[name] else { preconditionFailure("no node '\(name)'") }
            set(place, to: level, in: &state)
        }
        return state
    }

    /// A node's level.
    public func level(_ place: Int, in state: BooleanState) -> Int {
        bits(of: place).count { state[$0] }
    }

    /// Puts a node at a level.
    public func set(_ place: Int, to level: Int, in state: inout BooleanState) {
        let bits = bits(of: place)
        precondition((0...bits.count).contains(level), "'\(network.nodes[place].name)' has no level \(level)")
        for bit in bits { state[bit] = bit - bits.lowerBound < level }
    }

    /// The nodes above 0, those with more than two levels with their level: "Tbet, IFNg", "p53=2".
    public func names(_ state: BooleanState, among shown: [Int]? = nil) -> [String] {
        (shown ?? Array(network.nodes.indices)).compactMap { place in
            let level = level(place, in: state)
            guard level > 0 else { return nil }
            let node = network.nodes[place]
            return node.highestLevel == 1 ? node.name : "\(node.name)=\(level)"
        }
    }
}

/// A state of a logical network: bits in words.
public struct BooleanState: Hashable, Sendable {
    public var words: [UInt64]

    public init(words count: Int) { words = [UInt64](repeating: 0, count: count) }

    public subscript(bit: Int) -> Bool {
        get { words[bit >> 6] >> UInt64(bit & 63) & 1 != 0 }
        set {
            let mask = UInt64(1) << UInt64(bit & 63)
            if newValue { words[bit >> 6] |= mask } else { words[bit >> 6] &= ~mask }
        }
    }
}
