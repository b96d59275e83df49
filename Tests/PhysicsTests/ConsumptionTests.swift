import AnalyticSolutions
import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// Consumers screen a niche, whether spread evenly or standing as cells (V03), and a cell captures its own (V05).
@Suite struct ConsumptionTests {
    static let kOn = AssociationRate.perNanomolarPerSecond(0.031).value  // 3.1e7 /M/s

    @Test func evenConsumptionGivesV03sProfile() throws {
        let length = 44.08
        var scene = Scene(cube: 60, spacing: 7, fields: .quasiSteady)
        scene.add(molecule: "L", diffusion: 100, decay: 100 / (length * length))
        scene.add(type: "C", secretes: ["L": 10])
        scene.place("C", at: [211, 212, 209])
        let engine = scene.engine()
        try engine.advance(to: 1)
        let surface = engine.column(.concentration("L"))[0]
        #expect(isNear(Concentration(coherent: surface).inPicomolar, 2.374, 0.02))
        for (r, expected) in [(10.0, 1.060), (25, 0.3016), (50, 0.0855), (100, 0.01375)] {
            let points = [[211 + r, 212, 209], [211, 212 - 0.6 * r, 209 + 0.8 * r]]
            for value in engine.concentrations(of: "L", at: points, time: engine.time) {
                let found = Concentration(coherent: value).inPicomolar
                #expect(isNear(found, expected, 0.02), "\(r) µm: \(found / expected - 1)")
            }
        }
    }

    /// 1e4 receptors on each of 1e-4 cells/µm³: λ = 44.08 µm, fitted to what the consumers themselves read.
    @Test func cellsScreenOverTheirLength() throws {
        let spacing = pow(1e-4, -1.0 / 3)
        let side = 19
        var scene = Scene(cube: 2 * side, spacing: spacing / 2, fields: .quasiSteady)
        scene.add(molecule: "L", diffusion: 100)
        scene.add(receptor: "R", [.sink("L", capture: Self.kOn * 1e4, receptors: 1e4)])
        scene.add(type: "sender", secretes: ["L": 10])
        scene.add(type: "consumer", receptors: ["R": 1e4])
        let middle = side / 2
        for i in 0..<side * side * side {
            let at = [i % side, i / side % side, i / (side * side)]
            let isMiddle = at.allSatisfy { $0 == middle }
            scene.place(isMiddle ? "sender" : "consumer", at: at.map { (Double($0) + 0.5) * spacing })
        }
        let engine = scene.engine()
        try engine.advance(to: 1)
        let values = engine.column(.concentration("L"))
        let points = scene.cells.compactMap { cell -> (x: Double, y: Double)? in
            let r = zip([cell.x, cell.y, cell.z], scene.centre).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                .squareRoot()
            return r > 20 && r < 90 ? (r, log(r * values[cell.id])) : nil
        }
        let fitted = -1 / slope(points)
        #expect(isNear(fitted, 44.08, 0.02), "\(fitted) µm")
        engine.expectClosedLedgers()
    }

    @Test(arguments: [
        (10.0, 1e3, 0.0757), (10, 1e4, 0.4503), (10, 1e5, 0.8912), (100, 1e4, 0.0757), (100, 1e5, 0.4503),
    ])
    func ownReceptorsCaptureAsInV05(diffusion: Double, receptors: Double, expected: Double) throws {
        var scene = Scene(cube: 40, spacing: 15, fields: .quasiSteady)
        scene.add(molecule: "L", diffusion: diffusion)
        scene.openWalls(diffusion: diffusion)
        scene.add(receptor: "R", [.sink("L", capture: Self.kOn * receptors, receptors: receptors)])
        scene.add(type: "C", receptors: ["R": receptors], secretes: ["L": 1])
        scene.place("C", at: [301, 297, 304])
        let engine = scene.engine()
        try engine.advance(to: 1)
        let share = engine.captured("L", at: engine.time)[0] / engine.ledgerTotals[0][.secreted]
        #expect(isNear(share, expected, 0.01), "\(share / expected - 1)")
    }

    /// With dissociation, k_on R k_e/(k_e + k_off) stands for k_on R.
    @Test(arguments: [FieldMode.quasiSteady, .dynamic])
    func dissociationLowersCapture(fields: FieldMode) throws {
        var scene = Scene(cube: 32, spacing: 15, fields: fields)
        scene.add(molecule: "L", diffusion: 10)
        scene.openWalls(diffusion: 10)
        scene.add(receptor: "R", [LigandBinding("L", on: Self.kOn, off: 1e-3, endocytosis: 2e-3)])
        scene.add(type: "C", receptors: ["R": 1e4], secretes: ["L": 0.01])
        scene.place("C", at: [241, 238, 244])
        let engine = scene.engine()
        try engine.advance(to: 86400)
        let before = engine.ledgerTotals[0]
        try engine.advance(to: 2 * 86400)
        let after = engine.ledgerTotals[0]
        let share = (after[.internalised] - before[.internalised]) / (after[.secreted] - before[.secreted])
        let exact = ScreenedCell(radius: 5, diffusion: 10, rate: 0.01, capture: Self.kOn * 1e4 * 2 / 3).capturedShare
        #expect(isNear(share, exact, 0.01), "\(share / exact - 1)")
    }
}
