/// An eigenvalue, per unit of time where it is one of a Jacobian.
public struct Eigenvalue: Hashable, Sendable, Codable {
    public var real: Double
    public var imaginary: Double

    public init(_ real: Double, _ imaginary: Double = 0) {
        self.real = real
        self.imaginary = imaginary
    }

    public var magnitude: Double { (real * real + imaginary * imaginary).squareRoot() }
}

/// All eigenvalues of a real matrix: balanced, brought to Hessenberg form, then iterated by Francis' double-shift QR
/// steps.
///
/// After G. H. Golub, C. F. Van Loan, Matrix Computations, chapter 7, and, for balancing, B. N. Parlett, C. Reinsch
/// (1969), Balancing a matrix for calculation of eigenvalues and eigenvectors (both from memory).
struct EigenvalueIteration {
    private var h: DenseMatrix
    private var count: Int { h.rows }

    /// The eigenvalues by falling real part; `nil` where the matrix is not finite.
    static func eigenvalues(of matrix: DenseMatrix) -> [Eigenvalue]? {
        precondition(matrix.rows == matrix.columns, "a square matrix has eigenvalues")
        guard matrix.entries.allSatisfy(\.isFinite) else { return nil }
        var iteration = EigenvalueIteration(h: matrix)
        iteration.balance()
        iteration.reduceToHessenberg()
        return iteration.iterate()?.sorted {
            ($0.real, $0.imaginary) > ($1.real, $1.imaginary)
        }
    }

    /// Scales rows and columns by powers of two, exactly, until they are of like size.
    private mutating func balance() {
        var isBalanced = false
        while !isBalanced {
            isBalanced = true
            for index in 0..<count {
                var (column, row) = (0.0, 0.0)
                for other in 0..<count where other != index {
                    column += abs(h[other, index])
                    row += abs(h[index, other])
                }
                guard column > 0, row > 0 else { continue }
                let sum = column + row
                var factor = 1.0
                while column < row / 2 { (factor, column, row) = (factor * 2, column * 2, row / 2) }
                while column > row * 2 { (factor, column, row) = (factor / 2, column / 2, row * 2) }
                guard column + row < 0.95 * sum, factor.isNormal else { continue }
                isBalanced = false
                for other in 0..<count {
                    h[index, other] /= factor
                    h[other, index] *= factor
                }
            }
        }
    }

    /// Householder reflections from both sides make all below the first subdiagonal zero.
    private mutating func reduceToHessenberg() {
        for column in 0..<max(0, count - 2) {
            let first = column + 1
            guard let reflection = Reflection((first..<count).map { h[$0, column] }) else { continue }
            reflectRows(reflection, first: first, columns: column..<count)
            reflectColumns(reflection, first: first, rows: 0..<count)
            for row in first + 1..<count { h[row, column] = 0 }
        }
    }

    /// I − β v vᵀ, which takes a vector to a multiple of the first unit vector.
    private struct Reflection {
        var v: [Double]
        var beta: Double

        /// `nil` for a vector that is zero but for its first entry.
        init?(_ vector: [Double]) {
            let largest = vector.lazy.map(abs).max() ?? 0
            guard largest > 0, vector.dropFirst().contains(where: { $0 != 0 }) else { return nil }
            v = vector.map { $0 / largest }
            let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
            v[0] += v[0] < 0 ? -length : length
            beta = 2 / v.reduce(0) { $0 + $1 * $1 }
        }
    }

    private mutating func reflectRows(_ reflection: Reflection, first: Int, columns: Range<Int>) {
        for column in columns {
            var sum = 0.0
            for (offset, weight) in reflection.v.enumerated() { sum += weight * h[first + offset, column] }
            for (offset, weight) in reflection.v.enumerated() {
                h[first + offset, column] -= reflection.beta * sum * weight
            }
        }
    }

    private mutating func reflectColumns(_ reflection: Reflection, first: Int, rows: Range<Int>) {
        for row in rows {
            var sum = 0.0
            for (offset, weight) in reflection.v.enumerated() { sum += weight * h[row, first + offset] }
            for (offset, weight) in reflection.v.enumerated() {
                h[row, first + offset] -= reflection.beta * sum * weight
            }
        }
    }

    private mutating func iterate() -> [Eigenvalue]? {
        var found: [Eigenvalue] = []
        var last = count - 1
        var tries = 0
        while last >= 0 {
            let first = startOfBlock(endingAt: last)
            if first == last {
                found.append(Eigenvalue(h[last, last]))
                last -= 1
            } else if first == last - 1 {
                found += pair(first)
                last -= 2
            } else {
                tries += 1
                // Chosen: 60 steps for one eigenvalue, of which 2 to 3 are usual.
                guard tries <= 60 else { return nil }
                step(first, last, isExceptional: tries % 10 == 0)
                continue
            }
            tries = 0
        }
        return found
    }

    /// Where the block that ends here begins: after a subdiagonal entry that is nothing beside its neighbours.
    private mutating func startOfBlock(endingAt last: Int) -> Int {
        var row = last
        while row > 0 {
            var size = abs(h[row, row]) + abs(h[row - 1, row - 1])
            if size == 0 { size = h.entries.lazy.map(abs).max() ?? 0 }
            if abs(h[row, row - 1]) <= Double.ulpOfOne * size {
                h[row, row - 1] = 0
                break
            }
            row -= 1
        }
        return row
    }

    /// The eigenvalues of the two by two block that begins here.
    private func pair(_ first: Int) -> [Eigenvalue] {
        let (a, b, c, d) = (h[first, first], h[first, first + 1], h[first + 1, first], h[first + 1, first + 1])
        let (half, middle) = ((a - d) / 2, (a + d) / 2)
        let discriminant = half * half + b * c
        guard discriminant >= 0 else {
            let imaginary = (-discriminant).squareRoot()
            return [Eigenvalue(middle, imaginary), Eigenvalue(middle, -imaginary)]
        }
        // The one of greater distance from d first; the other from the product, without cancellation.
        let z = half + (half < 0 ? -discriminant.squareRoot() : discriminant.squareRoot())
        return [Eigenvalue(d + z), Eigenvalue(z == 0 ? d : d - b * c / z)]
    }

    /// One double-shift step on a block.
    private mutating func step(_ first: Int, _ last: Int, isExceptional: Bool) {
        let before = last - 1
        var sum = h[before, before] + h[last, last]
        var product = h[before, before] * h[last, last] - h[before, last] * h[last, before]
        if isExceptional {
            let size = abs(h[last, before]) + abs(h[before, max(before - 1, 0)])
            (sum, product) = (1.5 * size, size * size)
        }
        let (h00, h10) = (h[first, first], h[first + 1, first])
        var bulge = [
            h00 * h00 + h[first, first + 1] * h10 - sum * h00 + product,
            h10 * (h00 + h[first + 1, first + 1] - sum), h10 * h[first + 2, first + 1],
        ]
        for k in first...before {
            if let reflection = Reflection(bulge) {
                reflectRows(reflection, first: k, columns: max(first, k - 1)..<last + 1)
                reflectColumns(reflection, first: k, rows: first..<min(k + 3, last) + 1)
            }
            guard k < before else { break }
            bulge = (k + 1...min(k + 3, last)).map { h[$0, k] }
        }
        for row in first + 2..<last + 1 {
            for column in first..<row - 1 { h[row, column] = 0 }
        }
    }
}
