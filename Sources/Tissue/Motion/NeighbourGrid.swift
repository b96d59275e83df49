import Simulation

/// Finds cells near each other: bins as wide as the longest distance asked for, cells sorted into them by counting.
///
/// Goals in order: the same neighbours in the same order for any number of threads; O(cells) to build, without allocation
/// where there were as many cells before; neighbours that lie together in memory.
///
/// In a bin cells keep their order; bins follow each other along x, then y, then z. A cell's place in this order is its
/// slot.
@safe final class NeighbourGrid {
    let box: TissueBox
    /// x, y, z and radius by slot.
    let places = Column<Double>()
    /// The cell in each slot.
    let cells = Column<Int32>()
    /// The slot of each cell.
    let slots = Column<Int32>()
    /// Bins along x, y and z.
    private(set) var bins = (x: 1, y: 1, z: 1)
    /// The first slot of each bin, and the number of cells.
    let starts = Column<Int32>()
    /// The distance it was built for, µm.
    private(set) var reach = 0.0
    private(set) var largestRadius = 0.0
    private let binOfCell = Column<Int32>()
    private let largestOfChunk = Column<Double>()
    private let team: ThreadTeam

    var count: Int { cells.count }

    /// Cells in one unit of shared work.
    ///
    /// Chosen: some 20 to 100 µs of work, far above the cost of claiming a chunk.
    static let cellsPerChunk = 512

    static func chunks(_ count: Int) -> Int { (count + cellsPerChunk - 1) / cellsPerChunk }

    static func chunk(_ chunk: Int, of count: Int) -> Range<Int> {
        chunk * cellsPerChunk..<min(count, (chunk + 1) * cellsPerChunk)
    }

    init(_ box: TissueBox, team: ThreadTeam) {
        self.box = box
        self.team = team
    }

    /// Sorts cells for questions about neighbours closer than `factor` sums of radii.
    func build(_ bodies: CellBodies, factor: Double) {
        let largest = largestRadius(bodies)
        build(bodies, reach: 2 * largest * factor)
        largestRadius = largest
    }

    /// Sorts cells for questions about neighbours closer than `reach`, µm.
    func build(_ bodies: CellBodies, reach: Double) {
        let count = bodies.count
        self.reach = max(reach, 1e-6)
        chooseBins(count)
        let total = bins.x * bins.y * bins.z
        binOfCell.resize(count, filling: 0)
        cells.resize(count, filling: 0)
        slots.resize(count, filling: 0)
        places.resize(4 * count, filling: 0)
        starts.resize(total + 1, filling: 0)
        findBins(bodies)
        sortIntoBins(total)
        fillSlots(bodies)
    }

    private func largestRadius(_ bodies: CellBodies) -> Double {
        let count = bodies.count
        let chunks = NeighbourGrid.chunks(count)
        largestOfChunk.resize(chunks, filling: 0)
        let radius = unsafe bodies.radius.pointer
        let largest = unsafe largestOfChunk.pointer
        team.run(chunks: chunks) { chunk in
            var most = 0.0
            for cell in NeighbourGrid.chunk(chunk, of: count) { most = max(most, unsafe radius[cell]) }
            unsafe largest[chunk] = most
        }
        var most = 0.0
        for chunk in 0..<chunks { most = max(most, unsafe largest[chunk]) }
        return most
    }

    /// As many bins as fit, but no more than sixteen a cell and some, so that a huge box with few cells stays cheap.
    ///
    /// Chosen: an empty bin costs a hundredth of the search for one cell; bins that are too wide cost their volume.
    private func chooseBins(_ count: Int) {
        let most = Double(16 * count + 64)
        var edge = reach
        while true {
            let alongX = max(1, (box.x / edge).rounded(.down))
            let alongY = max(1, (box.y / edge).rounded(.down))
            let alongZ = box.isSlab ? 1 : max(1, (box.z / edge).rounded(.down))
            if alongX * alongY * alongZ <= most {
                bins = (Int(alongX), Int(alongY), Int(alongZ))
                return
            }
            edge *= 1.1
        }
    }

