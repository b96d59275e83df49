import CLanes

/// Sixteen floats, one cache line, with arithmetic written as in the equations.
struct FloatLanes {
    static let count = 16
    let lanes: cl_f32x16

    @inline(__always) init(_ lanes: cl_f32x16) { self.lanes = lanes }
    @inline(__always) init(all value: Float) { lanes = cl_all_f32(value) }
    @inline(__always) init(from pointer: UnsafePointer<Float>) { lanes = unsafe cl_load_f32(pointer) }
    @inline(__always) init(from pointer: UnsafeMutablePointer<Float>) { lanes = unsafe cl_load_f32(pointer) }
    @inline(__always) func store(to pointer: UnsafeMutablePointer<Float>) { unsafe cl_store_f32(pointer, lanes) }

    @inline(__always) static func + (a: Self, b: Self) -> Self { Self(cl_add_f32(a.lanes, b.lanes)) }
    @inline(__always) static func - (a: Self, b: Self) -> Self { Self(cl_sub_f32(a.lanes, b.lanes)) }
    @inline(__always) static func * (a: Self, b: Self) -> Self { Self(cl_mul_f32(a.lanes, b.lanes)) }
    @inline(__always) static func / (a: Self, b: Self) -> Self { Self(cl_div_f32(a.lanes, b.lanes)) }
}

/// Four doubles, a row of most cells' stencils.
struct QuadLanes {
    let lanes: cl_f64x4

    @inline(__always) init(_ lanes: cl_f64x4) { self.lanes = lanes }
    @inline(__always) init(all value: Double) { lanes = cl_all_f64x4(value) }
    @inline(__always) init(from pointer: UnsafePointer<Double>) { lanes = unsafe cl_load_f64x4(pointer) }
    @inline(__always) func store(to pointer: UnsafeMutablePointer<Double>) { unsafe cl_store_f64x4(pointer, lanes) }

    @inline(__always) static func + (a: Self, b: Self) -> Self { Self(cl_add_f64x4(a.lanes, b.lanes)) }
    @inline(__always) static func * (a: Self, b: Self) -> Self { Self(cl_mul_f64x4(a.lanes, b.lanes)) }

    /// The sum of the lanes, always in the same order.
    @inline(__always) var sum: Double { (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) }
}

/// Eight doubles, one cache line.
struct DoubleLanes {
    static let count = 8
    let lanes: cl_f64x8

    @inline(__always) init(_ lanes: cl_f64x8) { self.lanes = lanes }
    @inline(__always) init(all value: Double) { lanes = cl_all_f64(value) }
    @inline(__always) init(from pointer: UnsafePointer<Double>) { lanes = unsafe cl_load_f64(pointer) }
    @inline(__always) init(from pointer: UnsafeMutablePointer<Double>) { lanes = unsafe cl_load_f64(pointer) }
    @inline(__always) func store(to pointer: UnsafeMutablePointer<Double>) { unsafe cl_store_f64(pointer, lanes) }

    @inline(__always) static func + (a: Self, b: Self) -> Self { Self(cl_add_f64(a.lanes, b.lanes)) }
    @inline(__always) static func - (a: Self, b: Self) -> Self { Self(cl_sub_f64(a.lanes, b.lanes)) }
    @inline(__always) static func * (a: Self, b: Self) -> Self { Self(cl_mul_f64(a.lanes, b.lanes)) }
    @inline(__always) static func / (a: Self, b: Self) -> Self { Self(cl_div_f64(a.lanes, b.lanes)) }
    @inline(__always) var magnitude: Self { Self(cl_abs_f64(lanes)) }
    @inline(__always) static func max(_ a: Self, _ b: Self) -> Self { Self(cl_max_f64(a.lanes, b.lanes)) }
    @inline(__always) static func min(_ a: Self, _ b: Self) -> Self { Self(cl_min_f64(a.lanes, b.lanes)) }

    @inline(__always) var squareRoot: Self { Self(cl_sqrt_f64x8(lanes)) }
    /// To 4e-14 of itself, of numbers from 1e-37 to 1e37.
    @inline(__always) var inverseSquareRoot: Self { Self(cl_inverse_sqrt_f64(lanes)) }
    /// `a` where `smaller` is below `larger`, `b` elsewhere.
    @inline(__always) static func choose(_ a: Self, _ b: Self, where smaller: Self, isBelow larger: Self) -> Self {
        Self(cl_select_f64x8(cl_less_f64x8(smaller.lanes, larger.lanes), a.lanes, b.lanes))
    }

    /// The sum of the lanes, always in the same order.
    @inline(__always) var sum: Double {
        ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
    }
    @inline(__always) var largest: Double { (0..<8).reduce(lanes[0]) { Swift.max($0, lanes[$1]) } }
    @inline(__always) var smallest: Double { (0..<8).reduce(lanes[0]) { Swift.min($0, lanes[$1]) } }
}
