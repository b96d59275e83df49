/// Finds cells within a distance, over periodic faces too.
struct CellSearch {
    private let positions: [SIMD3<Double>]
    private let reach: Double
    private let lengths: SIMD3<Double>
    private let isPeriodic: [Bool]
    private let counts: SIMD3<Int>
    /// Buckets in a µm.
    private let scale: SIMD3<Double>
    private let starts: [Int32]
    private let sorted: [Int32]

    init(_ positions: [SIMD3<Double>], reach: Double, grid: VoxelGrid, isPeriodic: [Bool]) {
        self.positions = positions
        self.reach = reach
        self.isPeriodic = isPeriodic
        lengths = SIMD3(Double(grid.nx), Double(grid.ny), Double(grid.nz)) * grid.spacing
        // No more buckets than cells would fill, so that a huge box with few cells stays cheap.
        let most = max(3, Int(Double(max(positions.count, 1)).squareRoot()))
        var counts = SIMD3<Int>()
        for a in 0..<3 { counts[a] = min(max(1, Int(lengths[a] / reach)), most) }
        self.counts = counts
        scale = SIMD3<Double>(counts) / lengths
        let scale = scale
        let own = positions.map { CellSearch.bucket($0, scale, counts) }
        let total = counts.x * counts.y * counts.z
        var starts = Array(repeating: Int32(0), count: total + 1)
        for b in own { starts[Int(b) + 1] += 1 }
        for b in 0..<total { starts[b + 1] += starts[b] }
        var next = starts
        var sorted = Array(repeating: Int32(0), count: positions.count)
        for (i, b) in own.enumerated() {
            sorted[Int(next[Int(b)])] = Int32(i)
            next[Int(b)] += 1
        }
        self.starts = starts
        self.sorted = sorted
    }

    private static func bucket(_ p: SIMD3<Double>, _ scale: SIMD3<Double>, _ counts: SIMD3<Int>) -> Int32 {
        let at = SIMD3<Int>((p * scale).rounded(.down)).clamped(lowerBound: SIMD3(), upperBound: counts &- 1)
        return Int32((at.z * counts.y + at.y) * counts.x + at.x)
    }

    /// Calls `body` for every cell within reach of a point, in a fixed order.
    func forEachNear(_ point: SIMD3<Double>, _ body: (Int) -> Void) {
        let (xs, ys, zs) = (span(point, 0), span(point, 1), span(point, 2))
        for z in zs {
            for y in ys {
                let row = (wrapped(z, 2) * counts.y + wrapped(y, 1)) * counts.x
                for x in xs {
                    let b = row + wrapped(x, 0)
                    for k in starts[b]..<starts[b + 1] {
                        let cell = Int(sorted[Int(k)])
                        if distance(positions[cell], point) <= reach { body(cell) }
                    }
                }
            }
        }
    }

    /// Buckets around a point along an axis; those beyond a periodic face are counted on.
    private func span(_ point: SIMD3<Double>, _ axis: Int) -> ClosedRange<Int> {
        let n = counts[axis]
        if n <= 3 { return 0...n - 1 }
        let at = min(n - 1, max(0, Int((point[axis] * scale[axis]).rounded(.down))))
        return isPeriodic[axis] ? at - 1...at + 1 : max(0, at - 1)...min(n - 1, at + 1)
    }

    private func wrapped(_ i: Int, _ axis: Int) -> Int {
        let n = counts[axis]
        return i < 0 ? i + n : i < n ? i : i - n
    }

    /// Between two points, over periodic faces too, µm.
    func distance(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
        var d = a - b
        for axis in 0..<3 where isPeriodic[axis] {
            let size = abs(d[axis])
            d[axis] = min(size, lengths[axis] - size)
        }
        return (d.x * d.x + d.y * d.y + d.z * d.z).squareRoot()
    }
}
