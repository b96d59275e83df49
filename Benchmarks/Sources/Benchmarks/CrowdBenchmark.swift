import Biology
import Foundation
import Simulation

@testable import Tissue

/// Moving, secreting, sensing cells at one density, 10⁵ in 100³ voxels, with five molecules: seconds of processor time per
/// simulated hour by part, and memory, against how many cells there are and threads.
///
/// Mechanics and the cells' reactions are measured again by themselves on the tissue as it is at the end, and what they took
/// in the run follows from how often they were called.
enum CrowdBenchmark {
    static func run(_ arguments: [String]) throws {
        let sizes = arguments.isEmpty ? [10_000, 100_000] : arguments.compactMap { Int($0) }
        for cells in sizes {
            for threads in [1, 2] { try measure(cells, threads: threads) }
        }
    }

    private static func measure(_ cells: Int, threads: Int) throws {
        let side = 10 * pow(10 * Double(cells), 1.0 / 3).rounded()
        let model = model(cells, side: side)
        let placement = try CellPlacement.place(model)
        let before = Benchmarks.processorTime
        let engine = TissueEngine(model, cells: placement.cells, threads: threads)
        let setUp = Benchmarks.processorTime - before
        // The first minute is different: cells part that were placed into each other, and fields start from nothing.
        _ = try advance(engine, minutes: 1)
        // The same minutes at every size: fields change less later on, and need fewer corrections.
        let minutes = 2
        let (evaluations, steps) = (engine.statistics.cellEvaluations, engine.statistics.steps)
        let spent = try advance(engine, minutes: minutes)
        let evaluated = Double(engine.statistics.cellEvaluations - evaluations) * timeOfEvaluation(engine)
        let moved = Double(minutes) * timeOfMotion(engine)
        let hour = 60 / Double(minutes)
        let voxels = pow(side / 10, 3)
        let (fields, life) = (spent.steps - evaluated, spent.ticks - moved)
        defer { fflush(nil) }
        print(
            "crowd: \(cells) cells, \(Int(voxels)) voxels, \(threads) threads: "
                + String(
                    format:
                        "%.1f s of CPU and %.1f s in all a simulated hour (set-up %.1f s): fields %.1f, cells %.1f, "
                        + "mechanics %.1f, life and couplings %.1f; ", hour * (spent.steps + spent.ticks),
                    hour * spent.wall, setUp, hour * fields, hour * evaluated, hour * moved, hour * life)
                + String(
                    format: "µs a minute: %.2f a voxel (fields), %.1f a cell (the rest); ",
                    1e6 * fields / Double(minutes) / voxels,
                    1e6 * (spent.steps + spent.ticks - fields) / Double(minutes) / Double(cells))
                + "\(engine.statistics.steps - steps) steps, peak \(Int(Benchmarks.peakMemory)) MB, "
                + "\(Int(Benchmarks.peakMemory * 1e6 / Double(cells))) bytes a cell with its share of voxels")
    }

    private static func advance(
        _ engine: TissueEngine, minutes: Int
    ) throws -> (steps: Double, ticks: Double, wall: Double) {
        let (end, wall) = (engine.time + 60 * Double(minutes), Benchmarks.wallTime)
        var (steps, ticks) = (0.0, 0.0)
        while engine.time < end {
            let start = Benchmarks.processorTime
            try engine.step(until: end)
            let stepped = Benchmarks.processorTime
            try engine.settle()
            steps += stepped - start
            ticks += Benchmarks.processorTime - stepped
        }
        return (steps, ticks, Benchmarks.wallTime - wall)
    }

    /// Of one evaluation of all cells' reactions, with reading what is around them, s.
    private static func timeOfEvaluation(_ engine: TissueEngine) -> Double {
        let (population, repeats) = (engine.population, 5)
        let start = Benchmarks.processorTime
        for _ in 0..<repeats {
            for field in engine.fields { field.coupling.read(field.stage) }
            engine.evaluateCells(population.stage, base: population.base, rates: population.rates[2], tau: 1)
        }
        return (Benchmarks.processorTime - start) / Double(repeats)
    }

    /// Of a minute of mechanics, s.
    private static func timeOfMotion(_ engine: TissueEngine) -> Double {
        guard let life = engine.life else { return 0 }
        let start = Benchmarks.processorTime
        for _ in 0..<2 { life.move(by: 60) }
        return (Benchmarks.processorTime - start) / 2
    }

    /// Five types of cells in a cube, each of which secretes one molecule, and has receptors for that and the next, which it
    /// climbs.
    private static func model(_ cells: Int, side: Double) -> Model {
        var model = Model(
            name: "crowd",
            space: Space(size: Array(repeating: .micrometres(side), count: 3), spacing: .micrometres(10)),
            run: RunPlan(duration: .hours(2), seed: 1))
        for m in 0..<5 {
            model.molecules.append(
                Molecule(name: "M\(m)", diffusion: .squareMicrometresPerSecond(30), decay: .perSecond(1e-3)))
            model.receptors.append(
                Receptor(
                    name: "R\(m)",
                    ligands: [
                        LigandBinding(
                            ligand: "M\(m)", kOn: .perNanomolarPerSecond(0.031), kOff: .perSecond(2.3e-4),
                            endocytosis: .perSecond(1.1e-3))
                    ]))
        }
        for m in 0..<5 {
            var type = CellType(name: "T\(m)", radius: .micrometres(5))
            type.count = .number(cells / 5)
            let next = (m + 1) % 5
            type.secretes["M\(m)"] = Spread(10)
            type.receptors = ["R\(m)": .spread(Spread(1000)), "R\(next)": .spread(Spread(1000))]
            var life = CellLife()
            life.motion = Motion(
                speed: Speed(coherent: 2 / 60.0), persistence: .seconds(600),
                towards: [Attraction(receptor: "R\(next)", sensitivity: 0.05)])
            type.life = life
            model.cellTypes.append(type)
        }
        model.placements = [Placement(cellType: nil, pattern: .random)]
        model.mechanics = Mechanics()
        return model
    }
}
