import AnalyticSolutions
import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// Receptors in a well-stirred box: equilibrium, relaxation, depletion, trafficking, antagonists and decoys.
@Suite struct ReceptorTests {
    static func nanomolar(_ value: Double) -> Double { Concentration.nanomolar(value).value }

    /// A box of (100 µm)³ with one cell and fast diffusion.
    static func scene(_ ligands: [(String, Double)], tolerance: Double = 1e-5) -> Scene {
        var scene = Scene(cube: 4, spacing: 25, tolerance: tolerance)
        for (name, starts) in ligands { scene.add(molecule: name, diffusion: 1e5, starts: starts) }
        return scene
    }

    /// V06: occupancy at 0.1 nM for K_D 10 pM, 1 nM, 10 nM, with too few receptors to deplete the ligand.
    @Test(arguments: [(0.010, 0.9091), (1, 0.0909), (10, 0.0099)])
    func occupancyIsV06s(kD: Double, expected: Double) throws {
        var scene = Self.scene([("L", Self.nanomolar(0.1))])
        scene.add(receptor: "R", [LigandBinding("L", on: 0.05, off: 0.05 * Self.nanomolar(kD))])
        scene.add(type: "C", receptors: ["R": 1])
        scene.place("C", at: scene.centre)
        let engine = scene.engine()
        try engine.advance(to: 1e5)
        #expect(abs(engine.column(.receptor("R", .occupancy))[0] - expected) < 1e-4)
    }

    /// V06: TNF on TNFR1 at 100 pM, half-way after 208.0 s.
    @Test func relaxationIsV06s() throws {
        let binding = Binding(kOn: 2.8e7 * 1e-9 / Self.nanomolar(1), kOff: 2.8e7 * 1.9e-11)
        let ligand = Self.nanomolar(0.1)
        var scene = Self.scene([("TNF", ligand)])
        scene.add(receptor: "R", [LigandBinding("TNF", on: binding.kOn, off: binding.kOff)])
        scene.add(type: "C", receptors: ["R": 1])
        scene.place("C", at: scene.centre)
        let engine = scene.engine()
        for time in [60.0, 208.0, 1000] {
            try engine.advance(to: time)
            let found = engine.column(.receptor("R", .occupancy))[0]
            #expect(isNear(found, binding.occupancy(at: ligand, after: time), 1e-3), "\(time) s: \(found)")
        }
        try engine.advance(to: 1e5)
        #expect(isNear(engine.column(.receptor("R", .occupancy))[0], 0.8403, 1e-3))
    }

    /// V06: 1e4 receptors in (100 µm)³, which is 1e6 cells/mL, take 8949 of 100 pM at K_D 10 pM.
    @Test func depletionIsV06s() throws {
        var scene = Self.scene([("L", Self.nanomolar(0.1))])
        scene.add(receptor: "R", [LigandBinding("L", on: 0.05, off: 0.05 * Self.nanomolar(0.01))])
        scene.add(type: "C", receptors: ["R": 1e4])
        scene.place("C", at: scene.centre)
        let engine = scene.engine()
        try engine.advance(to: 1e5)
        #expect(isNear(engine.column(.receptor("R", .bound))[0], 8949, 1e-3))
        #expect(isNear(Concentration(coherent: engine.values(0)[0]).inPicomolar, 85.14, 1e-3))
    }

