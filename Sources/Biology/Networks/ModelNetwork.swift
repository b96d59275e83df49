/// A network that a model holds: alone as a well-mixed medium, in the model's own medium or one of its compartments, or
/// inside every cell of a type.
public struct ModelNetwork: Hashable, Sendable, Codable {
    public var name: String
    /// The file it came from, relative to the model file; `nil` where the model file itself says it.
    public var file: String?
    public var content: Content
    /// What one unit of its time is: a second for one that the model file says itself.
    public var clock: Time
    /// What its names measure; one that is not here is a plain number.
    ///
    /// Every number is in the network's own units: seconds, molecules and µm³ for one that the model file says itself.
    public var dimensions: [String: Dimension]
    /// Where its species meet the model's dissolved molecules; `nil` where they do not.
    public var place: NetworkPlace?

    public enum Content: Hashable, Sendable, Codable {
        case reactions(ReactionNetwork)
        /// Its nodes are plain numbers, their levels.
        case logic(BooleanNetwork)

        enum ReactionsCodingKeys: String, CodingKey { case _0 = "network" }
        enum LogicCodingKeys: String, CodingKey { case _0 = "network" }
    }

    /// `clock`: what one unit of the network's time is.
    public init(
        name: String, file: String? = nil, content: Content, clock: Time, dimensions: [String: Dimension] = [:],
        place: NetworkPlace? = nil
    ) {
        self.name = name
        self.file = file
        self.content = content
        self.clock = clock
        self.dimensions = dimensions
        self.place = place
        guard case .reactions(var network) = content else { return }
        network.units.time = clock.value
        self.content = .reactions(network)
    }

    /// What one unit of its numbers is.
    public var units: NetworkUnits {
        switch content {
        case .reactions(let network): network.units
        case .logic: NetworkUnits(time: clock.value)
        }
    }

    /// The names that have a value, whether it changes or not.
    public var values: [String] {
        switch content {
        case .reactions(let network):
            network.compartments.map(\.name) + network.species.map(\.name) + network.parameters.map(\.name)
        case .logic(let network): network.nodes.map(\.name)
        }
    }

    /// The names whose values may change: compartments, species and parameters, or nodes, in this order.
    public var variables: [String] {
        switch content {
        case .reactions(let network):
            network.compartments.filter { !$0.isConstant }.map(\.name)
                + network.species.filter { !$0.isConstant }.map(\.name)
                + network.parameters.filter { !$0.isConstant }.map(\.name)
        case .logic(let network): network.nodes.map(\.name)
        }
    }

    /// The names that nothing in the network changes, so that something outside may.
    public var possibleInputs: [String] {
        switch content {
        case .reactions(let network):
            var changed = Set((network.assignmentRules + network.rateRules + network.initialAssignments).map(\.name))
            for event in network.events { changed.formUnion(event.assignments.map(\.name)) }
            for reaction in network.reactions {
                let own = (reaction.reactants + reaction.products).map(\.species)
                changed.formUnion(network.species.filter { !$0.isBoundary && own.contains($0.name) }.map(\.name))
            }
            // What an algebraic rule finds is not said, so nothing beside it may be given.
            if !network.algebraicRules.isEmpty { return network.parameters.filter(\.isConstant).map(\.name) }
            return (network.species.map(\.name) + network.parameters.map(\.name)).filter { !changed.contains($0) }
        case .logic(let network):
            return network.nodes.filter(\.isInput).map(\.name)
        }
    }

    public func dimension(of name: String) -> Dimension { dimensions[name] ?? .none }

    /// How many coherent units (µm, s, molecules) one unit of a name is in the network's own numbers.
    public func scale(of name: String) -> Double {
        let dimension = dimension(of: name)
        return ModelNetwork.power(clock.value, dimension.time)
            * ModelNetwork.power(units.amount, dimension.amount)
            * ModelNetwork.power(units.volume, dimension.length / 3)
    }

