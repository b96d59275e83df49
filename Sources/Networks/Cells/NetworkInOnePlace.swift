/// A network in one well-mixed place, moved on from wherever its values are put.
///
/// Numbers and time are in the network's own units.
public final class NetworkInOnePlace {
    public let places: NetworkInPlaces
    private let integrator: LaneIntegrator
    private let work: NetworkInPlaces.Work

    /// `relative`: the largest error of a step, as part of a value; `largest`: the largest amount, whose millionth is
    /// nothing beside it.
    public init(_ places: NetworkInPlaces, relative: Double, largest: Double) throws(NetworkFailure) {
        self.places = places
        work = places.work()
        let absolute = 1e-6 * relative * (largest > 0 ? largest : 1)
        let tolerance = StepTolerance(
            relative: relative, absolute: Array(repeating: absolute, count: places.equations.unknowns))
        integrator = try LaneIntegrator(places.equations, lanes: 1, tolerance: tolerance)
    }

    /// Moves amounts and own values over a stretch of time.
    ///
    /// - Throws: ``NetworkFailure`` where the equations cannot be followed.
    public func advance(
        dissolved: inout [Double], own: inout [Double], from start: Double, to end: Double
    ) throws(NetworkFailure) {
        guard end > start, places.equations.unknowns > 0 else { return }
        for (row, value) in places.helds.enumerated() { unsafe integrator.inputs[row] = value }
        for (k, place) in places.dissolved.enumerated() {
            switch place {
            case .unknown(let unknown): unsafe integrator.values[unknown] = dissolved[k]
            case .held(let row): unsafe integrator.inputs[row] = dissolved[k]
            }
        }
        for (k, unknown) in places.unknowns.enumerated() { unsafe integrator.values[unknown] = own[k] }
        try integrator.start(at: start)
        while integrator.time < end { _ = try integrator.step(noLaterThan: end) }
        for (k, place) in places.dissolved.enumerated() {
            if case .unknown(let unknown) = place { dissolved[k] = unsafe integrator.values[unknown] }
        }
        for (k, unknown) in places.unknowns.enumerated() { own[k] = unsafe integrator.values[unknown] }
    }

    /// An output at what is dissolved and own values; `nil` for what is none.
    public func value(of name: String, dissolved: [Double], own: [Double], time: Double) -> Double? {
        guard let output = places.outputs.firstIndex(of: name) else { return nil }
        let lanes = NetworkInPlaces.lanes
        for (k, value) in dissolved.enumerated() {
            for lane in 0..<lanes { unsafe work.dissolved[k * lanes + lane] = value }
        }
        for (k, value) in own.enumerated() {
            for lane in 0..<lanes { unsafe work.own[k * lanes + lane] = value }
        }
        return unsafe places.values(work, time: time)[output * lanes]
    }
}
