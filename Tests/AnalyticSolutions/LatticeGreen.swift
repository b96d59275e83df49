import Foundation

/// The potential of a unit source on the endless cubic lattice of the 7-point Laplacian.
///
/// G(l,m,n) = ∫₀^∞ e^(−6t) I_l(2t) I_m(2t) I_n(2t) dt; at distance r of many spacings it tends to 1/(4πr).
///
/// - Source: design/numerics.md section 2 (table and integral).
public enum LatticeGreen {
    /// The table of design/numerics.md, six digits.
    public static let table: [(place: [Int], value: Double)] = [
        ([0, 0, 0], 0.252731), ([1, 0, 0], 0.086064), ([1, 1, 0], 0.055191), ([1, 1, 1], 0.043578),
        ([2, 0, 0], 0.042889),
    ]

    /// The integral by Simpson's rule in log t, with the two leading terms of the tail: about 1e-8.
    public static func value(_ l: Int, _ m: Int, _ n: Int) -> Double {
        let (start, end, panels) = (-14.0, 7.0, 420)
        let h = (end - start) / Double(panels)
        var sum = 0.0
        for i in 0...panels {
            let t = exp(start + Double(i) * h)
            let weight = i == 0 || i == panels ? 1.0 : (i % 2 == 1 ? 4.0 : 2.0)
            sum += weight * t * scaledBessel(l, 2 * t) * scaledBessel(m, 2 * t) * scaledBessel(n, 2 * t)
        }
        let last = exp(end)
        let orders = Double(4 * (l * l + m * m + n * n) - 3) / 16
        let perRoot = 2 / last.squareRoot()
        let tail = (perRoot - orders * perRoot / (3 * last)) * pow(4 * .pi, -1.5)
        let head = l == 0 && m == 0 && n == 0 ? exp(start) : 0
        return sum * h / 3 + tail + head
    }

    /// e^(−x) I_n(x) as the mean of e^(x(cos θ − 1)) cos nθ over a turn; evenly spaced points converge geometrically.
    static func scaledBessel(_ n: Int, _ x: Double) -> Double {
        let points = 4 * n + 24 + Int(12 * x.squareRoot())
        var sum = 0.0
        for i in 0..<points {
            let angle = 2 * .pi * Double(i) / Double(points)
            sum += exp(x * (cos(angle) - 1)) * cos(Double(n) * angle)
        }
        return sum / Double(points)
    }
}
