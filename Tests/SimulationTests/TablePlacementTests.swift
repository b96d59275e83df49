import Biology
import Simulation
import Testing

@Suite struct TablePlacementTests {
    /// 1000 cells on a grid of a 100 × 100 × 20 µm box, labels a, b, c in turn, marker = row.
    private func makeTable() -> TableCells {
        var table = TableCells(path: "cells.csv")
        table.labelNames = ["a", "b", "c"]
        for row in 0..<1000 {
            table.x.append(Double(row % 50) * 2)
            table.y.append(Double(row / 50) * 5)
            table.labels.append(row % 3)
            table.lines.append(row + 2)
        }
        table.markers["CD25"] = (0..<1000).map(Double.init)
        return table
    }

    private func makeModel(_ labels: [String: [TypeShare]], thickness: Double? = nil) -> Model {
        var plan = TablePlacement(path: "cells.csv", typeColumn: "type", labels: labels)
        plan.thickness = thickness.map { .micrometres($0) }
        var model = SimulationTests.makeModel(
            [100, 100, 20], counts: ["Th": nil, "Treg": nil], [Placement(cellType: nil, pattern: .table(plan))])
        model.receptors = [Receptor(name: "IL-2R", ligands: [])]
        return model
    }

    @Test func labelsBecomeTypesAndTheRestIsReported() throws {
        let model = makeModel(["a": [TypeShare(cellType: "Th", share: 1)], "b": []])
        let placed = try CellPlacement.place(model, tables: [makeTable()])
        #expect(placed.cells.count == 334)
        #expect(placed.cells.allSatisfy { $0.typeIndex == 0 && $0.z == 10 })
        #expect(placed.cells[1].line == 5)
        #expect(
            placed.notes == [
                "cells.csv: 333 of 1000 cells have a label that the model does not map and are left out: 'c' (333).",
                "No cell of type 'Treg' is placed: no placement names it.",
            ])
    }

    @Test func sharesOfALabelAreDrawnByRowAlone() throws {
        let shares = [TypeShare(cellType: "Treg", share: 0.1), TypeShare(cellType: "Th", share: 0.9)]
        let all = makeModel(["a": shares, "b": shares, "c": shares])
        let first = try CellPlacement.place(all, tables: [makeTable()]).cells
        let treg = Double(first.count { $0.typeIndex == 1 })
        #expect(abs(treg - 100) < 4 * 90.0.squareRoot())
        let some = try CellPlacement.place(makeModel(["b": shares]), tables: [makeTable()]).cells
        let types = Dictionary(uniqueKeysWithValues: first.map { ($0.line, $0.typeIndex) })
        #expect(some.allSatisfy { types[$0.line] == $0.typeIndex })
    }

    @Test func cellsOutsideTheBoxAreListedByLine() throws {
        var table = makeTable()
        table.x[0] = -1
        table.y[6] = 101
        let one = [TypeShare(cellType: "Th", share: 1)]
        let placed = try CellPlacement.place(makeModel(["a": one, "b": one, "c": one]), tables: [table])
        #expect(placed.cells.count == 998)
        #expect(
            placed.notes[0]
                == "cells.csv: 2 of 1000 cells lie outside the box of 100 × 100 × 20 µm and are left out: lines 2, 8.")
    }

    @Test func aSectionWithThicknessSpreadsCellsOverIt() throws {
        let one = [TypeShare(cellType: "Th", share: 1)]
        let model = makeModel(["a": one, "b": one, "c": one], thickness: 8)
        let depths = try CellPlacement.place(model, tables: [makeTable()]).cells.map(\.z)
        #expect(depths.allSatisfy { (6...14).contains($0) })
        let mean = depths.reduce(0, +) / 1000
        #expect(abs(mean - 10) < 4 * 8 / 12_000.0.squareRoot())
        #expect(Set(depths).count > 990)
        let fault = #expect(throws: PlacementError.self) {
            try CellPlacement.place(self.makeModel(["a": one], thickness: 30), tables: [self.makeTable()])
        }
        #expect(
            fault?.description == "place.other: error: the section is 30 µm thick, but the box is 20 µm deep\n"
                + "  fix: make the box as deep as the section")
    }

    @Test func aMarkerIsScaledToTheStatedMean() throws {
        var model = makeModel([
            "a": [TypeShare(cellType: "Th", share: 1)], "b": [TypeShare(cellType: "Treg", share: 1)],
        ])
        model.cellTypes[0].receptors["IL-2R"] = .column(
            "CD25", MarkerCalibration(scale: .mean(.molecules(348)), background: 100))
        model.cellTypes[1].receptors["IL-2R"] = .column("CD25", MarkerCalibration(scale: .perUnit(.molecules(2))))
        let cells = try CellPlacement.place(model, tables: [makeTable()]).cells
        let th = cells.filter { $0.typeIndex == 0 }.map { $0.receptors[0] }
        #expect(abs(th.reduce(0, +) / Double(th.count) - 348) < 1e-9)
        #expect(th[0] == 0)
        for cell in cells where cell.typeIndex == 1 { #expect(cell.receptors[0] == 2 * Double((cell.line ?? 0) - 2)) }
    }

    @Test func markersThatCannotServeAreSaid() {
        func fault(_ number: ReceptorNumber, _ table: TableCells, extra: Placement? = nil) -> String? {
            var model = makeModel(["a": [TypeShare(cellType: "Th", share: 1)]])
            model.cellTypes[0].receptors["IL-2R"] = number
            if let extra { model.placements.append(extra) }
            return #expect(throws: PlacementError.self) { try CellPlacement.place(model, tables: [table]) }?.description
        }
        #expect(
            fault(.column("CD25", MarkerCalibration(scale: .mean(.molecules(348)), background: 1000)), makeTable())
                == "cells.Th.receptors.IL-2R: error: no cell is brighter in 'CD25' than the background of 1000, so no scale "
                + "gives them 348 receptors on average\n  fix: lower the background, or give the number of receptors itself"
        )
        #expect(
            fault(.column("CD8", MarkerCalibration(scale: .perUnit(.molecules(1)))), makeTable())
                == "cells.Th.receptors.IL-2R: error: cells.csv has no column 'CD8'\n  fix: name a column of numbers of that table"
        )
        #expect(
            fault(
                .column("CD25", MarkerCalibration(scale: .perUnit(.molecules(1)))), makeTable(),
                extra: Placement(cellType: "Th", pattern: .points([lengths(1, 1, 20)])))
                == "cells.Th.receptors.IL-2R: error: 'IL-2R' comes from a column, but a cell of 'Th' does not come from a table\n"
                + "  fix: give a number of receptors, or place every 'Th' from the table")
    }
}
