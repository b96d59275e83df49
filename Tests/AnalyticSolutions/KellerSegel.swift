import Foundation

/// Where cells rest that spread with motility µ and drift up c = e^(−x/ℓ) with χ∇c between walls: ρ ∝ exp(χc/µ).
///
/// Source: Keller & Segel (1971), Model for chemotaxis, doi:10.1016/0022-5193(71)90050-6 (from memory): no flux means
/// µρ′ = χρc′.
public struct KellerSegelLaw: Sendable {
    /// χ/µ, in units of 1/c.
    let attraction: Double
    let decayLength: Double
    let length: Double
    /// ∫ exp(χc/µ) dx from 0, at even points.
    private let integral: [Double]

    /// In the box 0...`length`, µm, with the field's `decayLength`, µm.
    public init(attraction: Double, decayLength: Double, length: Double) {
        self.attraction = attraction
        self.decayLength = decayLength
        self.length = length
        let parts = 10_000
        let h = length / Double(parts)
        var sum = 0.0
        var integral = [0.0]
        for k in 0..<parts {
            // Simpson's rule over one part.
            let values = [0, 0.5, 1].map { exp(attraction * exp(-(Double(k) + $0) * h / decayLength)) }
            sum += h / 6 * (values[0] + 4 * values[1] + values[2])
            integral.append(sum)
        }
        self.integral = integral
    }

    /// Over the mean.
    public func density(_ x: Double) -> Double {
        exp(attraction * exp(-x / decayLength)) * length / (integral.last ?? 1)
    }

    /// Of all cells, between two places.
    public func share(from low: Double, to high: Double) -> Double { (integral(to: high) - integral(to: low)) }

    private func integral(to x: Double) -> Double {
        let at = x / length * Double(integral.count - 1)
        let k = min(integral.count - 2, Int(at))
        return (integral[k] + (at - Double(k)) * (integral[k + 1] - integral[k])) / (integral.last ?? 1)
    }

    /// The place below which a share of all cells is.
    public func quantile(_ share: Double) -> Double {
        var (low, high) = (0.0, length)
        for _ in 0..<50 {
            let middle = (low + high) / 2
            if integral(to: middle) < share { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
