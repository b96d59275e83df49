/// The state of a run on its way into a checkpoint, or back out of one.
///
/// Whoever has state lists it once, for both ways:
///
///     func keep(in archive: StateArchive) throws(StateProblem) {
///         try archive.keep("clock.now", &now)
///         try archive.keep("cells.types", &types)
///     }
///
/// Numbers are kept to the bit. What comes out must have gone in under the same names in the same order: anything else is
/// a ``StateProblem``, so that no state is ever taken for another.
public final class StateArchive {
    /// Whether state comes out; otherwise it goes in.
    public let isRestoring: Bool
    /// All that went in, or what was given to come out.
    public private(set) var bytes: [UInt8]
    private var place = 0

    /// Empty, for state to go into.
    public init() {
        isRestoring = false
        bytes = []
    }

    /// For state to come out of what went into another.
    public init(restoring bytes: [UInt8]) {
        isRestoring = true
        self.bytes = bytes
    }

    // MARK: - Numbers

    public func keep<Value: StateValue>(_ name: String, _ value: inout Value) throws(StateProblem) {
        var values = [value]
        try keep(name, &values)
        guard let only = values.first, values.count == 1 else { throw StateProblem(name, "is not one number") }
        value = only
    }

    public func keep<Value: StateValue>(_ name: String, _ values: inout [Value]) throws(StateProblem) {
        let count = try head(name, code: Value.stateCode, count: values.count)
        if isRestoring {
            values = try take(name, count)
        } else {
            unsafe values.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        }
    }

    public func keep<Value: StateValue>(_ name: String, _ rows: inout [[Value]]) throws(StateProblem) {
        var count = rows.count
        try keep("\(name) rows", &count)
        guard count >= 0, count <= bytes.count else { throw StateProblem(name, "has \(count) rows") }
        if isRestoring { rows = Array(repeating: [], count: count) }
        for row in rows.indices { try keep(name, &rows[row]) }
    }

    /// `nil` is kept as nothing.
    public func keep<Value: StateValue>(_ name: String, _ value: inout Value?) throws(StateProblem) {
        var values = value.map { [$0] } ?? []
        try keep(name, &values)
        value = values.first
    }

    public func keep(_ name: String, _ value: inout Bool) throws(StateProblem) {
        var byte: UInt8 = value ? 1 : 0
        try keep(name, &byte)
        value = byte != 0
    }

    public func keep(_ name: String, _ values: inout [Bool]) throws(StateProblem) {
        var numbers: [UInt8] = values.map { $0 ? 1 : 0 }
        try keep(name, &numbers)
        values = numbers.map { $0 != 0 }
    }

    public func keep(_ name: String, _ text: inout String) throws(StateProblem) {
        var utf8 = Array(text.utf8)
        try keep(name, &utf8)
        text = String(decoding: utf8, as: UTF8.self)
    }

    public func keep(_ name: String, _ texts: inout [String]) throws(StateProblem) {
        var utf8 = texts.map { Array($0.utf8) }
        try keep(name, &utf8)
        texts = utf8.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Memory of a fixed length, which must be the same when it comes out.
    @unsafe
    public func keep<Value: StateValue>(
        _ name: String, _ memory: UnsafeMutablePointer<Value>, count: Int
    ) throws(StateProblem) {
        let found = try head(name, code: Value.stateCode, count: count)
        guard found == count else { throw StateProblem(name, "holds \(found) numbers, not \(count)") }
        let size = count * MemoryLayout<Value>.stride
        if isRestoring {
            try check(name, size)
            unsafe bytes.withUnsafeBytes { all in
                guard let base = all.baseAddress else { return }
                unsafe UnsafeMutableRawPointer(memory).copyMemory(from: base + place, byteCount: size)
            }
            place += size
        } else {
            unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: memory, count: size))
        }
    }

    // MARK: - Bytes

    /// What stands before the numbers of one name: the name, what they are, and how many.
    private func head(_ name: String, code: UInt8, count: Int) throws(StateProblem) -> Int {
        let utf8 = Array(name.utf8.prefix(255))
        if !isRestoring {
            bytes.append(UInt8(utf8.count))
            bytes += utf8
            bytes.append(code)
            unsafe withUnsafeBytes(of: Int64(count)) { unsafe bytes.append(contentsOf: $0) }
            return count
        }
        let size = 1 + utf8.count + 1 + 8
        guard size <= bytes.count - place, Int(bytes[place]) == utf8.count,
            bytes[place + 1..<place + 1 + utf8.count].elementsEqual(utf8), bytes[place + 1 + utf8.count] == code
        else { throw StateProblem(name, "is not what stands there") }
        let found = unsafe bytes.withUnsafeBytes {
            unsafe $0.loadUnaligned(fromByteOffset: place + size - 8, as: Int64.self)
        }
        place += size
        return Int(found)
    }

    private func check(_ name: String, _ size: Int) throws(StateProblem) {
        guard size <= bytes.count - place else { throw StateProblem(name, "is cut short") }
    }

    private func take<Value: StateValue>(_ name: String, _ count: Int) throws(StateProblem) -> [Value] {
        let stride = MemoryLayout<Value>.stride
        guard count >= 0, count <= (bytes.count - place) / stride else { throw StateProblem(name, "is cut short") }
        defer { place += count * stride }
        return unsafe bytes.withUnsafeBytes { all in
            (0..<count).map {
                unsafe all.loadUnaligned(fromByteOffset: place + $0 * stride, as: Value.self)
            }
        }
    }
}

/// A number that keeps its bits: every pattern of them is a value.
public protocol StateValue: BitwiseCopyable {
    /// Tells types apart in an archive.
    static var stateCode: UInt8 { get }
}

extension Double: StateValue {
    public static var stateCode: UInt8 { 1 }
}
extension Float: StateValue {
    public static var stateCode: UInt8 { 2 }
}
extension Int: StateValue {
    public static var stateCode: UInt8 { 3 }
}
extension Int32: StateValue {
    public static var stateCode: UInt8 { 4 }
}
extension UInt8: StateValue {
    public static var stateCode: UInt8 { 5 }
}
extension UInt32: StateValue {
    public static var stateCode: UInt8 { 6 }
}
extension UInt64: StateValue {
    public static var stateCode: UInt8 { 7 }
}

/// State that does not fit where it should go: of another version or another model.
public struct StateProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// What of the state.
    public var name: String
    public var problem: String

    public init(_ name: String, _ problem: String) {
        self.name = name
        self.problem = problem
    }

    public var description: String { "'\(name)' \(problem)" }
}
