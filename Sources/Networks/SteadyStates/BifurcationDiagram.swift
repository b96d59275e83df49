import Foundation

/// All branches of states of rest over a parameter's range: searched for at several values, each followed to its ends.
public struct BifurcationDiagram {
    public let continuation: Continuation
    public let search: SteadyStateSearch
    /// At how many values of the parameter states are searched for, evenly over the range.
    public var looks = 5

    public init(_ continuation: Continuation, search: SteadyStateSearch) {
        self.continuation = continuation
        self.search = search
    }

    public struct Outcome: Sendable {
        /// In the order in which they were found.
        public var branches: [Branch]
        /// States that were found and could not be followed, with their parameter.
        public var lost: [BranchPoint]
    }

    /// The values of the parameter at which states are searched for: evenly in the logarithm over a range that spans more
    /// than a power of ten above 0.
    public var places: [Double] {
        let (low, high) = (continuation.range.lowerBound, continuation.range.upperBound)
        return (0..<max(looks, 1)).map { index in
            // Chosen: inside the range, where a branch that only just reaches in is found too.
            let share = (Double(index) + 0.5) / Double(max(looks, 1))
            return low > 0 && high > 10 * low ? low * pow(high / low, share) : low + (high - low) * share
        }
    }

    /// Searches and follows; the same for the same seed.
    public func run() -> Outcome {
        let problem = continuation.problem
        let own = problem.setting
        defer { problem.setting = own }
        var outcome = Outcome(branches: [], lost: [])
        for place in places {
            if search.isStopped() { break }
            problem.setting = continuation.setting(place)
            for state in search.run(problem).equilibria {
                let point = BranchPoint(parameter: place, equilibrium: state)
                if outcome.branches.contains(where: { isOn($0, point) }) { continue }
                if let branch = continuation.branch(through: state.values, at: place) {
                    outcome.branches.append(branch)
                } else {
                    outcome.lost.append(point)
                }
            }
        }
        return outcome
    }

    /// Unstable states that turn, spread evenly over the parameter: from where oscillations are looked for.
    public static func spread(_ branches: [Branch], count: Int) -> [BranchPoint] {
        let turning = branches.flatMap(\.points).filter { $0.equilibrium.kind == .unstableFocus }
            .sorted { $0.parameter < $1.parameter }
        guard let low = turning.first?.parameter, let high = turning.last?.parameter, count > 0 else { return [] }
        let isLogarithmic = low > 0 && high > 10 * low
        var chosen: [BranchPoint] = []
        for index in 0..<count {
            let share = (Double(index) + 0.5) / Double(count)
            let place = isLogarithmic ? low * pow(high / low, share) : low + (high - low) * share
            let nearest = turning.min { abs($0.parameter - place) < abs($1.parameter - place) }
            if let nearest, !chosen.contains(nearest) { chosen.append(nearest) }
        }
        return chosen
    }

    /// Whether a state is one of those where a branch passes a value of the parameter.
    private func isOn(_ branch: Branch, _ point: BranchPoint) -> Bool {
        let problem = continuation.problem
        problem.setting = continuation.setting(point.parameter)
        let solver = SteadyStateSolver(
            problem: problem, floors: continuation.floors, lowest: continuation.lowest)
        for (a, b) in zip(branch.points, branch.points.dropFirst()) {
            let (low, high) = (min(a.parameter, b.parameter), max(a.parameter, b.parameter))
            guard low <= point.parameter, point.parameter <= high, low < high else { continue }
            let share = (point.parameter - a.parameter) / (b.parameter - a.parameter)
            let between = zip(a.equilibrium.values, b.equilibrium.values).map { $0 + share * ($1 - $0) }
            let values = solver.newton(from: between) ?? between
            if search.isSame(values, point.equilibrium.values) { return true }
        }
        return false
    }
}
