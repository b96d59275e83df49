import Biology
import Simulation

/// A graph of states in which one bit switches at a time.
private protocol SwitchGraph {
    var count: Int { get }
    var bits: Int { get }
    /// The state reached by switching a bit, or `nil` where it would not switch.
    mutating func neighbour(of state: Int, switching bit: Int) -> Int?
}

/// Components of a graph from which nothing leads out, and what leads to them.
///
/// Source: Tarjan (1972), Depth-first search and linear graph algorithms, doi:10.1137/0201010, from memory.
private struct TerminalComponents {
    /// For each, its states, the lowest first, and how many there are.
    var components: [(states: [Int], size: Int)] = []
    /// For each, the starts that may lead to it, and those that lead nowhere else.
    var basins: [Int] = []
    var ownBasins: [Int] = []
    var starts = 0

    private var order: [UInt32] = []
    private var low: [UInt32] = []
    /// The component of a finished state, from 1.
    private var component: [UInt32] = []
    private var stack: [Int] = []
    private var path: [(state: Int, bit: Int)] = []
    private var next: UInt32 = 1
    /// For each component, which terminal ones it leads to: a place in `sets`.
    private var leads: [UInt32] = []
    private var sets: [[Int]] = []
    private var knownSets: [[Int]: UInt32] = [:]

    init(_ graph: inout some SwitchGraph, roots: some Sequence<Int>, isStart: (Int) -> Bool) {
        for root in roots { visit(root, &graph) }
        basins = [Int](repeating: 0, count: components.count)
        ownBasins = basins
        for state in component.indices where component[state] != 0 && isStart(state) {
            starts += 1
            let set = sets[Int(leads[Int(component[state]) - 1])]
            for terminal in set { basins[terminal] += 1 }
            if set.count == 1 { ownBasins[set[0]] += 1 }
        }
    }

    private mutating func enter(_ state: Int) {
        while order.count <= state {
            order.append(0)
            low.append(0)
            component.append(0)
        }
        order[state] = next
        low[state] = next
        next += 1
        stack.append(state)
        path.append((state, 0))
    }

    private mutating func visit(_ root: Int, _ graph: inout some SwitchGraph) {
        guard root >= order.count || order[root] == 0 else { return }
        enter(root)
        while let (state, bit) = path.last {
            guard bit < graph.bits else {
                path.removeLast()
                if low[state] == order[state] { finish(state, &graph) }
                if let parent = path.last?.state { low[parent] = min(low[parent], low[state]) }
                continue
            }
            path[path.count - 1].bit += 1
            guard let other = graph.neighbour(of: state, switching: bit) else { continue }
            if other >= order.count || order[other] == 0 {
                enter(other)
            } else if component[other] == 0 {
                low[state] = min(low[state], order[other])
            }
        }
    }

    private mutating func finish(_ root: Int, _ graph: inout some SwitchGraph) {
        let first = stack.lastIndex(of: root) ?? 0
        let states = Array(stack[first...])
        stack.removeLast(states.count)
        let number = UInt32(leads.count + 1)
        for state in states { component[state] = number }
        var reached: Set<UInt32> = []
        for state in states {
            for bit in 0..<graph.bits {
                guard let other = graph.neighbour(of: state, switching: bit), component[other] != number else {
                    continue
                }
                reached.insert(leads[Int(component[other]) - 1])
            }
        }
        if reached.isEmpty {
            leads.append(set([components.count]))
            components.append((Array(states.sorted().prefix(Attractor.mostShown)), states.count))
        } else {
            leads.append(reached.count == 1 ? reached.first ?? 0 : set(Set(reached.flatMap { sets[Int($0)] }).sorted()))
        }
    }

    private mutating func set(_ terminals: [Int]) -> UInt32 {
        if let known = knownSets[terminals] { return known }
        sets.append(terminals)
        knownSets[terminals] = UInt32(sets.count - 1)
        return UInt32(sets.count - 1)
    }
}

/// All states of a small network, by the numbers their free bits make.
private struct ListedStates: SwitchGraph {
    let successors: [UInt32]
    let bits: Int
    var count: Int { successors.count }

    func neighbour(of state: Int, switching bit: Int) -> Int? {
        (successors[state] ^ UInt32(state)) >> UInt32(bit) & 1 != 0 ? state ^ 1 << bit : nil
    }
}

