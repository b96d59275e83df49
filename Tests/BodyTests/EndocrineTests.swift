import Biology
import Foundation
import ModelFiles
import Simulation
import Testing

@testable import Tissue

/// Whose the molecules are that blood brings.
@Suite struct EndocrineTests {
    private func run(
        _ text: String, until end: Double, threads: Int = 1, window: Double? = nil
    ) throws -> (engine: BodyEngine, model: Model) {
        let model = try ModelFile.read(text, named: "m").model
        let cells = try CellPlacement.place(model).cells
        let engine = BodyEngine(model, cells: cells, threads: threads, window: window)
        while engine.time < end {
            try engine.step(until: end)
            try engine.settle()
        }
        return (engine, model)
    }

    // MARK: - Order

    /// Tissue and blood that exchange everywhere: what a cell has secreted obeys two linear equations, and so does what
    /// was in the blood at the start.
    private func exchange(window: Double) throws -> (sent: Double, nobodys: Double) {
        let text = """
            paracrine: 1
            model: m
            compartments: {blood: {volume: 1e4 µm³}}
            space: {box: 40 x 40 x 40 µm, grid: 10 µm}
            molecules:
              IL-6: {diffusion: 50 µm²/s, blood: {starts: 10 nM, half-life: 173.28679513998632 s, exchange: 0.002 /s}}
            cells: {T: {count: 1, radius: 5 µm, secretes: {IL-6: 50 molecules/s}}}
            place: {T: random}
            run: {for: 100 s, seed: 1, tolerance: 1e-9}
            record: {communication: {every: 50 s}}
            """
        let engine = try run(text, until: 100, window: window).engine
        engine.commit()
        let held = engine.contents.senders.held[0]
        #expect(held.count == 2 && held[0].count == 1)
        return (held[0][0], held[1][0])
    }

    /// What is in the blood in the end: with b and c molecules in blood and tissue of volumes V and W,
    /// b' = −k (b W/V − c) − λ b and c' = q + k (b W/V − c), by fine Runge–Kutta steps.
    private func exact(_ b0: Double, _ secreted: Double) -> Double {
        let (k, volumes, clearance) = (0.002, 64e3 / 1e4, log(2) / 173.28679513998632)
        func rate(_ y: SIMD2<Double>) -> SIMD2<Double> {
            let into = k * (volumes * y[0] - y[1])
            return SIMD2(-into - clearance * y[0], secreted + into)
        }
        var y = SIMD2(b0, 0.0)
        for _ in 0..<10_000 {
            let h = 0.01
            let (a, step) = (rate(y), h)
            let b = rate(y + a * (step / 2))
            let c = rate(y + b * (step / 2))
            let d = rate(y + c * step)
            y += (a + (b + c) * 2 + d) * (step / 6)
        }
        return y[0]
    }

    @Test func sharesAreSecondOrderInTheWindow() throws {
        let sent = exact(0, 50)
        let nobodys = exact(Concentration.nanomolar(10).value * 1e4, 0)
        let found = try [5.0, 2.5, 1.25].map { try exchange(window: $0) }
        for errors in [found.map { abs($0.sent / sent - 1) }, found.map { abs($0.nobodys / nobodys - 1) }] {
            let orders = zip(errors, errors.dropFirst()).map { log2($0 / $1) }
            #expect(orders.allSatisfy { $0 > 1.8 }, "\(errors), orders \(orders)")
            #expect(errors[2] < 2e-5, "\(errors)")
        }
    }

    // MARK: - Superposition

