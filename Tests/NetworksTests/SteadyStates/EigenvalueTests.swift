import Foundation
import Testing

@testable import Networks

@Suite struct EigenvalueTests {
    /// The largest difference of two spectra, each sorted.
    static func error(_ found: [Eigenvalue]?, _ exact: [Eigenvalue]) -> Double {
        guard let found, found.count == exact.count else { return .infinity }
        var left = exact
        var worst = 0.0
        for value in found {
            func distance(_ other: Eigenvalue) -> Double {
                Eigenvalue(value.real - other.real, value.imaginary - other.imaginary).magnitude
            }
            guard let place = left.indices.min(by: { distance(left[$0]) < distance(left[$1]) }) else { break }
            worst = max(worst, distance(left.remove(at: place)))
        }
        return worst
    }

    @Test func findsTheOnesOfSmallMatrices() {
        #expect(EigenvalueIteration.eigenvalues(of: DenseMatrix(0, 0)) == [])
        #expect(EigenvalueIteration.eigenvalues(of: DenseMatrix([[3]])) == [Eigenvalue(3)])
        let turn = DenseMatrix([[1, -2], [2, 1]])
        #expect(Self.error(EigenvalueIteration.eigenvalues(of: turn), [Eigenvalue(1, 2), Eigenvalue(1, -2)]) < 1e-15)
        // A permutation: the cube roots of one.
        let cycle = DenseMatrix([[0, 1, 0], [0, 0, 1], [1, 0, 0]])
        let third = 0.75.squareRoot()
        let roots = [Eigenvalue(1), Eigenvalue(-0.5, third), Eigenvalue(-0.5, -third)]
        #expect(Self.error(EigenvalueIteration.eigenvalues(of: cycle), roots) < 1e-14)
        #expect(EigenvalueIteration.eigenvalues(of: DenseMatrix([[.nan, 1], [1, 1]])) == nil)
    }

    /// The second difference on n points has the eigenvalues 2 − 2 cos(kπ/(n + 1)).
    @Test(arguments: [5, 40, 100]) func findsTheOnesOfTheSecondDifference(n: Int) {
        var matrix = DenseMatrix(n, n)
        for i in 0..<n {
            matrix[i, i] = 2
            if i > 0 { (matrix[i, i - 1], matrix[i - 1, i]) = (-1, -1) }
        }
        let exact = (1...n).map { Eigenvalue(2 - 2 * cos(Double($0) * .pi / Double(n + 1))) }
        #expect(Self.error(EigenvalueIteration.eigenvalues(of: matrix), exact) < 1e-13 * Double(n))
    }

    /// A circulant matrix of weights c has the eigenvalues Σ cⱼ exp(2πi jk/n): pairs, off the real axis.
    @Test func findsTheOnesOfACirculantMatrix() {
        let n = 31
        let weights = (0..<n).map { sin(Double($0 * $0)) }
        var matrix = DenseMatrix(n, n)
        for i in 0..<n { for j in 0..<n { matrix[i, (i + j) % n] = weights[j] } }
        let exact = (0..<n).map { k -> Eigenvalue in
            var sum = Eigenvalue(0)
            for (j, weight) in weights.enumerated() {
                let angle = 2 * .pi * Double(j * k % n) / Double(n)
                sum.real += weight * cos(angle)
                sum.imaginary += weight * sin(angle)
            }
            return sum
        }
        #expect(Self.error(EigenvalueIteration.eigenvalues(of: matrix), exact) < 1e-12)
    }

    /// Rows and columns scaled over 24 powers of ten have the eigenvalues of the plain matrix: balancing finds them.
    @Test func isNotMisledByUnits() {
        let plain = DenseMatrix([[-1, 2, 0.5], [0.3, -4, 1], [0.2, 0.1, -9]])
        let scales = [1e12, 1, 1e-12]
        var scaled = plain
        for i in 0..<3 { for j in 0..<3 { scaled[i, j] = plain[i, j] * scales[i] / scales[j] } }
        let exact = EigenvalueIteration.eigenvalues(of: plain)!
        #expect(Self.error(EigenvalueIteration.eigenvalues(of: scaled), exact) < 1e-14)
        let trace = exact.reduce(0) { $0 + $1.real }
        #expect(abs(trace + 14) < 1e-13)
    }

    /// The companion matrix of (x − 1)(x − 2)…(x − 8).
    @Test func findsTheRootsOfAPolynomial() {
        var coefficients = [1.0]
        for root in 1...8 {
            var next = [0.0] + coefficients
            for (index, value) in coefficients.enumerated() { next[index] -= Double(root) * value }
            coefficients = next
        }
        var matrix = DenseMatrix(8, 8)
        for i in 0..<8 {
            matrix[i, 7] = -coefficients[i]
            if i > 0 { matrix[i, i - 1] = 1 }
        }
        let exact = (1...8).map { Eigenvalue(Double($0)) }
        #expect(Self.error(EigenvalueIteration.eigenvalues(of: matrix), exact) < 1e-8)
    }
}
