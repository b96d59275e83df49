import Biology
import CAllocations
import Simulation

@testable import Tissue

/// Allocations per step once an engine is under way: the step loop should make none.
enum AllocationBenchmark {
    static func run() throws {
        for isAttributed in [false, true] { try run(isAttributed: isAttributed) }
    }

    private static func run(isAttributed: Bool) throws {
        var model = CellBenchmark.model(cells: 2000, side: 300)
        let input = RuleInput(signal: .receptor("IL-2R", .bound), halfMax: 200, hill: 3)
        var rule = Rule(cellType: "C", inputs: [input], behaviour: .expression("IL-2R"), from: 1500, to: 5000)
        (rule.delay, rule.halfTime) = (.seconds(600), .hours(1))
        model.rules = [rule]
        model.record.communication = isAttributed ? CommunicationRecord(every: .hours(1)) : nil
        for fields in [FieldMode.dynamic, .quasiSteady] {
            model.run.fields = fields
            for threads in [1, 2] {
                let placement = try CellPlacement.place(model)
                let engine = TissueEngine(model, cells: placement.cells, threads: threads)
                for _ in 0..<10 { try engine.step(until: 1e9) }
                let (before, steps) = (allocations_so_far(), 20)
                for _ in 0..<steps { try engine.step(until: 1e9) }
                let made = allocations_so_far() - before
                print(
                    "allocations: \(fields.rawValue), 2000 cells, 2 molecules, a delayed rule"
                        + "\(isAttributed ? ", attributed" : ""), \(threads) threads: "
                        + "\(made) in \(steps) steps")
            }
        }
    }
}
