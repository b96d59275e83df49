public import CLanes

/// Lists who is near a slot: of some runs of slots, those whose centres are closer than both reaches together.
///
/// Slots come in the order of the runs, the slot itself never. So many links are written to as the runs have slots, and
/// eight more.
///
/// - Returns: How many there are.
public func list(
    _ crowd: cl_crowd, near slot: Int, _ runs: UnsafePointer<(Int32, Int32)>, count: Int,
    into links: UnsafeMutablePointer<Int32>
) -> Int {
    let (x, y) = unsafe (DoubleLanes(all: crowd.x[slot]), DoubleLanes(all: crowd.y[slot]))
    let (z, reach) = unsafe (DoubleLanes(all: crowd.z[slot]), DoubleLanes(all: crowd.reach[slot]))
    var used = 0
    for run in 0..<count {
        let (low, high) = unsafe (Int(runs[run].0), Int(runs[run].1))
        for first in stride(from: low, to: high, by: DoubleLanes.count) {
            let (dx, dy) = unsafe (x - DoubleLanes(from: crowd.x + first), y - DoubleLanes(from: crowd.y + first))
            let dz = unsafe z - DoubleLanes(from: crowd.z + first)
            let both = unsafe reach + DoubleLanes(from: crowd.reach + first)
            let square = dx * dx + dy * dy + dz * dz
            var bits = cl_bits_below_f64(square.lanes, (both * both).lanes)
            // Those of this run, and not the slot itself; shifts by 32 and more, and below 0, leave nothing.
            bits &= ~(UInt32.max << UInt32(truncatingIfNeeded: high - first))
            bits &= ~(1 << UInt32(truncatingIfNeeded: slot - first))
            used += unsafe cl_store_places(links + used, Int32(truncatingIfNeeded: first), bits)
        }
    }
    return used
}
