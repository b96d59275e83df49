import Biology
import Simulation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Whose the molecules in compartments are: of each sender, and of nobody last.
///
/// Follows what all compartments hold and is never read by it. Every sender's molecules obey the same linear equations
/// as the whole; where molecules bind each other, the partner is taken as the whole's step found it.
struct CompartmentSenders {
    /// One molecule, alone or in a dissolved complex, that is followed.
    struct Carrier {
        /// The molecule whose senders these are, and its carrier's place among what holds it.
        var root: Int
        var place: Int
        /// Index in the model of what is carried: the molecule or the complex.
        var molecule: Int
    }

    let carriers: [Carrier]
    /// By carrier, sender and compartment; molecules.
    var held: [[[Double]]]
    /// By carrier, sender and compartment, net into all tissues up to the window's start, molecules.
    var exchangedBefore: [[[Double]]]
    /// The same of what tissue gave at the start of this window and the one before, molecules/s.
    var outflow: [[[Double]]]
    var outflowBefore: [[[Double]]]

    /// `arriving` has each molecule's senders, `contents` what compartments hold at the start, which nobody sent.
    init(_ model: Model, arriving: [[String]], contents: CompartmentState) {
        carriers = model.molecules.indices.filter { !arriving[$0].isEmpty }.flatMap { root in
            TagPlan.carriers(of: root, model).enumerated().map { Carrier(root: root, place: $0, molecule: $1) }
        }
        held = carriers.map { carrier in
            let nobodys = contents.held[carrier.molecule]
            return arriving[carrier.root].map { _ in nobodys.map { _ in 0.0 } } + [nobodys]
        }
        let nothing = held.map { $0.map { $0.map { _ in 0.0 } } }
        (exchangedBefore, outflow, outflowBefore) = (nothing, nothing, nothing)
    }

    mutating func keep(in archive: StateArchive) throws(StateProblem) {
        for c in carriers.indices {
            try CompartmentSenders.keep("senders.held", &held[c], in: archive)
            try CompartmentSenders.keep("senders.exchanged", &exchangedBefore[c], in: archive)
            try CompartmentSenders.keep("senders.outflow", &outflow[c], in: archive)
            try CompartmentSenders.keep("senders.outflow before", &outflowBefore[c], in: archive)
        }
    }

    private static func keep(_ name: String, _ values: inout [[Double]], in archive: StateArchive) throws(StateProblem)
    {
        let counts = values.map(\.count)
        try archive.keep(name, &values)
        guard values.map(\.count) == counts else { throw StateProblem(name, "is of other senders") }
    }

    // MARK: - Moving on

    /// Makes all senders add up to what compartments hold: what a dose has added is nobody's.
    mutating func giveDoses(_ contents: CompartmentState) {
        for (c, carrier) in carriers.enumerated() {
            let last = held[c].count - 1
            for k in contents.held[carrier.molecule].indices {
                let sum = held[c].reduce(0) { $0 + $1[k] }
                held[c][last][k] += max(0, contents.held[carrier.molecule][k] - sum)
            }
        }
    }

    /// One linear step of every sender's molecules; `given` comes from doses, molecules/s by molecule and compartment.
    func advance(
        _ held: inout [[[Double]]], _ flows: inout [CompartmentFlow], inflow: CompartmentSenderInflow,
        given: [[Double]], leak: [[Double]], by seconds: Double
    ) {
        for (c, carrier) in carriers.enumerated() {
            let last = held[c].count - 1
            for sender in held[c].indices {
                var rate = inflow.rate[c][sender]
                if sender == last { for k in rate.indices { rate[k] += given[carrier.molecule][k] } }
                var cleared = 0.0
                flows[carrier.molecule].advance(
                    &held[c][sender], cleared: &cleared, inflow: rate, slope: inflow.slope[c][sender],
                    leak: leak[carrier.molecule], by: seconds)
            }
        }
    }

    /// Binding in one compartment over some seconds: between a molecule and a complex of it at `bind` and `free`, 1/s.
    func exchange(
        _ held: inout [[[Double]]], between molecule: Int, and complex: Int, compartment k: Int, bind: Double,
        free: Double, seconds: Double
    ) {
        guard bind + free > 0 else { return }
        let left = exp(-(bind + free) * seconds)
        for (c, carrier) in carriers.enumerated() where carrier.molecule == molecule && carrier.place == 0 {
            guard let other = carriers.firstIndex(where: { $0.root == carrier.root && $0.molecule == complex }) else {
                continue
            }
            for sender in held[c].indices {
                let all = held[c][sender][k] + held[other][sender][k]
                let rest = all * free / (bind + free)
                let now = rest + (held[c][sender][k] - rest) * left
                (held[c][sender][k], held[other][sender][k]) = (now, all - now)
            }
        }
    }

    /// Makes every sender's part positive, and all of them the whole.
    func fit(_ held: inout [[[Double]]], to contents: [[Double]]) {
        for (c, carrier) in carriers.enumerated() {
            for k in contents[carrier.molecule].indices {
                var parts = held[c].map { max(0, $0[k]) }
                TaggedExchange.fit(&parts, to: contents[carrier.molecule][k])
                for sender in parts.indices { held[c][sender][k] = parts[sender] }
            }
        }
    }
}

/// What flows into compartments of each sender's molecules, by carrier, sender and compartment.
struct CompartmentSenderInflow {
    /// At the start, molecules/s.
    var rate: [[[Double]]]
    /// By which it grows, molecules/s².
    var slope: [[[Double]]]
}

extension TissueEngine {
    /// What one carrier's tags exchange with a compartment; `nil` where they do not.
    func taggedExchange(_ carrier: CompartmentSenders.Carrier, compartment: Int) -> TaggedExchange? {
        taggedField(carrier)?.exchanges.first { $0.exchange.compartment == compartment }
    }

    private func taggedField(_ carrier: CompartmentSenders.Carrier) -> TaggedField? {
        attribution?.molecules.first { $0.plan.molecule == carrier.root }?.carriers[carrier.place]
    }

    /// What the tissue gives now of each sender's to an empty compartment, molecules/s.
    func outflow(_ carrier: CompartmentSenders.Carrier, compartment: Int) -> [Double] {
        guard let field = taggedField(carrier), let exchange = taggedExchange(carrier, compartment: compartment) else {
            return []
        }
        return exchange.outflow(field.now, whole: self.exchange(carrier.molecule, compartment: compartment).outflow)
    }
}
