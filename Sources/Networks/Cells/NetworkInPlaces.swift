public import Biology
import Simulation

/// A network at many places of a medium, for a solver that moves what is dissolved between them.
///
/// What is dissolved is the solver's; the network's other values stay where they are. At given dissolved amounts they are
/// solved for a stage of an implicit method, base + τ · rate, place by place, and the network says what it does to the
/// dissolved amounts and how that answers to each of them. Every place sees itself as if the whole medium were like it, so
/// amounts are those of the whole volume. Numbers and time are in the network's own units.
public final class NetworkInPlaces: Sendable {
    /// The names of the values that stay where they are, and what they are at the start.
    public let own: [String]
    public let start: [Double]
    /// The names that are read of it.
    public let outputs: [String]
    private let compiled: CompiledNetwork
    let equations: NetworkEquations
    private let program: PreparedProgram
    /// Of dissolved species, their unknown or what holds them; of own values their unknown.
    let dissolved: [Place]
    let unknowns: [Int]
    let helds: [Double]
    /// The part of the Jacobian among own values, and where its entries stand in the whole.
    private let ownPattern: SparsePattern
    private let ownEntries: [Int]

    enum Place {
        case unknown(Int)
        case held(Int)
    }

    /// Places that are solved together.
    public static let lanes = 8

    /// Compiles a network of which the species `names` are dissolved in the medium; `outputs` are names that are read.
    ///
    /// - Throws: ``NetworkFailure`` where the network cannot be run, or not in places.
    public init(
        _ network: ReactionNetwork, dissolved names: [String], outputs: [String]
    ) throws(NetworkFailure) {
        compiled = try CompiledNetwork(network)
        try NetworkInPlaces.check(compiled)
        equations = NetworkEquations(compiled)
        self.outputs = outputs
        program = PreparedProgram(try compiled.terms(of: outputs.map { CourseRequest.Output($0) }), of: compiled)
        var stream = RandomStream(seed: 0, cell: 0, purpose: .draw)
        let first = NetworkStart(compiled)
        let values = first.evaluate(givens: compiled.layout.givenValues, at: 0, from: &stream)
        try first.check(values)
        var places: [Place] = []
        for name in names {
            guard let species = compiled.roles.species(name) else { continue }
            if let unknown = compiled.layout.unknown(of: .amount(species)) {
                places.append(.unknown(unknown))
            } else if let held = compiled.layout.held(of: .amount(species)) {
                places.append(.held(held))
            } else {
                throw NetworkFailure(
                    .unsupported, problem: "'\(name)' follows a rule, and dissolved molecules follow reactions",
                    fix: "write reactions that make and take '\(name)'")
            }
        }
        let taken = places.compactMap { if case .unknown(let unknown) = $0 { unknown } else { nil } }
        let unknowns = compiled.layout.unknowns.indices.filter { !taken.contains($0) }
        (dissolved, self.unknowns, helds) = (places, unknowns, values.helds)
        let layout = compiled.layout
        own = unknowns.map { layout.unknowns[$0].name }
        start = unknowns.map { values.unknowns[$0] }
        let pattern = equations.pattern
        let place = Dictionary(uniqueKeysWithValues: unknowns.enumerated().map { ($1, $0) })
        ownPattern = SparsePattern(
            rows: unknowns.map { row in
                pattern.columns[pattern.starts[row]..<pattern.starts[row + 1]].compactMap { place[$0] }
            })
        ownEntries = unknowns.flatMap { row in
            (pattern.starts[row]..<pattern.starts[row + 1]).filter { place[pattern.columns[$0]] != nil }
        }
    }

    private static func check(_ network: CompiledNetwork) throws(NetworkFailure) {
        let kinds = [
            ("events", !network.events.isEmpty), ("delays", !network.delays.isEmpty),
            ("cases that depend on values", !network.modes.isEmpty), ("chance", !network.draws.isEmpty),
            ("fast reactions", !network.fastEquations.isEmpty),
            ("algebraic rules", network.layout.unknowns.contains { $0.algebraicRule != nil }),
        ]
        guard let kind = kinds.first(where: \.1)?.0 else { return }
        throw NetworkFailure(
            .unsupported, problem: "a network with \(kind) does not run at every place of a medium",
            fix: "write it without them, or run it without space ('paracrine mix')")
    }

