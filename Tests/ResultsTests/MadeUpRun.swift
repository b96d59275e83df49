import Biology
import Foundation
import Results
import Simulation

/// A folder for one test, removed with it.
final class ScratchFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("paracrine-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A run that no engine made: numbers by formula, so that what is read back can be compared.
enum MadeUpRun {
    static let manifest = RunManifest(
        programVersion: "0.1.0", languageVersion: 1, modelName: "made up", modelHash: "abc", seed: 7,
        options: ["--threads": "2"], threads: 2)

    static func cells(at time: Double, count: Int = 5) -> CellFrame {
        var frame = CellFrame(time: time, typeNames: ["Tsec", "Treg α"])
        frame.ids = Array(0..<count)
        frame.types = frame.ids.map { $0 % 2 }
        frame.x = frame.ids.map { Double($0) * 20 + 0.1 }
        frame.y = frame.ids.map { Double($0) * 10 }
        frame.z = frame.ids.map { _ in 15 }
        frame.radius = frame.ids.map { _ in 5 }
        let concentrations = frame.ids.map { Double($0 + 1) * 0.602214076 }
        frame.columns = [
            .init(name: "IL-2", unit: "molecules/µm³", values: concentrations),
            .init(name: "IL-2R.bound", unit: "molecules", values: frame.ids.map { Double($0) / 3 }),
            .init(name: "x", unit: "", values: frame.ids.map { Double($0) / 7 }),
            .init(name: "a/b: 100%", unit: "", values: frame.ids.map { _ in time }),
        ]
        return frame
    }

    static func field(_ molecule: String, at time: Double, voxels: [Int] = [4, 3, 2]) -> FieldFrame {
        let values = (0..<voxels.reduce(1, *)).map { Double($0) * 0.602214076 + time }
        return FieldFrame(time: time, molecule: molecule, voxels: voxels, spacing: 10, values: values)
    }

    static func row(at time: Double) -> SeriesRow {
        SeriesRow(
            time: time,
            entries: [
                .init(name: "Treg: IL-2, mean", unit: "molecules/µm³", value: 0.602214076 * time),
                .init(name: "IL-2: dissolved", unit: "molecules", value: 1 / 3.0),
                .init(name: "Treg: IL-2R.occupancy, mean", unit: "", value: .nan),
            ])
    }

    static func ledger(_ molecule: String, at time: Double) -> Ledger {
        var ledger = Ledger(molecule: molecule)
        ledger[.secreted] = time
        ledger[.dissolved] = time * 0.75
        ledger[.bound] = time * 0.25
        return ledger
    }

    /// Records three times, 10 minutes apart, and the second molecule's field only at the first.
    static func record(into folder: RunFolder, finishing: Bool = true) throws {
        let recorder = try ResultRecorder(folder: folder, manifest: manifest, modelJSON: "{}\n")
        for time in [0.0, 600, 1200] {
            try recorder.record(cells(at: time))
            try recorder.record(field("IL-2", at: time))
            if time == 0 { try recorder.record(field("anti-IL-2 / Fab", at: time)) }
            try recorder.record(row(at: time))
            try recorder.record([ledger("IL-2", at: time), ledger("anti-IL-2 / Fab", at: 0)], at: time)
        }
        if finishing { try recorder.finish(.finished, at: 1200) }
    }
}
