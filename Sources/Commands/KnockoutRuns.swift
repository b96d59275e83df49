import Analysis
import Biology
import Foundation
import ModelFiles
import Simulation
import Tables

/// A model run whole and with each thing taken out in turn, from the same seeds.
struct KnockoutRuns {
    struct Outcome {
        var effects: KnockoutEffects
        var wasStopped: Bool
        var failure: Stop?
    }

    private let loaded: LoadedModel
    private let responses: [Response]
    private let replicates: Int
    private let mixing: Mixing?
    private let knockouts: [Knockout]
    /// By response, all that it could feel.
    private let causes: [Set<Knockout>]
    /// Those that some response could feel; the others need no run.
    private let felt: [Knockout]

    init(_ loaded: LoadedModel, responses: [Response], replicates: Int, mixing: Mixing?) {
        self.loaded = loaded
        self.mixing = mixing
        self.responses = responses
        self.replicates = replicates
        let model = loaded.model
        knockouts = model.knockouts
        let causes = responses.map { model.causes(of: $0) }
        self.causes = causes
        felt = knockouts.filter { knockout in causes.contains { $0.contains(knockout) } }
    }

    var count: Int { (1 + felt.count) * replicates }

    func run(_ ensemble: Ensemble) throws -> Outcome {
        let tables = try loaded.readTables()
        let (placed, placing) = try loaded.place(tables, mixing)
        let way = try RunEngine(loaded.model, cells: placed, mixing)
        try way.refuseUnanswered(responses)
        let notes = placing + way.notes
        Interruption.watch()
        let (loaded, responses, felt, replicates, mixing) = (loaded, responses, felt, replicates, mixing)
        let seed = loaded.model.run.seed
        let until = responses.allSatisfy { $0.time != nil } ? responses.compactMap(\.time?.value).max() : nil
        let outcomes = ensemble.run(count) { index in
            let whole = loaded.reseeded(RandomStream.seed(seed, replicate: index % replicates))
            let knockout = index < replicates ? nil : felt[index / replicates - 1]
            var changed = whole
            if let knockout { changed.checked.model = whole.model.without(knockout) }
            var cells = try changed.place(tables, mixing).cells
            if case .cellType(let name)? = knockout {
                let gone = whole.model.cellTypes.firstIndex { $0.name == name }
                cells.removeAll { $0.typeIndex == gone }
            }
            return Ensemble.Member(
                model: changed.model, cells: cells, responses: responses, until: until, mixing: mixing)
        }
        return outcome(outcomes, notes)
    }

    /// Values by knockout (the whole model first), replicate and response.
    private func outcome(_ outcomes: [Ensemble.Outcome], _ notes: [String]) -> Outcome {
        var notes = notes
        var failure: Stop?
        var stopped = 0
        let names = ["nothing"] + felt.map { "\($0.kind) \(loaded.model.name(of: $0))" }
        let values = outcomes.enumerated().map { index, outcome -> [Double?]? in
            switch outcome {
            case .measured(let values, _): return values
            case .failed(let stop):
                notes.append("without \(names[index / replicates]) the run failed: \(stop.message)")
                failure = failure ?? Stop(stop.code, "")
            case .stopped: stopped += 1
            }
            return nil
        }
        if stopped > 0 { notes.append("\(stopped) of \(outcomes.count) runs were not finished") }
        func found(_ row: Int, _ response: Int) -> [Double?] {
            let factor = RunSession.readingUnit(responses[response].dimension).factor
            return (0..<replicates).map { values[row * replicates + $0]?[response].map { $0 * factor } }
        }
        var effects = KnockoutEffects(
            model: loaded.model.name, replicates: replicates, responses: [], effects: [], notes: notes)
        for (r, response) in responses.enumerated() {
            let whole = found(0, r)
            let seen = whole.compactMap { $0 }
            effects.responses.append(
                .init(
                    name: response.text, unit: RunSession.readingUnit(response.dimension).name,
                    baseline: seen.isEmpty ? nil : Estimate(mean: seen)))
            for knockout in knockouts {
                let row = felt.firstIndex(of: knockout)
                let hasPath = row != nil && causes[r].contains(knockout)
                let without = hasPath ? found((row ?? 0) + 1, r) : whole
                effects.effects.append(effect(knockout, response, whole, without, hasPath: hasPath))
            }
        }
        return Outcome(effects: effects, wasStopped: stopped > 0, failure: failure)
    }

    private func effect(
        _ knockout: Knockout, _ response: Response, _ whole: [Double?], _ without: [Double?], hasPath: Bool
    ) -> KnockoutEffects.Effect {
        let differences = zip(without, whole).compactMap { a, b in a.flatMap { a in b.map { a - $0 } } }
        let left = without.compactMap { $0 }
        return KnockoutEffects.Effect(
            kind: knockout.kind, knockout: loaded.model.name(of: knockout), response: response.text,
            hasNoPath: !hasPath, value: left.isEmpty ? nil : Estimate(mean: left),
            difference: differences.isEmpty ? nil : Estimate(mean: differences))
    }
}
