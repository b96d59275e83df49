public import Biology

/// A logical network as differential equations: each node between 0 and 1, drawn by its activators and inhibitors.
///
/// dx/dt = (−e^{h/2} + e^{−h(ω − ½)}) / ((1 − e^{h/2})(1 + e^{−h(ω − ½)})) − γx, with
/// ω = ((1 + n)/n) ΣA/(1 + ΣA) · (1 − ((1 + m)/m) ΣI/(1 + ΣI)) over a node's n activators A and m inhibitors I, all of
/// weight 1; a node with inhibitors alone has the second factor, one with activators alone the first.
///
/// Source: Mendoza & Xenarios (2006), Theor Biol Med Model 3:13, doi:10.1186/1742-4682-3-13, as kept in the project's
/// validation facts (V10).
public struct ContinuousForm: Hashable, Sendable {
    /// How steeply a node answers.
    public var gain = 10.0
    /// How fast a node fades, per unit of time.
    public var decay = 1.0

    public init() {}

    /// The reaction network of rate rules that stands for a logical network.
    ///
    /// Nodes without a rule are parameters, at `levels` or 0; the others start there. A pulse holds its node at its
    /// level until its end.
    ///
    /// Throws: unsupported, for a node with more than two levels, or a rule in which a regulator neither only activates
    /// nor only inhibits; and as ``BooleanProgram/init(_:)``.
    public func network(
        _ logical: BooleanNetwork, levels: [String: Double] = [:], pulses: [BooleanPulse] = []
    ) throws(NetworkFailure) -> ReactionNetwork {
        let program = try BooleanProgram(logical)
        var network = ReactionNetwork(name: logical.name)
        for pulse in pulses { _ = try program.checked(pulse) }
        for (place, node) in logical.nodes.enumerated() {
            guard node.highestLevel == 1 else {
                throw NetworkFailure(
                    .unsupported, problem: "'\(node.name)' has \(node.highestLevel + 1) levels",
                    fix: "the continuous form is of nodes that are off or on")
            }
            let pulse = pulses.first { $0.node == node.name }
            let before = levels[node.name] ?? 0
            let isInput = program.isInput(place)
            network.parameters.append(
                NetworkParameter(
                    name: node.name, value: pulse.map { Double($0.level) } ?? before,
                    isConstant: isInput && pulse == nil))
            if let pulse { addEnd(of: pulse, at: before, isInput, &network) }
            guard !isInput else { continue }
            var rate = try rate(of: place, program)
            if pulse != nil { rate = rate * .call(.minus, [.number(1), .name(Self.hold(node.name))]) }
            network.rateRules.append(NetworkAssignment(node.name, rate))
        }
        return network
    }

    /// The parameter that is 1 while a node is held.
    private static func hold(_ node: String) -> String { "hold_" + node }

    private func addEnd(of pulse: BooleanPulse, at before: Double, _ isInput: Bool, _ network: inout ReactionNetwork) {
        if !isInput {
            network.parameters.append(NetworkParameter(name: Self.hold(pulse.node), value: 1, isConstant: false))
        }
        guard pulse.length.isFinite else { return }
        let change =
            isInput
            ? NetworkAssignment(pulse.node, .number(before)) : NetworkAssignment(Self.hold(pulse.node), .number(0))
        network.events.append(
            NetworkEvent(
                name: "end_" + pulse.node, trigger: .call(.greaterOrEqual, [.time, .number(pulse.length)]),
                assignments: [change]))
    }

    // MARK: - Rates

    private func rate(of place: Int, _ program: BooleanProgram) throws(NetworkFailure) -> Formula {
        let (activators, inhibitors) = try regulators(of: place, program)
        var drive: Formula
        if activators.isEmpty, inhibitors.isEmpty {
            // A rule without regulators is always on, or always off.
            drive = .number(program.next.value(place, at: program.state()))
        } else {
            drive = .number(1)
            if !activators.isEmpty { drive = saturating(activators) }
            if !inhibitors.isEmpty { drive = drive * (.number(1) - saturating(inhibitors)) }
        }
        let half = Formula.call(.exp, [.number(gain / 2)])
        let steep = Formula.call(.exp, [.number(-gain) * (drive - .number(0.5))])
        return (steep - half) / ((.number(1) - half) * (.number(1) + steep))
            - .number(decay) * .name(program.network.nodes[place].name)
    }

    /// ((1 + n)/n) Σ/(1 + Σ).
    private func saturating(_ names: [String]) -> Formula {
        let sum = Formula.call(.plus, names.map { .name($0) })
        let count = Double(names.count)
        return .number((1 + count) / count) * sum / (.number(1) + sum)
    }

    /// What drives a node up and what drives it down, in every state.
    private func regulators(
        of place: Int, _ program: BooleanProgram
    ) throws(NetworkFailure) -> (activators: [String], inhibitors: [String]) {
        let names = program.network.nodes.map(\.name)
        var found: (activators: [String], inhibitors: [String]) = ([], [])
        for regulator in program.next.regulators(of: place) {
            switch program.next.effect(of: regulator, on: place) {
            case (true, false): found.activators.append(names[regulator])
            case (false, true): found.inhibitors.append(names[regulator])
            case (false, false): break
            case (true, true):
                throw NetworkFailure(
                    .unsupported,
                    problem:
                        "'\(names[regulator])' activates '\(names[place])' in some states and inhibits it in others",
                    fix: "the continuous form needs rules in which each regulator does one of both")
            }
        }
        return found
    }
}

extension Diagrams {
    /// Whether switching a bit on can raise a function, and whether it can lower it.
    func effect(of bit: Int, on function: Int) -> (raises: Bool, lowers: Bool) {
        var seen: Set<SIMD2<Int32>> = []
        var left = [SIMD2(roots[function], roots[function])]
        var (raises, lowers) = (false, false)
        /// Ends stand below all branches.
        func order(_ place: Int32) -> Int32 { place < 0 ? .max : branches[Int(place)].order }
        // Both copies are walked side by side, the first with the bit off, the second with it on.
        while let pair = left.popLast() {
            guard seen.insert(pair).inserted else { continue }
            let (off, on) = (pair[0], pair[1])
            if off < 0, on < 0 {
                let (low, high) = (values[Int(~off)], values[Int(~on)])
                raises = raises || high > low
                lowers = lowers || high < low
                continue
            }
            let top = order(off) <= order(on) ? off : on
            let branch = branches[Int(top)]
            func half(_ place: Int32, _ isHigh: Bool) -> Int32 {
                guard place >= 0, branches[Int(place)].bit == branch.bit else { return place }
                return isHigh ? branches[Int(place)].high : branches[Int(place)].low
            }
            if Int(branch.bit) == bit {
                left.append(SIMD2(half(off, false), half(on, true)))
            } else {
                left.append(SIMD2(half(off, false), half(on, false)))
                left.append(SIMD2(half(off, true), half(on, true)))
            }
        }
        return (raises, lowers)
    }
}
