import Biology
import Networks
import Simulation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What all compartments hold of all molecules at one time, molecules.
struct CompartmentState {
    /// By molecule and compartment.
    var held: [[Double]]
    /// By molecule, for good, since the start.
    var cleared: [Double]
    /// By molecule, gained by binding to and release from others since the start.
    var associated: [Double]
    /// By network in a compartment, its own values.
    var networks: [[Double]]
    /// Of what is held, whose it is, by carrier, sender and compartment; nothing where that is not asked.
    var senders: [[[Double]]] = []
}

/// What flows into compartments over a stretch of time.
struct CompartmentInflow {
    /// By molecule and compartment, at the start, molecules/s.
    var rate: [[Double]]
    /// By which it grows, molecules/s².
    var slope: [[Double]]
    /// The share of what is there that tissue takes, 1/s.
    var leak: [[Double]]
    /// Of it, whose it is; nothing where that is not asked.
    var senders = CompartmentSenderInflow(rate: [], slope: [])
}

/// What every compartment holds of every molecule, followed from the start of a window of time.
///
/// Without binding exactly; with it in Strang's steps, each half by the exact solution of a ⇌ pair, second order in them.
struct CompartmentContents {
    let model: Model
    let compartments: [Compartment]
    /// By molecule.
    private var flows: [CompartmentFlow]
    private let pairs: [Pair]
    private let networks: [CompartmentNetwork]
    /// Why a network could not go on.
    private(set) var failure: NetworkFailure?
    /// Of the window's start, s.
    private var time = 0.0
    /// At the start of the window.
    private(set) var start: CompartmentState
    /// Given by doses up to then, molecules, by molecule.
    private var given: [Double]
    /// By molecule and compartment, molecules/s.
    private(set) var infused: [[Double]]
    /// Molecules, by molecule.
    let atStart: [Double]
    private var doses: TreatmentClock
    private let nothing: [[Double]]
    var senders: CompartmentSenders

    /// Two molecules and their complex in one compartment, by index.
    private struct Pair {
        let parts: (first: Int, second: Int, complex: Int)
        let compartment: Int
        /// 1/(molecules·s).
        let kOn: Double
        let kOff: Double
    }

    /// `arriving`: By molecule, its senders that are followed.
    init(_ model: Model, arriving: [[String]]) {
        self.model = model
        let compartments = model.compartments ?? []
        self.compartments = compartments
        flows = model.molecules.map { CompartmentContents.flow($0, model, compartments) }
        pairs = CompartmentContents.pairs(model, compartments)
        do throws(NetworkFailure) {
            networks = try CompartmentNetwork.all(model, compartments)
        } catch {
            networks = []
            failure = error
        }
        let held = model.molecules.map { molecule in
            compartments.map {
                (model.kinetics(of: molecule, in: $0.name)?.starts.value ?? 0) * $0.volume.value
            }
        }
        let zero = model.molecules.map { _ in 0.0 }
        start = CompartmentState(held: held, cleared: zero, associated: zero, networks: networks.map(\.start))
        atStart = held.map { $0.reduce(0, +) }
        given = zero
        nothing = held.map { $0.map { _ in 0 } }
        infused = nothing
        doses = CompartmentContents.doses(model, compartments)
        senders = CompartmentSenders(model, arriving: arriving, contents: start)
    }

    private static func doses(_ model: Model, _ compartments: [Compartment]) -> TreatmentClock {
        TreatmentClock(model, places: model.molecules.count * compartments.count) { treatment in
            guard let m = model.molecules.firstIndex(where: { $0.name == treatment.molecule }),
                let k = compartments.firstIndex(where: { $0.name == treatment.compartment })
            else { return nil }
            return m * compartments.count + k
        }
    }

    private static func flow(_ molecule: Molecule, _ model: Model, _ compartments: [Compartment]) -> CompartmentFlow {
        let kinetics = compartments.map { model.kinetics(of: molecule, in: $0.name) }
        return CompartmentFlow(
            losses: kinetics.map { $0?.clearance.value ?? 0 },
            transfers: kinetics.map { own in
                (own?.transfers ?? [:]).sorted { $0.key < $1.key }.compactMap { name, rate in
                    compartments.firstIndex { $0.name == name }.map { (to: $0, rate: rate.value) }
                }
            })
    }

