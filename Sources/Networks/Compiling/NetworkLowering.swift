import Biology
import CLanes

/// Turns the values of a network into terms, each after those it depends on.
struct NetworkLowering {
    typealias Term = ExpressionGraph.Term
    let roles: NetworkRoles
    let layout: NetworkLayout
    var formulas: FormulaLowering<NetworkScope>
    var problems = NetworkProblems()

    init(
        roles: NetworkRoles, layout: NetworkLayout, graph: ExpressionGraph, parts: LoweredParts, isStart: Bool,
        isBefore: Bool = false
    ) {
        self.roles = roles
        self.layout = layout
        formulas = FormulaLowering(
            graph: graph, scope: NetworkScope(isStart: isStart, isBefore: isBefore, parts: parts))
    }

    private var network: ReactionNetwork { roles.network }

    /// The term of a value; what is wrong is added to the problems, and then it is a number.
    mutating func term(_ value: NetworkValue) -> Term {
        lower([value])
        return known(value)
    }

    /// The term of a value that is lowered.
    private func known(_ value: NetworkValue) -> Term {
        guard let term = formulas.scope.terms[value] else { preconditionFailure("\(value) is not lowered") }
        return term
    }

    /// The term of a formula that belongs to the network; `place` says where it is.
    mutating func term(_ formula: Formula, of place: String) -> Term {
        lower(needs(of: formula))
        do { return try formulas.term(formula) } catch { add(error, place) }
        return formulas.graph.constant(.nan)
    }

    /// The term of a condition, which changes only where modes or held values do.
    mutating func condition(_ formula: Formula, of place: String) -> Term {
        let term = term(formula, of: place)
        guard formulas.graph.varies[term] else { return term }
        let sign = formulas.scope.sign(of: term, in: &formulas.graph)
        return formulas.graph.term(CL_NOT, formulas.graph.term(CL_EQUAL, sign, formulas.graph.constant(0)))
    }

    private mutating func add(_ error: any Error, _ place: String) {
        guard let fault = error as? FormulaFault else { return }
        problems.add("\(place): \(fault.problem)", fault.fix)
    }

    private func needs(of formula: Formula) -> [NetworkValue] {
        let present = formula.present
        return (present.names.map { .named($0) } + present.rates.map { .rate($0) })
            .filter { value in
                switch value {
                case .named(let name), .rate(let name): roles.elements[name] != nil
                default: true
                }
            }
    }

    /// Lowers values and all they need, depth first and without recursion.
    private mutating func lower(_ values: [NetworkValue]) {
        var path: [NetworkValue] = []
        var onPath: Set<NetworkValue> = []
        var stack = values
        while let value = stack.last {
            if formulas.scope.terms[value] != nil {
                stack.removeLast()
                continue
            }
            let plan = plan(value)
            let open = needs(of: plan).filter { formulas.scope.terms[$0] == nil }
            if path.last != value {
                path.append(value)
                onPath.insert(value)
            }
            if let loop = open.first(where: { onPath.contains($0) }) {
                reportCycle(Array(path.drop { $0 != loop }))
                formulas.scope.terms[loop] = formulas.graph.constant(.nan)
                continue
            }
            if open.isEmpty {
                formulas.scope.terms[value] = make(plan, value)
                path.removeLast()
                onPath.remove(value)
                stack.removeLast()
            } else {
                stack += open.reversed()
            }
        }
    }

    private mutating func reportCycle(_ chain: [NetworkValue]) {
        var names: [String] = []
        for name in chain.map(name(of:)) where names.last != name { names.append(name) }
        // Chosen: a longer circle is found from its first names too.
        let shown = names.count > 10 ? names.prefix(10) + ["\(names.count - 10) others"] : names[...]
        problems.add(
            "the rules go round in a circle: \((shown + [names[0]]).joined(separator: " needs "))",
            "give one of them a value that needs none of the others, or write it as an algebraic rule",
            names: chain.compactMap(networkName))
    }

    /// What a value is called in the network; `nil` for a reaction without a name.
    private func networkName(_ value: NetworkValue) -> String? {
        switch value {
        case .named(let name), .rate(let name): name
        case .amount(let index), .concentration(let index), .amountRate(let index): network.species[index].name
        case .reaction(let index): network.reactions[index].name.isEmpty ? nil : network.reactions[index].name
        case .given(let index): layout.givenNames[index]
        }
    }

    /// What a value is called in a message.
    private func name(of value: NetworkValue) -> String {
        switch value {
        case .named(let name): "'\(name)'"
        case .rate(let name): "the rate of change of '\(name)'"
        case .amount(let index), .concentration(let index), .amountRate(let index):
            "'\(network.species[index].name)'"
        case .reaction(let index): "the rate of \(network.reactions[index].called(index))"
        case .given(let index): "'\(layout.givenNames[index])'"
        }
    }

