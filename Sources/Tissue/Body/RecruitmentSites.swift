import Biology
import Simulation

/// The places in one tissue where cells of one recruitment may come out, and how fast they do at each.
struct RecruitmentSites {
    let recruitment: Recruitment
    /// Index among the model's cell types.
    let type: Int
    private let grid: VoxelGrid
    private let isThin: [Bool]
    private let radius: Double
    /// Pieces of vessel or wall; empty where cells come out anywhere.
    private let pieces: [VesselSurface.Piece]
    /// Per volume or area.
    private var ruled: RuledRecruitment
    /// What is read, by name, of which fields are to be given.
    var molecules: [String] { ruled.molecules }

    /// - Precondition: the model was checked, so it has the type.
    init?(_ recruitment: Recruitment, _ model: Model, grid: VoxelGrid) {
        guard let type = model.cellTypes.firstIndex(where: { $0.name == recruitment.cellType }) else { return nil }
        self.recruitment = recruitment
        self.type = type
        self.grid = grid
        radius = model.cellTypes[type].radius.value
        ruled = RuledRecruitment(recruitment, model)
        isThin = grid.counts.map { $0 == 1 }
        let isPeriodic = Axis.allCases.map(model.space.periodic.contains)
        switch recruitment.site {
        case .everywhere: pieces = []
        case .vessels:
            pieces = (model.vessels ?? []).filter { $0.compartment == recruitment.compartment }.flatMap {
                VesselSurface($0.shape, in: model.space).pieces
            }
        case .walls:
            let faces = Face.all.filter { face in
                !isPeriodic[face.axis.rawValue] && model.space.walls[face] == .exchange(recruitment.compartment)
            }
            pieces = faces.flatMap { face in grid.voxels(at: face).map { grid.piece($0, face) } }
        }
    }

    private var isEverywhere: Bool { if case .everywhere = recruitment.site { true } else { false } }

    /// cells/s over the whole tissue, for the fields of `molecules`.
    mutating func total(_ fields: [Buffer<Double>]) -> Double {
        var sum = 0.0
        if isEverywhere {
            if ruled.isUniform { return ruled.rate([], 0) * grid.voxelVolume * Double(grid.voxels) }
            for row in 0..<grid.rows {
                for x in 0..<grid.nx { sum += ruled.rate(fields, row * grid.stride + x) }
            }
            return sum * grid.voxelVolume
        }
        for piece in pieces { sum += piece.area * ruled.rate(fields, grid.element(piece.voxel)) }
        return sum
    }

    /// Where a cell comes out: the place at a share of the whole rate, 0..<1.
    mutating func place(at share: Double, _ fields: [Buffer<Double>], _ stream: inout RandomStream) -> SIMD3<Double> {
        var left = share * total(fields)
        if isEverywhere {
            var last = SIMD3<Int>()
            for row in 0..<grid.rows {
                for x in 0..<grid.nx {
                    let here = ruled.rate(fields, row * grid.stride + x) * grid.voxelVolume
                    guard here > 0 else { continue }
                    last = SIMD3(x, row % grid.ny, row / grid.ny)
                    left -= here
                    if left < 0 { return inside(last, &stream) }
                }
            }
            return inside(last, &stream)
        }
        var last = SIMD3<Double>()
        for piece in pieces {
            let here = piece.area * ruled.rate(fields, grid.element(piece.voxel))
            guard here > 0 else { continue }
            last = kept(piece.position + piece.outward * radius)
            left -= here
            if left < 0 { return last }
        }
        return last
    }

    /// Anywhere in a voxel.
    private func inside(_ voxel: SIMD3<Int>, _ stream: inout RandomStream) -> SIMD3<Double> {
        var point = SIMD3<Double>()
        for axis in 0..<3 {
            let within = isThin[axis] ? 0.5 : stream.uniform()
            point[axis] = (Double(voxel[axis]) + within) * grid.spacing
        }
        return point
    }

    /// Inside the box.
    private func kept(_ point: SIMD3<Double>) -> SIMD3<Double> {
        var point = point
        for axis in 0..<3 {
            let size = Double(grid.counts[axis]) * grid.spacing
            point[axis] = isThin[axis] ? size / 2 : min(size, max(0, point[axis]))
        }
        return point
    }
}

/// How many cells have come up to each tick: Poisson numbers whose mean is the rate's integral by the trapezoid rule, so
/// that it does not depend on the step.
struct RecruitmentClock {
    var before: Double?

    /// The expected number since the last tick, for the rate now, cells/s.
    mutating func expected(rate: Double, since seconds: Double) -> Double {
        defer { before = rate }
        return seconds * ((before ?? rate) + rate) / 2
    }
}

extension VoxelGrid {
    func element(_ voxel: SIMD3<Int>) -> Int { (voxel.z * ny + voxel.y) * stride + voxel.x }

    /// The face of a voxel at a wall, seen from the wall.
    func piece(_ voxel: SIMD3<Int>, _ face: Face) -> VesselSurface.Piece {
        var position = (SIMD3(Double(voxel.x), Double(voxel.y), Double(voxel.z)) + 0.5) * spacing
        var outward = SIMD3<Double>()
        let axis = face.axis.rawValue
        outward[axis] = face.isUpper ? -1 : 1
        position[axis] -= outward[axis] * spacing / 2
        return VesselSurface.Piece(voxel: voxel, position: position, outward: outward, area: spacing * spacing)
    }
}
