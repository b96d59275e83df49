public import CLanes

// The preconditioner's inner loops: goals in order: 1 the same bits on every processor, 2 one pass over memory each.
// A "row" is all voxels along x at one (y, z); rows are numbered y + z·ny.

/// The neighbours of one row and its share of the diagonal.
private struct FloatRow {
    let offset, south, north, below, above: Int
    let fromSouth, fromNorth, fromBelow, fromAbove, diagonal: FloatLanes

    @inline(__always)
    init(_ a: cl_operator_f32, row: Int, sigma: Float) {
        let (y, z) = unsafe (row % a.ny, row / a.ny)
        let plane = unsafe a.stride * a.ny
        offset = unsafe row * a.stride
        south = unsafe y > 0 ? offset - a.stride : a.periodicY != 0 ? offset + (a.ny - 1) * a.stride : offset
        north = unsafe y < a.ny - 1 ? offset + a.stride : a.periodicY != 0 ? offset - (a.ny - 1) * a.stride : offset
        below = unsafe z > 0 ? offset - plane : a.periodicZ != 0 ? offset + (a.nz - 1) * plane : offset
        above = unsafe z < a.nz - 1 ? offset + plane : a.periodicZ != 0 ? offset - (a.nz - 1) * plane : offset
        fromSouth = unsafe FloatLanes(all: a.south[y])
        fromNorth = unsafe FloatLanes(all: a.north[y])
        fromBelow = unsafe FloatLanes(all: a.below[z])
        fromAbove = unsafe FloatLanes(all: a.above[z])
        diagonal = unsafe FloatLanes(all: sigma + a.dy[y] + a.dz[z])
    }

    /// Asks for what the row reads from memory a little further on: the rest lies in a cache already.
    @inline(__always)
    func prefetch(
        _ c: UnsafePointer<Float>, _ uptake: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ x: Int
    ) {
        // Chosen: eight lines ahead, measured at 200³ voxels.
        let ahead = x + 8 * FloatLanes.count
        unsafe cl_prefetch(right + offset + ahead)
        unsafe cl_prefetch(uptake + offset + ahead)
        unsafe cl_prefetch(c + above + ahead)
    }

    /// Σ coupling · neighbour at the sixteen voxels from x on.
    @inline(__always)
    func neighbours(_ a: cl_operator_f32, _ c: UnsafePointer<Float>, _ x: Int) -> FloatLanes {
        unsafe FloatLanes(from: a.west + x) * FloatLanes(from: c + offset + x - 1)
            + FloatLanes(from: a.east + x) * FloatLanes(from: c + offset + x + 1)
            + fromSouth * FloatLanes(from: c + south + x) + fromNorth * FloatLanes(from: c + north + x)
            + fromBelow * FloatLanes(from: c + below + x) + fromAbove * FloatLanes(from: c + above + x)
    }
}

/// One damped Jacobi sweep of A c = b: next = c + weight · (b − A c)/diagonal.
///
/// `sigma`: What every voxel loses, 1/s.
/// `uptake`: What each voxel loses besides, 1/s.
public func smooth(
    _ a: cl_operator_f32, sigma: Float, uptake: UnsafePointer<Float>, right: UnsafePointer<Float>,
    _ c: UnsafePointer<Float>, into next: UnsafeMutablePointer<Float>, weight: Float, rows: Range<Int>
) {
    let omega = FloatLanes(all: weight)
    for index in rows {
        let row = unsafe FloatRow(a, row: index, sigma: sigma)
        for x in unsafe stride(from: 0, to: a.stride, by: FloatLanes.count) {
            let at = row.offset + x
            unsafe row.prefetch(c, uptake, right, x)
            let diagonal = unsafe row.diagonal + FloatLanes(from: a.dx + x) + FloatLanes(from: uptake + at)
            let here = unsafe FloatLanes(from: c + at)
            let wanted = unsafe (FloatLanes(from: right + at) + row.neighbours(a, c, x)) / diagonal
            unsafe (here + omega * (wanted - here)).store(to: next + at)
        }
        if unsafe a.wrapWest != 0 || a.wrapEast != 0 {
            let (first, last) = unsafe (row.offset, row.offset + a.nx - 1)
            let base = row.diagonal.lanes[0]
            unsafe next[first] += weight * a.wrapWest * c[last] / (base + a.dx[0] + uptake[first])
            unsafe next[last] += weight * a.wrapEast * c[first] / (base + a.dx[a.nx - 1] + uptake[last])
        }
    }
}

/// The first sweep from c = 0: next = weight · b/diagonal.
public func smoothFromZero(
    _ a: cl_operator_f32, sigma: Float, uptake: UnsafePointer<Float>, right: UnsafePointer<Float>,
    into next: UnsafeMutablePointer<Float>, weight: Float, rows: Range<Int>
) {
    let omega = FloatLanes(all: weight)
    for index in rows {
        let row = unsafe FloatRow(a, row: index, sigma: sigma)
        for x in unsafe stride(from: 0, to: a.stride, by: FloatLanes.count) {
            let at = row.offset + x
            let diagonal = unsafe row.diagonal + FloatLanes(from: a.dx + x) + FloatLanes(from: uptake + at)
            unsafe (omega * FloatLanes(from: right + at) / diagonal).store(to: next + at)
        }
    }
}

/// rest = b − A c.
public func residual(
    _ a: cl_operator_f32, sigma: Float, uptake: UnsafePointer<Float>, right: UnsafePointer<Float>,
    _ c: UnsafePointer<Float>, into rest: UnsafeMutablePointer<Float>, rows: Range<Int>
) {
    for index in rows {
        let row = unsafe FloatRow(a, row: index, sigma: sigma)
        for x in unsafe stride(from: 0, to: a.stride, by: FloatLanes.count) {
            let at = row.offset + x
            unsafe row.prefetch(c, uptake, right, x)
            let diagonal = unsafe row.diagonal + FloatLanes(from: a.dx + x) + FloatLanes(from: uptake + at)
            let here = unsafe FloatLanes(from: c + at)
            unsafe (FloatLanes(from: right + at) + row.neighbours(a, c, x) - diagonal * here).store(to: rest + at)
        }
        if unsafe a.wrapWest != 0 || a.wrapEast != 0 {
            let (first, last) = unsafe (row.offset, row.offset + a.nx - 1)
            unsafe rest[first] += a.wrapWest * c[last]
            unsafe rest[last] += a.wrapEast * c[first]
        }
    }
}
