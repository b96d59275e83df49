import Foundation
import Simulation

/// Looks for every state in which a system rests, from many starts.
///
/// It is a search: what it finds is there, but nothing proves that there is no more.
public struct SteadyStateSearch: Sendable {
    /// Where starts are taken from, one an unknown: evenly in the logarithm where the lower end is above 0.
    public var box: [ClosedRange<Double>]
    /// Below this, one an unknown, nothing counts as a solution: 0 for amounts.
    public var lowest: [Double]
    /// How many starts.
    public var starts = 256
    /// Of the starts.
    public var seed: UInt64 = 1
    /// Starts beside those of the box: the network's own, the end of a run.
    public var others: [[Double]] = []
    /// What each reaction does to the unknowns, where laws hold: every second start is reached from the first of the others
    /// by reactions, so that all totals are kept and nothing is below 0.
    public var moves: [[Double]] = []
    /// Asked between starts, to stop early.
    public var isStopped: @Sendable () -> Bool = { false }

    public init(box: [ClosedRange<Double>], lowest: [Double]) {
        precondition(box.count == lowest.count, "one range and lowest value an unknown")
        self.box = box
        self.lowest = lowest
    }

    /// What a search found.
    public struct Outcome: Sendable {
        /// Without duplicates, by falling stability, then by value.
        public var equilibria: [Equilibrium]
        /// How many starts there were, and how many of them led to an equilibrium.
        public var starts: Int
        public var arrived: Int
    }

    /// Searches; the same for the same seed.
    public func run(_ problem: SteadyProblem) -> Outcome {
        precondition(box.count == problem.count, "one range an unknown")
        let solver = SteadyStateSolver(problem: problem, floors: floors, lowest: lowest)
        let roots = Primes.first(problem.count).map { Double($0).squareRoot() }
        var found: [[Double]] = []
        var (tried, arrived) = (0, 0)
        for index in 0..<others.count + starts {
            if isStopped() { break }
            tried += 1
            let start = index < others.count ? others[index] : self.start(index - others.count, roots, problem)
            guard let values = solver.solve(from: start) else { continue }
            arrived += 1
            if !found.contains(where: { isSame($0, values) }) { found.append(values) }
        }
        let equilibria = found.compactMap { values in
            problem.eigenvalues(values).map { Equilibrium(values: values, eigenvalues: $0) }
        }
        return Outcome(equilibria: equilibria.sorted(by: SteadyStateSearch.order), starts: tried, arrived: arrived)
    }

    /// Sizes below which unknowns do not matter: far below what the box holds.
    var floors: [Double] {
        let largest = box.lazy.map { max(abs($0.lowerBound), abs($0.upperBound)) }.max() ?? 1
        return box.map { range in
            let own = max(abs(range.lowerBound), abs(range.upperBound))
            return max(own > 0 ? own : largest, 1e-200) * 1e-12
        }
    }

    /// Whether two solutions are one.
    func isSame(_ a: [Double], _ b: [Double]) -> Bool {
        zip(zip(a, b), floors).allSatisfy { pair, floor in
            abs(pair.0 - pair.1) <= 1e-6 * max(abs(pair.0), abs(pair.1)) + 1e3 * floor
        }
    }

    private static func order(_ a: Equilibrium, _ b: Equilibrium) -> Bool {
        if a.unstableDirections != b.unstableDirections { return a.unstableDirections < b.unstableDirections }
        for (x, y) in zip(a.values, b.values) where abs(x - y) > 1e-6 * max(abs(x), abs(y)) { return x < y }
        return false
    }

    /// One start: a point of a low-discrepancy sequence, with the totals of conservation laws about right.
    ///
    /// Multiples of square roots of primes, shifted by the seed. Every fourth has some unknowns at their lowest value,
    /// where populations that are gone rest.
    func start(_ index: Int, _ roots: [Double], _ problem: SteadyProblem) -> [Double] {
        var shift = RandomStream(seed: seed, cell: 0, purpose: .start)
        let shifts = box.map { _ in shift.uniform() }
        var own = RandomStream(seed: seed, cell: index + 1, purpose: .start)
        if index % 2 == 1, !moves.isEmpty, let origin = others.first { return wander(from: origin, &own) }
        var y = box.indices.map { unknown -> Double in
            let along = shifts[unknown] + Double(index + 1) * roots[unknown]
            let share = along - along.rounded(.down)
            let (low, high) = (box[unknown].lowerBound, box[unknown].upperBound)
            return low > 0 ? low * pow(high / low, share) : low + (high - low) * share
        }
        if index % 4 == 3 {
            for unknown in y.indices where own.uniform() < 0.5 && lowest[unknown].isFinite {
                y[unknown] = lowest[unknown]
            }
        }
        return SteadyStateSearch.withTotals(y, problem)
    }

    /// Reactions in turn, each going as far as chance says and as amounts and the box allow.
    private func wander(from origin: [Double], _ own: inout RandomStream) -> [Double] {
        var y = origin
        // Chosen: each a few times, which is enough to forget the origin.
        for _ in 0..<5 * moves.count {
            let move = moves[min(Int(own.uniform() * Double(moves.count)), moves.count - 1)]
            var (least, most) = (-Double.infinity, Double.infinity)
            for (index, change) in move.enumerated() where change != 0 {
                let ends = [lowest[index] - y[index], max(box[index].upperBound, y[index]) - y[index]].map {
                    $0 / change
                }
                least = max(least, min(ends[0], ends[1]))
                most = min(most, max(ends[0], ends[1]))
            }
            guard least.isFinite, most.isFinite, least <= most else { continue }
            let extent = least + (most - least) * own.uniform()
            for (index, change) in move.enumerated() { y[index] = max(y[index] + extent * change, lowest[index]) }
        }
        return y
    }

    /// Shares of each total kept, sizes set, for laws without negative weights; Newton's method does the rest.
    private static func withTotals(_ start: [Double], _ problem: SteadyProblem) -> [Double] {
        var y = start
        for _ in 0..<3 {
            for (law, total) in zip(problem.laws, problem.setting.totals) where law.weights.allSatisfy({ $0 >= 0 }) {
                let now = law.total(y)
                guard now > 0, total >= 0 else { continue }
                for unknown in y.indices where law.weights[unknown] > 0 { y[unknown] *= total / now }
            }
        }
        return y
    }
}

/// Prime numbers.
enum Primes {
    /// The first so many.
    static func first(_ count: Int) -> [Int] {
        var primes: [Int] = []
        var candidate = 2
        while primes.count < count {
            if !primes.contains(where: { candidate % $0 == 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes
    }
}
