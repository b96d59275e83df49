import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// Threads, processors and observers leave no trace: the same bits.
@Suite struct SameBitsTests {
    /// Every number the engine holds after a while.
    static func state(_ engine: TissueEngine) -> [UInt64] {
        var numbers = engine.fields.flatMap { $0.now.array + $0.losses[0].array }
        numbers += engine.population.now.array + engine.population.rates[0].array + engine.population.secretion.array
        numbers += engine.ledgerTotals.flatMap { ledger in LedgerEntry.allCases.map { ledger[$0] } }
        return (numbers + [engine.time]).map(\.bitPattern)
    }

    static let plain: [UInt64] = {
        let engine = MixedTissue.scene().engine()
        while engine.time < 300 { try? engine.step(until: 300) }
        return state(engine)
    }()

    @Test(arguments: [2, 4])
    func threadsChangeNoBit(threads: Int) throws {
        let engine = MixedTissue.scene().engine(threads: threads)
        while engine.time < 300 { try engine.step(until: 300) }
        #expect(Self.state(engine) == Self.plain)
    }

    @Test(arguments: FieldKernels.available.indices)
    func kernelsChangeNoBit(set: Int) throws {
        let engine = MixedTissue.scene().engine(kernels: FieldKernels.available[set])
        while engine.time < 300 { try engine.step(until: 300) }
        #expect(Self.state(engine) == Self.plain)
    }

    @Test func observersChangeNoBit() throws {
        let engine = MixedTissue.scene().engine()
        let columns: [Signal] = [
            .concentration("IL-2"), .receptor("IL-7R", .occupancy), .complex("signalling"), .time,
        ]
        var odd = 0.0
        while engine.time < 300 {
            try engine.step(until: 300)
            while odd < engine.time {
                let seen = max(odd, engine.clock.previous)
                _ = engine.cells(at: seen, columns: columns)
                _ = engine.field("IL-7", at: seen)
                _ = engine.ledgers(at: seen)
                _ = engine.captured("IL-2", at: seen)
                _ = engine.concentrations(of: "IL-2", at: [[11, 12, 13], [80, 81, 79]], time: seen)
                odd += 7.3
            }
        }
        #expect(Self.state(engine) == Self.plain)
    }

    /// The order in which cells are handed over, with the same ids, does not matter.
    @Test func orderOfCellsChangesNoBit() throws {
        var scene = MixedTissue.scene()
        scene.cells.reverse()
        let engine = scene.engine()
        while engine.time < 300 { try engine.step(until: 300) }
        #expect(Self.state(engine) == Self.plain)
    }

    @Test func ledgersCloseInAMixedTissueAtAnyTime() throws {
        let engine = MixedTissue.scene().engine()
        try engine.advance(to: 400)
        #expect(engine.ledgerTotals.allSatisfy { $0.handled > 100 })
    }
}
