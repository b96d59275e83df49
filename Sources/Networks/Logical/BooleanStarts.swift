import Biology
import Simulation

/// Draws the states a logical network starts from.
struct BooleanStarts: Sendable {
    private struct Table: Sendable {
        var places: [Int]
        var levels: [[Int]]
        /// Rising to 1.
        var cumulative: [Double]
    }

    private let program: BooleanProgram
    private var tables: [Table] = []
    /// Nodes of which nothing is said.
    private let open: [Int]

    init(_ program: BooleanProgram) {
        self.program = program
        var named: Set<Int> = []
        for start in program.network.starts {
            let places = start.nodes.compactMap { program.places[$0] }
            named.formUnion(places)
            let total = start.choices.reduce(0) { $0 + $1.weight }
            var sum = 0.0
            var cumulative: [Double] = []
            for choice in start.choices {
                sum += choice.weight
                cumulative.append(sum / total)
            }
            tables.append(Table(places: places, levels: start.choices.map(\.levels), cumulative: cumulative))
        }
        open = program.network.nodes.indices.filter { !named.contains($0) }
    }

    func draw(_ stream: inout RandomStream) -> BooleanState {
        var state = program.state()
        for table in tables {
            let share = table.cumulative.count > 1 ? stream.uniform() : 0
            // One with probability 0 ends where the one before it does.
            let choice = table.cumulative.firstIndex { share < $0 } ?? table.cumulative.count - 1
            for (place, level) in zip(table.places, table.levels[choice]) { program.set(place, to: level, in: &state) }
        }
        for place in open {
            let levels = program.bits(of: place).count + 1
            program.set(place, to: min(Int(stream.uniform() * Double(levels)), levels - 1), in: &state)
        }
        return state
    }
}
