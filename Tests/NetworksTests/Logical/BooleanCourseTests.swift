import Biology
import Foundation
import Testing

@testable import Networks

@Suite struct BooleanCourseTests {
    /// Four nodes with rates of their own, feedback, and starts that depend on each other.
    private static let network: BooleanNetwork = {
        func not(_ name: String) -> Formula { .call(.not, [.name(name)]) }
        var network = BooleanNetwork(
            name: "loop",
            nodes: [
                BooleanNode("a", target: .call(.or, [not("d"), .name("b")]), rateUp: .number(0.4)),
                BooleanNode("b", target: .call(.xor, [.name("a"), .name("c")])),
                BooleanNode(
                    "c", target: .call(.and, [.name("a"), not("b")]), rateUp: .call(.times, [.number(3), .name("a")]),
                    rateDown: .number(0.25)),
                BooleanNode("d", target: .name("c"), rateDown: .number(2)),
            ])
        network.starts = [
            BooleanStart(
                nodes: ["a", "d"],
                choices: [
                    BooleanStart.Choice([1, 0], weight: 3), BooleanStart.Choice([0, 1], weight: 1),
                    BooleanStart.Choice([1, 1], weight: 0),
                ]), BooleanStart("c", at: 0),
        ]
        return network
    }()

    /// p(a, d) = ¾ (1, 0) + ¼ (0, 1), b either, c off.
    private static let start: [Double] = {
        var start = [Double](repeating: 0, count: 16)
        for b in [0, 2] {
            start[1 + b] = 0.375
            start[8 + b] = 0.125
        }
        return start
    }()

    private static func number(_ state: BooleanState) -> Int { Int(state.words[0]) }

    @Test func windowsHaveTheExactProbabilities() throws {
        let program = try BooleanProgram(Self.network)
        let request = BooleanCourseRequest(end: 6, tick: 0.5, samples: 40_000, seed: 3)
        let course = try #require(try program.course(request, threads: 2))
        let exact = ExactSwitching(program, start: Self.start, tick: 0.5, windows: 12)
        #expect(course.times.count == 12 && course.states.count == 16 && course.stateSamples == 40_000)
        for window in 0..<12 {
            for (column, state) in course.states.enumerated() {
                let p = exact.averages[window][Self.number(state)]
                let found = course.probabilities[window * 16 + column]
                #expect(abs(found - p) < 5 * (p * (1 - p) / 40_000).squareRoot() + 1e-9)
            }
            #expect(course.others[window] < 1e-9)
            for (place, name) in course.names.enumerated() {
                let p = (0..<16).filter { $0 >> place & 1 != 0 }.reduce(0) { $0 + exact.averages[window][$1] }
                #expect(abs(course.levels[window * 4 + place] - p) < 5 * (p * (1 - p) / 40_000).squareRoot(), "\(name)")
            }
        }
        // At early times a window's average is far from the value at its start, which this must be able to tell.
        let c = 4 * exact.averages[0].indices.filter { $0 & 4 != 0 }.reduce(0) { $0 + exact.averages[0][$1] }
        #expect(c > 0.5)
    }

    @Test func theSameForAnyNumberOfThreads() throws {
        let program = try BooleanProgram(Self.network)
        let request = BooleanCourseRequest(
            end: 3, tick: 0.7, samples: 3000, seed: 11, pulses: [BooleanPulse("a", at: 1, for: 1.3)])
        let one = try program.course(request, threads: 1)
        #expect(try program.course(request, threads: 4) == one)
        var other = request
        other.seed = 12
        #expect(try program.course(other, threads: 4) != one)
    }

    @Test func internalNodesAreNotToldApart() throws {
        var network = Self.network
        for place in [0, 1, 3] { network.nodes[place].isInternal = true }
        let whole = try BooleanProgram(Self.network)
        let program = try BooleanProgram(network)
        let request = BooleanCourseRequest(end: 2, tick: 0.5, samples: 2000, seed: 5)
        let course = try #require(try program.course(request, threads: 1))
        let all = try #require(try whole.course(request, threads: 1))
        #expect(course.names == ["c"])
        #expect(course.states.count == 2)
        for window in course.times.indices {
            #expect(course.levels[window] == all.levels[4 * window + 2])
            let on = try #require(course.states.firstIndex { $0[2] })
            #expect(abs(course.probabilities[2 * window + on] - course.levels[window]) < 1e-12)
        }
    }

