import Biology
import Simulation

/// Tagged molecules of one kind on cells, and what each cell does to a tagged field.
///
/// Every slot of every cell holds so many molecules of each tag. A stage of length τ is x = base + τ (M x + b c), linear
/// in the concentration c at the surface, so the cell releases α − β c with α and β known before c is.
@safe final class TaggedCells {
    let coupling: FieldCoupling
    let plan: TagPlan
    /// What cells captured that are gone, or were of another type, by type, slot and sender; and of it their own.
    var gone: [[[Count]]]
    var goneOwn: [[[Count]]]
    let population: CellPopulation
    /// Index in the model of what the slots hold: the molecule, or a dissolved complex with it.
    let carrier: Int
    /// By cell type.
    let networks: [SlotNetwork]
    /// Where each participant's slots start; one more entry than participants.
    let slotStarts: [Int]
    /// Molecules in each slot of each tag, [slot][tag]: now, at the start of the last step, their rates or the next
    /// stage's base, the stage, and its base.
    private(set) var now: Buffer<Double>
    private(set) var before: Buffer<Double>
    private(set) var rates: Buffer<Double>
    private(set) var stage: Buffer<Double>
    private let base: Buffer<Double>
    /// Taken in through each slot, [slot][tag], to the end and to the start of the last step.
    private(set) var taken: Buffer<Double>
    private(set) var takenBefore: Buffer<Double>
    /// k_off (1 − τM)⁻¹ by slot, and β and −d release/d reading by participant, for the stage at hand.
    let adjoint: Buffer<Double>
    let absorption: Buffer<Double>
    let slope: Buffer<Double>
    /// By participant, for the tag at hand: what it reads, α, and what it releases.
    let reading: Buffer<Double>
    let gross: Buffer<Double>
    let release: Buffer<Double>
    /// By tag and participant that binds: what neighbours add; the last is for probes.
    private let neighbourly: [Buffer<Double>]
    /// Of the tag at hand.
    private(set) var incoming: Buffer<Double>
    private let pairs: CapturePairs
    /// Participants that secrete or bind; the rest only read.
    private let active: [Int32]
    private let isOnlyWhole: Bool
    private let team: ThreadTeam
    /// By participant: how far its tags are from adding up, and what it holds.
    private let gaps: Buffer<Double>
    private let held: Buffer<Double>
    /// Σ |sum of tags − whole| over slots relative to Σ whole, at most, before the sums were made to fit.
    var worstGap = 0.0

    var tags: Int { plan.tags }
    var count: Int { coupling.count }

    init(
        _ coupling: FieldCoupling, carrier: Int, plan: TagPlan, population: CellPopulation, team: ThreadTeam
    ) {
        self.coupling = coupling
        self.plan = plan
        self.population = population
        self.carrier = carrier
        self.team = team
        let networks = population.networks.map { SlotNetwork($0, molecule: carrier) }
        self.networks = networks
        gone = networks.map { network in network.slots.map { _ in plan.senders.map { _ in Count() } } }
        goneOwn = gone
        var starts = [0]
        for cell in coupling.cells { starts.append(starts[starts.count - 1] + networks[population.types[cell]].count) }
        slotStarts = starts
        let values = starts[coupling.count] * plan.tags
        now = Buffer(count: values)
        before = Buffer(count: values)
        rates = Buffer(count: values)
        stage = Buffer(count: values)
        base = Buffer(count: values)
        taken = Buffer(count: values)
        takenBefore = Buffer(count: values)
        adjoint = Buffer(count: starts[coupling.count])
        absorption = Buffer(count: coupling.count)
        slope = Buffer(count: coupling.count)
        reading = Buffer(count: coupling.count)
        gross = Buffer(count: coupling.count)
        release = Buffer(count: coupling.count)
        neighbourly = (0...plan.tags).map { _ in Buffer(count: coupling.count) }
        incoming = neighbourly[0]
        pairs = coupling.capturePairs()
        active = (0..<coupling.count).filter { coupling.isActive[$0] }.map(Int32.init)
        isOnlyWhole = plan.tags == 1
        gaps = Buffer(count: coupling.count)
        held = Buffer(count: coupling.count)
    }

    private static let grain = 256

    /// Runs `body` on every participant that secretes or binds, in chunks.
    func forEachParticipant(_ body: (_ at: Int, _ cell: Int) -> Void) {
        let (active, cells) = (active, coupling.cells)
        let count = active.count
        team.run(chunks: (count + TaggedCells.grain - 1) / TaggedCells.grain) { chunk in
            for i in chunk * TaggedCells.grain..<min(count, (chunk + 1) * TaggedCells.grain) {
                let at = Int(active[i])
                body(at, cells[at])
            }
        }
    }

    // MARK: - A stage, for one tag after another

