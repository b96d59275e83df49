#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// How a cell deposits into and reads from voxels: the same weights for both, a product of one set along each axis.
///
/// The weights are a B-spline, sampled at voxel centres, wide enough that the grid alone never puts more of a cell's own
/// release at its surface than there is: r_eff ≥ radius for every offset (design note numerics, section 2).
struct StencilShape: Hashable, Sendable {
    /// Degree of the B-spline.
    let degree: Int
    /// Knot distance, in voxels: 1 but for cells larger than a voxel.
    let stretch: Double

    /// Smallest effective radius over all offsets, in voxels: quadratic 0.747, cubic 0.923 (measured there).
    init(radiusInVoxels: Double) {
        if radiusInVoxels <= 0.747 {
            (degree, stretch) = (2, 1)
        } else if radiusInVoxels <= 0.92 {
            (degree, stretch) = (3, 1)
        } else {
            // Chosen: 4 % over the cubic's own limit, since sampling a stretched spline moves r_eff by up to 3 %.
            (degree, stretch) = (3, radiusInVoxels / 0.92 * 1.04)
        }
    }

    /// Voxels a stencil may touch along one axis.
    var points: Int { stretch == 1 ? degree + 1 : Int((Double(degree + 1) * stretch).rounded(.up)) + 1 }

    /// The first voxel and the weights, which sum to 1, for a position in voxels (voxel i is centred at i + 1/2).
    ///
    /// The first voxel may lie outside the grid: walls are the caller's.
    func weights(at position: Double) -> (first: Int, weights: [Double]) {
        let half = Double(degree + 1) / 2 * stretch
        let first = Int((position - half - 0.5).rounded(.up))
        var weights = (0..<points).map { i in
            StencilShape.spline(degree, (position - Double(first + i) - 0.5) / stretch)
        }
        let sum = weights.reduce(0, +)
        for i in weights.indices { weights[i] /= sum }
        return (first, weights)
    }

    /// The centred cardinal B-spline of degree 2 or 3.
    static func spline(_ degree: Int, _ x: Double) -> Double {
        let r = abs(x)
        if degree == 2 {
            if r < 0.5 { return 0.75 - r * r }
            return r < 1.5 ? 0.5 * (1.5 - r) * (1.5 - r) : 0
        }
        if r < 1 { return 2 / 3 - r * r + r * r * r / 2 }
        return r < 2 ? (2 - r) * (2 - r) * (2 - r) / 6 : 0
    }
}

/// A stencil in free space: first voxel and weights along x, y and z.
struct FreeStencil {
    var first: [Int]
    var weights: [[Double]]

    init(_ shape: StencilShape, at position: [Double], spacing: Double) {
        let axes = position.map { shape.weights(at: $0 / spacing) }
        first = axes.map(\.first)
        weights = axes.map(\.weights)
    }

    /// wᵀ G v: what a unit steady source spread by `other` raises at what this stencil reads, in 1/(D h).
    func response(to other: FreeStencil, _ green: LatticeGreen) -> Double {
        // Along each axis only differences matter: correlate the two sets of weights first.
        let (n, m) = (weights[0].count, other.weights[0].count)
        let span = n + m - 1
        return unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * span) { correlated in
            unsafe correlated.initialize(repeating: 0)
            for axis in 0..<3 {
                for i in 0..<n {
                    for j in 0..<m {
                        unsafe correlated[axis * span + i - j + m - 1] += weights[axis][i] * other.weights[axis][j]
                    }
                }
            }
            let (x, y, z) = (first[0] - other.first[0], first[1] - other.first[1], first[2] - other.first[2])
            var total = 0.0
            for k in 0..<span {
                for j in 0..<span {
                    let share = unsafe correlated[2 * span + k] * correlated[span + j]
                    if share == 0 { continue }
                    let line = green.row(y + j - m + 1, z + k - m + 1)
                    var sum = 0.0
                    for i in 0..<span { unsafe sum += correlated[i] * green.value(line, x + i - m + 1) }
                    total += share * sum
                }
            }
            return total
        }
    }
}
