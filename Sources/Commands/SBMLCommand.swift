import ArgumentParser
import Foundation
import NetworkFiles

/// What test suites ask of a simulator of SBML.
struct SBMLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sbml", abstract: "Run SBML as the SBML Test Suite asks.",
        discussion: """
            Examples:
              paracrine sbml simulate model.xml --settings settings.txt --out results.csv
              paracrine sbml simulate model.xml --settings settings.txt --out results.csv --method ssa --runs 1000 --seed 7
              paracrine sbml wrapper cases 00001 results 3 2

            What this program does not do ends with exit code 3 and a line 'UNSUPPORTED: reason'; nothing is left out.
            """,
        subcommands: [SimulateSBML.self, WrapSBML.self])
}

struct SimulateSBML: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Run one SBML file with the settings of a test case.")

    enum Method: String, ExpressibleByArgument, CaseIterable { case ode, ssa }

    @Argument(help: "The SBML file.", completion: .file())
    var model: String

    @Option(help: "The case's settings: start, duration, steps, variables, ...", completion: .file())
    var settings: String

    @Option(help: "The table to write (CSV).", completion: .file())
    var out: String

    @Option(help: "As ordinary differential equations, or exactly by chance.")
    var method: Method = .ode

    @Option(
        parsing: .unconditional,
        help: "Runs by chance; the settings' 'output' says which means and deviations of them are written.")
    var runs: Int?

    @Option(parsing: .unconditional, help: "Of the random numbers.")
    var seed: UInt64 = 1

    @OptionGroup var threading: ThreadOptions

    func run() throws {
        let settings = try SuiteSettings.read(settings)
        guard method == .ssa || runs == nil else {
            throw Stop(.usage, "--runs: error: equations give the same every time\n  fix: add --method ssa")
        }
        let run = SuiteRun(model: model, settings: settings)
        switch method {
        case .ode: try run.write(run.asEquations(seed: seed), to: out)
        case .ssa:
            guard let runs, runs > 0 else {
                throw Stop(.usage, "--method ssa: error: how many runs?\n  fix: add --runs N, at least 1")
            }
            try run.write(run.byChance(runs: runs, seed: seed, threads: threading.count), to: out)
        }
    }
}

struct WrapSBML: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wrapper", abstract: "Run a case as the test suite's own runner calls it.",
        discussion: """
            Reads CASES/ID/ID-sbml-lLEVELvVERSION.xml and its settings and writes OUT/ID.csv. Of a stochastic case the \
            environment says how many runs (SBMLTS_RUNS, otherwise 1000) and the seed (SBMLTS_SEED, otherwise 1).
            """)

    @Argument(help: "The folder of the cases.", completion: .directory)
    var cases: String

    @Argument(help: "The case, such as 00001.")
    var id: String

    @Argument(help: "The folder for the table.", completion: .directory)
    var out: String

    @Argument(help: "SBML's level.")
    var level: Int

    @Argument(help: "SBML's version.")
    var version: Int

    func run() throws {
        guard !id.isEmpty, id.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }) else {
            throw Stop(
                .usage, "\(Console.shown(id)): error: this is not the number of a case\n  fix: give one such as 00001")
        }
        let start = PathParts.join(PathParts.join(cases, id), id)
        let settings = try SuiteSettings.read("\(start)-settings.txt")
        let run = SuiteRun(model: "\(start)-sbml-l\(level)v\(version).xml", settings: settings)
        let file = PathParts.join(out, "\(id).csv")
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["SBMLTS_SEED"].flatMap { UInt64($0) } ?? 1
        guard settings.outputs.isEmpty else {
            let runs = max(1, environment["SBMLTS_RUNS"].flatMap { Int($0) } ?? 1000)
            return try run.write(run.byChance(runs: runs, seed: seed, threads: 1), to: file)
        }
        try run.write(run.asEquations(seed: seed), to: file)
    }
}
