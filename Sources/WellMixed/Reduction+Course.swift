import Biology
public import Networks

extension Reduction {
    /// The network's course at these times, rising from 0, or as far as `goOn` lets it come; s.
    ///
    /// What is seen at the very time of a dose is without it. Asks for everything that a ``MixedEngine`` shows. By chance
    /// `leap` is the share of itself by which no rate changes within one leap (``ChanceMethod/leaping(error:)``); `nil` is
    /// exact.
    ///
    /// - Throws: what the network's engine cannot do, or where it cannot go on.
    public func course(
        times: [Double], seed: UInt64, leap: Double? = nil, goOn: (Double) -> Bool
    ) throws(NetworkFailure) -> TimeCourse {
        let doses = Set(doses.map(\.time))
        let request = CourseRequest(
            times: times.map { $0 > 0 && doses.contains($0) ? $0 * (1 - Reduction.justBefore) : $0 },
            outputs: observed.map { CourseRequest.Output($0) })
        var course: TimeCourse
        switch method {
        case .ode:
            course = try OrdinaryCourse(network).run(
                request, relative: Reduction.relativeTolerance,
                absolute: model.networks.isEmpty ? Reduction.absoluteTolerance : Reduction.absoluteToleranceOfNetworks,
                seed: seed,
                goOn: goOn)
        case .ssa:
            let method = leap.map { ChanceMethod.leaping(error: $0) } ?? .exact
            course = try ChanceNetwork(network).run(request, seed: seed, method: method, goOn: goOn)
        }
        course.times = Array(times.prefix(course.times.count))
        takeBackDosesOfTheStart(&course)
        return course
    }

    /// Everything that changes, and every value that has to be computed.
    private var observed: [String] {
        let computed = Set(network.initialAssignments.map(\.name))
        return network.species.map(\.name)
            + network.parameters.filter { !$0.isConstant || computed.contains($0.name) }.map(\.name)
            + network.compartments.filter { !$0.isConstant || computed.contains($0.name) }.map(\.name)
    }

    /// Chosen: what changes in a billionth of the time is below the tolerance.
    private static let justBefore = 1e-9
    /// Chosen: far below what the tissue's steps are out by, so that what differs is space.
    private static let relativeTolerance = 1e-8
    /// Molecules; chosen: a millionth of one.
    private static let absoluteTolerance = 1e-6
    /// In whatever units a network has; chosen: small beside a concentration in mol/L of a nM.
    private static let absoluteToleranceOfNetworks = 1e-14

    /// The first row of a course is what was there before any dose.
    private func takeBackDosesOfTheStart(_ course: inout TimeCourse) {
        guard course.times.first == 0 else { return }
        for dose in doses where dose.time == 0 {
            for place in dose.places {
                if let column = course.names.firstIndex(of: place) { course.values[column] -= dose.amount }
            }
        }
    }
}
