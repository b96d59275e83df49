import Biology
import Simulation

/// A block of copies of a network on its way through time, events and all.
///
/// Values between two of its own stops come from `observe`, which ``advance(to:observe:)`` calls for stretches without
/// a discontinuity inside.
@safe final class NetworkRun {
    let network: CompiledNetwork
    let integrator: LaneIntegrator
    let programs: SwitchPrograms
    let evaluator: NetworkEvaluator
    let lanes: Int
    /// One a lane.
    var queues: [EventQueue]
    /// What each mode's term was where the modes were last set, [mode][lane].
    var references: [Double]
    /// Values at a time inside a step, [unknown][lane].
    let inside: UnsafeMutablePointer<Double>
    /// When discontinuities come back through delays, rising, each with how often it already has.
    var echoes: [(time: Double, order: Int)] = []
    /// What lets fast reactions reach their equilibrium at once, where there are any.
    let relaxation: FastRelaxation?
    /// Steps no longer than this, so that what switches twice in a short while is seen.
    var grain: Double
    private(set) var start = 0.0
    /// When each constraint was first violated in any lane.
    var violations: [Int: Double] = [:]

    /// - Throws: what the integrator cannot do.
    init(
        _ network: CompiledNetwork, equations: any LaneSystem, programs: SwitchPrograms, evaluator: NetworkEvaluator,
        tolerance: StepTolerance, grain: Double, streams: [RandomStream]
    ) throws(NetworkFailure) {
        self.network = network
        self.programs = programs
        self.evaluator = evaluator
        self.grain = grain
        lanes = evaluator.lanes
        relaxation =
            try network.fastEquations.isEmpty ? nil : FastRelaxation(network, lanes: evaluator.lanes, tolerance)
        integrator = try LaneIntegrator(equations, lanes: evaluator.lanes, tolerance: tolerance)
        queues = streams.map { EventQueue(events: network.events, stream: $0) }
        references = Array(repeating: 0, count: network.modes.count * evaluator.lanes)
        let count = max(1, network.layout.unknowns.count * evaluator.lanes)
        unsafe inside = .allocate(capacity: count)
        unsafe inside.initialize(repeating: 0, count: count)
        if !network.delays.isEmpty { integrator.keepPast() }
    }

    deinit { unsafe inside.deallocate() }

    var time: Double { integrator.time }

    /// Puts a lane at its start.
    func set(lane: Int, givens: [Double], unknowns: [Double], helds: [Double], at time: Double) {
        for (index, value) in unknowns.enumerated() { unsafe integrator.values[index * lanes + lane] = value }
        for (index, value) in helds.enumerated() { unsafe integrator.inputs[index * lanes + lane] = value }
        let rows = network.rows
        if network.delays.isEmpty { return }
        for (index, value) in givens.enumerated() {
            unsafe integrator.inputs[(rows.held + rows.modes + index) * lanes + lane] = value
        }
        unsafe integrator.inputs[rows.startRow * lanes + lane] = time
    }

    /// Begins: modes, algebraic unknowns, and events of the start.
    func begin(at time: Double) throws(NetworkFailure) {
        start = time
        integrator.time = time
        integrator.lastTime = time
        unsafe integrator.past?.begin(at: time, values: integrator.values, inputs: integrator.inputs)
        // Algebraic unknowns and modes depend on each other.
        for _ in 0..<10 {
            for lane in 0..<lanes { setAllModes(lane) }
            try integrator.start(at: time)
            if modesAgree() { break }
        }
        try relax()
        noteEcho()
        for lane in 0..<lanes { try fire(lane: lane) }
        try settle()
    }

    /// Goes on to a time; `observe` gets each stretch [from, to) before anything changes at its end.
    func advance(to end: Double, observe: (Double, Double) -> Void) throws(NetworkFailure) {
        while time < end {
            let from = time
            try step(to: end, observe: observe)
            try settle()
            // Chosen: a thousand switches that each come on by less than 1e-12 of the way lead nowhere.
            let isStanding = time - from <= 1e-12 * max(time.magnitude, (end - start).magnitude)
            if isStanding { try noteStandstill() } else { standstill = 0 }
        }
    }

    /// How many times in a row the time hardly went on.
    private var standstill = 0

    private func noteStandstill() throws(NetworkFailure) {
        standstill += 1
        if standstill < 1000 { return }
        throw NetworkFailure(
            .stopped, problem: "at time \(time) conditions switch to and fro without end",
            fix: "look for a condition whose two sides drive the values back to where it switches")
    }

