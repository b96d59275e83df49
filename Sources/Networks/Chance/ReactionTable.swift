/// Reactions as flat memory: what each changes, on what its rate rests, and how the rate is computed.
///
/// Immutable, and shared by threads.
@safe final class ReactionTable: @unchecked Sendable {
    /// A rate as a product, coefficient · Π (amount − offset), or by a program.
    ///
    /// A run has a copy of its own, whose coefficients and offsets follow what events do to parameters.
    struct Rate {
        var coefficient = 0.0
        var offsets = (0.0, 0.0, 0.0)
        /// The rows of up to three factors.
        var factors: (Int32, Int32, Int32) = (0, 0, 0)
        var form: Form
    }

    /// How many factors a product has, or that it is none.
    enum Form: Int32 { case constant, one, two, three, program }

    /// A jump of an amount, by its row, or how much of one must be there.
    struct Amount {
        var row: Int32
        var amount: Double
    }

    let count: Int
    let forms: [Rate]
    let changes: FlatRows<Amount>
    /// What must be there for a reaction to happen, where its rate does not see to it.
    let needs: FlatRows<Amount>
    /// The reactions whose rates change when one happens, itself among them.
    let dependents: FlatRows<Int32>
    /// The programs of rates that are no products.
    let programs: [FlatProgram?]
    /// One a reaction: whether it may change the truth of a trigger.
    let isWatched: FlatRows<Bool>
    let isAnyWatched: Bool
    /// The rows that reactions change.
    let amounts: [Int32]

    init(
        forms: [Rate], changes: [[Amount]], needs: [[Amount]], dependents: [[Int32]], programs: [FlatProgram?],
        isWatched: [Bool]
    ) {
        count = forms.count
        self.forms = forms
        self.changes = FlatRows(changes)
        self.needs = FlatRows(needs)
        self.dependents = FlatRows(dependents)
        self.programs = programs
        self.isWatched = FlatRows(isWatched.map { [$0] })
        isAnyWatched = isWatched.contains(true)
        amounts = Set(changes.joined().map(\.row)).sorted()
    }
}

/// Rows of different lengths one after the other, without bounds checks: for loops that run ten million times a second.
@safe final class FlatRows<Element>: @unchecked Sendable {
    /// Row r is `elements[starts[r]..<starts[r + 1]]`.
    let starts: UnsafeMutablePointer<Int32>
    let elements: UnsafeMutablePointer<Element>
    let count: Int

    init(_ rows: [[Element]]) {
        count = rows.count
        let total = rows.reduce(0) { $0 + $1.count }
        precondition(total < Int(Int32.max), "\(total) entries are too many")
        unsafe starts = .allocate(capacity: rows.count + 1)
        unsafe elements = .allocate(capacity: total)
        var end = 0
        for (index, row) in rows.enumerated() {
            unsafe starts[index] = Int32(end)
            for element in row {
                unsafe (elements + end).initialize(to: element)
                end += 1
            }
        }
        unsafe starts[rows.count] = Int32(end)
    }

    subscript(row: Int) -> [Element] {
        unsafe (Int(starts[row])..<Int(starts[row + 1])).map { unsafe elements[$0] }
    }

    deinit {
        unsafe elements.deinitialize(count: Int(starts[count]))
        unsafe elements.deallocate()
        unsafe starts.deallocate()
    }
}
