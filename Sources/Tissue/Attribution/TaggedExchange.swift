import Biology
import Simulation

/// What the tags of one molecule exchange with one compartment.
///
/// Into the tissue comes what the compartment holds of each sender's, as the body forecasts it; out of it goes what the
/// tissue holds of each. Both are made to add up to what the whole exchanges, so that no molecule has two senders.
final class TaggedExchange {
    let exchange: CompartmentExchange
    /// Of each sender that may arrive, and of what nobody sent, last; molecules/µm³.
    let courses: [CompartmentCourse]
    private let plan: TagPlan
    /// Of each tag, its place among the courses.
    private let places: [Int]
    /// In the compartment at the end, the middle and the start of the last step, by course; molecules/µm³.
    private var levels: [[Double]]
    /// Out of the tissue at the same moments, by tag; molecules/s.
    private var outflows: [[Double]]
    /// Net into the tissue since the start, by course, molecules.
    private(set) var total: [Double]

    init(_ exchange: CompartmentExchange, plan: TagPlan) {
        self.exchange = exchange
        self.plan = plan
        places = plan.placeInCompartment
        courses = (0...plan.arriving.count).map { _ in CompartmentCourse(0) }
        levels = (0..<3).map { _ in Array(repeating: 0, count: plan.arriving.count + 1) }
        outflows = (0..<3).map { _ in Array(repeating: 0, count: plan.tags) }
        total = courses.map { _ in 0 }
    }

    /// Takes what the compartment holds at a moment of the step that the engine has just taken.
    func setLevels(_ s: Int) {
        let (time, whole) = (exchange.times[s], exchange.levels[s])
        for (c, course) in courses.enumerated() { levels[s][c] = max(0, course.concentration(at: time)) }
        TaggedExchange.fit(&levels[s], to: whole)
    }

    /// loss −= what comes out of the compartment with a tag, molecules/(µm³·s).
    func addGain(tag: Int, _ s: Int, to loss: Buffer<Double>) {
        guard tag == plan.outside || plan.arriving.contains(tag) else { return }
        let level = levels[s][places[tag]]
        if level != 0 { exchange.addGain(level: level, to: loss) }
    }

    /// Counts what a tag's field gives at a moment of the step.
    func setOutflow(tag: Int, _ s: Int, _ values: Buffer<Double>) { outflows[s][tag] = exchange.outflow(values) }

    /// What the tissue gives now of every course's, molecules/s, adding up to a whole.
    func outflow(_ fields: [Buffer<Double>], whole: Double) -> [Double] {
        var found = courses.map { _ in 0.0 }
        for (tag, values) in fields.enumerated() { found[places[tag]] += max(0, exchange.outflow(values)) }
        TaggedExchange.fit(&found, to: whole)
        return found
    }

    /// The step is taken; its end is the start of the next.
    func endStep(length: Double) {
        let (weights, conductance) = (StepWeights.step.reversed().map { $0 * length }, exchange.conductance)
        var (out, wholeOut) = (courses.map { _ in 0.0 }, 0.0)
        for s in 0..<3 {
            for (tag, place) in places.enumerated() { out[place] += weights[s] * outflows[s][tag] }
            for c in courses.indices { total[c] += weights[s] * conductance * levels[s][c] }
            // The whole's flows have their start last, as the levels have.
            wholeOut += weights[s] * (conductance * exchange.levels[s] - exchange.flows[s])
        }
        TaggedExchange.fit(&out, to: wholeOut)
        for c in courses.indices { total[c] -= out[c] }
        outflows.swapAt(0, 2)
        levels.swapAt(0, 2)
    }

    func keep(in archive: StateArchive) throws(StateProblem) {
        for course in courses { try course.keep(in: archive) }
        try archive.keep("tags.levels", &levels)
        try archive.keep("tags.outflows", &outflows)
        try archive.keep("tags.exchanged", &total)
        guard levels.count == 3, levels.allSatisfy({ $0.count == courses.count }), outflows.count == 3,
            outflows.allSatisfy({ $0.count == plan.tags }), total.count == courses.count
        else { throw StateProblem("tags.exchanged", "is of other senders") }
    }

    /// Makes parts add up to a whole: in proportion, or the last of them all where the rest is nothing.
    static func fit(_ parts: inout [Double], to whole: Double) {
        let sum = parts.reduce(0, +)
        guard sum > 0, whole >= 0 else {
            for i in parts.indices { parts[i] = 0 }
            parts[parts.count - 1] = whole
            return
        }
        let scale = whole / sum
        for i in parts.indices { parts[i] *= scale }
    }
}
