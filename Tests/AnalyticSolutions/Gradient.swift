import Foundation

/// A morphogen that enters at one wall, spreads and decays: c = c₀ e^(−x/L).
///
/// - Source: facts/validation.md V25 (closed forms; the FGF8 numbers beside it are marked there as from memory).
public struct Gradient: Sendable {
    /// D, µm²/s.
    public var diffusion: Double
    /// λ, /s.
    public var decay: Double

    public init(diffusion: Double, decay: Double) {
        self.diffusion = diffusion
        self.decay = decay
    }

    /// The gradient of a stated decay length, µm.
    public init(diffusion: Double, decayLength: Double) {
        self.init(diffusion: diffusion, decay: diffusion / (decayLength * decayLength))
    }

    /// L = √(D/λ), µm.
    public var decayLength: Double { (diffusion / decay).squareRoot() }

    /// c/c₀ at a distance from the wall, in an endless tissue.
    public func share(at x: Double) -> Double { exp(-x / decayLength) }

    /// Where c/c₀ falls to this, µm.
    public func distance(ofShare share: Double) -> Double { -decayLength * log(share) }

    /// Mean time at which this distance reaches its steady state under a steady influx, s: (1 + x/L)/(2λ).
    public func accumulationTime(at x: Double) -> Double { (1 + x / decayLength) / (2 * decay) }
}
