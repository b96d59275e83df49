import Biology
import Foundation
import HDF5
import Simulation
import Tables
import Testing

/// Writes a small AnnData file of four cells and two markers.
func writeAnnData(
    _ path: String, isOld: Bool = false, sparse: String? = nil, _ change: (HDF5File) throws -> Void = { _ in }
) throws {
    let file = try HDF5File.create(at: path)
    for frame in ["obs", "var"] {
        try file.createGroup(frame)
        try file.setAttribute("encoding-type", to: .text("dataframe"), of: frame)
        try file.setAttribute("encoding-version", to: .text(isOld ? "0.1.0" : "0.2.0"), of: frame)
        try file.setAttribute("_index", to: .text("names"), of: frame)
    }
    try file.write(["c1", "c2", "c3", "c4"], to: "obs/names")
    try file.write(["CD25", "FoxP3"], to: "var/names")
    try file.write([10.0, 20, 30, 40], to: "obs/x")
    try file.write([1.0, 2, 3, 4], to: "obs/y")
    try file.write([3, 1, 3, 2], to: "obs/cluster")
    if isOld {
        try file.write([Int32(0), 1, -1, 0], to: "obs/type")
        try file.write(["Th", "Treg"], to: "obs/__categories/type")
    } else {
        try file.createGroup("obs/type")
        try file.setAttribute("encoding-type", to: .text("categorical"), of: "obs/type")
        try file.write([Int32(0), 1, -1, 0], to: "obs/type/codes")
        try file.write(["Th", "Treg"], to: "obs/type/categories")
        try file.write([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4], to: "obsm/spatial", shape: [4, 2])
    }
    switch sparse {
    case "csr_matrix":
        try file.write([5.0, 6, 7], to: "X/data")
        try file.write([0, 1, 1], to: "X/indices")
        try file.write([0, 2, 2, 2, 3], to: "X/indptr")
    case "csc_matrix":
        try file.write([5.0, 6, 7], to: "X/data")
        try file.write([0, 0, 3], to: "X/indices")
        try file.write([0, 1, 3], to: "X/indptr")
    default: try file.write([Float(5), 6, 0, 0, 0, 0, 0, 7], to: "X", shape: [4, 2])
    }
    if let sparse { try file.setAttribute("encoding-type", to: .text(sparse), of: "X") }
    try change(file)
    try file.close()
}

@Suite struct AnnDataTests {
    private func read(_ path: String, _ placement: TablePlacement, _ markers: Set<String> = []) throws -> CellTable {
        try CellTable.read(path: path, placement: placement, columnsNeeded: markers)
    }

    /// The message after the path, once the file was changed.
    private func fault(
        _ placement: TablePlacement = plan(nil), _ markers: Set<String> = [],
        _ change: (HDF5File) throws -> Void = { _ in }
    ) throws -> String? {
        try withFile("a.h5ad") { path in
            try writeAnnData(path, change)
            let error = #expect(throws: TableError.self) { try self.read(path, placement, markers) }
            return error.map { "\($0.problem)\n\($0.fix)" }
        }
    }

    @Test func theModernEncodingIsRead() throws {
        try withFile("a.h5ad") { path in
            try writeAnnData(path)
            let table = try read(path, plan(nil, id: "index"), ["FoxP3", "cluster"])
            #expect(table.cells.x == [0.5, 1.5, 3.5] && table.cells.y == [1, 2, 4])
            #expect(table.cells.labels == [0, 1, 0] && table.cells.labelNames == ["Th", "Treg"])
            #expect(table.cells.markers == ["FoxP3": [6, 0, 7], "cluster": [3, 1, 2]])
            #expect(table.cells.lines == [1, 2, 4] && table.cells.lineWord == "row")
            #expect(table.ids == ["c1", "c2", "c4"])
            #expect(table.problems == [RowProblem(line: 3, what: "'type' is missing")])
        }
    }

