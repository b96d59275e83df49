/// Explicit steps of second order for overdamped contacts, whose rates are real.
///
/// Runge–Kutta–Chebyshev steps are stable for a length that grows with the square of the stages: twelve bear four times what
/// twelve Euler steps do. Close ones, of four and five nested stages, bear less but follow what decays more closely: in one
/// step as closely as two of three stages do.
///
/// Source: Sommeijer, Shampine & Verwer (1998), RKC: an explicit solver for parabolic PDEs,
/// doi:10.1016/S0377-0427(97)00219-7; coefficients from memory, the order and the stability held by tests.
struct StabilisedSteps {
    /// yⱼ = y₀ + last·(yⱼ₋₁ − y₀) + before·(yⱼ₋₂ − y₀) + h (pull·Fⱼ₋₁ + firstPull·F₀).
    struct Stage {
        var last: Double
        var before: Double
        var pull: Double
        var firstPull: Double
    }

    let stages: [Stage]
    /// The largest h·λ, of the largest decay rate λ, that it bears.
    let bound: Double
    /// The largest h·stiffness with which it is close enough where contacts move cells.
    let turnover: Double

    /// Of as many stages as there may be, the fewest first.
    static let all: [StabilisedSteps] =
        [chebyshev(3), close([0.084, 0.258, 0.5, 1], bound: 7.3), chebyshev(4)]
        + [close([0.038, 0.113, 0.27, 0.5, 1], bound: 12.3), chebyshev(5)] + (6...12).map(chebyshev)

    /// The one that bears most.
    static let strongest = all[all.count - 1]

    /// How to go on for a time h: the step that costs least, and how many of them.
    ///
    /// `product`: h·λ.
    /// `turnover`: h·stiffness where contacts move cells, 0 elsewhere.
    /// `fewest`: Steps to take at least.
    static func cheapest(product: Double, turnover: Double, fewest: Double) -> (scheme: StabilisedSteps, steps: Double)
    {
        var (best, steps, least) = (strongest, 1.0, Double.infinity)
        for scheme in all {
            let wanted = max(fewest, product / scheme.bound, turnover / scheme.turnover)
            let count = max(1, (wanted * (1 - 1e-12)).rounded(.up))
            // What a step does besides its stages is as much as one more.
            let cost = count * Double(scheme.stages.count + 1)
            if cost < least { (best, steps, least) = (scheme, count, cost) }
        }
        return (best, steps)
    }

    /// yⱼ = y₀ + h·pullⱼ·Fⱼ₋₁, the last two pulls 1/2 and 1 for second order.
    ///
    /// Chosen: the other pulls make for the largest bound (|yₛ/y₀| ≤ 0.95 up to it) with which two cells that overlap do so
    /// by 0.320 and 0.317 of it after a step of stiffness · h = 0.6, and 0.321 after two of three stages; exact is 0.301.
    private static func close(_ pulls: [Double], bound: Double) -> StabilisedSteps {
        let stages = pulls.enumerated().map { j, pull in
            Stage(last: 0, before: 0, pull: j == 0 ? 0 : pull, firstPull: j == 0 ? pull : 0)
        }
        return StabilisedSteps(stages: stages, bound: bound, turnover: 0.6)
    }

    private static let damping = 2.0 / 13

    /// Turnover, chosen: what two cells overlap then falls to 0.567 of itself in a step, by the exact law to 0.549.
    private static func chebyshev(_ s: Int) -> StabilisedSteps {
        StabilisedSteps(
            stages: chebyshevStages(s), bound: 2.0 / 3 * Double(s * s - 1) * (1 - 2.0 / 15 * damping), turnover: 0.3)
    }

    private static func chebyshevStages(_ s: Int) -> [Stage] {
        let w0 = 1 + damping / Double(s * s)
        // Chebyshev polynomials at w0 and their first two derivatives.
        var t = [1, w0]
        var first = [0.0, 1.0]
        var second = [0.0, 0.0]
        for j in 2...s {
            t.append(2 * w0 * t[j - 1] - t[j - 2])
            first.append(2 * t[j - 1] + 2 * w0 * first[j - 1] - first[j - 2])
            second.append(4 * first[j - 1] + 2 * w0 * second[j - 1] - second[j - 2])
        }
        let w1 = first[s] / second[s]
        var b = (0...s).map { $0 < 2 ? 0 : second[$0] / (first[$0] * first[$0]) }
        (b[0], b[1]) = (b[2], b[2])
        var stages = [Stage(last: 0, before: 0, pull: 0, firstPull: b[1] * w1)]
        for j in 2...s {
            let (last, before) = (2 * b[j] * w0 / b[j - 1], -b[j] / b[j - 2])
            let pull = 2 * b[j] * w1 / b[j - 1]
            let a = 1 - b[j - 1] * t[j - 1]
            stages.append(
                Stage(last: last, before: before, pull: pull, firstPull: -a * pull))
        }
        return stages
    }
}