    /// Sets what cells with numbers `u` of their species do to any tag over a stage of length `tau`, s.
    func prepare(_ u: Buffer<Double>, tau: Double) {
        forEachParticipant { at, cell in
            let network = networks[population.types[cell]]
            let own = unsafe UnsafePointer(u.pointer + population.offsets[cell])
            let n = network.count
            var binding = 0.0
            for b in network.bindings { unsafe binding += b.kOn * max(own[b.free], 0) }
            if n == 0 {
                unsafe absorption.pointer[at] = 0
                unsafe slope.pointer[at] = 0
                return
            }
            let start = slotStarts[at]
            unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: n * n + n) { work in
                guard let a = work.baseAddress else { return }
                let row = unsafe a + n * n
                for s in 0..<n { unsafe row[s] = 0 }
                for b in network.bindings { unsafe row[b.slot] += b.kOff }
                unsafe network.fill(a, tau: tau, u: own)
                unsafe SlotNetwork.transpose(a, n)
                unsafe SurfaceKinetics.eliminate(a, row, n)
                var returned = 0.0
                for b in network.bindings { unsafe returned += tau * row[b.slot] * b.kOn * max(own[b.free], 0) }
                for s in 0..<n { unsafe adjoint.pointer[start + s] = row[s] }
                unsafe absorption.pointer[at] = binding - returned
            }
            unsafe slope.pointer[at] = absorption.pointer[at] / (1 + coupling.gamma[at] * absorption.pointer[at])
        }
    }

    /// Sets the first stage's base, now + `weight` · rates, s.
    func startStage(weight: Double) {
        forEachValue { i in unsafe base.pointer[i] = now.pointer[i] + weight * rates.pointer[i] }
    }

    /// From the first stage to the second: `rates` become the second's base.
    func turnStage(ofStart: Double, ofStage: Double) {
        forEachValue { i in
            unsafe rates.pointer[i] =
                now.pointer[i] + ofStart * rates.pointer[i] + ofStage * (stage.pointer[i] - base.pointer[i])
            unsafe base.pointer[i] = rates.pointer[i]
        }
    }

    /// The step is taken: the second stage is the new state.
    func endStep(tau: Double) {
        let inverse = 1 / tau
        forEachValue { i in unsafe rates.pointer[i] = (stage.pointer[i] - base.pointer[i]) * inverse }
        (before, now, stage) = (now, stage, before)
    }

    private func forEachValue(_ body: (Int) -> Void) {
        let tags = tags
        forEachParticipant { at, _ in
            for i in slotStarts[at] * tags..<slotStarts[at + 1] * tags { body(i) }
        }
    }

    /// Sets α of every participant for a tag: what it secretes of it, and what its slots will let go.
    func setGross(tag: Int, isExplicit: Bool) {
        incoming = neighbourly[tag]
        let (tags, molecules) = (tags, population.moleculeCount)
        let kept = isExplicit ? now : base
        forEachParticipant { at, cell in
            var sum = 0.0
            if Int(plan.tagOfCell[cell]) == tag {
                unsafe sum = population.secretion.pointer[cell * molecules + carrier]
            }
            for slot in slotStarts[at]..<slotStarts[at + 1] {
                unsafe sum += adjoint.pointer[slot] * kept.pointer[slot * tags + tag]
            }
            unsafe gross.pointer[at] = sum
        }
    }

    /// Sets α of every participant as a probe releases it.
    func setGross(_ probe: (_ at: Int) -> Double) {
        incoming = neighbourly[tags]
        forEachParticipant { at, _ in unsafe gross.pointer[at] = probe(at) }
    }

    /// Solves release = α − β (reading + γ release + Σ corrections · neighbours' release).
    ///
    /// `limit`: Of the error in what neighbours add, molecules/µm³.
    func solveReleases(limit: Double) {
        setReleases(share: 1)
        guard !pairs.isEmpty else { return }
        var (last, share) = (Double.infinity, 1.0)
        for _ in 0..<TaggedCells.mostSweeps {
            let change = pairs.sum(release, into: incoming)
            if change <= limit { break }
            // Where strong absorbers touch, plain sweeps may grow: then only part of each is taken.
            if change > last { share = max(0.25, share * 0.7) }
            last = change
            setReleases(share: share)
        }
    }

    /// Chosen: a sweep leaves a few tenths even among touching cells.
    private static let mostSweeps = 100

    private func setReleases(share: Double) {
        forEachParticipant { at, _ in
            let beta = unsafe absorption.pointer[at]
            let around = unsafe reading.pointer[at] + incoming.pointer[at]
            let wanted = unsafe (gross.pointer[at] - beta * around) / (1 + coupling.gamma[at] * beta)
            // All of it exactly, whatever was there before: x + (y − x) is not y to the bit.
            unsafe release.pointer[at] =
                share == 1 ? wanted : release.pointer[at] + share * (wanted - release.pointer[at])
        }
    }

    /// The concentration at a participant's surface, molecules/µm³.
    @inline(__always)
    func surface(_ at: Int) -> Double {
        unsafe reading.pointer[at] + incoming.pointer[at] + coupling.gamma[at] * release.pointer[at]
    }

    /// Fills the stage's slots of a tag, with the surface as it was solved.
    func fillSlots(tag: Int, _ u: Buffer<Double>, tau: Double) {
        let tags = tags
        forEachParticipant { at, cell in
            let network = networks[population.types[cell]]
            let (n, start) = (network.count, slotStarts[at])
            if n == 0 { return }
            let own = unsafe UnsafePointer(u.pointer + population.offsets[cell])
            let c = surface(at)
            unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: n) { work in
                guard let x = work.baseAddress else { return }
                for s in 0..<n { unsafe x[s] = base.pointer[(start + s) * tags + tag] }
                unsafe network.solve(x, tau: tau, surface: c, u: own)
                for s in 0..<n { unsafe stage.pointer[(start + s) * tags + tag] = x[s] }
            }
        }
    }

    /// Rates of a tag's slots as they are, with the surface as it was solved.
    func setRates(tag: Int, _ u: Buffer<Double>) {
        let tags = tags
        forEachParticipant { at, cell in
            let network = networks[population.types[cell]]
            let (n, start) = (network.count, slotStarts[at])
            if n == 0 { return }
            let own = unsafe UnsafePointer(u.pointer + population.offsets[cell])
            let c = surface(at)
            unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * n) { work in
                guard let x = work.baseAddress else { return }
                for s in 0..<n { unsafe x[s] = now.pointer[(start + s) * tags + tag] }
                unsafe network.setRates(x + n, of: x, surface: c, u: own)
                for s in 0..<n { unsafe rates.pointer[(start + s) * tags + tag] = x[n + s] }
            }
        }
    }

    // MARK: - Sums

    /// Makes the tags of every slot add up to what the slot holds: what solvers leave must not add up over a run.
    func fitStage(_ u: Buffer<Double>) {
        let (tags, isOnlyWhole) = (tags, isOnlyWhole)
        forEachParticipant { at, cell in
            var (gap, all) = (0.0, 0.0)
            for (s, slot) in networks[population.types[cell]].slots.enumerated() {
                let whole = unsafe slot.number * u.pointer[population.offsets[cell] + slot.species]
                let first = (slotStarts[at] + s) * tags
                var sum = 0.0
                for k in 0..<tags { unsafe sum += stage.pointer[first + k] }
                if isOnlyWhole || sum <= 0 {
                    unsafe stage.pointer[first] += whole - sum
                } else {
                    for k in 0..<tags { unsafe stage.pointer[first + k] *= whole / sum }
                    gap += abs(sum - whole)
                    all += whole
                }
            }
            unsafe gaps.pointer[at] = gap
            unsafe held.pointer[at] = all
        }
        var (gap, whole) = (0.0, 0.0)
        for at in 0..<count {
            unsafe gap += gaps.pointer[at]
            unsafe whole += held.pointer[at]
        }
        // Chosen: less than one molecule on all cells together says nothing.
        if whole > 1 { worstGap = max(worstGap, gap / whole) }
    }

    /// Counts what slots took in at one stage: `weight` is the stage's share of the step, s.
    ///
    /// `values`: `now` for the start of the step, `stage` for the others.
    func takeIn(_ values: Buffer<Double>, weight: Double) {
        let tags = tags
        forEachParticipant { at, cell in
            for (s, slot) in networks[population.types[cell]].slots.enumerated() where slot.leaving > 0 {
                let first = (slotStarts[at] + s) * tags
                for k in 0..<tags {
                    unsafe taken.pointer[first + k] += weight * slot.leaving * values.pointer[first + k]
                }
            }
        }
    }

    func keep(in archive: StateArchive) throws(StateProblem) {
        for values in [now, before, rates, taken, takenBefore] + neighbourly {
            try values.keep("tags.on cells", in: archive)
        }
        try TaggedCells.keep("tags.gone", &gone, in: archive)
        try TaggedCells.keep("tags.own gone", &goneOwn, in: archive)
        try archive.keep("tags.gap", &worstGap)
    }

    private static func keep(_ name: String, _ counts: inout [[[Count]]], in archive: StateArchive) throws(StateProblem)
    {
        for type in counts.indices {
            for slot in counts[type].indices {
                for sender in counts[type][slot].indices {
                    try archive.keep(name, &counts[type][slot][sender].captured)
                    try archive.keep(name, &counts[type][slot][sender].bound)
                }
            }
        }
    }

    func keepTaken() { takenBefore.copy(from: taken) }
}
