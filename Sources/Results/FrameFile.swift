import Biology
import HDF5
import Simulation

/// The layout of one frame, an HDF5 file; the same observation always gives the same bytes.
///
///     /time                    s since the start, attribute unit "s"
///     /cells/id                one a cell, in order of id
///     /cells/type              index into the attribute "names"
///     /cells/x, y, z, radius   µm
///     /cells/tissue            index into the attribute "names"; only where there are several tissues
///     /cells/NAME              a recorded signal, attributes "name" and "unit"; the order is /cells' attribute "columns"
///     /fields/NAME             nM, (z, y, x), attributes "name", "unit", "spacing" (µm); order as above
enum FrameFile {
    static let cellDatasets = ["id", "type", "x", "y", "z", "radius", "tissue"]
    private static let unit = "unit"
    private static let name = "name"
    private static let columns = "columns"

    // MARK: - Writing

    static func write(_ frame: CellFrame, to path: String) throws(HDF5Error) {
        let file = try HDF5File.create(at: path)
        try write(frame.time, to: file)
        try file.createGroup("cells")
        try write(frame.ids, "id", unit: "1", to: file)
        try write(frame.types.map { Int32(clamping: $0) }, "type", unit: "1", to: file)
        try file.setAttribute("names", to: .texts(frame.typeNames), of: "cells/type")
        for (name, values) in [("x", frame.x), ("y", frame.y), ("z", frame.z), ("radius", frame.radius)] {
            try write(values, name, unit: "µm", to: file)
        }
        if !frame.tissueNames.isEmpty {
            try write(frame.tissues.map { Int32(clamping: $0) }, "tissue", unit: "1", to: file)
            try file.setAttribute("names", to: .texts(frame.tissueNames), of: "cells/tissue")
        }
        let datasets = FrameFile.datasets(frame.columns.map(\.name), beside: cellDatasets)
        for (column, dataset) in zip(frame.columns, datasets) {
            let unit = PeopleUnit(coherent: column.unit)
            try write(unit.convert(column.values), dataset.path, unit: unit.name, to: file)
            try file.setAttribute(name, to: .text(column.name), of: "cells/\(dataset.path)")
        }
        try file.setAttribute(columns, to: .texts(datasets.map(\.path)), of: "cells")
        try file.close()
    }

    /// Writes the fields of one time.
    static func write(_ frames: [FieldFrame], to path: String) throws(HDF5Error) {
        let file = try HDF5File.create(at: path)
        try write(frames.first?.time ?? 0, to: file)
        try file.createGroup("fields")
        let datasets = FrameFile.datasets(frames.map(\.molecule), beside: [])
        for (frame, dataset) in zip(frames, datasets) {
            let path = "fields/\(dataset.path)"
            let shape = Array(frame.voxels.reversed())
            let values = PeopleUnit.concentration.convert(frame.values)
            try file.write(values, to: path, shape: shape, storage: storage(shape))
            try file.setAttribute(name, to: .text(frame.molecule), of: path)
            try file.setAttribute(unit, to: .text(PeopleUnit.concentration.name), of: path)
            try file.setAttribute("spacing", to: .number(frame.spacing), of: path)
        }
        try file.setAttribute(columns, to: .texts(datasets.map(\.path)), of: "fields")
        try file.close()
    }

    private static func write(_ time: Double, to file: HDF5File) throws(HDF5Error) {
        try file.write([time], to: "time", shape: [])
        try file.setAttribute(unit, to: .text("s"), of: "time")
    }

    private static func write<Number: HDF5Number>(
        _ values: [Number], _ dataset: String, unit: String, to file: HDF5File
    ) throws(HDF5Error) {
        try file.write(values, to: "cells/\(dataset)", storage: storage([values.count]))
        try file.setAttribute(FrameFile.unit, to: .text(unit), of: "cells/\(dataset)")
    }

    /// Small datasets as they are; others in chunks of whole rows and planes, deflated.
    ///
    /// Chosen: below 4096 elements a chunk's index costs more than it saves; chunks of up to 65536 doubles fit HDF5's
    /// cache of 1 MiB; level 4 is within a few per cent of level 9 at a third of its time.
    static func storage(_ shape: [Int]) -> HDF5Storage {
        guard shape.reduce(1, *) >= 4096 else { return .contiguous }
        var chunk = shape
        for axis in chunk.indices {
            let rest = chunk[(axis + 1)...].reduce(1, *)
            chunk[axis] = min(shape[axis], max(1, 65536 / max(1, rest)))
        }
        return .deflated(chunk: chunk, level: 4)
    }

