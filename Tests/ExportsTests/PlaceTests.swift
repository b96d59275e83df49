import Exports
import Foundation
import Results
import Testing

/// Where exports go, what is refused, and that the same run gives the same bytes.
@Suite struct PlaceTests {
    private let scratch: ScratchFolder
    private let reader: ResultReader

    init() throws {
        scratch = try ScratchFolder()
        reader = try MadeUpRun.record(in: scratch.path)
    }

    @Test(arguments: [(ExportFormat.h5ad, "made-up.h5ad"), (.vtk, "made-up-vtk"), (.omeZarr, "made-up.ome.zarr")])
    func aTakenNameIsNumbered(format: ExportFormat, name: String) throws {
        let first = try MadeUpRun.export(format, of: reader, in: scratch)
        let second = try MadeUpRun.export(format, of: reader, in: scratch)
        #expect(first == "\(scratch.path)/\(name)")
        let ending = name.dropFirst("made-up".count)
        #expect(second == "\(scratch.path)/made-up-2\(ending)")
        #expect(try contents(first) == contents(second), "the same run exports as the same bytes")
        #expect(!scratch.names.contains { $0.contains("writing") })
    }

    @Test func nothingIsReplaced() throws {
        let path = "\(scratch.path)/mine.csv"
        try "precious".write(toFile: path, atomically: false, encoding: .utf8)
        #expect(
            throws: FileProblem(
                path: path, problem: "there is something of this name",
                fix: "choose another name with --out, or remove it first")
        ) {
            try export(.openvt, .last).write(to: path)
        }
        #expect(try scratch.read("mine.csv") == "precious")
    }

    @Test func aNamedPlaceIsMadeWithItsFolders() throws {
        let path = try export(.openvt, .last).write(to: "\(scratch.path)/a/b/cells.csv")
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func aTimeThatWasNotRecordedIsRefused() throws {
        let problem = #expect(throws: ExportProblem.self) { try export(.h5ad, .at(700)).write(in: scratch.path) }
        #expect(
            problem?.description == """
                error: no cells were recorded at 11.67 min
                  fix: give a recorded time with --at; the nearest are 0 s, 10 min, 20 min
                """)
        #expect(scratch.names == ["made-up.paracrine-run"], "nothing half made is left")
    }

    @Test(arguments: [
        (ExportFormat.vega, ExportTimes.every), (.vega, .at(0)), (.cellphonedb, .every), (.graphml, .every),
        (.counts, .every),
    ])
    func timesThatMeanNothingAreRefused(format: ExportFormat, times: ExportTimes) {
        #expect(throws: ExportProblem.self) { try export(format, times) }
    }

    @Test(arguments: [ExportFormat.liana, .cellphonedb, .graphml, .counts])
    func communicationMustHaveBeenRecorded(format: ExportFormat) throws {
        let problem = #expect(throws: ExportProblem.self) { try export(format, .last).write(in: scratch.path) }
        #expect(problem?.fix == "add 'communication: {every: 10 min}' under 'record:'")
    }

    private func export(_ format: ExportFormat, _ times: ExportTimes) throws -> Export {
        try Export(
            reader, MadeUpRun.model(), as: format, times: times,
            sampling: CountSampling(depth: 1, dispersion: 0, seed: 1))
    }

    /// Of a file, or of every file below a folder; a Zarr image is named for its file, so not its attributes.
    private func contents(_ path: String) throws -> [String: Data] {
        let below = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        guard !below.isEmpty else { return ["": try Data(contentsOf: URL(filePath: path))] }
        let names = below.filter { $0 != ".zattrs" }
        return Dictionary(
            uniqueKeysWithValues: names.map { ($0, FileManager.default.contents(atPath: "\(path)/\($0)") ?? Data()) })
    }
}
