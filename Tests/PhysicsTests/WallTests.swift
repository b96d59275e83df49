import AnalyticSolutions
import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// Every kind of wall on every face, against the profile between two walls.
@Suite struct WallTests {
    /// A wall as the engine takes it and as the exact slab does.
    struct Kind: Sendable, CustomTestStringConvertible {
        let wall: Wall
        let side: Slab.Side
        let testDescription: String
    }

    static let fixed = Kind(wall: .fixed(Concentration(coherent: 2)), side: .fixed(2), testDescription: "fixed")
    static let empty = Kind(wall: .fixed(.zero), side: .fixed(0), testDescription: "fixed at nothing")
    static let inflow = Kind(wall: .flux(Flux(coherent: 0.3)), side: .flux(0.3), testDescription: "flux")
    static let closed = Kind(wall: .noFlux, side: .flux(0), testDescription: "no flux")
    static let permeable = Kind(
        wall: .permeable(Permeability(coherent: 0.7), outside: Concentration(coherent: 1.5)),
        side: .permeable(0.7, outside: 1.5), testDescription: "permeable")

    static let pairs: [(Kind, Kind)] = [
        (fixed, closed), (fixed, inflow), (inflow, empty), (permeable, inflow), (closed, permeable),
        (permeable, fixed), (empty, permeable), (inflow, permeable), (fixed, empty),
    ]

    static func engine(_ axis: Axis, _ pair: (Kind, Kind), voxels: Int, decay: Double, fields: FieldMode)
        -> (engine: TissueEngine, slab: Slab)
    {
        var counts = [2, 2, 2]
        counts[axis.rawValue] = voxels
        var scene = Scene(voxels: counts, spacing: 120 / Double(voxels), tolerance: 1e-4, fields: fields)
        scene.add(molecule: "L", diffusion: 50, decay: decay)
        scene.model.molecules[0].walls[Face(axis, isUpper: false)] = pair.0.wall
        scene.model.space.walls[Face(axis, isUpper: true)] = pair.1.wall
        let slab = Slab(length: 120, diffusion: 50, decay: decay, lower: pair.0.side, upper: pair.1.side)
        return (scene.engine(), slab)
    }

    /// The largest error over the voxels, relative to the largest concentration.
    static func error(_ engine: TissueEngine, _ slab: Slab, _ axis: Axis) -> Double {
        let counts = engine.grid.counts
        var (worst, largest) = (0.0, 0.0)
        for (i, value) in engine.values(0).enumerated() {
            let at = [i % counts[0], i / counts[0] % counts[1], i / (counts[0] * counts[1])][axis.rawValue]
            let exact = slab.concentration(at: (Double(at) + 0.5) * engine.grid.spacing)
            worst = max(worst, abs(value - exact))
            largest = max(largest, abs(exact))
        }
        return worst / largest
    }

    @Test(arguments: Axis.allCases, 0..<pairs.count)
    func steadyProfileIsTheSlabsAndSecondOrder(axis: Axis, pair: Int) throws {
        let errors = try [12, 24, 48].map { voxels -> Double in
            let (engine, slab) = Self.engine(
                axis, Self.pairs[pair], voxels: voxels, decay: 0.02, fields: .quasiSteady)
            try engine.advance(to: 10)
            return Self.error(engine, slab, axis)
        }
        let order = observedOrder(errors: errors, steps: [4, 2, 1])
        #expect((1.9...2.1).contains(order), "order \(order), errors \(errors)")
        #expect(errors[2] < 2e-3)
    }

    /// Without decay the profile is a straight line, which the grid holds exactly.
    @Test(arguments: Axis.allCases, 0..<pairs.count)
    func undecayedProfileIsAStraightLine(axis: Axis, pair: Int) throws {
        let (engine, slab) = Self.engine(axis, Self.pairs[pair], voxels: 12, decay: 0, fields: .quasiSteady)
        try engine.advance(to: 10)
        let error = Self.error(engine, slab, axis)
        #expect(error < 1e-9, "\(error)")
    }

    @Test(arguments: Axis.allCases, [1, 3, 6])
    func transientEndsInTheSteadyProfileWithItsFluxes(axis: Axis, pair: Int) throws {
        let (engine, slab) = Self.engine(axis, Self.pairs[pair], voxels: 24, decay: 0.02, fields: .dynamic)
        try engine.advance(to: 600)
        let (entered, left) = (engine.ledgerTotals[0][.entered], engine.ledgerTotals[0][.left])
        #expect(Self.error(engine, slab, axis) < 8e-3)
        try engine.advance(to: 700)
        let passed = engine.ledgerTotals[0][.entered] - entered - engine.ledgerTotals[0][.left] + left
        let area = 100.0
        let exact = 50 * (slab.slope(at: 120) - slab.slope(at: 0)) * area * 100
        #expect(isNear(passed, exact, 8e-3), "\(passed / exact - 1)")
    }

    /// What a wall of one face does is not done by any other.
    @Test(arguments: Face.all)
    func inflowEntersThroughItsFace(face: Face) throws {
        var scene = Scene(voxels: [6, 5, 4], spacing: 10)
        scene.add(molecule: "L", diffusion: 10)
        scene.model.molecules[0].walls[face] = .flux(Flux(coherent: 0.01))
        let engine = scene.engine()
        try engine.advance(to: 2)
        let counts = engine.grid.counts
        let area = 100 * Double(counts.reduce(1, *) / counts[face.axis.rawValue])
        let ledger = engine.ledgerTotals[0]
        #expect(isNear(ledger[.entered], 0.01 * area * 2, 1e-12))
        #expect(ledger[.left] == 0)
        let values = engine.values(0)
        let last = counts[face.axis.rawValue] - 1
        for (i, value) in values.enumerated() {
            let at = [i % counts[0], i / counts[0] % counts[1], i / (counts[0] * counts[1])][face.axis.rawValue]
            let depth = face.isUpper ? last - at : at
            #expect(depth == 0 ? value > 5e-4 : value < 5e-4)
        }
    }
}
