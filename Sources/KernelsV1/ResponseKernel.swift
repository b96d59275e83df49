/// Σ over all voxels of two stencils of weight · weight · G(offset), G being a table of a lattice's Green's function.
///
/// `own`, `other`: Weights along x, y and z, `points` each.
/// `lines`: G by |z|, |y| and x from −`reach` to `reach`; eight numbers beyond its end may be read.
/// `shift`: First voxel of the one less that of the other.
public func response(
    of own: UnsafePointer<Double>, to other: UnsafePointer<Double>, points n: Int, lines: UnsafePointer<Double>,
    reach: Int, shift: (x: Int, y: Int, z: Int)
) -> Double {
    // Along each axis only differences matter: correlate the two sets of weights first.
    let span = 2 * n - 1
    let padded = (span + 7) & ~7
    return unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * padded) { room in
        guard let correlated = room.baseAddress else { return 0 }
        unsafe correlated.update(repeating: 0, count: 3 * padded)
        for axis in 0..<3 {
            let line = unsafe correlated + axis * padded + n - 1
            for a in 0..<n {
                for b in 0..<n { unsafe line[a - b] += own[axis * n + a] * other[axis * n + b] }
            }
        }
        let (x, y, z) = (shift.x - n + 1, shift.y - n + 1, shift.z - n + 1)
        let side = 2 * reach + 1
        var total = DoubleLanes(all: 0)
        for start in stride(from: 0, to: span, by: DoubleLanes.count) {
            var sum = DoubleLanes(all: 0)
            for k in 0..<span {
                for l in 0..<span {
                    let share = unsafe correlated[2 * padded + k] * correlated[padded + l]
                    let line = unsafe lines + (abs(z + k) * (reach + 1) + abs(y + l)) * side + reach + x + start
                    sum = unsafe sum + DoubleLanes(all: share) * DoubleLanes(from: line)
                }
            }
            total = unsafe total + DoubleLanes(from: correlated + start) * sum
        }
        return total.sum
    }
}
