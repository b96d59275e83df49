import Foundation
import Results
import Testing

@testable import Analysis

/// What a score says, and the files it leaves.
@Suite struct ScoreReportTests {
    /// Synergy where both doses are low, as much antagonism where both are high.
    private static let crossed = FewDosesTests.table([0, 1, 3, 10], [0, 1, 3, 10]) { a, b in
        func alone(_ dose: Double) -> Double { 0.5 * dose / (3 + dose) }
        let independent = 1 - (1 - alone(a)) * (1 - alone(b))
        let excess: [[Double]: Double] = [[1, 1]: 0.2, [10, 10]: -0.2]
        return independent + (excess[[a, b]] ?? 0)
    }

    @Test func aMixedSurfaceNamesItsCorners() throws {
        let score = try SynergyScore(Self.crossed, full: 1, seed: 1)
        let bliss = try #require(score.pairs[0].summaries.first { $0.model == .bliss })
        #expect(bliss.verdict == .neither && abs(bliss.mean.value) < 1e-12)
        let range = score.pairs[0].range
        let share = Words.share(0.2 / range)
        let words = ScoreWords(score).sentences
        #expect(words.contains("\(share) of the largest effect more at 1 nM + 1 nM"), "\(words)")
        #expect(words.contains("\(share) less at 10 nM + 10 nM"), "\(words)")
    }

    /// Antagonism below 1 % of the range is not named.
    @Test func oneCornerAloneIsNotNamed() throws {
        var table = Self.crossed
        let last = try #require(table.observations.firstIndex { $0.doses == [10, 10] })
        table.observations[last].response += 0.199
        let words = ScoreWords(try SynergyScore(table, full: 1, seed: 1)).sentences
        let bliss = try #require(words.split(separator: " against ").dropFirst().first)
        #expect(!bliss.contains("nM + "), "\(words)")
    }

    private static func written(_ table: DoseTable, _ check: (ResultFolder) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "paracrine-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try ResultFolder(creating: path)
        let score = try SynergyScore(table, full: nil, seed: 1)
        _ = try ScoreReport(title: "t", table: table, score: score, origin: []).write(folder)
        try check(folder)
    }

    private static func rows(_ name: String, _ folder: ResultFolder) throws -> [[String]] {
        try String(contentsOfFile: folder.file(name), encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    @Test func everyLineOfTheScoresIsOfAPair() throws {
        try Self.written(ThreeAxesTests.blocked) { folder in
            let rows = try Self.rows("scores.csv", folder)
            #expect(Array(rows[0].prefix(5)) == ["pair", "C (nM)", "P (nM)", "Q (nM)", "response"])
            #expect(rows.allSatisfy { $0.count == rows[0].count })
            #expect(Set(rows.map { Array($0.prefix(4)) }).count == rows.count, "a combination once a pair")
            // 4 × 2 of each pair that is scored, and three of all three doses.
            #expect(rows.count == 1 + 8 + 8 + 3)
            #expect(rows.count { $0[0] == "C + P" } == 8 && rows.count { $0[0] == "C + Q" } == 8)
            #expect(rows.suffix(3).allSatisfy { $0[0] == "" })
        }
    }

    @Test func everyFigureCarriesItsNumbers() throws {
        let truth = MuSyCTests.worked(alpha: 10)
        let table = MuSyCTests.table { truth.response($0, $1) }
        try Self.written(table) { folder in
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("figures")).sorted()
            let drawings = names.filter { $0.hasSuffix(".svg") }.map { String($0.dropLast(4)) }
            #expect(drawings.count == 7)
            for name in drawings { #expect(names.contains("\(name).csv"), "\(name)") }
            let page = try String(contentsOfFile: folder.file("score.html"), encoding: .utf8)
            #expect(page.ranges(of: "numbers as CSV").count == drawings.count)
            let surface = try Self.rows("figures/surface-1.csv", folder)
            #expect(surface[0] == ["A (nM)", "B (nM)", "survival", "low", "high"] && surface.count == 1 + 36)
            #expect(surface[1] == ["0", "0", "1", "", ""])
            let bliss = try Self.rows("figures/bliss-1.csv", folder)
            #expect(bliss[0] == ["A (nM)", "B (nM)", "excess over Bliss", "low", "high"] && bliss.count == 1 + 25)
            let curves = try Self.rows("figures/dose-curves-1.csv", folder)
            #expect(curves[0] == ["of", "A (nM)", "B (nM)", "survival", "low", "high"])
            #expect(curves.count { $0[0] == "dot" } == 5 * 6 && curves.count { $0[0] == "MuSyC" } == 81 * 6)
            let dot = try #require(curves.first { Array($0.prefix(3)) == ["dot", "10", "0"] })
            #expect(abs(try #require(Double(dot[3])) - truth.response(10, 0)) < 1e-12)
            let isobologram = try Self.rows("figures/isobologram-1.csv", folder)
            #expect(isobologram[0] == ["of", "A (nM)", "B (nM)"])
            #expect(Set(isobologram.dropFirst().map { $0[0] }) == ["dot", "dose addition", "MuSyC"])
        }
    }
}
