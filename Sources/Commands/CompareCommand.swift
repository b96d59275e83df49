import Analysis
import ArgumentParser
import Biology
import Foundation
import Results

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Put runs side by side: time courses, numbers at the end, ledgers, who signalled to whom.",
        discussion: """
            Examples:
              paracrine compare before.paracrine-run after.paracrine-run
              paracrine compare a b c --out three

            The first run is what the others are compared with; from two to \(RunComparison.mostRuns). The results are \
            compare.html, compare.csv, compare.json and figures/ (SVG).
            """)

    @Argument(help: "The folders of runs, NAME.paracrine-run.", completion: .directory)
    var runs: [String]

    @Option(
        help: ArgumentHelp(
            "The folder for the results, new or empty; otherwise NAMES.paracrine-compare here.", valueName: "folder"),
        completion: .directory)
    var out: String?

    @Flag(help: "Print the comparison as JSON.")
    var json = false

    func run() throws {
        guard (2...RunComparison.mostRuns).contains(runs.count) else {
            throw Stop(
                .usage,
                "compare: error: \(runs.count) \(runs.count == 1 ? "run is" : "runs are") not from 2 to \(RunComparison.mostRuns)\n  fix: name the folders of the runs to compare"
            )
        }
        let folders = try runs.map { try RunFolder(opening: $0) }
        let comparison = try RunComparison(
            folders, models: folders.map { try SavedModel.read($0) },
            replicates: folders.map { ReplicateSummary.read($0)?.finished ?? 1 })
        let names = comparison.runs.map(\.name)
        let stem = names.count == 2 ? "\(names[0])-\(names[1])" : "\(names[0])-and-\(names.count - 1)-more"
        let folder =
            try out.map { try ResultFolder(creating: $0) }
            ?? ResultFolder(named: stem, ending: "paracrine-compare", in: ".")
        let page = try ComparisonReport(
            comparison, folders,
            origin: ["Paracrine \(Paracrine.programVersion)"] + comparison.runs.map { "\($0.letter) \($0.path)" }
        ).write(folder)
        let text = try JSONText.encode(comparison)
        try folder.write(text + "\n", to: "compare.json")
        if json {
            Console.answer(text)
            return
        }
        for run in comparison.runs { Console.answer("\(run.letter): \(Console.plain(run.name))") }
        for (run, found) in zip(comparison.runs.dropFirst(), comparison.models) {
            if found.isEmpty { Console.answer("\(run.letter) has the model of A") }
            for difference in found.differences {
                Console.answer("\(run.letter) \(Console.plain(difference.line))")
            }
        }
        comparison.notes.forEach { Console.complain("note: \($0)") }
        Console.answer("Results: \(folder.path)")
        Console.answer("Report:  \(page)")
    }
}

extension ReplicateSummary {
    /// What a folder's replicates gave; `nil` where the run was made once.
    static func read(_ folder: RunFolder) -> ReplicateSummary? {
        guard folder.contains("replicates.json"), let text = try? folder.read("replicates.json") else { return nil }
        return try? JSONDecoder().decode(ReplicateSummary.self, from: Data(text.utf8))
    }
}
