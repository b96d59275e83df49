import Biology
import Foundation
import ModelFiles
import Simulation
import Testing
import Tissue
import WellMixed

/// The tissue at fast diffusion and chance without space.
///
/// The tissue moves means and draws nothing but its cells, so it has no law over runs to compare. What must hold instead:
/// its numbers are the means of chance; and as cells with receptors of their own, each of which is bound or not on its
/// own, its cells give the distribution that cells have by chance once every cell's number is spread as that chance does.
@Suite struct TissueChanceTests {
    private static let feeding = """
        space: {box: 40 x 40 x 40 µm, grid: 10 µm}
        molecules: {lig: {diffusion: 1e5 µm²/s, decay: 10 /h}}
        receptors: {R: {ligand: lig, k_on: 1e7 /M/s, k_off: 1e-2 /s, k_endo: 1e-3 /s}}
        cells:
          a: {count: 4, radius: 5 µm, secretes: {lig: 2 molecules/s}}
          b: {count: 4, radius: 5 µm, receptors: {R: 500}}
        place: {other: lattice 20 µm}
        run: {for: 20 min, seed: 7, tolerance: 1e-4}
        """

    @Test func numbersOfTheTissueAreTheMeansOfChance() throws {
        let responses = [
            "dissolved lig", "secreted lig", "mean R.bound of b", "internalised lig", "mean R.bound of b at 2 min",
        ]
        let tissue = try Mixed.withSpace(Self.feeding, responses)
        let runs = try (0..<100).map { try Mixed(Self.feeding, responses, .ssa, replicate: $0).values }
        for (index, name) in responses.enumerated() {
            let values = runs.map { $0[index] }
            let mean = values.reduce(0, +) / Double(values.count)
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let error = (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
            #expect(abs(mean - tissue[index]) <= 3 * error, "\(name): \(tissue[index]), by chance \(mean) ± \(error)")
            #expect(error < 0.03 * mean, "\(name) is known well enough to tell")
        }
    }

    /// 125 cells with log-normal receptors, few each, in medium that its walls hold.
    private static let held = """
        space: {box: 100 x 100 x 100 µm, grid: 10 µm, walls: fixed 100 pM}
        molecules: {lig: {diffusion: 1e5 µm²/s, starts: 100 pM}}
        receptors: {R: {ligand: lig, k_on: 1e7 /M/s, k_off: 1e-3 /s}}
        cells: {a: {count: 125, radius: 5 µm, receptors: {R: 40 ± 60 %}}}
        place: {other: lattice 20 µm}
        run: {for: 10 min, seed: 4, tolerance: 1e-4}
        record: {series: every 10 min}
        """

    /// Kolmogorov and Smirnov's largest distance between cells by chance and the tissue's law, with and without spread.
    @Test func cellsAreDistributedAsTheTissuesAre() throws {
        let model = try MixedModels.read(Self.held)
        let cells = try CellPlacement.place(model).cells
        let columns: [Signal] = [.receptor("R", .bound)]
        let engine = TissueEngine(model, cells: cells, threads: 1)
        while engine.time < model.run.duration.value { try engine.step(until: model.run.duration.value) }
        let bound = engine.cells(at: engine.time, columns: columns).columns[0].values
        let receptors = cells.map { $0.receptors[0].rounded() }
        let shares = zip(bound, cells).map { $0 / $1.receptors[0] }
        #expect((shares.max() ?? 1) - (shares.min() ?? 0) < 0.002, "all cells meet the same concentration")

        var reduction = try MixedModels.reduce(model, .ssa, sampling: .all)
        let seen = try (0..<24).flatMap { run -> [Double] in
            let course = try reduction.course(times: [0, 600], seed: RandomStream.seed(4, replicate: run)) { _ in true }
            let mixed = MixedEngine(reduction, cells: cells, contacts: [:], course: course)
            return mixed.cells(at: 600, columns: columns).columns[0].values
        }
        let spread = distance(seen) { number in
            zip(receptors, shares).reduce(0) { $0 + binomial(upTo: number, of: $1.0, $1.1) } / Double(cells.count)
        }
        let bare = distance(seen) { number in Double(bound.count { $0 <= number }) / Double(bound.count) }
        // 1 % by chance, were the cells alike; of cells that differ, each drawn as often, it is rarer still.
        let limit = 1.63 / Double(seen.count).squareRoot()
        #expect(spread < limit, "\(spread), limit \(limit)")
        #expect(bare > limit, "without the spread of chance the two differ: \(bare)")
    }

    /// The largest distance of a sample of whole numbers from a law, given as its share up to a number.
    private func distance(_ sample: [Double], _ law: (Double) -> Double) -> Double {
        stride(from: 0, through: sample.max() ?? 0, by: 1).map { number in
            abs(Double(sample.count { $0 <= number }) / Double(sample.count) - law(number))
        }.max() ?? 1
    }

    /// The chance that at most so many of `count` are bound, each with chance `share`.
    private func binomial(upTo number: Double, of count: Double, _ share: Double) -> Double {
        guard number < count else { return 1 }
        var (term, sum) = (pow(1 - share, count), 0.0)
        for k in stride(from: 0, through: number, by: 1) {
            sum += term
            term *= (count - k) / (k + 1) * share / (1 - share)
        }
        return sum
    }
}
