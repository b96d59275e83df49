/// The update of a logical network for 64 states at once: one word a bit of the state, one state a bit of the word.
struct SliceProgram: Sendable {
    private struct Step: Sendable {
        var bit: Int32
        /// A step, −1 for nowhere and −2 for everywhere.
        var low: Int32
        var high: Int32
    }

    private var steps: [Step] = []
    /// For each bit of the state, a step as above.
    private var roots: [Int32] = []

    init(_ next: Diagrams) {
        func moved(_ place: Int32) -> Int32 { place >= 0 ? place : next.values[Int(~place)] != 0 ? -2 : -1 }
        // Branches stand after those they lead to.
        steps = next.branches.map { Step(bit: $0.bit, low: moved($0.low), high: moved($0.high)) }
        roots = next.roots.map(moved)
    }

    /// Room for the values of all steps.
    var room: [UInt64] { [UInt64](repeating: 0, count: steps.count) }

    /// The states after these; both arrays hold one word a bit.
    func update(_ state: [UInt64], into next: inout [UInt64], _ room: inout [UInt64]) {
        func value(_ place: Int32, _ room: [UInt64]) -> UInt64 {
            place >= 0 ? room[Int(place)] : place == -2 ? .max : 0
        }
        for (index, step) in steps.enumerated() {
            let isOn = state[Int(step.bit)]
            room[index] = (isOn & value(step.high, room)) | (~isOn & value(step.low, room))
        }
        for (bit, root) in roots.enumerated() { next[bit] = value(root, room) }
    }
}
