import Biology
import CZlib
import Foundation
import HDF5
import Tables

/// A file name in the temporary folder; what stands there is removed at the end.
func withFile<Result>(_ name: String = "cells.csv", _ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("paracrine-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.appendingPathComponent(name).path)
}

/// Reads a table from bytes.
func read(
    _ bytes: [UInt8], _ placement: TablePlacement = plan(), _ markers: Set<String> = [], name: String = "cells.csv"
) throws -> CellTable {
    try withFile(name) { path in
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try CellTable.read(path: path, placement: placement, columnsNeeded: markers)
    }
}

func read(_ text: String, _ placement: TablePlacement = plan(), _ markers: Set<String> = []) throws -> CellTable {
    try read(Array(text.utf8), placement, markers)
}

/// The message of the error that reading gives, with the file's name alone.
func fault(_ bytes: [UInt8], _ placement: TablePlacement = plan(), _ markers: Set<String> = []) -> String? {
    do {
        _ = try read(bytes, placement, markers)
        return nil
    } catch let error as TableError {
        var short = error
        short.path = "cells.csv" + (error.path.components(separatedBy: "cells.csv").last ?? "")
        return short.description
    } catch { return "\(error)" }
}

func fault(_ text: String, _ placement: TablePlacement = plan(), _ markers: Set<String> = []) -> String? {
    fault(Array(text.utf8), placement, markers)
}

/// Columns x, y and type.
func plan(_ positions: [String]? = ["x", "y"], id: String? = nil, type: String = "type") -> TablePlacement {
    var placement = TablePlacement(path: "cells.csv", typeColumn: type, labels: [:])
    placement.positionColumns = positions
    placement.idColumn = id
    return placement
}

/// Bytes packed by gzip.
func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    try withFile("packed.gz") { path in
        let file = unsafe gzopen(path, "wb")
        unsafe bytes.withUnsafeBytes { _ = unsafe gzwrite(file, $0.baseAddress, UInt32($0.count)) }
        unsafe gzclose(file)
        return try Array(Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

/// The real tables beside the repository; `nil` where they are absent.
func sharedTable(_ name: String) -> String? {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    let path = root.appendingPathComponent("shared/data/tissue/\(name)").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
}
