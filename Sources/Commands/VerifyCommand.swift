import ArgumentParser
import Biology
import Foundation
import ModelFiles
import Results
import Simulation
import Tissue

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove that a model gives the same bytes on 1, 2 and 4 threads and whatever is recorded.",
        discussion: """
            Example:
              paracrine verify my-model --until '1 h'

            Runs the model three times into temporary folders and compares every file byte by byte (the manifest apart, \
            which holds times); then once more with another recording, and compares the final state bit by bit.
            """)

    @OptionGroup var source: ModelOptions
    @OptionGroup var options: RunOptions

    func run() throws {
        var loaded = try LoadedModel(source)
        let until = try options.untilInSeconds(loaded.model)
        if let seed = options.seed { loaded = loaded.reseeded(seed) }
        Interruption.watch()
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent(
            "paracrine-verify-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        var folders: [RunFolder] = []
        var state: FinalState?
        for threads in [1, 2, 4] {
            let folder = try RunFolder(creating: scratch.appendingPathComponent("threads-\(threads)").path)
            let final = try finalState(loaded, threads: threads, folder: folder, until: until)
            state = state ?? final
            folders.append(folder)
        }
        var differences: [String] = []
        for (threads, folder) in zip([2, 4], folders.dropFirst()) {
            let found = folders[0].differences(from: folder)
            let count = folders[0].repeatableFiles.count
            Console.answer(
                found.isEmpty
                    ? "✓ 1 and \(threads) threads: all \(count) files are the same bytes"
                    : "✗ 1 and \(threads) threads differ in \(found.joined(separator: ", "))")
            differences += found
        }
        let other = try finalState(loaded.recordedOtherwise(), threads: 1, folder: nil, until: until)
        let isSame = other == state
        Console.answer(
            isSame
                ? "✓ another recording: the final state is the same, all \(other.bits.count) numbers bit by bit"
                : "✗ another recording changes the final state")
        if !differences.isEmpty || !isSame { throw Stop(.failed, "") }
    }

    /// Every number of the last state, as bits.
    private struct FinalState: Equatable {
        var bits: [UInt64]
    }

    private func finalState(
        _ loaded: LoadedModel, threads: Int, folder: RunFolder?, until: Double?
    ) throws -> FinalState {
        let session = try RunSession(loaded, threads: threads)
        let model = loaded.model
        let progress = ProgressLine(isQuiet: options.quiet)
        let recorder = try folder.map { folder in
            try ResultRecorder(
                folder: folder,
                manifest: RunManifest(
                    programVersion: Paracrine.programVersion, languageVersion: ModelFile.version,
                    modelName: model.name, modelHash: ModelDocument.hash(model), seed: model.run.seed, options: [:],
                    threads: threads), modelJSON: ModelDocument.json(model))
        }
        let engine = model.spatialEngine(cells: session.cells, threads: threads)
        var run = Run(model, engine: engine, recorders: recorder.map { [$0] } ?? [], until: until)
        let ending = try run.go { state in
            progress.show(state.time, of: state.end)
            return !Interruption.isRequested
        }
        progress.finish()
        if ending.wasStopped {
            throw Stop(
                .interrupted,
                "verify: error: stopped before the comparison was complete\n  fix: let it end, or give an earlier --until"
            )
        }
        try recorder?.finish(.finished, at: ending.time)
        return FinalState(bits: VerifyCommand.bits(of: engine, model))
    }

    private static func bits(of engine: any Engine, _ model: Model) -> [UInt64] {
        let signals =
            model.molecules.map { Signal.concentration($0.name) }
            + model.receptors.flatMap { receptor in
                ReceptorAspect.allCases.map { Signal.receptor(receptor.name, $0) }
            }
        let cells = engine.cells(at: engine.time, columns: signals).columns.flatMap(\.values)
        let fields = model.molecules.flatMap { model.fieldNames(of: $0.name) }.flatMap {
            engine.field($0, at: engine.time).values
        }
        let ledgers = engine.ledgers(at: engine.time).flatMap { ledger in LedgerEntry.allCases.map { ledger[$0] } }
        return (cells + fields + ledgers).map(\.bitPattern)
    }
}

extension LoadedModel {
    /// The same model, recorded at other times and otherwise: what is recorded must not matter.
    func recordedOtherwise() -> LoadedModel {
        var copy = self
        let odd = copy.checked.model.run.duration.value / 37
        copy.checked.model.record.series = .seconds(odd)
        copy.checked.model.record.fields = copy.model.molecules.flatMap { copy.model.fieldNames(of: $0.name) }.map {
            FieldRecord(molecule: $0, every: .seconds(odd * 3))
        }
        var columns = copy.model.record.cells?.columns ?? []
        for receptor in copy.model.receptors where !columns.contains(.receptor(receptor.name, .free)) {
            columns.append(.receptor(receptor.name, .free))
        }
        copy.checked.model.record.cells = CellRecord(every: .seconds(odd * 2), columns: columns)
        return copy
    }
}