/// The states that can be reached from some, found as they are asked for.
private struct ReachedStates: SwitchGraph {
    let program: BooleanProgram
    let most: Int
    private(set) var states: [BooleanState] = []
    private var unstable: [[Int32]] = []
    private var numbers: [BooleanState: Int] = [:]
    /// There were more states than allowed.
    private(set) var isCut = false

    init(_ program: BooleanProgram, most: Int) {
        self.program = program
        self.most = most
    }

    var count: Int { states.count }
    /// A state's switches are counted, not the bits of the network.
    var bits: Int { program.bits }

    mutating func number(of state: BooleanState) -> Int {
        if let known = numbers[state] { return known }
        numbers[state] = states.count
        states.append(state)
        unstable.append(program.unstableBits(state).map(Int32.init))
        return states.count - 1
    }

    mutating func neighbour(of state: Int, switching index: Int) -> Int? {
        guard index < unstable[state].count, !isCut else { return nil }
        guard states.count < most else {
            isCut = true
            return nil
        }
        var other = states[state]
        other[Int(unstable[state][index])].toggle()
        return number(of: other)
    }
}

extension AttractorSearch {
    /// The attractors when nodes switch one at a time: exact where all states can be listed, or from a sample.
    public func asynchronous(samples: Int = 200, seed: UInt64 = 1) -> Attractors {
        guard free.count <= Self.mostFreeBitsAsynchronous else { return walked(samples, seed) }
        var graph = ListedStates(successors: successors(), bits: free.count)
        let isState = isState
        let components = TerminalComponents(
            &graph, roots: (0..<graph.count).lazy.filter(isState), isStart: isState)
        return Attractors(
            found: attractors(components) { state($0) }, coverage: .all(states: components.starts), unresolved: 0)
    }

    private func attractors(_ components: TerminalComponents, _ state: (Int) -> BooleanState) -> [Attractor] {
        let starts = Double(components.starts)
        return components.components.indices.map { index in
            Attractor(
                states: components.components[index].states.map(state), size: components.components[index].size,
                basin: Double(components.basins[index]) / starts,
                ownBasin: Double(components.ownBasins[index]) / starts)
        }.sorted(by: Self.comesBefore)
    }

    /// The attractors that can be reached from a state when nodes switch one at a time.
    ///
    /// `nil` where more than so many states can be reached. Basins are of those.
    public func reachable(from start: BooleanState, most: Int = 1 << 20) -> Attractors? {
        var graph = ReachedStates(program, most: most)
        let root = graph.number(of: start)
        let components = TerminalComponents(&graph, roots: [root]) { _ in true }
        if graph.isCut { return nil }
        let states = graph.states
        return Attractors(
            found: attractors(components) { states[$0] }, coverage: .all(states: states.count), unresolved: 0)
    }
}

// MARK: - Samples

extension AttractorSearch {
    /// Chosen: attractors with more states than this are not resolved.
    private static let mostReached = 1 << 14

    /// From random starts at random to where a search of what can be reached ends.
    private func walked(_ samples: Int, _ seed: UInt64) -> Attractors {
        let tables = SwitchTables(program)
        var walker = BooleanWalker(tables)
        var places: [BooleanState: Int] = [:]
        var found: [Attractor] = []
        var unresolved = 0
        for sample in 0..<samples {
            var stream = RandomStream(seed: seed, cell: sample, purpose: .nodeSwitch)
            walker.load(randomState(&stream).words)
            // Chosen: each bit switches a hundred times on the average, if it goes on switching.
            for _ in 0..<100 * program.bits {
                guard walker.total > 0 else { break }
                walker.flip(walker.choice(stream.uniform()))
            }
            if let known = places[walker.state] {
                found[known].basin += 1 / Double(samples)
                continue
            }
            guard let reached = reachable(from: walker.state, most: Self.mostReached), reached.found.count == 1,
                var attractor = reached.found.first
            else {
                unresolved += 1
                continue
            }
            attractor.basin = 1 / Double(samples)
            if let known = attractor.states.first.flatMap({ places[$0] }) {
                found[known].basin += attractor.basin
            } else {
                for state in attractor.states { places[state] = found.count }
                found.append(attractor)
            }
        }
        for index in found.indices { found[index].ownBasin = found[index].basin }
        return Attractors(
            found: found.sorted(by: Self.comesBefore), coverage: .sample(starts: samples), unresolved: unresolved)
    }
}
