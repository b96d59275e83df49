/// Follows states of rest over one parameter, also around turns, by pseudo-arclength steps.
///
/// Steps are measured in shares of the unknowns' and the parameter's sizes, so that a branch over many powers of ten is
/// followed evenly. After H. B. Keller (1977), Numerical solution of bifurcation and nonlinear eigenvalue problems
/// (from memory).
public struct Continuation {
    public let problem: SteadyProblem
    /// What is held at a value of the parameter.
    public let setting: (Double) -> SteadyProblem.Setting
    public let range: ClosedRange<Double>
    /// As in a search: sizes below which unknowns do not matter, and lowest values.
    public let floors: [Double]
    public let lowest: [Double]
    /// By what share values change in a step at most.
    public var longestStep = 0.1
    /// Of a branch, in each direction.
    public var mostPoints = 4000
    public var isStopped: @Sendable () -> Bool = { false }

    public init(
        _ problem: SteadyProblem, over range: ClosedRange<Double>, search: SteadyStateSearch,
        setting: @escaping (Double) -> SteadyProblem.Setting
    ) {
        self.problem = problem
        self.range = range
        self.setting = setting
        floors = search.floors
        lowest = search.lowest
    }

    /// A point of a branch on the way: unknowns, then the parameter.
    struct State {
        var z: [Double]
        /// Of length 1 in shares; towards where the branch goes on.
        var tangent: [Double]
        var eigenvalues: [Eigenvalue]
        var parameter: Double { z[z.count - 1] }
        var unstable: Int { Equilibrium(values: [], eigenvalues: eigenvalues).unstableDirections }
    }

    /// The branch through an equilibrium, in both directions; `nil` where its direction cannot be told there.
    public func branch(through values: [Double], at parameter: Double) -> Branch? {
        let own = problem.setting
        defer { problem.setting = own }
        guard let first = state(values + [parameter], direction: nil) else { return nil }
        var back = first
        back.tangent = first.tangent.map { -$0 }
        let (forwards, end) = trace(from: first)
        var (backwards, beginning) = ([State](), Branch.End.closed)
        if end != .closed { (backwards, beginning) = trace(from: back) }
        // Turned round, so that all tangents point the same way.
        let before = backwards.reversed().map { state -> State in
            var turned = state
            turned.tangent = state.tangent.map { -$0 }
            return turned
        }
        let states = before + [first] + forwards
        return Branch(points: states.map(point), specials: specials(states), ends: [beginning, end])
    }

    func point(_ state: State) -> BranchPoint {
        BranchPoint(
            parameter: state.parameter,
            equilibrium: Equilibrium(values: Array(state.z.dropLast()), eigenvalues: state.eigenvalues))
    }

    /// Follows the branch from a state along its tangent; the states after it.
    private func trace(from first: State) -> ([State], Branch.End) {
        var states: [State] = []
        var here = first
        // Chosen: a tenth of the longest to begin with.
        var step = longestStep / 10
        while states.count < mostPoints {
            if isStopped() { return (states, .stopped) }
            guard let (next, turn) = advance(here, by: step) else {
                step /= 2
                if step < 1e-7 { return (states, .stuck) }
                continue
            }
            if !range.contains(next.parameter) {
                if let last = atEnd(between: here, next) { states.append(last) }
                return (states, .range)
            }
            let values = next.z.dropLast()
            if zip(zip(values, lowest), floors).contains(where: { $0.0 < $0.1 - $1 }) { return (states, .lowest) }
            states.append(next)
            if states.count > 10, isPassed(first, between: here, next) { return (states, .closed) }
            here = next
            if turn > 0.995 { step = min(step * 1.5, longestStep) }
        }
        return (states, .points)
    }

    /// One step; the new state and the cosine of the turn its tangent made.
    private func advance(_ here: State, by step: Double) -> (State, Double)? {
        let scales = scales(here.z)
        guard let z = correct(here, step: step, scales) else { return nil }
        // Chosen: a corrector that moves further than half a step has gone to another branch.
        let predicted = zip(here.z, here.tangent).map { $0 + step * $1 }
        guard distance(z, predicted, scales) < step / 2 else { return nil }
        guard let next = state(z, direction: here.tangent) else { return nil }
        let turn = cosine(here.tangent, next.tangent, scales)
        return turn > 0.95 ? (next, turn) : nil
    }

    /// The state of the branch in the plane across a state's tangent at a distance.
    func correct(_ here: State, step: Double, _ scales: [Double]) -> [Double]? {
        var z = zip(here.z, here.tangent).map { $0 + step * $1 }
        let across = zip(here.tangent, scales).map { $0 / ($1 * $1) }
        var last = Double.infinity
        for _ in 0..<12 {
            problem.setting = setting(z[z.count - 1])
            var right = problem.residual(Array(z.dropLast()))
            var along = -step
            for index in z.indices { along += across[index] * (z[index] - here.z[index]) }
            right.append(along)
            guard right.allSatisfy(\.isFinite), let factors = factors(z, lastRow: across, scales) else { return nil }
            let change = factors.solve(right)
            for index in z.indices { z[index] -= change[index] }
            let length = distance(change, Array(repeating: 0, count: z.count), scales)
            guard length.isFinite, length < max(2 * last, 1e-9) else { return nil }
            if length < 1e-11 || length < 1e-9 && length > 0.1 * last { return z }
            last = length
        }
        return nil
    }

