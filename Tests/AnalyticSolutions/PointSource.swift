import Foundation

/// A point that secretes at a steady rate into an infinite medium that it may decay in.
///
/// - Source: facts/validation.md V01 and V02 (closed forms, re-derived); the decaying transient is the closed form of
///   ∫₀ᵗ Q (4πDτ)^(−3/2) e^(−r²/4Dτ − λτ) dτ, checked against that integral in ReferenceTests.
public struct PointSource: Sendable {
    /// Q, molecules/s.
    public var rate: Double
    /// D, µm²/s.
    public var diffusion: Double
    /// λ, /s.
    public var decay: Double

    public init(rate: Double, diffusion: Double, decay: Double = 0) {
        self.rate = rate
        self.diffusion = diffusion
        self.decay = decay
    }

    /// How far the field reaches before decay takes it: L = √(D/λ), µm; infinite without decay.
    public var screeningLength: Double { (diffusion / decay).squareRoot() }

    /// Q e^(−r/L)/(4πDr), molecules/µm³.
    public func steady(at r: Double) -> Double {
        rate * exp(-r / screeningLength) / (4 * .pi * diffusion * r)
    }

    /// The concentration a time after the source was switched on, molecules/µm³.
    ///
    /// Without decay it is Q/(4πDr)·erfc(r/√(4Dt)).
    public func concentration(at r: Double, time: Double) -> Double {
        guard time > 0 else { return 0 }
        let spread = r / (4 * diffusion * time).squareRoot()
        let lost = (decay * time).squareRoot()
        let outgoing = exp(-r / screeningLength) * erfc(spread - lost)
        let incoming = exp(r / screeningLength) * erfc(spread + lost)
        return rate / (8 * .pi * diffusion * r) * (outgoing + incoming)
    }

    /// When an undecaying source has raised this distance to half of its steady state, s: r²/(4D·0.47694²).
    public func halfTime(at r: Double) -> Double {
        let erfcHalf = 0.476936276204470  // erfc⁻¹(1/2)
        return r * r / (4 * diffusion * erfcHalf * erfcHalf)
    }
}
