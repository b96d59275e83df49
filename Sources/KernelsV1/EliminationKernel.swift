public import CLanes

// Sparse elimination without pivoting, of one matrix or of a block of eight matrices with the same places.
// `lanes` is 1, or a multiple of 8: entries and vectors are laid out [entry][lane].

/// A number, or eight of them side by side.
private protocol Lanes {
    static var count: Int { get }
    init(from pointer: UnsafePointer<Double>)
    init(all value: Double)
    func store(to pointer: UnsafeMutablePointer<Double>)
    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static func / (a: Self, b: Self) -> Self
    static func max(_ a: Self, _ b: Self) -> Self
    var magnitude: Self { get }
    var smallest: Double { get }
    /// NaN if any lane is not a finite number, 0 otherwise.
    var flaw: Double { get }
}

extension DoubleLanes: Lanes {
    @inline(__always) var flaw: Double { (self - self).sum }
}

/// One number, with the arithmetic of lanes.
private struct SingleLane: Lanes {
    static let count = 1
    let value: Double

    @inline(__always) init(_ value: Double) { self.value = value }
    @inline(__always) init(from pointer: UnsafePointer<Double>) { value = unsafe pointer.pointee }
    @inline(__always) init(all value: Double) { self.value = value }
    @inline(__always) func store(to pointer: UnsafeMutablePointer<Double>) { unsafe pointer.pointee = value }
    @inline(__always) static func + (a: Self, b: Self) -> Self { Self(a.value + b.value) }
    @inline(__always) static func - (a: Self, b: Self) -> Self { Self(a.value - b.value) }
    @inline(__always) static func * (a: Self, b: Self) -> Self { Self(a.value * b.value) }
    @inline(__always) static func / (a: Self, b: Self) -> Self { Self(a.value / b.value) }
    @inline(__always) static func max(_ a: Self, _ b: Self) -> Self { Self(Swift.max(a.value, b.value)) }
    @inline(__always) var magnitude: Self { Self(abs(value)) }
    @inline(__always) var smallest: Double { value }
    @inline(__always) var flaw: Double { value - value }
}

/// Replaces a matrix by its factors L U, in place; the diagonal by its inverse.
///
/// - Returns: The least |pivot| relative to what it was measured against: its own row in U for an algebraic row, its
///   own value before elimination for the others; NaN where a pivot is not a finite number.
public func eliminate(_ plan: cl_elimination, _ matrix: UnsafeMutablePointer<Double>, lanes: Int) -> Double {
    if lanes == 1 { return unsafe eliminate(SingleLane.self, plan, matrix, lanes: 1) }
    var least = Double.infinity
    var flaw = 0.0
    for first in stride(from: 0, to: lanes, by: DoubleLanes.count) {
        let here = unsafe eliminate(DoubleLanes.self, plan, matrix + first, lanes: lanes)
        least = min(least, here)
        flaw += here - here
    }
    return least + flaw
}

@inline(__always)
private func eliminate<L: Lanes>(
    _: L.Type, _ plan: cl_elimination, _ matrix: UnsafeMutablePointer<Double>, lanes: Int
) -> Double {
    var targets: UnsafePointer<Int32> = unsafe plan.targets
    var least = Double.infinity
    var flaw = 0.0
    for row in unsafe 0..<plan.rows {
        let diagonal = unsafe Int(plan.diagonals[row])
        let before = unsafe L(from: matrix + diagonal * lanes).magnitude
        for entry in unsafe Int(plan.starts[row])..<diagonal {
            let pivot = unsafe Int(plan.columns[entry])
            let after = unsafe Int(plan.diagonals[pivot]) + 1
            let end = unsafe Int(plan.starts[pivot + 1])
            let at = unsafe matrix + entry * lanes
            let factor = unsafe L(from: at) * L(from: matrix + (after - 1) * lanes)
            unsafe factor.store(to: at)
            for source in after..<end {
                let target = unsafe matrix + Int(targets[source - after]) * lanes
                unsafe (L(from: target) - factor * L(from: matrix + source * lanes)).store(to: target)
            }
            unsafe targets += end - after
        }
        let pivot = unsafe L(from: matrix + diagonal * lanes)
        var measure = before
        if unsafe plan.isAlgebraic[row] != 0 {
            for entry in unsafe diagonal + 1..<Int(plan.starts[row + 1]) {
                measure = unsafe L.max(measure, L(from: matrix + entry * lanes).magnitude)
            }
        }
        let inverse = L(all: 1) / pivot
        unsafe inverse.store(to: matrix + diagonal * lanes)
        least = min(least, (pivot.magnitude / measure).smallest)
        flaw += inverse.flaw
    }
    return least + flaw
}

/// Solves L U x = right with the factors that ``eliminate(_:_:lanes:)`` left; `work` holds rows × lanes.
///
/// `right`: In the order of rows.
/// `solution`: In the order of unknowns.
public func solve(
    _ plan: cl_elimination, _ factors: UnsafePointer<Double>, _ right: UnsafePointer<Double>,
    into solution: UnsafeMutablePointer<Double>, work: UnsafeMutablePointer<Double>, lanes: Int
) {
    if lanes == 1 { return unsafe solve(SingleLane.self, plan, factors, right, solution, work, lanes: 1) }
    for first in stride(from: 0, to: lanes, by: DoubleLanes.count) {
        unsafe solve(
            DoubleLanes.self, plan, factors + first, right + first, solution + first, work + first, lanes: lanes)
    }
}

@inline(__always)
private func solve<L: Lanes>(
    _: L.Type, _ plan: cl_elimination, _ factors: UnsafePointer<Double>, _ right: UnsafePointer<Double>,
    _ solution: UnsafeMutablePointer<Double>, _ work: UnsafeMutablePointer<Double>, lanes: Int
) {
    for row in unsafe 0..<plan.rows {
        var sum = unsafe L(from: right + Int(plan.rowOf[row]) * lanes)
        for entry in unsafe Int(plan.starts[row])..<Int(plan.diagonals[row]) {
            sum = unsafe sum - L(from: factors + entry * lanes) * L(from: work + Int(plan.columns[entry]) * lanes)
        }
        unsafe sum.store(to: work + row * lanes)
    }
    var row = unsafe plan.rows
    while row > 0 {
        row -= 1
        let diagonal = unsafe Int(plan.diagonals[row])
        var sum = unsafe L(from: work + row * lanes)
        for entry in unsafe diagonal + 1..<Int(plan.starts[row + 1]) {
            sum = unsafe sum - L(from: factors + entry * lanes) * L(from: work + Int(plan.columns[entry]) * lanes)
        }
        sum = unsafe sum * L(from: factors + diagonal * lanes)
        unsafe sum.store(to: work + row * lanes)
        unsafe sum.store(to: solution + Int(plan.unknownOf[row]) * lanes)
    }
}
