public import CLanes

/// result = A c at the rows given; returns Σ c · result over them.
///
/// `sigma`: What every voxel loses, 1/s.
/// `uptake`: What each voxel loses besides, 1/s; `nil` for nothing.
public func apply(
    _ a: cl_operator_f64, sigma: Double, uptake: UnsafePointer<Double>?, _ c: UnsafePointer<Double>,
    into result: UnsafeMutablePointer<Double>, rows: Range<Int>
) -> Double {
    var product = DoubleLanes(all: 0)
    var ends = 0.0
    let plane = unsafe a.stride * a.ny
    for index in rows {
        let (y, z) = unsafe (index % a.ny, index / a.ny)
        let offset = unsafe index * a.stride
        let south = unsafe y > 0 ? offset - a.stride : a.periodicY != 0 ? offset + (a.ny - 1) * a.stride : offset
        let north = unsafe y < a.ny - 1 ? offset + a.stride : a.periodicY != 0 ? offset - (a.ny - 1) * a.stride : offset
        let below = unsafe z > 0 ? offset - plane : a.periodicZ != 0 ? offset + (a.nz - 1) * plane : offset
        let above = unsafe z < a.nz - 1 ? offset + plane : a.periodicZ != 0 ? offset - (a.nz - 1) * plane : offset
        let (fromSouth, fromNorth) = unsafe (DoubleLanes(all: a.south[y]), DoubleLanes(all: a.north[y]))
        let (fromBelow, fromAbove) = unsafe (DoubleLanes(all: a.below[z]), DoubleLanes(all: a.above[z]))
        let base = unsafe DoubleLanes(all: sigma + a.dy[y] + a.dz[z])
        for x in unsafe stride(from: 0, to: a.stride, by: DoubleLanes.count) {
            let at = offset + x
            var diagonal = unsafe base + DoubleLanes(from: a.dx + x)
            if let uptake = unsafe uptake { diagonal = unsafe diagonal + DoubleLanes(from: uptake + at) }
            let here = unsafe DoubleLanes(from: c + at)
            let value =
                unsafe diagonal * here
                - (DoubleLanes(from: a.west + x) * DoubleLanes(from: c + at - 1)
                    + DoubleLanes(from: a.east + x) * DoubleLanes(from: c + at + 1)
                    + fromSouth * DoubleLanes(from: c + south + x) + fromNorth * DoubleLanes(from: c + north + x)
                    + fromBelow * DoubleLanes(from: c + below + x) + fromAbove * DoubleLanes(from: c + above + x))
            unsafe value.store(to: result + at)
            product = product + here * value
        }
        if unsafe a.wrapWest != 0 || a.wrapEast != 0 {
            let (first, last) = unsafe (offset, offset + a.nx - 1)
            let (west, east) = unsafe (a.wrapWest * c[last], a.wrapEast * c[first])
            unsafe result[first] -= west
            unsafe result[last] -= east
            unsafe ends -= c[first] * west + c[last] * east
        }
    }
    return product.sum + ends
}

/// direction = rest + beta · direction, where `rest` is the preconditioned residual; with beta 0 it is not read.
public func turn(
    _ direction: UnsafeMutablePointer<Double>, towards rest: UnsafePointer<Float>, beta: Double, elements: Range<Int>
) {
    let b = DoubleLanes(all: beta)
    for at in stride(from: elements.lowerBound, to: elements.upperBound, by: FloatLanes.count) {
        let lanes = unsafe FloatLanes(from: rest + at).lanes
        var (low, high) = (DoubleLanes(cl_low_f64(lanes)), DoubleLanes(cl_high_f64(lanes)))
        if beta != 0 {
            low = unsafe low + b * DoubleLanes(from: direction + at)
            high = unsafe high + b * DoubleLanes(from: direction + at + 8)
        }
        unsafe low.store(to: direction + at)
        unsafe high.store(to: direction + at + 8)
    }
}

/// c += alpha · direction; right −= alpha · image; `single` receives `right` scaled by `scale`.
///
/// - Returns: Σ right².
public func advance(
    _ c: UnsafeMutablePointer<Double>, along direction: UnsafePointer<Double>, _ right: UnsafeMutablePointer<Double>,
    image: UnsafePointer<Double>, alpha: Double, into single: UnsafeMutablePointer<Float>, scale: Double,
    elements: Range<Int>
) -> Double {
    let (step, factor) = (DoubleLanes(all: alpha), DoubleLanes(all: scale))
    var norm = DoubleLanes(all: 0)
    for at in stride(from: elements.lowerBound, to: elements.upperBound, by: FloatLanes.count) {
        unsafe (DoubleLanes(from: c + at) + step * DoubleLanes(from: direction + at)).store(to: c + at)
        unsafe (DoubleLanes(from: c + at + 8) + step * DoubleLanes(from: direction + at + 8)).store(to: c + at + 8)
        let low = unsafe DoubleLanes(from: right + at) - step * DoubleLanes(from: image + at)
        let high = unsafe DoubleLanes(from: right + at + 8) - step * DoubleLanes(from: image + at + 8)
        unsafe low.store(to: right + at)
        unsafe high.store(to: right + at + 8)
        unsafe cl_store_f32(single + at, cl_to_f32((factor * low).lanes, (factor * high).lanes))
        norm = norm + (low * low + high * high)
    }
    return norm.sum
}

