extension NetworkRun {
    /// The row of the inputs that has a mode.
    private func row(_ mode: Int) -> Int { network.rows.held + mode }

    /// What a mode is where its term has a value.
    private func mode(_ index: Int, of value: Double) -> Double {
        network.modes[index].value(of: value)
    }

    /// Sets every mode of a lane from the values of the integrator.
    func setAllModes(_ lane: Int) {
        // A mode may depend on those before it, so each round settles one more at least.
        for _ in 0...network.modes.count where !setModesOnce(lane) { break }
        keepReferences(lane)
    }

    /// Says whether any changed.
    private func setModesOnce(_ lane: Int) -> Bool {
        if network.modes.isEmpty { return false }
        let terms = unsafe evaluate(programs.modes, at: time, integrator.values)
        var changed = false
        for index in network.modes.indices {
            let value = unsafe mode(index, of: terms[index * lanes + lane])
            let place = row(index) * lanes + lane
            if unsafe integrator.inputs[place] != value {
                unsafe integrator.inputs[place] = value
                changed = true
            }
        }
        return changed
    }

    /// Whether every mode is as its term says, at the integrator's values.
    func modesAgree() -> Bool { unsafe !differs(at: time, integrator.values) }

    func keepReferences(_ lane: Int) {
        if network.modes.isEmpty { return }
        let terms = unsafe evaluate(programs.modes, at: time, integrator.values)
        for index in network.modes.indices {
            unsafe references[index * lanes + lane] = terms[index * lanes + lane]
        }
    }

    /// Sets the modes whose terms jumped from what they were, and leaves alone those that only moved to where they are.
    ///
    /// A term that stands at its switching point stays on the side that was chosen for it.
    func setJumped(_ lane: Int, at time: Double, _ values: UnsafePointer<Double>) {
        var isDone = false
        while !isDone {
            isDone = true
            let terms = unsafe evaluate(programs.modes, at: time, values)
            for index in network.modes.indices {
                let (place, value) = (index * lanes + lane, unsafe terms[index * lanes + lane])
                if references[place].bitPattern == value.bitPattern { continue }
                references[place] = value
                let mode = mode(index, of: value)
                if unsafe integrator.inputs[row(index) * lanes + lane] != mode {
                    unsafe integrator.inputs[row(index) * lanes + lane] = mode
                    isDone = false
                    break
                }
            }
        }
    }

    // MARK: - Finding

    private func differs(at time: Double, _ values: UnsafePointer<Double>) -> Bool {
        if network.modes.isEmpty { return false }
        let terms = unsafe evaluate(programs.modes, at: time, values)
        for index in network.modes.indices {
            for lane in 0..<lanes {
                let mode = unsafe mode(index, of: terms[index * lanes + lane])
                if unsafe mode != integrator.inputs[row(index) * lanes + lane] { return true }
            }
        }
        return false
    }

    private func differs(at time: Double) -> Bool {
        unsafe integrator.interpolate(at: time, into: inside)
        return unsafe differs(at: time, inside)
    }

    /// The first time in (from, to] at which a mode is another, to the last digit, or `nil`.
    func findSwitch(from: Double, to: Double) -> Double? {
        if network.modes.isEmpty || from >= to { return nil }
        var low = from
        // Chosen: four looks a step, so that what switches forth and back in one is seldom missed.
        for look in 1...4 {
            let high = look == 4 ? to : from + (to - from) * Double(look) / 4
            if high > low, differs(at: high) { return bisect(low, high) }
            low = high
        }
        return nil
    }

    private func bisect(_ low: Double, _ high: Double) -> Double {
        var (low, high) = (low, high)
        while true {
            let middle = low + (high - low) / 2
            if middle <= low || middle >= high { return high }
            if differs(at: middle) { high = middle } else { low = middle }
        }
    }

    // MARK: - Passing

    /// Changes the modes that change at a time inside the last step; says whether the integrator starts anew from there.
    func passSwitch(at time: Double) throws(NetworkFailure) -> Bool {
        unsafe integrator.interpolate(at: time, into: inside)
        var changes: [(mode: Int, lane: Int, from: Double, to: Double)] = []
        let terms = unsafe evaluate(programs.modes, at: time, inside)
        for index in network.modes.indices {
            for lane in 0..<lanes {
                let value = unsafe terms[index * lanes + lane]
                references[index * lanes + lane] = value
                let (old, new) = unsafe (integrator.inputs[row(index) * lanes + lane], mode(index, of: value))
                if old != new { changes.append((index, lane, old, new)) }
            }
        }
        // A sign passes through 0, where a condition may hold for an instant.
        let throughZero = changes.filter { network.modes[$0.mode].kind == .sign && $0.from * $0.to < 0 }
        if !throughZero.isEmpty, !network.events.isEmpty {
            for change in throughZero { unsafe integrator.inputs[row(change.mode) * lanes + change.lane] = 0 }
            if try finishPassing(throughZero.map(\.lane), [], at: time) { return true }
        }
        for change in changes { unsafe integrator.inputs[row(change.mode) * lanes + change.lane] = change.to }
        return try finishPassing(changes.map(\.lane), changes.map(\.mode), at: time)
    }

    /// Modes and triggers that follow from changed modes; starts anew where equations changed or events are due.
    private func finishPassing(_ changed: [Int], _ modes: [Int], at time: Double) throws(NetworkFailure) -> Bool {
        for lane in Set(changed).sorted() {
            unsafe setJumped(lane, at: time, inside)
            unsafe try fire(lane: lane, at: time, inside)
        }
        let isDue = queues.contains { $0.nextTime <= time }
        guard isDue || modes.contains(where: { programs.isInEquations[$0] }) else { return false }
        place(at: time)
        integrator.time = time
        try restart()
        return true
    }
}
