public import Biology

/// Drives an engine to the end of a model's run and hands what was observed to recorders, in order of time.
///
/// Steps are the engine's own: what is recorded, and when, changes none of them.
public struct Run {
    private let model: Model
    private let engine: any Engine
    private let recorders: [any Recorder]
    private let end: Double
    /// Where the engine is at first, s: a run of a branch records from there on.
    private let begin: Double
    private let columns: [Signal]
    private var schedules: [Schedule]
    private var outcomes: [ExpectationOutcome?]
    private let responses: [Response]
    private var measured: [Double??]
    /// As it stood at the end of the last interval.
    private var communication: CommunicationFrame?
    private var inductions: [InductionRow] = []
    /// Why no state of it was kept, where it was to be.
    public private(set) var reasonNotKept: StateProblem?

    /// How far a run is.
    public struct Progress: Sendable {
        /// Of the model's time, s.
        public var time: Double
        public var end: Double

        public init(time: Double, end: Double) {
            self.time = time
            self.end = end
        }
    }

    /// How a run ended.
    public struct Ending: Sendable {
        /// Of the model's time, s.
        public var time: Double
        public var wasStopped: Bool
        /// One for each of the model's expectations that fell due, in its order.
        public var expectations: [ExpectationOutcome]
        /// One for each response asked for, in its order, in its coherent unit; `nil` for what could not be measured.
        public var responses: [Double?]

        public init(time: Double, wasStopped: Bool, expectations: [ExpectationOutcome], responses: [Double?]) {
            (self.time, self.wasStopped) = (time, wasStopped)
            (self.expectations, self.responses) = (expectations, responses)
        }
    }

    enum Due: Hashable {
        case cells
        case field(String)
        case series
        case communication
    }

    /// Something that falls due at every multiple of a period, and at the end.
    private struct Schedule {
        let due: Due
        let period: Double
        var count = 0
        var next: Double { Double(count) * period }
    }

    /// - Parameters:
    ///   - model: What the engine runs.
    ///   - engine: At its start, or where a branch begins.
    ///   - recorders: What is told of what was observed.
    ///   - until: Ends earlier than the model says, s.
    ///   - responses: What is measured beside the model's expectations.
    public init(
        _ model: Model, engine: any Engine, recorders: [any Recorder], until: Double? = nil, responses: [Response] = []
    ) {
        self.responses = responses
        measured = responses.map { _ in nil }
        self.model = model
        self.engine = engine
        self.recorders = recorders
        end = Run.end(model, until: until)
        let begin = engine.time
        self.begin = begin
        columns = Run.columns(model)
        schedules = Run.periods(model).map {
            Schedule(due: $0.due, period: $0.period, count: Int((begin / $0.period).rounded(.down)))
        }
        outcomes = model.expectations.map { _ in nil }
    }

    static func end(_ model: Model, until: Double?) -> Double { min(until ?? .infinity, model.run.duration.value) }

    /// What falls due at every multiple of a period, s.
    static func periods(_ model: Model) -> [(due: Due, period: Double)] {
        // Chosen: 200 points draw a smooth curve.
        var periods: [(due: Due, period: Double)] = [
            (.series, model.record.series?.value ?? model.run.duration.value / 200)
        ]
        if let cells = model.record.cells { periods.append((.cells, cells.every.value)) }
        for field in model.record.fields { periods.append((.field(field.molecule), field.every.value)) }
        if let communication = model.record.communication {
            periods.append((.communication, communication.every.value))
        }
        return periods
    }

    /// The signals whose means make the time courses: those recorded by cell, or else states and bound receptors.
    public static func columns(_ model: Model) -> [Signal] {
        if let cells = model.record.cells { return cells.columns }
        var states: [Signal] = []
        for state in model.cellTypes.flatMap(\.states) where !states.contains(.state(state.name)) {
            states.append(.state(state.name))
        }
        for type in model.cellTypes {
            for network in type.networks.compactMap({ model.network($0.network) }) {
                states += network.variables.map { .network(network.name, name: $0) }.filter { !states.contains($0) }
            }
        }
        return states + model.receptors.filter { !$0.ligands.isEmpty }.map { .receptor($0.name, .bound) }
    }

