import Biology
public import Simulation

/// A logical network inside every cell of a population: each cell has its own state, and its own chance.
///
/// Time is continuous and in the network's own unit (``BooleanWalker`` says how nodes switch). What happens to a cell
/// depends on the seed, its id, the step's number and its own state alone, so results are the same for any number of
/// threads, and a cell's do not change when others come and go.
///
/// ```swift
/// var population = BooleanPopulation(try BooleanProgram(network), seed: seed)
/// for id in cells { population.add(cell: id) }
/// let receptor = population.program.places["IFNgR"]!
/// // Each step, before and after:
/// population.set(receptor, to: isBound ? 1 : 0, at: index)
/// try population.advance(by: step, step: number, team: team)
/// let secretes = population.level(of: tbet, at: index)
/// ```
public struct BooleanPopulation: Sendable {
    public let program: BooleanProgram
    /// Of the cells, in their order here.
    public private(set) var ids: [Int] = []
    private let tables: SwitchTables
    private let starts: BooleanStarts
    private let seed: UInt64
    private let network: Int
    /// States, one cell after the other.
    private var words: [UInt64] = []
    /// Cells in which nothing can switch until something is set.
    private var isResting: [Bool] = []

    /// Chosen: switches of one cell in one step, after which rates are taken to be a mistake.
    static let mostSwitches = 10_000_000
    private static let cellsPerChunk = 128

    /// A population without cells; `network` tells several networks inside the same cells apart.
    public init(_ program: BooleanProgram, seed: UInt64, network: Int = 0) {
        self.program = program
        self.seed = seed
        self.network = network
        tables = SwitchTables(program)
        starts = BooleanStarts(program)
    }

    // MARK: - Cells

    /// Adds a cell, in a state drawn from the network's starts; returns its index.
    @discardableResult
    public mutating func add(cell id: Int) -> Int {
        var stream = RandomStream(seed: seed, cell: id, purpose: .nodeStart, index: network)
        return append(id, starts.draw(&stream).words[...])
    }

    /// Adds a cell with the state of another, as a daughter has; returns its index.
    @discardableResult
    public mutating func add(cell id: Int, likeCellAt index: Int) -> Int { append(id, words(at: index)) }

    private mutating func append(_ id: Int, _ state: ArraySlice<UInt64>) -> Int {
        ids.append(id)
        words += state
        isResting.append(false)
        return ids.count - 1
    }

    /// Removes a cell; the last one takes its index.
    public mutating func remove(at index: Int) {
        let last = ids.count - 1
        for word in 0..<program.words { words[index * program.words + word] = words[last * program.words + word] }
        ids[index] = ids[last]
        isResting[index] = isResting[last]
        ids.removeLast()
        isResting.removeLast()
        words.removeLast(program.words)
    }

    /// Takes over the cells in their new order; daughters have their mother's state.
    mutating func turnOver(_ cells: [LivingCell]) {
        let before = self
        (ids, words, isResting) = ([], [], [])
        for cell in cells {
            switch cell.origin {
            case .start: add(cell: cell.id)
            case .place(let origin):
                _ = append(cell.id, before.words(at: origin))
                isResting[ids.count - 1] = before.isResting[origin]
            case .held(let levels):
                let index = add(cell: cell.id)
                for (node, level) in levels.enumerated() where !level.isNaN { set(node, to: Int(level), at: index) }
            }
        }
    }

    mutating func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("logic.cells", &ids)
        try archive.keep("logic.states", &words)
        try archive.keep("logic.resting", &isResting)
        guard words.count == ids.count * program.words, isResting.count == ids.count else {
            throw StateProblem("logic", "is of another network")
        }
    }

    // MARK: - Nodes

    private func words(at index: Int) -> ArraySlice<UInt64> {
        words[index * program.words..<(index + 1) * program.words]
    }

    /// The state of a cell.
    public func state(at index: Int) -> BooleanState {
        var state = BooleanState(words: 0)
        state.words = Array(words(at: index))
        return state
    }

    /// The level of a node, by its place in the network, in a cell.
    public func level(of place: Int, at index: Int) -> Int {
        program.bits(of: place).count { words[index * program.words + $0 >> 6] >> UInt64($0 & 63) & 1 != 0 }
    }

    /// Puts a node of a cell at a level; one that has a rule leaves it again as its rule says.
    public mutating func set(_ place: Int, to level: Int, at index: Int) {
        guard self.level(of: place, at: index) != level else { return }
        var state = state(at: index)
        program.set(place, to: level, in: &state)
        for word in 0..<program.words { words[index * program.words + word] = state.words[word] }
        isResting[index] = false
    }

    // MARK: - Time

    /// Lets time pass in every cell: a duration in the network's unit, and a step's number that no earlier call had.
    ///
    /// Throws: stopped, where rates are so large that a cell's switches do not come to an end.
    public mutating func advance(by duration: Double, step: Int, team: ThreadTeam) throws(NetworkFailure) {
        precondition(duration >= 0 && duration.isFinite, "a duration of \(duration)")
        let width = program.words
        let (tables, ids, seed, network) = (self.tables, self.ids, self.seed, self.network)
        let chunks = (ids.count + BooleanPopulation.cellsPerChunk - 1) / BooleanPopulation.cellsPerChunk
        var endless = [Int](repeating: -1, count: chunks)
        unsafe words.withUnsafeMutableBufferPointer { words in
            unsafe isResting.withUnsafeMutableBufferPointer { isResting in
                unsafe endless.withUnsafeMutableBufferPointer { endless in
                    team.run(chunks: chunks) { chunk in
                        let first = chunk * BooleanPopulation.cellsPerChunk
                        var walker = BooleanWalker(tables)
                        for cell in first..<min(first + BooleanPopulation.cellsPerChunk, ids.count) {
                            if unsafe isResting[cell] { continue }
                            unsafe walker.load(words[cell * width..<(cell + 1) * width])
                            var stream = RandomStream(
                                seed: seed, cell: ids[cell], step: step, purpose: .nodeSwitch, index: network)
                            guard walker.walk(for: duration, most: BooleanPopulation.mostSwitches, &stream) else {
                                unsafe endless[chunk] = ids[cell]
                                return
                            }
                            for word in 0..<width { unsafe words[cell * width + word] = walker.state.words[word] }
                            unsafe isResting[cell] = walker.total == 0
                        }
                    }
                }
            }
        }
        if let cell = endless.first(where: { $0 >= 0 }) {
            throw NetworkFailure(
                .stopped,
                problem: "the network '\(program.network.name)' of cell \(cell) switches more than "
                    + "\(BooleanPopulation.mostSwitches) times in one step",
                fix: "give its nodes smaller rates, or take shorter steps")
        }
    }
}

extension BooleanWalker {
    /// Lets time pass; false where there are too many switches.
    fileprivate mutating func walk(for duration: Double, most: Int, _ stream: inout RandomStream) -> Bool {
        var time = 0.0
        for _ in 0..<most {
            guard total > 0 else { return true }
            time += wait(stream.uniform())
            guard time < duration else { return true }
            flip(choice(stream.uniform()))
        }
        return false
    }
}
