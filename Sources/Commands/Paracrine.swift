import Analysis
import ArgumentParser
import Biology
import Catalogue
import Foundation
import ModelFiles
import NetworkFiles
import Networks
import Results
import Simulation
import Tables
import WellMixed

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@main
struct Paracrine: ParsableCommand {
    static let programVersion = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "paracrine",
        abstract: "Simulates cytokines in tissue: who signals, how far, and where every molecule goes.",
        discussion: """
            A model is a readable text file, NAME.paracrine.yaml, or the folder that holds it.

            Examples:
              paracrine new my-model
              paracrine explain my-model
              paracrine run my-model

            Exit codes:
                0  done
                1  an expectation or a comparison failed, or models differ
                3  'sbml' was given what this program does not do
               64  the command line is wrong
               65  the model or its table is wrong
               70  the run could not go on
               74  a file cannot be read or written
              130  stopped by Ctrl-C
            """,
        version: programVersion,
        subcommands: [
            NewCommand.self, CheckCommand.self, ExplainCommand.self, DescribeCommand.self, RunCommand.self,
            BranchCommand.self, TestCommand.self, MixCommand.self,
            DiffCommand.self, CompareCommand.self, ScoreCommand.self, KnockoutCommand.self, CascadeCommand.self,
            BooleanCommand.self, SteadyCommand.self, ScanCommand.self, SensitivityCommand.self,
            ContinuationCommand.self,
            VerifyCommand.self, ExportCommand.self, SchemaCommand.self, CatalogueCommand.self,
            ImportCommand.self, SBMLCommand.self,
        ])

    static func main() {
        // A closed pipe (`paracrine run ... | head -1`) must not end a run before its results are whole.
        signal(SIGPIPE, SIG_IGN)
        var file: String?
        do {
            try refuseUnknownCommand(CommandLine.arguments.dropFirst().first)
            var command = try parseAsRoot()
            file = (command as? any ReadsNetwork)?.networkFile
            try command.run()
        } catch let stop as Stop {
            if !stop.message.isEmpty { Console.complain(stop.message) }
            exit(withError: ExitCode(stop.code.rawValue))
        } catch {
            let code = exitCode(for: error)
            if code == .validationFailure || code == .success || error is ExitCode { exit(withError: error) }
            let stop = Stop(error, reading: file)
            Console.complain(stop.message)
            exit(withError: ExitCode(stop.code.rawValue))
        }
    }

    private static func refuseUnknownCommand(_ name: String?) throws {
        let known = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard let name, !name.hasPrefix("-"), !known.contains(name) else { return }
        let fix = Suggestion.didYouMean(name, among: known) ?? "use one of: \(known.joined(separator: ", "))"
        throw Stop(.usage, "\(name): error: this is not a command\n  fix: \(fix)")
    }
}

/// Why a command ended without doing all that was asked, and the exit code that says so.
struct Stop: Error {
    enum Code: Int32 {
        case failed = 1
        case unsupported = 3
        case usage = 64
        case model = 65
        case software = 70
        case file = 74
        case interrupted = 130
    }

    let code: Code
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// What Foundation could not do with a file, without its jargon.
    init(_ path: String, _ action: String, _ error: any Error) {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        let reason =
            cause.flatMap { $0.domain == NSPOSIXErrorDomain ? unsafe String(cString: strerror(Int32($0.code))) : nil }
            ?? error.localizedDescription
        self.init(.file, "\(path): error: cannot \(action): \(reason)\n  fix: check the path and that you may use it")
    }

    /// Sorts an error of any room by whose it is; `reading` is the file of the network that it may be about.
    init(_ error: any Error, reading file: String? = nil) {
        switch error {
        case let stop as Stop: self = stop
        case let invalid as InvalidModel: self.init(.model, invalid.description)
        case let invalid as InvalidCatalogue: self.init(invalid.isAboutReading ? .file : .model, invalid.description)
        case let placement as PlacementError: self.init(.model, placement.description)
        case let table as TableError: self.init(table.line == nil ? .file : .model, table.description)
        case let file as FileProblem: self.init(.file, file.description)
        case let network as NetworkFileProblems: self.init(.model, network.description)
        case let failure as NetworkFailure:
            self.init(
                failure.kind == .stopped ? .software : .model,
                file.map { LoadedNetwork.located(failure, in: $0).description } ?? failure.description)
        case let failure as RunFailure: self.init(.software, failure.description)
        case let refusal as MixRefusal: self.init(.model, refusal.description)
        default: self.init(.file, "error: \(error)")
        }
    }
}
