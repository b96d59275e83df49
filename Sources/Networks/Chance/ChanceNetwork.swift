public import Biology

/// A network made ready for exact chance: molecules counted one by one, reactions that happen at their rates.
///
/// Rates are taken as they are written: dimerisation of x molecules is k·x·(x − 1)/2 where the file says so and k·x² where
/// it says that. A reversible reaction whose rate is a difference, of what depends on all it takes and of what depends on
/// all it gives, happens both ways, each at its part of it. A reaction that would take more of something than there is
/// cannot happen, whatever its rate. Amounts that reactions change are whole numbers. Rates that change between reactions,
/// with time or by rate rules, are integrated to 1e-9, and a reaction happens when their integral says so.
public struct ChanceNetwork: Sendable {
    /// The network with its reactions taken out: what they change is held between them.
    let still: CompiledNetwork
    let table: ReactionTable
    /// What each of the table's reactions is called in messages.
    let names: [String]
    /// Coefficients and three offsets of each reaction of the table, from what is held.
    let coefficients: FlatProgram
    let reactants: [TauLeaping.Reactant]
    /// Held values that reactions change, with the species' names.
    let amounts: [(row: Int, name: String)]
    let start: NetworkStart
    let equations: NetworkEquations
    let switches: SwitchPrograms
    /// Whether something changes by itself between reactions, or a trigger with the time.
    let isTimed: Bool
    /// Where rates change between reactions, the unknown that is their sum's integral since the last one.
    let hazard: Int?
    /// The reactions of the table that a companion answers to, each with its place among those named.
    let called: [Int: Int]
    /// What a companion reads.
    let reads: FlatProgram

    /// Makes a network ready; a ``ChanceCompanion`` answers to the reactions named by `called` and reads the names `reads`.
    ///
    /// - Throws: ``NetworkFailure``: what is wrong with the network, and what exact chance cannot do, each by its name.
    public init(_ network: ReactionNetwork, called: [String] = [], reads: [String] = []) throws(NetworkFailure) {
        var channels = ReactionChannels(network)
        try channels.problems.check()
        var lowering = try ChanceLowering(channels)
        if lowering.isFlowing {
            let name = channels.addHazard(needs: lowering.taken)
            lowering = try ChanceLowering(channels)
            hazard = lowering.still.layout.unknown(of: .named(name))
        } else {
            hazard = nil
        }
        still = lowering.still
        var graph = lowering.graph
        let read = graph.withoutModes(try still.terms(of: reads.map { CourseRequest.Output($0) }), still.modes)
        let assembler = ProgramAssembler(graph: graph, rows: still.rows, constants: ConstantPool(of: graph))
        let reactions = lowering.reactions
        names = reactions.map(\.name)
        let answered = Dictionary(uniqueKeysWithValues: called.enumerated().map { ($1, $0) })
        let calls = channels.channels.enumerated().compactMap { channel, item -> (Int, Int)? in
            guard item.reaction < network.reactions.count else { return nil }
            return answered[network.reactions[item.reaction].name].map { (channel, $0) }
        }
        self.called = Dictionary(uniqueKeysWithValues: calls)
        let isCalled = Set(calls.map(\.0))
        self.reads = assembler.program(read)
        let zero = lowering.zero
        let held = reactions.flatMap { reaction in
            let offsets = reaction.product?.factors.map(\.offset) ?? []
            return [reaction.product?.coefficient ?? zero] + offsets + Array(repeating: zero, count: 3 - offsets.count)
        }
        coefficients = assembler.program(held)
        table = ReactionTable(
            forms: reactions.map(\.form), changes: reactions.map(\.changes), needs: reactions.map(\.needs),
            dependents: lowering.dependents,
            programs: reactions.map { $0.product == nil ? assembler.program([$0.rate]) : nil },
            isWatched: zip(lowering.isWatched, reactions.indices).map { $0 || isCalled.contains($1) })
        reactants = lowering.reactants
        amounts = lowering.amounts
        start = NetworkStart(still)
        equations = NetworkEquations(still)
        switches = SwitchPrograms(still)
        isTimed = lowering.isTimed
    }
}
