import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// Things taken out of a model: what must vanish, and what must not move.
@Suite struct KnockoutTests {
    /// A secretor of IL-2, a taker, and a bystander with an IL-7 receptor that nobody serves.
    private func scene() -> Scene {
        var scene = Scene(voxels: [8, 8, 8], spacing: 10, tolerance: 1e-4)
        scene.add(molecule: "IL-2", diffusion: 10, decay: 1e-4)
        scene.add(molecule: "IL-7", diffusion: 10)
        scene.add(receptor: "IL-2R", [LigandBinding("IL-2", on: 0.05, off: 1e-3, endocytosis: 1e-3)])
        scene.add(receptor: "IL-7R", [LigandBinding("IL-7", on: 0.05, off: 1e-3)])
        scene.add(type: "secretor", secretes: ["IL-2": 10])
        scene.add(type: "taker", receptors: ["IL-2R": 2000])
        scene.add(type: "bystander", receptors: ["IL-7R": 2000])
        scene.place("secretor", at: [40, 40, 40])
        scene.place("bystander", at: [20, 40, 40])
        scene.place("taker", at: [60, 40, 40])
        scene.model.rules = [
            Rule(
                cellType: "taker", inputs: [RuleInput(signal: .receptor("IL-2R", .bound), halfMax: 500)],
                behaviour: .expression("IL-2R"), from: 2000, to: 4000)
        ]
        return scene
    }

    private func without(_ knockout: Knockout?) throws -> TissueEngine {
        var scene = scene()
        if let knockout {
            scene.model = scene.model.without(knockout)
            if case .cellType(let name) = knockout {
                scene.cells.removeAll { scene.model.cellTypes[$0.typeIndex].name == name }
            }
            // As a new placement would draw them.
            for i in scene.cells.indices {
                let type = scene.model.cellTypes[scene.cells[i].typeIndex]
                scene.cells[i].secretion = scene.model.molecules.map { type.secretes[$0.name]?.mean ?? 0 }
                scene.cells[i].receptors = scene.model.receptors.map { receptor in
                    if case .spread(let spread)? = type.receptors[receptor.name] { spread.mean } else { 0 }
                }
            }
        }
        let engine = scene.engine()
        try engine.advance(to: 600)
        return engine
    }

    private let bound = Response(
        subject: .cells(.mean, .receptor("IL-2R", .bound), cellType: "taker"), time: nil, text: "", dimension: .amount)

    /// What nothing depends on changes no bit of the field, and the model knows it beforehand.
    @Test(arguments: [Knockout.molecule("IL-7"), .receptor("IL-7R"), .cellType("bystander")])
    func whatNothingDependsOnChangesNoBit(knockout: Knockout) throws {
        #expect(!scene().model.causes(of: bound).contains(knockout))
        let (whole, less) = (try without(nil), try without(knockout))
        #expect(whole.values(0) == less.values(0))
        #expect(whole.ledgers(at: 600)[0] == less.ledgers(at: 600)[0])
    }

    @Test func whatItFollowsFromIsKnown() {
        let causes = scene().model.causes(of: bound)
        #expect(
            causes == [
                .molecule("IL-2"), .receptor("IL-2R"), .cellType("secretor"), .cellType("taker"), .rule(0),
            ])
    }

    /// Where there is one source, taking out the cytokine or its secretor is the same, bit for bit.
    @Test func theSecretorsKnockoutIsTheCytokines() throws {
        let (cytokine, secretor) = (try without(.molecule("IL-2")), try without(.cellType("secretor")))
        #expect(cytokine.values(0) == secretor.values(0) && cytokine.values(0).allSatisfy { $0 == 0 })
        #expect(cytokine.captured("IL-2", at: 600) == secretor.captured("IL-2", at: 600))
        #expect(cytokine.ledgers(at: 600)[0][.secreted] == 0)
    }

    @Test func withoutTheReceptorNothingIsCaptured() throws {
        let engine = try without(.receptor("IL-2R"))
        #expect(engine.captured("IL-2", at: 600).allSatisfy { $0 == 0 })
        #expect(engine.ledgers(at: 600)[0][.secreted] > 0)
        #expect(try without(nil).captured("IL-2", at: 600)[1] > 0)
    }

    /// Without the rule that raises receptors they stay at their stated number.
    @Test func withoutTheRuleTheBehaviourStays() throws {
        let (whole, less) = (try without(nil), try without(.rule(0)))
        let total = Signal.receptor("IL-2R", .total)
        #expect(less.column(total).contains { abs($0 - 2000) < 1e-6 })
        #expect(whole.column(total).contains { $0 > 2100 })
    }

    /// A cytokine takes its complexes, doses and walls with it; the other partner stays.
    @Test func aCytokineTakesWhatContainsItAlong() {
        var model = scene().model
        model.molecules[1].association = SolubleAssociation(
            first: "IL-2", second: "trap", kOn: AssociationRate(coherent: 1), kOff: .perSecond(1))
        model.molecules[1].starts = Concentration(coherent: 1)
        model.space.walls[Face(.x, isUpper: true)] = .fixed(Concentration(coherent: 2))
        model.treatments = [
            Treatment(molecule: "IL-2", dose: .bolus(Concentration(coherent: 1), at: .zero)),
            Treatment(molecule: "other", dose: .bolus(Concentration(coherent: 1), at: .zero)),
        ]
        let less = model.without(.molecule("IL-2"))
        #expect(less.molecules[1].starts == .zero && less.treatments.map(\.molecule) == ["other"])
        #expect(less.molecules[0].walls[Face(.x, isUpper: true)] == .fixed(.zero))
        #expect(model.without(.molecule("IL-7")).treatments.count == 2)
    }

    /// A complex taken out by itself no longer forms: its parts stay apart.
    @Test func aComplexTakenOutNeverForms() throws {
        var scene = Scene(cube: 2, spacing: 10)
        scene.add(molecule: "L", diffusion: 10, starts: 0.1)
        scene.add(molecule: "N", diffusion: 10, starts: 0.1)
        scene.add(molecule: "LN", diffusion: 10)
        scene.model.molecules[2].association = SolubleAssociation(
            first: "L", second: "N", kOn: AssociationRate(coherent: 0.1), kOff: .perSecond(1e-3))
        let whole = scene.engine()
        try whole.advance(to: 600)
        scene.model = scene.model.without(.molecule("LN"))
        let less = scene.engine()
        try less.advance(to: 600)
        #expect(try #require(whole.values(2).min()) > 0.01)
        #expect(less.values(2).allSatisfy { $0 == 0 })
        #expect(less.values(0).allSatisfy { abs($0 - 0.1) < 1e-12 })
    }
}
