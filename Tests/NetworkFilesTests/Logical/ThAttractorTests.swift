import Biology
import Foundation
import Networks
import Testing

@testable import NetworkFiles

/// Validation V10: what the T-helper network ends in, from its rules as text and from the published files.
@Suite struct ThAttractorTests {
    struct Source: Sendable, CustomStringConvertible {
        var description: String
        var prefix: String
        func network() throws -> BooleanNetwork? {
            if description == "text" { return try ThNetwork.network() }
            guard let path = ThNetwork.published(description) else {
                print("skipped: no ../shared/models beside the repository")
                return nil
            }
            return try BooleanNetworkFile.read(path).network
        }
        func names(_ found: [String]) -> Set<String> { Set(found.map { String($0.dropFirst(prefix.count)) }) }
    }

    static let sources = [
        Source(description: "text", prefix: ""), Source(description: "MendozaXenarios2006_Th.bnet", prefix: "v_"),
        Source(description: "MendozaXenarios2006_Th_qual.sbml", prefix: "v_"),
    ]

    private static func held(_ source: Source, _ on: Set<String> = []) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: ThNetwork.inputs.map { (source.prefix + $0, on.contains($0) ? 1 : 0) })
    }

    @Test(arguments: sources) func threeFixedPointsShareAllStates(_ source: Source) throws {
        guard let network = try source.network() else { return }
        let search = try AttractorSearch(network, holding: Self.held(source))
        let attractors = search.synchronous()
        #expect(attractors.coverage == .all(states: 1 << 19))
        #expect(attractors.found.map(\.size) == [1, 1, 1])
        let names = attractors.found.map { source.names(search.program.names($0.states[0])) }
        #expect(names == [ThNetwork.th1, ThNetwork.th2, []])
        // 0.0824, 0.5533 and 0.3643 of 2¹⁹.
        let shares = attractors.found.map { ($0.basin * 10_000).rounded() / 10_000 }
        #expect(shares == [0.5533, 0.3643, 0.0824])
        let fixed = search.fixedPoints()
        #expect(fixed.isComplete)
        #expect(Set(fixed.states) == Set(attractors.found.map { $0.states[0] }))
        let one = search.asynchronous()
        #expect(Set(one.found.flatMap(\.states)) == Set(fixed.states))
    }

    @Test(arguments: sources, ThNetwork.inputs) func anyInputLeavesNoTh0(_ source: Source, _ input: String) throws {
        guard let network = try source.network() else { return }
        let search = try AttractorSearch(network, holding: Self.held(source, [input]))
        let attractors = search.synchronous()
        #expect(attractors.found.map(\.size) == [1, 1])
        for attractor in attractors.found {
            let names = source.names(search.program.names(attractor.states[0]))
            #expect(names.isSuperset(of: ThNetwork.th1) || names.contains("GATA3"))
        }
    }

    static let pulses: [(String, Set<String>)] = [
        ("IFNg", ThNetwork.th1), ("IL4", ThNetwork.th2), ("IL10", []), ("IL12", ThNetwork.th1),
        ("IFNb", ThNetwork.th1), ("IL18", ThNetwork.th1), ("TCR", ThNetwork.th1),
    ]

    @Test(arguments: sources, pulses) func aPulseOfOneStepFromTh0(_ source: Source, _ pulse: (String, Set<String>))
        throws
    {
        guard let network = try source.network() else { return }
        let program = try BooleanProgram(network)
        let path = try program.path(
            from: program.state(), pulses: [BooleanPulse(source.prefix + pulse.0, at: 1, for: 1)])
        let attractor = try #require(path.attractor)
        #expect(attractor.count == 1)
        #expect(source.names(program.names(try #require(attractor.first))) == pulse.1)
    }

    @Test(arguments: sources, [("IFNg", "Tbet", "GATA3"), ("IL4", "GATA3", "Tbet")])
    func aCytokineThatStaysDecidesWhenNodesSwitchOneAtATime(
        _ source: Source, _ sustained: (cytokine: String, on: String, off: String)
    ) throws {
        guard let network = try source.network() else { return }
        var levels = Self.held(source)
        levels[source.prefix + sustained.cytokine] = 1
        let search = try AttractorSearch(network, holding: levels)
        let reached = try #require(search.reachable(from: search.program.state(levels)))
        #expect(reached.found.count == 1)
        let names = source.names(search.program.names(try #require(reached.found.first?.states.first)))
        #expect(names.contains(sustained.on) && !names.contains(sustained.off))
    }
}
