import Foundation

/// Two doses scored against each other.
public struct PairScore: Hashable, Sendable, Codable {
    public var axes: [DoseAxis]
    public var direction: EffectDirection
    /// The largest effect seen, in units of the response.
    public var range: Double
    public var singles: [SingleFit]
    /// Every combination seen, doses of 0 too, sorted.
    public var points: [SynergyScore.ScoredPoint]
    public var summaries: [Summary]
    public var musyc: MuSyCScore?
    public var notes: [String]

    public enum Verdict: String, Hashable, Sendable, Codable { case synergy, antagonism, neither }

    /// All combinations against one null model.
    public struct Summary: Hashable, Sendable, Codable {
        public var model: NullModel
        /// Mean excess over the combinations of two doses above 0.
        public var mean: Estimate
        /// Doses and excess of the combination with the most and with the least excess.
        public var most: Extreme
        public var least: Extreme
        /// Synergy or antagonism if the mean is at least 1 % of the largest effect (chosen) and its interval excludes 0.
        ///
        /// Of the mean alone: a surface may be mixed and its mean neither; see ``isMixed(range:)``.
        public var verdict: Verdict

        /// Whether there is synergy somewhere and antagonism elsewhere, both beyond 1 % of the largest effect (chosen).
        func isMixed(range: Double) -> Bool { most.excess > 0.01 * range && least.excess < -0.01 * range }

        public struct Extreme: Hashable, Sendable, Codable {
            public var doses: [Double]
            public var excess: Double
        }
    }

    /// A MuSyC parameter that says how two doses interact.
    public struct MuSyCScore: Hashable, Sendable, Codable {
        public var fit: MuSyCFit
        /// α12, α21, γ12 and γ21: 1 is no interaction; β: 0 is none.
        public var potency12: Estimate
        public var potency21: Estimate
        public var efficacy: Estimate?
        public var cooperativity12: Estimate?
        public var cooperativity21: Estimate?
        /// "replicates" or "fit".
        public var intervalsFrom: String
    }

    init(
        _ table: DoseTable, replicates: [[[Double]: Double]], _ direction: EffectDirection, full: Double?, seed: UInt64
    ) throws(SynergyScore.Obstacle) {
        let pooled = table.surface()
        guard let scaled = ScaledSurface(pooled, axes: 2, full: full),
            let whole = RuledSurface(pooled, axes: 2, direction: direction, full: full)
        else {
            throw SynergyScore.Obstacle(unchangedBy: table.axes)
        }
        axes = table.axes
        self.direction = direction
        range = scaled.range
        let own = scaled.ownCurves()
        singles = own.map(\.single)
        let ruled = replicates.compactMap(whole.replicate)
        points = pooled.keys.sorted { $0.lexicographicallyPrecedes($1) }.map { whole.point($0, replicates: ruled) }
        let combined = points.filter { $0.doses.allSatisfy { $0 > 0 } }
        let range = range
        summaries = NullModel.allCases.compactMap {
            PairScore.summary($0, combined, ruled, range: range)
        }
        notes = PairScore.notes(axes, singles)
        // All that MuSyC says of an interaction rests on both curves.
        guard own.allSatisfy(\.isDetermined) else { return }
        guard let fit = scaled.musyc(own, seed: seed) else {
            notes.append("MuSyC is not fitted: it needs more than 10 combinations of doses, 0 included")
            return
        }
        for index in points.indices {
            points[index].fitted = fit.surface.response(points[index].doses[0], points[index].doses[1])
        }
        if fit.rSquared < 0.9 {
            notes.append(
                "MuSyC explains only \(Words.share(fit.rSquared)) of the responses to \(axes[0].name) and \(axes[1].name): "
                    + "do not trust its parameters")
        }
        let refits = replicates.compactMap { surface in
            ScaledSurface(surface, axes: 2, full: full).flatMap { $0.musyc($0.ownCurves(), seed: seed, starts: 8) }
        }
        musyc = MuSyCScore(fit, refits: refits, observations: points.count)
    }

    /// A fitted response for people: what is below a ten-thousandth of the effect is the fit's own error.
    func rounded(_ response: Double) -> Double { (response / (range * 1e-4)).rounded() * range * 1e-4 }

