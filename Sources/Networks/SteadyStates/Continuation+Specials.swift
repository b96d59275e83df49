extension Continuation {
    /// Folds, Hopf and branch points between neighbouring states, in order.
    func specials(_ states: [State]) -> [SpecialPoint] {
        var found: [SpecialPoint] = []
        for index in states.indices.dropLast() {
            found += between(states[index], states[index + 1], after: index, depth: 0)
        }
        return found
    }

    /// What happens between two states, halved until it is one thing at a time.
    private func between(_ a: State, _ b: State, after: Int, depth: Int) -> [SpecialPoint] {
        let turns = (a.tangent[problem.count] > 0) != (b.tangent[problem.count] > 0)
        let change = abs(b.unstable - a.unstable)
        switch (turns, change) {
        case (false, 0): return []
        case (true, 1):
            return locate(.fold, a, b, after) { $0.tangent[$0.tangent.count - 1] > 0 }
        case (false, 1), (false, 2):
            return locate(change == 2 ? .hopf : .branching, a, b, after) { $0.unstable == a.unstable }
        default:
            // Chosen: 20 halvings; what is not apart then is not told apart.
            guard depth < 20, let middle = state(from: a, to: b, share: 0.5) else { return [] }
            return between(a, middle, after: after, depth: depth + 1)
                + between(middle, b, after: after, depth: depth + 1)
        }
    }

    /// The state at a share of the way from one state to the next.
    private func state(from a: State, to b: State, share: Double) -> State? {
        let scales = scales(a.z)
        var length = 0.0
        for index in a.z.indices {
            length += a.tangent[index] * (b.z[index] - a.z[index]) / (scales[index] * scales[index])
        }
        guard let z = correct(a, step: share * length, scales) else { return nil }
        return state(z, direction: a.tangent)
    }

    /// Halves the way until the place is known to rounding.
    private func locate(
        _ kind: SpecialPoint.Kind, _ a: State, _ b: State, _ after: Int, _ isBefore: (State) -> Bool
    ) -> [SpecialPoint] {
        let side = isBefore(a)
        var (low, high) = (0.0, 1.0)
        var place = a
        // Chosen: 40 halvings of a step of a tenth; the parameter is then known to 1e-13 of itself.
        for _ in 0..<40 {
            let middle = (low + high) / 2
            guard let state = state(from: a, to: b, share: middle) else { break }
            place = state
            if isBefore(state) == side { low = middle } else { high = middle }
        }
        guard high - low < 1e-6 else { return [] }
        var special = SpecialPoint(
            kind: kind, parameter: place.parameter, equilibrium: point(place).equilibrium, after: after)
        if kind == .hopf {
            let crossing = place.eigenvalues.min { abs($0.real) < abs($1.real) }
            special.angularFrequency = crossing.map { abs($0.imaginary) }
            // Two real ones at once: two branches cross here.
            if special.angularFrequency == 0 { (special.kind, special.angularFrequency) = (.branching, nil) }
        }
        return [special]
    }
}
