import Biology
import Foundation
import ModelFiles
import Simulation
import Tissue

/// 10⁴ cells with the network of `Examples/ifn-stat1` inside each, beside the same cells without.
enum InsideBenchmark {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Examples/ifn-stat1/ifn-stat1.paracrine.yaml")

    static func run() throws {
        var model = try ModelFile.read(String(contentsOf: file, encoding: .utf8), named: file.lastPathComponent).model
        let side = Length.micrometres(440)
        model.space = Space(size: [side, side, side], spacing: .micrometres(10))
        model.placements = [Placement(cellType: nil, pattern: .lattice(pitch: .micrometres(20)))]
        for i in model.cellTypes.indices {
            model.cellTypes[i].count = .share(model.cellTypes[i].networks.isEmpty ? 0.01 : 0.99)
        }
        // The rule goes, so that nothing reads the network and both runs have the same fields.
        model.rules = []
        let hours = 0.5
        var without = model
        for i in without.cellTypes.indices { without.cellTypes[i].networks = [] }
        let (plain, cells) = try cost(without, hours)
        let (inside, _) = try cost(model, hours)
        print(
            "inside: \(cells) cells, 7 species and 10 reactions in each: "
                + String(
                    format: "%.2f s of CPU a simulated hour without them, %.2f s with, %.1f ms a cell and hour",
                    plain, inside, 1000 * (inside - plain) / Double(cells)))
    }

    /// Processor time of a simulated hour, s, and how many cells there are.
    private static func cost(_ model: Model, _ hours: Double) throws -> (seconds: Double, cells: Int) {
        let cells = try CellPlacement.place(model, tables: []).cells
        let engine = TissueEngine(model, cells: cells, threads: 2)
        let start = Benchmarks.processorTime
        while engine.time < hours * 3600 { try engine.step(until: hours * 3600) }
        return ((Benchmarks.processorTime - start) / hours, cells.count)
    }
}
