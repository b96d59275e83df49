/// Factors of a block's matrices with rows exchanged at run time: for matrices whose fixed order of pivots fails.
@safe final class DenseFactors {
    private let n: Int
    private let lanes: Int
    /// [lane][row][column].
    private let matrix: UnsafeMutablePointer<Double>
    /// [lane][row]: the row exchanged with.
    private let exchanges: UnsafeMutablePointer<Int>
    private let work: UnsafeMutablePointer<Double>

    init(unknowns: Int, lanes: Int) {
        n = unknowns
        self.lanes = lanes
        unsafe matrix = .allocate(capacity: max(n * n * lanes, 1))
        unsafe exchanges = .allocate(capacity: max(n * lanes, 1))
        unsafe work = .allocate(capacity: max(n, 1))
    }

    deinit {
        unsafe matrix.deallocate()
        unsafe exchanges.deallocate()
        unsafe work.deallocate()
    }

    /// Factorises M · diagonal − J of every lane.
    ///
    /// `mass`: [unknown][lane].
    /// - Returns: Whether every matrix has an inverse.
    func factorise(
        _ jacobian: UnsafePointer<Double>, _ pattern: SparsePattern, mass: UnsafePointer<Double>, diagonal: Double
    ) -> Bool {
        for lane in 0..<lanes {
            let a = unsafe matrix + lane * n * n
            unsafe a.update(repeating: 0, count: n * n)
            for row in 0..<n {
                for entry in pattern.starts[row]..<pattern.starts[row + 1] {
                    let value = unsafe jacobian[entry * lanes + lane]
                    unsafe a[row * n + pattern.columns[entry]] = value.isFinite ? -value : 0
                }
                unsafe a[row * n + row] += mass[row * lanes + lane] * diagonal
            }
            if unsafe !factorise(a, exchanges + lane * n) { return false }
        }
        return true
    }

    /// L U of one matrix; a row counts relative to its largest entry.
    private func factorise(_ a: UnsafeMutablePointer<Double>, _ exchanged: UnsafeMutablePointer<Int>) -> Bool {
        for row in 0..<n {
            let largest = (0..<n).reduce(0.0) { unsafe max($0, abs(a[row * n + $1])) }
            if !(largest > 0) { return false }
            unsafe work[row] = 1 / largest
        }
        for column in 0..<n {
            var best = column
            for row in column..<n
            where unsafe abs(a[row * n + column]) * work[row] > abs(a[best * n + column]) * work[best] { best = row }
            unsafe exchanged[column] = best
            if best != column {
                for k in 0..<n { unsafe swap(&a[best * n + k], &a[column * n + k]) }
                unsafe swap(&work[best], &work[column])
            }
            let pivot = unsafe a[column * n + column]
            if pivot == 0 || !pivot.isFinite { return false }
            for row in column + 1..<max(n, column + 1) {
                let factor = unsafe a[row * n + column] / pivot
                unsafe a[row * n + column] = factor
                if factor == 0 { continue }
                for k in column + 1..<n { unsafe a[row * n + k] -= factor * a[column * n + k] }
            }
        }
        return true
    }

    /// Solves for every lane; vectors are [unknown][lane].
    func solve(_ right: UnsafePointer<Double>, into solution: UnsafeMutablePointer<Double>) {
        for lane in 0..<lanes {
            let (a, exchanged) = unsafe (matrix + lane * n * n, exchanges + lane * n)
            for row in 0..<n { unsafe work[row] = right[row * lanes + lane] }
            // Exchanges moved whole rows, factors included, so they all come first.
            for row in 0..<n { unsafe swap(work, row, exchanged[row]) }
            for row in 0..<n { for k in 0..<row { unsafe work[row] -= a[row * n + k] * work[k] } }
            for row in stride(from: n - 1, through: 0, by: -1) {
                for k in row + 1..<max(n, row + 1) { unsafe work[row] -= a[row * n + k] * work[k] }
                unsafe work[row] /= a[row * n + row]
            }
            for row in 0..<n { unsafe solution[row * lanes + lane] = work[row] }
        }
    }
}

private func swap(_ values: UnsafeMutablePointer<Double>, _ a: Int, _ b: Int) {
    let kept = unsafe values[a]
    unsafe values[a] = values[b]
    unsafe values[b] = kept
}
