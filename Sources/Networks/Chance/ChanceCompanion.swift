import Biology

/// What lives beside a network that runs by chance and changes it by more than reactions do: cells that divide, come and go.
///
/// It answers to reactions, and acts at times of its own. After each every rate is taken anew, so that the chance stays
/// exact.
public protocol ChanceCompanion: AnyObject {
    /// When it acts next, in the network's unit of time; infinite where it has nothing to do by itself.
    var next: Double { get }
    /// The run starts, with what the network holds at its start.
    func begin(_ moment: ChanceMoment) throws(NetworkFailure)
    /// A reaction that it answers to has happened, by its place among those that the network was made with.
    func answer(to reaction: Int, _ moment: ChanceMoment) throws(NetworkFailure)
    /// Its time has come.
    func act(_ moment: ChanceMoment) throws(NetworkFailure)
}

/// Where a run has the value of a name that no rule determines.
public enum ChancePlace: Hashable, Sendable {
    case held(Int)
    case flowing(Int)
}

/// A run by chance, standing still while a companion acts.
///
/// Amounts of species whatever their names mean; of other names their values.
public struct ChanceMoment {
    let run: ChanceRun

    /// In the network's unit.
    public var time: Double { run.time }

    public subscript(place: ChancePlace) -> Double {
        get { run.value(at: place) }
        nonmutating set { run.set(place, to: newValue) }
    }

    /// The names that the companion reads, in its order, as they are now.
    public func read() -> [Double] { run.readForCompanion() }
}

extension ChanceNetwork {
    /// Where a run has the value of a name; `nil` where a rule determines it, or there is none.
    public func place(of name: String) -> ChancePlace? {
        let values = [still.roles.species(name).map { NetworkValue.amount($0) }, .named(name)].compactMap { $0 }
        for value in values {
            if let row = still.layout.held(of: value) { return .held(row) }
            if let row = still.layout.unknown(of: value) { return .flowing(row) }
        }
        return nil
    }
}

extension ChanceRun {
    func value(at place: ChancePlace) -> Double {
        switch place {
        case .held(let row): unsafe held[row]
        case .flowing(let row): unsafe flowing[row]
        }
    }

    func set(_ place: ChancePlace, to value: Double) {
        isTouched = true
        switch place {
        case .held(let row): unsafe held[row] = value
        case .flowing(let row): unsafe flowing[row] = value
        }
    }

    func readForCompanion() -> [Double] {
        unsafe network.reads.run(
            LanePoint(time: state.time, lanes: 1, values: flowing, inputs: held, scratch: scratch), into: result)
        return (0..<network.reads.results).map { unsafe result[$0] }
    }

    /// Lets the companion answer to the reaction that happened last, where it does.
    ///
    /// The stage, where there is one, is to stand at this time.
    func answer() throws(NetworkFailure) {
        guard let companion, let called = network.called[state.lastReaction] else { return }
        try companion.answer(to: called, ChanceMoment(run: self))
        try takeOver()
    }

    /// Lets the companion act at its own times up to a limit, and the network in between.
    func advanceTogether(_ companion: any ChanceCompanion, to limit: Double) throws(NetworkFailure) {
        while true {
            try advanceAlone(to: limit)
            guard companion.next <= state.time else { return }
            try companion.act(ChanceMoment(run: self))
            try takeOver()
            if let stage {
                unsafe stage.setJumped(0, at: state.time, stage.integrator.values)
                try stage.fire(lane: 0)
                try settle(stage)
            }
        }
    }

    /// The time asked for, or the companion's next one, if that is before.
    func end(of limit: Double) -> Double {
        guard let companion else { return limit }
        return min(limit, max(companion.next, state.time))
    }

    /// Goes on from what a companion has changed.
    private func takeOver() throws(NetworkFailure) {
        guard isTouched else { return }
        isTouched = false
        try checkAmounts()
        if let stage, !network.still.layout.unknowns.isEmpty { try stage.restart() }
        try follow()
    }
}
