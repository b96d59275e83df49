import Foundation
import Results

/// Recorded fields as an OME-Zarr 0.4 image: axes t, c, z, y, x; one channel a molecule, nM, 64-bit, uncompressed.
///
/// Layout: OME-NGFF 0.4 over Zarr version 2. Voxel centres lie half a voxel from the box's corner, which the
/// translation says. Times that are not evenly spaced have no scale of their own; they stand in the attribute
/// "paracrine", as all times do.
struct OMEZarr {
    private let run: ExportedRun

    init(_ run: ExportedRun) { self.run = run }

    /// One time: the files that hold the molecules, in the order of the channels.
    private struct Moment {
        var time: Double
        var files: [String: String]
    }

    func write(_ times: ExportTimes, to path: String) throws {
        let (channels, moments) = try moments(times)
        try ExportPlace.makeFolder("\(path)/0")
        var ranges = [ClosedRange<Double>?](repeating: nil, count: channels.count)
        var grid: (voxels: [Int], spacing: Double)?
        for (t, moment) in moments.enumerated() {
            for (c, channel) in channels.enumerated() {
                let fields = try run.reader.fields(moment.files[channel] ?? "")
                guard let field = fields.first(where: { $0.molecule == channel }) else { continue }
                guard grid == nil || grid?.voxels == field.voxels else {
                    throw ExportProblem(
                        "the recorded fields have different grids", fix: "use a folder that 'paracrine run' wrote")
                }
                grid = (field.voxels, field.spacing)
                try Chunks(field.voxels).write(field.values, to: "\(path)/0/\(t)/\(c)")
                let low = field.values.min() ?? 0
                let high = field.values.max() ?? 0
                ranges[c] = min(low, ranges[c]?.lowerBound ?? low)...max(high, ranges[c]?.upperBound ?? high)
            }
        }
        guard let grid else { throw ExportedRun.noFields }
        let array = OMEZarr.array(times: moments.count, channels: channels.count, voxels: grid.voxels)
        try ExportPlace.write((["zarr_format": 2] as JSONTree).document, to: "\(path)/.zgroup")
        try ExportPlace.write(array.document, to: "\(path)/0/.zarray")
        let attributes = attributes(channels, moments.map(\.time), ranges.map { $0 ?? 0...0 }, grid.spacing)
        try ExportPlace.write(attributes.document, to: "\(path)/.zattrs")
    }

    /// The molecules, and the times asked for at which every one of them was recorded.
    private func moments(_ times: ExportTimes) throws -> (channels: [String], moments: [Moment]) {
        var channels: [String] = []
        var moments: [Moment] = []
        for file in run.reader.fieldFiles {
            let time = try run.reader.time(of: file)
            if moments.last.map({ !ExportedRun.isSame($0.time, time) }) ?? true {
                moments.append(Moment(time: time, files: [:]))
            }
            for molecule in try run.reader.molecules(of: file) {
                if !channels.contains(molecule) { channels.append(molecule) }
                moments[moments.count - 1].files[molecule] = file
            }
        }
        let whole = moments.filter { moment in channels.allSatisfy { moment.files[$0] != nil } }
        guard let last = whole.last else { throw ExportedRun.noFields }
        switch times {
        case .last: return (channels, [last])
        case .every: return (channels, whole)
        case .at(let time):
            guard let index = ExportedRun.index(of: time, in: whole.map(\.time)) else {
                throw ExportedRun.unrecorded("fields of every molecule", time, whole.map(\.time))
            }
            return (channels, [whole[index]])
        }
    }

    // MARK: - What describes it

    private static func array(times: Int, channels: Int, voxels: [Int]) -> JSONTree {
        let shape = [times, channels] + voxels.reversed()
        let chunk = [1, 1] + Chunks(voxels).shape.reversed()
        return [
            "zarr_format": 2, "shape": .integers(shape), "chunks": .integers(chunk), "dtype": "<f8",
            "compressor": .null, "fill_value": 0, "order": "C", "filters": .null, "dimension_separator": "/",
        ]
    }

