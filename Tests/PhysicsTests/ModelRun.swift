import Biology
import Foundation
import ModelFiles
import Simulation
import Tissue

/// A model file of `Validation/`, read, placed and ready to run on one thread.
struct ModelRun {
    let model: Model
    let engine: any Engine

    /// `settings` change values as `--set` does.
    init(_ name: String, _ settings: [String] = []) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Validation")
        try self.init(file: folder.appendingPathComponent("\(name).paracrine.yaml"), settings)
    }

    init(file: URL, _ settings: [String] = []) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        var model = try ModelFile.read(text, named: file.lastPathComponent, settings: settings).model
        model.record = RecordPlan()
        model.record.series = model.run.duration
        let cells = try CellPlacement.place(model, tables: []).cells
        self.model = model
        engine = model.spatialEngine(cells: cells, threads: 1)
    }

    /// Runs to the end of the model's time.
    func outcomes() throws -> [ExpectationOutcome] {
        var run = Run(model, engine: engine, recorders: [])
        return try run.go { _ in true }.expectations
    }
}
