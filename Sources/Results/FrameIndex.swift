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

    /// Keeps what is known of the frames written so far.
    mutating func keep(in archive: StateArchive) throws(StateProblem) {
        var (times, counts) = (cells.map(\.time), cells.map(\.count))
        var columns = cells.map { $0.columns.count }
        var datasets = (cells.flatMap(\.columns) + fields.map(\.dataset)).flatMap { [$0.name, $0.path] }
        var (files, fieldTimes) = (fields.map(\.file), fields.map(\.time))
        var (voxels, spacings) = (fields.map(\.voxels), fields.map(\.spacing))
        try archive.keep("frames.times", &times)
        try archive.keep("frames.counts", &counts)
        try archive.keep("frames.columns", &columns)
        try archive.keep("frames.datasets", &datasets)
        try archive.keep("frames.field files", &files)
        try archive.keep("frames.field times", &fieldTimes)
        try archive.keep("frames.voxels", &voxels)
        try archive.keep("frames.spacings", &spacings)
        try archive.keep("frames.files of fields", &fieldFiles)
        guard archive.isRestoring else { return }
        let lengths = [counts.count, columns.count, times.count]
        guard lengths.allSatisfy({ $0 == times.count }), columns.allSatisfy({ $0 >= 0 }),
            [fieldTimes.count, voxels.count, spacings.count].allSatisfy({ $0 == files.count }),
            datasets.count == 2 * (columns.reduce(0, +) + files.count)
        else { throw StateProblem("frames", "do not belong together") }
        var names = stride(from: 0, to: datasets.count, by: 2).map {
            Dataset(name: datasets[$0], path: datasets[$0 + 1])
        }[...]
        cells = times.indices.map { k in
            defer { names = names.dropFirst(columns[k]) }
            return Cells(
                file: FrameIndex.file("cells", k), time: times[k], count: counts[k],
                columns: Array(names.prefix(columns[k])))
        }
        fields = zip(files.indices, names).map { k, dataset in
            Field(file: files[k], time: fieldTimes[k], voxels: voxels[k], spacing: spacings[k], dataset: dataset)
        }
    }

    /// Such as "cells-000123.h5".
    static func file(_ kind: String, _ number: Int) -> String {
        let digits = String(number)
        return "\(kind)-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).h5"
    }
}