    /// Two tissues with a sender each and receivers in both, far below saturation, so that all is linear.
    private static func organs(
        gut: Double = 0.2, liver: Double = 0.2, permeability: String = "0.5 µm/s", extra: String = "",
        treatments: String = "[]", starts: String = "0 M"
    ) -> String {
        """
        paracrine: 1
        model: two organs
        compartments: {blood: {volume: 2e5 µm³}}
        molecules:
          IL-6:
            diffusion: 60 µm²/s
            decay: 0.1 /h
            blood: {half-life: 30 min, permeability: \(permeability), starts: \(starts)}
        \(extra)
        receptors: {IL-6R: {ligand: IL-6, k_on: 1e5 /M/s, k_off: 1e-3 /s, k_endo: 1e-3 /s}}
        cells:
          epithelium: {radius: 6 µm, secretes: {IL-6: \(gut) molecules/s}}
          Kupffer: {radius: 6 µm, receptors: {IL-6R: 100000}, secretes: {IL-6: \(liver) molecules/s}}
          hepatocyte: {radius: 10 µm, receptors: {IL-6R: 100000}}
        tissues:
          gut:
            space: {box: 80 x 80 x 60 µm, grid: 10 µm}
            cells: {epithelium: 4, hepatocyte: 3}
            place: {epithelium: random, hepatocyte: random}
            vessels: {capillary: {carries: blood, line: "(0, 40, 45) µm; (80, 40, 45) µm", radius: 4 µm}}
          liver:
            space: {box: 80 x 80 x 60 µm, grid: 10 µm}
            cells: {hepatocyte: 6, Kupffer: 2}
            place: {hepatocyte: random, Kupffer: random}
            vessels: {sinusoid: {carries: blood, line: "(0, 40, 30) µm; (80, 40, 30) µm", radius: 5 µm}}
        treatments: \(treatments)
        run: {for: 40 min, seed: 5, tolerance: 1e-4}
        record: {communication: {every: 20 min}}
        """
    }

    private func captured(
        _ engine: BodyEngine, _ receiver: String, from sender: String? = nil,
        _ route: CommunicationRow.Route? = nil
    ) -> Double {
        engine.communication(at: engine.time).rows.filter {
            $0.receiver == receiver && (sender == nil || $0.sender == sender) && (route == nil || $0.route == route)
        }.reduce(0) { $0 + $1.captured }
    }

    private static let receivers = ["hepatocyte in gut", "hepatocyte in liver", "Kupffer in liver"]

    @Test func whatBloodBringsHasItsSender() throws {
        let both = try run(Self.organs(), until: 2400).engine
        let gutOnly = try run(Self.organs(liver: 0), until: 2400).engine
        let liverOnly = try run(Self.organs(gut: 0), until: 2400).engine
        for receiver in Self.receivers {
            for (sender, alone) in [("epithelium in gut", gutOnly), ("Kupffer in liver", liverOnly)] {
                let (found, law) = (captured(both, receiver, from: sender), captured(alone, receiver, from: sender))
                #expect(law > 1 && abs(found / law - 1) < 1e-3, "\(sender) → \(receiver): \(found), alone \(law)")
                // The other's silence is what the ledger says: the whole is this sender's.
                #expect(abs(law / captured(alone, receiver) - 1) < 1e-6)
            }
        }
        // From the gut the liver gets all through blood, and what comes back to the gut is endocrine, too.
        let far = captured(both, "hepatocyte in liver", from: "epithelium in gut")
        #expect(far == captured(both, "hepatocyte in liver", from: "epithelium in gut", .endocrine))
        #expect(captured(both, "hepatocyte in gut", from: "epithelium in gut", .endocrine) > 1)
        #expect(captured(both, "hepatocyte in gut", from: "epithelium in gut", .paracrine) > 1)
        #expect(captured(both, "Kupffer in liver", from: "Kupffer in liver", .autocrine) > 0.1)
    }

    @Test func sendersAddUpToTheLedger() throws {
        let (engine, model) = try run(Self.organs(treatments: "[0.01 nM IL-6 into blood at 13 min]"), until: 2400)
        for time in [2400, 2399.9] {
            let rows = engine.communication(at: time).rows
            let ledger = try #require(engine.ledgers(at: time).first)
            let all = rows.reduce(0) { $0 + $1.captured }
            #expect(abs(all / (ledger[.bound] + ledger[.internalised]) - 1) < 1e-9)
            let byType = engine.captured("IL-6", at: time)
            for (type, amount) in zip(model.cellTypes, byType) where amount > 0 {
                let own = rows.filter { $0.receiver.hasPrefix(type.name) }.reduce(0) { $0 + $1.captured }
                #expect(abs(own / amount - 1) < 1e-9)
            }
        }
        for row in engine.communication(at: 2400).rows where row.route == .endocrine {
            #expect(row.captured >= 0, "\(row)")
        }
        let secreted = engine.communication(at: 2400).secretion
        #expect(secreted.map(\.sender).sorted() == ["Kupffer in liver", "epithelium in gut"])
    }

    @Test func aBlockedVesselBringsNothing() throws {
        let engine = try run(Self.organs(permeability: "0 µm/s"), until: 600).engine
        #expect(engine.communication(at: 600).rows.allSatisfy { $0.route != .endocrine })
        #expect(captured(engine, "hepatocyte in liver", from: "epithelium in gut") == 0)
    }

