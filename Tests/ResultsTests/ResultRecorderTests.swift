import Biology
import Foundation
import HDF5
import Results
import Simulation
import Testing

@Suite struct ResultRecorderTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// The folder of a made-up run; it lives as long as the suite's instance, which is one test.
    private func recorded(finishing: Bool = true) throws -> RunFolder {
        let folder = try RunFolder(named: "made-up", in: scratch.path)
        try MadeUpRun.record(into: folder, finishing: finishing)
        return folder
    }

    @Test func writesTimeCoursesForPeople() throws {
        let folder = try recorded()
        #expect(
            try folder.read("series.csv") == """
                time (h),"Treg: IL-2, mean (nM)",IL-2: dissolved (molecules),"Treg: IL-2R.occupancy, mean (1)"
                0,0,0.3333333333333333,NaN
                0.16666666666666666,600,0.3333333333333333,NaN
                0.3333333333333333,1200,0.3333333333333333,NaN

                """)
    }

    @Test func writesTheLedgerWithItsImbalance() throws {
        let folder = try recorded()
        let lines = try folder.read("ledger.csv").split(separator: "\n")
        #expect(
            lines[0] == """
                time (h),molecule,at start (molecules),secreted (molecules),entered (molecules),decayed (molecules),\
                left (molecules),internalised (molecules),associated (molecules),dissolved (molecules),\
                bound (molecules),imbalance (molecules),relative imbalance (1)
                """)
        #expect(lines.count == 7)
        #expect(lines[3] == "0.16666666666666666,IL-2,0,600,0,0,0,0,0,450,150,0,0")
    }

    @Test func readsBackWhatItWrote() throws {
        let folder = try recorded()
        let reader = try ResultReader(folder)
        #expect(reader.cellFiles == ["cells-000000.h5", "cells-000001.h5", "cells-000002.h5"])
        #expect(reader.fieldFiles == ["fields-000000.h5", "fields-000001.h5", "fields-000002.h5"])
        let cells = try #require(try reader.lastCells())
        let original = MadeUpRun.cells(at: 1200)
        #expect(cells.time == 1200)
        #expect(cells.ids == original.ids)
        #expect(cells.types == original.types)
        #expect(cells.typeNames == original.typeNames)
        #expect(cells.x == original.x && cells.y == original.y && cells.z == original.z)
        #expect(cells.radius == original.radius)
        #expect(cells.columns.map(\.name) == original.columns.map(\.name))
        #expect(cells.columns.map(\.unit) == ["nM", "molecules", "1", "1"])
        #expect(zip(cells.columns[0].values, 1...5).allSatisfy { abs($0 - Double($1)) < 1e-15 * 8 })
        for index in 1...3 { #expect(cells.columns[index].values == original.columns[index].values) }
        let series = try reader.series()
        #expect(abs(series.times[2] - 1200) < 1e-9)
        #expect(series.columns.map(\.unit) == ["nM", "molecules", "1"])
        #expect(series.columns[0].name == "Treg: IL-2, mean")
        #expect(series.columns[2].values.allSatisfy { $0.isNaN })
        #expect(
            try reader.ledger().last == [MadeUpRun.ledger("IL-2", at: 1200), Ledger(molecule: "anti-IL-2 / Fab")])
    }

    @Test func readsEveryMoleculesLastField() throws {
        let folder = try recorded()
        let fields = try ResultReader(folder).lastFields()
        #expect(fields.map(\.molecule) == ["IL-2", "anti-IL-2 / Fab"])
        #expect(fields.map(\.time) == [1200, 0])
        #expect(fields[0].voxels == [4, 3, 2])
        #expect(fields[0].spacing == 10)
        #expect(abs(fields[1].values[23] - 23) < 1e-12)
    }

    @Test func saysHowTheRunWent() throws {
        let folder = try recorded()
        let manifest = try ResultReader(folder).manifest
        #expect(manifest.outcome == .finished)
        #expect(manifest.simulatedSeconds == 1200)
        #expect(manifest.seed == 7)
        #expect(manifest.outputs.contains("series.csv") && manifest.outputs.contains("frames/cells-000002.h5"))
        #expect(manifest.startedAt.hasSuffix("Z") && manifest.endedAt >= manifest.startedAt)
        #expect(manifest.cpuSeconds > 0)
    }

    @Test func givesTheSameBytesTwice() throws {
        let one = try recorded()
        let two = try recorded()
        #expect(one.repeatableFiles.count == 9)
        #expect(one.differences(from: two).isEmpty)
        #expect(try one.read("frames.xdmf") == two.read("frames.xdmf"))
    }

    @Test func namesTheFilesThatDiffer() throws {
        let one = try recorded()
        let two = try recorded()
        try two.write("time (h)\n", to: "series.csv")
        try FileManager.default.removeItem(atPath: one.file("frames/cells-000001.h5"))
        #expect(one.differences(from: two) == ["frames/cells-000001.h5", "series.csv"])
        #expect(two.differences(from: one) == ["frames/cells-000001.h5", "series.csv"])
    }

    @Test func leavesUsableResultsWhenKilled() throws {
        let folder = try recorded(finishing: false)
        // What a kill in the middle of a frame and of a line leaves behind.
        try Data("half".utf8).write(to: URL(fileURLWithPath: folder.file("frames/.cells-000003.h5.writing")))
        let handle = try #require(FileHandle(forWritingAtPath: folder.file("series.csv")))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("0.5,12".utf8))
        try handle.close()
        let reader = try ResultReader(folder)
        #expect(reader.manifest.outcome == .running)
        #expect(reader.cellFiles.count == 3)
        #expect(try reader.series().times.count == 3)
        #expect(try reader.lastCells()?.time == 1200)
        #expect(try reader.lastFields()[0].time == 600)
    }

    @Test func leavesNoHalfFrameWhereWritingFails() throws {
        let folder = try RunFolder(named: "made-up", in: scratch.path)
        let recorder = try ResultRecorder(folder: folder, manifest: MadeUpRun.manifest, modelJSON: "{}\n")
        try FileManager.default.createDirectory(
            atPath: folder.file("frames/cells-000000.h5/in the way"), withIntermediateDirectories: true)
        #expect(throws: FileProblem.self) { try recorder.record(MadeUpRun.cells(at: 0)) }
        #expect(folder.names(in: "frames") == ["cells-000000.h5"])
    }

    @Test func refusesADamagedFrame() throws {
        let folder = try recorded()
        let path = folder.file("frames/cells-000002.h5")
        let bytes = try #require(FileManager.default.contents(atPath: path))
        try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: path))
        #expect(throws: (any Error).self) { try ResultReader(folder).lastCells() }
    }

    @Test(arguments: [0, -1, Double.nan, .infinity]) func refusesAFieldWithoutSpacing(spacing: Double) throws {
        let folder = try recorded()
        let path = folder.file("frames/fields-000002.h5")
        let file = try HDF5File.create(at: path)
        try file.write([1200.0], to: "time", shape: [])
        try file.write([1.0], to: "fields/A", shape: [1, 1, 1])
        try file.setAttribute("columns", to: .texts(["A"]), of: "fields")
        try file.setAttribute("name", to: .text("A"), of: "fields/A")
        try file.setAttribute("spacing", to: .number(spacing), of: "fields/A")
        try file.close()
        #expect(throws: HDF5Error.self) { try ResultReader(folder).lastFields() }
    }

    @Test func refusesCellsWhoseColumnsDiffer() throws {
        let folder = try recorded()
        let path = folder.file("frames/cells-000002.h5")
        for types in [[0, 1], [0, 1, 2], [0, -1, 1]] {
            let file = try HDF5File.create(at: path)
            try file.write([1200.0], to: "time", shape: [])
            for name in ["id", "x", "y", "z", "radius"] { try file.write([1, 2, 3], to: "cells/\(name)") }
            try file.write(types, to: "cells/type")
            try file.setAttribute("names", to: .texts(["A", "B"]), of: "cells/type")
            try file.setAttribute("columns", to: .texts([]), of: "cells")
            try file.close()
            #expect(throws: HDF5Error.self, "\(types)") { try ResultReader(folder).lastCells() }
        }
    }

    @Test func recordsNoCellsAndLargeFields() throws {
        let folder = try RunFolder(named: "empty", in: scratch.path)
        let recorder = try ResultRecorder(folder: folder, manifest: MadeUpRun.manifest, modelJSON: "{}\n")
        let large = MadeUpRun.field("IL-2", at: 5, voxels: [70, 61, 53])
        try recorder.record(MadeUpRun.cells(at: 5, count: 0))
        try recorder.record(large)
        try recorder.finish(.stopped, reason: "Ctrl-C", at: 5)
        let reader = try ResultReader(folder)
        #expect(try reader.lastCells()?.ids.isEmpty == true)
        let field = try #require(try reader.lastFields().first)
        #expect(field.voxels == large.voxels)
        #expect(zip(field.values, large.values).allSatisfy { abs($0 * 0.602214076 - $1) <= 1e-15 * $1 * 4 })
        #expect(reader.manifest.reason == "Ctrl-C")
        #expect(try reader.series().columns.isEmpty && reader.ledger().rows.isEmpty)
    }
}
