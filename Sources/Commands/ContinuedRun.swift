import Biology
import Foundation
import ModelFiles
import Results
import Simulation

/// A run that goes on in its own folder: with the model that it ran, from the latest state of it that is whole.
struct ContinuedRun {
    let folder: RunFolder
    let manifest: RunManifest
    let loaded: LoadedModel
    let lock: RunLock
    /// The latest first; none where it can only begin again.
    let checkpoints: [CheckpointFolder.Checkpoint]

    init(_ path: String) throws {
        folder = try RunFolder(opening: path)
        lock = try RunLock(folder)
        manifest = try ResultReader(folder).manifest
        if manifest.isMixed {
            throw Stop(
                .usage, "\(path): error: a run without space is not continued\n  fix: run it again with 'paracrine mix'"
            )
        }
        loaded = try LoadedModel(folder, manifest)
        try loaded.refuseIfChanged(since: manifest, folder)
        let hash = manifest.modelHash
        checkpoints = CheckpointFolder(folder).checkpoints().filter {
            $0.programVersion == Paracrine.programVersion && $0.modelHash == hash
        }
    }

    /// How many runs there are to be, where there are several.
    var replicates: Int? { manifest.options["--replicates"].flatMap(Int.init) }

    /// Whether it has come to the model's end.
    var isOver: Bool {
        manifest.outcome == .finished && manifest.simulatedSeconds >= loaded.model.run.duration.value * (1 - 1e-12)
    }
}

extension LoadedModel {
    /// Stops where the files beside a model have made another model of it since it ran.
    func refuseIfChanged(since manifest: RunManifest, _ folder: RunFolder) throws {
        guard ModelDocument.hash(model) == manifest.modelHash else {
            throw Stop(
                .model,
                "\(folder.path): error: what the model names in \(manifest.source?.folder ?? "its folder") is not what it was when it ran\n  fix: put the files back, or run the model again"
            )
        }
    }
}

/// What is kept of a run, and how: the model's own times, and ten minutes on the clock.
struct CheckpointKeeper {
    /// Chosen: a kill loses no more than that, and a state takes well under a second to write.
    private static let wall = Duration.seconds(600)

    let folder: RunFolder
    let model: Model

    var checkpoints: Checkpoints {
        let hash = ModelDocument.hash(model)
        let plan = model.record.checkpoints
        let files = CheckpointFolder(folder, keep: plan?.keep)
        let clock = WallClock()
        return Checkpoints(every: plan?.every.value, isDue: { clock.hasPassed(CheckpointKeeper.wall) }) {
            state, time, why in
            clock.restart()
            try files.write(
                .init(programVersion: Paracrine.programVersion, modelHash: hash, time: time, state: state),
                isAsked: why == .asked)
        }
    }

    /// Time on the clock since a state was kept.
    private final class WallClock {
        private var start = ContinuousClock.now

        func hasPassed(_ duration: Duration) -> Bool { ContinuousClock.now - start >= duration }
        func restart() { start = .now }
    }
}
