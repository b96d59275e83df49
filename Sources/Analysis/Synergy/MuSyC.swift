import Foundation

/// The four-state scheme of two doses: U ⇌ A1 ⇌ A12 ⇌ A2 ⇌ U, whose steady shares weigh four responses.
///
/// U → A1 at (d1/C1)^h1, A1 → A12 at (α12·d2/C2)^(γ12·h2), A2 → A12 at (α21·d1/C1)^(γ21·h1), each back at rate 1. Rates are
/// relative to each dose's own way back, so the unit of a dose cannot matter; where the scheme is in detailed balance
/// (α12^h2 = α21^h1, as for one α and equal h) this is what any choice of speeds gives.
///
/// - Source: Meyer et al. 2019 Cell Systems 8:97 and Wooten et al. 2021 Nat Commun s41467-021-24789-z, as in
///   facts/validation.md V16; γ is the cooperativity of the latter.
public struct MuSyC: Hashable, Sendable, Codable {
    /// Responses of U, A1, A2 and A12.
    public var e0: Double
    public var e1: Double
    public var e2: Double
    public var e3: Double
    /// Half doses, in the units of the doses.
    public var c1: Double
    public var c2: Double
    public var h1: Double
    public var h2: Double
    /// By how much the first multiplies the potency of the second; above 1 is synergy of potency.
    public var alpha12: Double
    /// By how much the second multiplies the potency of the first.
    public var alpha21: Double
    /// By how much the first multiplies the Hill slope of the second; above 1 is synergy of cooperativity.
    public var gamma12: Double
    public var gamma21: Double

    public init(
        e0: Double, e1: Double, e2: Double, e3: Double, c1: Double, c2: Double, h1: Double, h2: Double,
        alpha12: Double = 1, alpha21: Double = 1, gamma12: Double = 1, gamma21: Double = 1
    ) {
        self.e0 = e0
        self.e1 = e1
        self.e2 = e2
        self.e3 = e3
        self.c1 = c1
        self.c2 = c2
        self.h1 = h1
        self.h2 = h2
        self.alpha12 = alpha12
        self.alpha21 = alpha21
        self.gamma12 = gamma12
        self.gamma21 = gamma21
    }

    /// Efficacy: the effect of both beyond the stronger one's, as a share of the stronger one's.
    ///
    /// (min(E1, E2) − E3)/(E0 − min(E1, E2)) where effects fall, likewise with max where they rise; `nil` where neither
    /// has an effect alone.
    public var beta: Double? {
        let strongest = strongest.response
        guard (strongest - e0) * EffectDirection([e1, e2, e3], from: e0).sign > 0 else { return nil }
        return (e3 - strongest) / (strongest - e0)
    }

    /// The stronger of E1 and E2.
    var strongest: (name: String, response: Double) {
        let isFirst = EffectDirection([e1, e2, e3], from: e0).strongest([e1, e2]) == e1
        return isFirst ? ("E1", e1) : ("E2", e2)
    }

    /// The response at steady state.
    public func response(_ d1: Double, _ d2: Double) -> Double {
        let shares = shares(d1, d2)
        return shares[0] * e0 + shares[1] * e1 + shares[2] * e2 + shares[3] * e3
    }

    /// Steady shares of U, A1, A2 and A12, by the matrix-tree theorem on the ring of four.
    public func shares(_ d1: Double, _ d2: Double) -> [Double] {
        let (u1, u2) = (rate(d1, c1, h1), rate(d2, c2, h2))
        let a = rate(alpha12 * d2, c2, gamma12 * h2)
        let b = rate(alpha21 * d1, c1, gamma21 * h1)
        let trees = [
            2 + a + b, 2 * u1 + b * (u1 + u2), 2 * u2 + a * (u1 + u2), a * u1 + b * u2 + a * b * (u1 + u2),
        ]
        let total = trees.reduce(0, +)
        return trees.map { $0 / total }
    }

    /// (d/C)^h, at most 1e60: so far into saturation that shares no longer change.
    private func rate(_ dose: Double, _ half: Double, _ hill: Double) -> Double { min(pow(dose / half, hill), 1e60) }
}
