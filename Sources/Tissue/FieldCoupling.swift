import Simulation

/// The cells that take part in one molecule's field: how they read it, deposit into it and see each other.
///
/// Cells stand in spatial order, in bins along one axis, so that bins of one parity never touch the same voxel: deposits
/// run in parallel and always add up in the same order.
@safe final class FieldCoupling: CellUptake {
    let grid: VoxelGrid
    /// Index of each participant among all cells.
    let cells: [Int]
    /// Self-correction γ of each, s/µm³.
    let gamma: Buffer<Double>
    /// Where each of all cells stands among the participants; −1 for nowhere.
    private let places = Column<Int32>()
    /// Net release of each into the field, molecules/s.
    let release: Buffer<Double>
    /// −d release / d reading of each, µm³/s; never negative.
    let slope: Buffer<Double>
    /// What neighbours' releases add to each one's reading beyond the grid, molecules/µm³.
    let incoming: Buffer<Double>
    /// Whether each may release or bind; the rest only sense, and never change anything.
    let isActive: [Bool]
    private let binds: [Bool]
    private let bindsSomewhere: Bool
    /// Whether anything in the model reads the concentration at each; nobody but observers looks at the others'.
    private let reads: [Bool]
    /// Whether what neighbours release is corrected for what the grid gets wrong.
    let hasPairs: Bool
    /// What each reads off the grid, molecules/µm³.
    let reading: Buffer<Double>
    /// The concentration at each one's surface, molecules/µm³.
    let surface: Buffer<Double>

    private let team: ThreadTeam
    let layout: StencilLayout
    private let stencils: CellStencils
    private let bins: [Range<Int>]
    /// Participants in `bins` come first; the rest, whose stencils wrap around the binned axis, are done one by one.
    private let wrapped: Range<Int>
    /// Neighbours in compressed rows: `rowStarts[i]..<rowStarts[i+1]`.
    private let rowStarts: [Int]
    private let neighbours: [Int32]
    private let corrections: Buffer<Double>
    private let partial: Buffer<Double>
    private var candidate: Buffer<Double>
    private var lastCandidate: Buffer<Double>

    private let nearField: NearField?
    /// Where each participant stands and its radius, µm.
    private let standing: [SIMD4<Double>]

    var count: Int { cells.count }

    /// The same molecule's coupling before cells moved, came or went; what has stayed is known.
    struct Before {
        let coupling: FieldCoupling
        let turnover: CellTurnover?

        /// γ of a cell where it stands as it stood.
        func gamma(_ cell: Int, _ standing: SIMD4<Double>, _ nearField: NearField) -> Double? {
            guard let origin = turnover.map({ $0.origin(of: cell) }) ?? cell else { return nil }
            let at = coupling.place(of: origin)
            guard at >= 0, coupling.isActive[at], coupling.standing[at] == standing else { return nil }
            return coupling.nearField?.isSame(as: nearField) == true ? coupling.gamma[at] : nil
        }
    }

    init(
        _ layout: StencilLayout, nearField: NearField?, before: Before?, positions: [SIMD3<Double>], radii: [Double],
        pairs: Bool,
        isActive: (Int) -> Bool, binds: (Int) -> Bool, reads: (Int) -> Bool, kernels: FieldKernels, team: ThreadTeam
    ) {
        self.layout = layout
        grid = layout.grid
        cells = layout.order
        self.team = team
        stencils = CellStencils(layout, kernels: kernels)
        bins = layout.bins
        wrapped = layout.wrapped
        let order = layout.order
        self.nearField = nearField
        standing = order.map { SIMD4(positions[$0], radii[$0]) }
        if let nearField {
            let standing = standing
            gamma = FieldCoupling.map(order.count, team, room: { nearField.imageLine() }) { i, line in
                if !isActive(order[i]) { return 0 }
                if let known = before?.gamma(order[i], standing[i], nearField) { return known }
                return max(0, nearField.ownCorrection(at: positions[order[i]], radius: standing[i].w, line))
            }
        } else {
            gamma = Buffer(count: order.count)
        }
        hasPairs = pairs
        self.reads = order.map(reads)
        if let nearField, pairs {
            let pairs = NeighbourPairs(
                order.map { positions[$0] }, isReader: self.reads, isSource: order.map(isActive), nearField, team)
            (rowStarts, neighbours, corrections) = (pairs.rowStarts, pairs.neighbours, pairs.corrections)
        } else {
            (rowStarts, neighbours, corrections) = (
                Array(repeating: 0, count: order.count + 1), [], Buffer(count: 0)
            )
        }
        places.resize(positions.count, filling: -1)
        for (i, cell) in order.enumerated() { places[cell] = Int32(i) }
        release = Buffer(count: order.count)
        slope = Buffer(count: order.count)
        reading = Buffer(count: order.count)
        surface = Buffer(count: order.count)
        incoming = Buffer(count: order.count)
        self.isActive = order.map(isActive)
        self.binds = order.map(binds)
        bindsSomewhere = self.binds.contains(true)
        partial = Buffer(count: max(layout.bins.count + 1, (order.count + 255) / 256))
        candidate = Buffer(count: order.count)
        lastCandidate = Buffer(count: order.count)
    }

