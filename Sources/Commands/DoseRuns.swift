import Analysis
import Biology
import Foundation
import ModelFiles
import Results
import Simulation
import Tables

/// Responses to doses, ready to be scored.
struct Scored {
    var name: String
    var title: String
    /// The file they come from.
    var source: String
    var table: DoseTable
    /// In the unit of the table's response.
    var full: Double?
    var seed: UInt64
    /// By replicate, where runs gave them.
    var seeds: [Int: UInt64]
    var notes: [String]
    var wasStopped = false
    var failure: Stop?

    /// Every observation, one a line.
    var dosesCSV: String {
        let named = table.axes.map { $0.unit.isEmpty ? $0.name : "\($0.name) (\($0.unit))" }
        let response = table.unit.isEmpty ? table.response : "\(table.response) (\(table.unit))"
        var text = CSVTable.line(named + ["replicate"] + (seeds.isEmpty ? [] : ["seed"]) + [response])
        for seen in table.observations {
            text += CSVTable.line(
                seen.doses.map(CSVTable.number) + ["\(seen.replicate + 1)"]
                    + (seeds.isEmpty ? [] : ["\(seeds[seen.replicate] ?? 0)"]) + [CSVTable.number(seen.response)])
        }
        return text
    }
}

/// A model run at every combination of doses.
struct DoseRuns {
    private let command: ScoreCommand
    private let grid: DoseGrid
    private let loaded: LoadedModel
    private let response: Response
    private let full: Double?
    private let threads: Int
    private let mixing: Mixing?

    init(_ command: ScoreCommand, model: String) throws {
        self.command = command
        guard let wanted = command.response else {
            throw Stop(
                .usage,
                "score: error: nothing says which response is scored\n  fix: add --response 'mean SIGNAL of CELLTYPE', or any left side of an expect: line"
            )
        }
        threads = try command.threading.count
        mixing = try command.mixed.mixing()
        grid = try DoseGrid(command.doses, replicates: command.replicates)
        let text = command.at.map { "\(wanted) at \($0)" } ?? wanted
        loaded = try LoadedModel(
            path: model, settings: command.settings, table: command.table, overlays: command.catalogue.folders,
            responses: [text])
        response = loaded.checked.responses[0]
        let (dimension, factor) = (response.dimension, RunSession.readingUnit(response.dimension).factor)
        full = try command.full.map { try ScoreCommand.quantity($0, dimension, in: factor) }
        // Every dose is read once before anything runs.
        for (index, axis) in grid.axes.enumerated() {
            for dose in axis.texts { try check(axis, dose, number: index + 1) }
        }
    }

    /// Reads the model with one dose; what is wrong with the dose is said of the list it stands in.
    private func check(_ axis: DoseGrid.Axis, _ dose: String, number: Int) throws {
        do {
            _ = try loaded.with(["\(axis.path)=\(dose)"])
        } catch var invalid as InvalidModel {
            for index in invalid.diagnostics.indices where invalid.diagnostics[index].place.file == "--set" {
                guard invalid.diagnostics[index].place.line == command.settings.count + 1 else { continue }
                invalid.diagnostics[index].place.file = "--doses"
                invalid.diagnostics[index].place.line = number
            }
            throw invalid
        }
    }

    func run() throws -> Scored {
        let combinations = grid.combinations
        let seed = loaded.model.run.seed
        let tables = try loaded.readTables()
        let (cells, placing) = try loaded.place(tables, mixing)
        let way = try RunEngine(loaded.model, cells: cells, mixing)
        try way.refuseUnanswered([response])
        let notes = placing + way.notes
        Interruption.watch()
        let ensemble = Ensemble(threads: threads, isQuiet: command.quiet || command.json)
        let (grid, loaded, response, mixing) = (grid, loaded, response, mixing)
        let count = combinations.count
        let outcomes = ensemble.run(count * command.replicates) { index in
            var dosed = try loaded.with(grid.settings(combinations[index % count]))
            dosed = dosed.reseeded(RandomStream.seed(seed, replicate: index / count))
            return Ensemble.Member(
                model: dosed.model, cells: try dosed.place(tables, mixing).cells, responses: [response],
                until: response.time?.value, mixing: mixing)
        }
        return scored(outcomes, combinations, notes)
    }

    private func scored(_ outcomes: [Ensemble.Outcome], _ combinations: [[Int]], _ notes: [String]) -> Scored {
        let (unit, factor) = RunSession.readingUnit(response.dimension)
        var observations: [DoseObservation] = []
        var notes = notes
        var failure: Stop?
        var stopped = 0
        for (index, outcome) in outcomes.enumerated() {
            let doses = grid.doses(combinations[index % combinations.count])
            let words = zip(grid.axes, doses).map { "\($0.path) \(Console.number($1)) \($0.unit)" }.joined(
                separator: ", ")
            switch outcome {
            case .measured(let values, _):
                guard let value = values[0], value.isFinite else {
                    notes.append("at \(words) there was nothing to measure")
                    continue
                }
                observations.append(
                    DoseObservation(doses: doses, replicate: index / combinations.count, response: value * factor))
            case .failed(let stop):
                notes.append("at \(words) the run failed: \(stop.message)")
                failure = failure ?? Stop(stop.code, "")
            case .stopped: stopped += 1
            }
        }
        if stopped > 0 { notes.append("\(stopped) of \(outcomes.count) runs were not finished") }
        let seed = loaded.model.run.seed
        return Scored(
            name: loaded.stem, title: "Synergy in \(loaded.model.name)", source: command.model ?? "",
            table: DoseTable(axes: grid.doseAxes, response: response.text, unit: unit, observations: observations),
            full: full, seed: seed,
            seeds: Dictionary(
                uniqueKeysWithValues: (0..<command.replicates).map { ($0, RandomStream.seed(seed, replicate: $0)) }),
            notes: notes, wasStopped: stopped > 0, failure: failure)
    }
}
