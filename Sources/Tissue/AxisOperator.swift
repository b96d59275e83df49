import Biology

/// What a wall does to a molecule in the voxel beside it.
struct WallTerm: Hashable, Sendable {
    /// Loss through the wall, 1/s: it takes this share of the voxel's molecules a second.
    var loss: Double
    /// Gain through the wall, molecules/(µm³·s).
    var gain: Double

    static let none = WallTerm(loss: 0, gain: 0)

    /// The wall beside a voxel of width `width` (µm), second order in it.
    ///
    /// The concentration at the wall follows from the flux over half a voxel, D(c − c_wall)/(width/2).
    init(_ wall: Wall, diffusion: Double, width: Double) {
        switch wall {
        case .noFlux, .exchange: self = .none
        case .fixed(let concentration):
            let rate = 2 * diffusion / (width * width)
            self.init(loss: rate, gain: rate * concentration.value)
        case .flux(let flux): self.init(loss: 0, gain: flux.value / width)
        case .permeable(let permeability, let outside):
            guard permeability.value > 0, diffusion > 0 else {
                self = .none
                return
            }
            let rate = 1 / (1 / permeability.value + width / (2 * diffusion)) / width
            self.init(loss: rate, gain: rate * outside.value)
        }
    }

    init(loss: Double, gain: Double) {
        self.loss = loss
        self.gain = gain
    }
}

/// Diffusion along one axis of a grid: couplings between neighbouring voxels and losses through the two walls, 1/s.
///
/// Widths may differ: the last voxel of a coarse grid is narrower where the axis did not halve evenly.
struct AxisOperator: Sendable {
    var widths: [Double]
    /// Coupling to the lower and to the upper neighbour; 0 at a wall.
    var lower: [Double]
    var upper: [Double]
    /// What the voxel loses along this axis: both couplings and the wall.
    var diagonal: [Double]
    let isPeriodic: Bool
    let walls: (lower: Wall, upper: Wall)
    let diffusion: Double

    init(widths: [Double], diffusion: Double, isPeriodic: Bool, walls: (lower: Wall, upper: Wall)) {
        self.widths = widths
        self.diffusion = diffusion
        self.isPeriodic = isPeriodic && widths.count > 1
        self.walls = walls
        let n = widths.count
        lower = Array(repeating: 0, count: n)
        upper = Array(repeating: 0, count: n)
        diagonal = Array(repeating: 0, count: n)
        for i in 0..<n {
            if i > 0 || self.isPeriodic {
                lower[i] = diffusion / (widths[i] * (widths[i] + widths[(i + n - 1) % n]) / 2)
            }
            if i < n - 1 || self.isPeriodic {
                upper[i] = diffusion / (widths[i] * (widths[i] + widths[(i + 1) % n]) / 2)
            }
            diagonal[i] = lower[i] + upper[i]
        }
        guard !isPeriodic else { return }
        diagonal[0] += WallTerm(walls.lower, diffusion: diffusion, width: widths[0]).loss
        diagonal[n - 1] += WallTerm(walls.upper, diffusion: diffusion, width: widths[n - 1]).loss
    }

    /// The same axis with neighbouring voxels joined in pairs.
    var coarser: AxisOperator {
        let pairs = stride(from: 0, to: widths.count, by: 2).map {
            $0 + 1 < widths.count ? widths[$0] + widths[$0 + 1] : widths[$0]
        }
        return AxisOperator(widths: pairs, diffusion: diffusion, isPeriodic: isPeriodic, walls: walls)
    }

    /// What fine voxels take of their coarse parents: linear between centres, level at a wall.
    func transfer() -> AxisTransferWeights {
        let coarse = coarser.widths
        var weights = AxisTransferWeights(count: coarse.count, isPeriodic: isPeriodic)
        for fine in widths.indices {
            let (parent, isOdd) = (fine / 2, fine % 2 == 1)
            let n = coarse.count
            let neighbour = isOdd ? parent + 1 : parent - 1
            let isInside = neighbour >= 0 && neighbour < n
            guard isInside || isPeriodic else {
                let absorbs: Bool
                if case .fixed = isOdd ? walls.upper : walls.lower { absorbs = true } else { absorbs = false }
                weights.set(parent, isOdd, own: absorbs && coarse[parent] > widths[fine] ? 0.5 : 1, other: 0)
                continue
            }
            // From the parent's centre to the child's, over the distance between the two coarse centres.
            let offset = (coarse[parent] - widths[fine]) / 2
            let distance = (coarse[parent] + coarse[(neighbour + n) % n]) / 2
            weights.set(parent, isOdd, own: 1 - offset / distance, other: offset / distance)
        }
        return weights
    }
}

/// Weights between an axis and its coarser one: see `cl_transfer`.
struct AxisTransferWeights: Sendable {
    var evenOwn: [Double]
    var evenOther: [Double]
    var oddOwn: [Double]
    var oddOther: [Double]
    let count: Int
    let isPeriodic: Bool

    init(count: Int, isPeriodic: Bool) {
        self.count = count
        self.isPeriodic = isPeriodic
        evenOwn = Array(repeating: 0, count: count)
        evenOther = evenOwn
        oddOwn = evenOwn
        oddOther = evenOwn
    }

    mutating func set(_ parent: Int, _ isOdd: Bool, own: Double, other: Double) {
        if isOdd {
            oddOwn[parent] = own
            oddOther[parent] = other
        } else {
            evenOwn[parent] = own
            evenOther[parent] = other
        }
    }

    /// The adjoint with respect to volume: each weight times (child's width / width of the parent it gives to).
    func adjoint(fine: [Double], coarse: [Double]) -> AxisTransferWeights {
        var scaled = self
        for parent in 0..<count {
            let even = fine[2 * parent]
            let odd = 2 * parent + 1 < fine.count ? fine[2 * parent + 1] : 0
            let lower = coarse[(parent + count - 1) % count]
            let upper = coarse[(parent + 1) % count]
            scaled.evenOwn[parent] *= even / coarse[parent]
            scaled.evenOther[parent] *= even / lower
            scaled.oddOwn[parent] *= odd / coarse[parent]
            scaled.oddOther[parent] *= odd / upper
        }
        return scaled
    }
}
