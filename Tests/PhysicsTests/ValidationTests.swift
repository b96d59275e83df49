import AnalyticSolutions
import Biology
import Foundation
import Simulation
import Testing
import Tissue

/// Published figures, met through model files: each file's `expect:` lines carry them with their tolerances.
@Suite struct ValidationTests {
    /// A model file, and a change that must break it: the parameter that the figures hang on, doubled.
    struct Case: Sendable, CustomTestStringConvertible {
        var file: String
        var control: String
        var testDescription: String { file }
    }

    static let cases = [
        Case(file: "V01-secreting-cell", control: "D=200 µm²/s"),
        Case(file: "V02-at-first", control: "D=200 µm²/s"),
        Case(file: "V02-nearby", control: "D=200 µm²/s"),
        Case(file: "V02-far", control: "D=200 µm²/s"),
        Case(file: "V03-niche", control: "D=200 µm²/s"),
        Case(file: "V03-reach", control: "D=200 µm²/s"),
        Case(file: "V03-lattice", control: "R=2000 receptors"),
        Case(file: "V05-self-capture", control: "R=2e4 receptors"),
        Case(file: "V05-macrophage", control: "R=3000 receptors"),
        Case(file: "V06-binding", control: "IL2=0.2 nM"),
        Case(file: "V06-depletion", control: "R=2e4 receptors"),
        Case(file: "V09-blood", control: "V=5.323 L"),
        Case(file: "V17-antagonist", control: "A=2 nM"),
        Case(file: "V25-gradient", control: "D=106 µm²/s"),
    ]

    @Test(arguments: cases) func everyFigureIsMet(_ one: Case) throws {
        let run = try ModelRun(one.file)
        let outcomes = try run.outcomes()
        #expect(!outcomes.isEmpty && outcomes.count == run.model.expectations.count)
        for outcome in outcomes {
            #expect(outcome.passed, "\(outcome.expectation.text): found \(String(describing: outcome.value))")
        }
    }

    /// A check that cannot fail shows nothing.
    @Test(arguments: cases) func aDoubledCauseMissesThem(_ one: Case) throws {
        let outcomes = try ModelRun(one.file, [one.control]).outcomes()
        #expect(outcomes.contains { !$0.passed })
    }

    /// Every file in the folder is one of the cases.
    @Test func noFileIsLeftOut() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Validation")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            // Networks alone have a folder and tests of their own.
            $0.hasSuffix(".yaml")
        }.map {
            $0.replacingOccurrences(of: ".paracrine.yaml", with: "")
        }
        #expect(names.sorted() == ValidationTests.cases.map(\.file).sorted())
    }

    /// V17: log(dose ratio − 1) against log antagonist has slope 1.00 ± 0.01.
    @Test func schildSlopeIsOne() throws {
        var halves: [Double] = []
        let doses = [1.0, 10, 100]
        let runs = try doses.map { try ModelRun("V17-antagonist", ["A=\($0) nM"]).outcomes().map { $0.value ?? .nan } }
        for receptor in 0..<4 {
            // The logit of occupancy rises with log dose; its zero is the dose for half occupancy.
            let points = zip(doses, runs).map { (log10($0), log10($1[receptor] / (1 - $1[receptor]))) }
            let line = fit(points)
            halves.append(-line.intercept / line.slope)
        }
        let ratios = halves.dropFirst().map { pow(10, $0 - halves[0]) }
        let slope = fit(zip([0.0, 1, 2], ratios).map { ($0, log10($1 - 1)) }).slope
        #expect(abs(slope - 1) < 0.01)
    }

    /// V25: the mean time of build-up, ∫(1 − c/c∞)dt, is (1 + x/λ)/(2k): 6.10, 12.20 and 18.31 min at 0, λ and 2λ.
    @Test func gradientBuildsUpInItsAccumulationTimes() throws {
        let run = try ModelRun("V25-gradient")
        let points = [0.0, 197, 394].map { [$0, 2.5, 2.5] }
        var rows: [(time: Double, values: [Double])] = [(0, [0, 0, 0])]
        let end = run.model.run.duration.value
        while run.engine.time < end {
            try run.engine.step(until: end)
            let time = run.engine.time
            rows.append((time, run.engine.concentrations(of: "FGF8", at: points, time: time)))
        }
        for (i, minutes) in [6.10, 12.20, 18.31].enumerated() {
            let last = rows[rows.count - 1].values[i]
            let waiting = zip(rows, rows.dropFirst()).reduce(0.0) { sum, pair in
                sum + (1 - (pair.0.values[i] + pair.1.values[i]) / (2 * last)) * (pair.1.time - pair.0.time)
            }
            #expect(isNear(waiting / 60, minutes, 0.02), "\(waiting / 60) min")
        }
    }

    /// The least-squares line through points.
    private func fit(_ points: [(x: Double, y: Double)]) -> (slope: Double, intercept: Double) {
        let n = Double(points.count)
        let (mx, my) = (points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n)
        let slope =
            points.reduce(0) { $0 + ($1.x - mx) * ($1.y - my) } / points.reduce(0) { $0 + ($1.x - mx) * ($1.x - mx) }
        return (slope, my - slope * mx)
    }
}
