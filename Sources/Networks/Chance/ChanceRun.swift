import Biology
import Simulation

/// One copy of a network that runs by chance; used again for the next copy by ``start(seed:copy:)``.
///
/// Not for two threads at a time.
@safe final class ChanceRun {
    /// How the next reaction is found.
    private enum Way {
        case direct(DirectChoice)
        case nextReaction(NextReaction)
        case compositionRejection(CompositionRejection)
        case leaping(TauLeaping, DirectChoice)
    }

    let network: ChanceNetwork
    let method: ChanceMethod
    private let readings: PreparedProgram
    /// What is held, amounts among it, and what flows between reactions: the stage's where there is one.
    let held: UnsafeMutablePointer<Double>
    let flowing: UnsafeMutablePointer<Double>
    let scratch: UnsafeMutablePointer<Double>
    let result: UnsafeMutablePointer<Double>
    /// For what is read.
    private let evaluator: NetworkEvaluator
    let companion: (any ChanceCompanion)?
    /// Whether the companion has set anything since rates were taken.
    var isTouched = false
    /// Events, and what changes between reactions; `nil` where there is neither.
    let stage: NetworkRun?
    var state: ReactionState
    private var stream: ChanceStream
    private var way: Way

    /// `grain`: conditions that depend on time are looked at so often at least.
    init(
        _ network: ChanceNetwork, _ readings: PreparedProgram, _ method: ChanceMethod, grain: Double,
        companion: (any ChanceCompanion)? = nil
    ) throws(NetworkFailure) {
        self.network = network
        self.companion = companion
        self.readings = readings
        self.method = method
        let still = network.still
        if still.events.isEmpty && still.layout.unknowns.isEmpty {
            stage = nil
            unsafe held = ChanceRun.zeros(still.inputCount)
            unsafe flowing = ChanceRun.zeros(1)
        } else {
            let run = try NetworkRun(
                still, equations: network.equations, programs: network.switches,
                evaluator: NetworkEvaluator(still, programs: network.switches.all, lanes: 1),
                tolerance: ChanceRun.tolerance(still), grain: grain,
                streams: [RandomStream(seed: 0, cell: 0, purpose: .draw)])
            unsafe held = run.integrator.inputs
            unsafe flowing = run.integrator.values
            stage = run
        }
        evaluator = NetworkEvaluator(still, programs: [readings], lanes: 1)
        let programs = network.table.programs.compactMap { $0 } + [network.coefficients, network.reads]
        unsafe scratch = ChanceRun.zeros(programs.reduce(still.rows.reserved) { max($0, $1.scratch) })
        unsafe result = ChanceRun.zeros(max(network.coefficients.results, network.reads.results))
        unsafe state = ReactionState(table: network.table, held: held, flowing: flowing, scratch: scratch)
        stream = ChanceStream(RandomStream(seed: 0, cell: 0, purpose: .reaction))
        way = ChanceRun.way(method, network, seed: 0, copy: 0)
    }

    deinit {
        release(way)
        stream.release()
        state.release()
        unsafe scratch.deallocate()
        unsafe result.deallocate()
        if stage == nil {
            unsafe held.deallocate()
            unsafe flowing.deallocate()
        }
    }

    /// What flows is followed to a billionth (chosen: far below what chance scatters).
    private static func tolerance(_ network: CompiledNetwork) -> StepTolerance {
        StepTolerance(relative: 1e-9, absolute: network.layout.unknowns.map { _ in 1e-9 })
    }

    private static func zeros(_ count: Int) -> UnsafeMutablePointer<Double> {
        let start = UnsafeMutablePointer<Double>.allocate(capacity: max(count, 1))
        unsafe start.initialize(repeating: 0, count: max(count, 1))
        return unsafe start
    }

    private static func way(_ method: ChanceMethod, _ network: ChanceNetwork, seed: UInt64, copy: Int) -> Way {
        let count = network.table.count
        switch method {
        case .exact: return way(.exactly(.fastest(reactions: count)), network, seed: seed, copy: copy)
        case .exactly(.direct): return .direct(DirectChoice(count: count))
        case .exactly(.nextReaction): return .nextReaction(NextReaction(count: count))
        case .exactly(.compositionRejection): return .compositionRejection(CompositionRejection(count: count))
        case .leaping(let error):
            let leaping = TauLeaping(
                error: error, reactants: network.reactants, rows: network.still.layout.helds.count,
                reactions: count, stream: RandomStream(seed: seed, cell: copy, purpose: .reaction, index: 1))
            return .leaping(leaping, DirectChoice(count: count))
        }
    }

    private func release(_ way: Way) {
        switch way {
        case .direct(let choice), .leaping(_, let choice): choice.release()
        case .nextReaction(let choice): choice.release()
        case .compositionRejection(let choice): choice.release()
        }
    }

    /// In the network's unit.
    var time: Double { state.time }
    /// Reactions that have happened since the start.
    var happened: Int { state.happened }

