import Foundation
import NetworkFiles
import Networks

/// A logical network: the basins of all its states, and trajectories in continuous time as MaBoSS has them.
///
/// `python3 maboss.py NETWORK CFG` measures MaBoSS on the same files.
enum BooleanBenchmark {
    /// `arguments`: The network's file and its configuration (cfg).
    static func run(_ arguments: [String]) throws {
        guard let path = arguments.first else {
            print("boolean: name a network, and a configuration")
            return
        }
        let reading = try BooleanNetworkFile.read(path, configuration: arguments.dropFirst().first)
        let program = try BooleanProgram(reading.network)
        let held = Dictionary(uniqueKeysWithValues: program.inputs.map { ($0, 0) })
        let search = try AttractorSearch(reading.network, holding: held)
        var best = Double.infinity
        for _ in 0..<5 {
            let start = Benchmarks.wallTime
            let attractors = search.synchronous()
            best = min(best, Benchmarks.wallTime - start)
            guard case .all(let states) = attractors.coverage else { break }
            print("basins of \(states) states: " + String(format: "%.1f ms", 1e3 * best))
        }
        let request = BooleanCourseRequest(
            end: reading.settings.end, tick: reading.settings.tick, samples: reading.settings.samples, seed: 1)
        for threads in [1, 2] {
            let (start, cpu) = (Benchmarks.wallTime, Benchmarks.processorTime)
            guard let course = try program.course(request, threads: threads) else { return }
            let (wall, spent) = (Benchmarks.wallTime - start, Benchmarks.processorTime - cpu)
            print(
                "\(course.samples) trajectories, \(course.switches) switches, \(threads) threads: "
                    + String(
                        format: "%.2f s, CPU %.2f s, %.0f ns a switch", wall, spent,
                        1e9 * spent / Double(max(course.switches, 1))))
        }
    }
}