    /// Values computed in parallel, in order; `room` is made for some hundreds of them each.
    static func map<Room>(
        _ count: Int, _ team: ThreadTeam, room: () -> Room, _ value: (Int, Room) -> Double
    ) -> Buffer<Double> {
        let values = Buffer<Double>(count: count)
        let grain = 256
        team.run(chunks: (count + grain - 1) / grain) { chunk in
            let room = room()
            for i in chunk * grain..<min(count, (chunk + 1) * grain) { unsafe values.pointer[i] = value(i, room) }
        }
        return values
    }

    /// Where one of all cells stands among the participants; −1 for nowhere.
    func place(of cell: Int) -> Int { Int(places[cell]) }

    /// The participants as plain memory, valid while this object lives.
    @safe struct Columns: BitwiseCopyable {
        /// By cell; −1 where it takes no part.
        let places: UnsafePointer<Int32>
        /// By participant.
        let gamma, reading, incoming: UnsafePointer<Double>
        let release, slope, surface: UnsafeMutablePointer<Double>
    }

    var columns: Columns {
        unsafe Columns(
            places: places.pointer, gamma: gamma.pointer, reading: reading.pointer, incoming: incoming.pointer,
            release: release.pointer, slope: slope.pointer, surface: surface.pointer)
    }

    /// Of all participants, molecules/s.
    var totalRelease: Double {
        var total = 0.0
        for i in 0..<count { unsafe total += release.pointer[i] }
        return total
    }

    // MARK: - Reading and depositing

    /// How much leaving out pairs would change what cells read, relative to it: what the grid smooths away of all
    /// releases together, and a share of what stands out of one.
    ///
    /// What is released at density n raises a smooth field by itself; weights of variance h²/4, twice, less h²/12 of the
    /// lattice, take n q h²/(6D) of it away. One neighbour at contact stands out by q/(4πD·2a), of which the grid gets about
    /// a half right and the crowd's directions average most of the rest (chosen: a third of q/(4πD a) is left).
    func weightOfPairs(perVoxel: Double, diffusion: Double, radius: Double) -> Double {
        var (released, largest, read, active) = (0.0, 0.0, 0.0, 0.0)
        for i in 0..<count where isActive[i] {
            let amount = unsafe abs(release.pointer[i])
            released += amount
            largest = max(largest, amount)
            unsafe read += abs(surface.pointer[i])
            active += 1
        }
        guard read > 0 else { return released > 0 ? .infinity : 0 }
        let (mean, level) = (released / active, read / active)
        let smoothed = perVoxel * mean / (6 * diffusion * grid.spacing * level)
        return smoothed + largest / (12 * Double.pi * diffusion * radius * level)
    }

    // MARK: - Bins

    /// Runs `body` on every bin, on odd ones after both their neighbours, and on the wrapped cells at the end.
    ///
    /// A bin reaches into the next one. So all that even bins add to a voxel comes before what odd ones add, on any number
    /// of threads, and memory is gone through once: slab by slab, with the odd bins between slabs at the end.
    private func inBins(_ body: (Int, Range<Int>) -> Void) {
        let evens = (bins.count + 1) / 2
        // Chosen: as many slabs as even out the load.
        let slabs = team.count == 1 ? 1 : min(4 * team.count, evens)
        team.run(chunks: slabs) { slab in
            let (first, end) = (slab * evens / slabs, (slab + 1) * evens / slabs)
            for even in first..<end {
                body(2 * even, bins[2 * even])
                if even > first { body(2 * even - 1, bins[2 * even - 1]) }
            }
        }
        team.run(chunks: slabs) { slab in
            let odd = 2 * ((slab + 1) * evens / slabs) - 1
            if odd < bins.count { body(odd, bins[odd]) }
        }
        if !wrapped.isEmpty { body(bins.count, wrapped) }
    }

    /// Sets `reading` from a field.
    func read(_ c: Buffer<Double>) { read(c, into: reading) }

    /// What every participant reads off a field, molecules/µm³.
    func read(_ c: Buffer<Double>, into readings: Buffer<Double>) {
        // Nobody's reading depends on another's.
        team.run(chunks: bins.count + 1) { bin in
            stencils.gather(c, into: readings, bin < bins.count ? bins[bin] : wrapped)
        }
    }

    /// loss −= release / voxel volume.
    func depositLoss(into field: Buffer<Double>) { depositLoss(of: release, into: field) }

    /// The same for any amounts, molecules/s a participant.
    func depositLoss(of amounts: Buffer<Double>, into field: Buffer<Double>) {
        let scale = -1 / grid.voxelVolume
        inBins { _, range in stencils.scatter(amounts, scale: scale, into: field, range) }
    }

