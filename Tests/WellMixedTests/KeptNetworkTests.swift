import Biology
import Foundation
import ModelFiles
import Networks
import Simulation
import Testing
import Tissue
import WellMixed

/// Cells that become others keep the network that both have, in every engine.
@Suite struct KeptNetworkTests {
    /// Made at k while a cell is of the first type, lost at g always.
    static let text = """
        space: {box: 400 x 400 x 400 µm, grid: 40 µm}
        networks:
          n:
            parameters: {k: 0 molecules/s}
            species: {X: 0 molecules}
            reactions: {made: "-> X, k", lost: "X ->, 1e-4 /s * X"}
        cells:
          a: {count: 400, radius: 3 µm, state: {make: 0.01 molecules/s}, network: {n: {k: make}}, becomes: {b: 0.2 /h}}
          b: {radius: 3 µm, network: {n: {}}}
        place: {a: random}
        run: {for: 10 h, seed: 1, rule step: 1 min}

        """

    /// In those that have become b: S′ = r N_a X_a − g S, X_a = k/g (1 − e^(−gt)), N_a = N e^(−rt).
    private var exact: (a: Double, b: Double, number: Double) {
        let (r, k, g, t) = (0.2 / 3600, 0.01, 1e-4, 36000.0)
        let left = 400 * exp(-r * t)
        let inA = k / g * (1 - exp(-g * t))
        // ∫ r N e^(−rs) k/g (1 − e^(−gs)) e^(−g(t − s)) ds.
        let first = (exp(-r * t) - exp(-g * t)) / (g - r)
        let second = exp(-g * t) * (1 - exp(-r * t)) / r
        let inB = 400 * r * k / g * (first - second)
        return (inA, inB, 400 - left)
    }

    @Test func asEquations() throws {
        let found = try Mixed(Self.text, ["mean n.X of a", "total n.X of b", "number of b"]).values
        #expect(abs(found[0] / exact.a - 1) < 1e-5, "\(found[0])")
        #expect(abs(found[1] / exact.b - 1) < 1e-5, "\(found[1]), not \(exact.b)")
        #expect(abs(found[2] / exact.number - 1) < 1e-5)
    }

    /// The number of those that have turned and what each has are random; what is in all b is known to 3 SE of both.
    @Test func oneByOne() throws {
        let found = try (0..<4).map {
            try Mixed(Self.text, ["total n.X of b"], .ssa, sampling: .all, replicate: $0).values[0]
        }
        let mean = found.reduce(0, +) / 4
        let slack = 3 * exact.b / (4 * exact.number).squareRoot() * 1.2
        #expect(abs(mean - exact.b) <= slack, "\(mean), not \(exact.b) ± \(slack)")
    }

    /// In the tissue a cell that was of the first type until s has k/g (e^(−g(t − s)) − e^(−gt)): between nothing and all.
    @Test(arguments: [1, 2]) func inTheTissue(threads: Int) throws {
        let model = try ModelFile.read("paracrine: 1\nmodel: m\n" + Self.text, named: "m.yaml").model
        let placed = try CellPlacement.place(model, tables: [])
        let engine = TissueEngine(model, cells: placed.cells, threads: threads)
        while engine.time < 36000 { try engine.step(until: 36000) }
        try engine.settle()
        let frame = engine.cells(at: 36000, columns: [.network("n", name: "X")])
        let values = zip(frame.types, frame.columns[0].values)
        let (a, b) = (values.filter { $0.0 == 0 }.map(\.1), values.filter { $0.0 == 1 }.map(\.1))
        #expect(a.allSatisfy { abs($0 / exact.a - 1) < 1e-3 })
        #expect(b.allSatisfy { $0 >= 0 && $0 < exact.a })
        let total = b.reduce(0, +)
        let slack = 3 * exact.b / exact.number.squareRoot() * 1.2
        #expect(abs(total - exact.b) <= slack, "\(total), not \(exact.b) ± \(slack)")
    }
}
