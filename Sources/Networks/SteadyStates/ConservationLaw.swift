/// A sum of unknowns that nothing which happens can change: the total of a moiety.
public struct ConservationLaw: Hashable, Sendable {
    /// One an unknown.
    public var weights: [Double]

    public init(weights: [Double]) { self.weights = weights }

    /// All independent laws of a stoichiometric matrix: the weights w with Σᵢ wᵢ Nᵢⱼ = 0 for every column j.
    ///
    /// A column is what one process does to the unknowns, one entry an unknown.
    public static func laws(unknowns: Int, columns: [[Double]]) -> [ConservationLaw] {
        var matrix = DenseMatrix(columns.count, unknowns)
        for (row, column) in columns.enumerated() {
            let largest = column.lazy.map(abs).max() ?? 0
            guard largest > 0 else { continue }
            for (index, entry) in column.enumerated() { matrix[row, index] = entry / largest }
        }
        let pivots = reduce(&matrix)
        let free = (0..<unknowns).filter { !pivots.contains($0) }
        return free.map { column in
            var weights = Array(repeating: 0.0, count: unknowns)
            weights[column] = 1
            for (row, pivot) in pivots.enumerated() { weights[pivot] = -matrix[row, column] }
            return ConservationLaw(weights: weights)
        }
    }

    /// Brings a matrix to its reduced echelon form and says which column each row is solved for.
    private static func reduce(_ matrix: inout DenseMatrix) -> [Int] {
        var pivots: [Int] = []
        for column in 0..<matrix.columns {
            guard pivots.count < matrix.rows else { break }
            let top = pivots.count
            var best = top
            for row in top..<matrix.rows where abs(matrix[row, column]) > abs(matrix[best, column]) { best = row }
            // Chosen: stoichiometries are a few small numbers, so that what is left of a zero is rounding.
            guard abs(matrix[best, column]) > 1e-10 else {
                for row in top..<matrix.rows { matrix[row, column] = 0 }
                continue
            }
            matrix.exchangeRows(top, best)
            let pivot = matrix[top, column]
            for other in column..<matrix.columns { matrix[top, other] /= pivot }
            for row in 0..<matrix.rows where row != top && matrix[row, column] != 0 {
                let factor = matrix[row, column]
                for other in column..<matrix.columns {
                    let left = matrix[row, other] - factor * matrix[top, other]
                    matrix[row, other] = abs(left) < 1e-12 ? 0 : left
                }
            }
            pivots.append(column)
        }
        return pivots
    }

    /// The total at these values.
    public func total(_ values: [Double]) -> Double {
        zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
