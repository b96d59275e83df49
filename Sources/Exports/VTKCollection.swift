import Foundation
import Results
import Simulation

/// A folder for ParaView: cells as points (`.vtu`), fields as images (`.vti`), and a collection over time of each (`.pvd`).
///
///     cells.pvd    cells-000012.vtu ...     point data: type, id, radius, the recorded columns
///     IL-2.pvd     IL-2-000003.vti ...      cell data: nM, one value a voxel
struct VTKCollection {
    private let run: ExportedRun

    init(_ run: ExportedRun) { self.run = run }

    func write(_ times: ExportTimes, to path: String) throws {
        guard !run.reader.cellFiles.isEmpty || !run.reader.fieldFiles.isEmpty else {
            throw ExportProblem(
                "this run recorded neither cells nor fields", fix: "add 'cells:' or 'fields:' under 'record:'")
        }
        try ExportPlace.makeFolder(path)
        if !run.reader.cellFiles.isEmpty { try writeCells(times, to: path) }
        if !run.reader.fieldFiles.isEmpty { try writeFields(times, to: path) }
    }

    private func writeCells(_ times: ExportTimes, to path: String) throws {
        var steps: [(time: Double, file: String)] = []
        for (number, file) in try run.cellFiles(times) {
            let frame = try run.reader.cells(file)
            let name = VTKCollection.name("cells", number, "vtu")
            try ExportPlace.write(VTKCollection.cells(frame), to: "\(path)/\(name)")
            steps.append((frame.time, name))
        }
        try ExportPlace.write(VTKCollection.collection(steps), to: "\(path)/cells.pvd")
    }

    private func writeFields(_ times: ExportTimes, to path: String) throws {
        var steps: [(molecule: String, stem: String, files: [(time: Double, file: String)])] = []
        var taken: Set<String> = ["cells"]
        try run.visitFields(times) { fields in
            for field in fields {
                if !steps.contains(where: { $0.molecule == field.molecule }) {
                    steps.append((field.molecule, ExportPlace.fileName(field.molecule, &taken), []))
                }
                guard let index = steps.firstIndex(where: { $0.molecule == field.molecule }) else { continue }
                let name = VTKCollection.name(steps[index].stem, steps[index].files.count, "vti")
                try ExportPlace.write(VTKCollection.image(field), to: "\(path)/\(name)")
                steps[index].files.append((field.time, name))
            }
        }
        for (_, stem, files) in steps {
            try ExportPlace.write(VTKCollection.collection(files), to: "\(path)/\(stem).pvd")
        }
    }

    private static func name(_ stem: String, _ number: Int, _ ending: String) -> String {
        let digits = String(number)
        return "\(stem)-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).\(ending)"
    }

    // MARK: - Files

    /// One vertex a cell, at its centre.
    static func cells(_ frame: CellFrame) -> Data {
        let count = frame.ids.count
        var file = VTKFile("UnstructuredGrid")
        file.add("<UnstructuredGrid>\n<FieldData>")
        file.add("TimeValue", .numbers([frame.time]), unit: "s", tuples: 1)
        file.add("type names", frame.typeNames)
        file.add("</FieldData>\n<Piece NumberOfPoints=\"\(count)\" NumberOfCells=\"\(count)\">\n<PointData>")
        file.add("type", .integers(frame.types))
        file.add("id", .integers(frame.ids))
        file.add("radius", .numbers(frame.radius), unit: "µm")
        for column in frame.columns { file.add(column.name, .numbers(column.values), unit: column.unit) }
        file.add("</PointData>\n<Points>")
        let points = frame.ids.indices.flatMap { [frame.x[$0], frame.y[$0], frame.z[$0]] }
        file.add("Points", .numbers(points), components: 3)
        file.add("</Points>\n<Cells>")
        file.add("connectivity", .integers(Array(0..<count)))
        file.add("offsets", .integers(Array(1..<count + 1)))
        // 1 is VTK_VERTEX.
        file.add("types", .bytes([UInt8](repeating: 1, count: count)))
        file.add("</Cells>\n</Piece>\n</UnstructuredGrid>")
        return file.data
    }

    /// Voxels of a box whose corner is at 0.
    static func image(_ field: RecordedField) -> Data {
        let extent = field.voxels.map { "0 \($0)" }.joined(separator: " ")
        let spacing = Array(repeating: CSVTable.number(field.spacing), count: 3).joined(separator: " ")
        var file = VTKFile("ImageData")
        file.add("<ImageData WholeExtent=\"\(extent)\" Origin=\"0 0 0\" Spacing=\"\(spacing)\">\n<FieldData>")
        file.add("TimeValue", .numbers([field.time]), unit: "s", tuples: 1)
        file.add("</FieldData>\n<Piece Extent=\"\(extent)\">\n<CellData>")
        file.add(field.molecule, .numbers(field.values), unit: PeopleUnit.concentration.name)
        file.add("</CellData>\n</Piece>\n</ImageData>")
        return file.data
    }

    /// Times in s.
    static func collection(_ steps: [(time: Double, file: String)]) -> String {
        let sets = steps.map { step in
            "<DataSet timestep=\"\(CSVTable.number(step.time))\" file=\"\(XMLText.escaped(step.file))\"/>\n"
        }
        return "<?xml version=\"1.0\"?>\n<VTKFile type=\"Collection\" version=\"1.0\" byte_order=\"LittleEndian\">\n"
            + "<Collection>\n\(sets.joined())</Collection>\n</VTKFile>\n"
    }
}
