public import CLanes

/// Runs a flat program for every lane of a block: 1 lane, or a multiple of 8.
///
/// Each lane gets the same bits whatever the number of lanes. Neighbouring instructions of one operation are a run: what
/// to do is decided once a run, so programs that group their operations are fast.
public func runProgram(
    _ program: UnsafePointer<cl_instruction>, count: Int, banks: UnsafePointer<cl_banks>, lanes: Int
) {
    if lanes != 1 && lanes != 8 {
        for index in 0..<count { unsafe runOnEights(program[index], banks, lanes) }
        return
    }
    var start = 0
    while start < count {
        let operation = unsafe program[start].operation
        var end = start &+ 1
        while unsafe end < count && program[end].operation == operation { end &+= 1 }
        if lanes == 1 {
            unsafe runOnOne(operation, UnsafeBufferPointer(start: program + start, count: end - start), banks)
        } else {
            unsafe runOnEight(operation, UnsafeBufferPointer(start: program + start, count: end - start), banks)
        }
        start = end
    }
}

/// A run of one operation, of one lane.
private func runOnOne(
    _ operation: Int32, _ run: UnsafeBufferPointer<cl_instruction>, _ banks: UnsafePointer<cl_banks>
) {
    @inline(__always) func each(_ operation: (Double, Double) -> Double) {
        for index in 0..<run.count {
            let step = unsafe run[index]
            let result = unsafe operation(cl_get_f64x1(banks, step.a), cl_get_f64x1(banks, step.b))
            unsafe cl_put_f64x1(banks, step.to, result)
        }
    }
    switch Int(operation) {
    case CL_COPY: each { a, _ in a }
    case CL_ADD: each { $0 + $1 }
    case CL_SUBTRACT: each { $0 - $1 }
    case CL_MULTIPLY: each { $0 * $1 }
    case CL_DIVIDE: each { $0 / $1 }
    case CL_NEGATE: each { a, _ in -a }
    case CL_MINIMUM: each { cl_smaller_f64x1($0, $1) }
    case CL_MAXIMUM: each { cl_larger_f64x1($0, $1) }
    case CL_MAGNITUDE: each { a, _ in a.magnitude }
    case CL_FLOOR: each { a, _ in cl_floor_f64x1(a) }
    case CL_SQUARE_ROOT: each { a, _ in cl_sqrt_f64x1(a) }
    case CL_LESS: each { cl_less_f64x1($0, $1) }
    case CL_LESS_OR_EQUAL: each { cl_less_or_equal_f64x1($0, $1) }
    case CL_EQUAL: each { cl_equal_f64x1($0, $1) }
    case CL_AND: each { $0 != 0 && $1 != 0 ? 1 : 0 }
    case CL_OR: each { $0 != 0 || $1 != 0 ? 1 : 0 }
    case CL_EXCLUSIVE_OR: each { ($0 != 0) != ($1 != 0) ? 1 : 0 }
    case CL_NOT: each { a, _ in cl_equal_f64x1(a, 0) }
    case CL_SELECT:
        for index in 0..<run.count {
            let step = unsafe run[index]
            let (a, b) = unsafe (cl_get_f64x1(banks, step.a), cl_get_f64x1(banks, step.b))
            unsafe cl_put_f64x1(banks, step.to, cl_select_f64x1(a, b, cl_get_f64x1(banks, step.c)))
        }
    default: each { cl_scalar_operation(operation, $0, $1) }
    }
}