    /// uptake = slope spread over the voxels each cell touches, per voxel volume, 1/s.
    func depositSlope(into uptake: Buffer<Double>) { depositSlope(slope, into: uptake) }

    func depositSlope(_ slope: Buffer<Double>, into uptake: Buffer<Double>) {
        let scale = 1 / grid.voxelVolume
        uptake.fill(0)
        inBins { _, range in stencils.scatter(slope, scale: scale, into: uptake, range) }
    }

    func add(_ c: Buffer<Double>, into result: Buffer<Double>) -> Double { add(slope, c, into: result) }

    /// result += Σ slope · (what each reads of c), spread over its voxels; returns Σ c · what is added.
    func add(_ slope: Buffer<Double>, _ c: Buffer<Double>, into result: Buffer<Double>) -> Double {
        let scale = 1 / grid.voxelVolume
        partial.fill(0)
        inBins { bin, range in
            unsafe partial.pointer[bin] = stencils.take(slope, scale: scale, c, into: result, range)
        }
        return (0...bins.count).reduce(0) { $0 + partial[$1] }
    }

    /// Puts molecules around a position (µm) into a field at once.
    func deposit(_ amount: Double, at position: SIMD3<Double>, into field: Buffer<Double>) {
        stencils.deposit(amount / grid.voxelVolume, at: position, into: field)
    }

    /// ∇ of what a participant at a position reads off a field, molecules/µm⁴.
    func gradient(of field: Buffer<Double>, at position: SIMD3<Double>) -> SIMD3<Double> {
        stencils.gradient(of: field, at: position)
    }

    // MARK: - Neighbours

    /// Whether some cell binds what another one nearby may have released.
    var capturesNearby: Bool { hasNeighbours && bindsSomewhere }

    var hasNeighbours: Bool { !neighbours.isEmpty }

    /// Sums neighbours' releases as they are, or as their slopes say they will be under the sums found last.
    ///
    /// - Returns: The largest change among active participants, molecules/µm³.
    func gatherNeighbours(usingSlopes: Bool) -> Double {
        let grain = 256
        let chunks = (count + grain - 1) / grain
        if usingSlopes { swap(&candidate, &lastCandidate) }
        let (sums, last) = (candidate, usingSlopes ? lastCandidate : incoming)
        team.run(chunks: chunks) { chunk in
            var largest = 0.0
            for i in chunk * grain..<min(count, (chunk + 1) * grain) where rowStarts[i] < rowStarts[i + 1] {
                var sum = 0.0
                for k in rowStarts[i]..<rowStarts[i + 1] {
                    let j = Int(neighbours[k])
                    var amount = unsafe release.pointer[j]
                    if usingSlopes { unsafe amount -= slope.pointer[j] * (last.pointer[j] - incoming.pointer[j]) }
                    unsafe sum += corrections.pointer[k] * amount
                }
                unsafe sums.pointer[i] = sum
                if isActive[i] { unsafe largest = max(largest, abs(sum - last.pointer[i])) }
            }
            unsafe partial.pointer[chunk] = largest
        }
        return (0..<chunks).reduce(0) { max($0, partial[$1]) }
    }

    /// Adds what neighbours release to the surfaces that only observers look at.
    func showNeighbours() {
        guard let nearField, hasPairs, reads.contains(false) else { return }
        let pairs = NeighbourPairs(
            standing.map { SIMD3($0.x, $0.y, $0.z) }, isReader: reads.map { !$0 }, isSource: isActive, nearField, team)
        for i in 0..<count where !reads[i] {
            for k in pairs.rowStarts[i]..<pairs.rowStarts[i + 1] {
                surface[i] += pairs.corrections[k] * release[Int(pairs.neighbours[k])]
            }
        }
    }

    /// What releases of others add to the readings of the cells that bind, and nothing else.
    func capturePairs() -> CapturePairs {
        CapturePairs(rowStarts, neighbours, corrections, isRow: binds, isColumn: isActive, team: team)
    }

    /// What the last evaluation left, for an observer to put back.
    struct Evaluation {
        let release, slope, reading, surface, incoming: [Double]
    }

    func save() -> Evaluation {
        Evaluation(
            release: release.array, slope: slope.array, reading: reading.array, surface: surface.array,
            incoming: incoming.array)
    }

    func restore(_ evaluation: Evaluation) {
        release.copy(from: evaluation.release)
        slope.copy(from: evaluation.slope)
        reading.copy(from: evaluation.reading)
        surface.copy(from: evaluation.surface)
        incoming.copy(from: evaluation.incoming)
    }

    /// Of participants and neighbours that stand where they stood.
    func keep(in archive: StateArchive) throws(StateProblem) {
        for values in [release, slope, reading, surface, incoming] {
            try values.keep("coupling", in: archive)
        }
    }

    /// Takes over the sums found last.
    func adoptNeighbours() { incoming.copy(from: candidate) }
}
