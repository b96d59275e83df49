import Biology
import Foundation
import Networks
import Simulation
import Testing
import WellMixed

/// Numbers of cells one by one.
@Suite struct LivingChanceTests {
    /// Mean, variance and their standard errors.
    private func moments(_ values: [Double]) -> (mean: Double, variance: Double, ofMean: Double, ofVariance: Double) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let second = values.reduce(0) { $0 + pow($1 - mean, 2) } / (count - 1)
        let fourth = values.reduce(0) { $0 + pow($1 - mean, 4) } / count
        return (mean, second, (second / count).squareRoot(), ((fourth - second * second) / count).squareRoot())
    }

    /// A quantity at the end of many runs.
    private func runs(_ text: String, _ name: String, count: Int, until: Double) throws -> [Double] {
        let network = try ChanceNetwork(MixedModels.reduce(MixedModels.read(text), .ssa).network)
        let request = CourseRequest(times: [0, until], outputs: [.init(name)])
        return try (0..<count).map { try network.run(request, seed: 3, copy: $0).row(1)[1] }
    }

    /// The linear birth–death process.
    ///
    /// - Source: mean N₀ e^((b−d)t), variance N₀ (b + d)/(b − d) e^((b−d)t)(e^((b−d)t) − 1) (Bailey 1964), from memory.
    @Test func numbersObeyTheLawOfBirthAndDeath() throws {
        let text = LivingTests.space + "cells: {a: {count: 20, radius: 3 µm, divides: 0.1 /h, dies: 0.05 /h}}"
        let found = moments(try runs(text, "cells_a", count: 3000, until: 10 * 3600))
        let grown = exp(0.05 * 10)
        #expect(abs(found.mean - 20 * grown) <= 3 * found.ofMean, "\(found)")
        let variance = 20 * 0.15 / 0.05 * grown * (grown - 1)
        #expect(abs(found.variance - variance) <= 3 * found.ofVariance, "\(found), not \(variance)")
    }

    static let text = """
        space: {box: 100 x 100 x 100 µm, grid: 10 µm}
        mechanics: {}
        molecules: {lig: {diffusion: 10 µm²/s, decay: 0.1 /h}, alt: {diffusion: 10 µm²/s, starts: 0.01 nM}}
        receptors:
          R: {ligand: lig, k_on: 1e8 /M/s, k_off: 1e-4 /s, k_endo: 1e-4 /s, supply: none}
          S: {ligand: alt, k_on: 1e8 /M/s, k_off: 1e-3 /s, supply: none}
        cells:
          a:
            count: 40
            radius: 3 µm
            receptors: {R: 200, S: 100}
            secretes: {lig: 0.05 molecules/s}
            divides: {rate: 0.1 /h, daughters: {R: copy}}
            dies: {rate: 0.08 /h, cleared: 3 h}
            necrosis: {rate: 0.02 /h, releases: {lig: 50 molecules}}
            becomes: {b: 0.05 /h}
          b: {radius: 3 µm, receptors: {R: 100}}
        place: {other: random}
        run: {for: 10 h, seed: 4}
        """

    /// What goes with cells is counted molecule for molecule, also in leaps, and the mean is the equations'.
    @Test(arguments: [nil, 0.03] as [Double?])
    func ledgersCloseExactly(leap: Double?) throws {
        let responses = [
            "number of a", "number of b", "number of dead a", "mean R.total of a", "secreted lig", "internalised alt",
            "internalised lig", "bound lig", "dissolved lig",
        ]
        let exact = try Mixed(Self.text, responses)
        #expect(exact.worstImbalance <= 1e-9)
        let runs = try (0..<40).map { try Mixed(Self.text, responses, .ssa, replicate: $0, leap: leap) }
        #expect(runs.allSatisfy { $0.worstImbalance == 0 })
        for (index, name) in responses.enumerated() {
            let found = moments(runs.map { $0.values[index] })
            let wanted = exact.values[index]
            #expect(abs(found.mean - wanted) <= 3.5 * found.ofMean + 0.02 * wanted, "\(name): \(found), \(wanted)")
        }
        #expect(runs.allSatisfy { run in run.values.prefix(3).allSatisfy { $0 == $0.rounded() && $0 >= 0 } })
    }

    /// Bodies stay for their time, each for its own: none is left when the last death is longer ago.
    @Test func bodiesAreClearedOneByOne() throws {
        let text = LivingTests.space + "cells: {a: {count: 200, radius: 3 µm, dies: {rate: 2 /h, cleared: 10 h}}}"
        let found = try Mixed(text, ["number of a", "number of dead a at 9.9 h", "number of dead a"], .ssa).values
        #expect(found == [0, 200, 0])
    }
}
