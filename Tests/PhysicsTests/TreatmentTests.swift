import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// Doses into the medium, against closed forms.
@Suite struct TreatmentTests {
    private func bolus(_ molecule: String, _ amount: Double, at time: Double) -> Treatment {
        Treatment(molecule: molecule, dose: .bolus(Concentration(coherent: amount), at: .seconds(time)))
    }

    /// An empty box with one molecule that decays at 1e-3 /s.
    private func box(_ treatments: [Treatment], decay: Double = 1e-3) -> Scene {
        var scene = Scene(voxels: [6, 5, 4], spacing: 10, tolerance: 1e-6)
        scene.add(molecule: "drug", diffusion: 50, decay: decay)
        scene.model.treatments = treatments
        return scene
    }

    /// Nothing before and at the time of the dose, then decay from exactly the dose.
    @Test func aBolusIsThereFromItsTimeOn() throws {
        let engine = box([bolus("drug", 2e-3, at: 333.3)]).engine()
        var times: [Double] = []
        while engine.time < 1000 {
            try engine.step(until: 1000)
            engine.expectClosedLedgers()
            times.append(engine.time)
            if engine.time == 333.3 { #expect(engine.values(0).allSatisfy { $0 == 0 }) }
        }
        #expect(times.contains(333.3), "a step ends exactly at the dose")
        let expected = 2e-3 * exp(-1e-3 * (1000 - 333.3))
        #expect((engine.values(0).map { abs($0 / expected - 1) }.max() ?? 1) < 3e-5)
        let ledger = engine.ledgers(at: 1000)[0]
        #expect(abs(ledger[.entered] / (2e-3 * 120_000) - 1) < 1e-14)
        #expect(ledger[.atStart] == 0)
    }

    /// Doses add up; one at the very start is like a medium that starts so.
    @Test func dosesAddUp() throws {
        let twice = box([bolus("drug", 1e-3, at: 0), bolus("drug", 1e-3, at: 100), bolus("drug", 1e-3, at: 100)])
        let engine = twice.engine()
        try engine.advance(to: 400)
        let expected = 1e-3 * exp(-0.4) + 2e-3 * exp(-0.3)
        #expect((engine.values(0).map { abs($0 / expected - 1) }.max() ?? 1) < 3e-5)
    }

    /// c = r/λ·(1 − e^(−λ(t − from))) until it ends, then decay; what entered is r·V·(to − from) to rounding.
    @Test func anInfusionEntersAtItsRate() throws {
        let rate = 1e-6
        let infusion = Treatment(
            molecule: "drug",
            dose: .infusion(Infusion(coherent: rate), from: .seconds(150), to: .seconds(1150)))
        let engine = box([infusion]).engine()
        try engine.advance(to: 650)
        #expect(abs(engine.values(0)[7] / (rate / 1e-3 * (1 - exp(-0.5))) - 1) < 1e-5)
        try engine.advance(to: 2000)
        let expected = rate / 1e-3 * (1 - exp(-1)) * exp(-0.85)
        #expect((engine.values(0).map { abs($0 / expected - 1) }.max() ?? 1) < 3e-5)
        #expect(abs(engine.ledgers(at: 2000)[0][.entered] / (rate * 1000 * 120_000) - 1) < 1e-9)
    }

    /// An antibody in great excess that never lets go: what is free falls as e^(−k A t) from the dose on.
    @Test func anAntibodyBlocksFromItsDoseOn() throws {
        var scene = box([bolus("antibody", 1, at: 200)], decay: 0)
        scene.model.molecules[0].starts = Concentration(coherent: 1e-4)
        scene.add(molecule: "antibody", diffusion: 50)
        scene.add(molecule: "neutralised", diffusion: 50)
        scene.model.molecules[2].association = SolubleAssociation(
            first: "drug", second: "antibody", kOn: AssociationRate(coherent: 1e-2), kOff: .perSecond(0))
        let engine = scene.engine()
        try engine.advance(to: 200)
        #expect((engine.values(0).map { abs($0 / 1e-4 - 1) }.max() ?? 1) < 1e-6)
        try engine.advance(to: 500)
        // The antibody that binds is a ten-thousandth of it.
        #expect(engine.values(0).allSatisfy { abs($0 / (1e-4 * exp(-3)) - 1) < 1e-3 })
        #expect(abs(engine.values(2)[0] / (1e-4 * (1 - exp(-3))) - 1) < 1e-3)
    }

    /// A receptor antagonist, given late: occupancy goes from a/(1 + a) to Gaddum's a/(1 + a + b).
    @Test func anAntagonistDisplacesFromItsDoseOn() throws {
        var scene = Scene(voxels: [4, 4, 4], spacing: 10, tolerance: 1e-5)
        scene.add(molecule: "IL-1", diffusion: 50, starts: 0.1)
        scene.add(molecule: "IL-1Ra", diffusion: 50)
        // Both fixed by the medium: receptors take a millionth of it.
        scene.add(
            receptor: "IL-1R",
            [
                LigandBinding("IL-1", on: 0.1, off: 0.01), LigandBinding("IL-1Ra", on: 0.1, off: 0.01, signals: false),
            ])
        scene.add(type: "cell", receptors: ["IL-1R": 0.01])
        scene.place("cell", at: [20, 20, 20])
        scene.model.treatments = [bolus("IL-1Ra", 1, at: 1500)]
        let engine = scene.engine()
        try engine.advance(to: 1500)
        #expect(abs(engine.column(.receptor("IL-1R", .occupancy))[0] - 0.5) < 1e-4)
        try engine.advance(to: 4000)
        #expect(abs(engine.column(.receptor("IL-1R", .occupancy))[0] - 1.0 / 12) < 1e-4)
    }

    /// Doses beside rules, walls and receptors: the ledger closes and any number of threads gives the same bits.
    @Test func treatedTissueIsTheSameOnAnyNumberOfThreads() throws {
        var scene = MixedTissue.scene()
        scene.model.treatments = [
            bolus("trap", 5e-3, at: 77),
            Treatment(
                molecule: "IL-2", dose: .infusion(Infusion(coherent: 1e-5), from: .seconds(10), to: .seconds(200))),
        ]
        let one = scene.engine(threads: 1)
        let three = scene.engine(threads: 3)
        try one.advance(to: 300)
        try three.advance(to: 300)
        for m in 0..<4 { #expect(one.values(m) == three.values(m)) }
        #expect(one.ledgers(at: 300) == three.ledgers(at: 300))
    }
}
