import Foundation

/// A spherical cell that secretes uniformly over its surface and captures at it, among consumers spread evenly.
///
/// - Source: facts/validation.md V03 and V05 (closed forms, re-derived); Collins–Kimball boundary with the capture
///   rate k over the whole surface: D ∂c/∂n = k c/(4πa²).
public struct ScreenedCell: Sendable {
    /// a, µm.
    public var radius: Double
    /// D, µm²/s.
    public var diffusion: Double
    /// Q, molecules/s.
    public var rate: Double
    /// What the cell itself captures per surface concentration, k = k_on R, µm³/s.
    public var capture: Double
    /// Screening length of the medium, µm; infinite without consumers and decay.
    public var screeningLength: Double

    public init(
        radius: Double, diffusion: Double, rate: Double, capture: Double = 0, screeningLength: Double = .infinity
    ) {
        self.radius = radius
        self.diffusion = diffusion
        self.rate = rate
        self.capture = capture
        self.screeningLength = screeningLength
    }

    /// What diffusion carries away per surface concentration: 4πDa(1 + a/L), µm³/s.
    public var escape: Double { 4 * .pi * diffusion * radius * (1 + radius / screeningLength) }

    /// Q/(4πDa(1 + a/L) + k), molecules/µm³.
    public var surfaceConcentration: Double { rate / (escape + capture) }

    /// Q e^(−(r−a)/L)/(4πDr(1 + a/L)) for k = 0, molecules/µm³; self-capture scales it.
    public func concentration(at r: Double) -> Double {
        surfaceConcentration * radius / r * exp(-(r - radius) / screeningLength)
    }

    /// The share of secreted molecules that the cell itself captures: k/(k + 4πDa(1 + a/L)).
    public var capturedShare: Double { capture / (capture + escape) }

    /// How far consumers let a molecule reach: √(D/(k n)), µm.
    ///
    /// D in µm²/s, `capture` k = k_on R of one cell in µm³/s, `cells` n in cells/µm³.
    public static func screeningLength(diffusion: Double, capture: Double, cells: Double) -> Double {
        (diffusion / (capture * cells)).squareRoot()
    }
}

/// A cell that captures from a concentration far away, and secretes nothing.
///
/// - Source: facts/validation.md V01 (Smoluchowski 1917 and Berg & Purcell 1977 Biophys J 20:193 are cited there from
///   memory; the closed forms were re-derived).
public struct CapturingCell: Sendable {
    /// a, µm.
    public var radius: Double
    /// D, µm²/s.
    public var diffusion: Double

    public init(radius: Double, diffusion: Double) {
        self.radius = radius
        self.diffusion = diffusion
    }

    /// What a perfect absorber takes per concentration: 4πDa, µm³/s.
    public var diffusionLimit: Double { 4 * .pi * diffusion * radius }

    /// 4πDa k/(k + 4πDa), µm³/s, for a total binding rate k over the surface (Collins–Kimball).
    public func uptake(capture k: Double) -> Double { diffusionLimit * k / (k + diffusionLimit) }

    /// The share of the diffusion limit that N perfectly absorbing patches of radius s (µm) reach: Ns/(Ns + πa).
    public func bergPurcellShare(patches: Double, patchRadius: Double) -> Double {
        patches * patchRadius / (patches * patchRadius + .pi * radius)
    }
}
