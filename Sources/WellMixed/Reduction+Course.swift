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
    public mutating func course(
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
        case .ssa where isOneByOne:
            course = try oneByOne(request, seed: seed, leap: leap, goOn: goOn)
        case .ssa:
            let method = leap.map { ChanceMethod.leaping(error: $0) } ?? .exact
            course = try ChanceNetwork(network).run(request, seed: seed, method: method, goOn: goOn)
        }
        course.times = Array(times.prefix(course.times.count))
        takeBackDosesOfTheStart(&course)
        return course
    }

    /// Cells that come and go one by one; with more places, from the start, where there are more cells than places.
    private mutating func oneByOne(
        _ request: CourseRequest, seed: UInt64, leap: Double?, goOn: (Double) -> Bool
    ) throws(NetworkFailure) -> TimeCourse {
        if leap != nil {
            throw NetworkFailure(
                .unsupported, problem: "cells that come and go are followed one by one, and leaps take many at once",
                fix: "take --leap away, or run it with --ode")
        }
        while true {
            let called = CellsOneByOne.called(self)
            let chance = try ChanceNetwork(network, called: called.map(\.reaction), reads: Seat.reads(of: self))
            let cells = try CellsOneByOne(self, chance, seed: seed)
            let outputs = CourseRequest(times: request.times, outputs: observed.map { CourseRequest.Output($0) })
            do {
                return try chance.run(outputs, seed: seed, companion: cells, goOn: goOn)
            } catch {
                guard let kind = cells.lacking, let larger = try larger(kind) else { throw error }
                self = larger
            }
        }
    }

    /// The same with twice as many places of a kind; `nil` where those would be too many.
    private func larger(_ kind: CellKind) throws(NetworkFailure) -> Reduction? {
        guard var more = room else { return nil }
        more[kind] = max(2 * (more[kind] ?? 0), (more[kind] ?? 0) + Reduction.leastGrowth)
        guard more.values.reduce(0, +) <= Reduction.mostPlaces else { return nil }
        do {
            return try Reduction(model, start.cells, start.contacts, method, start.sampling, room: more)
        } catch {
            throw NetworkFailure(.stopped, problem: error.description, fix: "this is our fault: please report it")
        }
    }

    /// Everything that changes, and every value that has to be computed.
    private var observed: [String] {
        let computed = Set(network.initialAssignments.map(\.name))
        let hidden = hidden
        return all(computed).filter { !hidden.contains($0) }
    }

    /// What places have for themselves and no frame shows: of many cells that would be most of a course.
    private var hidden: Set<String> {
        var names: Set<String> = []
        for case let place? in places {
            names.formUnion(place.memory.flatMap { [$0.name, $0.start] } + place.drawn.map(\.name))
            names.formUnion(place.able.values)
            names.formUnion([place.ready, place.isFree].compactMap { $0 })
        }
        return names
    }

    private func all(_ computed: Set<String>) -> [String] {
        network.species.map(\.name)
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
