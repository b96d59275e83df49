public import Biology
import Foundation
import Simulation

/// A reaction network, asked where it rests.
///
/// Events are left out: what they change stays as it is at the start. Chance in initial assignments is refused.
public struct NetworkAtRest: Sendable {
    public let network: ReactionNetwork
    /// The names of the unknowns, in the order of values.
    public let unknowns: [String]
    /// Independent sums of unknowns that nothing changes.
    public let laws: [ConservationLaw]
    /// What each reaction does to the unknowns.
    private let moves: [[Double]]
    /// The unknowns at the start.
    public let start: [Double]
    /// What a unit of each unknown is in units of what its name means: 1/volume for an amount named as a concentration.
    public let namedPerUnit: [Double]
    private let compiled: CompiledNetwork
    private let equations: RestingEquations
    private let outputs: FlatProgram
    private let startOf: NetworkStart

    /// Compiles a network, so that values of some names can be changed and some outputs be known.
    ///
    /// `varying` are names of parameters, compartments, or species (their amount or concentration at the start); initial
    /// assignments to them no longer hold. `outputs` are in the order of ``outputs(at:setting:)``.
    ///
    /// - Throws: What cannot be compiled, rests nowhere because it depends on time, or cannot be varied.
    public init(
        _ network: ReactionNetwork, varying: [String] = [], outputs: [CourseRequest.Output] = []
    ) throws(NetworkFailure) {
        // What an initial assignment computes becomes the value that is varied.
        var changed = network
        let computed = network.initialAssignments.map(\.name).filter(varying.contains)
        if !computed.isEmpty {
            let before = try NetworkAtRest(network, outputs: computed.map { .init($0) })
            let values = before.outputs(at: before.start, setting: before.setting())
            changed = network.with(Dictionary(zip(computed, values)) { first, _ in first }).network
        }
        self.network = changed
        compiled = try CompiledNetwork(changed)
        try NetworkAtRest.check(varying, compiled)
        guard compiled.layout.unknowns.count <= NetworkAtRest.mostUnknowns,
            changed.reactions.count <= NetworkAtRest.mostReactions
        else {
            throw NetworkFailure(
                .unsupported,
                problem:
                    "\(compiled.layout.unknowns.count) unknowns and \(changed.reactions.count) reactions are too many",
                fix: "ask for a part of the network with at most \(NetworkAtRest.mostUnknowns) unknowns, or run it")
        }
        guard compiled.draws.isEmpty else {
            throw NetworkFailure(
                .unsupported, problem: "a value of the network is drawn by chance", fix: "give a number in its place")
        }
        self.outputs = compiled.program(try compiled.terms(of: outputs))
        equations = RestingEquations(compiled, outputs: self.outputs)
        startOf = NetworkStart(compiled)
        unknowns = compiled.layout.unknowns.map(\.name)
        let columns = compiled.stoichiometries(varying: varying)
        laws = ConservationLaw.laws(unknowns: unknowns.count, columns: columns)
        moves = columns.prefix(network.reactions.count).filter { column in column.contains { $0 != 0 } }
        var stream = RandomStream(seed: 0, cell: 0, purpose: .draw)
        let values = startOf.evaluate(givens: compiled.layout.givenValues, at: 0, from: &stream)
        start = values.unknowns
        namedPerUnit = try NetworkAtRest.namedPerUnit(compiled, equations, values)
    }

    /// Chosen: matrices are kept with all their entries, 8 MB and a second a solution at this size.
    public static let mostUnknowns = 1000
    /// Chosen: likewise, 80 MB of stoichiometries.
    public static let mostReactions = 10_000

    private static func check(_ varying: [String], _ compiled: CompiledNetwork) throws(NetworkFailure) {
        var problems = NetworkProblems()
        for name in varying {
            if compiled.layout.givens[name] == nil {
                problems.add("nothing is named '\(name)' that has a value", "vary a parameter or a species")
                continue
            }
            switch compiled.roles.sources[name] {
            case .assigned: problems.add("'\(name)' follows from a rule", "vary what its rule is made of")
            case .algebraic: problems.add("'\(name)' follows from an algebraic rule", "vary a parameter")
            default: break
            }
        }
        try problems.check()
    }