    private func findBins(_ bodies: CellBodies) {
        let count = bodies.count
        let bin = unsafe binOfCell.pointer
        let (x, y, z) = unsafe (bodies.x.pointer, bodies.y.pointer, bodies.z.pointer)
        let places = BinPlaces(box, bins)
        team.run(chunks: NeighbourGrid.chunks(count)) { chunk in
            for cell in NeighbourGrid.chunk(chunk, of: count) {
                unsafe bin[cell] = Int32(truncatingIfNeeded: places.bin(x[cell], y[cell], z[cell]))
            }
        }
    }

    private func sortIntoBins(_ total: Int) {
        let start = unsafe starts.pointer
        let bin = unsafe binOfCell.pointer
        let (cell, slot) = unsafe (cells.pointer, slots.pointer)
        let count = binOfCell.count
        unsafe start.update(repeating: 0, count: total + 1)
        for k in 0..<count { unsafe start[Int(bin[k]) + 1] += 1 }
        for b in 0..<total { unsafe start[b + 1] += start[b] }
        // Filling moves every start to its bin's end, which is the next bin's start.
        for k in 0..<count {
            let at = unsafe start[Int(bin[k])]
            unsafe start[Int(bin[k])] = at + 1
            unsafe cell[Int(at)] = Int32(truncatingIfNeeded: k)
            unsafe slot[k] = at
        }
        unsafe (start + 1).update(from: start, count: total)
        unsafe start[0] = 0
    }

    private func fillSlots(_ bodies: CellBodies) {
        let count = bodies.count
        let (cell, place) = unsafe (cells.pointer, places.pointer)
        let (x, y, z, radius) = unsafe (bodies.x.pointer, bodies.y.pointer, bodies.z.pointer, bodies.radius.pointer)
        team.run(chunks: NeighbourGrid.chunks(count)) { chunk in
            for slot in NeighbourGrid.chunk(chunk, of: count) {
                let from = unsafe Int(cell[slot])
                unsafe place[4 * slot] = x[from]
                unsafe place[4 * slot + 1] = y[from]
                unsafe place[4 * slot + 2] = z[from]
                unsafe place[4 * slot + 3] = radius[from]
            }
        }
    }
}

/// In which bin a point is.
struct BinPlaces {
    let (nx, ny, nz): (Int, Int, Int)
    let (scaleX, scaleY, scaleZ): (Double, Double, Double)

    init(_ box: TissueBox, _ bins: (x: Int, y: Int, z: Int)) {
        (nx, ny, nz) = (bins.x, bins.y, bins.z)
        (scaleX, scaleY, scaleZ) = (Double(nx) / box.x, Double(ny) / box.y, Double(nz) / box.z)
    }

    @inline(__always)
    func along(_ x: Double, _ y: Double, _ z: Double) -> (x: Int, y: Int, z: Int) {
        (
            min(nx - 1, max(0, Int(x * scaleX))), min(ny - 1, max(0, Int(y * scaleY))),
            min(nz - 1, max(0, Int(z * scaleZ)))
        )
    }

    @inline(__always)
    func bin(_ x: Double, _ y: Double, _ z: Double) -> Int {
        let at = along(x, y, z)
        return (at.z * ny + at.y) * nx + at.x
    }
}

/// Which slots lie in the bins around one: ranges along x, in rising order of z and y; at most 18.
@safe struct NearbySlots {
    private(set) var count = 0
    /// Whether a short way to one of them may lead over a joined face.
    private(set) var crossesFace = false
    /// First and last, exclusive.
    let bounds: UnsafeMutablePointer<(Int32, Int32)>

    static let most = 18

    /// - Parameter bounds: memory for `most` ranges.
    init(_ bounds: UnsafeMutablePointer<(Int32, Int32)>) { unsafe self.bounds = bounds }

