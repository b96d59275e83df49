import Biology
import Foundation
import NetworkFiles
import Networks
import Simulation

/// A case of the SBML Test Suite on its way to a table.
struct SuiteRun {
    let model: String
    let settings: SuiteSettings

    /// A table: names of its columns after the time, and a row a time.
    struct Table {
        var names: [String]
        var times: [Double]
        var rows: [[Double]]
    }

    private var request: CourseRequest {
        CourseRequest(
            times: settings.times,
            outputs: settings.variables.map { name in
                CourseRequest.Output(
                    name,
                    settings.amounts.contains(name)
                        ? .amount : settings.concentrations.contains(name) ? .concentration : .asNamed)
            })
    }

    /// As equations; a step's error is a hundredth of what the case allows, so that hundreds of them still fit.
    func asEquations(seed: UInt64) throws -> Table {
        try refusing {
            let course = try OrdinaryCourse(SBMLFile.read(model)).run(
                request, relative: min(1e-6, (settings.relative ?? 1e-4) / 100),
                absolute: min(1e-9, (settings.absolute ?? 1e-7) / 100), seed: seed)
            return Table(
                names: course.names, times: course.times, rows: course.times.indices.map { Array(course.row($0)) })
        }
    }

    /// Means and deviations of runs by chance, in the columns that the settings ask for.
    func byChance(runs: Int, seed: UInt64, threads: Int) throws -> Table {
        try refusing {
            let team = ThreadTeam(count: threads)
            defer { team.dismiss() }
            let (network, request) = withLogarithms(try SBMLFile.read(model))
            let summary = try ChanceNetwork(network).runs(request, count: runs, seed: seed, on: team)
            let columns = try settings.outputs.map { output in
                let column = output.lastIndex(of: "-").flatMap { dash in
                    summary.column(String(output[..<dash])).flatMap { found in
                        ["-mean": found.means, "-sd": found.deviations][String(output[dash...])]
                    }
                }
                guard let column else {
                    throw Stop(
                        .model,
                        "output: error: '\(output)' is not NAME-mean or NAME-sd of a variable\n  fix: name one of them")
                }
                return column
            }
            return Table(
                names: settings.outputs, times: summary.times,
                rows: summary.times.indices.map { row in columns.map { $0[row] } })
        }
    }

    /// Logarithms that the settings ask for, "ln(X)-mean", become values of the network.
    private func withLogarithms(_ network: ReactionNetwork) -> (ReactionNetwork, CourseRequest) {
        var (network, request) = (network, request)
        for name in settings.variables {
            let logarithm = "ln(\(name))"
            guard settings.outputs.contains(where: { $0.hasPrefix(logarithm + "-") }) else { continue }
            network.parameters.append(NetworkParameter(name: logarithm, value: nil, isConstant: false))
            network.assignmentRules.append(NetworkAssignment(logarithm, .call(.ln, [.name(name)])))
            request.outputs.append(CourseRequest.Output(logarithm))
        }
        return (network, request)
    }

    /// What this program does not do ends with the suite's own word for it, on one line.
    private func refusing(_ body: () throws -> Table) throws -> Table {
        func refusal(_ words: String) -> Stop {
            Stop(.unsupported, "UNSUPPORTED: \(words.split(whereSeparator: \.isNewline).joined(separator: " "))")
        }
        do { return try body() } catch let problems as NetworkFileProblems where problems.isUnsupported {
            throw refusal(problems.problems.map { "\($0.file):\($0.line): \($0.problem)" }.joined(separator: "; "))
        } catch let failure as NetworkFailure where failure.kind == .unsupported {
            let found = LoadedNetwork.located(failure, in: model)
            throw refusal(found.line == 0 ? found.problem : "\(found.file):\(found.line): \(found.problem)")
        }
    }

    func write(_ table: Table, to path: String) throws {
        func text(_ value: Double) -> String {
            value.isNaN ? "NaN" : value.isInfinite ? (value > 0 ? "INF" : "-INF") : "\(value)"
        }
        var lines = [(["time"] + table.names).joined(separator: ",")]
        for (time, row) in zip(table.times, table.rows) {
            lines.append(([time] + row).map(text).joined(separator: ","))
        }
        do {
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw Stop(path, "write this table", error)
        }
    }
}