    /// What is held where some names have other values.
    public func setting(_ values: [String: Double] = [:]) -> SteadyProblem.Setting {
        let (unknowns, helds) = begin(values)
        return SteadyProblem.Setting(inputs: helds, totals: laws.map { $0.total(unknowns) })
    }

    /// The unknowns at the start where some names have other values.
    public func start(_ values: [String: Double]) -> [Double] { begin(values).unknowns }

    private func begin(_ values: [String: Double]) -> (unknowns: [Double], helds: [Double]) {
        var givens = compiled.layout.givenValues
        for (name, value) in values {
            guard let place = compiled.layout.givens[name] else { preconditionFailure("nothing is named '\(name)'") }
            givens[place] = value
        }
        var stream = RandomStream(seed: 0, cell: 0, purpose: .draw)
        return startOf.evaluate(givens: givens, at: 0, from: &stream)
    }

    /// The value that the network gives a name, where it gives one.
    public func given(_ name: String) -> Double? {
        compiled.layout.givens[name].map { compiled.layout.givenValues[$0] }
    }

    /// Its equations, for a run.
    public var system: any LaneSystem { equations }

    /// The equations of rest, with some names at other values.
    public func problem(_ values: [String: Double] = [:]) throws(NetworkFailure) -> SteadyProblem {
        let (unknowns, helds) = begin(values)
        return try SteadyProblem(equations, inputs: helds, laws: laws, start: unknowns)
    }

    /// The outputs at a state.
    public func outputs(at values: [Double], setting: SteadyProblem.Setting) -> [Double] {
        NetworkAtRest.run(outputs, equations, values, setting.inputs)
    }

    /// How the outputs at a state of rest shift with parameters, to first order, [parameter][output].
    ///
    /// `nil` where the state is degenerate. The names must be among those that vary.
    public func sensitivities(_ problem: SteadyProblem, at values: [Double], to names: [String]) -> [[Double]]? {
        let given = names.map { self.given($0) ?? 0 }
        let sizes = given.map { $0.isFinite && $0 != 0 ? abs($0) : 1 }
        func setting(_ index: Int, _ value: Double) -> SteadyProblem.Setting {
            self.setting([names[index]: value])
        }
        guard
            let slopes = SteadySensitivity.slopes(
                problem, at: values, parameters: given, scales: sizes, setting: setting)
        else { return nil }
        return names.indices.map { index in
            /// The outputs along the line that the state moves on, to first order.
            func along(_ width: Double) -> [Double] {
                let moved = zip(values, slopes[index]).map { $0 + width * $1 }
                return outputs(at: moved, setting: setting(index, given[index] + width))
            }
            // Chosen: wide enough for rounding, narrow enough where the state moves much faster than the parameter.
            let speed = zip(values, slopes[index]).map { abs($0) > 0 ? abs($1 / $0) * sizes[index] : 0 }.max() ?? 0
            let width = 1e-4 * sizes[index] / max(1, speed)
            return zip(along(width), along(-width)).map { ($0 - $1) / (2 * width) }
        }
    }

    private static func run(
        _ program: FlatProgram, _ equations: RestingEquations, _ values: [Double], _ inputs: [Double]
    ) -> [Double] {
        var scratch = Array(repeating: 0.0, count: max(equations.scratch, program.scratch) + 1)
        var result = Array(repeating: 0.0, count: program.results + 1)
        let (values, inputs) = (values + [0], inputs + [0])
        unsafe values.withUnsafeBufferPointer { values in
            unsafe inputs.withUnsafeBufferPointer { inputs in
                unsafe scratch.withUnsafeMutableBufferPointer { scratch in
                    unsafe result.withUnsafeMutableBufferPointer { result in
                        guard let v = values.baseAddress, let i = inputs.baseAddress, let s = scratch.baseAddress,
                            let r = result.baseAddress
                        else { return }
                        let point = unsafe LanePoint(time: 0, lanes: 1, values: v, inputs: i, scratch: s)
                        unsafe equations.run(program, at: point, into: r)
                    }
                }
            }
        }
        return Array(result.dropLast())
    }

