public import CLanes

// How cells read fields and give to them. A cell's stencil is a product of weights along each axis, those along x padded
// with zeros to whole quads; no stencil leaves its rows.

extension cl_stencils {
    @inline(__always)
    fileprivate func corner(_ cell: Int) -> Int {
        unsafe Int(firsts[3 * cell]) + Int(firsts[3 * cell + 1]) * row + Int(firsts[3 * cell + 2]) * plane
    }

    /// Chosen: some hundreds of ns ahead, as long as memory takes.
    @inline(__always) fileprivate static var lookahead: Int { 6 }

    @inline(__always)
    fileprivate func prefetch(_ c: UnsafePointer<Double>, _ cell: Int) {
        let corner = unsafe c + corner(cell)
        for k in unsafe 0..<inZ {
            for j in unsafe 0..<inY { unsafe cl_prefetch(corner + k * plane + j * row) }
        }
    }

    /// Σ w c for one cell.
    @inline(__always)
    fileprivate func gather(_ c: UnsafePointer<Double>, _ cell: Int, quads: Int) -> Double {
        let corner = unsafe c + corner(cell)
        let w = unsafe weights + cell * perCell
        let wy = unsafe w + 4 * quads
        var total = 0.0
        for quad in 0..<quads {
            var sum = QuadLanes(all: 0)
            for k in unsafe 0..<inZ {
                let wz = unsafe wy[inY + k]
                for j in unsafe 0..<inY {
                    let values = unsafe QuadLanes(from: corner + k * plane + j * row + 4 * quad)
                    sum = unsafe sum + QuadLanes(all: wy[j] * wz) * values
                }
            }
            unsafe total += (sum * QuadLanes(from: w + 4 * quad)).sum
        }
        return total
    }

    /// c += w · amount for one cell.
    @inline(__always)
    fileprivate func scatter(_ amount: Double, into c: UnsafeMutablePointer<Double>, _ cell: Int, quads: Int) {
        let corner = unsafe c + corner(cell)
        let w = unsafe weights + cell * perCell
        let wy = unsafe w + 4 * quads
        for quad in 0..<quads {
            let line = unsafe QuadLanes(all: amount) * QuadLanes(from: w + 4 * quad)
            for k in unsafe 0..<inZ {
                let wz = unsafe wy[inY + k]
                for j in unsafe 0..<inY {
                    let at = unsafe corner + k * plane + j * row + 4 * quad
                    unsafe (QuadLanes(from: UnsafePointer(at)) + QuadLanes(all: wy[j] * wz) * line).store(to: at)
                }
            }
        }
    }
}

/// readings = Σ w c for the cells given.
public func gather(
    _ stencils: cl_stencils, _ c: UnsafePointer<Double>, into readings: UnsafeMutablePointer<Double>,
    cells: Range<Int>
) {
    for cell in cells {
        let ahead = unsafe cell + cl_stencils.lookahead
        if ahead < cells.upperBound { unsafe stencils.prefetch(c, ahead) }
        // One quad a row, as most stencils have, known beforehand.
        unsafe readings[cell] =
            stencils.quads == 1
            ? stencils.gather(c, cell, quads: 1) : stencils.gather(c, cell, quads: stencils.quads)
    }
}

/// c += w · amount · scale for the cells given.
public func scatter(
    _ stencils: cl_stencils, _ amounts: UnsafePointer<Double>, scale: Double, into c: UnsafeMutablePointer<Double>,
    cells: Range<Int>
) {
    for cell in cells {
        let ahead = unsafe cell + cl_stencils.lookahead
        if ahead < cells.upperBound, unsafe amounts[ahead] != 0 { unsafe stencils.prefetch(c, ahead) }
        let amount = unsafe amounts[cell] * scale
        if amount == 0 { continue }
        if unsafe stencils.quads == 1 {
            unsafe stencils.scatter(amount, into: c, cell, quads: 1)
        } else {
            unsafe stencils.scatter(amount, into: c, cell, quads: stencils.quads)
        }
    }
}

/// result += w · slope · scale · Σ w c for the cells given; returns Σ c · what is added.
public func take(
    _ stencils: cl_stencils, _ slopes: UnsafePointer<Double>, scale: Double, _ c: UnsafePointer<Double>,
    into result: UnsafeMutablePointer<Double>, cells: Range<Int>
) -> Double {
    var product = 0.0
    for cell in cells {
        let ahead = unsafe cell + cl_stencils.lookahead
        if ahead < cells.upperBound, unsafe slopes[ahead] != 0 {
            unsafe stencils.prefetch(c, ahead)
            unsafe stencils.prefetch(result, ahead)
        }
        if unsafe slopes[cell] == 0 { continue }
        if unsafe stencils.quads == 1 {
            let read = unsafe stencils.gather(c, cell, quads: 1)
            let taken = unsafe slopes[cell] * read * scale
            unsafe stencils.scatter(taken, into: result, cell, quads: 1)
            product += taken * read
        } else {
            let read = unsafe stencils.gather(c, cell, quads: stencils.quads)
            let taken = unsafe slopes[cell] * read * scale
            unsafe stencils.scatter(taken, into: result, cell, quads: stencils.quads)
            product += taken * read
        }
    }
    return product
}
