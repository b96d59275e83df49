extension ChanceRun {
    /// Goes on where there are events, or where something changes between reactions.
    ///
    /// Reactions that are not watched change nothing on the stage, so it goes ahead to where something may happen on it,
    /// and they follow; one that is watched calls it back.
    func advance(_ stage: NetworkRun, to limit: Double) throws(NetworkFailure) {
        while state.time < end(of: limit) {
            let end = min(end(of: limit), stage.queues[0].nextTime)
            if network.isTimed {
                try stage.move(to: end)
                try followStage(stage)
            } else if try react(to: end) {
                try callBack(stage)
            } else {
                try stand(stage, at: end)
                try settle(stage)
            }
        }
    }

    /// Lets reactions happen in the step that the stage has taken, up to its end or to what ends it before.
    private func followStage(_ stage: NetworkRun) throws(NetworkFailure) {
        let last = stage.integrator.time
        var scanned = stage.integrator.lastTime
        while true {
            let change = stage.findSwitch(from: scanned, to: last)
            let end = change ?? last
            while state.time < end {
                if try react(to: end) { return try callBack(stage) }
            }
            guard let change else { return try settle(stage) }
            if try stage.passSwitch(at: change) { return try settle(stage) }
            scanned = change
            if stage.queues[0].nextTime <= last {
                try stand(stage, at: change)
                return
            }
        }
    }

    /// Puts the stage at the time of a reaction that is watched, and carries out what it triggers.
    private func callBack(_ stage: NetworkRun) throws(NetworkFailure) {
        try stand(stage, at: state.time)
        try answer()
        unsafe stage.setJumped(0, at: state.time, stage.integrator.values)
        try stage.fire(lane: 0)
        try settle(stage)
    }

    /// Puts the stage at a time of its last step.
    func stand(_ stage: NetworkRun, at time: Double) throws(NetworkFailure) {
        if network.still.layout.unknowns.isEmpty {
            stage.integrator.time = time
            stage.integrator.lastTime = time
        } else {
            stage.place(at: time)
            stage.integrator.time = time
            try stage.restart()
        }
    }

    /// Carries out events that are due.
    func settle(_ stage: NetworkRun) throws(NetworkFailure) {
        guard stage.queues[0].nextTime <= stage.time else { return }
        try stage.settle()
        try checkAmounts()
        try follow()
    }
}
