import CLanes
import KernelsV1

#if arch(x86_64)
    import KernelsV3
    import KernelsV4
#endif

/// Terms of a graph as a list of instructions, evaluated for a block of lanes at a time.
///
/// Row r of the result is the r-th root. Time, delayed values and draws are read from the first rows of the scratch.
struct FlatProgram: Sendable {
    let steps: [cl_instruction]
    /// How many rows of scratch it writes, those of `InputRows` included.
    let scratch: Int
    let results: Int

    let constants: ConstantPool

    /// Runs it at a point; its result is [root][lane].
    ///
    /// Delayed values and draws are in the scratch already.
    func run(_ point: LanePoint, into result: UnsafeMutablePointer<Double>) {
        let lanes = point.lanes
        for lane in 0..<lanes { unsafe point.scratch[lane] = point.time }
        var banks = unsafe cl_banks_of(
            point.values, point.inputs, constants.start, point.scratch, result, lanes)
        unsafe steps.withUnsafeBufferPointer { buffer in
            guard let first = buffer.baseAddress else { return }
            unsafe Self.kernel(first, buffer.count, &banks, lanes)
        }
    }

    private typealias Kernel =
        @Sendable (UnsafePointer<cl_instruction>, Int, UnsafePointer<cl_banks>, Int) -> Void

    /// The kernel compiled for what this processor can do; all give the same bits.
    private static let kernel: Kernel = {
        #if arch(x86_64)
            let level = cl_processor_level()
            if level >= 4 { return unsafe KernelsV4.runProgram(_:count:banks:lanes:) }
            if level >= 3 { return unsafe KernelsV3.runProgram(_:count:banks:lanes:) }
        #endif
        return unsafe KernelsV1.runProgram(_:count:banks:lanes:)
    }()
}

/// Where programs find what a graph is given.
struct InputRows: Hashable, Sendable {
    var held = 0
    var modes = 0
    var delayed = 0
    var draws = 0
    var givens = 0

    /// The row of the inputs that has the time of the start, after what is given.
    var startRow: Int { held + modes + givens }
    /// Rows at the head of the scratch: the time, then delayed values, then draws.
    var reserved: Int { 1 + delayed + draws }

    /// The place of an input: its bank and row.
    func place(_ input: ExpressionGraph.Input) -> Int32 {
        switch input {
        case .time: Self.place(CL_SCRATCH, 0)
        case .delayed(let index): Self.place(CL_SCRATCH, 1 + index)
        case .unknown(let index): Self.place(CL_VALUES, index)
        case .held(let index): Self.place(CL_INPUTS, index)
        case .mode(let index): Self.place(CL_INPUTS, held + index)
        case .given(let index): Self.place(CL_INPUTS, held + modes + index)
        case .draw(let index): Self.place(CL_SCRATCH, 1 + delayed + index)
        }
    }

    static func place(_ bank: Int, _ row: Int) -> Int32 { Int32(row * CL_BANKS + bank) }
}

/// The numbers that programs of a graph read, each eight times; fixed in memory and never changed.
@safe final class ConstantPool: @unchecked Sendable {
    let start: UnsafeMutablePointer<Double>
    private let rows: [UInt64: Int32]

    init(of graph: ExpressionGraph) {
        var rows: [UInt64: Int32] = [:]
        var values: [Double] = []
        for case .constant(let bits) in graph.nodes {
            rows[bits] = Int32(values.count)
            values.append(Double(bitPattern: bits))
        }
        // From the start of a cache line, as eight numbers across two take twice as long to load.
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(values.count, 1) * 64, alignment: 64)
        unsafe start = raw.bindMemory(to: Double.self, capacity: max(values.count, 1) * 8)
        for (row, value) in values.enumerated() { unsafe (start + row * 8).initialize(repeating: value, count: 8) }
        self.rows = rows
    }

    deinit { unsafe start.deallocate() }

    func place(_ bits: UInt64) -> Int32 {
        guard let row = rows[bits] else { preconditionFailure("a number that is in no term") }
        return InputRows.place(CL_CONSTANTS, Int(row))
    }
}

/// Turns terms into instructions: operands before what is made of them, rows of scratch used again when free.
struct ProgramAssembler {
    let graph: ExpressionGraph
    let rows: InputRows
    let constants: ConstantPool

