import Biology
import CLanes
import Simulation

/// A box of voxels and how its rows lie in memory.
///
/// A row holds all voxels along x at one (y, z), padded with zeros to whole cache lines.
struct VoxelGrid: Hashable, Sendable {
    let nx: Int
    let ny: Int
    let nz: Int
    /// Edge of a voxel, µm.
    let spacing: Double
    /// Elements from one row to the next.
    let stride: Int

    static let lane = 16

    init(nx: Int, ny: Int, nz: Int, spacing: Double) {
        precondition(nx > 0 && ny > 0 && nz > 0 && spacing > 0, "a grid needs voxels, got \(nx)×\(ny)×\(nz)")
        self.nx = nx
        self.ny = ny
        self.nz = nz
        self.spacing = spacing
        stride = VoxelGrid.padded(nx)
    }

    static func padded(_ count: Int) -> Int { (count + lane - 1) / lane * lane }

    var rows: Int { ny * nz }
    var voxels: Int { nx * ny * nz }
    /// Elements of a field, padding included.
    var elements: Int { rows * stride }
    /// µm³.
    var voxelVolume: Double { spacing * spacing * spacing }
    var counts: [Int] { [nx, ny, nz] }

    /// The next coarser grid: every axis halved, rounded up.
    var coarser: VoxelGrid {
        VoxelGrid(nx: (nx + 1) / 2, ny: (ny + 1) / 2, nz: (nz + 1) / 2, spacing: spacing * 2)
    }

    /// Rows in one unit of shared work: fixed by the grid alone, so that sums do not depend on threads.
    ///
    /// Chosen: 8192 elements, 64 KiB of doubles, far above the cost of claiming a chunk.
    var rowsPerChunk: Int { max(1, 8192 / stride) }
    var chunks: Int { (rows + rowsPerChunk - 1) / rowsPerChunk }

    func chunkRows(_ chunk: Int) -> Range<Int> {
        chunk * rowsPerChunk..<min(rows, (chunk + 1) * rowsPerChunk)
    }

    func chunkElements(_ chunk: Int) -> Range<Int> {
        let rows = chunkRows(chunk)
        return rows.lowerBound * stride..<rows.upperBound * stride
    }
}

/// Memory for one field or a column of numbers, zero at first, with a margin that kernels may read at either end.
@safe final class Buffer<Scalar: BinaryFloatingPoint> {
    let count: Int
    private let base: UnsafeMutablePointer<Scalar>
    private static var margin: Int { 32 }

    /// Chosen: smaller ones would waste much of a large page.
    private static var leastInLargePages: Int { 2 * Int(CL_LARGE_PAGE) }

    init(count: Int) {
        self.count = count
        let bytes = (count + 2 * Self.margin) * MemoryLayout<Scalar>.stride
        let isLarge = bytes >= Self.leastInLargePages
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: bytes, alignment: isLarge ? Int(CL_LARGE_PAGE) : 64)
        if isLarge { unsafe cl_prefer_large_pages(raw, bytes) }
        unsafe base = raw.bindMemory(to: Scalar.self, capacity: count + 2 * Self.margin)
        unsafe base.initialize(repeating: 0, count: count + 2 * Self.margin)
    }

    deinit { unsafe base.deallocate() }

    /// The first element; valid while the buffer lives.
    @unsafe var pointer: UnsafeMutablePointer<Scalar> { unsafe base + Self.margin }

    subscript(index: Int) -> Scalar {
        get {
            precondition(index >= 0 && index < count, "element \(index) of \(count)")
            return unsafe pointer[index]
        }
        set {
            precondition(index >= 0 && index < count, "element \(index) of \(count)")
            unsafe pointer[index] = newValue
        }
    }

    func fill(_ value: Scalar) { unsafe pointer.update(repeating: value, count: count) }

    var array: [Scalar] { (0..<count).map { unsafe pointer[$0] } }

    func copy(from values: [Scalar]) {
        precondition(values.count == count, "\(values.count) values for \(count) elements")
        for i in values.indices { unsafe pointer[i] = values[i] }
    }

    func copy(from other: Buffer<Scalar>) {
        precondition(other.count == count, "buffers of \(other.count) and \(count) elements")
        unsafe pointer.update(from: other.pointer, count: count)
    }
}

extension Buffer where Scalar: StateValue {
    func keep(_ name: String, in archive: StateArchive) throws(StateProblem) {
        unsafe try archive.keep(name, pointer, count: count)
    }
}
