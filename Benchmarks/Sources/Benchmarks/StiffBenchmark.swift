import Biology
import Foundation
import NetworkFiles
import Networks

/// Work against error of the stiff integrator, beside libRoadRunner's and COPASI's where they are there.
///
/// Problems are the SBML files of `StiffProblems`, so all read the same equations. Error: the largest relative one of any
/// value at the end, against the published end (``StiffProblemTests`` has the sources).
enum StiffBenchmark {
    private static let problems: [(name: String, end: Double, scale: Double, values: [String: Double])] = [
        ("robertson", 1e11, 1e-8, ["A": 0.2083340149701255e-07, "B": 0.8333360770334713e-13, "C": 0.9999999791665050]),
        (
            "hires", 321.8122, 1e-4,
            [
                "y1": 0.7371312573325668e-3, "y2": 0.1442485726316185e-3, "y3": 0.5888729740967575e-4,
                "y4": 0.1175651343283149e-2, "y5": 0.2386356198831331e-2, "y6": 0.6238968252742796e-2,
                "y7": 0.2849998395185769e-2, "y8": 0.2850001604814231e-2,
            ]
        ),
        (
            "oregonator", 360, 1e-3,
            ["y1": 0.1000814870318523e1, "y2": 0.1228178521549917e4, "y3": 0.1320554942846706e3]
        ),
        ("vanderpol", 2000, 1e-3, ["y1": 0.1706167732170483e1, "y2": -0.8928097010247975e-3]),
        ("e5", 1e7, 1e-18, ["y1": 4.71503336e-10, "y2": 1.81888959e-14, "y3": 1.81888124e-14]),
    ]

    static func run() throws {
        let folder = URL(filePath: Peers.script).deletingLastPathComponent().appending(path: "StiffProblems")
        if !Peers.areThere { print("stiff: no \(Peers.python), so ours alone") }
        for problem in problems {
            let path = folder.appending(path: "\(problem.name).xml").path
            let tolerances = (3...10).map { pow(10, -Double($0)) }
            print("\nstiff: \(problem.name) to \(problem.end); tolerance, error, processor time in ms")
            let course = try OrdinaryCourse(try SBMLFile.read(path))
            let names = problem.values.keys.sorted()
            let request = CourseRequest(times: [0, problem.end], outputs: names.map { .init($0) })
            for tolerance in tolerances {
                var (best, values) = (Double.infinity, [Double]())
                for _ in 0..<5 {
                    let begin = Benchmarks.processorTime
                    let result = try course.run(
                        request, relative: tolerance, absolute: tolerance * problem.scale, seed: 1)
                    best = min(best, Benchmarks.processorTime - begin)
                    values = Array(result.row(1))
                }
                tell("Paracrine", tolerance, error(names, values, problem.values), best)
            }
            if !Peers.areThere { continue }
            let others = try Peers.courses(
                path, times: [0, problem.end], tolerances: tolerances, scale: problem.scale)
            for other in others {
                let last = Array(other.values.suffix(other.names.count))
                tell(other.tool, other.tolerance, error(other.names, last, problem.values), other.run)
            }
        }
    }

    private static func error(_ names: [String], _ values: [Double], _ exact: [String: Double]) -> Double {
        zip(names, values).reduce(0) { worst, pair in
            guard let end = exact[pair.0] else { return worst }
            return max(worst, abs(pair.1 / end - 1))
        }
    }

    private static func tell(_ tool: String, _ tolerance: Double, _ error: Double, _ time: Double) {
        let name = tool.padding(toLength: 14, withPad: " ", startingAt: 0)
        print("  \(name) \(String(format: "%.0e   %.1e   %8.3f", tolerance, error, time * 1e3))")
    }
}
