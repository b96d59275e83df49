public import Biology
import Foundation

/// How much of a vessel's surface faces the tissue in each voxel.
public struct VesselSurface {
    /// A piece of surface: its voxel, where it is (µm), the way out of the vessel, and its area, µm².
    public struct Piece {
        public var voxel: SIMD3<Int>
        public var position: SIMD3<Double>
        public var outward: SIMD3<Double>
        public var area: Double

        public init(voxel: SIMD3<Int>, position: SIMD3<Double>, outward: SIMD3<Double>, area: Double) {
            self.voxel = voxel
            self.position = position
            self.outward = outward
            self.area = area
        }
    }

    public private(set) var pieces: [Piece] = []
    private let counts: [Int]
    /// Edge of a voxel, µm.
    private let spacing: Double
    private let isPeriodic: [Bool]

    /// - Note: A tube is cut into pieces of a quarter of a voxel; what lies outside the box is not there.
    public init(_ shape: Obstacle.Shape, in space: Space) {
        counts = space.voxels
        spacing = space.spacing.value
        isPeriodic = Axis.allCases.map(space.periodic.contains)
        switch shape {
        case .line(let points, let radius):
            let path = points.map { SIMD3($0[0].value, $0[1].value, $0[2].value) }
            for (from, to) in zip(path, path.dropFirst()) { addTube(from, to, radius: radius.value) }
        case .voxels(let voxels): addFaces(of: Set(voxels.map { SIMD3($0[0], $0[1], $0[2]) }))
        }
    }

    /// What faces the tissue in all, µm².
    public var area: Double { pieces.reduce(0) { $0 + $1.area } }

    private mutating func addTube(_ from: SIMD3<Double>, _ to: SIMD3<Double>, radius: Double) {
        let way = to - from
        let length = (way * way).sum().squareRoot()
        guard length > 0 else { return }
        let along = way / length
        let piece = spacing / VesselSurface.piecesInVoxel
        let rings = max(1, Int((length / piece).rounded(.up)))
        // Chosen: eight directions at least, so that a thin tube has no side.
        let spokes = max(8, Int((2 * .pi * radius / piece).rounded(.up)))
        let area = 2 * .pi * radius * length / Double(rings * spokes)
        let (right, up) = VesselSurface.across(along)
        for ring in 0..<rings {
            let centre = from + along * (length * (Double(ring) + 0.5) / Double(rings))
            for spoke in 0..<spokes {
                let (cosine, sine) = VesselSurface.direction(spoke, of: spokes)
                let outward = right * cosine + up * sine
                add(centre + outward * radius, outward, area)
            }
        }
    }

    private static let piecesInVoxel = 4.0

    private mutating func add(_ position: SIMD3<Double>, _ outward: SIMD3<Double>, _ area: Double) {
        var voxel = SIMD3<Int>()
        for axis in 0..<3 {
            let count = counts[axis]
            var place = Int((position[axis] / spacing).rounded(.down))
            if isPeriodic[axis] { place = ((place % count) + count) % count }
            // A point on the far face belongs to the last voxel.
            if place == count, position[axis] <= Double(count) * spacing * (1 + 1e-12) { place = count - 1 }
            guard (0..<count).contains(place) else { return }
            voxel[axis] = place
        }
        pieces.append(Piece(voxel: voxel, position: position, outward: outward, area: area))
    }

    /// The faces between voxels of the vessel and those beside them.
    private mutating func addFaces(of vessel: Set<SIMD3<Int>>) {
        let order = vessel.sorted { ($0.z, $0.y, $0.x) < ($1.z, $1.y, $1.x) }
        let h = spacing
        for voxel in order {
            for axis in 0..<3 {
                for side in [-1, 1] {
                    var step = SIMD3<Int>()
                    step[axis] = side
                    var beside = voxel &+ step
                    let count = counts[axis]
                    if isPeriodic[axis] { beside[axis] = (beside[axis] + count) % count }
                    guard (0..<count).contains(beside[axis]), !vessel.contains(beside) else { continue }
                    let outward = SIMD3(Double(step.x), Double(step.y), Double(step.z))
                    let centre = (SIMD3(Double(voxel.x), Double(voxel.y), Double(voxel.z)) + 0.5) * h
                    pieces.append(
                        Piece(voxel: beside, position: centre + outward * (h / 2), outward: outward, area: h * h))
                }
            }
        }
    }

    private static func direction(_ spoke: Int, of spokes: Int) -> (Double, Double) {
        let angle = 2 * .pi * (Double(spoke) + 0.5) / Double(spokes)
        return (cos(angle), sin(angle))
    }

    /// Two directions across a line and each other.
    private static func across(_ along: SIMD3<Double>) -> (SIMD3<Double>, SIMD3<Double>) {
        let least = (0..<3).min { abs(along[$0]) < abs(along[$1]) } ?? 0
        var other = SIMD3<Double>()
        other[least] = 1
        let right = cross(along, other)
        let unit = right / (right * right).sum().squareRoot()
        return (unit, cross(along, unit))
    }

    private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
}
