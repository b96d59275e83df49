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

    /// Writes the weights, which sum to 1, for a position in voxels (voxel i is centred at i + 1/2), and says at which
    /// voxel they start.
    ///
    /// The first voxel may lie outside the grid: walls are the caller's.
    @unsafe func weights(at position: Double, into weights: UnsafeMutablePointer<Double>) -> Int {
        let half = Double(degree + 1) / 2 * stretch
        let first = Int((position - half - 0.5).rounded(.up))
        if stretch == 1 {
            // Splines a knot apart sum to 1 as they are.
            let nearest = position - Double(first) - 0.5
            if degree == 2 {
                let (a, b, c) = (1.5 - nearest, nearest - 1, nearest - 0.5)
                unsafe (weights[0], weights[1], weights[2]) = (0.5 * a * a, 0.75 - b * b, 0.5 * c * c)
                return first
            }
            for i in 0..<points { unsafe weights[i] = StencilShape.spline(degree, nearest - Double(i)) }
            return first
        }
        var sum = 0.0
        for i in 0..<points {
            let weight = StencilShape.spline(degree, (position - Double(first + i) - 0.5) / stretch)
            unsafe weights[i] = weight
            sum += weight
        }
        for i in 0..<points { unsafe weights[i] /= sum }
        return first
    }

    /// The weights' derivatives with the position, per voxel.
    @unsafe func slopes(at position: Double, into slopes: UnsafeMutablePointer<Double>) -> Int {
        let first = unsafe weights(at: position, into: slopes)
        // Normalised weights w/Σw have derivatives (w' − (w/Σw) Σw')/Σw.
        var (sum, change) = (0.0, 0.0)
        for i in 0..<points {
            let x = (position - Double(first + i) - 0.5) / stretch
            sum += StencilShape.spline(degree, x)
            change += StencilShape.splineSlope(degree, x) / stretch
        }
        for i in 0..<points {
            let x = (position - Double(first + i) - 0.5) / stretch
            unsafe slopes[i] = (StencilShape.splineSlope(degree, x) / stretch - slopes[i] * change) / sum
        }
        return first
    }

    static func splineSlope(_ degree: Int, _ x: Double) -> Double {
        let (r, sign) = (abs(x), x < 0 ? -1.0 : 1.0)
        if degree == 2 {
            if r < 0.5 { return -2 * x }
            return r < 1.5 ? -sign * (1.5 - r) : 0
        }
        if r < 1 { return sign * (-2 * r + 1.5 * r * r) }
        return r < 2 ? -sign * 0.5 * (2 - r) * (2 - r) : 0
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

/// Stencils of many points in free space: first voxel and weights along x, y and z of each.
@safe struct FreeStencils {
    private let points: Int
    private let firsts: [SIMD3<Int32>]
    private let weights: Buffer<Double>

    init(_ shape: StencilShape, at positions: [SIMD3<Double>], spacing: Double) {
        points = shape.points
        weights = Buffer(count: 3 * points * positions.count)
        var firsts: [SIMD3<Int32>] = []
        firsts.reserveCapacity(positions.count)
        for (i, position) in positions.enumerated() {
            var first = SIMD3<Int32>()
            for a in 0..<3 {
                first[a] = unsafe Int32(
                    shape.weights(at: position[a] / spacing, into: weights.pointer + (3 * i + a) * points))
            }
            firsts.append(first)
        }
        self.firsts = firsts
    }

    /// wᵀ G v: what a unit steady source spread by stencil j raises at what stencil i reads, in 1/(D h).
    func response(_ i: Int, to j: Int, _ green: LatticeGreen, _ kernels: FieldKernels) -> Double {
        let shift = firsts[i] &- firsts[j]
        return unsafe kernels.response(
            weights.pointer + 3 * points * i, weights.pointer + 3 * points * j, points, green.lines.pointer,
            green.reach, (Int(shift.x), Int(shift.y), Int(shift.z)))
    }
}
