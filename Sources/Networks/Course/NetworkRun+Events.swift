extension NetworkRun {
    /// Queues events of a lane whose triggers have become true, and forgets what has become false.
    func fire(lane: Int) throws(NetworkFailure) {
        unsafe try fire(lane: lane, at: time, integrator.values)
    }

    func fire(lane: Int, at time: Double, _ values: UnsafePointer<Double>) throws(NetworkFailure) {
        unsafe checkConstraints(lane, at: time, values)
        if programs.events.isEmpty { return }
        let triggers = unsafe evaluate(programs.triggers, at: time, values)
        let isTrue = programs.events.indices.map { index in
            let value = unsafe triggers[index * lanes + lane]
            return value != 0 && !value.isNaN
        }
        for (index, event) in programs.events.enumerated() where isTrue[index] != queues[lane].wasTrue[index] {
            queues[lane].wasTrue[index] = isTrue[index]
            if !isTrue[index] {
                if !event.source.isPersistent { queues[lane].remove(event: index) }
                continue
            }
            var delay = 0.0
            if let program = event.delay { delay = unsafe drawn(program, lane, at: time, values)[0] }
            guard delay >= 0 else {
                throw NetworkFailure(
                    .stopped, problem: "at time \(time) the delay of event '\(event.source.name)' is \(delay)",
                    fix: "give it a delay of at least 0")
            }
            let usesTrigger = event.source.usesValuesOfTrigger
            let stored = usesTrigger ? unsafe drawn(event.values, lane, at: time, values) : nil
            queues[lane].add(index, at: time + delay, values: stored)
        }
    }

    /// Notes the constraints that do not hold for the first time; they change only where modes or held values do.
    private func checkConstraints(_ lane: Int, at time: Double, _ values: UnsafePointer<Double>) {
        let count = programs.constraints.program.results
        if count == 0 { return }
        let holds = unsafe evaluate(programs.constraints, at: time, values)
        for index in 0..<count where violations[index] == nil {
            let value = unsafe holds[index * lanes + lane]
            if value == 0 || value.isNaN { violations[index] = time }
        }
    }

    /// One lane's results of a program, with what it draws.
    private func drawn(
        _ program: PreparedProgram, _ lane: Int, at time: Double, _ values: UnsafePointer<Double>
    ) -> [Double] {
        unsafe evaluator.draw(
            for: program, lane: lane, from: &queues[lane].stream, time: time, values: values,
            inputs: integrator.inputs, past: integrator.past)
        let result = unsafe evaluate(program, at: time, values)
        return (0..<program.program.results).map { unsafe result[$0 * lanes + lane] }
    }

    /// Lets everything happen that is due, in every lane; then the integrator starts anew.
    func settle() throws(NetworkFailure) {
        var count = 0
        while queues.contains(where: { $0.nextTime <= time }) {
            for lane in 0..<lanes {
                while let pending = nextEvent(lane) {
                    try happen(pending, lane)
                    count += 1
                    if count > Self.mostEventsAtOnce { throw endless() }
                }
            }
            try relax()
            try restart()
        }
    }

    /// Events at one time; chosen, far above what any network does on purpose.
    private static var mostEventsAtOnce: Int { 100_000 }

    private func endless() -> NetworkFailure {
        NetworkFailure(
            .stopped, problem: "at time \(time) events trigger each other without end",
            fix: "give one of them a delay, or a trigger that its own assignment makes false only once")
    }

    private func nextEvent(_ lane: Int) -> EventQueue.Pending? {
        if queues[lane].nextTime > time { return nil }
        var queue = queues[lane]
        let next = queue.next(at: time) { event in
            guard let program = programs.events[event].priority else { return nil }
            return unsafe drawn(program, lane, at: time, integrator.values)[0]
        }
        // What priorities drew is part of the stream too.
        queues[lane] = queue
        return next
    }

    /// Carries out one event, and finds what it triggers.
    private func happen(_ pending: EventQueue.Pending, _ lane: Int) throws(NetworkFailure) {
        let event = programs.events[pending.event]
        let values = unsafe pending.values ?? drawn(event.values, lane, at: time, integrator.values)
        let before = sizes(lane)
        keepReferences(lane)
        for (target, value) in zip(event.targets, values) {
            if case .value(let row) = target { set(row, lane, value) }
        }
        let after = sizes(lane)
        keepAmounts(lane, before, after)
        for (target, value) in zip(event.targets, values) {
            // An amount is that of the size before, though the size may be assigned too (as the suite's case 01506 has it).
            if case .amount(let row, let volume) = target { set(row, lane, volume.map { value * before[$0] } ?? value) }
        }
        unsafe setJumped(lane, at: time, integrator.values)
        if integrator.system.isAlgebraic.contains(true) { try integrator.restart(at: time) }
        try fire(lane: lane)
    }

    private func set(_ row: SwitchPrograms.Row, _ lane: Int, _ value: Double) {
        switch row {
        case .unknown(let index): unsafe integrator.values[index * lanes + lane] = value
        case .held(let index): unsafe integrator.inputs[index * lanes + lane] = value
        }
    }

    private func sizes(_ lane: Int) -> [Double] {
        let sizes = unsafe evaluate(programs.volumes, at: time, integrator.values)
        return (0..<programs.volumes.program.results).map { unsafe sizes[$0 * lanes + lane] }
    }

    /// Where a compartment's size jumped, amounts stay: concentrations that are unknowns change.
    private func keepAmounts(_ lane: Int, _ before: [Double], _ after: [Double]) {
        for (unknown, volume) in programs.concentrations where before[volume] != after[volume] {
            unsafe integrator.values[unknown * lanes + lane] *= before[volume] / after[volume]
        }
    }
}
