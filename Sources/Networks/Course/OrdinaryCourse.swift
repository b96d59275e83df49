public import Biology
import Simulation

/// A network as ordinary differential equations with events: compiled once, run as often as wanted.
public struct OrdinaryCourse: Sendable {
    public let network: CompiledNetwork
    private let equations: NetworkEquations
    private let programs: SwitchPrograms
    private let start: NetworkStart

    public init(_ network: ReactionNetwork) throws(NetworkFailure) { self.init(try CompiledNetwork(network)) }

    public init(_ network: CompiledNetwork) {
        self.network = network
        equations = NetworkEquations(network)
        programs = SwitchPrograms(network)
        start = NetworkStart(network)
    }

    /// Values over time.
    ///
    /// - Parameters:
    ///   - request: times in the network's unit, the first of them the start, and which values.
    ///   - relative: the largest error a step may make, as part of a value.
    ///   - absolute: the same in the unit of the value.
    ///   - seed: of what events draw and of their order where nothing else says it.
    ///   - goOn: asked a hundred times on the way whether to go on, with the time reached.
    /// - Returns: a row a time of the request, or as many as there were when `goOn` said no; and which constraints were
    ///   violated.
    /// - Throws: malformed for an output that is not in the network; stopped where the equations cannot be followed.
    public func run(
        _ request: CourseRequest, relative: Double, absolute: Double, seed: UInt64,
        goOn: (Double) -> Bool = { _ in true }
    ) throws(NetworkFailure) -> TimeCourse {
        let outputs = PreparedProgram(try network.terms(of: request.outputs), of: network)
        let evaluator = NetworkEvaluator(network, programs: programs.all + [outputs], lanes: 1)
        let (first, last) = (request.times.first ?? 0, request.times.last ?? 0)
        var stream = RandomStream(seed: seed, cell: 0, purpose: .draw)
        let begin = start.evaluate(givens: network.layout.givenValues, at: first, from: &stream)
        try start.check(begin)
        let run = try NetworkRun(
            network, equations: equations, programs: programs, evaluator: evaluator,
            tolerance: StepTolerance(
                relative: relative, absolute: Array(repeating: absolute, count: network.layout.unknowns.count)),
            grain: max((last - first) / 100, first.ulp), streams: [stream])
        run.set(
            lane: 0, givens: network.layout.givenValues, unknowns: begin.unknowns, helds: begin.helds, at: first)
        try run.begin(at: first)
        var course = TimeCourse(names: request.outputs.map(\.name))
        /// Adds a row of the course, of values at a time.
        func add(_ time: Double, _ values: UnsafePointer<Double>) {
            let row = unsafe run.evaluate(outputs, at: time, values)
            course.times.append(time)
            for index in request.outputs.indices { unsafe course.values.append(row[index]) }
        }
        for part in 1...100 {
            try run.advance(to: part == 100 ? last : first + (last - first) * Double(part) / 100) { _, to in
                while course.times.count < request.times.count, request.times[course.times.count] < to {
                    let time = request.times[course.times.count]
                    unsafe run.integrator.interpolate(at: time, into: run.inside)
                    unsafe add(time, run.inside)
                }
            }
            if part < 100, !goOn(run.time) { return course }
        }
        while course.times.count < request.times.count {
            unsafe add(request.times[course.times.count], run.integrator.values)
        }
        course.violations = run.violations.sorted { $0.key < $1.key }.map { .init(constraint: $0.key, time: $0.value) }
        return course
    }
}

extension CompiledNetwork {
    /// The terms of outputs, in their order.
    func terms(of outputs: [CourseRequest.Output]) throws(NetworkFailure) -> [ExpressionGraph.Term] {
        var problems = NetworkProblems()
        var result: [ExpressionGraph.Term] = []
        for output in outputs {
            var value = NetworkValue.named(output.name)
            if case .reaction(let index) = roles.elements[output.name] { value = .reaction(index) }
            if let species = roles.species(output.name) {
                switch output.quantity {
                case .asNamed: break
                case .amount: value = .amount(species)
                case .concentration: value = .concentration(species)
                }
            }
            if let term = terms[value] {
                result.append(term)
            } else {
                problems.add("nothing is named '\(output.name)'", "ask for what the network has")
            }
        }
        try problems.check()
        return result
    }
}
