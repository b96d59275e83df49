import Foundation

/// Response to one dose alone: E(d) = E0 + (E1 − E0)·u/(1 + u), u = (d/C)^h.
public struct HillCurve: Hashable, Sendable, Codable {
    /// Without the dose.
    public var start: Double
    /// At saturation; equal to `start` where the dose does nothing.
    public var end: Double
    /// The dose of half the effect, in the unit of the doses.
    public var halfDose: Double
    public var hill: Double

    public init(start: Double, end: Double, halfDose: Double, hill: Double) {
        precondition(halfDose > 0 && hill > 0, "a Hill curve has a half dose and a slope above 0")
        self.start = start
        self.end = end
        self.halfDose = halfDose
        self.hill = hill
    }

    public func response(_ dose: Double) -> Double {
        let u = pow(dose / halfDose, hill)
        return u.isInfinite ? end : start + (end - start) * u / (1 + u)
    }

    /// The dose that alone gives a response; infinite where none does.
    public func dose(for response: Double) -> Double {
        guard end != start else { return response == start ? 0 : .infinity }
        let share = (response - start) / (end - start)
        guard share >= 0, share < 1 else { return .infinity }
        return halfDose * pow(share / (1 - share), 1 / hill)
    }
}
