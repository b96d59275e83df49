import Biology

/// The programs that find and carry out what changes at once: modes, triggers, events.
struct SwitchPrograms: Sendable {
    struct Event: Sendable {
        let source: CompiledEvent
        let delay: PreparedProgram?
        let priority: PreparedProgram?
        let values: PreparedProgram
        let targets: [Target]
    }

    /// Where an assignment goes.
    enum Target: Sendable {
        /// What the name means is itself a value of the block.
        case value(Row)
        /// A species kept as an amount; `volume` is the row of its compartment among `volumes`, `nil` where its name
        /// means the amount.
        case amount(Row, volume: Int?)
    }

    /// A row of the block's values or inputs.
    enum Row: Hashable, Sendable {
        case unknown(Int)
        case held(Int)
    }

    /// What is compared or rounded, one a mode.
    let modes: PreparedProgram
    let triggers: PreparedProgram
    let constraints: PreparedProgram
    let events: [Event]
    /// The amounts of time that delays look back.
    let delays: PreparedProgram
    /// Sizes of the compartments whose species are unknowns as concentrations or are assigned by events.
    let volumes: PreparedProgram
    /// Concentrations that are unknowns, each with its row of `volumes`.
    let concentrations: [(unknown: Int, volume: Int)]
    /// Modes that the equations depend on, be it through others.
    let isInEquations: [Bool]

    var all: [PreparedProgram] {
        [modes, triggers, constraints, delays, volumes]
            + events.flatMap { [$0.delay, $0.priority, $0.values].compactMap { $0 } }
    }

    init(_ network: CompiledNetwork) {
        func prepared(_ terms: [ExpressionGraph.Term]) -> PreparedProgram { PreparedProgram(terms, of: network) }
        modes = prepared(network.modes.map(\.term))
        triggers = prepared(network.events.map(\.trigger))
        constraints = prepared(network.constraints)
        delays = prepared(network.delays.filter { !$0.isOfStart }.map(\.delay))
        var volumes = VolumeRows(network)
        concentrations = network.layout.unknowns.enumerated().compactMap { index, unknown in
            guard case .named = unknown.value, let species = network.roles.species(unknown.name),
                let volume = volumes.row(ofSpecies: species)
            else { return nil }
            return (index, volume)
        }
        events = network.events.map { event in
            Event(
                source: event, delay: event.delay.map { prepared([$0]) },
                priority: event.priority.map { prepared([$0]) }, values: prepared(event.assignments.map(\.value)),
                targets: event.assignments.map { Self.target($0.name, network, &volumes) })
        }
        self.volumes = prepared(volumes.terms)
        var isInEquations = Array(repeating: false, count: network.modes.count)
        var open = network.equations
        while !open.isEmpty {
            var found: [ExpressionGraph.Term] = []
            for term in network.graph.reachable(from: open) {
                guard case .input(.mode(let mode)) = network.graph.nodes[term], !isInEquations[mode] else { continue }
                isInEquations[mode] = true
                found.append(network.modes[mode].term)
            }
            open = found
        }
        self.isInEquations = isInEquations
    }

    private static func target(
        _ name: String, _ network: CompiledNetwork, _ volumes: inout VolumeRows
    ) -> Target {
        func row(_ value: NetworkValue) -> Row? {
            if let unknown = network.layout.unknown(of: value) { return .unknown(unknown) }
            return network.layout.held(of: value).map { .held($0) }
        }
        if let row = row(.named(name)) { return .value(row) }
        guard let species = network.roles.species(name), let row = row(.amount(species)) else {
            preconditionFailure("'\(name)' cannot be assigned")
        }
        return .amount(row, volume: volumes.row(ofSpecies: species))
    }
}

/// The compartments' sizes that assignments need, each once.
private struct VolumeRows {
    private let network: CompiledNetwork
    private(set) var terms: [ExpressionGraph.Term] = []
    private var rows: [String: Int] = [:]

    init(_ network: CompiledNetwork) { self.network = network }

    /// The row of the size of a species' compartment, or `nil` where the species' name means its amount.
    mutating func row(ofSpecies index: Int) -> Int? {
        if network.roles.meansAmount(index) { return nil }
        let name = network.network.species[index].compartment
        if let row = rows[name] { return row }
        guard let term = network.terms[.named(name)] else { return nil }
        terms.append(term)
        rows[name] = terms.count - 1
        return terms.count - 1
    }
}
