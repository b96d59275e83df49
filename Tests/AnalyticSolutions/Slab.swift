import Foundation

/// A steady profile between two walls: D c'' − λc + s = 0 on 0...length.
///
/// - Source: closed form (exponentials with decay, a parabola without); each wall's condition is checked in
///   ReferenceTests against the profile's own slope.
public struct Slab: Sendable {
    /// What holds at a wall.
    public enum Side: Sendable {
        /// Concentration, molecules/µm³.
        case fixed(Double)
        /// Molecules that enter, molecules/µm²/s; 0 lets nothing through.
        case flux(Double)
        /// Molecules leave at permeability (µm/s) × (c − outside).
        case permeable(Double, outside: Double)
    }

    public let length: Double
    public let diffusion: Double
    public let decay: Double
    public let source: Double
    private let amplitudes: (lower: Double, upper: Double)

    /// Solves for the two amplitudes.
    ///
    /// - Parameters:
    ///   - length: µm.
    ///   - diffusion: D, µm²/s.
    ///   - decay: λ, /s.
    ///   - source: s, molecules/µm³/s.
    ///   - lower: The wall at 0.
    ///   - upper: The wall at `length`.
    /// - Precondition: a steady state exists: decay, or a wall that lets molecules out.
    public init(length: Double, diffusion: Double, decay: Double, source: Double = 0, lower: Side, upper: Side) {
        self.length = length
        self.diffusion = diffusion
        self.decay = decay
        self.source = source
        let shapes = Self.Shapes(length: length, diffusion: diffusion, decay: decay, source: source)
        let low = Self.condition(lower, shapes, at: 0, inward: 1, diffusion: diffusion)
        let high = Self.condition(upper, shapes, at: length, inward: -1, diffusion: diffusion)
        let determinant = low.first * high.second - low.second * high.first
        precondition(determinant != 0, "this slab has no steady state")
        amplitudes = (
            (low.value * high.second - low.second * high.value) / determinant,
            (low.first * high.value - low.value * high.first) / determinant
        )
    }

    private var shapes: Shapes { Shapes(length: length, diffusion: diffusion, decay: decay, source: source) }

    /// Molecules/µm³ at a distance from the lower wall.
    public func concentration(at x: Double) -> Double {
        let (first, second, own) = shapes.values(at: x)
        return amplitudes.lower * first + amplitudes.upper * second + own
    }

    /// dc/dx, molecules/µm⁴.
    public func slope(at x: Double) -> Double {
        let (first, second, own) = shapes.slopes(at: x)
        return amplitudes.lower * first + amplitudes.upper * second + own
    }

    /// Molecules between two planes, per area: ∫ c dx by Simpson's rule on 1000 panels, molecules/µm².
    public func amount(from x0: Double, to x1: Double) -> Double {
        let panels = 1000
        let h = (x1 - x0) / Double(panels)
        var sum = concentration(at: x0) + concentration(at: x1)
        for i in 1..<panels { sum += (i % 2 == 1 ? 4 : 2) * concentration(at: x0 + Double(i) * h) }
        return sum * h / 3
    }

    /// One wall's linear equation for the two amplitudes.
    private static func condition(
        _ side: Side, _ shapes: Shapes, at x: Double, inward: Double, diffusion: Double
    ) -> (first: Double, second: Double, value: Double) {
        let (f, s, own) = shapes.values(at: x)
        let (df, ds, dOwn) = shapes.slopes(at: x)
        let inflow = -inward * diffusion
        switch side {
        case .fixed(let c): return (f, s, c - own)
        case .flux(let entering): return (inflow * df, inflow * ds, entering - inflow * dOwn)
        case .permeable(let p, let outside):
            return (inflow * df + p * f, inflow * ds + p * s, p * (outside - own) - inflow * dOwn)
        }
    }

    /// The two solutions without source, and one with it.
    private struct Shapes {
        var length: Double
        var diffusion: Double
        var decay: Double
        var source: Double
        var wave: Double { (decay / diffusion).squareRoot() }

        func values(at x: Double) -> (Double, Double, Double) {
            guard decay > 0 else { return (1, x / length, -source * x * x / (2 * diffusion)) }
            return (exp(-wave * x), exp(-wave * (length - x)), source / decay)
        }

        func slopes(at x: Double) -> (Double, Double, Double) {
            guard decay > 0 else { return (0, 1 / length, -source * x / diffusion) }
            return (-wave * exp(-wave * x), wave * exp(-wave * (length - x)), 0)
        }
    }
}
