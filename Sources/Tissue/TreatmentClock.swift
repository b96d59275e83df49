import Biology
import Simulation

/// Doses into the medium, or into compartments: jumps and rates of entry, each exactly at its time.
struct TreatmentClock {
    private enum Change {
        /// Added everywhere, molecules/µm³.
        case jump(Double)
        /// Added to the rate of entry everywhere, molecules/(µm³·s).
        case rate(Double)
    }

    private struct Event {
        let time: Double
        let field: Int
        let change: Change

        /// What it adds to the rate of entry.
        var rate: Double {
            if case .rate(let change) = change { return change }
            return 0
        }
    }

    /// In order of time, at one time in that of the model.
    private let events: [Event]
    private var done = 0
    /// By molecule, molecules/(µm³·s).
    private(set) var rates: [Double]

    /// Doses into the medium.
    init(_ model: Model) {
        self.init(model, places: model.molecules.count) { treatment in
            guard treatment.compartment == nil else { return nil }
            return model.molecules.firstIndex { $0.name == treatment.molecule }
        }
    }

    /// Doses into any of so many places; `place` says which, `nil` for none of them.
    init(_ model: Model, places: Int, place: (Treatment) -> Int?) {
        var events: [Event] = []
        for treatment in model.treatments {
            guard let field = place(treatment) else { continue }
            switch treatment.dose {
            case .bolus(let amount, let at):
                events.append(Event(time: at.value, field: field, change: .jump(amount.value)))
            case .infusion(let rate, let from, let to):
                events.append(Event(time: from.value, field: field, change: .rate(rate.value)))
                events.append(Event(time: to.value, field: field, change: .rate(-rate.value)))
            }
        }
        self.events = events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(
            \.element)
        rates = Array(repeating: 0, count: places)
    }

    /// Everything before a time is over, and what goes on then goes on.
    mutating func skip(before time: Double) {
        while let next, next < time { _ = take(dueBy: next) }
    }

    mutating func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("treatments.done", &done)
        try archive.keep("treatments.rates", &rates)
        guard (0...events.count).contains(done) else { throw StateProblem("treatments", "are others") }
    }

    var isOver: Bool { done == events.count }

    /// When the next dose begins or ends.
    var next: Double? { isOver ? nil : events[done].time }

    /// Takes what is due by a time; returns the jumps, molecules/µm³ by field.
    mutating func take(dueBy time: Double) -> [(field: Int, jump: Double)] {
        var jumps: [(field: Int, jump: Double)] = []
        while !isOver, events[done].time <= time {
            let event = events[done]
            switch event.change {
            case .jump(let amount): jumps.append((event.field, amount))
            case .rate(let change):
                // Whatever infusions overlap, none at all must be exactly nothing.
                let others = events[...done].reduce(0) { $1.field == event.field ? $0 + $1.rate : $0 }
                rates[event.field] = change < 0 && abs(others) < 1e-12 * -change ? 0 : others
            }
            done += 1
        }
        return jumps
    }
}

extension TissueEngine {
    /// Gives the doses that are due: the ledger counts them as entered, and the next step is a short one.
    ///
    /// Called between steps, after rules have read their signals: what is seen at the time of a dose is without it.
    func treat() {
        for (index, amount) in treatments.take(dueBy: clock.now) {
            let field = fields[index]
            for row in 0..<grid.rows {
                for x in 0..<grid.nx { field.now[row * grid.stride + x] += amount }
            }
            ledgerTotals[index][.entered] += field.amount(amount * Double(grid.voxels))
            attribution?.dose(index, amount)
        }
        updateContents()
        ratesAreFresh = false
        clock.restart()
    }

    /// Adds what is being infused to the losses and flows of stage s.
    func infuse(_ s: Int) {
        for field in fields where treatments.rates[field.index] > 0 {
            let rate = treatments.rates[field.index]
            let loss = field.losses[s]
            for row in 0..<grid.rows {
                for x in 0..<grid.nx { loss[row * grid.stride + x] -= rate }
            }
            field.flows[s].entered += field.amount(rate * Double(grid.voxels))
        }
    }
}
