import Biology
import Foundation
import ModelFiles
import Simulation
import Tables
import Tissue

/// Any model file: seconds per simulated hour, and where the work goes.
enum ModelBenchmark {
    static func run(_ arguments: [String]) throws {
        guard let (model, cells, option) = try read(arguments) else { return }
        let hours = option("--hours").flatMap(Double.init) ?? 1
        let start = Benchmarks.wallTime
        let engine = TissueEngine(model, cells: cells, threads: option("--threads").flatMap(Int.init) ?? 1)
        let ready = Benchmarks.wallTime
        while engine.time < hours * 3600 { try engine.step(until: hours * 3600) }
        let took = Benchmarks.wallTime - ready
        print(
            "\(model.name): \(cells.count) cells, set-up "
                + String(format: "%.2f s, %.2f s a simulated hour", ready - start, took / hours)
                + ", \(engine.statistics), \(engine.cycles) V-cycles, peak \(Int(Benchmarks.peakMemory)) MB")
    }

    /// What attribution costs: the same model without it, and with tags for its secreting cells split into more and more
    /// groups; the least of three runs of each.
    static func communication(_ arguments: [String]) throws {
        guard let (model, cells, option) = try read(arguments) else { return }
        let hours = option("--hours").flatMap(Double.init) ?? 1
        let threads = option("--threads").flatMap(Int.init) ?? 1
        let secretor = model.cellTypes.firstIndex { !$0.secretes.isEmpty } ?? 0
        let senders = cells.filter { $0.typeIndex == secretor }
        func time(_ tags: Int) throws -> Double {
            var tagged = model
            tagged.record.communication = tags == 0 ? nil : CommunicationRecord(every: .seconds(60))
            // Each group is what lies around one of the secretors; the rest keeps the type's name.
            for group in 1..<max(tags, 1) {
                let cell = senders[group * senders.count / tags]
                tagged.record.communication?.groups.append(
                    CellGroup(
                        name: "group\(group)", cellType: model.cellTypes[secretor].name,
                        centre: [cell.x, cell.y, cell.z].map { .micrometres($0) }, radius: .micrometres(150)))
            }
            return try (0..<3).map { _ in
                let engine = TissueEngine(tagged, cells: cells, threads: threads)
                let start = Benchmarks.processorTime
                while engine.time < hours * 3600 { try engine.step(until: hours * 3600) }
                return Benchmarks.processorTime - start
            }.min() ?? 0
        }
        let without = try time(0)
        let least = String(format: "%.2f s", without)
        print("\(model.name): \(hours) h take \(least) of processor time without attribution")
        for tags in [1, 2, 3, 6] where tags <= senders.count {
            let with = try time(tags)
            let words = String(
                format: "%.2f s, %.2f times as long, %.2f a tag", with, with / without,
                (with / without - 1) / Double(tags))
            print("  \(tags) tags: \(words)")
        }
    }

    /// A model with its cells placed, and how to ask for options.
    private static func read(
        _ arguments: [String]
    ) throws -> (model: Model, cells: [PlacedCell], option: (String) -> String?)? {
        func option(_ name: String) -> String? {
            arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
        }
        guard let path = arguments.first else { return nil }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let model = try ModelFile.read(text, named: path).model
        let tables = try model.placements.compactMap { placement -> TableCells? in
            guard case .table(var plan) = placement.pattern else { return nil }
            plan.path = option("--table") ?? (path as NSString).deletingLastPathComponent + "/" + plan.path
            return try CellTable.read(
                path: plan.path, placement: plan, columnsNeeded: CellTable.markers(of: plan, in: model)
            ).cells
        }
        return (model, try CellPlacement.place(model, tables: tables).cells, option)
    }
}
