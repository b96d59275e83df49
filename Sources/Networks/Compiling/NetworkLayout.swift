import Biology

/// Which of a network's values an integrator advances, which are held, and which are given; and what reactions change.
struct NetworkLayout: Sendable {
    struct Unknown: Hashable, Sendable {
        /// An amount where reactions change it; otherwise what the name means.
        let value: NetworkValue
        let name: String
        /// What the rate of change of it is; of no use where it is algebraic.
        let rate: NetworkValue
        /// The rule that determines it, instead of a rate.
        let algebraicRule: Int?
    }

    /// What one reaction does to a species.
    struct Change: Sendable {
        let reaction: Int
        let stoichiometry: Formula
        let isReactant: Bool
    }

    private(set) var unknowns: [Unknown] = []
    /// Amounts of species and values of other names that only events change.
    private(set) var helds: [NetworkValue] = []
    /// The place of each number that the network gives.
    private(set) var givens: [String: Int] = [:]
    private(set) var givenNames: [String] = []
    /// NaN where the network gives none.
    private(set) var givenValues: [Double] = []
    private(set) var isGiven: [Bool] = []
    /// By species; those of one reaction are neighbours.
    private(set) var changes: [[Change]]
    private var unknownPlaces: [NetworkValue: Int] = [:]
    private var heldPlaces: [NetworkValue: Int] = [:]

    init(_ roles: NetworkRoles) {
        let network = roles.network
        changes = Array(repeating: [], count: network.species.count)
        for (reaction, item) in network.reactions.enumerated() {
            for (list, isReactant) in [(item.reactants, true), (item.products, false)] {
                for participant in list {
                    guard let species = roles.species(participant.species) else { continue }
                    changes[species].append(
                        Change(reaction: reaction, stoichiometry: participant.stoichiometry, isReactant: isReactant))
                }
            }
        }
        for item in network.compartments { add(item.name, item.size, roles) }
        for (index, item) in network.species.enumerated() {
            switch item.initial {
            case .amount(let value), .concentration(let value): add(item.name, value, roles, species: index)
            case .unset: add(item.name, nil, roles, species: index)
            }
        }
        for item in network.parameters { add(item.name, item.value, roles) }
    }

    /// Gives a name its places.
    private mutating func add(_ name: String, _ given: Double?, _ roles: NetworkRoles, species: Int? = nil) {
        givens[name] = givenValues.count
        givenNames.append(name)
        givenValues.append(given ?? .nan)
        isGiven.append(given != nil)
        switch roles.sources[name] {
        case .rated: add(Unknown(value: .named(name), name: name, rate: .rate(name), algebraicRule: nil))
        case .algebraic(let rule):
            add(Unknown(value: .named(name), name: name, rate: .rate(name), algebraicRule: rule))
        case .reacting:
            guard let species else { return }
            add(Unknown(value: .amount(species), name: name, rate: .amountRate(species), algebraicRule: nil))
        case .held:
            let value = species.map { NetworkValue.amount($0) } ?? .named(name)
            heldPlaces[value] = helds.count
            helds.append(value)
        default: break
        }
    }

    private mutating func add(_ unknown: Unknown) {
        unknownPlaces[unknown.value] = unknowns.count
        unknowns.append(unknown)
    }

    func unknown(of value: NetworkValue) -> Int? { unknownPlaces[value] }
    func held(of value: NetworkValue) -> Int? { heldPlaces[value] }

    /// What an unknown or held value is to a graph.
    func input(_ value: NetworkValue) -> ExpressionGraph.Input {
        if let unknown = unknownPlaces[value] { return .unknown(unknown) }
        guard let held = heldPlaces[value] else { preconditionFailure("\(value) is neither unknown nor held") }
        return .held(held)
    }

    func given(_ name: String) -> Int {
        guard let place = givens[name] else { preconditionFailure("'\(name)' is not given") }
        return place
    }
}
