/// A small matrix of all its entries, row by row.
struct DenseMatrix: Hashable, Sendable {
    let rows: Int
    let columns: Int
    private(set) var entries: [Double]

    /// Zeros.
    init(_ rows: Int, _ columns: Int) {
        self.rows = rows
        self.columns = columns
        entries = Array(repeating: 0, count: rows * columns)
    }

    init(_ lines: [[Double]]) {
        self.init(lines.count, lines.first?.count ?? 0)
        precondition(lines.allSatisfy { $0.count == columns }, "rows of a matrix are equally long")
        entries = lines.flatMap(\.self)
    }

    subscript(row: Int, column: Int) -> Double {
        get { entries[row * columns + column] }
        set { entries[row * columns + column] = newValue }
    }

    func row(_ index: Int) -> ArraySlice<Double> { entries[index * columns..<(index + 1) * columns] }

    static func * (matrix: DenseMatrix, vector: [Double]) -> [Double] {
        precondition(vector.count == matrix.columns, "a vector has an entry a column")
        return (0..<matrix.rows).map { row in
            var sum = 0.0
            for column in 0..<matrix.columns { sum += matrix[row, column] * vector[column] }
            return sum
        }
    }

    mutating func exchangeRows(_ a: Int, _ b: Int) {
        guard a != b else { return }
        for column in 0..<columns { entries.swapAt(a * columns + column, b * columns + column) }
    }
}

/// A square matrix as a product of triangles, rows and columns scaled first, with partial pivoting.
struct LUFactors: Sendable {
    private var lu: DenseMatrix
    private var order: [Int]
    private let rowScales: [Double]
    private let columnScales: [Double]

    /// `columnScales` are the sizes of the unknowns, so that those of different sizes weigh the same; `nil` where the
    /// matrix has no inverse to rounding, or an entry that is not finite.
    init?(_ matrix: DenseMatrix, columnScales: [Double]) {
        precondition(matrix.rows == matrix.columns && columnScales.count == matrix.columns, "a square matrix")
        let count = matrix.rows
        lu = matrix
        order = Array(0..<count)
        self.columnScales = columnScales
        var rowScales = Array(repeating: 1.0, count: count)
        for row in 0..<count {
            var largest = 0.0
            for column in 0..<count {
                lu[row, column] *= columnScales[column]
                largest = max(largest, abs(lu[row, column]))
                guard lu[row, column].isFinite else { return nil }
            }
            guard largest > 0 else { return nil }
            rowScales[row] = 1 / largest
            for column in 0..<count { lu[row, column] /= largest }
        }
        self.rowScales = rowScales
        guard eliminate() else { return nil }
    }

    private mutating func eliminate() -> Bool {
        let count = lu.rows
        for pivot in 0..<count {
            var best = pivot
            for row in pivot..<count where abs(lu[row, pivot]) > abs(lu[best, pivot]) { best = row }
            // Chosen: a few roundings of rows whose largest entry is 1.
            guard abs(lu[best, pivot]) > 1e-15 else { return false }
            lu.exchangeRows(pivot, best)
            order.swapAt(pivot, best)
            for row in pivot + 1..<max(count, pivot + 1) {
                let factor = lu[row, pivot] / lu[pivot, pivot]
                lu[row, pivot] = factor
                guard factor != 0 else { continue }
                for column in pivot + 1..<count { lu[row, column] -= factor * lu[pivot, column] }
            }
        }
        return true
    }

    /// The solution for one right side.
    func solve(_ right: [Double]) -> [Double] {
        let count = lu.rows
        var x = order.map { right[$0] * rowScales[$0] }
        for row in 0..<count {
            for column in 0..<row { x[row] -= lu[row, column] * x[column] }
        }
        for row in stride(from: count - 1, through: 0, by: -1) {
            for column in row + 1..<max(count, row + 1) { x[row] -= lu[row, column] * x[column] }
            x[row] /= lu[row, row]
        }
        for row in 0..<count { x[row] *= columnScales[row] }
        return x
    }
}
