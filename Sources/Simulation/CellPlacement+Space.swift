import Biology

/// The box that cells stand in, µm.
struct PlacementBox {
    let size: SIMD3<Double>
    /// Axes one voxel thick: cells stand in the middle of them.
    let isThin: [Bool]
    let isPeriodic: [Bool]

    init(_ space: Space) throws(PlacementError) {
        let lengths = space.size.map(\.value)
        guard lengths.allSatisfy({ $0 > 0 }), space.spacing.value > 0 else {
            throw PlacementError(
                entry: "space", problem: "the box and its spacing have no extent",
                fix: "give three positive lengths and a positive spacing")
        }
        size = SIMD3(lengths)
        isThin = lengths.map { $0 / space.spacing.value < 1.5 }
        isPeriodic = Axis.allCases.map(space.periodic.contains)
    }

    var middle: SIMD3<Double> { size / 2 }
    var dimensions: Int { isThin.count { !$0 } }
    var text: String { "\(size.x.short) × \(size.y.short) × \(size.z.short) µm" }

    func contains(_ p: SIMD3<Double>) -> Bool { (0..<3).allSatisfy { p[$0] >= 0 && p[$0] <= size[$0] } }

    /// Where along an axis the centre of a cell may stand: whole inside, if it is small enough.
    func room(_ axis: Int, radius: Double) -> ClosedRange<Double> {
        if isThin[axis] { return middle[axis]...middle[axis] }
        if isPeriodic[axis] { return 0...size[axis] }
        return 2 * radius <= size[axis] ? radius...(size[axis] - radius) : middle[axis]...middle[axis]
    }

    /// The squared distance of two points, across joined faces where that is nearer.
    func squaredDistance(_ p: SIMD3<Double>, _ q: SIMD3<Double>) -> Double {
        var d = p - q
        for axis in 0..<3 where isPeriodic[axis] { d[axis] -= size[axis] * (d[axis] / size[axis]).rounded() }
        return (d * d).sum()
    }

    /// The share of the box (in a slab: of its area) that spheres (discs) of these radii take.
    func packing(count: Double, radius: Double) -> Double {
        let open = (0..<3).filter { !isThin[$0] }
        let extent = open.reduce(1.0) { $0 * size[$1] }
        let one =
            switch open.count {
            case 3: 4.0 / 3 * .pi * radius * radius * radius
            case 2: .pi * radius * radius
            case 1: 2 * radius
            default: 1.0
            }
        return count * one / extent
    }
}

/// Finds what a new cell would overlap: cells in bins at least as wide as the largest cell.
struct OverlapGrid {
    private let box: PlacementBox
    private let bins: [Int]
    private var first: [Int32]
    private var next: [Int32] = []
    private var positions: [SIMD3<Double>] = []
    private var radii: [Double] = []

    /// Cells may touch; chosen so that lattices of touching cells survive rounding.
    static let tolerance = 1e-9
    /// Chosen: 160 bins an axis make 16 MB.
    private static let mostBins = 160.0

    init(box: PlacementBox, largestRadius: Double) {
        self.box = box
        bins = (0..<3).map {
            max(1, Int(min(OverlapGrid.mostBins, (box.size[$0] / (2 * largestRadius)).rounded(.down))))
        }
        first = Array(repeating: -1, count: bins[0] * bins[1] * bins[2])
    }

    mutating func insert(_ p: SIMD3<Double>, radius: Double) {
        let bin = index(coordinate(p, 0), coordinate(p, 1), coordinate(p, 2))
        next.append(first[bin])
        first[bin] = Int32(positions.count)
        positions.append(p)
        radii.append(radius)
    }

    /// The number of a cell that a new one would overlap, in order of insertion.
    func overlapped(by p: SIMD3<Double>, radius: Double) -> Int? {
        guard !positions.isEmpty else { return nil }
        let (ks, js, rows) = (neighbours(p, 2), neighbours(p, 1), neighbours(p, 0))
        for k in ks {
            for j in js {
                for i in rows {
                    var cell = Int(first[index(wrapped(i, 0), wrapped(j, 1), wrapped(k, 2))])
                    while cell >= 0 {
                        let reach = (radii[cell] + radius) * (1 - OverlapGrid.tolerance)
                        if box.squaredDistance(positions[cell], p) < reach * reach { return cell }
                        cell = Int(next[cell])
                    }
                }
            }
        }
        return nil
    }

    private func index(_ i: Int, _ j: Int, _ k: Int) -> Int { i + bins[0] * (j + bins[1] * k) }

    private func coordinate(_ p: SIMD3<Double>, _ axis: Int) -> Int {
        min(bins[axis] - 1, max(0, Int(p[axis] / box.size[axis] * Double(bins[axis]))))
    }

    /// The bins along an axis that may hold an overlapping cell, each once, before wrapping.
    private func neighbours(_ p: SIMD3<Double>, _ axis: Int) -> ClosedRange<Int> {
        let n = bins[axis]
        guard n > 3 else { return 0...n - 1 }
        let centre = coordinate(p, axis)
        return box.isPeriodic[axis] ? centre - 1...centre + 1 : max(0, centre - 1)...min(n - 1, centre + 1)
    }

    private func wrapped(_ bin: Int, _ axis: Int) -> Int { (bin + bins[axis]) % bins[axis] }
}

extension Double {
    /// At most six digits, without a trailing ".0".
    var short: String {
        let scale = 1e6 / max(1, magnitude)
        guard isFinite, magnitude < 1e15, scale >= 1 else { return "\(self)" }
        let rounded = (self * 1e3).rounded() / 1e3
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