    @inline(__always)
    subscript(run: Int) -> Range<Int> {
        let (low, high) = unsafe bounds[run]
        return unsafe Range(uncheckedBounds: (Int(low), Int(high)))
    }

    mutating func find(_ at: (x: Int, y: Int, z: Int), _ grid: NeighbourGrid) {
        count = 0
        let (bins, box) = (grid.bins, grid.box)
        let spanX = NearbySlots.span(at.x, bins.x, box.isPeriodicX)
        let spanY = NearbySlots.span(at.y, bins.y, box.isPeriodicY)
        let spanZ = NearbySlots.span(at.z, bins.z, box.isPeriodicZ && !box.isSlab)
        crossesFace = spanX.crosses || spanY.crosses || spanZ.crosses
        for z in spanZ.low...spanZ.high {
            let wrappedZ = NearbySlots.wrapped(z, bins.z)
            for y in spanY.low...spanY.high {
                let row = (wrappedZ * bins.y + NearbySlots.wrapped(y, bins.y)) * bins.x
                if spanX.low < 0 { append(row + bins.x - 1, row + bins.x, grid) }
                append(row + max(0, spanX.low), row + min(bins.x, spanX.high + 1), grid)
                if spanX.high >= bins.x { append(row, row + 1, grid) }
            }
        }
    }

    private mutating func append(_ low: Int, _ high: Int, _ grid: NeighbourGrid) {
        let start = unsafe grid.starts.pointer
        unsafe bounds[count] = (start[low], start[high])
        count += 1
    }

    /// The bins beside one along an axis; joined axes of one or two bins have all of theirs, once.
    private static func span(_ at: Int, _ bins: Int, _ isPeriodic: Bool) -> (low: Int, high: Int, crosses: Bool) {
        guard isPeriodic else { return (max(0, at - 1), min(bins - 1, at + 1), false) }
        if bins < 3 { return (0, bins - 1, true) }
        return (at - 1, at + 1, at == 0 || at == bins - 1)
    }

    private static func wrapped(_ at: Int, _ bins: Int) -> Int { at < 0 ? at + bins : at >= bins ? at - bins : at }
}

extension NeighbourGrid {
    /// Calls `body` for every other cell whose centre is within `factor` sums of radii, in a fixed order.
    ///
    /// - Precondition: built for these cells, for `factor` or more.
    @inline(__always)
    func forEachNeighbour(of cell: Int, factor: Double, _ body: (Int) -> Void) {
        let slot = Int(slots[cell])
        let place = unsafe places.pointer
        let (x, y, z, radius) = unsafe (place[4 * slot], place[4 * slot + 1], place[4 * slot + 2], place[4 * slot + 3])
        precondition(
            factor * (radius + largestRadius) <= reach * (1 + 1e-12), "\(factor) sums of radii beyond \(reach)")
        let neighbour = unsafe cells.pointer
        unsafe withUnsafeTemporaryAllocation(of: (Int32, Int32).self, capacity: NearbySlots.most) { memory in
            guard let bounds = memory.baseAddress else { return }
            var near = unsafe NearbySlots(bounds)
            near.find(BinPlaces(box, bins).along(x, y, z), self)
            for run in 0..<near.count {
                for other in near[run] where other != slot {
                    let at = unsafe place + 4 * other
                    let dx = unsafe TissueBox.shortest(at[0] - x, box.x, isPeriodic: box.isPeriodicX)
                    let dy = unsafe TissueBox.shortest(at[1] - y, box.y, isPeriodic: box.isPeriodicY)
                    let dz = unsafe TissueBox.shortest(at[2] - z, box.z, isPeriodic: box.isPeriodicZ)
                    let reach = unsafe factor * (radius + at[3])
                    if dx * dx + dy * dy + dz * dz <= reach * reach { body(unsafe Int(neighbour[other])) }
                }
            }
        }
    }
}
