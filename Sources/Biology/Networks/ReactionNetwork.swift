/// A reaction network: what is in it, how it reacts, which rules hold and what happens when.
///
/// Its meaning is that of SBML Level 3 core, whatever file or text it came from, so that every engine and every reader
/// agree. Numbers are in the network's own units (see ``units``). Things refer to each other by name; a checked network
/// has no dangling name and no name twice. Reactions and events may be without a name ("").
public struct ReactionNetwork: Hashable, Sendable, Codable {
    public var name: String
    public var units: NetworkUnits
    public var compartments: [NetworkCompartment]
    public var species: [NetworkSpecies]
    /// Parameters, and stoichiometries that have a name.
    public var parameters: [NetworkParameter]
    public var reactions: [NetworkReaction]
    /// Values at the start, computed; they stand above the numbers given.
    public var initialAssignments: [NetworkAssignment]
    /// Hold at every time; no cycles.
    public var assignmentRules: [NetworkAssignment]
    /// Rates of change.
    public var rateRules: [NetworkAssignment]
    /// Each is 0 at every time.
    public var algebraicRules: [Formula]
    public var events: [NetworkEvent]
    public var constraints: [NetworkConstraint]

    public init(name: String) {
        self.name = name
        units = NetworkUnits()
        compartments = []
        species = []
        parameters = []
        reactions = []
        initialAssignments = []
        assignmentRules = []
        rateRules = []
        algebraicRules = []
        events = []
        constraints = []
    }
}

/// What one unit of a network's numbers is: seconds, molecules and µm³; `nil` where its file does not say.
public struct NetworkUnits: Hashable, Sendable, Codable {
    public var time: Double?
    public var amount: Double?
    public var volume: Double?

    public init(time: Double? = nil, amount: Double? = nil, volume: Double? = nil) {
        self.time = time
        self.amount = amount
        self.volume = volume
    }
}

public struct NetworkCompartment: Hashable, Sendable, Codable {
    public var name: String
    /// `nil` where a rule or an initial assignment gives it.
    public var size: Double?
    public var isConstant: Bool
    /// 0 for a point, which has no size: names of its species always mean amounts.
    public var dimensions: Double

    public init(name: String, size: Double?, isConstant: Bool = true, dimensions: Double = 3) {
        self.name = name
        self.size = size
        self.isConstant = isConstant
        self.dimensions = dimensions
    }
}

public struct NetworkSpecies: Hashable, Sendable, Codable {
    public var name: String
    public var compartment: String
    public var initial: Initial
    public var meaning: Meaning
    /// Reactions do not change it.
    public var isBoundary: Bool
    public var isConstant: Bool
    /// The name that amounts per extent of reaction are multiplied by, or `nil` for 1.
    public var conversionFactor: String?

    public enum Initial: Hashable, Sendable, Codable {
        case amount(Double)
        case concentration(Double)
        /// A rule or an initial assignment gives it.
        case unset

        enum AmountCodingKeys: String, CodingKey { case _0 = "value" }
        enum ConcentrationCodingKeys: String, CodingKey { case _0 = "value" }
    }

    /// What its name stands for in formulas, rules and assignments; reactions change its amount in either case.
    public enum Meaning: String, Hashable, Sendable, Codable { case amount, concentration }

    public init(
        name: String, compartment: String, initial: Initial, meaning: Meaning = .concentration,
        isBoundary: Bool = false, isConstant: Bool = false, conversionFactor: String? = nil
    ) {
        self.name = name
        self.compartment = compartment
        self.initial = initial
        self.meaning = meaning
        self.isBoundary = isBoundary
        self.isConstant = isConstant
        self.conversionFactor = conversionFactor
    }
}

public struct NetworkParameter: Hashable, Sendable, Codable {
    public var name: String
    /// `nil` where a rule or an initial assignment gives it.
    public var value: Double?
    public var isConstant: Bool

    public init(name: String, value: Double?, isConstant: Bool = true) {
        self.name = name
        self.value = value
        self.isConstant = isConstant
    }
}

public struct NetworkReaction: Hashable, Sendable, Codable {
    public var name: String
    public var reactants: [Participant]
    public var products: [Participant]
    /// Extent per time; a negative rate runs backwards.
    ///
    /// Parameters of the reaction alone have names of their own in the network.
    public var rate: Formula
    /// At equilibrium at every time, compared with the others.
    public var isFast: Bool
    public var isReversible: Bool

    public struct Participant: Hashable, Sendable, Codable {
        public var species: String
        /// A number, the name of a stoichiometry, or a formula.
        public var stoichiometry: Formula

        public init(_ species: String, _ stoichiometry: Formula = .number(1)) {
            self.species = species
            self.stoichiometry = stoichiometry
        }
    }

    public init(
        name: String, reactants: [Participant], products: [Participant], rate: Formula, isFast: Bool = false,
        isReversible: Bool = false
    ) {
        self.name = name
        self.reactants = reactants
        self.products = products
        self.rate = rate
        self.isFast = isFast
        self.isReversible = isReversible
    }
}

public struct NetworkAssignment: Hashable, Sendable, Codable {
    public var name: String
    public var formula: Formula

    public init(_ name: String, _ formula: Formula) {
        self.name = name
        self.formula = formula
    }
}

/// What happens when a condition becomes true.
public struct NetworkEvent: Hashable, Sendable, Codable {
    public var name: String
    public var trigger: Formula
    /// The trigger's value before the start: `false` lets an event fire at the start.
    public var isTrueBefore: Bool
    /// Whether it still happens when its trigger becomes false again during the delay.
    public var isPersistent: Bool
    /// The highest first among those at one time; `nil` leaves the order to chance.
    public var priority: Formula?
    public var delay: Formula?
    /// Whether values are computed when triggered, or when it happens.
    public var usesValuesOfTrigger: Bool
    public var assignments: [NetworkAssignment]

    public init(name: String, trigger: Formula, assignments: [NetworkAssignment]) {
        self.name = name
        self.trigger = trigger
        self.assignments = assignments
        isTrueBefore = true
        isPersistent = true
        priority = nil
        delay = nil
        usesValuesOfTrigger = true
    }
}

/// What must hold at every time; a run says when it first does not.
public struct NetworkConstraint: Hashable, Sendable, Codable {
    public var condition: Formula
    public var message: String

    public init(condition: Formula, message: String) {
        self.condition = condition
        self.message = message
    }
}

extension ReactionNetwork {
    /// Every formula of the network, in the order of its parts.
    public var formulas: [Formula] {
        let participants = reactions.flatMap { $0.reactants + $0.products }
        let assigned = initialAssignments + assignmentRules + rateRules + events.flatMap(\.assignments)
        let ofEvents = events.flatMap { [$0.trigger, $0.priority, $0.delay].compactMap { $0 } }
        return participants.map(\.stoichiometry) + reactions.map(\.rate) + assigned.map(\.formula) + algebraicRules
            + ofEvents + constraints.map(\.condition)
    }
}
