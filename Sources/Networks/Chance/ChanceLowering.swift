import Biology
import Simulation

/// Turns what can happen in a network into reactions of a table.
struct ChanceLowering {
    typealias Term = ExpressionGraph.Term

    struct Reaction {
        var name: String
        var rate: Term
        var product: RateProduct?
        var changes: [ReactionTable.Amount]
        var needs: [ReactionTable.Amount]
        /// The rows that its rate depends on, or whether it can happen.
        var causes: Set<Int>

        var form: ReactionTable.Rate {
            guard let product else { return ReactionTable.Rate(form: .program) }
            let rows = product.factors.map { Int32($0.row) } + [0, 0, 0]
            let form = ReactionTable.Form(rawValue: Int32(product.factors.count)) ?? .program
            return ReactionTable.Rate(factors: (rows[0], rows[1], rows[2]), form: form)
        }
    }

    let still: CompiledNetwork
    let channels: [ReactionChannels.Channel]
    var graph: ExpressionGraph
    var problems = NetworkProblems()
    private(set) var reactions: [Reaction] = []
    private(set) var zero: Term
    /// Whether a rate changes between reactions, with time or with what flows.
    private(set) var isFlowing = false
    /// The rows of amounts that reactions change.
    private(set) var amounts: [(row: Int, name: String)] = []
    private var varying: VaryingTerms

    /// - Throws: what is wrong with the network, and what chance cannot do.
    init(_ channels: ReactionChannels) throws(NetworkFailure) {
        still = try CompiledNetwork(channels.still)
        self.channels = channels.channels
        graph = still.graph
        zero = graph.constant(0)
        let changed = Set(channels.channels.flatMap { $0.changes.map(\.species) })
        for (index, species) in still.network.species.enumerated() {
            guard !species.isBoundary, !species.isConstant, let row = still.layout.held(of: .amount(index)),
                changed.contains(species.name)
            else { continue }
            amounts.append((row, species.name))
        }
        varying = VaryingTerms(graph, jumping: Set(amounts.map(\.row)))
        addReactions()
        try problems.check()
    }

    private mutating func addReactions() {
        let changes = allChanges()
        let direct = graph.withoutModes(channels.map { still.terms[.reaction($0.reaction)] ?? zero }, still.modes)
        for (index, channel) in channels.enumerated() {
            add(channel.name, rate: direct[index], changes: changes[index])
        }
    }

    private mutating func add(_ name: String, rate: Term, changes: [ReactionTable.Amount]) {
        varying.update(graph)
        isFlowing = isFlowing || varying.onOthers[rate]
        let product = graph.product(rate, &varying)
        var needs = changes.filter { $0.amount < 0 }.map { ReactionTable.Amount(row: $0.row, amount: -$0.amount) }
        if let product { needs.removeAll { graph.isNought(product, without: $0) } }
        let causes = Set(graph.helds(under: rate) + changes.filter { $0.amount < 0 }.map { Int($0.row) })
        reactions.append(
            Reaction(name: name, rate: rate, product: product, changes: changes, needs: needs, causes: causes))
    }

