public import CLanes

// Between a grid and the next coarser one, by linear interpolation between the centres of voxels and its adjoint.

extension cl_transfer {
    /// The parent of a fine position, that parent's neighbour, and the weights of both.
    @inline(__always)
    func parents(of fine: Int) -> (own: Int, other: Int, ownWeight: Float, otherWeight: Float) {
        let own = fine / 2
        if fine % 2 == 0 {
            let other = unsafe own > 0 ? own - 1 : periodic != 0 ? count - 1 : own
            return unsafe (own, other, evenOwn[own], evenOther[own])
        }
        let other = unsafe own < count - 1 ? own + 1 : periodic != 0 ? 0 : own
        return unsafe (own, other, oddOwn[own], oddOther[own])
    }
}

/// fine += the coarse field interpolated linearly, at the fine rows given.
///
/// `work`: Room for one coarse row and 16 elements on either side, for this caller alone.
public func prolong(
    _ coarse: UnsafePointer<Float>, onto fine: UnsafeMutablePointer<Float>, x: cl_transfer, y: cl_transfer,
    z: cl_transfer, fineRows: (count: Int, perPlane: Int, stride: Int), coarseStride: Int,
    work: UnsafeMutablePointer<Float>, rows: Range<Int>
) {
    let line = unsafe work + 16
    for index in rows {
        let inY = unsafe y.parents(of: index % fineRows.perPlane)
        let inZ = unsafe z.parents(of: index / fineRows.perPlane)
        let a = unsafe coarse + (inZ.own * y.count + inY.own) * coarseStride
        let b = unsafe coarse + (inZ.own * y.count + inY.other) * coarseStride
        let c = unsafe coarse + (inZ.other * y.count + inY.own) * coarseStride
        let d = unsafe coarse + (inZ.other * y.count + inY.other) * coarseStride
        let (wa, wb) = (
            FloatLanes(all: inZ.ownWeight * inY.ownWeight), FloatLanes(all: inZ.ownWeight * inY.otherWeight)
        )
        let (wc, wd) = (
            FloatLanes(all: inZ.otherWeight * inY.ownWeight), FloatLanes(all: inZ.otherWeight * inY.otherWeight)
        )
        for i in stride(from: 0, to: coarseStride, by: FloatLanes.count) {
            let sum =
                unsafe wa * FloatLanes(from: a + i) + wb * FloatLanes(from: b + i)
                + (wc * FloatLanes(from: c + i) + wd * FloatLanes(from: d + i))
            unsafe sum.store(to: line + i)
        }
        unsafe line[-1] = x.periodic != 0 ? line[x.count - 1] : line[0]
        unsafe line[x.count] = x.periodic != 0 ? line[0] : line[x.count - 1]
        let target = unsafe fine + index * fineRows.stride
        for i in stride(from: 0, to: fineRows.stride / 2, by: FloatLanes.count) {
            let own = unsafe FloatLanes(from: line + i)
            let even =
                unsafe FloatLanes(from: x.evenOwn + i) * own
                + FloatLanes(from: x.evenOther + i) * FloatLanes(from: line + i - 1)
            let odd =
                unsafe FloatLanes(from: x.oddOwn + i) * own
                + FloatLanes(from: x.oddOther + i) * FloatLanes(from: line + i + 1)
            let at = unsafe target + 2 * i
            let low = unsafe FloatLanes(from: at) + FloatLanes(cl_zip_low_f32(even.lanes, odd.lanes))
            unsafe low.store(to: at)
            if 2 * i + FloatLanes.count < fineRows.stride {
                let high =
                    unsafe FloatLanes(from: at + FloatLanes.count) + FloatLanes(cl_zip_high_f32(even.lanes, odd.lanes))
                unsafe high.store(to: at + FloatLanes.count)
            }
        }
    }
}

