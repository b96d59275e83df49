/// The arrays of an integrator, in one piece; those of values are [unknown][lane], padded with zeros to whole vectors.
@safe final class IntegratorMemory {
    typealias Doubles = UnsafeMutablePointer<Double>

    /// Elements of an array of values: a multiple of 8.
    let count: Int
    let values, inputs, scratch: Doubles
    /// The values at the start of the last step.
    let start: Doubles
    /// The values at the end of the step that is tried.
    let end: Doubles
    /// Where a stage is evaluated.
    let stage: Doubles
    /// f at `values`, and what is solved for.
    let rates, right: Doubles
    let timeDerivative: Doubles
    /// [stage][count].
    let stages: Doubles
    /// [3][count].
    let bends: Doubles
    /// For solving.
    let work: Doubles
    /// 1 for differential unknowns, 0 for algebraic ones; and the absolute tolerance.
    let mass, absolute: Doubles
    /// [entry of pattern][lane].
    let jacobian: Doubles
    /// [entry of factors][lane].
    private(set) var matrix: Doubles
    /// The method's weights, eight a row: a, C divided by the step, bends, and a single 1.
    private let weights: Doubles
    private let slab: Doubles

    private static let rows = RosenbrockMethod.stages

    init(_ system: any LaneSystem, lanes: Int, factors: Int, tolerance: StepTolerance) {
        let n = system.unknowns
        let count = (n * lanes + 7) / 8 * 8
        self.count = count
        func padded(_ size: Int) -> Int { max((size + 7) / 8 * 8, 8) }
        let (input, scratchSize) = (padded(system.inputs * lanes), padded(system.scratch * lanes))
        let jacobianSize = padded(system.pattern.count * lanes)
        let stageSize = RosenbrockMethod.stages * count
        let weightSize = 8 * (2 * IntegratorMemory.rows + 4)
        let total = 10 * count + input + scratchSize + stageSize + 3 * count + jacobianSize + weightSize
        unsafe slab = IntegratorMemory.allocate(total)
        unsafe slab.initialize(repeating: 0, count: total)
        var next = unsafe slab
        func take(_ size: Int) -> Doubles {
            defer { unsafe next += size }
            return unsafe next
        }
        unsafe values = take(count)
        unsafe start = take(count)
        unsafe end = take(count)
        unsafe stage = take(count)
        unsafe rates = take(count)
        unsafe right = take(count)
        unsafe timeDerivative = take(count)
        unsafe work = take(count)
        unsafe mass = take(count)
        unsafe absolute = take(count)
        unsafe stages = take(stageSize)
        unsafe bends = take(3 * count)
        unsafe inputs = take(input)
        unsafe scratch = take(scratchSize)
        unsafe jacobian = take(jacobianSize)
        unsafe weights = take(weightSize)
        unsafe matrix = IntegratorMemory.allocate(factors * lanes)
        unsafe absolute.update(repeating: 1, count: count)
        for index in 0..<n * lanes {
            unsafe mass[index] = system.isAlgebraic[index / lanes] ? 0 : 1
            unsafe absolute[index] = tolerance.absolute[index / lanes]
        }
        for (row, numbers) in RosenbrockMethod.values.enumerated() {
            unsafe valueWeights(row).update(from: numbers, count: numbers.count)
        }
        for (row, numbers) in RosenbrockMethod.bends.enumerated() {
            unsafe bendWeights(row).update(from: numbers, count: numbers.count)
        }
        unsafe one.pointee = 1
    }

    func valueWeights(_ row: Int) -> Doubles { unsafe weights + 8 * row }
    func couplingWeights(_ row: Int) -> Doubles { unsafe weights + 8 * (IntegratorMemory.rows + row) }
    func bendWeights(_ row: Int) -> Doubles { unsafe weights + 8 * (2 * IntegratorMemory.rows + row) }
    var one: Doubles { unsafe weights + 8 * (2 * IntegratorMemory.rows + 3) }

    /// Numbers that begin with a cache line: eight lanes that lie across two take twice as long to load.
    private static func allocate(_ size: Int) -> Doubles {
        let bytes = max(size, 8) * MemoryLayout<Double>.stride
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        return unsafe raw.bindMemory(to: Double.self, capacity: max(size, 8))
    }

    /// Makes room for other factors; their content is lost.
    func resizeMatrix(_ size: Int) {
        unsafe matrix.deallocate()
        unsafe matrix = IntegratorMemory.allocate(size)
    }

    /// The couplings for a step of this length.
    func setCouplings(step: Double) {
        for (row, numbers) in RosenbrockMethod.couplings.enumerated() {
            let target = unsafe couplingWeights(row)
            for (index, weight) in numbers.enumerated() { unsafe target[index] = weight / step }
        }
    }

    deinit {
        unsafe slab.deallocate()
        unsafe matrix.deallocate()
    }
}
