import Analysis
import ArgumentParser
import Foundation
import ModelFiles
import Results
import Simulation
import Tables

@main
struct Paracrine: ParsableCommand {
    static let programVersion = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "paracrine",
        abstract: "Simulates cytokines in tissue: who signals, how far, and where every molecule goes.",
        discussion: """
            A model is a readable text file, NAME.paracrine.yaml, or the folder that holds it.

            Examples:
              paracrine run Examples/il2-niche
              paracrine explain Examples/il2-niche
              paracrine new my-model

            Exit codes: 0 done, 1 an expectation or a comparison failed, 64 wrong usage, 65 the model or its table is \
            wrong, 70 our fault, 74 a file cannot be read or written, 130 stopped by Ctrl-C.
            """,
        version: programVersion,
        subcommands: [
            NewCommand.self, CheckCommand.self, ExplainCommand.self, RunCommand.self, TestCommand.self,
            VerifyCommand.self, SchemaCommand.self,
        ])

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let stop as Stop {
            if !stop.message.isEmpty { Console.complain(stop.message) }
            exit(withError: ExitCode(stop.code.rawValue))
        } catch {
            let code = exitCode(for: error)
            if code == .validationFailure || code == .success || error is ExitCode { exit(withError: error) }
            let stop = Stop(error)
            Console.complain(stop.message)
            exit(withError: ExitCode(stop.code.rawValue))
        }
    }
}

/// Why a command ended without doing all that was asked, and the exit code that says so.
struct Stop: Error {
    enum Code: Int32 {
        case failed = 1
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

    /// Sorts an error of any room by whose it is.
    init(_ error: any Error) {
        switch error {
        case let stop as Stop: self = stop
        case let invalid as InvalidModel: self.init(.model, invalid.description)
        case let placement as PlacementError: self.init(.model, placement.description)
        case let table as TableError: self.init(table.line == nil ? .file : .model, table.description)
        case let file as FileProblem: self.init(.file, file.description)
        case let failure as RunFailure: self.init(.software, failure.description)
        default: self.init(.file, "error: \(error)")
        }
    }
}