    /// With silent cells, all there is was in the blood at the start or was given into it.
    @Test func aDoseIsNobodys() throws {
        let engine = try run(
            Self.organs(gut: 0, liver: 0, treatments: "[0.01 nM IL-6 into blood at 5 min]", starts: "0.01 nM"),
            until: 2400
        ).engine
        let all = captured(engine, "hepatocyte in liver")
        #expect(all > 1)
        #expect(abs(captured(engine, "hepatocyte in liver", from: CommunicationRow.outside, .outside) / all - 1) < 1e-9)
        // And among senders it keeps its part: what is given falls to nobody else.
        let dosed = try run(Self.organs(treatments: "[0.05 nM IL-6 into blood at 5 min]"), until: 2400).engine
        let alone = try run(
            Self.organs(gut: 0, liver: 0, treatments: "[0.05 nM IL-6 into blood at 5 min]"), until: 2400
        ).engine
        for receiver in Self.receivers {
            let (found, law) = (captured(dosed, receiver, from: CommunicationRow.outside), captured(alone, receiver))
            #expect(abs(found / law - 1) < 1e-3, "\(receiver): \(found), alone \(law)")
        }
    }

    // MARK: - Bound in blood

    /// A soluble receptor in excess: the free molecule and its complex are both carried, linearly.
    private static let decoy = """
          decoy: {diffusion: 40 µm²/s, starts: 2 nM, blood: {starts: 2 nM, permeability: 0.5 µm/s}}
          held:
            complex: {of: [IL-6, decoy], k_on: 10 /nM/h, k_off: 5 /h}
            diffusion: 30 µm²/s
            blood: {permeability: 0.2 µm/s, half-life: 2 h}
        """

    @Test func complexesCarryTheirSendersToo() throws {
        let both = try run(Self.organs(extra: Self.decoy), until: 1200).engine
        for (sender, text) in [
            ("epithelium in gut", Self.organs(liver: 0, extra: Self.decoy)),
            ("Kupffer in liver", Self.organs(gut: 0, extra: Self.decoy)),
        ] {
            let alone = try run(text, until: 1200).engine
            for receiver in Self.receivers {
                let (found, law) = (captured(both, receiver, from: sender), captured(alone, receiver, from: sender))
                #expect(law > 0.1 && abs(found / law - 1) < 3e-3, "\(sender) → \(receiver): \(found), alone \(law)")
            }
        }
    }

    // MARK: - One tissue

    /// With blood alone what comes back is the sender's own, endocrine, and threads change nothing.
    @Test func whatComesBackIsEndocrine() throws {
        let text = """
            paracrine: 1
            model: m
            compartments: {blood: {volume: 1e4 µm³}}
            space: {box: 60 x 60 x 60 µm, grid: 10 µm}
            molecules: {IL-6: {diffusion: 50 µm²/s, decay: 1 /h, blood: {half-life: 10 min, exchange: 0.01 /s}}}
            receptors: {IL-6R: {ligand: IL-6, k_on: 1e6 /M/s, k_off: 1e-3 /s, k_endo: 1e-3 /s}}
            cells:
              S: {count: 12, radius: 5 µm, receptors: {IL-6R: 3000}, secretes: {IL-6: 10 molecules/s}}
              R: {count: 5, radius: 5 µm, receptors: {IL-6R: 3000}}
            place: {S: random, R: random}
            run: {for: 20 min, seed: 5}
            record: {communication: {every: 10 min, receivers: [R]}}
            """
        let one = try run(text, until: 1200).engine
        let two = try run(text, until: 1200, threads: 2).engine
        let rows = one.communication(at: 1200).rows
        #expect(rows == two.communication(at: 1200).rows)
        #expect(Set(rows.map(\.sender)) == ["S", "outside"])
        for receiver in ["S", "R"] {
            #expect(captured(one, receiver, from: "S", .endocrine) > 10)
            #expect(captured(one, receiver, from: "S", .paracrine) > 10)
            #expect(abs(captured(one, receiver, from: "outside")) < 1e-9)
        }
        // Cell by cell the two routes of a sender are one row.
        let cells = one.communication(at: 1200).cells
        #expect(cells.count == 5 * 2)
        let sum = cells.reduce(0) { $0 + $1.captured }
        #expect(abs(sum / captured(one, "R") - 1) < 1e-9)
    }
}