/// coarse = the adjoint of `prolong` with respect to volume, applied to fine, at the coarse rows given.
///
/// `x`, `y`, `z`: Weights already multiplied by (fine width / coarse width) of each child and its parent.
/// `work`: Room for one fine row and 32 elements on either side, for this caller alone.
public func restrict(
    _ fine: UnsafePointer<Float>, into coarse: UnsafeMutablePointer<Float>, x: cl_transfer, y: cl_transfer,
    z: cl_transfer, fineVoxels: (nx: Int, ny: Int, nz: Int, stride: Int), coarseStride: Int,
    work: UnsafeMutablePointer<Float>, rows: Range<Int>
) {
    let line = unsafe work + 32
    for index in rows {
        let fromY = unsafe contributions(y, coarse: index % y.count, fine: fineVoxels.ny)
        let fromZ = unsafe contributions(z, coarse: index / y.count, fine: fineVoxels.nz)
        var isFirst = true
        for child in 0..<4 {
            let (k, weightZ) = child == 0 ? fromZ.0 : child == 1 ? fromZ.1 : child == 2 ? fromZ.2 : fromZ.3
            if weightZ == 0 { continue }
            let plane = unsafe fine + k * fineVoxels.ny * fineVoxels.stride
            let (a, b) = unsafe (plane + fromY.0.0 * fineVoxels.stride, plane + fromY.1.0 * fineVoxels.stride)
            let (c, d) = unsafe (plane + fromY.2.0 * fineVoxels.stride, plane + fromY.3.0 * fineVoxels.stride)
            let (wa, wb) = (FloatLanes(all: weightZ * fromY.0.1), FloatLanes(all: weightZ * fromY.1.1))
            let (wc, wd) = (FloatLanes(all: weightZ * fromY.2.1), FloatLanes(all: weightZ * fromY.3.1))
            for i in stride(from: 0, to: fineVoxels.stride, by: FloatLanes.count) {
                let sum =
                    unsafe wa * FloatLanes(from: a + i) + wb * FloatLanes(from: b + i)
                    + (wc * FloatLanes(from: c + i) + wd * FloatLanes(from: d + i))
                unsafe (isFirst ? sum : FloatLanes(from: line + i) + sum).store(to: line + i)
            }
            isFirst = false
        }
        unsafe restrictRow(
            line, into: coarse + index * coarseStride, x, fine: fineVoxels.nx, coarseStride: coarseStride)
    }
}

/// One row along x: each coarse voxel gathers from its two children and the nearest child of each neighbour.
@inline(__always)
private func restrictRow(
    _ line: UnsafeMutablePointer<Float>, into coarse: UnsafeMutablePointer<Float>, _ x: cl_transfer, fine: Int,
    coarseStride: Int
) {
    let last = unsafe x.count - 1
    for i in unsafe 0..<x.count {
        let even = unsafe x.evenOwn[i] * line[2 * i]
        let odd = unsafe 2 * i + 1 < fine ? x.oddOwn[i] * line[2 * i + 1] : 0
        let lower = unsafe i > 0 ? x.oddOther[i - 1] * line[2 * i - 1] : 0
        let upper = unsafe i < last ? x.evenOther[i + 1] * line[2 * i + 2] : 0
        unsafe coarse[i] = (even + odd) + (lower + upper)
    }
    guard unsafe x.periodic != 0 else { return }
    unsafe coarse[last] += x.evenOther[0] * line[0]
    if fine % 2 == 0 { unsafe coarse[0] += x.oddOther[last] * line[fine - 1] }
}

/// The up to four fine positions that give to a coarse one, with their weights; a weight of 0 for one that is not there.
@inline(__always)
private func contributions(
    _ axis: cl_transfer, coarse i: Int, fine: Int
) -> ((Int, Float), (Int, Float), (Int, Float), (Int, Float)) {
    let last = unsafe axis.count - 1
    let even = unsafe (2 * i, axis.evenOwn[i])
    let odd: (Int, Float) = unsafe 2 * i + 1 < fine ? (2 * i + 1, axis.oddOwn[i]) : (0, 0)
    var lower: (Int, Float) = unsafe i > 0 ? (2 * i - 1, axis.oddOther[i - 1]) : (0, 0)
    var upper: (Int, Float) = unsafe i < last ? (2 * i + 2, axis.evenOther[i + 1]) : (0, 0)
    if unsafe axis.periodic != 0 && i == last { upper = unsafe (0, axis.evenOther[0]) }
    if unsafe axis.periodic != 0 && i == 0 && fine % 2 == 0 { lower = unsafe (fine - 1, axis.oddOther[last]) }
    return (even, odd, lower, upper)
}
