#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What the grid gets wrong near a cell, and by how much: the exact field of a sphere less what the lattice gives.
///
/// For the cell itself γ = 1/(4πD a(1 + κa)) − wᵀGw/(D h); for a neighbour at r, e^(−κr)/(4πD r) − wᵀGw′/(D h).
/// Both are per molecule released a second. Walls that reflect are mirrors: images of cells count as neighbours.
/// - Source: design note numerics, section 2 (particle–particle/particle–mesh sum).
struct NearField {
    let grid: VoxelGrid
    let shape: StencilShape
    let isPeriodic: [Bool]
    /// Whether the wall on the lower and upper side of each axis is a mirror.
    let reflects: [(lower: Bool, upper: Bool)]
    let diffusion: Double
    /// κ = √(decay / D), 1/µm.
    let screening: Double
    /// Smallest radius of any cell, µm: of two that stand in each other, neither reads more than at its own surface.
    private let closest: Double
    private let green: LatticeGreen

    /// Neighbours closer than this are corrected, in voxels.
    let reachInVoxels: Double
    var reach: Double { reachInVoxels * grid.spacing }

    /// The reach where so many cells stand in a voxel.
    ///
    /// Beyond 4 voxels the lattice is within 1.6 % of the continuum on an axis and 0.4 % on average over directions;
    /// beyond 2.5 within 4 % and 0.9 %. Chosen: in crowds, where directions average out, fewer neighbours are corrected.
    static func reach(perVoxel: Double) -> Double {
        [4.0, 3.0, 2.5].first { 4.19 * $0 * $0 * $0 * perVoxel <= 100 } ?? 2
    }

    /// Cells in a voxel where there are cells: of blocks of two voxels a side, those that hold any.
    static func crowding(_ positions: [SIMD3<Double>], _ grid: VoxelGrid) -> Double {
        let counts = SIMD3((grid.nx + 1) / 2, (grid.ny + 1) / 2, (grid.nz + 1) / 2)
        var isHeld = Array(repeating: false, count: counts.x * counts.y * counts.z)
        var held = 0
        for position in positions {
            let at = SIMD3<Int>((position / (2 * grid.spacing)).rounded(.down))
                .clamped(lowerBound: SIMD3(), upperBound: counts &- 1)
            let block = (at.z * counts.y + at.y) * counts.x + at.x
            if !isHeld[block] { held += 1 }
            isHeld[block] = true
        }
        let voxels = Double(min(2, grid.nx) * min(2, grid.ny) * min(2, grid.nz))
        return held > 0 ? Double(positions.count) / (Double(held) * voxels) : 0
    }

    init(
        grid: VoxelGrid, shape: StencilShape, isPeriodic: [Bool], reflects: [(lower: Bool, upper: Bool)],
        diffusion: Double, decay: Double, perVoxel: Double, closest: Double
    ) {
        self.closest = closest
        reachInVoxels = NearField.reach(perVoxel: perVoxel)
        self.grid = grid
        self.shape = shape
        self.isPeriodic = isPeriodic
        self.reflects = reflects
        self.diffusion = diffusion
        screening = (decay / diffusion).squareRoot()
        green = LatticeGreen(
            reach: Int(reachInVoxels.rounded(.up)) + 2 * shape.points, screening: screening * grid.spacing)
    }

    /// 1/(4πD a(1 + κa)) − wᵀGw/(D h), with the cell's own mirror images, s/µm³.
    func ownCorrection(at position: SIMD3<Double>, radius: Double) -> Double {
        let images = isInner(position) ? [] : images(of: position, within: reach, of: position)
        let stencils = FreeStencils(shape, at: [position] + images, spacing: grid.spacing)
        var sum =
            1 / (4 * Double.pi * radius * (1 + screening * radius)) - stencils.response(0, to: 0, green) / grid.spacing
        for (i, image) in images.enumerated() where image != position {
            sum += pair(stencils, 0, i + 1, NearField.distance(position, image))
        }
        return sum / diffusion
    }

    /// e^(−κr)/(4πD r) − wᵀGw′/(D h) summed over `source` and its images near `reader`, s/µm³; 0 if none is near.
    func correction(at reader: SIMD3<Double>, from source: SIMD3<Double>) -> Double {
        let near = images(of: source, within: reach, of: reader)
        if near.isEmpty { return 0 }
        let stencils = FreeStencils(shape, at: [reader] + near, spacing: grid.spacing)
        return near.indices.reduce(0) {
            $0 + pair(stencils, 0, $1 + 1, NearField.distance(reader, near[$1]))
        } / diffusion
    }

    /// The same for two of a set of cells at a distance (µm), where no image of the source is near.
    func correction(_ stencils: FreeStencils, _ reader: Int, from source: Int, distance: Double) -> Double {
        pair(stencils, reader, source, distance) / diffusion
    }

    /// Whether a position is so far from every wall that none of its images is near any cell.
    func isInner(_ position: SIMD3<Double>) -> Bool {
        let far = SIMD3(Double(grid.nx), Double(grid.ny), Double(grid.nz)) * grid.spacing - reach
        return all(position .>= reach) && all(position .<= far)
    }

    private func pair(_ stencils: FreeStencils, _ reader: Int, _ source: Int, _ distance: Double) -> Double {
        let r = max(distance, closest)
        let exact = (screening == 0 ? 1 : exp(-screening * r)) / (4 * Double.pi * r)
        return exact - stencils.response(reader, to: source, green) / grid.spacing
    }

    static func distance(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
        let d = a - b
        return (d.x * d.x + d.y * d.y + d.z * d.z).squareRoot()
    }

    /// `position` and its images through walls that lie within a distance of a point.
    func images(of position: SIMD3<Double>, within reach: Double, of point: SIMD3<Double>) -> [SIMD3<Double>] {
        let along = (0..<3).map { axis in
            coordinates(position[axis], axis: axis).filter { abs($0 - point[axis]) <= reach }
        }
        var found: [SIMD3<Double>] = []
        for z in along[2] {
            for y in along[1] {
                for x in along[0] where NearField.distance(SIMD3(x, y, z), point) <= reach {
                    found.append(SIMD3(x, y, z))
                }
            }
        }
        return found
    }

    /// A coordinate and its images along one axis, as far as the reach goes.
    private func coordinates(_ x: Double, axis: Int) -> [Double] {
        let length = Double(grid.counts[axis]) * grid.spacing
        let turns = Int((reach / length).rounded(.up)) + 1
        if isPeriodic[axis] { return (-turns...turns).map { x + Double($0) * length } }
        let walls = reflects[axis]
        if walls.lower && walls.upper {
            return (-turns...turns).flatMap { turn in
                let shift = 2 * Double(turn) * length
                return [shift + x, shift - x]
            }
        }
        if walls.lower { return [x, -x] }
        return walls.upper ? [x, 2 * length - x] : [x]
    }
}
