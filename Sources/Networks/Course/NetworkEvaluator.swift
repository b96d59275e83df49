import Biology
import Simulation

/// A program of a network with what must be looked up and drawn before it runs.
struct PreparedProgram: Sendable {
    let program: FlatProgram
    let delays: [Int]
    /// Draws it depends on, in the order they are made, each with the program of its arguments.
    let draws: [(index: Int, distribution: Formula.Distribution, arguments: FlatProgram)]

    init(_ terms: [ExpressionGraph.Term], of network: CompiledNetwork) {
        program = network.program(terms)
        delays = network.delaysNeeded(by: terms)
        let indices = network.drawsNeeded(by: terms)
        draws = indices.map {
            let draw = network.draws[$0]
            return ($0, draw.distribution, network.program(draw.arguments))
        }
    }

    var scratch: Int { draws.reduce(program.scratch) { max($0, $1.arguments.scratch) } }
    var results: Int { max(program.results, draws.map(\.arguments.results).max() ?? 0) }
}

extension CompiledNetwork {
    /// The draws that some terms depend on, those in arguments of others first.
    func drawsNeeded(by terms: [ExpressionGraph.Term]) -> [Int] {
        if draws.isEmpty { return [] }
        var needed = Set<Int>()
        var open = terms
        while !open.isEmpty {
            let found = graph.reachable(from: open).compactMap { term -> Int? in
                if case .input(.draw(let index)) = graph.nodes[term] { index } else { nil }
            }
            let new = Set(found).subtracting(needed)
            needed.formUnion(new)
            open = new.flatMap { draws[$0].arguments }
        }
        // A draw's arguments are lowered before it, so what they draw has a smaller index.
        return needed.sorted()
    }
}

/// Memory in which programs of a network are run for a block of lanes; for one thread.
@safe final class NetworkEvaluator {
    let lanes: Int
    private let delays: DelayPrograms
    private let rows: InputRows
    private let scratch: UnsafeMutablePointer<Double>
    private let result: UnsafeMutablePointer<Double>

    init(_ network: CompiledNetwork, programs: [PreparedProgram], lanes: Int) {
        self.lanes = lanes
        rows = network.rows
        let size = programs.map(\.scratch).max() ?? 0
        delays = DelayPrograms(network, programRows: max(size, network.rows.reserved))
        unsafe scratch = .allocate(capacity: delays.scratch * lanes)
        unsafe scratch.initialize(repeating: 0, count: delays.scratch * lanes)
        let results = max(1, programs.map(\.results).max() ?? 0)
        unsafe result = .allocate(capacity: results * lanes)
        unsafe result.initialize(repeating: 0, count: results * lanes)
    }

    deinit {
        unsafe scratch.deallocate()
        unsafe result.deallocate()
    }

    /// The results of a program, [root][lane]; good until the next call.
    func values(
        of prepared: PreparedProgram, time: Double, values: UnsafePointer<Double>, inputs: UnsafePointer<Double>,
        past: (any LanePast)?
    ) -> UnsafePointer<Double> {
        let point = unsafe LanePoint(
            time: time, lanes: lanes, values: values, inputs: inputs, scratch: scratch, past: past)
        delays.look(up: prepared.delays, at: point)
        unsafe prepared.program.run(point, into: result)
        return unsafe UnsafePointer(result)
    }

    /// Draws what a program depends on, for one lane.
    func draw(
        for prepared: PreparedProgram, lane: Int, from stream: inout RandomStream, time: Double,
        values: UnsafePointer<Double>, inputs: UnsafePointer<Double>, past: (any LanePast)?
    ) {
        let point = unsafe LanePoint(
            time: time, lanes: lanes, values: values, inputs: inputs, scratch: scratch, past: past)
        if prepared.draws.isEmpty { return }
        delays.look(up: prepared.delays, at: point)
        for draw in prepared.draws {
            unsafe draw.arguments.run(point, into: result)
            let arguments = (0..<draw.arguments.results).map { unsafe result[$0 * lanes + lane] }
            let row = 1 + rows.delayed + draw.index
            unsafe scratch[row * lanes + lane] = draw.distribution.draw(arguments, from: &stream)
        }
    }
}