    private static func pairs(_ model: Model, _ compartments: [Compartment]) -> [Pair] {
        func index(_ name: String) -> Int? { model.molecules.firstIndex { $0.name == name } }
        return model.molecules.enumerated().flatMap { complex, molecule -> [Pair] in
            guard let two = molecule.association, let first = index(two.first), let second = index(two.second) else {
                return []
            }
            return compartments.enumerated().compactMap { k, compartment in
                let isThere = [first, second, complex].allSatisfy {
                    model.kinetics(of: model.molecules[$0], in: compartment.name) != nil
                }
                guard isThere else { return nil }
                return Pair(
                    parts: (first, second, complex), compartment: k, kOn: two.kOn.value / compartment.volume.value,
                    kOff: two.kOff.value)
            }
        }
    }

    mutating func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("contents.held", &start.held)
        try archive.keep("contents.cleared", &start.cleared)
        try archive.keep("contents.associated", &start.associated)
        for n in start.networks.indices {
            let count = start.networks[n].count
            try archive.keep("contents.network", &start.networks[n])
            guard start.networks[n].count == count else { throw StateProblem("contents.network", "is another") }
        }
        try archive.keep("contents.time", &time)
        try archive.keep("contents.given", &given)
        try archive.keep("contents.infused", &infused)
        try doses.keep(in: archive)
        try senders.keep(in: archive)
    }

    /// Doses as the model says, those before a time being over.
    mutating func branch(at time: Double) {
        doses = CompartmentContents.doses(model, compartments)
        doses.skip(before: time)
    }

    /// When the next dose begins or ends, s.
    var nextDose: Double? { doses.next }

    /// The fastest rate of a molecule, 1/s.
    func fastest(_ molecule: Int) -> Double { flows[molecule].fastest }

    /// Gives the doses that are due; returns whether there were any.
    mutating func giveDoses(dueBy time: Double) -> Bool {
        guard let due = doses.next, due <= time else { return false }
        for (place, jump) in doses.take(dueBy: time) {
            let (m, k) = (place / compartments.count, place % compartments.count)
            let amount = jump * compartments[k].volume.value
            start.held[m][k] += amount
            given[m] += amount
        }
        for m in infused.indices {
            for k in compartments.indices {
                infused[m][k] = doses.rates[m * compartments.count + k] * compartments[k].volume.value
            }
        }
        senders.giveDoses(start)
        return true
    }

    /// Given up to some seconds into the window, molecules.
    func given(_ molecule: Int, after seconds: Double) -> Double {
        given[molecule] + infused[molecule].reduce(0) { $0 + $1 * seconds }
    }

    /// Contents some seconds into the window, with what came in from tissue up to then (by molecule and compartment).
    mutating func state(after seconds: Double, received: [[Double]]) -> CompartmentState {
        state(after: seconds, received: received, bySender: [])
    }

    /// `bySender`: The same by carrier, sender and compartment; empty where it is not asked whose what is held is.
    private mutating func state(
        after seconds: Double, received: [[Double]], bySender: [[[Double]]]
    ) -> CompartmentState {
        guard seconds > 0 else { return start }
        var inflow = CompartmentInflow(rate: infused, slope: nothing, leak: nothing)
        for m in received.indices {
            for k in received[m].indices { inflow.rate[m][k] += received[m][k] / seconds }
        }
        inflow.senders.rate = bySender.map { $0.map { $0.map { $0 / seconds } } }
        inflow.senders.slope = bySender.map { $0.map { $0.map { _ in 0 } } }
        return moved(inflow, by: seconds)
    }

    /// What is expected some seconds into the window with this inflow from tissue.
    mutating func forecast(after seconds: Double, _ tissue: CompartmentInflow) -> CompartmentState {
        var inflow = tissue
        for m in infused.indices {
            for k in infused[m].indices { inflow.rate[m][k] += infused[m][k] }
        }
        return moved(inflow, by: seconds)
    }

    /// Ends the window: its end is the start of the next.
    mutating func close(after seconds: Double, received: [[Double]], bySender: [[[Double]]]) {
        for m in given.indices { given[m] = given(m, after: seconds) }
        start = state(after: seconds, received: received, bySender: bySender)
        if seconds > 0 { senders.held = start.senders }
        start.senders = []
        time += seconds
    }

    /// A value of a network in a compartment, some seconds into the window; `nil` where it is elsewhere.
    func value(of name: String, inNetwork network: String, _ state: CompartmentState, after seconds: Double) -> Double?
    {
        guard let n = networks.firstIndex(where: { $0.network.name == network }) else { return nil }
        return networks[n].value(of: name, state, own: state.networks[n], time: time + seconds)
    }

    private mutating func moved(_ inflow: CompartmentInflow, by seconds: Double) -> CompartmentState {
        var state = start
        var inflow = inflow
        if !inflow.senders.rate.isEmpty { state.senders = senders.held }
        let steps = steps(seconds, inflow)
        let step = seconds / Double(steps)
        for number in 0..<steps {
            let now = time + Double(number) * step
            for pair in pairs { bind(pair, &state, step / 2) }
            react(&state, from: now, step / 2)
            for m in flows.indices {
                flows[m].advance(
                    &state.held[m], cleared: &state.cleared[m], inflow: inflow.rate[m], slope: inflow.slope[m],
                    leak: inflow.leak[m], by: step)
                for k in compartments.indices { inflow.rate[m][k] += inflow.slope[m][k] * step }
            }
            if !state.senders.isEmpty { moveSenders(&state, &inflow, by: step) }
            react(&state, from: now + step / 2, step / 2)
            for pair in pairs.reversed() { bind(pair, &state, step / 2) }
        }
        if !state.senders.isEmpty { senders.fit(&state.senders, to: state.held) }
        return state
    }

    private mutating func moveSenders(
        _ state: inout CompartmentState, _ inflow: inout CompartmentInflow, by step: Double
    ) {
        senders.advance(
            &state.senders, &flows, inflow: inflow.senders, given: infused, leak: inflow.leak, by: step)
        for c in senders.carriers.indices {
            for sender in state.senders[c].indices {
                for k in compartments.indices {
                    inflow.senders.rate[c][sender][k] += inflow.senders.slope[c][sender][k] * step
                }
            }
        }
    }

    /// Chosen: a fiftieth of the fastest change beside binding, so that a split step is out by about 1e-4 of it.
    private func steps(_ seconds: Double, _ inflow: CompartmentInflow) -> Int {
        if pairs.isEmpty && networks.isEmpty { return 1 }
        let fastest = flows.indices.reduce(0) { max($0, flows[$1].fastest + (inflow.leak[$1].max() ?? 0)) }
        return max(8, min(100_000, Int((50 * fastest * seconds).rounded(.up))))
    }

    private mutating func react(_ state: inout CompartmentState, from time: Double, _ seconds: Double) {
        guard failure == nil else { return }
        do throws(NetworkFailure) {
            for n in networks.indices { try networks[n].react(&state, number: n, from: time, seconds: seconds) }
        } catch {
            failure = error
        }
    }

    /// x' = k_on (a − x)(b − x) − k_off (c + x) from x = 0, exactly.
    private func bind(_ pair: Pair, _ state: inout CompartmentState, _ seconds: Double) {
        let (k, parts) = (pair.compartment, pair.parts)
        let (a, b, c) = (state.held[parts.first][k], state.held[parts.second][k], state.held[parts.complex][k])
        let linear = pair.kOn * (a + b) + pair.kOff
        let start = pair.kOn * a * b - pair.kOff * c
        let root = max(0, linear * linear - 4 * pair.kOn * start).squareRoot()
        guard linear + root > 0 else { return }
        let near = 2 * start / (linear + root)
        let left = exp(-root * seconds)
        let x = near * (1 - left) / (1 - near * 2 * pair.kOn / (linear + root) * left)
        if !state.senders.isEmpty {
            for (part, partner) in [(parts.first, b), (parts.second, a)] {
                senders.exchange(
                    &state.senders, between: part, and: parts.complex, compartment: k,
                    bind: pair.kOn * max(0, partner - x / 2), free: pair.kOff, seconds: seconds)
            }
        }
        for part in [parts.first, parts.second] {
            state.held[part][k] -= x
            state.associated[part] -= x
        }
        state.held[parts.complex][k] += x
        state.associated[parts.complex] += x
    }
}
