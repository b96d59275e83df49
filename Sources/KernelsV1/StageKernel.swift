public import CLanes

// What a Rosenbrock step does besides evaluating and solving: sums of its stages, and their error. Elements are
// [unknown][lane], their number a multiple of 8.

extension cl_stage_sum {
    /// Σ weight · stage at eight elements, added to `base` in the order of the stages.
    @inline(__always)
    func added(to base: DoubleLanes, at: Int) -> DoubleLanes {
        var sum = base
        for term in unsafe 0..<terms {
            sum = unsafe sum + DoubleLanes(all: weights[term]) * DoubleLanes(from: stages + term * stride + at)
        }
        return sum
    }
}

/// result = base + Σ weight · stage.
public func stageValues(
    _ base: UnsafePointer<Double>, _ stages: cl_stage_sum, into result: UnsafeMutablePointer<Double>, count: Int
) {
    for at in stride(from: 0, to: count, by: DoubleLanes.count) {
        unsafe stages.added(to: DoubleLanes(from: base + at), at: at).store(to: result + at)
    }
}

/// rates += mass · Σ weight · stage + share · timeDerivative.
///
/// `mass`: 1 for differential unknowns, 0 for algebraic ones.
/// `timeDerivative`: `nil` where the system does not depend on time.
public func stageRight(
    _ rates: UnsafeMutablePointer<Double>, mass: UnsafePointer<Double>, _ stages: cl_stage_sum,
    timeDerivative: UnsafePointer<Double>?, share: Double, count: Int
) {
    let zero = DoubleLanes(all: 0)
    for at in stride(from: 0, to: count, by: DoubleLanes.count) {
        let sum = unsafe DoubleLanes(from: rates + at) + DoubleLanes(from: mass + at) * stages.added(to: zero, at: at)
        unsafe sum.store(to: rates + at)
    }
    guard let timeDerivative = unsafe timeDerivative else { return }
    let factor = DoubleLanes(all: share)
    for at in stride(from: 0, to: count, by: DoubleLanes.count) {
        unsafe (DoubleLanes(from: rates + at) + factor * DoubleLanes(from: timeDerivative + at)).store(to: rates + at)
    }
}

/// end = last + change, and how large the change is.
///
/// Tolerated is `absolute` + `relative` · the larger of |start| and |end|.
/// - Returns: `error`, the largest |change| relative to what is tolerated, NaN if any is not a finite number; and
///   `undershoot`, above 0 where a value has gone from above −tolerated to below it.
public func stageEnd(
    start: UnsafePointer<Double>, last: UnsafePointer<Double>, change: UnsafePointer<Double>,
    absolute: UnsafePointer<Double>, relative: Double, into end: UnsafeMutablePointer<Double>, count: Int
) -> (error: Double, undershoot: Double) {
    var (largest, flaw) = (DoubleLanes(all: 0), DoubleLanes(all: 0))
    var undershoot = DoubleLanes(all: -1)
    let zero = DoubleLanes(all: 0)
    for at in stride(from: 0, to: count, by: DoubleLanes.count) {
        let difference = unsafe DoubleLanes(from: change + at)
        let before = unsafe DoubleLanes(from: start + at)
        let value = unsafe DoubleLanes(from: last + at) + difference
        unsafe value.store(to: end + at)
        let size = DoubleLanes.max(before.magnitude, value.magnitude)
        let tolerated = unsafe DoubleLanes(from: absolute + at) + DoubleLanes(all: relative) * size
        largest = DoubleLanes.max(largest, difference.magnitude / tolerated)
        flaw = flaw + value * zero
        undershoot = DoubleLanes.max(undershoot, DoubleLanes.min(before + tolerated, zero - (value + tolerated)))
    }
    return (largest.largest + flaw.sum, undershoot.largest)
}

/// The largest |value| relative to `absolute` + `relative` · |reference|, NaN if any is not a finite number.
public func weightedNorm(
    _ values: UnsafePointer<Double>, reference: UnsafePointer<Double>, absolute: UnsafePointer<Double>,
    relative: Double, count: Int
) -> Double {
    var (largest, flaw) = (DoubleLanes(all: 0), DoubleLanes(all: 0))
    let zero = DoubleLanes(all: 0)
    for at in stride(from: 0, to: count, by: DoubleLanes.count) {
        let value = unsafe DoubleLanes(from: values + at)
        let size = unsafe DoubleLanes(from: reference + at).magnitude
        let ratio = unsafe value.magnitude / (DoubleLanes(from: absolute + at) + DoubleLanes(all: relative) * size)
        largest = DoubleLanes.max(largest, ratio)
        flaw = flaw + value * zero
    }
    return largest.largest + flaw.sum
}

/// Σ over Jacobian entries: matrix[place] = −entry, all else 0, then `diagonal` added where M has a one.
///
/// An entry that is not a finite number counts as 0. `places` has one index an entry, `massPlaces` one a differential
/// unknown.
public func stageMatrix(
    _ jacobian: UnsafePointer<Double>, places: UnsafePointer<Int32>, entries: Int,
    massPlaces: UnsafePointer<Int32>, masses: Int, diagonal: Double, into matrix: UnsafeMutablePointer<Double>,
    size: Int, lanes: Int
) {
    unsafe matrix.update(repeating: 0, count: size * lanes)
    for entry in 0..<entries {
        let target = unsafe matrix + Int(places[entry]) * lanes
        let source = unsafe jacobian + entry * lanes
        for lane in 0..<lanes {
            let value = unsafe source[lane]
            unsafe target[lane] = value.isFinite ? -value : 0
        }
    }
    for index in 0..<masses {
        let target = unsafe matrix + Int(massPlaces[index]) * lanes
        for lane in 0..<lanes { unsafe target[lane] += diagonal }
    }
}

/// values = start + θ (end − start) + θ (1 − θ) (bend₀ + θ (bend₁ + θ bend₂)): a step's dense output, 0 ≤ θ ≤ 1.
///
/// `bends`: [3][stride].
public func denseValues(
    start: UnsafePointer<Double>, end: UnsafePointer<Double>, bends: UnsafePointer<Double>, stride step: Int,
    theta: Double, into values: UnsafeMutablePointer<Double>, elements: Range<Int>
) {
    let rest = 1 - theta
    for at in elements {
        let bend = unsafe bends[at] + theta * (bends[step + at] + theta * bends[2 * step + at])
        unsafe values[at] = rest * start[at] + theta * (end[at] + rest * bend)
    }
}
