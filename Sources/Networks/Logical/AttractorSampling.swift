import Biology
import Simulation

/// Attractors of networks with more states than can be listed: from random starts, 64 at a time.
extension AttractorSearch {
    /// Steps after which a way to an attractor is left unresolved; chosen: as many as 64 MB hold states, up to 2¹⁶.
    private var mostSteps: Int { max(64, min(1 << 16, (1 << 23) / max(program.words, 1))) }

    func sampled(_ samples: Int, _ seed: UInt64) -> Attractors {
        let slices = SliceProgram(program.next)
        var places: [BooleanState: Int] = [:]
        var found: [Attractor] = []
        var unresolved = 0
        for block in 0..<(samples + 63) / 64 {
            let lanes = min(64, samples - 64 * block)
            let ends = settle(block, lanes, seed, slices)
            for lane in 0..<lanes {
                guard let end = ends[lane] else {
                    unresolved += 1
                    continue
                }
                if places[end] == nil {
                    // All states of the cycle lead to it, so that each is looked for once.
                    let cycle = cycle(from: end)
                    for state in cycle { places[state] = found.count }
                    found.append(
                        Attractor(
                            states: Array(cycle.prefix(Attractor.mostShown)), size: cycle.count, basin: 0, ownBasin: 0))
                }
                if let place = places[end] { found[place].basin += 1 / Double(samples) }
            }
        }
        for index in found.indices { found[index].ownBasin = found[index].basin }
        return Attractors(
            found: found.sorted(by: Self.comesBefore), coverage: .sample(starts: samples), unresolved: unresolved)
    }

    /// A random state: free nodes at any of their levels with equal probability.
    func randomState(_ stream: inout RandomStream) -> BooleanState {
        var state = base
        var bit = 0
        while bit < free.count {
            let place = Int(program.nodes[free[bit]])
            let levels = program.bits(of: place).count
            program.set(place, to: min(Int(stream.uniform() * Double(levels + 1)), levels), in: &state)
            bit += levels
        }
        return state
    }

    /// A state of the attractor that each of some random starts ends in; `nil` for one whose way is too long.
    ///
    /// Source of the search for a state that comes again: Brent (1980), An improved Monte Carlo factorization
    /// algorithm, doi:10.1007/BF01933190, from memory.
    private func settle(_ block: Int, _ lanes: Int, _ seed: UInt64, _ slices: SliceProgram) -> [BooleanState?] {
        var state = [UInt64](repeating: 0, count: program.bits)
        for lane in 0..<lanes {
            var stream = RandomStream(seed: seed, cell: 64 * block + lane, purpose: .nodeStart)
            let start = randomState(&stream)
            for bit in 0..<program.bits where start[bit] { state[bit] |= 1 << UInt64(lane) }
        }
        var next = state
        var room = slices.room
        var mark = state
        var isDone: UInt64 = 0
        let all: UInt64 = lanes == 64 ? .max : 1 << UInt64(lanes) - 1
        var ends = [BooleanState?](repeating: nil, count: lanes)
        for step in 1...mostSteps {
            slices.update(state, into: &next, &room)
            swap(&state, &next)
            var differs: UInt64 = 0
            for bit in 0..<program.bits { differs |= state[bit] ^ mark[bit] }
            let fresh = ~differs & ~isDone & all
            for lane in 0..<lanes where fresh >> UInt64(lane) & 1 != 0 {
                var end = program.state()
                for bit in 0..<program.bits where state[bit] >> UInt64(lane) & 1 != 0 { end[bit] = true }
                ends[lane] = end
            }
            isDone |= fresh
            if isDone == all { break }
            if step & (step - 1) == 0 { mark = state }
        }
        return ends
    }

    private func cycle(from state: BooleanState) -> [BooleanState] {
        var states = [state]
        var next = program.update(state)
        while next != state {
            states.append(next)
            next = program.update(next)
        }
        func value(_ state: BooleanState) -> ReversedCollection<[UInt64]> { state.words.reversed() }
        let lowest = states.indices.min { value(states[$0]).lexicographicallyPrecedes(value(states[$1])) } ?? 0
        return Array(states[lowest...] + states[..<lowest])
    }
}