    /// Memory in which eight places are solved; for one thread.
    @safe public final class Work {
        /// Given: amounts of the whole volume, [dissolved][lane].
        public let dissolved: UnsafeMutablePointer<Double>
        /// Given: what own values are without the stage's rate, [own][lane].
        public let base: UnsafeMutablePointer<Double>
        /// Given as a guess, then found: [own][lane].
        public let own: UnsafeMutablePointer<Double>
        /// Found: rates of own values, [own][lane], and of dissolved amounts, [dissolved][lane].
        public let ownRates: UnsafeMutablePointer<Double>
        public let rates: UnsafeMutablePointer<Double>
        /// Found: how a dissolved amount's rate answers to itself, own values following, [dissolved][lane].
        public let slopes: UnsafeMutablePointer<Double>
        fileprivate let values: UnsafeMutablePointer<Double>
        fileprivate let inputs: UnsafeMutablePointer<Double>
        fileprivate let scratch: UnsafeMutablePointer<Double>
        fileprivate let all: UnsafeMutablePointer<Double>
        fileprivate let jacobian: UnsafeMutablePointer<Double>
        fileprivate let ownJacobian: UnsafeMutablePointer<Double>
        fileprivate let mass: UnsafeMutablePointer<Double>
        fileprivate let right: UnsafeMutablePointer<Double>
        fileprivate let answer: UnsafeMutablePointer<Double>
        fileprivate let factors: DenseFactors
        fileprivate let evaluator: NetworkEvaluator

        fileprivate init(_ network: NetworkInPlaces) {
            func room(_ count: Int, _ value: Double = 0) -> UnsafeMutablePointer<Double> {
                let size = max(1, count) * NetworkInPlaces.lanes
                let memory = UnsafeMutablePointer<Double>.allocate(capacity: size)
                unsafe memory.initialize(repeating: value, count: size)
                return unsafe memory
            }
            let (shared, own) = (network.dissolved.count, network.unknowns.count)
            unsafe (dissolved, base, self.own) = (room(shared), room(own), room(own))
            unsafe (ownRates, rates, slopes) = (room(own), room(shared), room(shared))
            let all = network.equations.unknowns
            unsafe (values, inputs) = (room(all), room(network.equations.inputs))
            unsafe (scratch, self.all) = (room(network.equations.scratch), room(all))
            unsafe (jacobian, ownJacobian) = (room(network.equations.pattern.count), room(network.ownPattern.count))
            unsafe (mass, right, answer) = (room(own, 1), room(own), room(own))
            factors = DenseFactors(unknowns: own, lanes: NetworkInPlaces.lanes)
            evaluator = NetworkEvaluator(network.compiled, programs: [network.program], lanes: NetworkInPlaces.lanes)
            for (row, value) in network.helds.enumerated() {
                for lane in 0..<NetworkInPlaces.lanes { unsafe inputs[row * NetworkInPlaces.lanes + lane] = value }
            }
        }

        deinit {
            unsafe [dissolved, base, own, ownRates, rates, slopes, values, inputs].forEach { unsafe $0.deallocate() }
            unsafe [scratch, all, jacobian, ownJacobian, mass, right, answer].forEach { unsafe $0.deallocate() }
        }
    }

    public func work() -> Work { Work(self) }

    // MARK: - A stage

    /// Finds own values at base + τ · rate for what is dissolved, and the rates there; at τ = 0 only rates.
    ///
    /// `tolerance`: how far own values may be out, as part of themselves.
    ///
    /// - Returns: Whether they were found.
    public func solve(_ work: Work, time: Double, tau: Double, tolerance: Double) -> Bool {
        take(work)
        guard !unknowns.isEmpty, tau > 0 else {
            rate(work, time)
            unsafe equations.jacobian(point(work, time), into: work.jacobian)
            give(work, isSolved: false)
            return true
        }
        // Chosen: Newton's method doubles the digits; what takes longer needs a shorter stage.
        for iteration in 0..<12 {
            rate(work, time)
            let isClose = residual(work, tau, tolerance)
            if isClose && iteration > 0 {
                give(work, isSolved: true)
                return true
            }
            unsafe equations.jacobian(point(work, time), into: work.jacobian)
            guard factorise(work, tau) else { return false }
            unsafe work.factors.solve(work.right, into: work.answer)
            for (k, unknown) in unknowns.enumerated() {
                for lane in 0..<Self.lanes {
                    unsafe work.values[unknown * Self.lanes + lane] += work.answer[k * Self.lanes + lane]
                }
            }
        }
        return false
    }

