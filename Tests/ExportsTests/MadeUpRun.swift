import Biology
import Exports
import Foundation
import Results
import Simulation
import Testing

/// A folder for one test, removed with it.
final class ScratchFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("paracrine-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func read(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }
}

/// A run that no engine made: numbers by formula, so that what other readers see can be compared.
enum MadeUpRun {
    static let typeNames = ["Tsec", "Treg α"]
    static let nanomolar = 0.602214076

    /// Tsec secretes IL-2, both types carry its receptor; 4 × 3 × 2 voxels of 10 µm.
    static func model(depthInVoxels: Int = 2, hasState: Bool = false) -> Model {
        let size = [40.0, 30.0, 10.0 * Double(depthInVoxels)].map { Length.micrometres($0) }
        let space = Space(size: size, spacing: .micrometres(10))
        var model = Model(name: "made <up> & \"quoted\"", space: space, run: RunPlan(duration: .seconds(1200), seed: 7))
        model.molecules = [Molecule(name: "IL-2", diffusion: DiffusionCoefficient(coherent: 10))]
        model.receptors = [
            Receptor(
                name: "IL-2R",
                ligands: [
                    LigandBinding(
                        ligand: "IL-2", kOn: AssociationRate(coherent: 0.05), kOff: FirstOrderRate(coherent: 2e-4))
                ])
        ]
        var tsec = CellType(name: typeNames[0], radius: .micrometres(5))
        tsec.secretes = ["IL-2": Spread(10, variation: 0.5)]
        tsec.receptors = ["IL-2R": .spread(Spread(100))]
        var treg = CellType(name: typeNames[1], radius: .micrometres(5))
        treg.receptors = ["IL-2R": .spread(Spread(1000, variation: 1))]
        // Follows from IL-2 over its receptor.
        if hasState {
            treg.states = [
                CellState(name: "pSTAT5", expression: .signal(.receptor("IL-2R", .occupancy)), dimension: .none)
            ]
        }
        model.cellTypes = [tsec, treg]
        return model
    }

    static func cells(at time: Double, count: Int = 5, hasState: Bool = false) -> CellFrame {
        var frame = CellFrame(time: time, typeNames: typeNames)
        frame.ids = Array(0..<count)
        frame.types = frame.ids.map { $0 % 2 }
        frame.x = frame.ids.map { Double($0) * 20 + 0.1 }
        frame.y = frame.ids.map { Double($0) * 10 }
        frame.z = frame.ids.map { _ in 15 }
        frame.radius = frame.ids.map { _ in 5 }
        frame.columns = [
            .init(name: "IL-2", unit: "molecules/µm³", values: frame.ids.map { Double($0 + 1) * nanomolar }),
            .init(
                name: "IL-2R.occupancy", unit: "", values: frame.ids.map { $0 == 4 ? .nan : Double($0 % 2 + 1) / 10 }),
            .init(name: "a/b: 100%", unit: "", values: frame.ids.map { _ in time }),
        ]
        if hasState {
            frame.columns.append(.init(name: "pSTAT5", unit: "", values: frame.ids.map { $0 % 2 == 1 ? 0.5 : .nan }))
        }
        return frame
    }

    static func field(_ molecule: String, at time: Double) -> FieldFrame {
        let values = (0..<24).map { (Double($0) + time) * nanomolar }
        return FieldFrame(time: time, molecule: molecule, voxels: [4, 3, 2], spacing: 10, values: values)
    }

    private static func communication(from start: Double, to end: Double) -> CommunicationFrame {
        let captures: [(String, String, CommunicationRow.Route, Double, Double)] = [
            ("Tsec", "Tsec", .autocrine, 20, 4), ("Tsec", "Tsec", .paracrine, 10, 2),
            ("Tsec", "Treg α", .paracrine, 120, 24), (CommunicationRow.outside, "Treg α", .outside, 50, 8),
        ]
        let rows = captures.map { sender, receiver, route, captured, bound in
            CommunicationRow(
                start: start, end: end, molecule: "IL-2", sender: sender, receiver: receiver, route: route,
                receptor: "IL-2R", captured: captured, bound: bound)
        }
        return CommunicationFrame(
            rows: rows,
            secretion: [SecretionRow(start: start, end: end, molecule: "IL-2", sender: "Tsec", secreted: 500)])
    }

    /// Three times, 10 minutes apart; the second molecule's field only at the first and the last.
    ///
    /// With communication: over two intervals Tsec secretes 1000 molecules, of which it captures 60 and Treg α 240; 100
    /// more come from outside.
    static func record(
        in parent: String, named name: String = "made-up", hasCommunication: Bool = false, cellCount: Int = 5
    ) throws -> ResultReader {
        let folder = try RunFolder(named: name, in: parent)
        let manifest = RunManifest(
            programVersion: "0.1.0", languageVersion: 1, modelName: model().name, modelHash: "abc", seed: 7,
            options: [:], threads: 2)
        let recorder = try ResultRecorder(folder: folder, manifest: manifest, modelJSON: "{}\n")
        for time in [0.0, 600, 1200] {
            try recorder.record(cells(at: time, count: cellCount, hasState: hasCommunication))
            try recorder.record(field("IL-2", at: time))
            if time != 600 { try recorder.record(field("anti-IL-2 / Fab", at: time)) }
            try recorder.record(
                SeriesRow(
                    time: time,
                    entries: [
                        .init(name: "Treg α: IL-2, mean", unit: "molecules/µm³", value: nanomolar * time),
                        .init(name: "IL-2: dissolved", unit: "molecules", value: 1 / 3.0),
                        .init(name: "IL-2: bound", unit: "molecules", value: time == 0 ? .nan : time),
                    ]))
        }
        if hasCommunication {
            try recorder.record(communication(from: 0, to: 600))
            try recorder.record(communication(from: 600, to: 1200))
        }
        try recorder.finish(.finished, at: 1200)
        return try ResultReader(folder)
    }

    static func export(
        _ format: ExportFormat, _ times: ExportTimes = .last, of reader: ResultReader, in folder: ScratchFolder,
        sampling: CountSampling? = nil, hasState: Bool = false
    ) throws -> String {
        let sampling = try sampling ?? CountSampling(depth: 100, dispersion: 0, seed: 7)
        return try Export(reader, model(hasState: hasState), as: format, times: times, sampling: sampling)
            .write(in: folder.path)
    }
}
