public import Simulation

/// Reads a run folder back; frames only when asked for.
public struct ResultReader: Sendable {
    public let folder: RunFolder
    public let manifest: RunManifest
    /// Files in `frames/` with cells, in order of time.
    public let cellFiles: [String]
    /// Files in `frames/` with fields, in order of time.
    public let fieldFiles: [String]

    public init(_ folder: RunFolder) throws(FileProblem) {
        self.folder = folder
        manifest = try RunManifest(
            try folder.read(RunManifest.fileName), path: folder.file(RunManifest.fileName))
        let frames = folder.names(in: "frames").filter { $0.hasSuffix(".h5") && !$0.hasPrefix(".") }
        cellFiles = ResultReader.ordered(frames.filter { $0.hasPrefix("cells-") })
        fieldFiles = ResultReader.ordered(frames.filter { $0.hasPrefix("fields-") })
    }

    /// The time courses; none if nothing was recorded.
    public func series() throws(FileProblem) -> SeriesTable {
        let text = folder.contains(SeriesTable.fileName) ? try folder.read(SeriesTable.fileName) : ""
        return try SeriesTable(text, path: folder.file(SeriesTable.fileName))
    }

    /// The ledgers; none if nothing was recorded.
    public func ledger() throws(FileProblem) -> LedgerTable {
        let text = folder.contains(LedgerTable.fileName) ? try folder.read(LedgerTable.fileName) : ""
        return try LedgerTable(text, path: folder.file(LedgerTable.fileName))
    }

    /// The cells of one of ``cellFiles``, concentrations in nM.
    public func cells(_ file: String) throws -> CellFrame { try FrameFile.cells(folder.file("frames/\(file)")) }

    /// The fields of one of ``fieldFiles``.
    public func fields(_ file: String) throws -> [RecordedField] { try FrameFile.fields(folder.file("frames/\(file)")) }

    /// The cells as they were first recorded.
    public func firstCells() throws -> CellFrame? { try cellFiles.first.map(cells) }

    /// The cells as they were last recorded.
    public func lastCells() throws -> CellFrame? { try cellFiles.last.map(cells) }

    /// Every molecule's field as it was last recorded; molecules may be recorded at different times.
    public func lastFields() throws -> [RecordedField] {
        guard let first = fieldFiles.first else { return [] }
        let wanted = try FrameFile.molecules(folder.file("frames/\(first)"))
        var found: [RecordedField] = []
        for file in fieldFiles.reversed() where !wanted.allSatisfy({ name in found.contains { $0.molecule == name } }) {
            for field in try fields(file) where !found.contains(where: { $0.molecule == field.molecule }) {
                found.append(field)
            }
        }
        let order = wanted.enumerated().map { ($1, $0) }
        let rank = Dictionary(order, uniquingKeysWith: { first, _ in first })
        return found.sorted { rank[$0.molecule] ?? .max < rank[$1.molecule] ?? .max }
    }

    /// Shorter names first, so that frame 1000000 follows 999999.
    private static func ordered(_ names: [String]) -> [String] {
        names.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    }
}

/// One molecule's concentrations at one time, as a frame holds them.
public struct RecordedField: Sendable {
    /// Seconds since the start.
    public var time: Double
    public var molecule: String
    /// Voxels along x, y and z.
    public var voxels: [Int]
    /// Edge of a voxel, µm.
    public var spacing: Double
    /// nM, [nz][ny][nx] with x fastest.
    public var values: [Double]

    public init(time: Double, molecule: String, voxels: [Int], spacing: Double, values: [Double]) {
        precondition(values.count == voxels.reduce(1, *), "a field holds one value a voxel")
        self.time = time
        self.molecule = molecule
        self.voxels = voxels
        self.spacing = spacing
        self.values = values
    }
}