    /// One step of the integrator, or as much of it as is before the next discontinuity.
    private func step(to end: Double, observe: (Double, Double) -> Void) throws(NetworkFailure) {
        var limit = end
        for queue in queues { limit = min(limit, queue.nextTime) }
        let gap = 1e-13 * max(time.magnitude, (end - start).magnitude)
        var isEcho = false
        if let echo = echoes.first, echo.time - gap <= limit {
            limit = max(echo.time - gap, time.nextUp)
            isEcho = true
        }
        try move(to: limit)
        var scanned = integrator.lastTime
        let last = integrator.time
        while let change = findSwitch(from: scanned, to: last) {
            observe(scanned, change)
            scanned = change
            if try passSwitch(at: change) { return }
            if queues.contains(where: { $0.nextTime <= last }) {
                observe(scanned, change)
                place(at: change)
                return try integrator.restart(at: change)
            }
        }
        observe(scanned, last)
        if isEcho, last >= limit { try passEcho() }
    }

    /// Lets the integrator take a step, or the time go on where there is nothing to integrate.
    func move(to limit: Double) throws(NetworkFailure) {
        var longest = network.modes.isEmpty ? Double.infinity : grain
        if !network.delays.isEmpty { longest = min(longest, leastDelay()) }
        if network.layout.unknowns.isEmpty {
            integrator.lastTime = integrator.time
            integrator.time = min(limit, integrator.time + min(longest, grain))
        } else {
            integrator.longestStep = longest
            try integrator.step(noLaterThan: limit)
        }
    }

    /// Puts values of a time inside the last step where the integrator goes on from.
    func place(at time: Double) {
        let count = network.layout.unknowns.count * lanes
        unsafe integrator.interpolate(at: time, into: inside)
        unsafe integrator.values.update(from: inside, count: count)
    }

    /// Goes on from changed values.
    func restart() throws(NetworkFailure) {
        try integrator.restart(at: integrator.time)
        noteEcho()
    }

    /// As it stands between two calls to ``advance(to:observe:)``, the inputs of the next about to be taken.
    func keep(in archive: StateArchive) throws(StateProblem) {
        try integrator.keep(in: archive)
        for lane in queues.indices { try queues[lane].keep(in: archive) }
        try archive.keep("switches.references", &references)
        var (times, orders) = (echoes.map(\.time), echoes.map(\.order))
        try archive.keep("switches.echoes", &times)
        try archive.keep("switches.orders", &orders)
        guard times.count == orders.count, references.count == network.modes.count * lanes else {
            throw StateProblem("switches", "are of another network")
        }
        echoes = zip(times, orders).map { (time: $0, order: $1) }
        try archive.keep("switches.start", &start)
        var (which, when) = (violations.keys.sorted(), violations.sorted { $0.key < $1.key }.map(\.value))
        try archive.keep("constraints.violated", &which)
        try archive.keep("constraints.when", &when)
        violations = Dictionary(zip(which, when)) { first, _ in first }
    }

    // MARK: - Delays

    /// The shortest time that delays look back, in any lane; no shorter than a millionth of the grain.
    private func leastDelay() -> Double {
        let result = unsafe evaluate(programs.delays, at: time, integrator.values)
        var least = Double.infinity
        for index in 0..<programs.delays.program.results * lanes {
            let delay = unsafe result[index]
            if delay > 0 { least = min(least, delay) }
        }
        return max(least, grain * 1e-6)
    }

    /// Remembers when what just changed comes back.
    private func noteEcho(order: Int = 0) {
        // Chosen: after five delays a jump has become smooth enough for the error control.
        if network.delays.isEmpty || order > 4 { return }
        let result = unsafe evaluate(programs.delays, at: time, integrator.values)
        for index in 0..<programs.delays.program.results * lanes {
            let delay = unsafe result[index]
            if delay > 0 { echoes.append((time + delay, order)) }
        }
        echoes.sort { $0.time < $1.time }
    }

    /// Steps over the moment when a discontinuity comes back.
    private func passEcho() throws(NetworkFailure) {
        let echo = echoes.removeFirst()
        echoes.removeAll { $0.time <= echo.time }
        try integrator.restart(at: max(echo.time, time))
        noteEcho(order: echo.order + 1)
    }

    /// The results of a program at a time and values of the block.
    func evaluate(
        _ program: PreparedProgram, at time: Double, _ values: UnsafePointer<Double>
    ) -> UnsafePointer<Double> {
        unsafe evaluator.values(
            of: program, time: time, values: values, inputs: integrator.inputs, past: integrator.past)
    }
}
