import Simulation

/// What every frame written so far holds: enough to describe them all to ParaView.
struct FrameIndex {
    struct Cells {
        var file: String
        var time: Double
        var count: Int
        var columns: [Dataset]
    }
    struct Field {
        var file: String
        var time: Double
        var voxels: [Int]
        var spacing: Double
        var dataset: Dataset
    }
    /// A recorded thing and the name its dataset has in the file.
    struct Dataset: Hashable {
        var name: String
        var path: String
    }

    private(set) var cells: [Cells] = []
    private(set) var fields: [Field] = []
    private(set) var fieldFiles = 0

    var nextCellFile: String { FrameIndex.file("cells", cells.count) }
    var nextFieldFile: String { FrameIndex.file("fields", fieldFiles) }
    var frames: Int { cells.count + fieldFiles }

    mutating func append(_ frame: CellFrame) {
        let columns = FrameFile.datasets(frame.columns.map(\.name), beside: FrameFile.cellDatasets)
        cells.append(Cells(file: nextCellFile, time: frame.time, count: frame.ids.count, columns: columns))
    }

    mutating func append(_ frames: [FieldFrame]) {
        let datasets = FrameFile.datasets(frames.map(\.molecule), beside: [])
        for (frame, dataset) in zip(frames, datasets) {
            fields.append(
                Field(
                    file: nextFieldFile, time: frame.time, voxels: frame.voxels, spacing: frame.spacing,
                    dataset: dataset))
        }
        fieldFiles += 1
    }

    /// Such as "cells-000123.h5".
    static func file(_ kind: String, _ number: Int) -> String {
        let digits = String(number)
        return "\(kind)-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).h5"
    }
}
