/// A compiled network as the integrator sees it.
///
/// The derivative by a value of some time ago is left out of the Jacobian: steps are no longer than the delay, so that
/// such a value does not depend on the step.
struct NetworkEquations: LaneSystem {
    let network: CompiledNetwork
    let isAlgebraic: [Bool]
    let pattern: SparsePattern
    let timeDependence: TimeDependence
    let scratch: Int
    private let rateProgram: FlatProgram
    private let jacobianProgram: FlatProgram
    private let timeProgram: FlatProgram
    private let delays: DelayPrograms
    private let needed: [Int]

    var unknowns: Int { network.layout.unknowns.count }
    var inputs: Int { network.inputCount }

    init(_ network: CompiledNetwork) { self.init(network, equations: network.equations) }

    init(_ network: CompiledNetwork, equations: [ExpressionGraph.Term]) {
        self.network = network
        isAlgebraic = network.layout.unknowns.map { $0.algebraicRule != nil }
        var graph = network.graph
        let derivatives = EquationDerivatives(equations, of: network.layout.unknowns.count, in: &graph)
        pattern = derivatives.pattern
        timeDependence = derivatives.timeDependence(in: graph)
        // Derivatives have numbers of their own.
        let assembler = ProgramAssembler(graph: graph, rows: network.rows, constants: ConstantPool(of: graph))
        rateProgram = assembler.program(equations)
        jacobianProgram = assembler.program(derivatives.entries)
        timeProgram = assembler.program(derivatives.inTime)
        delays = DelayPrograms(
            network, programRows: max(rateProgram.scratch, jacobianProgram.scratch, timeProgram.scratch))
        scratch = delays.scratch
        needed = network.delaysNeeded(by: equations)
    }

    func name(ofUnknown index: Int) -> String { "'\(network.layout.unknowns[index].name)'" }

    func rates(_ point: LanePoint, into result: UnsafeMutablePointer<Double>) {
        delays.look(up: needed, at: point)
        unsafe rateProgram.run(point, into: result)
    }

    func jacobian(_ point: LanePoint, into result: UnsafeMutablePointer<Double>) {
        delays.look(up: needed, at: point)
        unsafe jacobianProgram.run(point, into: result)
    }

    func timeDerivative(_ point: LanePoint, into result: UnsafeMutablePointer<Double>) {
        delays.look(up: needed, at: point)
        unsafe timeProgram.run(point, into: result)
    }
}