    /// Runs to the end, or until `shouldGoOn` says no; either way everything recorded is whole.
    ///
    /// Steps go on beyond a time that it ends at before the model does, so that continuing it gives the same bytes as
    /// never having ended.
    ///
    /// - Parameters:
    ///   - checkpoints: Where the run's state goes, and when; at an end before the model's, always.
    ///   - shouldGoOn: Called after every step.
    /// - Returns: Where it ended, and what was expected of it.
    /// - Throws: ``RunFailure`` where the engine cannot go on; what recorders and checkpoints throw.
    public mutating func go(
        checkpoints: Checkpoints? = nil, shouldGoOn: (Progress) -> Bool
    ) throws -> Ending {
        let horizon = engine is any ContinuableEngine ? model.run.duration.value : end
        var clock = checkpoints.map { CheckpointClock($0, from: engine.time) }
        var wasStopped = false
        while true {
            try recordDue(upTo: min(end, engine.time * (1 - 2e-14)))
            if engine.time <= end {
                try engine.settle()
                try recordDue(upTo: engine.time)
            }
            if engine.time >= end { break }
            if !shouldGoOn(Progress(time: engine.time, end: end)) {
                wasStopped = true
                break
            }
            if let reason = clock?.due(at: engine.time) { try keepState(&clock, reason) }
            try engine.step(until: horizon)
        }
        if wasStopped || end < model.run.duration.value { try keepState(&clock, .kept) }
        try recordLast(wasStopped: wasStopped)
        return Ending(
            time: now, wasStopped: wasStopped, expectations: outcomes.compactMap { $0 },
            responses: measured.map { $0 ?? nil })
    }

    /// Where the run is, no later than its end, s.
    private var now: Double { min(engine.time, end) }

    // MARK: - State

    /// Hands the state over; where it cannot be kept, never again.
    private mutating func keepState(_ clock: inout CheckpointClock?, _ reason: Checkpoints.Reason) throws {
        guard let checkpoints = clock?.checkpoints else { return }
        let archive = StateArchive()
        do {
            try keep(in: archive)
        } catch let problem as StateProblem {
            reasonNotKept = problem
            clock = nil
            return
        }
        try checkpoints.write(archive.bytes, engine.time, reason)
    }

    /// Puts all that the rest of the run follows from into an archive, recorders included, or takes it over from there.
    ///
    /// - Throws: ``StateProblem`` where it does not fit, or the engine keeps none; and what recorders throw.
    public mutating func keep(in archive: StateArchive) throws {
        guard let engine = engine as? any ContinuableEngine else {
            throw StateProblem("engine", "is of a kind that keeps no state")
        }
        try engine.keep(in: archive)
        for i in schedules.indices { try archive.keep("run.schedule", &schedules[i].count) }
        for i in outcomes.indices {
            var value = outcomes[i].map { $0.value.map { [$0] } ?? [] }.map { [$0] } ?? []
            try archive.keep("run.outcome", &value)
            outcomes[i] = value.first.map { ExpectationOutcome(model.expectations[i], value: $0.first) }
        }
        for i in measured.indices {
            var value = measured[i].map { $0.map { [$0] } ?? [] }.map { [$0] } ?? []
            try archive.keep("run.measured", &value)
            measured[i] = value.first.map { $0.first }
        }
        var hasCommunication = communication != nil
        try archive.keep("run.communicated", &hasCommunication)
        if hasCommunication {
            var frame = communication ?? CommunicationFrame()
            try frame.keep(in: archive)
            communication = frame
        }
        try InductionRow.keep(&inductions, in: archive)
        for recorder in recorders { try recorder.keep(in: archive) }
    }

    // MARK: - Recording

    private mutating func recordDue(upTo time: Double) throws {
        // A period that does not divide the step evenly must not fall just beyond it by rounding.
        let reach = time * (1 + 1e-14)
        while let first = schedules.indices.min(by: { schedules[$0].next < schedules[$1].next }),
            schedules[first].next <= reach
        {
            let now = max(begin, min(schedules[first].next, time))
            schedules[first].count += 1
            try record(schedules[first].due, at: now)
        }
        for (i, expectation) in model.expectations.enumerated() where outcomes[i] == nil {
            guard let due = expectation.time?.value, due <= reach else { continue }
            outcomes[i] = ExpectationOutcome(expectation, engine: engine, model: model, time: min(due, time))
        }
        for (i, response) in responses.enumerated() where measured[i] == nil {
            guard let due = response.time?.value, due <= reach else { continue }
            measured[i] = .some(response.measure(engine, model, time: min(due, time)))
        }
    }

    /// At the end everything is recorded once more, unless it has just been.
    private mutating func recordLast(wasStopped: Bool) throws {
        for schedule in schedules where Double(schedule.count - 1) * schedule.period < now * (1 - 1e-14) {
            try record(schedule.due, at: now)
        }
        for (i, expectation) in model.expectations.enumerated() where outcomes[i] == nil {
            guard isDueAtEnd(expectation, wasStopped) else { continue }
            outcomes[i] = ExpectationOutcome(expectation, engine: engine, model: model, time: now)
        }
        for (i, response) in responses.enumerated() where measured[i] == nil && response.time == nil && !wasStopped {
            measured[i] = .some(response.measure(engine, model, time: now))
        }
    }

