import Results
import Simulation

/// The cells of a recorded time as AnnData: X holds the recorded columns in the units of the run folder.
struct CellsAsAnnData {
    private let run: ExportedRun

    init(_ run: ExportedRun) { self.run = run }

    /// Writes one file, or for every time a folder of files numbered as the frames are.
    func write(_ times: ExportTimes, to path: String) throws {
        let files = try run.cellFiles(times)
        guard times == .every else {
            for (_, file) in files { try write(run.reader.cells(file), to: path) }
            return
        }
        try ExportPlace.makeFolder(path)
        for (_, file) in files {
            let name = file.hasSuffix(".h5") ? String(file.dropLast(3)) : file
            try write(run.reader.cells(file), to: "\(path)/\(name).h5ad")
        }
    }

    private func write(_ frame: CellFrame, to path: String) throws {
        let (rows, columns) = (frame.ids.count, frame.columns.count)
        var matrix = [Double](repeating: 0, count: rows * columns)
        for (c, column) in frame.columns.enumerated() {
            for (r, value) in column.values.enumerated() { matrix[r * columns + c] = value }
        }
        var variables = AnnDataFile.Table(index: frame.columns.map(\.name))
        variables.columns = [("unit", .texts(frame.columns.map(\.unit)))]
        try AnnDataFile(
            matrix: .numbers(matrix), observations: CellsAsAnnData.observations(frame), variables: variables,
            spatial: CellsAsAnnData.spatial(frame), notes: run.notes(at: frame.time)
        ).write(to: path)
    }

    /// One row a cell: its type, number and radius (µm).
    static func observations(_ frame: CellFrame) -> AnnDataFile.Table {
        AnnDataFile.Table(
            index: frame.ids.map(String.init),
            columns: [
                ("type", .categories(frame.types, names: frame.typeNames)), ("id", .integers(frame.ids)),
                ("radius", .numbers(frame.radius)),
            ])
    }

    static func spatial(_ frame: CellFrame) -> [Double] {
        frame.ids.indices.flatMap { [frame.x[$0], frame.y[$0], frame.z[$0]] }
    }
}

extension ExportedRun {
    /// What every AnnData file says about where it comes from.
    func notes(at time: Double) -> [(name: String, value: AnnDataFile.Note)] {
        [
            ("time_seconds", .number(time)), ("length_unit", .text("µm")), ("model", .text(reader.manifest.modelName)),
            ("model_sha256", .text(reader.manifest.modelHash)), ("seed", .text("\(reader.manifest.seed)")),
            ("program", .text("paracrine \(reader.manifest.programVersion)")),
        ]
    }
}