    /// Synthesis, loss, binding, internalisation, recycling and degradation against a stiff-accurate integration.
    @Test(arguments: [true, false])
    func traffickingFollowsItsEquations(turnover: Bool) throws {
        let (kOn, kOff, kE, kRec, kDeg) = (0.05, 2e-4, 7e-4, 3e-4, 5e-4)
        let (loss, total, volume) = (turnover ? 1.2e-4 : 0, 1e4, 1e6)
        var scene = Self.scene([("L", Self.nanomolar(0.05))])
        scene.add(
            receptor: "R", [LigandBinding("L", on: kOn, off: kOff, endocytosis: kE)],
            supply: turnover ? .turnover(loss: .perSecond(loss)) : .none, recycling: kRec, degradation: kDeg)
        scene.add(type: "C", receptors: ["R": total])
        scene.place("C", at: scene.centre)
        let engine = scene.engine()
        // Free, bound, inside, ligand.
        let times = [0, 300, 1800, 7200, 36000.0]
        let exact = ReferenceIntegrator().states(
            from: [total, 0, 0, Self.nanomolar(0.05)], at: times
        ) { _, y in
            let bind = kOn * y[3] * y[0] - kOff * y[1]
            return [
                loss * (total - y[0]) - bind + kRec * y[2], bind - kE * y[1], kE * y[1] - (kRec + kDeg) * y[2],
                -bind / volume,
            ]
        }
        for (time, state) in zip(times, exact).dropFirst() {
            try engine.advance(to: time)
            let found = [ReceptorAspect.free, .bound, .internalised].map { engine.column(.receptor("R", $0))[0] }
            for (value, expected) in zip(found, state) {
                #expect(abs(value - expected) < 1e-3 * total, "\(time) s: \(found) for \(state)")
            }
        }
    }

    /// A held number of receptors stays, however many are taken in.
    @Test func heldReceptorsAreReplaced() throws {
        var scene = Self.scene([("L", Self.nanomolar(5))])
        scene.add(receptor: "R", [LigandBinding("L", on: 0.05, off: 1e-4, endocytosis: 1e-3)], recycling: 1e-3)
        scene.add(type: "C", receptors: ["R": 2000])
        scene.place("C", at: scene.centre)
        let engine = scene.engine()
        for time in [100.0, 1000, 20000] {
            try engine.advance(to: time)
            #expect(isNear(engine.column(.receptor("R", .total))[0], 2000, 1e-9))
        }
        #expect(engine.ledgerTotals[0][.internalised] > 10000)
    }

    /// V17: 0.5, 0.3333, 0.08333, 0.009804, and a Schild slope of 1.
    @Test func antagonistCompetesAsInV17() throws {
        let kA = 0.05
        var points: [(x: Double, y: Double)] = []
        for (antagonist, expected) in [(0, 0.5), (0.1, 1 / 2.1), (1, 0.3333), (10, 0.08333), (100, 0.009804)] {
            var scene = Self.scene([("A", kA), ("B", 0.2 * antagonist)])
            scene.add(
                receptor: "R",
                [
                    LigandBinding("A", on: 0.05, off: 0.05 * kA),
                    LigandBinding("B", on: 0.02, off: 0.004, signals: false),
                ])
            scene.add(type: "C", receptors: ["R": 1])
            scene.place("C", at: scene.centre)
            let engine = scene.engine()
            try engine.advance(to: 2e4)
            let occupancy = engine.column(.receptor("R", .occupancy))[0]
            #expect(isNear(occupancy, expected, 1e-3), "\(antagonist): \(occupancy)")
            // Half occupancy would need this many times the agonist.
            if antagonist > 0 { points.append((log10(antagonist), log10((1 - occupancy) / occupancy - 1))) }
        }
        #expect(abs(slope(points) - 1) < 0.01, "\(slope(points))")
    }

    /// Decoys on another cell bind their share of one ligand and leave less for the receptor.
    @Test func decoysTakeTheirShare() throws {
        let (kR, kD, start) = (0.01, 0.02, 0.02)
        var scene = Self.scene([("L", start)])
        scene.add(receptor: "R", [LigandBinding("L", on: 0.05, off: 0.05 * kR)])
        scene.add(receptor: "decoy", [LigandBinding("L", on: 0.03, off: 0.03 * kD, signals: false)])
        scene.add(type: "C", receptors: ["R": 1e4])
        scene.add(type: "D", receptors: ["decoy": 3e4])
        scene.place("C", at: [30, 40, 50])
        scene.place("D", at: [70, 60, 50])
        let engine = scene.engine()
        try engine.advance(to: 1e5)
        // Free ligand x: x + R x/(x + K_R)/V + D x/(x + K_D)/V = start.
        var (low, high) = (0.0, start)
        for _ in 0..<100 {
            let x = (low + high) / 2
            let total = x + 1e-2 * x / (x + kR) + 3e-2 * x / (x + kD)
            if total < start { low = x } else { high = x }
        }
        #expect(isNear(engine.column(.receptor("R", .bound))[0], 1e4 * low / (low + kR), 1e-3))
        let signalling = engine.column(.receptor("decoy", .bound))
        #expect(signalling[0].isNaN && signalling[1] == 0, "C has no decoy, and a decoy does not signal")
        #expect(isNear(engine.column(.bound(receptor: "decoy", ligand: "L"))[1], 3e4 * low / (low + kD), 1e-3))
    }