/// A run of one operation, of eight lanes.
private func runOnEight(
    _ operation: Int32, _ run: UnsafeBufferPointer<cl_instruction>, _ banks: UnsafePointer<cl_banks>
) {
    @inline(__always) func each(_ operation: (cl_f64x8, cl_f64x8) -> cl_f64x8) {
        for index in 0..<run.count {
            let step = unsafe run[index]
            let result = unsafe operation(cl_get_f64x8(banks, step.a), cl_get_f64x8(banks, step.b))
            unsafe cl_put_f64x8(banks, step.to, result)
        }
    }
    switch Int(operation) {
    case CL_COPY: each { a, _ in a }
    case CL_ADD: each { cl_add_f64($0, $1) }
    case CL_SUBTRACT: each { cl_sub_f64($0, $1) }
    case CL_MULTIPLY: each { cl_mul_f64($0, $1) }
    case CL_DIVIDE: each { cl_div_f64($0, $1) }
    case CL_NEGATE: each { a, _ in cl_negative_f64x8(a) }
    default: for index in 0..<run.count { unsafe runOnEights(run[index], banks, 8) }
    }
}

/// One instruction, of a multiple of eight lanes.
private func runOnEights(_ step: cl_instruction, _ banks: UnsafePointer<cl_banks>, _ lanes: Int) {
    let a = unsafe LaneRow(banks, step.a)
    let b = unsafe LaneRow(banks, step.b)
    let to: UnsafeMutablePointer<Double> = unsafe cl_target(banks, step.to)
    let (zero, one) = (cl_all_f64(0), cl_all_f64(1))
    /// to = operation(a, b), eight lanes at a time.
    @inline(__always) func each(_ operation: (cl_f64x8, cl_f64x8) -> cl_f64x8) {
        for lane in stride(from: 0, to: lanes, by: 8) { unsafe cl_store_f64(to + lane, operation(a[lane], b[lane])) }
    }
    switch Int(step.operation) {
    case CL_COPY: each { a, _ in a }
    case CL_ADD: each { cl_add_f64($0, $1) }
    case CL_SUBTRACT: each { cl_sub_f64($0, $1) }
    case CL_MULTIPLY: each { cl_mul_f64($0, $1) }
    case CL_DIVIDE: each { cl_div_f64($0, $1) }
    case CL_NEGATE: each { a, _ in cl_negative_f64x8(a) }
    case CL_MINIMUM: each { cl_smaller_f64x8($0, $1) }
    case CL_MAXIMUM: each { cl_larger_f64x8($0, $1) }
    case CL_MAGNITUDE: each { a, _ in cl_abs_f64(a) }
    case CL_FLOOR: each { a, _ in cl_floor_f64x8(a) }
    case CL_SQUARE_ROOT: each { a, _ in cl_sqrt_f64x8(a) }
    case CL_LESS: each { cl_less_f64x8($0, $1) }
    case CL_LESS_OR_EQUAL: each { cl_less_or_equal_f64x8($0, $1) }
    case CL_EQUAL: each { cl_equal_f64x8($0, $1) }
    case CL_AND: each { cl_select_f64x8($0, cl_select_f64x8($1, one, zero), zero) }
    case CL_OR: each { cl_select_f64x8($0, one, cl_select_f64x8($1, one, zero)) }
    case CL_EXCLUSIVE_OR: each { cl_select_f64x8($0, cl_equal_f64x8($1, zero), cl_select_f64x8($1, one, zero)) }
    case CL_NOT: each { a, _ in cl_equal_f64x8(a, zero) }
    case CL_SELECT:
        let c = unsafe LaneRow(banks, step.c)
        for lane in stride(from: 0, to: lanes, by: 8) {
            unsafe cl_store_f64(to + lane, cl_select_f64x8(a[lane], b[lane], c[lane]))
        }
    default:
        for lane in 0..<lanes {
            unsafe to[lane] = cl_scalar_operation(step.operation, a.pointer[lane * a.step], b.pointer[lane * b.step])
        }
    }
}

/// A row of numbers, one a lane, or one number shared by all.
@safe private struct LaneRow {
    let pointer: UnsafePointer<Double>
    let step: Int

    @inline(__always) init(_ banks: UnsafePointer<cl_banks>, _ place: Int32) {
        unsafe pointer = cl_row(banks, place)
        step = unsafe cl_step(banks, place)
    }

    @inline(__always) subscript(lane: Int) -> cl_f64x8 { unsafe cl_load_f64(pointer + lane * step) }
}
