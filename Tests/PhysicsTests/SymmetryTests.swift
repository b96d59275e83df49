import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// A mirrored, turned or shifted tissue gives the mirrored, turned or shifted answer.
@Suite struct SymmetryTests {
    struct Move: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Of a position in a box of 160 µm.
        let place: @Sendable ([Double]) -> [Double]
    }

    static let moves = [
        Move(testDescription: "mirrored in x") { [160 - $0[0], $0[1], $0[2]] },
        Move(testDescription: "mirrored in y") { [$0[0], 160 - $0[1], $0[2]] },
        Move(testDescription: "mirrored in z") { [$0[0], $0[1], 160 - $0[2]] },
        Move(testDescription: "turned about y") { [$0[2], $0[1], $0[0]] },
        Move(testDescription: "shifted around y") {
            [$0[0], ($0[1] + 50).truncatingRemainder(dividingBy: 160), $0[2]]
        },
    ]

    static func run(_ move: Move?) -> TissueEngine {
        let scene = MixedTissue.scene(cells: 60, tolerance: 1e-9, transform: move?.place ?? { $0 })
        let engine = scene.engine()
        engine.updatePhenotype()
        for length in [0.5, 2, 8, 20] { engine.take(length) }
        return engine
    }

    @Test(arguments: 0..<moves.count)
    func movedTissueGivesTheMovedAnswer(index: Int) {
        let move = Self.moves[index]
        let (plain, moved) = (Self.run(nil), Self.run(move))
        for m in plain.fields.indices {
            let (before, after) = (plain.values(m), moved.values(m))
            let scale = before.reduce(0) { max($0, abs($1)) }
            var worst = 0.0
            for (i, value) in before.enumerated() {
                let at = move.place([i % 16, i / 16 % 16, i / 256].map { 10 * Double($0) + 5 })
                let j = at.map { Int($0 / 10) }
                worst = max(worst, abs(after[(j[2] * 16 + j[1]) * 16 + j[0]] - value))
            }
            #expect(worst < 1e-9 * scale, "\(plain.model.molecules[m].name): \(worst / scale)")
        }
        for signal in [Signal.concentration("IL-2"), .receptor("IL-7R", .bound), .receptor("IL-2R", .total)] {
            let (before, after) = (plain.column(signal), moved.column(signal))
            let scale = before.reduce(0) { max($0, abs($1)) }
            #expect(largestDifference(before, after) < 1e-9 * scale)
        }
    }
}
