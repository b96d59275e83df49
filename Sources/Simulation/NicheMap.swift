import Foundation

/// The niches of a field: regions above a threshold whose voxels are connected through their faces, through walls
/// that are joined too.
public struct NicheMap: Sendable {
    /// Of each voxel, the number of its niche, or -1 outside all; niches are numbered by their first voxel.
    public let niches: [Int32]
    /// Voxels of each niche.
    public let sizes: [Int]
    private let voxels: [Int]
    private let spacing: Double

    /// Finds the niches of values, [nz][ny][nx] with x fastest, in the unit of the threshold.
    ///
    /// - Complexity: O(voxels).
    public init(_ values: [Double], voxels: [Int], spacing: Double, isPeriodic: [Bool], threshold: Double) {
        precondition(values.count == voxels.reduce(1, *), "\(values.count) values for \(voxels) voxels")
        self.voxels = voxels
        self.spacing = spacing
        var niches = [Int32](repeating: -1, count: values.count)
        var sizes: [Int] = []
        var waiting: [Int] = []
        for start in values.indices where values[start] > threshold && niches[start] < 0 {
            let number = Int32(sizes.count)
            niches[start] = number
            waiting.append(start)
            var size = 0
            while let voxel = waiting.popLast() {
                size += 1
                NicheMap.visitNeighbours(of: voxel, voxels, isPeriodic) { neighbour, _, _ in
                    guard values[neighbour] > threshold, niches[neighbour] < 0 else { return }
                    niches[neighbour] = number
                    waiting.append(neighbour)
                }
            }
            sizes.append(size)
        }
        self.niches = niches
        self.sizes = sizes
    }

    /// Calls `visit` with each voxel that shares a face with this one, the axis and the direction (±1) in which it lies.
    public static func visitNeighbours(
        of voxel: Int, _ voxels: [Int], _ isPeriodic: [Bool],
        _ visit: (_ neighbour: Int, _ axis: Int, _ step: Int) -> Void
    ) {
        var stride = 1
        for axis in 0..<3 {
            let count = voxels[axis]
            let place = voxel / stride % count
            for step in [-1, 1] {
                let next = place + step
                if (0..<count).contains(next) {
                    visit(voxel + step * stride, axis, step)
                } else if isPeriodic[axis], count > 1 {
                    visit(voxel + (step < 0 ? count - 1 : 1 - count) * stride, axis, step)
                }
            }
            stride *= count
        }
    }

    /// µm³.
    public func volume(of niche: Int) -> Double { Double(sizes[niche]) * spacing * spacing * spacing }

    /// Of the sphere of equal volume or, in a slab one voxel thick, of the disc of equal area, µm.
    public func radius(of niche: Int) -> Double {
        if voxels[2] == 1 { return (Double(sizes[niche]) * spacing * spacing / .pi).squareRoot() }
        return cbrt(3 * volume(of: niche) / (4 * .pi))
    }

    /// Of the largest niche, µm; 0 where there is none.
    public var largestRadius: Double { sizes.indices.map(radius).max() ?? 0 }
}
