import Biology
import Foundation
import ModelFiles
import Simulation
import Tables
import Tissue

/// Any model file: seconds per simulated hour, and where the work goes.
enum ModelBenchmark {
    static func run(_ arguments: [String]) throws {
        func option(_ name: String) -> String? {
            arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
        }
        guard let path = arguments.first else { return }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let model = try ModelFile.read(text, named: path).model
        let tables = try model.placements.compactMap { placement -> TableCells? in
            guard case .table(var plan) = placement.pattern else { return nil }
            plan.path = option("--table") ?? (path as NSString).deletingLastPathComponent + "/" + plan.path
            return try CellTable.read(
                path: plan.path, placement: plan, columnsNeeded: CellTable.markers(of: plan, in: model)
            ).cells
        }
        let placement = try CellPlacement.place(model, tables: tables)
        let hours = option("--hours").flatMap(Double.init) ?? 1
        let start = Benchmarks.wallTime
        let engine = TissueEngine(model, cells: placement.cells, threads: option("--threads").flatMap(Int.init) ?? 1)
        let ready = Benchmarks.wallTime
        while engine.time < hours * 3600 { try engine.step(until: hours * 3600) }
        let took = Benchmarks.wallTime - ready
        print(
            "\(model.name): \(placement.cells.count) cells, set-up "
                + String(format: "%.2f s, %.2f s a simulated hour", ready - start, took / hours)
                + ", \(engine.statistics), \(engine.cycles) V-cycles, peak \(Int(Benchmarks.peakMemory)) MB")
    }
}
