import Foundation
import Simulation

/// How expression counts are drawn: how many a cell has on average, how much they scatter, and from which seed.
public struct CountSampling: Hashable, Sendable {
    /// Mean counts of a cell that has every gene.
    let depth: Double
    /// φ of the negative binomial, variance = mean + φ mean²; 0 is Poisson.
    let dispersion: Double
    let seed: UInt64

    /// Chosen: 1000 counts over the few genes of a model leave tens to hundreds a gene, as deep sequencing does.
    public static let defaultDepth = 1000.0
    /// Chosen: beyond it counts no longer fit the 32 bits they are stored in, at any scatter.
    public static let largestDepth = 1e6
    public static let largestDispersion = 100.0

    /// - Throws: An ``ExportProblem`` for numbers that counts cannot have.
    public init(depth: Double, dispersion: Double, seed: UInt64) throws(ExportProblem) {
        guard depth > 0, depth <= CountSampling.largestDepth else {
            throw ExportProblem(
                "a depth of \(depth) counts a cell cannot be drawn", fix: "give --depth a number up to 1000000")
        }
        guard dispersion >= 0, dispersion <= CountSampling.largestDispersion else {
            throw ExportProblem(
                "a dispersion of \(dispersion) cannot be drawn", fix: "give --dispersion a number from 0 to 100")
        }
        self.depth = depth
        self.dispersion = dispersion
        self.seed = seed
    }

    /// The count of a gene in a cell with this expected one; the same for the same seed, cell and gene.
    func count(expected: Double, cell: Int, gene: Int) -> Int32 {
        guard expected > 0 else { return 0 }
        var stream = RandomStream(seed: seed, cell: cell, purpose: .expressionCount, index: gene)
        let mean =
            dispersion > 0 ? expected * dispersion * CountSampling.gamma(shape: 1 / dispersion, &stream) : expected
        return Int32(clamping: Int(min(CountSampling.poisson(mean: mean, &stream), 1e18)))
    }

    /// A gamma number of scale 1.
    ///
    /// Source: Marsaglia & Tsang (2000), A simple method for generating gamma variables, ACM Transactions on
    /// Mathematical Software 26:363–372; below shape 1 by their own boost with a power of a uniform number.
    static func gamma(shape: Double, _ stream: inout RandomStream) -> Double {
        guard shape >= 1 else {
            return gamma(shape: shape + 1, &stream) * pow(1 - stream.uniform(), 1 / shape)
        }
        let d = shape - 1 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = stream.normal()
            let v = pow(1 + c * x, 3)
            guard v > 0 else { continue }
            if log(1 - stream.uniform()) < x * x / 2 + d - d * v + d * log(v) { return d * v }
        }
    }

    /// A Poisson number.
    ///
    /// Source: below a mean of 10 by multiplying uniform numbers (Knuth, The Art of Computer Programming 2, 3.4.1);
    /// else Hörmann (1993), The transformed rejection method for generating Poisson random variables, Insurance:
    /// Mathematics and Economics 12:39–45, algorithm PTRS.
    static func poisson(mean: Double, _ stream: inout RandomStream) -> Double {
        guard mean >= 10 else {
            let limit = exp(-mean)
            var (count, product) = (0.0, 1 - stream.uniform())
            while product > limit {
                product *= 1 - stream.uniform()
                count += 1
            }
            return count
        }
        let b = 0.931 + 2.53 * mean.squareRoot()
        let a = -0.059 + 0.02483 * b
        let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
        let vr = 0.9277 - 3.6224 / (b - 2)
        while true {
            let u = stream.uniform() - 0.5
            let v = 1 - stream.uniform()
            let us = 0.5 - abs(u)
            guard us > 0 else { continue }
            let k = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
            if us >= 0.07, v <= vr { return k }
            if k < 0 || us < 0.013 && v > us { continue }
            if log(v * inverseAlpha / (a / (us * us) + b)) <= k * log(mean) - mean - logFactorial(k) { return k }
        }
    }

    /// ln k!, exact below 10 and by Stirling's series above, to 1e-11.
    private static func logFactorial(_ k: Double) -> Double {
        if k < 10 { return log((1...10).reduce(1) { Double($1) <= k ? $0 * Double($1) : $0 }) }
        let series = 1 / (12 * k) - 1 / (360 * pow(k, 3)) + 1 / (1260 * pow(k, 5)) - 1 / (1680 * pow(k, 7))
        return k * log(k) - k + log(2 * .pi * k) / 2 + series
    }
}
