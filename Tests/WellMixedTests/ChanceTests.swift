import Foundation
import Testing
import WellMixed

/// Cells and molecules one by one.
@Suite struct ChanceTests {
    private static let text = """
        space: {box: 40 x 40 x 40 µm, grid: 10 µm}
        molecules: {lig: {diffusion: 10 µm²/s, decay: 10 /h}}
        receptors: {R: {ligand: lig, k_on: 1e7 /M/s, k_off: 1e-2 /s, k_endo: 1e-3 /s}}
        cells:
          a: {count: 4, radius: 5 µm, secretes: {lig: 0.2 molecules/s}}
          b: {count: 4, radius: 5 µm, receptors: {R: 50}}
        place: {other: lattice 20 µm}
        run: {for: 20 min, seed: 7}
        """
    private static let responses = ["dissolved lig", "secreted lig", "mean R.bound of b", "internalised lig"]

    private func runs(
        _ count: Int, _ text: String = ChanceTests.text, _ responses: [String] = ChanceTests.responses,
        sampling: CellSampling = .fewest
    ) throws -> [Mixed] {
        try (0..<count).map { try Mixed(text, responses, .ssa, sampling: sampling, replicate: $0) }
    }

    private func moments(_ values: [Double]) -> (mean: Double, variance: Double, error: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
        return (mean, variance, (variance / Double(values.count)).squareRoot())
    }

    /// With receptors in excess the system is all but linear: the mean is the ODEs'.
    @Test(arguments: [CellSampling.fewest, .all])
    func meansAreTheEquations(sampling: CellSampling) throws {
        let exact = try Mixed(Self.text, Self.responses).values
        let runs = try runs(200, sampling: sampling)
        for (index, name) in Self.responses.enumerated() {
            let found = moments(runs.map { $0.values[index] })
            #expect(abs(found.mean - exact[index]) <= 3 * found.error + 0.01 * exact[index], "\(name)")
        }
        // Secretion is a Poisson process: its variance is its mean, 960; of 200 draws the variance is within 30 %.
        let secreted = moments(runs.map { $0.values[1] })
        #expect(abs(secreted.variance / 960 - 1) < 0.3)
        #expect(runs.allSatisfy { $0.worstImbalance == 0 })
        #expect(runs.allSatisfy { $0.values[0] == $0.values[0].rounded() })
    }

    /// The law of the sums is that of the cells: means and variances agree between the two.
    @Test func sumsObeyTheLawOfTheCells() throws {
        let together = try runs(200)
        let apart = try runs(200, sampling: .all)
        for index in Self.responses.indices {
            let (a, b) = (moments(together.map { $0.values[index] }), moments(apart.map { $0.values[index] }))
            #expect(abs(a.mean - b.mean) <= 4 * (a.error * a.error + b.error * b.error).squareRoot())
            #expect(abs(log(a.variance / b.variance)) < 0.45)
        }
    }

    /// Leaps of 3 % keep the means within 3 % and their error, and are another course than the exact one.
    @Test func leapsKeepTheMeans() throws {
        let text = Self.text.replacing("secretes: {lig: 0.2", with: "secretes: {lig: 200")
        let exact = try Mixed(text, Self.responses).values
        let leaps = try (0..<30).map { try Mixed(text, Self.responses, .ssa, replicate: $0, leap: 0.03) }
        for (index, name) in Self.responses.enumerated() {
            let found = moments(leaps.map { $0.values[index] })
            #expect(abs(found.mean - exact[index]) <= 3 * found.error + 0.03 * exact[index], "\(name)")
        }
        #expect(leaps.allSatisfy { $0.worstImbalance == 0 })
        #expect(try Mixed(text, Self.responses, .ssa).values != leaps[0].values)
    }

    @Test func oneSeedGivesOneCourse() throws {
        let runs = try (0..<2).map { _ in try Mixed(Self.text, Self.responses, .ssa).values }
        #expect(runs[0] == runs[1])
        #expect(try Mixed(Self.text, Self.responses, .ssa, replicate: 1).values != runs[0])
    }

    /// Rules act at the ticks of their clock, with delay and half-time, as in the tissue.
    @Test func rulesTick() throws {
        let text = """
            space: {box: 100 x 100 x 100 µm, grid: 10 µm}
            molecules: {lig: {diffusion: 10 µm²/s}}
            cells: {a: {count: 1, radius: 5 µm, state: {x: 1, y: 1, z: 5}}}
            rules:
              - a: lig increases state.x from 1 to 5, half-max 1 nM, hill 2
              - a: lig increases state.y from 1 to 5, half-max 1 nM, hill 2, half-time 10 min
              - a: lig decreases state.z from 5 to 1, half-max 1 nM, hill 2, delay 20 min
            treatments: [2 nM lig at 610 s]
            place: {a: "at (50, 50, 50) µm"}
            run: {for: 1 h, seed: 1}
            """
        let responses = [
            "mean x of a at 655 s", "mean x of a at 665 s", "mean y of a at 665 s", "mean y of a at 1265 s",
            "mean z of a at 1855 s", "mean z of a at 1865 s",
        ]
        let found = try Mixed(text, responses, .ssa).values
        let lag = 1 - pow(2, -0.1)
        let wanted = [1, 4.2, 1 + 3.2 * lag, 1 + 3.2 * (1 - pow(2, -1.1)), 5, 1.8]
        for (a, b) in zip(found, wanted) { #expect(abs(a - b) < 1e-4 * b, "\(a), not \(b)") }
    }
}
