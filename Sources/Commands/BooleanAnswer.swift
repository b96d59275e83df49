import Analysis
import Biology
import Foundation
import Networks

/// What `boolean` found: in words, as JSON and as a report.
struct BooleanAnswer {
    let program: BooleanProgram
    private let isQuiet: Bool
    /// The state to start from, or `nil` for the network's own starts.
    private let start: [String: Int]?
    private(set) var lines: [String] = []
    private(set) var notes: [String] = []
    private(set) var summary: BooleanSummary
    private(set) var report: BooleanReport

    /// Chosen: states of a cycle, and names of a state, that a line of a terminal shows.
    private static let mostLines = 12
    private static let mostNames = 14

    init(name: String, source: String, program: BooleanProgram, isQuiet: Bool, start: [String: Int]?) {
        self.program = program
        self.isQuiet = isQuiet
        self.start = start
        let inputs = program.inputs
        summary = BooleanSummary(
            source: source, name: name, nodes: program.network.nodes.map(\.name), inputs: inputs)
        report = BooleanReport(title: name, about: "A logical network of \(program.network.nodes.count) nodes.")
        report.facts = [("nodes", "\(program.network.nodes.count)"), ("inputs", "\(inputs.count)")]
        var first = "\(name): \(program.network.nodes.count) nodes"
        if !inputs.isEmpty { first += ", of which \(Self.list(inputs)) are inputs" }
        lines.append(first)
    }

    private static func list(_ names: [String]) -> String {
        if names.isEmpty { return "all off" }
        let more = names.count - mostNames
        return names.prefix(mostNames).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }

    private static func percent(_ share: Double) -> String { String(format: "%.2f %%", 100 * share) }

    private mutating func note(_ text: String) {
        notes.append(text)
        report.notes.append(text)
    }

    private mutating func sayHeld(_ held: [String: Int]) {
        let words = held.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        summary.held = held
        if !words.isEmpty {
            lines.append("held: \(Self.list(words))")
            report.facts.append(("held", Self.list(words)))
        }
    }

    private func levels(_ state: BooleanState) -> [Int] {
        program.network.nodes.indices.map { program.level($0, in: state) }
    }

    private mutating func show(_ states: [(label: String, state: BooleanState)], _ heading: String, _ caption: String) {
        report.states = BooleanReport.States(
            nodes: program.network.nodes.map(\.name), highest: program.network.nodes.map(\.highestLevel),
            labels: states.map(\.label), levels: states.flatMap { levels($0.state) }, heading: heading, caption: caption
        )
    }

    // MARK: - Attractors

    mutating func search(held: [String: Int], allInputs: Bool, asynchronous: Bool, samples: Int?, seed: UInt64) throws {
        var held = held
        if !allInputs { for input in program.inputs where held[input] == nil { held[input] = 0 } }
        sayHeld(held)
        let search = try AttractorSearch(program.network, holding: held)
        let attractors =
            asynchronous
            ? search.asynchronous(samples: samples ?? 200, seed: seed)
            : search.synchronous(samples: samples ?? 10_000, seed: seed)
        let way = asynchronous ? "one node at a time" : "all nodes together"
        switch attractors.coverage {
        case .all(let states): lines.append("attractors, \(way), of all \(states) states:")
        case .sample(let starts):
            lines.append("attractors, \(way), from a sample of \(starts) random states: there may be more")
            note("Attractors and basins are of a sample of \(starts) random states; others may exist.")
            if attractors.unresolved > 0 {
                note("\(attractors.unresolved) of them led to no attractor within the limits of the search.")
            }
            say(search.fixedPoints())
        }
        tell(attractors, asynchronous)
        summary.update = asynchronous ? "asynchronous" : "synchronous"
        summary.attractors = attractors.found.map { BooleanSummary.Attractor($0, program) }
        summary.coverage = BooleanSummary.Coverage(attractors)
    }

