import Simulation

/// What a block was at every time since its start: the dense output of each step, and the inputs that held.
@safe public final class LaneHistory: LanePast {
    private let valueCount: Int
    private let inputCount: Int
    private var steps: [Step] = []
    /// Per step: values at its start and end, and three bends.
    private var numbers: [Double] = []
    /// The inputs of each stretch without discontinuity.
    private var inputs: [Double] = []
    private var first: [Double] = []
    private var stretches = 0

    private struct Step {
        var start, end: Double
        /// The step's own length, though a discontinuity may have cut it short.
        var length: Double
        var stretch: Int
    }

    init(unknowns: Int, inputs: Int, lanes: Int) {
        valueCount = unknowns * lanes
        inputCount = inputs * lanes
    }

    func begin(at time: Double, values: UnsafePointer<Double>, inputs: UnsafePointer<Double>) {
        (steps, numbers, stretches) = ([], [], 0)
        first = unsafe Array(UnsafeBufferPointer(start: values, count: valueCount))
        self.inputs = unsafe Array(UnsafeBufferPointer(start: inputs, count: inputCount))
    }

    func restart(at time: Double, inputs: UnsafePointer<Double>) {
        if let last = steps.indices.last { steps[last].end = min(steps[last].end, time) }
        unsafe self.inputs.append(contentsOf: UnsafeBufferPointer(start: inputs, count: inputCount))
        stretches += 1
    }

    func keep(in archive: StateArchive) throws(StateProblem) {
        var (starts, ends) = (steps.map(\.start), steps.map(\.end))
        var (lengths, ofSteps) = (steps.map(\.length), steps.map(\.stretch))
        try archive.keep("past.starts", &starts)
        try archive.keep("past.ends", &ends)
        try archive.keep("past.lengths", &lengths)
        try archive.keep("past.stretches", &ofSteps)
        try archive.keep("past.numbers", &numbers)
        try archive.keep("past.inputs", &inputs)
        try archive.keep("past.first", &first)
        try archive.keep("past.stretch", &stretches)
        let count = starts.count
        guard ends.count == count, lengths.count == count, ofSteps.count == count,
            numbers.count == 5 * valueCount * count, first.count == valueCount,
            inputs.count == (stretches + 1) * inputCount, ofSteps.allSatisfy({ (0...stretches).contains($0) })
        else { throw StateProblem("past", "is of another network") }
        steps = starts.indices.map {
            Step(start: starts[$0], end: ends[$0], length: lengths[$0], stretch: ofSteps[$0])
        }
    }

    func append(
        from start: Double, to end: Double, start startValues: UnsafePointer<Double>,
        end endValues: UnsafePointer<Double>,
        bends: UnsafePointer<Double>, stride: Int
    ) {
        steps.append(Step(start: start, end: end, length: end - start, stretch: stretches))
        func keep(_ array: UnsafePointer<Double>) {
            unsafe numbers.append(contentsOf: UnsafeBufferPointer(start: array, count: valueCount))
        }
        unsafe keep(startValues)
        unsafe keep(endValues)
        for row in 0..<3 { unsafe keep(bends + row * stride) }
    }

    public func write(
        at time: Double, values: UnsafeMutablePointer<Double>, inputs result: UnsafeMutablePointer<Double>
    ) {
        guard let begin = steps.first, time > begin.start else {
            for index in 0..<valueCount { unsafe values[index] = first[index] }
            for index in 0..<inputCount { unsafe result[index] = inputs[index] }
            return
        }
        // The last step that starts no later.
        var (low, high) = (0, steps.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if steps[middle].start <= time { low = middle } else { high = middle }
        }
        let step = steps[low]
        let theta = (time - step.start) / step.length
        let rest = 1 - theta
        let base = low * 5 * valueCount
        for index in 0..<valueCount {
            func number(_ row: Int) -> Double { numbers[base + row * valueCount + index] }
            let bend = number(2) + theta * (number(3) + theta * number(4))
            unsafe values[index] = rest * number(0) + theta * (number(1) + rest * bend)
        }
        for index in 0..<inputCount { unsafe result[index] = inputs[step.stretch * inputCount + index] }
    }
}
