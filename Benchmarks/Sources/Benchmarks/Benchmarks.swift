import Biology
import Foundation
import Simulation
import Tissue

@main
enum Benchmarks {
    static func main() throws {
        try niche(.quasiSteady)
        try niche(.dynamic)
    }

    /// Processor time of this thread and all others, s.
    static func processorTime() -> Double {
        var t = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t)
        return Double(t.tv_sec) + 1e-9 * Double(t.tv_nsec)
    }

    static func niche(_ mode: FieldMode) throws {
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
        let cell = PlacedCell(
            id: 0, typeIndex: 0, x: 503, y: 509, z: 507, radius: 5, receptors: [], secretion: [10])
        let t0 = processorTime()
        let engine = TissueEngine(model, cells: [cell], threads: 1)
        let t1 = processorTime()
        while engine.time < 7200 { try engine.step(until: 7200) }
        let t2 = processorTime()
        let length = (16.67 / (0.1 / 60)).squareRoot()
        var (error, total) = (0.0, 0.0)
        var shells = [(Double, Double)](repeating: (0, 0), count: 13)
        for k in 0..<50 {
            for j in 0..<50 {
                for i in 0..<50 {
                    let p = [20 * Double(i) + 10, 20 * Double(j) + 10, 20 * Double(k) + 10]
                    let v = [p[0] - 503, p[1] - 509, p[2] - 507]
                    let r = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).squareRoot()
                    if r < 30 || r > 250 { continue }
                    let exact = 10 * exp(-r / length) / (4 * .pi * 16.67 * r)
                    let found = engine.concentrations(of: "L", at: [p], time: engine.time)[0]
                    error += (found - exact) * (found - exact)
                    total += exact * exact
                    shells[Int(r / 20)].0 += (found - exact) * (found - exact)
                    shells[Int(r / 20)].1 += exact * exact
                }
            }
        }
        for (n, s) in shells.enumerated() where s.1 > 0 { print(n * 20, (s.0 / s.1).squareRoot(), s.1 / total) }
        print(
            mode, "set-up", t1 - t0, "run", t2 - t1, "steps", engine.statistics, "cycles", engine.cycles, "L2",
            (error / total).squareRoot())
    }
}