    /// Goes to the start, of the copy with this number.
    func start(seed: UInt64, copy: Int, at time: Double) throws(NetworkFailure) {
        stream.release()
        stream = ChanceStream(RandomStream(seed: seed, cell: copy, purpose: .reaction))
        release(way)
        way = ChanceRun.way(method, network, seed: seed, copy: copy)
        state.time = time
        state.happened = 0
        let givens = network.still.layout.givenValues
        var draws = RandomStream(seed: seed, cell: copy, purpose: .draw)
        let begin = network.start.evaluate(givens: givens, at: time, from: &draws)
        for (row, value) in begin.helds.enumerated() { unsafe held[row] = value }
        try checkAmounts()
        if stage == nil { try beginCompanion() }
        if let stage {
            for (row, value) in begin.unknowns.enumerated() { unsafe flowing[row] = value }
            stage.queues[0] = EventQueue(events: network.still.events, stream: draws)
            try beginCompanion()
            try stage.begin(at: time)
            try checkAmounts()
            if let hazard = network.hazard {
                drawReaction(stage, hazard)
                try stage.restart()
            }
        }
        try follow()
    }

    private func beginCompanion() throws(NetworkFailure) {
        try companion?.begin(ChanceMoment(run: self))
    }

    /// Amounts that reactions change are whole numbers; rounding of what they were made of is mended.
    func checkAmounts() throws(NetworkFailure) {
        for (row, name) in network.amounts {
            let amount = unsafe held[row]
            let whole = amount.rounded()
            // Chosen: a billionth is more than a product or a quotient is off by, and less than any fraction meant.
            guard abs(amount - whole) <= 1e-9 * max(1, abs(amount)) else {
                throw NetworkFailure(
                    .unsupported,
                    problem: "there is \(amount) of '\(name)' at time \(state.time), "
                        + "and exact chance counts whole molecules",
                    fix: "give its amount in molecules, or run the network as equations")
            }
            guard whole >= 0 else {
                throw NetworkFailure(
                    .stopped, problem: "there is \(amount) of '\(name)' at time \(state.time), less than nothing",
                    fix: "correct what sets '\(name)'")
            }
            unsafe held[row] = whole
        }
    }

    /// Gives every reaction its rate anew, after something else than a reaction has changed what is held.
    func follow() throws(NetworkFailure) {
        unsafe network.coefficients.run(
            LanePoint(time: state.time, lanes: 1, values: flowing, inputs: held, scratch: scratch), into: result)
        for reaction in 0..<network.table.count {
            let rate = unsafe state.rates + reaction
            let numbers = unsafe result + 4 * reaction
            unsafe rate.pointee.coefficient = numbers[0]
            unsafe rate.pointee.offsets = (numbers[1], numbers[2], numbers[3])
        }
        if network.hazard != nil { return }
        let wrong: Int?
        switch way {
        case .direct(var choice):
            wrong = state.setAll(&choice, &stream)
            way = .direct(choice)
        case .nextReaction(var choice):
            wrong = state.setAll(&choice, &stream)
            way = .nextReaction(choice)
        case .compositionRejection(var choice):
            wrong = state.setAll(&choice, &stream)
            way = .compositionRejection(choice)
        case .leaping(let leaping, var choice):
            wrong = state.setAll(&choice, &stream)
            way = .leaping(leaping, choice)
        }
        if let wrong { throw impossible(wrong) }
    }

    func impossible(_ reaction: Int) -> NetworkFailure {
        let rate = state.rate(reaction)
        return NetworkFailure(
            .stopped,
            problem: "the rate of \(network.names[reaction]) is \(rate) at time \(state.time), "
                + "and nothing happens so often",
            fix: rate < 0
                ? "write it as two reactions, one each way, or as a reversible one whose rate is their difference"
                : "see that its rate stays a finite number")
    }

    /// Goes on until a time, events of that time among it.
    func advance(to limit: Double) throws(NetworkFailure) {
        guard let companion else { return try advanceAlone(to: limit) }
        try advanceTogether(companion, to: limit)
    }

    func advanceAlone(to limit: Double) throws(NetworkFailure) {
        guard let stage else {
            while state.time < end(of: limit) { if try react(to: end(of: limit)) { try answer() } }
            return
        }
        if let hazard = network.hazard { return try flow(stage, hazard, to: limit) }
        try advance(stage, to: limit)
    }

    /// Where rates change between reactions, how much of their integral it is to the next.
    var untilReaction = 0.0

    func drawExponential() -> Double { stream.exponential() }

    func chooseNow() -> (reaction: Int, isPossible: Bool)? { state.choose(&stream) }

    /// Lets reactions happen until a time; says whether it stopped for one that is watched.
    func react(to limit: Double) throws(NetworkFailure) -> Bool {
        switch step(to: limit) {
        case .limit, .counted: return false
        case .watched: return true
        case .impossible(let reaction): throw impossible(reaction)
        }
    }

    private func step(to limit: Double) -> ReactionState.Stop {
        let stop: ReactionState.Stop
        switch way {
        case .direct(var choice):
            stop = state.advance(to: limit, &choice, &stream)
            way = .direct(choice)
        case .nextReaction(var choice):
            stop = state.advance(to: limit, &choice, &stream)
            way = .nextReaction(choice)
        case .compositionRejection(var choice):
            stop = state.advance(to: limit, &choice, &stream)
            way = .compositionRejection(choice)
        case .leaping(var leaping, var choice):
            stop = leaping.advance(&state, to: limit, &choice, &stream)
            way = .leaping(leaping, choice)
        }
        return stop
    }

    /// What was asked for, as it is now.
    func read(_ body: (Int, Double) -> Void) {
        let values = unsafe evaluator.values(
            of: readings, time: state.time, values: flowing, inputs: held, past: nil)
        for index in 0..<readings.program.results { unsafe body(index, values[index]) }
    }
}