    func program(_ roots: [ExpressionGraph.Term]) -> FlatProgram {
        let order = grouped(schedule(roots))
        let size = (order.max() ?? -1) + 1
        var uses = [Int](repeating: 0, count: size)
        for term in order { for operand in graph.operands(of: term) { uses[operand] += 1 } }
        // The row of the result that a term is computed in, if any.
        var targets = [Int?](repeating: nil, count: size)
        for (row, root) in roots.enumerated() where targets[root] == nil && !graph.operands(of: root).isEmpty {
            targets[root] = row
        }
        var places = [Int32](repeating: 0, count: size)
        var (free, next) = ([Int](), rows.reserved)
        var steps: [cl_instruction] = []
        for term in order {
            switch graph.nodes[term] {
            case .constant(let bits): places[term] = constants.place(bits)
            case .input(let input): places[term] = rows.place(input)
            case .operation(let operation, _, _, _):
                let operands = graph.operands(of: term)
                let read = operands.map { places[$0] }
                for operand in operands {
                    uses[operand] -= 1
                    if uses[operand] == 0, isScratch(operand, targets) { free.append(Int(places[operand]) / CL_BANKS) }
                }
                let to: Int32
                if let row = targets[term] {
                    to = InputRows.place(CL_RESULT, row)
                } else {
                    if free.isEmpty { next += 1 }
                    to = InputRows.place(CL_SCRATCH, free.popLast() ?? next - 1)
                }
                places[term] = to
                steps.append(
                    cl_instruction(
                        operation: operation, to: to, a: read[0], b: read.count > 1 ? read[1] : read[0],
                        c: read.count > 2 ? read[2] : read[0]))
            }
        }
        for (row, root) in roots.enumerated() where targets[root] != row {
            let (to, from) = (InputRows.place(CL_RESULT, row), places[root])
            steps.append(cl_instruction(operation: Int32(CL_COPY), to: to, a: from, b: from, c: from))
        }
        return FlatProgram(steps: steps, scratch: next, results: roots.count, constants: constants)
    }

    /// Whether a term is kept in a row of scratch that can be used again.
    private func isScratch(_ term: ExpressionGraph.Term, _ targets: [Int?]) -> Bool {
        if case .operation = graph.nodes[term] { return targets[term] == nil }
        return false
    }

    /// The terms in another order that has operations of one kind side by side, each still after its operands.
    ///
    /// The kind with the most terms whose operands are there comes next.
    private func grouped(_ order: [ExpressionGraph.Term]) -> [ExpressionGraph.Term] {
        let size = (order.max() ?? -1) + 1
        var waiting = [Int](repeating: 0, count: size)
        var users = [[ExpressionGraph.Term]](repeating: [], count: size)
        var ready: [Int32: [ExpressionGraph.Term]] = [:]
        var result: [ExpressionGraph.Term] = []
        func kind(_ term: ExpressionGraph.Term) -> Int32? {
            if case .operation(let operation, _, _, _) = graph.nodes[term] { return operation }
            return nil
        }
        for term in order {
            guard let kind = kind(term) else {
                result.append(term)
                continue
            }
            for operand in graph.operands(of: term) where self.isOperation(operand) {
                waiting[term] += 1
                users[operand].append(term)
            }
            if waiting[term] == 0 { ready[kind, default: []].append(term) }
        }
        while let next = ready.max(by: { ($0.value.count, -$0.key) < ($1.value.count, -$1.key) }) {
            ready[next.key] = nil
            result += next.value
            for term in next.value {
                for user in users[term] {
                    waiting[user] -= 1
                    if waiting[user] == 0, let kind = kind(user) { ready[kind, default: []].append(user) }
                }
            }
        }
        return result
    }

    private func isOperation(_ term: ExpressionGraph.Term) -> Bool {
        if case .operation = graph.nodes[term] { return true }
        return false
    }

    /// What the roots are made of, root after root, each term after its operands and once.
    private func schedule(_ roots: [ExpressionGraph.Term]) -> [ExpressionGraph.Term] {
        var done = [Bool](repeating: false, count: (roots.max() ?? -1) + 1)
        var order: [ExpressionGraph.Term] = []
        for root in roots {
            var stack = [root]
            while let term = stack.last {
                let open = done[term] ? [] : graph.operands(of: term).filter { !done[$0] }
                if open.isEmpty {
                    stack.removeLast()
                    if !done[term] {
                        done[term] = true
                        order.append(term)
                    }
                } else {
                    stack += open.reversed()
                }
            }
        }
        return order
    }
}
