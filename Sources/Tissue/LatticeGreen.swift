#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The Green's function of the 7-point operator κ²h² − ∇²h on an endless lattice of unit spacing.
///
/// G(l,m,n) = ∫₀^∞ e^(−(6 + κ²h²)t) I_l(2t) I_m(2t) I_n(2t) dt; the concentration that a steady source q raises at
/// that offset is q·G/(D h).
/// - Source: design note numerics, section 2 (G(0,0,0) = 0.252731 at κ = 0).
@safe struct LatticeGreen {
    /// Largest offset along an axis that the table holds.
    let reach: Int
    private let table: [Double]
    /// The same by |z|, |y| and x from −reach to reach, so that a line of them is read in order.
    let lines: Buffer<Double>

    /// - Parameters:
    ///   - reach: Largest offset along any axis, in voxels.
    ///   - screening: κh, the spacing over the decay length √(D/λ).
    init(reach: Int, screening: Double) {
        self.reach = reach
        let side = reach + 1
        var table = Array(repeating: 0.0, count: side * side * side)
        // Trapezoid in u = ln t: the integrand is analytic in a strip of half-width π/2, so a step of 0.1 is exact to
        // e^(−2π·(π/2)/0.1); below t = e^−37 and beyond e^23 there is nothing left but the tail added at the end.
        let step = 0.1
        let lastTime = exp(23.0)
        for point in 0...600 {
            let t = exp(-37 + step * Double(point))
            let weight = (point == 0 || point == 600 ? 0.5 : 1) * step * t * exp(-screening * screening * t)
            if weight == 0 { continue }
            let bessel = LatticeGreen.scaledBessel(2 * t, upTo: reach)
            for l in 0...reach {
                for m in l...reach {
                    for n in m...reach {
                        table[(l * side + m) * side + n] += weight * (bessel[l] * bessel[m] * bessel[n])
                    }
                }
            }
        }
        // ∫ (4πt)^(−3/2) dt beyond the last time, where the lattice is a continuum; nothing is left there if screened.
        let tail = screening * screening * lastTime < 1e-3 ? 2 * pow(4 * Double.pi, -1.5) / lastTime.squareRoot() : 0
        for l in 0...reach {
            for m in l...reach {
                for n in m...reach { table[(l * side + m) * side + n] += tail }
            }
        }
        for l in 0...reach {
            for m in 0...reach {
                for n in 0...reach {
                    let s = [l, m, n].sorted()
                    table[(l * side + m) * side + n] = table[(s[0] * side + s[1]) * side + s[2]]
                }
            }
        }
        self.table = table
        lines = Buffer(count: side * side * (2 * reach + 1))
        for m in 0...reach {
            for n in 0...reach {
                for l in -reach...reach {
                    lines[(n * side + m) * (2 * reach + 1) + l + reach] = table[(n * side + m) * side + abs(l)]
                }
            }
        }
    }

    /// - Precondition: no offset is larger than `reach`.
    subscript(l: Int, m: Int, n: Int) -> Double { table[(abs(l) * (reach + 1) + abs(m)) * (reach + 1) + abs(n)] }

    /// Σ weights[i] G(l + i, m, n) over i in 0..<count.
    ///
    /// - Precondition: no offset is larger than `reach`.
    @unsafe @inline(__always)
    func sum(_ weights: UnsafePointer<Double>, _ count: Int, from l: Int, _ m: Int, _ n: Int) -> Double {
        let line = unsafe lines.pointer + (abs(n) * (reach + 1) + abs(m)) * (2 * reach + 1) + reach + l
        var sum = 0.0
        for i in 0..<count { unsafe sum += weights[i] * line[i] }
        return sum
    }

    /// e^(−x) I_k(x) for k = 0...order.
    ///
    /// - Source: backward recurrence normalised by e^x = I₀ + 2ΣI_k (Miller); for large x Hankel's expansion.
    static func scaledBessel(_ x: Double, upTo order: Int) -> [Double] {
        if x > 20_000 + 200 * Double(order * order) { return hankel(x, upTo: order) }
        let start = order + 30 + Int((80 * x).squareRoot())
        var values = Array(repeating: 0.0, count: order + 1)
        var (above, here, sum) = (0.0, 1e-250, 0.0)
        for k in stride(from: start, through: 1, by: -1) {
            if k <= order { values[k] = here }
            sum += 2 * here
            (above, here) = (here, above + 2 * Double(k) / x * here)
            if here > 1e250 {
                let shrink = 1e-250
                (above, here, sum) = (above * shrink, here * shrink, sum * shrink)
                for i in values.indices { values[i] *= shrink }
            }
        }
        values[0] = here
        sum += here
        return values.map { $0 / sum }
    }

    private static func hankel(_ x: Double, upTo order: Int) -> [Double] {
        (0...order).map { k in
            let mu = Double(4 * k * k)
            var (term, sum) = (1.0, 1.0)
            for j in 1...6 {
                let odd = Double(2 * j - 1)
                term *= -(mu - odd * odd) / (Double(j) * 8 * x)
                sum += term
            }
            return sum / (2 * Double.pi * x).squareRoot()
        }
    }
}

/// Tables made so far: where cells come and go, what is near them changes at every tick, and how far near is seldom.
final class LatticeGreens {
    private struct Key: Hashable {
        let reach: Int
        let screening: Double
    }

    private var tables: [Key: LatticeGreen] = [:]

    /// The table for these; see ``LatticeGreen``.
    func table(reach: Int, screening: Double) -> LatticeGreen {
        let key = Key(reach: reach, screening: screening)
        if let table = tables[key] { return table }
        let table = LatticeGreen(reach: reach, screening: screening)
        tables[key] = table
        return table
    }
}
