/// Rates that change between reactions: the next one happens when the integral of all rates is an exponential number.
///
/// Exact but for the integral's error of 1e-9.
extension ChanceRun {
    /// Goes on, with `hazard` the unknown that is the integral.
    func flow(_ stage: NetworkRun, _ hazard: Int, to limit: Double) throws(NetworkFailure) {
        while state.time < end(of: limit) {
            try stage.move(to: min(end(of: limit), stage.queues[0].nextTime))
            let last = stage.integrator.time
            var scanned = stage.integrator.lastTime
            while true {
                let change = stage.findSwitch(from: scanned, to: last)
                let end = change ?? last
                if let time = timeOfReaction(stage, hazard, from: scanned, to: end) {
                    try happen(stage, hazard, at: time)
                    break
                }
                state.time = end
                guard let change else {
                    try settle(stage)
                    break
                }
                if try stage.passSwitch(at: change) {
                    try settle(stage)
                    break
                }
                scanned = change
                if stage.queues[0].nextTime <= last {
                    try stand(stage, at: change)
                    break
                }
            }
        }
    }

    /// The first time of the stage's last step, to the last digit, at which the integral has reached what was drawn.
    private func timeOfReaction(_ stage: NetworkRun, _ hazard: Int, from: Double, to: Double) -> Double? {
        func integral(_ time: Double) -> Double {
            unsafe stage.integrator.interpolate(at: time, into: stage.inside)
            return unsafe stage.inside[hazard]
        }
        guard integral(to) >= untilReaction else { return nil }
        var (low, high) = (from, to)
        while true {
            let middle = low + (high - low) / 2
            if middle <= low || middle >= high { return high }
            if integral(middle) >= untilReaction { high = middle } else { low = middle }
        }
    }

    private func happen(_ stage: NetworkRun, _ hazard: Int, at time: Double) throws(NetworkFailure) {
        stage.place(at: time)
        stage.integrator.time = time
        state.time = time
        if let chosen = chooseNow() {
            guard chosen.isPossible else { throw impossible(chosen.reaction) }
            state.apply(chosen.reaction)
            state.happened += 1
            state.lastReaction = chosen.reaction
            try answer()
        }
        drawReaction(stage, hazard)
        unsafe stage.setJumped(0, at: time, stage.integrator.values)
        try stage.fire(lane: 0)
        try stage.restart()
        try settle(stage)
    }

    /// Draws how much of the integral it is to the next reaction.
    func drawReaction(_ stage: NetworkRun, _ hazard: Int) {
        unsafe stage.integrator.values[hazard] = 0
        untilReaction = drawExponential()
    }
}
