import Simulation

/// Whom cells that attack or eat touch, in compressed rows: by cell and slot, the cells and how much each counts.
struct TouchList {
    private var starts: [Int32] = [0]
    private var targets: [Int32] = []
    private var weights: [Double] = []
    private var slots = 0

    init() {}

    /// `count` cells with `slots` slots each; rows are appended in order of cell, then slot.
    init(cells count: Int, slots: Int) {
        self.slots = slots
        starts.reserveCapacity(count * slots + 1)
    }

    mutating func append(_ target: Int, weight: Double) {
        targets.append(Int32(target))
        weights.append(weight)
    }

    /// Ends the row of the next cell and slot.
    mutating func endRow() { starts.append(Int32(targets.count)) }

    mutating func keep(in archive: StateArchive, cells: Int) throws(StateProblem) {
        try archive.keep("touches.slots", &slots)
        try archive.keep("touches.starts", &starts)
        try archive.keep("touches.targets", &targets)
        try archive.keep("touches.weights", &weights)
        guard weights.count == targets.count, targets.allSatisfy({ (0..<Int32(cells)).contains($0) }),
            starts.first == 0, starts.last == Int32(targets.count), zip(starts, starts.dropFirst()).allSatisfy(<=)
        else { throw StateProblem("touches", "are of other cells") }
    }

    private func row(_ cell: Int, _ slot: Int) -> Range<Int> {
        let at = cell * slots + slot
        // Cells that came during the tick touch nobody yet.
        guard at + 1 < starts.count else { return 0..<0 }
        return Int(starts[at])..<Int(starts[at + 1])
    }

    /// How much those it touches count together.
    func weight(_ cell: Int, _ slot: Int) -> Double { row(cell, slot).reduce(0) { $0 + weights[$1] } }

    /// One of them by chance, each as often as it counts; `share` is uniform in 0..<1.
    func choose(_ cell: Int, _ slot: Int, _ share: Double) -> Int? {
        let row = row(cell, slot)
        var left = share * weight(cell, slot)
        for i in row {
            left -= weights[i]
            if left < 0 { return Int(targets[i]) }
        }
        return row.last.map { Int(targets[$0]) }
    }
}
