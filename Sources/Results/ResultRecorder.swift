import Foundation
public import Simulation

/// Writes what a run observed into its folder, as it comes: whenever the program is killed, what was recorded
/// before is there and whole.
public final class ResultRecorder: Recorder {
    public let folder: RunFolder
    public private(set) var manifest: RunManifest
    private let lock: RunLock
    /// Of the parts before this one, s.
    private var earlierWall = 0.0
    private var earlierProcessor = 0.0
    private let started = ContinuousClock.now
    private let cpuAtStart = ResultRecorder.cpuSeconds
    private var index = FrameIndex()
    private var series: ResultFile?
    private var seriesColumns = 0
    private var ledger: ResultFile?
    /// Of communication, by name.
    private var tables: [String: ResultFile] = [:]
    /// Fields of one time, which go into one file.
    private var fields: [FieldFrame] = []

    /// Starts the records of a run; `modelJSON` is the canonical text that the manifest holds the hash of.
    ///
    /// `source`: The text of the model file, where there is one.
    public init(folder: RunFolder, manifest: RunManifest, modelJSON: String, source: String? = nil) throws {
        lock = try RunLock(folder)
        self.folder = folder
        self.manifest = manifest
        self.manifest.startedAt = ResultRecorder.now
        if let source { try folder.write(source, to: RunFolder.sourceFile) }
        try folder.write(modelJSON, to: "model.json")
        try folder.write(self.manifest.json, to: RunManifest.fileName)
    }

    /// Goes on with the records of a run, whose state is still to come (``keep(in:)``).
    public init(continuing folder: RunFolder, manifest: RunManifest, lock: RunLock) throws {
        self.lock = lock
        self.folder = folder
        self.manifest = manifest
        self.manifest.outcome = .running
        self.manifest.reason = ""
        (earlierWall, earlierProcessor) = (manifest.wallSeconds, manifest.cpuSeconds)
        try folder.write(self.manifest.json, to: RunManifest.fileName)
    }

    // MARK: - State

    /// How far every file has come; when it comes out, files are cut to that, and frames after it are removed.
    public func keep(in archive: StateArchive) throws {
        if !archive.isRestoring {
            try writeFields()
            for file in [series, ledger].compactMap({ $0 }) + tables.values { file.sync() }
        }
        series = try keep(SeriesTable.fileName, series, in: archive)
        ledger = try keep(LedgerTable.fileName, ledger, in: archive)
        try archive.keep("records.columns", &seriesColumns)
        for name in CommunicationTable.fileNames { tables[name] = try keep(name, tables[name], in: archive) }
        try index.keep(in: archive)
        try archive.keep("records.time", &manifest.simulatedSeconds)
        if archive.isRestoring { try removeLaterFrames() }
    }

    private func keep(_ name: String, _ file: ResultFile?, in archive: StateArchive) throws -> ResultFile? {
        var size = file?.size ?? -1
        try archive.keep("records.\(name)", &size)
        guard archive.isRestoring else { return file }
        if size >= 0 {
            guard folder.size(name) >= size else { throw StateProblem(name, "is shorter than it was") }
            return try ResultFile(continuing: folder.file(name), at: size)
        }
        try folder.remove(name)
        return nil
    }

    private func removeLaterFrames() throws {
        let known = Set(index.cells.map(\.file) + index.fields.map(\.file))
        for name in folder.names(in: "frames") where !known.contains(name) { try folder.remove("frames/\(name)") }
        try describeFrames(isLast: true)
    }

    // MARK: - Records

    public func record(_ frame: CellFrame) throws {
        try reach(frame.time)
        let path = folder.file("frames/\(index.nextCellFile)")
        try ResultFile.replace(path) { aside in try FrameFile.write(frame, to: aside) }
        index.append(frame)
        try describeFrames(isLast: false)
    }

    public func record(_ frame: FieldFrame) throws {
        try reach(frame.time)
        if fields.contains(where: { $0.molecule == frame.molecule }) { try writeFields() }
        fields.append(frame)
    }