    /// Names for datasets: what HDF5 or XDMF would take for a path is written %2F and so on, and no two are alike.
    static func datasets(_ names: [String], beside taken: [String]) -> [FrameIndex.Dataset] {
        var taken = Set(taken)
        return names.map { name in
            var path = ""
            for scalar in name.unicodeScalars {
                let isKept = scalar.value >= 32 && scalar.value != 127 && !"/%:".unicodeScalars.contains(scalar)
                path += isKept ? String(scalar) : FrameFile.escaped(scalar)
            }
            if path.isEmpty || path.allSatisfy({ $0 == "." }) { path += "_" }
            while !taken.insert(path).inserted { path += "_" }
            return FrameIndex.Dataset(name: name, path: path)
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "%" + (digits.count < 2 ? "0" : "") + digits
    }

    // MARK: - Reading

    static func cells(_ path: String) throws(HDF5Error) -> CellFrame {
        let file = try HDF5File.open(at: path)
        var frame = CellFrame(time: try time(file), typeNames: try texts("names", of: "cells/type", in: file))
        frame.ids = try file.read("cells/id")
        frame.types = try file.read("cells/type")
        frame.x = try file.read("cells/x")
        frame.y = try file.read("cells/y")
        frame.z = try file.read("cells/z")
        frame.radius = try file.read("cells/radius")
        if try file.contains("cells/tissue") {
            frame.tissues = try file.read("cells/tissue")
            frame.tissueNames = try texts("names", of: "cells/tissue", in: file)
        }
        for dataset in try texts(columns, of: "cells", in: file) {
            let values: [Double] = try file.read("cells/\(dataset)")
            let name = try text(name, of: "cells/\(dataset)", in: file)
            let unit = try text(unit, of: "cells/\(dataset)", in: file)
            frame.columns.append(CellFrame.Column(name: name, unit: unit, values: values))
        }
        let lengths = [frame.types, frame.ids].map(\.count) + [frame.x, frame.y, frame.z, frame.radius].map(\.count)
        let isSquare = (lengths + frame.columns.map(\.values.count)).allSatisfy { $0 == frame.ids.count }
        let areTissuesKnown =
            frame.tissueNames.isEmpty
            || frame.tissues.count == frame.ids.count && frame.tissues.allSatisfy(frame.tissueNames.indices.contains)
        guard isSquare, areTissuesKnown, frame.types.allSatisfy(frame.typeNames.indices.contains) else {
            throw HDF5Error(path: path, problem: "its columns do not belong together", fix: damaged)
        }
        return frame
    }

    static func fields(_ path: String) throws(HDF5Error) -> [RecordedField] {
        let file = try HDF5File.open(at: path)
        let time = try time(file)
        var fields: [RecordedField] = []
        for dataset in try texts(columns, of: "fields", in: file) {
            let shape = try file.shape(of: "fields/\(dataset)")
            let values: [Double] = try file.read("fields/\(dataset)")
            guard shape.count == 3, !shape.contains(0),
                case .number(let spacing)? = try file.attribute("spacing", of: "fields/\(dataset)"),
                spacing > 0, spacing.isFinite
            else { throw HDF5Error(path: path, problem: "'fields/\(dataset)' is not a field", fix: damaged) }
            let molecule = try text(name, of: "fields/\(dataset)", in: file)
            fields.append(
                RecordedField(
                    time: time, molecule: molecule, voxels: shape.reversed(), spacing: spacing, values: values))
        }
        return fields
    }

    /// The molecules whose fields a file holds.
    static func molecules(_ path: String) throws(HDF5Error) -> [String] {
        let file = try HDF5File.open(at: path)
        var molecules: [String] = []
        for dataset in try texts(columns, of: "fields", in: file) {
            molecules.append(try text(name, of: "fields/\(dataset)", in: file))
        }
        return molecules
    }

    private static func time(_ file: HDF5File) throws(HDF5Error) -> Double {
        let values: [Double] = try file.read("time")
        guard let time = values.first else { throw HDF5Error(path: file.path, problem: "it has no time", fix: damaged) }
        return time
    }

    private static func text(_ attribute: String, of name: String, in file: HDF5File) throws(HDF5Error) -> String {
        if case .text(let text)? = try file.attribute(attribute, of: name) { return text }
        throw HDF5Error(path: file.path, problem: "'\(name)' has no attribute '\(attribute)'", fix: damaged)
    }

    private static func texts(_ attribute: String, of name: String, in file: HDF5File) throws(HDF5Error) -> [String] {
        if case .texts(let texts)? = try file.attribute(attribute, of: name) { return texts }
        throw HDF5Error(path: file.path, problem: "'\(name)' has no list '\(attribute)'", fix: damaged)
    }

    private static let damaged = "this is not a whole frame of a run: run the model again"
}