    /// The tangent and eigenvalues at a point; towards `direction`, or a rising parameter.
    func state(_ z: [Double], direction: [Double]?) -> State? {
        let scales = scales(z)
        problem.setting = setting(z[z.count - 1])
        var across = Array(repeating: 0.0, count: z.count)
        if let direction {
            across = zip(direction, scales).map { $0 / ($1 * $1) }
        } else {
            across[z.count - 1] = 1 / scales[z.count - 1]
        }
        guard let factors = factors(z, lastRow: across, scales) else { return nil }
        var tangent = factors.solve(Array(repeating: 0, count: z.count - 1) + [1])
        let length = distance(tangent, Array(repeating: 0, count: z.count), scales)
        guard length.isFinite, length > 0 else { return nil }
        for index in tangent.indices { tangent[index] /= length }
        guard let eigenvalues = problem.eigenvalues(Array(z.dropLast())) else { return nil }
        return State(z: z, tangent: tangent, eigenvalues: eigenvalues)
    }

    /// The Jacobian with the parameter's column and one row more, factorised.
    private func factors(_ z: [Double], lastRow: [Double], _ scales: [Double]) -> LUFactors? {
        let count = problem.count
        let y = Array(z.dropLast())
        let inner = problem.jacobian(y)
        let slope = ParameterSlope.of(problem, at: y, parameter: z[count], scale: scales[count], setting: setting)
        var matrix = DenseMatrix(count + 1, count + 1)
        for row in 0..<count {
            for column in 0..<count { matrix[row, column] = inner[row, column] }
            matrix[row, count] = slope[row]
        }
        for column in 0...count { matrix[count, column] = lastRow[column] }
        return LUFactors(matrix, columnScales: scales)
    }

    /// What a share of 1 is: the value itself, but no less than a floor.
    func scales(_ z: [Double]) -> [Double] {
        var scales = zip(z, floors).map { max(abs($0), $1 * 1e3) }
        // Chosen: a thousandth of the range, for a parameter that passes 0.
        scales.append(max(abs(z[z.count - 1]), 1e-3 * (range.upperBound - range.lowerBound)))
        return scales
    }

    private func distance(_ a: [Double], _ b: [Double], _ scales: [Double]) -> Double {
        var sum = 0.0
        for index in a.indices {
            let share = (a[index] - b[index]) / scales[index]
            sum += share * share
        }
        return sum.squareRoot()
    }

    private func cosine(_ a: [Double], _ b: [Double], _ scales: [Double]) -> Double {
        var (product, aa, bb) = (0.0, 0.0, 0.0)
        for index in a.indices {
            let (x, y) = (a[index] / scales[index], b[index] / scales[index])
            (product, aa, bb) = (product + x * y, aa + x * x, bb + y * y)
        }
        return product / (aa * bb).squareRoot()
    }

    /// The state at the end of the range that the last step passed.
    private func atEnd(between here: State, _ next: State) -> State? {
        let bound = next.parameter > range.upperBound ? range.upperBound : range.lowerBound
        guard next.parameter != here.parameter, here.parameter != bound else { return nil }
        let share = (bound - here.parameter) / (next.parameter - here.parameter)
        let start = zip(here.z, next.z).dropLast().map { $0 + share * ($1 - $0) }
        problem.setting = setting(bound)
        let solver = SteadyStateSolver(problem: problem, floors: floors, lowest: lowest)
        guard let values = solver.newton(from: start) else { return nil }
        return state(values + [bound], direction: next.tangent)
    }

    /// Whether a step went past where the branch began.
    private func isPassed(_ first: State, between here: State, _ next: State) -> Bool {
        let scales = scales(first.z)
        let step = distance(here.z, next.z, scales)
        return distance(first.z, next.z, scales) < step && distance(first.z, here.z, scales) <= 1.01 * step
    }
}

/// How the equations change with a parameter.
enum ParameterSlope {
    /// ∂residual/∂parameter, by central differences of two widths, extrapolated.
    static func of(
        _ problem: SteadyProblem, at y: [Double], parameter: Double, scale: Double,
        setting: (Double) -> SteadyProblem.Setting
    ) -> [Double] {
        let own = problem.setting
        defer { problem.setting = own }
        func difference(_ width: Double) -> [Double] {
            problem.setting = setting(parameter + width)
            let after = problem.residual(y)
            problem.setting = setting(parameter - width)
            return zip(after, problem.residual(y)).map { ($0 - $1) / (2 * width) }
        }
        // Chosen: an error of order 1e-12 by the width, and a few 1e-13 by rounding.
        let width = 1e-3 * scale
        return zip(difference(width), difference(width / 2)).map { ($1 * 4 - $0) / 3 }
    }
}
