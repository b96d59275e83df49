import Analysis
import Biology
import Foundation
import Results
import Simulation

/// A model run with space and without, and where the two differ.
struct MixComparison {
    private let loaded: LoadedModel
    private let mixing: Mixing
    private let threads: Int
    private let replicates: Int
    private let withSpace: RunSession

    init(_ loaded: LoadedModel, _ mixing: Mixing, threads: Int, replicates: Int) throws {
        (self.loaded, self.mixing, self.threads, self.replicates) = (loaded, mixing, threads, replicates)
        withSpace = try RunSession(loaded, threads: threads)
    }

    func run(out: String?, isQuiet: Bool, isJSON: Bool, options: [String: String]) throws {
        // Both are set up first, so that what is refused is refused before an hour of computing.
        let runs = try ReplicateRuns(loaded, count: replicates, threads: threads, until: nil, mixing: mixing)
        runs.first.notes.forEach { Console.complain("note: \($0)") }
        let folder =
            try out.map { try ResultFolder(creating: $0) }
            ?? ResultFolder(named: "\(loaded.stem)-mixed", ending: "paracrine-compare", in: ".")
        let space = try RunFolder(creating: folder.file("with-space"))
        let mixed = try RunFolder(creating: folder.file("well-mixed"))
        let outcome = try runs.run(
            into: mixed, Ensemble(threads: threads, isQuiet: isQuiet), options: options)
        if Interruption.isRequested { throw stopped(folder) }
        if let failure = outcome.failure { throw failure }
        let ending = try withSpace.run(into: space, until: nil, isQuiet: isQuiet, options: [:])
        if ending.wasStopped { throw stopped(folder) }
        let matters = try SpaceMatters(
            withSpace: ResultReader(space).series(), mixed: MixComparison.series(mixed))
        let comparison = try RunComparison(
            [space, mixed], models: [loaded.model, loaded.model], replicates: [1, outcome.summary.finished])
        let page = try ComparisonReport(
            comparison, [space, mixed], origin: ["Paracrine \(Paracrine.programVersion)"], space: matters
        ).write(folder)
        if isJSON {
            Console.answer(try JSONText.encode(matters))
            return
        }
        matters.sentences.forEach { Console.answer(Console.plain($0)) }
        Console.answer("Results: \(folder.path)")
        Console.answer("Report:  \(page)")
    }

    /// The time courses of a run; of replicates their means.
    private static func series(_ folder: RunFolder) throws -> SeriesTable {
        let reader = try ResultReader(folder)
        var series = try reader.series()
        guard let bands = try reader.bands() else { return series }
        for (index, column) in series.columns.enumerated() {
            guard let band = bands.columns.first(where: { $0.name == column.name && $0.unit == column.unit }),
                band.mean.count == series.times.count
            else { continue }
            series.columns[index].values = band.mean
        }
        return series
    }

    private func stopped(_ folder: ResultFolder) -> Stop {
        Stop(.interrupted, "mix: stopped before both runs were complete; what is there is in \(folder.path)")
    }
}