    private func needs(of plan: Plan) -> [NetworkValue] {
        switch plan {
        case .input, .number, .refused: return []
        case .formula(let formula): return needs(of: formula)
        case .same(let value): return [value]
        case .product(let a, let b), .quotient(let a, let b): return [a, b]
        case .reactions(let species):
            var needs = network.species[species].conversionFactor.map { [NetworkValue.named($0)] } ?? []
            for change in layout.changes[species] {
                needs.append(.reaction(change.reaction))
                needs += self.needs(of: change.stoichiometry)
            }
            return needs
        case .concentrationRate(let species, let amountRate):
            let volume = network.species[species].compartment
            return [.concentration(species), .named(volume), .rate(volume)] + (amountRate.map { [$0] } ?? [])
        case .derivative(let value):
            guard let term = formulas.scope.terms[value] else { return [value] }
            return formulas.graph.reachable(from: [term]).compactMap { term in
                guard case .input(.unknown(let index)) = formulas.graph.nodes[term] else { return nil }
                return layout.unknowns[index].rate
            }
        }
    }

    private mutating func make(_ plan: Plan, _ value: NetworkValue) -> Term {
        switch plan {
        case .input(let input): return formulas.graph.input(input)
        case .number(let number): return formulas.graph.constant(number)
        case .formula(let formula):
            do { return try formulas.term(formula) } catch { add(error, "in \(name(of: value))") }
        case .same(let value): return known(value)
        case .product(let a, let b): return formulas.graph.multiply(known(a), known(b))
        case .quotient(let a, let b): return formulas.graph.divide(known(a), known(b))
        case .reactions(let species): return reactionSum(species)
        case .concentrationRate(let species, let amountRate):
            let volume = network.species[species].compartment
            let dilution = formulas.graph.multiply(known(.concentration(species)), known(.rate(volume)))
            let change = amountRate.map { known($0) } ?? formulas.graph.constant(0)
            return formulas.graph.divide(formulas.graph.subtract(change, dilution), known(.named(volume)))
        case .derivative(let inner): return timeDerivative(of: known(inner), value)
        case .refused(let problem): problems.add(problem, "write it without", kind: .unsupported)
        }
        return formulas.graph.constant(.nan)
    }

    /// Σ stoichiometry · rate, times the conversion factor.
    private mutating func reactionSum(_ species: Int) -> Term {
        var sum = formulas.graph.constant(0)
        for (reaction, stoichiometry) in netStoichiometries(species) {
            var rate = known(.reaction(reaction))
            if network.reactions[reaction].isFast {
                rate = formulas.graph.multiply(formulas.graph.constant(Self.fastFactor), rate)
            }
            sum = formulas.graph.add(sum, formulas.graph.multiply(stoichiometry, rate))
        }
        guard let factor = network.species[species].conversionFactor, let term = formulas.scope.terms[.named(factor)]
        else { return sum }
        return formulas.graph.multiply(sum, term)
    }

    /// How many times faster than written a fast reaction is.
    ///
    /// Chosen: what it leaves undone is a 1e-10th of what slow reactions do in its own time, and its rounding
    /// (1e-16 · 1e10) is divided by the same factor again where the equations are solved.
    static var fastFactor: Double { 1e10 }

    /// The fast part of a species' rate of change, as written.
    mutating func fastSum(_ species: Int) -> Term {
        _ = term(.amountRate(species))
        var sum = formulas.graph.constant(0)
        for (reaction, stoichiometry) in netStoichiometries(species) where network.reactions[reaction].isFast {
            sum = formulas.graph.add(sum, formulas.graph.multiply(stoichiometry, known(.reaction(reaction))))
        }
        guard let factor = network.species[species].conversionFactor else { return sum }
        return formulas.graph.multiply(sum, known(.named(factor)))
    }

    /// What each reaction of a species changes it by per extent, before conversion; products less reactants.
    mutating func netStoichiometries(_ species: Int) -> [(reaction: Int, stoichiometry: Term)] {
        var result: [(reaction: Int, stoichiometry: Term)] = []
        for change in layout.changes[species] {
            let place = "a stoichiometry of '\(network.species[species].name)'"
            var term = self.term(change.stoichiometry, of: place)
            if change.isReactant { term = formulas.graph.term(CL_NEGATE, term) }
            if let last = result.last, last.reaction == change.reaction {
                result[result.count - 1].stoichiometry = formulas.graph.add(last.stoichiometry, term)
            } else {
                result.append((change.reaction, term))
            }
        }
        return result
    }

    /// df/dt = Σ ∂f/∂y · dy/dt + ∂f/∂t.
    private mutating func timeDerivative(of term: Term, _ value: NetworkValue) -> Term {
        let order = formulas.graph.reachable(from: [term])
        var seeds: [ExpressionGraph.Input: Term] = [.time: formulas.graph.constant(1)]
        for node in order {
            switch formulas.graph.nodes[node] {
            case .input(.unknown(let index)):
                seeds[.unknown(index)] = known(layout.unknowns[index].rate)
            case .input(.delayed):
                problems.add(
                    "\(name(of: value)) depends on a value of some time ago", "write its rate of change as a formula",
                    kind: .unsupported)
            default: break
            }
        }
        return formulas.graph.derivatives(of: [term], along: seeds, within: order)[term] ?? formulas.graph.constant(0)
    }
}

extension NetworkReaction {
    /// What a reaction is called in a message.
    func called(_ index: Int) -> String { name.isEmpty ? "reaction \(index + 1)" : "reaction '\(name)'" }
}
