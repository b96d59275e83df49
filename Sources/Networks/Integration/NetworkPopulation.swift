public import Simulation
import Synchronization

/// One network inside every cell of a population, as ODEs: each cell has values and inputs of its own.
///
/// Cells stand in blocks of eight, in their order here, and a block shares its steps; results are the same for any
/// number of threads. A block's step length is kept from one call to the next, so a call costs little where inputs
/// moved little. Time and amounts are in the network's own units.
///
/// ```swift
/// let population = NetworkPopulation(system, tolerance: tolerance, time: 0)
/// for id in cells { population.add(cell: id, values: start, inputs: inputs) }
/// // Each step:
/// population.setInput(ligand, to: concentration, at: index)
/// try population.advance(to: time, team: team)
/// let response = population.value(of: mRNA, at: index)
/// // A division: the daughter starts like her mother, then both get their share.
/// let daughter = population.add(cell: id, likeCellAt: mother)
/// population.setValue(of: mRNA, to: half, at: daughter)
/// ```
public final class NetworkPopulation {
    public let system: any LaneSystem
    public let tolerance: StepTolerance
    public private(set) var time: Double
    /// Of the cells, in their order here.
    public private(set) var ids: [Int] = []
    /// What all blocks together have done.
    public var counts: StepCounts {
        integrators.reduce(into: StepCounts()) { sum, integrator in
            sum.accepted += integrator.counts.accepted
            sum.rejected += integrator.counts.rejected
            sum.pivoted += integrator.counts.pivoted
        }
    }
    /// One record a block: values [unknown][lane], inputs [input][lane], and the step to try next.
    ///
    /// A step is NaN where it is to be estimated. Lanes beyond the last cell become copies of their block's first.
    private var records: [Double] = []
    private let recordSize: Int
    /// One a thread.
    private var integrators: [LaneIntegrator] = []
    /// By block, why it cannot go on.
    private var failures: [NetworkFailure?] = []

    /// Cells that share their steps.
    static let lanes = 8

    /// A population without cells at a time.
    public init(_ system: any LaneSystem, tolerance: StepTolerance, time: Double) {
        self.system = system
        self.tolerance = tolerance
        self.time = time
        recordSize = (system.unknowns + system.inputs + 1) * Self.lanes
    }

    // MARK: - Cells

    /// Adds a cell with values [unknown] and inputs [input]; returns its index.
    @discardableResult
    public func add(cell id: Int, values: [Double], inputs: [Double]) -> Int {
        precondition(values.count == system.unknowns && inputs.count == system.inputs, "a value for each unknown")
        let index = ids.count
        ids.append(id)
        if index % Self.lanes == 0 { records += Array(repeating: .nan, count: recordSize) }
        for (unknown, value) in values.enumerated() { setValue(of: unknown, to: value, at: index) }
        for (input, value) in inputs.enumerated() { setInput(input, to: value, at: index) }
        return index
    }

    /// Adds a cell with the values and inputs of another, as a daughter has before contents are shared out.
    @discardableResult
    public func add(cell id: Int, likeCellAt index: Int) -> Int {
        add(cell: id, values: values(at: index), inputs: (0..<system.inputs).map { input($0, at: index) })
    }

    /// The same network with the same tolerance, without cells, at a time.
    func emptied(at time: Double) -> NetworkPopulation {
        NetworkPopulation(system, tolerance: tolerance, time: time)
    }

    /// All inputs of the cell at an index, [input].
    func inputs(at index: Int) -> [Double] { (0..<system.inputs).map { input($0, at: index) } }

    /// Removes a cell; the last one takes its index.
    public func remove(at index: Int) {
        let last = ids.count - 1
        for unknown in 0..<system.unknowns { setValue(of: unknown, to: value(of: unknown, at: last), at: index) }
        for input in 0..<system.inputs { setInput(input, to: self.input(input, at: last), at: index) }
        ids[index] = ids[last]
        ids.removeLast()
        if last % Self.lanes == 0 { records.removeLast(recordSize) }
    }

    // MARK: - Values

    /// Where a block's row is found for a cell: unknowns first, then inputs.
    private func place(_ row: Int, _ index: Int) -> Int {
        index / Self.lanes * recordSize + row * Self.lanes + index % Self.lanes
    }

    /// The value of an unknown in the cell at an index.
    public func value(of unknown: Int, at index: Int) -> Double { records[place(unknown, index)] }

