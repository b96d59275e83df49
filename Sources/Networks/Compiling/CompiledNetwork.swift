public import Biology
import CLanes

/// A network made ready to run: its formulas as flat programs, its equations with their exact sparse Jacobian.
///
/// Compiled once and shared; what a cell or a run changes is in the integrator's values and inputs. An unknown is an
/// amount where reactions change it, and what the name means where a rule gives its rate or determines it.
public struct CompiledNetwork: Sendable {
    public let network: ReactionNetwork
    let roles: NetworkRoles
    let layout: NetworkLayout
    let graph: ExpressionGraph
    let rows: InputRows
    let constants: ConstantPool
    let modes: [NetworkMode]
    let delays: [NetworkDelay]
    let delayDepth: Int
    let draws: [NetworkDraw]
    let events: [CompiledEvent]
    let constraints: [ExpressionGraph.Term]
    /// What each value is after the start.
    let terms: [NetworkValue: ExpressionGraph.Term]
    /// What unknowns are at the start, then what is held, from what is given.
    let startTerms: [ExpressionGraph.Term]
    /// f of the equations M dy/dt = f(t, y).
    let equations: [ExpressionGraph.Term]
    /// The same of the fast reactions alone; empty where there are none.
    let fastEquations: [ExpressionGraph.Term]

    /// - Throws: ``NetworkFailure`` with everything that is wrong with the network, or cannot be done.
    public init(_ network: ReactionNetwork) throws(NetworkFailure) {
        let roles = NetworkRoles(network)
        try roles.problems.check()
        let layout = NetworkLayout(roles)
        var compiler = NetworkCompiler(roles: roles, layout: layout)
        compiler.run()
        try compiler.problems.check()
        self.network = network
        self.roles = roles
        self.layout = layout
        graph = compiler.graph
        modes = compiler.parts.modes
        delays = compiler.parts.delays
        delayDepth = compiler.delayDepth
        draws = compiler.parts.draws
        events = compiler.events
        constraints = compiler.constraints
        terms = compiler.terms
        equations = compiler.equations
        fastEquations = compiler.fastEquations
        rows = InputRows(
            held: layout.helds.count, modes: modes.count, delayed: delays.count, draws: draws.count,
            givens: layout.givenValues.count)
        constants = ConstantPool(of: graph)
        startTerms = compiler.startValues + compiler.startHelds
    }

    /// Numbers a lane has beside its unknowns: what is held, modes, and for delays what is given and the start.
    var inputCount: Int { delays.isEmpty ? rows.held + rows.modes : rows.startRow + 1 }

    func program(_ terms: [ExpressionGraph.Term]) -> FlatProgram {
        ProgramAssembler(graph: graph, rows: rows, constants: constants).program(terms)
    }
}

/// An event's formulas as terms.
struct CompiledEvent: Sendable {
    let name: String
    let trigger: ExpressionGraph.Term
    let delay: ExpressionGraph.Term?
    let priority: ExpressionGraph.Term?
    /// What names mean after it.
    let assignments: [(name: String, value: ExpressionGraph.Term)]
    let isTrueBefore: Bool
    let isPersistent: Bool
    let usesValuesOfTrigger: Bool
}
