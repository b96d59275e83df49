/// Runge–Kutta–Chebyshev steps of second order: explicit, and stable for steps that grow with the square of the stages.
///
/// Right for overdamped contacts, whose rates are real: twelve stages bear four times what twelve Euler steps do, and
/// three bear nearly what three Euler steps do, at second order.
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

    static let fewestStages = 3
    static let mostStages = 12
    private static let damping = 2.0 / 13

    /// By number of stages, from none up; those below the fewest are empty.
    static let schemes: [[Stage]] = (0...mostStages).map { $0 < fewestStages ? [] : scheme($0) }

    /// The largest h·λ, of the largest decay rate λ, that so many stages bear.
    static func bound(_ stages: Int) -> Double {
        let s = Double(stages)
        return 2.0 / 3 * (s * s - 1) * (1 - 2.0 / 15 * damping)
    }

    /// The fewest stages that bear h·λ; `mostStages` where none does.
    static func stages(bearing product: Double) -> Int {
        (fewestStages..<mostStages).first { bound($0) >= product } ?? mostStages
    }

    private static func scheme(_ s: Int) -> [Stage] {
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