    private func point(_ work: Work, _ time: Double) -> LanePoint {
        unsafe LanePoint(
            time: time, lanes: Self.lanes, values: work.values, inputs: work.inputs, scratch: work.scratch)
    }

    private func rate(_ work: Work, _ time: Double) { unsafe equations.rates(point(work, time), into: work.all) }

    /// What is given goes where the equations read it.
    private func take(_ work: Work) {
        for (k, place) in dissolved.enumerated() {
            for lane in 0..<Self.lanes {
                let value = unsafe work.dissolved[k * Self.lanes + lane]
                switch place {
                case .unknown(let unknown): unsafe work.values[unknown * Self.lanes + lane] = value
                case .held(let row): unsafe work.inputs[row * Self.lanes + lane] = value
                }
            }
        }
        for (k, unknown) in unknowns.enumerated() {
            for lane in 0..<Self.lanes {
                unsafe work.values[unknown * Self.lanes + lane] = work.own[k * Self.lanes + lane]
            }
        }
    }

    /// Leaves (base − y)/τ + rate on the right; returns whether it is nothing.
    private func residual(_ work: Work, _ tau: Double, _ tolerance: Double) -> Bool {
        var isClose = true
        for (k, unknown) in unknowns.enumerated() {
            for lane in 0..<Self.lanes {
                let (i, j) = (k * Self.lanes + lane, unknown * Self.lanes + lane)
                let (value, base) = unsafe (work.values[j], work.base[i])
                let rest = unsafe base - value + tau * work.all[j]
                unsafe work.right[i] = rest / tau
                // Beside nothing, a billionth of nothing is enough (chosen).
                if !(abs(rest) <= tolerance * (abs(value) + abs(base)) + 1e-300) { isClose = false }
            }
        }
        return isClose
    }

    private func factorise(_ work: Work, _ tau: Double) -> Bool {
        for (k, entry) in ownEntries.enumerated() {
            for lane in 0..<Self.lanes {
                unsafe work.ownJacobian[k * Self.lanes + lane] = work.jacobian[entry * Self.lanes + lane]
            }
        }
        return unsafe work.factors.factorise(work.ownJacobian, ownPattern, mass: work.mass, diagonal: 1 / tau)
    }

    /// Hands over what was found; the last factors serve the slopes.
    private func give(_ work: Work, isSolved: Bool) {
        let pattern = equations.pattern
        for (k, unknown) in unknowns.enumerated() {
            for lane in 0..<Self.lanes {
                unsafe work.own[k * Self.lanes + lane] = work.values[unknown * Self.lanes + lane]
                unsafe work.ownRates[k * Self.lanes + lane] = work.all[unknown * Self.lanes + lane]
            }
        }
        for (k, place) in dissolved.enumerated() {
            guard case .unknown(let unknown) = place else { continue }
            let itself = pattern.entry(unknown, unknown)
            for lane in 0..<Self.lanes {
                unsafe work.rates[k * Self.lanes + lane] = work.all[unknown * Self.lanes + lane]
                unsafe work.slopes[k * Self.lanes + lane] =
                    itself.map { unsafe work.jacobian[$0 * Self.lanes + lane] } ?? 0
            }
            if isSolved { follow(work, k, unknown) }
        }
    }

    /// Adds to a slope what own values do as they follow: J_so (1/τ − J_oo)⁻¹ J_os.
    private func follow(_ work: Work, _ k: Int, _ dissolved: Int) {
        let pattern = equations.pattern
        for (row, unknown) in unknowns.enumerated() {
            let entry = pattern.entry(unknown, dissolved)
            for lane in 0..<Self.lanes {
                unsafe work.right[row * Self.lanes + lane] =
                    entry.map { unsafe work.jacobian[$0 * Self.lanes + lane] } ?? 0
            }
        }
        unsafe work.factors.solve(work.right, into: work.answer)
        for (row, unknown) in unknowns.enumerated() {
            guard let entry = pattern.entry(dissolved, unknown) else { continue }
            for lane in 0..<Self.lanes {
                unsafe work.slopes[k * Self.lanes + lane] +=
                    work.jacobian[entry * Self.lanes + lane] * work.answer[row * Self.lanes + lane]
            }
        }
    }

    // MARK: - Reading

    /// The outputs at what is dissolved and own values as given, [output][lane]; good until the next call.
    public func values(_ work: Work, time: Double) -> UnsafePointer<Double> {
        take(work)
        return unsafe work.evaluator.values(
            of: program, time: time, values: work.values, inputs: work.inputs, past: nil)
    }
}
