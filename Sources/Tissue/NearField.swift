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
    private let green: LatticeGreen

    /// Neighbours closer than this are corrected, in voxels.
    let reachInVoxels: Double
    var reach: Double { reachInVoxels * grid.spacing }

    /// The reach for a number of cells in the box.
    ///
    /// Beyond 4 voxels the lattice is within 1.6 % of the continuum on an axis and 0.4 % on average over directions;
    /// beyond 2.5 within 4 % and 0.9 %. Chosen: in crowds, where directions average out, fewer neighbours are corrected.
    static func reach(cells: Int, grid: VoxelGrid) -> Double {
        let perVoxel = Double(cells) / Double(grid.voxels)
        return [4.0, 3.0].first { 4.19 * $0 * $0 * $0 * perVoxel <= 100 } ?? 2.5
    }

    init(
        grid: VoxelGrid, shape: StencilShape, isPeriodic: [Bool], reflects: [(lower: Bool, upper: Bool)],
        diffusion: Double, decay: Double, cells: Int
    ) {
        reachInVoxels = NearField.reach(cells: cells, grid: grid)
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

    private func pair(_ stencils: FreeStencils, _ reader: Int, _ source: Int, _ r: Double) -> Double {
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
