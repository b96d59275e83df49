import Foundation
import Testing

@testable import Analysis

/// What is scored where doses do not determine a Hill curve: E1, C and h are three numbers.
@Suite struct FewDosesTests {
    static func table(_ first: [Double], _ second: [Double], _ response: (Double, Double) -> Double) -> DoseTable {
        DoseTable(
            axes: [DoseAxis(name: "A", unit: "nM"), DoseAxis(name: "B", unit: "nM")], response: "share", unit: "",
            observations: first.flatMap { a in
                second.map { DoseObservation(doses: [a, $0], response: response(a, $0)) }
            })
    }

    /// 0.2 at 1 and 0.5 at 10 lie exactly on curves with ends from 0.51 to 1.5, whose Loewe differs.
    static let twoDoses: [[Double]: Double] = [
        [0, 0]: 0, [1, 0]: 0.2, [10, 0]: 0.5, [0, 1]: 0.2, [0, 10]: 0.5, [1, 1]: 0.35, [1, 10]: 0.6, [10, 1]: 0.6,
        [10, 10]: 0.7,
    ]

    @Test func manyCurvesFitTwoDosesAndGiveOtherLoewes() {
        let loewes = [0.51, 0.6, 1.0, 1.5].map { end -> Double in
            let hill = log10((0.5 / (end - 0.5)) / (0.2 / (end - 0.2)))
            let half = pow((end - 0.2) / 0.2, 1 / hill)
            let curve = HillCurve(start: 0, end: end, halfDose: half, hill: hill)
            #expect(abs(curve.response(1) - 0.2) < 1e-12 && abs(curve.response(10) - 0.5) < 1e-12)
            return LoeweAdditivity([curve, curve], direction: .rising).response([10, 10])
        }
        #expect(abs(loewes[0] - 0.507) < 5e-4 && abs(loewes[3] - 0.624) < 5e-4)
    }

    @Test func twoDosesAnAxisLeaveLoeweOut() throws {
        let table = Self.table([0, 1, 10], [0, 1, 10]) { Self.twoDoses[[$0, $1]] ?? .nan }
        let score = try SynergyScore(table, full: nil, seed: 1)
        let pair = score.pairs[0]
        #expect(pair.summaries.map(\.model) == [.bliss, .hsa])
        for point in pair.points {
            #expect((point.excess["Loewe"] != nil) == (point.doses == [0, 0]))
            #expect((point.expected["Loewe"] != nil) == (point.doses == [0, 0]))
            #expect(point.combinationIndex == nil)
            #expect(point.excess["HSA"] != nil && point.excess["Bliss"] != nil)
        }
        #expect(score.notes.count { $0.contains(" has 2 doses above 0, its curve needs 3") } == 2)
        #expect(score.notes.contains { $0.hasPrefix("A has 2 doses above 0, its curve needs 3") })
        #expect(!ScoreWords(score).sentences.contains("Loewe"))
        #expect(IsobologramFigure(pair: pair, start: 0).figure(number: 1) == nil)
        let curves = try #require(DoseCurveFigure(pair: pair, axis: 0, response: "share").figure(number: 1))
        #expect(!curves.caption.contains("half the effect is at"))
    }

    /// One axis of two doses in a grid large enough for MuSyC: nothing that rests on its curve is given.
    @Test func oneAxisOfTooFewDosesLeavesMuSyCOut() throws {
        let truth = MuSyCTests.worked(alpha: 10)
        func score(_ second: [Double]) throws -> SynergyScore {
            try SynergyScore(
                Self.table(MuSyCTests.grid, second) { truth.response($0, $1) }, full: nil, seed: 1)
        }
        let one = try score([0, 30])
        #expect(one.pairs[0].musyc == nil && one.pairs[0].points.allSatisfy { $0.fitted == nil })
        #expect(one.notes.contains { $0.hasPrefix("B has 1 dose above 0, its curve needs 3") })
        #expect(!one.notes.contains { $0.hasPrefix("A has") })
        // A alone has its curve.
        #expect(one.pairs[0].points.contains { $0.doses == [3, 0] && $0.excess["Loewe"] != nil })
        let two = try score([0, 3, 30])
        #expect(two.pairs[0].musyc == nil && two.notes.contains { $0.hasPrefix("B has 2 doses above 0") })
        let three = try score([0, 1, 3, 30])
        #expect(three.pairs[0].musyc != nil && three.notes.isEmpty)
        #expect(three.pairs[0].summaries.map(\.model) == [.bliss, .loewe, .hsa])
    }

    /// A dose that alone does nothing has no curve to determine: a blocker of one dose still has its dose ratio.
    @Test func anInertDoseNeedsNoCurve() throws {
        let table = Self.table([0, 0.1, 1, 10, 100], [0, 9]) { $0 / (1 + $0 + $1) }
        let pair = try SynergyScore(table, full: 1, seed: 1).pairs[0]
        let point = try #require(pair.points.first { $0.doses == [10, 9] })
        #expect(abs(try #require(point.combinationIndex).value - 10) < 1e-3)
    }

    /// Doses that were tried together but not alone: a curve that is not determined stands in for none of them.
    @Test func aDoseNotTriedAloneIsNotGuessed() throws {
        var table = Self.table([0, 1, 10], [0, 1, 10]) { Self.twoDoses[[$0, $1]] ?? .nan }
        table.observations.append(DoseObservation(doses: [100, 10], response: 0.8))
        let pair = try SynergyScore(table, full: nil, seed: 1).pairs[0]
        let point = try #require(pair.points.first { $0.doses == [100, 10] })
        #expect(point.expected.isEmpty && point.excess.isEmpty && point.combinationIndex == nil)
    }

    /// Whether a curve is determined is decided once: a replicate in which an inert dose seems to act is not left out.
    @Test func replicatesFollowTheMean() throws {
        var table = Self.table([0, 1, 3, 10], [0, 5]) { a, b in a / (3 + a) + (a * b > 0 ? 0.1 : 0) }
        let again = table.observations.map { DoseObservation(doses: $0.doses, replicate: 1, response: $0.response) }
        table.observations += again
        for (index, seen) in table.observations.enumerated() where seen.doses == [0, 5] {
            table.observations[index].response += seen.replicate == 0 ? 0.05 : -0.05
        }
        let pair = try SynergyScore(table, full: nil, seed: 1).pairs[0]
        #expect(!pair.singles[1].isActive)
        let loewe = try #require(pair.summaries.first { $0.model == .loewe })
        #expect(abs(loewe.mean.value - 0.1) < 1e-6)
        // With one replicate at 0 the interval would reach from below 0 to above 0.6.
        #expect(try #require(loewe.mean.high) < 0.15 && loewe.verdict == .synergy)
    }
}
