import CHDF5

/// A number that a dataset holds; in the file always little-endian.
public protocol HDF5Number: AdditiveArithmetic, BitwiseCopyable, Sendable {
    static var format: HDF5Format { get }
}

public enum HDF5Format: Sendable {
    case float64, float32, int64, int32, uint8

    var isInteger: Bool { self != .float64 && self != .float32 }

    var inMemory: hid_t {
        switch self {
        case .float64: h5_memory_float64()
        case .float32: h5_memory_float32()
        case .int64: h5_memory_int64()
        case .int32: h5_memory_int32()
        case .uint8: h5_memory_uint8()
        }
    }

    var stored: hid_t {
        switch self {
        case .float64: h5_stored_float64()
        case .float32: h5_stored_float32()
        case .int64: h5_stored_int64()
        case .int32: h5_stored_int32()
        case .uint8: h5_stored_uint8()
        }
    }
}

extension Double: HDF5Number { public static var format: HDF5Format { .float64 } }
extension Float: HDF5Number { public static var format: HDF5Format { .float32 } }
extension Int64: HDF5Number { public static var format: HDF5Format { .int64 } }
extension Int: HDF5Number { public static var format: HDF5Format { .int64 } }
extension Int32: HDF5Number { public static var format: HDF5Format { .int32 } }
extension UInt8: HDF5Number { public static var format: HDF5Format { .uint8 } }

/// How a dataset lies in the file.
public enum HDF5Storage: Hashable, Sendable {
    case contiguous
    /// In chunks of this shape, bytes shuffled and deflated at this level, 0...9.
    case deflated(chunk: [Int], level: Int)
}

/// What a dataset's elements are.
public enum HDF5ElementKind: Hashable, Sendable {
    case integer, float, text
    /// h5py's bool is one: FALSE and TRUE.
    case enumeration
    case compound
    case other
}

public enum HDF5ObjectKind: Hashable, Sendable { case group, dataset, other }

/// The value of an attribute.
public enum HDF5Value: Hashable, Sendable {
    case text(String)
    case integer(Int)
    case number(Double)
    case texts([String])
    case integers([Int])
    case numbers([Double])
}
