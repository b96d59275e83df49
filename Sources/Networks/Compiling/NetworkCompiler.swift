import Biology

/// Lowers all that a network has: first as it is after the start, then as it is at the start and before.
struct NetworkCompiler {
    typealias Term = ExpressionGraph.Term
    let roles: NetworkRoles
    let layout: NetworkLayout
    private(set) var graph = ExpressionGraph()
    private(set) var parts = LoweredParts()
    private(set) var problems = NetworkProblems()
    private(set) var terms: [NetworkValue: Term] = [:]
    private(set) var equations: [Term] = []
    /// f of the fast reactions alone; empty where there are none.
    private(set) var fastEquations: [Term] = []
    private(set) var startValues: [Term] = []
    private(set) var startHelds: [Term] = []
    private(set) var events: [CompiledEvent] = []
    private(set) var constraints: [Term] = []
    private(set) var delayDepth = 0

    init(roles: NetworkRoles, layout: NetworkLayout) {
        self.roles = roles
        self.layout = layout
    }

    private var network: ReactionNetwork { roles.network }

    mutating func run() {
        let drawn = lowerLater()
        lowerStart()
        if !parts.draws.isEmpty { for (place, term) in drawn { checkDraws(term, place) } }
        if graph.unknowns(under: equations) == nil {
            problems.add(
                "too many of the network's values depend on too many others at once", "split the network",
                kind: .unsupported, names: layout.unknowns.map(\.name))
        }
        if let depth = Self.delayDepth(parts.delays, in: graph) {
            delayDepth = depth
        } else {
            problems.add(
                "a value depends on its own past through assignment rules alone",
                "write it as a rate rule, or with fewer delays of delays", kind: .unsupported)
        }
    }

    /// Everything after the start; returns what may not depend on chance, with its place.
    private mutating func lowerLater() -> [(String, Term)] {
        var lowering = NetworkLowering(roles: roles, layout: layout, graph: graph, parts: parts, isStart: false)
        for value in allValues { _ = lowering.term(value) }
        equations = layout.unknowns.map { unknown in
            guard let rule = unknown.algebraicRule else { return lowering.term(unknown.rate) }
            return lowering.term(network.algebraicRules[rule], of: "algebraic rule \(rule + 1)")
        }
        if network.reactions.contains(where: \.isFast) {
            fastEquations = zip(layout.unknowns, equations).map { unknown, equation in
                if case .amount(let species) = unknown.value { return lowering.fastSum(species) }
                return unknown.algebraicRule == nil ? lowering.formulas.graph.constant(0) : equation
            }
        }
        var smooth = zip(layout.unknowns, equations).map { ("the rate of change of '\($0.name)'", $1) }
        events = network.events.enumerated().map { index, event in
            let place = event.name.isEmpty ? "event \(index + 1)" : "event '\(event.name)'"
            let compiled = CompiledEvent(
                name: event.name, trigger: lowering.condition(event.trigger, of: "the trigger of \(place)"),
                delay: event.delay.map { lowering.term($0, of: "the delay of \(place)") },
                priority: event.priority.map { lowering.term($0, of: "the priority of \(place)") },
                assignments: event.assignments.map { ($0.name, lowering.term($0.formula, of: place)) },
                isTrueBefore: event.isTrueBefore, isPersistent: event.isPersistent,
                usesValuesOfTrigger: event.usesValuesOfTrigger)
            smooth.append(("the trigger of \(place)", compiled.trigger))
            return compiled
        }
        constraints = network.constraints.enumerated().map {
            lowering.condition($1.condition, of: "constraint \($0 + 1)")
        }
        var next = 0
        while next < lowering.formulas.scope.parts.delays.count {
            let formula = lowering.formulas.scope.parts.delays[next].formula
            lowering.formulas.scope.parts.delays[next].after = lowering.term(formula, of: "a delayed value")
            next += 1
        }
        take(lowering)
        terms = lowering.formulas.scope.terms
        return smooth
    }

    private mutating func take(_ lowering: NetworkLowering) {
        graph = lowering.formulas.graph
        parts = lowering.formulas.scope.parts
        for failure in lowering.problems.failures {
            problems.add(failure.problem, failure.fix, kind: failure.kind, names: failure.names)
        }
    }

    /// What everything is at the start and before it.
    private mutating func lowerStart() {
        var lowering = NetworkLowering(roles: roles, layout: layout, graph: graph, parts: parts, isStart: true)
        startValues = layout.unknowns.map { lowering.term($0.value) }
        startHelds = layout.helds.map { lowering.term($0) }
        take(lowering)
        var before = NetworkLowering(
            roles: roles, layout: layout, graph: graph, parts: parts, isStart: true, isBefore: true)
        var next = 0
        while next < before.formulas.scope.parts.delays.count {
            let formula = before.formulas.scope.parts.delays[next].formula
            before.formulas.scope.parts.delays[next].before = before.term(formula, of: "a delayed value")
            next += 1
        }
        take(before)
    }

    /// Every value that can be asked for.
    private var allValues: [NetworkValue] {
        var values: [NetworkValue] = []
        for item in network.compartments { values.append(.named(item.name)) }
        for (index, item) in network.species.enumerated() {
            values += [.named(item.name), .amount(index), .concentration(index)]
        }
        for item in network.parameters { values.append(.named(item.name)) }
        for index in network.reactions.indices { values.append(.reaction(index)) }
        return values
    }

    private mutating func checkDraws(_ term: Term, _ place: String) {
        for part in graph.reachable(from: [term]) {
            if case .input(.draw) = graph.nodes[part] {
                problems.add(
                    "\(place) depends on a number drawn at each evaluation, so that it has no value",
                    "draw it in an event's or an initial assignment", kind: .unsupported)
                return
            }
        }
    }
}
