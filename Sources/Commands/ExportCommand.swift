public import ArgumentParser
import Biology
public import Exports
import ModelFiles
import Results

extension ExportFormat: ExpressibleByArgument {}

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a run for other programs: AnnData, VTK, LIANA, OME-Zarr and more.",
        discussion: """
            Examples:
              paracrine export my-model.paracrine-run --format h5ad
              paracrine export my-model.paracrine-run --format vtk --all
              paracrine export my-model.paracrine-run --format liana --at '2 h' --out talk.csv

            \(ExportFormat.allCases.map(line).joined(separator: "\n"))

            Without --at and --all it is the last recorded time; of communication, the whole run together. Nothing is \
            ever replaced. docs/exports.md says what stands in each file.
            """)

    @Argument(
        help: ArgumentHelp("The folder of a run, NAME.paracrine-run.", valueName: "run"), completion: .directory)
    var results: String

    @Option(help: "What to write.")
    var format: ExportFormat

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The time of the model to export, such as '2 h'; it must be recorded.", valueName: "time"))
    var at: String?

    @Flag(help: "Every recorded time.")
    var all = false

    @Option(
        help: ArgumentHelp("The file or folder to make; otherwise NAME.ENDING here.", valueName: "path"),
        completion: .file())
    var out: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Of 'counts': mean counts of a cell with every gene, otherwise 1000.", valueName: "number"))
    var depth: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Of 'counts': φ of variance = mean + φ mean² (negative binomial); otherwise 0, Poisson.",
            valueName: "number"))
    var dispersion: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Of 'counts': the seed they are drawn from; otherwise the run's.", valueName: "number"))
    var seed: UInt64?

    func run() throws {
        for (option, isGiven) in [("depth", depth != nil), ("dispersion", dispersion != nil), ("seed", seed != nil)]
        where isGiven && format != .counts {
            throw Stop(
                .usage, "--\(option): error: only 'counts' are drawn\n  fix: leave it out, or write --format counts")
        }
        let folder = try RunFolder(opening: results)
        let reader = try ResultReader(folder)
        let model = try ModelDocument.read(try folder.read("model.json"), named: folder.file("model.json"))
        do {
            let sampling = try CountSampling(
                depth: depth ?? CountSampling.defaultDepth, dispersion: dispersion ?? 0,
                seed: seed ?? reader.manifest.seed)
            let export = try Export(reader, model, as: format, times: times(), sampling: sampling)
            Console.answer(try out.map(export.write(to:)) ?? export.write(in: "."))
        } catch let problem as ExportProblem {
            throw Stop(.usage, "\(folder.path): \(problem)")
        }
    }

    private func times() throws -> ExportTimes {
        guard let at else { return all ? .every : .last }
        guard !all else {
            throw Stop(.usage, "--at: error: '\(at)' and --all exclude each other\n  fix: leave out one of them")
        }
        guard let read = try? QuantityText.parse(at), read.dimension == .time, read.value >= 0 else {
            throw Stop(.usage, "--at: error: '\(at)' is not a time\n  fix: write it as '2 h' or '30 min'")
        }
        return .at(read.value)
    }

    private static func line(_ format: ExportFormat) -> String {
        let gap = String(repeating: " ", count: max(1, 13 - format.rawValue.count))
        return "  \(format.rawValue)\(gap)\(format.summary)"
    }
}