    /// What is expected of the end is not asked of a run that was stopped before it; that mass balances always is.
    private func isDueAtEnd(_ expectation: Expectation, _ wasStopped: Bool) -> Bool {
        guard expectation.time == nil else { return false }
        if case .imbalance = expectation.subject { return true }
        return !wasStopped
    }

    private mutating func record(_ due: Due, at time: Double) throws {
        switch due {
        case .cells:
            let frame = engine.cells(at: time, columns: columns)
            for recorder in recorders { try recorder.record(frame) }
        case .field(let molecule):
            let frame = engine.field(molecule, at: time)
            for recorder in recorders { try recorder.record(frame) }
        case .communication:
            let frame = engine.communication(at: time)
            if let communication {
                for recorder in recorders { try recorder.record(frame.since(communication)) }
            }
            communication = frame
        case .series:
            let ledgers = engine.ledgers(at: time)
            let row = SeriesRow(
                time: time,
                entries: means(at: time) + counts(at: time) + contents(ledgers, at: time)
                    + compartments(at: time) + networkValues(at: time))
            let induced = newlyInduced(at: time)
            for recorder in recorders {
                try recorder.record(row)
                try recorder.record(ledgers, at: time)
                try recorder.record(induced)
            }
        }
    }

    /// Since it was recorded last; nothing at the start.
    private mutating func newlyInduced(at time: Double) -> [InductionRow] {
        let now = engine.inductions(at: time)
        defer { inductions = now }
        return zip(inductions, now).map { before, after in
            var row = after
            (row.start, row.induced) = (before.end, after.induced - before.induced)
            return row
        }
    }

    private func means(at time: Double) -> [SeriesRow.Entry] {
        let frame = engine.cells(at: time, columns: columns)
        return zip(columns, frame.columns).flatMap { signal, column in
            frame.typeNames.indices.compactMap { type -> SeriesRow.Entry? in
                var (sum, count) = (0.0, 0.0)
                for (i, value) in column.values.enumerated() where frame.types[i] == type {
                    sum += value
                    count += 1
                }
                // Where cells come and go, a column stays while there is none of its type.
                guard count > 0 || model.isAlive || model.receivesCells, model.has(signal, model.cellTypes[type]) else {
                    return nil
                }
                return SeriesRow.Entry(
                    name: "\(frame.typeNames[type]): \(column.name), mean", unit: column.unit,
                    value: count > 0 ? sum / count : .nan)
            }
        }
    }

    /// How many cells of each type there are, where something lives or comes.
    private func counts(at time: Double) -> [SeriesRow.Entry] {
        guard model.isAlive || model.receivesCells else { return [] }
        let frame = engine.cells(at: time, columns: [])
        var counts = Array(repeating: 0.0, count: frame.typeNames.count)
        for type in frame.types { counts[type] += 1 }
        return zip(frame.typeNames, counts).enumerated().map { type, shown in
            SeriesRow.Entry(
                name: "\(shown.0): cells", unit: "cells", value: engine.count(ofType: type, at: time) ?? shown.1)
        }
    }

    /// What changes in the networks that live in no cell, where the engine runs them.
    private func networkValues(at time: Double) -> [SeriesRow.Entry] {
        model.freeNetworks.flatMap { network in
            network.variables.compactMap { name in
                engine.value(of: name, inNetwork: network.name, at: time).map {
                    SeriesRow.Entry(
                        name: "\(network.name): \(name)", unit: Model.unit(of: network.dimension(of: name)), value: $0)
                }
            }
        }
    }

    /// Concentrations in compartments, of molecules that go there.
    private func compartments(at time: Double) -> [SeriesRow.Entry] {
        model.molecules.flatMap { molecule in
            (molecule.compartments ?? []).compactMap { kinetics in
                engine.concentration(of: molecule.name, in: kinetics.compartment, at: time).map {
                    SeriesRow.Entry(
                        name: "\(molecule.name) in \(kinetics.compartment)", unit: "molecules/µm³", value: $0)
                }
            }
        }
    }

    private func contents(_ ledgers: [Ledger], at time: Double) -> [SeriesRow.Entry] {
        ledgers.flatMap { ledger in
            let name = ledger.molecule
            let kinds: [LedgerEntry] = [.dissolved, .bound, .secreted, .internalised, .decayed, .left]
            let captured = engine.captured(name, at: time)
            return kinds.map {
                SeriesRow.Entry(name: "\(name): \($0.rawValue)", unit: "molecules", value: ledger[$0])
            }
                + zip(model.cellTypes, captured).filter { Run.binds($0.0, name, model) }.map {
                    SeriesRow.Entry(name: "\(name): captured by \($0.0.name)", unit: "molecules", value: $0.1)
                }
        }
    }

    private static func binds(_ type: CellType, _ molecule: String, _ model: Model) -> Bool {
        model.receptors.contains { receptor in
            receptor.ligands.contains { $0.ligand == molecule } && model.carries(receptor.name, type)
        }
    }
}
