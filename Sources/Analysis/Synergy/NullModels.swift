/// Which way the effect of doses goes.
public enum EffectDirection: String, Hashable, Sendable, Codable {
    case rising, falling

    /// Of the response, where there is more effect.
    var sign: Double { self == .rising ? 1 : -1 }

    /// The way of the largest departure from the response without doses.
    public init(_ responses: some Sequence<Double>, from start: Double) {
        var (up, down) = (0.0, 0.0)
        for response in responses {
            up = max(up, response - start)
            down = max(down, start - response)
        }
        self = up >= down ? .rising : .falling
    }

    /// The stronger of responses: the one with more effect.
    public func strongest(_ responses: [Double]) -> Double? { self == .rising ? responses.max() : responses.min() }
}

/// What to expect of doses together if they did not interact, from what each does alone.
public enum NullModel: String, Hashable, Sendable, Codable, CaseIterable {
    /// Independent action on what the others leave over.
    case bliss = "Bliss"
    /// One and the same agent in other units: doses add.
    case loewe = "Loewe"
    /// The stronger one alone.
    case hsa = "HSA"
}

extension NullModel {
    /// Bliss: the shares of the effect still missing multiply.
    ///
    /// With q = (full − E)/(full − start) the share that a dose leaves unaffected, q together is the product of the q.
    /// For a surviving fraction (start 1, full 0) that is the product of the fractions.
    ///
    /// - Source: facts/validation.md V16 (0.85 and 0.90 give 0.765).
    public static func bliss(_ singles: [Double], start: Double, full: Double) -> Double {
        precondition(full != start, "an effect needs room between no effect and full effect")
        let missing = singles.reduce(1) { $0 * (full - $1) / (full - start) }
        return full - (full - start) * missing
    }

    /// Highest single agent.
    public static func hsa(_ singles: [Double], start: Double, direction: EffectDirection) -> Double {
        direction.strongest(singles) ?? start
    }
}

/// Dose addition: one unit of effect costs each agent a share of the dose that alone would give it.
public struct LoeweAdditivity: Hashable, Sendable {
    public var curves: [HillCurve]
    public var direction: EffectDirection

    public init(_ curves: [HillCurve], direction: EffectDirection) {
        precondition(!curves.isEmpty, "dose addition needs a curve")
        self.curves = curves
        self.direction = direction
    }

    /// Σ dᵢ/Dᵢ(E), where Dᵢ(E) is the dose of i that alone gives E: 1 additive, below 1 synergy, above 1 antagonism.
    ///
    /// A dose that cannot reach E alone has Dᵢ = ∞ and adds nothing. `nil` where E is no effect, or none can reach it.
    public func combinationIndex(_ doses: [Double], response: Double) -> Double? {
        precondition(doses.count == curves.count, "one dose a curve")
        guard (response - curves[0].start) * direction.sign > 0 else { return nil }
        let alone = curves.map { $0.dose(for: response) }
        guard alone.contains(where: \.isFinite) else { return nil }
        let index = zip(doses, alone).reduce(0) { $0 + ($1.1.isFinite ? $1.0 / $1.1 : 0) }
        return index.isFinite ? index : nil
    }

    /// The response at which the combination index of these doses is 1.
    ///
    /// Σ dᵢ/Dᵢ(E) falls from ∞ at no effect to 0 at the strongest agent's end, so there is one such response; it is found
    /// by halving to the last bit.
    public func response(_ doses: [Double]) -> Double {
        precondition(doses.count == curves.count, "one dose a curve")
        let start = curves[0].start
        let active = zip(doses, curves).filter { $0.0 > 0 && ($0.1.end - start) * direction.sign > 0 }
        guard let end = direction.strongest(active.map(\.1.end)) else { return start }
        if active.count == 1 { return active[0].1.response(active[0].0) }
        var (low, high) = (0.0, 1.0)
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if middle == low || middle == high { break }
            let response = start + (end - start) * middle
            let cost = active.reduce(0) { $0 + $1.0 / $1.1.dose(for: response) }
            if cost > 1 { low = middle } else { high = middle }
        }
        return start + (end - start) * (low + high) / 2
    }

    /// The dose of the second that with `dose` of the first gives a response by dose addition; `nil` where there is none.
    public func isobole(_ response: Double, first dose: Double) -> Double? {
        precondition(curves.count == 2, "an isobole is drawn between two doses")
        let alone = curves.map { $0.dose(for: response) }
        let left = 1 - (alone[0].isFinite ? dose / alone[0] : 0)
        guard left >= 0, alone[1].isFinite else { return nil }
        return left * alone[1]
    }
}