    /// S17: IL-7 takes the shared chain from IL-15R where it is scarce, and not where it is plentiful.
    @Test func scarceSharedChainIsCompetedFor() throws {
        func bound(chains: Double, il7: Double) throws -> Double {
            var scene = Self.scene([("IL-15", 0.01), ("IL-7", il7)], tolerance: 1e-4)
            scene.add(receptor: "IL-15R", [LigandBinding("IL-15", on: 0.05, off: 5e-3)])
            scene.add(receptor: "IL-7R", [LigandBinding("IL-7", on: 0.05, off: 5e-3)])
            scene.add(receptor: "gc", [])
            for (name, receptor, ligand) in [("C15", "IL-15R", "IL-15"), ("C7", "IL-7R", "IL-7")] {
                scene.model.complexes.append(
                    SurfaceComplex(
                        name: name, first: .bound(receptor: receptor, ligand: ligand), second: .free("gc"),
                        kOn: SurfaceAssociationRate(coherent: 1e-3), kOff: .perSecond(1e-2)))
            }
            scene.add(type: "C", receptors: ["IL-15R": 1000, "IL-7R": 5000, "gc": chains])
            scene.place("C", at: scene.centre)
            let engine = scene.engine()
            try engine.advance(to: 2e4)
            #expect(isNear(engine.column(.receptor("gc", .total))[0], chains, 1e-6))
            return engine.column(.receptor("IL-15R", .bound))[0]
        }
        let scarce = try [0, 0.01, 0.1, 1].map { try bound(chains: 500, il7: $0) }
        for (more, less) in zip(scarce, scarce.dropFirst()) { #expect(less < more) }
        #expect(scarce[3] < 0.7 * scarce[0], "\(scarce)")
        let plentiful = try [0, 1.0].map { try bound(chains: 1e5, il7: $0) }
        #expect(isNear(plentiful[1], plentiful[0], 0.01), "\(plentiful)")
    }

    /// An antibody in the medium binds its cytokine: approach and equilibrium of A + B ⇌ C.
    @Test func antibodyBindsInTheMedium() throws {
        let (kOn, kOff) = (0.02, 1e-3)
        var scene = Self.scene([("L", 0.06), ("antibody", 0.1), ("complex", 0)])
        scene.model.molecules[2].association = SolubleAssociation(
            first: "L", second: "antibody", kOn: AssociationRate(coherent: kOn), kOff: .perSecond(kOff))
        let engine = scene.engine()
        let exact = ReferenceIntegrator().states(from: [0], at: [0, 100, 500]) { _, y in
            [kOn * (0.06 - y[0]) * (0.1 - y[0]) - kOff * y[0]]
        }
        for (time, state) in zip([100.0, 500], exact.dropFirst()) {
            try engine.advance(to: time)
            #expect(isNear(engine.values(2)[0], state[0], 2e-4))
        }
        try engine.advance(to: 1e5)
        let bound = Binding(kOn: kOn, kOff: kOff).bound(receptors: 0.1, ligand: 0.06)
        #expect(isNear(engine.values(2)[0], bound, 1e-4))
        #expect(isNear(engine.values(0)[0] + bound, 0.06, 1e-4))
    }
}
