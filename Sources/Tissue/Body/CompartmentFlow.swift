#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// One molecule in all compartments: dN/dt = A N + inflow + slope · t, with A constant, solved exactly over any stretch of time.
///
/// The state is what each compartment holds and what has been cleared so far, molecules. The exponential is taken by
/// uniformisation: e^(M t) = e^(−q t) e^((M + q) t) with M + q ≥ 0, whose series has no cancellation, so that small
/// contents keep their digits; then squared up.
struct CompartmentFlow {
    /// The most compartments of one model: their exponential is dense.
    static let mostCompartments = 13

    let count: Int
    /// Row by row over compartments, then what is cleared, then the time, then the constant 1: dy/dt = M y.
    private var matrix: [Double]
    private var power: [Double]
    private var term: [Double]
    private var sum: [Double]
    private var size: Int { count + 3 }

    /// - Parameters:
    ///   - losses: what each compartment loses for good, 1/s.
    ///   - transfers: by compartment, to which others it loses how much, 1/s.
    init(losses: [Double], transfers: [[(to: Int, rate: Double)]]) {
        count = losses.count
        let size = losses.count + 3
        matrix = Array(repeating: 0, count: size * size)
        (power, term, sum) = (matrix, matrix, matrix)
        for (from, loss) in losses.enumerated() {
            matrix[from * size + from] -= loss
            matrix[count * size + from] += loss
            for transfer in transfers[from] {
                matrix[from * size + from] -= transfer.rate
                matrix[transfer.to * size + from] += transfer.rate
            }
        }
    }

    /// The fastest rate, 1/s.
    var fastest: Double { (0..<count).reduce(0) { max($0, -matrix[$1 * size + $1]) } }

    /// Moves contents and what was cleared on by some seconds.
    ///
    /// - Parameters:
    ///   - contents: of each compartment, molecules.
    ///   - cleared: up to now, molecules.
    ///   - inflow: into each compartment at the start, molecules/s; negative where it gives.
    ///   - slope: by which the inflow grows, molecules/s².
    ///   - leak: taken from each compartment besides, 1/s, and not counted as cleared.
    ///   - seconds: how long, s.
    mutating func advance(
        _ contents: inout [Double], cleared: inout Double, inflow: [Double], slope: [Double], leak: [Double],
        by seconds: Double
    ) {
        guard seconds > 0, count > 0 else { return }
        exponentiate(inflow: inflow, slope: slope, leak: leak, seconds: seconds)
        let size = size
        var (next, gone) = (contents, cleared)
        for row in 0..<count {
            next[row] = sum[row * size + size - 1]
            for column in 0..<count { next[row] += sum[row * size + column] * contents[column] }
        }
        gone += sum[count * size + size - 1]
        for column in 0..<count { gone += sum[count * size + column] * contents[column] }
        (contents, cleared) = (next, gone)
    }

    /// Leaves e^(M·seconds) in `sum`.
    private mutating func exponentiate(inflow: [Double], slope: [Double], leak: [Double], seconds: Double) {
        let size = size
        var shift = 0.0
        for k in 0..<count { shift = max(shift, -matrix[k * size + k] + leak[k]) }
        // Chosen: arguments up to ½, where 20 terms are exact to rounding.
        var squarings = 0
        var step = seconds
        while shift * step > 0.5, squarings < 200 {
            step /= 2
            squarings += 1
        }
        for i in matrix.indices { power[i] = matrix[i] }
        for k in 0..<count {
            power[k * size + k] -= leak[k]
            power[k * size + size - 2] = slope[k]
            power[k * size + size - 1] = inflow[k]
        }
        power[(size - 2) * size + size - 1] = 1
        for k in 0..<size {
            power[k * size + k] += shift
            for j in 0..<size { power[k * size + j] *= step }
        }
        for i in sum.indices { (sum[i], term[i]) = (0, 0) }
        for k in 0..<size { (sum[k * size + k], term[k * size + k]) = (1, 1) }
        for order in 1...20 {
            multiply(&term, by: power, scale: 1 / Double(order))
            for i in sum.indices { sum[i] += term[i] }
        }
        let decay = exp(-shift * step)
        for i in sum.indices { sum[i] *= decay }
        for _ in 0..<squarings {
            for i in sum.indices { term[i] = sum[i] }
            multiply(&sum, by: term, scale: 1)
        }
    }

    /// a ← a · b · scale.
    private func multiply(_ a: inout [Double], by b: [Double], scale: Double) {
        let size = size
        var row = SIMD16<Double>()
        precondition(size <= row.scalarCount, "\(count) compartments are more than the exponential has room for")
        for i in 0..<size {
            for j in 0..<size {
                var total = 0.0
                for k in 0..<size { total += a[i * size + k] * b[k * size + j] }
                row[j] = total * scale
            }
            for j in 0..<size { a[i * size + j] = row[j] }
        }
    }
}
