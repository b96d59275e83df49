import Foundation

/// A standing cosine between two walls that let nothing through; its amplitude falls and its shape stays.
///
/// - Source: separation of variables, closed form.
public struct CosineMode: Sendable {
    /// Half-waves along the axis.
    public var halfWaves: Int
    /// µm.
    public var length: Double
    /// D, µm²/s.
    public var diffusion: Double
    /// λ, /s.
    public var decay: Double

    public init(halfWaves: Int, length: Double, diffusion: Double, decay: Double = 0) {
        self.halfWaves = halfWaves
        self.length = length
        self.diffusion = diffusion
        self.decay = decay
    }

    /// Radians/µm.
    public var waveNumber: Double { Double(halfWaves) * .pi / length }

    /// cos(kx), 1 at the wall.
    public func shape(at x: Double) -> Double { cos(waveNumber * x) }

    /// The mean of the shape over a voxel of edge `spacing` around x, which is what a finite volume holds.
    public func shape(at x: Double, averagedOver spacing: Double) -> Double {
        let half = waveNumber * spacing / 2
        return half == 0 ? 1 : cos(waveNumber * x) * sin(half) / half
    }

    /// What is left of the amplitude: e^(−(Dk² + λ)t).
    public func amplitude(after time: Double) -> Double {
        exp(-(diffusion * waveNumber * waveNumber + decay) * time)
    }

    /// The same for the 7-point Laplacian on voxels of edge `spacing`, in exact time: D·(2 − 2cos kh)/h² for Dk².
    public func gridAmplitude(after time: Double, spacing: Double) -> Double {
        let s = sin(waveNumber * spacing / 2) * 2 / spacing
        return exp(-(diffusion * s * s + decay) * time)
    }
}

/// A closed box with an even source and decay: the same everywhere.
///
/// - Source: dc/dt = s − λc, closed form.
public struct EvenSource: Sendable {
    /// s, molecules/µm³/s.
    public var source: Double
    /// λ, /s.
    public var decay: Double
    /// molecules/µm³.
    public var start: Double

    public init(source: Double, decay: Double, start: Double = 0) {
        self.source = source
        self.decay = decay
        self.start = start
    }

    /// Molecules/µm³ after a time.
    public func concentration(after time: Double) -> Double {
        guard decay > 0 else { return start + source * time }
        return start * exp(-decay * time) - source / decay * expm1(-decay * time)
    }
}