    private mutating func say(_ fixed: FixedPoints) {
        summary.fixedPoints = fixed.states.map { program.names($0) }
        summary.hasAllFixedPoints = fixed.isComplete
        lines.append("fixed points: \(fixed.isComplete ? "exactly" : "at least") \(fixed.states.count)")
        for state in fixed.states.prefix(Self.mostLines) { lines.append("     \(Self.list(program.names(state)))") }
        if fixed.states.count > Self.mostLines { lines.append("     and \(fixed.states.count - Self.mostLines) more") }
    }

    private mutating func tell(_ attractors: Attractors, _ asynchronous: Bool) {
        var columns: [(String, BooleanState)] = []
        for (index, attractor) in attractors.found.enumerated() {
            let kind =
                attractor.size == 1
                ? "fixed point" : asynchronous ? "\(attractor.size) states" : "cycle of \(attractor.size)"
            var basin = Self.percent(attractor.basin)
            if attractor.ownBasin != attractor.basin { basin += " may, \(Self.percent(attractor.ownBasin)) must" }
            if index < Self.mostLines {
                for (place, state) in attractor.states.prefix(Self.mostLines).enumerated() {
                    let head = place == 0 ? "  \(index + 1)  \(kind)  \(basin)  " : "       "
                    lines.append(head + Self.list(program.names(state)))
                }
                if attractor.size > Self.mostLines {
                    lines.append("       and \(attractor.size - Self.mostLines) more")
                }
            }
            for state in attractor.states { columns.append((Self.percent(attractor.basin), state)) }
        }
        if attractors.found.count > Self.mostLines {
            lines.append("  and \(attractors.found.count - Self.mostLines) more")
        }
        report.facts.append(("attractors", "\(attractors.found.count)"))
        show(
            columns, "Attractors",
            "A column a state, with the share of starts that lead there; the states of a cycle stand beside each other."
        )
    }

    // MARK: - One way

    mutating func step(
        from start: [String: Int], held: [String: Int], pulses: [BooleanPulse], asynchronous: Bool
    ) throws {
        sayHeld(held)
        let levels = start.merging(held) { $1 }
        let search = try AttractorSearch(program.network, holding: held)
        let state = search.program.state(levels)
        if asynchronous {
            guard pulses.isEmpty else {
                throw Stop(
                    .usage,
                    "--pulse: error: one node at a time has no steps that a pulse could last\n  fix: hold the node (--hold), or run in time (--time)"
                )
            }
            guard let reached = search.reachable(from: state) else {
                throw Stop(
                    .software,
                    "\(program.network.name): error: more than \(1 << 20) states can be reached\n  fix: hold more nodes, or run trajectories (--time)"
                )
            }
            lines.append("attractors that can be reached, one node at a time:")
            tell(reached, true)
            summary.attractors = reached.found.map { BooleanSummary.Attractor($0, program) }
            summary.update = "asynchronous"
            return
        }
        let path = try search.program.path(from: state, pulses: pulses)
        let end = path.cycleStart ?? path.states.count
        for (step, state) in path.states.prefix(min(end + 1, 40)).enumerated() {
            lines.append("  step \(step)  \(Self.list(program.names(state)))")
        }
        if end >= 40 { lines.append("  and \(end - 39) more") }
        if let attractor = path.attractor {
            lines.append(
                attractor.count == 1
                    ? "ends in a fixed point at step \(end): \(Self.list(program.names(path.states[end])))"
                    : "ends in a cycle of \(attractor.count) from step \(end) on")
        } else {
            note("No state came again within \(path.states.count) steps.")
        }
        summary.update = "synchronous"
        summary.path = path.states.map { program.names($0) }
        summary.cycleStart = path.cycleStart
        show(
            path.states.prefix(1000).enumerated().map { ("step \($0.offset)", $0.element) }, "The way",
            "All nodes are updated together at each step.")
    }

    // MARK: - Time

