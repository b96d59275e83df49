import Biology
import Foundation
import ModelFiles
import Simulation
import Tables
import Testing

@testable import Tissue

/// Who signalled to whom among the cells of a real section; skipped where its table is not beside the repository.
@Suite struct RealTissueTests {
    /// Three senders, three receivers: all rows and columns add up to the ledger.
    @Test func theLymphNodesRowsAndColumnsAddUpToTheLedger() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let table = root.appending(path: "../shared/data/tissue/ln_human_ibex_cells.csv").path
        guard FileManager.default.fileExists(atPath: table) else {
            print("skipped: no ../shared/data beside the repository")
            return
        }
        let file = root.appending(path: "Examples/lymph-node/lymph-node.paracrine.yaml")
        var model = try ModelFile.read(try String(contentsOf: file, encoding: .utf8), named: "lymph-node").model
        model.record = RecordPlan()
        var record = CommunicationRecord(every: .seconds(60))
        for (name, x, y) in [("left", 150.0, 370.0), ("right", 600, 200)] {
            record.groups.append(
                CellGroup(
                    name: name, cellType: "Tsec", centre: [x, y, 5].map { .micrometres($0) }, radius: .micrometres(180))
            )
        }
        model.record.communication = record
        let tables = try model.placements.compactMap { placement -> TableCells? in
            guard case .table(var plan) = placement.pattern else { return nil }
            plan.path = table
            return try CellTable.read(
                path: table, placement: plan, columnsNeeded: CellTable.markers(of: plan, in: model)
            ).cells
        }
        let cells = try CellPlacement.place(model, tables: tables).cells
        let engine = TissueEngine(model, cells: cells, threads: 1)
        while engine.time < 600 { try engine.step(until: 600) }
        let rows = engine.communication(at: 600).rows
        #expect(Set(rows.map(\.sender)) == ["left", "right", "Tsec"])
        #expect(Set(rows.filter { $0.captured > 100 }.map(\.receiver)) == ["Th", "Treg", "CD8"])
        let ledger = try #require(engine.ledgers(at: 600).first)
        let captured = ledger[.bound] + ledger[.internalised]
        #expect(abs(rows.reduce(0) { $0 + $1.captured } / captured - 1) < 1e-9)
        for (type, whole) in zip(model.cellTypes, engine.captured("IL-2", at: 600)) where whole > 0 {
            let sum = rows.filter { $0.receiver == type.name }.reduce(0) { $0 + $1.captured }
            #expect(abs(sum / whole - 1) < 1e-9, "\(type.name)")
        }
        // Unaided, before they are made to, the tags add up nearly as well as the field is known.
        #expect((engine.attribution?.worstGap ?? 1) < 1e-3)
    }
}