    public func record(_ row: SeriesRow) throws {
        try reach(row.time)
        if let series {
            precondition(row.entries.count == seriesColumns, "a series keeps its \(seriesColumns) columns over a run")
            try series.append(SeriesTable.line(row))
            return
        }
        let file = try ResultFile(creating: folder.file(SeriesTable.fileName))
        try file.append(SeriesTable.header(row) + SeriesTable.line(row))
        seriesColumns = row.entries.count
        series = file
    }

    public func record(_ ledgers: [Ledger], at time: Double) throws {
        try reach(time)
        let lines = ledgers.map { LedgerTable.line($0, at: time) }.joined()
        if let ledger {
            try ledger.append(lines)
            return
        }
        let file = try ResultFile(creating: folder.file(LedgerTable.fileName))
        try file.append(LedgerTable.header(ledgers) + lines)
        ledger = file
    }

    public func record(_ communication: CommunicationFrame) throws {
        if let end = communication.rows.first?.end { try reach(end) }
        try append(
            communication.rows.map(CommunicationTable.line), to: CommunicationTable.fileName,
            header: CommunicationTable.header)
        try append(
            communication.secretion.map(CommunicationTable.line), to: CommunicationTable.secretionFileName,
            header: CommunicationTable.secretionHeader)
        try append(
            communication.cells.map(CommunicationTable.line), to: CommunicationTable.cellsFileName,
            header: CommunicationTable.cellsHeader)
    }

    public func record(_ inductions: [InductionRow]) throws {
        try append(
            inductions.map(CommunicationTable.line), to: CommunicationTable.inductionFileName,
            header: CommunicationTable.inductionHeader)
    }

    /// Adds lines to a table, which is made with its header when the first come.
    private func append(_ lines: [String], to name: String, header: String) throws {
        if lines.isEmpty { return }
        let file: ResultFile
        if let open = tables[name] {
            file = open
        } else {
            file = try ResultFile(creating: folder.file(name))
            tables[name] = file
            try file.append(header)
        }
        try file.append(lines.joined())
    }

    /// Ends the records: the manifest says how the run went, why, and how far it came (s of the model's time).
    public func finish(_ outcome: RunManifest.Outcome, reason: String = "", at time: Double? = nil) throws {
        try writeFields()
        if index.frames > 0 { try describeFrames(isLast: true) }
        manifest.outcome = outcome
        manifest.reason = reason
        if let time { manifest.simulatedSeconds = time }
        manifest.endedAt = ResultRecorder.now
        let wall = (ContinuousClock.now - started).components
        manifest.wallSeconds = earlierWall + Double(wall.seconds) + Double(wall.attoseconds) * 1e-18
        manifest.cpuSeconds = earlierProcessor + ResultRecorder.cpuSeconds - cpuAtStart
        manifest.outputs = folder.names(in: "").filter {
            $0 != "frames" && $0 != CheckpointFolder.name && !$0.hasPrefix(".")
        }
        manifest.outputs += folder.names(in: "frames").filter { $0.hasSuffix(".h5") }.map { "frames/\($0)" }
        try folder.write(manifest.json, to: RunManifest.fileName)
    }

    // MARK: - Frames

    /// Time has come to `time`: fields of an earlier time are complete.
    private func reach(_ time: Double) throws {
        manifest.simulatedSeconds = max(manifest.simulatedSeconds, time)
        if let first = fields.first, first.time != time { try writeFields() }
    }

    private func writeFields() throws {
        if fields.isEmpty { return }
        let frames = fields
        fields = []
        let path = folder.file("frames/\(index.nextFieldFile)")
        try ResultFile.replace(path) { aside in try FrameFile.write(frames, to: aside) }
        index.append(frames)
        try describeFrames(isLast: false)
    }

    /// Brings `frames.xdmf` up to date.
    ///
    /// The whole text is written each time; beyond 256 frames only once in frames/256, so that the work stays in
    /// proportion to the number of frames.
    private func describeFrames(isLast: Bool) throws {
        guard isLast || index.frames % max(1, index.frames / 256) == 0 else { return }
        try folder.write(XDMF.text(index), to: XDMF.fileName)
    }

    // MARK: - Clocks

    private static var now: String { Date().formatted(.iso8601) }

    /// Processor time of all threads of this program, s.
    private static var cpuSeconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
