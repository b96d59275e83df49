public import Biology
public import Results
public import Simulation

/// Which molecules made cells secrete which others, as a run shows it: the graph of induction.
public struct Cascade: Sendable, Codable {
    /// Through one rule, cells that captured some molecules secreted another.
    public struct Edge: Sendable, Codable {
        /// Its place among the model's rules, from 1.
        public var rule: Int
        /// As the file wrote it.
        public var text: String
        public var cellType: String
        /// The molecules the rule reads, through receptors and states; several act together.
        public var causes: [String]
        public var molecule: String
        /// Secreted because of the rule, molecules; negative where it holds secretion down.
        public var induced: Double
        /// What the cells captured of the causes meanwhile, molecules; `nil` where they do not bind them.
        public var captured: Double?
        /// Cells that the rule had driven half way at the end.
        public var drivenCells: Int
        /// From when the cells' capture of the causes had risen half way to when the induced secretion had, s.
        public var delay: Double?
        public var confirmation: Confirmation?

        /// Molecules secreted for each molecule captured.
        public var gain: Double? {
            guard let captured, captured > 0 else { return nil }
            return induced / captured
        }
    }

    /// What is left when the edge is taken out, everything else and the seeds as they were.
    public struct Confirmation: Sendable, Codable {
        /// Of what the edge induced, the share that is then no longer secreted.
        public var lost: Double
        /// Other edges (by their rule's place) that lose more than half of what they induced.
        public var downstream: [Int]
        /// The edge is real if at least half of what it induced goes with it.
        public var isConfirmed: Bool { lost >= 0.5 }

        public init(lost: Double, downstream: [Int]) {
            self.lost = lost
            self.downstream = downstream
        }
    }

    public var model: String
    public var edges: [Edge]

    /// Builds the graph from what a run recorded; a rule that induced nothing is no edge.
    ///
    /// `series`: has the columns "MOLECULE: captured by TYPE" for what cells capture.
    public init(_ model: Model, inductions: [InductionRow], series: SeriesTable) {
        self.model = model.name
        edges = Set(inductions.map(\.rule)).sorted().compactMap { rule in
            let rows = inductions.filter { $0.rule == rule }
            let induced = rows.reduce(0) { $0 + $1.induced }
            let causes = model.inducers(ofRule: rule)
            guard let last = rows.last, induced != 0, !causes.isEmpty else { return nil }
            let courses = causes.compactMap { Cascade.captured($0, by: last.cellType, series) }
            let captured = courses.isEmpty ? nil : courses.reduce(0) { $0 + ($1.values.last ?? 0) }
            return Edge(
                rule: rule + 1, text: model.rules[rule].text, cellType: last.cellType, causes: causes,
                molecule: last.molecule, induced: induced, captured: captured,
                drivenCells: last.drivenCells, delay: Cascade.delay(from: courses, to: rows))
        }
    }

    private struct Course {
        var times: [Double]
        /// Since the start, molecules.
        var values: [Double]
    }

    private static func captured(_ molecule: String, by type: String, _ series: SeriesTable) -> Course? {
        series.columns.first { $0.name == "\(molecule): captured by \(type)" }.map {
            Course(times: series.times, values: $0.values)
        }
    }

    /// Time from half-rise to half-rise, s: of the rate of capture, all causes together, and of what is induced.
    private static func delay(from courses: [Course], to rows: [InductionRow]) -> Double? {
        guard let first = courses.first, first.times.count > 2 else { return nil }
        var rates: [(time: Double, rate: Double)] = []
        for i in first.times.indices.dropFirst() where first.times[i] > first.times[i - 1] {
            let gained = courses.reduce(0) { $0 + $1.values[i] - $1.values[i - 1] }
            let (from, to) = (first.times[i - 1], first.times[i])
            rates.append(((from + to) / 2, gained / (to - from)))
        }
        let induced = rows.filter { $0.end > $0.start }.map {
            (time: ($0.start + $0.end) / 2, rate: abs($0.induced) / ($0.end - $0.start))
        }
        guard let cause = halfRise(rates), let effect = halfRise(induced) else { return nil }
        return effect - cause
    }

    /// When a rate first reaches half its largest value, straight between the middles of intervals.
    static func halfRise(_ rates: [(time: Double, rate: Double)]) -> Double? {
        let half = (rates.map(\.rate).max() ?? 0) / 2
        guard half > 0, let at = rates.firstIndex(where: { $0.rate >= half }) else { return nil }
        // Before the first interval's middle there was nothing.
        let before = at > 0 ? rates[at - 1] : (time: 0, rate: 0)
        let rise = rates[at].rate - before.rate
        return rise > 0 ? before.time + (half - before.rate) / rise * (rates[at].time - before.time) : rates[at].time
    }
}
