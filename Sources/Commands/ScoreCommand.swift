import Analysis
import ArgumentParser
import Biology
import Foundation
import ModelFiles
import Results
import Simulation
import Tables

struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Score how two or more doses act together: Bliss, Loewe, HSA and MuSyC.",
        discussion: """
            Examples:
              paracrine score my-model --doses q_IL2='0, 1, 3, 10 molecules/s' \
            --doses molecules.IL-7.starts='0, 1, 3, 10 pM' --response 'mean pSTAT5 of Tresp' --at '6 h' --replicates 5
              paracrine score --table assay.csv --columns 'drug A (nM),drug B (nM),viability'

            Runs the model at every combination of doses, or takes responses from a table. Excess is effect beyond what a \
            null model expects of doses that do not interact: above 0 synergy, below 0 antagonism. Every list of doses \
            holds 0; Loewe and MuSyC need three doses more of each. The results are doses.csv, scores.csv, score.json, \
            score.html and figures/ (SVG, CSV). Ctrl-C keeps the doses that are done.
            """)

    @Argument(help: "The model file or its folder; left out where a table is scored.", completion: .file())
    var model: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Doses of a parameter, or of any value by its path; one list each.", valueName: "path=list"))
    var doses: [String] = []

    @Option(
        help: ArgumentHelp(
            "What responds: the left side of an expect: line, such as 'mean pSTAT5 of Tresp'.", valueName: "subject"))
    var response: String?

    @Option(help: ArgumentHelp("When it is measured, otherwise at the end.", valueName: "time"))
    var at: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Runs of every combination, each from a seed of its own.", valueName: "count"))
    var replicates = 1

    @Option(
        help: ArgumentHelp(
            "The response at full effect, which Bliss needs; otherwise 0 where responses fall, and 1 for shares that rise.",
            valueName: "quantity"))
    var full: String?

    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Change another value, as in 'run'.", valueName: "name=value"))
    var settings: [String] = []

    @Option(
        help: ArgumentHelp(
            "The responses to score (CSV), or with a model the table of its cells.", valueName: "path"),
        completion: .file())
    var table: String?

    @OptionGroup var catalogue: CatalogueFolders

    @Option(
        help: ArgumentHelp(
            "The table's columns: each dose, then the response; separated by commas.", valueName: "names"))
    var columns: String?

    @OptionGroup var mixed: MixingOptions
    @OptionGroup var threading: ThreadOptions

    @Option(
        help: ArgumentHelp(
            "The folder for the results, new or empty; otherwise NAME.paracrine-score here.", valueName: "folder"),
        completion: .directory)
    var out: String?

    @Flag(help: "Show no progress.")
    var quiet = false

    @Flag(help: "Print the scores as JSON.")
    var json = false

    func run() throws {
        guard (1...10_000).contains(replicates) else {
            throw Stop(.usage, "--replicates: error: \(replicates) is not a number of runs\n  fix: give 1 to 10000")
        }
        let scored: Scored
        if let model {
            guard columns == nil else {
                throw Stop(
                    .usage,
                    "--columns: error: a model is run, so its responses have no columns\n  fix: leave out the model or --columns"
                )
            }
            scored = try DoseRuns(self, model: model).run()
        } else {
            scored = try tableScored()
        }
        try finish(scored)
    }

    // MARK: - A table

    private func tableScored() throws -> Scored {
        guard let table, let columns else {
            throw Stop(
                .usage,
                "score: error: there is neither a model to run nor a table to score\n  fix: name a model file, or give --table FILE.csv --columns dose1,dose2,response"
            )
        }
        guard doses.isEmpty, response == nil, at == nil, settings.isEmpty else {
            throw Stop(
                .usage,
                "score: error: a table is scored as it is, without --doses, --response, --at and --set\n  fix: leave them out, or name a model file"
            )
        }
        let names = columns.split(separator: ",").map { String($0).trimmingSpaces }
        guard names.count >= 3, Set(names).count == names.count else {
            throw Stop(
                .usage,
                "--columns: error: '\(columns)' does not name two doses and a response\n  fix: name them in this order, each once, such as drug1,drug2,response"
            )
        }
        let read = try NumberTable.read(path: table, columns: names)
        var notes = read.problems.map { "\(table):\($0.line): row left out: \($0.what)" }
        var seen: [[Double]: Int] = [:]
        var observations: [DoseObservation] = []
        for row in read.rows {
            let doses = Array(row.dropLast())
            guard doses.allSatisfy({ $0 >= 0 }) else {
                notes.append(
                    "\(table): row left out: a dose of \(doses.map { "\($0)" }.joined(separator: ", ")) is below 0")
                continue
            }
            observations.append(
                DoseObservation(doses: doses, replicate: seen[doses, default: 0], response: row[row.count - 1]))
            seen[doses, default: 0] += 1
        }
        let labels = names.map(ScoreCommand.label)
        let parts = PathParts(table)
        return Scored(
            name: parts.stem, title: "Synergy in \(parts.name)", source: table,
            table: DoseTable(
                axes: labels.dropLast().map { DoseAxis(name: $0.name, unit: $0.unit) },
                response: labels[labels.count - 1].name, unit: labels[labels.count - 1].unit,
                observations: observations),
            full: try full.map { try ScoreCommand.quantity($0, .none, in: 1) }, seed: 0, seeds: [:], notes: notes)
    }

    /// "drug A (nM)" is "drug A" in "nM".
    private static func label(_ column: String) -> (name: String, unit: String) {
        guard column.hasSuffix(")"), let open = column.lastIndex(of: "("), open > column.startIndex else {
            return (column, "")
        }
        return (
            String(column[..<open]).trimmingSpaces,
            String(column[column.index(after: open)...].dropLast()).trimmingSpaces
        )
    }

    /// A quantity of the response in the unit it is read in.
    static func quantity(_ text: String, _ dimension: Biology.Dimension, in factor: Double) throws -> Double {
        let read = try? QuantityText.parse(text)
        guard let read, read.dimension == dimension || (!read.hasUnit && dimension == .amount) else {
            throw Stop(
                .usage,
                "--full: error: '\(text)' is not a response (\(dimension))\n  fix: write it as one, such as \(dimension == .none ? "1" : QuantityText.describe(1, dimension))"
            )
        }
        return read.value * factor
    }

    // MARK: - Results

    private func finish(_ scored: Scored) throws {
        let folder =
            try out.map { try ResultFolder(creating: $0) }
            ?? ResultFolder(named: scored.name, ending: "paracrine-score", in: ".")
        try folder.write(scored.dosesCSV, to: "doses.csv")
        do {
            let score = try SynergyScore(scored.table, full: scored.full, seed: scored.seed)
            let origin = ["Paracrine \(Paracrine.programVersion)", scored.source, "seed \(scored.seed)"] + scored.notes
            let page = try ScoreReport(title: scored.title, table: scored.table, score: score, origin: origin)
                .write(folder)
            let summary = ScoreSummary(
                source: scored.source, notes: scored.notes, axes: scored.table.axes, score: score, folder: folder.path,
                report: page)
            let text = try JSONText.encode(summary)
            try folder.write(text + "\n", to: "score.json")
            if json { Console.answer(text) } else { tell(score, folder, page) }
        } catch let obstacle as SynergyScore.Obstacle {
            let kept = "\n  The responses are in \(folder.file("doses.csv"))"
            guard scored.wasStopped else {
                throw Stop(
                    model == nil ? .model : .failed,
                    "\(scored.source): error: \(obstacle.problem)\n  fix: \(obstacle.fix)\(kept)")
            }
            Console.complain("Stopped before there was enough to score.\(kept)")
        }
        scored.notes.forEach { Console.complain("note: \($0)") }
        if scored.wasStopped { throw Stop(.interrupted, "") }
        if let failure = scored.failure { throw failure }
    }

    private func tell(_ score: SynergyScore, _ folder: ResultFolder, _ page: String) {
        Console.answer(ScoreWords(score).sentences)
        for pair in score.pairs {
            for summary in pair.summaries {
                var line = "  \(summary.model.rawValue): mean excess \(Console.number(summary.mean.value))"
                if let low = summary.mean.low, let high = summary.mean.high {
                    line += " (\(Console.number(low)) to \(Console.number(high)))"
                }
                Console.answer(line + ", \(summary.verdict.rawValue)")
            }
            guard let musyc = pair.musyc else { continue }
            let parts = [
                "α12 \(Console.number(musyc.potency12.value))", "α21 \(Console.number(musyc.potency21.value))",
                musyc.efficacy.map { "β \(Console.number($0.value))" },
                "R² \(Console.number(musyc.fit.rSquared))",
            ]
            Console.answer("  MuSyC: \(parts.compactMap { $0 }.joined(separator: ", "))")
        }
        score.notes.forEach { Console.answer("  note: \($0)") }
        Console.answer("Results: \(folder.path)")
        Console.answer("Report:  \(page)")
    }
}

/// What `score --json` prints, and score.json holds.
struct ScoreSummary: Codable {
    var source: String
    var notes: [String]
    var axes: [DoseAxis]
    var score: SynergyScore
    var folder: String
    var report: String
}
