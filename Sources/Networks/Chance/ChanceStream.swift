import Foundation
import Simulation

/// Uniform numbers of a ``RandomStream``, computed a hundred at a time: blocks of Philox side by side keep the processor
/// busy, which one after the other do not.
///
/// The numbers are those of the stream. A value owns its memory until `release()`.
@safe struct ChanceStream {
    /// Uniform numbers computed together (chosen: 1 KB).
    private static let count = 128
    private var source: RandomStream
    private let numbers: UnsafeMutablePointer<Double>
    private var used = ChanceStream.count

    init(_ source: RandomStream) {
        self.source = source
        unsafe numbers = .allocate(capacity: ChanceStream.count)
    }

    func release() { unsafe numbers.deallocate() }

    /// The next number of [0, 1), a multiple of 2⁻⁵³.
    @inline(__always)
    mutating func uniform() -> Double {
        if used == ChanceStream.count { refill() }
        let number = unsafe numbers[used]
        used += 1
        return number
    }

    /// The next exponential number of mean 1; never infinite.
    @inline(__always)
    mutating func exponential() -> Double { -log(1 - uniform()) }

    @inline(never)
    private mutating func refill() {
        unsafe source.fill(numbers, count: ChanceStream.count)
        used = 0
    }
}
