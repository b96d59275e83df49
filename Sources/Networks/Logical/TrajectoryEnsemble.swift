import Biology
import Simulation

/// Runs the trajectories of a course on several threads, and puts their sums together in a fixed order.
struct TrajectoryEnsemble {
    private let plan: TrajectoryPlan
    private let threads: Int

    /// Chosen: trajectories are shared out the same way whatever the number of threads.
    private static let chunks = 256
    private static let chunksAtOnce = 16

    init(_ plan: TrajectoryPlan, threads: Int) {
        self.plan = plan
        self.threads = threads
    }

    func run(_ progress: (Double) -> Bool) throws(NetworkFailure) -> BooleanCourse? {
        let team = ThreadTeam(count: threads)
        defer { team.dismiss() }
        var whole = TrajectoryTally(plan)
        let (plan, samples) = (plan, plan.request.samples)
        for round in stride(from: 0, to: Self.chunks, by: Self.chunksAtOnce) {
            var parts = [TrajectoryTally?](repeating: nil, count: Self.chunksAtOnce)
            unsafe parts.withUnsafeMutableBufferPointer { parts in
                team.run(chunks: Self.chunksAtOnce) { index in
                    let first = samples * (round + index) / Self.chunks
                    let end = samples * (round + index + 1) / Self.chunks
                    guard first < end else { return }
                    var tally = TrajectoryTally(plan)
                    var walker = BooleanWalker(plan.tables)
                    var scratch = [UInt64](repeating: 0, count: plan.program.words)
                    for sample in first..<end where !tally.isEndless { tally.follow(sample, &walker, &scratch) }
                    unsafe parts[index] = tally
                }
            }
            for case let part? in parts { whole.add(part) }
            if whole.isEndless {
                throw NetworkFailure(
                    .stopped, problem: "nodes of '\(plan.program.network.name)' switch on and off without time passing",
                    fix: "give nodes that switch each other smaller rates")
            }
            if !progress(Double(round + Self.chunksAtOnce) / Double(Self.chunks)) { return nil }
        }
        return course(whole)
    }

    private func course(_ whole: TrajectoryTally) -> BooleanCourse {
        let (program, windows) = (plan.program, plan.windows)
        var course = BooleanCourse(
            names: plan.shownPlaces.map { program.network.nodes[$0].name },
            times: (0..<windows).map { Double($0) * plan.request.tick }, levels: [], states: [], probabilities: [],
            others: [], fixedPoints: [], samples: whole.samples, stateSamples: whole.stateSamples,
            switches: whole.switches)
        var sums = [Double](repeating: 0, count: program.bits)
        for window in 0..<windows {
            for bit in 0..<program.bits { sums[bit] += whole.changes[window * program.bits + bit] }
            for place in plan.shownPlaces {
                let level = program.bits(of: place).reduce(0) { $0 + sums[$1] } / Double(whole.samples)
                // Sums of parts leave 0 and 1 by rounding alone.
                course.levels.append(min(max(level, 0), Double(program.bits(of: place).count)))
            }
        }
        addStates(whole, to: &course)
        course.fixedPoints = whole.rests.map {
            BooleanCourse.Share(state: $0, share: Double($1) / Double(whole.samples))
        }
        .sorted {
            $0.share != $1.share
                ? $0.share > $1.share
                : $0.state.words.reversed().lexicographicallyPrecedes($1.state.words.reversed())
        }
        return course
    }

    private func addStates(_ whole: TrajectoryTally, to course: inout BooleanCourse) {
        let windows = plan.windows
        var spent = [Double](repeating: 0, count: whole.states.count)
        let entries = whole.visits.entries
        for entry in entries where entry.window < windows {
            spent[entry.state] += entry.sum * Double(windows - entry.window)
        }
        let chosen = spent.indices.sorted { (spent[$1], $0) < (spent[$0], $1) }.prefix(BooleanProgram.mostStates)
        let columns = Dictionary(uniqueKeysWithValues: zip(chosen, 0...))
        course.states = chosen.map { number in
            var state = plan.program.state()
            state.words = whole.states.state(number)
            return state
        }
        let count = chosen.count
        var values = [Double](repeating: 0, count: windows * count)
        for entry in entries where entry.window < windows {
            if let column = columns[entry.state] { values[entry.window * count + column] += entry.sum }
        }
        for window in 0..<windows {
            var sum = 0.0
            for column in 0..<count {
                let index = window * count + column
                if window > 0 { values[index] += values[index - count] }
                sum += values[index]
            }
            course.others.append(min(max(1 - sum / Double(whole.stateSamples), 0), 1))
        }
        course.probabilities = values.map { min(max($0 / Double(whole.stateSamples), 0), 1) }
    }
}