    private func attributes(
        _ channels: [String], _ times: [Double], _ ranges: [ClosedRange<Double>], _ spacing: Double
    ) -> JSONTree {
        let steps = zip(times, times.dropFirst()).map { $1 - $0 }
        let step = steps.first ?? 1
        let isEven = steps.allSatisfy { ExportedRun.isSame($0, step) }
        let timeAxis: JSONTree =
            isEven ? ["name": "t", "type": "time", "unit": "second"] : ["name": "t", "type": "time"]
        let space: [JSONTree] = ["z", "y", "x"].map {
            ["name": .text($0), "type": "space", "unit": "micrometer"]
        }
        let half = spacing / 2
        let scale = [isEven ? step : 1, 1, spacing, spacing, spacing]
        let corner = [isEven ? times.first ?? 0 : 0, 0, half, half, half]
        let dataset: JSONTree = [
            "path": "0",
            "coordinateTransformations": [
                ["type": "scale", "scale": .numbers(scale)], ["type": "translation", "translation": .numbers(corner)],
            ],
        ]
        let multiscale: JSONTree = [
            "version": "0.4", "name": .text(run.stem),
            "axes": .list([timeAxis, ["name": "c", "type": "channel"]] + space),
            "datasets": [dataset],
        ]
        let shown: [JSONTree] = zip(channels, ranges).enumerated().map { index, channel in
            let high = channel.1.upperBound > channel.1.lowerBound ? channel.1.upperBound : channel.1.lowerBound + 1
            let window: JSONTree = [
                "min": 0, "max": .number(high), "start": .number(channel.1.lowerBound), "end": .number(high),
            ]
            return [
                "label": .text(channel.0), "active": true,
                "color": .text(OMEZarr.colours[index % OMEZarr.colours.count]),
                "window": window,
            ]
        }
        return [
            "multiscales": [multiscale], "omero": ["version": "0.4", "channels": .list(shown)],
            "paracrine": ["times": .numbers(times), "time_unit": "second", "value_unit": "nM"],
        ]
    }

    /// Okabe and Ito's, which colour-blind people tell apart (jfly.uni-koeln.de/color).
    private static let colours = ["E69F00", "56B4E9", "009E73", "F0E442", "0072B2", "D55E00", "CC79A7", "FFFFFF"]
}

/// How a field is cut into the files of a Zarr array.
private struct Chunks {
    let voxels: [Int]
    /// Along x, y and z.
    ///
    /// Chosen: at most 2 MiB of doubles each.
    let shape: [Int]

    init(_ voxels: [Int]) {
        self.voxels = voxels
        shape = [min(voxels[0], 128), min(voxels[1], 64), min(voxels[2], 32)]
    }

    /// Writes each chunk as `FOLDER/z/y/x`; those at the far walls are filled up with 0.
    func write(_ values: [Double], to folder: String) throws {
        let counts = zip(voxels, shape).map { ($0 + $1 - 1) / $1 }
        for z in 0..<counts[2] {
            for y in 0..<counts[1] {
                try ExportPlace.makeFolder("\(folder)/\(z)/\(y)")
                for x in 0..<counts[0] {
                    try ExportPlace.write(bytes(values, x, y, z), to: "\(folder)/\(z)/\(y)/\(x)")
                }
            }
        }
    }

    private func bytes(_ values: [Double], _ x: Int, _ y: Int, _ z: Int) -> Data {
        var chunk = [UInt64](repeating: 0, count: shape.reduce(1, *))
        let (x0, y0, z0) = (x * shape[0], y * shape[1], z * shape[2])
        let width = min(shape[0], voxels[0] - x0)
        for k in 0..<min(shape[2], voxels[2] - z0) {
            for j in 0..<min(shape[1], voxels[1] - y0) {
                let from = ((z0 + k) * voxels[1] + y0 + j) * voxels[0] + x0
                let to = (k * shape[1] + j) * shape[0]
                for i in 0..<width { chunk[to + i] = values[from + i].bitPattern.littleEndian }
            }
        }
        return unsafe chunk.withUnsafeBytes { unsafe Data($0) }
    }
}

extension JSONTree {
    static func numbers(_ values: [Double]) -> JSONTree { .list(values.map { .number($0) }) }
    static func integers(_ values: [Int]) -> JSONTree { .list(values.map { .number(Double($0)) }) }
}
