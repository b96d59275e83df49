import AnalyticSolutions
import Biology
import Foundation
import Simulation

/// A tissue with something of everything: three molecules, two walls, shared chains, rules with delay, many cells.
enum MixedTissue {
    /// The tissue; `transform` says where a cell goes instead of its place in the unmoved one, µm.
    static func scene(
        cells: Int = 150, tolerance: Double = 1e-3, seed: UInt64 = 5, transform: ([Double]) -> [Double] = { $0 }
    ) -> Scene {
        var scene = Scene(voxels: [16, 16, 16], spacing: 10, periodic: [.y], tolerance: tolerance)
        scene.add(molecule: "IL-2", diffusion: 100, decay: 1e-3)
        scene.add(molecule: "IL-7", diffusion: 40, starts: 2e-3)
        scene.add(molecule: "trap", diffusion: 10, starts: 1e-3)
        scene.add(molecule: "trapped", diffusion: 10)
        scene.model.molecules[3].association = SolubleAssociation(
            first: "IL-7", second: "trap", kOn: AssociationRate(coherent: 0.1), kOff: .perSecond(1e-3))
        for axis in [Axis.x, .z] {
            for isUpper in [false, true] {
                scene.model.molecules[1].walls[Face(axis, isUpper: isUpper)] = .permeable(
                    Permeability(coherent: 0.1), outside: Concentration(coherent: 2e-3))
            }
        }
        scene.add(
            receptor: "IL-2R", [LigandBinding("IL-2", on: 0.05, off: 1e-3, endocytosis: 2e-3)],
            supply: .turnover(loss: .perSecond(1e-4)), recycling: 1e-3, degradation: 1e-3)
        scene.add(receptor: "IL-7R", [LigandBinding("IL-7", on: 0.03, off: 2e-3, endocytosis: 1e-3)])
        scene.add(receptor: "gc", [])
        scene.model.complexes = [
            SurfaceComplex(
                name: "signalling", first: .bound(receptor: "IL-7R", ligand: "IL-7"), second: .free("gc"),
                kOn: SurfaceAssociationRate(coherent: 1e-5), kOff: .perSecond(1e-2), endocytosis: .perSecond(1e-3))
        ]
        scene.add(type: "sender", receptors: ["gc": 500, "IL-7R": 1000], secretes: ["IL-2": 5])
        scene.add(type: "taker", radius: 6, receptors: ["IL-2R": 3000, "gc": 400])
        scene.add(type: "bystander", radius: 4, receptors: ["IL-2R": 300, "IL-7R": 2000, "gc": 800])
        var rule = Rule(
            cellType: "taker", inputs: [RuleInput(signal: .receptor("IL-2R", .bound), halfMax: 100)],
            behaviour: .expression("IL-2R"), from: 3000, to: 9000)
        rule.halfTime = .seconds(200)
        var late = Rule(
            cellType: "sender", inputs: [RuleInput(signal: .concentration("IL-7"), halfMax: 1e-3, hill: 2)],
            behaviour: .secretion("IL-2"), from: 5, to: 20)
        late.delay = .seconds(130)
        scene.model.rules = [rule, late]
        var generator = SeededGenerator(seed: seed)
        for i in 0..<cells {
            let at = (0..<3).map { _ in Double.random(in: 6...154, using: &generator) }
            scene.place(["sender", "taker", "bystander"][i % 7 == 0 ? 0 : 1 + i % 2], at: transform(at))
        }
        return scene
    }
}
