import AnalyticSolutions
import Biology
import Foundation
import Results
import Simulation
import Testing

@testable import Analysis
@testable import Tissue

/// Niches are as large as the exact profile says, and signals get as far as their consumers let them (V03).
@Suite struct NicheTests {
    static let kOn = AssociationRate.perNanomolarPerSecond(0.031).value  // 3.1e7 /M/s

    /// V03's screened cell in an evenly consuming medium: the niche ends where the exact profile crosses the threshold.
    @Test(arguments: [(0.3016, 25.0), (0.0855, 50), (0.01375, 100)])
    func aNicheEndsWhereTheProfileCrosses(picomolar: Double, radius: Double) throws {
        let (length, spacing) = (44.08, 7.0)
        var scene = Scene(cube: 60, spacing: spacing, fields: .quasiSteady)
        scene.add(molecule: "L", diffusion: 100, decay: 100 / (length * length))
        scene.add(type: "C", secretes: ["L": 10])
        scene.place("C", at: [211, 212, 209])
        let threshold = Concentration.picomolar(picomolar).value
        scene.model.expectations = [
            Expectation(
                subject: .nicheRadius(molecule: "L", threshold: threshold), target: .near(radius, relative: 0.1),
                time: nil, text: "radius of niche L", dimension: .length)
        ]
        scene.model.run.duration = .seconds(1)
        let engine = scene.engine()
        var run = Run(scene.model, engine: engine, recorders: [])
        let outcome = try #require(try run.go { _ in true }.expectations.first)
        let found = try #require(outcome.value)
        #expect(outcome.passed && abs(found - radius) < spacing / 2, "\(found) µm")
        let cells = engine.cells(at: engine.time, columns: [])
        var census = NicheCensus(
            "L", threshold: threshold, cells: cells, secretorTypes: [0], periods: [nil, nil, nil])
        let field = Self.recorded(engine)
        census.add(field, census.map(field), others: [])
        #expect(census.niches.count == 1 && census.niches[0].secretors == [0])
        #expect(abs(census.niches[0].reach - radius) < spacing / 2, "\(census.niches[0].reach) µm")
    }

    /// λ ∝ n^(−1/2) over two decades of cell density, 1e4 receptors each.
    @Test func rangeFallsWithTheDensityOfConsumers() throws {
        var points: [(x: Double, y: Double)] = []
        for density in [1e-5, 3.16e-5, 1e-4, 3.16e-4, 1e-3] {
            let fitted = try #require(try Self.fitted(density: density, receptors: 1e4, side: 17))
            let exact = ScreenedCell.screeningLength(diffusion: 100, capture: Self.kOn * 1e4, cells: density)
            #expect(isNear(fitted, exact, 0.06), "\(density): \(fitted) µm, exactly \(exact)")
            points.append((log10(density), log10(fitted)))
        }
        #expect(abs(slope(points) + 0.5) < 0.02, "slope \(slope(points))")
    }

    /// λ ∝ R^(−1/2) over two decades of receptors; boxes grow with λ, the largest has 65³ cells.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["PARACRINE_NIGHTLY"] != nil, "fine grids run nightly"))
    func rangeFallsWithTheReceptorsOfConsumers() throws {
        var points: [(x: Double, y: Double)] = []
        let (density, gap) = (1e-4, pow(1e-4, -1.0 / 3))
        for times in [1.3, 2.3, 4.1, 7.3, 13] {
            let length = times * gap
            let receptors = 100 / (Self.kOn * density * length * length)
            let side = max(13, Int(5 * times) | 1)
            let fitted = try #require(try Self.fitted(density: density, receptors: receptors, side: side))
            points.append((log10(receptors), log10(fitted)))
        }
        #expect(points[0].x - points[4].x >= 2 - 1e-9)
        #expect(abs(slope(points) + 0.5) < 0.02, "slope \(slope(points))")
    }

    /// The screening length fitted to the field around one sender in the middle of a cubic lattice of consumers.
    private static func fitted(density: Double, receptors: Double, side: Int) throws -> Double? {
        let gap = pow(density, -1.0 / 3)
        var scene = Scene(cube: 2 * side, spacing: gap / 2, fields: .quasiSteady)
        scene.add(molecule: "L", diffusion: 100)
        scene.add(receptor: "R", [.sink("L", capture: kOn * receptors, receptors: receptors)])
        scene.add(type: "sender", radius: gap / 4, secretes: ["L": 10])
        scene.add(type: "consumer", radius: gap / 4, receptors: ["R": receptors])
        let middle = side / 2
        for i in 0..<side * side * side {
            let at = [i % side, i / side % side, i / (side * side)]
            let isMiddle = at.allSatisfy { $0 == middle }
            scene.place(isMiddle ? "sender" : "consumer", at: at.map { (Double($0) + 0.5) * gap })
        }
        let engine = scene.engine(threads: 2)
        try engine.advance(to: 1)
        return SignalRange.screeningLength(recorded(engine), [scene.centre], [nil, nil, nil])
    }

    private static func recorded(_ engine: TissueEngine) -> RecordedField {
        let field = engine.field("L", at: engine.time)
        return RecordedField(
            time: field.time, molecule: "L", voxels: field.voxels, spacing: field.spacing, values: field.values)
    }
}
