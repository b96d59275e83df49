/// What a network's delayed values are made of, and how they are looked up in the past.
struct DelayPrograms: Sendable {
    private struct Delay: Sendable {
        let amount: FlatProgram
        let amountNeeds: [Int]
        /// `nil` where all that is asked for is before the start.
        let after: FlatProgram?
        let afterNeeds: [Int]
        /// Where what was before the start differs from the values of the start.
        let before: FlatProgram?
        let beforeNeeds: [Int]
    }
    private let delays: [Delay]
    private let rows: InputRows
    private let unknowns: Int
    private let inputs: Int
    /// Rows of scratch of the largest program, and of one level of lookup.
    private let programRows: Int
    private let depth: Int
    private var levelRows: Int { 1 + unknowns + inputs + programRows }

    /// Of a network; `programRows` is how many rows of scratch the programs that use delayed values need.
    init(_ network: CompiledNetwork, programRows: Int) {
        rows = network.rows
        unknowns = network.layout.unknowns.count
        inputs = network.inputCount
        delays = network.delays.map { delay in
            let needs = network.delaysNeeded(by:)
            // What no number is given for is what was found at the start.
            let isFound = network.graph.reachable(from: [delay.before]).contains {
                if case .input(.given(let place)) = network.graph.nodes[$0] {
                    return !network.layout.isGiven[place]
                }
                return false
            }
            let isBefore = delay.isOfStart || !isFound
            return Delay(
                amount: network.program([delay.delay]), amountNeeds: needs([delay.delay]),
                after: delay.isOfStart ? nil : network.program([delay.after]),
                afterNeeds: delay.isOfStart ? [] : needs([delay.after]),
                before: isBefore ? network.program([delay.before]) : nil,
                beforeNeeds: isBefore ? needs([delay.before]) : [])
        }
        self.programRows = delays.reduce(programRows) {
            max($0, $1.amount.scratch, $1.after?.scratch ?? 0, $1.before?.scratch ?? 0)
        }
        depth = network.delayDepth
    }

    /// All rows of scratch that a lookup needs, those of the programs included.
    var scratch: Int { delays.isEmpty ? programRows : programRows + levelRows * (depth + 1) }

    /// Writes delayed values into the scratch of a point, where its programs read them.
    func look(up needed: [Int], at point: LanePoint) {
        if !needed.isEmpty { unsafe look(up: needed, at: point, memory: point.scratch + programRows * point.lanes) }
    }

    private func look(up needed: [Int], at point: LanePoint, memory: UnsafeMutablePointer<Double>) {
        let lanes = point.lanes
        for index in needed {
            let delay = delays[index]
            // Which delay depends on which has no circle, so this ends.
            unsafe look(up: delay.amountNeeds, at: point, memory: memory)
            let result = unsafe memory
            unsafe delay.amount.run(point, into: result)
            let target = unsafe point.scratch + (1 + index) * lanes
            let first = unsafe result[0]
            if (1..<lanes).allSatisfy({ unsafe result[$0] == first }) {
                unsafe value(of: delay, at: point.time - first, point, memory: memory)
                for lane in 0..<lanes { unsafe target[lane] = result[lane] }
            } else {
                for lane in 0..<lanes {
                    unsafe delay.amount.run(point, into: result)
                    unsafe value(of: delay, at: point.time - result[lane], point, memory: memory)
                    unsafe target[lane] = result[lane]
                }
            }
        }
    }

    /// Writes what a delay's formula was at a time into the first row of the memory.
    private func value(
        of delay: Delay, at time: Double, _ point: LanePoint, memory: UnsafeMutablePointer<Double>
    ) {
        let lanes = point.lanes
        let values = unsafe memory + lanes
        let inputs = unsafe values + unknowns * lanes
        let scratch = unsafe inputs + self.inputs * lanes
        unsafe point.past?.write(at: time, values: values, inputs: inputs)
        if point.past == nil {
            unsafe values.update(from: point.values, count: unknowns * lanes)
            unsafe inputs.update(from: point.inputs, count: self.inputs * lanes)
        }
        let past = unsafe LanePoint(
            time: time, lanes: lanes, values: values, inputs: inputs, scratch: scratch, past: point.past)
        let isBefore = unsafe time < inputs[rows.startRow * lanes]
        if let before = delay.before, isBefore || delay.after == nil {
            unsafe look(up: delay.beforeNeeds, at: past, memory: scratch + programRows * lanes)
            unsafe before.run(past, into: memory)
        } else if let after = delay.after {
            unsafe look(up: delay.afterNeeds, at: past, memory: scratch + programRows * lanes)
            unsafe after.run(past, into: memory)
        }
    }
}

extension NetworkCompiler {
    /// How often a value of the past depends on one of its own past; `nil` where there is no end to it.
    static func delayDepth(_ delays: [NetworkDelay], in graph: ExpressionGraph) -> Int? {
        func needs(_ term: ExpressionGraph.Term) -> [Int] {
            graph.reachable(from: [term]).compactMap {
                if case .input(.delayed(let index)) = graph.nodes[$0] { index } else { nil }
            }
        }
        let all = delays.map { delay in
            Set(needs(delay.delay) + needs(delay.before) + (delay.isOfStart ? [] : needs(delay.after)))
        }
        var depth = [Int](repeating: 0, count: delays.count)
        // Each round settles those that depend on settled ones alone.
        for _ in 0...mostDelayDepth {
            var isSettled = true
            for index in delays.indices {
                let deeper = (all[index].map { depth[$0] }.max() ?? -1) + 1
                if deeper != depth[index] { (depth[index], isSettled) = (deeper, false) }
            }
            if isSettled { return depth.max() ?? 0 }
        }
        return nil
    }

    /// Delays of delays beyond this are not looked up.
    ///
    /// Chosen: nobody has written four.
    static var mostDelayDepth: Int { 16 }
}

extension CompiledNetwork {
    /// The delays that some terms have, rising.
    func delaysNeeded(by terms: [ExpressionGraph.Term]) -> [Int] {
        if delays.isEmpty { return [] }
        return graph.reachable(from: terms).compactMap {
            if case .input(.delayed(let index)) = graph.nodes[$0] { index } else { nil }
        }
    }
}