    /// All values of the cell at an index, [unknown].
    public func values(at index: Int) -> [Double] { (0..<system.unknowns).map { value(of: $0, at: index) } }

    /// Sets an unknown from `time` on; an algebraic one is only where the search for its value begins.
    public func setValue(of unknown: Int, to value: Double, at index: Int) { records[place(unknown, index)] = value }

    public func input(_ input: Int, at index: Int) -> Double { records[place(system.unknowns + input, index)] }

    /// Sets an input from `time` on.
    public func setInput(_ input: Int, to value: Double, at index: Int) {
        records[place(system.unknowns + input, index)] = value
    }

    /// Lends a block's values, [unknown][lane], and inputs, [input][lane].
    ///
    /// Lanes beyond the last cell hold anything.
    func withBlock(_ block: Int, _ body: (UnsafePointer<Double>, UnsafePointer<Double>) -> Void) {
        unsafe records.withUnsafeBufferPointer { records in
            guard let base = records.baseAddress else { return }
            let record = unsafe base + block * recordSize
            unsafe body(record, record + system.unknowns * Self.lanes)
        }
    }

    func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("population.time", &time)
        try archive.keep("population.cells", &ids)
        try archive.keep("population.records", &records)
        let blocks = (ids.count + Self.lanes - 1) / Self.lanes
        guard records.count == blocks * recordSize else { throw StateProblem("population", "is of another network") }
    }

    // MARK: - Time

    /// Advances every cell to a time.
    ///
    /// Throws: stopped, with the first cell by order whose equations cannot be followed; the population is then of no
    /// further use.
    public func advance(to end: Double, team: ThreadTeam) throws(NetworkFailure) {
        precondition(end >= time, "time runs forwards")
        guard end > time, !ids.isEmpty else { return time = end }
        while integrators.count < team.count {
            integrators.append(try LaneIntegrator(system, lanes: Self.lanes, tolerance: tolerance))
        }
        let blocks = records.count / recordSize
        fillLastBlock()
        while failures.count < blocks { failures.append(nil) }
        let next = Atomic<Int>(0)
        unsafe failures.withUnsafeMutableBufferPointer { failures in
            unsafe records.withUnsafeMutableBufferPointer { records in
                // Each member takes the next block that nobody has; what a block does depends on it alone.
                team.run(chunks: team.count) { member in
                    while true {
                        let block = next.add(1, ordering: .relaxed).oldValue
                        if block >= blocks { return }
                        let record = unsafe UnsafeMutableBufferPointer(
                            rebasing: records[block * recordSize..<(block + 1) * recordSize])
                        unsafe failures[block] = advance(block, record, to: end, with: integrators[member])
                    }
                }
            }
        }
        for case let failure? in failures { throw failure }
        time = end
    }

    /// Gives the lanes beyond the last cell something to do that disturbs nobody.
    private func fillLastBlock() {
        let (last, count) = ((ids.count - 1) / Self.lanes, ids.count)
        for lane in count..<max((last + 1) * Self.lanes, count) {
            for row in 0..<system.unknowns + system.inputs {
                records[place(row, lane)] = records[place(row, last * Self.lanes)]
            }
        }
    }

    /// Advances one block; returns why it could not.
    private func advance(
        _ block: Int, _ record: UnsafeMutableBufferPointer<Double>, to end: Double, with integrator: LaneIntegrator
    ) -> NetworkFailure? {
        guard let base = record.baseAddress else { return nil }
        let (values, inputs) = (system.unknowns * Self.lanes, system.inputs * Self.lanes)
        let step = unsafe base + values + inputs
        unsafe integrator.values.update(from: base, count: values)
        unsafe integrator.inputs.update(from: base + values, count: inputs)
        do throws(NetworkFailure) {
            unsafe try integrator.resume(at: time, step: step.pointee)
            while integrator.time < end { try integrator.step(noLaterThan: end) }
        } catch {
            let cell = ids[min(block * Self.lanes + integrator.failedLane, ids.count - 1)]
            return NetworkFailure(error.kind, problem: "in cell \(cell): \(error.problem)", fix: error.fix)
        }
        unsafe base.update(from: integrator.values, count: values)
        unsafe (base + values).update(from: integrator.inputs, count: inputs)
        unsafe step.pointee = integrator.nextStep ?? .nan
        return nil
    }
}