    private static func power(_ unit: Double?, _ n: Int) -> Double {
        guard let unit, unit != 1 else { return 1 }
        var result = 1.0
        for _ in 0..<abs(n) { result = n > 0 ? result * unit : result / unit }
        return result
    }
}

/// The medium or compartment that a network is in, and which of its species are molecules dissolved there.
public struct NetworkPlace: Hashable, Sendable, Codable {
    /// A compartment, a tissue, or ``medium``.
    public var name: String
    /// The molecules that species are, by the network's names.
    ///
    /// How much there is of one at the start is the molecule's, whatever the network says.
    public var molecules: [String: String]

    /// The only tissue.
    public static let medium = "medium"

    public init(name: String, molecules: [String: String]) {
        self.name = name
        self.molecules = molecules
    }
}

/// A network inside every cell of a type, and what it reads there.
public struct CellNetwork: Hashable, Sendable, Codable {
    /// The network's name in the model.
    public var network: String
    /// In the order of the file.
    public var inputs: [NetworkInput]

    public init(network: String, inputs: [NetworkInput]) {
        self.network = network
        self.inputs = inputs
    }
}

/// A name of a network that follows an expression over the signals of the cell it is in.
public struct NetworkInput: Hashable, Sendable, Codable {
    public var name: String
    /// In the coherent unit of what the name measures.
    public var expression: Expression

    public init(name: String, expression: Expression) {
        self.name = name
        self.expression = expression
    }
}

extension Model {
    public func network(_ name: String) -> ModelNetwork? { networks.first { $0.name == name } }

    /// The networks that live in no cell: each is a well-mixed medium of its own.
    public var freeNetworks: [ModelNetwork] {
        networks.filter { network in
            !cellTypes.contains { type in type.networks.contains { $0.network == network.name } }
        }
    }

    /// Whether there is nothing but networks: no molecule in space and no cell.
    ///
    /// Such a model runs well mixed; its `space` is one voxel that nothing reads.
    public var hasOnlyNetworks: Bool { cellTypes.isEmpty && molecules.isEmpty && !networks.isEmpty }

    /// Whether it runs without space only: it is networks alone, or one of them shares its dissolved molecules.
    public var runsOnlyMixed: Bool { hasOnlyNetworks || networks.contains { $0.place != nil } }

    /// What a signal of a cell of a type measures.
    public func dimension(of signal: Signal, in type: CellType) -> Dimension {
        switch signal {
        case .concentration, .inCompartment: .concentration
        case .receptor(_, .occupancy): .none
        case .receptor, .bound, .complex: .amount
        case .state(let name): type.states.first { $0.name == name }?.dimension ?? .none
        case .contact: .cells
        case .time: .time
        case .body(let signal): signal.dimension
        case .network(let network, let name): self.network(network)?.dimension(of: name) ?? .none
        }
    }
}

/// Reads a network's file for the reader of a model file, so that neither needs to know the other.
public struct NetworkFileReader: Sendable {
    /// Takes the path that the model file names, relative to it.
    public var read: @Sendable (_ path: String) throws(UnreadableNetwork) -> ModelNetwork.Content

    public init(read: @escaping @Sendable (_ path: String) throws(UnreadableNetwork) -> ModelNetwork.Content) {
        self.read = read
    }
}

/// A network's file that cannot be used, with everything that is wrong with it.
public struct UnreadableNetwork: Error, Hashable, Sendable {
    public struct Problem: Hashable, Sendable {
        public var file: String
        /// From 1; 0 where the file as a whole is meant.
        public var line: Int
        public var column: Int
        public var problem: String
        public var fix: String

        public init(file: String, line: Int = 0, column: Int = 0, problem: String, fix: String) {
            self.file = file
            self.line = line
            self.column = column
            self.problem = problem
            self.fix = fix
        }
    }

    public var problems: [Problem]

    public init(problems: [Problem]) { self.problems = problems }
}
