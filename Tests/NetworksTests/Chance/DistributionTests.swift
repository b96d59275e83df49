import Biology
import Foundation
import Networks
import Simulation
import Testing

/// Samplers against the laws' distribution functions, written here once more.
@Suite struct DistributionTests {
    /// A law on the real line: its arguments and its distribution function without truncation.
    struct Continuous: Sendable, CustomTestStringConvertible {
        var law: Formula.Distribution
        var arguments: [Double]
        var below: @Sendable (Double) -> Double
        var testDescription: String { "\(law.rawValue)\(arguments)" }
    }

    static let continuous: [Continuous] = [
        Continuous(law: .normal, arguments: [1, 2]) { normalBelow(($0 - 1) / 2) },
        Continuous(law: .uniform, arguments: [-1, 3]) { min(max(($0 + 1) / 4, 0), 1) },
        Continuous(law: .cauchy, arguments: [1, 2]) { 0.5 + atan(($0 - 1) / 2) / .pi },
        Continuous(law: .cauchy, arguments: [2]) { 0.5 + atan($0 / 2) / .pi },
        Continuous(law: .chisquare, arguments: [4]) { $0 <= 0 ? 0 : 1 - exp(-$0 / 2) * (1 + $0 / 2) },
        Continuous(law: .chisquare, arguments: [1]) { $0 <= 0 ? 0 : erf(($0 / 2).squareRoot()) },
        Continuous(law: .exponential, arguments: [3]) { $0 <= 0 ? 0 : 1 - exp(-3 * $0) },
        Continuous(law: .gamma, arguments: [3, 2]) { x in
            x <= 0 ? 0 : 1 - exp(-x / 2) * (1 + x / 2 + x * x / 8)
        },
        Continuous(law: .gamma, arguments: [0.5, 2]) { $0 <= 0 ? 0 : erf(($0 / 2).squareRoot()) },
        Continuous(law: .laplace, arguments: [1, 2]) { x in
            x < 1 ? exp((x - 1) / 2) / 2 : 1 - exp((1 - x) / 2) / 2
        },
        Continuous(law: .lognormal, arguments: [0.5, 0.8]) { $0 <= 0 ? 0 : normalBelow((log($0) - 0.5) / 0.8) },
        Continuous(law: .rayleigh, arguments: [2]) { $0 <= 0 ? 0 : 1 - exp(-$0 * $0 / 8) },
    ]