    /// "3 pM + 10 pM".
    func text(_ doses: [Double]) -> String { zip(axes, doses).map { $0.text($1) }.joined(separator: " + ") }

    private static func notes(_ axes: [DoseAxis], _ singles: [SingleFit]) -> [String] {
        zip(axes, singles).compactMap { axis, single in
            if single.curve == nil {
                return
                    "\(axis.name) has \(single.doses) \(single.doses == 1 ? "dose" : "doses") above 0, its curve needs "
                    + "\(OwnCurve.leastDoses): Loewe, the combination index and MuSyC are left out"
            }
            guard let rSquared = single.rSquared, rSquared < 0.9 else { return nil }
            return "a Hill curve explains only \(Words.share(rSquared)) of the responses to \(axis.name) alone: "
                + "do not trust Loewe and MuSyC here"
        }
    }

    private static func summary(
        _ model: NullModel, _ combined: [SynergyScore.ScoredPoint], _ replicates: [RuledSurface], range: Double
    ) -> Summary? {
        let scored = combined.compactMap { point in
            point.excess[model.rawValue].map { Summary.Extreme(doses: point.doses, excess: $0.value) }
        }
        guard let most = scored.max(by: { $0.excess < $1.excess }),
            let least = scored.min(by: { $0.excess < $1.excess })
        else { return nil }
        let means = replicates.map { replicate in
            let excesses = scored.compactMap { replicate.measure($0.doses).excess[model] }
            return excesses.reduce(0, +) / Double(max(1, excesses.count))
        }
        let mean = Estimate(scored.reduce(0) { $0 + $1.excess } / Double(scored.count), replicates: means)
        let isClear = abs(mean.value) >= 0.01 * range && mean.excludes(0)
        return Summary(
            model: model, mean: mean, most: most, least: least,
            verdict: !isClear ? .neither : mean.value > 0 ? .synergy : .antagonism)
    }
}

extension PairScore.MuSyCScore {
    /// Intervals from refits to each replicate, or from the curvature of the one fit.
    init(_ fit: MuSyCFit, refits: [MuSyCFit], observations: Int) {
        self.fit = fit
        let (fromReplicates, errors) = (refits.count > 1, fit.errors)
        intervalsFrom = fromReplicates ? "replicates" : "fit"
        let spare = max(1, observations - (fit.hasCooperativity ? 12 : 10))
        func factor(_ name: String, _ path: KeyPath<MuSyC, Double>) -> Estimate {
            let value = log(fit.surface[keyPath: path])
            // At its bound, or not determined: refits that agree there know nothing either.
            guard let error = errors[name] else { return Estimate(exp(value)) }
            if fromReplicates {
                return Estimate(value, replicates: refits.map { log($0.surface[keyPath: path]) }).map(exp)
            }
            let half = StudentT.quantile(degrees: spare) * error
            // Beyond a factor of e^100 either way nothing is known.
            return Estimate(value, low: max(value - half, -100), high: min(value + half, 100)).map(exp)
        }
        potency12 = factor("α12", \.alpha12)
        potency21 = factor("α21", \.alpha21)
        cooperativity12 = fit.hasCooperativity ? factor("γ12", \.gamma12) : nil
        cooperativity21 = fit.hasCooperativity ? factor("γ21", \.gamma21) : nil
        efficacy = fit.surface.beta.map { beta in
            let strongest = fit.surface.strongest
            guard let ofStart = errors["E0"], let ofStrongest = errors[strongest.name], let ofBoth = errors["E3"] else {
                return Estimate(beta)
            }
            if fromReplicates { return Estimate(beta, replicates: refits.compactMap(\.surface.beta)) }
            // β = (E3 − E)/(E − E0) with the stronger E: ∂β/∂E3, ∂β/∂E and ∂β/∂E0 are 1, −(1 + β) and β over E − E0.
            let parts = [ofBoth, (1 + beta) * ofStrongest, beta * ofStart]
            let error =
                parts.reduce(0) { $0 + $1 * $1 }.squareRoot() / abs(strongest.response - fit.surface.e0)
            let half = StudentT.quantile(degrees: spare) * error
            return Estimate(beta, low: beta - half, high: beta + half)
        }
    }
}
