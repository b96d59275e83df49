import Biology
import Foundation
import Simulation
import Tissue

/// The steady niche of the issue: 1 mm³ at 20 µm, D = 16.67 µm²/s, decay 0.1 /min, one point source.
enum NicheBenchmark {
    static func run() throws {
        print("niche: 50³ voxels, one thread; relative L2 error over voxels 30–250 µm from the source")
        for mode in [FieldMode.quasiSteady, .dynamic] {
            let model = model(mode)
            let cell = PlacedCell(
                id: 0, typeIndex: 0, x: 503, y: 509, z: 507, radius: 5, receptors: [], secretion: [10])
            let start = Benchmarks.processorTime
            let engine = TissueEngine(model, cells: [cell], threads: 1)
            let ready = Benchmarks.processorTime
            while engine.time < 7200 { try engine.step(until: 7200) }
            let done = Benchmarks.processorTime
            print(
                "  \(mode.rawValue): set-up \(ms(ready - start)), run \(ms(done - ready)) of CPU, "
                    + "\(engine.statistics.steps) steps, \(engine.cycles) V-cycles, "
                    + "error \(String(format: "%.2f", 100 * error(engine))) %")
        }
    }

    private static func ms(_ seconds: Double) -> String { String(format: "%.1f ms", 1000 * seconds) }

    private static func model(_ mode: FieldMode) -> Model {
        var model = Model(
            name: "niche",
            space: Space(size: Array(repeating: .micrometres(1000), count: 3), spacing: .micrometres(20)),
            run: RunPlan(duration: .hours(2), seed: 1))
        model.molecules = [
            Molecule(name: "L", diffusion: .squareMicrometresPerSecond(16.67), decay: .perSecond(0.1 / 60))
        ]
        model.cellTypes = [CellType(name: "S", radius: .micrometres(5))]
        model.cellTypes[0].secretes["L"] = Spread(10)
        model.run.fields = mode
        return model
    }

    private static func error(_ engine: TissueEngine) -> Double {
        let length = (16.67 / (0.1 / 60)).squareRoot()
        var points: [[Double]] = []
        var exact: [Double] = []
        for i in 0..<125_000 {
            let p = [20 * Double(i % 50) + 10, 20 * Double(i / 50 % 50) + 10, 20 * Double(i / 2500) + 10]
            let v = [p[0] - 503, p[1] - 509, p[2] - 507]
            let r = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).squareRoot()
            if r < 30 || r > 250 { continue }
            points.append(p)
            exact.append(10 * exp(-r / length) / (4 * .pi * 16.67 * r))
        }
        let found = engine.concentrations(of: "L", at: points, time: engine.time)
        let (error, total) = zip(found, exact).reduce((0.0, 0.0)) {
            ($0.0 + ($1.0 - $1.1) * ($1.0 - $1.1), $0.1 + $1.1 * $1.1)
        }
        return (error / total).squareRoot()
    }
}