    /// By reaction: what happening once changes, in whole numbers.
    private mutating func allChanges() -> [[ReactionTable.Amount]] {
        var lowering = NetworkLowering(
            roles: still.roles, layout: still.layout, graph: graph,
            parts: LoweredParts(modes: still.modes, delays: still.delays, draws: still.draws), isStart: false)
        lowering.formulas.scope.terms = still.terms
        let rows = Dictionary(uniqueKeysWithValues: amounts.map { ($0.name, $0.row) })
        var sums: [[(row: Int, amount: Term)]] = []
        for channel in channels {
            var sum: [Int: Term] = [:]
            for (species, stoichiometry, isReactant) in channel.changes {
                guard let row = rows[species], let index = still.roles.species(species) else { continue }
                var term = lowering.term(stoichiometry, of: "a stoichiometry of '\(species)'")
                if let factor = still.network.species[index].conversionFactor {
                    let factor = lowering.term(.name(factor), of: "the conversion factor of '\(species)'")
                    term = lowering.formulas.graph.multiply(term, factor)
                }
                let old = sum[row] ?? zero
                sum[row] =
                    isReactant ? lowering.formulas.graph.subtract(old, term) : lowering.formulas.graph.add(old, term)
            }
            sums.append(sum.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        }
        graph = lowering.formulas.graph
        for failure in lowering.problems.failures {
            problems.add(failure.problem, failure.fix, kind: failure.kind, names: failure.names)
        }
        return zip(channels, sums).map { channel, sum in sum.compactMap { change(channel, $0.row, $0.amount) } }
    }

    /// A change as a whole number, or `nil` where it is none or nothing.
    private mutating func change(_ channel: ReactionChannels.Channel, _ row: Int, _ term: Term) -> ReactionTable.Amount?
    {
        func species() -> String { amounts.first { $0.row == row }?.name ?? "" }
        guard let amount = startNumber(term) else {
            problems.add(
                "the stoichiometry of '\(species())' in \(channel.name) varies while the network runs",
                "make it constant, or run the network as equations", kind: .unsupported)
            return nil
        }
        guard amount == amount.rounded(), abs(amount) <= 0x1p53 else {
            problems.add(
                "\(channel.name) changes '\(species())' by \(amount), and exact chance counts whole molecules",
                "write it with whole numbers, or run the network as equations", kind: .unsupported)
            return nil
        }
        return amount == 0 ? nil : ReactionTable.Amount(row: Int32(row), amount: amount)
    }

    /// The number that a term is for a whole run, or `nil`.
    private func startNumber(_ term: Term) -> Double? {
        if let number = graph.number(term) { return number }
        let assigned = Set(still.network.events.flatMap { $0.assignments.map(\.name) })
        var stream = RandomStream(seed: 0, cell: 0, purpose: .draw)
        let helds = NetworkStart(still).evaluate(givens: still.layout.givenValues, at: 0, from: &stream).helds
        var isFixed = true
        let value = graph.value(of: term) { input in
            guard case .held(let row) = input, case .named(let name) = still.layout.helds[row],
                !assigned.contains(name)
            else {
                isFixed = false
                return .nan
            }
            return helds[row]
        }
        return isFixed && value.isFinite ? value : nil
    }

    /// By reaction: those whose rates it changes, itself first.
    var dependents: [[Int32]] {
        var readers: [Int: [Int32]] = [:]
        for (index, reaction) in reactions.enumerated() {
            for cause in reaction.causes { readers[cause, default: []].append(Int32(index)) }
        }
        return reactions.enumerated().map { index, reaction in
            let others = Set(reaction.changes.flatMap { readers[Int($0.row)] ?? [] }).subtracting([Int32(index)])
            return [Int32(index)] + others.sorted()
        }
    }

    /// The rows that what flows and triggers depend on.
    private var watched: Set<Int> {
        var graph = graph
        let roots = graph.withoutModes(still.equations + still.events.map(\.trigger), still.modes)
        return Set(roots.flatMap { graph.helds(under: $0) })
    }

    /// By reaction: whether what flows or a trigger depends on what it changes.
    var isWatched: [Bool] {
        let watched = watched
        return reactions.map { $0.changes.contains { watched.contains(Int($0.row)) } }
    }

    /// By reaction: what it takes, by name.
    var taken: [[(species: String, amount: Double)]] {
        let names = Dictionary(uniqueKeysWithValues: amounts.map { ($0.row, $0.name) })
        return reactions.map { reaction in
            reaction.changes.filter { $0.amount < 0 }.map { (names[Int($0.row)] ?? "", -$0.amount) }
        }
    }

    /// Whether something changes by itself between reactions, or a trigger with the time.
    var isTimed: Bool {
        if !still.layout.unknowns.isEmpty { return true }
        var graph = graph
        let triggers = graph.withoutModes(still.events.map(\.trigger), still.modes)
        let varying = VaryingTerms(graph, jumping: [])
        return triggers.contains { varying.onOthers[$0] }
    }

    /// What leaping must know of each amount that rates, triggers or what flows depend on.
    var reactants: [TauLeaping.Reactant] {
        let jumping = Set(amounts.map(\.row))
        var steepest: [Int: TauLeaping.Reactant] = [:]
        for row in watched.intersection(jumping) {
            steepest[row] = TauLeaping.Reactant(row: Int32(row), order: 1, copies: 1)
        }
        for reaction in reactions {
            for row in graph.helds(under: reaction.rate) where jumping.contains(row) {
                // Chosen: what is no product is taken for as steep as three different molecules.
                let factors = reaction.product?.factors
                let candidate = TauLeaping.Reactant(
                    row: Int32(row), order: factors?.count ?? 3,
                    copies: factors.map { $0.count { $0.row == row } } ?? 1)
                let known = steepest[row]
                if known.map({ ($0.order, $0.copies) < (candidate.order, candidate.copies) }) ?? true {
                    steepest[row] = candidate
                }
            }
        }
        return steepest.values.sorted { $0.row < $1.row }
    }
}
