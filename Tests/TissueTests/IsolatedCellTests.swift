import Biology
import Simulation
import Testing

@testable import Tissue

/// One cell in a wide medium: what it finds at its surface and how much of its own secretion it takes back.
struct IsolatedCellTests {
    /// A box with one secretor that captures with rate constant `capture` (µm³/s), quasi-steady.
    static func engine(
        voxels: Int, spacing: Double, radius: Double, offset: [Double], secretion: Double, capture: Double,
        diffusion: Double = 100, decayLength: Double, threads: Int = 1
    ) -> TissueEngine {
        let side = Double(voxels) * spacing
        var model = Model(
            name: "one cell",
            space: Space(size: Array(repeating: .micrometres(side), count: 3), spacing: .micrometres(spacing)),
            run: RunPlan(duration: .seconds(1000), seed: 1))
        model.molecules = [
            Molecule(
                name: "L", diffusion: .squareMicrometresPerSecond(diffusion),
                decay: .perSecond(diffusion / (decayLength * decayLength)))
        ]
        model.receptors = [
            Receptor(
                name: "R",
                ligands: [
                    LigandBinding(
                        ligand: "L", kOn: AssociationRate(coherent: capture / 1000), kOff: .zero,
                        endocytosis: .perSecond(1e6))
                ])
        ]
        model.cellTypes = [CellType(name: "C", radius: .micrometres(radius))]
        model.cellTypes[0].receptors["R"] = .spread(Spread(1000))
        model.cellTypes[0].secretes["L"] = Spread(secretion)
        model.run.fields = .quasiSteady
        let centre = (Double(voxels) / 2).rounded(.down) * spacing
        let cell = PlacedCell(
            id: 0, typeIndex: 0, x: centre + offset[0] * spacing, y: centre + offset[1] * spacing,
            z: centre + offset[2] * spacing, radius: radius, receptors: [1000], secretion: [secretion])
        return TissueEngine(model, cells: [cell], threads: threads)
    }

    static let offsets: [[Double]] = [
        [0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0, 0], [0.25, 0.1, 0.4], [0.13, 0.37, 0.49],
    ]

    @Test(
        "finds Q/(4πDa(1+κa)+k) at its surface within 1 %, whatever the voxel and the offset",
        arguments: [1, 1.5, 2, 3, 4], [0, 0.3, 3])
    func surface(spacingOverRadius: Double, damkohler: Double) throws {
        let (radius, diffusion, secretion) = (5.0, 100.0, 10.0)
        let spacing = spacingOverRadius * radius
        let decayLength = 8 * spacing
        let capture = damkohler * 4 * Double.pi * diffusion * radius
        for offset in Self.offsets {
            let engine = Self.engine(
                voxels: 60, spacing: spacing, radius: radius, offset: offset, secretion: secretion, capture: capture,
                decayLength: decayLength)
            try engine.step(until: 1000)
            let escape = 4 * Double.pi * diffusion * radius * (1 + radius / decayLength)
            let exact = secretion / (escape + capture)
            let found = engine.fields[0].coupling.surface[0]
            #expect(abs(found / exact - 1) < 0.01, "h/a \(spacingOverRadius), \(offset): \(found / exact - 1)")
            if damkohler > 0 {
                let ledger = engine.ledgerTotals[0]
                let share = ledger[.internalised] / ledger[.secreted]
                #expect(abs(share / (capture / (escape + capture)) - 1) < 0.01, "\(share)")
            }
        }
    }
}
