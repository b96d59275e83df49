import Networks

/// A system written by hand, for one lane at a time; slow, and as plain as its equations.
struct TestSystem: LaneSystem {
    typealias Equations = @Sendable (_ t: Double, _ y: [Double], _ inputs: [Double]) -> [Double]
    typealias Matrix = @Sendable (_ t: Double, _ y: [Double], _ inputs: [Double]) -> [[Double]]

    let unknowns: Int
    var inputs = 0
    let scratch = 0
    let isAlgebraic: [Bool]
    let pattern: SparsePattern
    let timeDependence: TimeDependence
    let f: Equations
    let dfdy: Matrix
    let dfdt: Equations?

    /// `rows`: where ∂f/∂y has entries; all of them where it is left out.
    init(
        _ unknowns: Int, algebraic: Set<Int> = [], inputs: Int = 0, rows: [[Int]]? = nil,
        dependence: TimeDependence? = nil, f: @escaping Equations, dfdy: @escaping Matrix, dfdt: Equations? = nil
    ) {
        self.unknowns = unknowns
        self.inputs = inputs
        isAlgebraic = (0..<unknowns).map(algebraic.contains)
        pattern = SparsePattern(rows: rows ?? Array(repeating: Array(0..<unknowns), count: unknowns))
        timeDependence = dependence ?? (dfdt == nil ? .none : .exact)
        self.f = f
        self.dfdy = dfdy
        self.dfdt = dfdt
    }

    private func each(_ point: LanePoint, _ body: (_ lane: Int, _ y: [Double], _ inputs: [Double]) -> Void) {
        for lane in 0..<point.lanes {
            body(
                lane, (0..<unknowns).map { unsafe point.values[$0 * point.lanes + lane] },
                (0..<inputs).map { unsafe point.inputs[$0 * point.lanes + lane] })
        }
    }

    func rates(_ point: LanePoint, into result: UnsafeMutablePointer<Double>) {
        each(point) { lane, y, inputs in
            for (row, value) in f(point.time, y, inputs).enumerated() {
                unsafe result[row * point.lanes + lane] = value
            }
        }
    }

    func jacobian(_ point: LanePoint, into result: UnsafeMutablePointer<Double>) {
        each(point) { lane, y, inputs in
            let matrix = dfdy(point.time, y, inputs)
            for row in 0..<unknowns {
                for entry in pattern.starts[row]..<pattern.starts[row + 1] {
                    unsafe result[entry * point.lanes + lane] = matrix[row][pattern.columns[entry]]
                }
            }
        }
    }

    func timeDerivative(_ point: LanePoint, into result: UnsafeMutablePointer<Double>) {
        guard let dfdt else { return }
        each(point) { lane, y, inputs in
            for (row, value) in dfdt(point.time, y, inputs).enumerated() {
                unsafe result[row * point.lanes + lane] = value
            }
        }
    }
}

extension LaneIntegrator {
    /// One lane, from these values on.
    static func run(
        _ system: any LaneSystem, from start: [Double], at time: Double = 0, to end: Double, relative: Double,
        absolute: Double, inputs: [Double] = []
    ) throws -> (values: [Double], counts: StepCounts) {
        let tolerance = StepTolerance(
            relative: relative, absolute: Array(repeating: absolute, count: system.unknowns))
        let integrator = try LaneIntegrator(system, lanes: 1, tolerance: tolerance)
        for (index, value) in start.enumerated() { unsafe integrator.values[index] = value }
        for (index, value) in inputs.enumerated() { unsafe integrator.inputs[index] = value }
        try integrator.start(at: time)
        while integrator.time < end { try integrator.step(noLaterThan: end) }
        return ((0..<system.unknowns).map { unsafe integrator.values[$0] }, integrator.counts)
    }
}
