import Biology
import Foundation
import Simulation
import Tissue

/// 10⁵ standing cells with two receptor types each in 100³ voxels: seconds per simulated hour, and memory.
enum CellBenchmark {
    static func run() throws {
        for threads in [1, 2] {
            let model = model(cells: 100_000, side: 1000)
            let wall = Benchmarks.wallTime
            let placement = try CellPlacement.place(model)
            let engine = TissueEngine(model, cells: placement.cells, threads: threads)
            let ready = Benchmarks.wallTime
            let cpu = Benchmarks.processorTime
            let hours = 1.0
            while engine.time < hours * 3600 { try engine.step(until: hours * 3600) }
            let took = Benchmarks.wallTime - ready
            print(
                "cells: \(placement.cells.count) in 100³ voxels, 2 molecules, \(threads) threads: set-up "
                    + String(
                        format: "%.2f s, %.2f s a simulated hour (%.2f s of CPU)", ready - wall, took / hours,
                        (Benchmarks.processorTime - cpu) / hours)
                    + ", \(engine.statistics), \(engine.cycles) V-cycles, peak \(Int(Benchmarks.peakMemory)) MB")
        }
    }

    /// Cells of three types with two receptors each, at random in a cube of this side, µm.
    static func model(cells: Int, side: Double) -> Model {
        var model = Model(
            name: "cells",

            space: Space(size: Array(repeating: .micrometres(side), count: 3), spacing: .micrometres(10)),
            run: RunPlan(duration: .hours(1), seed: 1))
        for (name, receptor) in [("IL-2", "IL-2R"), ("IFN-γ", "IFN-γR")] {
            model.molecules.append(
                Molecule(name: name, diffusion: .squareMicrometresPerSecond(10), decay: .perSecond(0.1 / 3600)))
            model.receptors.append(
                Receptor(
                    name: receptor,
                    ligands: [
                        LigandBinding(
                            ligand: name, kOn: .perNanomolarPerSecond(111.6 / 3600), kOff: .perSecond(0.83 / 3600),
                            endocytosis: .perSecond(1.1e-3))
                    ]))
        }
        for (name, share, secreted) in [("A", 0.05, "IL-2"), ("B", 0.05, "IFN-γ"), ("C", 0.9, nil)] {
            var type = CellType(name: name, radius: .micrometres(5))
            type.count = .number(Int(share * Double(cells)))
            type.receptors = [
                "IL-2R": .spread(Spread(1500, variation: 1)), "IFN-γR": .spread(Spread(1000, variation: 0.5)),
            ]
            if let secreted { type.secretes[secreted] = Spread(10) }
            model.cellTypes.append(type)
        }
        model.placements = [Placement(cellType: nil, pattern: .random)]
        return model
    }
}