    mutating func sample(_ request: BooleanCourseRequest, held: [String: Int], threads: Int) throws {
        sayHeld(held)
        var network = program.network
        if let start {
            network.starts = network.nodes.map { BooleanStart($0.name, at: start[$0.name] ?? 0) }
        }
        network = network.holding(held)
        let said = Set(network.starts.flatMap(\.nodes))
        let random = network.nodes.map(\.name).filter { !said.contains($0) }
        if !random.isEmpty { note("\(Self.list(random)) start at random.") }
        Interruption.watch()
        let progress = ProgressLine(isQuiet: isQuiet)
        let course = try BooleanProgram(network).course(request, threads: threads) { share in
            progress.show(
                runs: Int(share * Double(request.samples)), partly: share * Double(request.samples),
                of: request.samples)
            return !Interruption.isRequested
        }
        progress.finish()
        guard let course else { throw Stop(.interrupted, "") }
        if course.stateSamples < course.samples {
            note("States were told apart for \(course.stateSamples) of \(course.samples) trajectories; nodes for all.")
        }
        tell(course, request)
    }

    private mutating func tell(_ course: BooleanCourse, _ request: BooleanCourseRequest) {
        let shown = course.names.compactMap { program.places[$0] }
        func words(_ state: BooleanState) -> String {
            let names = program.names(state, among: shown)
            return names.isEmpty ? "all off" : names.joined(separator: " -- ")
        }
        let last = course.times.count - 1
        let count = course.states.count
        lines.append(
            "\(course.samples) trajectories until \(Console.number(request.end)), seed \(request.seed); the last window:"
        )
        for (column, state) in course.states.enumerated().prefix(Self.mostLines) {
            let share = course.probabilities[last * count + column]
            lines.append("  \(Self.percent(share))  \(Self.list(program.names(state, among: shown)))")
        }
        if course.others[last] > 5e-5 { lines.append("  \(Self.percent(course.others[last]))  other states") }
        if !course.fixedPoints.isEmpty {
            let total = course.fixedPoints.reduce(0) { $0 + $1.share }
            lines.append("at rest: \(Self.percent(total)) of trajectories, in \(course.fixedPoints.count) states")
        }
        summary.seed = request.seed
        summary.course = BooleanSummary.Course(
            samples: course.samples, switches: course.switches, times: course.times, nodes: course.names,
            levels: course.levels, states: course.states.map { program.names($0, among: shown) },
            probabilities: course.probabilities, others: course.others,
            fixedPoints: course.fixedPoints.map {
                BooleanSummary.Share(nodes: program.names($0.state, among: shown), share: $0.share)
            })
        report.facts += [("trajectories", "\(course.samples)"), ("seed", "\(request.seed)")]
        report.course = BooleanReport.Course(
            times: course.times, nodes: course.names, levels: course.levels, states: course.states.map(words),
            probabilities: course.probabilities, others: course.others)
    }

    mutating func follow(held: [String: Int], pulses: [BooleanPulse], time: Double, tick: Double) throws {
        sayHeld(held)
        let levels = (start ?? [:]).merging(held) { $1 }
        let network = try ContinuousForm().network(
            program.network.holding(held), levels: levels.mapValues(Double.init), pulses: pulses)
        let count = max(1, Int(min(time / tick, 1e6).rounded()))
        let times = (0...count).map { time * Double($0) / Double(count) }
        let names = program.network.nodes.map(\.name)
        let course = try OrdinaryCourse(network).run(
            CourseRequest(times: times, outputs: names.map { CourseRequest.Output($0) }), relative: 1e-8,
            absolute: 1e-10, seed: 1)
        lines.append("as differential equations, at \(Console.number(time)):")
        for (name, value) in zip(names, course.row(count)) where value > 5e-4 {
            lines.append("  \(String(format: "%.4f", value))  \(name)")
        }
        lines.append("  all others are below 0.0005")
        summary.update = "continuous"
        summary.values = BooleanSummary.Values(times: times, nodes: names, levels: course.values)
        report.course = BooleanReport.Course(times: times, nodes: names, levels: course.values)
    }
}
