import Foundation

/// Finds the distance to the nearest of many points through a grid of bins.
struct NearestSecretor {
    private let points: [[Double]]
    private let corner: [Double]
    private let bin: Double
    private let bins: [Int]
    /// Points of bin b are `members[starts[b]..<starts[b + 1]]`.
    private var starts: [Int]
    private var members: [Int]

    /// Points, µm; along an axis with a period every point also stands one period to either side.
    init(_ centres: [[Double]], periods: [Double?]) {
        var points = centres.filter { $0.allSatisfy(\.isFinite) }
        for (axis, period) in periods.enumerated() {
            guard let period else { continue }
            points += points.flatMap { point in
                [-period, period].map { shift in
                    var image = point
                    image[axis] += shift
                    return image
                }
            }
        }
        let low = (0..<3).map { axis in points.map { $0[axis] }.min() ?? 0 }
        let high = (0..<3).map { axis in points.map { $0[axis] }.max() ?? 0 }
        let extent = zip(low, high).map { max($1 - $0, 1) }
        // Chosen: about two points a bin, and at most 64 bins along an axis.
        let volume = extent.reduce(1, *)
        let ideal = cbrt(volume * 2 / Double(max(points.count, 1)))
        let bin = max(ideal, (extent.max() ?? 1) / 64)
        let bins = extent.map { Int($0 / bin) + 1 }
        self.points = points
        corner = low
        self.bin = bin
        self.bins = bins
        starts = [Int](repeating: 0, count: bins.reduce(1, *) + 1)
        members = [Int](repeating: 0, count: points.count)
        let homes = points.map { home(of: $0) }
        for home in homes { starts[home + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var next = starts
        for (point, home) in homes.enumerated() {
            members[next[home]] = point
            next[home] += 1
        }
    }

    private func place(_ point: [Double], _ axis: Int) -> Int {
        let place = ((point[axis] - corner[axis]) / bin).rounded(.down)
        return Int(min(max(place, 0), Double(bins[axis] - 1)))
    }

    private func home(of point: [Double]) -> Int {
        (place(point, 2) * bins[1] + place(point, 1)) * bins[0] + place(point, 0)
    }

    /// From a point to the nearest centre, µm; infinite where there is none.
    func distance(from point: [Double]) -> Double {
        guard !points.isEmpty, point.allSatisfy(\.isFinite) else { return .infinity }
        let centre = (0..<3).map { place(point, $0) }
        // Whatever lies beyond a shell is at least that many bins away, from a point outside the bins too.
        var nearest = Double.infinity
        for shell in 0...(bins.max() ?? 1) {
            nearest = min(nearest, nearestInShell(shell, around: centre, point))
            if nearest <= Double(shell) * bin * Double(shell) * bin { break }
        }
        return nearest.squareRoot()
    }

    /// Squared distance to the nearest point in the bins exactly `shell` bins away.
    private func nearestInShell(_ shell: Int, around centre: [Int], _ point: [Double]) -> Double {
        var nearest = Double.infinity
        for z in max(0, centre[2] - shell)...min(bins[2] - 1, centre[2] + shell) {
            for y in max(0, centre[1] - shell)...min(bins[1] - 1, centre[1] + shell) {
                let isFace = abs(z - centre[2]) == shell || abs(y - centre[1]) == shell
                let step = isFace || shell == 0 ? 1 : 2 * shell
                for x in stride(from: centre[0] - shell, through: centre[0] + shell, by: step)
                where x >= 0 && x < bins[0] {
                    let home = (z * bins[1] + y) * bins[0] + x
                    for member in members[starts[home]..<starts[home + 1]] {
                        let other = points[member]
                        let (dx, dy, dz) = (other[0] - point[0], other[1] - point[1], other[2] - point[2])
                        nearest = min(nearest, dx * dx + dy * dy + dz * dz)
                    }
                }
            }
        }
        return nearest
    }
}
