/// A score in sentences.
public struct ScoreWords {
    let score: SynergyScore

    public init(_ score: SynergyScore) { self.score = score }

    /// One sentence a pair.
    public var sentences: String {
        guard !score.pairs.isEmpty else {
            return "No two of these doses change \(score.response), three or more together do."
        }
        return score.pairs.map(sentence).joined(separator: " ")
    }

    /// What the pair does together, model by model, and how.
    func sentence(_ pair: PairScore) -> String {
        let names = pair.axes.map(\.name).joined(separator: " and ")
        let parts = pair.summaries.map { summary in
            let mean = "on average \(Words.share(abs(summary.mean.value) / pair.range)) of the largest effect"
            let model = summary.model.rawValue
            let isMixed = summary.isMixed(range: pair.range)
            let beyond = isMixed ? "; " + corners(summary, pair, of: "") : ""
            switch summary.verdict {
            case .synergy: return "synergy against \(model) (\(mean) more\(beyond))"
            case .antagonism: return "antagonism against \(model) (\(mean) less\(beyond))"
            case .neither where isMixed:
                return "neither against \(model) on average ("
                    + corners(summary, pair, of: " of the largest effect") + ")"
            case .neither: return "neither against \(model)"
            }
        }
        var text = "\(names) on \(score.response): \(Words.list(parts, "and"))."
        let inert = zip(pair.axes, pair.singles).filter { !$0.1.isActive }.map(\.0.name)
        if !inert.isEmpty { text += " \(Words.list(inert, "and")) alone \(inert.count > 1 ? "do" : "does") nothing." }
        return text + potency(pair)
    }

    /// Where a mixed surface has most and least, which its mean hides: "3 % more at 1 nM + 1 nM, 2 % less at 9 nM + 9 nM".
    private func corners(_ summary: PairScore.Summary, _ pair: PairScore, of whole: String) -> String {
        let (most, least) = (summary.most, summary.least)
        return "\(Words.share(most.excess / pair.range))\(whole) more at \(pair.text(most.doses)), "
            + "\(Words.share(-least.excess / pair.range)) less at \(pair.text(least.doses))"
    }

    private func potency(_ pair: PairScore) -> String {
        guard let musyc = pair.musyc, musyc.fit.rSquared >= 0.9 else { return "" }
        let names = pair.axes.map(\.name)
        var parts: [String] = []
        for (alpha, by, of) in [
            (musyc.potency12, names[0], names[1]), (musyc.potency21, names[1], names[0]),
        ] where alpha.excludes(1) && (alpha.value > 1.1 || alpha.value < 1 / 1.1) {
            // Where a dose does nothing alone and nothing beside, its potency is anybody's guess.
            guard alpha.low != nil else { continue }
            parts.append(
                alpha.value > 1
                    ? "\(by) makes \(of) \(Words.number(alpha.value)) times as potent"
                    : "\(by) makes \(of) \(Words.number(1 / alpha.value)) times less potent")
        }
        if let beta = musyc.efficacy, beta.low != nil, beta.excludes(0), abs(beta.value) >= 0.01 {
            let share = Words.share(abs(beta.value))
            parts.append(
                "both at saturation have \(share) \(beta.value > 0 ? "more" : "less") effect than the stronger alone")
        }
        return parts.isEmpty ? "" : " By MuSyC, \(Words.list(parts, "and"))."
    }

    func caption(_ summary: PairScore.Summary, _ pair: PairScore) -> String {
        let expects =
            switch summary.model {
            case .bliss: "Bliss expects each dose to act on what the other leaves over"
            case .loewe: "Loewe expects doses to add, each in units of what it takes alone"
            case .hsa: "HSA (highest single agent) expects the stronger dose's effect alone"
            }
        let furthest = abs(summary.least.excess) > abs(summary.most.excess) ? summary.least : summary.most
        return "\(expects). Blue is effect beyond that (synergy), orange below it (antagonism); on average "
            + "\(summary.mean.text()), furthest off \(Words.number(furthest.excess)) at "
            + "\(pair.text(furthest.doses))."
    }
}
