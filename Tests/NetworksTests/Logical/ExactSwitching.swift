import Biology

@testable import Networks

/// The exact law of a small logical network in continuous time: probabilities of all states, averaged over windows.
///
/// dp/dt = pQ. With E(h) = exp(Qh) and F(h) = ∫₀ʰ exp(Qs) ds, E(2h) = E(h)² and F(2h) = F(h)(1 + E(h)); both start from
/// their Taylor series at a step where Qh is small.
struct ExactSwitching {
    typealias Matrix = [[Double]]

    /// [window][state], the state's number made of its bits.
    let averages: [[Double]]
    let states: Int

    init(_ program: BooleanProgram, start: [Double], tick: Double, windows: Int) {
        let size = 1 << program.bits
        states = size
        var q = Matrix(repeating: [Double](repeating: 0, count: size), count: size)
        for number in 0..<size {
            var state = program.state()
            for bit in 0..<program.bits where number >> bit & 1 != 0 { state[bit] = true }
            for bit in 0..<program.bits {
                let rate = program.rate.value(bit, at: state)
                q[number][number ^ 1 << bit] += rate
                q[number][number] -= rate
            }
        }
        let largest = q.indices.map { -q[$0][$0] }.max() ?? 0
        var halvings = 0
        while largest * tick / Double(1 << halvings) > 0.05 { halvings += 1 }
        let h = tick / Double(1 << halvings)
        let one = Matrix((0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0 } })
        var e = one
        var f = Self.scaled(one, h)
        var term = one
        for order in 1...12 {
            term = Self.scaled(Self.product(term, q), h / Double(order))
            e = Self.sum(e, term)
            f = Self.sum(f, Self.scaled(term, h / Double(order + 1)))
        }
        for _ in 0..<halvings {
            f = Self.product(f, Self.sum(one, e))
            e = Self.product(e, e)
        }
        var p = start
        var averages: [[Double]] = []
        for _ in 0..<windows {
            averages.append(Self.row(p, f).map { $0 / tick })
            p = Self.row(p, e)
        }
        self.averages = averages
    }

    private static func product(_ a: Matrix, _ b: Matrix) -> Matrix { a.map { row($0, b) } }

    private static func row(_ p: [Double], _ m: Matrix) -> [Double] {
        var result = [Double](repeating: 0, count: p.count)
        for (value, line) in zip(p, m) where value != 0 { for k in line.indices { result[k] += value * line[k] } }
        return result
    }

    private static func sum(_ a: Matrix, _ b: Matrix) -> Matrix { zip(a, b).map { zip($0, $1).map { $0 + $1 } } }

    private static func scaled(_ a: Matrix, _ factor: Double) -> Matrix { a.map { $0.map { $0 * factor } } }
}
