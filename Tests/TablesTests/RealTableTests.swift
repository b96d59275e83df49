import Biology
import Simulation
import Tables
import Testing

/// Tables of real tissue; skipped where they are not beside the repository.
@Suite(.enabled("no ../shared/data beside the repository") { sharedTable("ln_human_ibex_cells.csv") != nil })
struct RealTableTests {
    private func path(_ name: String) throws -> String { try #require(sharedTable(name)) }

    private func plan(_ positions: [String]?, id: String? = nil, type: String = "cell_type") -> TablePlacement {
        var placement = TablePlacement(path: "", typeColumn: type, labels: [:])
        placement.positionColumns = positions
        placement.idColumn = id
        return placement
    }

    @Test func theLymphNodeIsTheSameFromCSVAndAnnData() throws {
        let fromCSV = try CellTable.read(
            path: path("ln_human_ibex_cells.csv"), placement: plan(["x_um", "y_um"], id: "cell_id"),
            columnsNeeded: ["CD25"])
        let fromAnnData = try CellTable.read(
            path: path("ln_human_ibex_derived.h5ad"), placement: plan(["x_um", "y_um"], id: "cell_id"),
            columnsNeeded: ["CD25"])
        #expect(fromAnnData.notes.count == 1 && fromAnnData.notes[0].contains("'obs' has no column 'x_um'"))
        #expect(fromCSV.cells.x.count == 9757 && fromCSV.problems.isEmpty && fromAnnData.problems.isEmpty)
        #expect(fromCSV.ids == fromAnnData.ids)
        #expect(
            fromCSV.cells.labels.map { fromCSV.cells.labelNames[$0] }
                == fromAnnData.cells.labels.map { fromAnnData.cells.labelNames[$0] })
        for (a, b) in zip(fromCSV.cells.x, fromAnnData.cells.x) { #expect(abs(a - b) < 1e-3) }
        let (a, b) = (try #require(fromCSV.cells.markers["CD25"]), try #require(fromAnnData.cells.markers["CD25"]))
        #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-3 * max(1, abs($0)) })
    }

    @Test func theLymphNodeStandsInASlabWithMeasuredReceptors() throws {
        var placement = plan(["x_um", "y_um"], id: "cell_id")
        placement.path = "ln_human_ibex_cells.csv"
        placement.thickness = .micrometres(10)
        placement.labels = ["Treg": [TypeShare(cellType: "Treg", share: 1)]]
        let csv = try path(placement.path)
        let folder = String(csv.dropLast(placement.path.count + 1))
        let labels = try CellTable.read(path: csv, placement: placement, columnsNeeded: []).cells.labelNames
        let treg = try #require(labels.first { $0.contains("Treg") })
        placement.labels = [treg: [TypeShare(cellType: "Treg", share: 1)]]
        var model = Model(
            name: "node",
            space: Space(size: [730, 740, 10].map { .micrometres($0) }, spacing: .micrometres(10)),
            run: RunPlan(duration: .seconds(1), seed: 1))
        model.receptors = [Receptor(name: "IL-2Rα", ligands: [])]
        var type = CellType(name: "Treg", radius: .micrometres(4))
        type.receptors["IL-2Rα"] = .column("CD25", MarkerCalibration(scale: .mean(.molecules(3589))))
        model.cellTypes = [type]
        model.placements = [Placement(cellType: nil, pattern: .table(placement))]
        let tables = try CellTable.readAll(for: model, folder: folder)
        let placed = try CellPlacement.place(model, tables: tables.map(\.cells))
        #expect(placed.cells.count > 100)
        let mean = placed.cells.reduce(0) { $0 + $1.receptors[0] } / Double(placed.cells.count)
        #expect(abs(mean - 3589) < 1e-6)
        #expect(placed.notes.count == 1 && placed.notes[0].contains("have a label that the model does not map"))
    }

    @Test func gzipAndQuotedColumnsOfOtherTablesAreRead() throws {
        let gut = try CellTable.read(
            path: path("gut_human_codex_HBM565.LSMX.645.csv.gz"), placement: plan(["x_um", "y_um"], id: "id"),
            columnsNeeded: [])
        #expect(gut.cells.x.count + gut.problemCount == 88_522)
        let lung = try CellTable.read(
            path: path("nsclc_mif_phenoptr.csv"), placement: plan(["x_um", "y_um"]),
            columnsNeeded: ["Entire Cell CD8 (Opal 540) Mean"])
        #expect(lung.cells.x.count == 6072)
    }

    @Test func theOldAnnDataEncodingIsReadWithPixels() throws {
        var placement = plan(["X_position", "Y_position"], type: "phenotype")
        placement.unitLength = .micrometres(0.65)
        let table = try CellTable.read(
            path: path("lymphoma_cycif_scimap.h5ad"), placement: placement, columnsNeeded: ["Area"])
        #expect(table.cells.x.count == 3029 && table.cells.labelNames.count == 25)
        #expect(table.cells.x.allSatisfy { $0 > 0 && $0 < 10_000 })
    }
}
