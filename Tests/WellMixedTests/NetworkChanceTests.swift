import Biology
import Foundation
import ModelFiles
import Simulation
import Testing
import WellMixed

/// Networks inside cells, molecule by molecule.
@Suite struct NetworkChanceTests {
    /// A birth and death of molecules inside each of four cells, driven by what the cell has bound.
    private static let inside = """
        space: {box: 40 x 40 x 40 µm, grid: 10 µm}
        molecules: {lig: {diffusion: 10 µm²/s}}
        networks:
          gene:
            parameters: {make: 0 molecules/s, lose: 0.02 /s}
            species: {X: 0 molecules, Y: 10.4 molecules}
            reactions:
              birth: -> X, make
              death: X ->, lose * X
              change: Y -> X, lose * Y
        cells: {a: {count: 4, radius: 5 µm, state: {drive: 1 molecules/s}, network: {gene: {make: drive}}}}
        place: {other: lattice 20 µm}
        run: {for: 100 s, seed: 3}
        record: {series: every 100 s}
        """

    /// The values of a column at the end, by run and cell.
    private func ends(_ model: Model, _ signals: [Signal], runs: Int) throws -> [[[Double]]] {
        let cells = try CellPlacement.place(model).cells
        var reduction = try MixedModels.reduce(model, .ssa)
        return try (0..<runs).map { run in
            let course = try reduction.course(
                times: [0, model.run.duration.value], seed: RandomStream.seed(model.run.seed, replicate: run)
            ) { _ in true }
            let engine = MixedEngine(reduction, cells: cells, contacts: [:], course: course)
            return engine.cells(at: model.run.duration.value, columns: signals).columns.map(\.values)
        }
    }

    /// X is a sum of a Poisson number and, of each of 10 molecules, whether it has become X and is still there.
    ///
    /// Copies in different cells are independent: no two cells' numbers go together.
    @Test func copiesObeyTheExactLawEachOnItsOwn() throws {
        let model = try MixedModels.read(Self.inside)
        let runs = 800
        let found = try ends(model, [.network("gene", name: "X")], runs: runs).map { $0[0] }
        let t = 2.0
        let poisson = 50 * (1 - exp(-t))
        let share = t * exp(-t)
        let (mean, variance) = (poisson + 10 * share, poisson + 10 * share * (1 - share))
        let all = found.flatMap { $0 }
        let seen = all.reduce(0, +) / Double(all.count)
        #expect(abs(seen - mean) <= 3 * (variance / Double(all.count)).squareRoot())
        let spread = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count)
        // The fourth moment is near a normal law's 3: (3 - 1)/n.
        #expect(abs(spread / variance - 1) <= 3 * (2.1 / Double(all.count)).squareRoot())
        for a in 0..<4 {
            for b in (a + 1)..<4 {
                let products: [Double] = found.map { ($0[a] - mean) * ($0[b] - mean) }
                let covariance = products.reduce(0, +) / Double(runs)
                #expect(abs(covariance) <= 3 * variance / Double(runs).squareRoot(), "cells \(a) and \(b)")
            }
        }
        #expect(all.allSatisfy { $0 == $0.rounded() })
    }

    /// A logical network inside a cell: an input from the cell, a node that follows it, one with three levels, one that
    /// blinks, and one that starts by chance.
    @Test func nodesSwitchByTheirExactLaw() throws {
        var model = try MixedModels.read(Self.inside)
        let input = Formula.name("in")
        var network = BooleanNetwork(
            name: "logic",
            nodes: [
                BooleanNode("in"), BooleanNode("follows", target: input),
                BooleanNode("climbs", target: input * .number(2), highestLevel: 2),
                BooleanNode("blinks", rateUp: .name("up"), rateDown: .number(0.03)), BooleanNode("chosen"),
                BooleanNode("even", highestLevel: 3),
            ])
        network.parameters = [NetworkParameter(name: "up", value: 0.01)]
        network.starts = [
            BooleanStart("in", at: 0), BooleanStart("follows", at: 0), BooleanStart("climbs", at: 0),
            BooleanStart(
                nodes: ["blinks", "chosen"], choices: [.init([0, 1], weight: 3), .init([0, 0], weight: 7)]),
        ]
        // Its clock counts 50 s, so that 100 s are 2 of it.
        model.networks = [ModelNetwork(name: "logic", content: .logic(network), clock: .seconds(50))]
        model.cellTypes[0].networks = [
            CellNetwork(network: "logic", inputs: [NetworkInput(name: "in", expression: .number(0.8))])
        ]
        let names = ["follows", "climbs", "blinks", "chosen", "even"]
        let found = try ends(model, names.map { .network("logic", name: $0) }, runs: 1000)
        let t = 2.0
        let blink = 0.25 * (1 - exp(-0.04 * t))
        let wanted: [[Double]] = [
            [exp(-t), 1 - exp(-t)], [exp(-t), t * exp(-t), 1 - exp(-t) * (1 + t)], [1 - blink, blink], [0.7, 0.3],
            [0.25, 0.25, 0.25, 0.25],
        ]
        for (place, laws) in wanted.enumerated() {
            let values = found.flatMap { $0[place] }
            for (level, p) in laws.enumerated() {
                let seen = Double(values.count { $0 == Double(level) }) / Double(values.count)
                let error = (p * (1 - p) / Double(values.count)).squareRoot()
                #expect(abs(seen - p) <= 3.5 * error, "\(names[place]) at \(level): \(seen), not \(p)")
            }
        }
    }

    @Test func whatHasNoSuchMeaningIsRefusedByName() throws {
        var model = try MixedModels.read(Self.inside)
        guard case .reactions(var gene) = model.networks[0].content else { return }
        gene.units.amount = 1e9
        model.networks[0].content = .reactions(gene)
        let byChance = #expect(throws: MixRefusal.self) { try MixedModels.reduce(model, .ssa) }
        #expect(byChance?.reasons.map(\.entry) == ["cells.a.network"])
        #expect(byChance?.description.contains("exact chance counts them one by one") == true)
        model.networks[0].content = .logic(BooleanNetwork(name: "logic", nodes: [BooleanNode("make")]))
        let asEquations = #expect(throws: MixRefusal.self) { try MixedModels.reduce(model, .ode) }
        #expect(asEquations?.description.contains("fix: run it by chance with --ssa") == true)
    }
}