    private static func namedPerUnit(
        _ compiled: CompiledNetwork, _ equations: RestingEquations, _ start: (unknowns: [Double], helds: [Double])
    ) throws(NetworkFailure) -> [Double] {
        let volumes = compiled.layout.unknowns.map { unknown -> CourseRequest.Output? in
            guard case .amount(let species) = unknown.value, !compiled.roles.meansAmount(species) else { return nil }
            return CourseRequest.Output(compiled.network.species[species].compartment)
        }
        let program = compiled.program(try compiled.terms(of: volumes.compactMap(\.self)))
        let sizes = run(program, RestingEquations(compiled, outputs: program), start.unknowns, start.helds)
        var next = 0
        return volumes.map { volume in
            guard volume != nil else { return 1 }
            next += 1
            return sizes[next - 1] > 0 ? 1 / sizes[next - 1] : 1
        }
    }
}

extension NetworkAtRest {
    /// Whether an unknown is a species, which is never below 0.
    private func isSpecies(_ index: Int) -> Bool { compiled.roles.species(unknowns[index]) != nil }

    /// A search around the network's start, or in ranges that names were given (in units of what they mean).
    ///
    /// Without a range, starts spread six powers of ten to both sides of an unknown's start; those that start at 0 spread
    /// around the geometric mean of the others.
    public func search(ranges: [String: ClosedRange<Double>] = [:], starts: Int = 256) -> SteadyStateSearch {
        let sizes = start.map(abs).filter { $0 > 0 && $0.isFinite }
        let typical = sizes.isEmpty ? 1 : exp(sizes.reduce(0) { $0 + log($1) } / Double(sizes.count))
        var (box, lowest) = ([ClosedRange<Double>](), [Double]())
        for (index, value) in start.enumerated() {
            if let range = ranges[unknowns[index]] {
                let unit = namedPerUnit[index]
                box.append(range.lowerBound / unit...range.upperBound / unit)
                lowest.append(isSpecies(index) ? 0 : -.infinity)
                continue
            }
            let size = abs(value) > 0 && value.isFinite ? abs(value) : typical
            box.append(isSpecies(index) || value >= 0 ? size * 1e-6...size * 1e6 : -10 * size...10 * size)
            lowest.append(isSpecies(index) ? 0 : -.infinity)
        }
        var search = SteadyStateSearch(box: box, lowest: lowest)
        search.starts = starts
        search.others = [start]
        if !laws.isEmpty { search.moves = moves }
        return search
    }
}

extension CompiledNetwork {
    /// What each reaction does to the unknowns, and after that columns of their own for rules and for what has no fixed
    /// stoichiometry: sums that all of them leave alone are conserved.
    func stoichiometries(varying: [String]) -> [[Double]] {
        let count = layout.unknowns.count
        var columns = Array(repeating: Array(repeating: 0.0, count: count), count: network.reactions.count)
        for (index, unknown) in layout.unknowns.enumerated() {
            if unknown.algebraicRule == nil, graph.number(equations[index]) == 0 { continue }
            let own = columns.count
            if case .amount(let species) = unknown.value, addChanges(of: species, to: &columns, at: index, varying) {
                continue
            }
            columns.append(Array(repeating: 0, count: count))
            columns[own][index] = 1
        }
        return columns
    }

    /// Adds what reactions do to a species; `false` where no number says it.
    private func addChanges(
        of species: Int, to columns: inout [[Double]], at unknown: Int, _ varying: [String]
    ) -> Bool {
        let factor = network.species[species].conversionFactor.map { constant(.name($0), varying) } ?? 1
        guard let factor else { return false }
        var changes: [(reaction: Int, amount: Double)] = []
        for change in layout.changes[species] {
            guard let amount = constant(change.stoichiometry, varying) else { return false }
            changes.append((change.reaction, change.isReactant ? -amount : amount))
        }
        for change in changes { columns[change.reaction][unknown] += factor * change.amount }
        return true
    }

    /// A number, or the value of a constant parameter that is not varied.
    private func constant(_ formula: Formula, _ varying: [String]) -> Double? {
        switch formula {
        case .number(let value): value
        case .name(let name):
            network.parameters.first { item in
                item.name == name && item.isConstant && !varying.contains(name)
                    && !network.initialAssignments.contains { $0.name == name }
            }?.value
        default: nil
        }
    }
}
