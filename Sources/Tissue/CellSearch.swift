/// Finds cells within a distance, over periodic faces too.
struct CellSearch {
    private let positions: [[Double]]
    private let reach: Double
    private let lengths: [Double]
    private let isPeriodic: [Bool]
    private let counts: [Int]
    private let starts: [Int]
    private let sorted: [Int]

    init(_ positions: [[Double]], reach: Double, grid: VoxelGrid, isPeriodic: [Bool]) {
        self.positions = positions
        self.reach = reach
        self.isPeriodic = isPeriodic
        let lengths = grid.counts.map { Double($0) * grid.spacing }
        // No more buckets than cells would fill, so that a huge box with few cells stays cheap.
        let most = max(1, Int(Double(max(positions.count, 1)).squareRoot()))
        let counts = lengths.map { min(max(1, Int($0 / reach)), max(3, most)) }
        self.lengths = lengths
        self.counts = counts
        func bucket(_ p: [Double]) -> Int {
            let at = (0..<3).map { min(counts[$0] - 1, max(0, Int(p[$0] / lengths[$0] * Double(counts[$0])))) }
            return (at[2] * counts[1] + at[1]) * counts[0] + at[0]
        }
        let total = counts[0] * counts[1] * counts[2]
        var starts = Array(repeating: 0, count: total + 1)
        let own = positions.map(bucket)
        for b in own { starts[b + 1] += 1 }
        for b in 0..<total { starts[b + 1] += starts[b] }
        var next = starts
        var sorted = Array(repeating: 0, count: positions.count)
        for (i, b) in own.enumerated() {
            sorted[next[b]] = i
            next[b] += 1
        }
        self.starts = starts
        self.sorted = sorted
    }

    /// Calls `body` for every cell within reach of a point, in a fixed order.
    func forEachNear(_ point: [Double], _ body: (Int) -> Void) {
        let spans = (0..<3).map { buckets(around: point[$0], axis: $0) }
        for z in spans[2] {
            for y in spans[1] {
                for x in spans[0] {
                    let b = (z * counts[1] + y) * counts[0] + x
                    for k in starts[b]..<starts[b + 1] where isNear(positions[sorted[k]], point) { body(sorted[k]) }
                }
            }
        }
    }

    private func buckets(around x: Double, axis: Int) -> [Int] {
        let n = counts[axis]
        let at = min(n - 1, max(0, Int(x / lengths[axis] * Double(n))))
        if n <= 3 { return Array(0..<n) }
        return (at - 1...at + 1).compactMap { i in
            if i >= 0 && i < n { return i }
            return isPeriodic[axis] ? (i + n) % n : nil
        }
    }

    private func isNear(_ a: [Double], _ b: [Double]) -> Bool { distance(a, b) <= reach }

    /// Along one axis, the short way round if it is periodic, µm.
    func separation(_ a: Double, _ b: Double, axis: Int) -> Double {
        let d = abs(a - b)
        return isPeriodic[axis] ? min(d, lengths[axis] - d) : d
    }

    /// Between two points, over periodic faces too, µm.
    func distance(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for axis in 0..<3 {
            let d = separation(a[axis], b[axis], axis: axis)
            sum += d * d
        }
        return sum.squareRoot()
    }
}
