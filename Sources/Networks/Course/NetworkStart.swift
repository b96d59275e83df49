import Biology
import Simulation

/// A network's values at the start, in the order of its initial assignments and rules.
struct NetworkStart: Sendable {
    let network: CompiledNetwork
    private let program: PreparedProgram
    /// What a run cannot go on without and nothing gives a value: the place among the start's values, and its name.
    private let missing: [(place: Int, name: String)]

    init(_ network: CompiledNetwork) {
        self.network = network
        program = PreparedProgram(network.startTerms, of: network)
        guard network.layout.isGiven.contains(false) else {
            missing = []
            return
        }
        let unknowns = network.layout.unknowns
        var isNeeded = unknowns.map { $0.algebraicRule == nil } + network.layout.helds.map { _ in false }
        for term in network.graph.reachable(from: network.equations) {
            if case .input(.held(let index)) = network.graph.nodes[term] { isNeeded[unknowns.count + index] = true }
        }
        missing = network.startTerms.enumerated().flatMap { place, term -> [(place: Int, name: String)] in
            guard isNeeded[place] else { return [] }
            return network.graph.reachable(from: [term]).compactMap { term in
                guard case .input(.given(let given)) = network.graph.nodes[term], !network.layout.isGiven[given] else {
                    return nil
                }
                return (place, network.layout.givenNames[given])
            }
        }
    }

    /// The unknowns' and held values of one lane, from given numbers.
    ///
    /// An algebraic unknown without a value starts at 1, where the search for it begins.
    func evaluate(
        givens: [Double], at time: Double, from stream: inout RandomStream
    ) -> (unknowns: [Double], helds: [Double]) {
        let evaluator = NetworkEvaluator(network, programs: [program], lanes: 1)
        var inputs = Array(repeating: 0.0, count: network.rows.startRow + 1)
        for (index, value) in givens.enumerated() { inputs[network.rows.held + network.rows.modes + index] = value }
        inputs[network.rows.startRow] = time
        let none = Array(repeating: 0.0, count: max(1, network.layout.unknowns.count))
        let all: [Double] = unsafe none.withUnsafeBufferPointer { none in
            unsafe inputs.withUnsafeBufferPointer { inputs in
                guard let start = none.baseAddress, let base = inputs.baseAddress else { return [] }
                unsafe evaluator.draw(
                    for: program, lane: 0, from: &stream, time: time, values: start, inputs: base, past: nil)
                let result = unsafe evaluator.values(of: program, time: time, values: start, inputs: base, past: nil)
                return (0..<program.program.results).map { unsafe result[$0] }
            }
        }
        var unknowns = Array(all.prefix(network.layout.unknowns.count))
        for (index, unknown) in network.layout.unknowns.enumerated()
        where unknown.algebraicRule != nil && !unknowns[index].isFinite { unknowns[index] = 1 }
        return (unknowns, Array(all.dropFirst(unknowns.count)))
    }

    /// Throws where the equations need what nothing gives a value.
    func check(_ start: (unknowns: [Double], helds: [Double])) throws(NetworkFailure) {
        var problems = NetworkProblems()
        let all = start.unknowns + start.helds
        for (place, name) in missing where all[place].isNaN {
            problems.add("'\(name)' has no value at the start", "give '\(name)' a value")
        }
        try problems.check()
    }
}