    @Test func columnsOfACSVFileGiveWayToAnnDatasOwn() throws {
        try withFile("a.h5ad") { path in
            try writeAnnData(path)
            let table = try read(path, plan(["x_um", "y_um"], id: "cell_id"))
            #expect(table.cells.x == [0.5, 1.5, 3.5] && table.cells.y == [1, 2, 4])
            #expect(table.ids == ["c1", "c2", "c4"])
            #expect(
                table.notes == [
                    "\(path): 'obs' has no column 'x_um': positions are those of 'obsm/spatial'",
                    "\(path): 'obs' has no column 'cell_id': cells are named by its index",
                    "\(path):3: left out: 'type' is missing",
                ])
            let own = try read(path, plan(["x", "y"], id: "names"))
            #expect(own.cells.x == [10, 20, 40] && own.substitutes.isEmpty)
        }
    }

    @Test func absentColumnsAreNamedWhereThereIsNoArrayOfPositions() throws {
        try withFile("a.h5ad") { path in
            try writeAnnData(path, isOld: true)
            let error = #expect(throws: TableError.self) { try self.read(path, plan(["x_um", "y"])) }
            #expect(error?.problem == "there is no column 'x_um'")
        }
    }

    @Test func theOldEncodingIsRead() throws {
        try withFile("a.h5ad") { path in
            try writeAnnData(path, isOld: true)
            let table = try read(path, plan(), ["CD25"])
            #expect(table.cells.x == [10, 20, 40])
            #expect(table.cells.labelNames == ["Th", "Treg"] && table.cells.labels == [0, 1, 0])
            #expect(table.cells.markers["CD25"] == [5, 0, 0])
        }
    }

    @Test(arguments: ["csr_matrix", "csc_matrix"]) func sparseMarkersAreRead(kind: String) throws {
        try withFile("a.h5ad") { path in
            try writeAnnData(path, sparse: kind)
            let cells = try read(path, plan(nil), ["CD25", "FoxP3"]).cells
            #expect(cells.markers == ["CD25": [5, 0, 0], "FoxP3": [6, 0, 7]])
        }
    }

    @Test func wholeNumbersServeAsLabels() throws {
        try withFile("a.h5ad") { path in
            try writeAnnData(path)
            #expect(try read(path, plan(nil, type: "cluster")).cells.labelNames == ["3", "1", "2"])
        }
    }

    @Test func maskedAndMissingValuesAreListed() throws {
        try withFile("a.h5ad") { path in
            try writeAnnData(path) { file in
                try file.createGroup("obs/depth")
                try file.setAttribute("encoding-type", to: .text("nullable-integer"), of: "obs/depth")
                try file.write([1, 2, 3, 4], to: "obs/depth/values")
                try file.write([UInt8(0), 1, 0, 0], to: "obs/depth/mask")
                try file.write([1, 2, 3, Double.infinity], to: "obs/w")
            }
            let table = try read(path, plan(["x", "w", "depth"], type: "cluster"))
            #expect(table.cells.z == [1, 3])
            #expect(
                table.problems == [
                    RowProblem(line: 2, what: "'depth' is missing"), RowProblem(line: 4, what: "'w' is infinite"),
                ])
        }
    }

    @Test func whatIsNotThereIsNamed() throws {
        #expect(
            try fault(plan(nil, type: "typ"))
                == "there is no column 'typ'\ndid you mean 'type'? the columns are 'cluster', 'names', 'type', 'x', 'y'"
        )
        #expect(
            try fault(plan(nil), ["CD4"])
                == "there is no column 'CD4'\n"
                + "the columns are 'CD25', 'FoxP3', 'cluster', 'names', 'type', 'x', 'y'")
        #expect(try fault(plan(["x", "names"]))?.hasPrefix("column 'names' of 'obs' holds texts") == true)
        try withFile("a.h5ad") { path in
            try writeAnnData(path, isOld: true)
            let error = #expect(throws: TableError.self) { try self.read(path, plan(nil)) }
            #expect(
                error?.description == "\(path): error: there is no array 'obsm/spatial' with the positions\n"
                    + "  fix: name the columns of 'obs' that hold them, as 'x:' and 'y:'")
        }
    }

    @Test func encodingsOfOtherTimesAreRefusedByName() throws {
        #expect(
            try fault { try $0.setAttribute("encoding-version", to: .text("0.3.0"), of: "obs") }
                == "'obs' is encoded as dataframe 0.3.0, and this build reads dataframe 0.1.0 and 0.2.0\n"
                + "read it with anndata and write it again with 'write_h5ad'")
        #expect(
            try fault { try $0.setAttribute("encoding-type", to: .text("novel"), of: "obs/type") }
                == "'obs/type' is encoded as novel, which this build does not read\n"
                + "turn the column into categories, texts or numbers with anndata")
        try withFile("a.h5ad") { path in
            let file = try HDF5File.create(at: path)
            try file.write([1.0], to: "obs")
            try file.close()
            let error = #expect(throws: TableError.self) { try self.read(path, plan(nil)) }
            #expect(error?.problem == "'obs' is a compound array, as anndata before 0.7 wrote it")
        }
    }

    @Test func partsThatDoNotFitTogetherAreRefused() throws {
        #expect(
            try fault(plan(["x", "short"])) { try $0.write([1.0], to: "obs/short") }?.contains(
                "has 1 rows where others have 4") == true)
        #expect(
            try fault(plan(["x", "square"])) { try $0.write([1.0, 2, 3, 4], to: "obs/square", shape: [2, 2]) }?
                .hasPrefix("'obs/square' is no column") == true)
        #expect(
            try fault(plan(nil, type: "wrong")) { file in
                try file.createGroup("obs/wrong")
                try file.setAttribute("encoding-type", to: .text("categorical"), of: "obs/wrong")
                try file.write([0, 1, 7, 0], to: "obs/wrong/codes")
                try file.write(["a", "b"], to: "obs/wrong/categories")
            }?.hasPrefix("'obs/wrong/codes' has the code 7, but there are 2 categories") == true)
    }
}
