import Foundation

/// Two spherical cells of one radius in an endless medium, each capturing at its whole surface: exact, to the poles kept.
///
/// Goals: 1 exact to 5e-5 where the cells touch and 1e-9 from 3a, with the poles kept, 2 plain. The field outside is the sum of both
/// cells' axisymmetric multipoles, and those of one cell are re-expanded about the other:
///
///     (a/r₂)^(m+1) P_m(cos θ₂) = Σ_n C(n+m, n) (a/d)^(m+1) (r₁/d)^n P_n(cos θ₁)
///
/// where each angle is measured from the line to the other cell. At the surface of cell i the flux inwards is
/// (k_i c − q_i)/(4πa²): D ∂c/∂n where nothing is inside, the jump of D ∂c/∂n where the medium goes on inside.
///
/// - Source: re-expansion of solid harmonics, re-derived on this page; it reproduces ln 2 for the rate of two perfect
///   absorbers that touch, relative to one alone (design/numerics.md section 2).
public struct TwoCells: Sendable {
    /// a, µm.
    public var radius: Double
    /// D, µm²/s.
    public var diffusion: Double
    /// Between the centres, µm; at least 2a.
    public var distance: Double
    /// k_i = k_on R of each cell, µm³/s.
    public var capture: (first: Double, second: Double)
    public var interior: Interior
    /// Poles kept of each cell, from the monopole.
    public var poles = 80

    /// What a cell is to molecules that it does not capture.
    public enum Interior: Sendable, CaseIterable {
        /// They go around it: a real cell.
        case impermeable
        /// They diffuse through it as through the medium: a cell on a grid that knows no cell volumes.
        case medium
    }

    public init(
        radius: Double, diffusion: Double, distance: Double, capture: (first: Double, second: Double),
        interior: Interior
    ) {
        precondition(distance >= 2 * radius, "cells of radius \(radius) µm cannot be \(distance) µm apart")
        self.radius = radius
        self.diffusion = diffusion
        self.distance = distance
        self.capture = capture
        self.interior = interior
    }

    /// Where the molecules of a secreting first cell end: shares that sum to 1.
    public struct Fate: Sendable {
        public var ownCell: Double
        public var otherCell: Double
        public var escaped: Double
    }

    /// Where the molecules of the first cell end, if the second secretes nothing.
    public func fate() -> Fate {
        var load = [Double](repeating: 0, count: 2 * poles)
        load[0] = 1
        let amplitudes = solved(load)
        return Fate(
            ownCell: 1 - amplitudes[0], otherCell: -amplitudes[poles], escaped: amplitudes[0] + amplitudes[poles])
    }

    /// The mean concentration over each surface per secretion of the first cell, s/µm³ (molecules/µm³ per molecule/s).
    public func surfaceConcentrations() -> (first: Double, second: Double) {
        var load = [Double](repeating: 0, count: 2 * poles)
        load[0] = 1
        let amplitudes = solved(load)
        let unit = 4 * .pi * diffusion * radius
        let near = zip(translation(), 0..<poles).map { $0.0[0] }
        let seenByFirst = (0..<poles).reduce(0) { $0 + near[$1] * amplitudes[poles + $1] }
        let seenBySecond = (0..<poles).reduce(0) { $0 + near[$1] * amplitudes[$1] }
        return ((amplitudes[0] + seenByFirst) / unit, (amplitudes[poles] + seenBySecond) / unit)
    }

    /// Each cell's uptake from a concentration far away, relative to 4πDa c∞.
    public func uptakeFromAfar() -> (first: Double, second: Double) {
        var load = [Double](repeating: 0, count: 2 * poles)
        load[0] = -damkohler.first
        load[poles] = -damkohler.second
        let amplitudes = solved(load)
        return (-amplitudes[0], -amplitudes[poles])
    }

    /// What the monopoles alone give for the same fate: each cell sees the other as a point.
    public func monopoleFate() -> Fate {
        var alone = self
        alone.poles = 1
        return alone.fate()
    }

    /// k_i/(4πDa).
    public var damkohler: (first: Double, second: Double) {
        let limit = 4 * .pi * diffusion * radius
        return (capture.first / limit, capture.second / limit)
    }

    /// T[m][n] = C(n+m, n) (a/d)^(n+m+1): what pole m of one cell adds to pole n at the other's surface.
    private func translation() -> [[Double]] {
        let x = radius / distance
        return (0..<poles).map { m in
            var row = [pow(x, Double(m + 1))]
            for n in 1..<max(poles, 1) { row.append(row[n - 1] * x * Double(n + m) / Double(n)) }
            return row
        }
    }

    /// The amplitudes of both cells: (n + 1 + κ)A_n + (κ − n) Σ_m T[m][n] B_m = load_n, and the same the other way.
    ///
    /// Where the medium goes on inside, the first bracket is (2n + 1 + κ) and the second κ.
    private func solved(_ load: [Double]) -> [Double] {
        let table = translation()
        var rows: [[Double]] = []
        for (own, kappa) in [(0, damkohler.first), (poles, damkohler.second)] {
            for n in 0..<poles {
                let inside = interior == .medium ? Double(n) : 0
                var row = [Double](repeating: 0, count: 2 * poles)
                row[own + n] = Double(n) + 1 + kappa + inside
                for m in 0..<poles { row[poles - own + m] = (kappa - Double(n) + inside) * table[m][n] }
                // A stiff row is scaled, so that perfect absorbers keep their digits.
                let scale = 1 / row[own + n]
                rows.append(row.map { $0 * scale } + [load[own + n] * scale])
            }
        }
        return LinearSystem.solve(rows)
    }
}

/// A dense linear system, solved with row exchanges.
public enum LinearSystem {
    /// The solution of rows that hold the matrix and, last, the right-hand side.
    public static func solve(_ augmented: [[Double]]) -> [Double] {
        var rows = augmented
        let n = rows.count
        for column in 0..<n {
            let pivot = (column..<n).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
            rows.swapAt(column, pivot)
            for row in column + 1..<max(n, column + 1) {
                let factor = rows[row][column] / rows[column][column]
                guard factor != 0 else { continue }
                for k in column...n { rows[row][k] -= factor * rows[column][k] }
            }
        }
        var x = [Double](repeating: 0, count: n)
        for row in (0..<n).reversed() {
            var sum = rows[row][n]
            for k in row + 1..<max(n, row + 1) { sum -= rows[row][k] * x[k] }
            x[row] = sum / rows[row][row]
        }
        return x
    }
}