    @Test func ratesOf1e100KnockOutWithoutOverflow() throws {
        var network = Self.network
        network.nodes[0].rateUp = .number(0)
        network.nodes[0].rateDown = .number(1e100)
        let program = try BooleanProgram(network)
        let course = try #require(
            try program.course(BooleanCourseRequest(end: 2, tick: 0.5, samples: 2000, seed: 5), threads: 1))
        for window in course.times.indices {
            #expect(course.levels[4 * window] == 0)
            #expect(course.levels[4 * window..<4 * window + 4].allSatisfy { $0.isFinite })
        }
        // Two that switch each other at once never let time pass.
        network.nodes[0].rateUp = .number(1e100)
        #expect(throws: NetworkFailure.self) {
            try BooleanProgram(network).course(
                BooleanCourseRequest(end: 2, tick: 0.5, samples: 10, seed: 5), threads: 1)
        }
    }

    @Test func aPulseHoldsItsNodeAndLetsItGo() throws {
        var network = BooleanNetwork(
            name: "memory",
            nodes: [
                BooleanNode("input"), BooleanNode("memory", target: .call(.or, [.name("input"), .name("memory")])),
            ])
        network.starts = [BooleanStart("input", at: 0), BooleanStart("memory", at: 0)]
        let program = try BooleanProgram(network)
        let request = BooleanCourseRequest(
            end: 3, tick: 1, samples: 20_000, seed: 1, pulses: [BooleanPulse("input", at: 1, for: 1.5)])
        let course = try #require(try program.course(request, threads: 1))
        #expect(course.column("input") == [1, 0.5, 0])
        // Memory is still off with probability e^-t while the input is on, and keeps what it had at 1.5.
        let expected = [1 - (1 - exp(-1.0)), 1 - (exp(-1) - exp(-1.5)) - 0.5 * exp(-1.5), 1 - exp(-1.5)]
        for (found, p) in zip(try #require(course.column("memory")), expected) {
            #expect(abs(found - p) < 5 * (p * (1 - p) / 20_000).squareRoot())
        }
        #expect(course.fixedPoints.map { program.names($0.state) } == [["memory"], []])
        #expect(abs(course.fixedPoints[0].share - (1 - exp(-1.5))) < 0.02)
    }

    @Test func wideStatesAndRulesWithManyRegulators() throws {
        // A chain of 130 nodes, and one that waits for 14 of them: three words, and a rule without a table.
        var nodes = [BooleanNode("n0", target: .number(1))]
        for place in 1..<130 { nodes.append(BooleanNode("n\(place)", target: .name("n\(place - 1)"))) }
        nodes.append(BooleanNode("all", target: .call(.and, (0..<14).map { .name("n\($0)") })))
        var network = BooleanNetwork(name: "chain", nodes: nodes)
        network.starts = nodes.map { BooleanStart($0.name, at: 0) }
        let program = try BooleanProgram(network)
        let course = try #require(
            try program.course(BooleanCourseRequest(end: 400, tick: 100, samples: 500, seed: 2), threads: 2))
        #expect(course.fixedPoints.map(\.share) == [1])
        #expect(program.names(course.fixedPoints[0].state).count == 131)
        // Each node takes one unit of time on the average: the last of a chain of n is on from n on.
        #expect(abs(course.levels[0] - 0.99) < 0.002)
        let first = try #require(course.column("all"))
        #expect(abs(first[0] - (1 - 15.0 / 100)) < 0.01)
    }
}

extension BooleanCourse {
    /// One node's mean level over time.
    fileprivate func column(_ name: String) -> [Double]? {
        guard let place = names.firstIndex(of: name) else { return nil }
        return times.indices.map { levels[$0 * names.count + place] }
    }
}
