import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// Which rules made cells secrete what: counted by the engine, held to formulas.
@Suite struct CascadeTests {
    /// A chain: S secretes A; T1 hears A and secretes B; T2 hears B and secretes C; T3 hears C and secretes D.
    static func chain() -> Scene {
        var scene = Scene(cube: 12, spacing: 10, tolerance: 1e-4)
        scene.openWalls(diffusion: 20)
        let receptors = [("A", "T1", "B"), ("B", "T2", "C"), ("C", "T3", "D")]
        for name in ["A", "B", "C", "D"] { scene.add(molecule: name, diffusion: 20, decay: 1e-3) }
        for (heard, _, _) in receptors {
            scene.add(receptor: "R\(heard)", [LigandBinding(heard, on: 0.05, off: 1e-3, endocytosis: 1e-3)])
        }
        scene.add(type: "S", secretes: ["A": 20])
        for (heard, type, made) in receptors {
            scene.add(type: type, receptors: ["R\(heard)": 2000], secretes: [made: 0])
            var rule = Rule(
                cellType: type,
                inputs: [RuleInput(signal: .receptor("R\(heard)", .bound), halfMax: 200, hill: 2)],
                behaviour: .secretion(made), from: 0, to: 30)
            rule.text = "\(type): R\(heard).bound increases secretes.\(made)"
            rule.delay = .seconds(600)
            scene.model.rules.append(rule)
        }
        for (i, type) in ["S", "T1", "T2", "T3"].enumerated() {
            scene.place(type, at: [20 + 25 * Double(i), 60, 60])
            if i > 0 { scene.place(type, at: [20 + 25 * Double(i), 76, 60]) }
        }
        return scene
    }

    /// At rest each cell secretes 30 f(B) a second and captures k_e B: the gain is their ratio, exactly.
    @Test func gainsAreThoseOfTheSteadyState() throws {
        let engine = CascadeTests.chain().engine()
        try engine.advance(to: 40_000)
        let start = engine.inductions(at: 40_000)
        let before = engine.model.molecules.map { engine.captured($0.name, at: 40_000) }
        try engine.advance(to: 50_000)
        let end = engine.inductions(at: 50_000)
        #expect(end.map(\.molecule) == ["B", "C", "D"])
        #expect(end.map(\.cellType) == ["T1", "T2", "T3"])
        for (edge, heard) in ["A", "B", "C"].enumerated() {
            let induced = end[edge].induced - start[edge].induced
            let captured = engine.captured(heard, at: 50_000)[edge + 1] - before[edge][edge + 1]
            let bound = engine.column(.receptor("R\(heard)", .bound)).filter { $0 > 0 }
            #expect(bound.count == 2)
            let secreting = bound.reduce(0) { $0 + 30 * $1 * $1 / ($1 * $1 + 200 * 200) }
            let exact = secreting / bound.reduce(0) { $0 + 1e-3 * $1 }
            #expect(abs(induced / captured / exact - 1) < 0.05, "gain \(induced / captured), exactly \(exact)")
            // All that these cells secrete is induced, and the ledger counts it.
            let ledger = engine.ledgers(at: 50_000).first { $0.molecule == end[edge].molecule }
            #expect(abs(end[edge].induced / (ledger?[.secreted] ?? 0) - 1) < 1e-9)
        }
    }

    /// Without one rule, its own branch is silent and what comes before it is not.
    @Test(arguments: 0..<3)
    func eachRuleTakenOutSilencesExactlyItsBranch(removed: Int) throws {
        var scene = CascadeTests.chain()
        scene.model = scene.model.without(.rule(removed))
        let engine = scene.engine()
        try engine.advance(to: 20_000)
        for row in engine.inductions(at: 20_000) {
            let edge = (["B", "C", "D"].firstIndex(of: row.molecule) ?? 0)
            if edge > removed { #expect(row.induced < 1e-9, "\(row.molecule)") }
            if edge < removed { #expect(row.induced > 1000, "\(row.molecule)") }
        }
    }

    /// Two rules on one behaviour share what they do together.
    @Test(arguments: [Combination.product, .sum, .max, .min])
    func contributionsAddUp(combination: Combination) throws {
        var scene = CascadeTests.chain()
        scene.model.cellTypes[1].secretes["B"] = Spread(2)
        scene.cells = scene.cells.map {
            var cell = $0
            if cell.typeIndex == 1 { cell.secretion[1] = 2 }
            return cell
        }
        var first = scene.model.rules[0]
        first.from = 2
        var second = first
        second.inputs[0].halfMax = 700
        second.to = 9
        scene.model.rules = [first, second]
        scene.model.combinations[.secretion("B")] = combination
        let engine = scene.engine()
        try engine.advance(to: 5000)
        let secreted = engine.ledgers(at: 5000)[1][.secreted]
        let induced = engine.inductions(at: 5000).reduce(0) { $0 + $1.induced }
        #expect(abs(induced - (secreted - 2 * 2 * 5000)) < 1e-6 * secreted)
    }
}
