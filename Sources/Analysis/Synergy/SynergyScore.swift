/// How doses act together, scored against what each does alone.
///
/// Excess is the effect beyond what a null model expects, in units of the response: positive is synergy, negative is
/// antagonism, whichever way the response goes.
public struct SynergyScore: Hashable, Sendable, Codable {
    public var response: String
    public var unit: String
    public var direction: EffectDirection
    /// The response without doses.
    public var start: Estimate
    /// The response at full effect, which Bliss needs; `nil` where it is not known and Bliss is not scored.
    public var full: Double?
    public var replicates: Int
    /// Every two axes, with every other dose 0.
    public var pairs: [PairScore]
    /// Combinations of three doses or more.
    public var beyondPairs: [ScoredPoint]
    public var notes: [String]

    /// One combination of doses, scored.
    public struct ScoredPoint: Hashable, Sendable, Codable {
        public var doses: [Double]
        public var response: Estimate
        /// By null model.
        public var expected: [String: Double]
        public var excess: [String: Estimate]
        public var combinationIndex: Estimate?
        /// By the MuSyC surface.
        public var fitted: Double?
    }

    /// Why a table cannot be scored.
    public struct Obstacle: Error, Hashable, Sendable {
        public var problem: String
        public var fix: String

        init(problem: String, fix: String) {
            self.problem = problem
            self.fix = fix
        }

        init(unchangedBy axes: [DoseAxis]) {
            problem = "no dose of \(Words.list(axes.map(\.name), "and")) changes the response"
            fix = "choose another response, or wider doses"
        }
    }

    /// Scores a table.
    ///
    /// - Parameters:
    ///   - table: Responses to doses alone, together and to none.
    ///   - full: The response at full effect, where the user says it; otherwise 0 for responses that fall and stay at
    ///     least 0, and 1 for plain numbers between 0 and 1 that rise.
    ///   - seed: Of the fits' starts.
    /// - Throws: ``Obstacle`` where something is missing.
    public init(_ table: DoseTable, full: Double?, seed: UInt64) throws(Obstacle) {
        if let obstacle = table.obstacle { throw Obstacle(problem: obstacle.problem, fix: obstacle.fix) }
        let pooled = table.surface()
        let zero = table.axes.map { _ in 0.0 }
        let start = pooled[zero] ?? 0
        direction = EffectDirection(pooled.values, from: start)
        let whole = table.replicates.filter { table.surface(replicate: $0).count == pooled.count }
        let surfaces = whole.count > 1 ? whole.map { table.surface(replicate: $0) } : []
        replicates = max(1, whole.count)
        notes = []
        if whole.count < table.replicates.count {
            notes.append(
                "\(table.replicates.count - whole.count) of \(table.replicates.count) replicates lack some doses: "
                    + "their responses count in the means, not in the intervals")
        }
        (self.response, unit) = (table.response, table.unit)
        self.start = Estimate(start, replicates: surfaces.compactMap { $0[zero] })
        self.full = try SynergyScore.fullEffect(full, pooled, direction, unit: table.unit)
        if self.full == nil {
            notes.append(
                "Bliss is not scored: it needs the response at full effect, which only you can say here (--full)")
        }
        pairs = []
        for first in table.axes.indices {
            for second in table.axes.indices where second > first {
                let pair = table.pair(first, second)
                let replicates = surfaces.isEmpty ? [] : whole.map { pair.surface(replicate: $0) }
                do throws(Obstacle) {
                    pairs.append(
                        try PairScore(pair, replicates: replicates, direction, full: self.full, seed: seed))
                } catch {
                    notes.append("\(error.problem): they are not scored as a pair")
                }
            }
        }
        beyondPairs = SynergyScore.beyondPairs(table, pooled, surfaces, direction, self.full)
        if pairs.isEmpty, beyondPairs.isEmpty { throw Obstacle(unchangedBy: table.axes) }
        // What is said of one axis is said by every pair it is in.
        for note in pairs.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
    }

    /// "mean bound of T (receptors)".
    var responseLabel: String { unit.isEmpty ? response : "\(response) (\(unit))" }

    private static func fullEffect(
        _ given: Double?, _ pooled: [[Double]: Double], _ direction: EffectDirection, unit: String
    ) throws(Obstacle) -> Double? {
        let (low, high) = (pooled.values.min() ?? 0, pooled.values.max() ?? 0)
        guard let given else {
            if direction == .falling { return low >= 0 ? 0 : nil }
            return unit.isEmpty && low >= 0 && high <= 1 ? 1 : nil
        }
        guard direction == .falling ? given <= low && given < high : given >= high && given > low else {
            throw Obstacle(
                problem: "responses reach \(Words.number(direction == .falling ? low : high)), beyond full effect "
                    + "\(Words.number(given))",
                fix: "give the response that no dose can exceed with --full")
        }
        return given
    }