    static func normalBelow(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

    /// √n times the largest distance between what was drawn and the law: above 1.95 in one of 1,000 (Kolmogorov).
    private func distance(_ values: [Double], _ below: (Double) -> Double) -> Double {
        let sorted = values.sorted()
        let n = Double(sorted.count)
        var largest = 0.0
        for (rank, value) in sorted.enumerated() {
            let part = below(value)
            largest = max(largest, abs(part - Double(rank) / n), abs(part - Double(rank + 1) / n))
        }
        return largest * n.squareRoot()
    }

    private func draws(_ law: Formula.Distribution, _ arguments: [Double], count: Int = 20_000) -> [Double] {
        var stream = RandomStream(seed: 11, cell: 0, purpose: .draw)
        return (0..<count).map { _ in law.draw(arguments, from: &stream) }
    }

    @Test(arguments: continuous) func continuousLawsHaveTheirDistribution(_ law: Continuous) {
        #expect(distance(draws(law.law, law.arguments), law.below) < 1.95)
    }

    /// Windows about the middle, one-sided ones, and narrow ones in either tail: each has its own way of drawing.
    @Test(arguments: continuous) func cutLawsHaveTheirDistribution(_ law: Continuous) {
        let own = law.law.argumentCounts.last == 3 ? 1 : 2
        guard law.arguments.count == own else { return }
        let windows: [(Double, Double)] = [
            (0.5, 2), (-.infinity, 0.7), (1.2, .infinity), (2.4, 2.9), (0.01, 0.02), (-2, -0.5), (7, .infinity),
            (4, 20),
            (-.infinity, .infinity),
        ]
        for (low, high) in windows {
            let under = low == -.infinity ? 0 : law.below(low)
            let share = (high == .infinity ? 1 : law.below(high)) - under
            let values = draws(law.law, law.arguments + [low, high], count: 5000)
            guard share > 1e-12 else { continue }
            #expect(values.allSatisfy { low <= $0 && $0 <= high }, "\(low) to \(high)")
            #expect(distance(values) { (law.below($0) - under) / share } < 1.95, "\(low) to \(high)")
        }
    }

    /// A window 12 deviations out, where plain rejection would never end.
    @Test func farTailsAreDrawnToo() {
        let normal = draws(.normal, [0, 1, 12, .infinity], count: 5000)
        // Beyond a the tail is nearly exponential: a + 1/a − 2/a³ + 10/a⁵ − ... (asymptotic series of Mills' ratio).
        let mean = normal.reduce(0, +) / 5000
        #expect(abs(mean - (12 + 1 / 12.0 - 2 / pow(12, 3) + 10 / pow(12, 5))) < 4 * 0.0815 / 5000.0.squareRoot())
        let gamma = draws(.gamma, [3, 1, 60, .infinity], count: 5000)
        // Density x²e⁻ˣ beyond a: mean (a³ + 3a² + 6a + 6)/(a² + 2a + 2).
        let exact = (216_000.0 + 10_800 + 360 + 6) / (3600 + 120 + 2)
        #expect(abs(gamma.reduce(0, +) / 5000 - exact) < 4 * 1.04 / 5000.0.squareRoot())
        #expect(gamma.allSatisfy { $0 >= 60 })
        let poisson = draws(.poisson, [2, 30, .infinity], count: 2000)
        #expect(poisson.allSatisfy { $0 >= 30 && $0 < 40 && $0.rounded() == $0 })
        #expect(draws(.binomial, [1000, 0.9, 0, 500], count: 2000).allSatisfy { $0 <= 500 && $0 > 450 })
    }

    struct Counted: Sendable, CustomTestStringConvertible {
        var law: Formula.Distribution
        var arguments: [Double]
        var probability: @Sendable (Int) -> Double
        var testDescription: String { "\(law.rawValue)\(arguments)" }
    }

    static let counted: [Counted] =
        [0.3, 4, 9.9, 10.1, 40, 300].map { mean in
            Counted(law: .poisson, arguments: [mean]) { poissonProbability($0, mean) }
        }
        + [(5, 0.3), (100, 0.2), (100, 0.8), (1000, 0.02), (30, 0.5), (400, 0.5)].map { trials, p in
            Counted(law: .binomial, arguments: [Double(trials), p]) { binomialProbability($0, trials, p) }
        } + [
            Counted(law: .bernoulli, arguments: [0.23]) { $0 == 0 ? 0.77 : $0 == 1 ? 0.23 : 0 },
            Counted(law: .binomial, arguments: [100, 0.2, 15, 32]) {
                15 <= $0 && $0 <= 32 ? binomialProbability($0, 100, 0.2) : 0
            },
            Counted(law: .poisson, arguments: [4, 9, 12]) { 9 <= $0 && $0 <= 12 ? poissonProbability($0, 4) : 0 },
            Counted(law: .poisson, arguments: [4, 17, 30]) { 17 <= $0 && $0 <= 30 ? poissonProbability($0, 4) : 0 },
            Counted(law: .poisson, arguments: [80, 5, 40]) { 5 <= $0 && $0 <= 40 ? poissonProbability($0, 80) : 0 },
        ]

    static func poissonProbability(_ k: Int, _ mean: Double) -> Double {
        exp((1..<max(k + 1, 1)).reduce(-mean) { $0 + log(mean / Double($1)) })
    }

    static func binomialProbability(_ k: Int, _ trials: Int, _ p: Double) -> Double {
        guard k <= trials else { return 0 }
        let ways = (1..<max(k + 1, 1)).reduce(0.0) { $0 + log(Double(trials - k + $1) / Double($1)) }
        return exp(ways + Double(k) * log(p) + Double(trials - k) * log1p(-p))
    }

    /// Chi-square over numbers with at least five expected draws, the rest together, in deviations of the chi-square.
    @Test(arguments: counted) func countedLawsHaveTheirDistribution(_ law: Counted) {
        let count = 20_000
        let values = draws(law.law, law.arguments, count: count)
        #expect(values.allSatisfy { $0 >= 0 && $0.rounded() == $0 })
        var seen = [Int](repeating: 0, count: 1001)
        for value in values { seen[Int(value)] += 1 }
        let whole = (0...1000).reduce(0.0) { $0 + law.probability($1) }
        var classes = 0.0
        var square = 0.0
        var rest = (seen: 0.0, expected: 0.0)
        for k in 0...1000 {
            let expected = Double(count) * law.probability(k) / whole
            if expected < 5 {
                rest = (rest.seen + Double(seen[k]), rest.expected + expected)
            } else {
                classes += 1
                square += pow(Double(seen[k]) - expected, 2) / expected
            }
        }
        if rest.expected > 1 {
            classes += 1
            square += pow(rest.seen - rest.expected, 2) / rest.expected
        } else {
            #expect(rest.seen < 8, "what is hardly possible happened \(rest.seen) times")
        }
        #expect(square < (classes - 1) + 4 * (2 * (classes - 1)).squareRoot())
    }

    @Test func whatIsNoLawIsNotANumber() {
        let wrong: [(Formula.Distribution, [Double])] = [
            (.normal, [0, -1]), (.uniform, [2, 1]), (.gamma, [0, 1]), (.exponential, [-1]), (.binomial, [2.5, 0.5]),
            (.bernoulli, [1.5]), (.poisson, [.infinity]), (.normal, [0, 1, 3, 2]), (.exponential, [1, -3, -2]),
            (.lognormal, [0, 1, -3, -2]), (.poisson, [3, 4.2, 4.8]), (.binomial, [5, 0.5, 6, 9]), (.normal, [.nan, 1]),
        ]
        for (law, arguments) in wrong { #expect(draws(law, arguments, count: 1)[0].isNaN, "\(law) \(arguments)") }
    }

    @Test func lawsWithoutSpreadGiveTheirMiddle() {
        for law in [Formula.Distribution.normal, .cauchy, .laplace] { #expect(draws(law, [3, 0], count: 1) == [3]) }
    }
}
