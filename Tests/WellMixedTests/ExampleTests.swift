import Biology
import Foundation
import ModelFiles
import Simulation
import Testing
import Tissue
import WellMixed

/// The examples, without space.
@Suite struct ExampleTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Examples")

    private func read(_ name: String, _ responses: [String] = []) throws -> CheckedModel {
        let file = Self.folder.appending(path: "\(name)/\(name).paracrine.yaml")
        return try ModelFile.read(
            String(contentsOf: file, encoding: .utf8), named: file.lastPathComponent, responses: responses)
    }

    /// What a model answers without space, with the worst imbalance of its ledgers.
    private func mix(_ checked: CheckedModel) throws -> (values: [Double?], imbalance: Double) {
        var model = checked.model
        model.record.fields = []
        model.record.communication = nil
        model.expectations = []
        let cells = try CellPlacement.place(model).cells
        let contacts = CellContacts(model, cells: cells).counts
        var reduction = try Reduction(model, cells: cells, contacts: contacts, method: .ode)
        let times = Run.times(model, responses: checked.responses)
        let course = try reduction.course(times: times, seed: 1) { _ in true }
        let engine = MixedEngine(reduction, cells: cells, contacts: contacts, course: course)
        var run = Run(model, engine: engine, recorders: [], responses: checked.responses)
        let values = try run.go { _ in engine.hasMore }.responses
        return (values, times.flatMap { engine.ledgers(at: $0).map(\.relativeImbalance) }.max() ?? 0)
    }

    /// Those that need neither the catalogue nor a table.
    @Test(arguments: [
        "il2-niche", "il2-sensitivity", "cytokine-cascade", "cytokine-synergy", "where-space-matters",
    ])
    func runsMixed(name: String) throws {
        #expect(try mix(read(name)).imbalance <= Ledger.tolerance)
    }

    /// What the README of the example says of the mixed run; its `expect:` says the rest.
    @Test func spaceMattersWhereItsExampleSays() throws {
        let responses = [
            "mean IL-2 of Th", "mean IL-2R.bound of Th", "mean pSTAT5 of responder", "maximum pSTAT5 of responder",
            "share of IL-2 captured by Treg",
        ]
        let mixed = try mix(read("where-space-matters", responses)).values.compactMap(\.self)
        let wanted = [3.668 * 0.000602214076, 7.873, 0.3280, 0.3280, 0.5539]
        #expect(mixed.count == wanted.count)
        for (name, (a, b)) in zip(responses, zip(mixed, wanted)) { #expect(abs(a / b - 1) < 1e-3, "\(name): \(a)") }
    }
}
