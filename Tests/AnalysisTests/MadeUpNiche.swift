import Analysis
import Biology
import Foundation
import Results
import Simulation

/// A run that no engine made: a few secretors among responders and regulatory cells, by the steady point-source formula.
struct MadeUpNiche {
    var count = 1000
    var side = 240.0
    var spacing = 10.0
    var depth = 240.0
    var secretorShare = 0.02
    /// Molecules/s of one secretor.
    var secretion = 10.0
    var molecule = "IL-2"
    var receptor = "IL-2R"
    var typeNames = ["Tsec", "Tresp", "Treg"]
    var times = stride(from: 0.0, through: 12 * 3600, by: 600).map(\.self)

    /// µm²/s, and µm over which the field falls e-fold.
    private static let diffusion = 10.0
    private static let reach = 30.0

    private func cells(at time: Double) -> CellFrame {
        var frame = CellFrame(time: time, typeNames: typeNames)
        var state: UInt64 = 42
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) * 0x1p-53
        }
        for id in 0..<count {
            frame.ids.append(id)
            let draw = random()
            frame.types.append(draw < secretorShare ? 0 : draw < 0.9 ? 1 : 2)
            frame.x.append(random() * side)
            frame.y.append(random() * side)
            frame.z.append(random() * depth)
            frame.radius.append(4 + random() * 2)
        }
        let sources = frame.ids.filter { frame.types[$0] == 0 }
        let growth = 1 - exp(-time / 7200)
        let near = frame.ids.map { id in
            growth * concentration(frame, sources, frame.x[id], frame.y[id], frame.z[id], radius: frame.radius[id])
        }
        let noisy = near.map { $0 * (0.6 + 0.8 * random()) }
        let occupancy = zip(frame.types, noisy).map { type, c in
            type == 0 ? c / (c + 0.2) : c / (c + (type == 1 ? 0.06 : 0.02))
        }
        let totals = frame.types.map { [100.0, 1500, 10000][$0] }
        frame.columns = [
            .init(name: molecule, unit: "molecules/µm³", values: noisy),
            .init(name: "\(receptor).occupancy", unit: "", values: occupancy),
            .init(name: "\(receptor).bound", unit: "molecules", values: zip(occupancy, totals).map { $0 * $1 }),
        ]
        return frame
    }

    private func concentration(
        _ frame: CellFrame, _ sources: [Int], _ x: Double, _ y: Double, _ z: Double, radius: Double
    ) -> Double {
        sources.prefix(64).reduce(0) { sum, source in
            let (dx, dy, dz) = (frame.x[source] - x, frame.y[source] - y, frame.z[source] - z)
            let r = max(radius, (dx * dx + dy * dy + dz * dz).squareRoot())
            return sum + secretion * exp(-r / MadeUpNiche.reach) / (4 * .pi * MadeUpNiche.diffusion * r)
        }
    }

    private func field(_ frame: CellFrame) -> FieldFrame {
        let voxels = [side, side, depth].map { max(1, Int(($0 / spacing).rounded())) }
        let sources = frame.ids.filter { frame.types[$0] == 0 }
        let growth = 1 - exp(-frame.time / 7200)
        var values: [Double] = []
        for z in 0..<voxels[2] {
            for y in 0..<voxels[1] {
                for x in 0..<voxels[0] {
                    let place = [x, y, z].map { (Double($0) + 0.5) * spacing }
                    values.append(
                        growth * concentration(frame, sources, place[0], place[1], place[2], radius: spacing / 2))
                }
            }
        }
        return FieldFrame(time: frame.time, molecule: molecule, voxels: voxels, spacing: spacing, values: values)
    }

    private func row(_ frame: CellFrame) -> SeriesRow {
        var entries: [SeriesRow.Entry] = []
        for column in frame.columns {
            for (index, name) in typeNames.enumerated() {
                let values = zip(frame.types, column.values).filter { $0.0 == index }.map(\.1)
                let mean = values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
                entries.append(.init(name: "\(name): \(column.name), mean", unit: column.unit, value: mean))
            }
        }
        let ledger = ledger(at: frame.time)
        entries.append(.init(name: "\(molecule): dissolved", unit: "molecules", value: ledger[.dissolved]))
        entries.append(.init(name: "\(molecule): bound", unit: "molecules", value: ledger[.bound]))
        return SeriesRow(time: frame.time, entries: entries)
    }

    private func ledger(at time: Double) -> Ledger {
        var ledger = Ledger(molecule: molecule)
        let secreted = secretion * secretorShare * Double(count) * time
        ledger[.secreted] = secreted
        for (entry, share) in [(LedgerEntry.dissolved, 0.06), (.bound, 0.11), (.decayed, 0.18), (.left, 0.004)] {
            ledger[entry] = secreted * share
        }
        ledger[.internalised] = secreted - ledger[.dissolved] - ledger[.bound] - ledger[.decayed] - ledger[.left]
        return ledger
    }

    /// Records the run, with a field and cells at its end only, and whatever more there is.
    func record(
        into folder: RunFolder, outcome: RunManifest.Outcome = .finished,
        _ more: (ResultRecorder) throws -> Void = { _ in }
    ) throws {
        let manifest = RunManifest(
            programVersion: "0.1.0", languageVersion: 1, modelName: "niche", modelHash: "0123456789abcdef0123456789",
            seed: 20_260_924, options: ["--threads": "2"], threads: 2)
        let recorder = try ResultRecorder(folder: folder, manifest: manifest, modelJSON: "{}\n")
        for time in times {
            let frame = cells(at: time)
            if time == times.last {
                try recorder.record(frame)
                try recorder.record(field(frame))
            }
            try recorder.record(row(frame))
            try recorder.record([ledger(at: time)], at: time)
        }
        try more(recorder)
        try recorder.finish(outcome)
    }

    func context() -> ReportContext {
        var context = ReportContext(modelName: "\(molecule) niche around secreting helper T cells")
        context.about =
            "A few Th cells secrete \(molecule); Treg cells compete for it with responders. Numbers made up."
        context.parameters = [
            .init(name: "q_IL2", text: "10 molecules/s"), .init(name: "R_Treg", text: "10000 receptors"),
        ]
        context.secretors = [molecule: [typeNames[0]]]
        context.notes = ["112 cells of the table lie outside the box and were left out"]
        return context
    }
}

/// A folder for one test, removed with it.
final class ScratchFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("paracrine-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