    private static func beyondPairs(
        _ table: DoseTable, _ pooled: [[Double]: Double], _ surfaces: [[[Double]: Double]],
        _ direction: EffectDirection, _ full: Double?
    ) -> [ScoredPoint] {
        guard table.axes.count > 2,
            let whole = RuledSurface(pooled, axes: table.axes.count, direction: direction, full: full)
        else { return [] }
        let replicates = surfaces.compactMap(whole.replicate)
        return pooled.keys.filter { $0.count { $0 > 0 } > 2 }.sorted { $0.lexicographicallyPrecedes($1) }.map {
            whole.point($0, replicates: replicates)
        }
    }
}

/// Measures combinations against every null model.
struct NullRuler {
    /// By axis; `nil` where its doses do not determine it.
    var curves: [HillCurve?]
    var direction: EffectDirection
    var full: Double?

    struct Measured {
        var response: Double
        var expected: [NullModel: Double]
        var excess: [NullModel: Double]
        var index: Double?
    }

    /// One combination on one surface; nothing is expected of what rests on a curve that is not determined.
    func measure(_ doses: [Double], _ surface: [[Double]: Double]) -> Measured {
        let response = surface[doses] ?? .nan
        let start = surface[doses.map { _ in 0 }] ?? .nan
        let dosed = doses.indices.filter { doses[$0] > 0 }
        var expected: [NullModel: Double] = [:]
        // What a dose does alone: as seen, or by its curve where it was not tried alone.
        let singles = dosed.compactMap { axis in
            surface[doses.indices.map { $0 == axis ? doses[axis] : 0 }] ?? curves[axis]?.response(doses[axis])
        }
        if singles.count == dosed.count {
            expected[.hsa] = NullModel.hsa(singles, start: start, direction: direction)
            if let full, full != start { expected[.bliss] = NullModel.bliss(singles, start: start, full: full) }
        }
        let (own, amounts) = (dosed.compactMap { curves[$0] }, dosed.map { doses[$0] })
        let loewe = !own.isEmpty && own.count == dosed.count ? LoeweAdditivity(own, direction: direction) : nil
        expected[.loewe] = dosed.isEmpty ? start : loewe?.response(amounts)
        return Measured(
            response: response, expected: expected, excess: expected.mapValues { direction.sign * (response - $0) },
            index: loewe?.combinationIndex(amounts, response: response))
    }
}

/// A surface with the curves of its own doses alone: the mean of all replicates, or one of them.
struct RuledSurface {
    var surface: [[Double]: Double]
    var ruler: NullRuler

    /// `nil` where no response differs from the one without doses.
    init?(_ surface: [[Double]: Double], axes: Int, direction: EffectDirection, full: Double?) {
        guard let scaled = ScaledSurface(surface, axes: axes, full: full) else { return nil }
        self.surface = surface
        ruler = NullRuler(curves: scaled.ownCurves().map(\.single.curve), direction: direction, full: full)
    }

    /// A replicate of it, with curves of its own for the axes whose curve this one determines.
    func replicate(_ surface: [[Double]: Double]) -> RuledSurface? {
        guard let scaled = ScaledSurface(surface, axes: ruler.curves.count, full: ruler.full) else { return nil }
        var replicate = self
        replicate.surface = surface
        replicate.ruler.curves = zip(ruler.curves, scaled.ownCurves()).map { $0 == nil ? nil : $1.curve }
        return replicate
    }

    func measure(_ doses: [Double]) -> NullRuler.Measured { ruler.measure(doses, surface) }

    /// One combination scored, with the intervals of its replicates.
    func point(_ doses: [Double], replicates: [RuledSurface]) -> SynergyScore.ScoredPoint {
        let pooled = measure(doses)
        let scores = replicates.map { $0.measure(doses) }
        var point = SynergyScore.ScoredPoint(
            doses: doses, response: Estimate(pooled.response, replicates: scores.map(\.response)), expected: [:],
            excess: [:], combinationIndex: nil, fitted: nil)
        for (model, value) in pooled.expected {
            point.expected[model.rawValue] = value
            point.excess[model.rawValue] = Estimate(
                pooled.excess[model] ?? 0, replicates: scores.compactMap { $0.excess[model] })
        }
        let indices = scores.compactMap(\.index)
        point.combinationIndex = pooled.index.map {
            Estimate($0, replicates: indices.count == scores.count ? indices : [])
        }
        return point
    }
}
