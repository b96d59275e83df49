import Biology
import CAllocations
import Foundation
import NetworkFiles
import Simulation

@testable import Networks

/// Published networks beside libRoadRunner and COPASI, each at the cheapest tolerance that reaches one achieved error.
enum NetworkBenchmark {
    private static let models = URL(filePath: Peers.script).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "shared/models")
    private static let tolerances = (3...9).map { pow(10, -Double($0)) }
    /// The error all are brought to, relative to a species' largest value.
    private static let target = 1e-5

    static func run() throws {
        guard FileManager.default.fileExists(atPath: models.path), Peers.areThere else {
            print("networks: no \(models.path) or no \(Peers.python), so nothing to compare")
            return
        }
        try courses()
        try cells()
    }

    // MARK: - One run of every model

    private static func courses() throws {
        print("networks: one run, loading included, at errors below \(target); processor time in ms: load + run")
        var ratios: [String: [Double]] = [:]
        let files = try FileManager.default.contentsOfDirectory(atPath: models.path).sorted()
        for file in files where file.hasSuffix(".xml") {
            let reference = models.appending(path: "reference/\(file.dropLast(4))_ref.csv").path
            guard let text = try? String(contentsOfFile: reference, encoding: .utf8) else { continue }
            let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
            let rows = lines.map { $0.split(separator: ",") }
            let names = rows[0].dropFirst().map { String($0.dropFirst().dropLast()) }
            let numbers = rows.dropFirst().map { $0.compactMap { Double($0) } }
            let times = numbers.map { $0[0] }
            let exact = numbers.flatMap { $0.dropFirst() }
            let path = models.appending(path: file).path
            let own = try ours(path, names, times, exact)
            var line = "  \(file.prefix(34)): ours \(milliseconds(own.load)) + \(milliseconds(own.run))"
            let others = try Peers.courses(path, times: times, tolerances: tolerances, scale: 1e-3)
            for tool in ["libRoadRunner", "COPASI"] {
                let reached = others.filter { other in
                    other.tool == tool && error(names, exact, other.names, other.values) < target
                }
                guard let best = reached.min(by: { $0.run < $1.run }) else {
                    line += "; \(tool) never"
                    continue
                }
                let ratio = (best.load + best.run) / (own.load + own.run)
                ratios[tool, default: []].append(ratio)
                let times = "\(milliseconds(best.load)) + \(milliseconds(best.run))"
                line += "; \(tool) \(times) (\(String(format: "%.1f", ratio)) x)"
            }
            print(line)
        }
        for (tool, all) in ratios.sorted(by: { $0.key < $1.key }) {
            let mean = exp(all.map(log).reduce(0, +) / Double(all.count))
            print("  geometric mean, \(tool) : ours, \(all.count) models: \(String(format: "%.1f", mean))")
        }
    }

    private static func milliseconds(_ time: Double) -> String { String(format: "%.2f", time * 1e3) }

    private static func ours(
        _ path: String, _ names: [String], _ times: [Double], _ exact: [Double]
    ) throws -> (load: Double, run: Double) {
        let request = CourseRequest(times: times, outputs: names.map { .init($0, .concentration) })
        var (load, best) = (Double.infinity, Double.infinity)
        for _ in 0..<3 {
            let begin = Benchmarks.processorTime
            _ = try OrdinaryCourse(try SBMLFile.read(path))
            load = min(load, Benchmarks.processorTime - begin)
        }
        let course = try OrdinaryCourse(try SBMLFile.read(path))
        for tolerance in tolerances {
            for _ in 0..<3 {
                let begin = Benchmarks.processorTime
                let result = try course.run(request, relative: tolerance, absolute: tolerance * 1e-3, seed: 1)
                let time = Benchmarks.processorTime - begin
                if error(names, exact, names, result.values) < target { best = min(best, time) }
            }
        }
        return (load, best)
    }

    /// The largest difference of any species at any time, relative to its largest value.
    private static func error(_ names: [String], _ exact: [Double], _ others: [String], _ values: [Double]) -> Double {
        var worst = 0.0
        for (column, name) in names.enumerated() {
            guard let place = others.firstIndex(of: name) else { continue }
            let reference = stride(from: column, to: exact.count, by: names.count).map { exact[$0] }
            let own = stride(from: place, to: values.count, by: others.count).map { values[$0] }
            let largest = reference.map(abs).max() ?? 0
            for (a, b) in zip(own, reference) { worst = max(worst, abs(a - b) / max(largest, 1e-300)) }
        }
        return worst
    }

    // MARK: - Ten thousand cells

    private static let cellCount = 10_000
    /// Cells that libRoadRunner runs; its time is scaled to all.
    private static let peerCount = 1_000
    /// Cells whose ends are compared with runs at 1e-11.
    private static let checked = 100

    private static func cells() throws {
        let file = "BIOMD0000000093_Yamada2003_IFNg_JAK_STAT.xml"
        let path = models.appending(path: file).path
        let (compiled, end) = (try CompiledNetwork(try SBMLFile.read(path)), 18000.0)
        let system = NetworkEquations(compiled)
        var stream = RandomStream(seed: 1, cell: 0, purpose: .draw)
        let start = NetworkStart(compiled).evaluate(givens: compiled.layout.givenValues, at: 0, from: &stream)
        // Amounts at the start between half and one and a half times the published ones.
        let starts = (0..<cellCount).map { cell in
            start.unknowns.indices.map { unknown in
                start.unknowns[unknown] * (0.5 + Double((cell &* 7919 &+ unknown &* 104_729) % 1009) / 1009)
            }
        }
        print("\nnetworks: \(cellCount) cells of \(file) for 5 h, errors of \(checked) cells below 1e-4")
        let names = compiled.layout.unknowns.map(\.name)
        let exact = try starts.prefix(checked).map { try alone(system, $0, start.helds, end) }
        var own = Double.infinity
        for threads in [1, 2] {
            for tolerance in [1e-2, 1e-3, 1e-4] {
                let made = try population(system, starts, start.helds, end, tolerance, threads: threads)
                let error = worst(made.ends, exact.flatMap { $0 })
                print(
                    "  ours, \(threads) threads, tolerance \(tolerance): error \(String(format: "%.1e", error)), "
                        + String(format: "processor %.2f s, wall %.2f s, ", made.processor, made.wall)
                        + "\(made.steps) steps of 8 cells, \(made.allocations) allocations")
                if threads == 1, error < 1e-4 { own = min(own, made.processor) }
            }
        }
        let table = FileManager.default.temporaryDirectory.appending(path: "paracrine-starts-\(getpid()).csv")
        defer { try? FileManager.default.removeItem(at: table) }
        let lines = [names.joined(separator: ",")] + starts.map { $0.map { "\($0)" }.joined(separator: ",") }
        try lines.joined(separator: "\n").write(to: table, atomically: true, encoding: .utf8)
        let others = try Peers.cells(
            path, starts: table.path, end: end, tolerances: [1e-4, 1e-5, 1e-6], count: peerCount)
        var best = Double.infinity
        for other in others {
            let run = other.run * Double(cellCount) / Double(peerCount)
            let error = worst(Array(other.values.prefix(checked * names.count)), exact.flatMap { $0 })
            print(
                "  libRoadRunner, tolerance \(other.tolerance): error \(String(format: "%.1e", error)), "
                    + String(format: "processor %.2f s", run) + " from \(peerCount) runs")
            if error < 1e-4 { best = min(best, run) }
        }
        print("  libRoadRunner : ours at equal error, processor time: \(String(format: "%.1f", best / own))")
    }

    /// The largest difference relative to the value, beside 1e-3 of the network's unit.
    private static func worst(_ values: [Double], _ exact: [Double]) -> Double {
        zip(values, exact).reduce(0) { max($0, abs($1.0 - $1.1) / (abs($1.1) + 1e-3)) }
    }

    private static func alone(
        _ system: NetworkEquations, _ start: [Double], _ helds: [Double], _ end: Double
    ) throws -> [Double] {
        let tolerance = StepTolerance(
            relative: 1e-10, absolute: Array(repeating: 1e-12, count: system.unknowns))
        let integrator = try LaneIntegrator(system, lanes: 1, tolerance: tolerance)
        for (index, value) in start.enumerated() { integrator.values[index] = value }
        for (index, value) in helds.enumerated() { integrator.inputs[index] = value }
        try integrator.start(at: 0)
        while integrator.time < end { try integrator.step(noLaterThan: end) }
        return start.indices.map { integrator.values[$0] }
    }

    private static func population(
        _ system: NetworkEquations, _ starts: [[Double]], _ helds: [Double], _ end: Double, _ tolerance: Double,
        threads: Int
    ) throws -> (ends: [Double], processor: Double, wall: Double, steps: Int, allocations: Int) {
        let team = ThreadTeam(count: threads)
        defer { team.dismiss() }
        let bounds = StepTolerance(
            relative: tolerance, absolute: Array(repeating: tolerance * 1e-3, count: system.unknowns))
        let population = NetworkPopulation(system, tolerance: bounds, time: 0)
        for (id, start) in starts.enumerated() { population.add(cell: id, values: start, inputs: helds) }
        let (processor, wall, before) = (Benchmarks.processorTime, Benchmarks.wallTime, allocations_so_far())
        try population.advance(to: end, team: team)
        return (
            (0..<checked).flatMap { population.values(at: $0) }, Benchmarks.processorTime - processor,
            Benchmarks.wallTime - wall, population.counts.accepted, allocations_so_far() - before
        )
    }
}
