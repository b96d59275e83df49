/// Where a system rests: f(y) = 0 with the totals of its conservation laws held.
///
/// Each law takes the place of one unknown's rate, so that the equations have as many independent rows as unknowns. One
/// copy of the system (one lane); not for two threads at a time.
@safe public final class SteadyProblem {
    public let system: any LaneSystem
    public let laws: [ConservationLaw]
    /// What is held.
    public var setting: Setting {
        didSet {
            precondition(setting.inputs.count == system.inputs, "a system has \(system.inputs) inputs")
            precondition(setting.totals.count == laws.count, "a total a law")
            for (index, value) in setting.inputs.enumerated() { unsafe inputMemory[index] = value }
        }
    }
    public var count: Int { system.unknowns }

    /// What a state of rest depends on.
    public struct Setting: Hashable, Sendable {
        /// Parameters; one an input of the system.
        public var inputs: [Double]
        /// The sums that the laws hold; one a law.
        public var totals: [Double]

        public init(inputs: [Double], totals: [Double] = []) {
            self.inputs = inputs
            self.totals = totals
        }
    }

    /// The law in each row, where a rate is not.
    let lawOfRow: [Int?]
    /// Rows without a rate of change: laws, and the algebraic ones of the system.
    let isAlgebraic: [Bool]
    private let values: UnsafeMutablePointer<Double>
    private let inputMemory: UnsafeMutablePointer<Double>
    private let scratch: UnsafeMutablePointer<Double>
    private let result: UnsafeMutablePointer<Double>
    private let entries: UnsafeMutablePointer<Double>

    /// The totals that are held are those of `start`.
    ///
    /// - Throws: A system whose rates depend on time, or on what was.
    public init(
        _ system: any LaneSystem, inputs: [Double], laws: [ConservationLaw] = [], start: [Double]
    ) throws(NetworkFailure) {
        guard system.timeDependence == .none else {
            throw NetworkFailure(
                .unsupported, problem: "a rate depends on time, or on the past, so that nothing need rest",
                fix: "replace the time and delays in formulas by constants, or run a time course")
        }
        precondition(start.count == system.unknowns && inputs.count == system.inputs, "one value an unknown and input")
        self.system = system
        self.laws = laws
        setting = Setting(inputs: inputs, totals: laws.map { $0.total(start) })
        var lawOfRow = [Int?](repeating: nil, count: system.unknowns)
        for (index, law) in laws.enumerated() {
            // Its own unknown, which no other law's row takes.
            let row = law.weights.indices.last {
                law.weights[$0] == 1 && lawOfRow[$0] == nil && !system.isAlgebraic[$0]
            }
            guard let row else { preconditionFailure("a conservation law without an unknown of its own") }
            lawOfRow[row] = index
        }
        self.lawOfRow = lawOfRow
        isAlgebraic = system.isAlgebraic.indices.map { system.isAlgebraic[$0] || lawOfRow[$0] != nil }
        func room(_ count: Int) -> UnsafeMutablePointer<Double> {
            let place = UnsafeMutablePointer<Double>.allocate(capacity: max(count, 1))
            unsafe place.initialize(repeating: 0, count: max(count, 1))
            return unsafe place
        }
        unsafe values = room(system.unknowns)
        unsafe inputMemory = room(system.inputs)
        unsafe scratch = room(system.scratch)
        unsafe result = room(system.unknowns)
        unsafe entries = room(system.pattern.count)
        for (index, value) in inputs.enumerated() { unsafe inputMemory[index] = value }
    }

    deinit {
        unsafe values.deallocate()
        unsafe inputMemory.deallocate()
        unsafe scratch.deallocate()
        unsafe result.deallocate()
        unsafe entries.deallocate()
    }

    private func point(at y: [Double]) -> LanePoint {
        for (index, value) in y.enumerated() { unsafe values[index] = value }
        return unsafe LanePoint(time: 0, lanes: 1, values: values, inputs: inputMemory, scratch: scratch)
    }

    /// What the system itself says, dy/dt; algebraic rows say by how much they are missed.
    public func rates(_ y: [Double]) -> [Double] {
        unsafe system.rates(point(at: y), into: result)
        return (0..<count).map { unsafe result[$0] }
    }

    /// Zero where the system rests: rates, and what totals are missed by.
    func residual(_ y: [Double]) -> [Double] {
        var residual = rates(y)
        for (row, law) in lawOfRow.enumerated() {
            if let law { residual[row] = laws[law].total(y) - setting.totals[law] }
        }
        return residual
    }

    /// ∂rates/∂y.
    func rateJacobian(_ y: [Double]) -> DenseMatrix {
        unsafe system.jacobian(point(at: y), into: entries)
        var matrix = DenseMatrix(count, count)
        for row in 0..<count {
            for entry in system.pattern.starts[row]..<system.pattern.starts[row + 1] {
                matrix[row, system.pattern.columns[entry]] = unsafe entries[entry]
            }
        }
        return matrix
    }

    /// ∂residual/∂y.
    func jacobian(_ y: [Double]) -> DenseMatrix {
        var matrix = rateJacobian(y)
        for (row, law) in lawOfRow.enumerated() {
            guard let law else { continue }
            for column in 0..<count { matrix[row, column] = laws[law].weights[column] }
        }
        return matrix
    }

    /// The eigenvalues that decide over stability, by falling real part: of the Jacobian among the unknowns that have a
    /// rate, the others following them (algebraic rows and laws); `nil` where they do not follow, or for no finite
    /// Jacobian.
    public func eigenvalues(_ y: [Double]) -> [Eigenvalue]? {
        let full = jacobian(y)
        let free = (0..<count).filter { !isAlgebraic[$0] }
        let bound = (0..<count).filter { isAlgebraic[$0] }
        var reduced = DenseMatrix(free.count, free.count)
        for (i, row) in free.enumerated() {
            for (j, column) in free.enumerated() { reduced[i, j] = full[row, column] }
        }
        guard !bound.isEmpty else { return EigenvalueIteration.eigenvalues(of: reduced) }
        var corner = DenseMatrix(bound.count, bound.count)
        for (i, row) in bound.enumerated() {
            for (j, column) in bound.enumerated() { corner[i, j] = full[row, column] }
        }
        guard let factors = LUFactors(corner, columnScales: Array(repeating: 1, count: bound.count)) else { return nil }
        for (j, column) in free.enumerated() {
            let follow = factors.solve(bound.map { full[$0, column] })
            for (i, row) in free.enumerated() {
                for (k, other) in bound.enumerated() { reduced[i, j] -= full[row, other] * follow[k] }
            }
        }
        return EigenvalueIteration.eigenvalues(of: reduced)
    }
}
