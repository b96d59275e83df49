import Foundation
import Testing

@testable import Analysis

/// Three doses at a time: pairs where the third is 0, and all three.
@Suite struct ThreeAxesTests {
    static func table(
        _ grid: [[Double]], _ names: [String] = ["C", "P", "Q"], _ response: (Double, Double, Double) -> Double
    ) -> DoseTable {
        var observations: [DoseObservation] = []
        for a in grid[0] {
            for b in grid[1] {
                for c in grid[2] {
                    observations.append(DoseObservation(doses: [a, b, c], response: response(a, b, c)))
                }
            }
        }
        return DoseTable(
            axes: names.map { DoseAxis(name: $0, unit: "nM") }, response: "share", unit: "", observations: observations)
    }

    /// A cytokine whose effect 0.6 two blockers halve each, and together cut to a tenth; without it they do nothing.
    static let blocked = table([[0, 1, 3, 10], [0, 1], [0, 1]]) { c, p, q in
        let blocks = p * q > 0 ? 0.1 : p + q > 0 ? 0.5 : 1
        return c * 0.06 * blocks
    }

    @Test func anInertPairDoesNotThrowTheOthersAway() throws {
        let score = try SynergyScore(Self.blocked, full: nil, seed: 1)
        #expect(score.pairs.map { $0.axes.map(\.name) } == [["C", "P"], ["C", "Q"]])
        #expect(score.notes.contains { $0.contains("no dose of P and Q changes the response") })
        let pair = try #require(score.pairs[0].points.first { $0.doses == [10, 1] })
        #expect(abs(try #require(pair.excess["Bliss"]).value + 0.3) < 1e-12)
        // 0.6 alone, P and Q nothing: Bliss and HSA expect 0.6 of the three, and 0.06 is seen.
        let all = try #require(score.beyondPairs.first { $0.doses == [10, 1, 1] })
        #expect(score.beyondPairs.count == 3)
        for model in ["Bliss", "HSA"] {
            #expect(abs(try #require(all.expected[model]) - 0.6) < 1e-12)
            #expect(abs(try #require(all.excess[model]).value + 0.54) < 1e-12)
        }
        #expect(try #require(all.combinationIndex).value > 1)
    }

    /// By hand: 0.2, 0.5 and 0.4 alone leave 0.8 · 0.5 · 0.6 = 0.24 over, so Bliss expects 0.76 and HSA 0.5.
    @Test func threeActiveDosesByHand() throws {
        let alone = [0.2, 0.5, 0.4]
        let table = Self.table([[0, 1], [0, 1], [0, 1]], ["A", "B", "C"]) { a, b, c in
            let doses = [a, b, c]
            if a + b + c == 3 { return 0.9 }
            return 1 - zip(doses, alone).reduce(1) { $0 * (1 - $1.0 * $1.1) }
        }
        let score = try SynergyScore(table, full: nil, seed: 1)
        #expect(score.pairs.count == 3 && score.beyondPairs.count == 1)
        for pair in score.pairs {
            let bliss = try #require(pair.summaries.first { $0.model == .bliss })
            #expect(abs(bliss.mean.value) < 1e-12 && bliss.verdict == .neither)
        }
        let all = score.beyondPairs[0]
        #expect(abs(try #require(all.expected["Bliss"]) - 0.76) < 1e-12)
        #expect(abs(try #require(all.excess["Bliss"]).value - 0.14) < 1e-12)
        #expect(abs(try #require(all.expected["HSA"]) - 0.5) < 1e-12)
        #expect(abs(try #require(all.excess["HSA"]).value - 0.4) < 1e-12)
        // One dose an axis determines no curve, of three axes as of two; each is said once.
        #expect(all.expected["Loewe"] == nil && all.combinationIndex == nil)
        for name in ["A", "B", "C"] {
            #expect(score.notes.count { $0.hasPrefix("\(name) has 1 dose above 0, its curve needs 3") } == 1)
        }
    }

    /// Only all three together do anything: no pair is left, the three are.
    @Test func whatOnlyThreeDoTogetherIsScored() throws {
        let score = try SynergyScore(
            Self.table([[0, 1], [0, 1], [0, 1]]) { $0 * $1 * $2 * 0.5 }, full: nil, seed: 1)
        #expect(score.pairs.isEmpty && score.beyondPairs.count == 1)
        #expect(score.beyondPairs[0].excess["HSA"]?.value == 0.5)
        #expect(ScoreWords(score).sentences.contains("No two"))
    }

    @Test func nothingLeftIsAnObstacle() {
        #expect(throws: SynergyScore.Obstacle.self) {
            _ = try SynergyScore(
                Self.table([[0, 1], [0, 1], [0, 1]]) { _, _, _ in 0.5 }, full: nil, seed: 1)
        }
    }
}