/// Σ rest · right and Σ rest · image, and the largest |rest|, for a preconditioned residual in single precision.
public func products(
    _ rest: UnsafePointer<Float>, _ right: UnsafePointer<Double>, _ image: UnsafePointer<Double>, elements: Range<Int>
) -> (right: Double, image: Double, largest: Double) {
    var (first, second, largest) = (DoubleLanes(all: 0), DoubleLanes(all: 0), DoubleLanes(all: 0))
    for at in stride(from: elements.lowerBound, to: elements.upperBound, by: FloatLanes.count) {
        let lanes = unsafe FloatLanes(from: rest + at).lanes
        let (low, high) = (DoubleLanes(cl_low_f64(lanes)), DoubleLanes(cl_high_f64(lanes)))
        first = unsafe first + (low * DoubleLanes(from: right + at) + high * DoubleLanes(from: right + at + 8))
        second = unsafe second + (low * DoubleLanes(from: image + at) + high * DoubleLanes(from: image + at + 8))
        largest = DoubleLanes.max(largest, DoubleLanes.max(low.magnitude, high.magnitude))
    }
    return (first.sum, second.sum, largest.largest)
}

/// single = scale · values, rounded.
public func narrow(
    _ values: UnsafePointer<Double>, scale: Double, into single: UnsafeMutablePointer<Float>, elements: Range<Int>
) {
    let factor = DoubleLanes(all: scale)
    for at in stride(from: elements.lowerBound, to: elements.upperBound, by: FloatLanes.count) {
        let (low, high) = unsafe (DoubleLanes(from: values + at) * factor, DoubleLanes(from: values + at + 8) * factor)
        unsafe cl_store_f32(single + at, cl_to_f32(low.lanes, high.lanes))
    }
}

/// Σ, least and largest of the values.
public func extent(
    _ values: UnsafePointer<Double>, elements: Range<Int>
) -> (sum: Double, least: Double, largest: Double) {
    var (sum, least, largest) = (DoubleLanes(all: 0), DoubleLanes(all: .infinity), DoubleLanes(all: -.infinity))
    for at in stride(from: elements.lowerBound, to: elements.upperBound, by: DoubleLanes.count) {
        let here = unsafe DoubleLanes(from: values + at)
        sum = sum + here
        least = DoubleLanes.min(least, here)
        largest = DoubleLanes.max(largest, here)
    }
    return (sum.sum, least.smallest, largest.largest)
}

/// Σ value².
public func squares(_ values: UnsafePointer<Double>, elements: Range<Int>) -> Double {
    var sum = DoubleLanes(all: 0)
    for at in stride(from: elements.lowerBound, to: elements.upperBound, by: DoubleLanes.count) {
        let here = unsafe DoubleLanes(from: values + at)
        sum = sum + here * here
    }
    return sum.sum
}

/// result = Σ weight · term over up to four terms; returns the largest |result|.
///
/// A term with weight 0 is not read.
public func combine(
    _ first: UnsafePointer<Double>, _ firstWeight: Double, _ second: UnsafePointer<Double>, _ secondWeight: Double,
    _ third: UnsafePointer<Double>, _ thirdWeight: Double, _ fourth: UnsafePointer<Double>, _ fourthWeight: Double,
    into result: UnsafeMutablePointer<Double>, elements: Range<Int>
) -> Double {
    let (a, b) = (DoubleLanes(all: firstWeight), DoubleLanes(all: secondWeight))
    let (c, d) = (DoubleLanes(all: thirdWeight), DoubleLanes(all: fourthWeight))
    var largest = DoubleLanes(all: 0)
    for at in stride(from: elements.lowerBound, to: elements.upperBound, by: DoubleLanes.count) {
        var sum = unsafe a * DoubleLanes(from: first + at)
        if secondWeight != 0 { sum = unsafe sum + b * DoubleLanes(from: second + at) }
        if thirdWeight != 0 { sum = unsafe sum + c * DoubleLanes(from: third + at) }
        if fourthWeight != 0 { sum = unsafe sum + d * DoubleLanes(from: fourth + at) }
        unsafe sum.store(to: result + at)
        largest = DoubleLanes.max(largest, sum.magnitude)
    }
    return largest.largest
}
